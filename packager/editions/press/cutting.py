"""A block of XHTML cut between two letters, each part with its share of the runs inside it.

Letters are counted as read-back pages have them, without white space and hyphens; a note that
stands where it is called, for the foot of the page, is none of the text and goes with its call.
"""

from __future__ import annotations

from copy import copy

from lxml import etree

from packager.pdftext import HYPHENS, IGNORED

_NO_LETTERS = IGNORED | dict.fromkeys(map(ord, HYPHENS))
NOTE = "doc-footnote"
_OF_THE_WHOLE = ("id", "role", "{http://www.idpf.org/2007/ops}type")
"""What stays with the part in which an element begins: a note is one note."""
BEGINS, GOES_ON = "begins", "goes-on"
"""The classes of a paragraph that goes on on a later page, and of one that did."""


def letters(text: str) -> int:
    """How many letters a text has."""
    return len("".join(text.translate(_NO_LETTERS).split()))


def is_note(element: etree._Element) -> bool:
    """True for a note that stands in the text."""
    return str(element.tag).endswith("span") and element.get("role") == NOTE


def letters_in(element: etree._Element) -> int:
    """How many letters an element has, without notes."""
    count = letters(element.text or "")
    for child in element:
        count += (0 if is_note(child) else letters_in(child)) + letters(child.tail or "")
    return count


def notes_in(element: etree._Element, at: int = 0) -> list[tuple[str, int]]:
    """The ids of the notes in an element, and how many letters stand before each."""
    found: list[tuple[str, int]] = []
    at += letters(element.text or "")
    for child in element:
        if is_note(child):
            found.append((child.get("id", ""), at))
        else:
            found += notes_in(child, at)
            at += letters_in(child)
        at += letters(child.tail or "")
    return found


def part(block: etree._Element, start: int, end: int) -> etree._Element:
    """Letters `start` to `end` of a block as a block of its own.

    >>> block = etree.fromstring("<p>a <em id='x'>well-kept</em> light</p>")
    >>> [etree.tostring(part(block, *each)).decode() for each in ((0, 5), (5, 14))]
    ['<p class="begins">a <em id="x">well-</em></p>', '<p class="goes-on"><em>kept</em> light</p>']
    """
    whole = letters_in(block)
    made, _ = _taken(block, start, end, 0)
    states = [GOES_ON] * (start > 0) + [BEGINS] * (end < whole)
    if states:
        made.set("class", " ".join([*made.get("class", "").split(), *states]))
    return made


def _taken(element: etree._Element, start: int, end: int, at: int) -> tuple[etree._Element, int]:
    """The element with those of its letters alone, and how many letters stand before its end."""
    made = copy(element)
    for child in list(made):
        made.remove(child)
    if at < start or (at == start > 0 and not letters("".join(element.itertext())[:1] or "a")):
        for name in _OF_THE_WHOLE:
            made.attrib.pop(name, None)
    text, at = _kept(element.text or "", start, end, at)
    made.text, last = text, None
    for child in element:
        inside = _is_inside(at, start, end)
        if is_note(child):
            piece = copy(child)
        else:
            piece, at = _taken(child, start, end, at)
            if any(child.itertext()):
                inside = any(piece.itertext())
        if inside:
            piece.tail = None
            made.append(piece)
            last = piece
        text, at = _kept(child.tail or "", start, end, at)
        if last is None:
            made.text += text
        else:
            last.tail = (last.tail or "") + text
    return made, at


def _is_inside(at: int, start: int, end: int) -> bool:
    """True for what stands behind letter `at` and is none: it goes with the letter before it."""
    return start < at <= end or start == at == 0


def _kept(text: str, start: int, end: int, at: int) -> tuple[str, int]:
    out = []
    for char in text:
        if letters(char):
            if start <= at < end:
                out.append(char)
            at += 1
        elif _is_inside(at, start, end):
            out.append(char)
    return "".join(out), at
