"""`book.toml` -> `Collection`, checked key by key.

Faults are raised as `CollectionError` with file:line, what is wrong, and the known choices.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from packager.book_table import checked_language, meta_of, table_of, volume_isbns
from packager.collection import EDITIONS, USUAL, Collection
from packager.errors import CollectionError
from packager.pairs import LAYOUTS, Bilingual
from packager.preset import press_of
from packager.selection import ORDERS, Selection
from packager.side_files import side_files
from packager.tomlfile import (
    BOOLEAN,
    COUNT,
    DATE,
    STRING,
    STRINGS,
    TABLE,
    TABLES,
    Kind,
    TomlFile,
    load_toml,
    strings,
)
from packager.volumes import Division

_TOP: dict[str, Kind] = {
    "book": TABLE,
    "archive": TABLE,
    "part": TABLES,
    "notes": TABLE,
    "matter": TABLE,
    "edition": TABLE,
    "style": TABLE,
    "print": TABLE,
    "volumes": TABLE,
    "other-script": TABLE,
    "labels": TABLE,
    "bilingual": TABLE,
}
_ARCHIVE: dict[str, Kind] = {"pages": STRINGS, "library": STRING}
_PART: dict[str, Kind] = {
    "title": STRING,
    "topic": STRINGS,
    "speaker": STRINGS,
    "from": DATE,
    "to": DATE,
    "kind": STRINGS,
    "words": STRINGS,
    "files": STRINGS,
    "ids": STRINGS,
    "exclude": STRINGS,
    "order": STRING,
    "introduction": STRING,
}
_EDITIONS: dict[str, dict[str, Kind]] = {
    "epub": {
        "isbn": STRINGS,
        "page-list": BOOLEAN,
        "conforms-to": STRING,
        "certified-by": STRING,
    },
    "screen": {"isbn": STRINGS},
    "archive": {"isbn": STRINGS},
    "print": {"isbn": STRINGS},
}
_BILINGUAL: dict[str, Kind] = {
    "languages": STRINGS,
    "layout": STRING,
    "single": STRINGS,
    "pair": TABLES,
}
_PAIR: dict[str, Kind] = {"original": STRING, "translation": STRING}
_STYLE: dict[str, Kind] = {"name": STRING, "ground": STRING, "ink": STRING}

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def load_collection(path: Path | str) -> Collection:
    """The collection of a book.toml, checked key by key.

    Raises `CollectionError` with file:line for a missing file, unknown keys, wrong types,
    wrong values, paths that are not there.

    >>> load_collection("examples/harbour-lights/book.toml").meta.language  # doctest: +SKIP
    'en'
    """
    path = Path(path)
    if path.is_dir():
        path = path / "book.toml"
    file = load_toml(path, CollectionError)
    file.check((), file.data, _TOP)
    return Collection(
        path=path,
        meta=meta_of(file),
        pages=_pages(file),
        library=_library(file),
        selections=_selections(file),
        editions=_editions(file),
        **side_files(file),
        **_style(file),
        press=press_of(file),
        division=_division(file),
        page_list=file.data.get("edition", {}).get("epub", {}).get("page-list", True),
        apparatus=file.data["book"].get("apparatus", False),
        bilingual=_bilingual(file),
        pictures=file.data["book"].get("pictures", True),
        places={n: file.place(("part", n)) for n in range(len(file.data.get("part", [])))},
    )


def _pages(file: TomlFile) -> tuple[Path, ...]:
    archive = table_of(file, "archive", _ARCHIVE)
    named = strings(archive.get("pages"))
    if not named and "library" not in archive:
        raise file.fault(
            ("archive",), "no pages are named", hint='add [archive] with pages = ["folder"]'
        )
    folder = file.path.parent
    for name in named:
        if not name.strip():
            raise file.fault(
                ("archive", "pages"),
                "a page without a name",
                hint='write "." where the folder of book.toml itself is meant',
            )
        if not _is_there(folder / name):
            raise file.fault(
                ("archive", "pages"), f"'{name}' is not there (looked in {folder.resolve()})"
            )
    return tuple(folder / name for name in named)


def _library(file: TomlFile) -> Path | None:
    named: str | None = file.data.get("archive", {}).get("library")
    if named is None:
        return None
    if not _is_there(file.path.parent / named):
        raise file.fault(
            ("archive", "library"),
            f"the library '{named}' is not there (looked in {file.path.parent.resolve()})",
            hint="make it with 'packager add PAGES'",
        )
    return file.path.parent / named


def _is_there(path: Path) -> bool:
    """True when a path, or a glob, names something."""
    try:
        return path.exists() or bool(glob.glob(str(path), recursive=True))
    except (OSError, ValueError):  # a name that no file system takes
        return False


def _selections(file: TomlFile) -> tuple[Selection, ...]:
    tables: Sequence[Mapping[str, Any]] = file.data.get("part", [])
    if not tables:
        raise file.fault((), "the book has no part", hint="add at least one [[part]] with a title")
    out = []
    for n, table in enumerate(tables):
        at = ("part", n)
        file.check(at, table, _PART)
        if not str(table.get("title", "")).strip():
            raise file.fault(at, "the part has no title", hint='add title = "..." below [[part]]')
        order = table.get("order", "date")
        if order not in ORDERS:
            raise file.fault((*at, "order"), f"unknown order '{order}'. Known: {', '.join(ORDERS)}")
        if order == "listed" and not (table.get("ids") or table.get("files")):
            raise file.fault(
                (*at, "order"), "order 'listed' needs a list", hint="add ids or files to the part"
            )
        first, last = table.get("from"), table.get("to")
        if first and last and first > last:
            raise file.fault((*at, "to"), f"the range ends ({last}) before it begins ({first})")
        out.append(
            Selection(
                title=table["title"].strip(),
                topics=strings(table.get("topic")),
                speakers=strings(table.get("speaker")),
                first=first,
                last=last,
                kinds=strings(table.get("kind")),
                words=strings(table.get("words")),
                files=strings(table.get("files")),
                ids=strings(table.get("ids")),
                exclude=strings(table.get("exclude")),
                order=order,
            )
        )
    return tuple(out)


def _editions(file: TomlFile) -> tuple[str, ...]:
    tables = table_of(file, "edition", dict.fromkeys(EDITIONS, TABLE))
    for name, table in tables.items():
        file.check(("edition", name), table, _EDITIONS[name])
    return tuple(name for name in EDITIONS if name in tables) or USUAL


def _division(file: TomlFile) -> Division:
    """The table [volumes]. An ISBN belongs to one volume (ISO 2108), so each edition lists them."""
    table = table_of(file, "volumes", {"words": COUNT, "titles": STRINGS})
    words: int | None = table.get("words")
    for name, edition in file.data.get("edition", {}).items():
        if words and isinstance(edition.get("isbn"), str):
            raise file.fault(
                ("edition", name, "isbn"),
                "a book in volumes has no ISBN of its own: each volume has one",
                hint='list them in order: isbn = ["978-...", "978-..."]',
            )
        if not words and isinstance(edition.get("isbn"), list):
            raise file.fault(
                ("edition", name, "isbn"),
                "several ISBNs, and the book is not in volumes",
                hint="write one, or add [volumes] with words = 300000",
            )
    if "titles" in table and not words:
        raise file.fault(
            ("volumes", "titles"),
            "titles of volumes, and nothing says how long one is",
            hint="add words = 300000",
        )
    isbns = volume_isbns(file)
    places = {name: file.place(("edition", name, "isbn")) for name in isbns}
    places["titles"] = file.place(("volumes", "titles"))
    return Division(words, strings(table.get("titles")), isbns, places)


def _bilingual(file: TomlFile) -> Bilingual | None:
    """The table [bilingual]; None for a book without."""
    if "bilingual" not in file.data:
        return None
    table = table_of(file, "bilingual", _BILINGUAL)
    at = ("bilingual", "languages")
    languages = strings(table.get("languages"))
    for language in languages:
        checked_language(file, at, language)
    if len(languages) != 2 or languages[0] == languages[1]:
        raise file.fault(
            at,
            f"a bilingual book has two languages, not {len(set(languages)) or 'none'}",
            hint='write languages = ["ko", "en"]: that of the originals, that of the translations',
        )
    if (layout := table.get("layout", LAYOUTS[0])) not in LAYOUTS:
        raise file.fault(
            ("bilingual", "layout"), f"unknown layout '{layout}'. Known: {', '.join(LAYOUTS)}"
        )
    single = file.place(("bilingual", "single"))
    return Bilingual(
        (languages[0], languages[1]),
        layout,
        tuple(_pair(file, n) for n in range(len(table.get("pair", [])))),
        tuple((single, name) for name in strings(table.get("single"))),
    )


def _pair(file: TomlFile, n: int) -> tuple[str, str, str]:
    at = ("bilingual", "pair", n)
    table = file.data["bilingual"]["pair"][n]
    file.check(at, table, _PAIR)
    for key in _PAIR:
        if not table.get(key, "").strip():
            raise file.fault(
                at,
                f"the pair has no '{key}'",
                hint="name its id or its file, as 'packager read' prints them",
            )
    return file.place(at), table["original"], table["translation"]


def _style(file: TomlFile) -> dict[str, Any]:
    table = table_of(file, "style", _STYLE)
    for key in ("ground", "ink"):
        if key in table and not _COLOUR.fullmatch(table[key]):
            raise file.fault(
                ("style", key), f"'{table[key]}' is no colour", hint="write it as '#7a1f23'"
            )
    return {
        "style": table.get("name", "classic"),
        "ground": table.get("ground"),
        "ink": table.get("ink"),
    }
