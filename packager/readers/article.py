"""Any other saved page that holds an article: by its site's profile, else by what it shows.

Accepts HTML of any site; it is the last reader for HTML. A profile (`profiles`) names title,
body, day and speaker of a known site. Without one the page's own statements for machines
(`structured`) come first, then the text is found and kept whole (`article_body`). The finding
`not-sure` says which way was taken and how sure it is where that is little. Refuses pages in
which no text at all can be found. Nothing is fetched or run; no page leaves a trace on the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from lxml.html import HtmlElement

from packager.dates import Date, make_day, one_day, read_date
from packager.findings import Report
from packager.readers import profiles, saved
from packager.readers.agency import Dateline, end_mark, juche_proof, read_framed
from packager.readers.article_blocks import Built, build
from packager.readers.article_body import Chosen, around_title, choose, is_title, locate, solid
from packager.readers.article_frame import Stand, visible_day
from packager.readers.article_lines import ATTRIBUTES, Mark, overloaded, parse, walk
from packager.readers.article_rest import cuts_of, rest_of
from packager.readers.headline import Headline, find_name, merge, read_headline
from packager.readers.headline_european import read_european
from packager.readers.language import is_language
from packager.readers.page import read_page
from packager.readers.runs import squeeze
from packager.readers.source import Facts, Source, clean_references, tell_dropped
from packager.readers.structured import Stated, read_stated
from packager.speech import Cut, Provenance, Speech, make_id

VERSION = "1"
SURE = 0.6
"""Confidence below which someone should look: no gold page that comes out below F1 0.5 is above
it (`tests/benchmarks/extraction.py`)."""

_HTML = re.compile(r"<(?:!doctype html|html|head|body|div|p|h1|table|article)\b", re.IGNORECASE)
_NEAR = 7
"""Days between a dateline and the stated publication that still make one event."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken from a page, by whichever way."""

    title: str
    built: Built
    cuts: tuple[Cut, ...]
    confidence: float
    way: str
    date: Date | None = None
    speaker: str | None = None
    place: str | None = None
    outlet: str | None = None
    language: str | None = None
    seen: Date | None = None


def recognise(text: str) -> str | None:
    """Why this text is a page of the form, or None."""
    return "it is an HTML page" if _HTML.search(text[:20_000]) else None


def read(source: Source, report: Report) -> Iterator[Speech]:
    """The text of a saved page as one speech; none, with a finding, where none can be found."""
    text, dropped = clean_references(saved.without_frame(source.decoded.text))
    if dropped:
        tell_dropped(dropped, source, report)
    facts = _facts(source)
    if overloaded(text):
        report.refuse(
            "unreadable",
            source.name,
            f"a tag of more than {ATTRIBUTES:,} attributes",
            "no browser saves that; leave the page out",
        )
        return
    root = parse(text)
    stated = read_stated(root) if root is not None else Stated()
    taken = None
    if root is not None:
        taken = _by_profile(root, stated, facts, source, report) or _by_page(root, stated, source)
    else:
        taken = _by_stream(text, source)
    if taken is None or not is_language(_sample(taken.built)):
        report.refuse(
            "no-speech",
            source.name,
            "no text could be found on the page",
            "open it and look; a profile for its site can say where the text stands",
        )
        return
    if taken.confidence < SURE:
        report.warn(
            "not-sure",
            source.name,
            f"confidence {taken.confidence:.2f}: {taken.way}",
            "compare the text with the page; a profile for its site makes it sure",
        )
    else:
        report.detail("way-taken", source.name, f"confidence {taken.confidence:.2f}: {taken.way}")
    yield _speech(source, stated, taken, facts)


def _facts(source: Source) -> Facts:
    """What a container says of the page, completed by the page's own marks of its saving."""
    own = saved.facts_of(source.decoded.text)
    return Facts(source.facts.url or own.url, source.facts.captured or own.captured)


