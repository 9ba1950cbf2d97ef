"""Versions of one speech: sketches of texts, and which of them are near-duplicates.

A text is cut into pairs of words (of characters where a script has no spaces); their
MinHash (rensa) is the sketch. Two captures are versions of one speech when

    their words are equal (`speech.words_digest`), or
    both are dated at most a day apart, have `FEWEST_OF_DAY` words and agree in `ALIKE_OF_DAY`, or
    both have `FEWEST` words, agree in `ALIKE`, and are at most `NEAR` days apart or one is undated.

Two records of one file that state no address are never near-duplicates: a sitting's formulas are
said many times. Measured on 783 distinct agency stories of ten months, every pair looked at: of
one day and 150 words, two tellings of one story share 0.39 to 0.79 of their pairs, two stories at
most 0.21; of other days, two stories of 50 words share up to 0.60. Pairs part them better than
shingles of three words (0.29 against 0.24) and cost half the time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import add, eq
from struct import Struct
from zlib import crc32

from rensa import RMinHash

from packager.speech import FRAME, Speech

PARTS = 64
BANDS = 8
"""Eight bands of eight parts: texts that share 0.8 of their pairs meet in a band with a
probability of 0.77, at 0.9 of 0.99, at 0.5 of 0.03. Pairs of one day are found by the day."""
SEED = 1
SKETCH = f"rensa {getattr(RMinHash, 'ALGORITHM_VERSION', 1)}, {PARTS} parts, {BANDS} bands"
"""The name of the sketches; those of another name cannot be compared."""
ALIKE = 0.8
FEWEST = 50
NEAR = 7
"""Days, as in `dates.NEAR`: agencies print late."""
ALIKE_OF_DAY = 0.35
FEWEST_OF_DAY = 150
LENGTHS = 0.75
"""How far the lengths of two versions of one day may differ; 0.79 to 1 in those measured."""
CANDIDATES = 300
"""Texts that are compared at most."""

SCRIPTS = (
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
"""A letter of a script that parts no words."""
_PACK = Struct(f"<{PARTS}I").pack
_UNSPACED = re.compile(f"({SCRIPTS})")
_SPACED = re.compile(f" ({SCRIPTS}) ")


@dataclass(frozen=True, slots=True)
class Sketch:
    """The last byte of each part of a text's MinHash (two parts agree by chance once in 256),
    and the bands under which it is filed."""

    parts: bytes
    bands: tuple[int, ...]


def spaced(text: str) -> str:
    """The text with each letter of a script without spaces standing alone, as a word.

    >>> spaced("朋友们 good evening")
    ' 朋  友  们  good evening'
    """
    return text if text.isascii() else _UNSPACED.sub(r" \1 ", text)


def is_parted(text: str) -> bool:
    """True where every script of the text parts its words: `spaced` would change nothing.

    >>> is_parted("Good evening"), is_parted("朋友们")
    (True, False)
    """
    return text.isascii() or _UNSPACED.search(text) is None


def unspaced(text: str) -> str:
    """What `spaced` made, undone.

    >>> unspaced(spaced("朋友们 good evening"))
    '朋友们 good evening'
    """
    return text if text.isascii() else _SPACED.sub(r"\1", text)


def sketch(words: Sequence[str]) -> Sketch | None:
    """The sketch of a text's words; None where they are too few.

    >>> sketch("Good evening".split()) is None
    True
    """
    if len(words) < FEWEST:
        return None
    minhash = RMinHash(PARTS, SEED)
    minhash.update(list(map(add, words, words[1:])))
    data = _PACK(*minhash.digest())
    size = len(data) // BANDS
    bands = tuple(n << 32 | crc32(data[n * size : (n + 1) * size]) for n in range(BANDS))
    return Sketch(data[::4], bands)


def alike(first: bytes, second: bytes) -> float:
    """The share of equal parts of two sketches, from 0 to 1.

    >>> one = sketch([str(n) for n in range(60)]).parts
    >>> alike(one, one)
    1.0
    """
    same: int = sum(map(eq, first, second))
    return same / PARTS


Days = tuple[str | None, str | None]
"""The first and the last day (ISO) that a date can mean."""


def ordinals(days: Days) -> tuple[int, int] | None:
    """A span of days as numbers; None for an undated one."""
    first, last = days
    if not (first and last):
        return None
    return dt.date.fromisoformat(first).toordinal(), dt.date.fromisoformat(last).toordinal()


def days_apart(first: Days, second: Days) -> int | None:
    """Days between two spans of days, 0 where they overlap; None where one is undated.

    >>> days_apart(("2021-04-07", "2021-04-07"), ("2021-04-09", "2021-04-09"))
    2
    >>> days_apart(("2021-04-07", "2021-04-07"), ("2021-01-01", "2021-12-31"))
    0
    """
    one, two = ordinals(first), ordinals(second)
    if one is None or two is None:
        return None
    return max(0, two[0] - one[1], one[0] - two[1])


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides whether a capture is a version of another."""

    digest: bytes
    sketch: Sketch | None
    size: int
    days: Days
    path: str
    url: str | None


