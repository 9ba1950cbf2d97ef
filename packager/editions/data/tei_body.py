"""Blocks as the body of a TEI text, so that nothing of a `Speech` is lost on the way.

A kind that TEI has an element for gets it; TEI allows head, dateline and salutation only before
the text and a signature only after it, elsewhere they are an `ab` of that type, as are the kinds
that TEI has no element for. What follows a turn is its speaker's `sp`. Of a `Block` the `speaker`
is written at turns and the `level` at heads. A run that holds its letters itself is marked
`n="text"`; a `seg` is a run that no other element can hold. A picture is a `figure` that leads to
the file as the archive has it, its digest in `n`; its bytes are not written.
"""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from lxml import etree

from packager.speech import GAP_SIGN, Block, BlockKind, Inline, InlineKind, Picture

Element: TypeAlias = etree._Element

XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_ANYWHERE = {
    BlockKind.P: "p",
    BlockKind.QUOTE: "quote",
    BlockKind.STAGE: "stage",
    BlockKind.NOTE: "note",
}
_BEFORE = {BlockKind.HEAD: "head", BlockKind.DATELINE: "dateline", BlockKind.SALUTE: "salute"}
_AFTER = {BlockKind.SIGNED: "signed"}
_NO_SPEECH = frozenset({BlockKind.TURN, BlockKind.NOTE})
"""What alone makes no `sp`."""

_RUNS = {
    InlineKind.TEXT: ("seg", "corresp"),
    InlineKind.EMPHASIS: ("hi", "corresp"),
    InlineKind.FOREIGN: ("foreign", "corresp"),
    InlineKind.NAME: ("name", "ref"),
    InlineKind.REFERENCE: ("ref", "target"),
    InlineKind.NOTE_REFERENCE: ("ref", "target"),
    InlineKind.LINE_BREAK: ("lb", "corresp"),
    InlineKind.PAGE_BREAK: ("pb", "n"),
    InlineKind.GAP: ("gap", "reason"),
}
"""The element of a run and the attribute of its target."""

_EMPTY = frozenset({InlineKind.LINE_BREAK, InlineKind.PAGE_BREAK, InlineKind.GAP})
_BREAK = Inline(InlineKind.LINE_BREAK)
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 §2.2 leaves out of its characters; the names of files can hold it."""


def add(parent: Element, tag: str, text: str | None = None, **attributes: str) -> Element:
    """A new last child in the parent's namespace."""
    namespace = str(parent.tag).rpartition("}")[0]
    child = etree.SubElement(parent, f"{namespace}}}{tag}")
    for name, value in attributes.items():
        child.set(name, _letters(value))
    child.text = None if text is None else _letters(text)
    return child


def fill_body(
    body: Element, blocks: Sequence[Block], anchor: str, pictures: Sequence[Picture] = ()
) -> None:
    """Write the blocks into a body, one a line, the pictures between them; `anchor` makes the ids
    of notes unique."""
    first, last = _bounds(blocks)
    body.text = "\n"
    place, listing, listed = body, None, body
    waiting = list(pictures)
    for n, block in enumerate(blocks):
        while waiting and waiting[0].at <= n:
            _figure(place, waiting.pop(0))
            listing = None
        turn = block.kind is BlockKind.TURN and block.marker is None
        if turn or n == last:
            place = body
        if turn and n + 1 < last and blocks[n + 1].kind not in _NO_SPEECH:
            place = _line(add(body, "sp"))
        if block.kind is BlockKind.LIST or block.marker is not None:
            key = (place, block.kind, block.marker is not None)
            if key != listing:
                listing, listed = key, _line(add(place, "list"))
                if block.kind is not BlockKind.LIST:
                    listed.set("type", block.kind)
            element = _item(listed, block, anchor)
        else:
            listing = None
            known = _BEFORE if n < first else _AFTER if n >= last else {}
            element = _element(place, block, (_ANYWHERE | known).get(block.kind), anchor)
        _attributes(element, block, anchor)
        element.tail = "\n"
    for picture in waiting:
        _figure(body, picture)


def _figure(place: Element, picture: Picture) -> None:
    """A picture (TEI P5 §14.1)."""
    figure = add(place, "figure", n=f"sha256:{picture.sha256}")
    size = {"width": f"{picture.width}px", "height": f"{picture.height}px"}
    address = urllib.parse.quote(picture.path, "/#:@!$&'()*+,;=~", errors="replace")
    add(figure, "graphic", url=address, mimeType=picture.media_type, **size)
    if picture.alt is not None:
        add(figure, "figDesc", picture.alt)
    if picture.caption:
        add(figure, "p", picture.caption)
    figure.tail = "\n"


