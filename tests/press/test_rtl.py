"""Books that are read from right to left: rows, numbers and heads stand mirrored in all styles."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from packager.dates import read_date
from packager.ledger import pdf_ledger
from packager.speech import Block, BlockKind, Inline, InlineKind, plain
from packager.style import load_style
from tests.press.books import book_of, paragraphs, speech
from tests.press.conftest import order_for
from tests.press.pages import Line, lines_of
from tests.press.printed import bind

HEBREW = "שומר המגדלור מדליק את האור בכל לילה, והגשם בא. "
OTHERS = ("classic", "plain", "large-print")


def lines(style: str, language: str) -> list[Line]:
    """The lines of a book of two speeches of some pages, as an eye sees them: from the left."""
    blocks = [Block(BlockKind.P, plain(HEBREW * 40)) for _ in range(6)]
    said = [
        replace(
            speech(n, blocks, title=f"Address {n}"), place="Orrin", date=read_date("3 May 2019")
        )
        for n in (1, 2)
    ]
    book = book_of(said)
    book = replace(book, meta=replace(book.meta, language=language))
    with ThreadPoolExecutor(1) as here:
        made = bind(replace(order_for(book, style), executor=here))
    return [line for page in lines_of(made.data) for line in page]


def seen(lines: list[Line], pattern: str) -> list[str]:
    """The lines that have it, white space taken out."""
    shown = ["".join(line.text.split()) for line in lines]
    return [one for one in shown if re.search(pattern, one)]


def mirrored(style: str) -> None:
    found = lines(style, "he")
    row = seen(found, "Address2")[0]
    assert re.fullmatch(r"[1-9]\d*Address22?", row), f"{style}: folio, title, number: {row}"
    places = [one for one in seen(found, "Orrin") if "2019" in one and len(one) < 30]
    assert places and all(one.endswith("Orrin") for one in places), f"{style}: {places}"


def test_rows_are_mirrored_in_documentary(cache: Path) -> None:
    mirrored("documentary")


@pytest.mark.slow
@pytest.mark.parametrize("style", OTHERS)
def test_rows_are_mirrored(style: str, cache: Path) -> None:
    mirrored(style)


def test_the_number_of_a_document_stands_in_the_outer_margin_of_the_text(cache: Path) -> None:
    """Of 'documentary'; the second document begins on a page that has text."""
    for language, side in (("en", -1), ("he", 1)):
        found = lines("documentary", language)
        numbers = [line for line in found if line.text.strip() == "2"]
        whole = [line for line in found if line.right - line.left > 200]
        left, right = min(line.left for line in whole), max(line.right for line in whole)
        beyond = [one.left < left - 10 if side < 0 else one.right > right + 10 for one in numbers]
        assert any(beyond), f"{language}: {numbers}"


@pytest.mark.parametrize("word", [" שלום", " привет", "\u00a0שלום "])
def test_a_space_at_the_edge_of_a_run_of_another_language_is_read_back(
    word: str, cache: Path
) -> None:
    content = (
        Inline(InlineKind.TEXT, "Read this "),
        Inline(InlineKind.REFERENCE, "a page", target="https://example.org/page"),
        Inline(InlineKind.FOREIGN, word, language="he" if "ש" in word else "ru"),
    )
    book = book_of([speech(1, [Block(BlockKind.P, content), *paragraphs(1)])])
    with ThreadPoolExecutor(1) as here:
        made = bind(replace(order_for(book, "classic"), executor=here))
    told = pdf_ledger(made.text(load_style("classic").geometry), book, made.sheets)
    assert [one.difference for one in told] == [None]
