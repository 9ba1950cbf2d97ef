"""A finished PDF read back: the lines of each page's type area, and the page labels.

PDFium reads, which had no part in making the file. Running heads and folios lie outside the
type area and are not read. A `Stream` is the text of some pages without white space and hyphens:
what can be compared although lines end elsewhere than words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pypdfium2

from packager.style import Geometry

SLACK = 4
"""Points by which letters may reach out of the type area; running matter keeps 12 pt off it."""
HYPHENS = "-\u00ad\u2010"
"""Hyphens of the text and of the layout. At the end of a line nobody can tell them apart, PDFium
neither; so they are compared apart from the letters, by where they stand."""
_HYPHENS = frozenset(HYPHENS)
_LINE_END_HYPHEN = "\x02"
"""What PDFium reports for a hyphen (U+002D or U+00AD) at the end of a line, and for that end."""
IGNORED = dict.fromkeys(
    map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)
"""Marks of direction: they order letters on the page and have no place in words read back."""


@dataclass(frozen=True, slots=True)
class PdfText:
    """The lines of every page, its label (ISO 32000-1 §12.4.2), and the lines of the notes at its
    foot, which are not among the others."""

    pages: tuple[tuple[str, ...], ...]
    labels: tuple[str, ...]
    notes: tuple[tuple[str, ...], ...]


def read_pdf(path: Path, geometry: Geometry, feet: tuple[tuple[int, float], ...] = ()) -> PdfText:
    """The text of a PDF whose pages have this geometry; `feet` says how far above the bottom of a
    sheet, counted from 1, notes begin, in points. The last one is kept: the page list of an EPUB
    and the ledger ask for the same."""
    stat = path.stat()
    return _read(path, (stat.st_ino, stat.st_mtime_ns, stat.st_size), geometry, feet)


@lru_cache(maxsize=1)
def _read(
    path: Path, _: tuple[int, ...], geometry: Geometry, feet: tuple[tuple[int, float], ...]
) -> PdfText:
    point = 72 / 25.4
    low, high = geometry.bottom * point - SLACK, geometry.top * point - SLACK
    begins = dict(feet)
    pdf = pypdfium2.PdfDocument(path)
    try:
        sheets = range(len(pdf))
        pages = tuple(_lines(pdf, n, begins.get(n + 1, low), high) for n in sheets)
        tall = geometry.height * point
        notes = tuple(
            _lines(pdf, n, low, tall - begins[n + 1]) if n + 1 in begins else () for n in sheets
        )
        return PdfText(pages, tuple(map(pdf.get_page_label, sheets)), notes)
    finally:
        pdf.close()


def _lines(pdf: pypdfium2.PdfDocument, number: int, low: float, high: float) -> tuple[str, ...]:
    """The lines between `low` above the bottom and `high` below the top of a page's trim."""
    page = pdf[number]
    text = page.get_textpage()
    try:
        left, bottom, right, top = page.get_trimbox()
        found: str = text.get_text_bounded(
            left=left, bottom=bottom + low, right=right, top=top - high
        )
    finally:
        text.close()
        page.close()
    return tuple(found.replace("\r\n", "\n").replace(_LINE_END_HYPHEN, "-\n").split("\n"))


@dataclass(frozen=True, slots=True)
class Stream:
    """Text without white space and hyphens.

    `spaces` and `ends` say before which letters white space stood, inside a line and at its end;
    `hyphens` and `broken` before which a hyphen, inside a line and at its end, as often as it
    did; `pages` with which letter each page begins.
    """

    letters: str
    spaces: frozenset[int]
    ends: frozenset[int]
    pages: tuple[int, ...]
    hyphens: tuple[int, ...] = ()
    broken: tuple[int, ...] = ()


def stream(pages: Sequence[Sequence[str]]) -> Stream:
    """The lines of pages as one stream.

    >>> stream([["a well-kept pa\u00ad"], ["per boat"]])
    Stream(letters='awellkeptpaperboat', spaces=frozenset({1, 9, 14}), ends=frozenset({0, 11}), \
pages=(0, 11), hyphens=(5,), broken=(11,))
    """
    letters: list[str] = []
    spaces: set[int] = set()
    ends: set[int] = set()
    starts: list[int] = []
    hyphens: list[int] = []
    broken: list[int] = []
    size = 0
    for page in pages:
        starts.append(size)
        for line in page:
            words = line.translate(IGNORED).split()
            for n, word in enumerate(words):
                (spaces if n else ends).add(size)
                bare, inside, last = without_hyphens(word)
                hyphens.extend(size + at for at in inside)
                (broken if n == len(words) - 1 else hyphens).extend([size + len(bare)] * last)
                letters.append(bare)
                size += len(bare)
    return Stream(
        "".join(letters),
        frozenset(spaces),
        frozenset(ends),
        tuple(starts),
        tuple(hyphens),
        tuple(broken),
    )


def without_hyphens(word: str) -> tuple[str, list[int], int]:
    """A word's letters, before which of them hyphens stand, and how many stand behind the last.

    >>> without_hyphens("half-time-")
    ('halftime', [4], 1)
    """
    if _HYPHENS.isdisjoint(word):  # nearly all of the words of a book
        return word, [], 0
    letters: list[str] = []
    found: list[int] = []
    for char in word:
        if char in HYPHENS:
            found.append(len(letters))
        else:
            letters.append(char)
    inside = [at for at in found if at < len(letters)]
    return "".join(letters), inside, len(found) - len(inside)
