"""Galleys and their folio layers bound into one PDF.

Pages in order with bare blanks between; fonts, structure tree, outline, named destinations and
links of the whole book. Each source is closed as soon as it is copied.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, Object, Stream, String

from packager.cache import Kept
from packager.editions.press import folios, galley
from packager.editions.press.fonts_union import FontUse, embedded, joined
from packager.editions.press.galley import LINK, Bookmark, Standing
from packager.editions.press.plan import Place
from packager.editions.press.structure import Grown, listed
from packager.editions.press.structure import joined as joined_tree
from packager.errors import EditionError
from packager.fonts import FontFile

_FOLIO = "/PressFolio"
_BEFORE = b"q\n"
_AFTER = b"Q\n/Artifact <</Type /Pagination>> BDC %s Do EMC\n" % _FOLIO.encode()
"""The folio layer follows the text, as in one document, and is no part of it (ISO 32000-1
§14.8.2.2.2, pagination artifacts)."""


@dataclass(frozen=True, slots=True)
class Sheaf:
    """A galley in its place, with the folio layer that is laid over it."""

    galley: Standing
    layer: Kept
    place: Place


@dataclass(frozen=True, slots=True)
class Numbering:
    """The sheets, counted from 1, with which roman and arabic page numbers begin."""

    front: int
    body: int

    def folio(self, sheet: int) -> int:
        """The page number of a sheet; a cover before the front matter is counted from 1."""
        if sheet >= self.body:
            return sheet - self.body + 1
        return sheet - self.front + 1 if sheet >= self.front else sheet


def bound(sheaves: Sequence[Sheaf], fonts: Sequence[FontFile]) -> bytes:
    """The pages of the book as one PDF, which `finish` makes say what it is.

    Raises `EditionError` for a link to an anchor that no galley has.
    """
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        uses = joined(_fonts(sheaves))
        shared = pdf.make_indirect(Dictionary(embedded(pdf, uses, fonts)))
        around = pdf.make_stream(_BEFORE), pdf.make_stream(_AFTER)
        grown = [_take(pdf, sheaf, shared, around) for sheaf in sheaves]
        anchors = _destinations(pdf, sheaves)
        for page in pdf.pages:
            _settle_links(page, anchors)
        pdf.Root.Names = Dictionary(Dests=anchors.obj)
        pdf.Root.StructTreeRoot = joined_tree(pdf, grown)
        if outline := _outline(pdf, _marks(sheaves)):
            pdf.Root.Outlines = outline
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _fonts(sheaves: Sequence[Sheaf]) -> Iterator[FontUse]:
    """What galleys and then folio layers drew, each fetched for this alone: a long book's fonts
    together would take more memory than its pages."""
    for sheaf in sheaves:
        yield from galley.from_bytes(sheaf.galley.kept.fetch()).fonts
    for sheaf in sheaves:
        yield from folios.from_bytes(sheaf.layer.fetch()).fonts


def _take(pdf: pikepdf.Pdf, sheaf: Sheaf, fonts: Object, around: tuple[Stream, Stream]) -> Grown:
    """Copy a galley's pages and structure tree, and the blank before it where there is one.

    Pages first: the tree then points to the copies that are in the book.
    """
    with pikepdf.open(io.BytesIO(galley.from_bytes(sheaf.galley.kept.fetch()).pdf)) as source:
        if sheaf.place.blank:
            _add_blank(pdf, source.pages[0])
        first = len(pdf.pages)
        with warnings.catch_warnings():  # of named destinations lost: the whole book has its own
            warnings.filterwarnings("ignore", "Copying pages from another Pdf")
            pdf.pages.extend(source.pages)
        tree = pdf.copy_foreign(source.Root.StructTreeRoot)
    pages = [pdf.pages[number] for number in range(first, len(pdf.pages))]
    _share_fonts(pages[0].obj.Resources, fonts)
    start = first - sheaf.place.blank
    layer = folios.from_bytes(sheaf.layer.fetch())
    with pikepdf.open(io.BytesIO(layer.pdf)) as source:
        for number, drawn in enumerate(layer.drawn):
            if drawn:
                form = pdf.copy_foreign(source.pages[number].as_form_xobject())
                _share_fonts(form.Resources, fonts)
                _lay_over(pdf.pages[start + number], form, around)
    return tree, pages


def _add_blank(pdf: pikepdf.Pdf, like: pikepdf.Page) -> None:
    """A bare page with the boxes of another."""
    left, bottom, right, top = (float(edge) for edge in like.mediabox)
    page = pdf.add_blank_page(page_size=(right - left, top - bottom)).obj
    page.Tabs = Name.S
    for name in ("/MediaBox", "/TrimBox", "/BleedBox"):
        page[name] = Array([float(edge) for edge in like.obj[name]])


def _share_fonts(resources: Object, fonts: Object) -> None:
    """The fonts of the book in place of a galley's; what only it has stays its own."""
    own = dict(resources.get("/Font", Dictionary()).items())
    resources.Font = Dictionary(dict(fonts.items()) | own) if own else fonts


