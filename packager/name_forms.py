"""Forms of one name gathered under it: short ones, acronyms, and the cases of Slavic names.

A surname alone, or a name without its initial, goes to the one person that it can mean; a form
that several can mean stays a name of its own, with a comment. Cyrillic rows that differ in their
endings only are one name, headed by the form that looks most like a nominative.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from packager.name_words import BODIES, KOREAN, OFFICES, THINGS
from packager.names import KINDS

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_ENDINGS = sorted(
    "ого его ому ему ыми ими ами ями ой ей ою ею ый ий ая яя ое ее ые ие ых их ую юю ом ем ым им "
    "ам ям ах ях ові еві єю ію ії ия ию ии ием а я о е у ю ы и і ї й ь".split(),
    key=len,
    reverse=True,
)
_NOMINATIVE = ("ий", "ый", "ая", "ия", "ое", "я", "а", "о", "е", "ие", "ые")
"""Endings of a nominative; a word that ends in a consonant or in "ь" or "й" goes before them."""


def gathered(
    counts: Mapping[str, int],
    kinds: Mapping[str, str],
    speakers: Collection[str],
    others: Mapping[str, str],
    places: Collection[str] = (),
) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """The main row of each name, its forms, and comments; `others` are the forms of persons that
    are named elsewhere, and their headings; `places` are no short forms of persons."""
    rows = sorted(counts, key=lambda row: (-counts[row], row))
    forms, notes = _cases(rows, counts, kinds, speakers)
    persons = [row for row in forms if kinds[row] == KINDS[0]]
    longer = _longer([*persons, *others])
    for row in list(forms):
        if row in speakers:
            continue
        long = [one for one in longer.get(row, ()) if one != row]
        if len(long) == 1 and long[0] in forms and row not in places:
            forms[long[0]] += forms.pop(row)
        elif long:
            names = sorted({others.get(one, one) for one in long})
            notes[row].append(f"“{row}” may be {' or '.join(names[:4])}")
    for row, own in forms.items():
        yield row, tuple(dict.fromkeys(own)), tuple(notes[row])


def _cases(
    rows: Sequence[str],
    counts: Mapping[str, int],
    kinds: Mapping[str, str],
    speakers: Collection[str],
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Each row with itself as form; of Cyrillic rows of one stem all under the best."""
    stems: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        stems[_stems(row) if _CYRILLIC.search(row) else row].append(row)
    forms: dict[str, list[str]] = {}
    notes: dict[str, list[str]] = defaultdict(list)
    for group in stems.values():
        best = min(group, key=lambda row: (row not in speakers, _cost(row), -counts[row], row))
        forms[best] = [best, *(row for row in group if row != best)]
        if len(group) > 1:
            notes[best].append("forms gathered by their endings; check the heading")
    return forms, notes


def _stems(row: str) -> str:
    """The words of a row without their endings.

    >>> _stems("Ана Торвальда") == _stems("Аны Торвальд")
    True
    """
    return " ".join(map(_stem, row.split()))


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 1:
            return word[: -len(ending)]
    return word


def _cost(row: str) -> int:
    """How far the words of a row are from nominatives; of several forms the least is best."""
    return sum(_far(word) for word in row.split())


def _far(word: str) -> int:
    if not re.search("[аеиоуыэюяіїє]$", word) and not re.search(
        "(?:ой|ей|ом|ем|ым|им|ах|ях|их|ых|ам|ям)$", word
    ):
        return 0
    return next((n for n, end in enumerate(_NOMINATIVE, 1) if word.endswith(end)), 20)


def _longer(persons: Sequence[str]) -> dict[str, list[str]]:
    """The long names that each short form can mean: the surname alone, or first and last word of
    a name with initials or middle names."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in dict.fromkeys(persons):
        words = name.split()
        if len(words) < 2 or not is_personal(name):
            continue
        korean = words[0] in KOREAN
        shorts = {words[0] if korean else words[-1]}
        if len(words) > 2 and not korean:
            shorts.add(f"{words[0]} {words[-1]}")
        for short in shorts:
            found[short].append(name)
    return found


def is_personal(name: str) -> bool:
    """Whether a name can be turned: forename and surname, no office and no numeral.

    >>> is_personal("Ana Torvald"), is_personal("President of Ostrey"), is_personal("Olav IV")
    (True, False, False)
    """
    words = name.split()
    return (
        not OFFICES & {words[0], words[-1]}
        and not (BODIES | THINGS) & set(words)
        and not {"of", "the", "in", "for", "and"} & set(words)
        and words[-1][-1:].isalnum()
        and not set(words[-1]) <= set("IVX")
    )