def _sample(built: Built) -> str:
    """Enough of a text to see whether it is language."""
    return " ".join(block.text for block in built.framed.blocks[:20])[:1000]


# --- the three ways ---------------------------------------------------------------------------


def _by_profile(
    root: HtmlElement, stated: Stated, facts: Facts, source: Source, report: Report
) -> Taken | None:
    """The text where the site's profile says that it stands; None where it is not there."""
    profile, wrong = profiles.profile_of(facts.url or stated.url, source.path)
    for message in wrong:
        report.warn("profile-wrong", source.name, message, "correct the profile or remove it")
    found = profiles.apply(profile, root) if profile else None
    if profile is None or found is None:
        return None
    marks = [
        mark
        for element in found.body
        for mark in walk(element, profile.language or stated.language, found.strip).marks
    ]
    kept = [mark for mark in marks if mark.foreign is None]
    kept, ended = _until_end(kept, found.end)
    built = build(kept)
    if not built.framed.blocks:
        return None
    before, between, after = rest_of(root, found.body)
    if found.title:
        before = [text.replace(found.title, "", 1) for text in before]
    inside: list[Mark | str] = [*between, *(mark for mark in marks if mark.foreign)]
    cuts = cuts_of(before, inside, [*ended, *after], built.cuts)
    return Taken(
        title=found.title or find_title(stated, (), source),
        built=built,
        cuts=cuts,
        confidence=1.0,
        way=f"by the profile {profile.name}",
        date=_written_date(found.date, profile),
        speaker=found.speaker,
        place=_written_place(found.date),
        outlet=profile.outlet,
        language=profile.language,
    )


def _by_page(root: HtmlElement, stated: Stated, source: Source) -> Taken | None:
    """The text where the page's statements and trafilatura find it, kept whole."""
    walked = walk(root, stated.language)
    way = locate(root, stated, walked)
    title = find_title(stated, walked.marks, source)
    chosen = choose(walked, way, title, stated)
    if chosen is None:
        return None
    kept, ended = _until_end(chosen.kept, ())
    built = build(kept)
    before = _without_title(chosen.before, title)
    cuts = cuts_of(before, chosen.cut, [*ended, *chosen.after], built.cuts)
    around = around_title(walked.marks, chosen, title)
    return Taken(
        title,
        built,
        cuts,
        _confidence(stated, chosen),
        chosen.evidence,
        place=_seat(stated, around),
        seen=_seen(around),
    )


def _seen(around: Sequence[Mark]) -> Date | None:
    """The day that a line at the title shows, where the page states none for machines."""
    found = visible_day(around)
    return one_day(found.day, found.written, "shown at the title") if found else None


def _seat(stated: Stated, around: Sequence[Mark]) -> str | None:
    """The outlet's own place, where a line at the title names it alone."""
    shown = [mark.text.strip() for mark in around]
    return stated.seat if stated.seat and stated.seat in shown else None


def _by_stream(text: str, source: Source) -> Taken | None:
    """A page that becomes no tree, read as a stream of lines: all that is no furniture."""
    page = read_page(text)
    kept = [line.content for line in page.lines if not line.furniture and line.text.strip()]
    if not kept:
        return None
    dropped = [line.text for line in page.lines if line.furniture]
    cut = Cut.of("page furniture in the text", " ".join(dropped))
    title = page.meta.get("og:title") or page.meta.get("title") or _stem(source)
    built = Built(read_framed(kept), ())
    return Taken(title, built, (cut,) if cut.words else (), 0.2, "too deeply nested for a tree")


def _without_title(before: Sequence[Mark], title: str) -> list[Mark]:
    """The lines before the text without the title's own, which is kept as the title."""
    rest = list(before)
    for n in range(len(rest) - 1, -1, -1):
        if not rest[n].text or not is_title(rest[n], solid(title)):
            continue
        above = rest[n].text.removesuffix(title).strip()
        rest[n : n + 1] = [replace(rest[n], text=above)] if above and title in rest[n].text else []
        break
    return rest


