"""Measures the library against plain FTS5, in one run: adding, searching, memory, size.

    python tests/benchmarks/library.py [SPEECHES]

The speeches are made of invented words with a fixed seed. Plain FTS5 is one table of title,
speaker and text in a file in WAL mode, filled in transactions of the same size; its queries show
title and snippet, as ours do. Both sides get the same speeches in turns of 10,000, so that a busy
machine slows both.
"""

from __future__ import annotations

import random
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from packager.dates import read_date
from packager.library import BATCH, Added, add, open_library, search, speeches
from packager.speech import Block, BlockKind, Provenance, Speech, make_id, plain

TURN = 10_000
SYLLABLES = "ba de fo gu ka le mi no pa re si tu va we xi yo za chi dro gle".split()
REPEATED = 20
"""Every so many speeches one is another capture of the last, every second time with a new word."""


def vocabulary(rng: random.Random, size: int = 30_000) -> list[str]:
    """Invented words, each once."""
    words: dict[str, None] = {}
    while len(words) < size:
        words["".join(rng.choice(SYLLABLES) for _ in range(rng.randint(1, 5)))] = None
        if len(words) < 200:
            words[rng.choice(SYLLABLES) + rng.choice("aeiou")] = None
    return list(words)


def invented(count: int, seed: int = 7) -> Iterator[Speech]:
    """Speeches of 60 to 700 words, frequent words frequent as in a language."""
    rng = random.Random(seed)
    words = vocabulary(rng)
    weights = [1 / (n + 2) for n in range(len(words))]
    sums: list[float] = []
    for weight in weights:
        sums.append((sums[-1] if sums else 0.0) + weight)
    texts: list[list[str]] = []
    for n in range(count):
        if n % REPEATED == REPEATED - 1:
            texts = [list(text) for text in texts]
            if n % (2 * REPEATED) == REPEATED - 1:
                texts[0][1] = rng.choice(words)
        else:
            texts = [
                rng.choices(words, cum_weights=sums, k=rng.randint(20, 70))
                for _ in range(rng.randint(3, 10))
            ]
        blocks = tuple(Block(BlockKind.P, plain(" ".join(text))) for text in texts)
        date = read_date(f"{1950 + n // 2000}-{n // 160 % 12 + 1}-{n // 8 % 28 + 1}")
        yield Speech(
            id=make_id(date, blocks),
            title=" ".join(texts[0][:6]).capitalize(),
            blocks=blocks,
            provenance=Provenance(f"archive/{n:06d}.html", f"{n:064x}", "kcnawatch", "1"),
            speaker=words[n % 40].capitalize(),
            kind="speech",
            date=date,
        )


def plain_fts(path: Path) -> sqlite3.Connection:
    """An empty table as somebody would make it with SQLite alone."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA cache_size = -65536")
    db.execute("CREATE VIRTUAL TABLE words USING fts5 (title, speaker, text)")
    return db


def fill(db: sqlite3.Connection, rows: list[tuple[str, str, str]]) -> None:
    """Rows in transactions of the library's size."""
    for start in range(0, len(rows), BATCH):
        db.execute("BEGIN")
        db.executemany("INSERT INTO words VALUES (?, ?, ?)", rows[start : start + BATCH])
        db.execute("COMMIT")


def plain_search(db: sqlite3.Connection, query: str) -> int:
    """The same query, by SQLite alone."""
    return len(
        db.execute(
            "SELECT title, speaker, snippet(words, 2, '', '', '…', 24) FROM words "
            "WHERE words MATCH ? ORDER BY rank LIMIT 20",
            (query,),
        ).fetchall()
    )


def memory() -> float:
    """Megabytes that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def best(call: object, times: int = 5) -> float:
    """Seconds of the median of several calls."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def main(count: int) -> None:
    """Fill both, ask both, print the ratios."""
    folder = Path(tempfile.mkdtemp(prefix="library-benchmark-"))
    db = plain_fts(folder / "plain.db")
    library = open_library(folder / "library.db", create=True)
    ours = theirs = ours_cpu = theirs_cpu = 0.0
    words = 0
    done = Added()
    sizes = []
    turn: list[Speech] = []
    for n, speech in enumerate(invented(count), 1):
        turn.append(speech)
        if n % TURN and n != count:
            continue
        rows = [(one.title, one.speaker or "", one.text) for one in turn]
        words += sum(one.words for one in turn)
        began, worked = time.perf_counter(), time.process_time()
        fill(db, rows)
        theirs += time.perf_counter() - began
        theirs_cpu += time.process_time() - worked
        del rows
        began, worked = time.perf_counter(), time.process_time()
        done += add(library, turn)
        ours += time.perf_counter() - began
        ours_cpu += time.process_time() - worked
        turn = []
        sizes.append(memory())
        print(
            f"{n:>8,} speeches: plain {theirs:6.1f} s, library {ours:6.1f} s, "
            f"{theirs / ours:.2f} of plain FTS5's speed "
            f"({theirs_cpu / ours_cpu:.2f} of its work); memory {sizes[-1]:.0f} MB",
            flush=True,
        )
    print(f"{words / 1e6:.1f} million words; {done}")
    file = (folder / "library.db").stat().st_size
    wal = (folder / "library.db-wal").stat().st_size
    other = (folder / "plain.db").stat().st_size
    print(
        f"size: {file / 1e6:.0f} MB ({file / words:.2f} MB a million words, WAL {wal / 1e6:.0f} MB)"
        f"; plain FTS5 {other / words:.2f} MB a million words"
    )
    rng = random.Random(7)
    known = vocabulary(rng)
    queries = {
        "a rare word": known[20_000],
        "a common word": known[300],
        "a very common word": known[3],
        "two words": f"{known[50]} {known[90]}",
        "a phrase": f'"{known[0]} {known[1]}"',
        "a word or another": f"{known[2_000]} OR {known[3_000]}",
        "nothing": "qqqqq",
    }
    for name, query in queries.items():
        one = best(lambda query=query: plain_search(db, query))
        two = best(lambda query=query: search(library, query, 20))
        print(
            f"search, {name}: plain {one * 1e3:.2f} ms, library {two * 1e3:.2f} ms, "
            f"{two / one:.2f} times; {plain_search(db, query)} and "
            f"{len(search(library, query))} hits"
        )
    before = memory()
    began = time.perf_counter()
    read = sum(1 for _ in speeches(library))
    print(
        f"all speeches read: {read:,} in {time.perf_counter() - began:.1f} s, "
        f"memory {before:.0f} to {memory():.0f} MB"
    )
    began = time.perf_counter()
    again = add(library, invented(min(count, TURN)))
    print(f"added again: {again} in {time.perf_counter() - began:.1f} s")
    library.close()
    db.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
