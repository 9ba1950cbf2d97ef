"""Two versions of a speech side by side, as one page of HTML that needs nothing else.

Paragraphs stand beside those that they agree with; what is otherwise is marked, by the rule of
`collation`. The outlets' frames are not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import jinja2

from packager.beside import write_beside
from packager.collation import Change, Word, changes, words_of
from packager.dates import shown_date
from packager.errors import InputError
from packager.library import get, open_library
from packager.reading import read
from packager.speech import Block, Speech
from packager.style import shipped_styles

Pieces = list[tuple[str, bool]]
"""The text of a paragraph in pieces: words, and whether the other version has others."""


@dataclass(frozen=True, slots=True)
class Row:
    """Paragraphs of both versions that begin together."""

    left: list[Pieces]
    right: list[Pieces]


@dataclass(frozen=True, slots=True)
class Collation:
    """The page, and what it shows: words of both texts, changes, the words that they touch."""

    html: str
    words: tuple[int, int]
    changes: int
    changed: tuple[int, int]


def collate(first: Speech, second: Speech) -> Collation:
    """Compare two speeches word by word.

    >>> collate(speech, speech).changes  # doctest: +SKIP
    0
    """
    sides = (first, second)
    words = words_of(first.blocks), words_of(second.blocks)
    found = changes(*words)
    changed = (
        sum(one.end - one.start for one in found),
        sum(one.other_end - one.other_start for one in found),
    )
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(shipped_styles() / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    html = environment.get_template("collation.html.j2").render(
        sides=sides,
        rows=_rows(sides, words, found),
        words=[len(one) for one in words],
        changes=len(found),
        changed=changed,
        shown_date=shown_date,
    )
    return Collation(html, (len(words[0]), len(words[1])), len(found), changed)


def collate_files(one: str, other: str, out: Path, *, library: Path | None = None) -> Collation:
    """Compare two pages, or two speeches of a library by their ids, into the file `out`.

    Raises `InputError` for a page that holds no speech, or several, and for a file that cannot be
    written.
    """
    made = collate(_speech(one, library), _speech(other, library))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_beside(out, made.html.encode())
    except OSError as error:
        raise InputError(f"{out}: cannot be written: {error.strerror or error}") from error
    return made


def _speech(name: str, library: Path | None) -> Speech:
    """The speech of a page, of a page and an id (`page.html#2019-...`), or of an id."""
    path, _, ident = name.partition("#")
    if library and not Path(path).exists():
        with open_library(library) as kept:
            return get(kept, name)
    found = [speech for speech in read([Path(path)]) if ident in ("", speech.id)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputError(f"{name}: no speech was found", hint=f"see why: packager read {path}")
    raise InputError(
        f"{name}: holds {len(found)} speeches", hint=f"name one, as {path}#{found[0].id}"
    )


def _rows(
    sides: tuple[Speech, Speech],
    words: tuple[Sequence[Word], Sequence[Word]],
    found: Sequence[Change],
) -> Iterator[Row]:
    starts = [(0, 0), *_together(words, found), (len(words[0]), len(words[1]))]
    marked = (
        [(one.start, one.end) for one in found],
        [(one.other_start, one.other_end) for one in found],
    )
    for (left, right), (left_end, right_end) in pairwise(starts):
        yield Row(
            _paragraphs(sides[0].blocks, words[0], (left, left_end), marked[0]),
            _paragraphs(sides[1].blocks, words[1], (right, right_end), marked[1]),
        )


def _together(
    words: tuple[Sequence[Word], Sequence[Word]], found: Sequence[Change]
) -> Iterator[tuple[int, int]]:
    """Words of both texts, after the first, that agree, or change together, and begin a block."""
    mine, theirs = words
    shift, at = 0, 0
    for change in (*found, Change(len(mine), len(mine), len(theirs), len(theirs))):
        agreeing = ((n, n + shift) for n in range(at, change.start))
        for left, right in (*agreeing, (change.start, change.other_start)):
            if left and right and _begins(mine, left) and _begins(theirs, right):
                yield left, right
        at, shift = change.end, change.other_end - change.end


def _begins(words: Sequence[Word], at: int) -> bool:
    return at < len(words) and words[at].block != words[at - 1].block


def _paragraphs(
    blocks: Sequence[Block],
    words: Sequence[Word],
    span: tuple[int, int],
    marked: Sequence[tuple[int, int]],
) -> list[Pieces]:
    """The blocks of some words, those of the words that are marked told apart."""
    numbers = dict.fromkeys(word.block for word in words[span[0] : span[1]])
    out = []
    for number in numbers:
        inside = [n for n in range(*span) if words[n].block == number]
        edges = [
            (words[max(start, inside[0])].start, words[min(end - 1, inside[-1])].end)
            for start, end in marked
            if max(start, inside[0]) < min(end, inside[-1] + 1)
        ]
        out.append(list(_pieces(blocks[number].text, edges)))
    return out


def _pieces(text: str, edges: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    at = 0
    for start, end in edges:
        yield text[at:start], False
        yield text[start:end], True
        at = end
    yield text[at:], False
