"""A first names.toml for a book: names that its texts seem to hold, for an editor to correct.

Names are those of records of an authority file that stand in the texts, speakers, and rows of
words (`name_rows.py`, with a model `name_models.py`) that stand at least once inside a sentence.
A short form goes to the one long name that it can mean; where there are several, all are named
in a comment, and nothing is guessed.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from packager.authority_record import Matches, Record, folded
from packager.book import Document
from packager.layer import MarkKind
from packager.name_forms import gathered, is_personal
from packager.name_rows import Row, bare_row, rows_of, spans_of
from packager.name_words import (
    BODIES,
    KOREAN,
    PARTICULAR,
    PLACE_FIRST,
    PLACES,
    STATES,
    THINGS,
)
from packager.names import KINDS, Name, mark_names
from packager.speech import Speech

LEAST = 2
"""Places that a name must have to be proposed; one that an authority file has needs one."""
SHOWN = 3
"""Records that a comment names where a name may be more of them."""

_PEOPLE = re.compile(r"(?:[ie]an|[ae]n?ese|nish|tish|lish|rench|erican|frican)s?$")

Model = Callable[[Iterable[Speech]], Iterable[tuple[str, str]]]
"""Gives the names of texts as it finds them, each with its kind."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A name to propose, what it is not sure of as comments, and the places that it needs; one that
    a model alone has found can have at most `most`, else it is another word more often."""

    name: Name
    notes: tuple[str, ...] = ()
    least: int = LEAST
    speaks: bool = False
    most: int | None = None


def propose(
    documents: Iterable[Document],
    known: Iterable[Name] = (),
    records: Iterable[Record] | None = None,
    model: Model | None = None,
) -> Iterator[str]:
    """The [[name]] tables of names that `known` does not have, those of speakers first, then the
    most frequent.

    `records` of authority files are read once, in a stream, and only those are kept of which a
    form stands in the texts.
    """
    documents, known = list(documents), list(known)
    speeches = [text.speech for one in documents for text in one.texts]
    speakers = sorted({one.speaker for one in speeches if one.speaker})
    rows = rows_of(speeches, frozenset(speakers))
    if model:
        rows = _judged(rows, model(speeches), frozenset(speakers))
    for speaker in speakers:
        rows.setdefault(speaker, Row(inside=True))
    have = {variant for name in known for variant in (name.name, *name.variants)}
    made = _from_records(records, speeches, have, speakers) if records is not None else []
    taken = {folded(form) for one in made for form in one.name.variants}
    free = {row: one for row, one in rows.items() if row not in have and folded(row) not in taken}
    made += _from_rows(free, speakers, made, known)
    places = _places(documents, known, made)
    ranked = sorted(made, key=lambda one: (not one.speaks, -places[one.name.name], one.name.name))
    for one in ranked:
        count = places[one.name.name]
        if one.speaks or (one.least <= count and (one.most is None or count <= one.most)):
            yield _table(one, count)


def _judged(
    rows: dict[str, Row], found: Iterable[tuple[str, str]], speakers: frozenset[str]
) -> dict[str, Row]:
    """The rows that the model has found too, and what it alone has; titled ones and speakers
    need no second opinion."""
    for words, kind in found:
        row, _ = bare_row(" ".join(words.split()))
        if row and len(row) > 1:
            one = rows.setdefault(row, Row(inside=True))
            one.votes[kind] += 1
    return {
        row: one
        for row, one in rows.items()
        if row in speakers or one.titled or 3 * sum(one.votes.values()) >= one.count
    }


def _from_records(
    records: Iterable[Record], speeches: Sequence[Speech], have: set[str], speakers: Sequence[str]
) -> list[Proposed]:
    """The names of records that stand in the texts, under their authority forms."""
    forms: dict[str, set[str]] = defaultdict(set)
    for words in (*speakers, *(span for one in speeches for span in spans_of(one.text))):
        forms[folded(words)].add(" ".join(words.split()))
    forms.pop("", None)
    matches = Matches()
    for record in records:
        matches.take(record, forms.keys())
    said = {folded(speaker) for speaker in speakers}
    listed = {folded(form) for form in have}
    out = []
    for record, own, shared in matches.records():
        variants = tuple(form for key in own for form in sorted(forms[key]))
        if not variants or folded(record.heading) in listed or listed.intersection(own):
            continue
        notes = tuple(_doubt(min(forms[key]), matches.named(key)) for key in shared)
        speaks = bool(said.intersection(own))
        name = Name("", record.heading, variants, record.sort, kind=record.kind)
        name = replace(
            name, offices=record.offices, years=record.years, authority=record.identifiers
        )
        out.append(Proposed(name, notes, 1, speaks))
    for key in matches.doubtful():
        if key not in listed:
            variants = tuple(sorted(forms[key]))
            name = Name("", variants[0], variants, variants[0], kind=matches.kind(key))
            out.append(Proposed(name, (_doubt(variants[0], matches.named(key)),), 1, key in said))
    return _apart(out)


def _apart(made: list[Proposed]) -> list[Proposed]:
    """Names of which no two have one heading or variant: names.toml allows none."""
    seen: set[str] = set()
    heads: Counter[str] = Counter()
    out = []
    for one in made:
        variants = tuple(form for form in one.name.variants if form not in seen)
        if variants:
            seen.update(variants)
            heads[one.name.name] += 1
            count = heads[one.name.name]
            head = one.name.name if count == 1 else f"{one.name.name} ({count})"
            out.append(replace(one, name=replace(one.name, name=head, variants=variants)))
    return out


def _doubt(form: str, named: Sequence[str]) -> str:
    shown = " or ".join(named[:SHOWN])
    more = f" or {len(named) - SHOWN} more" if len(named) > SHOWN else ""
    return f"“{form}” may be {shown}{more}"


def _from_rows(
    rows: dict[str, Row], speakers: Sequence[str], made: Sequence[Proposed], known: Sequence[Name]
) -> list[Proposed]:
    """The names of rows, each with its short and inflected forms."""
    speaking = frozenset(speakers)
    kinds = {row: _kind(row, one, row in speaking) for row, one in rows.items() if _names(row, one)}
    for row in [row for row in kinds if _is_of_place(row, rows)]:
        del kinds[row]
    kinds |= {row: KINDS[0] for row in speakers if row in rows}
    counts = {row: rows[row].count for row in kinds}
    others = {
        form: one.name.name
        for one in made
        for form in one.name.variants
        if one.name.kind == KINDS[0]
    }
    others |= {form: one.name for one in known for form in one.variants if one.kind == KINDS[0]}
    out = []
    firm = {row for row in counts if kinds[row] == "place" and _surely(rows[row])}
    for row, forms, notes in gathered(counts, kinds, speaking, others, firm):
        kind = kinds[row]
        heading = _heading(row, kind)
        name = Name("", heading, forms, heading, kind=kind)
        one = rows[row]
        most = None if one.count or row in speaking else 2 * sum(one.votes.values())
        out.append(Proposed(name, notes, speaks=row in speaking, most=most))
    return _apart(out)


def _names(row: str, one: Row) -> bool:
    """Whether a row is likely to name something that an index has."""
    single = " " not in row
    if single and _is_people(row):
        return one.titled > 0
    if single and not one.votes and (row in PLACES or row in BODIES or row in THINGS):
        return False
    return len(row) > 1 and not re.search(r"\d\d", row)


def _is_of_place(row: str, rows: dict[str, Row]) -> bool:
    """Whether a word is the name of those who are of a place that is a row too: "Cubans"."""
    match = re.fullmatch(r"(\w{3,}?)(?:n|i|ns|is)", row)
    return match is not None and match[1] in rows and not rows[row].titled


def _kind(row: str, one: Row, speaks: bool) -> str:
    """What a row names: what its words say, then the model, then what stands before it."""
    words = re.sub(" [IVX]+$", "", row).split()
    if speaks or (len(words) == 3 and words[0] in KOREAN):
        return "person"
    if one.votes:
        best = max(one.votes.values())
        return min(kind for kind, votes in one.votes.items() if votes == best)
    if words[-1] in THINGS:
        return "subject"
    if one.state or (words[0] in STATES and len(words) > 1):
        return "place"
    if words[-1] in BODIES or (words[0] in BODIES and len(words) > 1):
        return "organisation"
    if words[-1] in PLACES or (words[0] in PLACE_FIRST and len(words) < 4):
        return "place"
    if 10 * one.titled > one.count:
        return "person"
    if len(words) == 1 and row.isupper():
        return "organisation"
    if len(words) > 1 and one.common:
        return "subject"
    if 2 * one.article > one.count and len(words) > 1:
        return "organisation"
    if 8 * (one.within if len(words) > 1 else one.into) > one.count:
        return "place"
    if len(words) == 1:
        return "subject" if one.common else "place"
    if {"of", "de", "da", "do", "del", "du", "des"} & set(words) or len(words) > 3:
        return "organisation"
    return "subject" if _is_people(words[0]) else "person"


def _surely(one: Row) -> bool:
    """Whether something but its form says that a row is a place."""
    return bool(one.state or one.votes or 8 * one.into > one.count)


def _is_people(word: str) -> bool:
    """Whether a word is rather the name of a people: "Korean", "Japanese"."""
    return word not in PARTICULAR and bool(_PEOPLE.search(word))


def _heading(row: str, kind: str) -> str:
    """A Korean name keeps its order; another person's goes by the last name."""
    first, _, last = row.rpartition(" ")
    turned = kind == KINDS[0] and first and is_personal(row) and row.split()[0] not in KOREAN
    return f"{last}, {first}" if turned else row


