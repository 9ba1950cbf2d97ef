"""What stands on the pages of a PDF: fonts, boxes, labels."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from packager.check.pdf_file import PdfFile, inherited, page_place
from packager.findings import Finding, Severity

FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
# Points; boxes are written with two or three decimals.
TOLERANCE = 0.01
# PDF annex C: a page has at least 3 and at most 14,400 units a side.
SHORTEST, LONGEST = 3.0, 14_400.0


def fonts(book: PdfFile) -> Iterator[Finding]:
    """Fonts embedded, in pages and all that is drawn on them (PDF 9.9; PDF/UA-1 §7.21.4.1)."""
    seen: set[tuple[int, int]] = set()
    told: set[str] = set()
    for number, page in enumerate(book.pages, start=1):
        for font in _fonts(page, seen):
            name = str(font.get("/BaseFont", "/unnamed")).lstrip("/")
            if not _is_embedded(font) and name not in told:
                told.add(name)
                message = f"the font {name} is not embedded"
                hint = "embed it: other machines print other letters"
                where = page_place(book, number)
                yield Finding("pdf-fonts", Severity.ERROR, where, message, hint)


def _fonts(page: pikepdf.Page, seen: set[tuple[int, int]]) -> Iterator[Dictionary]:
    """Every font below a page's resources and the looks of its annotations, each object once."""
    waiting: list[Object | None] = [inherited(page, "/Resources")]
    for annotation in _listed(page.obj.get("/Annots")):
        if isinstance(annotation, Dictionary) and isinstance(annotation.get("/AP"), Dictionary):
            waiting.append(annotation.get("/AP"))
    while waiting:
        thing = waiting.pop()
        if not isinstance(thing, Dictionary | Stream | Array):
            continue
        if thing.is_indirect:
            if thing.objgen in seen:
                continue
            seen.add(thing.objgen)
        if isinstance(thing, Array):
            waiting.extend(_listed(thing))
        elif isinstance(thing, Dictionary) and thing.get("/Type") == Name.Font:
            yield thing
            waiting.append(thing.get("/Resources"))
        else:
            waiting.extend(_below(thing))


def _below(thing: Dictionary | Stream) -> Iterator[Object | None]:
    """What a resource dictionary, form, pattern, graphics state or appearance leads to."""
    for key in ("/Resources", "/SMask", "/G", "/N", "/R", "/D", "/Font", "/Pattern"):
        yield thing.get(key)
    for key in ("/Font", "/XObject", "/Pattern", "/ExtGState", "/N", "/R", "/D"):
        group = thing.get(key)
        if isinstance(group, Dictionary):
            yield from (thing for _, thing in group.items())


def _listed(thing: Object | None) -> list[Object]:
    return [thing[i] for i in range(len(thing))] if isinstance(thing, Array) else []


def _is_embedded(font: Dictionary) -> bool:
    if font.get("/Subtype") == Name.Type3:
        return True
    for descendant in _listed(font.get("/DescendantFonts")):
        if isinstance(descendant, Dictionary):
            font = descendant
    descriptor = font.get("/FontDescriptor")
    return isinstance(descriptor, Dictionary) and any(key in descriptor for key in FONT_FILES)


def boxes(book: PdfFile) -> Iterator[Finding]:
    """TrimBox inside BleedBox inside MediaBox, none empty (PDF 14.11.2)."""
    told: dict[str, list[int]] = {}
    for number, page in enumerate(book.pages, start=1):
        for fault in _box_faults(page, bool(book.claims.press)):
            told.setdefault(fault, []).append(number)
    for fault, numbers in told.items():
        message = f"{fault} ({len(numbers)} pages, the first is page {numbers[0]})"
        hint = "set MediaBox, BleedBox and TrimBox, each inside the one before"
        yield Finding("pdf-boxes", Severity.ERROR, page_place(book, numbers[0]), message, hint)


def _box_faults(page: pikepdf.Page, press: bool) -> Iterator[str]:
    media = _box(inherited(page, "/MediaBox"))
    if media is None:
        yield "the page has no MediaBox"
        return
    width, height = media[2] - media[0], media[3] - media[1]
    if not SHORTEST <= min(width, height) <= max(width, height) <= LONGEST:
        yield f"the MediaBox is {width:g} x {height:g} points"
    outer, outer_name = media, "MediaBox"
    for key in ("/BleedBox", "/TrimBox"):
        found = page.obj.get(key)
        box = _box(found)
        if found is not None and box is None:
            yield f"the {key[1:]} is no rectangle"
        elif box is not None:
            if not _inside(box, outer):
                yield f"the {key[1:]} reaches out of the {outer_name}"
            outer, outer_name = box, key[1:]
    crop = _box(inherited(page, "/CropBox"))
    if crop is not None and not _inside(crop, media):
        yield "the CropBox reaches out of the MediaBox"
    if press and page.obj.get("/TrimBox") is None:
        yield "a print file without TrimBox"


def _box(thing: Object | None) -> tuple[float, float, float, float] | None:
    numbers = [float(n) for n in _listed(thing)]
    if len(numbers) != 4:
        return None
    left, right = sorted((numbers[0], numbers[2]))
    bottom, top = sorted((numbers[1], numbers[3]))
    return (left, bottom, right, top) if left < right and bottom < top else None


def _inside(inner: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    low = all(inner[i] >= outer[i] - TOLERANCE for i in (0, 1))
    return low and all(inner[i] <= outer[i] + TOLERANCE for i in (2, 3))


def labels(book: PdfFile) -> Iterator[Finding]:
    """Page labels from the first page on, each range sound (PDF 12.4.2)."""
    tell = partial(Finding, "pdf-labels")
    tree = book.pdf.Root.get("/PageLabels")
    if tree is None:
        if len(book.pages) > 1 and not book.claims.press:
            message = "there are no page labels: readers count 1, 2, 3, whatever is printed"
            yield tell(Severity.NOTE, book.place, message, "write /PageLabels, roman and arabic")
        return
    starts = dict(pikepdf.NumberTree(tree).items())
    hint = "give each range of pages its style and first number, from the first page on"
    if 0 not in starts:
        yield tell(Severity.ERROR, book.place, "the first page has no label", hint)
    for start, entry in sorted(starts.items()):
        if start >= len(book.pages):
            message = f"labels begin at page {start + 1}, but there are {len(book.pages)}"
            yield tell(Severity.ERROR, book.place, message, hint)
        style = entry.get("/S") if isinstance(entry, Dictionary) else None
        first = entry.get("/St", 1) if isinstance(entry, Dictionary) else 0
        known = style is None or str(style) in {"/D", "/R", "/r", "/A", "/a"}
        if not known or int(first) < 1:
            message = f"the label of this page has style {style} and begins at {first}"
            yield tell(Severity.ERROR, page_place(book, start + 1), message, hint)
