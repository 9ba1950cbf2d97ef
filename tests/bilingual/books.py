"""Bilingual books made of values: a text, and one that says as much in another script."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from packager.book import Book, Document, Part
from packager.layer import Mark, MarkKind, Span
from packager.meta import Meta
from packager.speech import Block, BlockKind, Provenance, Speech, plain
from tests.press.books import words

SYLLABLES = "가나다라마바사아자차카타파하등대바람섬불빛밤배안개물결"
LETTERS = {"ar": "ابتثجحدرسشصعفقكلمنهوي"}
RATIO = {"ko": 0.42, "en": 1.0, "fr": 1.15, "ar": 0.8}
"""How long a text is beside one in English that says the same."""


def text_in(language: str, size: int, dice: random.Random) -> str:
    """Words of about so many letters of English."""
    size = max(2, round(size * RATIO[language]))
    if language in ("en", "fr"):
        out = ""
        while len(out) < size:
            out += f"{words(dice, 1)} "
        return out.strip() + "."
    letters = LETTERS.get(language, SYLLABLES)
    made: list[str] = []
    while sum(map(len, made)) < size:
        made.append("".join(dice.choices(letters, k=dice.randint(1, 5))))
    return " ".join(made) + "."


def speech_in(language: str, number: int, sizes: Sequence[int], seed: int = 0) -> Speech:
    dice = random.Random(f"{language}{number}{seed}")
    made = Provenance(f"pages/{number}-{language}.txt", f"{number:064x}", "text", "1")
    blocks = [
        Block(BlockKind.SALUTE if size < 30 else BlockKind.P, plain(text_in(language, size, dice)))
        for size in sizes
    ]
    title = {"ko": f"등대지기에게 한 연설 제{number}호", "ar": f"خطاب إلى الحراس {number}"}.get(
        language, f"Address Number {number} to the Keepers of the Outer Lights"
    )
    return Speech(f"undated-{number}{language}", title, tuple(blocks), made, language=language)


def pair_of(
    number: int, sizes: Sequence[int], languages: tuple[str, str] = ("ko", "en"), seed: int = 0
) -> Document:
    first, second = (speech_in(language, number, sizes, seed) for language in languages)
    return Document(number, first, translation=Document(number, second, second=True))


def noted(document: Document) -> Document:
    """A note at the end of every second block, in Latin letters."""
    marks = []
    for n, block in enumerate(document.speech.blocks[::2]):
        end = len(block.text)
        said = (Block(BlockKind.P, plain(f"Note {n} on the lamp, which was lit. " * (n % 5 + 1))),)
        span = Span(2 * n, end - 1, end)
        anchor = f"{document.anchor}-n{n + 1}"
        marks.append(Mark(MarkKind.NOTE, (span,), block.text[-1], "", said, n + 1, anchor))
    other = document.translation and noted(document.translation)
    return replace(document, marks=tuple(marks), translation=other)


def book_of_pairs(
    documents: Sequence[Document], *, facing: bool = True, language: str = "en"
) -> Book:
    meta = Meta("Two Tongues", language=language, date="2021-01-01")
    return Book(meta, (Part(1, "The Lamps", tuple(documents)),), facing=facing)
