"""What is set anew, and why: only what changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import packager
from packager.book import Book, Document
from packager.editions.paper import lay_out
from packager.editions.press.plan import page_of
from packager.errors import EditionError
from packager.speech import Block, BlockKind, plain
from tests.conftest import SPEECH, small_book
from tests.press.books import book_of, paragraphs, speech
from tests.press.conftest import order_for
from tests.press.printed import bind


@pytest.fixture
def book() -> Book:
    return book_of([speech(n, paragraphs(8, n)) for n in range(1, 5)], 2)


def edited(book: Book, number: int, blocks: list[Block]) -> Book:
    """The book with other words in one document."""

    def new(document: Document) -> Document:
        if document.number != number:
            return document
        return replace(document, speech=replace(document.speech, blocks=tuple(blocks)))

    return replace(
        book,
        parts=tuple(replace(part, members=tuple(map(new, part.documents))) for part in book.parts),
    )


def test_everything_is_new_once_and_then_nothing(book: Book, cache: Path) -> None:
    order = order_for(book, "classic")
    first, again = bind(order), bind(order)
    assert first.work == "15 of 15 galleys set anew (new)"
    assert first.layers_anew == 15
    assert again.work == "0 of 15 galleys set anew"
    assert again.layers_anew == 0


def test_a_word_costs_one_document(book: Book, cache: Path) -> None:
    bind(order_for(book, "classic"))
    blocks = paragraphs(8, 2)
    blocks[3] = Block(BlockKind.P, plain("Rain " + blocks[3].text.split(" ", 1)[1]))
    made = bind(order_for(edited(book, 2, blocks), "classic"))
    assert made.set_anew == {"d2": "text changed"}
    assert made.layers_anew == 0
    assert made.work == "1 of 15 galleys set anew (text changed)"


@pytest.mark.slow
def test_a_leaf_more_costs_the_document_the_contents_and_later_folios(
    book: Book, cache: Path
) -> None:
    bind(order_for(book, "classic"))
    made = bind(order_for(edited(book, 3, paragraphs(30, 3)), "classic"))
    assert set(made.set_anew) >= {"d3", "nav"}
    assert not set(made.set_anew) & {"d1", "d2", "d4", "part2"}
    assert 0 < made.layers_anew < 15


@pytest.mark.slow
def test_a_style_costs_everything(book: Book, cache: Path, tmp_path: Path) -> None:
    bind(order_for(book, "classic"))
    (tmp_path / "book.css").write_text(".text p { color: #222 }", "utf-8")
    made = bind(order_for(book, "classic", tmp_path))
    assert made.work == "15 of 15 galleys set anew (style changed)"


def test_what_was_thrown_away_is_made_again(book: Book, cache: Path) -> None:
    order = order_for(book, "classic")
    bind(order)
    for path in cache.rglob("*"):
        if path.is_file() and path.suffix != ".json":
            path.unlink()
    assert bind(order).work == "15 of 15 galleys set anew (no longer in the cache)"


@pytest.mark.slow
def test_documents_that_run_on_are_one_galley(book: Book, cache: Path) -> None:
    order = order_for(book, "plain")
    assert bind(order).work == "11 of 11 galleys set anew (new)"
    changed = bind(order_for(edited(book, 1, paragraphs(8, 9)), "plain"))
    assert set(changed.set_anew) == {"part1"}


def test_the_summary_of_a_build_tells_what_was_set(tmp_path: Path, cache: Path) -> None:
    book = small_book(tmp_path / "book", one=SPEECH)
    first, again = (packager.build(book, editions=["screen"], environ={}) for _ in range(2))
    assert first[0].work == "11 of 11 galleys set anew (new)"
    assert again[0].work == "0 of 11 galleys set anew"
    assert first[0].sha256 == again[0].sha256


def test_an_error_in_a_galley_names_the_document(book: Book, cache: Path, tmp_path: Path) -> None:
    (tmp_path / "book.css").write_text(
        "#d2 .text { background: url(https://example.org/paper.png) }", "utf-8"
    )
    with pytest.raises(EditionError) as caught:
        bind(order_for(book, "classic", tmp_path))
    assert str(caught.value) == (
        "d2 (“Address Number 2 to the Keepers”) cannot be set: the book asked for "
        "https://example.org/paper.png, which it does not hold; "
        "take the address out of the style or book.css"
    )


def test_a_fault_of_the_style_is_told_every_time(book: Book, cache: Path, tmp_path: Path) -> None:
    """Stylesheets are read once a process; one that cannot be read is no less a fault then."""
    (tmp_path / "book.css").write_text("@import url(more.css);", "utf-8")
    order = order_for(book, "classic", tmp_path)
    for _ in range(2):
        with pytest.raises(EditionError, match=r"more\.css"):
            lay_out(order, [page_of("<p>Rain</p>")])
