"""OPDS: a feed of the editions that are built, for reading apps; 1.2 (Atom) and 2.0 (JSON).

The links are the names of the files, so the feed is served from the folder that holds them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from packager.book import Book
from packager.editions.data.catalogued import (
    day_of,
    full_title,
    line,
    speakers_of,
    topics_of,
)

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/terms/"
CATALOG = "application/atom+xml;profile=opds-catalog;kind=acquisition"
OPEN = "http://opds-spec.org/acquisition/open-access"


@dataclass(frozen=True, slots=True)
class File:
    """A built edition: its name in the folder, media type, bytes, what to call it."""

    name: str
    kind: str
    size: int
    title: str


Shelf = Sequence[tuple[Book, Sequence[File]]]
"""The book, or its volumes, each with its files."""


def write(book: Book, shelf: Shelf, name: str) -> bytes:
    """The feed of a book as OPDS 1.2, in UTF-8, with an entry a volume; `name` is its own file's.

    Raises `EditionError` where the book knows no date.
    """
    meta = book.meta
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, "dc": DC})
    updated = f"{day_of(book, 'OPDS')}T00:00:00Z"
    _add(feed, "id", f"{meta.urn}:opds")
    _add(feed, "title", line(meta.title))
    _add(feed, "updated", updated)
    author = _add(feed, "author")
    _add(author, "name", line(meta.publisher or "; ".join(meta.editors) or meta.title))
    _add(feed, "link", rel="self", href=name, type=CATALOG)
    for volume, files in shelf:
        _describe(_add(feed, "entry"), volume, files, updated)
    made: bytes = etree.tostring(feed, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return made


def _describe(entry: etree._Element, book: Book, files: Sequence[File], updated: str) -> None:
    """What an entry says of a book or a volume."""
    meta = book.meta
    _add(entry, "id", meta.urn)
    _add(entry, "title", full_title(meta))
    _add(entry, "updated", updated)
    for speaker in speakers_of(book):
        _add(_add(entry, "author"), "name", speaker)
    for editor in meta.editors:
        _add(_add(entry, "contributor"), "name", line(editor))
    for topic in topics_of(book):
        _add(entry, "category", term=topic)
    if meta.description:
        _add(entry, "summary", line(meta.description), type="text")
    if meta.rights:
        _add(entry, "rights", line(meta.rights))
    for term, value in _terms(book):
        etree.SubElement(entry, f"{{{DC}}}{term}").text = value
    for file in files:
        link = {"rel": OPEN, "href": file.name, "type": file.kind, "title": file.title}
        _add(entry, "link", **link, length=str(file.size))


def write_json(book: Book, shelf: Shelf, name: str) -> bytes:
    """The feed of a book as OPDS 2.0, in UTF-8; `name` is its own file's."""
    own = {"rel": "self", "href": name, "type": "application/opds+json"}
    feed: dict[str, Any] = {
        "metadata": {"title": line(book.meta.title)},
        "links": [own],
        "publications": [_publication(volume, files) for volume, files in shelf],
    }
    return (json.dumps(feed, ensure_ascii=False, indent=2) + "\n").encode()


def _publication(book: Book, files: Sequence[File]) -> dict[str, Any]:
    meta = book.meta
    belongs: dict[str, Any] = {"series": line(meta.series)} if meta.series else {}
    if meta.collection:
        belongs["collection"] = {"name": line(meta.collection), "position": meta.volume}
    described = {
        "@type": "http://schema.org/Book",
        "title": line(meta.title),
        "subtitle": line(meta.subtitle) if meta.subtitle else None,
        "identifier": meta.urn,
        "author": speakers_of(book),
        "editor": [line(name) for name in meta.editors],
        "publisher": line(meta.publisher) if meta.publisher else None,
        "language": meta.language,
        "published": book.day,
        "description": line(meta.description) if meta.description else None,
        "subject": topics_of(book),
        "belongsTo": belongs,
    }
    links = [
        {"rel": OPEN, "href": file.name, "type": file.kind, "title": file.title, "size": file.size}
        for file in files
    ]
    return {"metadata": {name: said for name, said in described.items() if said}, "links": links}


def _terms(book: Book) -> list[tuple[str, str]]:
    """Dublin Core terms of an entry."""
    said = [("language", book.meta.language), ("publisher", book.meta.publisher)]
    said.append(("isPartOf", book.meta.collection))
    said.append(("issued", book.day))
    said += [("identifier", f"urn:isbn:{isbn}") for isbn in book.meta.isbn_digits.values()]
    return [(name, line(value)) for name, value in said if value]


def _add(parent: etree._Element, name: str, text: str = "", **values: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", values)
    element.text = text or None
    return element
