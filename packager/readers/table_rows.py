"""The records of a table file, one after another: CSV, TSV, JSON, JSON lines, Parquet.

Every form is read in a stream: the memory is that of one record and the first `SAMPLE`. A
record that cannot be read comes out as a `Fault` with its number; where the file is damaged
beyond it, the fault is the last that comes out.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from packager.errors import InputError
from packager.readers.source import HEAD_SIZE, PAGE_LIMIT, Source, decode
from packager.readers.table_json import SAMPLE, Fault, Row, json_table, jsonl_rows
from packager.readers.table_mapping import FIELDS, Record, Stated, known_columns

SNIFFED = 256 * 1024
"""Bytes from which an encoding that is not UTF-8 is found."""
DELIMITERS = ",;\t|"
LINES = (".jsonl", ".ndjson")
"""Endings of the names of JSON lines, whatever their first line is."""

_JSON_START = re.compile(rb"\s*(?:\[\s*\{|\{\s*\")")
_JSON_RECORD = re.compile(rb"\s*\{\s*\"")


@dataclass(frozen=True)
class Table:
    """A table that is open: its form, its rows from 1, how its bytes were read.

    `inherited` are the plain values that stand beside the list of records in JSON.
    """

    form: str
    rows: Iterator[Row]
    encoding: str = "utf-8"
    guessed: bool = False
    inherited: Record | None = None


def _cells(line: str, delimiter: str) -> list[str]:
    """The cells of one line; none where it is no line of a table."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def form_of(head: bytes, name: str) -> str | None:
    """The form of table that these first bytes are, or None: `csv`, `json`, `jsonl`, `parquet`.

    >>> form_of(b'{"title": "x", "text": "y"}', "a.jsonl"), form_of(b"Friends, ...", "a.txt")
    ('jsonl', None)
    """
    suffix = Path(re.sub(r"\.(?:gz|zst|zip|bz2|xz|lz4)(?=$|#)", "", name).split("#")[0]).suffix
    suffix = suffix.lower()
    if head.startswith(b"PAR1"):
        return "parquet"
    start = head.removeprefix(codecs.BOM_UTF8)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = decode(head[: len(head) // 2 * 2]).text.encode()
    if suffix in LINES:
        return "jsonl"
    if _JSON_START.match(start):
        return "jsonl" if suffix != ".json" and _is_lines(start) else "json"
    if suffix in (".csv", ".tsv", ".tab"):
        return "csv"
    return "csv" if suffix in (".txt", "") and _has_header(start) else None


def _is_lines(start: bytes) -> bool:
    """True where a whole object stands on the first line, or the line is too long to tell."""
    line, newline, rest = start.lstrip().partition(b"\n")
    if not line.startswith(b"{"):
        return False
    if not newline:
        return len(start) >= HEAD_SIZE
    try:
        json.loads(line)
    except ValueError:
        return False
    return not rest.strip() or bool(_JSON_RECORD.match(rest))


def _has_header(start: bytes) -> bool:
    """True where the first line is a header that names a text and something beside it."""
    line = decode(start.partition(b"\n")[0]).text
    for delimiter in DELIMITERS:
        names = _cells(line, delimiter)
        words = {name.strip().casefold() for name in names}
        if len(names) > 1 and known_columns(names) == len(names) and words & {*FIELDS["text"]}:
            return True
    return False


@contextmanager
def open_table(source: Source, form: str, stated: Stated) -> Iterator[Table]:
    """The table of a source; raises `InputError` where it cannot be opened at all."""
    with source.open() as file:
        if form == "parquet":
            yield Table("Parquet", _parquet_rows(file))
            return
        encoding, guessed = _encoding(file, stated.encoding)
        if form == "json":
            inherited, rows = json_table(file, encoding)
            yield Table("JSON", rows, encoding, guessed, inherited)
            return
        text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
        try:
            if form == "jsonl":
                yield Table("JSON lines", jsonl_rows(text), encoding, guessed)
            else:
                delimiter = stated.delimiter or _delimiter(source, text)
                form = "TSV" if delimiter == "\t" else "CSV"
                yield Table(form, _csv_rows(text, delimiter), encoding, guessed)
        finally:
            text.detach()


def _encoding(file: IO[bytes], stated: str | None) -> tuple[str, bool]:
    """The encoding of the whole file, and whether it had to be found; the file is rewound."""
    start = file.read(4)
    file.seek(0)
    if stated:
        return ("utf-8-sig" if stated.lower() in ("utf-8", "utf8") else stated), False
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", False
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(1 << 20):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        file.seek(0)
        sample = file.read(SNIFFED)
        encoding = decode(sample).encoding
        if encoding == "utf-8":  # the fault stands behind the sample
            encoding = "cp1252"
        file.seek(0)
        return encoding, True
    file.seek(0)
    return "utf-8-sig", False


# --- CSV and TSV ---------------------------------------------------------------------------


class _Lines:
    """The lines of a text file for the csv module, bounded, the raw record kept for a moment."""

    def __init__(self, text: IO[str]) -> None:
        self.text = text
        self.record: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.text.readline(PAGE_LIMIT + 1)
        if not line:
            raise StopIteration
        if len(line) > PAGE_LIMIT:
            raise csv.Error("a line is longer than a record may be")
        self.record.append(line)
        return line


def _delimiter(source: Source, text: IO[str]) -> str:
    """The sign between the columns: a tab by the file's name, else what parts the header best."""
    if source.path.suffix.lower() in (".tsv", ".tab"):
        return "\t"
    line = text.readline(HEAD_SIZE)
    text.seek(0)

    def worth(delimiter: str) -> tuple[int, int]:
        names = _cells(line, delimiter)
        return known_columns(names), len(names)

    return max(DELIMITERS, key=worth)


def _csv_rows(text: IO[str], delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(PAGE_LIMIT)
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter)
    names: list[str] | None = None
    number = 0
    while True:
        lines.record.clear()
        at = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield (
                number + 1,
                Fault(
                    f"line {at}: {error}; the rest was not read",
                    "look for a quotation mark that is not closed",
                ),
            )
            return
        if not cells:
            continue
        if names is None:
            names = _unique([name.strip() for name in cells])
            continue
        number += 1
        if len(lines.record) > 1 and sum(line.count('"') for line in lines.record) % 2:
            yield (
                number,
                Fault(
                    f"line {at}: a quotation mark is opened and never closed; "
                    "the rest was not read",
                    "close it, or write it twice inside a cell",
                ),
            )
            return
        if len(cells) > len(names):
            fault = f"line {at}: {len(cells)} cells for {len(names)} columns"
            yield number, Fault(fault, "put cells that hold the delimiter in quotation marks")
            continue
        yield number, dict(zip(names, cells, strict=False))


def _unique(names: list[str]) -> list[str]:
    """Column names, each once: a second `text` is `text 2`, one without a name its number."""
    seen: dict[str, int] = {}
    out = []
    for n, name in enumerate(names, 1):
        name = name or f"column {n}"
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return out


# --- Parquet -------------------------------------------------------------------------------


def _parquet_rows(file: IO[bytes]) -> Iterator[Row]:
    """Rows by batches, so that one row group is not held whole."""
    load: Callable[[], Any] = _pyarrow
    parquet = load()
    try:
        batches = parquet.ParquetFile(file).iter_batches(batch_size=SAMPLE)
        records = itertools.chain.from_iterable(batch.to_pylist() for batch in batches)
        yield from enumerate(records, 1)
    except Exception as error:  # pyarrow raises errors of many kinds for damaged files
        yield 0, Fault(f"no Parquet file: {str(error)[:120]}", "the rest was not read")


def _pyarrow() -> Any:
    try:
        import pyarrow.parquet
    except ImportError:
        raise InputError("Parquet needs pyarrow", hint="pip install 'packager[parquet]'") from None
    return pyarrow.parquet
