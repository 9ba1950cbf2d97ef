"""The editor's layer over a document: notes, corrections, elisions, glosses and names, each a
`Mark` at a place of the source's text, which itself is never changed.

`woven` cuts the runs of a speech at the marks, for the templates; `pieces` gives the same text as
plain strings, the source's and the editor's apart, for the fidelity ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from packager.speech import Block, BlockKind, Inline, InlineKind


class MarkKind(StrEnum):
    """What an editor can do at a place of the text."""

    NOTE = "note"
    CORRECTION = "correction"
    ELISION = "elision"
    GLOSS = "gloss"
    NAME = "name"


PRINTED = frozenset({MarkKind.NOTE, MarkKind.CORRECTION, MarkKind.ELISION, MarkKind.GLOSS})
"""The kinds that add words of the editor's to the page."""


@dataclass(frozen=True, slots=True)
class Span:
    """Letters `start` to `end` of a block's text (`Block.text`), blocks counted from 0."""

    block: int
    start: int
    end: int

    def meets(self, other: Span) -> bool:
        """True where the two have a letter in common."""
        return self.block == other.block and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing of the editor's: where, and what.

    `spans` are one a block, in order. `text` is the reading of a correction or gloss, the reason
    of an elision, the heading of a name; `source` the words that it marks; `note` what a note
    says; `anchor` the id of its place in every edition; `number` counts the notes of a document.
    """

    kind: MarkKind
    spans: tuple[Span, ...]
    source: str
    text: str = ""
    note: tuple[Block, ...] = ()
    number: int = 0
    anchor: str = ""

    @property
    def words(self) -> int:
        """How many words of the source it marks."""
        return len(self.source.split())

    @property
    def added(self) -> str:
        """The editor's words that stand in the text for it; empty for a name.

        >>> Mark(MarkKind.ELISION, (), "a long list of names").added
        '[… 5 words left out]'
        """
        match self.kind:
            case MarkKind.NOTE:
                return str(self.number)
            case MarkKind.CORRECTION:
                return f"[recte {self.text}]"
            case MarkKind.GLOSS:
                return f"[{self.text}]"
            case MarkKind.ELISION:
                return f"[… {self.words:,} word{'' if self.words == 1 else 's'} left out]"
            case MarkKind.NAME:
                return ""

    @property
    def point(self) -> tuple[int, int]:
        """The block and the letter before which the added words stand: the end of what is marked,
        the beginning of what is left out."""
        if self.kind is MarkKind.ELISION:
            return self.spans[0].block, self.spans[0].start
        return self.spans[-1].block, self.spans[-1].end


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a printed text: one of the source's (`kind` is an InlineKind), or with `mark` one
    of the editor's: added words, or the source's words that a correction or a name marks."""

    kind: str
    text: str = ""
    content: tuple[Run, ...] = ()
    target: str | None = None
    language: str | None = None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class PrintedBlock:
    """A block as it is printed; the fields are those of `Block`, `ident` the id of a note, and
    `number` counts the blocks of the speech from 0."""

    kind: BlockKind
    content: tuple[Run | Inline, ...]
    language: str | None = None
    marker: str | None = None
    level: int = 1
    ident: str | None = None
    number: int = 0


def woven(blocks: Iterable[Block], marks: Sequence[Mark] = ()) -> Iterator[PrintedBlock]:
    """The blocks with the marks in their places; a block that is left out whole is not there."""
    touched = {span.block for mark in marks for span in mark.spans}
    for number, block in enumerate(blocks):
        if number not in touched:
            yield _printed(number, block, block.content, block.marker)
            continue
        weaver = _Weaver(number, marks, len(f"{block.marker} ") if block.marker else 0)
        content = tuple(weaver.runs(block.content, None))
        if content or not block.content:
            marker = None if weaver.hidden(0) else block.marker
            yield _printed(number, block, content, marker)


def _printed(
    number: int, block: Block, content: tuple[Run | Inline, ...], marker: str | None
) -> PrintedBlock:
    return PrintedBlock(
        block.kind, content, block.language, marker, block.level, block.ident, number
    )


