"""Editions: what a book becomes; this table, and what every edition is made from.

    epub      EPUB 3.3, for reading systems and libraries
    screen    PDF for the screen: bookmarks, links, PDF/UA-1 tags
    print     PDF/X for a printer: the pages of the screen edition, without the cover
    cover     PDF/X of the cover for the print edition: back, spine, front

Each edition is a function that makes one file of the same book, style and fonts.
"""

from __future__ import annotations

from collections.abc import Callable

from packager.editions import cover, epub, prepress, screen
from packager.editions.order import Made, Order

EDITIONS: dict[str, Callable[[Order], Made]] = {
    "epub": epub.make,
    "screen": screen.make,
    "print": prepress.make,
    "cover": cover.make,
}
"""The name of an edition -> the function that makes it."""

SUFFIXES = {"epub": ".epub", "screen": "-screen.pdf", "print": "-print.pdf", "cover": "-cover.pdf"}
"""What follows the folder's name in the name of the edition's file."""

LEANS_ON = {"epub": "screen", "print": "screen", "cover": "print"}
"""The edition that must be there first (an EPUB without page list needs none)."""
