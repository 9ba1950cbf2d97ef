"""A table beside saved texts that says of each file who spoke when: `index-*.csv` and the like.

A CSV or TSV file of the same folder is taken when one of its columns, or two that stand side by
side ("22nd", "2nd" for `22-2.txt`), name at least `FEWEST` of the folder's files, each once. Its
columns are read as those of any table (`table_mapping`); where none is called a date, the first
column counts whose cells all begin with a day.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePath

from packager.dates import Date
from packager.readers.source import Source
from packager.readers.table_json import Fault
from packager.readers.table_mapping import Stated as Nothing
from packager.readers.table_mapping import column_names, guess_columns
from packager.readers.table_rows import open_table
from packager.readers.table_values import date_value, words_value
from packager.readers.text import one_day_of

LIMIT = 8 * 1024 * 1024
"""Bytes of the largest side table that is opened; an index of 10,000 speeches has about 1 MB."""
FEWEST = 2
"""Files that a column must name before it is believed."""

_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th|º|ª|\.)?", re.IGNORECASE)
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})\b(?!\s+[-–])")  # no range of days

Row = Mapping[str, str]


@dataclass(frozen=True)
class Stated:
    """What a side table says of one file."""

    values: Mapping[str, str]
    date: Date | None
    table: str


def find_row(source: Source) -> Stated | None:
    """What a table beside the file states of it; None where there is no table or no row."""
    if source.inner is not None:
        return None
    folder = source.path.parent
    try:
        tables = sorted(
            path
            for path in folder.iterdir()
            if path.suffix.lower() in (".csv", ".tsv") and path.stat().st_size <= LIMIT
        )
        stamps = tuple((path, path.stat().st_mtime_ns) for path in tables)
    except OSError:
        return None
    rows = (_index(path, stamp).get(_key(source.path.name)) for path, stamp in stamps)
    found = [row for row in rows if row]
    return next((row for row in found if row.date), found[0] if found else None)


@lru_cache(maxsize=8)
def _index(table: Path, stamp: int) -> Mapping[str, Stated]:
    """The rows of a side table by the files that they name; empty where it is none."""
    rows = _rows(table)
    if not rows:
        return {}
    files = {
        _key(path.name)
        for path in table.parent.iterdir()
        if path.suffix.lower() not in (".csv", ".tsv", ".toml")
    }
    names = column_names(rows)
    choices: list[list[str]] = [[_key(row.get(name, "")) for row in rows] for name in names]
    choices += [
        [_pair(row.get(first, ""), row.get(second, "")) for row in rows]
        for first, second in itertools.pairwise(names)
    ]
    keys = max(choices, key=lambda choice: len(files & set(choice)))
    met = files & set(keys)
    if len(met) < min(FEWEST, len(files)) or not met:
        return {}
    columns = guess_columns(rows, Nothing()).of
    dates = columns.get("date") or _date_column(rows, names)
    return {
        key: _stated(row, columns, dates, table.name)
        for key, row in zip(keys, rows, strict=True)
        if key in met and keys.count(key) == 1
    }


def _rows(table: Path) -> list[Row]:
    try:
        with open_table(Source(table, table.name), "csv", Nothing()) as opened:
            return [
                {name: str(value or "") for name, value in row.items()}
                for _, row in opened.rows
                if not isinstance(row, Fault)
            ]
    except OSError:
        return []


def _key(name: str) -> str:
    """A file's name as tables write it: without folder and ending, in small letters."""
    name = PurePath(name.strip().replace("\\", "/")).name.casefold()
    return re.sub(r"\.(?:txt|text|md|html?)$", "", name)


def _pair(first: str, second: str) -> str:
    """Two ordinals as the name of a file: "22nd" and "2nd" name `22-2`."""
    one, two = _ORDINAL.fullmatch(first.strip()), _ORDINAL.fullmatch(second.strip())
    return f"{one[1]}-{two[1]}" if one and two else ""


def _date_column(rows: Sequence[Row], names: Sequence[str]) -> tuple[str, ...]:
    for name in names:
        cells = [cell for row in rows if (cell := row.get(name, "").strip())]
        days = [cell for cell in cells if _DAY.match(cell)]
        if cells and len(days) > len(rows) / 2 and len(days) >= len(cells) * 0.9:
            return (name,)
    return ()


def _stated(
    row: Row, columns: Mapping[str, tuple[str, ...]], dates: tuple[str, ...], table: str
) -> Stated:
    values = {
        field: words
        for field, names in columns.items()
        for name in names
        if field not in ("text", "date", "id") and (words := words_value(row.get(name)))
    }
    for name in dates:
        cell = row.get(name, "").strip()
        match = _DAY.match(cell)
        if date := date_value(match[1] if match else cell):
            return Stated(values, one_day_of(date, cell, f"from {table}, column '{name}'"), table)
    return Stated(values, None, table)
