"""Marked content (PDF 14.6): which mark belongs to which box, and marks made artifacts.

WeasyPrint marks each run of text and each picture while it draws, and keeps in `Stream._tags`
which box got which number (MCID). Groups that are drawn apart share the numbers of their page,
but are content streams of their own, so each mark knows its stream.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pydyf

LAYOUT = {"Type": "/Layout"}
"""An artifact of the layout: leaders, empty runs (ISO 32000-1 §14.8.2.2.2)."""
REPEATED = {"Type": "/Pagination"}
"""What the page repeats: the head of a table that goes on."""


def running(at_keyword: str) -> dict[str, str]:
    """The artifact of a page margin box.

    >>> running("@top-left-corner")
    {'Type': '/Pagination', 'Subtype': '/Header'}
    """
    side = "/Footer" if at_keyword.startswith("@bottom") else "/Header"
    return {"Type": "/Pagination", "Subtype": side}


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked run: its number, the stream that holds it, where its tag stands there."""

    mcid: int
    stream: Any
    at: int

    def discard(self, properties: dict[str, str]) -> None:
        """Make an artifact of the run: no element holds it."""
        self.stream.stream[self.at : self.at + 2] = ["/Artifact", pydyf.Dictionary(properties)]


@dataclass(frozen=True, slots=True)
class PageMarks:
    """The marks of a page by their box; `take` hands each out once. `unused` are annotations
    that no element needs."""

    stream: Any
    waiting: dict[Any, Mark]
    unused: list[Any] = field(default_factory=list)

    @classmethod
    def of(cls, page: Any, objects: Iterable[Any]) -> PageMarks:
        """The marks of a page's stream and of the groups among `objects` that are drawn on it."""
        boxes = {entry["mcid"]: box for box, entry in page._tags.items()}
        groups = (one for one in objects if getattr(one, "_tags", None) is page._tags)
        waiting = {
            boxes[mark.mcid]: mark
            for stream in dict.fromkeys((page, *groups))
            for mark in _marks(stream)
        }
        return cls(page, waiting)

    def take(self, box: Any) -> Mark | None:
        """The mark of a box, once; None for a box that was not drawn."""
        return self.waiting.pop(box, None)


def _marks(stream: Any) -> Iterable[Mark]:
    """`/Tag <</MCID n>> BDC` are three operands in a row (`pydyf.Stream.begin_marked_content`)."""
    for at, operand in enumerate(stream.stream):
        if operand == b"BDC":
            properties = stream.stream[at - 1]
            if "MCID" in properties:
                yield Mark(properties["MCID"], stream, at - 2)
