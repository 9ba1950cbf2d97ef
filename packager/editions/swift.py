"""What WeasyPrint 70 works out for nothing, left out: the same pages in less time.

Each page of a document had its sixteen margin boxes worked out (CSS Paged Media 3 §4.2), though a
style has rules for a few or none. `:has(+ p)` looked at all siblings of an element to find
the next (Selectors 4 §4.5), so a section took time that grew with the square of its paragraphs.
A line whose spaces are stretched was laid out again when that was known, thrown away, and laid out
when it was drawn. Rests on `weasyprint.layout.make_margin_boxes`, on what
`weasyprint.layout.page` and `weasyprint.layout.inline` call `resolve_percentages` and
`create_layout`, and on `cssselect2.ElementWrapper.iter_next_siblings`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf
from typing import Any

import weasyprint.layout
from cssselect2 import ElementWrapper
from weasyprint.formatting_structure.boxes import MarginBox
from weasyprint.layout import inline, page
from weasyprint.text.line_break import Layout

_MARGIN_BOXES = tuple(
    f"@{place}"
    for place in (
        "top-left top-center top-right bottom-left bottom-center bottom-right left-top left-middle "
        "left-bottom right-top right-middle right-bottom top-left-corner top-right-corner "
        "bottom-left-corner bottom-right-corner"
    ).split()
)
_EMPTY = ("normal", "inhibit", "none")
_CHILDREN = "packager_children"
_make_margin_boxes = weasyprint.layout.make_margin_boxes
_resolve_percentages, _create_layout = page.resolve_percentages, inline.create_layout
_iter_next_siblings = ElementWrapper.iter_next_siblings


def mend() -> None:
    """Have WeasyPrint leave it out, for as long as this program runs."""
    weasyprint.layout.make_margin_boxes = _margin_boxes
    page.resolve_percentages, inline.create_layout = _resolved, _waiting
    ElementWrapper.iter_next_siblings = _next_siblings


def alone() -> None:
    """Have WeasyPrint do as it does by itself."""
    weasyprint.layout.make_margin_boxes = _make_margin_boxes
    page.resolve_percentages, inline.create_layout = _resolve_percentages, _create_layout
    ElementWrapper.iter_next_siblings = _iter_next_siblings


def _margin_boxes(context: Any, page: Any, state: Any) -> Iterable[Any]:
    """The margin boxes of a page; none where no rule gives one content."""
    styles = (context.style_for(page.page_type, place) for place in _MARGIN_BOXES)
    if all(style is None or style["content"] in _EMPTY for style in styles):
        return ()
    made: Iterable[Any] = _make_margin_boxes(context, page, state)
    return made


def _resolved(box: Any, containing_block: Any) -> None:
    """The sizes of a box; a margin box without content has none, and is told so afterwards."""
    if isinstance(box, MarginBox) and not box.is_generated:
        box.min_width = box.min_height = 0
        box.max_width = box.max_height = inf
    else:
        _resolve_percentages(box, containing_block)


class _Waiting(Layout):  # type: ignore[misc]
    """A line that Pango hears of when it is drawn (`Layout.reactivate`)."""

    def __init__(self, text: str, justification_spacing: float) -> None:
        self.text, self.justification_spacing, self.max_width = text, justification_spacing, None
        self.first_line_direction = 0

    def deactivate(self) -> None:
        """As of any layout; before it is drawn nothing is at hand."""
        if "layout" in vars(self):
            super().deactivate()


def _waiting(
    text: str, style: Any, context: Any, max_width: float | None, justification_spacing: float
) -> Any:
    """The layout of a line whose spaces are stretched; what is drawn beside the letters asks for
    it before."""
    if text == " " or "\n" in text or style["text_decoration_line"] != "none":
        return _create_layout(text, style, context, max_width, justification_spacing)
    return _Waiting(text, justification_spacing)


def _next_siblings(element: Any) -> Iterator[Any]:
    """The elements that follow one in its parent, in order; a parent's are made once."""
    parent = element.parent
    if parent is None:
        return iter(())
    if not hasattr(parent, _CHILDREN):
        setattr(parent, _CHILDREN, list(parent.iter_children()))
    return iter(getattr(parent, _CHILDREN)[element.index + 1 :])
