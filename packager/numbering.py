"""The numbers of the documents: one after another, or as `number` in [[document]] keeps them.

An editor fixes a number so that it stays the same in a later edition that has more documents.
Documents without one take the numbers that are free, in the order of the book.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count

from packager.book import Document, Part, Reference
from packager.errors import CollectionError
from packager.notes import Notes, named


def numbered(documents: Iterable[Document], notes: Notes) -> dict[int, Document]:
    """By the number that each document was given first, the document with the number to print.

    Raises `CollectionError` with file:line for a number that two documents would have, and for one
    that is meant for several.
    """
    given = list(documents)
    fixed: dict[int, tuple[Document, str]] = {}
    for place, name, number in notes.numbers:
        document = _one(given, name, place)
        if number in fixed:
            other, there = fixed[number]
            raise CollectionError(
                f"{place}: “{document.speech.title}” has the number {number}, and so has "
                f"“{other.speech.title}” at {there}",
                hint="give one of them another number",
            )
        fixed[number] = document, place
    kept = {document.number: number for number, (document, _) in fixed.items()}
    free = (number for number in count(1) if number not in fixed)
    return {one.number: one.with_number(kept.get(one.number) or next(free)) for one in given}


def _one(documents: Sequence[Document], name: str, place: str) -> Document:
    texts = [text for document in documents for text in document.texts]
    found = {text.number for text in named(texts, name, place)}
    if len(found) != 1:
        raise CollectionError(
            f"{place}: a number is for one document, and '{name}' names {len(found)}",
            hint="name it by its id",
        )
    return next(one for one in documents if one.number in found)


def renumbered(parts: Iterable[Part], documents: Mapping[int, Document]) -> Iterator[Part]:
    """The parts with each document, and each reference to one, as `documents` has it by its
    number."""
    for part in parts:
        members = tuple(
            documents[member.number]
            if isinstance(member, Document)
            else Reference(documents[member.document.number])
            for member in part.members
        )
        yield replace(part, members=members)
