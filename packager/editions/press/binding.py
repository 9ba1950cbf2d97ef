"""Galleys and their folio layers bound into one PDF.

Pages in order with bare blanks between; fonts, structure tree, outline, named destinations and
links of the whole book. A galley is in memory only while its objects are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import BinaryIO

import pikepdf
from pikepdf import Dictionary

from packager.cache import Kept
from packager.editions.finish import mended
from packager.editions.pdf_file import Thing, write_pdf
from packager.editions.press import folios, galley
from packager.editions.press.fonts_union import FontUse, embedded, joined
from packager.editions.press.galley import Bookmark, Standing
from packager.editions.press.objects import Objects, Taking, filled
from packager.editions.press.plan import Place
from packager.editions.press.torn import Torn
from packager.editions.press.trees import (
    LEAF,
    Growing,
    name_tree,
    outline,
    page_tree,
    point,
    references,
    string,
)
from packager.errors import EditionError
from packager.fonts import FontFile

_FOLIO = b"/PressFolio"
_BEFORE = b"q\n"
_AFTER = b"Q\n/Artifact <</Type /Pagination>> BDC %s Do EMC\n" % _FOLIO
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


Say = Callable[[pikepdf.Pdf], None]
"""Has a PDF say what it is (`finish.said`)."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the book has once: objects with the texts that lead to them, and numbers for what
    pages refer to before it is written: page tree, Document element, the streams around a
    folio layer."""

    objects: Objects
    first: int
    catalog: bytes
    files: bytes
    trailer: bytes
    fonts: int
    more_fonts: bytes
    pages: int
    nodes: tuple[int, ...]
    document: int
    before: int
    after: int


@dataclass(slots=True)
class _Grown:
    """What grows with the book: the numbers of its pages and of the elements below Document; the
    leaves of the parent tree and its next key; IDs with their elements; role and class map; the
    anchors that links ask for; the language of the Document element."""

    pages: list[int] = field(default_factory=list)
    kids: list[int] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    key: int = 0
    ids: dict[str, bytes] = field(default_factory=dict)
    maps: dict[str, dict[str, str]] = field(default_factory=dict)
    targets: set[str] = field(default_factory=set)
    language: str = ""


def bind_into(
    file: BinaryIO, version: str, sheaves: Sequence[Sheaf], fonts: Sequence[FontFile], say: Say
) -> None:
    """Write the book as one PDF of this version.

    Raises `EditionError` for a link to an anchor that no galley has, OSError where the file
    cannot be written.
    """
    numbers = count(1)
    catalog = next(numbers)
    frame = _frame(sheaves, fonts, say, numbers)
    trailer = b"/Root %d 0 R %s" % (catalog, frame.trailer)
    write_pdf(file, version, _things(sheaves, frame, catalog, numbers), numbers, trailer)


def _frame(
    sheaves: Sequence[Sheaf], fonts: Sequence[FontFile], say: Say, numbers: Iterator[int]
) -> _Frame:
    last = sheaves[-1]
    sheets = last.place.sheet + len(last.galley.leaves) - 1
    with pikepdf.new() as pdf:
        shared = pdf.make_indirect(Dictionary(embedded(pdf, joined(_fonts(sheaves)), fonts)))
        pdf.Root.PressFonts = shared
        say(pdf)
        mended(pdf)
        taking = Taking(pdf, {})
        left = ("/Pages", "/Names", "/PressFonts")
        own = {key: value for key, value in pdf.Root.items() if key not in left}
        names = pdf.Root.get("/Names", Dictionary())
        ends = {key: pdf.trailer[key] for key in ("/Info", "/ID") if key in pdf.trailer}
        texts = [taking.inside(Dictionary(part)) for part in (own, dict(names.items()), ends)]
        fonts_place, more_fonts = taking.place(shared), taking.inside(shared)
        objects = taking.objects()
    first = _reserved(numbers, len(objects.texts))
    catalog, files, trailer, more = (filled(text, first, bytes) for text in (*texts, more_fonts))
    return _Frame(
        objects,
        first,
        catalog,
        files,
        trailer,
        first + fonts_place,
        more,
        pages=next(numbers),
        nodes=tuple(next(numbers) for _ in range(0, sheets, LEAF)),
        document=next(numbers),
        before=next(numbers),
        after=next(numbers),
    )


def _fonts(sheaves: Sequence[Sheaf]) -> Iterator[FontUse]:
    """What galleys and then folio layers drew."""
    for sheaf in sheaves:
        yield from galley.fonts_in(sheaf.galley.kept.fetch())
    for sheaf in sheaves:
        yield from folios.from_bytes(sheaf.layer.fetch()).fonts


def _reserved(numbers: Iterator[int], size: int) -> int:
    """The first of as many numbers in a row."""
    taken = [next(numbers) for _ in range(size)]
    return taken[0] if taken else 0


def _things(
    sheaves: Sequence[Sheaf], frame: _Frame, catalog: int, numbers: Iterator[int]
) -> Iterator[Thing]:
    """All objects of the book, the catalog last."""
    yield from frame.objects.placed(frame.first, bytes)
    yield Thing(frame.before, b"<< /Length %d >>" % len(_BEFORE), _BEFORE)
    yield Thing(frame.after, b"<< /Length %d >>" % len(_AFTER), _AFTER)
    grown = _Grown()
    for number, sheaf in enumerate(sheaves, 1):
        yield from _sheaf(sheaf, number, frame, grown, numbers)
    yield from page_tree(grown.pages, frame.nodes, frame.pages)
    anchors = _anchors(sheaves, grown.pages)
    if lost := sorted(grown.targets - set(anchors)):
        raise EditionError(f"a link leads to '{lost[0]}', which no page of the book has")
    destinations = yield from name_tree(anchors, numbers)
    structure = yield from _structure(grown, frame.document, numbers)
    bookmarks = yield from outline(_marks(sheaves, grown.pages), numbers)
    entries = [
        frame.catalog,
        b"/Pages %d 0 R /StructTreeRoot %d 0 R" % (frame.pages, structure),
        b"/Names << /Dests %d 0 R %s >>" % (destinations, frame.files),
        b"/Outlines %d 0 R" % bookmarks if bookmarks else b"",
    ]
    yield Thing(catalog, b"<< %s >>" % b" ".join(entries))


def _sheaf(
    sheaf: Sheaf, number: int, frame: _Frame, grown: _Grown, numbers: Iterator[int]
) -> Iterator[Thing]:
    """The objects of a galley, of the blank before it and of its folio layer."""
    torn = galley.torn_in(sheaf.galley.kept.fetch())
    layer = folios.from_bytes(sheaf.layer.fetch())
    first = _reserved(numbers, len(torn.objects.texts))
    forms = _reserved(numbers, len(layer.objects.texts))
    ids = _ids(torn, number, first, grown)

    def fill(mark: bytes) -> bytes:
        """What stands for a mark of the book in a text of this galley."""
        kind, _, place = mark.partition(b" ")
        if kind == b"key":
            return b"%d" % (grown.key + int(place))
        if kind == b"id":
            return string(ids[int(place)])
        if kind == b"more":
            return frame.more_fonts
        return b"%d 0 R" % (frame.fonts if kind == b"fonts" else frame.document)

    over = [None if form is None else forms + form for form in layer.forms]
    if sheaf.place.blank:
        blank = next(numbers)
        entries = f"/Type /Page /Tabs /S {torn.boxes}".encode()
        yield _page(frame, grown, blank, entries, [b"", b"", b""], over.pop(0))
    for place, (page, form) in enumerate(zip(torn.pages, over, strict=True)):
        texts = (page.entries, page.contents, page.resources, page.drawn)
        entries, *inside = (filled(text.encode("latin-1"), first, fill) for text in texts)
        yield _page(frame, grown, first + place, entries, inside, form)
    for thing in torn.objects.placed(first, fill):
        if thing.number >= first + len(torn.pages):
            yield thing
    yield from layer.objects.placed(forms, fill)
    yield from _parents(torn, first, fill, grown, numbers)
    _grow(grown, torn, first)


def _page(
    frame: _Frame,
    grown: _Grown,
    number: int,
    entries: bytes,
    inside: Sequence[bytes],
    form: int | None,
) -> Thing:
    """A page; its folio layer is a form that is drawn after everything else (§8.10)."""
    contents, resources, drawn = inside
    if form is not None:
        contents = b"%d 0 R %s %d 0 R" % (frame.before, contents, frame.after)
        drawn = b"%s %s %d 0 R" % (drawn, _FOLIO, form)
    parent = frame.nodes[len(grown.pages) // LEAF]
    grown.pages.append(number)
    text = b"<< %s /Parent %d 0 R /Contents [ %s ] /Resources << %s /XObject << %s >> >> >>"
    return Thing(number, text % (entries, parent, contents, resources, drawn))


def _ids(torn: Torn, number: int, first: int, grown: _Grown) -> list[str]:
    """The IDs of a galley in the book: one that an earlier galley has gets the galley's number."""
    made = []
    for name, place in torn.ids:
        made.append(f"g{number}-{name}" if name in grown.ids else name)
        grown.ids[made[-1]] = b"%d 0 R" % (first + place)
    return made


