"""Elements -> structure tree, parent tree and identifiers (ISO 32000-1 §14.7).

Page n keeps the parent tree key n that WeasyPrint gave it; groups and annotations follow.
Places of artifacts in the parent tree are null.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pydyf

from packager.editions.tags.element import Annotation, Element, Run
from packager.editions.tags.marks import PageMarks


def write(pdf: Any, root: Element, marks: Sequence[PageMarks]) -> None:
    """Write the tree below the Document element `root` into a PDF whose pages are drawn."""
    pages = pdf.page_references
    tree = _add(pdf, Type="/StructTreeRoot")
    made = {element: _add(pdf, Type="/StructElem") for element in _elements(root)}
    for element, entry in made.items():
        parent = made[element.parent] if element.parent else tree
        entry |= _entry(element, made) | {"P": parent.reference}
        entry["K"] = pydyf.Array(_kids(pdf, element, entry, made, pages))
    tree["K"] = pydyf.Array([made[root].reference])
    tree["ParentTree"] = _parent_tree(pdf, made, marks).reference
    if named := sorted((one for one in made if one.ident), key=_name_order):
        names = [pydyf.String(one.ident) for one in named]
        pairs = [
            part
            for one, name in zip(named, names, strict=True)
            for part in (name, made[one].reference)
        ]
        limits = pydyf.Array([names[0], names[-1]])
        leaf = _add(pdf, Names=pydyf.Array(pairs), Limits=limits)
        tree["IDTree"] = _add(pdf, Kids=pydyf.Array([leaf.reference])).reference
    pdf.catalog["StructTreeRoot"] = tree.reference
    pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})
    for number, page in enumerate(marks):
        for annotation in page.unused:
            _object(pdf, pages[number])["Annots"].remove(annotation.reference)


def _name_order(element: Element) -> bytes:
    """The bytes by which a name tree is sorted (§7.9.6), as pydyf writes the name."""
    name = element.ident or ""
    return name.encode() if name.isascii() else b"\xfe\xff" + name.encode("utf-16-be")


def _add(pdf: Any, **values: Any) -> Any:
    made = pydyf.Dictionary(values)
    pdf.add_object(made)
    return made


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _elements(root: Element) -> Iterator[Element]:
    yield root
    for kid in root.kids:
        if isinstance(kid, Element):
            yield from _elements(kid)


def _entry(element: Element, made: dict[Element, Any]) -> dict[str, Any]:
    """The keys of an element but for its kids and parent (table 323)."""
    found: dict[str, Any] = {"S": f"/{element.role}"}
    texts = {
        "ID": element.ident,
        "Lang": element.language,
        "T": element.title,
        "Alt": element.alt,
        "ActualText": element.actual,
        "E": element.expansion,
    }
    found |= {key: pydyf.String(text) for key, text in texts.items() if text}
    if element.attributes:
        owners = [
            pydyf.Dictionary({"O": f"/{owner}", **{k: _value(v) for k, v in values.items()}})
            for owner, values in element.attributes.items()
            if values
        ]
        if owners:
            found["A"] = owners[0] if len(owners) == 1 else pydyf.Array(owners)
    if others := [made[one].reference for one in element.refers if one in made]:
        found["Ref"] = pydyf.Array(others)
    return found


def _value(value: Any) -> Any:
    return pydyf.Array(value) if isinstance(value, list) else value


def _kids(
    pdf: Any, element: Element, entry: Any, made: dict[Element, Any], pages: Sequence[bytes]
) -> Iterator[Any]:
    """References to elements, numbers of marks on the element's own page (`Pg`), marks on other
    pages and in groups with where they are, annotations."""
    for kid in element.kids:
        if isinstance(kid, Element):
            yield made[kid].reference
            continue
        page = pages[kid.page]
        if isinstance(kid, Annotation):
            values = {"Type": "/OBJR", "Obj": kid.annotation.reference, "Pg": page}
            yield pydyf.Dictionary(values).data
            continue
        grouped = kid.mark.stream.extra.get("Subtype") == "/Form"
        if not grouped and entry.setdefault("Pg", page) == page:
            yield kid.mark.mcid
        else:
            values = {"Type": "/MCR", "Pg": page, "MCID": kid.mark.mcid}
            if grouped:
                values["Stm"] = kid.mark.stream.reference
            yield pydyf.Dictionary(values).data


def _parent_tree(pdf: Any, made: dict[Element, Any], marks: Sequence[PageMarks]) -> Any:
    """The way back: each stream's elements by the number of the mark, each annotation's."""
    streams: dict[Any, dict[int, bytes]] = {page.stream: {} for page in marks}
    annotations: list[tuple[Any, bytes]] = []
    for element, entry in made.items():
        for kid in element.kids:
            if isinstance(kid, Run):
                streams.setdefault(kid.mark.stream, {})[kid.mark.mcid] = entry.reference
            elif isinstance(kid, Annotation):
                annotations.append((kid.annotation, entry.reference))
    nums = pydyf.Array()
    for key, (stream, parents) in enumerate(streams.items()):
        if key >= len(marks):
            stream.extra["StructParents"] = key
        last = max(parents, default=-1)
        nums += [key, pydyf.Array(parents.get(n, "null") for n in range(last + 1))]
    for key, (annotation, parent) in enumerate(annotations, len(streams)):
        annotation["StructParent"] = key
        nums += [key, parent]
    return _add(pdf, Nums=nums)
