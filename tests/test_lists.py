"""The lists of an edition: speakers, abbreviations, errata, and the lines of the copyright page."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pypdfium2
import pytest

import packager
from packager.build import assembled
from packager.errors import CollectionError
from packager.findings import Report
from tests.conftest import SPEECH, BuiltBook, small_book

SECOND = (
    SPEECH.replace("Mara Quill", "김정은").replace("Gardeners", "Masons").replace("rain", "fog")
)
DIALOGUE = (
    SPEECH.replace("Gardeners", "Coopers").replace("Speaker: Mara Quill\n", "")
    + "\nIVO STRAND: Good evening.\n\nMARA QUILL: And to you.\n"
)
NAMES = """[[name]]
name = "Quill, Mara"
variants = ["Mara Quill"]
office = ["Gardener, 1989–2004", "Mayor of Orrin, from 2017"]
years = "born 1966"
[[name]]
name = "Brask, Ivo"
office = "Mason of Orrin, 1971–2009"
"""


def made(folder: Path, more: str = "", **pages: str) -> Path:
    return small_book(folder, more=f'[notes]\nnames = "names.toml"\n{more}', **pages)


def texts(book: Path, name: str) -> tuple[str, str]:
    """A page as the EPUB has it and the words of the whole PDF."""
    epub, pdf = packager.build(book, environ={})
    assert packager.check(epub.path).silent and packager.check(pdf.path).silent
    with zipfile.ZipFile(epub.path) as archive:
        page = archive.read(f"EPUB/text/{name}.xhtml").decode()
    words = " ".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(pdf.path))
    return page, " ".join(words.split())


# --- speakers ------------------------------------------------------------------------------


def test_speakers_are_listed_with_years_offices_and_places(tmp_path: Path) -> None:
    book = made(tmp_path, one=SPEECH, two=SECOND)
    (tmp_path / "names.toml").write_text(NAMES, "utf-8")
    page, words = texts(book, "speakers")
    assert re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page) == [
        ('Quill, Mara <span class="years">(born 1966)</span>',
         'Gardener, 1989–2004; Mayor of Orrin, from 2017. <span class="spoken">Document '
         '<a href="d1.xhtml">1</a></span>.'),
        ("김정은", '<span class="spoken">Document <a href="d2.xhtml">2</a></span>.'),
        ("Brask, Ivo", "Mason of Orrin, 1971–2009."),
    ]  # fmt: skip
    assert page.index("김정은") < page.index("Other persons") < page.index("Brask")
    assert "Gardener, 1989–2004; Mayor of Orrin, from 2017. Page 3." in words
    assert "김정은 Page 5." in words


@pytest.mark.parametrize("built", ["harbour-lights"], indirect=True)
def test_the_pages_of_a_speaker_are_those_on_which_the_documents_begin(built: BuiltBook) -> None:
    pdf = pypdfium2.PdfDocument(built.pdf)
    pages = {
        pdf.get_page_label(n): page.get_textpage().get_text_range() for n, page in enumerate(pdf)
    }
    listed = next(text for text in pages.values() if text.startswith("Speakers"))
    found = re.search(r"Fenn, Oda\s+Harbour Master of Merrow, 2014–2022. Pages ([\d, ]+)\.", listed)
    assert found
    for page in found[1].split(", "):
        assert "Oda Fenn" in pages[page]


def test_an_office_of_a_document_is_listed_with_its_number(tmp_path: Path) -> None:
    book = small_book(tmp_path, more='[notes]\nfiles = ["notes.toml"]\n', one=SPEECH, two=SECOND)
    (tmp_path / "notes.toml").write_text(
        '[[document]]\nspeech = "*two*"\noffice = "Mason"\n', "utf-8"
    )
    persons = assembled(packager.load_collection(book), Report()).persons
    assert [(one.heading, one.offices) for one in persons] == [
        ("Mara Quill", ()),
        ("김정은", ("Mason (document 2)",)),
    ]


def test_who_takes_turns_in_a_conversation_speaks_too(tmp_path: Path) -> None:
    book = made(tmp_path, one=DIALOGUE)
    (tmp_path / "names.toml").write_text(NAMES, "utf-8")
    persons = assembled(packager.load_collection(book), Report()).persons
    assert [(one.heading, len(one.documents)) for one in persons] == [
        ("Quill, Mara", 1),
        ("Brask, Ivo", 0),
    ]


def test_without_offices_and_years_there_is_no_list(tmp_path: Path) -> None:
    book = assembled(packager.load_collection(small_book(tmp_path, one=SPEECH)), Report())
    assert book.persons == ()


# --- abbreviations and errata --------------------------------------------------------------

MATTER = '[matter]\nabbreviations = "short.toml"\nerrata = "errata.toml"\n'
SHORT = """[[abbreviation]]
short = "TG"
long = "*Terrace Gazette*, daily"
[[abbreviation]]
short = "half-terrace"
long = "a terrace of one side & no other"
"""
ERRATA = """title = "Corrections"
[[erratum]]
date = 2022-05-04
where = "Copyright page"
wrong = "2020"
right = "2022"
[[erratum]]
date = 2021-01-02
speech = "*one*"
wrong = "wall"
right = "well"
"""


def lists(folder: Path, short: str = SHORT, errata: str = ERRATA) -> Path:
    book = small_book(folder, more=MATTER, one=SPEECH)
    (folder / "short.toml").write_text(short, "utf-8")
    (folder / "errata.toml").write_text(errata, "utf-8")
    return book


def test_abbreviations_are_sorted_terms(tmp_path: Path) -> None:
    page, words = texts(lists(tmp_path), "abbreviations")
    assert re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page) == [
        ("half-terrace", "a terrace of one side &amp; no other"),
        ("TG", "<em>Terrace Gazette</em>, daily"),
    ]
    assert "Abbreviations half-terrace a terrace of one side & no other TG" in words


def test_errata_are_dated_and_lead_to_their_documents(tmp_path: Path) -> None:
    page, words = texts(lists(tmp_path), "errata")
    assert re.findall(r"<h2>(.*?)</h2>|<li>(.*?)</li>", page) == [
        ("2 January 2021", ""),
        ("", '<a href="d1.xhtml">Document 1</a>: for “wall” read “well”'),
        ("4 May 2022", ""),
        ("", "Copyright page: for “2020” read “2022”"),
    ]
    assert "Corrections 2 January 2021 Document 1, page 3: for “wall” read “well”" in words


@pytest.mark.parametrize(
    ("short", "errata", "message"),
    [
        (f'{SHORT}[[abbreviation]]\nshort = "TG"\nlong = "x"\n', ERRATA,
         "short.toml:7: “TG” is listed before, at short.toml:1; join the two, or take one out"),
        (f'{SHORT}[[abbreviation]]\nshort = "X"\n', ERRATA,
         "short.toml:7: the abbreviation has no 'long'"),
        ("", ERRATA, "short.toml:1: the file lists nothing; add a [[abbreviation]], or take it "
         "out"),
        (SHORT, ERRATA.replace('where = "Copyright page"\n', ""),
         "errata.toml:2: the erratum names no place, or two; write speech = (an id or a file) or "
         "where = (in words)"),
        (SHORT, ERRATA.replace("date = 2021-01-02\n", ""),
         "errata.toml:7: the erratum has no 'date'"),
        (SHORT, ERRATA.replace("2021-01-02", '"soon"'),
         "errata.toml:8: 'date' must be a date like 2021-04-07 (without quotation marks), not "
         "'soon'"),
        (SHORT, ERRATA.replace('"*one*"', '"three"'),
         "errata.toml:7: no document of the book is 'three'; name its id or its file, as "
         "'packager read' prints them"),
    ],
)  # fmt: skip
def test_faults_of_lists(tmp_path: Path, short: str, errata: str, message: str) -> None:
    with pytest.raises(CollectionError) as error:
        assembled(packager.load_collection(lists(tmp_path, short, errata)), Report())
    assert str(error.value) == message


def test_an_erratum_of_two_documents_is_told(tmp_path: Path) -> None:
    errata = ERRATA.replace('"*one*"', '"*on*"')
    book = lists(tmp_path, errata=errata)
    (tmp_path / "pages" / "once.txt").write_text(SECOND, "utf-8")
    with pytest.raises(CollectionError) as error:
        assembled(packager.load_collection(book), Report())
    assert str(error.value) == (
        "errata.toml:7: '*on*' names 2 documents (1, 2); name one by its id"
    )


def test_a_page_of_prose_is_no_list(tmp_path: Path) -> None:
    book = small_book(tmp_path, more='[matter]\nforeword = "f.toml"\n', one=SPEECH)
    (tmp_path / "f.toml").write_text("x = 1\n")
    with pytest.raises(CollectionError) as error:
        packager.load_collection(book)
    assert str(error.value) == (
        "f.toml:1: 'foreword' is a page of prose; write it as Markdown; lists are: "
        "abbreviations, errata"
    )


# --- the copyright page --------------------------------------------------------------------

CIP = '''edition = "Second edition"
printed = "Printed on paper without acid"
lccn = "2021-938475"
cip = """
Names: Quill, Mara, author.
Title: Small book / Mara Quill.
"""
'''


def with_lines(folder: Path, lines: str) -> Path:
    book = small_book(folder, more='[edition.epub]\nisbn = "978-99999-0-001-0"\n'
                      '[edition.screen]\nisbn = "978-99999-0-002-7"\n', one=SPEECH)  # fmt: skip
    book.write_text(book.read_text("utf-8").replace("[archive]", f"{lines}[archive]"), "utf-8")
    return book


def test_edition_library_entry_and_isbns_stand_on_the_copyright_page(tmp_path: Path) -> None:
    page, words = texts(with_lines(tmp_path, CIP), "copyright")
    shown = re.findall(r"<p[^>]*>(.*?)</p>", page)[1:-1]
    assert shown == [
        "Made, 2020",
        "Second edition",
        "Printed on paper without acid",
        "ISBN 978-99999-0-001-0 (EPUB)",
        "ISBN 978-99999-0-002-7 (PDF for the screen)",
        "Library of Congress Control Number 2021-938475",
        "Names: Quill, Mara, author.",
        "Title: Small book / Mara Quill.",
    ]
    assert " ".join(shown) in words


def test_a_wrong_control_number_is_told(tmp_path: Path) -> None:
    with pytest.raises(CollectionError) as error:
        packager.load_collection(with_lines(tmp_path, 'lccn = "93"\n'))
    assert str(error.value) == (
        "book.toml:4: '93' is no control number of the Library of Congress; write it as "
        "'2021938475'"
    )