def _lay_over(page: pikepdf.Page, form: Object, around: tuple[Stream, Stream]) -> None:
    """Draw a form after everything else on a page (ISO 32000-1 §8.10)."""
    resources = Dictionary(dict(page.obj.Resources.items()))
    drawn = dict(resources.get("/XObject", Dictionary()).items())
    resources.XObject = Dictionary(drawn | {_FOLIO: form})
    page.obj.Resources = resources
    page.obj.Contents = Array([around[0], *listed(page.obj.Contents), around[1]])


def _destinations(pdf: pikepdf.Pdf, sheaves: Sequence[Sheaf]) -> NameTree:
    """Every anchor as a named destination (ISO 32000-1 §12.3.2.3); the first of a name holds."""
    names: dict[str, Array] = {}
    for sheaf in sheaves:
        for number, leaf in enumerate(sheaf.galley.leaves, sheaf.place.sheet - 1):
            page = pdf.pages[number].obj
            for name, x, y in leaf.anchors:
                names.setdefault(name, Array([page, Name.XYZ, x, y, 0]))
    tree = NameTree.new(pdf)
    for name, destination in names.items():
        tree[name] = destination
    return tree


def _settle_links(page: pikepdf.Page, anchors: NameTree) -> None:
    """Turn the private addresses of links that left their galley into named destinations."""
    for annotation in listed(page.obj.get("/Annots")):
        address = str(annotation.get("/A", Dictionary()).get("/URI", ""))
        if address.startswith(LINK):
            del annotation.A
            annotation.Dest = String(address.removeprefix(LINK))
        name = annotation.get("/Dest")
        if isinstance(name, String) and str(name) not in anchors:
            raise EditionError(f"a link leads to '{name}', which no page of the book has")


Mark = tuple[int, Bookmark]
"""The sheet, counted from 0, and a bookmark that points to it."""


def _marks(sheaves: Iterable[Sheaf]) -> Iterator[Mark]:
    for sheaf in sheaves:
        for number, leaf in enumerate(sheaf.galley.leaves, sheaf.place.sheet - 1):
            for mark in leaf.bookmarks:
                yield number, mark


Below = dict[tuple[int, int], list[tuple[Object, bool]]]
"""The entries below an outline entry, by its number, and whether each is open."""


def _outline(pdf: pikepdf.Pdf, marks: Iterable[Mark]) -> Object | None:
    """The outline (ISO 32000-1 §12.3.3): a bookmark stands under the last one of a higher level."""
    root = pdf.make_indirect(Dictionary(Type=Name.Outlines))
    path: list[tuple[int, Object]] = [(-1, root)]
    below: Below = {root.objgen: []}
    for sheet, mark in marks:
        while path[-1][0] >= mark.level:
            path.pop()
        parent = path[-1][1]
        place = Array([pdf.pages[sheet].obj, Name.XYZ, mark.x, mark.y, 0])
        entry = pdf.make_indirect(Dictionary(Title=String(mark.label), Dest=place, Parent=parent))
        below[parent.objgen].append((entry, mark.open))
        below[entry.objgen] = []
        path.append((mark.level, entry))
    _tie(root, below, is_open=True)
    return root if below[root.objgen] else None


def _tie(parent: Object, below: Below, *, is_open: bool) -> int:
    """Tie the entries below one to each other; how many of them a reader shows at first."""
    entries = below[parent.objgen]
    shown = len(entries)
    for number, (entry, opened) in enumerate(entries):
        inner = _tie(entry, below, is_open=opened)
        shown += inner if opened else 0
        if number:
            entry.Prev = entries[number - 1][0]
            entries[number - 1][0].Next = entry
    if entries:
        parent.First, parent.Last = entries[0][0], entries[-1][0]
        parent.Count = shown if is_open else -shown
    return shown
