"""A book in volumes: one `Book` each, its documents numbered through, its index that of the whole.

A volume ends between documents. A part that fits a volume is never divided; one that does not is
continued in the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from packager.book import Book, Document, Part, Reference, Volume

EVERY = frozenset({"abbreviations", "errata"})
"""Pages of the editor's that stand in each volume; the others stand in the first."""


def in_volumes(book: Book, words: int | None) -> tuple[Book, ...]:
    """The book as volumes of at most `words` words each; the book itself where one holds it all.

    A document that is longer has a volume of its own.
    """
    if words is None or book.words <= words:
        return (book,)
    volumes = tuple(
        Volume(number, parts, frozenset(one.number for part in parts for one in part.documents))
        for number, parts in enumerate(_shelved(book, words), 1)
    )
    return tuple(
        replace(
            book,
            meta=replace(
                book.meta,
                title=f"{book.meta.title}, volume {volume.number}",
                identifier=f"{book.meta.urn}:volume-{volume.number}",
                collection=book.meta.title,
                volume=volume.number,
            ),
            parts=volume.parts,
            matter=tuple(page for page in book.matter if volume.number == 1 or page.name in EVERY),
            volumes=volumes,
        )
        for volume in volumes
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
                    volume.append(_piece(part, members, continued=continued))
                    members, continued = [], True
                yield tuple(volume)
                volume, used = [], 0
            members.append(member)
            used += more
        volume.append(_piece(part, members, continued=continued))
    yield tuple(volume)


def _piece(part: Part, members: list[Document | Reference], *, continued: bool) -> Part:
    """The part as far as one volume has it."""
    if not continued:
        return replace(part, members=tuple(members))
    title = f"{part.title} (continued)"
    return replace(part, title=title, members=tuple(members), introduction=())
