"""What the records of a catalogue share: codes of languages, ISBNs as digits, people, contents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import langcodes

from packager.book import Authority, Book
from packager.errors import EditionError
from packager.meta import Meta

FORMATS = {
    "epub": ("EPUB", "application/epub+zip"),
    "screen": ("PDF", "application/pdf"),
    "archive": ("PDF for archives", "application/pdf"),
    "print": ("printed book", ""),
}
"""The name of an edition -> its name in a catalogue, and its media type where it is a file."""


def bibliographic_code(tag: str) -> str:
    """The code of ISO 639-2/B for a BCP 47 tag; "und" for what is no language.

    >>> bibliographic_code("de"), bibliographic_code("zh-Hant"), bibliographic_code("q?")
    ('ger', 'chi', 'und')
    """
    try:
        return str(langcodes.Language.get(tag).to_alpha3(variant="B"))
    except (LookupError, ValueError):
        return "und"


def languages_of(book: Book) -> list[str]:
    """The languages of the texts in the order of the book, each once; that of the heads where no
    document states one."""
    stated = [one.speech.language for one in book.texts if one.speech.language]
    return list(dict.fromkeys(bibliographic_code(tag) for tag in (*stated, book.meta.language)))


def speakers_of(book: Book) -> list[str]:
    """The speakers in the order of the book, each once, named as their pages name them."""
    return _once(one.speech.speaker for one in book.documents)


def is_address(identifier: str) -> bool:
    """True for an identifier of an authority that is a web address, and not a bare number.

    >>> is_address("https://viaf.org/viaf/102333412"), is_address("(DLC)n 79021164")
    (True, False)
    """
    return re.fullmatch(r"https?://[^\s<>\"]+", identifier) is not None


def authorities_of(book: Book) -> dict[str, Authority]:
    """The speakers that an authority file has, by what `speakers_of` calls them."""
    return {
        line(one.speech.speaker): one.authority
        for one in book.documents
        if one.speech.speaker and one.authority
    }


def topics_of(book: Book) -> list[str]:
    """The topics of the documents, each once."""
    return _once(topic for one in book.documents for topic in one.speech.topics)


def contents_of(book: Book) -> list[str]:
    """A line a document: number, head, speaker."""
    return [
        f"{one.number}. {line(one.head)}"
        + (f" / {line(one.speech.speaker)}" if one.speech.speaker else "")
        for one in book.documents
    ]


def full_title(meta: Meta) -> str:
    """Title and subtitle in one line."""
    return line(meta.title) + (f": {line(meta.subtitle)}" if meta.subtitle else "")


def line(text: str) -> str:
    """A text as one line."""
    return " ".join(text.split())


def joined(names: Sequence[str]) -> str:
    """Names in a row: "A, B and C"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def day_of(book: Book, form: str) -> str:
    """The ISO day of the edition. Raises `EditionError` where the book knows none."""
    if not book.day:
        raise EditionError(
            f"{form} states a date, and the book knows none",
            hint="add date = 2022-03-01 (the edition's day) to [book]",
        )
    return book.day


def _once(values: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(line(value) for value in values if value and value.strip()))
