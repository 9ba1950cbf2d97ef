"""One record of an authority file, what of a MARC 21 record belongs to it, and which records have
a form that stands in given texts."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from packager.names import KINDS

MOST = 1000
"""Variants of one record, and characters of one form, that are read; longer ones are no names."""
KEPT = 4
"""Records that are kept for one form; of more only the number is."""
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff\u0098\u009c]")


@dataclass(frozen=True, slots=True)
class Record:
    """An authority record: `heading` is the authorised form, `variants` those it refers from;
    `identifiers` are addresses (VIAF, Wikidata, id.loc.gov) or, where none is known, a number."""

    heading: str
    kind: str = KINDS[0]
    variants: tuple[str, ...] = ()
    sort: str = ""
    years: str = ""
    offices: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()

    @property
    def named(self) -> str:
        """How a comment names it."""
        told = [one for one in (self.years, *self.identifiers[:1]) if one]
        return f"“{self.heading}”" + (f" ({', '.join(told)})" if told else "")

    @property
    def keys(self) -> list[str]:
        """What its forms are compared by, the heading's first; turned forms too."""
        forms = (form for one in (self.heading, *self.variants) for form in _turned(one))
        return [key for key in dict.fromkeys(map(folded, forms)) if len(key) > 1]


def folded(words: str) -> str:
    """Words without case, accents and punctuation, as forms of a name are compared.

    >>> folded("Kim Jong-ŭn,")
    'kim jong un'
    """
    plain = unicodedata.normalize("NFKD", words).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", " ".join(re.findall(r"[^\W_]+", plain)))


def bare(words: object) -> str:
    """A value in one line, without controls; empty for one longer than a name."""
    line = " ".join(_UNFIT.sub(" ", str(words or "")).split())
    return line if len(line) <= MOST else ""


def _turned(form: str) -> Iterator[str]:
    """The form, and as a text has it: "Torvald, Ana" as "Ana Torvald", without "(Island)"."""
    yield form
    plain = re.sub(r"\s*\([^()]*\)", "", form)
    yield plain
    parts = [part.strip() for part in plain.split(",")]
    if len(parts) > 1:
        yield f"{parts[1]} {parts[0]}"
        yield parts[0] if parts[1] and not parts[1][0].isalpha() else plain


