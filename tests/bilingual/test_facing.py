"""Facing pages: in step, whole, and those of one WeasyPrint document."""

from __future__ import annotations

import random
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from packager.book import Book, Document
from packager.editions.order import Order
from packager.ledger import pdf_ledger
from packager.pagelist import letters_of, page_breaks
from packager.pdftext import PdfText, stream
from packager.render import renderer, spine
from packager.setting import Setting
from packager.speech import Block, BlockKind
from tests.bilingual.books import book_of_pairs, noted, pair_of, speech_in
from tests.press.books import KINDS, block
from tests.press.conftest import order_for
from tests.press.printed import Printed, bind
from tests.press.test_oracle import STYLES, agree

LONG = [20, 400, 700, 250, 20, 900, 1500, 300, 60, 5200, 300]
"""Salutations, paragraphs, and one that fills more than a page."""


def bound(book: Book, style: str = "classic") -> tuple[Order, Printed, PdfText]:
    order = order_for(book, style)
    with ThreadPoolExecutor(1) as here:
        made = bind(replace(order, executor=here))
    return order, made, made.text(order.style.geometry)


def beginnings(document: Document, text: PdfText, made: Printed) -> list[tuple[float, float]]:
    """For each opening, at which unit its left and its right page begin."""
    first, last = made.sheets[document.anchor], made.sheets["d1-t-source"]
    pages = [stream([page]).letters for page in text.pages[first - 1 : last]]
    sides = []
    for turn, one in enumerate(document.texts):
        whole = "".join(re.sub(r"[\s\-]", "", each.text) for each in one.speech.blocks)
        starts = [0]
        for each in one.speech.blocks:
            starts.append(starts[-1] + len(re.sub(r"[\s\-]", "", each.text)))
        at = [whole.find(page[:20]) for page in pages[turn + 2 :: 2]]
        sides.append([_unit(letter, starts) for letter in at])
    return list(zip(*sides, strict=True))


def _unit(letter: int, starts: list[int]) -> float:
    number = max(n for n, start in enumerate(starts[:-1]) if start <= letter)
    return number + (letter - starts[number]) / (starts[number + 1] - starts[number])


def test_every_opening_has_the_same_passages_on_both_sides(cache: Path) -> None:
    document = pair_of(1, LONG)
    _, made, text = bound(book_of_pairs([document]))
    assert made.sheets["d1"] % 2 == 0
    assert made.sheets["d1-t"] == made.sheets["d1"] + 1
    found = beginnings(document, text, made)
    assert len(found) > 4
    for left, right in found:
        assert abs(left - right) < 0.12
        assert (left == int(left)) == (right == int(right))


def test_pages_are_filled(cache: Path) -> None:
    """Of each opening the fuller page has at least three quarters of its lines."""
    dice = random.Random(2)
    document = pair_of(1, [dice.randint(30, 1200) for _ in range(30)])
    _, made, text = bound(book_of_pairs([document]))
    pages = text.pages[made.sheets["d1"] + 1 : made.sheets["d1-source"] - 1]
    lines = [sum(1 for line in page if line.strip()) for page in pages]
    fuller = [max(pair) for pair in zip(lines[::2], lines[1::2], strict=True)]
    assert min(fuller) >= 33 * 0.75


@pytest.mark.parametrize("languages", [("ko", "en"), ("en", "fr"), ("ar", "en")])
def test_the_bound_book_is_that_of_one_document(languages: tuple[str, str], cache: Path) -> None:
    single = Document(3, speech_in("en", 3, [300, 200]))
    pairs = [noted(pair_of(1, LONG[:8], languages)), pair_of(2, [100], languages)]
    agree(order_for(book_of_pairs([*pairs, single, pair_of(4, [90, 80], languages)]), "classic"))


def test_a_book_that_is_read_from_right_to_left(cache: Path) -> None:
    """Its versos are right pages: the original stands there, before its translation."""
    book = book_of_pairs([pair_of(1, LONG[:7], ("ar", "en"))], language="ar")
    order, made, text = bound(book)
    assert made.sheets["d1"] % 2 == 0
    assert [entry.difference for entry in pdf_ledger(text, order.book, made.sheets)] == [None]
    agree(order)


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_in_every_style_with_notes(style: str, cache: Path) -> None:
    agree(order_for(book_of_pairs([noted(pair_of(1, LONG)), pair_of(2, [900, 60])]), style))


@pytest.mark.parametrize("style", ["classic", "plain"])
def test_every_word_of_both_texts_stands_there(style: str, cache: Path) -> None:
    order, made, text = bound(book_of_pairs([noted(pair_of(1, LONG)), pair_of(2, [40])]), style)
    assert [entry.difference for entry in pdf_ledger(text, order.book, made.sheets)] == [None] * 2


def test_a_word_that_lacks_is_told(cache: Path) -> None:
    order, made, text = bound(book_of_pairs([pair_of(1, [300, 300])]))
    (document,) = order.book.documents
    other = document.translation
    assert other
    more = replace(other.speech, blocks=(*other.speech.blocks, *speech_in("en", 9, [50]).blocks))
    whole = replace(document, translation=replace(other, speech=more))
    (entry,) = pdf_ledger(text, book_of_pairs([whole]), made.sheets)
    assert entry.difference and "the speech has" in entry.difference


def random_pair(seed: int) -> Document:
    """Blocks of all kinds, whose translation joins, divides and leaves out some."""
    dice = random.Random(seed)
    document = pair_of(1, [100])
    texts = []
    for text in document.texts:
        blocks: list[Block] = [block(dice.choice(KINDS), dice) for _ in range(dice.randint(1, 18))]
        texts.append(replace(text, speech=replace(text.speech, blocks=tuple(blocks))))
    return replace(texts[0], translation=texts[1])


@pytest.mark.parametrize("seed", [1, pytest.param(3, marks=pytest.mark.slow)])
def test_texts_of_any_shape(seed: int, cache: Path) -> None:
    document = random_pair(seed)
    assert any(one.kind is not BlockKind.P for one in document.speech.blocks)
    order, made, text = bound(book_of_pairs([document]))
    (entry,) = pdf_ledger(text, order.book, made.sheets)
    assert entry.difference is None
    agree(order)


def test_the_page_list_has_every_page_in_the_order_of_the_epub(cache: Path) -> None:
    """Also where a passage takes more than a page: the EPUB has it whole in one language first."""
    document = noted(pair_of(1, LONG))
    order, made, text = bound(book_of_pairs([document]))
    page = renderer(order.book, order.style, Setting("epub", "2021-01-01"))
    (item,) = [one for one in spine(order.book) if one.name == "d1"]
    letters = letters_of(page(item), notes=False)
    breaks = page_breaks(text, made.sheets, [("d1", letters)], ["d1"])["d1"]
    first, last = made.sheets["d1"], made.sheets["d1-t-source"]
    assert {one.folio for one in breaks} == set(text.labels[first - 1 : last])
    assert [one.letter for one in breaks] == sorted(one.letter for one in breaks)
    for one in breaks[2:]:
        sheet = text.labels.index(one.folio)
        assert letters[one.letter :].startswith(stream([text.pages[sheet]]).letters[:12])


def test_an_edit_of_one_pair_sets_that_alone_anew(cache: Path) -> None:
    pairs = [pair_of(n, [200, 300]) for n in (1, 2)]
    bound(book_of_pairs(pairs))
    other = pair_of(2, [200, 310], seed=5)
    with ThreadPoolExecutor(1) as here:
        made = bind(replace(order_for(book_of_pairs([pairs[0], other]), "classic"), executor=here))
    assert "d1" not in made.set_anew and "d2" in made.set_anew
