"""Where the text of a page begins and ends among its lines, and which line between is no text.

Accepts lines of which those of the text are marked as found; decides by where a line stands, by
what its structure says, by links. Length never decides about a line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from packager.readers.article_frame import is_day
from packager.readers.article_lines import Mark, Walked
from packager.readers.article_title import HEADINGS, is_title, solid

_SENTENCE = re.compile(r"[.!?…。！？।؟」”’\"')]\s*$|[.!?。！？।؟]\s")
_SEE_ALSO = re.compile(
    r"(?:also |please |click here to )?(?:read|see|watch|more|related|recommended|don['’]t miss|"
    r"lesen sie|lies|mehr|siehe|weitere|à lire|lire|voir|lea|leer|ver|véase|leia|veja|leggi|"
    r"читайте|смотрите|关联阅读|相关|関連|관련|اقرأ)\b[^:.]{0,40}[:.]",
    re.IGNORECASE,
)
_APPENDED = re.compile(
    r"(?:you (?:may|might) (?:also|be)\b|(?:our )?latest (?:stories|news)|related\b|"
    r"more (?:from|on|stories|news|in)\b|read (?:more|next)|see also|top stories|"
    r"most (?:read|popular)|"
    r"recommended|trending|popular (?:posts|stories)|share (?:this|on)|tags?\b|filed under|"
    r"(?:leave|post|add) a (?:comment|reply)|comments?\b|sponsored|advert|join (?:or|our)|"
    r"sign (?:in|up)\b|"
    r"subscribe|newsletter|tell us what|about the authors?|"
    r"das könnte sie auch|mehr zum thema|mehr aus|weitere (?:artikel|beiträge|meldungen|themen)|"
    r"lesen sie (?:auch|mehr)|verwandte|kommentare?\b|ähnliche|"
    r"à lire aussi|sur le même (?:sujet|thème)|articles? (?:liés|similaires)|commentaires?\b|"
    r"te puede interesar|(?:noticias|artículos) relacionad|comentarios\b|más (?:leídas|noticias)|"
    r"leia (?:também|mais)|comentários\b|potrebbe interessarti|leggi anche|"
    r"читайте также|по теме|相关|关联|関連|관련|주요뉴스)",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"(?:^|[/._?=-])(?:newsletters?|subscri(?:be|ption)s?|opt-in|email-forms?|abo|abonnements?|"
    r"suscri(?:be|pcion)\w*)(?:$|[/._?&=#-])",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b\d{1,2}[:h.]\d{2}\b")
LINK_HEAVY = 0.5
"""Share of letters in links from which a line is a link, not prose."""
PROSE = 60
"""Letters from which a line with the marks of a sentence counts as prose when a text is looked
for; it decides where to look, never what to keep."""
LEAD = 40
"""Letters in which a line and the page's description must agree to be the same lead."""
WORDY = 25
"""Letters from which a line counts as text when the page is weighed."""


