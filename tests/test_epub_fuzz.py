"""Whatever the words are, the EPUB holds them and our points are silent, or a finding or an
error says what was refused."""

from __future__ import annotations

import datetime as dt
import tempfile
import zipfile
from pathlib import Path

import pytest
from ebooklib import epub as reader
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import packager
from packager.book import Book, Document, Part
from packager.check import epubcheck, points, prose
from packager.editions import epub
from packager.editions.order import Order
from packager.errors import CollectionError
from packager.filters import grouped
from packager.findings import Report, Severity
from packager.layer import woven
from packager.ledger import epub_ledger
from packager.meta import Meta
from packager.reading import read
from packager.speech import Block, BlockKind, plain
from packager.style import load_style
from tests.conftest import small_book

WORDS = st.sampled_from(
    [
        "friends",
        "<b>bold</b> & \"quoted\" 'twice' ]]> {{ 7 * 7 }} {% raw %}",
        "한국어 연설",
        "演説と演说",
        "خطاب عام",
        "נאום",
        "உரை",
        "\u202eback\u202c \u2067in\u2069 \u200fand\u200e",
        "\U00010348\U0001f600\U00020000",
        "e\u0301\u0323 \u1112\u1161\u11ab",
        "w" * 300,
        "\u00ad\u200b\u2060\u00a0\u3000",
    ]
)
LINES = st.lists(st.one_of(WORDS, st.text(max_size=12)), min_size=1, max_size=4).map(" ".join)
FEW = settings(
    deadline=None, max_examples=4, database=None, suppress_health_check=list(HealthCheck)
)
MANY = settings(FEW, max_examples=150)
OWN = {"epub-42-fonts"}
"""No font is embedded here, so that the tests stay quick."""
SUSPECT = "epub-36-characters"
"""Told of words that look like mark-up or like letters lost; they are printed all the same."""


def made_of(folder: Path, title: str, speaker: str, text: str) -> tuple[Book, Path] | None:
    """A book over one page of these words, and its EPUB; None where the page was refused."""
    page = folder / "a.txt"
    head = f"Title: {_line(title)}\nSpeaker: {_line(speaker)}\nDate: 3 May 2019\n\n"
    page.write_text(f"{head}Dear gardeners,\n\n{text}\n\nThank you.\n", "utf-8")
    report = Report()
    speeches = list(read(page, report=report, base=folder))
    if not speeches:
        assert report.findings, "a page that gives nothing is told"
        return None
    documents = tuple(Document(n, speech) for n, speech in enumerate(speeches, 1))
    meta = Meta(
        speeches[0].title, publisher="Press", rights="Free", editors=("E",), date="2020-01-01"
    )
    book = Book(meta, (Part(1, speeches[0].title, documents),))
    when = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    epub.make(Order(book, load_style("classic"), (), when, beside=folder / "book.epub"))
    return book, folder / "book.epub"


def _line(text: str) -> str:
    return " ".join(text.split()) or "-"


def assert_sound(title: str, speaking: str, text: str, *, judges: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = made_of(Path(folder), title, speaking, text)
        if made is None:
            return
        book, path = made
        assert all(entry.equal for entry in epub_ledger(path, book))
        found = list(points.validate(path)) + (list(epubcheck.validate(path)) if judges else [])
        odd = any(pattern.search(f"{title} {speaking} {text}") for pattern, *_ in prose.SUSPECT)
        passed = OWN | ({SUSPECT} if odd else set())
        loud = [f for f in found if f.severity is not Severity.NOTE and f.code not in passed]
        assert [str(f) for f in loud if f.code != "tool-missing"] == []
        other = reader.read_epub(str(path))
    assert _value(other, "title") == book.meta.title
    speaker = next(book.documents).speech.speaker
    assert _value(other, "creator") == (speaker or "E"), "the editor stands where no one speaks"


def _value(book: reader.EpubBook, name: str) -> str | None:
    return next((value for value, _ in book.get_metadata("DC", name)), None)


@FEW
@example(title="<b>bold</b> & {{ 7 }}", speaker="Ada &amp; Co", text="]]> <p>friends</p>")
@example(title="friends", speaker="\u00ad\u200b\u2060\u00a0\u3000", text="friends")
@given(title=LINES, speaker=LINES, text=LINES)
def test_any_words_reach_the_book_whole(title: str, speaker: str, text: str) -> None:
    assert_sound(title, speaker, text, judges=False)


@pytest.mark.slow
@MANY
@given(title=LINES, speaker=LINES, text=LINES)
def test_many_words_and_epubcheck(title: str, speaker: str, text: str) -> None:
    assert_sound(title, speaker, text, judges=True)


@pytest.mark.parametrize("letter", ["\\u0007", "\\u200b\\u0000", "\\uFFFE"])
def test_a_title_that_no_book_can_hold_is_refused(tmp_path: Path, letter: str) -> None:
    book = small_book(tmp_path / "b", one="Title: A\nDate: 3 May 2019\n\nDear all,\n\nIt rains.\n")
    book.write_text(book.read_text("utf-8").replace("Small Book", f"Small {letter}"), "utf-8")
    with pytest.raises(CollectionError, match=r"book\.toml:2"):
        packager.build(book, editions=["epub"])


def test_no_member_of_the_archive_stands_there_twice(tmp_path: Path) -> None:
    made = made_of(tmp_path, "A", "B", "It rains.")
    assert made is not None
    names = zipfile.ZipFile(made[1]).namelist()
    assert len(names) == len(set(names))


def test_heads_never_jump_a_level() -> None:
    heads = [Block(BlockKind.HEAD, plain(name), level=n) for name, n in (("A", 4), ("B", 6))]
    blocks = (*heads, Block(BlockKind.P, plain("It rains.")), heads[0])
    assert [group.depth for group in grouped(woven(blocks)) if group.kind == "head"] == [1, 2, 1]
