"""What an index and a list of speakers print after a heading: pages, or documents, by volume."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from packager.book import Book, Document
from packager.headings import IndexEntry, document_of
from packager.labels import Labels
from packager.setting import PageMap, Setting


@dataclass(frozen=True, slots=True)
class Locator:
    """What an index prints after a heading, and where it leads; nowhere in another volume, whose
    number the first of its places has."""

    text: str
    href: str = ""
    volume: int = 0


def locators(entry: IndexEntry, setting: Setting, book: Book) -> list[Locator]:
    """Pages, those that follow each other as a range, where there are pages; else documents. Those
    of a book in volumes stand under their volumes.

    >>> pages = PageMap({"d1-i1": "4", "d1-i2": "5", "d2-i1": "9"},
    ...                 {"d1-i1": 14, "d1-i2": 15, "d2-i1": 19})
    >>> entry = IndexEntry("Quill", ("d1-i1", "d1-i2", "d2-i1"))
    >>> from packager.meta import Meta
    >>> book = Book(Meta("Quills"), ())
    >>> screen = Setting("screen", "2022-03-01", pages=pages)
    >>> [one.text for one in locators(entry, screen, book)]
    ['4–5', '9']
    >>> [one.text for one in locators(entry, Setting("epub", "2022-03-01"), book)]
    ['1', '2']
    """
    by_volume: dict[int, list[str]] = {}
    for anchor in entry.anchors:
        by_volume.setdefault(book.volume_of(document_of(anchor)), []).append(anchor)
    out: list[Locator] = []
    for volume, anchors in sorted(by_volume.items(), key=lambda one: one[0] or book.meta.volume):
        if setting.edition == "epub":
            first = IndexEntry(entry.heading, tuple(anchors)).documents.items()
            found = [Locator(str(number), f"d{number}.xhtml#{one}") for number, one in first]
        else:
            found = _page_locators(anchors, setting.earlier[volume] if volume else setting.pages)
        if volume:
            found = [Locator(one.text) for one in found]
        if book.is_last_volume and found:
            found[0] = replace(found[0], volume=volume or book.meta.volume)
        out += found
    return out


def _elsewhere(documents: Iterable[int], book: Book, say: Labels) -> list[Locator]:
    """Those of the documents that stand in other volumes."""
    found: dict[int, list[int]] = {}
    for number in documents:
        if volume := book.volume_of(number):
            found.setdefault(volume, []).append(number)
    return [Locator(in_volume(say, volume, *numbers)) for volume, numbers in found.items()]


def in_volume(say: Labels, volume: int, *documents: int) -> str:
    """How documents of another volume are named.

    >>> in_volume(Labels(), 2, 214), in_volume(Labels(), 2, 214, 220)
    ('vol. 2, no. 214', 'vol. 2, nos. 214, 220')
    """
    named = ", ".join(map(str, documents))
    return say.plain("in-volume", len(documents), volume=volume, numbers=named)


def _page_locators(anchors: Sequence[str], pages: PageMap) -> list[Locator]:
    found = {pages.sheets[name]: name for name in reversed(anchors) if name in pages.sheets}
    runs: list[list[int]] = []
    for sheet in sorted(found):
        if runs and runs[-1][-1] == sheet - 1:
            runs[-1].append(sheet)
        else:
            runs.append([sheet])
    out = []
    for run in runs:
        ends = dict.fromkeys(pages.folio(found[sheet]) for sheet in (run[0], run[-1]))
        href = f"{found[run[0]].partition('-')[0]}.xhtml#{found[run[0]]}"
        out.append(Locator("–".join(ends), href))
    return out


def speaking(
    documents: Sequence[Document], setting: Setting, book: Book, say: Labels
) -> list[Locator]:
    """Where documents begin: their pages where there are pages, else their numbers; those of
    another volume by volume and number."""
    pages = setting.pages
    paged = setting.edition != "epub"
    own = [
        Locator(pages.folio(one.anchor) if paged else str(one.number), f"{one.anchor}.xhtml")
        for one in documents
        if not book.volume_of(one.number)
    ]
    return own + _elsewhere((one.number for one in documents), book, say)