def is_prose(mark: Mark) -> bool:
    """A line that reads like sentences and is no link."""
    return (
        mark.chars >= PROSE
        and mark.linked <= 0.3 * mark.chars
        and _SENTENCE.search(mark.text) is not None
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """What the page says of itself that stands around its text: title and descriptions, solid."""

    title: str
    descriptions: tuple[str, ...]


def edges(marks: Sequence[Mark], first: int, last: int, frame: Frame) -> tuple[int, int, int]:
    """Where decks, text and what follows begin: the text from its first to its last found line,
    moved out over lines that stand as its own paragraphs do; never before the title."""
    hits = [n for n in range(first, last) if marks[n].found and not is_foreign(marks[n])]
    if not hits:
        return first, first, last
    parents: Counter[etree._Element | None] = Counter()
    for n in hits:
        parents[marks[n].element.getparent()] += 1 + marks[n].chars // 80
    home = parents.most_common(1)[0][0]
    start, end = hits[0], hits[-1] + 1
    while start > first and _belongs(marks[start - 1], home):
        start -= 1
    while end < last and _belongs(marks[end], home):
        end += 1
    at = _title_at(marks, hits, frame.title)
    lead = start
    if at is not None and start <= at:
        lead = start = at + 1
    elif at is not None:
        lead = min((n for n in range(at + 1, start) if leads(marks[n], frame)), default=start)
    start = max(start, next((n for n in range(start, end) if not _heads(marks[n])), start))
    return min(lead, start), start, trimmed(marks, start, end)


def trimmed(marks: Sequence[Mark], start: int, end: int) -> int:
    """The end without lines that no text ends with."""
    while end > start + 1 and _trails(marks[end - 1]):
        end -= 1
    return end


def around_title(marks: Sequence[Mark], kept: Sequence[Mark], title: str) -> list[Mark]:
    """The lines at the title that are not the text: the two above it, those down to the text,
    or to its second paragraph, as a lead may stand above them."""
    own = {id(mark) for mark in kept}
    body = [n for n, mark in enumerate(marks) if id(mark) in own and is_prose(mark)]
    at = _title_at(marks, body, solid(title)) if body else None
    if at is None:
        return []
    last = ([n for n in body if n > at] or [at])[:2][-1]
    return [mark for mark in marks[max(0, at - 2) : last] if id(mark) not in own or is_day(mark)]


def _title_at(marks: Sequence[Mark], hits: Sequence[int], title: str) -> int | None:
    """The last line that is the title and has little of the text before it."""
    if not title:
        return None
    total = sum(marks[n].chars for n in hits)
    passed, at, found = 0, None, set(hits)
    for n, mark in enumerate(marks):
        if n in found:
            if is_title(mark, title):
                at = n
                continue
            passed += mark.chars
            if passed > 0.2 * total:
                return at
        elif mark.chars < 1000 and is_title(mark, title):
            at = n
    return at


def _heads(mark: Mark) -> bool:
    """A line that no text begins with: the clock time of its publication, furniture."""
    stamp = len(mark.text.split()) <= 14 and _CLOCK.search(mark.text) and not is_prose(mark)
    label = mark.chars <= LEAD and _APPENDED.match(mark.text) and mark.tag not in HEADINGS
    day = mark.tag not in ("p", "li", *HEADINGS) and is_day(mark)
    return bool(stamp or label) or day or is_foreign(mark) or not mark.text.strip()


def appended(walked: Walked, start: int, body: int, end: int) -> int:
    """Where a heading opens a part that other articles fill, with little of the text below."""
    marks = walked.marks
    found = [mark.chars if mark.found else 0 for mark in marks[body:end]]
    total, passed = sum(found), 0
    for n, mark in enumerate(marks[body:end], body):
        passed += found[n - body]
        if passed < 0.5 * total:
            continue
        opens = mark.tag[:1] == "h" or not is_prose(mark)
        if not opens or len(mark.text) > 80:
            continue
        if not _APPENDED.match(mark.text.lstrip(" \xa0*>-–—»")) or _resumes(marks, n, end):
            continue
        if passed >= 0.85 * total or _are_teasers(marks[body:n], marks[n:end]):
            return n
    return end


def _are_teasers(text: Sequence[Mark], rest: Sequence[Mark]) -> bool:
    """Whether the lines after a text lead to other pages again and again, and none stands where
    the text's paragraphs do."""
    links = [n for n, mark in enumerate(rest) if mark.chars >= WORDY and _is_linked(mark)]
    between = [b - a for a, b in pairwise([0, *links, len(rest)])]
    homes = {mark.element.getparent() for mark in text if mark.found and is_prose(mark)}
    at_home = any(mark.found and mark.element.getparent() in homes for mark in rest)
    return len(links) >= 3 and max(between) <= 6 and not at_home


def _is_linked(mark: Mark) -> bool:
    return mark.linked >= 0.9 * mark.chars


def _resumes(marks: Sequence[Mark], at: int, end: int) -> bool:
    """Whether plain paragraphs go on beside a line that is a paragraph itself."""
    around = marks[at].element.getparent()
    return marks[at].tag == "p" and any(
        mark.found and is_prose(mark) and mark.element.getparent() is around
        for mark in marks[at + 1 : end]
    )


def leads(mark: Mark, frame: Frame) -> bool:
    """A line between title and body that opens the text: a deck, a lead, what the page's
    description repeats."""
    letters = solid(mark.text)
    told = any(one and letters.startswith(one) for one in frame.descriptions)
    if mark.chars >= LEAD and mark.tag != "figcaption" and told:
        return True
    return (
        (mark.found or (is_prose(mark) and mark.tag != "div"))
        and mark.tag != "li"
        and mark.foreign is None
        and mark.linked <= LINK_HEAVY * mark.chars
        and not _heads(mark)
    )


def _trails(mark: Mark) -> bool:
    """A line that no text ends with: a heading or announcement with nothing below it, a link,
    furniture."""
    return (
        mark.foreign is not None
        or mark.tag in HEADINGS
        or mark.linked > LINK_HEAVY * mark.chars
        or not mark.text.strip()
        or (mark.text.rstrip().endswith((":", "：")) and not is_prose(mark))
        or _serves(mark)
    )


def _serves(mark: Mark) -> bool:
    """A line that leads to a form of the site: for letters of news or for a subscription."""
    return any(run[1] and _SERVICE.search(run[1][8:]) for run in mark.runs)


def _belongs(mark: Mark, home: etree._Element | None) -> bool:
    """A paragraph beside the text's paragraphs, of the same make."""
    return (
        mark.tag in ("p", "blockquote")
        and mark.foreign is None
        and mark.element.getparent() is home
        and mark.linked <= LINK_HEAVY * mark.chars
    )


def is_foreign(mark: Mark) -> bool:
    """Whether a line between the edges is no part of the text."""
    if mark.foreign is not None or _is_data(mark.text):
        return True
    if not mark.found:
        return mark.linked > LINK_HEAVY * mark.chars
    if mark.linked >= (0.9 if _SENTENCE.search(mark.text) else 0.85) * mark.chars:
        return mark.chars > 0 and mark.tag not in HEADINGS
    if mark.linked >= 0.5 * mark.chars and _SEE_ALSO.match(mark.text):
        return True
    return mark.tag == "p" and _is_pointer(mark)


def labels_link(mark: Mark, below: Mark | None) -> bool:
    """A label that the text was found without, over nothing but a link."""
    return (
        not mark.found
        and mark.tag != "li"
        and mark.text.rstrip().endswith(":")
        and len(mark.text.split()) <= 4
        and below is not None
        and below.chars > 0
        and below.linked >= 0.9 * below.chars
        and is_foreign(below)
    )


def _is_pointer(mark: Mark) -> bool:
    """A label and after it nothing but a link to another article's title."""
    shown = [run for run in mark.runs if run[0].strip()]
    label = "".join(run[0] for run in shown if run[1] is None).strip()
    return (
        len(shown) == 2
        and bool(shown[1][1])
        and label.endswith(":")
        and len(label.split()) <= 4
        and mark.linked >= PROSE
    )


def _is_data(text: str) -> bool:
    """Values for a program that stand where a script should have read them."""
    return text.startswith(('{"', '[{"')) and text.rstrip().endswith(("}", "]"))
