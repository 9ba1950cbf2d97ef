"""Imposition for booklets made in the house: two pages beside each other on each side of a sheet.

Printers of books impose themselves; this is for the office printer and the stapler. One signature
for the whole booklet is saddle stitch; signatures of 4, 8, 12 ... pages are gathered one after
another. The output intent, the boxes and the bleed outside are kept; at the fold pages are cut.
"""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary

from packager.beside import write_beside
from packager.editions.marks import POINT, SLUG, draw_marks
from packager.editions.prepress import saved, screen_only_out
from packager.errors import EditionError, InputError

SAME = 0.5
"""Points by which the trim of pages may differ: they are cut in one pile."""

Side = tuple[int | None, int | None]
"""The pages, counted from 0, on the left and the right of one side of a sheet; None is blank."""


def impose(
    path: Path | str,
    *,
    out: Path | None = None,
    signature: int = 0,
    creep: float = 0,
    marks: bool = False,
    right_bound: bool = False,
) -> tuple[Path, int]:
    """Write the sheets of a PDF file (`imposed`) into `out`, by default NAME-imposed.pdf beside
    it; returns where, and how many sheets of paper.

    Raises `InputError` for a file that is not there or is no PDF, `EditionError` for one that
    cannot be imposed or written.
    """
    path = Path(path)
    out = out or path.with_name(f"{path.stem}-imposed.pdf")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be opened: {error.strerror}") from error
    try:
        made = imposed(data, signature=signature, creep=creep, marks=marks, right_bound=right_bound)
    except pikepdf.PdfError as error:
        raise InputError(f"{path}: no readable PDF", hint="build the file again") from error
    try:
        write_beside(out, made)
    except OSError as error:
        raise EditionError(f"{out}: cannot be written: {error.strerror}") from error
    with pikepdf.open(io.BytesIO(made)) as pdf:
        return out, len(pdf.pages) // 2


def imposed(
    data: bytes,
    *,
    signature: int = 0,
    creep: float = 0,
    marks: bool = False,
    right_bound: bool = False,
) -> bytes:
    """A PDF of single pages as sheets to print on both sides (turned on the short edge) and fold.

    `signature` is the number of pages folded into each other, a multiple of 4; 0 for all.
    `creep` is the thickness of the paper in mm: by so much each inner sheet sticks out further,
    and its pages move towards the fold. `right_bound` is a book that is read from right to left.
    Raises `EditionError` where the pages differ in trim.
    """
    if signature < 0 or signature % 4:
        raise EditionError(f"a signature of {signature} pages cannot be folded: take 4, 8, 12 ...")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        count, (width, height) = len(pdf.pages), _trim(pdf)
        bleed = max(_reach(page) for page in pdf.pages)
        for side, depth in sides(count, signature):
            pair = side[::-1] if right_bound else side
            _add_sheet(pdf, pair, (width, height), bleed, depth * creep * POINT)
            if marks:
                _add_slug(pdf, pdf.pages[-1])
                draw_marks(pdf, pdf.pages[-1], [width / POINT])
        del pdf.pages[:count]
        screen_only_out(pdf)
        _rename(pdf, f"{signature} {creep} {marks}")
        return saved(pdf, pdf.pdf_version)


