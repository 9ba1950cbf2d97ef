"""Editions: what a book becomes; this table, and what every edition is made from.

    epub      EPUB 3.3, for reading systems and libraries
    screen    PDF for the screen, bound by the press: bookmarks, links, PDF/UA-1 tags

Each edition is a function that makes one file of the same book, style and fonts.
"""

from __future__ import annotations

from collections.abc import Callable

from packager.editions import epub, press
from packager.editions.order import Made, Order

EDITIONS: dict[str, Callable[[Order], Made]] = {
    "epub": epub.make,
    "screen": press.bind,
}
"""The name of an edition -> the function that makes it."""

SUFFIXES = {"epub": ".epub", "screen": "-screen.pdf"}
"""What follows the folder's name in the name of the edition's file."""
