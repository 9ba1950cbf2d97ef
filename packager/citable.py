"""What a citation of a document needs: the values that every form of citation states alike.

Nothing is guessed and nothing split: the speaker stays one literal name, a date is never more
precise than `Date` says, and what the page does not state is None.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from packager.book import Book, Document
from packager.dates import Date, shown_date
from packager.meta import Meta

_LEVEL_0 = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_UNSAFE = re.compile(r"[^A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Citable:
    """One document as a citation names it.

    `key` is letters, digits and hyphens, unique in the book and the same in every book that
    holds the words; `since` and `until` are ISO 8601 years, months or days (equal where they are
    one), `shown` is the date in words where these do not say all of it; `accessed` is an ISO day.
    """

    key: str
    number: int
    book: str
    title: str
    speaker: str | None
    kind: str | None
    occasion: str | None
    place: str | None
    outlet: str | None
    url: str | None
    language: str | None
    since: str | None
    until: str | None
    shown: str | None
    accessed: str | None

    @property
    def standing(self) -> str:
        """Where the document stands: "Document 3 in Harbour Lights"."""
        return f"Document {self.number} in {self.book}"


def citables(*volumes: Book) -> Iterator[Citable]:
    """Every document of the book, or of all its volumes, in order."""
    taken: set[str] = set()
    for volume in volumes:
        for document in volume.texts:
            key = _UNSAFE.sub("-", document.speech.id).strip("-") or document.anchor
            if key in taken:
                key = f"{key}-{document.anchor}"
            taken.add(key)
            yield citable_of(key, document, volume.meta)


def citable_of(key: str, document: Document, meta: Meta) -> Citable:
    """What a citation needs of one document; `key` names it."""
    speech = document.speech
    made = speech.provenance
    since, until = stated(speech.date)
    whole = since == until and speech.date is not None and since == speech.date.edtf
    return Citable(
        key=key,
        number=document.number,
        book=_line(meta.title) or "",
        title=_line(speech.title) or "",
        speaker=_line(speech.speaker),
        kind=_line(speech.kind),
        occasion=_line(speech.occasion),
        place=_line(speech.place),
        outlet=_line(made.outlet),
        url=_line(made.url),
        language=_line(speech.language),
        since=since,
        until=until,
        shown=None if whole or speech.date is None else shown_date(speech.date),
        accessed=_day(made.captured),
    )


def stated(date: Date | None) -> tuple[str | None, str | None]:
    """First and last year, month or day of a date, no finer than it is known.

    Where a date is "one of" several days they are what these have in common.

    >>> from packager.dates import read_date
    >>> stated(read_date("7 April 2021")), stated(read_date("April 2021"))
    (('2021-04-07', '2021-04-07'), ('2021-04', '2021-04'))
    >>> stated(read_date("07/04/2021"))
    ('2021', '2021')
    """
    if date is None:
        return None, None
    ends = date.edtf.split("/")
    if len(ends) == 2 and all(_LEVEL_0.fullmatch(end) for end in ends):
        return ends[0], ends[1]
    if _LEVEL_0.fullmatch(date.edtf):
        return date.edtf, date.edtf
    for size in (10, 7, 4):  # day, month, year
        if (common := date.earliest[:size]) == date.latest[:size]:
            return common, common
    return None, None


def _line(value: str | None) -> str | None:
    """A value as one line; None where it has no letters."""
    return " ".join(value.encode("utf-8", "replace").decode().split()) or None if value else None


def _day(captured: str | None) -> str | None:
    try:
        return dt.datetime.fromisoformat(captured or "").date().isoformat()
    except ValueError:
        return None
