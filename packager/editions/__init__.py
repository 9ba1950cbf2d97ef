"""Editions: what a book becomes; this table, and what every edition is made from.

    epub      EPUB 3.3, for reading systems and libraries
    screen    PDF for the screen: bookmarks, links, PDF/UA-1 tags

Each edition is a function that writes one file from the same book, style and fonts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from packager.editions import epub, screen
from packager.editions.order import Order

EDITIONS: dict[str, Callable[[Order, Path], Mapping[str, int]]] = {
    "epub": epub.make,
    "screen": screen.make,
}
"""The name of an edition -> the function that writes it to a path and returns on which sheet of
the file, counted from 1, each anchor stands (nothing for editions without pages)."""

SUFFIXES = {"epub": ".epub", "screen": "-screen.pdf"}
"""What follows the folder's name in the name of the edition's file."""
