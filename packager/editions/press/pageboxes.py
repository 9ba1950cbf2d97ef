"""What WeasyPrint's layout knows of a page and tells by no public name.

The one place that opens page boxes (pinned: WeasyPrint 70); a test says when they move.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import weasyprint
from weasyprint.formatting_structure.boxes import FootnoteAreaBox, LineBox, TextBox

from packager.errors import EditionError


@dataclass(frozen=True, slots=True)
class Inside:
    """The inside of a page: `blank` where a forced break left it empty, which for WeasyPrint a page
    of nothing but notes is too; `strings` the named strings set on it, in order (CSS GCPM 3 §2.1);
    `items` those that have a part of them on it, in order; `foot` how far above the bottom of the
    page, in points, its notes begin, 0 without."""

    blank: bool
    strings: tuple[tuple[str, str], ...]
    items: tuple[str, ...]
    foot: float


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
        areas = [one for one in box.children if isinstance(one, FootnoteAreaBox)]
        foot = max((page.height - one.border_box_y() for one in areas), default=0) * 0.75
        return Inside(bool(box.page_type.blank and not areas), strings, items, round(foot, 3))
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


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a block: where it ends, in CSS pixels from the top of the page, and its text."""

    bottom: float
    text: str


@dataclass(frozen=True, slots=True)
class Laid:
    """A block as it was laid out: its edges, the margin above it, its lines; and what the style
    says of breaks: it stays with what follows, with what stands before, it is not divided."""

    top: float
    bottom: float
    above: float
    lines: tuple[Line, ...]
    keeps_next: bool
    keeps_last: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """What one page holds: its height without margins, its blocks by name, the heights of notes at
    its foot by id, what the rule over them takes."""

    height: float
    blocks: dict[str, Laid]
    notes: dict[str, float]
    rule: float


def measured(page: weasyprint.document.Page, attribute: str) -> Measured:
    """The blocks of a page that have an attribute, by its value."""
    box = page._page_box
    blocks: dict[str, Laid] = {}
    for child in box.descendants():
        name = None if child.element is None else child.element.get(attribute)
        if name and name not in blocks and "::" not in (child.element_tag or ""):
            blocks[name] = _laid(child)
    notes: dict[str, float] = {}
    rule = 0.0
    for area in (one for one in box.children if isinstance(one, FootnoteAreaBox)):
        for note in area.children:
            notes[note.element.get("id", "")] = float(note.margin_height())
        rule = float(area.margin_height()) - sum(notes.values())
    return Measured(float(box.height), blocks, notes, rule)


def _laid(box: Any) -> Laid:
    top = float(box.border_box_y())
    lines = tuple(
        Line(
            float(line.position_y + line.height),
            "".join(
                one.text
                for one in line.descendants()
                if isinstance(one, TextBox) and "::" not in (one.element_tag or "")
            ),
        )
        for line in _outer_lines(box)
    )
    avoid = ("avoid", "avoid-page")
    return Laid(
        top,
        top + float(box.border_height()),
        max(0.0, float(box.margin_top)),
        lines,
        box.style["break_after"] in avoid,
        box.style["break_before"] in avoid,
        box.style["break_inside"] in avoid,
    )


def _outer_lines(box: Any) -> Iterator[Any]:
    """The lines of a block, but for those inside an inline block, which are part of a line."""
    if isinstance(box, LineBox):
        yield box
    else:
        for child in getattr(box, "children", ()):
            yield from _outer_lines(getattr(child, "_box", child))
