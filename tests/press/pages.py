"""The lines of a page as an eye sees them: where each stands, how large, what it says."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium


@dataclass(frozen=True)
class Line:
    """A line of type: its base line in points above the bottom of the page, its edges, the size
    of its largest letters, its text. Raised letters are a line of their own."""

    base: float
    left: float
    right: float
    size: float
    text: str


def lines_of(data: bytes) -> list[list[Line]]:
    """The lines of each page, from the top."""
    pdf = pypdfium2.PdfDocument(data)
    try:
        return [_lines(page) for page in pdf]
    finally:
        pdf.close()


def _lines(page: pypdfium2.PdfPage) -> list[Line]:
    rows: dict[float, list[tuple[float, float, float, str]]] = {}
    for base, *run in _runs(page):
        at = next((one for one in rows if abs(one - base) < 0.3), base)
        rows.setdefault(at, []).append(tuple(run))
    return [
        Line(
            base,
            min(one[0] for one in row),
            max(one[1] for one in row),
            max(one[2] for one in row),
            "".join(one[3] for one in sorted(row)),
        )
        for base, row in sorted(rows.items(), reverse=True)
    ]


def _runs(page: pypdfium2.PdfPage) -> Iterator[tuple[float, float, float, float, str]]:
    """Base line, left, right, size and words of each run of text that is seen."""
    text = page.get_textpage()
    for run in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=4):
        count = pdfium.FPDFTextObj_GetText(run.raw, text.raw, None, 0)
        said = (ctypes.c_ushort * count)()
        pdfium.FPDFTextObj_GetText(run.raw, text.raw, said, count)
        words = bytes(said)[:-2].decode("utf-16-le", "replace").strip("\0 \r\n")
        if words:
            size = ctypes.c_float()
            pdfium.FPDFTextObj_GetFontSize(run.raw, size)
            matrix = run.get_matrix()
            left, _, right, _ = run.get_bounds()
            yield matrix.f, left, right, size.value * matrix.d, f"{words} "
    text.close()
