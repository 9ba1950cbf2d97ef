"""The trees of a bound book, as objects to be written: pages, names, outline.

Each function hands out the objects of a tree, takes numbers for them, and gives back the number
of its root.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import pikepdf

from packager.editions.pdf_file import Thing
from packager.editions.press.galley import Bookmark

LEAF = 64
"""Names or pages below one node: what a reader looks through when it opens a page."""

Item = TypeVar("Item")
Growing = Generator[Thing, None, int]


def string(text: str) -> bytes:
    """A text string as it stands in a file (ISO 32000-1 §7.9.2.2).

    >>> string("d1-head")
    b'(d1-head)'
    """
    return pikepdf.String(text).unparse()


def figure(value: float) -> bytes:
    """A number as it stands in a file, to a millionth of a point.

    >>> figure(51.0), figure(0.1 + 0.2)
    (b'51', b'0.3')
    """
    return f"{value:.6f}".rstrip("0").rstrip(".").encode()


def point(page: int, x: float, y: float) -> bytes:
    """A place on the page with this number, as a destination (§12.3.2.2)."""
    return b"[ %d 0 R /XYZ %s %s 0 ]" % (page, figure(x), figure(y))


def references(numbers: Iterable[int]) -> bytes:
    """An array of references."""
    return b"[ %s ]" % b" ".join(b"%d 0 R" % number for number in numbers)


def _leaves(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[at : at + LEAF] for at in range(0, len(items), LEAF))


def name_tree(names: Mapping[str, bytes], numbers: Iterator[int]) -> Growing:
    """A name tree (§7.9.6) of names and the texts of their values."""
    kids = []
    for leaf in _leaves(sorted(names, key=lambda name: bytes(pikepdf.String(name)))):
        kids.append(next(numbers))
        inside = b" ".join(b"%s %s" % (string(name), names[name]) for name in leaf)
        limits = b"%s %s" % (string(leaf[0]), string(leaf[-1]))
        yield Thing(kids[-1], b"<< /Limits [ %s ] /Names [ %s ] >>" % (limits, inside))
    root = next(numbers)
    yield Thing(root, b"<< /Kids %s >>" % references(kids))
    return root


def page_tree(pages: Sequence[int], nodes: Sequence[int], root: int) -> Iterator[Thing]:
    """The page tree (§7.7.3): `nodes` are the numbers between the pages and the root."""
    for node, below in zip(nodes, _leaves(pages), strict=True):
        entries = b"/Kids %s /Count %d /Parent %d 0 R" % (references(below), len(below), root)
        yield Thing(node, b"<< /Type /Pages %s >>" % entries)
    entries = b"/Kids %s /Count %d" % (references(nodes), len(pages))
    yield Thing(root, b"<< /Type /Pages %s >>" % entries)


@dataclass(slots=True)
class _Entry:
    """An entry of the outline, with its number; `mark` is None for the root."""

    number: int
    page: int = 0
    mark: Bookmark | None = None
    below: list[_Entry] = field(default_factory=list)


def outline(marks: Iterable[tuple[int, Bookmark]], numbers: Iterator[int]) -> Growing:
    """The outline (§12.3.3) from the numbers of pages and the bookmarks on them: one stands under
    the last one of a higher level. A book without bookmarks has 0 for a root."""
    root = _Entry(next(numbers))
    path: list[tuple[int, _Entry]] = [(-1, root)]
    for page, mark in marks:
        while path[-1][0] >= mark.level:
            path.pop()
        entry = _Entry(next(numbers), page, mark)
        path[-1][1].below.append(entry)
        path.append((mark.level, entry))
    if not root.below:
        return 0
    yield from _tied(root, [])
    return root.number


def _tied(entry: _Entry, own: Sequence[bytes]) -> Iterator[Thing]:
    """An entry with its `own` texts, and those below it, each tied to its neighbours."""
    texts = list(own)
    if entry.below:
        shown = _shown(entry)
        is_open = entry.mark is None or entry.mark.open
        ends = (entry.below[0].number, entry.below[-1].number, shown if is_open else -shown)
        texts.append(b"/First %d 0 R /Last %d 0 R /Count %d" % ends)
    yield Thing(entry.number, b"<< %s >>" % b" ".join(texts))
    for at, one in enumerate(entry.below):
        assert one.mark is not None  # only the root has none
        place = point(one.page, one.mark.x, one.mark.y)
        about = [b"/Title %s /Dest %s" % (string(one.mark.label), place)]
        about.append(b"/Parent %d 0 R" % entry.number)
        about += [b"/Prev %d 0 R" % other.number for other in entry.below[:at][-1:]]
        about += [b"/Next %d 0 R" % other.number for other in entry.below[at + 1 : at + 2]]
        yield from _tied(one, about)


def _shown(entry: _Entry) -> int:
    """How many entries below one a reader shows when it is open."""
    inner = (_shown(one) for one in entry.below if one.mark is not None and one.mark.open)
    return len(entry.below) + sum(inner)
