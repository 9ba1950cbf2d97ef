"""A finished PDF read back: the lines of each page's type area, and the page labels.

PDFium reads, which had no part in making the file. Running heads and folios lie outside the
type area and are not read. A `Stream` is the text of some pages without white space: what can be
compared although lines end elsewhere than words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2

from packager.style import Geometry

SLACK = 4
"""Points by which letters may reach out of the type area; running matter keeps 12 pt off it."""
MADE_HYPHEN = "\u2010"
"""What WeasyPrint draws where it hyphenates a word."""
_WRITTEN_HYPHEN = "\x02"
"""What PDFium reports for a hyphen of the text (U+002D) at the end of a line, and for that end."""
IGNORED = dict.fromkeys(
    map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)
"""Marks of direction: they order letters on the page and have no place in words read back."""


@dataclass(frozen=True, slots=True)
class PdfText:
    """The lines of every page, and the label (ISO 32000-1 §12.4.2) of every page."""

    pages: tuple[tuple[str, ...], ...]
    labels: tuple[str, ...]


def read_pdf(data: bytes, geometry: Geometry) -> PdfText:
    """The text of a PDF whose pages have this geometry."""
    pdf = pypdfium2.PdfDocument(data)
    try:
        pages = tuple(_lines(pdf, number, geometry) for number in range(len(pdf)))
        return PdfText(pages, tuple(pdf.get_page_label(number) for number in range(len(pdf))))
    finally:
        pdf.close()


def _lines(pdf: pypdfium2.PdfDocument, number: int, geometry: Geometry) -> tuple[str, ...]:
    page = pdf[number]
    text = page.get_textpage()
    try:
        point = 72 / 25.4
        left, bottom, right, top = page.get_trimbox()
        found: str = text.get_text_bounded(
            left=left,
            bottom=bottom + geometry.bottom * point - SLACK,
            right=right,
            top=top - geometry.top * point + SLACK,
        )
    finally:
        text.close()
        page.close()
    return tuple(found.replace("\r\n", "\n").replace(_WRITTEN_HYPHEN, "-\n").split("\n"))


@dataclass(frozen=True, slots=True)
class Stream:
    """Text without white space; `spaces` and `ends` say before which letters some stood, inside
    a line and at its end; `pages` says with which letter each page begins."""

    letters: str
    spaces: frozenset[int]
    ends: frozenset[int]
    pages: tuple[int, ...]


def stream(pages: Sequence[Sequence[str]]) -> Stream:
    """The lines of pages as one stream, the hyphens that the layout made undone.

    >>> stream([["a pa\u2010"], ["per boat"]])
    Stream(letters='apaperboat', spaces=frozenset({1, 6}), ends=frozenset({0, 3}), pages=(0, 3))
    """
    letters: list[str] = []
    spaces: set[int] = set()
    ends: set[int] = set()
    starts: list[int] = []
    size = 0
    for page in pages:
        starts.append(size)
        for line in page:
            words = line.translate(IGNORED).split()
            for n, word in enumerate(words):
                if n == len(words) - 1:
                    word = word.removesuffix(MADE_HYPHEN)
                (spaces if n else ends).add(size)
                letters.append(word)
                size += len(word)
    return Stream("".join(letters), frozenset(spaces), frozenset(ends), tuple(starts))