class Matches:
    """The records of which a form stands in the texts, and for each form how many have it."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[Record]] = {}
        self._counts: Counter[str] = Counter()

    def take(self, record: Record, wanted: Collection[str]) -> None:
        """Keep a record for each of its forms that is wanted; an equal one is not another."""
        for key in record.keys:
            if key in wanted:
                have = self._by_key.setdefault(key, [])
                if record not in have:
                    self._counts[key] += 1
                    if len(have) < KEPT:
                        have.append(record)

    def records(self) -> Iterator[tuple[Record, list[str], list[str]]]:
        """Each record that alone has a form, the forms that it alone has, and those that others
        have too."""
        own: dict[Record, list[str]] = {}
        shared: dict[Record, list[str]] = {}
        for key, records in self._by_key.items():
            for record in records:
                (own if len(records) == 1 else shared).setdefault(record, []).append(key)
        for record, keys in own.items():
            yield record, keys, shared.get(record, [])

    def doubtful(self) -> list[str]:
        """The forms that several records have."""
        return [key for key, records in self._by_key.items() if len(records) > 1]

    def named(self, key: str) -> list[str]:
        """How the records of a form are named, one for each."""
        named = [record.named for record in self._by_key[key]]
        return named + ["another"] * (self._counts[key] - len(named))

    def kind(self, key: str) -> str:
        """The kind that most records of a form have."""
        return Counter(record.kind for record in self._by_key[key]).most_common(1)[0][0]


Fields = Sequence[tuple[str, str, Sequence[tuple[str, str]]]]
"""Fields of a MARC record: tag, first indicator, and subfields as code and value. A control field
has its value under the code ""."""

_KINDS = {
    "00": "person",
    "10": "organisation",
    "11": "organisation",
    "50": "subject",
    "51": "place",
}
_PARTS = {"00": "abc", "10": "abn", "11": "anc", "50": "axyz", "51": "axyz"}
_ADDRESSES = {
    "viaf": "https://viaf.org/viaf/{}",
    "wikidata": "https://www.wikidata.org/entity/{}",
    "isni": "https://isni.org/isni/{}",
    "gnd": "https://d-nb.info/gnd/{}",
    "orcid": "https://orcid.org/{}",
}


def marc_record(fields: Fields) -> Record | None:
    """The record of MARC 21 authority fields; None for one of titles or genres, which name
    nothing that an index of names has. Raises `ValueError` for one without a heading.

    >>> marc_record([("100", "1", [("a", "Torvald, Ana,"), ("d", "1950-2012")])]).years
    '1950–2012'
    """
    heads = [field for field in fields if field[0][:1] == "1"]
    if not heads:
        raise ValueError("no field 1XX, so no heading")
    tag, indicator, parts = heads[0]
    if tag[1:] not in _KINDS or any(code == "t" for code, _ in parts):
        return None
    heading = _form(tag[1:], parts)
    if not heading:
        raise ValueError(f"field {tag} holds no heading")
    kind = "organisation" if tag == "100" and indicator == "3" else _KINDS[tag[1:]]
    variants = (
        _form(tag[1:], parts)
        for tag, _, parts in fields
        if tag[:1] == "4" and tag[1:] in _KINDS and not any(code == "t" for code, _ in parts)
    )
    return Record(
        heading,
        kind,
        tuple(one for one in dict.fromkeys(variants) if one and one != heading)[:MOST],
        heading,
        _years(parts, fields) if kind == KINDS[0] else "",
        tuple(dict.fromkeys(_all(fields, "368", "d") + _all(fields, "374", "a"))),
        tuple(dict.fromkeys(_identifiers(fields))),
    )


def _form(kind: str, parts: Iterable[tuple[str, str]]) -> str:
    """A heading in words; the marks that end its parts are not printed."""
    joint = "—" if kind in ("50", "51") else ". " if kind == "10" else " "
    words = [bare(value) for code, value in parts if code in _PARTS[kind] and code]
    words = [re.sub(r"(?<!\b\w)[.,:;\s]+$|[,:;\s]+$", "", word) for word in words]
    return bare(joint.join(word for word in words if word))


def _years(parts: Iterable[tuple[str, str]], fields: Fields) -> str:
    """The dates of a person, those of the heading before those of field 046."""
    stated = next((bare(value) for code, value in parts if code == "d"), "")
    if not stated:
        born, died = (_all(fields, "046", code)[:1] for code in "fg")
        stated = f"{''.join(born)[:4]}-{''.join(died)[:4]}" if born or died else ""
    return stated.strip(" .,").replace("-", "–")


def _all(fields: Fields, tag: str, code: str) -> list[str]:
    values = (v for t, _, parts in fields if t == tag for c, v in parts if c == code)
    return [value for value in map(bare, values) if value]


def _identifiers(fields: Fields) -> Iterator[str]:
    for number in _all(fields, "010", "a"):
        lccn = number.replace(" ", "")
        file = "subjects" if lccn.startswith("sh") else "names"
        yield f"https://id.loc.gov/authorities/{file}/{lccn}"
    for tag, _, parts in fields:
        if tag != "024":
            continue
        source = next((value.casefold() for code, value in parts if code == "2"), "")
        for code, value in parts:
            value = bare(value)
            if code in "a01" and value.startswith(("http://", "https://")):
                yield value
            elif code == "a" and source in _ADDRESSES and value:
                yield _ADDRESSES[source].format(value.replace(" ", ""))


def identifier(kind: str, value: str) -> str:
    """The address of an identifier of a kind like "VIAF", or what is stated.

    >>> identifier("Wikidata", "Q1")
    'https://www.wikidata.org/entity/Q1'
    """
    value = bare(value)
    if value and kind.casefold() in _ADDRESSES and "://" not in value:
        return _ADDRESSES[kind.casefold()].format(value)
    return value
