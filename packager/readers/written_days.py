"""Days as lines name them in seven European languages: "31. März 2003", "5 de mayo de 1921".

Accepts a line; answers with the first full day in it and where it stands. Numbers whose order is
open are no day, unless the caller takes points for the sign of day first, as sites write them.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from packager.dates import MONTHS, make_day

_FOREIGN_MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
)
_MONTHS = MONTHS | {
    name: number for names in _FOREIGN_MONTHS for number, name in enumerate(names.split(), 1)
}
_MONTHS |= {"jänner": 1, "feber": 2}
_ORDINAL = r"(?:st|nd|rd|th|er|[º°.'’\"”“™*%]{1,3})?"
"""The ordinal of a day, or what text recognition makes of small raised letters."""
_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}}){_ORDINAL},? ?(?:of |de |del )?(?P<month>[^\W\d_]{{3,10}})\.?,?"
    r" (?:de |del |of )?(?P<year>\d{4})(?!\d)"
)
_MONTH_FIRST = re.compile(
    rf"(?P<month>[^\W\d_]{{3,9}})\.? (?P<day>\d{{1,2}}){_ORDINAL},? (?P<year>\d{{4}})(?!\d)"
)
_NUMBERS = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?P<mark>[./]) ?(?P<month>\d{1,2})(?P=mark) ?(?P<year>\d{4})(?!\d)"
)


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """A day that a line names, as written, and the characters of the line that it takes."""

    day: dt.date
    written: str
    start: int
    end: int


def day_in(line: str, *, points: bool = False) -> WrittenDay | None:
    """The first full day that a line names; None where it names none, or leaves it open.

    `points` says that numbers with points are day first.

    >>> [str(day_in(one).day) for one in ("Kiel, 31. März 2003", "May 5, 1921", "23/11/2021 |")]
    ['2003-03-31', '1921-05-05', '2021-11-23']
    >>> day_in("7.4.2021") is None, str(day_in("7.4.2021", points=True).day)
    (True, '2021-04-07')
    """
    for pattern in (_DAY_FIRST, _MONTH_FIRST, _NUMBERS):
        for match in pattern.finditer(line):
            month = _month(match["month"])
            day = month and make_day(int(match["year"]), month, int(match["day"]))
            open_ = pattern is _NUMBERS and int(match["day"]) <= 12
            open_ = open_ and not (points and match["mark"] == ".")
            if day and not open_:
                return WrittenDay(day, match[0], match.start(), match.end())
    return None


def _month(written: str) -> int | None:
    return int(written) if written.isdigit() else _MONTHS.get(written.casefold())
