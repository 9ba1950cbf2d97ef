"""Editions: what a book becomes; this table, and what every edition is made from.

    epub      EPUB 3.3, for reading systems and libraries
    screen    PDF for the screen, bound by the press: bookmarks, links, tags; PDF/A-3a and PDF/UA-1
    archive   the same pages for archives, with their sources: PDF/A-4f, PDF/UA-2, WTPDF 1.0
    print     PDF/X for a printer: the pages of the screen edition, without the cover
    cover     PDF/X of the cover for the print edition: back, spine, front

Each edition is a function that makes one file of the same book, style and fonts. Its module is
loaded when it is asked for: the layout engine alone takes half a second, which nobody who
searches a library should wait for.
"""

from __future__ import annotations

from collections.abc import Callable
from pkgutil import resolve_name
from typing import cast

from packager.editions.order import Made, Order

EDITIONS = {
    "epub": "packager.editions.epub:make",
    "screen": "packager.editions.press:bind",
    "archive": "packager.editions.archive:make",
    "print": "packager.editions.prepress:make",
    "cover": "packager.editions.cover:make",
}
"""The name of an edition -> the function that makes it, named as an entry point is."""


def maker(name: str) -> Callable[[Order], Made]:
    """The function that makes the edition of that name.

    >>> maker("epub").__module__
    'packager.editions.epub'
    """
    return cast(Callable[[Order], Made], resolve_name(EDITIONS[name]))


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
