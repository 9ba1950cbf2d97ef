"""Rows of words in running text that may be names, and what stands around each.

Latin, Greek and Cyrillic letters: capitalised words in a row, with small words such as "of" or
"de" between them. German writes every noun large: there only rows of two words and words after a
title are taken. Korean has no capitals: a name of three syllables that begins with a surname and
has a title behind it, well-known places, and words with the ends of bodies and places.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from packager.name_words import (
    ABBREVIATED,
    ARTICLES,
    BODIES,
    INTO,
    KOREAN_ENDS,
    KOREAN_PLACES,
    KOREAN_TITLES,
    NEVER,
    OFFICES,
    PARTICLES,
    PLACES,
    STATES,
    SURNAMES,
    TITLES,
    WITHIN,
)
from packager.speech import Speech

_LETTERS = (chr(code) for code in (*range(0x41, 0x530), *range(0x1E00, 0x2000)))
UPPER = re.escape("".join(letter for letter in _LETTERS if letter.isupper()))
"""The capitals of the scripts that have them."""
_PART = rf"(?:(?:[{UPPER}]\.){{2,}}|[{UPPER}](?:[\w’'-]*\w(?:(?<=s)[’'](?= [{UPPER}]))?)?)"
_LINK = r"(?:of|de las?|de los|de|del|da|do|dos|das|du|des|di|della|von|van der|van|al|bin|ibn|für)"
_INITIAL = rf"[{UPPER}]\.(?= ?[{UPPER}])"
_ROW = re.compile(
    rf"(?<![\w’'-])(?:{_INITIAL} ?){{0,3}}{_PART}(?: (?:{_LINK} )?(?:{_INITIAL}|{_PART}))*"
)
_OPENERS = frozenset('.!?:;“"«(—–-•*[')
_OWN = re.compile(r"(?<=\w)[’']s(?= |$)|(?<=s)[’']$")
_GROUPS = frozenset("People Women Children Men Workers Veterans Writers Teachers".split())
"""Whose possessive is a part of the name of a body."""
_LONG = 8
"""Words of the longest name that is looked for in an authority file."""


@dataclass(slots=True)
class Row:
    """What is known of a row: places, whether it stands inside a sentence or after a title, and
    what stands before it ("Republic of" in `state`); `common` is one of whose words each is written
    small elsewhere; `votes` are the kinds that a model or the script itself gives it."""

    count: int = 0
    inside: bool = False
    titled: int = 0
    into: int = 0
    within: int = 0
    article: int = 0
    state: int = 0
    common: bool = False
    votes: Counter[str] = field(default_factory=Counter)


def rows_of(speeches: Iterable[Speech], speakers: Collection[str]) -> dict[str, Row]:
    """The rows of all texts, without titles, openers and possessives."""
    speeches = list(speeches)
    small = {word for one in speeches for word in _small(one.text)}
    found: dict[str, Row] = {}
    for speech in speeches:
        for block in speech.blocks:
            german = (speech.language or "")[:2] == "de"
            for match in _ROW.finditer(block.text):
                _take(found, block.text, match, small, speakers, german)
            for name, kind in korean_names(block.text):
                row = found.setdefault(name, Row())
                row.count, row.inside = row.count + 1, True
                row.votes[kind] += 1
    for words, one in found.items():
        one.common = all(word.lower() in small for word in words.split())
    for words in list(found):
        state, of, name = words.partition(" of ")
        if of and state.split()[-1] in STATES and name in found:
            found[name].state += found[words].count
    return {row: one for row, one in found.items() if one.inside and row.lower() not in small}


def _small(text: str) -> Iterator[str]:
    return (word for word in re.findall(r"[^\W\d_]+", text) if word.islower())


def _take(
    found: dict[str, Row],
    text: str,
    match: re.Match[str],
    small: Collection[str],
    speakers: Collection[str],
    german: bool,
) -> None:
    begins = _begins(text, match.start())
    for piece, own_beginning in _pieces(match[0]):
        opens = begins and own_beginning
        bare, titled = bare_row(piece, small if opens else frozenset())
        bare = next((name for name in _ends(bare) if name in speakers), bare)
        if not bare or _is_headline(bare) or _SYLLABLE.search(bare):
            continue
        if german and " " not in bare and not titled and bare not in speakers:
            continue
        row = found.setdefault(bare, Row())
        row.count += 1
        row.inside = row.inside or titled or bare != piece or not opens
        before = text[max(0, match.start() - 30) : match.start()].split() if own_beginning else []
        if bare == piece and before:
            row.titled += before[-1].rstrip(".").capitalize() in TITLES
            row.article += before[-1].lower() in ARTICLES
            words = [word.lower() for word in before if word.lower() not in ARTICLES]
            row.into += bool(words) and words[-1] in INTO
            row.within += bool(words) and words[-1] in WITHIN
        row.titled += titled


def _pieces(row: str) -> Iterator[tuple[str, bool]]:
    """The row, parted behind a possessive that is none of a name; whether each begins it."""
    at = 0
    for match in _OWN.finditer(row):
        owner = row[at : match.start()].split()[-1] if row[at : match.start()].split() else ""
        if owner not in _GROUPS:
            yield row[at : match.start()], at == 0
            at = match.end()
    if rest := row[at:].strip():
        yield rest, at == 0


def _begins(text: str, at: int) -> bool:
    """Whether a sentence begins there."""
    before = text[max(0, at - 12) : at].rstrip()
    if not before:
        return at == 0 or not text[:at].strip()
    word = re.search(r"(\w+)\.$", before)
    return before[-1] in _OPENERS and not (word and word[1] in ABBREVIATED)


def _ends(row: str) -> Iterator[str]:
    """The row and what it ends with, the longest first.

    >>> list(_ends("Captain Ana Torvald"))
    ['Captain Ana Torvald', 'Ana Torvald', 'Torvald']
    """
    while row:
        yield row
        row = row.partition(" ")[2]


def bare_row(row: str, small: Collection[str] = frozenset()) -> tuple[str, bool]:
    """A row without what is no part of a name at its ends, and whether the title of a person
    stood right before it; `small` are words that are written small elsewhere.

    >>> bare_row("President of Ostrey"), bare_row("General Assembly")
    (('Ostrey', False), ('General Assembly', False))
    >>> bare_row("Comrade Ana Torvald I")
    ('Ana Torvald', True)
    """
    words = re.sub(r"^(?:[CDLJNSMT]|Qu)['’](?=\w)", "", row).split()
    if words and words[0].islower():
        return "", False
    titled = False
    while words and _falls(words, small):
        titled = words[0].rstrip(".") in TITLES
        words.pop(0)
        if words and words[0] == "of":
            titled = False
    while words and (
        words[-1] in NEVER or words[-1] in OFFICES or re.fullmatch(r"\w\.", words[-1])
    ):
        words.pop()
    return " ".join(words), titled and bool(words)


def _falls(words: list[str], small: Collection[str]) -> bool:
    word = re.split(r"[’']", words[0])[0].rstrip(".")
    if words[0].islower() or word in NEVER or word.lower() in small:
        return not (len(words) > 1 and word in OFFICES and _is_whole(words))
    return word in OFFICES and not _is_whole(words)


def _is_whole(words: list[str]) -> bool:
    """Whether the office belongs to what follows: "General Assembly", "Foreign Ministry"."""
    return (
        len(words) > 1
        and (words[-1] in BODIES or words[-1] in PLACES)
        and words[0] not in ("Comrade", "Mr", "Mrs", "Her", "His", "President")
        and "of" not in words[1:2]
    )


def _is_headline(row: str) -> bool:
    """Whether all words are written in capitals, as a head is."""
    words = row.split()
    return len(words) > 1 and all(word.isupper() and len(word) > 1 for word in words)


_TITLED = re.compile(rf"(?<![가-힣])([{SURNAMES}][가-힣]{{2}}) ?(?:{'|'.join(KOREAN_TITLES)})")
_AFTER = re.compile(rf"(?:{'|'.join(PARTICLES)})$")
_SYLLABLE = re.compile("[가-힣]")
_HANGUL = re.compile("[가-힣]{2,}")


def korean_names(text: str) -> Iterator[tuple[str, str]]:
    """Names in Korean words, each with its kind.

    >>> list(korean_names("김정은동지께서 평양에서 조선로동당 위원장"))
    [('김정은', 'person'), ('평양', 'place'), ('조선로동당', 'organisation')]
    """
    for match in _HANGUL.finditer(text):
        word = _AFTER.sub("", match[0])
        if (name := _TITLED.match(text, match.start())) and not _is_noun(name[1]):
            yield name[1], "person"
        elif word in KOREAN_PLACES:
            yield word, "place"
        else:
            for kind, ends in KOREAN_ENDS.items():
                if any(word.endswith(end) and len(word) > 2 for end in ends):
                    yield word, kind
                    break


def _is_noun(name: str) -> bool:
    """Whether the syllables are rather a body, an office or another word: 로동당, 진정한."""
    return name[-1] in "당회군국부의과와를을한는"


_TOKEN = re.compile(r"[^\W_]+(?:[’'.-][^\W_]+)*")
_BROKEN = re.compile(r"[^\s.,’'“”\"()-]|[.,] ?[.,]|\n\n")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


def spans_of(text: str) -> Iterator[str]:
    """Every run of words that could be a name of an authority file: from a capitalised word to
    one, with at most two small words between; beginnings of Korean words; Chinese characters.

    >>> sorted(spans_of("The Port of Ostrey sank"))
    ['Ostrey', 'Port', 'Port of Ostrey', 'The', 'The Port', 'The Port of Ostrey']
    """
    words = list(_TOKEN.finditer(text))
    for n, first in enumerate(words):
        if _UNSPACED.search(first[0]):
            yield from _substrings(first[0])
        elif _HANGUL.match(first[0]):
            yield from (first[0][:size] for size in range(2, min(len(first[0]), 20) + 1))
        elif first[0][0].isupper():
            yield from (text[first.start() : end] for end in _far(text, words, n))


def _far(text: str, words: list[re.Match[str]], n: int) -> Iterator[int]:
    """Where names may end that begin with the word `n`."""
    small = 0
    for at in range(n, min(n + _LONG, len(words))):
        if at > n and _BROKEN.search(text[words[at - 1].end() : words[at].start()]):
            return
        small = 0 if words[at][0][0].isupper() or words[at][0].isdigit() else small + 1
        if small > 2:
            return
        if not small:
            yield words[at].end()


def _substrings(run: str) -> Iterator[str]:
    return (run[at : at + size] for at in range(len(run)) for size in range(2, 9))
