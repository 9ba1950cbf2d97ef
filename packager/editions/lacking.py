"""Letters that no font has: a box of their own is drawn for them.

WeasyPrint gives such a letter the number of a glyph behind the last one of the font, so that its
text can be copied; but a glyph that is not there breaks PDF/A (ISO 19005-3 §6.2.11.8) and PDF/UA
(ISO 14289-1 §7.21.8). The glyphs are added to the embedded TrueType font. Fonts with CFF outlines
are left as they are.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator

import pikepdf
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from pikepdf import Array, Dictionary, Name

_CODE = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<[0-9A-Fa-f]*>")


def draw_lacking(pdf: pikepdf.Pdf) -> None:
    """Give every glyph that a font of the file is asked for and has not the look of a box."""
    for font in pdf.objects:
        if not isinstance(font, Dictionary) or "/ToUnicode" not in font:
            continue
        for inner in font.get("/DescendantFonts", Array()):
            program = inner.get("/FontDescriptor", Dictionary()).get("/FontFile2")
            if program is not None:
                codes = {int(code, 16) for code in _CODE.findall(font.ToUnicode.read_bytes())}
                drawn = _drawn(program.read_bytes(), codes, dict(_widths(inner)))
                if drawn is not None:
                    program.write(drawn)
                    program.Length1 = len(drawn)
                    font.Encoding = Name("/Identity-H")  # WeasyPrint's own makes them .notdef


def _widths(font: pikepdf.Object) -> Iterator[tuple[int, float]]:
    """The widths of a CID font by glyph, in thousandths of an em (ISO 32000-1 §9.7.4.3)."""
    found = list(font.get("/W", Array()))
    while found:
        first = int(found.pop(0))
        second = found.pop(0)
        if isinstance(second, Array):
            yield from ((first + n, float(width)) for n, width in enumerate(second))
        else:
            width = float(found.pop(0))
            yield from ((code, width) for code in range(first, int(second) + 1))


def _drawn(data: bytes, codes: Iterable[int], widths: dict[int, float]) -> bytes | None:
    """The font with boxes for the codes that it lacks; None where it lacks none."""
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    order = list(font.getGlyphOrder())
    lacking = {code for code in codes if code >= len(order)}
    if not lacking:
        return None
    unit = font["head"].unitsPerEm
    for code in range(len(order), max(lacking) + 1):
        name = f"glyph{code:05}"
        order.append(name)
        width = round(widths.get(code, 1000.0) * unit / 1000)
        font["glyf"].glyphs[name] = _box(width, unit) if code in lacking else Glyph()
        font["hmtx"].metrics[name] = (width, 0)
    font.setGlyphOrder(order)
    font["glyf"].glyphOrder = order
    out = io.BytesIO()
    font.save(out, reorderTables=False)
    return out.getvalue()


def _box(width: int, unit: int) -> Glyph:
    """A frame as wide as the letter, a twentieth of an em thick."""
    pen = TTGlyphPen(None)
    thick = unit // 20
    left, right, top = thick, max(width - thick, 3 * thick), unit * 7 // 10
    for inset, turn in ((0, 1), (thick, -1)):
        corners = [
            (left + inset, inset),
            (left + inset, top - inset),
            (right - inset, top - inset),
            (right - inset, inset),
        ][::turn]
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
    return pen.glyph()
