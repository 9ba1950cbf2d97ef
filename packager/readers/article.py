"""Any other saved page that holds an article: by its site's profile, else by what it shows.

Accepts HTML of any site; it is the last reader for HTML. A profile (`profiles`) names title,
body, day and speaker of a known site. Without one the page's own statements for machines
(`structured`) come first, then the text is found and kept whole (`article_body`). The finding
`not-sure` says which way was taken and how sure it is where that is little. Refuses pages in
which no text at all can be found. Nothing is fetched or run; no page leaves a trace on the next.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from lxml.html import HtmlElement

from packager.dates import Date, one_day
from packager.findings import Report
from packager.readers import profiles, saved
from packager.readers.agency import end_mark, read_framed
from packager.readers.article_blocks import Built, build
from packager.readers.article_body import Chosen, choose, locate
from packager.readers.article_day import day_of, written_date, written_place
from packager.readers.article_edges import around_title
from packager.readers.article_frame import visible_day
from packager.readers.article_lines import ATTRIBUTES, Mark, overloaded, parse, walk
from packager.readers.article_pictures import pictures_in, without_captions
from packager.readers.article_rest import cuts_of, rest_of
from packager.readers.article_title import find_title, stem_of, without_title
from packager.readers.beside import based
from packager.readers.headline import Headline, find_name, merge, read_headline
from packager.readers.headline_european import read_european
from packager.readers.language import is_language
from packager.readers.page import read_page
from packager.readers.shown import Shown, take
from packager.readers.source import Facts, Source, clean_references, tell_dropped
from packager.readers.structured import Stated, read_stated
from packager.speech import Block, Cut, Picture, Provenance, Speech, make_id

VERSION = "1"
SURE = 0.6
"""Confidence below which someone should look: no gold page that comes out below F1 0.5 is above
it (`tests/benchmarks/extraction.py`)."""

_HTML = re.compile(r"<(?:!doctype html|html|head|body|div|p|h1|table|article)\b", re.IGNORECASE)


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
    pictures: tuple[Picture, ...] = ()


Taker = Callable[[Sequence[Shown], Sequence[Block]], tuple[tuple[Picture, ...], list[Cut]]]
"""`shown.take` for one page."""


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
        address = facts.url or stated.url
        taker = partial(take, source=source, base=based(root, address), report=report)
        taken = _by_profile(root, stated, facts, source, report, taker)
        taken = taken or _by_page(root, stated, source, taker)
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
    root: HtmlElement,
    stated: Stated,
    facts: Facts,
    source: Source,
    report: Report,
    taker: Taker,
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
    pictures, left = taker(pictures_in(marks, kept, None), built.framed.blocks)
    before, between, after = rest_of(root, found.body)
    if found.title:
        before = [text.replace(found.title, "", 1) for text in before]
    foreign = without_captions((mark for mark in marks if mark.foreign), pictures)
    inside: list[Mark | str] = [*between, *foreign]
    cuts = cuts_of(before, inside, [*ended, *after], [*left, *built.cuts])
    return Taken(
        title=found.title or find_title(stated, (), source),
        built=built,
        cuts=cuts,
        confidence=1.0,
        way=f"by the profile {profile.name}",
        date=written_date(found.date, profile),
        speaker=found.speaker,
        place=written_place(found.date),
        outlet=profile.outlet,
        language=profile.language,
        pictures=pictures,
    )


def _by_page(root: HtmlElement, stated: Stated, source: Source, taker: Taker) -> Taken | None:
    """The text where the page's statements and trafilatura find it, kept whole."""
    walked = walk(root, stated.language)
    way = locate(root, stated, walked)
    title = find_title(stated, walked.marks, source)
    chosen = choose(walked, way, title, stated)
    if chosen is None:
        return None
    kept, ended = _until_end(chosen.kept, ())
    built = build(kept)
    pictures, left = taker(pictures_in(walked.marks, kept, title), built.framed.blocks)
    before = without_captions(without_title(chosen.before, title), pictures)
    inside = without_captions(chosen.cut, pictures)
    cuts = cuts_of(before, inside, [*ended, *chosen.after], [*left, *built.cuts])
    around = around_title(walked.marks, chosen.kept, title)
    return Taken(
        title,
        built,
        cuts,
        _confidence(stated, chosen),
        chosen.evidence,
        place=_seat(stated, around),
        seen=_seen(around),
        pictures=pictures,
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
    title = page.meta.get("og:title") or page.meta.get("title") or stem_of(source)
    built = Built(read_framed(kept), ())
    return Taken(title, built, (cut,) if cut.words else (), 0.2, "too deeply nested for a tree")


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


def _author(stated: Stated, headline: Headline) -> str | None:
    """Whose words an article is; a speech is not by the one who reports it."""
    return None if headline.kind else stated.person


def _speech(source: Source, stated: Stated, taken: Taken, facts: Facts) -> Speech:
    framed = taken.built.framed
    own = merge(read_headline(taken.title), read_european(taken.title))
    headline = merge(own, framed.announced)
    words = "\n".join(block.text for block in framed.blocks)
    date = day_of(stated, taken.built, taken.title, taken.date, taken.seen)
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
        pictures=taken.pictures,
        provenance=Provenance(
            path=source.name,
            sha256=source.sha256,
            reader="article",
            reader_version=VERSION,
            outlet=taken.outlet
            or stated.outlet
            or (framed.dateline.agency if framed.dateline else None),
            url=facts.url or stated.url,
            captured=facts.captured,
            cut=taken.cuts,
        ),
    )
