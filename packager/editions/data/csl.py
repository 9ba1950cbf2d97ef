"""CSL-JSON: one item of type `speech` a document, for Zotero, pandoc and citation processors.

The names are those of the CSL 1.0.2 schema (csl-data.json). CSL has no field for an archived
copy: `URL` is the address that the page had, `accessed` the day of its capture.
"""

from __future__ import annotations

import json

from packager.book import Book
from packager.citable import Citable, citables


def write(*volumes: Book) -> bytes:
    """The book's documents as CSL-JSON, in UTF-8."""
    items = [_item(one) for one in citables(*volumes)]
    return (json.dumps(items, ensure_ascii=False, indent=2) + "\n").encode()


def _item(one: Citable) -> dict[str, object]:
    note = f"{one.standing}. Date: {one.shown}" if one.shown else one.standing
    item = {
        "id": one.key,
        "type": "speech",
        "title": one.title,
        "author": [{"literal": one.speaker}] if one.speaker else None,
        "genre": one.kind,
        "event-title": one.occasion,
        "event-place": one.place,
        "issued": _date(one.since, one.until),
        "container-title": one.outlet,
        "URL": one.url,
        "accessed": _date(one.accessed, one.accessed),
        "language": one.language,
        "number": str(one.number),
        "note": note,
    }
    return {name: value for name, value in item.items() if value is not None}


def _date(since: str | None, until: str | None) -> dict[str, list[list[int]]] | None:
    """A CSL date: one row of numbers, or two for a span."""
    if since is None or until is None:
        return None
    rows = [since] if since == until else [since, until]
    return {"date-parts": [[int(part) for part in row.split("-")] for row in rows]}
