"""A TOML file with the line of every key, and a check of its keys and types against a table.

Every message begins with `file:line:`, says what is wrong, and lists the known choices.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packager.errors import PackagerError

Key = tuple[str | int, ...]
"""A place in the file: ("part", 1, "title") is the title of the second [[part]]."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: how a message names it, and the test for it."""

    name: str
    test: Callable[[Any], bool]


def _is_date(value: Any) -> bool:
    return isinstance(value, dt.date) and not isinstance(value, dt.datetime)


def _are_strings(value: Any) -> bool:
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(item, str) for item in value)
    )


STRING = Kind("a string", lambda value: isinstance(value, str))
STRINGS = Kind("a string or a list of strings", _are_strings)
DATE = Kind("a date like 2021-04-07 (without quotation marks)", _is_date)
NUMBER = Kind(
    "a number", lambda value: isinstance(value, (int, float)) and not isinstance(value, bool)
)
WHOLE = Kind(
    "a whole number from 1 on",
    lambda value: isinstance(value, int) and not isinstance(value, bool) and value > 0,
)
BOOLEAN = Kind("true or false", lambda value: isinstance(value, bool))
TABLE = Kind("a table", lambda value: isinstance(value, dict))
TABLES = Kind(
    "a list of tables, each written with [[...]]",
    lambda value: isinstance(value, list) and all(isinstance(item, dict) for item in value),
)


@dataclass(frozen=True)
class TomlFile:
    """The data of a TOML file and where each key stands."""

    path: Path
    data: Mapping[str, Any]
    lines: Mapping[Key, int]
    error: type[PackagerError]

    def place(self, key: Key) -> str:
        """`file:line` of a key, or of the nearest table around it."""
        while key and key not in self.lines:
            below = [line for known, line in self.lines.items() if known[: len(key)] == key]
            if below:
                return f"{self.path.name}:{min(below)}"
            key = key[:-1]
        return f"{self.path.name}:{self.lines[key]}" if key else self.path.name

    def fault(self, key: Key, message: str, *, hint: str | None = None) -> PackagerError:
        """An error of this file's kind at a key."""
        return self.error(f"{self.place(key)}: {message}", hint=hint)

    def check(self, at: Key, table: Mapping[str, Any], known: Mapping[str, Kind]) -> None:
        """Raise for the first key of `table` that is not known or has a value of another kind."""
        name = table_name(at)
        for key, value in table.items():
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                meant = f"; did you mean '{near[0]}'?" if near else "."
                where = f"in [{name}]" if name else "at the top"
                raise self.fault(
                    (*at, key), f"unknown key '{key}' {where}{meant} Known: {', '.join(known)}"
                )
            if not known[key].test(value):
                raise self.fault(
                    (*at, key), f"'{key}' must be {known[key].name}, not {_shown(value)}"
                )
            if found := _CONTROL.search(_text(value)):
                raise self.fault(
                    (*at, key),
                    f"'{key}' holds the character U+{ord(found[0]):04X}, which no book can",
                )


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
"""Control characters and what XML 1.0 §2.2 leaves out of its characters."""


def _text(value: Any) -> str:
    """The strings of a value; tables are checked key by key when their own turn comes."""
    if isinstance(value, list):
        return "".join(item for item in value if isinstance(item, str))
    return value if isinstance(value, str) else ""


def table_name(at: Key) -> str:
    """The name of a table as its header writes it: ("part", 1) is "[part]" in double brackets."""
    if at and isinstance(at[-1], int):
        return f"[{'.'.join(str(part) for part in at[:-1])}]"
    return ".".join(str(part) for part in at)


def strings(value: Any) -> tuple[str, ...]:
    """What may be one string or a list of them, as a tuple."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, bool):
        return str(value).lower()
    text = value.isoformat() if isinstance(value, dt.date) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def read_text(path: Path, error: type[PackagerError], *, limit: int | None = None) -> str:
    """The text of a UTF-8 file; raises `error` where there is none, or more bytes than `limit`."""
    try:
        if limit and path.stat().st_size > limit:
            raise error(f"{path.name}: over {limit // 2**20} MB", hint="split the file")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as fault:
        raise error(f"{path}: cannot be opened: {fault.strerror}") from fault
    except UnicodeDecodeError as fault:
        raise error(f"{path}: not UTF-8", hint="save it as UTF-8 text") from fault


def load_toml(path: Path, error: type[PackagerError]) -> TomlFile:
    """Read a TOML file; raises `error` with file:line where it is missing or no TOML."""
    text = read_text(path, error)
    try:
        data = tomllib.loads(text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        match = re.search(r"\(at line (\d+), column (\d+)\)", str(fault))
        line = match[1] if match else str(text.count("\n") + 1)
        reason = re.sub(r"\s*\(at .*\)$", "", str(fault))
        if isinstance(fault, RecursionError):
            reason = "nested too deeply"
        raise error(f"{path.name}:{line}: no valid TOML: {reason}") from fault
    return TomlFile(path, data, _lines(text), error)


_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\"' -]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"))*)\s*=")


def _lines(text: str) -> dict[Key, int]:
    """The line on which each table header and key of a valid TOML text stands."""
    lines: dict[Key, int] = {}
    counts: dict[str, int] = {}
    table: Key = ()
    fence: str | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if fence:
            if fence in line:
                fence = None
            continue
        if match := _HEADER.match(line):
            name = match[2].replace(" ", "")
            table = tuple(part.strip("\"'") for part in name.split("."))
            if match[1] == "[[":
                counts[name] = counts.get(name, -1) + 1
                table = (*table, counts[name])
            lines.setdefault(table, number)
        elif match := _KEY.match(line):
            key = tuple(part.strip().strip("\"'") for part in match[1].split("."))
            lines.setdefault((*table, *key), number)
            for mark in ('"""', "'''"):
                if line.count(mark) % 2:
                    fence = mark
    return lines
