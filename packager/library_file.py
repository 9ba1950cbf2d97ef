"""The file of a library: SQLite in WAL mode, its tables, and errors told in one line.

    speeches   a row a capture: what lists and selections need, its group of versions, the choice
    texts      the same rows' words, and our Speech JSON deflated with them as its dictionary
    words      FTS5 over title, speaker and text; it reads them from the view `printed`
    bands      the sketches' bands, by which near-duplicates find each other
    pages      which file of an archive was read whole, in which bytes, by which readers
    pictures   the bytes of pictures, where there are any (`library_pictures`)

Accepts files that this room made, of the schema number `SCHEMA`; refuses all others. Two
processes may write at a time: transactions are short and wait for each other. A process that is
killed, or a disk that is full, loses the batch under way and nothing else.
"""

from __future__ import annotations

import re
import sqlite3
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from packager.errors import InputError, PackagerError
from packager.library_versions import spaced

SCHEMA = 1
"""The number of the schema; it changes whenever an old version would go wrong with it."""
APPLICATION = 0x504B4752
"""SQLite's `application_id` of our files: the letters PKGR."""
PATIENCE = 60.0
"""Seconds that a writer waits for another's batch; a batch takes well below one."""
PAGE = 8192
"""Bytes of a page; SQLite's own 4,096 leave a third of the table `texts` empty."""
HASH = 8 * 1024 * 1024
"""Bytes that FTS5 gathers of a batch before it writes a segment."""
_WINDOW = 1 << 15
"""Bytes that deflate can look back."""
CACHE = 64 * 1024
"""KiB of pages that SQLite keeps in memory."""

