"""Whether a text is language at all: letters of any script, in words that a language has.

A page in Arabic that a machine has read as Latin letters is none: few of its words are those
that hold sentences together in the languages of that script, and many are of no language.
"""

from __future__ import annotations

import re
import unicodedata

SAMPLE = 20_000
"""Characters that are looked at."""
FEWEST_WORDS = 150
"""Words from which shares of them mean anything."""
COMMON = frozenset(
    "the of and to in that is we for our it a as on with by this be are i you have not was at "
    "de la les des et que le en du une nous pour dans est un qui au "
    "el los las y por del con se para lo su al como o os da do e um não ao dos na no "
    "und der die das nicht wir ist zu ein den von mit für auf dem sich des eine "
    "di il per non che van het een ik niet dat zijn och att det som på är jag inte har "
    "ve bir bu için ile olan çok daha ne ben biz w i z na nie do to jest się že je v s za "
    "a az hogy nem és egy ja on ei se että oli dan yang dengan untuk ini itu ng sa ang mga "
    "và của là các một trong cho không ya wa kwa katika".split()
)
"""The words that hold sentences together in two dozen languages of Latin script."""
FEWEST_COMMON = 0.15
"""Share of such words; the least in 450 speeches in five languages was 0.28, in Arabic read as
Latin 0.06 to 0.08."""
MOST_ODD = 0.035
"""Share of words of no language; in the same speeches 0.00 to 0.02, once 0.036 in a list of names,
in failed recognition 0.055 to 0.086."""

_MIXED = re.compile(r"[a-zà-öø-ÿ][A-ZÀ-ÖØ-Þ]|[^\W\d_]{2}\d|\d[^\W\d_]{3}|[|{}<>=~\\\\_^#]")
_VOWEL = re.compile("[aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýıœ]", re.IGNORECASE)
_MARKS = ".,;:!?()[]{}«»“”\"'’‘—–-…/*"


def is_language(text: str) -> bool:
    """True where most characters are letters, whatever the script.

    >>> is_language("Good evening."), is_language("%% 1 ~~ 77 || #")
    (True, False)
    """
    sample = "".join(text[:SAMPLE].split())
    letters = sum(map(str.isalpha, sample))
    if letters * 2 <= len(sample):  # where they are not enough, marks (Mn, Mc, Me) count too
        letters += sum(unicodedata.category(char)[0] == "M" for char in sample)
    return letters >= 2 and letters * 2 > len(sample)


def is_garbled(text: str) -> bool:
    """True for Latin letters that are no words: what a machine makes of a script it cannot read.

    >>> is_garbled("aSile AatdEl clucall jle3l (ail SV) ga gai darsall ads| ule]! " * 20)
    True
    """
    words = text[:SAMPLE].split()
    if len(words) < FEWEST_WORDS:
        return False
    letters = [char for char in text[:SAMPLE] if char.isalpha()]
    if sum(char < "\u0250" for char in letters) * 2 < len(letters):
        return False
    bare = [word.strip(_MARKS) for word in words]
    common = sum(word.casefold() in COMMON for word in bare)
    return common < FEWEST_COMMON * len(words) and sum(map(_odd, bare)) > MOST_ODD * len(words)


def _odd(word: str) -> bool:
    """True for a word that no language has: capitals inside, signs inside, no vowel."""
    if _MIXED.search(word) and any(char.isalpha() for char in word):
        return True
    small = word.isascii() and word.isalpha() and len(word) > 2 and not word.isupper()
    return small and not _VOWEL.search(word)
