"""The press against one WeasyPrint document: the same book both ways, in one run.

Run with `python tests/benchmarks/print.py [SPEECHES ...]`; speeches of 1,500 words, by default 133,
and 1330 for a look at what a long book takes. Every measurement is a process of its own:

    one      one WeasyPrint document with contents and tags (two layouts: see `one_document`), as
             fast as WeasyPrint is by itself
    cold     the press with an empty cache, a worker for each processor
    warm     nothing changed
    edited   a word of one speech, which keeps its pages
    shifted  a leaf more in the first speech, which moves all pages after it
    typst, chromium, pagedjs, vivliostyle, calibre: the same words and page size, where they are
             installed

Seconds are of the wall clock; CPU seconds (Linux) those of all processes, start and making of the
book included, and the parent's own while it made the edition: they tell more on a machine that does
other things too. Memory is the parent's. Books of more than 500 speeches are not
set as one document.
"""

from __future__ import annotations

import ctypes
import html
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pikepdf

from packager.book import Book
from packager.editions import swift
from packager.editions.order import Order
from packager.editions.press import bind
from packager.speech import Block
from tests.press import one_document
from tests.press.books import book_of, paragraphs, speech
from tests.press.conftest import order_for

PARAGRAPHS = 30
"""Fifty words each."""
OURS = ("one", "cold", "warm", "edited", "shifted")
LARGE = 500
_SUBREAPER = 36
"""prctl(2), PR_SET_CHILD_SUBREAPER: workers whose parent has ended are counted here."""


def blocks(number: int, way: str) -> list[Block]:
    """The text of a speech, as one way has it."""
    if way == "edited" and number == 2:
        return [*paragraphs(PARAGRAPHS - 1, number), *paragraphs(1, 999)]
    return paragraphs(PARAGRAPHS + (way == "shifted" and number == 1) * 12, number)


def book(speeches: int, way: str) -> Book:
    """The book in four parts."""
    return book_of([speech(n, blocks(n, way)) for n in range(1, speeches + 1)], 4)


def measure(way: str, speeches: int) -> dict[str, float | str]:
    """One way of ours, in this process: seconds, pages, size, memory, what was set."""
    with tempfile.TemporaryDirectory() as folder:
        order = order_for(book(speeches, way), "classic")
        order = replace(order, beside=Path(folder) / "book.pdf")
        began, worked = time.perf_counter(), time.process_time()
        sheets, work, size = _made(order, way)
        seconds, own = time.perf_counter() - began, time.process_time() - worked
    return {
        "seconds": seconds,
        "own": own,
        "pages": sheets["colophon"],
        "MB": size / 1e6,
        "parent": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "work": work,
    }


def _made(order: Order, way: str) -> tuple[Mapping[str, int], str, int]:
    """Where everything stands, what was set, and the size in bytes."""
    if way == "one":
        swift.mend = swift.alone
        one = one_document.make(order)
        return one.sheets, one.work, len(one.data)
    made = bind(order)
    return made.sheets, made.work, made.path.stat().st_size


def typst(speeches: int) -> dict[str, float | str]:
    """Typst, in this process: contents, bookmarks, running folios, tags."""
    import typst

    out = tempfile.mkdtemp()
    source = Path(out) / "book.typ"
    source.write_text(
        '#set page(width: 148mm, height: 210mm, numbering: "1")\n'
        '#set text(font: "EB Garamond", size: 10.5pt, lang: "en", hyphenate: true)\n'
        "#set par(justify: true, leading: 0.45em)\n#outline()\n"
        + "\n".join(
            f"#pagebreak()\n#heading[{_typst(title)}]\n" + "\n\n".join(map(_typst, texts))
            for title, texts in _texts(speeches)
        ),
        "utf-8",
    )
    fonts = Path(__import__("fontpkg_eb_garamond").__file__).parent / "files"
    began = time.perf_counter()
    data = typst.compile(str(source), font_paths=[str(fonts)])
    seconds = time.perf_counter() - began
    (Path(out) / "book.pdf").write_bytes(data)
    return _finished(seconds, Path(out) / "book.pdf")


def _typst(text: str) -> str:
    return "".join(f"\\{char}" if char in '#$*_@<>`~=-+/[]"\\' else char for char in text)


def chromium(speeches: int) -> dict[str, float | str]:
    """Chromium: tags and bookmarks; contents without page numbers, which it cannot print."""
    page = _html(speeches)
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command += ["--generate-pdf-document-outline", f"--user-data-dir={page.parent / 'home'}"]
    return _run([*command, f"--print-to-pdf={page.parent / 'book.pdf'}", str(page)], page.parent)


def pagedjs(speeches: int) -> dict[str, float | str]:
    """Paged.js in Chromium: page numbers in the contents, bookmarks."""
    page = _html(speeches)
    command = ["pagedjs-cli", page.name, "-o", "book.pdf", "--outline-tags", "h1"]
    return _run([*command, "--browserArgs", "--no-sandbox", "-t", "3600000"], page.parent)


