"""Pages of the Korean Central News Agency by era, where a site profile is not enough.

Accepts the pages of kcna.co.jp (1997 to 2014 and later): a line `>> March 1. 2014 Juche 103`,
the headline, the text, a copyright line, all in plain paragraphs without names; and what
collectors put around a Korean original: an editor's comment (해 제) before the words "원 문", a
citation of the edition after the last line, the mark (끝). Refuses nothing by itself: pages
of kcna.kp and rodong.rep.kp are read by their profiles, pages of KCNA Watch by `kcnawatch`.

Names of leaders that a page sets in bold, in larger type or in `nobr` are read as plain words:
that type is the agency's courtesy, no stress of the speaker.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from packager.dates import Date, make_day, one_day, read_date
from packager.findings import Report
from packager.readers import saved
from packager.readers.agency import END_MARK, JUCHE, read_framed
from packager.readers.article_blocks import split_breaks
from packager.readers.blocks import split_content, text_of
from packager.readers.headline import find_name, merge, read_headline
from packager.readers.page import read_page
from packager.readers.source import Source
from packager.speech import Cut, Provenance, Speech, make_id

VERSION = "1"

_DAY_LINE = re.compile(
    r"[>＞›»]{1,2}\s*(?P<month>[A-Z][a-z]{2,8})\.?\s*(?P<day>\d{1,2})[.,]?\s*(?P<year>\d{4})\s*"
    r"\(?Juche\s*(?P<juche>\d{1,3})\)?"
)
_RIGHTS = re.compile(r"Copyright\s*\(C\).{0,40}KOREA NEWS SERVICE", re.IGNORECASE)
_MARK = re.compile(
    r"(?:&gt;|[>＞›»]){1,2}\s*[A-Z][a-z]{2,8}\.?\s*\d{1,2}[.,]?\s*\d{4}\s*\(?Juche\s*\d{1,3}"
)
_COMMENT = re.compile(r"^[ \t]*해[ \t]*제[ \t]*$", re.MULTILINE)
_ORIGINAL = re.compile(r"^[ \t]*\[?[ \t]*원[ \t]*문[ \t]*\]?[ \t]*$", re.MULTILINE)
_DAY = re.compile(r"^(?P<before>.*?)[-–(]?\s*(?P<day>\d{4}년\s*\d{1,2}월\s*\d{1,2}일)\s*\)?\s*$")
_CITED = re.compile(r"^\s*(?:☞[^\n]{2,80}|『?[^『』\n]{2,40}(?:저작집|선집|전집)』?[^\n]{0,80})$")
_ENDED = re.compile(r"[(<＜（]\s*끝\s*[)>＞）]")

HALF_HOUR = (dt.datetime(2015, 8, 14, 15, 0), dt.datetime(2018, 5, 4, 15, 0))
"""The moments (UTC) between which clocks in Pyongyang were half an hour behind UTC+9: from 15
August 2015 to 5 May 2018, 00:00 of UTC+9 each (tz database, Asia/Pyongyang)."""


def pyongyang(moment: dt.datetime) -> dt.datetime:
    """A moment (UTC where it names no zone) on the clocks of Pyongyang of its day.

    >>> pyongyang(dt.datetime(2016, 1, 1, 15, 0)).isoformat()
    '2016-01-01T23:30:00+08:30'
    >>> pyongyang(dt.datetime(2021, 1, 1, 15, 0)).date().isoformat()
    '2021-01-02'
    """
    utc = moment.replace(tzinfo=moment.tzinfo or dt.UTC).astimezone(dt.UTC)
    bare = utc.replace(tzinfo=None)
    minutes = 510 if HALF_HOUR[0] <= bare < HALF_HOUR[1] else 540
    return utc.astimezone(dt.timezone(dt.timedelta(minutes=minutes)))


# --- kcna.co.jp -------------------------------------------------------------------------------


def recognise(text: str) -> str | None:
    """Why this text is a page of kcna.co.jp, or None."""
    if _MARK.search(text):
        return "it has the line '>> Month day. year Juche n' of kcna.co.jp"
    return None


def read(source: Source, report: Report) -> Iterator[Speech]:
    """The one text of a page, taken from the line below the headline to the copyright."""
    page = read_page(saved.without_frame(source.decoded.text))
    own = saved.facts_of(source.decoded.text)
    rows = [row for line in page.lines for row in split_breaks(line.content)]
    texts = [text_of(row).strip() for row in rows]
    at = next((n for n, text in enumerate(texts) if _DAY_LINE.search(text)), None)
    if at is None or at + 2 >= len(rows):
        report.refuse("no-speech", source.name, "a day line of kcna.co.jp and no text below it")
        return
    match = _DAY_LINE.search(texts[at])
    assert match  # found just above
    end = next((n for n in range(at + 2, len(rows)) if _RIGHTS.search(texts[n])), len(rows))
    title, body = texts[at + 1], list(rows[at + 2 : end])
    cuts = [
        Cut.of("page furniture before the text", " ".join(texts[:at])),
        Cut.of("date line", texts[at]),
    ]
    if body and (mark := END_MARK.search(text_of(body[-1]))):
        ended, _ = split_content(body[-1], mark.start())
        body[-1:] = [ended] if ended else []
        cuts.append(Cut.of("end mark", mark[0].strip()))
    cuts.append(Cut.of("other articles and page furniture after the text", " ".join(texts[end:])))
    framed = read_framed(body)
    headline = merge(read_headline(title), framed.announced)
    words = "\n".join(block.text for block in framed.blocks)
    date = _date(match, source, report)
    yield Speech(
        id=make_id(date, framed.blocks),
        title=title,
        blocks=framed.blocks,
        speaker=find_name(headline.speaker, words, page.bold),
        kind=headline.kind,
        occasion=headline.occasion,
        place=framed.dateline.place if framed.dateline else None,
        language=page.language or ("en" if framed.dateline else None),
        date=date,
        provenance=Provenance(
            path=source.name,
            sha256=source.sha256,
            reader="kcna",
            reader_version=VERSION,
            outlet="KCNA",
            url=source.facts.url or own.url,
            captured=source.facts.captured or own.captured,
            cut=tuple(cut for cut in cuts if cut.words),
        ),
    )


def _date(match: re.Match[str], source: Source, report: Report) -> Date | None:
    date = read_date(f"{match['month']} {match['day']}, {match['year']}")
    if date is None:
        report.warn(
            "date-unreadable",
            source.name,
            f"'{match[0]}' is no day of the calendar",
            "correct the date in book.toml or leave it undated",
        )
    elif int(match["juche"]) + JUCHE != int(match["year"]):
        report.warn(
            "date-disagrees",
            source.name,
            f"'{match[0]}': Juche {match['juche']} is {int(match['juche']) + JUCHE}",
            "look at the page; the year of the calendar was taken",
        )
    return date


# --- Korean originals in an editor's frame ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Original:
    """A Korean text without the frame of those who collected it; `date` is what they state."""

    title: str | None
    date: Date | None
    text: str
    cuts: tuple[Cut, ...]


def original_of(text: str) -> Original | None:
    """The original in a Korean text that carries an editor's comment, citation or end mark.

    None where there is nothing of the kind.

    >>> lines = "등대|- 1950년 01월 02일|해 제|설명이다.|원 문|동지들!|불을 켭시다."
    >>> made = original_of(lines.replace("|", "\\n"))
    >>> made.title, made.date.edtf, made.text
    ('등대', '1950-01-02', '동지들!\\n불을 켭시다.')
    """
    cuts: list[Cut] = []
    title, date = None, None
    comment, original = _COMMENT.search(text[:20_000]), None
    if comment:
        original = _ORIGINAL.search(text, comment.end())
    if comment and original:
        title, date = _head(text[: comment.start()])
        cuts.append(Cut.of("editor's comment", text[comment.start() : original.end()]))
        text = text[original.end() :].strip("\n")
    text = _without_end(text, cuts)
    if not cuts:
        return None
    return Original(title, date, text, tuple(cuts))


def _head(text: str) -> tuple[str | None, Date | None]:
    """Title and day of the lines above an editor's comment."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    date = None
    if lines and (match := _DAY.match(lines[-1])):
        parts = [int(part) for part in re.findall(r"\d+", match["day"])]
        day = make_day(*parts)
        date = one_day(day, match["day"]) if day else None
        lines[-1:] = [match["before"].strip(" -–(")] if match["before"].strip(" -–(") else []
    return " ".join(lines) or None, date


def _without_end(text: str, cuts: list[Cut]) -> str:
    """The text up to its end mark or the citation of its edition."""
    marks = [mark for mark in _ENDED.finditer(text) if mark.start() > len(text) // 2]
    if marks:
        cuts.append(Cut.of("end mark", marks[0][0]))
        if after := text[marks[0].end() :].strip():
            cuts.append(Cut.of("other articles and page furniture after the text", after))
        return text[: marks[0].start()].rstrip()
    lines = text.rstrip().split("\n")
    if len(lines) > 3 and _CITED.match(lines[-1]):
        cuts.append(Cut.of("citation of the edition", lines[-1].strip()))
        return "\n".join(lines[:-1]).rstrip()
    return text
