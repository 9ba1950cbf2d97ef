"""RIS: one record a document, for EndNote, Zotero, Mendeley and library catalogues.

RIS knows no speech; `SLIDE` is what Zotero takes for a presentation, the nearest form with an
event. A name is written as it stands: a program that finds a comma in it may still split it,
against which RIS has no remedy. `DA` is YYYY/MM/DD/other; words follow where a date is not plain.
"""

from __future__ import annotations

from packager.book import Book
from packager.citable import Citable, citables


def write(*volumes: Book) -> bytes:
    """The book's documents as RIS records, in UTF-8, lines ended as RIS asks (CR LF)."""
    return "\r\n".join(_record(one) for one in citables(*volumes)).encode()


def _record(one: Citable) -> str:
    year = one.since[:4] if one.since and one.since[:4] == (one.until or "")[:4] else None
    fields = (
        ("TY", "SLIDE"),
        ("ID", one.key),
        ("AU", one.speaker),
        ("TI", one.title),
        ("M3", one.kind),
        ("T2", one.occasion),
        ("CY", one.place),
        ("PY", year),
        ("DA", _date(one)),
        ("PB", one.outlet),
        ("UR", one.url),
        ("Y2", one.accessed.replace("-", "/") if one.accessed else None),
        ("LA", one.language),
        ("M1", str(one.number)),
        ("N1", one.standing),
    )
    lines = [f"{tag}  - {value}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def _date(one: Citable) -> str | None:
    """The date as far as it is one, then in words what it is."""
    if one.since is None and one.shown is None:
        return None
    parts = (one.since or "").split("-") if one.since == one.until else []
    year, month, day = (*parts, "", "", "")[:3]
    return f"{year}/{month}/{day}/{one.shown or ''}"
