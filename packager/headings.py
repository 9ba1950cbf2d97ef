"""The entries of an index: headings with the places where they stand, as ids in the book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A heading of the index: the ids of the places where it stands, in the order of the book,
    what it refers to, and its sub-entries; `letter` is the guide word under which it is filed,
    `anchor` its own id."""

    heading: str
    anchors: tuple[str, ...] = ()
    see: str | None = None
    see_also: tuple[str, ...] = ()
    below: tuple[IndexEntry, ...] = ()
    letter: str = ""
    anchor: str = ""

    @property
    def documents(self) -> Mapping[int, str]:
        """The numbers of the documents in which it stands, and the first place in each."""
        found: dict[int, str] = {}
        for anchor in self.anchors:
            found.setdefault(document_of(anchor), anchor)
        return found

    @property
    def size(self) -> int:
        """The lines and numbers that it fills at most, those below it too."""
        return 1 + len(self.documents) + sum(entry.size for entry in self.below)


def document_of(anchor: str) -> int:
    """The number of the document in which an anchor stands.

    >>> document_of("d214-i3")
    214
    """
    return int(anchor.partition("-")[0][1:])


def headings_of(entries: tuple[IndexEntry, ...]) -> dict[str, str]:
    """The headings of these entries, sub-entries too, and their ids."""
    return dict(_headings(entries))


def _headings(entries: tuple[IndexEntry, ...]) -> Iterator[tuple[str, str]]:
    """Sub-entries first, so that a main heading of the same words comes last and holds."""
    for entry in entries:
        yield from _headings(entry.below)
    for entry in entries:
        yield entry.heading, entry.anchor
