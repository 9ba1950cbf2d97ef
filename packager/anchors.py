"""Where a quotation stands in a text: the W3C's TextQuoteSelector, and the nearest passage when it
stands nowhere.

An anchor quotes the words (`exact`) and, where they stand more than once, what comes before and
after them. White space, quotation marks, hyphens and dashes of another form do not hinder a
match: they differ between a page, a browser's copy of it and a keyboard.
W3C Web Annotation Data Model §4.2.4.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

_FOLDED = str.maketrans("‘’‚“”„«»‐‑‒–—", '\'\'\'"""""-----')
CANDIDATES = 8
"""Passages with the most words of a lost quotation, of which the most alike one is shown."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A quotation with its context; `through`, if given, quotes the last words of a passage that
    begins with `exact`."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    through: str = ""


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text in which forms and white space are one; `at[n]` is where letter n stood."""

    text: str
    at: tuple[int, ...]


def _fold(text: str, space: str) -> _Folded:
    letters: list[str] = []
    at: list[int] = []
    for position, letter in enumerate(text.translate(_FOLDED)):
        if not letter.isspace():
            letters.append(letter)
            at.append(position)
        elif space and letters and letters[-1] != space:
            letters.append(space)
            at.append(position)
    return _Folded("".join(letters), (*at, len(text)))


def find(text: str, anchor: Anchor) -> list[tuple[int, int]]:
    """Every (start, end) at which the anchor's words stand in its context.

    Words that stand nowhere as they are parted in the quotation are looked for without regard to
    white space: a browser joins the paragraphs that it quotes.

    >>> find("one boat, two boats", Anchor("boat", suffix="s"))
    [(14, 18)]
    >>> find("the “old”\\nboat is in", Anchor('"old" boat', through="in"))
    [(4, 20)]
    """
    for space in (" ", ""):
        folded = _fold(text, space)
        if found := list(_spans(folded, anchor, space)):
            return found
    return []


def _spans(folded: _Folded, anchor: Anchor, space: str) -> Iterator[tuple[int, int]]:
    exact, through = (_fold(words.strip(), space).text for words in (anchor.exact, anchor.through))
    before, after = (_fold(words, "").text for words in (anchor.prefix, anchor.suffix))
    start = folded.text.find(exact) if exact else -1
    while start >= 0:
        end = start + len(exact)
        if through:
            last = folded.text.find(through, end)
            end = last + len(through) if last >= 0 else -1
        if end > 0 and _touches(folded.text, start, end, before, after):
            yield folded.at[start], folded.at[end - 1] + 1
        start = folded.text.find(exact, start + 1)


def _touches(text: str, start: int, end: int, before: str, after: str) -> bool:
    """True when the context stands on both sides; its white space does not count."""
    left = text[max(0, start - 2 * len(before) - 2) : start].replace(" ", "")
    right = text[end : end + 2 * len(after) + 2].replace(" ", "")
    return left.endswith(before) and right.startswith(after)


def nearest(text: str, anchor: Anchor) -> str:
    """The passage most like the quotation, of as many words; empty where no word of it stands.

    >>> nearest("We met at noon. The ferry was late again.", Anchor("ferries was late"))
    'ferry was late'
    """
    words = text.split()
    wanted = anchor.exact.split()
    sought = Counter(word.casefold() for word in wanted)
    size = len(wanted)
    shared = Counter[int]()
    for position, word in enumerate(words):
        if word.casefold() in sought:
            for start in range(max(0, position - size + 1), position + 1):
                shared[start] += 1
    passages = [
        " ".join(words[start : start + size]) for start, _ in shared.most_common(CANDIDATES)
    ]
    exact = " ".join(wanted)
    return max(
        passages, key=lambda one: difflib.SequenceMatcher(None, one, exact).ratio(), default=""
    )
