"""The press against one WeasyPrint document: the same book both ways, in one run.

Run with `python tests/benchmarks/press.py [PAGES ...]`; about that many pages each, by default
300. Every measurement is a process of its own: one document; the press with an empty cache, with
a full one, and after one edited word. The ratio is of seconds; memory is the largest process's.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from packager.editions.press import bind
from tests.press import one_document
from tests.press.books import book_of, paragraphs, speech
from tests.press.conftest import order_for

PARAGRAPHS = 16
"""Fifty words each: 800 words a document, which take four pages of the style 'classic'."""


def measure(way: str, documents: int) -> dict[str, float | str]:
    """Seconds, memory and size of one way, in this process."""
    speeches = [speech(n, paragraphs(PARAGRAPHS, n)) for n in range(1, documents + 1)]
    if way == "edited":
        speeches[0] = speech(1, [*paragraphs(PARAGRAPHS - 1, 1), *paragraphs(1, 999)])
    order = order_for(book_of(speeches, 4), "classic")
    began = time.perf_counter()
    made = one_document.make(order) if way == "one" else bind(order)
    seconds = time.perf_counter() - began
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return {
        "pages": made.sheets["colophon"],
        "seconds": seconds,
        "peak MB": max(resource.getrusage(one).ru_maxrss for one in who) / 1024,
        "MB": len(made.data) / 1e6,
        "work": made.work,
    }


def main(sizes: list[int]) -> None:
    """Print the table."""
    print("way      pages  seconds  pages/s  of one  peak MB     MB  of one  work")
    for pages in sizes:
        with tempfile.TemporaryDirectory() as cache:
            one: dict[str, float] = {}
            for way in ("one", "cold", "warm", "edited"):
                run = subprocess.run(
                    [sys.executable, __file__, way, str(max(pages // 4, 4))],
                    env=os.environ
                    | {
                        "XDG_CACHE_HOME": cache,
                        "SOURCE_DATE_EPOCH": "1609459200",
                        "PYTHONPATH": str(Path(__file__).parents[2]),
                    },
                    capture_output=True,
                    text=True,
                    check=True,
                )
                made = json.loads(run.stdout)
                one = one or made
                print(
                    f"{way:7}  {made['pages']:5}  {made['seconds']:7.1f}  "
                    f"{made['pages'] / made['seconds']:7.1f}  "
                    f"{made['seconds'] / one['seconds']:6.2f}  {made['peak MB']:7.0f}  "
                    f"{made['MB']:5.2f}  {made['MB'] / one['MB']:6.3f}  {made['work']}",
                    flush=True,
                )


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in ("one", "cold", "warm", "edited"):
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
    else:
        main([int(pages) for pages in sys.argv[1:]] or [300])
