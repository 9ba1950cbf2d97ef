"""Paragraphs as blocks: which are salutations, stage directions, verse, turns, signatures.

Nothing is dropped and nothing is moved here: a short line is text like any other. What no
rule names is a plain paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from packager.speech import Block, BlockKind, Inline, InlineKind

Content = tuple[Inline, ...]

SALUTE_WORDS = 20
"""Words of the longest salutation; in the agencies' pages read so far they end at twelve."""

LONG = 90
"""Letters of a line from which lines parted by single breaks are paragraphs, not verse."""

_VOCATIVE = re.compile(
    r"(?:my )?(?:very )?(?:dear|comrades?|friends|fellow|ladies|gentlemen|citizens|esteemed|"
    r"respected|honou?red|honou?rable|beloved|mr\.? |mrs\.? |madam |your |excellenc|brothers|"
    r"sisters|members|delegates|workers|soldiers|people|children|pupils|students|distinguished|"
    r"compatriots|colleagues|neighbours|islanders|parents|guests)",
    re.IGNORECASE,
)
_STAGE = re.compile(r"[(\[（][^()\[\]（）]{2,160}[)\]）]\.?")
_TURN = re.compile(
    r"((?:[^\W\d_a-z][^\W\d_a-z.'’-]*)(?: [^\W\d_a-z(][^\W\d_a-z.'’)-]*){0,5}:)\s+(?=\S)"
)
_BULLET = re.compile(r"([•*–-])\s+(?=\S)")
_ENDED = tuple(".!?…。！？:;,，、”\"’')]")
_CLOSING = re.compile(
    r"(?:with|yours|your|sincerely|respectfully|faithfully|gratefully|in friendship)\b.*,",
    re.IGNORECASE,
)
_DAY = re.compile(r"\b\d{4}\b|\b\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+|[A-Z][a-z]+ \d{1,2}\b")


def make_blocks(paragraphs: Sequence[Content]) -> tuple[Block, ...]:
    """The blocks of the body's paragraphs, in order, every word kept.

    >>> from packager.speech import plain
    >>> lines = ["Dear friends,", "Welcome.", "(Applause)"]
    >>> [str(block.kind) for block in make_blocks([plain(line) for line in lines])]
    ['salute', 'p', 'stage']
    """
    texts = [text_of(content) for content in paragraphs]
    turns = sum([_TURN.match(text) is not None for text in texts])
    blocks: list[Block] = []
    for content, text in zip(paragraphs, texts, strict=True):
        if turns >= 2 and (match := _TURN.match(text)):
            name, rest = split_content(content, match.end(1))
            blocks.append(Block(BlockKind.TURN, name, speaker=match[1].rstrip(":")))
            content, text = rest, text_of(rest)
        blocks.append(_block(content, text))
    return _sign(blocks)


def _block(content: Content, text: str) -> Block:
    if _STAGE.fullmatch(text):
        return Block(BlockKind.STAGE, content)
    if is_salute(text):
        return Block(BlockKind.SALUTE, content)
    if "\n" in text and has_break(content) and _is_verse(text):
        return Block(BlockKind.VERSE, content)
    if match := _BULLET.match(text):
        return Block(BlockKind.LIST, split_content(content, match.end())[1], marker=match[1])
    return Block(BlockKind.P, content)


def is_salute(text: str) -> bool:
    """True for a line that addresses the hearers and is no sentence.

    >>> is_salute("Dear comrades,"), is_salute("Long live the ferries!")
    (True, False)
    """
    if not text.endswith((",", "，", "!", ":")) or "\n" in text:
        return False
    words = text.split()
    if len(words) > SALUTE_WORDS:
        return False
    if text.endswith((",", "，")):
        return True
    return len(words) <= 12 and text.endswith(("!", ":")) and bool(_VOCATIVE.match(text))


def _is_verse(text: str) -> bool:
    """Lines that were broken on purpose: at least two, all short, most not closed by a stop."""
    lines = text.split("\n")
    return len(lines) >= 2 and max(len(line) for line in lines) <= 72


def _sign(blocks: list[Block]) -> tuple[Block, ...]:
    """Mark the lines after the last sentence as signature: name, office, place and day.

    Only when at most four short lines without a stop at their end follow real text; a day
    ("4 May 2020") counts although it may end in a full stop.
    """
    first = len(blocks)
    while first > 1 and len(blocks) - first < 4 and _signs(blocks[first - 1]):
        first -= 1
    if first == len(blocks) or not any(block.kind is BlockKind.P for block in blocks[:first]):
        return tuple(blocks)
    signed = [Block(BlockKind.SIGNED, block.content) for block in blocks[first:]]
    return tuple(blocks[:first] + signed)


def _signs(block: Block) -> bool:
    if block.kind not in (BlockKind.P, BlockKind.VERSE, BlockKind.SALUTE):
        return False
    lines = block.text.split("\n")
    return all(
        (
            len(line.split()) <= 12
            and (not line.endswith(_ENDED) or (len(line.split()) <= 6 and bool(_DAY.search(line))))
        )
        or bool(_CLOSING.fullmatch(line))
        or (len(lines) > 1 and line.endswith(",") and len(line.split()) <= 8)
        for line in lines
    )


def text_of(content: Content) -> str:
    """The words of a content, a line break as a newline."""
    return "".join([part.plain() for part in content])


def pieces_of(content: Content) -> list[Content]:
    """The paragraphs of a line: several where it breaks inside into long sentences."""
    parts = split_breaks(content)
    if len(parts) > 1 and max(len(text_of(part)) for part in parts) > LONG:
        return parts
    return [content]


def has_break(content: Content) -> bool:
    """Whether a line breaks inside."""
    return InlineKind.LINE_BREAK in [run.kind for run in content]


def split_breaks(content: Content) -> list[Content]:
    """The lines of a content, without the breaks between them."""
    if not has_break(content):
        return [content]
    pieces: list[list[Inline]] = [[]]
    for run in content:
        if run.kind is InlineKind.LINE_BREAK:
            pieces.append([])
        else:
            pieces[-1].append(run)
    return [tuple(piece) for piece in pieces if text_of(tuple(piece)).strip()]


def split_content(content: Content, at: int) -> tuple[Content, Content]:
    """A content cut in two at a character of its text, white space at the cut dropped.

    >>> from packager.speech import plain
    >>> [text_of(part) for part in split_content(plain("Oslo, 4 May -- We meet"), 14)]
    ['Oslo, 4 May --', 'We meet']
    """
    before: list[Inline] = []
    after: list[Inline] = []
    for run in content:
        size = len(run.plain())
        if at >= size:
            before.append(run)
        elif at <= 0:
            after.append(run)
        elif run.content:
            first, second = split_content(run.content, at)
            before.append(Inline(run.kind, run.text, first, run.target, run.language))
            after.append(Inline(run.kind, "", second, run.target, run.language))
        else:
            before.append(Inline(run.kind, run.text[:at], (), run.target, run.language))
            after.append(Inline(run.kind, run.text[at:], (), run.target, run.language))
        at -= size
    return _trimmed(before, last=True), _trimmed(after, last=False)


def _trimmed(runs: list[Inline], *, last: bool) -> Content:
    """Runs without white space and breaks at one end."""
    while runs:
        n = -1 if last else 0
        run = runs[n]
        if run.kind is InlineKind.LINE_BREAK:
            runs.pop(n)
            continue
        if run.kind is InlineKind.TEXT:
            text = run.text.rstrip() if last else run.text.lstrip()
            if not text:
                runs.pop(n)
                continue
            runs[n] = Inline(InlineKind.TEXT, text)
        break
    return tuple(runs)
