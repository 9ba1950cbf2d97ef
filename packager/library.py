"""The library: speeches of many archives kept in one file, each page read once.

    add             keeps speeches; `known` tells pages that need not be read again
    search          finds words; `list_speeches`, `get`, `versions` show what is kept
    speeches        all of them one by one, for a book; `captures` what a source note lists

The same words from several pages, and near-duplicates of one event, are versions of one speech:
all are kept, one is chosen by the rule of `library_versions.choose`.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, fields, replace

from packager.dates import shown_date
from packager.errors import InputError
from packager.library_file import (
    SCHEMA,
    Library,
    deflated,
    inflated,
    open_library,
    rollback,
    told,
    transaction,
)
from packager.library_pictures import keep_pictures
from packager.library_search import (
    Hit,
    Kept,
    captures,
    get,
    list_speeches,
    search,
    speeches,
    versions,
)
from packager.library_versions import (
    BANDS,
    SKETCH,
    Facts,
    choose,
    facts_of,
    is_parted,
    join,
    near_families,
)
from packager.speech import Speech
from packager.speech_json import dump_speech, load_speech

__all__ = [
    "SCHEMA",
    "Added",
    "Hit",
    "Kept",
    "Library",
    "Page",
    "add",
    "captures",
    "get",
    "known",
    "list_speeches",
    "open_library",
    "search",
    "speeches",
    "versions",
]

_BANDS = ", ".join(["(?, ?)"] * BANDS)
BATCH = 500
"""Speeches of one transaction, and the most that is lost when a process is killed."""
BATCH_TEXT = 4_000_000
"""Characters of one transaction: long speeches make smaller batches."""


@dataclass(frozen=True, slots=True)
class Page:
    """A file of an archive that was read whole: its name, its bytes' SHA-256, the readers."""

    path: str
    sha256: str
    readers: str


