"""Notes at the foot of the page that calls them: WeasyPrint's layout, with its notes kept in order.

WeasyPrint 70 sends a note that finds no room to the next page whole, and takes notes from lines
that stay to make room for one more. Here a line takes its note along to the next page; a note of
more than a few lines begins under its line and goes on at the foot of the next page, two lines
of a paragraph at least on either (CSS GCPM 3 §2.5). Pinned: `LayoutContext`, and how
`make_page` and `_linebox_layout` call it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import inf
from typing import Any

import weasyprint.document
from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.formatting_structure import boxes
from weasyprint.formatting_structure.build import create_anonymous_boxes
from weasyprint.layout import LayoutContext
from weasyprint.layout.block import block_level_layout
from weasyprint.text.line_break import strut

BODY = 0.25
"""The part of a page that notes carried over from the one before leave to the text."""


@contextmanager
def kept_notes() -> Iterator[None]:
    """Within it, WeasyPrint lays out notes as this module says."""
    before = weasyprint.document.LayoutContext
    weasyprint.document.LayoutContext = _Context
    try:
        yield
    finally:
        weasyprint.document.LayoutContext = before


class _Context(LayoutContext):  # type: ignore[misc]  # WeasyPrint has no types
    """The state of a layout. `footnotes` are the notes whose calls are not laid out yet."""

    def __init__(self, *values: Any) -> None:
        self._placed: list[Any] = []  # at the foot of this page
        self._waiting: list[Any] = []  # for the foot of the next
        self._divided: dict[Any, tuple[Any, Any]] = {}  # note -> what stands here, what goes on
        self._line: tuple[float, float] | None = None  # room kept below, bottom of the line
        super().__init__(*values)

    @property
    def current_page_footnotes(self) -> list[Any]:
        """None, as far as WeasyPrint asks: it would send them on to make room for a line."""
        return []

    @current_page_footnotes.setter
    def current_page_footnotes(self, _: Sequence[Any]) -> None:
        """A page begins."""
        self._placed = []
        self._line = None

    @property
    def reported_footnotes(self) -> list[Any]:
        """The notes, and the ends of notes, that wait for the next page."""
        return self._waiting

    @reported_footnotes.setter
    def reported_footnotes(self, notes: Sequence[Any]) -> None:
        """A page takes what waits; or what of it finds no room waits on, after an end of a note."""
        ends = [one for one in self._waiting if notes and one not in notes]
        self._waiting = [*ends, *notes]

    def overflows_page(self, bottom_space: float, position_y: float) -> bool:
        """WeasyPrint asks this of every line before it asks for the line's notes."""
        self._line = bottom_space, position_y
        return bool(super().overflows_page(bottom_space, position_y))

    def layout_footnote(self, footnote: Any) -> bool:
        """Put a note at the foot, or its beginning; True where not even that has room."""
        bottom_space, bottom = self._line or (0, self._least())
        self.footnotes.remove(footnote)
        self._placed.append(footnote)
        self._update_footnote_area()
        waits = bool(self._waiting)  # behind the end of another
        fits = not waits and not super().overflows_page(bottom_space, bottom)
        if not fits and not waits:
            room = self._bare_bottom() - bottom_space - bottom
            parts = self._divided_at(footnote, room - self._text_line())
            if parts := parts or self._divided_at(footnote, room):
                self._divided[footnote] = parts
                self._placed[-1:] = parts[:1]
                self._waiting.append(parts[1])
                fits = True
            self._update_footnote_area()
        # What WeasyPrint does with the line when notes wait: the end of a note does not move it.
        footnote.style["footnote_policy"] = "auto" if fits else "line"
        return not fits

    def report_footnote(self, footnote: Any) -> None:
        """A note that found no room waits; one that was divided does already."""
        if footnote in self._placed:
            self._placed.remove(footnote)
            self._waiting.append(footnote)
            self._update_footnote_area()

    def unlayout_footnote(self, footnote: Any) -> None:
        """The line of a note goes to the next page: take back what of the note is on this one."""
        first, rest = self._divided.get(footnote, (footnote, footnote))
        if first in self._placed:
            self._placed.remove(first)
        elif footnote not in self._waiting:
            return  # of a page before, or not laid out yet
        if rest in self._waiting:
            self._waiting.remove(rest)
        self._divided.pop(footnote, None)
        self.footnotes.append(footnote)
        self._update_footnote_area()

    def _least(self) -> float:
        """How far down the text of a page reaches at least."""
        page = self.current_footnote_area.page
        return float(page.content_box_y() + page.height * BODY)

    def _text_line(self) -> float:
        """The height of a line of text: a paragraph that begins with a call has a second one."""
        return float(strut(self.current_footnote_area.page.style)[0])

    def _bare_bottom(self) -> float:
        """The bottom of the page without its notes."""
        area = self.current_footnote_area
        taken = 0 if area.height == "auto" or self.in_column else area.margin_height()
        return float(self.page_bottom + taken)

    def _update_footnote_area(self) -> None:
        """The bottom of the page with the notes placed so far."""
        area = self.current_footnote_area
        self.page_bottom = self._bare_bottom()
        area.children = self._placed
        area.height = "auto"
        if self._placed:
            laid, _ = self._laid_out(0)
            area.height = laid.height
            if not self.in_column:
                self.page_bottom -= area.margin_height()

    def _laid_out(self, room: float) -> tuple[Any, Any]:
        """The notes placed so far as laid out, with where they broke off if they may take no
        more than `room`; 0 for all that they need."""
        line, area = self._line, self.current_footnote_area
        space = self.page_bottom - area.position_y - room if room else -inf
        copy = create_anonymous_boxes(area.deepcopy())
        laid, resume_at, *_ = block_level_layout(
            self, copy, space, None, area.page, page_is_empty=not room
        )
        self._line = line
        return laid, resume_at and (copy, resume_at)

    def _divided_at(self, note: Any, room: float) -> tuple[Any, Any] | None:
        """The note placed last as what stands here, if all notes take no more than `room`, and
        what goes on; None where that is too little of either."""
        self.page_bottom = self._bare_bottom()
        self.current_footnote_area.height = "auto"
        for number, one in enumerate(_leaves(note)):
            one.leaf = number
        laid, broken = self._laid_out(room) if room > 0 else (None, None)
        last = len(self._placed) - 1
        if laid is None or not broken or not broken[1].get(last):
            return None
        copy, resume_at = broken
        place = _place(copy.children[last], resume_at[last])
        begins = _place(copy.children[last], None)
        return _cut(note, *place) if place and place != begins else None


