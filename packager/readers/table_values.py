"""The values of a table's cells: text, words, dates; what a cell does not state stays None.

Dates are read as written: ISO with or without a time, years, `20210407`, seconds and
milliseconds since 1970 (the day in UTC, or on the clock that is named), three columns of year,
month and day. The order of
`07/04/2021` is open until another date of the same column proves it.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from packager.dates import Date, make_day, one_day, read_date
from packager.readers.source import decode

_INDENT = re.compile("\u3000{2,}")
_TIME = re.compile(r"(?<=\d)(?:[T ]\s*|,\s*)\d{1,2}:\d{2}.*$|(?<=\d)T\d{6}.*$")
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_ORDERED = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4})")
_DIGITS = re.compile(r"-?\d+(?:\.0+)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


def clean(text: str) -> str:
    """A cell's text as a page's is: no control characters, newlines as one, composed letters."""
    return decode(text.encode("utf-8", "replace")).text


def text_value(value: Any) -> str:
    """The text of a cell as the file has it; a list of texts is a row of paragraphs."""
    if value is None or isinstance(value, (bool, Mapping)):
        return ""
    if isinstance(value, (list, tuple)):
        return "\n\n".join(part for part in map(text_value, value) if part)
    if isinstance(value, (bytes, bytearray)):
        return decode(bytes(value)).text
    return str(value)


def part_indents(text: str) -> str:
    """The text with an empty line before each paragraph that begins with two ideographic spaces.

    >>> part_indents("\u3000\u3000朋友们：\u3000\u3000你们好！")
    '朋友们：\\n\\n你们好！'
    """
    return _INDENT.sub("\n\n", text).strip()


WRAPPED = (35, 110)
"""Width of hard-wrapped lines: the median at least, the longest at most; a letter of a script
without spaces counts two. The lines of printed debates read so far have medians of 45 to 75."""
_STOPS = (".", "!", "?", ":", "。", "！", "？", "：", "”", '"', "’")


def part_lines(text: str) -> str:
    """The text with an empty line between paragraphs: wrapped lines joined, others parted.

    A cell without empty lines has a paragraph a line, unless its lines are those of a page.

    >>> part_lines("Dear masons,\\nThe wall leans.")
    'Dear masons,\\n\\nThe wall leans.'
    """
    chunks = re.split(r"\n[ \t]*\n\s*?(?=\S|[ \t])", text)
    parts = []
    for chunk in chunks:
        lines = [line for line in chunk.split("\n") if line.strip()]
        if _wrapped(lines):
            parts += _joined(lines)
        elif len(chunks) == 1:
            parts += lines
        else:
            parts.append("\n".join(lines))
    return "\n\n".join(part for part in parts if part.strip())


def _width(line: str) -> int:
    line = line.strip()
    return len(line) if line.isascii() else len(line) + sum(map(is_unspaced, line))


def is_unspaced(letter: str) -> bool:
    """True for a letter of Chinese or Japanese and for their marks."""
    return "\u3000" <= letter <= "\u9fff" or "\uff00" <= letter <= "\uffef"


def _wrapped(lines: Sequence[str]) -> bool:
    if len(lines) < 4:
        return False
    widths = sorted(map(_width, lines[:-1]))
    inside = sum(not line.rstrip().endswith(_STOPS) for line in lines[:-1])
    least, most = WRAPPED
    full = sum(width * 3 >= widths[-1] * 2 for width in widths)
    return (
        widths[len(widths) // 2] >= least
        and widths[-1] <= most
        and 2 * inside >= len(widths)
        and 3 * full >= 2 * len(widths)
    )


def _joined(lines: Sequence[str]) -> list[str]:
    """The paragraphs of wrapped lines: an indent begins one, a short line with a stop ends one."""
    full = sorted(map(_width, lines))[len(lines) // 2] * 3 // 4
    parts = [lines[0].strip()]
    for above, line in itertools.pairwise(lines):
        ended = _width(above) < full and above.rstrip().endswith(_STOPS)
        if line[:1] in " \t\u3000" or ended:
            parts.append(line.strip())
            continue
        first, last = line.strip()[:1], parts[-1][-1:]
        broken = last == "-" and parts[-1][-2:-1].isalpha()
        close = broken or (is_unspaced(first) and is_unspaced(last))
        parts[-1] += line.strip() if close else f" {line.strip()}"
    return parts


def words_value(value: Any) -> str | None:
    """The words of a cell in one line; of an object its fullest name; None where it is empty.

    >>> words_value({"full": "Ana Torvald", "title": "Mayor"}), words_value(["A", "B"])
    ('Ana Torvald', 'A, B')
    """
    if isinstance(value, Mapping):
        names = ("full", "full_name", "name", "label", "title", "value")
        return next((words for key in names if (words := words_value(value.get(key)))), None)
    if isinstance(value, (list, tuple)):
        return ", ".join(words for part in value if (words := words_value(part))) or None
    if value is None or isinstance(value, bool):
        return None
    return " ".join(clean(str(value)).split()) or None


def language_value(value: Any) -> str | None:
    """A language tag (BCP 47); None for anything else, also for a language's name."""
    words = words_value(value)
    if not words or not _LANGUAGE.fullmatch(words):
        return None
    first, *rest = words.replace("_", "-").split("-")
    return "-".join([first.lower(), *rest])


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock that days are read from: its place, and a moment of UTC on it."""

    place: str
    read: Callable[[dt.datetime], dt.datetime]


UTC = Clock("UTC", lambda moment: moment)


def date_value(value: Any, order: str | None = None, clock: Clock = UTC) -> Date | None:
    """The date of a cell, None where it is not understood; `order` is that of the column, `clock`
    the one that tells the day of a moment.

    >>> date_value(1703376000000).edtf, date_value("1938").edtf, date_value(20210407).edtf
    ('2023-12-24', '1938', '2021-04-07')
    >>> date_value("07/04/2021").edtf, date_value("07/04/2021", "day first").edtf
    ('[2021-04-07,2021-07-04]', '2021-04-07')
    """
    if isinstance(value, dt.datetime):
        return one_day(value.date(), value.isoformat())
    if isinstance(value, dt.date):
        return one_day(value, value.isoformat())
    if isinstance(value, bool) or value is None or isinstance(value, (Mapping, list)):
        return None
    written = " ".join(clean(str(value)).split())
    if _DIGITS.fullmatch(written):
        number = int(float(written)) if "." in written else int(written[:20])
        return _number(number, written, clock)
    shown = _TIME.sub("", _WEEKDAY.sub("", written)).strip(" ,")
    date = read_date(shown)
    if date and date.edtf.startswith("[") and order and (match := _ORDERED.fullmatch(shown)):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        day = make_day(year, *((second, first) if order == "day first" else (first, second)))
        if day:
            return one_day(day, written, f"{order}: proved by other dates of the column")
    if date is None or shown == written:
        return date
    return Date(written, date.edtf, date.earliest, date.latest, date.reason)


def _number(number: int, written: str, clock: Clock) -> Date | None:
    if 1000 <= number <= 2999:
        return read_date(f"{number}")
    if 10_000_000 <= number <= 29_991_231:
        day = make_day(number // 10_000, number // 100 % 100, number % 100)
        return one_day(day, written) if day else None
    if abs(number) < 100_000_000:
        return None
    unit, named = (1000, "milliseconds") if abs(number) >= 100_000_000_000 else (1, "seconds")
    try:
        moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=number // unit)
        day = clock.read(moment).date()
    except OverflowError:
        return None
    return one_day(day, written, f"{named} since 1970, the day in {clock.place}")


def date_of_parts(year: Any, month: Any, day: Any) -> Date | None:
    """The date of three cells; as much of it as they state.

    >>> date_of_parts(1931, "4", None).edtf, date_of_parts("1931", 4, 7).edtf
    ('1931-04', '1931-04-07')
    """
    parts = [words_value(part) for part in (year, month, day)]
    if not parts[0]:
        return None
    numbers = [re.sub(r"\.0+$", "", part) for part in parts if part]
    if parts[1] is None or len(numbers) == 1:
        return date_value(numbers[0])
    if not numbers[1].isdigit():  # a month's name
        return read_date(" ".join(reversed(numbers)))
    return read_date("-".join(number.zfill(2) for number in numbers))


def order_of(values: Iterable[Any]) -> str | None:
    """The order of day and month that the dates of one column prove; None where none does.

    >>> order_of(["07/04/2021", "25/12/2020"]), order_of(["07/04/2021"])
    ('day first', None)
    """
    proved = set()
    for value in values:
        if isinstance(value, str) and (match := _ORDERED.match(value.strip())):
            first, second = int(match[1]), int(match[3])
            if first > 12 >= second:
                proved.add("day first")
            elif second > 12 >= first:
                proved.add("month first")
    return proved.pop() if len(proved) == 1 else None


def incipit(text: str) -> str:
    """The first words of a text, for a speech that nobody gave a title.

    >>> incipit("Friends, the tide has turned and the lamps are lit."), incipit("你们好！")
    ('Friends, the tide has turned and the lamps …', '你们好！')
    """
    line = text.strip().split("\n")[0]
    words = line.split()
    short = " ".join(words[:8])
    if len(short) > 60:
        short = short[: 24 if len(words) < 4 else 60]
    short = short.rstrip(" ,;:，；：")
    return short if len(short) >= len(text.strip()) else f"{short} …"