def _confidence(stated: Stated, chosen: Chosen) -> float:
    """Lists, forums and shops that say so themselves are no articles."""
    return round(chosen.confidence * (0.5 if stated.listing else 1.0), 2)


def _until_end(marks: Sequence[Mark], ends: Sequence[str]) -> tuple[list[Mark], list[Mark]]:
    """The lines up to the first that ends with an end mark, and the rest."""
    for n, mark in enumerate(marks):
        text = mark.text.rstrip()
        if end_mark(text) or any(text.endswith(end) for end in ends):
            return list(marks[: n + 1]), list(marks[n + 1 :])
    return list(marks), []


# --- values -----------------------------------------------------------------------------------


def find_title(stated: Stated, marks: Sequence[Mark], source: Source) -> str:
    """The title: the heading that the page's head names too, else the only first heading, else
    what the head says, else the file's name."""
    heads = [mark for mark in marks if mark.tag in ("h1", "h2", "h3") and mark.text.strip()][:60]
    known = [
        letters for one in (*stated.titles, stated.head_title or "") if (letters := solid(one))
    ]
    rows = [_without_kicker(mark, known) for mark in heads]
    for one in known:
        for text in rows:
            if solid(text) == one:
                return _line(text)
    for one in known:
        for text in rows:
            letters = solid(text)
            if 2 * len(letters) >= len(one) and (letters in one or one in letters):
                return _line(text)
    first = [mark for mark in heads if mark.tag == "h1"]
    if len(first) == 1:
        return _line(first[0].text)
    return stated.title or _without_outlet(stated) or _stem(source)


def _without_kicker(mark: Mark, known: Sequence[str]) -> str:
    """A heading without the element at its beginning, where the page's own titles begin with
    the rest alone."""
    if not len(mark.element) or (mark.element.text or "").strip():
        return mark.text
    kicker = solid(" ".join(str(text) for text in mark.element[0].itertext()))
    rest = solid(mark.text).removeprefix(kicker)
    if kicker and rest and any(one.startswith(rest) for one in known):
        return mark.text[len(_kept_of(mark.text, kicker)) :]
    return mark.text


def _kept_of(text: str, letters: str) -> str:
    """The beginning of a text that holds these letters."""
    end = 0
    while end < len(text) and len(solid(text[:end])) < len(letters):
        end += 1
    return text[:end]


def _line(text: str) -> str:
    return squeeze(text.replace("\n", " "))


def _without_outlet(stated: Stated) -> str | None:
    """The head's title without the name of the site at its end."""
    title = stated.head_title
    if title and stated.outlet:
        title = re.sub(rf"\s*[-|–—·:]\s*{re.escape(stated.outlet)}\s*$", "", title) or title
    return title


def _stem(source: Source) -> str:
    stem = PurePath(source.name.rsplit("#", 1)[-1]).stem
    return " ".join(re.split(r"[\s_-]+", stem)).strip() or source.name


def _written_date(written: str | None, profile: profiles.Profile) -> Date | None:
    """The day that a profile's element states, in the way that the profile says it is written."""
    if not written:
        return None
    numbers = re.search(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", written)
    if profile.day_first and numbers:
        day = make_day(int(numbers[3]), int(numbers[2]), int(numbers[1]))
        return one_day(day, written, "day first: said by the profile") if day else None
    proof = juche_proof(written)
    if proof and proof.year:
        day = make_day(proof.year, proof.month, proof.day)
        return one_day(day, written, f"the year is {proof.named}'s") if day else None
    for piece in (written, written[:10]):
        if date := read_date(piece):
            return date
    if found := re.search(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})", written):
        day = make_day(*(int(group) for group in found.groups()))
        return one_day(day, written) if day else None
    if found := re.search(r"([A-Z][a-z]{2,8})\.? (\d{1,2}), (\d{4})", written):
        return read_date(found[0].replace(".", ""))
    found = re.search(r"(\d{1,2})\.?\s+([^\W\d_]+)\s+(\d{4})", written)
    if found and found[2].lower() in profile.months:
        month = profile.months.index(found[2].lower()) + 1
        day = make_day(int(found[3]), month, int(found[1]))
        return one_day(day, written) if day else None
    return None


