"""Plain text, one speech a file, with or without a small header of `Key: value` lines.

Accepts paragraphs parted by empty lines (hard-wrapped or not), or one a line. Without a
header the first short line is the title, else the file's name is. Values that nobody states
stay None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath

from packager.dates import Date, read_date, resolve_numbers
from packager.findings import Report
from packager.readers.agency import Dateline, read_framed, take_end_mark
from packager.readers.blocks import Content, text_of
from packager.readers.headline import find_name, merge, read_headline
from packager.readers.korean_original import original_of
from packager.readers.language import is_garbled, is_language
from packager.readers.printed import as_written, unprinted
from packager.readers.runs import squeeze
from packager.readers.source import Source
from packager.speech import Cut, Provenance, Speech, make_id, plain

VERSION = "1"

KEYS = {
    "title": "title",
    "speaker": "speaker",
    "date": "date",
    "place": "place",
    "kind": "kind",
    "occasion": "occasion",
    "source": "outlet",
    "outlet": "outlet",
    "url": "url",
    "address": "url",
    "language": "language",
    "captured": "captured",
    "topics": "topics",
    "topic": "topics",
}
"""Header keys and the value each one sets."""

_HEADER = re.compile(r"([A-Za-z]+)\s*:\s*(.*)")
_FILE_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?!\d)")
_ADDRESS = re.compile(r"https?://\S+")
TITLE_WORDS = 30
"""Words of the longest first line that is taken for a title; agencies go up to 28."""


def recognise(text: str) -> str | None:
    """Plain text is what nothing else claims."""
    return "it is text and no other form was recognised" if text.strip() else None


def read(source: Source, report: Report) -> Iterator[Speech]:
    """The speech of a text file; a finding and nothing where there is no language in it."""
    text = as_written(source.decoded.text)
    if not is_language(text) or is_garbled(text):
        report.refuse(
            "not-text",
            source.name,
            "no words to speak of; perhaps a failed text recognition",
            "open the file and look; name the pages without it",
        )
        return
    cuts: list[Cut] = []
    if original := original_of(text):
        text = original.text
        cuts += original.cuts
    header, rest = read_header(text)
    if original and original.title:
        header.setdefault("title", original.title)
    if original and original.date:
        header.setdefault("date", original.date.written)
    if not header:
        page = unprinted(rest)
        rest = page.text
        cuts += page.cuts
        header |= {
            key: value
            for key, value in (
                ("title", page.title), ("place", page.place), ("speaker", page.speaker),
                ("date", page.date and page.date.edtf),
            )
            if value
        }  # fmt: skip
    title, paragraphs = _title(header, paragraphs_of(rest), source)
    if paragraphs and _ADDRESS.fullmatch(last := text_of(paragraphs[-1]).strip()):
        header.setdefault("url", last)
        cuts.append(Cut.of("address line", last))
        paragraphs.pop()
    cuts += take_end_mark(paragraphs)
    if not paragraphs:
        report.refuse("no-speech", source.name, "a header and no text below it")
        return
    yield build_speech(source, "text", VERSION, header, title, paragraphs, cuts, report)


def build_speech(
    source: Source,
    reader: str,
    version: str,
    header: dict[str, str],
    title: str,
    paragraphs: list[Content],
    cuts: list[Cut],
    report: Report,
) -> Speech:
    """The speech of paragraphs and a header; what the header lacks, the headline may say."""
    framed = read_framed(paragraphs)
    headline = merge(read_headline(title), framed.announced)
    dateline = framed.dateline
    date = _date(header.get("date"), dateline, source, report)
    words = "\n".join(block.text for block in framed.blocks)
    captured = read_date(header["captured"]) if header.get("captured") else None
    return Speech(
        id=make_id(date, framed.blocks),
        title=title,
        blocks=framed.blocks,
        speaker=header.get("speaker") or find_name(headline.speaker, words),
        kind=(header.get("kind") or headline.kind or "").lower() or None,
        occasion=header.get("occasion") or headline.occasion,
        place=header.get("place") or (dateline.place if dateline else None),
        language=header.get("language"),
        date=date,
        topics=topics_of(header.get("topics", "")),
        provenance=Provenance(
            path=source.name,
            sha256=source.sha256,
            reader=reader,
            reader_version=version,
            outlet=header.get("outlet") or (dateline.agency if dateline else None),
            url=header.get("url"),
            captured=captured.earliest if captured and captured.exact else None,
            cut=tuple(cuts),
        ),
    )


def one_day_of(day: Date, written: str, reason: str) -> Date:
    """An exact day with what was written for it and why it is sure."""
    return Date(written, day.edtf, day.earliest, day.latest, reason)


def topics_of(line: str) -> tuple[str, ...]:
    """Topics parted by commas or semicolons."""
    return tuple(topic.strip() for topic in re.split(r"[,;]", line) if topic.strip())


def read_header(text: str) -> tuple[dict[str, str], str]:
    """The header's values by our names, and the text below; no header where no known key leads.

    >>> read_header("Title: To the Keepers\\nDate: 7 April 2021\\n\\nFriends,")
    ({'title': 'To the Keepers', 'date': '7 April 2021'}, 'Friends,')
    """
    values: dict[str, str] = {}
    lines = text.lstrip("\n").split("\n")
    body = len(lines)
    for n, line in enumerate(lines):
        if not line.strip():
            body = n
            break
        match = _HEADER.match(line.strip())
        if not match or match[1].lower() not in KEYS:
            return {}, text
        if match[2].strip():
            values.setdefault(KEYS[match[1].lower()], match[2].strip())
    if not values:
        return {}, text
    return values, "\n".join(lines[body:]).lstrip("\n")


WRAP = 50
"""Characters of the shortest full line in hard-wrapped text; verse and lists are shorter."""
LONG = 100
"""A line beyond this was not wrapped: it is a whole paragraph."""


def paragraphs_of(text: str) -> list[Content]:
    """The paragraphs of plain text: long lines as they are, wrapped lines joined, short lines
    (verse, signatures) kept as lines."""
    paragraphs: list[Content] = []
    for chunk in re.split(r"\n[ \t]*\n+", text):
        lines = [line for line in (squeeze(line) for line in chunk.split("\n")) if line]
        if not lines:
            continue
        if len(lines) == 1 or max(len(line) for line in lines) > LONG:
            paragraphs += [plain(line) for line in lines]
        elif min(len(line) for line in lines[:-1]) >= WRAP:
            paragraphs.append(plain(" ".join(lines)))
        else:
            paragraphs.append(plain("\n".join(lines)))
    return paragraphs


def _title(
    header: dict[str, str], paragraphs: list[Content], source: Source
) -> tuple[str, list[Content]]:
    """The title, and the paragraphs without it."""
    if header.get("title"):
        return header["title"], paragraphs
    if len(paragraphs) > 1 and not header:
        first = text_of(paragraphs[0])
        if len(first.split()) <= TITLE_WORDS and "\n" not in first and first[-1] not in ".,:;!?…":
            return first, paragraphs[1:]
    stem = _FILE_DAY.sub("", PurePath(source.name).stem)
    return " ".join(re.split(r"[\s_-]+", stem)).strip() or source.name, paragraphs


def _date(
    written: str | None, dateline: Dateline | None, source: Source, report: Report
) -> Date | None:
    """The header's date, its order proved by the dateline; else the day that the file's name
    begins with; else the dateline's own, where it has a year."""
    if written:
        proofs = [dateline.proof] if dateline else []
        date = resolve_numbers(written, proofs=proofs) or read_date(written)
        if date and date.reason and date.reason.startswith("day first: proved by"):
            date = replace(date, reason=date.reason.removeprefix("day first: "))
        if date is None:
            report.warn(
                "date-unreadable",
                source.name,
                f"the date '{written}' is not understood",
                "write it as 2021-04-07 or 7 April 2021",
            )
        elif date.edtf.startswith("["):
            report.warn(
                "date-ambiguous",
                source.name,
                f"'{written}' is {date.edtf}: nothing proves the order of day and month",
                "the book prints both days; write the date as 2021-04-07 to settle it",
            )
        if dateline and date and not date.exact and not date.edtf.startswith("["):
            return _within(date, dateline)
        return date
    if (match := _FILE_DAY.match(PurePath(source.name).name)) and (day := read_date(match[1])):
        return one_day_of(day, match[1], "from the name of the file")
    if dateline and dateline.year:
        stated = f"{dateline.year}-{dateline.month}-{dateline.day}"
        if day := read_date(stated):
            return one_day_of(day, stated, f"proved by {dateline.proof.named}")
    return None


def _within(date: Date, dateline: Dateline) -> Date:
    """A month or a year as the day of the dateline, where that lies in it."""
    day = read_date(f"{date.earliest[:4]}-{dateline.month}-{dateline.day}")
    if day and date.earliest <= day.earliest <= date.latest:
        return one_day_of(day, date.written, f"proved by {dateline.proof.named}")
    return date
