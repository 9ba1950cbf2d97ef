"""Laid out boxes -> elements: one for each HTML element, whole however many pages it stands on.

Boxes are walked page by page in the order of the source. What an element's boxes hold on later
pages goes to the element made first; a note stands behind its call; running heads, leaders,
repeated table heads and empty runs become artifacts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from packager.editions.tags import kinds
from packager.editions.tags.content import annotate, line_in, picture, text, words_of
from packager.editions.tags.element import Element, Growth
from packager.editions.tags.glyphs import Fonts
from packager.editions.tags.marks import LAYOUT, REPEATED, PageMarks, running


def grow(pages: Sequence[Any], marks: Sequence[PageMarks], fonts: Fonts) -> Element:
    """The Document element over all pages (page boxes, each with its marks); `fonts` says by font
    and glyph which letters a reader of the file sees."""
    growth = Growth(Element("Document"), fonts)
    for number, (page, found) in enumerate(zip(pages, marks, strict=True)):
        growth.page, growth.box, growth.marks = number, page, found
        _walk(growth, page, growth.root)
        for mark in list(found.waiting.values()):
            mark.discard(LAYOUT)
    for number, (call, note) in enumerate(growth.notes.values(), 1):
        _place_note(growth, call, note, number)
    _prune(growth.root)
    return growth.root


def _walk(growth: Growth, box: Any, parent: Element) -> None:
    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    if isinstance(box, boxes.MarginBox):
        _discard(growth, box, running(box.at_keyword))
    elif box.is_leader:
        annotate(growth, box, parent)
        _discard(growth, box, LAYOUT)
    elif _is_repeated(growth, box):
        _discard(growth, box, REPEATED)
    elif isinstance(box, boxes.TextBox):
        text(growth, box, parent)
    elif isinstance(box, boxes.FootnoteAreaBox):
        for note in box.children:
            _walk(growth, note, _note(growth, note))
    else:
        here = _element(growth, box, parent)
        here = annotate(growth, box, here)
        if isinstance(box, boxes.ReplacedBox):
            picture(growth, box, here)
        if isinstance(box, boxes.LineBox):
            growth.line = box
        for child in box.children:
            _walk(growth, child, here)


def _is_repeated(growth: Growth, box: Any) -> bool:
    """True for a table's head that is drawn once more on a later page."""
    if not isinstance(box, boxes.TableRowGroupBox) or not (box.is_header or box.is_footer):
        return False
    return growth.heads.setdefault(box.element, growth.page) != growth.page


def _discard(growth: Growth, box: Any, properties: dict[str, str]) -> None:
    """Every run below a box becomes an artifact."""
    for one in box.descendants(placeholders=True):
        inner = one._box if isinstance(one, AbsolutePlaceholder) else one
        if mark := growth.marks.take(inner):
            mark.discard(properties)


# --- elements ------------------------------------------------------------------------------


def _element(growth: Growth, box: Any, parent: Element) -> Element:
    """The element that a box's content belongs to: made once, found again on later pages."""
    if box.element is not None and box.element_tag == "html":
        growth.root.language = box.element.get("lang")
    if box.element is None or box.element_tag in ("html", "body"):
        return parent
    key = (box.element, box.element_tag)
    if key not in growth.found:
        growth.found[key] = _make(growth, box, parent)
    return growth.found[key]


def _make(growth: Growth, box: Any, parent: Element) -> Element:
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


def _role(growth: Growth, box: Any, parent: Element) -> str | None:
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
    if parent.role == "Note" and tag == "span" and isinstance(box, boxes.BlockBox):
        return "P"
    role = kinds.ROLES.get(tag)
    if role and tag[0] == "h" and tag[1:].isdecimal():
        return f"H{_level(growth, int(tag[1:]))}"
    return role


def _level(growth: Growth, level: int) -> int:
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


def _put(growth: Growth, box: Any, parent: Element, role: str) -> Element:
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
        parent = line_in(parent) if parent.role != "TOCI" else parent
        return parent.add("Reference", source).add("Link", source)
    if role in kinds.INLINE:
        parent = line_in(parent)
    if role == "Lbl" and parent.role == "LBody" and parent.parent:
        return parent.parent.add("Lbl", source, at=0)
    made = parent.add(role, source)
    if role == "L":
        made.attributes["List"] = {"ListNumbering": f"/{_numbering(box)}"}
    elif role in ("TH", "TD"):
        made.attributes["Table"] = _cell(box, parent)
    elif role[0] == "H" and role[1:].isdecimal():
        made.title = words_of(source)
    return made


def _numbering(box: Any) -> str:
    if box.element.tag == "dl":
        return "None"
    item = box.element.find("li")
    marker = None if item is None else item.find("span[@class='marker']")
    return kinds.numbering(
        box.style["list_style_type"], None if marker is None else words_of(marker)
    )


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


def _generated(growth: Growth, box: Any, parent: Element) -> Element:
    """What CSS supplies: markers are labels, footnote calls refer, all else is text."""
    pseudo = box.element_tag.partition("::")[2]
    if pseudo == "marker":
        item = next((one for one in parent.ancestors if one.role in ("LI", "TOCI")), parent)
        return item.add("Lbl", at=0)
    if pseudo == "footnote-marker":
        return parent.add("Lbl")
    if pseudo == "footnote-call":
        call = _call_before(line_in(parent), box.element) or line_in(parent).add("Reference")
        growth.notes.setdefault(box.element, [None, None])[0] = call
        return call
    return parent


def _call_before(parent: Element, note: Any) -> Element | None:
    """The reference just before, where it leads to the note: the author's own call."""
    last = parent.kids[-1] if parent.kids else None
    link = last.kids[0] if isinstance(last, Element) and last.role == "Reference" else None
    if not isinstance(link, Element) or link.source is None:
        return None
    return link.parent if link.source.get("href") == f"#{note.get('id')}" else None


def _note(growth: Growth, box: Any) -> Element:
    """The element of a CSS footnote, which is put behind its call when all pages are walked."""
    pair = growth.notes.setdefault(box.element, [None, None])
    note = pair[1] or Element("Note", source=box.element, language=box.element.get("lang"))
    pair[1] = growth.found[box.element, box.element_tag] = note
    return note


def _place_note(growth: Growth, call: Element | None, note: Element | None, number: int) -> None:
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


def _prune(element: Element) -> None:
    """Drop what holds nothing; a table keeps its empty cells. Captions come last."""
    for kid in list(element.kids):
        if isinstance(kid, Element):
            _prune(kid)
            if not kid.kids and kid.role not in ("TH", "TD"):
                element.kids.remove(kid)
    if element.role == "Figure":
        element.kids.sort(key=lambda kid: isinstance(kid, Element) and kid.role == "Caption")