def _written_place(written: str | None) -> str | None:
    """The place of "Marrowby, 14 March 2019"."""
    found = re.match(r"([^\W\d][^,\d|]{1,40}), ?\d", written or "")
    return found[1] if found else None


def _date(stated: Stated, taken: Taken) -> Date | None:
    """The day over the words, else the profile's, the stated one, the one that is shown; a
    dateline within a week is the speech's own day."""
    date = taken.date or (read_date(stated.date) if stated.date else None)
    if taken.seen and (date is None or (stated.weak and taken.seen.earliest < date.earliest)):
        date = taken.seen
    if own := _own_day(date, taken.built.stand):
        return own
    dateline = taken.built.framed.dateline
    if dateline is None:
        return date
    words = "\n".join(block.text for block in taken.built.framed.blocks)
    proof = juche_proof(f"{taken.title}\n{words}")
    if date is None and proof and proof.year:
        made = make_day(proof.year, dateline.month, dateline.day)
        return one_day(made, _shown(dateline), f"the year is {proof.named}'s") if made else None
    if date is None or not date.exact:
        made = make_day(dateline.year, dateline.month, dateline.day) if dateline.year else None
        return one_day(made, _shown(dateline), None) if made else date
    return _nearest(date, dateline)


def _own_day(date: Date | None, stand: Stand) -> Date | None:
    """The day over the words: with the name of the act it is sure, else only near the page's."""
    if stand.day is None:
        return None
    page = make_day(*map(int, date.earliest.split("-"))) if date and date.exact else None
    if page is None or page == stand.day:
        return date if page else one_day(stand.day, stand.written)
    if not stand.act and abs((page - stand.day).days) > _NEAR:
        return None
    reason = f"the day over the text; the page is of {page.isoformat()}"
    return one_day(stand.day, stand.written, reason)


def _nearest(date: Date, dateline: Dateline) -> Date:
    stated = make_day(*(int(part) for part in date.earliest.split("-")))
    assert stated  # an exact date is a day
    for year in (stated.year, stated.year - 1, stated.year + 1):
        made = make_day(year, dateline.month, dateline.day)
        if made and abs((stated - made).days) <= _NEAR:
            if made == stated:
                return date
            reason = f"the day of {dateline.proof.named}; the page is of {date.edtf}"
            return one_day(made, _shown(dateline), reason)
    return date


def _shown(dateline: Dateline) -> str:
    return dateline.proof.named.removeprefix("the dateline (").removesuffix(")")


def _author(stated: Stated, headline: Headline) -> str | None:
    """Whose words an article is; a speech is not by the one who reports it."""
    return None if headline.kind else stated.person


def _speech(source: Source, stated: Stated, taken: Taken, facts: Facts) -> Speech:
    framed = taken.built.framed
    own = merge(read_headline(taken.title), read_european(taken.title))
    headline = merge(own, framed.announced)
    words = "\n".join(block.text for block in framed.blocks)
    date = _date(stated, taken)
    return Speech(
        id=make_id(date, framed.blocks),
        title=taken.title,
        blocks=framed.blocks,
        speaker=taken.speaker or find_name(headline.speaker, words) or _author(stated, headline),
        kind=headline.kind,
        occasion=headline.occasion,
        place=taken.built.stand.place
        or (framed.dateline.place if framed.dateline else None)
        or taken.place,
        language=taken.language or stated.language,
        date=date,
        provenance=Provenance(
            path=source.name,
            sha256=source.sha256,
            reader="article",
            reader_version=VERSION,
            outlet=taken.outlet or stated.outlet,
            url=facts.url or stated.url,
            captured=facts.captured,
            cut=taken.cuts,
        ),
    )