_TABLES = """
CREATE TABLE speeches (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    reader TEXT NOT NULL,
    reader_version TEXT NOT NULL,
    digest BLOB NOT NULL,
    family INTEGER NOT NULL,
    chosen INTEGER NOT NULL,
    title TEXT NOT NULL,
    speaker TEXT,
    kind TEXT,
    place TEXT,
    language TEXT,
    earliest TEXT,
    latest TEXT,
    shown TEXT NOT NULL,
    url TEXT,
    captured TEXT,
    length INTEGER NOT NULL,
    size INTEGER NOT NULL,
    sketch BLOB
);
CREATE INDEX speeches_by_id ON speeches (id);
CREATE INDEX speeches_by_page ON speeches (sha256);
CREATE INDEX speeches_by_digest ON speeches (digest);
CREATE INDEX speeches_by_family ON speeches (family);
CREATE INDEX speeches_by_day ON speeches (earliest);
CREATE TABLE texts (
    key INTEGER PRIMARY KEY, plain INTEGER NOT NULL, text TEXT NOT NULL, json BLOB NOT NULL
);
CREATE VIEW printed AS
    SELECT s.key AS key, s.title AS title, s.speaker AS speaker, t.text AS text
    FROM texts t JOIN speeches s ON s.key = t.key WHERE t.plain
    UNION ALL
    SELECT s.key, spaced(s.title), spaced(s.speaker), spaced(t.text)
    FROM texts t JOIN speeches s ON s.key = t.key WHERE NOT t.plain;
CREATE VIRTUAL TABLE words USING fts5 (
    title, speaker, text, content='printed', content_rowid='key',
    tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
);
CREATE TABLE bands (
    band INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (band, key)
) WITHOUT ROWID;
CREATE TABLE pages (
    path TEXT NOT NULL, sha256 BLOB NOT NULL, readers TEXT NOT NULL,
    PRIMARY KEY (path, sha256)
) WITHOUT ROWID;
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Library:
    """A library that is open; close it with `close` or use it in a `with` statement."""

    path: Path
    db: sqlite3.Connection

    def close(self) -> None:
        """Close the file; what was added is there already."""
        self.db.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_library(path: Path | str, *, create: bool = False) -> Library:
    """The library of a file; with `create` a new one is made where nothing is there.

    Raises `InputError` for a file that is not there, is no library, or is of another schema.

    >>> import tempfile
    >>> with open_library(Path(tempfile.mkdtemp()) / "library.db", create=True) as library:
    ...     library.db.execute("PRAGMA user_version").fetchone()
    (1,)
    """
    path = Path(path)
    if not path.exists() and not create:
        raise InputError(
            f"{path}: there is no library", hint="make one: packager add PAGES --library FILE"
        )
    mode = "rwc" if create else "rw"
    address = f"{path.absolute().as_uri()}?mode={mode}"
    try:
        db = sqlite3.connect(
            address, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
    except sqlite3.Error as error:
        raise InputError(f"{path}: cannot be opened: {error}", hint="check the path") from error
    library = Library(path, db)
    try:
        with told(library):
            _prepare(library, create=create)
    except BaseException:
        db.close()
        raise
    return library


def _prepare(library: Library, *, create: bool) -> None:
    db = library.db
    db.create_function("fold", 1, _fold, deterministic=True)
    db.create_function("spaced", 1, lambda text: spaced(text or ""), deterministic=True)
    if _version(library) == (0, 0) and create:
        db.execute(f"PRAGMA page_size = {PAGE}")
        _in_wal(db)
        with transaction(library):
            if not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                for statement in re.split(r";\n(?=CREATE|\Z)", _TABLES.strip()):
                    db.execute(statement)
                db.execute("INSERT INTO words (words, rank) VALUES ('rank', 'bm25(4.0, 4.0, 1.0)')")
                db.execute(f"INSERT INTO words (words, rank) VALUES ('hashsize', {HASH})")
                db.execute(f"PRAGMA application_id = {APPLICATION}")
                db.execute(f"PRAGMA user_version = {SCHEMA}")
    application, schema = _version(library)
    if application != APPLICATION:
        raise InputError(
            f"{library.path}: a database, but no library of packager", hint="name another file"
        )
    if schema != SCHEMA:
        raise InputError(
            f"{library.path}: a library of schema {schema}; this version knows {SCHEMA}",
            hint="use the version that made it, or make it anew: packager add PAGES",
        )
    db.execute("PRAGMA synchronous = NORMAL")  # WAL: a crash of the machine loses the last batch
    db.execute(f"PRAGMA cache_size = {-CACHE}")
    db.execute("PRAGMA journal_size_limit = 67108864")


def _version(library: Library) -> tuple[int, int]:
    application = library.db.execute("PRAGMA application_id").fetchone()[0]
    return application, library.db.execute("PRAGMA user_version").fetchone()[0]


def _in_wal(db: sqlite3.Connection) -> None:
    """Switch to WAL; SQLite does not wait by itself when another process does it just now."""
    for attempt in range(200):
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == 199:
                raise
            time.sleep(0.05)


def _fold(text: str | None) -> str | None:
    return text.casefold() if text is not None else None


@contextmanager
def transaction(library: Library) -> Iterator[sqlite3.Connection]:
    """One transaction of a writer: all of it is kept, or nothing."""
    library.db.execute("BEGIN IMMEDIATE")
    try:
        yield library.db
        library.db.execute("COMMIT")
    except BaseException:
        rollback(library)
        raise


def rollback(library: Library) -> None:
    """Give up the transaction under way; SQLite has done so itself when the disk is full."""
    with suppress(sqlite3.Error):
        if library.db.in_transaction:
            library.db.execute("ROLLBACK")


@contextmanager
def told(library: Library) -> Iterator[None]:
    """SQLite's errors as ours, in one line with what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        where = f"{library.path}: "
        if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
            raise PackagerError(
                f"{where}cannot be written further: {error}; what was kept before is whole",
                hint="make room on the disk and run the same command again",
            ) from error
        if code == sqlite3.SQLITE_BUSY:
            raise PackagerError(
                f"{where}another process has been writing for {PATIENCE:.0f} seconds",
                hint="let it end, then run the same command again",
            ) from error
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            raise InputError(
                f"{where}cannot be opened for writing", hint="check file, folder and permissions"
            ) from error
        if code == sqlite3.SQLITE_NOTADB:
            raise InputError(f"{where}no library", hint="name another file") from error
        raise InputError(
            f"{where}the library is damaged: {error}", hint="make it anew: packager add PAGES"
        ) from error


def deflated(data: bytes, text: str) -> bytes:
    """Speech JSON in few bytes: its words stand in `text` already.

    Level 3 costs what level 1 does and is within 4 % of the size of level 9.
    """
    packer = zlib.compressobj(3, zdict=_dictionary(text))
    return packer.compress(data) + packer.flush()


def inflated(packed: bytes, text: str) -> bytes:
    """The JSON that `deflated` packed."""
    return zlib.decompressobj(zdict=_dictionary(text)).decompress(packed)


def _dictionary(text: str) -> bytes:
    return text[:_WINDOW].encode()[:_WINDOW]