def _parents(
    torn: Torn, first: int, fill: Callable[[bytes], bytes], grown: _Grown, numbers: Iterator[int]
) -> Iterator[Thing]:
    """The leaf of the parent tree (§14.7.4.4) that a galley is."""
    if not torn.parents:
        return
    entries = [
        b"%d %s" % (grown.key + key, filled(text.encode("latin-1"), first, fill))
        for key, text in torn.parents
    ]
    limits = (grown.key + torn.parents[0][0], grown.key + torn.parents[-1][0])
    grown.parents.append(next(numbers))
    text = b"<< /Limits [ %d %d ] /Nums [ %s ] >>" % (*limits, b" ".join(entries))
    yield Thing(grown.parents[-1], text)


def _grow(grown: _Grown, torn: Torn, first: int) -> None:
    """What a galley adds to what the book has once."""
    grown.key += max((key + 1 for key, _ in torn.parents), default=0)
    grown.kids += [first + place for place in torn.kids]
    grown.targets.update(torn.targets)
    grown.language = grown.language or torn.language
    for name, entries in torn.maps.items():
        grown.maps[name] = {**entries, **grown.maps.get(name, {})}


def _anchors(sheaves: Sequence[Sheaf], pages: Sequence[int]) -> dict[str, bytes]:
    """Every anchor as a named destination (§12.3.2.3); the first of a name holds."""
    found: dict[str, bytes] = {}
    for sheaf in sheaves:
        for page, leaf in enumerate(sheaf.galley.leaves, sheaf.place.sheet - 1):
            for name, x, y in leaf.anchors:
                found.setdefault(name, point(pages[page], x, y))
    return found