def vivliostyle(speeches: int) -> dict[str, float | str]:
    """Vivliostyle in Chromium: page numbers in the contents, bookmarks."""
    page = _html(speeches)
    command = ["vivliostyle", "build", page.name, "-o", "book.pdf", "--no-vite-config-file"]
    command += ["--executable-browser", str(shutil.which("chromium")), "--timeout", "3600"]
    return _run(command, page.parent)


def calibre(speeches: int) -> dict[str, float | str]:
    """Calibre: bookmarks; contents without page numbers."""
    page = _html(speeches)
    command = ["ebook-convert", page.name, "book.pdf", "--custom-size=148x210"]
    command += ["--unit=millimeter", "--pdf-page-numbers", "--pdf-default-font-size=14"]
    return _run(command, page.parent)


def _html(speeches: int) -> Path:
    """The same text as one page of HTML, in a folder of its own."""
    page = Path(tempfile.mkdtemp()) / "book.html"
    page.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Book</title><style>'
        "@page { size: 148mm 210mm; margin: 20mm 23mm 27mm 18mm; "
        "@bottom-center { content: counter(page) } } p { margin: 0; text-align: justify; "
        "hyphens: auto } h1 { break-before: page } body { font: 10.5pt/14pt serif } "
        "a::after { content: ' ' target-counter(attr(href), page) }</style><ul>"
        + "".join(f'<li><a href="#s{n}">{n}</a>' for n in range(speeches))
        + "</ul>"
        + "".join(
            f'<h1 id="s{n}">{html.escape(title)}</h1>'
            + "".join(f"<p>{html.escape(text)}" for text in texts)
            for n, (title, texts) in enumerate(_texts(speeches))
        ),
        "utf-8",
    )
    return page


def _run(command: list[str], folder: Path) -> dict[str, float | str]:
    """A command that makes book.pdf in a folder."""
    env = os.environ | {"PUPPETEER_EXECUTABLE_PATH": str(shutil.which("chromium"))}
    env |= {"QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox", "QT_QPA_PLATFORM": "offscreen"}
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True)
    return _finished(time.perf_counter() - began, folder / "book.pdf")


def _texts(speeches: int) -> Iterator[tuple[str, list[str]]]:
    for n in range(1, speeches + 1):
        one = speech(n, blocks(n, "one"))
        yield one.title, [block.text for block in one.blocks]


def _finished(seconds: float, made: Path) -> dict[str, float | str]:
    with pikepdf.open(made) as pdf:
        pages = len(pdf.pages)
    size = made.stat().st_size / 1e6
    shutil.rmtree(made.parent, ignore_errors=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "pages": pages, "MB": size, "parent": peak, "work": ""}


WAYS = {
    "chromium": chromium,
    "typst": typst,
    "pagedjs": pagedjs,
    "vivliostyle": vivliostyle,
    "calibre": calibre,
}


def told(way: str, speeches: int, cache: str) -> dict[str, float | str]:
    """One way in a process of its own; with the CPU seconds of all that it started, and the
    memory of the largest."""
    env = os.environ | {"PACKAGER_CACHE": cache, "SOURCE_DATE_EPOCH": "1609459200"}
    env["PYTHONPATH"] = str(Path(__file__).parents[2])
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, __file__, "--one", way, str(speeches)]
    run = subprocess.run(command, env=env, capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(run.stderr)
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(run.stdout) | {"cpu": cpu}


def ways(speeches: int) -> list[str]:
    """What can be measured here."""
    found = list(OURS if speeches <= LARGE else OURS[1:])
    if speeches <= LARGE:
        found += ["typst"] * bool(find_spec("typst"))
        programs = {"calibre": "ebook-convert", "pagedjs": "pagedjs-cli"}
        others = ("chromium", "pagedjs", "vivliostyle", "calibre")
        found += [way for way in others if shutil.which(programs.get(way, way))]
    return found


def main(sizes: list[int]) -> None:
    """Print the table."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    print("way          speeches  pages  seconds     CPU  own CPU  pages/s  parent MB     MB  work")
    for speeches in sizes:
        with tempfile.TemporaryDirectory() as cache:
            told("fonts", 1, cache)
            for way in ways(speeches):
                one = told(way, speeches, cache)
                print(
                    f"{way:11}  {speeches:8}  {one['pages']:5}  {one['seconds']:7.1f}  "
                    f"{one['cpu']:6.1f}  {one.get('own', 0):7.1f}  "
                    f"{one['pages'] / one['seconds']:7.1f}  "
                    f"{one['parent']:9.0f}  {one['MB']:5.2f}  {one['work']}",
                    flush=True,
                )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        name, count = sys.argv[2], int(sys.argv[3])
        if name == "fonts":
            order_for(book(1, "one"), "classic")
            print(json.dumps({}))
        else:
            print(json.dumps(WAYS[name](count) if name in WAYS else measure(name, count)))
    else:
        main([int(size) for size in sys.argv[1:]] or [133])
