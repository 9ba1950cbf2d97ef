"""The lists of an edition: abbreviations and errata from TOML files, speakers from the documents.

`abbreviations.toml` has [[abbreviation]] tables with `short` and `long`; `errata.toml` has
[[erratum]] tables with `date`, `wrong`, `right`, and a `speech` or a `where` in words. The list of
speakers takes headings, offices and years from `names.toml`; where that states no office, those
that [[document]] tables state for single documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from packager.book import Abbreviation, Authority, Document, Erratum, Matter, Person
from packager.errors import CollectionError
from packager.names import KINDS, Name, sorting
from packager.notes import named
from packager.readers.markdown import prose
from packager.tomlfile import DATE, STRING, TABLES, Kind, TomlFile, load_toml

_LISTS: dict[str, tuple[str, dict[str, Kind], tuple[str, ...]]] = {
    "abbreviations": ("abbreviation", {"short": STRING, "long": STRING}, ("short", "long")),
    "errata": (
        "erratum",
        {"date": DATE, **dict.fromkeys(("speech", "where", "wrong", "right"), STRING)},
        ("date", "wrong", "right"),
    ),
}
"""A page that can be a list -> the table of its lines, their keys, those that each must have."""


def read_list(name: str, path: Path) -> Matter:
    """The page `name` from a TOML file.

    Raises `CollectionError` with file:line for a page that is no list, a line without what it
    needs, an abbreviation that is listed twice.
    """
    file = load_toml(path, CollectionError)
    if name not in _LISTS:
        raise CollectionError(
            f"{path.name}:1: '{name}' is a page of prose",
            hint=f"write it as Markdown; lists are: {', '.join(_LISTS)}",
        )
    table, keys, needed = _LISTS[name]
    file.check((), file.data, {"title": STRING, table: TABLES})
    lines = file.data.get(table, [])
    if not lines:
        raise CollectionError(
            f"{path.name}:1: the file lists nothing", hint=f"add a [[{table}]], or take it out"
        )
    for n, line in enumerate(lines):
        file.check((table, n), line, keys)
        for key in needed:
            if not str(line.get(key, "")).strip():
                raise file.fault((table, n), f"the {table} has no '{key}'")
    title = file.data.get("title", "")
    if name == "abbreviations":
        return Matter(name, title, abbreviations=_abbreviations(file, lines))
    return Matter(name, title, errata=tuple(_errata(file, lines)))


def _abbreviations(file: TomlFile, lines: Sequence[Any]) -> tuple[Abbreviation, ...]:
    seen: dict[str, str] = {}
    for n, line in enumerate(lines):
        place = file.place(("abbreviation", n))
        if (before := seen.setdefault(line["short"], place)) != place:
            raise CollectionError(
                f"{place}: “{line['short']}” is listed before, at {before}",
                hint="join the two, or take one out",
            )
    found = [Abbreviation(line["short"], prose(line["long"])) for line in lines]
    return tuple(sorted(found, key=lambda one: (sorting(one.short), one.short)))


def _errata(file: TomlFile, lines: Sequence[Any]) -> Iterable[Erratum]:
    for n, line in sorted(enumerate(lines), key=lambda one: one[1]["date"]):
        if bool(line.get("speech")) == bool(line.get("where")):
            raise file.fault(
                ("erratum", n),
                "the erratum names no place, or two",
                hint="write speech = (an id or a file) or where = (in words)",
            )
        yield Erratum(
            file.place(("erratum", n)),
            line["date"].isoformat(),
            line["wrong"],
            line["right"],
            line.get("where", ""),
            line.get("speech", ""),
        )


def placed_errata(matter: Iterable[Matter], documents: Sequence[Document]) -> tuple[Matter, ...]:
    """The editor's pages, each erratum with its document.

    Raises `CollectionError` with file:line where the book has no such document, or several.
    """
    return tuple(
        replace(page, errata=tuple(_placed(one, documents) for one in page.errata))
        for page in matter
    )


def _placed(erratum: Erratum, documents: Sequence[Document]) -> Erratum:
    if not erratum.speech:
        return erratum
    texts = [text for document in documents for text in document.texts]
    numbered = {text.number for text in named(texts, erratum.speech, erratum.place)}
    found = [document for document in documents if document.number in numbered]
    if len(found) != 1:
        numbers = ", ".join(str(document.number) for document in found) or "none"
        raise CollectionError(
            f"{erratum.place}: '{erratum.speech}' names {len(found)} documents ({numbers})",
            hint="name one by its id",
        )
    return replace(erratum, document=found[0])


def authorised(documents: Iterable[Document], names: Iterable[Name]) -> Iterator[Document]:
    """The documents, each with the authority of its speaker where names.toml states one."""
    known = {
        words.casefold(): Authority(name.name, name.kind, name.authority)
        for name in names
        if name.authority and not name.skip
        for words in (name.name, *name.variants)
    }
    for document in documents:
        speaker = " ".join((document.speech.speaker or "").split()).casefold()
        yield replace(document, authority=known.get(speaker))


def persons_of(documents: Iterable[Document], names: Iterable[Name]) -> tuple[Person, ...]:
    """Speakers and, after them, persons of names.toml with an office or years who do not speak.

    None at all where no office and no years are stated: the list would say nothing new.
    """
    persons = [name for name in names if name.kind == KINDS[0] and not name.skip]
    known = {words.casefold(): name for name in persons for words in (name.name, *name.variants)}
    spoken: dict[str, dict[int, Document]] = {}
    for document in documents:
        for speaker in _speakers(document, known):
            spoken.setdefault(speaker, {})[document.number] = document
    by_heading = {name.name: name for name in persons}
    told = [name.name for name in persons if name.offices or name.years]
    out = [
        _person(heading, by_heading.get(heading), tuple(spoken.get(heading, {}).values()))
        for heading in dict.fromkeys((*spoken, *told))
    ]
    if not any(person.offices or person.years for person in out):
        return ()
    sort = {name.name: name.sort for name in persons}
    return tuple(
        sorted(
            out, key=lambda one: (not one.documents, sorting(sort.get(one.heading, one.heading)))
        )
    )


def _speakers(document: Document, known: dict[str, Name]) -> Iterable[str]:
    """The headings of those who speak: of the document's speaker, and of those that names.toml
    knows of whose turns it has."""
    if speaker := " ".join((document.speech.speaker or "").split()):
        yield known[speaker.casefold()].name if speaker.casefold() in known else speaker
    for block in document.speech.blocks:
        turn = " ".join((block.speaker or "").split()).casefold()
        if turn in known:
            yield known[turn].name


def _person(heading: str, name: Name | None, documents: tuple[Document, ...]) -> Person:
    offices = name.offices if name else ()
    if not offices:
        stated: dict[str, list[int]] = {}
        for document in documents:
            if document.supplied.office and document.speech.speaker:
                stated.setdefault(document.supplied.office, []).append(document.number)
        offices = tuple(
            f"{office} (document{'' if len(numbers) == 1 else 's'} {', '.join(map(str, numbers))})"
            for office, numbers in stated.items()
        )
    return Person(heading, name.years if name else "", offices, documents)
