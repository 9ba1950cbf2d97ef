"""The EPUB as a reading system, a library and a validator meet it."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from ebooklib import epub
from fontTools.ttLib import TTFont
from lxml import etree
from PIL import Image

import packager
from packager.book import Book, Document, Part
from packager.check import ace
from packager.errors import CollectionError
from packager.findings import Report, Severity
from packager.meta import Meta
from packager.pdftext import read_pdf
from packager.render import renderer, spine
from packager.setting import Setting
from packager.speech import Block, BlockKind, Provenance, Speech, plain
from packager.style import load_style
from tests.conftest import SPEECH, BuiltBook, forbidden, small_book

STYLES = {"harbour-lights": "classic", "plain-words": "plain"}
XHTML = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_validator_is_silent(built: BuiltBook) -> None:
    report = packager.check(built.epub)
    told = [finding for finding in report if finding.code != "tool-missing"]
    assert [str(one) for one in told if one.severity is not Severity.NOTE] == []


@pytest.mark.slow
def test_ace_by_daisy_is_silent(built: BuiltBook) -> None:
    if not (shutil.which("ace-cli") and shutil.which("chromium")):
        pytest.skip("Ace by DAISY (npm: @daisy/ace-cli) or Chromium is not installed")
    assert [str(finding) for finding in ace.validate(built.epub)] == []


def test_the_container_is_laid_down_as_the_standard_says(built: BuiltBook) -> None:
    with zipfile.ZipFile(built.epub) as archive:
        entries = archive.infolist()
    assert entries[0].filename == "mimetype"
    assert entries[0].compress_type == zipfile.ZIP_STORED
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}
    assert not any(entry.extra for entry in entries)


def test_every_page_is_what_the_templates_gave_but_for_the_page_breaks(built: BuiltBook) -> None:
    found = members(built.epub)
    names = [name for name in found if name.startswith("EPUB/text/")]
    assert names == [f"EPUB/text/{item.href}" for item in spine(built.book)]
    setting = Setting("epub", "2000-01-01")
    page = renderer(built.book, load_style(STYLES[built.name]), setting)
    marker = re.compile(rb'<span epub:type="pagebreak"[^>]*></span>')
    for item in spine(built.book):
        if item.template != "document":
            continue
        written = marker.sub(b"", found[f"EPUB/text/{item.href}"])
        assert _body(written) == _body(page(item))


def _body(xhtml: bytes) -> bytes:
    body = etree.fromstring(xhtml).find(f"{XHTML}body")
    return etree.tostring(body, method="c14n").strip()


def test_an_independent_library_reads_the_same_metadata(built: BuiltBook) -> None:
    book = epub.read_epub(str(built.epub))
    meta = built.book.meta
    assert next(value for value, _ in book.get_metadata("DC", "title")) == meta.title
    assert book.get_metadata("DC", "identifier")[0][0] == meta.urn
    assert book.get_metadata("DC", "language")[0][0] == meta.language
    assert book.get_metadata("DC", "publisher")[0][0] == meta.publisher
    speakers = {d.speech.speaker for d in built.book.documents if d.speech.speaker}
    assert {value for value, _ in book.get_metadata("DC", "creator")} == speakers
    assert {value for value, _ in book.get_metadata("DC", "contributor")} == set(meta.editors)


def test_the_contents_name_every_part_and_document_in_order(built: BuiltBook) -> None:
    root = etree.fromstring(members(built.epub)["EPUB/text/nav.xhtml"])
    toc = root.find(f".//{XHTML}nav")
    labels = ["".join(link.itertext()) for link in toc.iter(f"{XHTML}a")]
    titles = {page.name: page.title for page in built.book.matter}
    wanted = [titles[name] for name in ("foreword", "abbreviations") if name in titles]
    wanted += ["Speakers"] if built.book.persons else []
    wanted += ["On this edition"]
    for part in built.book.parts:
        wanted += [part.title, *(document.head for document in part.documents)]
    index = ["Index"] if built.book.index else []
    assert labels == [*wanted, "Chronology", "Sources", *index, "Colophon"]
    numbers = [item.get("value") for item in toc.iter(f"{XHTML}li") if item.get("value")]
    assert numbers == [str(document.number) for document in built.book.documents]


def test_the_ncx_says_the_same_for_old_readers(built: BuiltBook) -> None:
    root = etree.fromstring(members(built.epub)["EPUB/toc.ncx"])
    ncx = "{http://www.daisy.org/z3986/2005/ncx/}"
    labels = [text.text for text in root.find(f"{ncx}navMap").iter(f"{ncx}text")]
    assert [head for head in labels if head in {d.head for d in built.book.documents}] == [
        document.head for document in built.book.documents
    ]


def test_the_cover_is_1500_by_2400_and_described(built: BuiltBook) -> None:
    found = members(built.epub)
    picture = Image.open(io.BytesIO(found["EPUB/images/cover.png"]))
    assert (picture.size, picture.mode) == ((1500, 2400), "RGB")
    assert f'alt="Cover: {built.book.meta.title}' in found["EPUB/text/cover.xhtml"].decode()


def test_fonts_hold_every_letter_of_the_documents(built: BuiltBook) -> None:
    found = members(built.epub)
    fonts = [TTFont(io.BytesIO(data)) for name, data in found.items() if "/fonts/" in name]
    known = {chr(code) for font in fonts for code in font.getBestCmap()}
    letters = {
        char
        for document in built.book.documents
        for char in document.speech.text
        if not char.isspace()
    }
    if any(0xAC00 <= ord(char) <= 0xD7A3 for char in letters - known):
        pytest.skip("the Korean font (Debian: fonts-noto-cjk) is not installed")
    assert letters - known == set()


def test_nothing_of_the_pages_furniture_is_in_any_file(built: BuiltBook) -> None:
    text = " ".join(
        "".join(etree.fromstring(data).itertext())
        for name, data in members(built.epub).items()
        if name.endswith(".xhtml")
    )
    words = " ".join(text.split())
    for phrase in forbidden():
        assert phrase not in words


def test_every_document_says_where_it_came_from(built: BuiltBook) -> None:
    found = members(built.epub)
    for document in built.book.documents:
        made = document.speech.provenance
        root = etree.fromstring(found[f"EPUB/text/{document.anchor}.xhtml"])
        (note,) = root.xpath(f"//*[@id='{document.anchor}-source']")
        words = " ".join("".join(note.itertext()).split())
        assert made.sha256 in words.replace(" ", "")
        for value in (made.outlet, made.url, document.speech.title):
            assert value is None or value in words
        for cut in made.cut:
            assert f"{cut.kind} ({cut.words}" in words
        assert words.count("Also the same words") == len(document.captures)


def test_every_page_of_the_pdf_that_holds_text_is_listed_once(built: BuiltBook) -> None:
    root = etree.fromstring(members(built.epub)["EPUB/text/nav.xhtml"])
    (pages,) = root.xpath("//*[@role='doc-pagelist']")
    listed = ["".join(link.itertext()) for link in pages.iter(f"{XHTML}a")]
    text = read_pdf(built.pdf, load_style(STYLES[built.name]).geometry)
    printed = [
        label
        for label, lines in zip(text.labels, text.pages, strict=True)
        if label != "Cover" and "".join(lines).strip()
    ]
    assert listed == printed


def test_each_page_break_stands_before_the_word_that_opens_the_printed_page(
    built: BuiltBook,
) -> None:
    """The printed page is read by another program; a word hyphenated over two pages has the
    break after it, so its end may come first on paper."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (Debian: poppler-utils) is not installed")
    run = subprocess.run(["pdftotext", built.pdf, "-"], capture_output=True, text=True, check=True)
    labels = read_pdf(built.pdf, load_style(STYLES[built.name]).geometry).labels
    printed = dict(zip(labels, (_squeezed(page) for page in run.stdout.split("\f")), strict=False))
    found = members(built.epub)
    checked = 0
    for document in built.book.documents:
        root = etree.fromstring(found[f"EPUB/text/{document.anchor}.xhtml"])
        for marker in root.xpath("//*[@role='doc-pagebreak']"):
            after = _squeezed("".join(marker.xpath("following::text()")))[:30]
            before = _squeezed("".join(marker.xpath("preceding::text()")))[-30:]
            page = printed[marker.get("aria-label")]
            assert after in page
            assert before == "" or before + after not in page
            at = page.index(after)
            assert at <= 90, "only a running head and the end of a word may stand before it"
            checked += 1
    assert checked >= len(list(built.book.documents))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u2010\u00ad-]+", "", text)


