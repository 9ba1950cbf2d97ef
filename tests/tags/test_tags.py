"""What a listener gets of a page: the structure tree of small documents, read back."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
import pypdfium2
import pytest
import weasyprint
import weasyprint.pdf
from weasyprint.formatting_structure import boxes
from weasyprint.pdf.stream import Stream

from packager.editions import tags
from packager.editions.finish import soften_hyphens
from packager.editions.tags import tagged
from packager.errors import EditionError
from tests.tags.listening import Heard, listen

DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"
    "AAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PAGE = "@page { size: 200pt 150pt; margin: 20pt } body, p { margin: 0 } "


def made(body: str, css: str = "", head: str = '<html lang="en">') -> bytes:
    """The PDF of a body, tagged by us."""
    html = f"{head}<head><title>T</title><style>{PAGE}{css}</style></head><body>{body}"
    with tagged():
        data: bytes = weasyprint.HTML(string=html).write_pdf(pdf_tags=True)
    return data


def heard(body: str, css: str = "", head: str = '<html lang="en">') -> Heard:
    return listen(made(body, css, head))


def pages(data: bytes) -> int:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return len(pdf.pages)


LONG = "The ferry goes at seven and comes back at nine. " * 40


# --- wholeness -----------------------------------------------------------------------------


def test_a_paragraph_over_pages_is_one_element() -> None:
    data = made(f"<section id=d1><h1>Ferries</h1><p>{LONG}</p></section>")
    assert pages(data) > 2
    root = listen(data)
    assert root.outline() == "Document[Sect[H1 P]]"
    assert " ".join(root.one("P").kids) == LONG


def test_sections_and_lists_over_pages_are_one_element() -> None:
    items = "".join(f"<li>{n} boats lie in the harbour tonight" for n in range(30))
    data = made(f"<section><ul>{items}</ul></section>")
    assert pages(data) > 2
    root = listen(data)
    assert len(root.all("Sect")) == len(root.all("L")) == 1
    assert len(root.all("LI")) == 30


def test_text_that_lies_bare_in_a_section_gets_a_paragraph() -> None:
    assert heard("<div>Bare <em>text</em><p>and more</p>again</div>").outline() == (
        "Document[Div[P P P]]"
    )


def test_running_heads_folios_leaders_and_rules_are_never_heard() -> None:
    css = """@page { @top-left { content: "Head" } @bottom-center { content: counter(page) } }
        a::after { content: leader(".") target-counter(attr(href), page) } hr { border: 1pt solid }
        p { border-bottom: 1pt solid }"""
    data = made("<hr><p><a href='#x'>To the end</a></p><h1 id=x>End</h1>", css)
    assert listen(data).text() == "To the end1 End"
    with pikepdf.open(io.BytesIO(data)) as pdf:
        stream = pdf.pages[0].Contents.read_bytes()
    assert stream.count(b"/Pagination") == 2
    assert b"/Subtype /Header" in stream and b"/Subtype /Footer" in stream


def test_the_head_of_a_table_is_heard_once_although_each_page_prints_it() -> None:
    rows = "".join(f"<tr><td>{n}<td>boat" for n in range(40))
    data = made(f"<table><thead><tr><th>Number<th>What</thead><tbody>{rows}</table>")
    assert pages(data) > 2
    root = listen(data)
    assert root.text().count("Number") == 1
    assert len(root.all("TR")) == 41


# --- kinds ---------------------------------------------------------------------------------


def test_headings_skip_no_level() -> None:
    root = heard("<h1>A</h1><h2>B</h2><h4>C</h4><h6>D</h6><h4>E</h4><h2>F</h2>")
    assert root.outline() == "Document[H1 H2 H3 H4 H3 H2]"
    assert str(root.one("H1").entry.T) == "A"


def test_lists_say_how_they_count() -> None:
    def numbering(body: str) -> str:
        return str(heard(body).all("L")[0].entry.A.ListNumbering)

    assert numbering("<ul><li>a</ul>") == "/Disc"
    assert numbering("<ol type=1><li>a</ol>") == "/Decimal"
    assert numbering("<ol style='list-style: upper-roman'><li>a</ol>") == "/UpperRoman"
    assert numbering("<ul style='list-style: none'><li>a</ul>") == "/None"
    marked = "<ul style='list-style: none'><li><span class=marker>{}</span> a</ul>"
    assert numbering(marked.format("3.")) == "/Decimal"
    assert numbering(marked.format("b)")) == "/LowerAlpha"
    assert numbering(marked.format("–")) == "/Disc"


def test_items_have_label_and_body_and_lists_in_them() -> None:
    assert heard("<ol><li>one<ul><li>inner</ul><li>two</ol>").outline() == (
        "Document[L[LI[Lbl LBody[L[LI[Lbl LBody]]]] LI[Lbl LBody]]]"
    )
    printed = "<ul style='list-style: none'><li><span class=marker>1.</span> one</ul>"
    assert heard(printed).outline() == "Document[L[LI[Lbl LBody]]]"


@pytest.mark.parametrize(
    "terms", ["<dt>A<dd>a<dt>B<dd>b", "<div><dt>A<dd>a</div><div><dt>B<dd>b</div>"]
)
def test_terms_and_their_meaning_are_items(terms: str) -> None:
    assert heard(f"<dl>{terms}</dl>").outline() == "Document[L[LI[Lbl LBody] LI[Lbl LBody]]]"


def test_table_heads_say_what_they_head() -> None:
    root = heard(
        "<table><caption>Boats</caption><tr><th>Name<th>Oars<tr><th>Heron<td>2"
        "<tr><th scope=col>Gull<td colspan=1></table>"
    )
    scopes = [str(cell.entry.A.Scope) for cell in root.all("TH")]
    assert scopes == ["/Column", "/Column", "/Row", "/Column"]
    assert [len(row.kids) for row in root.all("TR")] == [2, 2, 2], "empty cells stay"
    assert root.one("Table").kids[0].role == "Caption"


def test_a_figure_has_its_words_its_place_and_its_caption_last() -> None:
    css = "figure { margin: 0 } img { width: 40pt; height: 10pt; display: block }"
    figure = (
        f"<figure><figcaption>Drawn in 1911.</figcaption><img src='{DOT}' alt='A dot'></figure>"
    )
    one = heard(figure, css + "figcaption { line-height: 20pt }").one("Figure")
    assert str(one.entry.Alt) == "A dot"
    assert one.kids[-1].text() == "Drawn in 1911."
    # 150 pt less the margin, the caption and the picture
    assert [float(n) for n in one.entry.A.BBox] == [20, 100, 60, 110]


def test_a_mere_ornament_is_not_heard() -> None:
    assert heard(f"<p>Text</p><img src='{DOT}' alt=''>").all("Figure") == []


def test_contents_are_a_contents_list() -> None:
    root = heard(
        "<nav role=doc-toc><ol><li><a href='#a'><span>One</span> <span>1</span></a>"
        "<ol><li><a href='#a'>Two</a></ol></ol></nav><h1 id=a>One</h1>"
    )
    assert root.outline() == (
        "Document[Sect[TOC[TOCI[Lbl Reference[Link] TOC[TOCI[Lbl Reference[Link]]]]]] H1]"
    )


# --- language and direction ----------------------------------------------------------------


def test_each_change_of_language_is_told_and_no_other() -> None:
    root = heard(
        "<div lang=ko><p>말 <span lang=en>and</span> <em>말</em></p></div><p lang=en>words</p>"
    )
    told = [(one.role, str(one.entry.Lang)) for one in root.all() if "/Lang" in one.entry]
    assert told == [("Document", "en"), ("Div", "ko"), ("Span", "en")]


def test_text_from_right_to_left_is_heard_in_its_order() -> None:
    text = "שלום לכם חברים יקרים, הספינה יוצאת בשבע " * 6
    root = heard(f"<p lang=he dir=rtl>{text}</p>")
    assert root.one("P").text().split() == text.split()


def test_an_abbreviation_is_spelled_out() -> None:
    root = heard("<p>The <abbr title='Hallan News Agency'>HNA</abbr> reports</p>")
    assert str(root.one("Span").entry.E) == "Hallan News Agency"


# --- links and notes -----------------------------------------------------------------------


def test_a_link_is_one_element_with_words_of_its_own() -> None:
    root = heard("<p>See <a href='#x'>the <b>last</b> page</a>.</p><h1 id=x>X</h1>")
    link = root.one("Link")
    annotations = [kid for kid in link.kids if isinstance(kid, pikepdf.Dictionary)]
    assert link.text() == "the last page"
    assert [str(one.Contents) for one in annotations] == ["the last page"]


def test_a_link_over_lines_has_an_annotation_on_each() -> None:
    root = heard(f"<p>See <a href='https://example.org/'>{LONG[:48]}</a>.</p>")
    kids = root.one("Link").kids
    lines = sum(isinstance(kid, str) for kid in kids)
    assert lines == sum(isinstance(kid, pikepdf.Dictionary) for kid in kids) > 1


FOOTNOTE = "<p id=p1>Before<span class=note>The <i>note</i>.</span> after.</p>"


def test_a_footnote_stands_behind_its_call_and_each_refers_to_the_other() -> None:
    data = made(FOOTNOTE, ".note { float: footnote }")
    root = listen(data)
    assert root.outline() == "Document[P[Reference Note[Lbl]]]"
    assert root.one("P").text() == "Before 1 1. The note.  after."
    with pikepdf.open(io.BytesIO(data)) as pdf:
        tree = pdf.Root.StructTreeRoot
        (leaf,) = tree.IDTree.Kids
        named = dict(zip(map(str, leaf.Names[::2]), leaf.Names[1::2], strict=True))
        note = named["p1-note1"]
        assert note.S == "/Note" and bytes(note.ID) == b"p1-note1"
        call = note.Ref[0]
        assert call.S == "/Reference" and call.Ref[0].objgen == note.objgen


OWN_CALL = (
    "<p id=p1>Before<a id=c role=doc-noteref href='#n1'>1</a>"
    "<span id=n1 class=note role=doc-footnote lang=en><span class=p>The <i>note</i>.</span>"
    "<span class=p>More.</span></span> after.</p>"
)


def test_a_footnote_with_a_call_of_its_own_stands_behind_it() -> None:
    css = (
        ".note { float: footnote } .p { display: block } "
        ".note::footnote-call, .note::footnote-marker { content: none }"
    )
    data = made(OWN_CALL, css)
    root = listen(data)
    assert root.outline() == "Document[P[Reference[Link] Note[P P]]]"
    with pikepdf.open(io.BytesIO(data)) as pdf:
        (leaf,) = pdf.Root.StructTreeRoot.IDTree.Kids
        named = dict(zip(map(str, leaf.Names[::2]), leaf.Names[1::2], strict=True))
        assert named["n1"].Ref[0].K[0].S == "/Link"


def test_a_paragraph_goes_on_behind_the_notes_of_its_page() -> None:
    """The space between two lines is not lost where notes are drawn between them."""
    words = "שלום עולם " * 60
    root = heard(
        f"<p dir=rtl>{words}<span class=note dir=ltr>Note</span>{words}",
        ".note { float: footnote } p { line-height: 20pt }",
    )
    paragraph = root.one("P")
    paragraph.kids = [kid for kid in paragraph.kids if getattr(kid, "role", "") != "Note"]
    said = "".join(" " if run.isdecimal() else run for run in paragraph.runs())
    assert said.split() == words.split() * 2


def test_a_note_with_a_role_is_a_note_and_its_call_a_reference() -> None:
    root = heard(
        "<p>Text<a role=doc-noteref href='#n1'>1</a></p>"
        "<aside id=n1 role=doc-footnote><p>Note</p></aside>"
        "<ol><li id=n2 role=doc-endnote>End</ol>"
    )
    assert root.outline() == "Document[P[Reference[Link]] Note[P] L[LI[Lbl LBody[Note]]]]"
    assert [str(one.entry.ID) for one in root.all("Note")] == ["n1", "n2"]


# --- the way back from the page ------------------------------------------------------------


def test_the_parent_tree_knows_every_mark_and_annotation() -> None:
    css = "@page { @top-left { content: 'Head' } } .faded { opacity: 0.5 }"
    data = made(f"<p>{LONG}<a href='#x'>x</a></p><p class=faded>Faded</p><h1 id=x>X</h1>", css)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        ways = dict(pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree).items())
        for page in pdf.pages:
            entry = ways[int(page.obj.StructParents)]
            kept, dropped = _marks(page)
            assert all(entry[n] is not None for n in kept)
            assert all(n >= len(entry) or entry[n] is None for n in dropped)
            for annotation in page.obj.get("/Annots", []):
                assert ways[int(annotation.StructParent)].S == "/Link"
    assert "Faded" in listen(data).text()


def _marks(page: pikepdf.Page) -> tuple[list[int], list[int]]:
    """Numbers of marks in the page's own stream, and numbers that are used there no more."""
    kept = [
        int(operands[1].MCID)
        for operands, operator in pikepdf.parse_content_stream(page)
        if str(operator) == "BDC" and "/MCID" in operands[1]
    ]
    return kept, sorted(set(range(max(kept, default=-1) + 1)) - set(kept))


