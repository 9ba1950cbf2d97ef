"""The units of a bilingual document: passages of the text with those that translate them.

Texts of as many passages each are taken one by one; others are aligned by their lengths.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from packager.alignment import Bead, Passage, aligned
from packager.book import Document
from packager.filters import Group, grouped
from packager.layer import Piece, Run, block_pieces
from packager.passages import passage
from packager.speech import Inline


@dataclass(frozen=True, slots=True)
class Unit:
    """What belongs together: groups of blocks of the text, and of its translation; one of the two
    may have none."""

    first: tuple[Group, ...]
    second: tuple[Group, ...]


def units(document: Document) -> list[Unit]:
    """The units of a document that has a translation, in order: every block is in one."""
    first, second = (grouped(text.printed) for text in document.texts)
    beads = [Bead((n, n + 1), (n, n + 1)) for n in range(len(first))]
    if len(first) != len(second):
        beads = list(aligned(*(list(map(_passage, groups)) for groups in (first, second))).beads)
    return [
        Unit(tuple(first[slice(*bead.first)]), tuple(second[slice(*bead.second)])) for bead in beads
    ]


def alternating(document: Document) -> Iterator[Piece]:
    """The text of both languages as printed where they alternate, unit by unit."""
    found = units(document)
    first, second = document.texts
    one = _ranges([unit.first for unit in found], len(first.speech.blocks))
    two = _ranges([unit.second for unit in found], len(second.speech.blocks))
    for ranges in zip(one, two, strict=True):
        for text, blocks in zip(document.texts, ranges, strict=True):
            for number in blocks:
                yield from block_pieces(number, text.speech.blocks[number], text.marks)


def _ranges(sides: Sequence[Sequence[Group]], count: int) -> Iterator[range]:
    """The blocks of the speech that each side of a unit prints; those that the editor left out
    go with what stands before them."""
    starts = [count]
    for groups in reversed(sides):
        starts.append(_number(groups[0]) if groups else starts[-1])
    begins = [0, *reversed(starts[:-1])]
    yield from (range(start, end) for start, end in pairwise(begins))


def _number(group: Group) -> int:
    return (group.dateline or group.blocks[0]).number


def _passage(group: Group) -> Passage:
    words = " ".join("".join(_words(block.content)) for block in group.blocks)
    return passage(words, group.kind)


def _words(content: Iterable[Run | Inline]) -> Iterator[str]:
    for part in content:
        yield part.text
        yield from _words(part.content)