def test_a_book_without_page_list_claims_none(tmp_path: Path) -> None:
    book = small_book(tmp_path / "b", more="[edition.epub]\npage-list = false\n", one=SPEECH)
    (made,) = packager.build(book)
    found = members(made.path)
    assert b"doc-pagebreak" not in b"".join(found.values())
    package = found["EPUB/content.opf"].decode()
    assert "pageBreak" not in package and "pageNavigation" not in package


def test_archive_text_is_never_markup(tmp_path: Path) -> None:
    hostile = (
        'Title: <script>alert(1)</script> & "friends" {{ 7 * 7 }}\nDate: 3 May 2019\n\n'
        "Dear <b>gardeners</b>,\n\n<img src=x onerror=alert(1)> {% raw %} &amp; ]]> stays text.\n"
    )
    book = small_book(tmp_path / "b", one=hostile)
    (made,) = packager.build(book, editions=["epub"])
    page = members(made.path)["EPUB/text/d1.xhtml"]
    root = etree.fromstring(page)
    (text,) = root.xpath("//*[@id='d1-text']")
    assert (
        "".join(text.itertext()).split()
        == (
            "Dear <b>gardeners</b>, <img src=x onerror=alert(1)> {% raw %} &amp; ]]> stays text."
        ).split()
    )
    assert [str(f) for f in packager.check(made.path).errors] == []


