"""One side of a bilingual document as a stream of blocks, and any run of it as a page's XHTML."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy, deepcopy
from dataclasses import dataclass, replace

from lxml import etree

from packager.editions.press.cutting import letters_in, part

UNIT = "data-unit"
TEXT = "text"

Place = tuple[int, int]
"""Between two letters of a stream: the block, and how many of its letters are behind."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A block: the unit that it belongs to (-1 for the opening, the number of units for what
    follows the text), the attributes of the text around it, none for what is no text."""

    element: etree._Element
    unit: int
    around: tuple[tuple[str, str], ...]
    letters: int


@dataclass(frozen=True, slots=True)
class Stream:
    """A side: its element without what is in it, and its blocks."""

    outside: etree._Element
    blocks: tuple[Piece, ...]

    @property
    def end(self) -> Place:
        """Behind the last block."""
        return len(self.blocks), 0


def stream_of(side: etree._Element) -> Stream:
    """The stream of a side as the template has it."""
    units = 1 + max((int(one.get(UNIT, "-1")) for one in side), default=-1)
    blocks: list[Piece] = []
    begun = False
    for child in side:
        if UNIT in child.attrib:
            begun = True
            around = tuple((name, value) for name, value in child.items() if name != UNIT)
            blocks += [_piece(one, int(child.get(UNIT, "0")), around) for one in child]
        else:
            blocks.append(_piece(child, units if begun else -1, ()))
    return Stream(_emptied(side), tuple(blocks))


def _piece(element: etree._Element, unit: int, around: tuple[tuple[str, str], ...]) -> Piece:
    made = deepcopy(element)
    made.tail = "\n"
    return Piece(made, unit, around, letters_in(made))


def _emptied(element: etree._Element) -> etree._Element:
    made = copy(element)
    for child in list(made):
        made.remove(child)
    made.text, made.tail = "\n", "\n"
    return made


def run_of(stream: Stream, first: Place, last: Place, **named: str) -> etree._Element:
    """What stands between two places as a side of its own; `named` are attributes of its blocks,
    with their numbers for `{}`."""
    side = _emptied(stream.outside)
    holder: etree._Element | None = None
    for number in range(first[0], min(last[0] + (last[1] > 0), len(stream.blocks))):
        piece = stream.blocks[number]
        start = first[1] if number == first[0] else 0
        end = last[1] if number == last[0] else piece.letters
        whole = start == 0 and end == piece.letters
        made = deepcopy(piece.element) if whole else part(piece.element, start, end)
        made.tail = "\n"
        for name, value in named.items():
            made.set(name.replace("_", "-"), value.format(number))
        if not piece.around:
            holder = None
            side.append(made)
            continue
        if holder is None:
            holder = etree.SubElement(side, str(side.tag))
            holder.attrib.update(dict(piece.around))
            holder.text = holder.tail = "\n"
        holder.append(made)
    return side


def lowered(stream: Stream, pixels: float) -> Stream:
    """The stream with its text so much further down the first page."""
    head = [number for number, piece in enumerate(stream.blocks) if piece.unit < 0]
    if not head or pixels <= 0:
        return stream
    last = stream.blocks[head[-1]]
    element = deepcopy(last.element)
    element.set("style", f"padding-bottom: {pixels:g}px")
    blocks = list(stream.blocks)
    blocks[head[-1]] = replace(last, element=element)
    return replace(stream, blocks=tuple(blocks))


def joined(section: etree._Element, sides: Sequence[etree._Element]) -> etree._Element:
    """The section with these sides in place of its own."""
    made = _emptied(section)
    made.extend(sides)
    return made
