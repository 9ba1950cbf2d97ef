"""A first names.toml for a book: names that its texts seem to hold, for an editor to correct.

A name is a row of capitalised words that stands at least once inside a sentence, or the speaker
of a document. Kinds are guessed from the last word and from what stands before the name.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from packager.book import Document
from packager.names import Name

LEAST = 2
"""Places that a name must have to be proposed."""

_WORD = r"[A-Z][\w’'-]*[\w]"
_ROW = re.compile(rf"{_WORD}(?: (?:(?:of|de|von|van|al) )?{_WORD})*")
_OPENERS = frozenset('.!?:“"(')
"""What a sentence begins after."""
_OFFICE = frozenset(
    "President Captain Keeper Minister Chairman Secretary General Marshal Comrade Mr Mrs Miss Dr "
    "Prime Premier Professor Governor King Queen Senator Chancellor Director Master Supreme "
    "Leader Respected".split()
)
_PLACE = frozenset(
    "Island Islands City Harbour Bay River Street Square Mountain Province County Light Sea "
    "District Port Republic Korea Peninsula".split()
)
_BODY = frozenset(
    "Congress Committee Ministry Party School Council Assembly Army Union Library Agency Press "
    "Company Association Commission Conference University Bureau Government Nations".split()
)
_KOREAN = frozenset(
    "Kim Ri Lee Pak Park Choe Choi Jong Jang Kang Jo Cho Yun Han Hwang Ryu Pyon An O".split()
)
_NEVER = frozenset(
    "I We You He She It They The A An And But Or If In On At To Of For So My Our Your January "
    "February March April May June July August September October November December Monday "
    "Tuesday Wednesday Thursday Friday Saturday Sunday Dear Friends".split()
)


def propose(documents: Iterable[Document], known: Iterable[Name] = ()) -> Iterator[str]:
    """The [[name]] tables of names that `known` does not have, most frequent first."""
    documents = list(documents)
    have = {variant for name in known for variant in (name.name, *name.variants)}
    speakers = {one.speech.speaker for one in documents if one.speech.speaker}
    small = {word for one in documents for word in re.findall(r"\b[a-z]+", one.speech.text)}
    found: Counter[str] = Counter()
    inside: set[str] = set()
    for document in documents:
        for block in document.speech.blocks:
            for match in _ROW.finditer(block.text):
                begins = _begins(block.text, match.start())
                row = _bare(match[0], small if begins else frozenset())
                row = next((name for name in _ends(row) if name in speakers), row)
                found[row] += 1
                if row != match[0] or not begins:
                    inside.add(row)
    wanted = [
        row
        for row, count in found.most_common()
        if row in inside and count >= LEAST and row.lower() not in small
    ]
    for row in dict.fromkeys((*sorted(speakers), *wanted)):
        if row and row not in have:
            yield _table(row, _kind(row, row in speakers), found[row])


def _begins(text: str, at: int) -> bool:
    """Whether a sentence begins there."""
    end = at
    while end and text[end - 1].isspace():
        end -= 1
    return at == 0 or (end > 0 and text[end - 1] in _OPENERS)


def _ends(row: str) -> Iterator[str]:
    """The row and what it ends with, the longest first.

    >>> list(_ends("Captain Ana Torvald"))
    ['Captain Ana Torvald', 'Ana Torvald', 'Torvald']
    """
    while row:
        yield row
        row = row.partition(" ")[2]


def _bare(row: str, small: Collection[str]) -> str:
    """A row without the offices and common words at its beginning, of which `small` are some;
    empty when nothing is left."""
    words = re.sub(r"[’']s$", "", row).split()
    while words and _is_common(words[0], small):
        words.pop(0)
    return " ".join(words)


def _is_common(word: str, small: Collection[str]) -> bool:
    plain = re.split(r"[’']", word)[0]
    return word == "of" or plain in _OFFICE or plain in _NEVER or plain.lower() in small


def _kind(row: str, speaks: bool) -> str:
    words = row.split()
    if speaks or (len(words) == 3 and words[0] in _KOREAN):
        return "person"
    if words[-1] in _BODY or words[0] in _BODY:
        return "organisation"
    if words[-1] in _PLACE or len(words) == 1:
        return "place"
    return "person" if len(words) == 2 else "organisation"


def _table(row: str, kind: str, count: int) -> str:
    """A Korean name keeps its order; another person's goes by the last name."""
    first, _, last = row.rpartition(" ")
    turned = kind == "person" and first and row.split()[0] not in _KOREAN
    name = f"{last}, {first}" if turned else row
    quoted, variant = (json.dumps(words, ensure_ascii=False) for words in (name, row))
    return f'[[name]]  # {count} places\nname = {quoted}\nkind = "{kind}"\nvariants = [{variant}]\n'
