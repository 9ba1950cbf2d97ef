"""Books made in memory: of speeches that say all, little, or what is hard to write."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

import packager
from packager.book import Book, Document, Part
from packager.dates import Date, read_date
from packager.findings import Report
from packager.meta import Meta
from packager.speech import Block, BlockKind, Provenance, Speech, plain
from tests.conftest import ROOT

WHOLE = Speech(
    "2021-04-07-0a1b2c3d4e",
    "Address to the Bell Founders & Ringers of Orrin",
    (Block(BlockKind.P, plain("The great bell is cracked, and we shall mend it.")),),
    Provenance(
        "pages/bell.html",
        "ab" * 32,
        "article",
        "1",
        outlet="Orrin Gazette",
        url="https://gazette.example/b_1?x=50%25&y=#z~",
        captured="2021-05-01T08:30:00",
    ),
    speaker="Mara van den Quill",
    kind="speech",
    occasion="Feast of the Bells",
    place="Orrin",
    language="en",
    date=read_date("7 April 2021"),
)
BARE = Speech(
    "undated-9f8e7d6c5b",
    "On Nothing",
    (Block(BlockKind.P, plain("I thank you.")),),
    Provenance("b.txt", "cd" * 32, "text", "1"),
)

DATES: dict[str, Date | None] = {
    "undated": None,
    "day": read_date("7 April 2021"),
    "month": read_date("April 2021"),
    "year": read_date("2021"),
    "one of two days": read_date("07/04/2021"),
    "one of two years": Date("then", "[2019-12-30,2020-01-02]", "2019-12-30", "2020-01-02", "open"),
    "span": Date("6-8 April", "2021-04-06/2021-04-08", "2021-04-06", "2021-04-08"),
}

words = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"], exclude_characters="\ufeff"),
    min_size=1,
    max_size=40,
).filter(lambda text: text.strip())
"""Values that a page may state: any letters and signs, whatever they mean to a format."""


def book_of(*speeches: Speech) -> Book:
    documents = tuple(Document(n, speech) for n, speech in enumerate(speeches, 1))
    return Book(Meta("Small Book", identifier="small"), (Part(1, "All", documents),))


@pytest.fixture(scope="session")
def harbour() -> Book:
    """The example book, assembled and not laid out."""
    report = Report()
    collection = packager.load_collection(ROOT / "examples" / "harbour-lights")
    speeches = packager.read(collection.pages, report=report, base=collection.folder)
    return collection.assemble(speeches, report=report)
