# ruff: noqa: E501 - one fault a line
"""Each point is shown a sound book with one fault in it, and must find that fault."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from packager.check import points
from packager.check.codes import CODES
from packager.findings import Finding

Members = dict[str, bytes]
Pack = Callable[[Members], Path]

OPF = "OEBPS/content.opf"
NAV = "OEBPS/nav.xhtml"
NCX = "OEBPS/toc.ncx"
CSS = "OEBPS/css/book.css"
COVER = "OEBPS/text/cover.xhtml"
TITLE = "OEBPS/text/titlepage.xhtml"
S1 = "OEBPS/text/s1.xhtml"
S2 = "OEBPS/text/s2.xhtml"
NOTES = "OEBPS/text/notes.xhtml"
COLOPHON = "OEBPS/text/colophon.xhtml"

META = "<dc:publisher>"
FACE = '@font-face { font-family: "River";'
CONFORMS = '<meta property="dcterms:conformsTo" id="c">'
SIGNED = '<meta property="a11y:certifiedBy" refines="#c">Ann</meta>'
ADD = '<meta property="schema:'
FEATURE = f"{ADD}accessibilityFeature"
P = "<p>It held."

# (code, severity, member, what stands there, what is put in its place)
FAULTS: list[tuple[str, str, str, str, str]] = [
    ("epub-01-mimetype", "error", "mimetype", "zip", "zip\n"),
    ("epub-02-names", "error", OPF, 'href="css/book.css"', 'href="css/no.css"'),
    ("epub-04-package", "error", OPF, 'version="3.0"', 'version="2.0"'),
    ("epub-04-package", "error", OPF, 'unique-identifier="bookid"', 'unique-identifier="no"'),
    ("epub-04-package", "warning", OPF, ' xml:lang="en"', ""),
    ("epub-04-package", "warning", OPF, "urn:uuid:0c2f8fd3", "0c2f8fd3"),
    ("epub-05-modified", "error", OPF, "12:00:00Z", "12:00:00+09:00"),
    ("epub-05-modified", "error", OPF, "2024-05-01T", "2024-02-31T"),
    ("epub-05-modified", "error", OPF, "dcterms:modified", "dcterms:created"),
    ("epub-05-modified", "warning", OPF, "2024-05-01T", "2999-05-01T"),
    ("epub-06-title", "error", OPF, "<dc:title id=\"title\">Speeches on the River</dc:title>", ""),
    ("epub-06-title", "note", OPF, META, "<dc:title>Other</dc:title><dc:publisher>"),
    ("epub-06-title", "warning", OPF, META, '<dc:title id="t">Other</dc:title><meta refines="#t" property="title-type">main</meta><dc:publisher>'),
    ("epub-06-title", "note", OPF, 'property="title-type"', 'property="x:y"'),
    ("epub-06-title", "note", OPF, '<meta refines="#title" property="file-as">Speeches on the River</meta>', ""),
    ("epub-07-people", "note", OPF, '<dc:creator id="ann">', "<dc:creator>"),
    ("epub-07-people", "note", OPF, '<meta refines="#ann" property="file-as">Ferry, Ann</meta>', ""),
    ("epub-07-people", "note", OPF, 'property="role"', 'property="x:y"'),
    ("epub-07-people", "warning", OPF, ">edt<", ">Editor<"),
    ("epub-07-people", "warning", OPF, ' scheme="marc:relators"', ""),
    ("epub-08-languages", "error", OPF, "<dc:language>en</dc:language>", ""),
    ("epub-08-languages", "error", OPF, "<dc:language>en<", "<dc:language>english (US)<"),
    ("epub-08-languages", "warning", OPF, "<dc:language>en<", "<dc:language>us<"),
    ("epub-08-languages", "warning", OPF, "<dc:language>en<", "<dc:language>ko</dc:language><dc:language>en<"),
    ("epub-08-languages", "warning", S1, 'lang="en" xml:lang="en"', 'lang="ko" xml:lang="ko"'),
    ("epub-09-metadata", "note", OPF, "<dc:rights>Public domain</dc:rights>", ""),
    ("epub-09-metadata", "error", OPF, "Public domain", " "),
    ("epub-09-metadata", "warning", OPF, "<dc:date>2024-05-01", "<dc:date>1 May 2024"),
    ("epub-10-refines", "error", OPF, 'refines="#ann" property="role"', 'refines="#bob" property="role"'),
    ("epub-10-refines", "error", OPF, '<item id="css"', '<item id="ncx"'),
    ("epub-10-refines", "warning", OPF, ">series<", ">shelf<"),
    ("epub-11-access-metadata", "warning", OPF, "schema:accessMode\"", "schema:x\""),
    ("epub-11-access-metadata", "warning", OPF, "schema:accessibilityHazard", "schema:x"),
    ("epub-11-access-metadata", "warning", OPF, ">alternativeText<", ">altText<"),
    ("epub-11-access-metadata", "warning", OPF, ADD + 'accessibilityHazard">', ADD + 'accessibilityHazard">sound</meta>' + ADD + 'accessibilityHazard">'),
    ("epub-12-visual", "warning", OPF, ADD + 'accessMode">', ADD + 'accessMode">visual</meta>' + ADD + 'accessMode">'),
    ("epub-12-visual", "warning", S1, P, '<p><img src="../images/cover.png" alt="A map"/></p>' + P),
    ("epub-13-sufficient", "warning", OPF, "schema:accessModeSufficient", "schema:x"),
    ("epub-13-sufficient", "note", OPF, "schema:accessibilitySummary", "schema:x"),
    ("epub-13-sufficient", "note", OPF, "A text with headings, notes and the pages of the print edition.", "Accessible."),
    ("epub-14-features", "warning", OPF, FEATURE + '">', FEATURE + '">MathML</meta>' + FEATURE + '">'),
    ("epub-14-features", "warning", OPF, FEATURE + '">', FEATURE + '">ARIA</meta>' + FEATURE + '">index</meta>' + FEATURE + '">'),
    ("epub-14-features", "note", OPF, FEATURE + '">pageNavigation</meta>', ""),
    ("epub-15-conformance", "error", OPF, META, CONFORMS + "EPUB Accessibility 1.1 - WCAG 2.2 AA</meta>" + SIGNED + META),
    ("epub-15-conformance", "error", OPF, META, CONFORMS + "EPUB Accessibility 1.1 - WCAG 2.2 Level AA</meta>" + META),
    ("epub-16-page-source", "warning", OPF, "pageBreakSource", "x:y"),
    ("epub-16-page-source", "warning", OPF, "River Press, first print edition, 2024", "urn:uuid:0c2f8fd3-4ee8-5e7a-9d0e-54b3a0a1b7c9"),
    ("epub-17-toc", "error", OPF, ' properties="nav"', ""),
    ("epub-17-toc", "error", NAV, '<nav epub:type="toc"', '<nav epub:type="lot"'),
    ("epub-17-toc", "warning", NAV, ' role="doc-toc"', ""),
    ("epub-17-toc", "error", NAV, "#s1-a", "#s1-b"),
    ("epub-17-toc", "error", NAV, ">The Rope<", "> <"),
    ("epub-18-toc-order", "warning", NAV, '<li><a href="text/s2.xhtml#s2">On the Bridge</a></li>\n<li><a href="text/notes.xhtml#notes">Notes</a></li>', '<li><a href="text/notes.xhtml#notes">Notes</a></li>\n<li><a href="text/s2.xhtml#s2">On the Bridge</a></li>'),
    ("epub-18-toc-order", "warning", NAV, '<li><a href="text/colophon', '<li><a href="text/notes.xhtml#notes">Notes</a></li><li><a href="text/colophon'),
    ("epub-18-toc-order", "warning", NAV, "The Rope</a>", 'The Rope</a><ol><li><a href="text/s1.xhtml#ref-1">x</a><ol><li><a href="text/s1.xhtml#s1-a">y</a></li></ol></li></ol>'),
    ("epub-19-toc-complete", "warning", NAV, '<li><a href="text/s2.xhtml#s2">On the Bridge</a></li>', ""),
    ("epub-19-toc-complete", "warning", NAV, "On the Bridge", "Under the Bridge"),
    ("epub-20-landmarks", "warning", NAV, 'epub:type="landmarks"', 'epub:type="lot"'),
    ("epub-20-landmarks", "error", NAV, '<a epub:type="bodymatter"', "<a"),
    ("epub-20-landmarks", "error", NAV, 'cover.xhtml">Cover</a></li>', 'cover.xhtml">Cover</a></li><li><a epub:type="cover" href="text/cover.xhtml">Cover</a></li>'),
    ("epub-20-landmarks", "error", NAV, 'cover.xhtml">Cover', 'cover.xhtml#no">Cover'),
    ("epub-20-landmarks", "warning", NAV, '<a epub:type="bodymatter"', '<a epub:type="chapter"'),
    ("epub-20-landmarks", "warning", NAV, '<a epub:type="cover"', '<a epub:type="loi"'),
    ("epub-21-page-list", "warning", NAV, 'epub:type="page-list"', 'epub:type="lot"'),
    ("epub-21-page-list", "warning", NAV, ' role="doc-pagelist"', ""),
    ("epub-21-page-list", "error", NAV, "#page-2", "#page-3"),
    ("epub-21-page-list", "warning", NAV, "s2.xhtml#page-2", "s2.xhtml#s2-head"),
    ("epub-21-page-list", "warning", NAV, ">2<", ">ii<"),
    ("epub-21-page-list", "warning", NAV, '<li><a href="text/s2.xhtml#page-2">2</a></li>', ""),
    ("epub-21-page-list", "warning", NAV, '<li><a href="text/s1.xhtml#page-1">1</a></li>\n<li><a href="text/s2.xhtml#page-2">2</a></li>', '<li><a href="text/s2.xhtml#page-2">2</a></li><li><a href="text/s1.xhtml#page-1">1</a></li>'),
    ("epub-22-ncx", "error", NCX, "urn:uuid:0c", "urn:uuid:0d"),
    ("epub-22-ncx", "warning", NCX, '"dtb:depth" content="2"', '"dtb:depth" content="1"'),
    ("epub-22-ncx", "error", NCX, 'id="n2"', 'id="n1"'),
    ("epub-22-ncx", "error", NCX, "#s1-a", "#s1-b"),
    ("epub-22-ncx", "warning", NCX, ">On the Bridge<", ">Bridges<"),
    ("epub-22-ncx", "error", NCX, "</ncx>", ""),
    ("epub-22-ncx", "warning", OPF, ' toc="ncx"', ""),
    ("epub-22-ncx", "note", OPF, "application/x-dtbncx+xml", "application/octet-stream"),
    ("epub-23-nav-in-spine", "warning", OPF, '<itemref idref="nav"/>', ""),
    ("epub-23-nav-in-spine", "warning", NAV, ' hidden="hidden" aria-label="Guide"', ""),
    ("epub-24-xhtml", "error", S1, "</p>", ""),
    ("epub-24-xhtml", "error", S1, "<!DOCTYPE html>", '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">'),
    ("epub-24-xhtml", "warning", S1, "<!DOCTYPE html>", ""),
    ("epub-24-xhtml", "warning", S1, ' encoding="utf-8"', ""),
    ("epub-24-xhtml", "warning", S1, ' lang="en"', ""),
    ("epub-24-xhtml", "error", S1, ' lang="en"', ' lang="de"'),
    ("epub-24-xhtml", "error", S1, P, "<body/>" + P),
    ("epub-25-titles", "error", S1, "<title>On the Ferry<", "<title><"),
    ("epub-25-titles", "note", S1, "<title>On the Ferry<", "<title>On the Bridge<"),
    ("epub-26-headings", "warning", S1, "h3", "h4"),
    ("epub-26-headings", "warning", S2, "h2", "h3"),
    ("epub-26-headings", "warning", TITLE, "</h1>", "</h1><h1>Again</h1>"),
    ("epub-27-matter", "note", S1, ' epub:type="bodymatter"', ""),
    ("epub-27-matter", "note", TITLE, '<section epub:type="titlepage"', "<section"),
    ("epub-27-matter", "warning", S1, ' role="doc-chapter"', ""),
    ("epub-27-matter", "warning", S1, ' role="doc-noteref"', ""),
    ("epub-28-roles", "warning", NOTES, '<li id="note-1"', '<li role="doc-endnote" id="note-1"'),
    ("epub-28-roles", "warning", NOTES, '<li id="note-1"', '<li role="doc-footnote" id="note-1"'),
    ("epub-28-roles", "error", S1, "<body", '<body role="doc-chapter"'),
    ("epub-28-roles", "error", S1, 'role="doc-chapter"', 'role="doc-speech"'),
    ("epub-28-roles", "warning", S1, 'aria-labelledby="s1-head"', 'aria-labelledby="no"'),
    ("epub-29-notes", "warning", NOTES, "s1.xhtml#ref-1", "s1.xhtml#s1"),
    ("epub-29-notes", "warning", S1, ">1</a>", "><sup>1</sup></a>"),
    ("epub-29-notes", "error", S1, "notes.xhtml#note-1", "notes.xhtml"),
    ("epub-29-notes", "note", S2, ">2</a>", ">4</a>"),
    ("epub-29-notes", "note", NOTES, "A rope ferry.", "A rope ferry. " * 400),
    ("epub-30-links", "error", S1, "s2.xhtml#s2", "s3.xhtml#s2"),
    ("epub-30-links", "error", S1, "s2.xhtml#s2", "s2.xhtml#no"),
    ("epub-30-links", "error", S1, "https://example.org/river", "https://example.org/a river"),
    ("epub-30-links", "error", S1, "https://example.org/river", "https://[example.org/"),
    ("epub-30-links", "error", S1, "https://example.org/river", "file:///tmp/a"),
    ("epub-30-links", "warning", S1, "https://example.org/river", "gopher://example.org/"),
    ("epub-30-links", "error", COVER, "../images/cover.png", "../images/no.png"),
    ("epub-30-links", "error", OPF, '<itemref idref="s2"/>', ""),
    ("epub-31-active", "warning", S1, P, "<script>alert(1)</script>" + P),
    ("epub-31-active", "warning", S1, P, '<iframe src="s2.xhtml"></iframe>' + P),
    ("epub-31-active", "warning", S1, P, '<p onclick="x()">It held.'),
    ("epub-31-active", "error", COVER, "../images/cover.png", "https://example.org/cover.png"),
    ("epub-31-active", "error", CSS, "body {", '@import "https://example.org/x.css"; body {'),
    ("epub-31-active", "error", CSS, "margin: 0 5%", "background: url('//example.org/x.png')"),
    ("epub-31-active", "warning", CSS, "../fonts/River.ttf", "https://example.org/River.ttf"),
    ("epub-31-active", "warning", OPF, "fonts/River.ttf", "https://example.org/River.ttf"),
    ("epub-32-ids", "error", S1, 'id="s1-a"', 'id="s1"'),
    ("epub-32-ids", "warning", S1, "<span epub:type=\"pagebreak\" role=\"doc-pagebreak\" id=\"page-1\" aria-label=\"1\"></span>", "<span epub:type=\"pagebreak\" role=\"doc-pagebreak\" id=\"page-1\" aria-label=\"1\"/>"),
    ("epub-33-alt", "error", COVER, ' alt="Speeches on the River, edited by Ann Ferry: a grey river"', ""),
    ("epub-33-alt", "warning", COVER, "Speeches on the River, edited by Ann Ferry: a grey river", "cover.PNG"),
    ("epub-33-alt", "warning", COVER, "Speeches on the River, edited by Ann Ferry: a grey river", ""),
    ("epub-33-alt", "warning", S1, P, '<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>' + P),
    ("epub-34-markup", "error", S1, P, "<center>x</center>" + P),
    ("epub-34-markup", "note", S1, P, '<p style="margin:0">It held.'),
    ("epub-34-markup", "note", S1, P, "<p> \u00a0 </p>" + P),
    ("epub-34-markup", "note", S1, P, "<p>It<br/> <br/>held."),
    ("epub-35-spacing", "note", S1, P, "<p><em>It</em>\n    <em>held</em>."),
    ("epub-35-spacing", "note", S1, "cross.<a", "cross. <a"),
    ("epub-36-characters", "warning", S1, "It held", "It \u0085held"),
    ("epub-36-characters", "warning", S1, "It held", "It \ufffdheld"),
    ("epub-36-characters", "note", S1, "It held", "It \ue000held"),
    ("epub-36-characters", "note", S1, "It held", "It held the cafe\u0301"),
    ("epub-36-characters", "note", S1, "It held", "It\u00e2\u20ac\u2122s held"),
    ("epub-36-characters", "note", S1, "It held", "&lt;b>It held&lt;/b>"),
    ("epub-36-characters", "note", S1, "It held", "&amp;nbsp;It held"),
    ("epub-36-characters", "warning", COLOPHON, "River Archive", "River Archive, {{ book.source }}"),
    ("epub-36-characters", "warning", TITLE, "Ann Ferry", "Ann &amp;amp; Ferry"),
    ("epub-38-sizes", "warning", S1, "It held.", "It held. " * 31000),
    ("epub-38-sizes", "note", NAV, "</body>", "<!--" + "many " * 54000 + "--></body>"),
    ("epub-38-sizes", "note", S1, "</body>", '<section epub:type="chapter" role="doc-chapter" aria-label="x"></section></body>'),
    ("epub-39-colours", "warning", CSS, "color: inherit", "color: black"),
    ("epub-39-colours", "warning", CSS, "margin: 0 5%", "background: #fff"),
    ("epub-40-units", "warning", CSS, "font-size: 1.4em", "font-size: 14px"),
    ("epub-40-units", "warning", CSS, "line-height: 1.3", "line-height: 20pt"),
    ("epub-40-units", "warning", CSS, '"River", serif', '"River", serif !important'),
    ("epub-40-units", "warning", CSS, "margin: 0 5%", "position: fixed"),
    ("epub-41-plain-css", "error", CSS, "max-width: 100%; }", "max-width: 100%;"),
    ("epub-41-plain-css", "error", CSS, "margin: 0 5%", "margin 0 5%"),
    ("epub-41-plain-css", "warning", CSS, "img {", "img:has(p) {"),
    ("epub-41-plain-css", "warning", CSS, "img {", "[epub|type~=cover] {"),
    ("epub-41-plain-css", "warning", CSS, "img {", ":root { --a: 1em } img {"),
    ("epub-41-plain-css", "warning", CSS, "max-width: 100%;", "max-width: var(--a);"),
    ("epub-41-plain-css", "warning", CSS, "max-width: 100%;", "p { margin: 0 }"),
    ("epub-41-plain-css", "error", CSS, "img {", "(" * 40 + ")" * 40 + " {"),
    ("epub-41-plain-css", "warning", S1, '<link rel="stylesheet" type="text/css" href="../css/book.css"/>', ""),
    ("epub-42-fonts", "warning", OPF, 'media-type="font/ttf"', 'media-type="application/x-font-ttf"'),
    ("epub-42-fonts", "error", CSS, "River.ttf", "Sea.ttf"),
    ("epub-42-fonts", "warning", CSS, FACE + " src: url(../fonts/River.ttf); }", ""),
    ("epub-42-fonts", "note", CSS, '"River", serif', "serif"),
    ("epub-42-fonts", "note", S1, "It held", "\u0416 held"),
    ("epub-43-cover-image", "warning", OPF, ' properties="cover-image"', ""),
    ("epub-43-cover-image", "error", OPF, '<item id="font"', '<item id="font" properties="cover-image"'),
    ("epub-43-cover-image", "warning", OPF, 'content="cover-image"', 'content="images/cover.png"'),
    ("epub-44-cover-page", "warning", OPF, '<itemref idref="cover"/><itemref idref="titlepage"/>', '<itemref idref="titlepage"/><itemref idref="cover"/>'),
    ("epub-44-cover-page", "warning", COVER, ' role="doc-cover"', ""),
    ("epub-44-cover-page", "warning", COVER, "Speeches on the River, edited by Ann Ferry: a grey river", "Cover"),
    ("epub-44-cover-page", "warning", COVER, "</section>", "<p>Buy now</p></section>"),
    ("epub-45-title-page", "note", TITLE, 'epub:type="titlepage"', 'epub:type="preamble"'),
    ("epub-45-title-page", "note", COLOPHON, 'epub:type="colophon"', 'epub:type="afterword"'),
    ("epub-45-title-page", "note", COLOPHON, " in 2024", ""),
    ("epub-45-title-page", "note", COLOPHON, "the River Archive", "an attic"),
]  # fmt: skip


def found(path: Path) -> list[Finding]:
    """The findings of all points."""
    return list(points.validate(path))


@pytest.mark.parametrize(
    ("code", "severity", "member", "old", "new"),
    FAULTS,
    ids=[f"{fault[0]}-{number}" for number, fault in enumerate(FAULTS)],
)
def test_one_changed_text(
    members: Members, pack: Pack, code: str, severity: str, member: str, old: str, new: str
) -> None:
    """The fault that a changed text makes is found, at the file, with something to do."""
    text = members[member].decode()
    assert old in text
    members[member] = text.replace(old, new).encode()
    path = pack(members)
    findings = found(path)
    assert (code, severity) in {(f.code, str(f.severity)) for f in findings}
    for finding in findings:
        assert finding.code in CODES
        assert finding.place.startswith(str(path))
        assert finding.hint


def test_every_point_has_a_fault() -> None:
    """No point without a test that it can fail; that of the twin is in test_stores."""
    structural = {1, 2, 3, 38, 42, 43}
    numbers = {int(fault[0][5:7]) for fault in FAULTS} | structural
    assert set(points.POINTS) == numbers
    assert {c for c in CODES if c.startswith("epub-")} == {f[0] for f in FAULTS} | {
        "epub-03-stamps",
        "epub-49-twin",
    }


def codes(members: Members, pack: Pack) -> set[tuple[str, str]]:
    """Codes and severities of a book."""
    return {(f.code, str(f.severity)) for f in found(pack(members))}


def test_mimetype_not_first(members: Members, pack: Pack) -> None:
    """Point 1."""
    mimetype = members.pop("mimetype")
    assert ("epub-01-mimetype", "error") in codes({**members, "mimetype": mimetype}, pack)


@pytest.mark.parametrize("how", ["compressed", "extra field"])
def test_mimetype_as_the_zip_tool_writes_it(
    members: Members, tmp_path: Path, pack: Pack, how: str
) -> None:
    """Point 1: what `zip` and a plain ZipFile leave behind."""
    path = tmp_path / "plain.epub"
    with ZipFile(pack(members)) as source, ZipFile(path, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            if how == "extra field" and entry.filename == "mimetype":
                entry.extra = b"\x99\x99\x01\x00x"
                target.writestr(entry, source.read(entry), ZIP_STORED)
            else:
                target.writestr(entry.filename, source.read(entry))
    assert ("epub-01-mimetype", "error") in {(f.code, str(f.severity)) for f in found(path)}


def test_stamps_of_the_clock(members: Members, tmp_path: Path, pack: Pack) -> None:
    """Point 3: times, attributes and extra fields that two builds would not share."""
    path = tmp_path / "clock.epub"
    with ZipFile(pack(members)) as source, ZipFile(path, "w") as target:
        for number, entry in enumerate(source.infolist()):
            data = source.read(entry)
            entry.date_time = (2024, 5, 1, 12, number, 0)
            entry.external_attr = (0o100600 + number % 2) << 16
            entry.extra = b"\x99\x99\x01\x00x" if number else b""
            target.writestr(entry, data)
    assert [f.code for f in found(path)] == ["epub-03-stamps"] * 3


def test_a_link_to_a_body(members: Members, pack: Pack) -> None:
    """Point 30: some readers do not find the id of a body."""
    text = members[S1].replace(b"<body", b'<body id="s0"').replace(b"s2.xhtml#s2", b"s1.xhtml#s0")
    assert codes({**members, S1: text}, pack) == {("epub-30-links", "warning")}


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("../evil.txt", "error"),
        ("/evil.txt", "error"),
        ("OEBPS/a:b.txt", "error"),
        ("OEBPS/CONTENT.opf", "error"),
        ("OEBPS/a b.txt", "warning"),
        ("OEBPS/left-over.txt", "warning"),
        ("__MACOSX/._x", "warning"),
        ("OEBPS/.DS_Store", "warning"),
        ("OEBPS/text/", "note"),
    ],
)
def test_unsound_names(members: Members, pack: Pack, name: str, severity: str) -> None:
    """Point 2."""
    assert ("epub-02-names", severity) in codes({**members, name: b""}, pack)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice(members: Members, pack: Pack) -> None:
    """Point 2."""
    path = pack(members)
    with ZipFile(path, "a") as archive:
        archive.writestr(S1, members[S1])
    told = [f for f in found(path) if f.code == "epub-02-names"]
    assert [f.message for f in told] == ["2 members have this name"]


@pytest.mark.parametrize(
    ("kind", "width", "height", "mode"),
    [
        ("PNG", 1000, 1600, "RGB"),
        ("PNG", 2400, 1500, "RGB"),
        ("PNG", 1500, 2400, "RGBA"),
        ("GIF", 1500, 2400, "L"),
    ],
)
def test_poor_covers(
    members: Members,
    pack: Pack,
    picture: Callable[..., bytes],
    kind: str,
    width: int,
    height: int,
    mode: str,
) -> None:
    """Point 43."""
    members["OEBPS/images/cover.png"] = picture(kind, width, height, mode)
    assert ("epub-43-cover-image", "warning") in codes(members, pack)


def test_a_cover_of_too_many_pixels(
    members: Members, pack: Pack, picture: Callable[..., bytes]
) -> None:
    """Points 38 and 43: Kindle's 1600 x 2560 is more than Apple takes."""
    members["OEBPS/images/cover.png"] = picture("PNG", 1600, 2560)
    assert {c for c, _ in codes(members, pack)} == {"epub-38-sizes", "epub-43-cover-image"}


