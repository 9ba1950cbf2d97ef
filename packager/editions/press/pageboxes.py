"""What WeasyPrint's layout knows of a page and tells by no public name.

The one place that opens page boxes (pinned: WeasyPrint 70); a test says when they move.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import weasyprint
from weasyprint.formatting_structure.boxes import LineBox, TextBox

from packager.errors import EditionError

MADE_HYPHEN = "\u2010"
"""What WeasyPrint draws where it hyphenates a word."""


@dataclass(frozen=True, slots=True)
class Inside:
    """The inside of a page: `blank` where a forced break left it empty; `strings` the named
    strings set on it, in order (CSS GCPM 3 §2.1); `items` those that have a part of them on it,
    in order; `lines` its text, each with the item that it belongs to."""

    blank: bool
    strings: tuple[tuple[str, str], ...]
    items: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]


def inside(page: weasyprint.document.Page, names: Collection[str]) -> Inside:
    """Look into a page; `names` are the ids of the sections that are items.

    Raises `EditionError` where the boxes are not as they are in WeasyPrint 70.
    """
    try:
        box = page._page_box
        strings = tuple(
            (str(name), str(text))
            for child in box.descendants()
            for name, text in (child.string_set or ())
        )
        items = tuple(dict.fromkeys(_items(box.children[0], names)))
        lines = tuple(_lines(box.children[0], "", names))
        return Inside(bool(box.page_type.blank), strings, items, lines)
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        raise EditionError(
            f"WeasyPrint {weasyprint.__version__} keeps its pages in another way than version 70",
            hint="pip install weasyprint==70.0",
        ) from error


def _item(box: Any, names: Collection[str]) -> str | None:
    if box.element is None or "::" in (box.element_tag or ""):
        return None
    name = box.element.get("id")
    return name if name in names else None


def _items(box: Any, names: Collection[str]) -> Iterator[str]:
    if name := _item(box, names):
        yield name
    elif not isinstance(box, LineBox):
        for child in box.children:
            yield from _items(getattr(child, "_box", child), names)


def _lines(box: Any, item: str, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """The lines of text below a box with their item; what CSS generates is left out."""
    item = _item(box, names) or item
    if isinstance(box, LineBox):
        pieces = (child for child in box.descendants() if isinstance(child, TextBox))
        text = "".join(piece.text for piece in pieces if "::" not in (piece.element_tag or ""))
        if text.strip():
            yield item, text
        return
    for child in box.children:
        yield from _lines(getattr(child, "_box", child), item, names)


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a page begins: the item, how many of its letters stand on earlier pages, the words."""

    item: str
    letters: int
    words: str


def openings(pages: Sequence[Inside]) -> list[Opening | None]:
    """The opening of each page; None for one without text."""
    seen: dict[str, int] = {}
    found: list[Opening | None] = []
    for page in pages:
        item = page.lines[0][0] if page.lines else ""
        found.append(Opening(item, seen.get(item, 0), _words(page)) if page.lines else None)
        for name, text in page.lines:
            seen[name] = seen.get(name, 0) + _letters(text)
    return found


def _letters(text: str) -> int:
    return len("".join(text.removesuffix(MADE_HYPHEN).split()))


def _words(page: Inside, count: int = 6) -> str:
    """The first words of the item that a page begins with, hyphens of the layout undone."""
    text = ""
    for name, line in page.lines[:count]:
        if name == page.lines[0][0]:
            text = text.removesuffix(MADE_HYPHEN) if text.endswith(MADE_HYPHEN) else f"{text} "
            text += line.strip()
    return " ".join(text.split()[:count])
