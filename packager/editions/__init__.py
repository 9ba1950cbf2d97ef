"""Editions: what a book becomes; this table, and what every edition is made from.

    epub      EPUB 3.3, for reading systems and libraries
    screen    PDF for the screen, bound by the press: bookmarks, links, tags; PDF/A-3a and PDF/UA-1
    archive   the same pages for archives, with their sources: PDF/A-4f, PDF/UA-2, WTPDF 1.0
    print     PDF/X for a printer: the pages of the screen edition, without the cover
    cover     PDF/X of the cover for the print edition: back, spine, front

Each edition is a function that makes one file of the same book, style and fonts.
"""

from __future__ import annotations

from collections.abc import Callable

from packager.editions import archive, cover, epub, prepress, press
from packager.editions.order import Made, Order

EDITIONS: dict[str, Callable[[Order], Made]] = {
    "epub": epub.make,
    "screen": press.bind,
    "archive": archive.make,
    "print": prepress.make,
    "cover": cover.make,
}
"""The name of an edition -> the function that makes it."""

SUFFIXES = {
    "epub": ".epub",
    "screen": "-screen.pdf",
    "archive": "-archive.pdf",
    "print": "-print.pdf",
    "cover": "-cover.pdf",
}
"""What follows the folder's name in the name of the edition's file."""

LEANS_ON = {"epub": "screen", "archive": "screen", "print": "screen", "cover": "print"}
"""The edition that must be there first (an EPUB without page list needs none)."""
