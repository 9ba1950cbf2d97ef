"""The structure trees of many galleys joined into one (ISO 32000-1 §14.7).

One Document element holds what stood under the galleys' own; keys of the parent tree are
renumbered, in the tree as on pages and annotations; role map, class map, ID tree and namespaces
are joined. It matters not which tag builder made the trees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, NumberTree, Object, String

Grown = tuple[Object, Sequence[pikepdf.Page]]
"""A galley's tree, already copied into the bound PDF, and the galley's pages there."""


def joined(pdf: pikepdf.Pdf, galleys: Iterable[Grown]) -> Object:
    """The one structure tree of the book, ready to hang into the catalog."""
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root))
    kids: list[Object] = []
    parents, ids = NumberTree.new(pdf), NameTree.new(pdf)
    base = 0
    for number, (tree, pages) in enumerate(galleys, 1):
        kids += _kids(tree, document)
        base = _join_parents(parents, base, tree, pages)
        _join_maps(root, tree)
        _join_ids(ids, number, tree)
    document.K = Array(kids)
    root.K = Array([document])
    root.ParentTree = parents.obj
    root.ParentTreeNextKey = base
    if len(ids):
        root.IDTree = ids.obj
    return root


def listed(value: Object | None) -> list[Object]:
    """What may be one object or an array of them, as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, Array) else [value]


def _kids(tree: Object, document: Object) -> Iterator[Object]:
    """The elements below a galley's Document, which now stand below the book's."""
    for element in listed(tree.get("/K")):
        if element.get("/S") != Name.Document:
            element.P = document
            yield element
            continue
        for kid in listed(element.get("/K")):
            kid.P = document
            yield kid
        for key in ("/Lang", "/NS"):
            if key in element and key not in document:
                document[key] = element[key]


def _join_parents(
    parents: NumberTree, base: int, tree: Object, pages: Sequence[pikepdf.Page]
) -> int:
    """Renumber a galley's parent tree (§14.7.4.4) to begin at `base`; where the next begins."""
    after = base
    for key, value in NumberTree(tree.ParentTree).items():
        parents[base + key] = value
        after = max(after, base + key + 1)
    for page in pages:
        if "/StructParents" in page.obj:
            page.obj.StructParents = base + int(page.obj.StructParents)
        for annotation in listed(page.obj.get("/Annots")):
            if "/StructParent" in annotation:
                annotation.StructParent = base + int(annotation.StructParent)
    return after


def _join_maps(root: Object, tree: Object) -> None:
    """Role map (§14.7.3), class map (§14.7.5.2) and, for PDF 2.0, namespaces."""
    for name in ("/RoleMap", "/ClassMap"):
        for key, value in tree[name].items() if name in tree else ():
            if name not in root:
                root[name] = Dictionary()
            if key not in root[name]:
                root[name][key] = value
    known = {str(space.get("/NS")) for space in listed(root.get("/Namespaces"))}
    for space in listed(tree.get("/Namespaces")):
        if str(space.get("/NS")) not in known:
            if "/Namespaces" not in root:
                root.Namespaces = Array()
            root.Namespaces.append(space)


def _join_ids(ids: NameTree, galley: int, tree: Object) -> None:
    """The ID tree (§14.7.2); an ID that an earlier galley has gets the galley's number."""
    if "/IDTree" not in tree:
        return
    renamed: dict[str, str] = {}
    for name, element in NameTree(tree.IDTree).items():
        unique = name
        if name in ids:
            unique = renamed[name] = f"g{galley}-{name}"
            element.ID = String(unique)
        ids[unique] = element
    if renamed:
        for element in _elements(tree):
            _rename_headers(element, renamed)


def _elements(tree: Object) -> Iterator[Object]:
    waiting = listed(tree.get("/K"))
    while waiting:
        element = waiting.pop()
        if isinstance(element, Dictionary) and "/S" in element:
            yield element
            waiting += listed(element.get("/K"))


def _rename_headers(element: Object, renamed: Mapping[str, str]) -> None:
    """Headers of a table cell (§14.8.5.7) name other cells by their IDs."""
    for attributes in listed(element.get("/A")):
        if isinstance(attributes, Dictionary) and "/Headers" in attributes:
            names = [str(name) for name in attributes.Headers]
            attributes.Headers = Array([String(renamed.get(name, name)) for name in names])
