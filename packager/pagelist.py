"""The page list of an EPUB: where, to the word, each page of the PDF edition begins.

The finished PDF is read back and its letters are found again in the rendered pages; nothing is
taken from the layout engine. Blank pages begin nothing and are not listed.
EPUB 3.3 §7.4.3 (page-list nav), EPUB Accessibility 1.1 §4.3 (page navigation),
DPUB-ARIA 1.1 (doc-pagebreak).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from packager.pdftext import HYPHENS, IGNORED, PdfText, stream

_NO_LETTERS = IGNORED | dict.fromkeys(map(ord, HYPHENS))
"""What a `Stream` has no letters for."""
XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
PROBE = 24
"""Letters by which a page's beginning is found where the two texts are not the same, as in a
table of contents: figures are left out of them, for paper alone has those of documents and
pages."""
SKIPPED = 12
"""Letters at a page's head that may be such a number in letters, or a month."""


@dataclass(frozen=True, slots=True)
class Break:
    """A page of the PDF edition that begins inside a spine item, before its letter `letter`."""

    letter: int
    folio: str


def letters_of(xhtml: bytes, *, notes: bool = True) -> str:
    """The letters of a rendered page's section, without white space and hyphens; and without the
    notes, where the PDF has them at the foot of its pages."""
    return "".join(_letters(text) for _, _, text in _nodes(_section(_parse(xhtml)), notes))


def page_breaks(
    text: PdfText,
    sheets: Mapping[str, int],
    items: Iterable[tuple[str, str]],
    facing: Collection[str] = (),
) -> dict[str, tuple[Break, ...]]:
    """The breaks of each spine item, by name, in order of its letters.

    `items` are the names and letters of the spine items in reading order; an item that the PDF
    does not have is passed over. Those that are `facing` have two texts on pages by turns; where
    these alternate in the EPUB a page may begin before the one that precedes it on paper.
    """
    known = [(name, letters) for name, letters in items if name in sheets]
    ends = [sheets[name] for name, _ in known[1:]] + [len(text.pages) + 1]
    taken: set[int] = set()
    breaks: dict[str, tuple[Break, ...]] = {}
    for (name, letters), end in zip(known, ends, strict=True):
        first = sheets[name]
        found = []
        streams = 2 if name in facing else 1
        for sheet, letter in _beginnings(text, letters, first, end, streams):
            if sheet not in taken:
                taken.add(sheet)
                found.append(Break(letter, text.labels[sheet - 1]))
        breaks[name] = tuple(sorted(found, key=lambda one: one.letter))
    return breaks


def _beginnings(
    text: PdfText, letters: str, first: int, last: int, streams: int
) -> Iterator[tuple[int, int]]:
    """Sheets from `first` on that begin inside the item, with the letter they begin at; on `last`
    the next item begins. Its pages have so many texts by turns, each of them in order."""
    read = stream(text.pages[first - 1 : last])
    bounds = [*read.pages, len(read.letters)]
    at = read.letters.find(letters) if letters else -1
    if at < 0:
        scale = len(letters) / max(1, bounds[last - first])
        pages = [
            (read.letters[start:stop], round(start * scale)) for start, stop in pairwise(bounds)
        ]
        yield from ((first + number, letter) for number, letter in _sought(pages, letters, streams))
        return
    for number, (start, stop) in enumerate(pairwise(bounds)):
        inside = at <= start < at + len(letters) or (number == 0 and at == 0)
        if inside and start < stop:  # no blank page
            yield first + number, start - at


def _sought(
    pages: Sequence[tuple[str, int]], letters: str, streams: int
) -> Iterator[tuple[int, int]]:
    """The numbers of pages, each by its letters and about where in the item it begins, with the
    letter at which it does so: of all such places behind the page before it the nearest, for many
    documents may have one title."""
    places = [at for at, letter in enumerate(letters) if not letter.isdecimal()]
    text = "".join(letters[at] for at in places)
    before = [-1] * streams
    for number, (page, about) in enumerate(pages):
        if not page:
            continue  # a blank page
        if number == 0:
            yield 0, 0
            continue
        found = _probed(page, text, bisect_right(places, before[number % streams]))
        if found:
            nearest = min((places[at] for at in found), key=lambda at: abs(at - about))
            before[number % streams] = nearest
            yield number, nearest


