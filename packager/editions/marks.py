"""Printer's marks: where to cut, where to fold, and crosses to lay the plates over each other."""

from __future__ import annotations

from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name

POINT = 72 / 25.4
"""Points in a millimetre."""
SLUG, MARK, GAP = 10.0, 5.0, 1.0
"""In mm: the room for marks outside the bleed, their length, their distance from the bleed."""


def draw_marks(pdf: pikepdf.Pdf, page: pikepdf.Page, folds: Sequence[float]) -> None:
    """Crop and fold marks, and register marks between them, on all plates, 0.25 pt."""
    trim = [float(side) for side in page.obj.TrimBox]
    bleed = [float(side) for side in page.obj.BleedBox]
    tint = Dictionary(
        FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[1, 1, 1, 1], N=1
    )  # fmt: skip
    plates = Array([Name.Separation, Name.All, Name.DeviceCMYK, tint])
    page.resources["/ColorSpace"] = Dictionary(All=plates)
    near, far = GAP * POINT, (GAP + MARK) * POINT
    lines = []
    for x in (trim[0], trim[2], *(trim[0] + fold * POINT for fold in folds)):
        lines += [(x, bleed[1] - near, x, bleed[1] - far), (x, bleed[3] + near, x, bleed[3] + far)]
    for y in (trim[1], trim[3]):
        lines += [(bleed[0] - near, y, bleed[0] - far, y), (bleed[2] + near, y, bleed[2] + far, y)]
    part = 4 if folds else 2  # between the fold marks there may be no room
    middle_x, middle_y = trim[0] + (trim[2] - trim[0]) / part, (trim[1] + trim[3]) / 2
    off = (GAP + MARK / 2) * POINT
    centres = [(middle_x, bleed[1] - off), (middle_x, bleed[3] + off)]
    centres += [(bleed[0] - off, middle_y), (bleed[2] + off, middle_y)]
    arm = MARK / 2 * POINT
    for x, y in centres:
        lines += [(x - arm, y, x + arm, y), (x, y - arm, x, y + arm)]
    drawn = "".join(f"{a:.3f} {b:.3f} m {c:.3f} {d:.3f} l S\n" for a, b, c, d in lines)
    circles = "".join(_circle(x, y, arm * 0.6) for x, y in centres)
    marks = f"q 0.25 w /All CS 1 SCN\n{drawn}{circles}Q\n"
    page.obj.Contents = pdf.make_stream(page.obj.Contents.read_bytes() + marks.encode())


def _circle(x: float, y: float, r: float) -> str:
    """A circle of four Bézier curves."""
    k = 0.5523 * r
    points = [
        (r, 0), (r, k), (k, r), (0, r), (-k, r), (-r, k), (-r, 0),
        (-r, -k), (-k, -r), (0, -r), (k, -r), (r, -k), (r, 0),
    ]  # fmt: skip
    moved = [f"{x + a:.3f} {y + b:.3f}" for a, b in points]
    curves = "".join(f"{' '.join(moved[n : n + 3])} c " for n in (1, 4, 7, 10))
    return f"{moved[0]} m {curves}S\n"
