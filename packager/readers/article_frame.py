"""What stands around the words of a speech inside its page's text, told apart by how it is set.

A deck below the title, the line a press office begins with ("Press release of 4 May 2020 | Oslo"
and a dash), the heading of a transcript (act, place, day on lines of their own), numbers of
sections, a last note in italics. Nothing is taken away: they become the outlet's frame,
headings and notes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from packager.dates import read_date
from packager.readers.article_lines import Mark
from packager.readers.printed import ACT
from packager.readers.runs import BREAK
from packager.readers.written_days import WrittenDay, day_in

_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_DECK = re.compile(
    r"(?:^|[\s_-])(?:standfirst|dec?k|sub-?(?:title|head(?:ing|line)?|line)|strap-?line|tag-?line|"
    r"summary|abstract|excerpt|chapeau|sommaire|bajada|sumario)(?:$|[\s_-])",
    re.IGNORECASE,
)
DECK = 60
"""Letters from which a heading that is a sentence is a deck, not a heading of the text."""
_SENTENCE_END = re.compile(r"[.!?…。！？]['’”\"»)]*\s*$")

_RELEASE = re.compile(
    r"(?:press(?:e(?:mitteilung|information|erklärung|meldung))?(?: release)?|medien(?:mitteilung|"
    r"information)|(?:news|media) release|communiqué(?: de presse)?|nota de prensa|"
    r"comunicado(?: de prensa)?|comunicato(?: stampa)?)\b(?:\s*(?:nr|no|n°)\.?)?"
    r"(?:\s*\d{1,4}(?:/\d{2,4})?)?"
    r"[\s,:|]*(?:vom|of|from|du|del?|dated)?\s*",
    re.IGNORECASE,
)
_DASH = re.compile(r"\s*(?:\s[–—-]{1,2}|[–—])\s+")
_AGENCY = re.compile(r"\(([A-Z][^()\d]{1,30})\)\s*$")
_AROUND = " \t\u00a0,;|/()·."
REACH = 120
"""Characters in which the dash after a press office's line is looked for."""

_CLOCK = re.compile(
    r"\W*\d{1,2}[:.]\d{2}\s*(?:[ap]\.?\s?m\.?|uhr|h)?\s*(?P<zone>\(?(?:local|[A-Z]{2,4})\)?)?"
    r"(?: time)?\W*",
    re.IGNORECASE,
)
_DELIVERED = re.compile(r"\W*(?:as )?(?:prepared|delivered|recorded)\b.{0,40}", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|"
    r"mittwoch|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|"
    r"viernes|sábado|domingo)\b",
    re.IGNORECASE,
)
_SMALL = frozenset(
    "am an der die in im of the de la le les du des del el los sur sous upon".split()
)
LINES = 10
"""Lines of a text in which the heading of a transcript is looked for."""
SHORT = 14
"""Words of the longest line of such a heading."""

_CHANGED = re.compile(
    r"geändert|aktualisiert|update|modified|revised|mis à jour|modifi|actualiza|aggiorna|обновл",
    re.IGNORECASE,
)
_NUMERAL = re.compile(r"(?:[IVX]{1,5}|\d{1,2})[.)]?")
_ROMAN = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX".split()


@dataclass(frozen=True, slots=True)
class Stand:
    """Place and day that a frame states; `act` where it names the act (speech, remarks) too."""

    place: str | None = None
    day: dt.date | None = None
    written: str = ""
    act: bool = False


NOWHERE = Stand()
"""A frame that states nothing."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The lines of a transcript's heading, first and last + 1, and what they state."""

    start: int
    end: int
    stand: Stand


def is_deck(mark: Mark) -> bool:
    """Whether a line at the head of a text sums it up: a heading that is a whole sentence, or
    an element that is named so."""
    if mark.tag in _HEADINGS:
        return mark.chars >= DECK and bool(_SENTENCE_END.search(mark.text))
    return bool(_DECK.search(mark.element.get("class", "")[:200]))


def press_line(text: str) -> tuple[int, Stand] | None:
    """The line that a press office begins its first paragraph with: its size, what it states.

    It names a day or, in brackets, an agency; a place alone before a dash proves nothing.

    >>> size, stand = press_line("Press release of 4 May 2020 | Oslo – The mayor has said")
    >>> size, stand.place, str(stand.day)
    (37, 'Oslo', '2020-05-04')
    >>> press_line("Oslo – that was the word of the day") is None
    True
    """
    dash = _DASH.search(text[:REACH])
    if dash is None or not text[dash.end() :].strip():
        return None
    head = text[: dash.start()]
    rest = head
    if release := _RELEASE.match(rest):
        rest = rest[release.end() :]
    agency = _AGENCY.search(rest)
    if agency:
        rest = rest[: agency.start()]
    found = day_in(rest, points=True)
    if found is None and not (agency and rest.strip(_AROUND)):
        return None
    if found:
        rest = f"{rest[: found.start]} {rest[found.end :]}"
    rest = _WEEKDAY.sub(" ", rest)
    place = " ".join(rest.strip(_AROUND).split()).strip(_AROUND)
    if place and not _is_place(place):
        return None
    day, written = (found.day, found.written) if found else (None, "")
    return dash.end(), Stand(place or None, day, written)


