"""Records of JSON and JSON lines, in a stream; and what any form of table gives: rows and faults.

Accepts a list of records, an object around one (the largest list whose records have a text), an
object that is one record, and one object a line. Refuses nesting beyond `DEPTH`.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import ijson

from packager.readers.source import PAGE_LIMIT
from packager.readers.table_mapping import Record, Stated, guess_columns

SAMPLE = 200
"""Records that are looked at to guess the columns."""
DEPTH = 64
"""Nesting of JSON that is followed."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A record that cannot be read: what is wrong, and what to do."""

    message: str
    hint: str


Row = tuple[int, Record | Fault]


def jsonl_rows(text: IO[str]) -> Iterator[Row]:
    """A record a line; lines that are none come out as faults."""
    number = 0
    while line := text.readline(PAGE_LIMIT + 1):
        if not line.strip():
            continue
        number += 1
        if len(line) > PAGE_LIMIT:
            fault = "the line is longer than one record may be; the rest was not read"
            yield number, Fault(fault, "write one record a line")
            return
        yield number, _record_of(line)


def _record_of(line: str) -> Record | Fault:
    try:
        record = json.loads(line.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        return Fault(f"not JSON: {str(error)[:120]}", "write one JSON object a line")
    if not isinstance(record, dict):
        return Fault(f"{_named(record)}, not an object with columns", "write objects: {...}")
    return record


def _named(value: object) -> str:
    names = {list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def json_table(file: IO[bytes], encoding: str) -> tuple[Record | None, Iterator[Row]]:
    """What stands beside the list of records, and the records of it.

    The list is the file itself, or the one inside an object that holds most records of those
    with a text; an object that holds no such list is one record.
    """
    prefix, inherited = _find_list(file, encoding)
    if prefix is None:
        return None, iter([(1, inherited)])
    return inherited, _json_rows(file, encoding, f"{prefix}.item" if prefix else "item")


def _utf8(file: IO[bytes], encoding: str) -> Any:
    file.seek(0)
    if encoding == "utf-8-sig":
        if file.read(3) != codecs.BOM_UTF8:
            file.seek(0)
        return file
    return _Recoded(file, codecs.getincrementaldecoder(encoding)("replace"))


@dataclass(frozen=True, slots=True)
class _Recoded:
    """A file of another encoding as UTF-8, for a parser that reads bytes."""

    file: IO[bytes]
    decoder: codecs.IncrementalDecoder

    def read(self, size: int) -> bytes:
        """About so many bytes; none at the end."""
        while size:
            piece = self.file.read(size)
            text = self.decoder.decode(piece, final=not piece)
            if text or not piece:
                return text.encode("utf-8", "replace")
        return b""


def _events(file: IO[bytes], encoding: str) -> Iterator[tuple[str, Any]]:
    """The parser's events; ijson builds the path of each, so nesting must have an end."""
    depth = 0
    for event, value in ijson.basic_parse(_utf8(file, encoding), use_float=True):
        depth += (event in ("start_map", "start_array")) - (event in ("end_map", "end_array"))
        if depth > DEPTH:
            raise ijson.JSONError(f"nested deeper than {DEPTH}")
        yield event, value


def _find_list(file: IO[bytes], encoding: str) -> tuple[str | None, Record]:
    """The place of the list of records, None where there is none; and the plain values of the
    object around it, a whole object where it is one record itself."""
    if _is_list(file, encoding):
        return "", {}
    counts: dict[str, int] = {}
    samples: dict[str, list[dict[str, Any]]] = {}
    scalars: dict[str, dict[str, Any]] = {}
    lists: dict[str, list[Any]] = {}
    try:
        for prefix, event, value in ijson.parse(_events(file, encoding)):
            if event in ("start_array", "end_array", "end_map", "map_key"):
                continue
            above, _, name = prefix.rpartition(".")
            if event == "start_map":
                if name == "item":
                    counts[above] = counts.get(above, 0) + 1
                    if counts[above] <= SAMPLE:
                        samples.setdefault(above, []).append({})
            elif name == "item":
                held = lists.setdefault(above, [])
                if len(held) < SAMPLE * 50:
                    held.append(value)
            elif above.endswith("item") and (taken := above.rpartition(".")[0]) in counts:
                if counts[taken] <= SAMPLE:
                    samples[taken][-1][name] = value
            else:
                scalars.setdefault(above, {})[name] = value
    except ijson.JSONError:
        pass  # told with its place when the records are read
    worth = {at: counts[at] for at in counts if _has_text(samples[at])}
    if worth:
        best = max(worth, key=lambda at: worth[at])
        return best, scalars.get(best.rpartition(".")[0], {})
    whole = dict(scalars.get("", {}))
    whole |= {name: values for name, values in lists.items() if name and "." not in name}
    return (
        (None, whole)
        if _has_text([whole]) or not counts
        else (max(counts, key=counts.__getitem__), {})
    )


def _is_list(file: IO[bytes], encoding: str) -> bool:
    try:
        first = next(iter(ijson.basic_parse(_utf8(file, encoding))), ("", None))
    except ijson.JSONError:
        return False
    return bool(first[0] == "start_array")


def _has_text(sample: list[dict[str, Any]]) -> bool:
    return "text" in guess_columns(sample, Stated()).of


def _json_rows(file: IO[bytes], encoding: str, prefix: str) -> Iterator[Row]:
    number = 0
    try:
        for value in ijson.items(ijson.parse(_events(file, encoding)), prefix):
            number += 1
            if isinstance(value, dict):
                yield number, value
            else:
                fault = f"{_named(value)}, not an object with columns"
                yield number, Fault(fault, "write objects: {...}")
    except (ijson.JSONError, RecursionError) as error:
        reason = str(error).strip().split("\n")[0][:120]
        yield number + 1, Fault(f"no JSON from here on: {reason}", "the rest was not read")
