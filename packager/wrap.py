"""The sheet of a cover: back, spine and front side by side, and the barcode on the back.

Lengths in mm from the upper left corner of the trimmed sheet; sizes of type in points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import zint

from packager.meta import Meta
from packager.preset import Press
from packager.style import Geometry

MODULE = 0.33
"""The width of the narrowest bar at the nominal size (GS1 General Specifications, EAN-13)."""
LARGEST, SMALLEST = 13.0, 6.5
"""Type on a spine in points; smaller it is not readable on a shelf."""
LONGEST_BLURB = 1200
"""Letters of a description that the back has room for above the barcode, on an A5 page."""
LETTER = 0.55
"""Width of a letter in em, measured on letterspaced small capitals of the text faces."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One black bar."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Digit:
    """One digit under the bars (over those of the add-on): its middle and its baseline."""

    text: str
    middle: float
    baseline: float


@dataclass(frozen=True, slots=True)
class Barcode:
    """An EAN-13, with its light margins, as bars and digits."""

    width: float
    height: float
    bars: tuple[Bar, ...]
    digits: tuple[Digit, ...]


@dataclass(frozen=True, slots=True)
class Wrap:
    """The cover of one book: where its panels begin, whether the spine carries words."""

    page: Geometry
    spine: float
    bleed: float
    safe: float
    spine_type: float
    right_bound: bool
    barcode: Barcode | None
    isbn: str | None

    @property
    def width(self) -> float:
        """The trimmed sheet: two pages and the spine."""
        return round(2 * self.page.width + self.spine, 2)

    @property
    def back(self) -> float:
        """Where the back begins."""
        return round(self.page.width + self.spine, 2) if self.right_bound else 0

    @property
    def front(self) -> float:
        """Where the front begins."""
        return 0 if self.right_bound else round(self.page.width + self.spine, 2)

    @property
    def folds(self) -> tuple[float, float]:
        """Where the sheet is folded around the spine."""
        return self.page.width, round(self.page.width + self.spine, 2)


def wrap_of(meta: Meta, page: Geometry, press: Press, pages: int, *, right_bound: bool) -> Wrap:
    """The cover for an interior of so many pages."""
    rules = press.preset.cover
    spine = press.spine(pages)
    isbn = meta.isbns.get("print")
    words = " ".join((meta.title, *meta.editors, meta.publisher or ""))
    wide_enough = spine >= rules.spine_text and pages >= rules.spine_pages
    size = spine_type(spine - 2 * rules.spine_safe, page.height - 4 * rules.safe, len(words) + 6)
    return Wrap(
        page=page,
        spine=spine,
        bleed=rules.bleed,
        safe=rules.safe,
        spine_type=size if wide_enough else 0,
        right_bound=right_bound,
        barcode=barcode(isbn, press.price) if isbn else None,
        isbn=isbn,
    )


def spine_type(room: float, length: float, letters: int) -> float:
    """The size in points of a line of so many letters on a spine; 0 where none can be read.

    `room` is the width of the spine between its safe margins, `length` how long a line may be.

    >>> spine_type(14, 190, 40), spine_type(3, 190, 40), spine_type(2, 190, 40)
    (13.0, 7.09, 0)
    """
    point = 25.4 / 72
    size = min(LARGEST, room / point / 1.2, length / point / (letters * LETTER))
    return round(size, 2) if size >= SMALLEST else 0


def barcode(isbn: str, price: str | None = None) -> Barcode:
    """The EAN-13 of an ISBN with a right check digit, and the five digits of a price beside it.

    >>> len(barcode("978-99999-0-001-0").digits)
    13
    """
    symbol = zint.Symbol()
    symbol.symbology = zint.Symbology.ISBNX
    digits = re.sub(r"\D", "", isbn)
    symbol.encode(f"{digits}+{price}" if price else digits)
    symbol.buffer_vector()
    drawn = symbol.vector
    unit = MODULE / 2  # zint draws a module two units wide
    bars = tuple(
        Bar(*(round(n * unit, 4) for n in (bar.x, bar.y, bar.width, bar.height)))
        for bar in drawn.rectangles
    )
    found = [_spread(text.text, text.x, text.y, unit) for text in drawn.strings]
    return Barcode(
        width=round(drawn.width * unit, 4),
        height=round(drawn.height * unit, 4),
        bars=bars,
        digits=tuple(digit for group in found for digit in group),
    )


def _spread(text: str, middle: float, baseline: float, unit: float) -> list[Digit]:
    """The digits of a group over the modules that they stand for: 7 each, 9 in an add-on; the
    first digit of all stands alone, left of the bars."""
    pitch = {1: 0, 6: 14, 5: 18}[len(text)]
    first = middle - pitch * (len(text) - 1) / 2 - (4 if len(text) == 1 else 0)
    return [
        Digit(one, round((first + pitch * n) * unit, 3), round(baseline * unit, 3))
        for n, one in enumerate(text)
    ]