def test_a_link_out_of_a_part_of_a_book_is_tied_like_any_other() -> None:
    """A part of a book points at another by a private address, until the parts are bound."""
    root = heard("<p>See <a href='urn:packager:anchor:d7'>document 7</a></p>")
    assert root.outline() == "Document[P[Link]]"
    (annotation,) = [one for one in root.one("Link").kids if isinstance(one, pikepdf.Dictionary)]
    assert str(annotation.Contents) == "document 7"


# --- WeasyPrint ----------------------------------------------------------------------------


def test_weasyprints_internals_are_those_that_the_tags_lean_on() -> None:
    """Fails first when WeasyPrint moves; then look at `editions/tags/marks.py` and `tree.py`."""
    assert weasyprint.__version__.startswith(tags.WEASYPRINT)
    assert callable(weasyprint.pdf.add_tags), "the hook"
    called: list[tuple[object, ...]] = []

    def spy(pdf: object, document: object, version: object, streams: list[Stream]) -> None:
        called.append((pdf, document, version, streams))

    before, weasyprint.pdf.add_tags = weasyprint.pdf.add_tags, spy
    try:
        weasyprint.HTML(string="<p>Text<a href='#a' id=a>x</a>").write_pdf(pdf_tags=True)
    finally:
        weasyprint.pdf.add_tags = before
    ((_, document, _, (stream,)),) = called
    found = list(_boxes(document.pages[0]._page_box))
    texts = {box for box in found if isinstance(box, boxes.TextBox)}
    assert set(stream._tags) == texts, "each run of text is marked under its box"
    mcids = {entry["mcid"] for entry in stream._tags.values()}
    at = [n for n, operand in enumerate(stream.stream) if operand == b"BDC"]
    assert {stream.stream[n - 1]["MCID"] for n in at} == mcids, "numbers stand before BDC"
    assert all(str(stream.stream[n - 2]).startswith("/") for n in at), "tags before numbers"
    assert any(box.link_annotation for box in found), "links know their box"
    assert any(box.element is not None and box.element.tag == "a" for box in found)


