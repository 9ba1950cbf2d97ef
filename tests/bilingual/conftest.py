"""The invented book in two languages, built once in each layout, and a cache for each test."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

import packager
from packager.book import Book
from packager.build import assembled
from packager.findings import Report
from tests.press.conftest import cache

__all__ = ["cache"]
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Bilingual:
    """The book, and where its editions lie."""

    layout: str
    book: Book
    epub: Path
    pdf: Path
    report: Report


def copied(folder: Path, layout: str = "facing") -> Path:
    """The book in a folder of the test's own."""
    shutil.copytree(HERE / "archive", folder / "archive")
    said = (HERE / "book.toml").read_text("utf-8").replace('"facing"', f'"{layout}"')
    (folder / "book.toml").write_text(said, "utf-8")
    return folder / "book.toml"


@pytest.fixture(scope="session", params=["facing", "alternating"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Bilingual:
    toml = copied(tmp_path_factory.mktemp("bilingual"), request.param)
    report = Report()
    made = {one.edition: one for one in packager.build(toml, report=report, environ={})}
    book = assembled(packager.load_collection(toml), Report())
    return Bilingual(request.param, book, made["epub"].path, made["screen"].path, report)
