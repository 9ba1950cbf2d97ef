"""Every text that a book prints, whatever page it stands on: what its fonts must cover."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packager.book import Book
from packager.headings import IndexEntry
from packager.labels import Labels
from packager.layer import joined


def texts_of(book: Book) -> Iterator[str]:
    """Every text that the fonts must cover."""
    meta = book.meta
    yield from (meta.title, meta.subtitle or "", meta.publisher or "", meta.rights or "")
    yield from (meta.place or "", meta.series or "", meta.description or "", *meta.editors)
    yield "№…“”‘’–—·"
    yield from Labels(meta.language, meta.labels).texts()
    for part in book.parts:
        yield from (part.title, joined(part.introduction))
    yield from _headings(book.index)
    yield from _lists(book)
    for document in book.texts:
        speech = document.speech
        yield from (speech.title, speech.text, speech.speaker or "", speech.place or "")
        yield from (document.head, document.supplied.office or "", document.supplied.audience or "")
        yield from (document.supplied.translator or "", document.short_head)
        if date := speech.date:
            yield from (date.written, date.reason or "")
        for mark in document.marks:
            yield from (mark.added, mark.text, joined(mark.note))
        yield joined(document.supplied.headnote)
        yield from document.apparatus
        yield from (one.title for one in document.witnesses)
        for made in document.sources:
            yield from (made.outlet or "", made.path, made.url or "")
            yield from (cut.first_words for cut in made.cut)


def _lists(book: Book) -> Iterator[str]:
    """The texts of the editor's pages and of the list of speakers."""
    yield from (book.meta.edition or "", book.meta.printed or "", *book.meta.cip)
    for page in book.matter:
        yield from (page.title, joined(page.blocks))
        yield from (f"{one.short} {joined(one.long)}" for one in page.abbreviations)
        yield from (f"{one.where} {one.wrong} {one.right}" for one in page.errata)
    for person in book.persons:
        yield from (person.heading, person.years, *person.offices)


def _headings(entries: Sequence[IndexEntry]) -> Iterator[str]:
    for entry in entries:
        yield from (entry.heading, entry.see or "", *entry.see_also)
        yield from _headings(entry.below)
