"""The book in two languages as readers, listeners and catalogues get it."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

import packager
from packager.findings import Severity
from packager.ledger import epub_ledger
from tests.bilingual.conftest import Bilingual, copied
from tests.tags.listening import listen

XHTML = "{http://www.w3.org/1999/xhtml}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def page(built: Bilingual, name: str) -> etree._Element:
    with zipfile.ZipFile(built.epub) as archive:
        return etree.fromstring(archive.read(f"EPUB/text/{name}.xhtml"))


def test_validators_are_silent(built: Bilingual) -> None:
    for path in (built.epub, built.pdf):
        told = packager.check(path).findings
        assert [str(one) for one in told if one.severity is not Severity.NOTE] == []


@pytest.mark.parametrize("landmark", ["header", "footer", "main"])
def test_no_page_of_the_epub_has_a_landmark_twice(built: Bilingual, landmark: str) -> None:
    """A listener goes from landmark to landmark (ARIA 1.2 §5.3.4), and two of a kind without names
    sound alike."""
    with zipfile.ZipFile(built.epub) as archive:
        pages = [name for name in archive.namelist() if name.endswith(".xhtml")]
        found = {name: len(list(etree.fromstring(archive.read(name)).iter(XHTML + landmark)))
                 for name in pages}  # fmt: skip
    assert "EPUB/text/d1.xhtml" in found
    assert {name for name, times in found.items() if times > 1} == set()


def test_texts_alternate_in_the_epub_each_in_its_language(built: Bilingual) -> None:
    (pairs,) = page(built, "d2").xpath("//*[@id='d2-text']")
    shown = [(one.get("class"), one.get("lang"), one.get(XML_LANG)) for one in pairs]
    assert shown[:2] == [("text original", "ko", "ko"), ("text translation", "en", "en")]
    assert len(shown) == 2 * 10
    first, second = ("".join(one.itertext()).strip() for one in pairs[2:4])
    assert first.startswith("아홉 섬의 불빛이") and second.startswith("Not since 1921")
    assert second.endswith("by the morning ferry.")


def test_contents_name_both_heads(built: Bilingual) -> None:
    (entry,) = page(built, "nav").xpath("//*[@class='document'][@value='2']/*")
    assert " ".join("".join(entry.itertext()).split()) == (
        "등대지기 제3차 대회에서 한 개회사 Opening Speech at Third Congress of Lighthouse Keepers"
    )


def test_both_source_notes_stand_there(built: Bilingual) -> None:
    notes = page(built, "d1").xpath("//*[contains(@class, 'source-note')]")
    files = [re.search(r"File (\S+)\.", "".join(one.itertext())) for one in notes]
    assert [one[1] for one in files if one] == [
        "archive/2020-05-03-greeting-ko.md",
        "archive/2020-05-04-greeting-en.md",
    ]


def test_the_page_list_is_that_of_the_pdf(built: Bilingual) -> None:
    items = page(built, "nav").xpath("//*[@role='doc-pagelist']//*[local-name()='a']")
    with pikepdf.open(built.pdf) as pdf:
        filled = [one for one in pdf.pages if pikepdf.Name.StructParents in one.obj]
    assert len(items) == len({one.text for one in items})
    assert len(filled) == len(items) + 1  # the cover has no number


def test_a_word_that_the_translation_lacks_is_told(built: Bilingual, tmp_path: Path) -> None:
    spoiled = tmp_path / "spoiled.epub"
    with zipfile.ZipFile(built.epub) as old, zipfile.ZipFile(spoiled, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"the sea was asleep", b"the sea"))
    told = {entry.document: entry.difference for entry in epub_ledger(spoiled, built.book)}
    assert told[1] is None and told[3] is None
    assert told[2] and "the speech has “was asleep as" in told[2]


def test_a_listener_gets_the_texts_in_their_languages(built: Bilingual) -> None:
    tree = listen(built.pdf.read_bytes())
    divisions = [one for one in tree.all("Div") if str(one.entry.get("/Lang", "")) == "ko"]
    korean = " ".join(one.text() for one in divisions)
    assert "대회의 개회를 선언합니다." in korean and not re.search("[a-z]", korean)
    heard = tree.text()
    turns = ["아홉 섬의 불빛이", "Not since 1921", "우리 앞에는", "Three questions"]
    at = [heard.index(words) for words in turns]
    assert at == sorted(at)


def test_the_outline_names_both(built: Bilingual) -> None:
    with pikepdf.open(built.pdf) as pdf, pdf.open_outline() as outline:
        titles = [below.title for one in outline.root for below in one.children]
    assert "겨울 배에 대한 편지" in titles
    assert (
        "대회 참가자들에게 보낸 축하문 / Message of Greeting to Participants in Congress" in titles
    )


def test_two_builds_are_the_same_byte_for_byte(built: Bilingual, tmp_path: Path) -> None:
    toml = copied(tmp_path / built.pdf.parents[1].name, built.layout)
    for made in packager.build(toml, environ={}):
        other = built.epub if made.edition == "epub" else built.pdf
        assert made.path.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("form", ["csl", "bibtex", "ris", "jsonld", "jsonl", "tei", "markdown"])
def test_data_has_both_texts(form: str, built: Bilingual) -> None:
    data = packager.export(built.book, form)
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = b"".join(archive.read(one) for one in archive.namelist())
    said = data.decode()
    if form in ("csl", "jsonld", "jsonl"):
        said = said.encode().decode("unicode_escape", "ignore") if "\\u" in said else said
    assert "등대지기 제3차 대회에서 한 개회사" in said
    assert "Opening Speech at Third Congress of Lighthouse Keepers" in said


def test_catalogues_name_both_languages(built: Bilingual) -> None:
    with zipfile.ZipFile(built.epub) as archive:
        package = etree.fromstring(archive.read("EPUB/content.opf"))
    assert package.xpath("//*[local-name()='language']/text()") == ["en", "ko"]
    assert "Document 2: Rope Street Gazette" in " ".join(
        package.xpath("//*[local-name()='source']/text()")
    )


def test_the_chronology_names_both_texts_each_in_its_language(built: Bilingual) -> None:
    rows = page(built, "chronology").xpath("//*[@class='entry']")
    heads = [
        (one.head, one.translation.head if one.translation else None)
        for one in built.book.documents
    ]
    said = {"".join(row.itertext()) for row in rows}
    assert said == {f"{head} / {other}" if other else head for head, other in heads}
    languages = {other.get("lang") for row in rows for other in row.iter(f"{XHTML}span")} - {None}
    assert languages == {one.translation.speech.language for one in built.book.documents
                         if one.translation}  # fmt: skip