@dataclass(frozen=True, slots=True)
class Added:
    """What adding did: speeches that are new, that were there, that stand for older readings.

    Of the new ones `captures` have the very words of another, `versions` nearly.
    """

    added: int = 0
    known: int = 0
    captures: int = 0
    versions: int = 0
    replaced: int = 0

    def __add__(self, other: Added) -> Added:
        return Added(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def add(library: Library, new: Iterable[Speech | Page]) -> Added:
    """Keep speeches, in batches; a `Page` among them says that the page before was read whole.

    A speech that is there already (path, bytes, reader and its version, words) is passed by;
    one that an older version of its reader read is replaced. Raises `PackagerError` when the
    disk is full or another process does not let go; what earlier batches kept stays.
    """
    with told(library):
        _check_sketches(library)
        return _in_turns(library, new)


def _in_turns(library: Library, new: Iterable[Speech | Page]) -> Added:
    """Keep batch after batch; while a thread files the words of one, the next is reckoned.

    Only that one long statement runs in the thread: SQLite lets Python go on meanwhile. Single
    inserts would wait for each other's turn instead (measured: three times slower than none).
    """
    done = Added()
    filed: Future[Added] | None = None
    with ThreadPoolExecutor(1, "library") as filing:
        try:
            for batch in _batches(new):
                if filed:
                    done += filed.result()
                filed = None
                library.db.execute("BEGIN IMMEDIATE")
                first = _next_key(library.db)
                counts, touched = _keep(library.db, batch, first)
                filed = filing.submit(_file, library, first, counts, touched)
            if filed:
                done += filed.result()
        except BaseException:
            if filed:
                filed.exception()  # waits: a batch that is being filed is whole
            rollback(library)
            raise
    return done


def _file(library: Library, first: int, counts: Added, touched: set[int]) -> Added:
    """Give the words of the rows from `first` on to FTS5, choose among versions, and commit."""
    library.db.execute(
        "INSERT INTO words (rowid, title, speaker, text) "
        "SELECT key, title, speaker, text FROM printed WHERE key >= ?",
        (first,),
    )
    choose(library.db, touched)
    library.db.execute("COMMIT")
    return counts


def known(library: Library, page: Page) -> bool:
    """True where this page was read whole before, in these bytes, by these readers."""
    with told(library):
        row = library.db.execute(
            "SELECT readers FROM pages WHERE path = ? AND sha256 = ?",
            (page.path, bytes.fromhex(page.sha256)),
        ).fetchone()
    return row is not None and row[0] == page.readers


@dataclass(frozen=True, slots=True)
class _Row:
    """A speech with all that is reckoned before its transaction begins."""

    speech: Speech
    facts: Facts
    text: str
    plain: bool
    json: bytes
    words: int


def _batches(new: Iterable[Speech | Page]) -> Iterator[list[_Row | Page]]:
    batch: list[_Row | Page] = []
    size = 0
    for item in new:
        if isinstance(item, Page):
            batch.append(item)
        else:
            row = _row(item)
            batch.append(row)
            size += len(row.text)
        if len(batch) >= BATCH or size >= BATCH_TEXT:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _row(speech: Speech) -> _Row:
    line = dump_speech(speech)
    data = line.encode("utf-8", "replace")
    if not line.isascii() and data.decode() != line:  # half characters, as in names of files
        speech = load_speech(data)
    text = "\n".join(block.text for block in speech.blocks)
    return _Row(
        speech=speech,
        facts=facts_of(speech),
        text=text,
        plain=is_parted(f"{speech.title} {speech.speaker} {text}"),
        json=deflated(data, text),
        words=len(text.split()),
    )


def _next_key(db: sqlite3.Connection) -> int:
    """A number that no row has, and no family: a removed row may have given it its own."""
    highest = "SELECT max(coalesce(max(key), 0), coalesce(max(family), 0)) FROM speeches"
    return 1 + int(db.execute(highest).fetchone()[0])


def _keep(
    db: sqlite3.Connection, batch: Sequence[_Row | Page], first: int
) -> tuple[Added, set[int]]:
    """Write a batch's rows, all but what FTS5 holds, from the key `first` on; the families that
    have to choose again."""
    counts = Counter[str]()
    touched: set[int] = set()
    key = first
    texts: list[tuple[int, bool, str, bytes]] = []
    for row in batch:
        if isinstance(row, Page):
            values = (row.path, bytes.fromhex(row.sha256), row.readers)
            db.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?)", values)
            continue
        met = _met(db, row)
        if met.there:
            counts["known"] += 1
            continue
        for old in met.older:
            if old < first:  # else FTS5 has not got it yet
                touched.add(_remove(db, old))
                counts["replaced"] += 1
        found = [met.same] if met.same else near_families(db, row.facts)
        family = join(db, found) if found else None
        if met.claimed:
            row = _named(db, row)
        _insert(db, key, row, family, filed=not met.same)
        texts.append((key, row.plain, row.text, row.json))
        keep_pictures(db, row.speech.pictures)
        key += 1
        if family is not None:
            touched.add(family)
            counts["captures" if met.same else "versions"] += not met.older
        counts["added"] += 1
    db.executemany("INSERT INTO texts VALUES (?, ?, ?, ?)", texts)
    return Added(**counts), touched


@dataclass(frozen=True, slots=True)
class _Met:
    """What the library knows of a speech that comes: whether it is there, rows of its page by
    older readers, the family of its very words, whether another speech has its id."""

    there: bool
    older: tuple[int, ...]
    same: int | None
    claimed: bool


_MEETS = """
SELECT 1, key, reader_version, digest FROM speeches WHERE sha256 = ?1 AND path = ?2 AND reader = ?3
UNION ALL
SELECT 2, family, '', digest FROM (SELECT family, digest FROM speeches WHERE digest = ?4 LIMIT 1)
UNION ALL
SELECT 3, key, '', digest FROM (
    SELECT key, digest FROM speeches WHERE id = ?5 AND digest <> ?4 LIMIT 1
)
"""


