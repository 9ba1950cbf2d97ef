"""A book in volumes: one `Book` each, its documents numbered through.

A volume ends between documents. A part that fits a volume is never divided; one that does not is
continued in the next. Each volume has the index of what it holds, the last one that of them all.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from packager.book import Book, Document, Part, Reference, Volume
from packager.errors import CollectionError
from packager.headings import IndexEntry, document_of, headings_of
from packager.labels import Labels

EVERY = frozenset({"abbreviations", "errata"})
"""Pages of the editor's that stand in each volume; the others stand in the first."""


@dataclass(frozen=True, slots=True)
class Division:
    """How a book is divided: `words` that a volume holds at most, None for a book in one; the
    volumes' own `titles`; their `isbns` by edition name. `places` are file:line of these lists,
    by `titles` and the names of editions."""

    words: int | None = None
    titles: tuple[str, ...] = ()
    isbns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)


def in_volumes(book: Book, division: Division) -> tuple[Book, ...]:
    """The book as volumes; the book itself where one holds it all.

    A document that is longer than a volume has one of its own. Raises `CollectionError` where
    titles or ISBNs are not as many as the volumes.
    """
    words = division.words
    if words is None or book.words <= words:
        _counted(division, 1)
        isbns = {name: isbn for name, (isbn,) in division.isbns.items()}
        return (replace(book, meta=replace(book.meta, isbns={**book.meta.isbns, **isbns})),)
    volumes = tuple(
        Volume(number, parts, frozenset(one.number for part in parts for one in part.documents))
        for number, parts in enumerate(_shelved(book, words), 1)
    )
    _counted(division, len(volumes))
    day = book.day or None
    say = Labels(book.meta.language, book.meta.labels).plain
    return tuple(
        replace(
            book,
            meta=replace(
                book.meta,
                title=say("volume-title", title=book.meta.title, number=volume.number),
                subtitle=(division.titles or (book.meta.subtitle,) * len(volumes))[n],
                date=day,
                isbns={name: isbns[n] for name, isbns in division.isbns.items()},
                identifier=_identifier(book.meta.urn, volume.number),
                collection=book.meta.title,
                volume=volume.number,
            ),
            parts=volume.parts,
            matter=tuple(page for page in book.matter if volume.number == 1 or page.name in EVERY),
            index=book.index if volume is volumes[-1] else _index_of(book, volume),
            volumes=volumes,
        )
        for n, volume in enumerate(volumes)
    )


def _identifier(whole: str, volume: int) -> str:
    """The identifier of a volume. What the book's own scheme would not allow longer, as an ISBN or
    a UUID, gives a UUID (RFC 9562 §5.5).

    >>> _identifier("urn:packager:rain", 2), _identifier("urn:isbn:9789999900010", 2)
    ('urn:packager:rain:volume-2', 'urn:uuid:8877036c-90e3-5014-b1d8-75871e3c2bf3')
    """
    name = f"{whole}:volume-{volume}"
    own = whole.startswith("urn:packager:")
    return name if own else f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def _counted(division: Division, volumes: int) -> None:
    """Raise where a list has not one entry for each volume."""
    lists = {"titles": division.titles, **division.isbns}
    for name, listed in lists.items():
        if listed and len(listed) != volumes:
            what = "titles" if name == "titles" else f"ISBNs of the edition '{name}'"
            raise CollectionError(
                f"{division.places.get(name, 'book.toml')}: {len(listed)} {what}, and the book has "
                f"{volumes} volume{'s' if volumes > 1 else ''}",
                hint="write one for each volume, in their order",
            )


def _shelved(book: Book, words: int) -> Iterator[tuple[Part, ...]]:
    """The parts of each volume; one that only refers goes with the part before it."""
    volume: list[Part] = []
    used = 0
    for part in book.parts:
        size = sum(text.words for document in part.documents for text in document.texts)
        if volume and size and words - used < size <= words:
            yield tuple(volume)
            volume, used = [], 0
        members: list[Document | Reference] = []
        continued = False
        for member in part.members:
            texts = member.texts if isinstance(member, Document) else ()
            more = sum(text.words for text in texts)
            if more and used and used + more > words:
                if members:
                    volume.append(_piece(book, part, members, continued=continued))
                    members, continued = [], True
                yield tuple(volume)
                volume, used = [], 0
            members.append(member)
            used += more
        volume.append(_piece(book, part, members, continued=continued))
    yield tuple(volume)


def _piece(book: Book, part: Part, members: list[Document | Reference], *, continued: bool) -> Part:
    """The part as far as one volume has it."""
    if not continued:
        return replace(part, members=tuple(members))
    say = Labels(book.meta.language, book.meta.labels).plain
    title = say("continued", title=part.title)
    return replace(part, title=title, members=tuple(members), introduction=())


def _index_of(book: Book, volume: Volume) -> tuple[IndexEntry, ...]:
    """The index as far as one volume has its places, without references that lead nowhere."""
    entries = book.index
    while True:
        known = headings_of(entries)
        fewer = tuple(_found(entries, volume.numbers, known))
        if fewer == entries:
            return entries
        entries = fewer


def _found(
    entries: tuple[IndexEntry, ...], numbers: Collection[int], known: Collection[str]
) -> Iterator[IndexEntry]:
    """The entries that have a place in these documents, a sub-entry, or a reference to what is
    known."""
    for entry in entries:
        here = replace(
            entry,
            anchors=tuple(one for one in entry.anchors if document_of(one) in numbers),
            see=entry.see if entry.see in known else None,
            see_also=tuple(one for one in entry.see_also if one in known),
            below=tuple(_found(entry.below, numbers, known)),
        )
        if here.anchors or here.see or here.below:
            yield here
