"""What is kept in a library: searched, listed, shown, handed to a book one by one."""

from __future__ import annotations

import difflib
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from packager.errors import InputError
from packager.library_file import Library, inflated, told
from packager.library_pictures import hand_out
from packager.library_versions import spaced, unspaced
from packager.speech import Provenance, Speech
from packager.speech_json import load_speech

STEP = 200
"""Speeches that are fetched at a time when all are wanted."""
SNIPPET = 24
"""Words of a snippet."""

_EXPRESSION = re.compile(
    r"\"|\b(?:AND|OR|NOT)\b|\bNEAR\s*\(|\b(?:title|speaker|text)\s*:|\w\*(?:\s|$)"
)
_COLUMNS = (
    "s.id, s.shown, s.speaker, s.title, s.kind, s.language, s.length, s.path, s.url, s.captured, "
    "s.chosen, (SELECT count(*) FROM speeches v WHERE v.family = s.family)"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept capture as a list shows it; `date` in words, `versions` how many its speech has."""

    id: str
    date: str
    speaker: str | None
    title: str
    kind: str | None
    language: str | None
    words: int
    path: str
    url: str | None
    captured: str | None
    chosen: bool
    versions: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A speech that a search found, and the words around the first match."""

    kept: Kept
    snippet: str


def search(library: Library, query: str, limit: int = 20) -> list[Hit]:
    """The speeches that hold the query's words, the best first, each speech once.

    Plain words must all be there, in any order. A query with quotation marks, AND, OR, NOT,
    NEAR(...), a prefix* or a column (title:, speaker:, text:) is one of FTS5's; raises
    `InputError` where it is no valid one.
    """
    expression = match_expression(query)
    hits: list[Hit] = []
    seen: set[int] = set()
    with told(library):
        try:
            rows = library.db.execute(
                f"SELECT s.family, snippet(words, 2, '', '', '…', {SNIPPET}), {_COLUMNS} "
                "FROM words JOIN speeches s ON s.key = words.rowid "
                "WHERE words MATCH ? ORDER BY words.rank",
                (expression,),
            )
            for family, snippet, *columns in rows:
                if family in seen:
                    continue
                seen.add(family)
                kept = _kept(columns)
                hits.append(Hit(kept if kept.chosen else _chosen(library, family), _line(snippet)))
                if len(hits) >= limit:
                    break
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                raise
            raise InputError(
                f"the query {query!r} is not understood: {error}",
                hint="leave out quotation marks and signs to search for plain words",
            ) from error
    return hits


def match_expression(query: str) -> str:
    """The FTS5 expression of a query; plain words are quoted, so that no sign can break it.

    >>> match_expression("state-of-the-art don't"), match_expression('"good evening" OR tide*')
    ('"state-of-the-art" "don\\'t"', '"good evening" OR tide*')
    >>> match_expression("朋友们")
    '" 朋  友  们 "'
    """
    if not query.strip():
        raise InputError("the query is empty", hint="name a word to look for")
    if not _EXPRESSION.search(query):
        return " ".join(_quoted(word) for word in query.split())
    pieces = query.split('"')
    for n, piece in enumerate(pieces):
        pieces[n] = spaced(piece) if n % 2 else _phrases(piece)
    return '"'.join(pieces)


def _quoted(word: str) -> str:
    """A word as a phrase; a Korean one also with the particles that are written on to it."""
    end = "*" if re.search(r"[가-힣]$", word) else ""
    return f'"{spaced(word)}"{end}'


def _phrases(piece: str) -> str:
    """A piece of an expression outside quotation marks, its unspaced words as phrases."""
    return re.sub(
        r"[^\s()*:+^\-]+",
        lambda m: m[0] if spaced(m[0]) == m[0] else f'"{spaced(m[0])}"',
        piece,
    )


def _line(snippet: str) -> str:
    return " ".join(unspaced(snippet).split())


def _chosen(library: Library, family: int) -> Kept:
    row = library.db.execute(
        f"SELECT {_COLUMNS} FROM speeches s WHERE s.family = ? ORDER BY s.chosen DESC LIMIT 1",
        (family,),
    ).fetchone()
    return _kept(row)


def _kept(row: Sequence[Any]) -> Kept:
    values = [*row[:-2], bool(row[-2]), row[-1]]
    return Kept(*values)


def _speech(library: Library, key: int) -> Speech:
    row = library.db.execute("SELECT json, text FROM texts WHERE key = ?", (key,)).fetchone()
    return load_speech(inflated(*row))


def list_speeches(
    library: Library,
    *,
    speaker: str | None = None,
    kind: str | None = None,
    language: str | None = None,
    first: str | None = None,
    last: str | None = None,
    every: bool = False,
    limit: int | None = None,
) -> Iterator[Kept]:
    """What is kept, by date and title: chosen captures, or `every` one.

    `speaker`, `kind` and `language` compare without case; `first` and `last` are ISO days, and a
    speech is inside with every day that its date can mean.
    """
    conditions, values = ["1"], list[object]()
    if not every:
        conditions.append("s.chosen")
    for column, value in (("speaker", speaker), ("kind", kind), ("language", language)):
        if value is not None:
            conditions.append(f"fold(s.{column}) = ?")
            values.append(value.casefold())
    for condition, day in (("s.earliest >= ?", first), ("s.latest <= ?", last)):
        if day is not None:
            conditions.append(condition)
            values.append(day)
    with told(library):
        rows = library.db.execute(
            f"SELECT {_COLUMNS} "
            f"FROM speeches s WHERE {' AND '.join(conditions)} "
            "ORDER BY s.earliest IS NULL, s.earliest, s.title, s.key LIMIT ?",
            (*values, -1 if limit is None else limit),
        )
        for row in rows:
            yield _kept(row)


def get(library: Library, name: str) -> Speech:
    """The speech of an id; of several captures the chosen one. Raises `InputError` for none."""
    with told(library):
        row = library.db.execute(
            "SELECT key FROM speeches WHERE id = ? ORDER BY chosen DESC, url IS NULL, "
            "coalesce(captured, '9999'), path LIMIT 1",
            (name,),
        ).fetchone()
        if row is None:
            raise InputError(f"no speech has the id '{name}'", hint=_nearest(library, name))
        return _speech(library, row[0])


def _nearest(library: Library, name: str) -> str:
    rows = library.db.execute(
        "SELECT DISTINCT id FROM speeches WHERE id >= ? AND id < ? LIMIT 200",
        (name[:4], f"{name[:4]}\uffff"),
    )
    near = difflib.get_close_matches(name, [row[0] for row in rows], n=3)
    return f"did you mean {', '.join(near)}?" if near else "see the ids: packager list"


def versions(library: Library, name: str) -> list[Kept]:
    """All captures and versions of the speech of an id, the chosen one first."""
    with told(library):
        rows = library.db.execute(
            f"SELECT {_COLUMNS} "
            "FROM speeches s WHERE s.family IN (SELECT family FROM speeches WHERE id = ?) "
            "ORDER BY s.chosen DESC, s.url IS NULL, coalesce(s.captured, '9999'), s.path, s.key",
            (name,),
        ).fetchall()
    return [_kept(row) for row in rows]


def speeches(library: Library, *, every: bool = False) -> Iterator[Speech]:
    """The chosen capture of every speech, or `every` capture and version, in the order in which
    they were added, in the memory of a few; what is added meanwhile comes too. The bytes of their
    pictures are handed out with them."""
    last = 0
    chosen = "" if every else "AND s.chosen "
    while True:
        with told(library):
            rows = library.db.execute(
                "SELECT s.key, t.json, t.text FROM speeches s JOIN texts t USING (key) "
                f"WHERE s.key > ? {chosen}ORDER BY s.key LIMIT ?",
                (last, STEP),
            ).fetchall()
        if not rows:
            return
        for _, *packed in rows:
            speech = load_speech(inflated(*packed))
            hand_out(library, speech.pictures)
            yield speech
        last = rows[-1][0]


def captures(library: Library) -> dict[str, tuple[Provenance, ...]]:
    """By the id of each chosen speech the provenance of its other captures and versions."""
    with told(library):
        rows = library.db.execute(
            "SELECT c.id, o.key FROM speeches c JOIN speeches o "
            "ON o.family = c.family AND o.key <> c.key WHERE c.chosen "
            "ORDER BY c.key, o.url IS NULL, coalesce(o.captured, '9999'), o.path, o.key"
        ).fetchall()
        others: dict[str, list[Provenance]] = {}
        for name, key in rows:
            others.setdefault(name, []).append(_speech(library, key).provenance)
    return {name: tuple(made) for name, made in others.items()}