def facts_of(speech: Speech) -> Facts:
    """What decides whether a speech is a version of another."""
    words = " ".join(block.text for block in speech.blocks if block.kind not in FRAME).split()
    said = " ".join(words)
    tokens = words if said.isascii() else spaced(said).split()
    days = (speech.date.earliest, speech.date.latest) if speech.date else (None, None)
    digest = hashlib.sha256(said.encode("utf-8", "replace")).digest()
    made = speech.provenance
    return Facts(digest, sketch(tokens), len(tokens), days, made.path, made.url)


def are_versions(one: Facts, two: Facts) -> bool:
    """True where two speeches are versions of one, by the rule of this module."""
    if one.digest == two.digest:
        return True
    if not (one.sketch and two.sketch) or not _may_be_one(one, two.path, two.url):
        return False
    apart = days_apart(one.days, two.days)
    likeness = alike(one.sketch.parts, two.sketch.parts)
    if likeness >= ALIKE:
        return apart is None or apart <= NEAR
    exact = one.days[0] == one.days[1] and two.days[0] == two.days[1]
    shorter, longer = sorted((one.size, two.size))
    return (
        likeness >= ALIKE_OF_DAY
        and exact
        and apart is not None
        and apart <= 1
        and shorter >= max(FEWEST_OF_DAY, longer * LENGTHS)
    )


def near_families(db: sqlite3.Connection, new: Facts) -> list[int]:
    """The families that a capture belongs to by its likeness, lowest first."""
    if not new.sketch:
        return []
    return sorted({*_near(db, new, new.sketch), *_of_day(db, new, new.sketch)})


def _near(db: sqlite3.Connection, new: Facts, found: Sketch) -> Iterator[int]:
    """Families with nearly the same text, of about the same time or of none."""
    rows = db.execute(
        "SELECT s.family, s.sketch, s.path, s.url, s.earliest, s.latest FROM bands b "
        f"JOIN speeches s ON s.key = b.key WHERE b.band IN ({','.join('?' * BANDS)}) "
        f"LIMIT {CANDIDATES}",
        found.bands,
    )
    for family, parts, path, url, earliest, latest in rows.fetchall():
        apart = days_apart(new.days, (earliest, latest))
        if (
            (apart is None or apart <= NEAR)
            and alike(found.parts, parts) >= ALIKE
            and _may_be_one(new, path, url)
        ):
            yield family


def _of_day(db: sqlite3.Connection, new: Facts, found: Sketch) -> Iterator[int]:
    """Families of the same day, or the one before or after, that tell the same at length."""
    first, last = new.days
    if first is None or first != last or new.size < FEWEST_OF_DAY:
        return
    day = dt.date.fromisoformat(first).toordinal()
    around = [
        dt.date.fromordinal(near).isoformat()
        for near in (day - 1, day, day + 1)
        if 1 <= near <= dt.date.max.toordinal()
    ]
    rows = db.execute(
        "SELECT family, sketch, path, url FROM speeches "
        f"WHERE earliest IN ({','.join('?' * len(around))}) AND earliest = latest "
        f"AND size BETWEEN ? AND ? LIMIT {CANDIDATES}",
        (*around, max(FEWEST_OF_DAY, int(new.size * LENGTHS)), int(new.size / LENGTHS)),
    )
    for family, parts, path, url in rows.fetchall():
        if alike(found.parts, parts) >= ALIKE_OF_DAY and _may_be_one(new, path, url):
            yield family


def _may_be_one(new: Facts, path: str, url: str | None) -> bool:
    """False for two records of one file that do not both state an address."""
    file, record, _ = new.path.partition("#")
    return not record or path.partition("#")[0] != file or bool(new.url and url)


def join(db: sqlite3.Connection, several: Iterable[int]) -> int:
    """Make one family of several; its number is the lowest."""
    first, *others = sorted(several)
    db.executemany(
        "UPDATE speeches SET family = ? WHERE family = ?", [(first, other) for other in others]
    )
    return first


def choose(db: sqlite3.Connection, touched: Iterable[int]) -> None:
    """Choose one capture of each family: a stated address first, the earliest capture, the path."""
    db.executemany(
        "UPDATE speeches SET chosen = (key = (SELECT key FROM speeches WHERE family = ?1 "
        "ORDER BY url IS NULL, coalesce(captured, '9999'), path, key LIMIT 1)) "
        "WHERE family = ?1",
        [(family,) for family in touched],
    )
