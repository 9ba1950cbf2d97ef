"""`Speech`: one faithful text with where it came from; frozen.

A speech is a row of `Block`s, a block a row of `Inline`s. The kinds are closed lists in the
words of TEI and Z39.98; whoever renders a speech matches them exhaustively.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from packager.dates import Date


class BlockKind(StrEnum):
    """What a block is. `dateline` and `lede` are the outlet's frame, all else is the body."""

    HEAD = "head"
    DATELINE = "dateline"
    LEDE = "lede"
    SALUTE = "salute"
    P = "p"
    QUOTE = "quote"
    LIST = "list"
    VERSE = "verse"
    STAGE = "stage"
    NOTE = "note"
    SIGNED = "signed"
    GAP = "gap"
    TURN = "turn"


FRAME = frozenset({BlockKind.DATELINE, BlockKind.LEDE})
"""The kinds that are the outlet's own words around the speech, printed but not spoken."""


class InlineKind(StrEnum):
    """What a run of text inside a block is."""

    TEXT = "text"
    EMPHASIS = "emphasis"
    FOREIGN = "foreign"
    NAME = "name"
    REFERENCE = "reference"
    NOTE_REFERENCE = "note-reference"
    LINE_BREAK = "line-break"
    PAGE_BREAK = "page-break"
    GAP = "gap"


GAP_SIGN = "[…]"
"""The text of a gap that the source states without a word (TEI P5 §11.3.3.1)."""


@dataclass(frozen=True, slots=True)
class Inline:
    """A run of text, or with `content` a run of runs.

    `target` is the address of a reference, the id of a note, or the number of the source's
    page at a page break; `language` is a BCP 47 tag. A line break reads as a newline; a page
    break has no text.
    """

    kind: InlineKind
    text: str = ""
    content: tuple[Inline, ...] = ()
    target: str | None = None
    language: str | None = None

    def plain(self) -> str:
        """The words of this run and all runs in it."""
        if self.content:
            return self.text + "".join([part.plain() for part in self.content])
        return "\n" if self.kind is InlineKind.LINE_BREAK else self.text


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or what stands like one.

    `speaker` names who begins to speak at a `turn`; `marker` is the bullet or number that
    the source printed before a list item; `ident` is the id of a `note`; `level` of a `head`
    counts from 1 inside the speech.
    """

    kind: BlockKind
    content: tuple[Inline, ...] = ()
    language: str | None = None
    speaker: str | None = None
    marker: str | None = None
    ident: str | None = None
    level: int = 1

    @property
    def text(self) -> str:
        """The words of the block, its marker first as the source has it."""
        words = "".join([part.plain() for part in self.content])
        return f"{self.marker} {words}" if self.marker else words


@dataclass(frozen=True, slots=True)
class Cut:
    """Something that stood on the page and is not in the speech: what, how much, its start."""

    kind: str
    words: int
    first_words: str

    @property
    def whole(self) -> bool:
        """True where the first words are all."""
        return len(self.first_words.split()) >= self.words

    @classmethod
    def of(cls, kind: str, text: str, *, shown: int = 8) -> Cut:
        """The record of leaving `text` out; `shown` is how many words are quoted.

        >>> Cut.of("end mark", "-0-")
        Cut(kind='end mark', words=1, first_words='-0-')
        """
        words = text.split()
        return cls(kind, len(words), " ".join(words[:shown]))


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the page, as it was saved with it; it lies behind the first `at` blocks.

    `path` is the file or record of its bytes, as a book cites it, and `sha256` is of these bytes,
    which `packager.pictures` keeps; `width` and `height` are pixels as shown. `alt` is None where
    the page gives no words for it, and empty where the page says that it is an ornament. The
    `caption` is the source's, but none of the words of the speech.
    """

    at: int
    path: str
    sha256: str
    media_type: str
    width: int
    height: int
    alt: str | None = None
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a speech came from and what was left out on the way.

    `path` is the file as it was named to us, with `#record` where a file holds many;
    `sha256` is of the bytes of that file or record; `captured` is an ISO date or date-time.
    """

    path: str
    sha256: str
    reader: str
    reader_version: str
    outlet: str | None = None
    url: str | None = None
    captured: str | None = None
    cut: tuple[Cut, ...] = ()


@dataclass(frozen=True, slots=True)
class Speech:
    """One speech, letter or statement as one page gives it; unknown values are None."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    provenance: Provenance
    speaker: str | None = None
    kind: str | None = None
    occasion: str | None = None
    place: str | None = None
    language: str | None = None
    date: Date | None = None
    topics: tuple[str, ...] = field(default=())
    pictures: tuple[Picture, ...] = ()

    @property
    def text(self) -> str:
        """Every word that a book prints of it, a blank line between blocks."""
        return "\n\n".join(block.text for block in self.blocks)

    @property
    def body(self) -> str:
        """The words of the speech alone, without the outlet's dateline and lede."""
        return "\n\n".join(block.text for block in self.blocks if block.kind not in FRAME)

    @property
    def words(self) -> int:
        """How many words a book prints of it, counted between white space."""
        return sum(len(block.text.split()) for block in self.blocks)


def make_id(date: Date | None, blocks: Iterable[Block]) -> str:
    """A stable id: the day, or the year where the day is open, then ten hex digits of the
    body's words.

    The same words saved twice, or as text and as HTML, get the same id, whatever stands
    around them on the page; a better reading of title or speaker does not change it.

    >>> make_id(None, [Block(BlockKind.P, (Inline(InlineKind.TEXT, "Friends"),))])
    'undated-bd104d1b98'
    """
    digest = words_digest(blocks)[:10]
    if date is None or date.earliest[:4] != date.latest[:4]:
        return f"undated-{digest}"
    return f"{date.earliest if date.exact else date.earliest[:4]}-{digest}"


def words_digest(blocks: Iterable[Block]) -> str:
    """SHA-256 of the body's words, single-spaced: equal for captures of the same words."""
    text = " ".join([block.text for block in blocks if block.kind not in FRAME])
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def plain(text: str) -> tuple[Inline, ...]:
    """The content of a block that is only text; newlines become line breaks."""
    runs: list[Inline] = []
    for n, line in enumerate(text.split("\n")):
        if n:
            runs.append(Inline(InlineKind.LINE_BREAK))
        if line:
            runs.append(Inline(InlineKind.TEXT, line))
    return tuple(runs)


def walk(content: Iterable[Inline]) -> Iterator[Inline]:
    """Every run of a block's content, outer before inner, in reading order."""
    for part in content:
        yield part
        yield from walk(part.content)
