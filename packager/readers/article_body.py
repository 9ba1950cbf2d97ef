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
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree
from lxml.html import HtmlElement

from packager.readers.article_lines import Flag, Group, Mark, Walked
from packager.readers.article_title import HEADINGS, is_title, solid
from packager.readers.structured import Stated

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
    r"(?:^|[/._?=-])(?:newsletters?|subscri(?:be|ption)s?|sign-?up|opt-in|email-forms?|donat(?:e|ion)s?|"
    r"abo|abonnements?|login|register|registrieren|suscri(?:be|pcion)\w*)(?:$|[/._?&=#-])",
    re.IGNORECASE,
)
_SLIDE = re.compile(r"\s*(\d{1,3})\s?/\s?(\d{1,3})\b(?!\s?/)")
_CLOCK = re.compile(r"\b\d{1,2}[:h.]\d{2}\b")
SHINGLE = 12
"""Letters of one probe: shorter ones meet by chance, longer ones fail at small differences."""
PROBES = 6
ARTICLE_BODY = 400
"""Characters from which an `articleBody` is more than a teaser."""
HOLDS = 0.85
"""Share of the found letters that the body's element must hold; the rest is decks and boxes."""
VOID = 0.3
"""Share of the found letters inside a flagged element from which its name is taken for a lie."""
LINK_HEAVY = 0.5
"""Share of letters in links from which a line is a link, not prose."""
PROSE_WAY = "the page's prose"
LINES = 20_000
"""Lines of a page up to which trafilatura is asked (7 s for as many); the longest gold page has
555."""
DEEP = 200
"""Levels up to which trafilatura is asked: 1,500 tables inside each other keep it busy for 17 s."""
PROSE = 60
"""Letters from which a line with the marks of a sentence counts as prose when a text is looked
for; it decides where to look, never what to keep."""
LEAD = 40
"""Letters in which a line and the page's description must agree to be the same lead."""
ENOUGH = 400
"""Letters from which the length of a text says nothing against it."""
TEASERS = 4
"""Headings that are links, between first and last line, from which a page looks like a list of
other pages."""
WORDY = 25
"""Letters from which a line counts as text when the page is weighed."""
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


def is_prose(mark: Mark) -> bool:
    """A line that reads like sentences and is no link."""
    return (
        mark.chars >= PROSE
        and mark.linked <= 0.3 * mark.chars
        and _SENTENCE.search(mark.text) is not None
    )


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
    frame = _Frame(solid(title), tuple(solid(one)[:LEAD] for one in stated.descriptions))
    start, body, end = _edges(marks, first, last, frame)
    end = _trimmed(marks, body, _appended(walked, start, body, end))
    kept: list[Mark] = []
    cut: list[Mark] = []
    for n, mark in enumerate(marks[start:end], start):
        away = not _leads(mark, frame) if n < body else _is_foreign(mark)
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


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the page says of itself that stands around its text: title and descriptions, solid."""

    title: str
    descriptions: tuple[str, ...]


def _edges(marks: Sequence[Mark], first: int, last: int, frame: _Frame) -> tuple[int, int, int]:
    """Where decks, text and what follows begin: the text from its first to its last found line,
    moved out over lines that stand as its own paragraphs do; never before the title."""
    hits = [n for n in range(first, last) if marks[n].found and not _is_foreign(marks[n])]
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
        lead = min((n for n in range(at + 1, start) if _leads(marks[n], frame)), default=start)
    start = max(start, next((n for n in range(start, end) if not _heads(marks[n])), start))
    return min(lead, start), start, _trimmed(marks, start, end)


def _trimmed(marks: Sequence[Mark], start: int, end: int) -> int:
    """The end without lines that no text ends with."""
    while end > start + 1 and _trails(marks[end - 1]):
        end -= 1
    return end


def around_title(marks: Sequence[Mark], chosen: Chosen, title: str) -> list[Mark]:
    """The lines at the title that are not the text: the two above it, those down to the text,
    or to its second paragraph, as a lead may stand above them."""
    own = {id(mark) for mark in chosen.kept}
    body = [n for n, mark in enumerate(marks) if id(mark) in own and is_prose(mark)]
    at = _title_at(marks, body, solid(title)) if body else None
    if at is None:
        return []
    last = ([n for n in body if n > at] or [at])[:2][-1]
    return [mark for mark in marks[max(0, at - 2) : last] if id(mark) not in own]


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
    return bool(stamp or label) or _is_foreign(mark) or not mark.text.strip()


def _appended(walked: Walked, start: int, body: int, end: int) -> int:
    """Where a heading opens a part that other articles fill, with little of the text below."""
    marks = walked.marks
    found = [mark.chars if mark.found else 0 for mark in marks[body:end]]
    total, passed = sum(found), 0
    for n, mark in enumerate(marks[body:end], body):
        passed += found[n - body]
        if passed < 0.5 * total or (
            passed < 0.85 * total and not _are_teasers(marks[body:n], marks[n:end])
        ):
            continue
        opens = mark.tag[:1] == "h" or not is_prose(mark)
        if not opens or len(mark.text) > 80:
            continue
        if _APPENDED.match(mark.text.lstrip(" \xa0*>-–—»")) and not _resumes(marks, n, end):
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


def _leads(mark: Mark, frame: _Frame) -> bool:
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
    """A line that leads to a form of the site: for letters of news, for money, for an account."""
    return any(run[1] and _SERVICE.search(run[1][8:]) for run in mark.runs)


def _belongs(mark: Mark, home: etree._Element | None) -> bool:
    """A paragraph beside the text's paragraphs, of the same make."""
    return (
        mark.tag in ("p", "blockquote")
        and mark.foreign is None
        and mark.element.getparent() is home
        and mark.linked <= LINK_HEAVY * mark.chars
    )


def _is_foreign(mark: Mark) -> bool:
    """Whether a line between the edges is no part of the text."""
    if mark.foreign is not None or _is_data(mark.text):
        return True
    if not mark.found:
        return mark.linked > LINK_HEAVY * mark.chars
    if mark.linked >= 0.9 * mark.chars:
        return mark.chars > 0 and mark.tag not in HEADINGS
    if mark.linked >= 0.5 * mark.chars and _SEE_ALSO.match(mark.text):
        return True
    return mark.tag == "p" and _is_pointer(mark)


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
