"""What elements hold: runs of text, pictures, links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from packager.editions.tags import kinds
from packager.editions.tags.element import Annotation, Element, Growth, Run
from packager.editions.tags.glyphs import pieces, reads_otherwise, say, soft
from packager.editions.tags.marks import LAYOUT

POINT = 0.75
"""Points a CSS pixel."""
_UNBROKEN = tuple(" -\u2010\u2011\u2013\u2014\u05be\u00ad")
"""After these a line ends without a space of its own."""
_ADDRESSES = ("http:", "https:", "mailto:")
"""What says itself where a link leads; of all others its words do (PDF/UA-1 §7.18.5)."""


def line_in(parent: Element) -> Element:
    """The element that may hold a run of text: a P of our own in one that may not."""
    if parent.role not in kinds.GROUPING:
        return parent
    last = parent.kids[-1] if parent.kids else None
    if isinstance(last, Element) and last.role == "P" and last.source is None:
        return last
    return parent.add("P")


def text(growth: Growth, box: Any, parent: Element) -> None:
    """Give an element the run of a text box, in a Span with ActualText where the glyphs do not
    read as the text; a run of which nothing is seen becomes an artifact."""
    mark = growth.marks.take(box)
    if mark is None:
        return
    if not box.text.strip() or box.style["visibility"] != "visible":
        mark.discard(LAYOUT)
        return
    host = line_in(parent)
    said = _said(growth, host, box.text)
    found = pieces(mark, growth.fonts)
    if reads_otherwise(box.text, found):
        host = host.add("Span")
        host.actual = said
        if not kinds.is_rtl_text(box.text):  # which programs reverse once more
            say(mark, found, box.text)
    host.kids.append(Run(growth.page, mark))


def _said(growth: Growth, host: Element, text: str) -> str:
    """The text of a run, the layout's hyphen at its end soft, a space before it where it begins
    another line of its paragraph."""
    paragraph = next(one for one in host.ancestors if one.role not in kinds.INLINE)
    line, last = growth.before.get(paragraph, (growth.line, ""))
    parted = line is not growth.line and not last.endswith(_UNBROKEN)
    growth.before[paragraph] = growth.line, text
    return f"{' ' * parted}{soft(text)}"


def picture(growth: Growth, box: Any, parent: Element) -> None:
    """Make a picture a Figure, or a part of the one around it; a mere ornament an artifact."""
    mark = growth.marks.take(box)
    words = kinds.alternative(box.element)
    if mark is None:
        return
    if words == "":
        mark.discard(LAYOUT)
        return
    around = next((one for one in parent.ancestors if one.role == "Figure"), None)
    figure = around or parent.add("Figure", box.element)
    figure.alt = ". ".join(filter(None, (figure.alt, words))) or None
    figure.attributes.setdefault("Layout", {"BBox": _bounds(growth, box)})
    figure.kids.append(Run(growth.page, mark))


def _bounds(growth: Growth, box: Any) -> list[float]:
    """Left, bottom, right, top in points from the lower left corner of the page."""
    left, top = box.content_box_x(), box.content_box_y()
    height = growth.box.margin_height()
    return [
        round(value * POINT, 3)
        for value in (left, height - top - box.height, left + box.width, height - top)
    ]


def annotate(growth: Growth, box: Any, here: Element) -> Element:
    """Tie a box's link annotation to its Link; of annotations that lie in another of the same
    Link only the outer one stays."""
    annotation = box.link_annotation
    if annotation is None:
        return here
    link = next((one for one in here.ancestors if one.role == "Link"), None)
    if link is None:
        here = link = line_in(here).add("Link", box.element)
    kept = [one for one in link.kids if isinstance(one, Annotation) and one.page == growth.page]
    if any(_inside(annotation["Rect"], one.annotation["Rect"]) for one in kept):
        growth.marks.unused.append(annotation)
        return here
    contents = annotation["Contents"]
    if link.source is not None and not contents.string.startswith(_ADDRESSES):
        contents.string = words_of(link.source) or contents.string
    link.kids.append(Annotation(growth.page, annotation))
    return here


def _inside(inner: Sequence[float], outer: Sequence[float]) -> bool:
    """True for a rectangle in another, half a point apart at most; WeasyPrint's run from the
    upper left to the lower right corner."""
    return (
        inner[0] > outer[0] - 0.5
        and inner[2] < outer[2] + 0.5
        and max(inner[1], inner[3]) < max(outer[1], outer[3]) + 0.5
        and min(inner[1], inner[3]) > min(outer[1], outer[3]) - 0.5
    )


def words_of(source: Any) -> str:
    """The words of an HTML element in one line."""
    return " ".join("".join(source.itertext()).replace("\u00ad", "").split())
