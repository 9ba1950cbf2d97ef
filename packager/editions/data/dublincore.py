"""Dublin Core: the fifteen elements (ISO 15836-1) in the XML of OAI-PMH, for repositories."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from packager.book import Book
from packager.editions.data.catalogued import (
    FORMATS,
    full_title,
    line,
    speakers_of,
    topics_of,
)

DC = "http://purl.org/dc/elements/1.1/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"


def write(*volumes: Book) -> bytes:
    """The book as one Dublin Core record, in UTF-8; the records of volumes in one `records`."""
    records = [_record(volume) for volume in volumes]
    root = records[0]
    if len(records) > 1:
        root = etree.Element("records")
        root.extend(records)
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return made


def _record(book: Book) -> etree._Element:
    record = etree.Element(f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": DC})
    for name, value in _elements(book):
        etree.SubElement(record, f"{{{DC}}}{name}").text = line(value)
    return record


def _elements(book: Book) -> Iterator[tuple[str, str]]:
    meta = book.meta
    yield "title", full_title(meta)
    yield from (("creator", name) for name in speakers_of(book))
    yield from (("subject", topic) for topic in topics_of(book))
    if meta.description:
        yield "description", meta.description
    if meta.publisher:
        yield "publisher", meta.publisher
    yield from (("contributor", f"{name} (editor)") for name in meta.editors)
    if book.day:
        yield "date", book.day
    yield "type", "Text"  # DCMI Type Vocabulary
    isbns = meta.isbn_digits
    kinds = dict.fromkeys(FORMATS[name][1] for name in isbns if FORMATS[name][1])
    yield from (("format", kind) for kind in kinds)
    yield "identifier", meta.urn
    yield from (("identifier", f"urn:isbn:{isbn}") for isbn in isbns.values())
    addresses = dict.fromkeys(one.speech.provenance.url for one in book.texts)
    yield from (("source", url) for url in addresses if url)
    stated = (one.speech.language for one in book.texts)
    yield from (("language", tag) for tag in dict.fromkeys((meta.language, *stated)) if tag)
    for whole in (meta.collection, meta.series):
        if whole:
            yield "relation", whole
    places = dict.fromkeys(one.speech.place for one in book.texts)
    yield from (("coverage", place) for place in places if place)
    if meta.rights:
        yield "rights", meta.rights