def _probed(page: str, text: str, start: int) -> list[int]:
    """Where from `start` on the head of a page stands in a text that has no figures."""
    head = "".join(letter for letter in page if not letter.isdecimal())
    for skipped in range(min(SKIPPED, len(head) - PROBE + 1)):
        probe = re.compile(re.escape(head[skipped : skipped + PROBE]))
        if found := [one.start() for one in probe.finditer(text, start)]:
            return found
    return []


def paginate(xhtml: bytes, breaks: Sequence[Break], *, notes: bool = True) -> bytes:
    """The page with an empty marker at the word with which each print page begins; `notes` as it
    was when letters were counted.

    A page that begins inside a word, hyphenated on paper, has its marker after that word.
    """
    if not breaks:
        return xhtml
    root = _parse(xhtml)
    section = _section(root)
    waiting = sorted(breaks, key=lambda one: one.letter)
    count = 0
    open_word = False
    for owner, is_tail, _ in list(_nodes(section, notes)):
        while waiting:
            text = (owner.tail if is_tail else owner.text) or ""
            spot = _spot(text, waiting[0].letter - count, open_word=open_word)
            if spot is None:
                break
            marker = _marker(waiting.pop(0).folio)
            count += len(_letters(text[:spot]))
            _insert(owner, marker, spot, is_tail=is_tail)
            owner, is_tail, open_word = marker, True, False
        text = (owner.tail if is_tail else owner.text) or ""
        count += len(_letters(text))
        if text:
            open_word = not text[-1].isspace()
    for late in waiting:
        section.append(_marker(late.folio))
    out: bytes = etree.tostring(
        root, encoding="utf-8", xml_declaration=True, doctype="<!DOCTYPE html>"
    )
    return (
        out.replace(
            b"<?xml version='1.0' encoding='utf-8'?>", b'<?xml version="1.0" encoding="utf-8"?>'
        )
        + b"\n"
    )


def _spot(text: str, letter: int, *, open_word: bool) -> int | None:
    """Where in a text the marker before its letter number `letter` goes; None for not here."""
    if letter < 0:
        letter = 0
    seen = 0
    for at, char in enumerate(text):
        if not _letters(char):
            continue
        if seen == letter:
            while at and text[at - 1] in HYPHENS:
                at -= 1  # a dash that opens a line
            begins = (at == 0 and not open_word) or (at > 0 and text[at - 1].isspace())
            if begins:
                return at
            after = next((n for n in range(at, len(text)) if text[n].isspace()), None)
            return len(text) if after is None else after
        seen += 1
    return None


def _marker(folio: str) -> etree._Element:
    marker = etree.Element(f"{XHTML}span")
    marker.set(EPUB_TYPE, "pagebreak")
    marker.set("role", "doc-pagebreak")
    marker.set("id", f"page-{folio}")
    marker.set("aria-label", folio)
    marker.text = ""  # written with an end tag, for readers that parse it as HTML
    return marker


def _insert(owner: etree._Element, marker: etree._Element, at: int, *, is_tail: bool) -> None:
    if is_tail:
        text = owner.tail or ""
        parent = owner.getparent()
        assert parent is not None  # the tail of the section itself is not walked
        parent.insert(parent.index(owner) + 1, marker)
        owner.tail, marker.tail = text[:at], text[at:]
    elif at == 0 and (figure := _figure_of(owner)) is not None:
        figure.insert(0, marker)  # the page begins with the picture
    else:
        text = owner.text or ""
        owner.insert(0, marker)
        owner.text, marker.tail = text[:at], text[at:]


def _figure_of(owner: etree._Element) -> etree._Element | None:
    """The figure whose caption this is."""
    return owner.getparent() if owner.tag == f"{XHTML}figcaption" else None


def _parse(xhtml: bytes) -> etree._Element:
    return etree.fromstring(xhtml, etree.XMLParser(resolve_entities=False, no_network=True))


def _section(root: etree._Element) -> etree._Element:
    section = root.find(f"{XHTML}body/{XHTML}section")
    assert section is not None  # every template has one
    return section


def _nodes(element: etree._Element, notes: bool) -> Iterator[tuple[etree._Element, bool, str]]:
    """Every text below an element in reading order: its owner, whether it is the owner's tail."""
    yield element, False, element.text or ""
    for child in element:
        if notes or child.get("class") != "notes":  # those of a source stand in its text
            yield from _nodes(child, notes)
        yield child, True, child.tail or ""


def _letters(text: str) -> str:
    return "".join(text.translate(_NO_LETTERS).split())
