"""Pages of the Korean Central News Agency by era, where a site profile is not enough.

Accepts the pages of kcna.co.jp (1997 to 2014 and later): a line `>> March 1. 2014 Juche 103`,
the headline, the text, a copyright line, all in plain paragraphs without names.
Refuses nothing by itself: pages of kcna.kp and rodong.rep.kp are read by their profiles, pages of
KCNA Watch by `kcnawatch`.

Names of leaders that a page sets in bold, in larger type or in `nobr` are read as plain words:
that type is the agency's courtesy, no stress of the speaker.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from packager.dates import Date, read_date
from packager.findings import Report
from packager.readers import saved
from packager.readers.agency import JUCHE, read_framed, take_end_mark
from packager.readers.blocks import split_breaks, text_of
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
    r"(?:&gt;|>|＞|›|»)\s*[A-Z][a-z]{2,8}\.?\s*\d{1,2}[.,]?\s*\d{4}\s*\(?Juche\s*\d{1,3}"
)
REACH = 100
"""Characters around the word Juche in which a day line stands; the longest seen has 40."""

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


_OWN = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)*(?:kcna\.kp|kcna\.co\.jp|rodong\.rep\.kp)(?:[:/].*)?|"
    r"KCNA(?: \(.*\))?|(?:Korean|Korea) Central News Agency|조선중앙통신",
    re.IGNORECASE,
)


def is_own(name: str) -> bool:
    """True for an address or a name of the agency or of its party's paper.

    >>> is_own("http://www.kcna.kp/en/article/1"), is_own("KCNA"), is_own("http://a.example/kcna")
    (True, True, False)
    """
    return _OWN.fullmatch(name) is not None


# --- kcna.co.jp -------------------------------------------------------------------------------


def recognise(text: str) -> str | None:
    """Why this text is a page of kcna.co.jp, or None."""
    at = text.find("Juche")
    while at >= 0:
        if _MARK.search(text, max(0, at - REACH), at + REACH):
            return "it has the line '>> Month day. year Juche n' of kcna.co.jp"
        at = text.find("Juche", at + 1)
    return None


def read(source: Source, report: Report) -> Iterator[Speech]:
    """The one text of a page, taken from the line below the headline to the copyright."""
    page = read_page(saved.without_frame(source.decoded.text))
    own = saved.facts_of(source.decoded.text)
    rows = [
        row for line in page.lines for row in split_breaks(line.content) if text_of(row).strip()
    ]
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
    cuts += take_end_mark(body)
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
