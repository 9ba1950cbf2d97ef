"""The files of the editor's that a book.toml names: notes, names, pages in Markdown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from packager.book import MATTER, Matter
from packager.lists import read_list
from packager.matter import read_matter, read_prose
from packager.names import Name, read_names
from packager.notes import read_notes
from packager.tomlfile import STRING, STRINGS, Key, Kind, TomlFile, strings

_NOTES: dict[str, Kind] = {"files": STRINGS, "names": STRING}


def side_files(file: TomlFile) -> dict[str, Any]:
    """What the side files say, as fields of a `Collection`.

    Raises `CollectionError` for a file that is not there or cannot be read.
    """
    file.check(("notes",), file.data.get("notes", {}), _NOTES)
    return {
        "notes": read_notes(_side_files(file)),
        "names": _names(file),
        "matter": _matter(file),
        "introductions": {
            n: read_prose(_side_file(file, ("part", n, "introduction"), part["introduction"]))
            for n, part in enumerate(file.data.get("part", []))
            if "introduction" in part
        },
    }


def _side_files(file: TomlFile) -> tuple[Path, ...]:
    """The files of notes, seen from the folder of book.toml."""
    named = strings(file.data.get("notes", {}).get("files"))
    return tuple(_side_file(file, ("notes", "files"), name) for name in named)


def _names(file: TomlFile) -> tuple[Name, ...]:
    named = file.data.get("notes", {}).get("names")
    return read_names(_side_file(file, ("notes", "names"), named)) if named else ()


def _side_file(file: TomlFile, key: Key, name: str) -> Path:
    path = file.path.parent / name
    if not path.is_file():
        raise file.fault(key, f"'{name}' is not there (looked in {file.path.parent.resolve()})")
    return path


def _matter(file: TomlFile) -> tuple[Matter, ...]:
    """The editor's own pages in the order in which books have them."""
    table = file.data.get("matter", {})
    file.check(("matter",), table, dict.fromkeys(MATTER, STRING))
    files = {
        name: _side_file(file, ("matter", name), table[name]) for name in MATTER if name in table
    }
    return tuple(
        read_list(name, path) if path.suffix == ".toml" else read_matter(name, path)
        for name, path in files.items()
    )