def _is_place(text: str) -> bool:
    """A name of one to five words with capitals; it ends with no sentence's mark."""
    words = text.replace(",", " ").split()
    return 0 < len(words) <= 5 and all(
        word[0].isupper() or word.casefold() in _SMALL for word in words
    )


def opening(lines: Sequence[str]) -> Opening | None:
    """The heading of a transcript among the first lines of a text.

    >>> found = opening(["Remarks by the Pilot", "Old Pier", "May 4, 2020", "FENN: Hello."])
    >>> found.start, found.end, found.stand.place, str(found.stand.day)
    (0, 3, 'Old Pier', '2020-05-04')
    """
    for n, line in enumerate(lines[:LINES]):
        found = day_in(line) if _is_short(line) else None
        alone = found is not None and _is_alone(line, found)
        hour = _CLOCK.fullmatch(line)
        clock = hour is not None and hour["zone"] is not None
        if not (alone or clock):
            continue
        start = n
        while start > 0 and _is_short(lines[start - 1]):
            start -= 1
        end = n + 1
        while end < len(lines) and _goes_on(lines[end]):
            end += 1
        above = lines[start:n]
        act = any(ACT.search(one) for one in above)
        if end >= len(lines) or not (act or (clock and (alone or above))) or n - start > 6:
            return None
        days = [one for row in lines[start:end] if (one := day_in(row))]
        if len({one.day for one in days}) > 1:
            return None
        stand = _stand(above, line, found, days[0] if days else None)
        return Opening(start, end, replace(stand, act=act))
    return None


def _stand(
    above: Sequence[str], line: str, here: WrittenDay | None, day: WrittenDay | None
) -> Stand:
    """The place before the day in its line, or else on the line above it."""
    place = _WEEKDAY.sub(" ", line[: here.start] if here else "").strip(_AROUND)
    if not place and above:
        last = above[-1].strip(_AROUND)
        named = ACT.search(last) or _DELIVERED.fullmatch(last) or day_in(last)
        place = "" if named else last
    shown = place if place and _is_place(place) else None
    return Stand(shown, day.day if day else None, day.written if day else "")


def _is_short(line: str) -> bool:
    """A line that is no sentence, no address, no turn."""
    words = line.split()
    if not 0 < len(words) <= SHORT or line.rstrip().endswith((",", "!", "?", ":", ";", "…")):
        return False
    ended = line.rstrip().endswith(".") and not re.search(r"\b[A-Z]\.\s*$|\bm\.\s*$", line, re.I)
    return not ended and ": " not in line and not line.startswith(("(", "["))


def _is_alone(line: str, found: WrittenDay) -> bool:
    """Whether a line is a day, perhaps with its weekday, its hour, its place before it."""
    before = _WEEKDAY.sub(" ", line[: found.start]).strip(_AROUND)
    after = line[found.end :].strip(_AROUND + "-–—")
    return (not before or _is_place(before)) and (
        not after or bool(_CLOCK.fullmatch(after) or _WEEKDAY.fullmatch(after))
    )


def _goes_on(line: str) -> bool:
    """Whether a heading goes on below its day: its hour, a second day, how it was delivered."""
    found = day_in(line)
    return bool(
        _CLOCK.fullmatch(line)
        or (_is_short(line) and _DELIVERED.fullmatch(line))
        or (found and _is_alone(line, found))
    )


def section_numbers(texts: Sequence[str]) -> frozenset[int]:
    """Which lines are nothing but the numbers of sections, in their order from the first."""
    for count in (_ROMAN, [str(n) for n in range(1, 21)]):
        found: list[int] = []
        for n, text in enumerate(texts):
            mark = text.strip()
            due = count[len(found)] if len(found) < len(count) else None
            if _NUMERAL.fullmatch(mark) and mark.rstrip(".)") == due:
                found.append(n)
        if len(found) >= 2 and all(b - a > 1 for a, b in pairwise(found)):
            return frozenset(found)
    return frozenset()


def is_note(mark: Mark, before: Sequence[Mark]) -> bool:
    """Whether the last line is a note of the editors: a sentence all in italics, under a text
    that is not."""
    return (
        mark.chars >= DECK
        and _in_italics(mark)
        and bool(_SENTENCE_END.search(mark.text))
        and len(before) > 2
        and not any(_in_italics(one) for one in before[-3:])
    )


def _in_italics(mark: Mark) -> bool:
    shown = [run for run in mark.runs if run is not BREAK and run[0].strip()]
    return bool(shown) and all(run[2] for run in shown)


def is_day(mark: Mark) -> bool:
    """A line that is little more than a day, or is one whose order of numbers is open."""
    if len(mark.text.split()) > 6:
        return False
    return day_in(mark.text, points=True) is not None or (
        len(mark.text) >= 8 and read_date(mark.text) is not None
    )


def visible_day(marks: Sequence[Mark]) -> WrittenDay | None:
    """The one day that the short lines between title and text name; several prove nothing."""
    days: dict[dt.date, WrittenDay] = {}
    for mark in marks:
        if mark.tag in ("nav", "footer", "button") or len(mark.text.split()) > SHORT:
            continue
        if (found := day_in(mark.text, points=True)) and not _CHANGED.search(mark.text):
            days.setdefault(found.day, found)
    return next(iter(days.values())) if len(days) == 1 else None
