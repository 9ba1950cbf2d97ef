"""A book bound from galleys is the book that one WeasyPrint document gives: the same words on
each page, running heads and folios with them, the same links, outline, labels, pictures."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packager.book import Book
from packager.editions.order import Order
from packager.labels import is_rtl
from packager.speech import Block, BlockKind, plain
from tests.conftest import BOOKS
from tests.press import one_document
from tests.press.books import NOTE_WORDS, book_of, noted, paragraphs, random_book, speech
from tests.press.conftest import order_for, order_of, pictures, shown
from tests.press.printed import bind

STYLES = ("classic", "plain", "documentary", "large-print")


_KOREAN = re.compile("[\uac00-\ud7a3]")
_TURNED = re.compile("[\u0590-\u08ff]")


def _comparable(words: str) -> str:
    """The words of a page without what PDFium guesses: a space between a Korean letter and a
    figure, which are of two faces; the order of lines of both directions."""
    if _TURNED.search(words):
        return "".join(sorted(filter(str.isalnum, words)))
    return "".join(words.split()) if _KOREAN.search(words) else words


def _letters(words: str) -> str:
    """The letters of a page in order, and its figures: among which of them these stand PDFium
    guesses where lines are read from right to left."""
    figures = sorted(filter(str.isdigit, words))
    return "".join([*filter(str.isalpha, words), *figures])


def agree(order: Order) -> None:
    """In this process: a pool for a book of some pages costs more than it saves. From right to
    left one glyph is drawn for both brackets, and one document tells the first of them, so there
    letters alone are compared, and pictures."""
    with ThreadPoolExecutor(1) as here:
        press = bind(replace(order, executor=here))
    one = one_document.make(order)
    bound, wanted = shown(press.data), shown(one.data)
    if is_rtl(order.book.meta.language):
        for read in (bound, wanted):
            read.words[:] = map(_letters, read.words)
    else:
        for read in (bound, wanted):
            read.words[:] = map(_comparable, read.words)
    assert bound.words == wanted.words
    assert bound.links == wanted.links
    assert bound.outline == wanted.outline
    assert bound.labels == wanted.labels
    assert bound.destinations == wanted.destinations
    assert press.sheets == one.sheets
    differing = [
        number
        for number, (ours, theirs) in enumerate(
            zip(pictures(press.data), pictures(one.data), strict=True), 1
        )
        if ours != theirs
    ]
    assert differing == []


@pytest.mark.parametrize("name", [BOOKS[0], pytest.param(BOOKS[1], marks=pytest.mark.slow)])
def test_example_books(name: str, examples: Path, cache: Path) -> None:
    agree(order_of(examples / name))


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32), documents=st.integers(1, 5), parts=st.integers(1, 3))
def test_random_books(style: str, seed: int, documents: int, parts: int, cache: Path) -> None:
    agree(order_for(random_book(seed, documents, parts), style))


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32), documents=st.integers(1, 12), parts=st.integers(1, 4))
def test_many_random_books(style: str, seed: int, documents: int, parts: int, cache: Path) -> None:
    agree(order_for(random_book(seed, documents, parts), style))


@pytest.mark.parametrize("style", ("classic", "documentary"))
def test_books_with_notes_at_the_foot(style: str, cache: Path) -> None:
    agree(order_for(noted(random_book(11, 4, 2), 11, most=2, sizes=NOTE_WORDS[:6]), style))


OWN_CSS = {
    "a folio on blank pages": "@page :blank { @bottom-center { content: 'blank ' counter(page) "
    "!important } }",
    "documents on left pages": "section.document { break-before: left !important }",
    "documents on the next page": "section.document { break-before: page !important }",
    "documents that run on": "section.document, .part-page { page: document !important } "
    "section.document { break-before: auto !important }",
    "heads on a page of their own": "h3 { break-before: right } .text { break-before: right }",
    "a running head of every paragraph": ".text p { string-set: head content() }",
    "first and last string": "@page document { @bottom-left { content: string(part, first) } "
    "@bottom-right { content: string(head, last) } @left-top { content: counter(page) } }",
    "neighbours": ".part-page + section.document { padding-top: 40pt }",
    "a background": "@page document { background: #eee } @page :left { margin-left: 30mm }",
    "a background on margin boxes": "@page document { @top-center { background: #ddd } }",
    "footnotes numbered by document": "section.document { counter-reset: footnote } "
    ".note { float: footnote }",
}


@pytest.mark.slow
@pytest.mark.parametrize("css", OWN_CSS.values(), ids=OWN_CSS)
def test_a_book_css_of_ones_own(css: str, tmp_path: Path, cache: Path) -> None:
    (tmp_path / "book.css").write_text(css, "utf-8")
    agree(order_for(random_book(7, 4, 2), "classic", tmp_path))


SCRIPTS = {
    "ko": "바다의 등대지기는 밤마다 불을 켠다. “약속한 비가 왔다”고 1921년에 Ferry Hask가 적었다. ",
    "ja": "灯台守は毎晩、灯をともす。「約束の雨が降った」と1921年にFerry Haskが書いた。直す。",
    "zh-Hant": "守燈人每夜點燈。「約定的雨來了」，一九二一年 Ferry Hask 這樣寫道。直與骨。",
    "he": "שומר המגדלור מדליק את האור בכל לילה. בשנת 1921 כתב Ferry Hask: ״הגשם בא״, ושתק. ",
    "ar": "يضيء حارس المنارة مصباحه كل ليلة، وكتب Ferry Hask سنة 1921 (في دفتره): «جاء المطر». ",
    "ru": "Смотритель зажигает маяк каждую ночь. «Дождь пришёл», — записал он в 1921 году. ",
}


def book_in(language: str) -> Book:
    """Two documents of several pages in a language, between passages in English."""
    words = [Block(BlockKind.P, plain(SCRIPTS[language] * 9)), *paragraphs(1, size=30)]
    made = book_of([speech(n, [*words, *words, *words]) for n in (1, 2)])
    return replace(made, meta=replace(made.meta, language=language))


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("language", SCRIPTS)
def test_books_of_every_script(language: str, style: str, cache: Path) -> None:
    agree(order_for(book_in(language), style))


@pytest.mark.parametrize("language", ["ko", "he"])
def test_a_book_of_another_script_in_small(language: str, cache: Path) -> None:
    agree(order_for(book_in(language), "classic"))


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_contents_of_many_pages(style: str, cache: Path) -> None:
    """Page numbers that grow the contents, and front matter that moves by a leaf for it."""
    speeches = [speech(n, paragraphs(1, n), title=f"Address {n} " * 4) for n in range(1, 61)]
    agree(order_for(book_of(speeches, 3), style))