def test_a_heavy_picture(members: Members, pack: Pack) -> None:
    """Point 38."""
    members["OEBPS/images/cover.png"] += bytes(1_600_000)
    assert ("epub-38-sizes", "warning") in codes(members, pack)


def test_poor_fonts(members: Members, pack: Pack, typeface: Callable[..., bytes]) -> None:
    """Point 42: restricted, too heavy, damaged."""
    font = "OEBPS/fonts/River.ttf"
    members[font] = typeface(rights=2) + bytes(1_600_000)
    told = [f.message for f in found(pack(members)) if f.code == "epub-42-fonts"]
    assert any("forbid embedding" in m for m in told)
    assert any("bytes" in m for m in told)
    members[font] = b"not a font"
    assert ("epub-42-fonts", "warning") in codes(members, pack)


def test_a_damaged_member_is_told(members: Members, pack: Pack) -> None:
    """A false checksum is a finding; the rest of the book is still looked at."""
    path = pack(members)
    data = path.read_bytes()
    checksum = zlib.crc32(members[COLOPHON]).to_bytes(4, "little")
    path.write_bytes(data.replace(checksum, b"\x00\x00\x00\x00"))
    told = [f for f in found(path) if f.code == "unreadable"]
    assert [f.place for f in told] == [f"{path}:{COLOPHON}"]
