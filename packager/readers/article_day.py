"""The day of a page's text: over its words, by its site's profile, stated, or shown at the title.

A dateline within a week of the page's day is the speech's own day; what nothing states stays
unknown.
"""

from __future__ import annotations

import re

from packager.dates import Date, make_day, one_day, read_date
from packager.readers.agency import Dateline, juche_proof
from packager.readers.article_blocks import Built
from packager.readers.article_frame import Stand
from packager.readers.profiles import Profile
from packager.readers.structured import Stated

_NEAR = 7
"""Days between a dateline and the stated publication that still make one event."""


def written_date(written: str | None, profile: Profile) -> Date | None:
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


def written_place(written: str | None) -> str | None:
    """The place of "Marrowby, 14 March 2019"."""
    found = re.match(r"([^\W\d][^,\d|]{1,40}), ?\d", written or "")
    return found[1] if found else None


def day_of(
    stated: Stated, built: Built, title: str, said: Date | None, seen: Date | None
) -> Date | None:
    """The day over the words, else the one said by a profile, the stated one, the one that is
    shown; a dateline within a week is the speech's own day."""
    date = said or (read_date(stated.date) if stated.date else None)
    if seen and (date is None or (stated.weak and seen.earliest < date.earliest)):
        date = seen
    if own := _own_day(date, built.stand):
        return own
    dateline = built.framed.dateline
    if dateline is None:
        return date
    words = "\n".join(block.text for block in built.framed.blocks)
    proof = juche_proof(f"{title}\n{words}")
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
