"""A Markdown transcription of a printed booklet: its pages, and what its editors wrote around them.

Accepts tokens of CommonMark in which headings such as `## PDF page 7 / printed page 6` come again,
all of one level. What stands above the first of them and below the last page (from a rule, or a
heading of their level or above, on) is the editors' own and is cut. A page heading becomes a page
break of the source; a sentence that it stands in goes on. Values that the editors state in a file
`metadata.json` beside it fill what the text leaves open.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from markdown_it.token import Token

from packager.dates import read_date
from packager.readers.blocks import text_of
from packager.readers.source import Source
from packager.speech import Block, BlockKind, Cut, Inline, InlineKind

FEWEST = 2
"""Page headings that make a transcription."""
LIMIT = 1024 * 1024
"""Bytes of the largest `metadata.json` that is opened."""

_PAGE = re.compile(
    r"(?:(?:pdf|scan|image|printed|source) )?page (?P<page>\d{1,4})"
    r"(?:\W{1,4}(?:printed |book )?page (?P<printed>\d{1,4}|[ivxlc]{1,7}))?",
    re.IGNORECASE,
)
_MADE = re.compile(r"\s+[-–—]\s+[^-–—]{3,40}$")
_OPEN_END = re.compile(r"[^.!?…။।॥。！？:;”\"’')\]*]$")
_LANGUAGE = re.compile(r"[-_.]([a-z]{2})$")

ReadBlocks = Callable[[Sequence[Token]], list[Block]]


@dataclass(frozen=True, slots=True)
class Transcript:
    """The booklet's own text as blocks, its title where the first heading states it, the cuts."""

    blocks: tuple[Block, ...]
    title: str | None
    cuts: tuple[Cut, ...]


def transcript(tokens: Sequence[Token], read: ReadBlocks) -> Transcript | None:
    """The pages of a transcription, None for any other Markdown; `read` makes blocks of tokens."""
    found = [n for n, token in enumerate(tokens) if _page_of(tokens, n)]
    level = tokens[found[0]].tag if found else ""
    heads = [n for n in found if tokens[n].tag == level]
    if len(heads) < FEWEST:
        return None
    end = _end_of(tokens, heads[-1], level)
    blocks: list[Block] = []
    for start, stop in zip(heads, [*heads[1:], end], strict=True):
        page = [token for token in tokens[start + 3 : stop] if token.type != "hr"]
        _join(blocks, read(page), _page_of(tokens, start) or "")
    before, after = _words(tokens[: heads[0]]), _words(tokens[end:])
    title, blocks = _title(tokens, blocks)
    cuts = (
        Cut.of("editors' notes before the text", before.removeprefix(title or "").strip()),
        Cut.of("page headings", " ".join(tokens[n + 1].content for n in heads)),
        Cut.of("editors' notes after the text", after),
    )
    return Transcript(tuple(blocks), title, tuple(cut for cut in cuts if cut.words))


def _page_of(tokens: Sequence[Token], at: int) -> str | None:
    """The number of the page whose heading opens here: the printed one where it is stated."""
    if tokens[at].type != "heading_open" or tokens[at].level or at + 2 >= len(tokens):
        return None
    match = _PAGE.fullmatch(tokens[at + 1].content.strip())
    return (match["printed"] or match["page"]) if match else None


def _end_of(tokens: Sequence[Token], last: int, level: str) -> int:
    """Where the last page ends."""
    for n in range(last + 3, len(tokens)):
        token = tokens[n]
        if token.type == "hr" and not token.level:
            return n
        if token.type == "heading_open" and not token.level and token.tag <= level:
            return n
    return len(tokens)


def _join(blocks: list[Block], page: list[Block], number: str) -> None:
    """Add a page: its number as a page break, its first words to a sentence that goes on."""
    if not page:
        return
    mark = Inline(InlineKind.PAGE_BREAK, target=number)
    first, above = page[0], blocks[-1] if blocks else None
    goes_on = (
        above is not None
        and above.kind is first.kind is BlockKind.P
        and _OPEN_END.search(text_of(above.content).rstrip())
    )
    if above is not None and goes_on:
        space = Inline(InlineKind.TEXT, " ")
        blocks[-1] = replace(above, content=(*above.content, space, mark, *first.content))
    else:
        blocks.append(replace(first, content=(mark, *first.content)))
    blocks += page[1:]


def _title(tokens: Sequence[Token], blocks: list[Block]) -> tuple[str | None, list[Block]]:
    """The heading of the text where the file's own begins with it; else the file's own without
    the word for what the editors made."""
    own = next((tokens[n + 1].content for n, one in enumerate(tokens) if one.tag == "h1"), "")
    if blocks and blocks[0].kind is BlockKind.HEAD:
        head = text_of(blocks[0].content).strip()
        if own.startswith(head):
            return head, blocks[1:]
    return _MADE.sub("", own).strip() or None, blocks


def _words(tokens: Sequence[Token]) -> str:
    return " ".join(token.content for token in tokens if token.content)


# --- what the editors state beside it ------------------------------------------------------


def stated_beside(source: Source) -> dict[str, str]:
    """Speaker, day, place and language from `metadata.json` beside a file; none where it states
    none. Of values in several languages, the one of the file's own."""
    match = _LANGUAGE.search(PurePath(source.name).stem)
    tongue = match[1] if match else ""
    data = _load(source)
    speech = _table(data.get("speech")) or data
    people = (_table(data.get(key)) for key in ("speaker", "creator", "author"))
    person: dict[str, Any] = next((one for one in people if one), {})
    day = _value(speech, "date", tongue)
    values = {
        "speaker": _value(person, "name", tongue) or _value(data, "speaker", tongue),
        "date": day if day and read_date(day) else None,
        "place": _value(speech, "venue", tongue) or _value(speech, "place", tongue),
        "language": tongue if data else None,
    }
    return {name: value for name, value in values.items() if value}


def _load(source: Source) -> dict[str, Any]:
    if source.inner is not None:
        return {}
    path = source.path.with_name("metadata.json")
    try:
        if not path.is_file() or path.stat().st_size > LIMIT:
            return {}
        return _table(json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError):
        return {}


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _value(table: dict[str, Any], key: str, tongue: str) -> str | None:
    names = [f"{key}_{tongue}", key, *(one for one in table if one.startswith(f"{key}_"))]
    found = (table.get(name) for name in names)
    return next((" ".join(one.split()) for one in found if isinstance(one, str) and one), None)
