"""A date as it was written, what it can mean (EDTF), and the reason for any inference.

Nothing is guessed: `07/04/2021` is two days until something on the page proves one of them.
EDTF is ISO 8601-2:2019; we write level 0 (`2021-04-07`, `2021-04`, `2021`, `2021-04-06/2021-04-08`)
and of level 2 the set "one of these" (`[2021-04-07,2021-07-04]`).
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Date:
    """A date: `written` on the page, `edtf`, first and last possible day (ISO), the reason.

    `reason` is None where the date is plain as it stands.
    """

    written: str
    edtf: str
    earliest: str
    latest: str
    reason: str | None = None

    @property
    def exact(self) -> bool:
        """True when it is one day."""
        return self.earliest == self.latest

    def to_json(self) -> dict[str, Any]:
        """The date as a JSON object, keys in a fixed order."""
        return {
            "written": self.written,
            "edtf": self.edtf,
            "earliest": self.earliest,
            "latest": self.latest,
            "reason": self.reason,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Date:
        """The date of a JSON object; raises ValueError where a day is not ISO, the
        days are out of order or the EDTF is none."""
        first, last = (dt.date.fromisoformat(data[key]) for key in ("earliest", "latest"))
        edtf = str(data["edtf"])
        if first > last or not _EDTF.fullmatch(edtf):
            raise ValueError(f"no date: {edtf!r}, {first} to {last}")
        if _DAYS.fullmatch(edtf):
            for day in edtf.strip("[]").split(","):
                dt.date.fromisoformat(day)
        return cls(
            str(data["written"]),
            edtf,
            first.isoformat(),
            last.isoformat(),
            data.get("reason"),
        )


def one_day(day: dt.date, written: str, reason: str | None = None) -> Date:
    """A date known to the day.

    >>> one_day(dt.date(2021, 4, 7), "April 7, 2021").edtf
    '2021-04-07'
    """
    return Date(written, day.isoformat(), day.isoformat(), day.isoformat(), reason)


def one_of(days: Iterable[dt.date], written: str, reason: str) -> Date:
    """A date that is one of several days, none of them proved.

    >>> one_of([dt.date(2021, 7, 4), dt.date(2021, 4, 7)], "07/04/2021", "unproved").edtf
    '[2021-04-07,2021-07-04]'
    """
    known = sorted(day.isoformat() for day in days)
    return Date(written, f"[{','.join(known)}]", known[0], known[-1], reason)


def whole_month(year: int, month: int, written: str) -> Date:
    """A date known to the month."""
    last = calendar.monthrange(year, month)[1]
    edtf = f"{year:04d}-{month:02d}"
    return Date(written, edtf, f"{edtf}-01", f"{edtf}-{last:02d}", "only month and year are stated")


def whole_year(year: int, written: str) -> Date:
    """A date known to the year."""
    return Date(
        written,
        f"{year:04d}",
        f"{year:04d}-01-01",
        f"{year:04d}-12-31",
        "only the year is stated",
    )


MONTH_NAMES = (
    "January February March April May June July August September October November December"
).split()
"""English month names in order; `calendar`'s follow the machine's locale."""

MONTHS = {name.lower(): n for n, name in enumerate(MONTH_NAMES, 1)}
MONTHS |= {name[:3].lower(): n for n, name in enumerate(MONTH_NAMES, 1)}
MONTHS["sept"] = 9

_PART = r"[0-9XY?~%-]{4,}(?:[,/.]{1,2}[0-9XY?~%-]{4,})*"
_EDTF = re.compile(rf"{_PART}|\[{_PART}\]")
_DAYS = re.compile(r"\[\d{4}-\d\d-\d\d(?:,\d{4}-\d\d-\d\d)*\]", re.ASCII)
_MONTH_ALONE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{2})")
_YEAR = re.compile(r"(\d{4})")
_MONTH_DAY_YEAR = re.compile(_MONTH + r" (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})")
_DAY_MONTH_YEAR = re.compile(
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)? (?:of )?" + _MONTH + r",? (?P<year>\d{4})"
)
_MONTH_YEAR = re.compile(_MONTH + r",? (?P<year>\d{4})")
_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_NUMBERS = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_DOTTED = re.compile(r"(\d{4})[./](\d{1,2})[./](\d{1,2})\.?")


def read_date(written: str) -> Date | None:
    """The date that a line states by itself, or None where it states none.

    Numbers whose order is open (`07/04/2021`) give "one of"; `resolve_numbers` may prove one.

    >>> read_date("7 April 2021").edtf, read_date("07/04/2021").edtf, read_date("25.12.2020").edtf
    ('2021-04-07', '[2021-04-07,2021-07-04]', '2020-12-25')
    >>> read_date("last Tuesday") is None
    True
    """
    text = " ".join(written.split()).strip(" ,.;()[]")
    for pattern in (_ISO, _DOTTED, _EAST_ASIAN):
        if match := pattern.fullmatch(text):
            year, month, day = (int(group) for group in match.groups())
            found = make_day(year, month, day)
            return one_day(found, written) if found else None
    for pattern in (_MONTH_DAY_YEAR, _DAY_MONTH_YEAR):
        if (match := pattern.fullmatch(text)) and match["month"].lower() in MONTHS:
            found = make_day(int(match["year"]), MONTHS[match["month"].lower()], int(match["day"]))
            return one_day(found, written) if found else None
    if match := _NUMBERS.fullmatch(text):
        return resolve_numbers(written)
    if (match := _MONTH_YEAR.fullmatch(text)) and match["month"].lower() in MONTHS:
        return whole_month(int(match["year"]), MONTHS[match["month"].lower()], written)
    if (match := _ISO_MONTH.fullmatch(text)) and 1 <= int(match[2]) <= 12:
        return whole_month(int(match[1]), int(match[2]), written)
    if (match := _YEAR.fullmatch(text)) and int(match[1]) >= 1:
        return whole_year(int(match[1]), written)
    return None


def make_day(year: int, month: int, day: int) -> dt.date | None:
    """The day, or None where the calendar has no such day."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Proof:
    """A month and day that a second place on the page states, with its year if it says so."""

    month: int
    day: int
    named: str
    year: int | None = None


