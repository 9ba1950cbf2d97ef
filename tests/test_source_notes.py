"""The notes that a source itself has: small below their paragraph, tied to their calls."""

from __future__ import annotations

import zipfile

import pytest
from lxml import etree

import packager
from packager.findings import Severity
from packager.layer import Piece, PrintedBlock, pieces
from packager.source_notes import tied
from packager.speech import Block, BlockKind, Inline, InlineKind
from tests.conftest import small_book

LETTER = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>To the
Ferrymen</title></titleStmt></fileDesc></teiHeader><text><body><div>
<note n="0" place="foot" xml:id="whole">Read aloud in the sail loft.</note>
<p>The old pier,<note n="4" xml:id="pier">Taken down in 1911.</note> and the new one,<note n="5"
xml:id="new">Begun in the <hi rend="italic">same</hi> year.</note> are ours. So is the light.<ref
type="note" target="#pier">4</ref></p>
<list><item><label>1.</label>Rope<note n="175a" xml:id="rope"><hi rend="italic">Of</hi>
hemp.</note></item></list>
<p>We wait.</p></div></body></text></TEI>"""
XHTML = {"h": "http://www.w3.org/1999/xhtml"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, packager.Built]:
    folder = tmp_path_factory.mktemp("notes")
    book = small_book(folder)
    (folder / "pages" / "letter.xml").write_text(LETTER, "utf-8")
    return {
        one.edition: one for one in packager.build(book, editions=["epub", "screen"], environ={})
    }


@pytest.fixture(scope="module")
def page(made: dict[str, packager.Built]) -> etree._Element:
    with zipfile.ZipFile(made["epub"].path) as archive:
        return etree.fromstring(archive.read("EPUB/text/d1.xhtml"))


def test_each_note_leads_back_to_its_call(page: etree._Element) -> None:
    notes = page.xpath("//h:aside[@role='doc-footnote']", namespaces=XHTML)
    assert [" ".join("".join(note.itertext()).split()) for note in notes] == [
        "4 Taken down in 1911.",
        "5 Begun in the same year.",
        "175a Of hemp.",
    ]
    for note in notes:
        (call,) = page.xpath("//h:a[@href=$to]", to=f"#{note.get('id')}", namespaces=XHTML)
        (back,) = note.xpath(".//h:a[@role='doc-backlink']", namespaces=XHTML)
        assert call.get("role") == "doc-noteref"
        assert back.get("href") == f"#{call.get('id')}"
        assert back.text == call.text


def test_a_note_without_a_call_is_no_footnote_that_readers_would_hide(
    page: etree._Element,
) -> None:
    (loose,) = page.xpath("//h:p[contains(., 'sail loft')]", namespaces=XHTML)
    assert loose.get("class") == "note"


def test_a_call_whose_note_is_not_there_leads_nowhere() -> None:
    call = Inline(InlineKind.NOTE_REFERENCE, "7", target="elsewhere")
    (block,) = tied((PrintedBlock(BlockKind.P, (call,)),), "d1")
    assert [(run.text, run.target) for run in block.content] == [("7", None)]


def test_validators_are_silent(made: dict[str, packager.Built]) -> None:
    for one in made.values():
        report = packager.check(one.path)
        told = [str(found) for found in report if found.severity is not Severity.NOTE]
        assert told == []


def test_calls_are_pieces_of_their_own_wherever_they_stand() -> None:
    call = Inline(InlineKind.NOTE_REFERENCE, "4", target="n")
    text = Inline(InlineKind.TEXT, "pier")
    wrapped = Inline(InlineKind.EMPHASIS, content=(text, call))
    block = Block(BlockKind.LIST, (text, call, wrapped), marker="1.")
    assert [piece for piece in pieces([block], ()) if piece.text] == [
        Piece("1. pier"),
        Piece("4", raised=True),
        Piece("pier"),
        Piece("4", raised=True),
        Piece("\n", ends=True),
    ]
