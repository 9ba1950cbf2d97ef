"""Laid out boxes -> elements: one for each HTML element, whole however many pages it stands on.

Boxes are walked page by page in the order of the source. What an element's boxes hold on later
pages goes to the element made first; a note stands behind its call; running heads, leaders,
repeated table heads and empty runs become artifacts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from packager.editions.tags import kinds
from packager.editions.tags.marks import LAYOUT, REPEATED, Mark, PageMarks, running

POINT = 0.75
"""Points a CSS pixel."""
_UNBROKEN = "-\u2010\u2011\u2013\u2014\u05be\u00ad"
"""Marks after which a line may end without a space."""


@dataclass(frozen=True, slots=True)
class Run:
    """Marked content of an element, on which page."""

    page: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class Annotation:
    """A link annotation of an element (pydyf), on which page, with its rectangle in points."""

    page: int
    annotation: Any


@dataclass(eq=False, slots=True)
class Element:
    """An element of the structure; `source` is its HTML element, None for one that we supply.

    `attributes` are by owner (ISO 32000-1 §14.7.5), their values as pydyf writes them.
    """

    role: str
    parent: Element | None = None
    source: Any = None
    kids: list[Element | Run | Annotation] = field(default_factory=list)
    ident: str | None = None
    language: str | None = None
    title: str | None = None
    alt: str | None = None
    actual: str | None = None
    expansion: str | None = None
    attributes: dict[str, dict[str, Any]] = field(default_factory=dict)
    refers: list[Element] = field(default_factory=list)

    @property
    def ancestors(self) -> Iterator[Element]:
        """This element and all around it."""
        here: Element | None = self
        while here:
            yield here
            here = here.parent

    def add(self, role: str, source: Any = None, *, at: int | None = None) -> Element:
        """A new element in this one, the last unless `at` says where."""
        made = Element(role, self, source)
        self.kids.insert(len(self.kids) if at is None else at, made)
        return made


def grow(pages: Sequence[Any], marks: Sequence[PageMarks]) -> Element:
    """The Document element over all pages (page boxes, each with its marks)."""
    growth = _Growth(Element("Document"))
    for number, (page, found) in enumerate(zip(pages, marks, strict=True)):
        growth.page, growth.box, growth.marks = number, page, found
        _walk(growth, page, growth.root)
        for mark in list(found.waiting.values()):
            mark.discard(LAYOUT)
    for number, (call, note) in enumerate(growth.notes.values(), 1):
        _place_note(growth, call, note, number)
    _prune(growth.root)
    return growth.root


@dataclass(slots=True)
class _Growth:
    """The tree while it grows: the elements by HTML element and pseudo-element, the calls and
    notes by HTML element, the open headings (level in HTML, level here)."""

    root: Element
    page: int = 0
    box: Any = None
    marks: Any = None
    found: dict[tuple[Any, str], Element] = field(default_factory=dict)
    notes: dict[Any, list[Element | None]] = field(default_factory=dict)
    heads: dict[Any, int] = field(default_factory=dict)
    levels: list[tuple[int, int]] = field(default_factory=list)


def _walk(growth: _Growth, box: Any, parent: Element, *, ends_line: bool = False) -> None:
    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    if isinstance(box, boxes.MarginBox):
        _discard(growth, box, running(box.at_keyword))
    elif box.is_leader:
        _annotate(growth, box, parent)
        _discard(growth, box, LAYOUT)
    elif _is_repeated(growth, box):
        _discard(growth, box, REPEATED)
    elif isinstance(box, boxes.TextBox):
        _text(growth, box, parent, ends_line=ends_line)
    elif isinstance(box, boxes.FootnoteAreaBox):
        for note in box.children:
            _walk(growth, note, _note(growth, note))
    else:
        here = _element(growth, box, parent)
        here = _annotate(growth, box, here)
        if isinstance(box, boxes.ReplacedBox):
            _picture(growth, box, here)
        last = len(box.children) - 1
        line = isinstance(box, boxes.LineBox)
        for n, child in enumerate(box.children):
            ends = n == last and (line or ends_line)
            _walk(growth, child, here, ends_line=ends)


def _is_repeated(growth: _Growth, box: Any) -> bool:
    """True for a table's head that is drawn once more on a later page."""
    if not isinstance(box, boxes.TableRowGroupBox) or not (box.is_header or box.is_footer):
        return False
    return growth.heads.setdefault(box.element, growth.page) != growth.page


def _discard(growth: _Growth, box: Any, properties: dict[str, str]) -> None:
    """Every run below a box becomes an artifact."""
    for one in box.descendants(placeholders=True):
        inner = one._box if isinstance(one, AbsolutePlaceholder) else one
        if mark := growth.marks.take(inner):
            mark.discard(properties)