NEAR = 7
"""Days between dateline and publication that still make one event: agencies print late."""


def resolve_numbers(
    written: str,
    *,
    proofs: Iterable[Proof] = (),
    not_after: dt.date | None = None,
) -> Date | None:
    """The date of `NN/NN/YYYY`: proved by its own numbers, by `proofs`, by the capture, or open.

    `proofs` are tried in order; `not_after` is the day of the capture, which no publication
    can follow. Where nothing proves the order the date is "one of" both readings. None where
    neither reading is a day of the calendar.

    >>> spring = Proof(4, 7, "the dateline (April 7)")
    >>> resolve_numbers("07/04/2021", proofs=[spring]).reason
    'day first: proved by the dateline (April 7)'
    """
    match = _NUMBERS.search(written)
    if not match:
        return None
    first, second, year = (int(group) for group in match.groups())
    readings = {"day first": make_day(year, second, first)}
    if first != second:
        readings["month first"] = make_day(year, first, second)
    known = {order: day for order, day in readings.items() if day}
    if not known:
        return None
    if len(known) == 1:
        order, day = next(iter(known.items()))
        reason = None if first == second else f"{order}: the calendar allows no other reading"
        return _nearest_dateline(day, written, reason, proofs)
    for proof in proofs:
        ranked = sorted(known.items(), key=lambda item: abs(_distance(item[1], proof)))
        (order, day), (_, other) = ranked
        gap = _distance(day, proof)
        if abs(gap) <= NEAR < abs(_distance(other, proof)):
            if gap == 0:
                return one_day(day, written, f"{order}: proved by {proof.named}")
            return one_day(
                day - dt.timedelta(days=gap),
                written,
                f"the day of {proof.named}; the page's {written} read {order}, "
                f"which it proves, is {_days(gap)}",
            )
    if not_after:
        possible = {order: day for order, day in known.items() if day <= not_after}
        if len(possible) == 1:
            order, day = next(iter(possible.items()))
            return one_day(
                day,
                written,
                f"{order}: the other reading lies after the capture of {not_after.isoformat()}",
            )
    return one_of(known.values(), written, "order of day and month not proved by the page")


def _nearest_dateline(
    day: dt.date, written: str, reason: str | None, proofs: Iterable[Proof]
) -> Date:
    """A day whose reading is sure; a dateline a few days off states the speech's own day."""
    for proof in proofs:
        gap = _distance(day, proof)
        if 0 < abs(gap) <= NEAR:
            return one_day(
                day - dt.timedelta(days=gap),
                written,
                f"the day of {proof.named}; the page's {written} is {_days(gap)}",
            )
    return one_day(day, written, reason)


def near(date: Date, proof: Proof) -> bool:
    """True when the proof's day lies within a week of an exact date."""
    return abs(_distance(dt.date.fromisoformat(date.earliest), proof)) <= NEAR


def _distance(day: dt.date, proof: Proof) -> int:
    """Days from the proof's day to `day`, in the year that brings them closest."""
    years = [proof.year] if proof.year else [day.year - 1, day.year, day.year + 1]
    stated = [made for year in years if (made := make_day(year, proof.month, proof.day))]
    gaps = [(day - made).days for made in stated]
    return min(gaps, key=abs) if gaps else 10_000


def _days(gap: int) -> str:
    amount = "1 day" if abs(gap) == 1 else f"{abs(gap)} days"
    return f"{amount} {'later' if gap > 0 else 'earlier'}"


def long_date(day: str) -> str:
    """An ISO day in the words of an English book.

    >>> long_date("2021-04-07")
    '7 April 2021'
    """
    made = dt.date.fromisoformat(day)
    return f"{made.day} {MONTH_NAMES[made.month - 1]} {made.year}"


def shown_date(date: Date | None) -> str:
    """The date as a book prints it: exact, or honestly not.

    >>> shown_date(read_date("07/04/2021")), shown_date(read_date("May 2020")), shown_date(None)
    ('7 April 2021 or 4 July 2021', 'May 2020', 'undated')
    """
    if date is None:
        return "undated"
    kind, days = days_of(date)
    match kind:
        case "day" | "either":
            return " or ".join(map(long_date, days))
        case "month":
            return long_date(days[0]).partition(" ")[2]
        case "year":
            return str(int(days[0][:4]))
        case "between":
            return " and ".join(("between " + long_date(days[0]), long_date(days[1])))
        case "until":
            return " to ".join(map(long_date, days))


Known = Literal["day", "month", "year", "either", "between", "until"]
"""What is known of a date: the day, the month or year in which it lies, the days one of which it
is, the first and last day between which it lies, or of which it has all."""


def days_of(date: Date) -> tuple[Known, tuple[str, ...]]:
    """What is known of a date, and the days to print for it (ISO).

    >>> days_of(read_date("May 2020"))
    ('month', ('2020-05-01', '2020-05-31'))
    """
    ends = (date.earliest, date.latest)
    if date.exact:
        return "day", ends[:1]
    if _DAYS.fullmatch(date.edtf):
        return "either", tuple(date.edtf.strip("[]").split(","))
    if _MONTH_ALONE.fullmatch(date.edtf):
        return "month", ends
    if _YEAR.fullmatch(date.edtf):
        return "year", ends
    return ("between" if date.edtf.startswith("[") else "until"), ends
