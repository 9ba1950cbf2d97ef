"""Pages as a reader sees them, in every style: lines in register, none stranded, no head at the
foot, no page for a line or for the source note alone. Read from where the letters stand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from packager.book import Abbreviation, Book, Erratum, Matter, Person, Plate, Volume
from packager.cache import Kept
from packager.collation import Reading, Variant, Witness
from packager.headings import IndexEntry
from packager.speech import Block, BlockKind, Inline, InlineKind, Picture, plain
from packager.style import Geometry, known_styles, load_style
from tests.drawn import picture
from tests.press.books import NOTE_WORDS, WORDS, book_of, noted, paragraphs, random_book, speech
from tests.press.conftest import order_for
from tests.press.pages import Line, lines_of
from tests.press.printed import Printed, bind

LEADING = {"classic": 14, "plain": 14, "documentary": 14, "large-print": 27}
SIZE = {"classic": 10.5, "plain": 9.5, "documentary": 10, "large-print": 18}
"""Leading and size of the text, in points."""
STYLES = [
    pytest.param(name, marks=pytest.mark.slow) if name == "plain" else name for name in LEADING
]
"""`plain` takes three times as long as the others."""
POINT = 72 / 25.4


@dataclass(frozen=True)
class Page:
    """A page of the documents: its lines of text in the size of the text, from the top, and all
    lines above the notes at its foot."""

    sheet: int
    text: list[Line]
    lines: list[Line]


def test_every_style_is_looked_at() -> None:
    assert set(LEADING) == set(known_styles())


def bound(book: Book, style: str) -> Printed:
    with ThreadPoolExecutor(1) as here:
        return bind(replace(order_for(book, style), executor=here))


def pages(made: Printed, style: str) -> Iterator[Page]:
    """The pages from the first document to the chronology."""
    page: Geometry = load_style(style).geometry
    top, low = (page.height - page.top) * POINT, page.bottom * POINT - 1
    for sheet, lines in enumerate(lines_of(made.data), 1):
        if made.sheets["d1"] <= sheet < made.sheets["chronology"]:
            inside = [one for one in lines if made.feet.get(sheet, low) < one.base < top]
            yield Page(sheet, [one for one in inside if abs(one.size - SIZE[style]) < 0.2], inside)


def off(line: Line, style: str) -> float:
    """How far a line stands from the nearest line of the grid, in points."""
    page = load_style(style).geometry
    ruled = (line.base - (page.height - page.top) * POINT) / LEADING[style]
    first = FIRST.setdefault(style, ruled % 1)
    away = (ruled - first) % 1
    return min(away, 1 - away) * LEADING[style]


FIRST: dict[str, float] = {}
"""Where in a line the first line of text of a style was found to stand."""


def in_register(book: Book, style: str) -> None:
    """All lines on the grid; salutations and directions may stand between two halves of a line."""
    made = bound(book, style)
    kinds = (BlockKind.SALUTE, BlockKind.STAGE)
    blocks = [one for document in book.documents for one in document.speech.blocks]
    apart = [bare(one.text) for one in blocks if one.kind in kinds]
    for page in pages(made, style):
        for line in page.text:
            if (away := off(line, style)) > 0.3:
                where = f"{style}, page {page.sheet}: “{line.text}” is {away:.1f} pt off"
                assert any(bare(line.text) in one for one in apart), where
                assert abs(away - LEADING[style] / 2) < 0.3, where


NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""A book takes a second to set: it is given up as it was found."""
EXAMPLES = settings(
    max_examples=1,
    phases=NO_SHRINKING,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
MANY = settings(
    max_examples=40,
    phases=NO_SHRINKING,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def small(seed: int, documents: int = 2) -> Book:
    return noted(random_book(seed, documents, 1), seed, most=1, sizes=NOTE_WORDS[:5])


@pytest.mark.parametrize("style", STYLES)
@EXAMPLES
@given(seed=st.integers(0, 2**32))
def test_lines_stand_in_register(style: str, seed: int, cache: Path) -> None:
    in_register(small(seed), style)


def everything() -> Book:
    """A book with all that styles set small: notes of the source, apparatus, lists, guide letters,
    what other volumes hold."""
    call = Inline(InlineKind.NOTE_REFERENCE, "4", target="four")
    noted_block = Block(BlockKind.P, (*plain("Rope for the ferry."), call))
    notes = [Block(BlockKind.NOTE, plain(f"{n} Of hemp."), ident=n) for n in ("four", "loose")]
    texts = [[noted_block, *notes, *paragraphs(2, seed)] for seed in range(3)]
    book = book_of([speech(n, blocks) for n, blocks in enumerate(texts, 1)])
    made = book.parts[0].documents[0].speech.provenance
    documents = tuple(
        replace(
            one,
            witnesses=(Witness("B", "Another Address", made),),
            variants=(Variant(1, "Rope", (Reading("Hemp", ("B",)),)),),
        )
        for one in book.documents
    )
    parts = (replace(book.parts[0], members=documents),)
    elsewhere = replace(documents[0], number=9)
    other = Volume(2, (replace(parts[0], members=(elsewhere,)),), frozenset({9}))
    return replace(
        book,
        meta=replace(book.meta, collection="Small Books", volume=1, lccn="2021938475"),
        parts=parts,
        volumes=(Volume(1, parts, frozenset({1, 2, 3})), other),
        persons=(Person("Ana Torvald", "born 1950", ("Keeper",), documents), Person("Odo Fenn")),
        matter=(
            Matter("abbreviations", "Abbreviations",
                   abbreviations=(Abbreviation("TF", (Block(BlockKind.P, plain("Tide")),)),)),
            Matter("errata", "Errata",
                   errata=(Erratum("e:1", "2020-02-01", "rope", "hemp", "the cover"),)),
        ),
        index=tuple(
            IndexEntry(f"{chr(65 + n)}nn", ("d1",), letter=chr(65 + n), anchor=f"index-{n + 1}")
            for n in range(25)
        ),
    )  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
def test_lines_stand_in_register_around_pictures(style: str, cache: Path) -> None:
    """Of any size; the caption of one has several lines."""
    book = book_of([speech(1, paragraphs(9, 1)), speech(2, paragraphs(9, 2))])
    sizes = [(70, 65), (333, 217), (900, 1411), (1800, 190), (640, 427)]
    documents = tuple(
        replace(
            one,
            plates=tuple(
                plate(n, size, "The ferry, " * 4 * n + "seen from the quay")
                for n, size in enumerate(sizes)
            ),
        )
        for one in book.documents
    )
    in_register(replace(book, parts=(replace(book.parts[0], members=documents),)), style)


def plate(at: int, size: tuple[int, int], caption: str) -> Plate:
    """A picture before a block."""
    data = picture("PNG", size)
    whole = Picture(at, "a.png", hashlib.sha256(data).hexdigest(), "image/png", *size)
    kept = Kept((), Path(), data)
    name = f"p-{whole.sha256[:16]}.png"
    return Plate(at, whole, name, "image/png", *size, "A ferry", caption, kept)


@pytest.mark.parametrize("style", STYLES)
def test_lines_stand_in_register_below_an_apparatus(style: str, cache: Path) -> None:
    in_register(everything(), style)


def test_nothing_in_large_print_is_under_16_points(cache: Path) -> None:
    small = [
        f"{line.size:.1f} pt on {sheet}: {line.text}"
        for sheet, lines in enumerate(lines_of(bound(everything(), "large-print").data), 1)
        for line in lines
        if line.size < 15.9
    ]
    assert small == []


@pytest.mark.slow
@pytest.mark.parametrize("style", LEADING)
@MANY
@given(seed=st.integers(0, 2**32))
def test_lines_of_many_books_stand_in_register(style: str, seed: int, cache: Path) -> None:
    in_register(small(seed), style)


@pytest.mark.parametrize("style", STYLES)
@EXAMPLES
@given(seed=st.integers(0, 2**32))
def test_nothing_is_stranded(style: str, seed: int, cache: Path) -> None:
    not_stranded(small(seed), style)


@pytest.mark.slow
@pytest.mark.parametrize("style", LEADING)
@MANY
@example(seed=11375855)  # a paragraph whose last line is the figures of a year
@given(seed=st.integers(0, 2**32))
def test_nothing_is_stranded_in_many_books(style: str, seed: int, cache: Path) -> None:
    not_stranded(small(seed), style)


def not_stranded(book: Book, style: str) -> None:
    """No line of a paragraph alone at either end of a page, no head at its foot, and text above
    every source note."""
    made = bound(book, style)
    found = {page.sheet: page for page in pages(made, style)}
    whole = style != "large-print"  # whose source notes are longer than a page and may break
    for document in book.documents if whole else ():
        sheet = made.sheets[f"{document.anchor}-source"]
        note = next(line for line in found[sheet].lines if line.text.startswith("Source"))
        above = [line for line in found[sheet].lines if line.base > note.base]
        assert above, f"{style}: the source note of {document.anchor} is alone on {sheet}"
    for page in found.values():
        stranded(page, book, style)


def stranded(page: Page, book: Book, style: str) -> None:
    """Ask of the last and the first lines of a page."""
    if not page.text:
        return
    where = f"{style}, page {page.sheet}"
    blocks = [one for document in book.documents for one in document.speech.blocks]
    last, first = page.text[-1], page.text[0]
    if page.lines[-1] == last:
        heads = [one.text for one in blocks if one.kind is BlockKind.HEAD]
        assert not any(is_in(last, one) for one in heads), f"{where} ends with a head"
        assert not any(begins(last, one.text) for one in blocks if is_long(one)), f"{where} orphan"
    more = page.text[1:2] and not bare(page.text[1].text)  # a line of figures, which do not count
    alone = any(ends(first, one.text) for one in blocks if is_long(one))
    assert more or not alone, f"{where} widow"


def is_long(block: Block) -> bool:
    """True for a paragraph of more than a line in every style."""
    return block.kind is BlockKind.P and len(block.text) > 110


def bare(text: str) -> str:
    return "".join(char for char in text if char.isalpha())


LONGEST = max(len(bare(word)) for word in WORDS)
"""A line of one word says nothing: any text may hold that word."""


def is_in(line: Line, text: str) -> bool:
    return len(bare(line.text)) > LONGEST and bare(line.text).lower() in bare(text).lower()


def begins(line: Line, text: str) -> bool:
    return len(bare(line.text)) > LONGEST and bare(text).startswith(bare(line.text))


def ends(line: Line, text: str) -> bool:
    return len(bare(line.text)) > LONGEST and bare(text).endswith(bare(line.text))
