"""How the EPUB grows: 100, 1,000 and 5,000 documents of 800 words, against plain zip writing.

Run with `python tests/benchmarks/epub.py`. Each size is a process of its own; the ratio is of
the seconds that the EPUB takes, cover, contents and rendering included, and those of writing the
same bytes with zipfile at the same level. All seconds are those of the processor, so that other
work on the machine does not count. pandoc is measured on the same words when it is installed (up
to 1,000 documents, unless `--pandoc` asks for all).
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from packager.book import Book, Document, Part
from packager.editions import epub
from packager.editions.order import Order
from packager.findings import Report
from packager.fonts import prepare_fonts
from packager.meta import Meta
from packager.speech import Block, BlockKind, Provenance, Speech, plain
from packager.style import load_style

SIZES = (100, 1000, 5000)
WORDS = 800


def speech(number: int, words: list[str], dice: random.Random) -> Speech:
    """A speech of 800 invented words in paragraphs of fifty."""
    blocks = [Block(BlockKind.SALUTE, plain("Dear friends,"))]
    for _ in range(WORDS // 50):
        blocks.append(Block(BlockKind.P, plain(" ".join(dice.choices(words, k=50)) + ".")))
    made = Provenance(f"pages/{number}.txt", f"{number:064x}", "text", "1", outlet="Gazette")
    return Speech(f"undated-{number:010x}", f"Speech Number {number}", tuple(blocks), made)


def book_of(size: int) -> Book:
    """A book of one part with `size` documents; the same words for the same size."""
    dice = random.Random(size)
    words = ["".join(dice.choices("aeioulmnrstkdv", k=dice.randint(2, 9))) for _ in range(4000)]
    documents = tuple(Document(n, speech(n, words, dice)) for n in range(1, size + 1))
    return Book(Meta("Ten Thousand Words", date="2020-01-01"), (Part(1, "All", documents),))


def measure(size: int) -> dict[str, float]:
    """Seconds and peak memory of one book, in this process."""
    book = book_of(size)
    style = load_style("classic")
    fonts = prepare_fonts(style, ["abcdefghijklmnopqrstuvwxyz"], Report())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.epub"
        order = Order(book, style, fonts, dt.datetime(2020, 1, 1, tzinfo=dt.UTC), beside=path)
        began = time.process_time()
        epub.make(order)
        seconds = time.process_time() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        with zipfile.ZipFile(path) as archive:
            members = [(name, archive.read(name)) for name in archive.namelist()]
        began = time.process_time()
        with zipfile.ZipFile(
            Path(folder) / "plain.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9
        ) as out:
            for name, data in members:
                out.writestr(name, data)
        plain_zip = time.process_time() - began
        written = path.stat().st_size
    return {
        "documents": size,
        "seconds": seconds,
        "plain zip": plain_zip,
        "MB": written / 1e6,
        "peak MB": peak,
    }


def pandoc(size: int) -> float | None:
    """Seconds that pandoc takes for the same words from Markdown."""
    if not shutil.which("pandoc"):
        return None
    with tempfile.TemporaryDirectory() as folder:
        text = "\n\n".join(
            f"# {document.head}\n\n" + document.speech.text for document in book_of(size).documents
        )
        source = Path(folder) / "book.md"
        source.write_text(text, "utf-8")
        before = os.times()
        subprocess.run(
            ["pandoc", "--metadata", "title=Words", source, "-o", source.with_suffix(".epub")],
            check=True,
        )
        after = os.times()
        spent = (
            after.children_user - before.children_user,
            after.children_system - before.children_system,
        )
        return sum(spent)


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--one", type=int, help="measure one size in this process")
    arguments.add_argument("--pandoc", action="store_true", help="pandoc at every size")
    options = arguments.parse_args()
    if options.one:
        print(json.dumps(measure(options.one)))
        return
    print("documents  seconds  plain zip  ratio  MB    peak MB  pandoc")
    for size in SIZES:
        run = subprocess.run(
            [sys.executable, __file__, "--one", str(size)],
            capture_output=True,
            text=True,
            check=True,
        )
        one = json.loads(run.stdout)
        other = pandoc(size) if options.pandoc or size <= 1000 else None
        print(
            f"{size:9,}  {one['seconds']:7.2f}  {one['plain zip']:9.2f}  "
            f"{one['seconds'] / one['plain zip']:5.2f}  {one['MB']:4.1f}  {one['peak MB']:7.0f}  "
            f"{f'{other:.1f} s' if other else '-'}"
        )


if __name__ == "__main__":
    main()
