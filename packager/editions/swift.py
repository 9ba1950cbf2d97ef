"""What WeasyPrint 70 works out for nothing, left out: the same pages in less time.

Each page of a document had its sixteen margin boxes worked out (CSS Paged Media 3 §4.2), though a
style without rules for them has none. `:has(+ p)` looked at all siblings of an element to find
the next (Selectors 4 §4.5), so a section took time that grew with the square of its paragraphs.
Rests on `weasyprint.layout.make_margin_boxes` and `cssselect2.ElementWrapper.iter_next_siblings`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import weasyprint.layout
from cssselect2 import ElementWrapper

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
_iter_next_siblings = ElementWrapper.iter_next_siblings


def mend() -> None:
    """Have WeasyPrint leave it out, for as long as this program runs."""
    weasyprint.layout.make_margin_boxes = _margin_boxes
    ElementWrapper.iter_next_siblings = _next_siblings


def _margin_boxes(context: Any, page: Any, state: Any) -> Iterable[Any]:
    """The margin boxes of a page; none where no rule gives one content."""
    styles = (context.style_for(page.page_type, place) for place in _MARGIN_BOXES)
    if all(style is None or style["content"] in _EMPTY for style in styles):
        return ()
    made: Iterable[Any] = _make_margin_boxes(context, page, state)
    return made


def _next_siblings(element: Any) -> Iterator[Any]:
    """The elements that follow one in its parent, in order; a parent's are made once."""
    parent = element.parent
    if parent is None:
        return iter(())
    if not hasattr(parent, _CHILDREN):
        setattr(parent, _CHILDREN, list(parent.iter_children()))
    return iter(getattr(parent, _CHILDREN)[element.index + 1 :])
