"""Which lines of a page are its text: the body is found, then every word of it is kept.

`locate` asks the page's own `articleBody`, then trafilatura, where the text is; that answer
only marks lines. `choose` takes the smallest element that holds them and walks it line by line:
all that lies between the first and the last line of the text stays, in order, but what its
structure proves to be foreign (navigation, sharing, related links, comments). Length never
decides about a line. The confidence comes from evidence that is stated beside it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from packager.readers.article_edges import (
    LEAD,
    WORDY,
    Frame,
    appended,
    edges,
    is_foreign,
    is_prose,
    labels_link,
    leads,
    trimmed,
)
from packager.readers.article_lines import Flag, Group, Mark, Walked
from packager.readers.article_title import HEADINGS, solid
from packager.readers.structured import Stated

_SLIDE = re.compile(r"\s*(\d{1,3})\s?/\s?(\d{1,3})\b(?!\s?/)")
SHINGLE = 12
"""Letters of one probe: shorter ones meet by chance, longer ones fail at small differences."""
PROBES = 6
ARTICLE_BODY = 400
"""Characters from which an `articleBody` is more than a teaser."""
HOLDS = 0.85
"""Share of the found letters that the body's element must hold; the rest is decks and boxes."""
VOID = 0.3
"""Share of the found letters inside a flagged element from which its name is taken for a lie."""
PROSE_WAY = "the page's prose"
LINES = 20_000
"""Lines of a page up to which trafilatura is asked (7 s for as many); the longest gold page has
555."""
DEEP = 200
"""Levels up to which trafilatura is asked: 1,500 tables inside each other keep it busy for 17 s."""
ENOUGH = 400
"""Letters from which the length of a text says nothing against it."""
TEASERS = 4
"""Headings that are links, between first and last line, from which a page looks like a list of
other pages."""
FEW = 0.2
"""Share of the page's prose below which what was found is taken for a part of the text."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The lines of a page in four: before, the text, what was cut out of it, after."""

    before: tuple[Mark, ...]
    kept: tuple[Mark, ...]
    cut: tuple[Mark, ...]
    after: tuple[Mark, ...]
    confidence: float
    evidence: str


def locate(root: HtmlElement, stated: Stated, walked: Walked) -> str:
    """Mark the lines of the text as found; returns by what they were found."""
    marks = walked.marks
    asked = len(marks) <= LINES and walked.depth <= DEEP
    prose = sum(mark.chars for mark in marks if mark.flag is None and is_prose(mark))
    if stated.body and len(stated.body) >= ARTICLE_BODY:
        mark_found(marks, stated.body)
        if sum(mark.chars for mark in marks if mark.found) >= max(ARTICLE_BODY, FEW * prose):
            return "articleBody"
    mark_found(marks, _ask_trafilatura(root) if asked else "")
    if sum(mark.chars for mark in marks if mark.found) >= FEW * prose:
        return "trafilatura"
    for takes in (is_prose, _is_text):
        for mark in marks:
            mark.found = mark.found or (mark.flag is None and takes(mark))
        if any(mark.found for mark in marks):
            break
    return PROSE_WAY


def _ask_trafilatura(root: HtmlElement) -> str:
    """The text that trafilatura finds; its own log is not for our readers. It is loaded here, for
    it takes long to load and most archives need none of it."""
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = bare_extraction(root, fast=True, include_comments=False)
    except Exception:  # it raises what it likes on trees of an odd shape; we go on without it
        return ""
    return str(getattr(found, "text", None) or "")


