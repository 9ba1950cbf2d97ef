"""Why galleys were set anew: their keys beside those they had when the book was last bound.

The record of a book is one file in the cache folder. It is for the report alone: without it, or
with a spoiled one, every galley that is set counts as new.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from packager.cache import got, put

Keys = Mapping[str, Sequence[str]]
"""The name of a galley's first item -> the lines of its cache key."""

_CHANGES = {
    "galley": "program",
    "packager": "program",
    "weasyprint": "program",
    "language": "language",
    "css": "style",
    "page": "page",
    "font": "fonts",
    "xhtml": "text",
    "side": "side",
    "before": "what stands before",
}
"""The first word of a line -> what changed with it; the first that applies is told."""


def remembered(folder: Path, urn: str) -> Keys:
    """The keys with which a book was last bound; nothing for a book that is new here."""
    try:
        found = json.loads(got(_path(folder, urn)) or b"")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def remember(folder: Path, urn: str, keys: Keys) -> None:
    """Keep the keys of a book for the next time; a folder that cannot be written is no failure."""
    put(_path(folder, urn), json.dumps(keys).encode())


def reason(before: Sequence[str] | None, now: Sequence[str]) -> str:
    """Why a galley with the key `now`, which had the key `before`, was not in the cache.

    >>> reason(["css=1", "side=recto"], ["css=2", "side=recto"])
    'style changed'
    >>> reason(None, ["css=1"]), reason(["css=1"], ["css=1"])
    ('new', 'no longer in the cache')
    """
    if not before:
        return "new"
    words = [re.match(r"\w*", str(line)) for line in set(before) ^ set(now)]
    changed = {word[0] for word in words if word}
    told = (f"{what} changed" for word, what in _CHANGES.items() if word in changed)
    return next(told, "no longer in the cache")


def _path(folder: Path, urn: str) -> Path:
    return folder / "press" / f"{hashlib.sha256(urn.encode()).hexdigest()}.json"
