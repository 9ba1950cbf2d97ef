"""Dates: what a page proves becomes one day; what it does not prove stays open; with the reason."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from packager.dates import (
    MONTH_NAMES,
    Date,
    Proof,
    long_date,
    one_day,
    read_date,
    resolve_numbers,
    shown_date,
)

DAYS = st.dates(min_value=dt.date(1000, 1, 1), max_value=dt.date(9998, 12, 31))


def dateline(day: dt.date, *, year: bool = False) -> Proof:
    named = f"the dateline ({MONTH_NAMES[day.month - 1]} {day.day})"
    return Proof(day.month, day.day, named, day.year if year else None)


def slashed(day: dt.date, *, month_first: bool = False) -> str:
    first, second = (day.month, day.day) if month_first else (day.day, day.month)
    return f"{first:02d}/{second:02d}/{day.year:04d}"


def resolved(written: str, *days: dt.date, not_after: dt.date | None = None) -> Date:
    date = resolve_numbers(written, proofs=[dateline(day) for day in days], not_after=not_after)
    assert date is not None
    return date


# --- what a line states by itself ----------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "edtf"),
    [
        ("2021-04-07", "2021-04-07"),
        ("2021-4-7", "2021-04-07"),
        ("2021.4.7.", "2021-04-07"),
        ("2021/04/07", "2021-04-07"),
        ("7 April 2021", "2021-04-07"),
        ("7th of April, 2021", "2021-04-07"),
        ("1st May 2021", "2021-05-01"),
        ("April 7, 2021", "2021-04-07"),
        ("Apr. 7 2021", "2021-04-07"),
        ("Sept 3, 2021", "2021-09-03"),
        ("  7   April\n2021 ", "2021-04-07"),
        ("(7 APRIL 2021)", "2021-04-07"),
        ("2021년 4월 7일", "2021-04-07"),
        ("2021年4月7日", "2021-04-07"),
        ("25.12.2020", "2020-12-25"),
        ("12/25/2020", "2020-12-25"),
        ("05/05/2020", "2020-05-05"),
        ("07/04/2021", "[2021-04-07,2021-07-04]"),
        ("April 2021", "2021-04"),
        ("Feb, 2020", "2020-02"),
        ("2021-04", "2021-04"),
        ("2021", "2021"),
    ],
)
def test_date_of_a_line(written: str, edtf: str) -> None:
    date = read_date(written)
    assert date is not None
    assert (date.written, date.edtf) == (written, edtf)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "last Tuesday",
        "Smarch 7, 2021",
        "2021-13-01",
        "2021-02-29",
        "2021-00-10",
        "31 April 2021",
        "31/02/2021",
        "32/13/2021",
        "00/00/2021",
        "2021-13",
        "0000",
        "1 April",
        "around 1950",
    ],
)
def test_no_date(written: str) -> None:
    assert read_date(written) is None


@pytest.mark.parametrize(
    ("written", "earliest", "latest", "reason"),
    [
        ("February 2020", "2020-02-01", "2020-02-29", "only month and year are stated"),
        ("1950", "1950-01-01", "1950-12-31", "only the year is stated"),
        (
            "07/04/2021",
            "2021-04-07",
            "2021-07-04",
            "order of day and month not proved by the page",
        ),
        ("7 April 2021", "2021-04-07", "2021-04-07", None),
    ],
)
def test_first_and_last_possible_day(
    written: str, earliest: str, latest: str, reason: str | None
) -> None:
    date = read_date(written)
    assert date is not None
    assert (date.earliest, date.latest, date.reason) == (earliest, latest, reason)
    assert date.exact == (earliest == latest)


@given(day=DAYS)
def test_every_day_that_is_written_out_is_read(day: dt.date) -> None:
    name = MONTH_NAMES[day.month - 1]
    for written in (
        day.isoformat(),
        f"{day.day} {name} {day.year}",
        f"{name} {day.day}, {day.year}",
        f"{day.day} {name[:3]}. {day.year}",
        long_date(day.isoformat()),
    ):
        assert read_date(written) == one_day(day, written)


@given(text=st.text(max_size=30))
def test_any_line_is_a_date_in_order_or_none(text: str) -> None:
    date = read_date(text)
    if date is not None:
        assert dt.date.fromisoformat(date.earliest) <= dt.date.fromisoformat(date.latest)
        assert date.written == text


@given(numbers=st.from_regex(r"[0-9]{1,2}[/.\-][0-9]{1,2}[/.\-][0-9]{4}", fullmatch=True))
def test_any_numbers_are_a_date_in_order_or_none(numbers: str) -> None:
    date = read_date(numbers)
    if date is not None:
        assert date.earliest <= date.latest
        assert shown_date(date)


# --- numbers whose order must be proved ----------------------------------------------------

APRIL, JULY = dt.date(2021, 4, 7), dt.date(2021, 7, 4)


def test_dateline_proves_the_day_first() -> None:
    date = resolved("07/04/2021", APRIL)
    assert date.edtf == "2021-04-07"
    assert date.reason == "day first: proved by the dateline (April 7)"


def test_dateline_proves_the_month_first() -> None:
    date = resolved("07/04/2021", JULY)
    assert date.edtf == "2021-07-04"
    assert date.reason == "month first: proved by the dateline (July 4)"


def test_calendar_allows_one_reading_only() -> None:
    date = resolved("14/03/2019")
    assert date.edtf == "2019-03-14"
    assert date.reason == "day first: the calendar allows no other reading"
    assert resolved("03/14/2019").reason == "month first: the calendar allows no other reading"


def test_juche_year_proves() -> None:
    proof = Proof(4, 7, "the Juche date (Juche 110.4.7)", 2021)
    date = resolve_numbers("07/04/2021", proofs=[proof])
    assert date is not None
    assert date.reason == "day first: proved by the Juche date (Juche 110.4.7)"


def test_proof_of_another_year_proves_nothing() -> None:
    proof = Proof(4, 7, "the Juche date (Juche 100.4.7)", 2011)
    date = resolve_numbers("07/04/2021", proofs=[proof])
    assert date is not None
    assert date.edtf == "[2021-04-07,2021-07-04]"


def test_second_proof_stands_in_for_a_first_that_is_far() -> None:
    date = resolved("07/04/2021", dt.date(2021, 10, 1), APRIL)
    assert date.edtf == "2021-04-07"


def test_capture_proves_when_the_other_day_was_still_to_come() -> None:
    date = resolved("07/04/2021", not_after=dt.date(2021, 5, 1))
    assert date.edtf == "2021-04-07"
    assert date.reason == "day first: the other reading lies after the capture of 2021-05-01"


@pytest.mark.parametrize("not_after", [dt.date(2021, 7, 4), dt.date(2025, 1, 1)])
def test_late_capture_proves_nothing(not_after: dt.date) -> None:
    assert resolved("07/04/2021", not_after=not_after).edtf == "[2021-04-07,2021-07-04]"


def test_capture_before_both_proves_nothing() -> None:
    date = resolved("07/04/2021", not_after=dt.date(2021, 1, 1))
    assert date.edtf == "[2021-04-07,2021-07-04]"


def test_without_proof_both_days_stay() -> None:
    date = resolved("07/04/2021")
    assert date.edtf == "[2021-04-07,2021-07-04]"
    assert not date.exact
    assert date.reason == "order of day and month not proved by the page"


def test_dateline_far_from_both_proves_nothing() -> None:
    assert resolved("07/04/2021", dt.date(2021, 10, 1)).edtf == "[2021-04-07,2021-07-04]"


@pytest.mark.parametrize(
    ("written", "day", "edtf", "reason"),
    [
        (
            "09/10/2020",
            dt.date(2020, 10, 8),
            "2020-10-08",
            "the day of the dateline (October 8); the page's 09/10/2020 read day first, which it "
            "proves, is 1 day later",
        ),
        (
            "02/01/2021",
            dt.date(2020, 12, 31),
            "2020-12-31",
            "the day of the dateline (December 31); the page's 02/01/2021 read day first, which "
            "it proves, is 2 days later",
        ),
        (
            "01/01/2021",
            dt.date(2020, 12, 31),
            "2020-12-31",
            "the day of the dateline (December 31); the page's 01/01/2021 is 1 day later",
        ),
        (
            "20/01/2021",
            dt.date(2021, 1, 18),
            "2021-01-18",
            "the day of the dateline (January 18); the page's 20/01/2021 is 2 days later",
        ),
        (
            "31/12/2020",
            dt.date(2021, 1, 1),
            "2021-01-01",
            "the day of the dateline (January 1); the page's 31/12/2020 is 1 day earlier",
        ),
    ],
)
def test_dateline_a_few_days_off_is_the_day_of_the_speech(
    written: str, day: dt.date, edtf: str, reason: str
) -> None:
    date = resolved(written, day)
    assert (date.edtf, date.reason) == (edtf, reason)


def test_leap_day_in_a_dateline() -> None:
    assert resolved("02/03/2020", dt.date(2020, 2, 29)).edtf == "2020-02-29"
    assert resolved("02/03/2021", dt.date(2020, 2, 29)).edtf == "[2021-02-03,2021-03-02]"


@pytest.mark.parametrize("written", ["31/02/2021", "30/02/2020", "32/01/2021", "00/01/2021", "x"])
def test_impossible_numbers_are_no_date(written: str) -> None:
    assert resolve_numbers(written) is None


@pytest.mark.parametrize("written", ["01/01/0001", "01/02/0001", "31/12/9999", "12/11/9999"])
def test_ends_of_the_calendar(written: str) -> None:
    for day in (dt.date(2020, 1, 1), dt.date(2020, 12, 31), dt.date(2020, 12, 25)):
        assert resolve_numbers(written, proofs=[dateline(day)]) is not None


@given(day=DAYS, month_first=st.booleans())
def test_a_dateline_of_the_day_gives_the_day_in_either_order(
    day: dt.date, month_first: bool
) -> None:
    date = resolved(slashed(day, month_first=month_first), day)
    assert date.edtf == day.isoformat()


@given(day=DAYS, gap=st.integers(min_value=1, max_value=7))
def test_a_dateline_some_days_before_gives_its_own_day(day: dt.date, gap: int) -> None:
    spoken = day - dt.timedelta(days=gap)
    assert resolved(slashed(day), spoken).edtf == spoken.isoformat()


@given(day=DAYS)
def test_never_one_day_out_of_two_without_a_proof(day: dt.date) -> None:
    assume(day.day <= 12 and day.day != day.month)
    date = resolved(slashed(day))
    assert not date.exact
    swapped = dt.date(day.year, day.day, day.month)
    assert date.edtf == "[{},{}]".format(*sorted((day.isoformat(), swapped.isoformat())))


@given(day=DAYS, other=DAYS)
def test_an_exact_day_is_near_the_dateline_or_the_only_reading(
    day: dt.date, other: dt.date
) -> None:
    date = resolved(slashed(day), other)
    readings = {day}
    if day.day <= 12:
        readings.add(dt.date(day.year, day.day, day.month))
    if date.exact and len(readings) == 2:
        found = dt.date.fromisoformat(date.edtf)
        assert (found.month, found.day) == (other.month, other.day)
        assert min(abs((found - reading).days) for reading in readings) <= 7


@given(day=DAYS, days=st.integers(min_value=0, max_value=4000))
def test_a_capture_never_decides_for_a_day_after_it(day: dt.date, days: int) -> None:
    assume(day.day <= 12)
    captured = day + dt.timedelta(days=days) if days < 300 else day
    date = resolved(slashed(day), not_after=captured)
    if date.exact and day.day != day.month:
        assert date.edtf <= captured.isoformat()


# --- shown and kept ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2021-04-07", "7 April 2021"),
        ("07/04/2021", "7 April 2021 or 4 July 2021"),
        ("May 2020", "May 2020"),
        ("1950", "1950"),
        ("0950", "950"),
    ],
)
def test_date_as_a_book_prints_it(written: str, shown: str) -> None:
    assert shown_date(read_date(written)) == shown


def test_range_and_no_date_as_a_book_prints_them() -> None:
    span = Date("6 to 8 April", "2021-04-06/2021-04-08", "2021-04-06", "2021-04-08")
    assert shown_date(span) == "6 April 2021 to 8 April 2021"
    assert shown_date(None) == "undated"


@given(
    written=st.text(max_size=20),
    day=DAYS,
    more=st.integers(min_value=0, max_value=99),
    reason=st.none() | st.text(max_size=20),
)
def test_date_comes_back_from_json(
    written: str, day: dt.date, more: int, reason: str | None
) -> None:
    latest = (day + dt.timedelta(days=more)).isoformat()
    date = Date(written, f"{day.isoformat()}/{latest}", day.isoformat(), latest, reason)
    assert Date.from_json(date.to_json()) == date


@pytest.mark.parametrize("key", ["earliest", "latest"])
def test_json_of_a_day_that_is_none_is_refused(key: str) -> None:
    data = one_day(APRIL, "x").to_json() | {key: "2021-02-30"}
    with pytest.raises(ValueError):
        Date.from_json(data)


# --- dates that other programs wrote -------------------------------------------------------

parts = st.text("0123456789XY?~%-", min_size=4, max_size=10)
separators = st.sampled_from([",", "/", "..", ",,"])
edtf = st.one_of(
    st.lists(parts, min_size=1, max_size=3).flatmap(
        lambda all_: separators.map(lambda mark: mark.join(all_))
    ),
    st.sampled_from(
        ["2021-04..2021-05", "2021-04,2021-05", "20XX", "2021-4X", "2021-99", "2021-21"]
    ),
    st.lists(DAYS.map(dt.date.isoformat), min_size=1, max_size=3).map(",".join),
)


@given(edtf=edtf, brackets=st.sampled_from(["{}", "[{}]", "[{}", "{}]"]))
def test_date_of_json_is_refused_or_can_be_printed(edtf: str, brackets: str) -> None:
    data = {
        "written": "then",
        "edtf": brackets.format(edtf),
        "earliest": "2021-04-01",
        "latest": "2021-05-31",
    }
    try:
        date = Date.from_json(data)
    except ValueError:
        return
    assert shown_date(date).strip()
    assert Date.from_json(date.to_json()) == date


@pytest.mark.parametrize(
    ("edtf", "shown"),
    [
        ("[2021-04..2021-05]", "between 1 April 2021 and 31 May 2021"),
        ("[2021-04,2021-05]", "between 1 April 2021 and 31 May 2021"),
        ("[2021-04-01,2021-05-31]", "1 April 2021 or 31 May 2021"),
        ("2021-04/2021-05", "1 April 2021 to 31 May 2021"),
        ("20XX", "1 April 2021 to 31 May 2021"),
    ],
)
def test_date_of_json_as_a_book_prints_it(edtf: str, shown: str) -> None:
    data = {"written": "then", "edtf": edtf, "earliest": "2021-04-01", "latest": "2021-05-31"}
    assert shown_date(Date.from_json(data)) == shown


@pytest.mark.parametrize("edtf", ["[2021-02-30,2021-05-31]", "[2021-04-01", "2021]", "then", ""])
def test_date_of_json_that_is_none(edtf: str) -> None:
    data = {"written": "then", "edtf": edtf, "earliest": "2021-04-01", "latest": "2021-05-31"}
    with pytest.raises(ValueError):
        Date.from_json(data)