def test_a_speech_in_another_language_is_marked(tmp_path: Path) -> None:
    book = small_book(tmp_path / "b", one=SPEECH.replace("Source:", "Language: de\nSource:"))
    (made,) = packager.build(book, editions=["epub"])
    found = members(made.path)
    root = etree.fromstring(found["EPUB/text/d1.xhtml"])
    (text,) = root.xpath("//*[@id='d1-text']")
    assert text.get("lang") == text.get("{http://www.w3.org/XML/1998/namespace}lang") == "de"
    package = etree.fromstring(found["EPUB/content.opf"])
    assert [one.text for one in package.iter(f"{DC}language")] == ["en", "de"]


def test_letters_without_a_font_are_told(tmp_path: Path) -> None:
    report = Report()
    book = small_book(tmp_path / "b", one=SPEECH + "\nA Gothic letter: \U00010348.\n")
    packager.build(book, editions=["epub"], report=report)
    assert [finding.code for finding in report if finding.severity is not Severity.NOTE] == [
        "letters-without-font"
    ]


CLAIM = 'conforms-to = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"\n'


def test_conformance_is_claimed_only_with_the_name_of_who_certified_it(tmp_path: Path) -> None:
    signed = f'[edition.epub]\npage-list = false\n{CLAIM}certified-by = "Ann Ferry"\n'
    (made,) = packager.build(small_book(tmp_path / "signed", more=signed, one=SPEECH))
    package = members(made.path)["EPUB/content.opf"].decode()
    assert "WCAG 2.2 Level AA" in package and ">Ann Ferry<" in package
    assert [str(f) for f in packager.check(made.path).errors] == []
    unsigned = small_book(tmp_path / "unsigned", more=f"[edition.epub]\n{CLAIM}", one=SPEECH)
    with pytest.raises(CollectionError, match="who certified it"):
        packager.build(unsigned)


def test_a_link_to_a_source_outlives_it(tmp_path: Path) -> None:
    archived = "https://web.archive.org/web/20200304050607/https://terrace.example/a"
    speech = SPEECH.replace("Source:", f"URL: {archived}\nSource:")
    (made,) = packager.build(small_book(tmp_path / "b", one=speech), editions=["epub"])
    root = etree.fromstring(members(made.path)["EPUB/text/d1.xhtml"])
    (link,) = [link for link in root.iter(f"{XHTML}a") if link.get("data-originalurl")]
    assert link.get("href") == link.get("data-versionurl") == archived
    assert link.get("data-originalurl") == "https://terrace.example/a"
    assert link.get("data-versiondate") == "2020-03-04"


def test_lists_of_a_large_book_are_several_pages_and_name_every_document_once() -> None:
    made = Provenance("a.txt", "0" * 64, "text", "1", outlet="Gazette")
    blocks = (Block(BlockKind.P, plain("It rains.")),)
    documents = tuple(
        Document(n, Speech(f"x-{n}", f"Speech {n}", blocks, made)) for n in range(1, 2001)
    )
    book = Book(Meta("Rain"), (Part(1, "All", documents),))
    page = renderer(book, load_style("classic"), Setting("epub", "2000-01-01"))
    for name in ("chronology", "sources"):
        items = [item for item in spine(book) if item.template == name]
        assert [item.name for item in items] == [name, f"{name}-2", f"{name}-3"]
        roots = [etree.fromstring(page(item)) for item in items]
        assert [root.xpath("string(//*[@id=$id])", id=f"{item.name}-head")
                for root, item in zip(roots, items, strict=True)] == [
            f"{name.capitalize()}, {n} of 3" for n in (1, 2, 3)
        ]  # fmt: skip
        links = [href for root in roots for href in root.xpath("//@href") if href[0] == "d"]
        assert sorted(links) == sorted(f"d{n}.xhtml" for n in range(1, 2001))
