"""Documents of "Foreign Relations of the United States" and its history, as TEI.

Accepts the files of the Office of the Historian: one document a file, whose header gives its
title and the day it was created (never the day it was posted), or a volume of many. Outside a
document, and in its source note, the editors speak: that is counted and left out. The heading
is theirs too and printed as the frame. Turns in plain paragraphs ("THE CHAIRMAN: ...") are
parted from the words; footnotes follow their paragraph.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from packager.findings import Report
from packager.readers import tei
from packager.readers.blocks import split_content
from packager.readers.source import Source
from packager.readers.xml_parts import head_text
from packager.speech import Block, BlockKind, Speech

VERSION = "1"
OUTLET = "Office of the Historian, Department of State"

_MARKS = ("history.state.gov", "frus:", "frus150", 'type="posted"')
_SPEAKER = re.compile(
    r"((?:(?:THE|MR|MRS|MISS|MS|DR|PROF|SECRETARY|AMBASSADOR|GENERAL|SENATOR)\b\.? ?)?"
    r"[A-Z][A-Z.'’ -]{2,40}|(?:Mr|Mrs|Miss|Ms|Dr|Prof|The|Secretary|Ambassador|General|Senator)"
    r"\.? [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3})\s*(?:\([^()]{1,60}\))?\s*:(?=\s+\S)"
)
_SALUTE = re.compile(r"(?:My )?Dear [^.:,]{1,60}\.?[^.:,]{0,60}[:,]")
_CLOSING = re.compile(r"(?:Sincerely|Yours|Respectfully|Very truly|Faithfully)\b[^\n]{0,40},\n")
_REMARK = re.compile(r"\[[^\[\]]{3,400}\]\.?")
_NO_SPEAKERS = frozenset(
    "SUBJECT PARTICIPANTS REFERENCE REF FROM TO DATE PLACE TIME SOURCE PRESENT NOTE AGENDA "
    "MEMBERS SUMMARY THROUGH VIA INFO COPIES ATTACHMENT ENCLOSURE".split()
)


def recognise(head: bytes) -> str | None:
    """Why these first bytes are a file of FRUS, or None."""
    if tei.recognise(head) and any(mark in head_text(head) for mark in _MARKS):
        return "TEI of the Office of the Historian"
    return None


def read(source: Source, report: Report) -> Iterator[Speech]:
    """The documents of a file, in order."""
    manner = tei.Manner(
        "frus", VERSION, frozenset({"document"}), editors=True, outlet=OUTLET, finish=finished
    )
    return tei.read_documents(source, report, manner)


def finished(blocks: list[Block]) -> list[Block]:
    """Blocks with what plain paragraphs hold told apart: turns, salutation, closing, remarks."""
    return [_named(block) for block in with_turns(blocks)]


def _named(block: Block) -> Block:
    if block.kind is BlockKind.P:
        for kind, pattern in (
            (BlockKind.SALUTE, _SALUTE),
            (BlockKind.STAGE, _REMARK),
        ):
            if pattern.fullmatch(block.text):
                return replace(block, kind=kind)
        if _CLOSING.match(block.text):
            return replace(block, kind=BlockKind.SIGNED)
    return block


def with_turns(blocks: list[Block]) -> list[Block]:
    """Blocks with the speakers of plain paragraphs as turns, where one speaks at least twice.

    >>> from packager.speech import plain
    >>> lines = ["MR. OAK: Yes.", "It is late.", "MR. OAK: No."]
    >>> [str(b.kind) for b in with_turns([Block(BlockKind.P, plain(line)) for line in lines])]
    ['turn', 'p', 'p', 'turn', 'p']
    """
    spoken = Counter(name for block in blocks if (name := _speaker(block)))
    out: list[Block] = []
    for block in blocks:
        name = _speaker(block)
        if not name or max(spoken.values()) < 2:
            out.append(block)
            continue
        first, rest = split_content(block.content, block.text.index(":") + 1)
        out.append(Block(BlockKind.TURN, first, language=block.language, speaker=name))
        out.append(replace(block, content=rest))
    return out


def _speaker(block: Block) -> str | None:
    match = _SPEAKER.match(block.text) if block.kind is BlockKind.P else None
    if match is None or match[1].split()[0].strip(".") in _NO_SPEAKERS:
        return None
    return match[1].strip()