def sides(count: int, signature: int = 0) -> Iterator[tuple[Side, int]]:
    """The sides of the sheets in printing order, each with how deep its sheet lies.

    >>> [side for side, _ in sides(6)]
    [(None, 0), (1, None), (5, 2), (3, 4)]
    """
    size = signature or -(-count // 4) * 4
    for start in range(0, count, size):
        last = min(size, -(-(count - start) // 4) * 4)  # the last signature may be thinner
        pages = [start + n if start + n < count else None for n in range(last)]
        for depth in range(last // 4):
            low, high = 2 * depth, last - 1 - 2 * depth
            yield (pages[high], pages[low]), depth
            yield (pages[low + 1], pages[high - 1]), depth


def _trim(pdf: pikepdf.Pdf) -> tuple[float, float]:
    """The one trim of all pages, in points."""
    found: list[tuple[float, float]] = []
    for page in pdf.pages:
        left, bottom, right, top = (float(side) for side in page.trimbox)
        found.append((right - left, top - bottom))
    if not found:
        raise EditionError("the file has no pages")
    for number, (width, height) in enumerate(found, 1):
        if abs(width - found[0][0]) > SAME or abs(height - found[0][1]) > SAME:
            raise EditionError(f"page {number} has another trim than the first page")
    return found[0]


def _reach(page: pikepdf.Page) -> float:
    """How far a page bleeds, in points."""
    trim, bleed = page.trimbox, page.bleedbox
    return max(abs(float(a) - float(b)) for a, b in zip(trim, bleed, strict=True))


def _add_sheet(
    pdf: pikepdf.Pdf, pair: Side, trim: tuple[float, float], bleed: float, shift: float
) -> None:
    """One side of a sheet: each page cut at the fold, its art kept in the bleed outside."""
    width, height = trim
    sheet = (2 * width + 2 * bleed, height + 2 * bleed)
    sources = [None if n is None else pdf.pages[n] for n in pair]
    pdf.add_blank_page(page_size=sheet)
    page = pdf.pages[-1]
    content = ""
    page.obj.Resources = Dictionary(XObject=Dictionary())
    for n, source in enumerate(sources):
        if source is None:
            continue
        form = source.as_form_xobject()
        form.BBox = Array([float(side) for side in source.bleedbox])
        page.obj.Resources.XObject[f"/P{n}"] = form
        left, bottom = (float(side) for side in list(source.trimbox)[:2])
        x = bleed - left + (width - shift if n else shift)
        clip = (bleed + width) * n
        content += (
            f"q {clip:.4f} 0 {bleed + width:.4f} {sheet[1]:.4f} re W n "
            f"1 0 0 1 {x:.4f} {bleed - bottom:.4f} cm /P{n} Do Q\n"
        )
    page.obj.Contents = pdf.make_stream(content.encode())
    page.obj.BleedBox = Array([0, 0, *(round(side, 4) for side in sheet)])
    page.obj.TrimBox = _moved([0, 0, 2 * width, height], bleed)


def _add_slug(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Room for marks around a sheet."""
    room = SLUG * POINT
    wide, high = (float(side) for side in list(page.mediabox)[2:])
    page.obj.MediaBox = Array([0, 0, round(wide + 2 * room, 4), round(high + 2 * room, 4)])
    for name in ("/BleedBox", "/TrimBox"):
        page.obj[name] = _moved([float(side) for side in page.obj[name]], room)
    shift = f"q 1 0 0 1 {room:.4f} {room:.4f} cm\n".encode()
    page.obj.Contents = pdf.make_stream(shift + page.obj.Contents.read_bytes() + b"Q\n")


def _moved(box: Sequence[float], by: float) -> Array:
    return Array([round(side + by, 4) for side in box])


def _rename(pdf: pikepdf.Pdf, how: str) -> None:
    """Another instance of the same document; page labels belong to single pages."""
    if "/PageLabels" in pdf.Root:
        del pdf.Root["/PageLabels"]
    if "/OutputIntents" not in pdf.Root:  # no print file: what it claimed was said of its tags
        if "/Metadata" in pdf.Root:
            del pdf.Root["/Metadata"]
        return
    packet = pdf.Root.Metadata.read_bytes()
    before = re.search(rb"<xmpMM:InstanceID>(.*?)<", packet)
    if before:
        instance = uuid.uuid5(uuid.NAMESPACE_URL, f"{before[1].decode()} {how}")
        packet = packet.replace(before[1], f"uuid:{instance}".encode())
        pdf.Root.Metadata.write(packet)
