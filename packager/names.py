"""The index of names: `names.toml` as an editor corrected it, and where each name stands.

A [[name]] has a heading (`name`), the `variants` by which the texts call it, and may have a
`sort` key, `see` or `see-also` (other headings), `within` (the heading that it is a sub-entry
of). `skip` keeps words out of the index, and out of the reach of shorter names. `office` and
`years` of a person stand in the list of speakers; `authority` has the addresses of its records in
authority files (VIAF, Wikidata, id.loc.gov).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packager.book import Document
from packager.errors import CollectionError
from packager.headings import IndexEntry
from packager.layer import Mark, MarkKind, Span
from packager.tomlfile import BOOLEAN, STRING, STRINGS, TABLES, Kind, TomlFile, load_toml, strings

KINDS = ("person", "place", "organisation", "subject")
_NAME: dict[str, Kind] = {
    "name": STRING,
    "kind": STRING,
    "variants": STRINGS,
    "sort": STRING,
    "see": STRING,
    "see-also": STRINGS,
    "within": STRING,
    "skip": BOOLEAN,
    "office": STRINGS,
    "years": STRING,
    "authority": STRINGS,
}


@dataclass(frozen=True, slots=True)
class Name:
    """One [[name]] of names.toml; `place` is file:line."""

    place: str
    name: str
    variants: tuple[str, ...]
    sort: str
    see: str | None = None
    see_also: tuple[str, ...] = ()
    within: str | None = None
    skip: bool = False
    kind: str = KINDS[0]
    offices: tuple[str, ...] = ()
    years: str = ""
    authority: tuple[str, ...] = ()


def read_names(path: Path) -> tuple[Name, ...]:
    """The names of a names.toml.

    Raises `CollectionError` with file:line for a name or variant that is listed twice, a
    reference to a heading that is not there, and references that go round in a circle.
    """
    file = load_toml(path, CollectionError)
    file.check((), file.data, {"name": TABLES})
    names = tuple(_name(file, n) for n in range(len(file.data.get("name", []))))
    _listed_once(names)
    _referring(names)
    return names


def _name(file: TomlFile, n: int) -> Name:
    at = ("name", n)
    table = file.data["name"][n]
    file.check(at, table, _NAME)
    if not table.get("name", "").strip():
        raise file.fault(at, "the entry has no name", hint='add name = "..." below [[name]]')
    if (kind := table.get("kind", KINDS[0])) not in KINDS:
        raise file.fault((*at, "kind"), f"unknown kind '{kind}'. Known: {', '.join(KINDS)}")
    if "see" in table and "variants" in table:
        raise file.fault(
            (*at, "variants"),
            f"“{table['name']}” only refers to “{table['see']}”, so it has no variants of its own",
            hint=f"give them to “{table['see']}”",
        )
    if not all(variant.strip() for variant in strings(table.get("variants"))):
        raise file.fault((*at, "variants"), f"“{table['name']}” has a variant without letters")
    name, variants, also = (
        table["name"],
        strings(table.get("variants")),
        strings(table.get("see-also")),
    )
    return Name(
        file.place(at),
        name,
        () if "see" in table else variants or (name,),
        table.get("sort", name),
        table.get("see"),
        also,
        table.get("within"),
        table.get("skip", False),
        kind,
        strings(table.get("office")),
        table.get("years", ""),
        strings(table.get("authority")),
    )


def _listed_once(names: Sequence[Name]) -> None:
    seen: dict[tuple[str, str], Name] = {}
    for name in names:
        keys = [("name", f"{name.within or ''}: {name.name}")]
        keys += [("variant", variant) for variant in name.variants]
        for kind, words in keys:
            if (known := seen.setdefault((kind, words), name)) is not name:
                shown = name.name if kind == "name" else words
                raise CollectionError(
                    f"{name.place}: the {kind} “{shown}” is listed before, at {known.place}",
                    hint="join the two entries, or take it out of one",
                )


def _referring(names: Sequence[Name]) -> None:
    known = {name.name: name for name in names if not name.skip}
    for name in names:
        for heading in (name.see, name.within, *name.see_also):
            if heading is not None and heading not in known:
                raise CollectionError(
                    f"{name.place}: “{name.name}” refers to “{heading}”, which is no entry",
                    hint="add a [[name]] for it, or correct the heading",
                )
        for follow in ("see", "within"):
            way = [name.name]
            while (heading := getattr(known.get(way[-1], name), follow)) is not None:
                way.append(heading)
                if way.count(heading) > 1:
                    raise CollectionError(
                        f"{name.place}: the references go round: {' → '.join(way)}",
                        hint="let one of them be the entry that has the pages",
                    )


def mark_names(documents: Iterable[Document], names: Sequence[Name]) -> Iterator[Document]:
    """The documents with a mark at every place of a name, each with an id of its own."""
    by_variant = {" ".join(variant.split()): name for name in names for variant in name.variants}
    if not by_variant:
        yield from documents
        return
    pattern = re.compile(_any_of(by_variant))
    for document in documents:
        marks = list(document.marks)
        hidden = [span for mark in document.marked(MarkKind.ELISION) for span in mark.spans]
        count = 0
        for number, block in enumerate(document.speech.blocks):
            for match in pattern.finditer(block.text):
                span = Span(number, match.start(), match.end())
                name = by_variant[" ".join(match[0].split())]
                if name.skip or any(span.meets(other) for other in hidden):
                    continue
                count += 1
                anchor = f"{document.anchor}-i{count}"
                marks.append(Mark(MarkKind.NAME, (span,), match[0], name.name, anchor=anchor))
        yield replace(document, marks=tuple(marks))


def _any_of(variants: Iterable[str], before: str = "") -> str:
    r"""The pattern of the longest of the variants, as whole words; Korean particles and Chinese
    words follow a name without a space.

    Variants that begin alike share their beginning, so that hundreds of them are looked for in
    the time of a few; what begins with none of their letters is passed over by `re` itself.

    >>> _any_of(["Oar", "Oarsman"])
    'O(?<!\\wO)ar(?:sman(?!\\w)|(?!\\w))'
    """
    tails: dict[str, list[str]] = {}
    for variant in variants:
        tails.setdefault(variant[:1], []).append(variant[1:])
    branches = []
    for letter, after in tails.items():
        if not letter:
            continue
        edge = "" if before or _joins(letter) else rf"(?<!\w{re.escape(letter)})"
        pattern = r"\s+" if letter == " " else re.escape(letter)
        branches.append(f"{pattern}{edge}{_any_of(after, letter)}")
    if "" in tails:
        branches.append("" if _joins(before) else r"(?!\w)")
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def _joins(letter: str) -> bool:
    """True for a letter of a script that does not part words."""
    return unicodedata.category(letter) == "Lo"


def index_of(documents: Iterable[Document], names: Sequence[Name]) -> tuple[IndexEntry, ...]:
    """The index: headings by their sort keys, sub-entries under theirs; a name that stands
    nowhere in the book, and has neither reference nor sub-entry, is not in it, nor is a reference
    to it."""
    places: dict[str, list[str]] = {}
    for document in documents:
        for mark in document.marked(MarkKind.NAME):
            places.setdefault(mark.text, []).append(mark.anchor)
    shown = [name for name in names if not name.skip]
    while absent := _absent(shown, places):
        gone = {name.name for name in absent}
        shown = [
            replace(name, see_also=tuple(one for one in name.see_also if one not in gone))
            for name in shown
            if name not in absent
        ]
    below: dict[str | None, list[tuple[int, Name]]] = {}
    for number, name in enumerate(shown, 1):
        below.setdefault(name.within, []).append((number, name))
    return _entries(None, below, places)


def _absent(names: Sequence[Name], places: Mapping[str, Sequence[str]]) -> set[Name]:
    """The names that would have nothing to show: no place, no sub-entry, no reference that leads
    to a heading of the index."""
    known = {name.name for name in names}
    above = {name.within for name in names}
    return {
        name
        for name in names
        if not places.get(name.name) and name.name not in above and name.see not in known
    }


def _entries(
    within: str | None,
    below: Mapping[str | None, Sequence[tuple[int, Name]]],
    places: Mapping[str, Sequence[str]],
) -> tuple[IndexEntry, ...]:
    """The entries under a heading; `below` has the numbered names under each."""
    members = below.get(within, ())
    return tuple(
        IndexEntry(
            name.name,
            tuple(places.get(name.name, ())),
            name.see,
            name.see_also,
            _entries(name.name, below, places),
            guide_letter(name.sort),
            f"index-{number}",
        )
        for number, name in sorted(members, key=lambda one: (sorting(one[1].sort), one[1].name))
    )


def guide_letter(words: str) -> str:
    """The letter under which a heading is filed: without accent, for Hangul the first consonant,
    "#" for what begins with no letter.

    >>> guide_letter("Éclair"), guide_letter("김정은"), guide_letter("1945")
    ('E', 'ㄱ', '#')
    """
    first = sorting(words)[:1].upper()
    if "\u1100" <= first <= "\u1112":  # NFKD parts a syllable
        return _CONSONANTS[ord(first) - 0x1100]
    return first if first.isalpha() else "#"


_CONSONANTS = "ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ"
"""The letters of Hangul that begin a syllable; a doubled one is filed under the plain one."""


def sorting(words: str) -> str:
    """Letter by letter, case and accents aside."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in plain if letter.isalnum())
