"""Books made of values: the same seed gives the same book."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from packager.book import Book, Document, Part
from packager.layer import Mark, MarkKind, Span
from packager.meta import Meta
from packager.speech import Block, BlockKind, Inline, InlineKind, Provenance, Speech, plain

WORDS = (
    "harbour lantern the of and a tide keeper winter ferry nine islands promised half-terrace "
    "well-watered bicentenary extraordinarily misunderstanding correspondence lighthouse rope "
    "was were have fifteen librarians “quoted” naïve coöperation Straße 1921 rain, stone; door:"
).split()
KINDS = (
    *[BlockKind.P] * 6, BlockKind.SALUTE, BlockKind.STAGE, BlockKind.QUOTE, BlockKind.VERSE,
    BlockKind.HEAD, BlockKind.LIST, BlockKind.LIST, BlockKind.SIGNED, BlockKind.NOTE,
    BlockKind.TURN,
)  # fmt: skip


def words(dice: random.Random, count: int) -> str:
    return " ".join(dice.choices(WORDS, k=count))


def block(kind: BlockKind, dice: random.Random) -> Block:
    count = dice.randint(20, 160) if kind in (BlockKind.P, BlockKind.QUOTE) else dice.randint(2, 12)
    content = plain(words(dice, count))
    if kind is BlockKind.P and dice.random() < 0.2:
        content += (
            Inline(InlineKind.TEXT, " "),
            Inline(InlineKind.EMPHASIS, words(dice, 3)),
            Inline(InlineKind.TEXT, " "),
            Inline(InlineKind.REFERENCE, "a page", target="https://example.org/page"),
            Inline(InlineKind.FOREIGN, " 바다", language="ko"),
        )
    speaker = "Ana" if kind is BlockKind.TURN else None
    return Block(kind, content, speaker=speaker)


def speech(number: int, blocks: Sequence[Block], *, title: str = "") -> Speech:
    made = Provenance(f"pages/{number}.txt", f"{number:064x}", "text", "1", outlet="Gazette")
    return Speech(
        f"undated-{number:010x}",
        title or f"Address Number {number} to the Keepers",
        tuple(blocks),
        made,
        speaker="Ana Torvald" if number % 2 else None,
    )


def book_of(speeches: Sequence[Speech], parts: int = 1, title: str = "Small Book") -> Book:
    """Speeches dealt out to parts in order; each part has at least one."""
    size = -(-len(speeches) // parts)
    documents = [Document(number, one) for number, one in enumerate(speeches, 1)]
    dealt = [documents[at : at + size] for at in range(0, len(documents), size)]
    return Book(
        Meta(title, date="2020-01-01"),
        tuple(Part(n, f"Part of Rain {n}", tuple(some)) for n, some in enumerate(dealt, 1)),
    )


def random_book(seed: int, documents: int, parts: int) -> Book:
    dice = random.Random(seed)
    speeches = [
        speech(n, [block(dice.choice(KINDS), dice) for _ in range(dice.randint(1, 14))])
        for n in range(1, documents + 1)
    ]
    return book_of(speeches, parts)


def paragraphs(count: int, seed: int = 0, size: int = 50) -> list[Block]:
    dice = random.Random(seed)
    return [Block(BlockKind.P, plain(words(dice, size) + ".")) for _ in range(count)]


NOTE_WORDS = (1, 3, 6, 12, 25, 60, 200, 700)
"""Lengths of notes: a word, a line, some lines, more than a page."""


def noted(book: Book, seed: int, *, most: int = 3, sizes: Sequence[int] = NOTE_WORDS) -> Book:
    """The book with up to `most` notes on each block, of heads and lines as of paragraphs."""
    dice = random.Random(seed)
    parts = [
        replace(part, members=tuple(_noted(one, dice, most, sizes) for one in part.documents))
        for part in book.parts
    ]
    return replace(book, parts=tuple(parts))


def _noted(document: Document, dice: random.Random, most: int, sizes: Sequence[int]) -> Document:
    marks = list(_notes(document, dice, most, sizes))
    numbered = [
        replace(mark, number=n, anchor=f"{document.anchor}-n{n}") for n, mark in enumerate(marks, 1)
    ]
    return replace(document, marks=tuple(numbered))


def _notes(
    document: Document, dice: random.Random, most: int, sizes: Sequence[int]
) -> Iterator[Mark]:
    for number, one in enumerate(document.speech.blocks):
        ends = [found.end() for found in re.finditer(r"\S+", one.text)]
        for end in sorted(set(dice.choices(ends, k=dice.randint(0, most)))):
            said = tuple(
                Block(BlockKind.P, plain(words(dice, dice.choice(sizes)) + "."))
                for _ in range(dice.choice((1, 1, 1, 2)))
            )
            yield Mark(MarkKind.NOTE, (Span(number, end - 1, end),), one.text[end - 1], "", said)