# --- elements ------------------------------------------------------------------------------


def _element(growth: _Growth, box: Any, parent: Element) -> Element:
    """The element that a box's content belongs to: made once, found again on later pages."""
    if box.element is None or box.element_tag in ("html", "body"):
        return parent
    key = (box.element, box.element_tag)
    if key not in growth.found:
        growth.found[key] = _make(growth, box, parent)
    return growth.found[key]


def _make(growth: _Growth, box: Any, parent: Element) -> Element:
    source, tag = box.element, box.element_tag
    if "::" in tag:
        return _generated(growth, box, parent)
    role = _role(growth, box, parent)
    language = source.get("lang")
    if language == next((one.language for one in parent.ancestors if one.language), None):
        language = None
    if role is None and not (language or source.get("id") or tag == "abbr"):
        return parent
    made = _put(growth, box, parent, role or "Span")
    made.language = language
    if source.get("role") in kinds.NOTES and made.role != "Note":
        made = made.add("Note", source)
    made.ident = source.get("id")
    if tag == "abbr":
        made.expansion = source.get("title")
    return made


def _role(growth: _Growth, box: Any, parent: Element) -> str | None:
    source, tag = box.element, box.element_tag
    if tag == "a":
        return "Link" if box.link_annotation else None
    if tag == "figure":
        pictures = [one for one in source.iter() if one.tag in ("img", kinds.SVG, "table")]
        return "Figure" if [one.tag for one in pictures] not in ([], ["table"]) else "Div"
    if source.get("role") in kinds.NOTES and tag != "li":
        return "Note"
    if tag in ("ol", "ul") and _in_contents(parent):
        return "TOC"
    if tag == "div" and parent.role == "L":
        return "LI"
    if parent.role == "LBody" and "marker" in (source.get("class") or "").split():
        return "Lbl"
    role = kinds.ROLES.get(tag)
    if role and tag[0] == "h" and tag[1:].isdecimal():
        return f"H{_level(growth, int(tag[1:]))}"
    return role


def _level(growth: _Growth, level: int) -> int:
    """The level of a heading, none skipped below the one above it (PDF/UA-1 §7.4.2)."""
    while growth.levels and growth.levels[-1][0] >= level:
        growth.levels.pop()
    shown = growth.levels[-1][1] + 1 if growth.levels else level
    growth.levels.append((level, shown))
    return shown


def _in_contents(parent: Element) -> bool:
    return any(
        one.source is not None and one.source.get("role") == "doc-toc" for one in parent.ancestors
    )


def _put(growth: _Growth, box: Any, parent: Element, role: str) -> Element:
    """A new element where the standard allows it; what comes with its kind."""
    source = box.element
    if role == "LI":
        if parent.role == "TOC":
            return parent.add("TOCI", source)
        item = parent.add("LI", source)
        return item if source.tag == "div" else item.add("LBody", source)
    if source.tag in ("dt", "dd") and parent.role == "L":
        items = [one for one in parent.kids if isinstance(one, Element)]
        parent = items[-1] if source.tag == "dd" and items else parent.add("LI")
    if role == "Link" and (parent.role == "TOCI" or source.get("role") == "doc-noteref"):
        parent = _line(parent) if parent.role != "TOCI" else parent
        return parent.add("Reference", source).add("Link", source)
    if role in kinds.INLINE:
        parent = _line(parent)
    if role == "Lbl" and parent.role == "LBody" and parent.parent:
        return parent.parent.add("Lbl", source, at=0)
    made = parent.add(role, source)
    if role == "L":
        made.attributes["List"] = {"ListNumbering": f"/{_numbering(box)}"}
    elif role in ("TH", "TD"):
        made.attributes["Table"] = _cell(box, parent)
    elif role[0] == "H" and role[1:].isdecimal():
        made.title = _words(source)
    return made


def _numbering(box: Any) -> str:
    if box.element.tag == "dl":
        return "None"
    item = box.element.find("li")
    marker = None if item is None else item.find("span[@class='marker']")
    return kinds.numbering(box.style["list_style_type"], None if marker is None else _words(marker))


