"""The apparatus of a document: its other versions, and where they read otherwise than the text.

The printed text is A; the witnesses are B, C ... in the order given. Each is collated against it
by the rule of `collation`. Readings of witnesses that agree stand together. What the editor left
out of the text is not collated: the apparatus would print it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from string import ascii_uppercase

from packager.book import Document
from packager.collation import (
    Change,
    Reading,
    Variant,
    Witness,
    Word,
    changes,
    quoted,
    words_of,
)
from packager.layer import MarkKind, Span
from packager.speech import FRAME, Block, Speech

LEMMA = 8
"""Words that a lemma quotes whole; a longer one is its first and last three."""


def with_apparatus(document: Document, versions: Sequence[Sequence[Speech]]) -> Document:
    """The document with its witnesses and variants; each version is the captures of its words, the
    one to name first."""
    blocks = document.speech.blocks
    base = words_of(blocks)
    hidden = [span for mark in document.marked(MarkKind.ELISION) for span in mark.spans]
    places: dict[tuple[int, int], dict[str, list[str]]] = {}
    witnesses: list[Witness] = []
    for number, (speech, *others) in enumerate(versions, 1):
        made = tuple(other.provenance for other in others)
        witnesses.append(Witness(siglum(number), speech.title, speech.provenance, made))
        theirs = words_of(speech.blocks)
        for change in changes(base, theirs):
            if _is_hidden(base, change, hidden):
                continue
            words = theirs[change.other_start : change.other_end]
            reading = _trimmed(quoted(speech.blocks, words))
            found = places.setdefault((change.start, change.end), {})
            found.setdefault(reading, []).append(siglum(number))
    variants = tuple(
        _variant(blocks, base, start, end, readings)
        for (start, end), readings in sorted(places.items(), key=lambda one: one[0])
    )
    return replace(document, witnesses=tuple(witnesses), variants=variants)


def siglum(number: int) -> str:
    """The siglum of a witness; the text itself has number 0.

    >>> siglum(0), siglum(2), siglum(27)
    ('A', 'C', 'B1')
    """
    turn, letter = divmod(number, len(ascii_uppercase))
    return f"{ascii_uppercase[letter]}{turn or ''}"


def _is_hidden(base: Sequence[Word], change: Change, hidden: Sequence[Span]) -> bool:
    """True where the change, or one of its neighbours, lies in what is left out."""
    around = base[max(0, change.start - 1) : change.end + 1]
    return any(Span(one.block, one.start, one.end).meets(span) for one in around for span in hidden)


def _variant(
    blocks: Sequence[Block],
    base: Sequence[Word],
    start: int,
    end: int,
    readings: dict[str, list[str]],
) -> Variant:
    added = start == end
    first, last = (max(0, start - 1), start) if added else (start, end)
    lemma = _lemma(blocks, base, first, last) if last else ""
    number = base[first].block if base else 0
    before = sum(block.kind not in FRAME for block in blocks[:number])
    found = tuple(Reading(text, tuple(sigla)) for text, sigla in readings.items())
    return Variant(before + 1, lemma, found, added)


def _lemma(blocks: Sequence[Block], base: Sequence[Word], start: int, end: int) -> str:
    """The words, shortened; with the number of the occurrence where the paragraph has several."""
    if end - start > LEMMA:
        ends = (quoted(blocks, base[start : start + 3]), quoted(blocks, base[end - 3 : end]))
        return " … ".join(map(_trimmed, ends))
    words = _trimmed(quoted(blocks, base[start:end]))
    keys = [word.key for word in base[start:end]]
    inside = [n for n, word in enumerate(base) if word.block == base[start].block]
    same = [n for n in inside if [word.key for word in base[n : n + len(keys)]] == keys]
    return f"{words} ({same.index(start) + 1})" if len(same) > 1 else words


def _trimmed(text: str) -> str:
    """Words without the punctuation around them, which makes no variant."""
    kept = [n for n, letter in enumerate(text) if letter.isalnum()]
    return text[kept[0] : kept[-1] + 1] if kept else text
