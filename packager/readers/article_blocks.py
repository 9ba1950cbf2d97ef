"""The chosen lines of a page as blocks of a speech, every word kept and nothing moved.

Headings, list items with the mark that a page shows before them, quotations, verse and notes
keep their kind; paragraphs go through the same rules as everywhere (dateline, lede, salute,
turns, signature). Pictures are none of the blocks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from packager.readers.agency import Framed, read_dateline, read_framed, take_end_mark
from packager.readers.article_frame import (
    NOWHERE,
    Stand,
    is_deck,
    is_note,
    opening,
    press_line,
    section_numbers,
)
from packager.readers.article_lines import Mark, content_of
from packager.readers.blocks import (
    Content,
    has_break,
    make_blocks,
    pieces_of,
    split_content,
    text_of,
)
from packager.readers.headline import Headline
from packager.speech import FRAME, Block, BlockKind, Cut, plain

Row = tuple[Content, Block | None]
"""A line and its block where its kind is known."""

_OVER = (BlockKind.HEAD, BlockKind.LEDE)
"""What may be found for a line of a transcript's heading by its element alone."""

_HEADS = {f"h{n}": n for n in range(1, 7)}
_NOTE = re.compile(
    r"(?:^|[\s_-])(?:foot-?notes?|end-?notes?|fn-?\d+|doc-footnote)(?:$|[\s_:-])", re.I
)
_GUARD = plain("This line keeps the rule for signatures off text that goes on below.")


@dataclass(frozen=True, slots=True)
class Built:
    """Blocks, what their frame told, and what was cut among them: the end mark."""

    framed: Framed
    cuts: tuple[Cut, ...]
    stand: Stand = NOWHERE


def build(marks: Sequence[Mark]) -> Built:
    """The blocks of lines."""
    rows: list[Row] = []
    cuts: list[Cut] = []
    items: dict[etree._Element, int] = {}
    marks = [mark for mark in marks if mark.text.strip() or any(run[4] for run in mark.runs)]
    decks = next((n for n, mark in enumerate(marks) if mark.text.strip() and not is_deck(mark)), 0)
    for n, mark in enumerate(marks):
        content = content_of(mark)
        if not text_of(content).strip():
            continue
        for piece in pieces_of(content):
            special = _special(mark, piece, items)
            if n < decks:
                special = Block(BlockKind.LEDE, piece)
            elif n == len(marks) - 1 and special is None and is_note(mark, marks[:n]):
                special = Block(BlockKind.NOTE, piece)
            rows.append((piece, special))
    last = [content for content, _ in rows[-1:]]
    if taken := take_end_mark(last):
        cuts += taken
        rows[-1:] = [(rest, None) for rest in last]
    stand = _set_frame(rows)
    return Built(_framed(rows), tuple(cuts), stand)


def _set_frame(rows: list[Row]) -> Stand:
    """Give the lines of a transcript's heading, a press office's line and the numbers of
    sections their kinds; what they state."""
    texts = [text_of(content).strip() for content, _ in rows]
    for n in section_numbers(texts):
        if rows[n][1] is None:
            rows[n] = (rows[n][0], Block(BlockKind.HEAD, rows[n][0], level=2))
    start = next((n for n, row in enumerate(rows) if row[1] is None), len(rows))
    agency = start < len(rows) and read_dateline(texts[start])
    if start < len(rows) and not agency and (line := press_line(texts[start])):
        first, rest = split_content(rows[start][0], line[0])
        rows[start : start + 1] = [(first, Block(BlockKind.DATELINE, first)), (rest, None)]
        return line[1]
    found = opening(texts)
    if found is None or any(row[1] and row[1].kind not in _OVER for row in rows[: found.end]):
        return NOWHERE
    for n in range(found.end):
        kind = BlockKind.LEDE if n < found.start else BlockKind.DATELINE
        rows[n] = (rows[n][0], Block(kind, rows[n][0]))
    return found.stand


def _special(mark: Mark, content: Content, items: dict[etree._Element, int]) -> Block | None:
    """The block of a line whose kind the page's own elements state; None for a paragraph."""
    if mark.tag in _HEADS:
        return Block(BlockKind.HEAD, content, level=max(1, _HEADS[mark.tag] - 1))
    name = f"{mark.element.get('class', '')} {mark.element.get('id', '')}"[:200]
    if len(name) > 1 and _NOTE.search(name):
        return Block(BlockKind.NOTE, content, ident=mark.element.get("id"))
    if "li" in mark.within:
        return Block(BlockKind.LIST, content, marker=_marker(mark, items))
    if "blockquote" in mark.within:
        return Block(BlockKind.VERSE if has_break(content) else BlockKind.QUOTE, content)
    return None


def _marker(mark: Mark, seen: dict[etree._Element, int]) -> str | None:
    """The bullet or number that a browser shows before a list item's first line; `seen` holds
    the items that had theirs, and of each list how many items went by."""
    item = mark.element
    while item.tag != "li":
        parent = item.getparent()
        if parent is None:
            return None
        item = parent
    if item in seen:
        return None
    seen[item] = 0
    around = item.getparent()
    if around is None or around.tag != "ol":
        return "•"
    if around not in seen:
        start = around.get("start") or "1"
        seen[around] = int(start) if start.isdecimal() and len(start) < 9 else 1
    number = seen[around]
    seen[around] = number + 1
    return f"{number}."


def _framed(rows: list[Row]) -> Framed:
    """Runs of paragraphs between blocks of a stated kind, the first of them with its frame."""
    blocks: list[Block] = []
    frame: Framed | None = None
    run: list[Content] = []
    for n, (content, special) in enumerate([*rows, ((), None)]):
        last = n == len(rows)
        if special is None and not last:
            run.append(content)
            continue
        if run:
            if frame is None and all(block.kind in FRAME for block in blocks):
                frame = read_framed(run if last else [*run, _GUARD])
                made = frame.blocks
            else:
                made = make_blocks(run if last else [*run, _GUARD])
            blocks += made if last else made[:-1]
            run = []
        if special is not None:
            blocks.append(special)
    if frame is None:
        return Framed(tuple(blocks), None, Headline(), False)
    return Framed(tuple(blocks), frame.dateline, frame.announced, frame.introduced)
