"""What a news agency puts around a text: dateline, lede, end mark, each told apart.

"Pyongyang, April 7 (KCNA) -- The following is the speech ...:" is a dateline and a lede; both
are the agency's words, so they are kept and printed as its frame, never as the speech.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from packager.dates import MONTH_NAMES, MONTHS, Proof
from packager.readers.blocks import Content, make_blocks, split_content, text_of
from packager.readers.headline import Headline, merge, read_announcement
from packager.speech import Block, BlockKind, Cut

JUCHE = 1911
"""A Juche year plus this is the Gregorian year: Juche 1 is 1912."""

_DATELINE = re.compile(
    r"(?P<place>[^\W\d_][^,\n()]{1,40}?),\s+"
    r"(?:(?P<month>[A-Z][a-z]{2,8})\.?\s+(?P<day>\d{1,2})|(?P<day2>\d{1,2})\s+(?P<month2>[A-Z][a-z]{2,8}))"
    r"(?:,?\s+Juche\s*(?P<juche>\d{1,3}))?"
    r"(?:,?\s*\(?(?P<year>\d{4})\)?)?"
    r"\s*\((?P<agency>[^()\n]{2,40})\)\s*(?:--+|—|–|-)\s*"
)
_KOREAN_DATELINE = re.compile(
    r"[(（【\[]?(?P<place>[가-힣]{2,10})\s*(?P<month>\d{1,2})월\s*(?P<day>\d{1,2})일\s*발\s*"
    r"(?P<agency>[가-힣]{2,20}통신)[)）】\]]?\s*(?:--+|—|–|-)?\s*"
)
_JUCHE_DAY = re.compile(r"Juche\s*(\d{1,3})\s*\.\s*(\d{1,2})\s*\.\s*(\d{1,2})")
_END_MARK = re.compile(
    r"(?:[-–—]\s?0\s?[-–—]|[(/\[](?:end|끝)[)/\]]|[<＜]끝[>＞])\Z", re.IGNORECASE
)
_ENDS = ("-", "–", "—", ")", "/", "]", ">", "＞")
"""What end marks end with; the longest has five characters."""

_FOLLOWS = re.compile(
    r"^(?:the )?following (?:is|are)\b|\bthe following (?:[\w-]+ ){0,2}"
    r"(?:statement|speech|address|letter|message|remarks|report|greetings|reply|appeal)\b|"
    r"\bfull text of\b",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(
    r"\b(?:as follows|reads?|said|say|continued|went on|full text|text of)\b", re.IGNORECASE
)
LEDE_REACH = 8
"""Paragraphs after the dateline in which the sentence that introduces the text is looked for."""


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline taken apart; `size` is how many characters of the paragraph it takes."""

    place: str
    month: int
    day: int
    year: int | None
    agency: str
    size: int

    @property
    def proof(self) -> Proof:
        """What the dateline proves about the order of day and month."""
        named = f"the dateline ({MONTH_NAMES[self.month - 1]} {self.day})"
        return Proof(self.month, self.day, named, self.year)


def read_dateline(text: str) -> Dateline | None:
    """The dateline that a paragraph begins with, or None.

    >>> line = read_dateline("Pyongyang, April 7 (KCNA) -- The following is")
    >>> line.place, line.month, line.day, line.agency
    ('Pyongyang', 4, 7, 'KCNA')
    """
    if korean := _KOREAN_DATELINE.match(text):
        day, number = int(korean["day"]), int(korean["month"])
        if not (1 <= number <= 12 and 1 <= day <= 31):
            return None
        return Dateline(korean["place"], number, day, None, korean["agency"], korean.end())
    match = _DATELINE.match(text)
    if not match:
        return None
    month = MONTHS.get((match["month"] or match["month2"]).lower())
    day = int(match["day"] or match["day2"])
    if not month or not 1 <= day <= 31:
        return None
    year = int(match["year"]) if match["year"] else None
    if year is None and match["juche"]:
        year = int(match["juche"]) + JUCHE
    return Dateline(match["place"], month, day, year, match["agency"], match.end())


def end_mark(text: str) -> str | None:
    """The mark that closes a text of KCNA and of agencies that write like it, or None.

    >>> end_mark("Good evening. -0-"), end_mark("Good evening.")
    ('-0-', None)
    """
    text = text.rstrip()
    found = _END_MARK.search(text, max(0, len(text) - 5)) if text.endswith(_ENDS) else None
    return found[0] if found else None


def take_end_mark(paragraphs: list[Content]) -> list[Cut]:
    """Take the end mark off the last paragraph, and that where it is nothing else; the record."""
    text = text_of(paragraphs[-1]).rstrip() if paragraphs else ""
    mark = end_mark(text)
    if mark is None:
        return []
    rest, _ = split_content(paragraphs[-1], len(text.removesuffix(mark).rstrip()))
    paragraphs[-1:] = [rest] if rest else []
    return [Cut.of("end mark", mark)]


def juche_proof(text: str) -> Proof | None:
    """The day that a date in Juche years states, a second proof of the order of numbers.

    >>> juche_proof("[Juche113.1.2.]")
    Proof(month=1, day=2, named='the Juche date (Juche 113.1.2)', year=2024)
    """
    if match := _JUCHE_DAY.search(text):
        year, month, day = (int(group) for group in match.groups())
        try:
            dt.date(year + JUCHE, month, day)
        except ValueError:
            return None
        return Proof(month, day, f"the Juche date (Juche {year}.{month}.{day})", year + JUCHE)
    return None


@dataclass(frozen=True, slots=True)
class Framed:
    """The paragraphs of a page as blocks, with what dateline and lede told."""

    blocks: tuple[Block, ...]
    dateline: Dateline | None
    announced: Headline
    introduced: bool


def read_framed(paragraphs: list[Content]) -> Framed:
    """Blocks of the paragraphs between the page's head and its end mark.

    The dateline is taken off the first paragraph. A rest that announces the text is the lede;
    so are the paragraphs up to one that ends in a colon and announces words that follow ("He
    continued to say:"), when they come before any salutation.
    """
    if not paragraphs:
        return Framed((), None, Headline(), False)
    dateline = read_dateline(text_of(paragraphs[0]))
    frame: list[Block] = []
    rest = list(paragraphs)
    if dateline:
        mark, first = split_content(paragraphs[0], dateline.size)
        frame.append(Block(BlockKind.DATELINE, mark))
        rest = [first, *paragraphs[1:]] if first else paragraphs[1:]
    size = _lede_size(rest, dated=dateline is not None)
    lede, body = rest[:size], rest[size:]
    frame += [Block(BlockKind.LEDE, content) for content in lede]
    announced = Headline()
    for content in lede:
        announced = merge(announced, read_announcement(text_of(content)))
    return Framed((*frame, *make_blocks(body)), dateline, announced, bool(lede))


def _lede_size(paragraphs: list[Content], *, dated: bool) -> int:
    """How many paragraphs introduce the text; 0 where the text begins at once."""
    texts = [text_of(content).rstrip() for content in paragraphs[: LEDE_REACH + 1]]
    if not texts or len(paragraphs) < 2:
        return 0
    first = texts[0]
    if _FOLLOWS.search(first) and (dated or first.endswith((":", ": -", "."))):
        return 1
    if not dated:
        return 0
    if first.endswith(":"):
        return 1
    for n, text in enumerate(texts[:LEDE_REACH]):
        if text.endswith(":") and _ANNOUNCES.search(text[-160:]) and len(paragraphs) > n + 1:
            return n + 1
        if text.endswith(",") and len(text.split()) <= 12:
            return 0
    return 0