def _places(
    documents: Sequence[Document], known: Sequence[Name], made: Sequence[Proposed]
) -> Counter[str]:
    """How often each name would stand in the index."""
    marked = mark_names(documents, [*known, *(one.name for one in made)])
    return Counter(mark.text for one in marked for mark in one.marked(MarkKind.NAME))


def _table(one: Proposed, count: int) -> str:
    """Years and offices of one who does not speak are comments: in names.toml they would put the
    name into the list of speakers."""
    name, quiet = one.name, "" if one.speaks else "# "
    lines = [f"[[name]]  # {count} place{'' if count == 1 else 's'}"]
    lines += [f"# {' '.join(note.split())}" for note in one.notes]
    lines += [f"name = {_quoted(name.name)}", f'kind = "{name.kind}"']
    lines.append(f"variants = {_quoted(list(name.variants))}")
    if name.sort != name.name and name.sort:
        lines.append(f"sort = {_quoted(name.sort)}")
    if name.offices:
        lines.append(f"{quiet}office = {_quoted(list(name.offices))}")
    if name.years:
        lines.append(f"{quiet}years = {_quoted(name.years)}")
    if name.authority:
        lines.append(f"authority = {_quoted(list(name.authority))}")
    return "\n".join(lines) + "\n"


def _quoted(value: str | list[str]) -> str:
    return json.dumps(value, ensure_ascii=False)
