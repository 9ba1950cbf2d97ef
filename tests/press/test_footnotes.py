"""Notes at the foot of the page, read from the finished PDF: each begins on the page of its call,
later only where those before it fill the foot, goes on in order, and has the foot to itself."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from packager.book import Book
from packager.layer import Mark
from packager.ledger import pdf_ledger
from packager.pdftext import stream
from packager.style import known_styles, load_style
from tests.press.books import NOTE_WORDS, noted, random_book
from tests.press.conftest import order_for
from tests.press.pages import lines_of
from tests.press.printed import Printed, bind

NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""A book takes a second to set: it is given up as it was found."""
FOOT = [name for name in known_styles() if load_style(name).notes == "foot"]


def bound(book: Book, style: str, folder: Path | None = None) -> Printed:
    with ThreadPoolExecutor(1) as here:
        return bind(replace(order_for(book, style, folder), executor=here))


def sound(book: Book, style: str) -> Printed:
    """Bind a book and ask of its notes all that is asked of notes."""
    made = bound(book, style)
    geometry = load_style(style).geometry
    text = made.text(geometry)
    told = [one.difference or "" for one in pdf_ledger(text, book, made.sheets)]
    assert "".join(one for one in told if "바다" not in one) == ""  # no font here has these letters
    feet = [stream([notes]).letters for notes in text.notes]
    for document in book.documents:
        ends = 0
        for mark in document.marked("note"):
            called, at = made.sheets[f"{mark.anchor}-mark"], made.sheets[mark.anchor]
            full = ends > called or made.feet.get(called, 0) > geometry.height * 72 / 25.4 / 2
            assert at == called or (at > called and full), f"{mark.anchor}: {called}, {at}"
            ends = end_of(mark, feet, at)
    low, high = geometry.bottom * 72 / 25.4, (geometry.height - geometry.top) * 72 / 25.4
    for sheet, lines in enumerate(lines_of(made.data), 1):
        bases = [line.base for line in lines if low - 1 < line.base < high]
        foot = made.feet.get(sheet, low)
        assert all(base > foot + 3 for base in bases if base > foot), f"text in the foot of {sheet}"
        if sheet in made.feet:
            assert min(bases) < low + 7, f"notes of {sheet} do not stand on the bottom"
    return made


def end_of(mark: Mark, feet: Sequence[str], at: int) -> int:
    """The page that the note ends on, which begins on `at` and goes on at the foot of the next."""
    words = "".join((str(mark.number), *(one.text for one in mark.note)))
    left = words.replace(" ", "").replace("-", "")
    assert left[:2] in feet[at - 1]
    while left not in feet[at - 1]:
        here = next(n for n in range(len(left), 0, -1) if feet[at - 1].endswith(left[:n]))
        left = left[here:]
        at += 1
    return at


@pytest.mark.parametrize("style", FOOT)
@settings(
    max_examples=3,
    phases=NO_SHRINKING,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_notes_of_random_books(style: str, seed: int, cache: Path) -> None:
    sound(noted(random_book(seed, 2, 1), seed), style)


@pytest.mark.parametrize("style", FOOT)
def test_short_notes_stand_where_they_are_called(style: str, cache: Path) -> None:
    """Where no note is longer than some lines none waits, however many there are."""
    made = sound(book := noted(random_book(5, 3, 1), 5, most=5, sizes=NOTE_WORDS[:6]), style)
    for mark in (one for document in book.documents for one in document.marked("note")):
        assert made.sheets[mark.anchor] == made.sheets[f"{mark.anchor}-mark"]


@pytest.mark.slow
@pytest.mark.parametrize("style", FOOT)
@settings(
    max_examples=80,
    phases=NO_SHRINKING,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(6720, 6)  # a note that ends pages behind the beginning of the next document
@given(seed=st.integers(0, 2**32), most=st.integers(1, 6))
def test_notes_of_many_random_books(style: str, seed: int, most: int, cache: Path) -> None:
    sound(noted(random_book(seed, 4, 1), seed, most=most), style)