def _boxes(box: boxes.Box) -> Iterator[boxes.Box]:
    yield box
    for child in box.children:
        yield from _boxes(child)


def test_another_weasyprint_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weasyprint, "__version__", "71.0")
    with pytest.raises(EditionError) as caught, tagged():
        pass
    assert str(caught.value) == (
        "WeasyPrint 71.0 is installed; tags need 70.x; pip install 'weasyprint==70.0'"
    )


def test_outside_of_tagged_weasyprint_is_as_it_was() -> None:
    before = weasyprint.pdf.add_tags
    with pytest.raises(ZeroDivisionError), tagged():
        assert weasyprint.pdf.add_tags is not before
        raise ZeroDivisionError
    assert weasyprint.pdf.add_tags is before


# --- letters that the page cannot give back --------------------------------------------------


def test_signs_that_are_drawn_in_another_order_are_read_as_they_were_written() -> None:
    """Tamil vowel signs stand before, behind or on both sides of their letter."""
    text = "மானிடம் கொடு நெஞ்சம்"
    data = made(f"<p lang=ta>{text}</p>")
    assert listen(data).text() == text
    page = pypdfium2.PdfDocument(data)[0].get_textpage()
    assert page.get_text_range().split() == text.split()


def test_a_hyphen_of_the_text_that_looks_like_one_of_the_layout_is_kept() -> None:
    data = made("<p lang=en>well\u2010kept</p>")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        soften_hyphens(pdf)
        out = io.BytesIO()
        pdf.save(out)
    assert listen(out.getvalue()).text() == "well\u2010kept"


def test_small_capitals_of_one_look_keep_their_case() -> None:
    css = "b { font-variant-caps: all-small-caps }"
    assert heard("<p><b>Abba</b> and <b>aBBA</b></p>", css).text() == "Abba and aBBA"