def _leaves(box: Any) -> Iterator[Any]:
    """The boxes of text below a box, in order."""
    return (one for one in box.descendants() if isinstance(one, boxes.TextBox))


def _place(box: Any, stack: dict[int, Any] | None) -> tuple[int, int] | None:
    """Where a layout broke off: the number of the text, and how many bytes of it are left."""
    if isinstance(box, boxes.TextBox):
        return box.leaf, len(box.text.encode()) - (next(iter(stack)) if stack else 0)
    if not isinstance(box, boxes.ParentBox):
        return None
    (first, below), *_ = stack.items() if stack else [(0, None)]
    for child in box.children[first:]:
        if found := _place(child, below):
            return found
        below = None
    return None


def _cut(box: Any, leaf: int, left: int) -> tuple[Any, Any]:
    """A note cut before the last `left` bytes of a text: two notes of the same element."""
    if isinstance(box, boxes.TextBox):
        data = box.text.encode()
        texts = data[: len(data) - left].decode(), data[len(data) - left :].decode()
        first, rest = (box.copy_with_text(text) if text.strip() else None for text in texts)
        return first, rest
    at = next(
        number
        for number, child in enumerate(box.children)
        if any(one.leaf == leaf for one in ([child] if hasattr(child, "leaf") else _leaves(child)))
    )
    first, rest = _cut(box.children[at], leaf, left)
    before = [*box.children[:at], *([first] if first else [])]
    after = [*([rest] if rest else []), *box.children[at + 1 :]]
    head = box.copy_with_children(before) if before else None
    tail = box.copy_with_children(after)
    if first:  # goes on in the middle of a paragraph
        tail.style = box.style.copy()
        tail.style["text_indent"] = INITIAL_VALUES["text_indent"]
    return head, tail
