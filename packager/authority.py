"""Authority files: the names as a library or an archive keeps them, record by record.

MARC 21 authority records (ISO 2709 or MARCXML), TEI (`authority_xml.py`), tables (CSV or TSV with
a line of headings), and the names.toml of another book. Files are read in a stream, in the memory
of one record; a record that cannot be read is told and passed over.
"""

from __future__ import annotations

import csv
import logging
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from pymarc import Record as MarcRecord
from pymarc.exceptions import PymarcException

from packager.authority_record import MOST, Record, bare, identifier, marc_record
from packager.authority_xml import xml_records
from packager.errors import InputError
from packager.findings import Report
from packager.names import KINDS, read_names

LONGEST = 99_999
"""Bytes of a record by ISO 2709, and of a line of a table."""
_END = b"\x1d"
_COLUMNS = {
    "heading": ("heading", "name", "authorised form", "authorized form", "preferred name"),
    "kind": ("kind", "type"),
    "variants": ("variants", "variant", "see from", "used for", "other names"),
    "sort": ("sort", "sort key"),
    "years": ("years", "dates", "life dates"),
    "office": ("office", "offices", "title"),
    "authority": ("authority", "uri", "url", "identifier", "id"),
    "viaf": ("viaf",),
    "wikidata": ("wikidata",),
    "gnd": ("gnd",),
    "isni": ("isni",),
}
"""The columns of a table that are known, by any of these headings."""
_SAID_KINDS = {
    "personal name": "person",
    "people": "person",
    "geographic name": "place",
    "organization": "organisation",
    "corporate name": "organisation",
    "corporate body": "organisation",
    "topic": "subject",
}


def read_authorities(paths: Iterable[Path], report: Report) -> Iterator[Record]:
    """The records of authority files, in the order of the files.

    Raises `InputError` for a file that cannot be opened or is of no known form, `CollectionError`
    for a wrong names.toml; records that cannot be read are warnings in `report`.
    """
    for path in paths:
        yield from _records(path, report)


def _records(path: Path, report: Report) -> Iterator[Record]:
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as fault:
        raise InputError(f"{path}: cannot be opened: {fault.strerror}") from fault
    if path.suffix == ".toml":
        return _of_book(path)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<") or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return xml_records(path, report)
    if head[:5].isdigit() and head[10:12] == b"22":
        return _marc(path, report)
    if path.suffix.lower() in (".mrc", ".marc"):
        return _marc(path, report)
    return _table(path, report)


def _of_book(path: Path) -> Iterator[Record]:
    """The headings of another book's names.toml."""
    for name in read_names(path):
        if not name.skip and name.see is None:
            yield Record(
                name.name,
                name.kind,
                name.variants,
                name.sort,
                name.years,
                name.offices,
                name.authority,
            )


def _marc(path: Path, report: Report) -> Iterator[Record]:
    logging.getLogger("pymarc").setLevel(logging.CRITICAL)
    for number, data in enumerate(_ended(path), 1):
        try:
            record = _marc_record(data)
        except ValueError as fault:
            report.warn("authority-record", f"{path.name}#{number}", f"not taken: {fault}")
            continue
        if record:
            yield record


def _ended(path: Path) -> Iterator[bytes]:
    """The records of ISO 2709, each with the mark that ends it; of one that is too long only its
    beginning."""
    rest = b""
    with path.open("rb") as file:
        while chunk := file.read(1 << 16):
            *whole, rest = (rest + chunk).split(_END)
            yield from (one.lstrip(b"\r\n\0 ") + _END for one in whole if one.strip(b"\r\n\0 "))
            rest = rest[: LONGEST + 1]
    if rest.strip(b"\r\n\0 \x1a"):
        yield rest


def _marc_record(data: bytes) -> Record | None:
    if len(data) > LONGEST:
        raise ValueError(f"over {LONGEST:,} bytes")
    if not data.endswith(_END):
        raise ValueError("the end of the record is missing")
    if data[6:7] != b"z":
        raise ValueError("no authority record (leader 06 is not z)")
    try:
        with warnings.catch_warnings(action="ignore"):  # a bad subfield is none of ours
            read = MarcRecord(data=data, to_unicode=True, utf8_handling="replace")
    except (PymarcException, ArithmeticError, LookupError, TypeError, AttributeError) as fault:
        said = str(fault) or type(fault).__name__
        raise ValueError(f"damaged: {said}") from fault
    fields: list[tuple[str, str, list[tuple[str, str]]]] = []
    for field in read.fields:
        if not field.control_field:
            parts = [(part.code, part.value) for part in field.subfields]
            fields.append((field.tag, field.indicator1, parts))
    return marc_record(fields)


def _table(path: Path, report: Report) -> Iterator[Record]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        try:
            head = text.readline(LONGEST)
            delimiter = max("\t;,", key=head.count)
            names = [
                name.strip().casefold() for name in next(csv.reader([head], delimiter=delimiter))
            ]
            columns = {
                key: names.index(name)
                for key, known in _COLUMNS.items()
                for name in reversed(known)
                if name in names
            }
        except (UnicodeDecodeError, csv.Error, StopIteration):
            columns = {}
        if "heading" not in columns:
            raise InputError(
                f"{path}: no authority file that is known",
                hint="MARC 21, MARCXML, TEI, names.toml, or UTF-8 CSV/TSV with a column 'heading'",
            )
        yield from _rows(path, text, delimiter, columns, report)


def _rows(
    path: Path, text: IO[str], delimiter: str, columns: Mapping[str, int], report: Report
) -> Iterator[Record]:
    rows = csv.reader(_lines(text), delimiter=delimiter)
    number = 1
    while True:
        number += 1
        try:
            cells = next(rows)
            if not any(cell.strip() for cell in cells):
                continue
            record = _row({key: cells[n] for key, n in columns.items() if n < len(cells)})
        except StopIteration:
            return
        except UnicodeDecodeError as fault:
            raise InputError(f"{path}: not UTF-8", hint="save it as UTF-8 text") from fault
        except (ValueError, csv.Error) as fault:
            report.warn("authority-record", f"{path.name}:{number}", f"not taken: {fault}")
            continue
        yield record


def _lines(text: IO[str]) -> Iterator[str]:
    """The lines of a table, each of a bounded length: what is beyond is a line of its own."""
    return iter(lambda: text.readline(LONGEST), "")


def _row(cells: Mapping[str, str]) -> Record:
    heading = bare(cells.get("heading"))
    if not heading:
        raise ValueError("the record has no heading")
    said = bare(cells.get("kind")).casefold() or KINDS[0]
    kind = _SAID_KINDS.get(said, said)
    if kind not in KINDS:
        raise ValueError(f"unknown kind '{said}'. Known: {', '.join(KINDS)}")
    known = [identifier(key, cells.get(key, "")) for key in ("viaf", "wikidata", "gnd", "isni")]
    return Record(
        heading,
        kind,
        _several(cells.get("variants")),
        bare(cells.get("sort")),
        bare(cells.get("years")),
        _several(cells.get("office")),
        tuple(dict.fromkeys(filter(None, (*_several(cells.get("authority")), *known)))),
    )


def _several(cell: str | None) -> tuple[str, ...]:
    """What a cell lists, parted by "|", or by ";" where there is none."""
    parts = (cell or "").split("|" if "|" in (cell or "") else ";")
    return tuple(dict.fromkeys(filter(None, map(bare, parts))))[:MOST]
