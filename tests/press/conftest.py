"""Orders for books of the tests' own, a cache for each test, and what a bound PDF shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

import packager
from packager.book import Book
from packager.book_toml import load_collection
from packager.editions.order import Order
from packager.findings import Report
from packager.fonts import prepare_fonts
from packager.style import load_style
from packager.texts import texts_of
from tests.conftest import copy_examples

WHEN = dt.datetime(2021, 1, 1, tzinfo=dt.UTC)
LETTERS = [" ".join(map(chr, (*range(33, 127), *range(161, 384), *range(0x2010, 0x2030))))]


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example books and their archive."""
    return copy_examples(tmp_path_factory.mktemp("press"))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1609459200")
    return tmp_path / "cache"


def order_of(folder: Path) -> Order:
    """The order of the book in a folder."""
    collection = load_collection(folder)
    speeches = packager.read(collection.pages, report=Report(), base=collection.folder)
    book = collection.assemble(speeches, report=Report())
    return order_for(book, collection.style, folder)


def order_for(book: Book, style_name: str, folder: Path | None = None) -> Order:
    """The order of a book that is made of values."""
    style = load_style(style_name, book_folder=folder)
    texts = chain(LETTERS, texts_of(book))
    fonts = prepare_fonts(style, texts, Report(), languages=book.languages)
    return Order(book, style, fonts, WHEN)


@dataclass(frozen=True)
class Shown:
    """What a reader sees and meets in a PDF, page by page: words as they are copied, links with
    the page and point that they lead to, the outline, labels, destinations."""

    words: list[str]
    links: list[list[tuple[object, ...]]]
    outline: list[tuple[int, str, int, float, bool]]
    labels: list[str]
    destinations: dict[str, tuple[int, float, float]]


def shown(data: bytes) -> Shown:
    """Read a PDF with two programs that did not lay it out. On a page of few short lines PDFium
    guesses the direction of writing from all but groups, which our folios are, and parts words far
    from each other by a line or by a space: so the whole text of a page, white space made one."""
    with pikepdf.open(BytesIO(data)) as pdf:
        names = {
            name: _place(pdf, to) for name, to in pikepdf.NameTree(pdf.Root.Names.Dests).items()
        }
        links = [list(_links(page, names)) for page in pdf.pages]
    read = pypdfium2.PdfDocument(data)
    words = [" ".join(page.get_textpage().get_text_range().split()) for page in read]
    outline = [
        (
            mark.level,
            mark.get_title(),
            mark.get_dest().get_index(),
            round(mark.get_dest().get_view()[1][1], 1),
            mark.get_count() > 0,
        )
        for mark in read.get_toc()
    ]
    labels = [read.get_page_label(number) for number in range(len(read))]
    return Shown(words, links, outline, labels, names)


def _place(pdf: pikepdf.Pdf, to: pikepdf.Object) -> tuple[int, float, float]:
    return pikepdf.Page(to[0]).index + 1, round(float(to[2]), 1), round(float(to[3]), 1)


def _links(
    page: pikepdf.Page, names: dict[str, tuple[int, float, float]]
) -> Iterator[tuple[object, ...]]:
    for annotation in page.obj.get("/Annots", []):
        area = tuple(round(float(edge), 1) for edge in annotation.Rect)
        target = names[str(annotation.Dest)] if "/Dest" in annotation else (str(annotation.A.URI),)
        yield (*area, *target)


def pictures(data: bytes) -> list[bytes]:
    """Each page as drawn, a pixel for a point."""
    return [page.render(scale=1).to_pil().tobytes() for page in pypdfium2.PdfDocument(data)]
