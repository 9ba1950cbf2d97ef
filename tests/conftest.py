"""The example books, built once, and small helpers to read what was built."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import packager
from packager.book import Book
from packager.book_toml import load_collection
from packager.editions import EDITIONS
from packager.findings import Report

ROOT = Path(__file__).parents[1]
BOOKS = ("harbour-lights", "plain-words")

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
"""No test fails because the machine has other work."""


@dataclass(frozen=True)
class BuiltBook:
    """An example book as built: its files, its `Book`, what was told on the way."""

    name: str
    book: Book
    made: dict[str, packager.Built]
    report: Report

    @property
    def epub(self) -> Path:
        return self.made["epub"].path

    @property
    def pdf(self) -> Path:
        return self.made["screen"].path

    @property
    def archive(self) -> Path:
        return self.made["archive"].path


@pytest.fixture(scope="session", params=BOOKS)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> BuiltBook:
    """Each example book in turn, built from a copy of the archive."""
    folder = copy_examples(tmp_path_factory.mktemp("examples"))
    collection = load_collection(folder / request.param)
    report = Report()
    made = packager.build(collection, editions=list(EDITIONS), report=report, environ={})
    pages = Report()
    speeches = packager.read(collection.pages, report=pages, base=collection.folder)
    book = collection.assemble(speeches, report=pages)
    return BuiltBook(request.param, book, {one.edition: one for one in made}, report)


def copy_examples(folder: Path) -> Path:
    """The examples in a folder of the test's own, without anything built before."""
    out = folder / "examples"
    shutil.copytree(ROOT / "examples", out, ignore=shutil.ignore_patterns("out"))
    return out


def forbidden() -> list[str]:
    """Phrases that stand on the example pages and belong to no book."""
    pages = json.loads((ROOT / "examples" / "expected.json").read_text("utf-8"))
    return [phrase for page in pages.values() for phrase in page["must_not_contain"]]


def small_book(folder: Path, *, more: str = "", css: str | None = None, **pages: str) -> Path:
    """A book.toml over text pages given by name; `more` is added to it, `css` is its book.css."""
    archive = folder / "pages"
    archive.mkdir(parents=True)
    for name, text in pages.items():
        (archive / f"{name}.txt").write_text(text, "utf-8")
    book = folder / "book.toml"
    book.write_text(
        '[book]\ntitle = "Small Book"\ndate = 2020-01-01\n[archive]\npages = ["pages"]\n'
        f'[[part]]\ntitle = "All"\n{more}',
        "utf-8",
    )
    if css:
        (folder / "book.css").write_text(css, "utf-8")
    return book


SPEECH = """Title: To the Gardeners of the Ninth Terrace
Speaker: Mara Quill
Date: 3 May 2019
Place: Orrin
Source: Terrace Gazette

Dear gardeners,

You were promised rain and you were given me. I shall try to be brief, well-watered and useful.

(Laughter)

The wall below the old half-terrace is to be mended before the frost, stone by stone.
"""
