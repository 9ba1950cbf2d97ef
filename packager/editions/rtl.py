"""Lines that are read from right to left, mended: WeasyPrint 70 indents their left end.

`text-indent` (CSS Text 3 §8.1) belongs at the start of a line. Rests on two names inside
WeasyPrint 70: `weasyprint.layout.inline.text_align`, called once a line when its boxes have
their places, and the `text_indent` of a line box. Lines from left to right are not touched.
"""

from __future__ import annotations

from typing import Any

from weasyprint.layout import inline

_text_align = inline.text_align


def _aligned(context: Any, line: Any, available_width: float, last: bool) -> Any:
    offset = _text_align(context, line, available_width, last)
    if line.text_indent and line.style["direction"] == "rtl":
        for child in line.children:
            child.translate(dx=-line.text_indent, ignore_floats=True)
    return offset


def mend() -> None:
    """Have WeasyPrint indent lines at their start, for as long as this program runs."""
    inline.text_align = _aligned
