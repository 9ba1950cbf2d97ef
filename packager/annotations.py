"""Annotations of saved pages as JSON: the W3C's Web Annotations and exports of Hypothes.is.

What is read of each: the page's address, the TextQuoteSelector, the words of the note. Replies
to an annotation, and highlights that say nothing, are no notes.
W3C Web Annotation Data Model §3 and §4.2.4; Hypothes.is API v1, `Annotation`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from packager.errors import CollectionError
from packager.readers.source import clean
from packager.tomlfile import read_text

LIMIT = 32 * 1024 * 1024
"""Bytes of a file of annotations; ten thousand notes are about a quarter of it."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One annotation: where it stands in its file, of which page, the words quoted, the note."""

    place: str
    source: str
    exact: str
    prefix: str
    suffix: str
    text: str


def read_annotations(path: Path) -> Iterator[Remark]:
    """The annotations of a JSON file, in its order.

    Raises `CollectionError` for a file that is missing, too large, not JSON or of another form.
    """
    raw = read_text(path, CollectionError, limit=LIMIT)
    try:
        data = json.loads(raw)
    except json.JSONDecodeError as error:
        raise CollectionError(f"{path.name}:{error.lineno}: no valid JSON: {error.msg}") from error
    except RecursionError as error:
        raise CollectionError(f"{path.name}: nested too deeply") from error
    for n, item in enumerate(_items(data, path.name), 1):
        if not isinstance(item, dict):
            raise CollectionError(f"{path.name}: annotation {n} is no object")
        if item.get("references"):
            continue
        remark = _remark(item, _place(raw, item, path.name, n))
        if remark.text:
            yield remark


def _items(data: Any, name: str) -> list[Any]:
    """The annotations, in whichever wrapping: a list, one alone, a page, an export."""
    for _ in range(3):  # a collection holds a page, a page its items
        if isinstance(data, list):
            return data
        if not isinstance(data, dict):
            break
        if "target" in data:
            return [data]
        data = next(
            (data[key] for key in ("items", "rows", "annotations", "first") if key in data), None
        )
    if isinstance(data, list):
        return data
    raise CollectionError(
        f"{name}: no annotations are found in it",
        hint="export them as W3C Web Annotations or from Hypothes.is, as JSON",
    )


def _place(raw: str, item: Mapping[str, Any], name: str, n: int) -> str:
    """file:line of the annotation, by its id; by its number in a file where ids are lacking."""
    found = raw.find(json.dumps(item["id"])) if isinstance(item.get("id"), str) else -1
    return f"{name}:{raw.count(chr(10), 0, found) + 1}" if found >= 0 else f"{name}: annotation {n}"


def _remark(item: Mapping[str, Any], place: str) -> Remark:
    target = _first(item.get("target"))
    if isinstance(target, str):
        target = {"source": target}
    quote: Any = next(
        (
            one
            for one in _list(_get(target, "selector"))
            if _get(one, "type") == "TextQuoteSelector"
        ),
        {},
    )
    source = _get(target, "source") or item.get("uri") or ""
    if isinstance(source, dict):
        source = source.get("id", "")
    source = _text(source)
    if source.startswith("file:"):
        source = PurePosixPath(unquote(urlsplit(source).path)).name
    exact, prefix, suffix = (_text(_get(quote, key)) for key in ("exact", "prefix", "suffix"))
    return Remark(place, source, exact, prefix, suffix, _body(item).strip())


def _body(item: Mapping[str, Any]) -> str:
    """The words of the note: Hypothes.is keeps them as `text`, the W3C as textual bodies."""
    if isinstance(item.get("text"), str):
        return _text(item["text"])
    if isinstance(item.get("bodyValue"), str):
        return _text(item["bodyValue"])
    bodies = _list(item.get("body"))
    says = [
        one if isinstance(one, str) else _get(one, "value")
        for one in bodies
        if _get(one, "purpose") != "tagging"
    ]
    return "\n\n".join(_text(one) for one in says if isinstance(one, str))


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _first(value: Any) -> Any:
    return next(iter(_list(value)), None)


def _text(value: Any) -> str:
    return clean(value)[0] if isinstance(value, str) else ""
