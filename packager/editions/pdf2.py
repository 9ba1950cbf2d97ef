"""A structure tree of PDF 1.7 raised to PDF 2.0 (ISO 32000-2), as PDF/UA-2 and WTPDF ask.

Notes become FENotes of the PDF 2.0 namespace; what points at a place of the file also points at
the element that stands there (structure destinations, §12.3.2.3). Elements are found by their
identifier, which is the name of the destination, headings also by their title.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

SSN = "http://iso.org/pdf2/ssn"
"""The namespace of PDF 2.0's standard structure types (ISO 32000-2 §14.8.6.2)."""


def raise_structure(pdf: pikepdf.Pdf) -> None:
    """Raise the structure tree of a tagged PDF; one without a tree stays as it is."""
    tree = pdf.Root.get("/StructTreeRoot")
    if tree is None:
        return
    elements = list(_elements(tree.K))
    _namespace(pdf, tree, elements)
    by_ident = {bytes(one.ID): one for one in elements if "/ID" in one}
    firsts = _firsts(elements)
    places = _named_destinations(pdf, by_ident, firsts)
    _refer(elements, places)
    _outline(pdf, elements, firsts)


def _elements(kids: Any) -> Iterator[Dictionary]:
    """Every structure element, in reading order; walked without recursion."""
    waiting = [kids]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Array):
            waiting.extend(reversed(list(node)))
        elif isinstance(node, Dictionary) and "/S" in node:
            yield node
            if "/K" in node:
                waiting.append(node.K)


def _namespace(pdf: pikepdf.Pdf, tree: Any, elements: list[Dictionary]) -> None:
    known = tree.get("/Namespaces", Array())
    space = next((one for one in known if str(one.get("/NS")) == SSN), None)
    if space is None:
        space = pdf.make_indirect(Dictionary(Type=Name.Namespace, NS=String(SSN)))
        tree.Namespaces = Array([*known, space])
    for element in elements:
        if Name.Document == element.S:
            element.NS = space
        elif element.S in (Name.Note, Name.FENote):
            element.S, element.NS = Name.FENote, space
            element.A = Dictionary(O=Name.FENote, NoteType=Name.Footnote)
        elif element.S == Name.L:
            _name_list(element)


def _name_list(element: Dictionary) -> None:
    """A list with labels says which; one of terms is a Description (§14.8.5.5)."""
    attributes = element.get("/A")
    labelled = any(Name.Lbl == kid.S for item in _kids(element) for kid in _kids(item))
    if labelled and attributes is not None and attributes.get("/ListNumbering") == Name("/None"):
        attributes.ListNumbering = Name.Description


def _kids(element: Dictionary) -> Iterator[Dictionary]:
    kids = element.get("/K", Array())
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid


def _firsts(elements: list[Dictionary]) -> dict[tuple[int, int], Dictionary]:
    """The first element with content on each page."""
    found: dict[tuple[int, int], Dictionary] = {}
    for element in elements:
        if "/Pg" in element:
            found.setdefault(element.Pg.objgen, element)
    return found


def _structure(target: Dictionary, place: Any) -> Array:
    """A structure destination for a destination on a page, with the same view of it."""
    return Array([target, *list(place)[1:]])


def _named_destinations(
    pdf: pikepdf.Pdf,
    by_ident: dict[bytes, Dictionary],
    firsts: dict[tuple[int, int], Dictionary],
) -> dict[bytes, Dictionary]:
    """Give each named destination its element; the elements by name."""
    places: dict[bytes, Dictionary] = {}
    for leaf in _leaves(pdf.Root.get("/Names", Dictionary()).get("/Dests")):
        for n in range(0, len(leaf.Names), 2):
            name, found = bytes(leaf.Names[n]), leaf.Names[n + 1]
            place = found.D if isinstance(found, Dictionary) else found
            target = by_ident.get(name) or firsts.get(place[0].objgen)
            if target is not None:
                places[name] = target
                leaf.Names[n + 1] = Dictionary(D=place, SD=_structure(target, place))
    return places


def _leaves(node: Any) -> Iterator[Dictionary]:
    if node is None:
        return
    if "/Names" in node:
        yield node
    for kid in node.get("/Kids", Array()):
        yield from _leaves(kid)


def _refer(elements: list[Dictionary], places: dict[bytes, Dictionary]) -> None:
    """Entries of a contents list refer to what they name, calls to their notes and back."""
    for element in elements:
        if element.S not in (Name.TOCI, Name.Reference):
            continue
        target = next((places[name] for name in _links(element) if name in places), None)
        if target is None:
            continue
        if element.S == Name.TOCI:
            element.Ref = Array([target])
        elif Name.FENote == target.S:
            for one, other in ((element, target), (target, element)):
                known = list(one.get("/Ref", Array()))
                if all(ref.objgen != other.objgen for ref in known):
                    one.Ref = Array([*known, other])


def _links(element: Dictionary) -> Iterator[bytes]:
    """The names of the destinations of the links of an element, but not of entries in it."""
    kids = element.get("/K", Array())
    for kid in kids if isinstance(kids, Array) else [kids]:
        if not isinstance(kid, Dictionary):
            continue
        if kid.get("/Type") == Name.OBJR and isinstance(kid.Obj.get("/Dest"), String):
            yield bytes(kid.Obj.Dest)
        elif "/S" in kid and kid.S not in (Name.TOC, Name.TOCI):
            yield from _links(kid)


def _outline(
    pdf: pikepdf.Pdf, elements: list[Dictionary], firsts: dict[tuple[int, int], Dictionary]
) -> None:
    """Bookmarks go to the heading of their title, from the last one found on; else to what
    stands first on their page."""
    headings = [one for one in elements if "/T" in one and str(one.S)[1:2] == "H"]
    at = 0
    for item in _items(pdf.Root.get("/Outlines")):
        place = item.A.D if "/A" in item else item.get("/Dest")
        if not isinstance(place, Array):
            continue
        title = " ".join(str(item.Title).split())
        found = next((n for n, one in enumerate(headings[at:], at) if str(one.T) == title), None)
        at = at if found is None else found + 1
        target = firsts.get(place[0].objgen) if found is None else headings[found]
        if target is not None:
            if "/Dest" in item:
                del item["/Dest"]
            item.A = Dictionary(S=Name.GoTo, D=place, SD=_structure(target, place))


def _items(node: Any) -> Iterator[Dictionary]:
    """The bookmarks below a node in order."""
    item = None if node is None else node.get("/First")
    while item is not None:
        yield item
        yield from _items(item)
        item = item.get("/Next")
