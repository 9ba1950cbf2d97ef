"""Lines that WeasyPrint 70 sets wrong: from right to left, of several scripts, before a run.

`text-indent` (CSS Text 3 §8.1) belongs at the start of a line; from right to left it came at the
left end. A justified line of several scripts came out longer or shorter than its measure: to
stretch a space Pango sets it apart from the words around it, and it may then be that of another
font. Rests on names inside `weasyprint.layout.inline`: `text_align` and `justify_line`, called
once a line when its boxes have their places. Other lines are not touched.

Text before an element (`the <em>winter boat</em>`) ends with a space. Where the text fills its line
so that the space alone has no room, `split_first_line` broke it after its first word.

WeasyPrint also writes empty strings between the places of glyphs (ISO 32000-1 §9.4.3). PDFium
forgets how far the pen moves behind one that comes first, so Chrome drew what follows too far to
the left: they are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pydyf
from weasyprint.formatting_structure.boxes import InlineBox, LineBox, TextBox
from weasyprint.layout import inline
from weasyprint.pdf.stream import Stream
from weasyprint.text.line_break import create_layout, line_size

_SPACE = re.compile("[ \u00a0]")
_OTHER = re.compile("[\u0530-\u1dff\u2c00-\ua63f\ua6a0-\ufaff\ufb13-\U0010ffff]")
"""Letters that text faces, which are Latin, Greek and Cyrillic, leave to another face."""
_SCRIPTS = set[str]()
_text_align, _justify_line = inline.text_align, inline.justify_line
_split_first_line = inline.split_first_line
LETTERS = 4
"""More letters of a size than fit in its width; as many as WeasyPrint reckons with."""


def mend(families: Iterable[str]) -> None:
    """Have WeasyPrint set such lines right, for as long as this program runs; these families, and
    none of a book before, are those of scripts, whose spaces come first where text is in their
    languages."""
    _SCRIPTS.clear()
    _SCRIPTS.update(families)
    inline.text_align, inline.justify_line = _aligned, _justified
    inline.split_first_line = _first_line
    Stream.show_text = _show_text


def _show_text(self: Any, text: str | bytes) -> None:
    shown = text if isinstance(text, bytes) else text.encode("latin-1")
    pydyf.Stream.show_text(self, shown.replace(b"<>", b" "))


def _first_line(
    text: str, style: Any, context: Any, width: float | None, *more: Any, **named: Any
) -> Any:
    """The first line of a text; a space at its end may hang (CSS Text 3 §4.1.2)."""
    made = _split_first_line(text, style, context, width, *more, **named)
    broken, hangs = made[2] is not None, text.endswith(" ")
    if not (broken and hangs and width and len(text) * style["font_size"] < LETTERS * width):
        return made
    bare = _split_first_line(text.rstrip(" "), style, context, width, *more, **named)
    if bare[2] is not None or bare[3] > width:
        return made
    return _split_first_line(text, style, context, width + style["font_size"], *more, **named)


def _aligned(context: Any, line: Any, available_width: float, last: bool) -> Any:
    offset = _text_align(context, line, available_width, last)
    if line.text_indent and line.style["direction"] == "rtl":
        for child in line.children:
            child.translate(dx=-line.text_indent, ignore_floats=True)
    return offset


def _justified(context: Any, line: Any, extra_width: float) -> None:
    drifts = {box: drift for box in _texts(line) if (drift := _drift(context, box))}
    _justify_line(context, line, extra_width - sum(drifts.values()))
    if drifts:
        _move(line, drifts, 0)


def _texts(box: Any) -> Iterator[Any]:
    """The text boxes of a line, as far as spaces in them are stretched."""
    if isinstance(box, TextBox):
        yield box
    elif isinstance(box, (LineBox, InlineBox)):
        for child in box.children:
            yield from _texts(child)


def _drift(context: Any, box: Any) -> float:
    """How much wider a text becomes beyond what its spaces are stretched by."""
    spaces = len(_SPACE.findall(box.text))
    mixed = box.style["font_family"][0] in _SCRIPTS or _OTHER.search(box.text)
    if not (spaces and mixed):
        return 0
    layout = create_layout(box.text, box.style, context, None, 1)
    layout.set_text(box.text, justify=True)
    width, _ = line_size(layout.get_first_line()[0], box.style)
    layout.deactivate()
    return float(width - box.width - spaces)


def _move(box: Any, drifts: dict[Any, float], x: float) -> float:
    """Move the boxes of a line by the drift of those before them; how far the next one goes."""
    if isinstance(box, TextBox):
        box.position_x += x
        box.width += drifts.get(box, 0)
        return x + drifts.get(box, 0)
    if not isinstance(box, (LineBox, InlineBox)):
        box.translate(x, 0)
        return x
    box.position_x += x
    before = x
    for child in box.children[::-1] if box.style["direction"] == "rtl" else box.children:
        if child.is_in_normal_flow():
            x = _move(child, drifts, x)
    box.width += x - before
    return x
