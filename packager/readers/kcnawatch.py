"""KCNA Watch article pages, saved as text or as HTML, and pages of the same form.

The marks it relies on, in page order: the day of the capture, printed twice; a label line of
agency and site; the title; `Date: DD/MM/YYYY | Source: ... | Read original version at source`;
the dateline; the text; the end mark `-0-`; `More From ...` with other articles' titles and
snippets. Only what stands between the date line and the end mark is the text; all else is
counted in `Provenance.cut`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from packager.dates import Date, Proof, near, read_date, resolve_numbers
from packager.findings import Report
from packager.readers.agency import (
    Framed,
    end_mark,
    juche_proof,
    read_dateline,
    read_framed,
    take_end_mark,
)
from packager.readers.blocks import Content, pieces_of
from packager.readers.headline import Headline, find_name, merge, read_headline
from packager.readers.page import Line, Page, read_page
from packager.readers.runs import squeeze, words_run
from packager.readers.shown import Shown, letters, shown_as, take
from packager.readers.source import Source, tell_dropped
from packager.speech import (
    BlockKind,
    Cut,
    InlineKind,
    Provenance,
    Speech,
    make_id,
)

VERSION = "1"

_DATE_LINE = re.compile(
    r"Date\s{0,9}:\s{0,9}(?P<date>[^|:]{4,40}?)\s{0,9}\|?\s{0,9}Source\s{0,9}:\s{0,9}"
    r"(?P<outlet>[^|]{0,200}?)\s{0,9}(?:\|?\s{0,9}(?P<read>Read original.*)|\|\s{0,9})?$",
    re.DOTALL,
)
_TAGS = r"(?:<[^>]{0,200}>\s{0,20}){0,6}"
_MARK = re.compile(
    rf"Date\s{{0,9}}:\s{{0,9}}{_TAGS}[^|:<>\n]{{4,40}}{_TAGS}\s{{0,9}}(?P<bar>\|)?\s{{0,20}}{_TAGS}"
    r"Source\s{0,9}:(?(bar)|(?=.{0,400}?Read original))",
    re.DOTALL,
)
"""Without the bar and the link it is the header of a plain text."""
_CAPTURED = re.compile(r"([A-Z][a-z]+ \d{1,2}, \d{4}|\d{1,2} [A-Z][a-z]+ \d{4})")
_MORE = re.compile(r"More (?:From(?: \S+){1,7}(?<![.!?,;:])|Articles)")
_HTML = re.compile(r"<(?:!doctype html|html|head|body|div|p|h1|table)\b", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:I|we|We|my|our)\b")
TITLE_REACH = 12
"""Lines above the date line in which a marked headline is looked for."""


def recognise(text: str) -> str | None:
    """Why this text is a page of the form, or None."""
    if _MARK.search(text):
        return "it has the line 'Date: ... | Source: ...' of KCNA Watch pages"
    return None


def read(source: Source, report: Report) -> Iterator[Speech]:
    """The one speech of a saved page; none, with a finding, where the page holds no speech."""
    text = source.decoded.text
    page = read_page(text) if _HTML.search(text) else _text_page(text)
    if page.active:
        held = ", ".join(
            f"{count} {name}{'' if count == 1 else 's'}"
            for name, count in sorted(page.active.items())
        )
        report.note("active-content", source.name, f"left out and never run or fetched: {held}")
    if page.dropped:
        tell_dropped(page.dropped, source, report)
    parts = _parts(page)
    if parts is None:
        report.refuse(
            "unknown-form",
            source.name,
            "the line 'Date: ... | Source: ...' could not be found in the text",
            "look whether the page was saved whole",
        )
        return
    if not parts.body:
        report.refuse("no-speech", source.name, "a title and no text below it")
        return
    parts = replace(parts, title=parts.title or PurePath(source.name).stem)
    framed = read_framed(list(parts.body))
    headline = merge(read_headline(parts.title), framed.announced)
    if not _is_speech(headline, framed):
        report.refuse(
            "no-speech",
            source.name,
            f"an article, no speech: “{parts.title}”",
        )
        return
    if not parts.ended:
        report.warn(
            "no-end-mark",
            source.name,
            "the end mark -0- is missing; the text was taken up to "
            + ("the list 'More From'" if parts.more else "the end of the page"),
            "look at its last words",
        )
    yield _speech(source, page, parts, framed, headline, report)


@dataclass(frozen=True)
class _Parts:
    """A page taken apart: title, the date line's values, the text, what was cut.

    `link` is the address behind "Read original version at source".
    """

    title: str
    date: str
    outlet: str | None
    link: str | None
    captured: str | None
    body: tuple[Content, ...]
    cuts: tuple[Cut, ...]
    shown: tuple[Shown, ...]
    ended: bool
    more: bool


def _text_page(text: str) -> Page:
    """Saved text as a page: one line a line, nothing known but the words."""
    lines = [Line(squeeze(line)) for line in text.split("\n") if line.strip()]
    return Page(tuple(lines), {}, Counter())


def _parts(page: Page) -> _Parts | None:
    lines = _with_date_line(page.lines)
    at = next((n for n, line in enumerate(lines) if _DATE_LINE.search(line.text)), None)
    match = _DATE_LINE.search(lines[at].text) if at is not None else None
    if at is None or match is None:
        return None
    date_line = lines[at]
    title_at = _title_line(lines, at, page)
    before = [line for n, line in enumerate(lines[:at]) if n != title_at]
    captured = next((found[1] for line in before if (found := _CAPTURED.search(line.text))), None)
    cuts = [
        Cut.of("page furniture before the text", _joined(before)),
        Cut.of("date line", date_line.text),
    ]
    body, after, ended, more = _split_end(lines[at + 1 :], match["outlet"].strip())
    start = _start(body)
    skipped = [line for n, line in enumerate(body) if line.furniture or n < start]
    kept = [line for line in body[start:] if not line.furniture]
    cuts.append(Cut.of("page furniture in the text", _joined(skipped)))
    paragraphs = _paragraphs(kept)
    if ended:
        cuts += take_end_mark(paragraphs)
    cuts.append(Cut.of("other articles and page furniture after the text", _joined(after)))
    return _Parts(
        title=squeeze(lines[title_at].text if title_at is not None else page.meta.get("title", "")),
        date=match["date"],
        outlet=match["outlet"].strip() or None,
        link=next((run[1] for run in date_line.runs if run[1]), None),
        captured=captured,
        body=tuple(paragraphs),
        cuts=tuple(cut for cut in cuts if cut.words),
        shown=tuple(_shown(body, start)),
        ended=ended,
        more=more,
    )


def _with_date_line(lines: Sequence[Line]) -> list[Line]:
    """The lines, a date line that the page broke in up to four put together again."""
    out = list(lines)
    for n, line in enumerate(out):
        if not (line.text.startswith("Date") and re.match(r"Date\s*:", line.text)):
            continue
        for size in range(1, 5):
            text = " ".join(part.text for part in out[n : n + size])
            if _DATE_LINE.fullmatch(text) and (size == 4 or "Read original" in text):
                if size == 1:
                    return out
                gap = words_run(" ")
                runs = [run for part in out[n : n + size] for run in (*part.runs, gap)]
                out[n : n + size] = [Line.of(runs)]
                return out
    return out


def _title_line(lines: Sequence[Line], at: int, page: Page) -> int | None:
    """The line of the title: a first-level heading, or the line that the page's head names,
    or simply the one above the date line."""
    known = {" ".join(page.meta.get(key, "").split()) for key in ("og:title", "title")} - {""}
    reach = [n for n in range(at - 1, max(-1, at - 1 - TITLE_REACH), -1) if lines[n].text.strip()]
    for n in reach:
        if lines[n].tag in ("h1", "h2"):
            return n
    for n in reach:
        text = " ".join(lines[n].text.split())
        if any(name.startswith(text) and len(text) > 8 for name in known):
            return n
    return next((n for n in reach if not lines[n].furniture), None)


def _split_end(lines: Sequence[Line], outlet: str) -> tuple[list[Line], list[Line], bool, bool]:
    """Text and what follows: after the first end mark, else before the list of other articles.

    A list that names the page's own outlet ends the text wherever it stands; another line that
    only looks like one does so where no end mark follows.
    """
    lists = [n for n, line in enumerate(lines) if _MORE.fullmatch(line.text.strip())]
    own = [n for n in lists if outlet and lines[n].text.strip() == f"More From {outlet}"]
    reach = lines[: own[0]] if own else lines
    for n, line in enumerate(reach):
        if end_mark(line.text):
            return list(lines[: n + 1]), list(lines[n + 1 :]), True, bool(lists)
    if not lists:
        return list(lines), [], False, False
    end = (own or lists)[0]
    return list(lines[:end]), list(lines[end:]), False, True


def _start(body: Sequence[Line]) -> int:
    """Where the text begins: at a dateline within the first lines, else at once."""
    for n, line in enumerate(body[:TITLE_REACH]):
        if read_dateline(line.text):
            return n
    return 0


def _paragraphs(lines: Sequence[Line]) -> list[Content]:
    """Paragraphs without pictures."""
    paragraphs: list[Content] = []
    for line in lines:
        if line.text.strip():
            paragraphs += pieces_of(
                tuple(run for run in line.content if run.kind is not InlineKind.GAP)
            )
    return paragraphs


def _shown(body: Sequence[Line], start: int) -> Iterator[Shown]:
    """The pictures over and in a text that begins with line `start`; most pages have theirs over
    the dateline."""
    count = 0
    for n, line in enumerate(body):
        if line.furniture:
            continue
        size = letters(line.text) if n >= start else 0
        yield from (shown_as(image, count + size) for image in line.images)
        count += size


def _is_speech(headline: Headline, framed: Framed) -> bool:
    """A page is a speech when its headline names an act of speech, its lede announces a text,
    or its words address somebody, or are signed by somebody who says I or we; all else is a
    news article."""
    kinds = {block.kind for block in framed.blocks}
    return (
        headline.kind is not None
        or framed.introduced
        or BlockKind.SALUTE in kinds
        or (BlockKind.SIGNED in kinds and _FIRST_PERSON.search(_words(framed)) is not None)
    )


def _speech(
    source: Source, page: Page, parts: _Parts, framed: Framed, headline: Headline, report: Report
) -> Speech:
    captured = read_date(parts.captured) if parts.captured else None
    words = _words(framed)
    date = _date(source, parts, framed, words, captured, report)
    stated = (page.meta.get(key, "") for key in ("canonical", "og:url"))
    address = next((one for one in stated if one.startswith(("http://", "https://"))), parts.link)
    base = source.facts.url or address
    pictures, left = take(parts.shown, framed.blocks, source, base, report)
    return Speech(
        id=make_id(date, framed.blocks),
        title=parts.title,
        blocks=framed.blocks,
        speaker=find_name(headline.speaker, words, page.bold),
        kind=headline.kind,
        occasion=headline.occasion,
        place=framed.dateline.place if framed.dateline else None,
        language=_language(page, parts),
        date=date,
        provenance=Provenance(
            path=source.name,
            sha256=source.sha256,
            reader="kcnawatch",
            reader_version=VERSION,
            outlet=parts.outlet,
            url=base,
            captured=source.facts.captured or (captured.earliest if captured else None),
            cut=(*parts.cuts, *left),
        ),
        pictures=pictures,
    )


def _date(
    source: Source,
    parts: _Parts,
    framed: Framed,
    words: str,
    captured: Date | None,
    report: Report,
) -> Date | None:
    proofs: list[Proof] = []
    if framed.dateline:
        proofs.append(framed.dateline.proof)
    if juche := juche_proof(f"{parts.title}\n{words}"):
        proofs.append(juche)
    not_after = dt.date.fromisoformat(captured.earliest) if captured else None
    date = resolve_numbers(parts.date, proofs=proofs, not_after=not_after) or read_date(parts.date)
    if date is None:
        report.warn(
            "date-unreadable",
            source.name,
            f"'{parts.date}' is no day of the calendar",
            "the book prints the speech undated",
        )
    elif not date.exact or _far(date, proofs, not_after):
        far = date.exact or framed.dateline is not None
        report.warn(
            "date-disagrees" if far else "date-ambiguous",
            source.name,
            f"'{parts.date}' is {date.edtf}: "
            + (
                "the dateline names a day far from both"
                if far
                else "nothing on the page proves the order of day and month"
            ),
            "the book prints both days",
        )
    return date


def _far(date: Date, proofs: Sequence[Proof], not_after: dt.date | None) -> bool:
    """True when a proof names a day that is not near the date that the page prints, or the
    page was captured before that date."""
    if not_after and date.earliest > not_after.isoformat():
        return True
    printed = resolve_numbers(date.written)
    return any(
        printed is not None and printed.exact and not near(printed, proof) for proof in proofs
    )


def _words(framed: Framed) -> str:
    return "\n".join([block.text for block in framed.blocks])


def _language(page: Page, parts: _Parts) -> str | None:
    """The language that the page or its source label states, None where neither does."""
    label = re.search(r"\((En|Kr|Ko|Cn|Zh|Jp|Ja|Ru|Es|Fr)\)", parts.outlet or "", re.IGNORECASE)
    if label:
        code = label[1].lower()
        return {"kr": "ko", "cn": "zh", "jp": "ja"}.get(code, code)
    return page.language


def _joined(lines: Sequence[Line]) -> str:
    return " ".join(line.text for line in lines if line.text.strip())
