"""The pictures of a library: their bytes lie in its own file, each once, under their digest.

The table is made with the first picture, so a library without any is as it was. A picture of a
speech that was replaced stays; nobody else knows whether its bytes are wanted again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from packager.library_file import Library, told
from packager.pictures import bytes_of, kept
from packager.speech import Picture

_TABLE = """
CREATE TABLE IF NOT EXISTS pictures (sha256 BLOB PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID
"""


def keep_pictures(db: sqlite3.Connection, pictures: Iterable[Picture]) -> None:
    """Put the bytes of pictures that were just read into the library."""
    for picture in pictures:
        if (data := bytes_of(picture.sha256)) is not None:
            db.execute(_TABLE)
            key = bytes.fromhex(picture.sha256)
            db.execute("INSERT OR IGNORE INTO pictures VALUES (?, ?)", (key, data))


def hand_out(library: Library, pictures: Iterable[Picture]) -> None:
    """Bring the bytes of pictures to where a book looks for them (`pictures.bytes_of`)."""
    wanted = [picture.sha256 for picture in pictures if bytes_of(picture.sha256) is None]
    if not wanted:
        return
    with told(library):
        there = "SELECT 1 FROM sqlite_master WHERE name = 'pictures'"
        if library.db.execute(there).fetchone() is None:
            return
        for sha256 in wanted:
            query = "SELECT data FROM pictures WHERE sha256 = ?"
            if row := library.db.execute(query, (bytes.fromhex(sha256),)).fetchone():
                kept(row[0])
