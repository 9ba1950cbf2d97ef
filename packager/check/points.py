"""The points of a good EPUB in their order, and the validator that asks them all.

Each point is a function `EpubFile -> findings` whose docstring names its source; the numbers
are part of the finding codes (`epub-17-toc`) and never change. Not here: 37 (see `prose`),
46 and 47 (`epubcheck`), 48 (`ace`), 49 (two builds are equal: a test of the build).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from packager.check import (
    accessibility,
    container,
    documents,
    links,
    media,
    navigation,
    package,
    prose,
    styles,
)
from packager.check.epub import EpubFile, open_epub, place
from packager.findings import Finding, Severity

POINTS: dict[int, Callable[[EpubFile], Iterator[Finding]]] = {
    1: container.mimetype,
    2: container.names,
    3: container.stamps,
    4: package.package_element,
    5: package.modified,
    6: package.title,
    7: package.people,
    8: package.languages,
    9: package.description,
    10: package.refinements,
    11: accessibility.modes,
    12: accessibility.visual,
    13: accessibility.sufficient,
    14: accessibility.features,
    15: accessibility.conformance,
    16: accessibility.page_source,
    17: navigation.toc,
    18: navigation.toc_order,
    19: navigation.toc_complete,
    20: navigation.landmarks,
    21: navigation.page_list,
    22: navigation.ncx,
    23: navigation.nav_in_spine,
    24: documents.xhtml,
    25: documents.titles,
    26: documents.headings,
    27: documents.matter,
    28: documents.aria,
    29: links.notes,
    30: links.links,
    31: links.active,
    32: links.ids,
    33: media.alternatives,
    34: prose.markup,
    35: prose.spacing,
    36: prose.characters,
    38: media.sizes,
    39: styles.colours,
    40: styles.units,
    41: styles.plain,
    42: media.fonts,
    43: media.cover_image,
    44: media.cover_page,
    45: prose.title_and_colophon,
}


def validate(path: Path) -> Iterator[Finding]:
    """All points on the EPUB behind `path`; one finding alone when it cannot be read."""
    book = open_epub(path)
    if isinstance(book, Finding):
        yield book
        return
    for name, reason in book.damaged:
        message = f"this member is damaged: {reason}"
        yield Finding(
            "unreadable", Severity.ERROR, place(book, name), message, "build the book again"
        )
    for number in sorted(POINTS):
        yield from POINTS[number](book)
