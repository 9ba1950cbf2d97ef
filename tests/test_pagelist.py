"""Where printed pages begin in the EPUB, found by their letters alone."""

from __future__ import annotations

from packager.pagelist import letters_of, page_breaks
from packager.pdftext import PdfText

PAGE = """<html xmlns="http://www.w3.org/1999/xhtml"><body><section><div class="text"><p>The old
pier<a role="doc-noteref" href="#n">4</a></p><aside class="note" role="doc-footnote" id="n"><p>4
Taken down.</p></aside></div><div class="notes"><aside class="note" role="doc-footnote"><p>1 The
editor's.</p></aside></div></section></body></html>"""


def test_notes_of_the_source_are_in_the_text_and_those_of_the_editor_at_the_foot() -> None:
    assert letters_of(PAGE.encode(), notes=False) == "Theoldpier44Takendown."
    assert letters_of(PAGE.encode(), notes=True) == "Theoldpier44Takendown.1Theeditor's."


def test_pages_that_begin_alike_stay_in_their_order() -> None:
    """A table of contents whose documents have one title; paper alone has the numbers of pages."""
    entries = ["To the Keepers of the Outer Lights of Hallan, undated"] * 60
    letters = "".join("".join(entry.split()) for entry in entries)
    pages = tuple(
        tuple(f"{entry} {40 + n}" for n, entry in enumerate(entries[at : at + 12], at))
        for at in range(0, 60, 12)
    )
    text = PdfText(pages, tuple("ivxlc"), ((),) * 5)
    found = page_breaks(text, {"nav": 1}, [("nav", letters)])["nav"]
    each = len(letters) // 60
    assert [one.folio for one in found] == list("ivxlc")
    assert [round(one.letter / each / 12, 1) for one in found] == [0, 1, 2, 3, 4]


def test_numbers_that_paper_alone_has_hide_no_page() -> None:
    """Contents: a part's short title opens one page, the back matter another."""
    pages = (
        ("Contents", "Foreword ix", "Harbours", "1 Address to the Keepers of the Lights", "3"),
        ("A Kind Year", "2 Address to the Pilots of Hallan", "19", "3 Address to All", "27"),
        ("Chronology 73", "Sources 77", "Colophon 81"),
    )
    entries = "Contents Foreword Harbours Address to the Keepers of the Lights A Kind Year Address "
    entries += "to the Pilots of Hallan Address to All Chronology Sources Colophon"
    letters = "".join(entries.split())
    found = page_breaks(
        PdfText(pages, ("v", "vi", "vii"), ((),) * 3), {"nav": 1}, [("nav", letters)]
    )
    opened = [(one.folio, letters[one.letter :][:10]) for one in found["nav"]]
    assert opened == [("v", "ContentsFo"), ("vi", "AKindYearA"), ("vii", "Chronology")]