def _cell(box: Any, row: Element) -> dict[str, Any]:
    """Spans and, of a head, its scope (ISO 32000-1 table 349)."""
    found: dict[str, Any] = {}
    if box.colspan != 1:
        found["ColSpan"] = box.colspan
    if box.rowspan != 1:
        found["RowSpan"] = box.rowspan
    if box.element.tag == "th":
        stated = {"col": "Column", "colgroup": "Column", "row": "Row", "rowgroup": "Row"}
        heads_row = any(one.role == "TD" for one in row.kids if isinstance(one, Element))
        cells = list(row.source) if row.source is not None else []
        among_data = heads_row or any(cell.tag == "td" for cell in cells)
        scope = stated.get(box.element.get("scope") or "", "Row" if among_data else "Column")
        found["Scope"] = f"/{scope}"
    return found


def _generated(growth: _Growth, box: Any, parent: Element) -> Element:
    """What CSS supplies: markers are labels, footnote calls refer, all else is text."""
    pseudo = box.element_tag.partition("::")[2]
    if pseudo == "marker":
        item = next((one for one in parent.ancestors if one.role in ("LI", "TOCI")), parent)
        return item.add("Lbl", at=0)
    if pseudo == "footnote-marker":
        return parent.add("Lbl")
    if pseudo == "footnote-call":
        call = _line(parent).add("Reference")
        growth.notes.setdefault(box.element, [None, None])[0] = call
        return call
    return parent


def _note(growth: _Growth, box: Any) -> Element:
    """The element of a CSS footnote, which is put behind its call when all pages are walked."""
    pair = growth.notes.setdefault(box.element, [None, None])
    note = pair[1] or Element("Note", source=box.element, language=box.element.get("lang"))
    pair[1] = growth.found[box.element, box.element_tag] = note
    return note


def _place_note(growth: _Growth, call: Element | None, note: Element | None, number: int) -> None:
    if note is None:
        return
    parent = call.parent if call and call.parent else growth.root
    note.parent = parent
    parent.kids.insert(parent.kids.index(call) + 1 if call else len(parent.kids), note)
    near = next((one.ident for one in parent.ancestors if one.ident), None)
    note.ident = note.source.get("id") or f"{near or 'page'}-note{number}"
    if call:
        call.refers.append(note)
        note.refers.append(call)


# --- content -------------------------------------------------------------------------------


def _line(parent: Element) -> Element:
    """The element that may hold a run of text: a P of our own in one that may not."""
    if parent.role not in kinds.GROUPING:
        return parent
    last = parent.kids[-1] if parent.kids else None
    if isinstance(last, Element) and last.role == "P" and last.source is None:
        return last
    return parent.add("P")


def _text(growth: _Growth, box: Any, parent: Element, *, ends_line: bool) -> None:
    mark = growth.marks.take(box)
    if mark is None:
        return
    if not box.text.strip() or box.style["visibility"] != "visible":
        mark.discard(LAYOUT)
        return
    host = _line(parent)
    if kinds.is_rtl_text(box.text) or "\u2010" in box.text[:-1]:
        host = host.add("Span")
        space = ends_line and not box.text.endswith((" ", *_UNBROKEN))
        host.actual = box.text + " " * space
    host.kids.append(Run(growth.page, mark))


def _picture(growth: _Growth, box: Any, parent: Element) -> None:
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


def _bounds(growth: _Growth, box: Any) -> list[float]:
    """Left, bottom, right, top in points from the lower left corner of the page."""
    left, top = box.content_box_x(), box.content_box_y()
    height = growth.box.margin_height()
    return [
        round(value * POINT, 3)
        for value in (left, height - top - box.height, left + box.width, height - top)
    ]


def _annotate(growth: _Growth, box: Any, here: Element) -> Element:
    """Tie a box's link annotation to its Link; of annotations that lie in another of the same
    Link only the outer one stays."""
    annotation = box.link_annotation
    if annotation is None:
        return here
    link = next((one for one in here.ancestors if one.role == "Link"), None)
    if link is None:
        here = link = _line(here).add("Link", box.element)
    kept = [one for one in link.kids if isinstance(one, Annotation) and one.page == growth.page]
    if any(_inside(annotation["Rect"], one.annotation["Rect"]) for one in kept):
        growth.marks.unused.append(annotation)
        return here
    if link.source is not None and "Dest" in annotation:
        annotation["Contents"].string = _words(link.source) or annotation["Contents"].string
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


def _words(source: Any) -> str:
    return " ".join("".join(source.itertext()).replace("\u00ad", "").split())


def _prune(element: Element) -> None:
    """Drop what holds nothing; a table keeps its empty cells. Captions come last."""
    for kid in list(element.kids):
        if isinstance(kid, Element):
            _prune(kid)
            if not kid.kids and kid.role not in ("TH", "TD"):
                element.kids.remove(kid)
    if element.role == "Figure":
        element.kids.sort(key=lambda kid: isinstance(kid, Element) and kid.role == "Caption")