class _Weaver:
    """Walks the runs of one block, counting letters."""

    def __init__(self, block: int, marks: Sequence[Mark], at: int) -> None:
        self._at = at
        self._spans = [
            (span, mark)
            for mark in marks
            if mark.kind is not MarkKind.NOTE
            for span in mark.spans
            if span.block == block
        ]
        self._points = sorted(
            (mark for mark in marks if mark.kind in PRINTED and mark.point[0] == block),
            key=lambda mark: mark.point[1],
        )
        self._begun: set[str] = set()

    def runs(self, content: Iterable[Inline], end: int | None) -> Iterator[Run]:
        """The runs of some content that ends before letter `end` of an enclosing run. What is
        added at that very end stands outside of it."""
        for inline in content:
            size = len(inline.plain())
            if inline.content:
                inner = tuple(
                    (*self._leaf(replace(inline, kind=InlineKind.TEXT, content=())),
                     *self.runs(inline.content, self._at + size))
                )  # fmt: skip
                if inner:
                    yield Run(inline.kind, "", inner, inline.target, inline.language)
            elif inline.kind is InlineKind.TEXT:
                yield from self._leaf(inline)
            else:
                text = inline.text
                inner = tuple(self._leaf(replace(inline, kind=InlineKind.TEXT))) if text else ()
                hidden = self.hidden(self._at)
                if not text:
                    self._at += size
                if inner or not (text or hidden):
                    yield Run(inline.kind, "", inner, inline.target, inline.language)
            yield from self._added(self._at if end is None else min(self._at, end - 1))

    def _leaf(self, inline: Inline) -> Iterator[Run]:
        """A run of text in pieces; what is added inside it between them."""
        start, stop = self._at, self._at + len(inline.text)
        edges = {edge for span, _ in self._spans for edge in (span.start, span.end)}
        edges |= {mark.point[1] for mark in self._points}
        inside = sorted(edge for edge in edges if start < edge < stop)
        for first, last in zip((start, *inside), (*inside, stop), strict=True):
            if first == last:
                continue
            yield from self._added(first)
            self._at = last
            if not self.hidden(first):
                yield self._marked(Run("text", inline.text[first - start : last - start]), first)

    def hidden(self, at: int) -> bool:
        """True for a letter that is left out."""
        return any(
            mark.kind is MarkKind.ELISION and span.start <= at < span.end
            for span, mark in self._spans
        )

    def _marked(self, run: Run, at: int) -> Run:
        """The piece inside the corrections and names that it belongs to."""
        for span, mark in self._spans:
            if mark.kind in (MarkKind.CORRECTION, MarkKind.NAME) and span.start <= at < span.end:
                if mark.anchor in self._begun:
                    mark = replace(mark, anchor="")
                self._begun.add(mark.anchor)
                kind = "sic" if mark.kind is MarkKind.CORRECTION else "index"
                run = Run(kind, content=(run,), mark=mark)
        return run

    def _added(self, until: int) -> Iterator[Run]:
        while self._points and self._points[0].point[1] <= until:
            mark = self._points.pop(0)
            yield Run(f"added-{mark.kind}", mark=mark)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text as printed: the editor's words where `added`; `raised` for the call of
    a note, of the source or the editor's; `ends` for what parts a block from the next."""

    text: str
    added: bool = False
    raised: bool = False
    ends: bool = False


def pieces(blocks: Sequence[Block], marks: Sequence[Mark]) -> Iterator[Piece]:
    """The text as printed, block by block; a newline parts blocks, as a paragraph's end parts
    words."""
    for number, block in enumerate(blocks):
        yield from block_pieces(number, block, marks)


def block_pieces(number: int, block: Block, marks: Sequence[Mark]) -> Iterator[Piece]:
    """The text of one block as printed; `number` is its place among those of the speech."""
    text = block.text
    at = 0
    hidden = sorted(
        (span.start, span.end)
        for mark in marks
        if mark.kind is MarkKind.ELISION
        for span in mark.spans
        if span.block == number
    )
    points = sorted(
        (mark for mark in marks if mark.kind in PRINTED and mark.point[0] == number),
        key=lambda mark: mark.point[1],
    )
    calls = list(_call_spans(block))
    for mark in points:
        yield from _between(text, at, mark.point[1], hidden, calls)
        yield Piece(mark.added, added=True, raised=mark.kind is MarkKind.NOTE)
        at = mark.point[1]
    yield from _between(text, at, len(text), hidden, calls)
    yield Piece("\n", ends=True)


def _call_spans(block: Block) -> Iterator[tuple[int, int]]:
    """Where in the text of a block the calls of the source's own notes stand."""
    at = len(block.marker) + 1 if block.marker else 0
    for inline in block.content:
        yield from _calls_in(inline, at)
        at += len(inline.plain())


def _calls_in(inline: Inline, at: int) -> Iterator[tuple[int, int]]:
    if inline.kind is InlineKind.NOTE_REFERENCE:
        yield at, at + len(inline.plain())
        return
    at += len(inline.text)
    for part in inline.content:
        yield from _calls_in(part, at)
        at += len(part.plain())


def _between(
    text: str,
    start: int,
    end: int,
    hidden: Sequence[tuple[int, int]],
    calls: Sequence[tuple[int, int]],
) -> Iterator[Piece]:
    """Letters `start` to `end` without those that are left out, calls of notes apart."""
    for first, last in calls:
        if start <= first < last <= end:
            yield Piece(_shown(text, start, first, hidden))
            yield Piece(_shown(text, first, last, hidden), raised=True)
            start = last
    yield Piece(_shown(text, start, end, hidden))


def _shown(text: str, start: int, end: int, hidden: Sequence[tuple[int, int]]) -> str:
    """Letters `start` to `end` without those that are left out."""
    out = []
    for first, last in hidden:
        if first < end and last > start:
            out.append(text[start : max(start, first)])
            start = min(end, last)
    return "".join((*out, text[start:end]))


def spans_of(blocks: Sequence[Block], start: int, end: int) -> tuple[Span, ...]:
    """Letters of the whole text (`joined`) as spans of its blocks."""
    spans = []
    at = 0
    for number, block in enumerate(blocks):
        size = len(block.text)
        first, last = max(start - at, 0), min(end - at, size)
        if first < last:
            spans.append(Span(number, first, last))
        at += size + 1
    return tuple(spans)


def joined(blocks: Iterable[Block]) -> str:
    """The text in which anchors are looked for: blocks parted by a newline."""
    return "\n".join(block.text for block in blocks)