def mark_found(marks: Sequence[Mark], text: str) -> None:
    """Set `found` on each line whose words stand in the text, whatever its spacing."""
    whole = solid(text)
    shingles = {whole[n : n + SHINGLE] for n in range(max(0, len(whole) - SHINGLE + 1))}
    lines = {solid(line) for line in text.split("\n")}
    for mark in marks:
        letters = solid(mark.text)
        if len(letters) < SHINGLE + 4:
            mark.found = bool(letters) and letters in lines
            continue
        last = len(letters) - SHINGLE
        places = {last * n // (PROBES - 1) for n in range(PROBES)}
        hits = sum(letters[n : n + SHINGLE] in shingles for n in places)
        mark.found = hits * 2 >= len(places)


def choose(walked: Walked, way: str, title: str, stated: Stated) -> Chosen | None:
    """The body of a page whose found lines are marked; None where no line is."""
    marks = walked.marks
    total = sum(mark.chars for mark in marks if mark.found)
    if not total:
        return None
    _void_flags(marks, total)
    _flag_slides(walked)
    first, last = _region(walked, total)
    frame = Frame(solid(title), tuple(solid(one)[:LEAD] for one in stated.descriptions))
    start, body, end = edges(marks, first, last, frame)
    end = trimmed(marks, body, appended(walked, start, body, end))
    kept: list[Mark] = []
    cut: list[Mark] = []
    for n, mark in enumerate(marks[start:end], start):
        away = not leads(mark, frame) if n < body else is_foreign(mark)
        away = away or labels_link(mark, marks[n + 1] if n + 1 < end else None)
        (cut if away else kept).append(mark)
    if not kept:
        return None
    confidence, evidence = _confidence(marks, kept, total, way)
    if (linked := sum(_is_linked_heading(mark) for mark in marks[start:end])) >= TEASERS:
        confidence = round(confidence / 2, 2)
        evidence += f", {linked} headings that are links"
    return Chosen(
        tuple(marks[:start]), tuple(kept), tuple(cut), tuple(marks[end:]), confidence, evidence
    )


def _void_flags(marks: Sequence[Mark], total: int) -> None:
    """Flags that hold much of the found text say nothing about it."""
    for mark in marks:
        if mark.found and mark.flag is not None:
            groups = {id(flag.group): flag.group for flag in mark.flag.chain()}
            for group in groups.values():
                group.found += mark.chars
                group.void = group.found >= VOID * total


def _flag_slides(walked: Walked) -> None:
    """Slides numbered "3/50" beside a text are pictures with captions: another article's.

    Nothing is done where the slides are the text itself.
    """
    marks = walked.marks
    numbered = [(n, found) for n, mark in enumerate(marks) if (found := _SLIDE.match(mark.text))]
    if len(numbered) < 3 or len({found[2] for _, found in numbered}) > 1:
        return
    at = [n for n, _ in numbered]
    around = [(a, b) for _, a, b in walked.spans if a <= at[0] and b > at[-1]]
    first, last = min(around, key=lambda span: span[1] - span[0], default=(0, len(marks)))
    outside = [mark for n, mark in enumerate(marks) if not first <= n < last]
    if sum(mark.chars for mark in outside if mark.found) < ENOUGH:
        return
    group = Group("picture")
    for mark in marks[first:last]:
        mark.flag = Flag(group, mark.flag)


def _region(walked: Walked, total: int) -> tuple[int, int]:
    """First and last line + 1 of the smallest element that holds the found text."""
    sums = [0]
    for mark in walked.marks:
        sums.append(sums[-1] + (mark.chars if mark.found and not mark.foreign else 0))
    best = (0, len(walked.marks))
    for _, first, last in walked.spans:
        if sums[last] - sums[first] >= HOLDS * sums[-1] and last - first < best[1] - best[0]:
            best = (first, last)
    return best


def _confidence(
    marks: Sequence[Mark], kept: Sequence[Mark], total: int, way: str
) -> tuple[float, str]:
    """How sure the choice is, 0 to 1, and the evidence in words."""
    size = sum(mark.chars for mark in kept)
    linked = sum(mark.linked for mark in kept)
    both = sum(mark.chars for mark in kept if mark.found)
    prose = sum(mark.chars for mark in marks if _is_text(mark))
    held = sum(mark.chars for mark in kept if _is_text(mark))
    agreement = both / max(size, total, 1)
    links = linked / max(size, 1)
    share = held / prose if prose else 0.0
    length = min(1.0, size / ENOUGH)
    score = agreement * (1 - min(1.0, 2 * links)) * (0.4 + 0.6 * length) * (0.5 + 0.5 * share)
    if way == PROSE_WAY:
        score *= 0.5
    evidence = (
        f"found by {way}; agreement {agreement:.2f}, letters in links {links:.2f}, "
        f"share of the page's prose {share:.2f}, {size} letters"
    )
    return round(min(1.0, score), 2), evidence


def _is_linked_heading(mark: Mark) -> bool:
    """A heading that leads to another page, as over a teaser."""
    return mark.tag in HEADINGS and mark.chars > 0 and mark.linked >= 0.9 * mark.chars


def _is_text(mark: Mark) -> bool:
    """A line that might be text by its structure."""
    return mark.foreign is None and mark.chars >= WORDY and mark.linked <= 0.3 * mark.chars