def _marks(sheaves: Sequence[Sheaf], pages: Sequence[int]) -> Iterator[tuple[int, Bookmark]]:
    for sheaf in sheaves:
        for page, leaf in enumerate(sheaf.galley.leaves, sheaf.place.sheet - 1):
            for mark in leaf.bookmarks:
                yield pages[page], mark


def _structure(grown: _Grown, document: int, numbers: Iterator[int]) -> Growing:
    """The structure tree of the book (§14.7): one Document element above what the galleys have."""
    parents, root = next(numbers), next(numbers)
    yield Thing(parents, b"<< /Kids %s >>" % references(grown.parents))
    ids = yield from name_tree(grown.ids, numbers)
    language = b"/Lang %s " % string(grown.language) if grown.language else b""
    about = b"/Type /StructElem /S /Document /P %d 0 R %s" % (root, language)
    yield Thing(document, b"<< %s/K %s >>" % (about, references(grown.kids)))
    maps = [
        f"{name} << {' '.join(f'{key} {entries[key]}' for key in sorted(entries))} >>"
        for name, entries in sorted(grown.maps.items())
    ]
    tied = b"/K [ %d 0 R ] /ParentTree %d 0 R /ParentTreeNextKey %d /IDTree %d 0 R"
    entries = [tied % (document, parents, grown.key, ids), *(one.encode("latin-1") for one in maps)]
    yield Thing(root, b"<< /Type /StructTreeRoot %s >>" % b" ".join(entries))
    return root