def _bounds(blocks: Sequence[Block]) -> tuple[int, int]:
    """How many blocks stand before the text, and where those after it begin; TEI wants a text
    between them."""
    first, last = 0, len(blocks)
    while first < last and blocks[first].kind in _BEFORE and blocks[first].marker is None:
        first += 1
    while last > first and blocks[last - 1].kind in _AFTER and blocks[last - 1].marker is None:
        last -= 1
    text = any(block.kind is not BlockKind.NOTE for block in blocks[first:last])
    return (first, last) if text else (0, len(blocks))


def _line(container: Element) -> Element:
    """A container whose children stand one a line."""
    container.text = container.tail = "\n"
    return container


def _item(listed: Element, block: Block, anchor: str) -> Element:
    if block.marker is not None:
        add(listed, "label", block.marker)
    item = add(listed, "item")
    _fill(item, block.content, anchor)
    return item


def _element(place: Element, block: Block, tag: str | None, anchor: str) -> Element:
    if block.kind is BlockKind.VERSE:
        element = add(place, "lg")
        for line in _verses(block.content):
            _fill(add(element, "l"), line, anchor)
        return element
    if block.kind is BlockKind.TURN and not str(place.tag).endswith("body"):
        tag = "speaker"
    element = add(place, tag or "ab")
    if tag is None:
        element.set("type", block.kind)
    words = add(element, "p") if block.kind is BlockKind.QUOTE else element
    _fill(words, block.content, anchor)
    return element


def _verses(content: Iterable[Inline]) -> list[list[Inline]]:
    lines: list[list[Inline]] = [[]]
    for run in content:
        if run == _BREAK:
            lines.append([])
        else:
            lines[-1].append(run)
    return lines


def _attributes(element: Element, block: Block, anchor: str) -> None:
    if block.language is not None:
        element.set(XML_LANG, block.language)
    if block.ident is not None:
        element.set(XML_ID, note_id(anchor, block.ident))
    if block.kind is BlockKind.TURN and block.speaker is not None:
        element.set("n", _letters(block.speaker))
    if block.kind is BlockKind.HEAD and block.level != 1:
        element.set("n", str(block.level))


def note_id(anchor: str, ident: str) -> str:
    """The id of a note as an XML name that is unique in the book.

    >>> note_id("d3", "note 1")
    'd3.note_20_1'
    """
    return f"{anchor}.{re.sub('[^A-Za-z0-9.-]', lambda sign: f'_{ord(sign[0]):x}_', ident)}"


def _fill(element: Element, content: Iterable[Inline], anchor: str, *, bare: bool = True) -> None:
    """Write runs into an element; `bare` is whether its next text may stand without a `seg`."""
    for run in content:
        if bare and run == Inline(InlineKind.TEXT, run.text) and run.text:
            if len(element):
                element[-1].tail = _letters(run.text)
            else:
                element.text = _letters(run.text)
            bare = False
        else:
            _run(element, run, anchor)
            bare = True


def _run(element: Element, run: Inline, anchor: str) -> None:
    tag, attribute = _RUNS[run.kind]
    gap = run.kind is InlineKind.GAP
    sign = gap and run.text == GAP_SIGN and not run.content  # the element itself says so
    words = run.text if run.kind is not InlineKind.LINE_BREAK else ""  # its text is never printed
    if run.kind in _EMPTY and not sign and (words or run.content or gap):
        tag, attribute = "seg", "corresp"
        made = add(element, tag, type=run.kind)
    else:
        made = add(element, tag)
    target = run.target
    if run.kind is InlineKind.NOTE_REFERENCE:
        made.set("type", "note")
        target = None if target is None else f"#{note_id(anchor, target)}"
    if target is not None:
        made.set(attribute, _letters(target))
    if run.language is not None:
        made.set(XML_LANG, run.language)
    if tag != "lb" and run.text and not sign:
        made.text = _letters(run.text)
        made.set("n", "text")
    _fill(made, run.content, anchor, bare=not run.text)


def _letters(text: str) -> str:
    """Text without what XML cannot hold; a replacement character stands for it."""
    return _NO_XML.sub("\ufffd", text)