def _met(db: sqlite3.Connection, row: _Row) -> _Met:
    made, digest = row.speech.provenance, row.facts.digest
    values = (bytes.fromhex(made.sha256), made.path, made.reader, digest, row.speech.id)
    rows = db.execute(_MEETS, values).fetchall()
    if not rows:
        return _NEVER
    page = [(key, version, words) for what, key, version, words in rows if what == 1]
    return _Met(
        there=any(version == made.reader_version and words == digest for _, version, words in page),
        older=tuple(key for key, version, _ in page if version != made.reader_version),
        same=next((number for what, number, _, _ in rows if what == 2), None),
        claimed=any(what == 3 for what, _, _, _ in rows),
    )


_NEVER = _Met(there=False, older=(), same=None, claimed=False)


def _named(db: sqlite3.Connection, row: _Row) -> _Row:
    """The row, its speech with an id of its own where another speech has claimed it."""
    wanted = row.speech.id
    name, number = wanted, 1
    while db.execute(
        "SELECT 1 FROM speeches WHERE id = ? AND digest <> ? LIMIT 1", (name, row.facts.digest)
    ).fetchone():
        number += 1
        name = f"{wanted}-{number}"
    if name == wanted:
        return row
    speech = replace(row.speech, id=name)
    return replace(
        row,
        speech=speech,
        json=deflated(dump_speech(speech).encode(), row.text),
    )


def _insert(
    db: sqlite3.Connection, key: int, row: _Row, family: int | None, *, filed: bool
) -> None:
    """Write a row; `filed` under its bands where its words are new."""
    speech, made, facts = row.speech, row.speech.provenance, row.facts
    values = (
        key,
        speech.id,
        made.path,
        bytes.fromhex(made.sha256),
        made.reader,
        made.reader_version,
        facts.digest,
        family or key,
        family is None,
        speech.title,
        speech.speaker,
        speech.kind,
        speech.place,
        speech.language,
        *facts.days,
        shown_date(speech.date),
        made.url,
        made.captured,
        row.words,
        facts.size,
        facts.sketch.parts if facts.sketch else None,
    )
    db.execute(f"INSERT INTO speeches VALUES ({','.join('?' * len(values))})", values)
    if filed and facts.sketch:
        places = [value for band in facts.sketch.bands for value in (band, key)]
        db.execute(f"INSERT OR IGNORE INTO bands VALUES {_BANDS}", places)


def _remove(db: sqlite3.Connection, key: int) -> int:
    """Take a row out, its words too; the family that has to choose again."""
    family, text, packed = db.execute(
        "SELECT s.family, t.text, t.json FROM speeches s JOIN texts t USING (key) WHERE key = ?",
        (key,),
    ).fetchone()
    row = _row(load_speech(inflated(packed, text)))
    db.execute(
        "INSERT INTO words (words, rowid, title, speaker, text) "
        "SELECT 'delete', key, title, speaker, text FROM printed WHERE key = ?",
        (key,),
    )
    db.execute("DELETE FROM speeches WHERE key = ?", (key,))
    db.execute("DELETE FROM texts WHERE key = ?", (key,))
    bands = row.facts.sketch.bands if row.facts.sketch else ()
    db.executemany("DELETE FROM bands WHERE band = ? AND key = ?", [(b, key) for b in bands])
    heir = db.execute(
        "SELECT key FROM speeches WHERE digest = ? LIMIT 1", (row.facts.digest,)
    ).fetchone()
    if heir:  # its words stay filed under another capture of them
        db.executemany(
            "INSERT OR IGNORE INTO bands VALUES (?, ?)", [(band, heir[0]) for band in bands]
        )
    return int(family)


def _check_sketches(library: Library) -> None:
    """Sketches of one library must be of one make; the first writer names it."""
    row = library.db.execute("SELECT value FROM facts WHERE name = 'sketch'").fetchone()
    if row is None:
        with transaction(library) as db:
            db.execute("INSERT OR IGNORE INTO facts VALUES ('sketch', ?)", (SKETCH,))
    elif row[0] != SKETCH:
        raise InputError(
            f"{library.path}: its sketches are '{row[0]}', this version makes '{SKETCH}'",
            hint="it can be read; to add to it, make it anew: packager add PAGES",
        )
