"""`Speech`: one faithful text with where it came from; frozen, with versioned JSON.

A speech is a row of `Block`s, a block a row of `Inline`s. The kinds are closed lists in the
words of TEI and Z39.98; whoever renders a speech matches them exhaustively.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from packager.dates import Date
from packager.errors import SpeechFormatError

FORMAT = 1
"""The format number of Speech JSON; it changes whenever an old reader would go wrong."""


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 §2.2 leaves out of its characters."""
DEPTH = 150
"""Runs inside runs that Speech JSON may hold; readers follow XML to 120, Markdown to 100."""


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


# --- JSON: one object a speech, keys in a fixed order --------------------------------------


def speech_to_json(speech: Speech) -> dict[str, Any]:
    """The whole speech as plain values; `text` beside `content` is there for other programs."""
    made = speech.provenance
    return {
        "format": FORMAT,
        "id": speech.id,
        "title": speech.title,
        "speaker": speech.speaker,
        "kind": speech.kind,
        "occasion": speech.occasion,
        "place": speech.place,
        "language": speech.language,
        "date": speech.date.to_json() if speech.date else None,
        "topics": list(speech.topics),
        "blocks": [_block_to_json(block) for block in speech.blocks],
        "provenance": {
            "outlet": made.outlet,
            "url": made.url,
            "captured": made.captured,
            "path": made.path,
            "sha256": made.sha256,
            "reader": made.reader,
            "reader_version": made.reader_version,
            "cut": [
                {"kind": cut.kind, "words": cut.words, "first_words": cut.first_words}
                for cut in made.cut
            ],
        },
    }


def dump_speech(speech: Speech) -> str:
    """The speech as one line of JSON (a JSON line).

    >>> from packager.speech import *
    >>> one = Speech("x-1", "To the Lamplighters", (Block(BlockKind.P, plain("Good evening.")),),
    ...              Provenance("a.txt", "0" * 64, "text", "1"))
    >>> load_speech(dump_speech(one)) == one
    True
    """
    return json.dumps(speech_to_json(speech), ensure_ascii=False)


def load_speech(line: str | bytes) -> Speech:
    """The speech of one line of JSON, exactly as it was dumped.

    Raises `SpeechFormatError` where the line is not JSON, not a speech, or of another format.
    """
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SpeechFormatError(f"not JSON: {str(error)[:120]}") from error
    if not isinstance(data, dict) or "blocks" not in data:
        raise SpeechFormatError("no Speech JSON: an object with 'blocks' is expected")
    if data.get("format") != FORMAT:
        raise SpeechFormatError(
            f"Speech JSON of format {data.get('format')!r}", hint=f"this version reads {FORMAT}"
        )
    try:
        return _speech_from_json(data)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise SpeechFormatError(f"Speech JSON with a wrong value: {error!r}") from error


def _speech_from_json(data: dict[str, Any]) -> Speech:
    made = data["provenance"]
    cuts = tuple(
        Cut(_string(c["kind"]), _count(c["words"]), _string(c["first_words"])) for c in made["cut"]
    )
    blocks = tuple(_block_from_json(block) for block in _list(data["blocks"]))
    _words("".join(block.text for block in blocks))
    for key in ("written", "reason"):
        _maybe((data.get("date") or {}).get(key))
    return Speech(
        id=_words(data["id"]),
        title=_words(data["title"]),
        speaker=_maybe(data.get("speaker")),
        kind=_maybe(data.get("kind")),
        occasion=_maybe(data.get("occasion")),
        place=_maybe(data.get("place")),
        language=_maybe(data.get("language")),
        date=Date.from_json(data["date"]) if data.get("date") else None,
        topics=tuple(_string(topic) for topic in _list(data.get("topics", []))),
        blocks=blocks,
        provenance=Provenance(
            path=_string(made["path"]),
            sha256=_string(made["sha256"]),
            reader=_string(made["reader"]),
            reader_version=_string(made["reader_version"]),
            outlet=_maybe(made.get("outlet")),
            url=_maybe(made.get("url")),
            captured=_maybe(made.get("captured")),
            cut=cuts,
        ),
    )


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a string is expected, not {value!r}")
    value.encode()  # half a surrogate pair is no character; raises ValueError
    if _CONTROL.search(value):
        raise ValueError("a control character, which no book can hold")
    return value


def _words(value: object) -> str:
    if not (text := _string(value)).strip():
        raise ValueError("id, title and text may not be empty")
    return text


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"a whole number is expected, not {value!r}")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"a list is expected, not {value!r}")
    return value


def _maybe(value: object) -> str | None:
    return None if value is None else _string(value)


def _block_to_json(block: Block) -> dict[str, Any]:
    out: dict[str, Any] = {"kind": str(block.kind), "text": block.text}
    for key in ("language", "speaker", "marker", "ident"):
        if getattr(block, key) is not None:
            out[key] = getattr(block, key)
    if block.level != 1:
        out["level"] = block.level
    out["content"] = [_inline_to_json(part) for part in block.content]
    return out


def _block_from_json(data: dict[str, Any]) -> Block:
    return Block(
        kind=BlockKind(data["kind"]),
        content=tuple(_inline_from_json(part) for part in data["content"]),
        language=_maybe(data.get("language")),
        speaker=_maybe(data.get("speaker")),
        marker=_maybe(data.get("marker")),
        ident=_maybe(data.get("ident")),
        level=_count(data.get("level", 1)),
    )


def _inline_to_json(part: Inline) -> dict[str, Any]:
    out: dict[str, Any] = {"kind": str(part.kind), "text": part.text}
    if part.content:
        out["content"] = [_inline_to_json(inner) for inner in part.content]
    if part.target is not None:
        out["target"] = part.target
    if part.language is not None:
        out["language"] = part.language
    return out


def _inline_from_json(data: dict[str, Any], depth: int = 1) -> Inline:
    if depth > DEPTH:
        raise ValueError(f"runs in runs, more than {DEPTH} deep")
    return Inline(
        kind=InlineKind(data["kind"]),
        text=_string(data["text"]),
        content=tuple(_inline_from_json(inner, depth + 1) for inner in data.get("content", [])),
        target=_maybe(data.get("target")),
        language=_maybe(data.get("language")),
    )


def walk(content: Iterable[Inline]) -> Iterator[Inline]:
    """Every run of a block's content, outer before inner, in reading order."""
    for part in content:
        yield part
        yield from walk(part.content)
