"""A galley's PDF taken apart by the worker that set it: pages, structure tree, what they lead to.

What the book has once and a galley's PDF for itself is left behind: page tree, catalog, Document
element, fonts of the book, named destinations, outline.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, NumberTree, Object, String

from packager.editions.finish import PRINT, mended
from packager.editions.press.objects import FONTS, MORE_FONTS, Objects, Taking, id_name, key_name

LINK = "urn:packager:anchor:"
"""What a link to an anchor of another galley leads to until the book is bound."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page, all as texts with marks: its own entries, its content streams, its resources
    without the objects that it draws (XObjects), and those."""

    entries: str
    contents: str
    resources: str
    drawn: str


@dataclass(frozen=True, slots=True)
class Torn:
    """A galley's PDF taken apart.

    The texts of `pages` are not among the objects, though their places are. `boxes` are the
    entries of a bare page; `kids` the places of the elements that come to stand below the Document
    element, and `language` that of this element; `parents` the parent tree (§14.7.4.4) as keys and
    texts; `ids` the IDs of elements (§14.7.2) and their places; `maps` the role map and the class
    map; `targets` the anchors that links ask for.
    """

    pages: tuple[Page, ...]
    boxes: str
    kids: tuple[int, ...]
    language: str
    parents: tuple[tuple[int, str], ...]
    ids: tuple[tuple[str, int], ...]
    maps: Mapping[str, Mapping[str, str]]
    targets: tuple[str, ...]
    objects: Objects

    def to_json(self) -> dict[str, Any]:
        """All but the objects as plain values."""
        fields = ("boxes", "kids", "language", "parents", "ids", "maps", "targets")
        plain = {name: getattr(self, name) for name in fields}
        return plain | {"pages": [list(asdict(page).values()) for page in self.pages]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any], objects: Objects) -> Torn:
        """The galley out of plain values and its objects."""
        return cls(
            tuple(Page(*each) for each in data["pages"]),
            data["boxes"],
            tuple(data["kids"]),
            data["language"],
            tuple((key, text) for key, text in data["parents"]),
            tuple((name, place) for name, place in data["ids"]),
            data["maps"],
            tuple(data["targets"]),
            objects,
        )


def tear(data: bytes) -> Torn:
    """The PDF of a galley taken apart."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        mended(pdf)
        tree = pdf.Root.StructTreeRoot
        documents = [one for one in listed(tree.get("/K")) if one.get("/S") == Name.Document]
        taking = Taking(pdf, dict.fromkeys((one.objgen for one in [tree, *documents]), b"document"))
        for page in pdf.pages:
            taking.place(page.obj)
        targets = dict.fromkeys(name for page in pdf.pages for name in _prepared(page))
        ids = _named(tree)
        kids = [taking.place(kid) for kid in _kids(tree)]
        pages = [_page(taking, page) for page in pdf.pages]
        parents = [
            (int(key), _text(taking, value)) for key, value in NumberTree(tree.ParentTree).items()
        ]
        return Torn(
            tuple(pages),
            _boxes(pdf.pages[0].obj),
            tuple(kids),
            next((str(one.Lang) for one in documents if "/Lang" in one), ""),
            tuple(parents),
            tuple((name, taking.place(element)) for name, element in ids),
            {name: _texts(tree[name]) for name in ("/RoleMap", "/ClassMap") if name in tree},
            tuple(targets),
            taking.objects(made=len(pages)),
        )


def torn_forms(pdf: pikepdf.Pdf, pages: list[pikepdf.Page]) -> tuple[tuple[int, ...], Objects]:
    """Pages as forms (§8.10), to be drawn on others: their places, and the objects."""
    mended(pdf)
    taking = Taking(pdf, {})
    forms = []
    for page in pages:
        form = pdf.make_indirect(page.as_form_xobject())
        form.Resources = Dictionary(dict(form.Resources.items()) | {"/Font": _fonts(form)})
        forms.append(taking.place(form))
    return tuple(forms), taking.objects()


def listed(value: Object | None) -> list[Object]:
    """What may be one object or an array of them, as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, Array) else [value]


def _fonts(owner: Object) -> Object:
    """The fonts of the book in place of a galley's; what only it has stays its own."""
    own = dict(owner.Resources.get("/Font", Dictionary()).items())
    return Dictionary(own | {str(MORE_FONTS): MORE_FONTS}) if own else FONTS


def _prepared(page: pikepdf.Page) -> Iterator[str]:
    """Make a page's links those of the book, and its keys of the parent tree and those of its
    annotations names of ours; the anchors that the links ask for."""
    if "/StructParents" in page.obj:
        page.obj.StructParents = key_name(int(page.obj.StructParents))
    for annotation in listed(page.obj.get("/Annots")):
        annotation.F = PRINT
        if "/StructParent" in annotation:
            annotation.StructParent = key_name(int(annotation.StructParent))
        address = str(annotation.get("/A", Dictionary()).get("/URI", ""))
        if address.startswith(LINK):
            del annotation.A
            annotation.Dest = String(address.removeprefix(LINK))
        if isinstance(annotation.get("/Dest"), String):
            yield str(annotation.Dest)


def _page(taking: Taking, page: pikepdf.Page) -> Page:
    left = ("/Parent", "/Contents", "/Resources")
    entries = {key: value for key, value in page.obj.items() if key not in left}
    resources = dict(page.obj.Resources.items()) | {"/Font": _fonts(page.obj)}
    drawn = resources.pop("/XObject", Dictionary())
    contents = Array(listed(page.obj.get("/Contents")))
    texts = map(taking.inside, (Dictionary(entries), contents, Dictionary(resources), drawn))
    return Page(*(text.decode("latin-1") for text in texts))


def _boxes(page: Object) -> str:
    names = ("/MediaBox", "/TrimBox", "/BleedBox")
    return " ".join(f"{name} {page[name].unparse().decode()}" for name in names)


def _kids(tree: Object) -> Iterator[Object]:
    """The elements below a galley's Document, which come to stand below the book's."""
    for element in listed(tree.get("/K")):
        yield from listed(element.get("/K")) if element.get("/S") == Name.Document else [element]


def _text(taking: Taking, value: Object) -> str:
    """An entry of the parent tree: an array stands in it, an element is referred to."""
    if isinstance(value, Array):
        return f"[ {taking.inside(value).decode('latin-1')} ]"
    return taking.text(value).decode("latin-1")


def _texts(map_: Object) -> dict[str, str]:
    return {key: value.unparse(resolved=True).decode("latin-1") for key, value in map_.items()}


def _named(tree: Object) -> list[tuple[str, Object]]:
    """The elements with an ID, which becomes a name of ours there and where a cell of a table
    names the cells that head it (Headers, §14.8.5.7)."""
    if "/IDTree" not in tree:
        return []
    found = list(NameTree(tree.IDTree).items())
    places = {name: id_name(place) for place, (name, _) in enumerate(found)}
    for name, element in found:
        element.ID = places[name]
    for element in _elements(tree):
        for attributes in listed(element.get("/A")):
            if isinstance(attributes, Dictionary) and "/Headers" in attributes:
                headers = [places.get(str(one), one) for one in attributes.Headers]
                attributes.Headers = Array(headers)
    return found


def _elements(tree: Object) -> Iterator[Object]:
    waiting = listed(tree.get("/K"))
    while waiting:
        element = waiting.pop()
        if isinstance(element, Dictionary) and "/S" in element:
            yield element
            waiting += listed(element.get("/K"))
