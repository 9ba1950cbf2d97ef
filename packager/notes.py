"""The editor's notes, from `notes.toml` or annotation exports, set in their places in a book.

A TOML file has [[note]], [[correction]], [[gloss]] and [[elision]] tables, each with the speech
and the words that it is anchored to, [[document]] tables with what the editor supplies of a
document, and [[picture]] tables that describe the pictures of pages. JSON files are W3C Web
Annotations or exports of Hypothes.is; each annotation is a note. A place that is no longer found
is an error that shows the text nearest to it.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from packager.anchors import Anchor, find, nearest
from packager.annotations import Remark, read_annotations
from packager.book import STATUSES, Document, Supplied
from packager.errors import CollectionError
from packager.findings import Report
from packager.layer import Mark, MarkKind, joined, spans_of
from packager.readers.markdown import prose
from packager.selection import matches
from packager.speech import Provenance
from packager.tomlfile import (
    BOOLEAN,
    COUNT,
    DATE,
    STRING,
    STRINGS,
    TABLES,
    Kind,
    TomlFile,
    load_toml,
    strings,
)

_ANCHOR: dict[str, Kind] = dict.fromkeys(("speech", "exact", "prefix", "suffix"), STRING)
_TABLES: dict[str, dict[str, Kind]] = {
    "note": {**_ANCHOR, "text": STRING},
    "correction": {**_ANCHOR, "read": STRING, "reason": STRING},
    "gloss": {**_ANCHOR, "text": STRING},
    "elision": {**_ANCHOR, "through": STRING, "reason": STRING},
    "document": {
        **dict.fromkeys(
            ("speech", "head", "headnote", "office", "audience", "status", "translator"), STRING
        ),
        **dict.fromkeys(("delivered", "released", "published"), DATE),
        "versions": STRINGS,
        "number": COUNT,
    },
    "picture": {
        **dict.fromkeys(("file", "sha256", "alt", "caption"), STRING),
        "skip": BOOLEAN,
    },
}
DIGITS = 8
"""Hexadecimal digits by which a picture may be named."""
_SAYS = {"note": "text", "correction": "read", "gloss": "text", "elision": "reason"}


@dataclass(frozen=True, slots=True)
class Note:
    """One thing of the editor's as its file states it; `place` is file:line.

    `speech` is an id, a glob for the file, or the address of a page.
    """

    place: str
    kind: MarkKind
    speech: str
    anchor: Anchor
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """What the editor says of a picture, named by its file (or the end of it) or by its digest (or
    its beginning): the words that stand for it, its caption, or that it is not printed."""

    place: str
    file: str
    sha256: str
    alt: str | None
    caption: str | None
    skip: bool


@dataclass(frozen=True, slots=True)
class Notes:
    """All that the side files of a book say: notes, what is supplied of each document (place,
    speech, what), which speeches are versions of it (place, speech, the others), its number
    (place, speech, number), and what is said of its pictures."""

    notes: tuple[Note, ...] = ()
    supplied: tuple[tuple[str, str, Supplied], ...] = ()
    versions: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    numbers: tuple[tuple[str, str, int], ...] = ()
    pictures: tuple[Described, ...] = ()


def read_notes(paths: Iterable[Path]) -> Notes:
    """The notes of some files. Raises `CollectionError` with file:line for what is wrong."""
    notes: list[Note] = []
    supplied: list[tuple[str, str, Supplied]] = []
    versions: list[tuple[str, str, tuple[str, ...]]] = []
    numbers: list[tuple[str, str, int]] = []
    pictures: list[Described] = []
    for path in paths:
        if path.suffix == ".toml":
            file = load_toml(path, CollectionError)
            file.check((), file.data, dict.fromkeys(_TABLES, TABLES))
            for name in _SAYS:
                notes += [_note(file, name, n) for n in range(len(file.data.get(name, [])))]
            for n in range(len(file.data.get("document", []))):
                supplied.append(_supplied(file, n))
                if others := strings(file.data["document"][n].get("versions")):
                    versions.append((*supplied[-1][:2], others))
                if number := file.data["document"][n].get("number"):
                    numbers.append((*supplied[-1][:2], number))
            pictures += [_described(file, n) for n in range(len(file.data.get("picture", [])))]
        else:
            notes += [_remark(remark) for remark in read_annotations(path)]
    return Notes(tuple(notes), tuple(supplied), tuple(versions), tuple(numbers), tuple(pictures))


def _note(file: TomlFile, name: str, n: int) -> Note:
    at = (name, n)
    table: Mapping[str, Any] = file.data[name][n]
    file.check(at, table, _TABLES[name])
    for key in ("speech", "exact", _SAYS[name]):
        if not table.get(key, "").strip():
            raise file.fault(at, f"the {name} has no '{key}'", hint=_HINTS.get(key))
    anchor = Anchor(*(table.get(key, "") for key in ("exact", "prefix", "suffix", "through")))
    said = table[_SAYS[name]].strip()
    reason = table.get("reason", "").strip()
    return Note(file.place(at), MarkKind(name), table["speech"], anchor, said, reason)


_HINTS = {
    "speech": "name its id or its file, as 'packager read' prints them",
    "exact": "quote the words of the text that it belongs to",
    "reason": "say why the words are left out",
    "read": "say what it should read",
    "text": "say what it is to say",
}


def _remark(remark: Remark) -> Note:
    if not remark.exact.strip():
        raise CollectionError(
            f"{remark.place}: the note has no anchor: no words of the page are quoted",
            hint="add a TextQuoteSelector, or take the note out of the file",
        )
    anchor = Anchor(remark.exact, remark.prefix, remark.suffix)
    return Note(remark.place, MarkKind.NOTE, remark.source, anchor, remark.text)


def _supplied(file: TomlFile, n: int) -> tuple[str, str, Supplied]:
    at = ("document", n)
    table: Mapping[str, Any] = file.data["document"][n]
    file.check(at, table, _TABLES["document"])
    if not table.get("speech", "").strip():
        raise file.fault(at, "the document has no 'speech'", hint=_HINTS["speech"])
    status = table.get("status")
    if status is not None and status not in STATUSES:
        raise file.fault(
            (*at, "status"), f"unknown status '{status}'. Known: {', '.join(STATUSES)}"
        )
    days = {
        key: table[key].isoformat()
        for key in ("delivered", "released", "published")
        if key in table
    }
    words = {key: table.get(key) for key in ("head", "office", "audience", "translator")}
    headnote = prose(table.get("headnote", ""))
    return (
        file.place(at),
        table["speech"],
        Supplied(**words, **days, status=status, headnote=headnote),
    )


def _described(file: TomlFile, n: int) -> Described:
    at = ("picture", n)
    table: Mapping[str, Any] = file.data["picture"][n]
    file.check(at, table, _TABLES["picture"])
    name, digest = table.get("file", "").strip(), table.get("sha256", "").lower()
    if not name and len(digest) < DIGITS:
        raise file.fault(
            at,
            f"the picture has no 'file' and no 'sha256' of {DIGITS} digits or more",
            hint="name its file or its digest, as 'packager read --json' prints them",
        )
    alt, caption = (
        None if one is None else " ".join(one.split())
        for one in (table.get("alt"), table.get("caption"))
    )
    return Described(file.place(at), name, digest, alt, caption, table.get("skip", False))


# --- setting them in their places ----------------------------------------------------------


def annotate(documents: Sequence[Document], notes: Notes, report: Report) -> dict[str, Document]:
    """The texts by anchor, with the marks of their notes and with what is supplied.

    Notes of an export that are about a page that the book does not print are counted in a
    finding. Raises `CollectionError` for an anchor that stands nowhere or more than once, for
    marks that overlap, for a speech that the book does not print.
    """
    out = {document.anchor: document for document in documents}
    for place, name, supplied in notes.supplied:
        for document in named(documents, name, place):
            if out[document.anchor].supplied != Supplied():
                raise CollectionError(
                    f"{place}: document {document.number} (“{document.speech.title}”) is described "
                    "twice",
                    hint="keep one [[document]] table for it",
                )
            out[document.anchor] = replace(out[document.anchor], supplied=supplied)
    marks: dict[str, list[tuple[Mark, str]]] = {}
    elsewhere = 0
    for note in notes.notes:
        candidates = named(documents, note.speech, note.place)
        if not candidates:
            elsewhere += 1
            continue
        document, mark = _placed(note, candidates)
        marks.setdefault(document.anchor, []).append((mark, note.place))
    if elsewhere:
        report.note(
            "notes-elsewhere",
            notes.notes[0].place.rpartition(":")[0],
            f"{elsewhere} notes are about pages that the book does not print",
        )
    for anchor, found in marks.items():
        out[anchor] = replace(out[anchor], marks=_numbered(anchor, found))
    return out


def named(documents: Iterable[Document], name: str, place: str) -> list[Document]:
    """The documents that a side file names by id, file or address, at `place` (file:line); none
    for the address of another page. Raises `CollectionError` where none fits."""
    address = _address(name)
    found = []
    for document in documents:
        sources = (document.speech.provenance, *document.captures)
        if any(_is(document, made, name, address) for made in sources):
            found.append(document)
    if not found and not address:
        raise CollectionError(
            f"{place}: no document of the book is '{name}'", hint=_HINTS["speech"]
        )
    return found


def _is(document: Document, made: Provenance, name: str, address: str) -> bool:
    if address:
        return address == _address(made.url or "")
    return not name or matches(replace(document.speech, provenance=made), name)


def _address(name: str) -> str:
    """A web address without what does not tell pages apart; empty for anything else.

    >>> _address("http://www.watch.example/a/#top") == _address("https://watch.example/a")
    True
    """
    parts = urllib.parse.urlsplit(name)
    if parts.scheme not in ("http", "https"):
        return ""
    query = f"?{parts.query}" if parts.query else ""
    return parts.netloc.lower().removeprefix("www.") + parts.path.rstrip("/") + query


def _placed(note: Note, documents: Sequence[Document]) -> tuple[Document, Mark]:
    texts = [(document, joined(document.speech.blocks)) for document in documents]
    found = [(document, text, span) for document, text in texts for span in find(text, note.anchor)]
    words = " ".join(note.anchor.exact.split())
    if not found:
        near = max((nearest(text, note.anchor) for _, text in texts), key=len)
        number = f"document {documents[0].number}" if len(documents) == 1 else "the documents"
        shown = f"; nearest to it is “{near}”" if near else ""
        raise CollectionError(
            f"{note.place}: “{words}” does not stand in {number}{_context(note.anchor)}{shown}",
            hint="quote the text as the page has it now",
        )
    if len(found) > 1:
        raise CollectionError(
            f"{note.place}: “{words}” stands {len(found)} times in {_count(found)}",
            hint="add prefix or suffix: the words before or after the one that is meant",
        )
    document, text, (start, end) = found[0]
    note_blocks = prose(note.text if note.kind is MarkKind.NOTE else note.reason)
    return document, Mark(
        note.kind,
        spans_of(document.speech.blocks, start, end),
        " ".join(text[start:end].split()),
        note.text if note.kind is not MarkKind.NOTE else "",
        note_blocks,
    )


def _context(anchor: Anchor) -> str:
    if anchor.through:
        return f" with “{anchor.through}” after it"
    if anchor.prefix or anchor.suffix:
        return f" between “{anchor.prefix}” and “{anchor.suffix}”"
    return ""


def _count(found: Sequence[tuple[Document, str, tuple[int, int]]]) -> str:
    numbers = sorted({document.number for document, _, _ in found})
    shown = ", ".join(map(str, numbers))
    return f"document {shown}" if len(numbers) == 1 else f"documents {shown}"


def _numbered(anchor: str, found: Iterable[tuple[Mark, str]]) -> tuple[Mark, ...]:
    """The marks in the order of the text, notes numbered, each with an id of its own."""
    ordered = sorted(found, key=lambda one: (one[0].point, one[0].kind))
    _apart(ordered)
    out: list[Mark] = []
    notes = 0
    for n, (mark, _) in enumerate(ordered, 1):
        notes += mark.kind is MarkKind.NOTE
        number = notes if mark.kind is MarkKind.NOTE else 0
        letter = f"n{number}" if number else f"m{n}"
        out.append(replace(mark, number=number, anchor=f"{anchor}-{letter}"))
    return tuple(out)


def _apart(marks: Sequence[tuple[Mark, str]]) -> None:
    """Raise where a passage that is corrected or left out is marked again."""
    for (mark, place), (other, there) in combinations(marks, 2):
        kinds = (mark.kind, other.kind)
        if MarkKind.ELISION not in kinds and kinds != (MarkKind.CORRECTION,) * 2:
            continue
        if any(one.meets(two) for one in mark.spans for two in other.spans):
            raise CollectionError(
                f"{there}: the {other.kind} of “{other.source[:60]}” overlaps the {mark.kind} at "
                f"{place}",
                hint="keep one of them, or shorten the words that they quote",
            )
