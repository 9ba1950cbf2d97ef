"""Facing pages: a text on versos, its translation on rectos, in step.

WeasyPrint flows one text over all pages. So both texts are set once on a page without end; from
where their lines end the runs are chosen that fill openings, and each run is a page with a forced
break before it. An opening begins with the same unit on both sides; where that would leave it
emptier than `FULL`, or a unit is taller than a page, both sides are cut at the same part of the
unit, between lines. The result is laid out and looked at: a run that did not fit is made shorter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, inf
from pathlib import Path

from lxml import etree

from packager.cache import cached
from packager.editions.press.cutting import letters, notes_in
from packager.editions.press.galley import bare
from packager.editions.press.kit import Kit, alone, key_lines, lay, unpacked
from packager.editions.press.pageboxes import Line, Measured, measured
from packager.editions.press.plan import page_of
from packager.editions.press.streams import Place, Stream, joined, lowered, run_of, stream_of
from packager.errors import EditionError
from packager.pdftext import HYPHENS

FORMAT = 1
XHTML = "{http://www.w3.org/1999/xhtml}"
FULL = 0.8
"""The part of its fuller page that an opening fills at least, where it may end with a unit."""
GAIN = 0.08
"""The part of a page that cutting a unit must win."""
LEAST = 2
"""Lines of a paragraph on either side of a cut."""
TRIES = 24
"""Layouts at most."""
STEP = 9.0
"""CSS pixels, half a line, by which a run that did not fit is made shorter."""
TALL = 1_000_000
"""Height in mm of the page without end: a million letters of A5 take some 80,000."""
_BLOCK, _RUN = "data-block", "data-run"


@dataclass(frozen=True, slots=True)
class Stop:
    """A place where a page can end: where what is before it ends and what follows begins, in CSS
    pixels; the height of the notes called before it; from which to which part of the way through
    the units it stands (a unit that this side lacks is passed at one place)."""

    place: Place
    end: float
    begin: float
    notes: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Side:
    """A stream, and where its pages can end, the beginning first."""

    stream: Stream
    stops: tuple[Stop, ...]
    rule: float

    def used(self, first: Stop, last: Stop) -> float:
        """How much of a page the run between two stops takes."""
        notes = last.notes - first.notes
        return max(0.0, last.end - first.begin) + (notes + self.rule if notes else 0)


Spread = tuple[tuple[Stop, Stop], tuple[Stop, Stop]]
"""The runs of an opening, verso and recto."""


def spread_and_keep(kit: bytes, name: str, xhtml: bytes, before: str, folder: Path) -> bytes:
    """The worker's part: the XHTML of a bilingual document cut into openings."""
    whole = unpacked(kit)
    digest = hashlib.sha256(xhtml).hexdigest()
    key = [f"spreads={FORMAT}", *key_lines(whole), f"before={before}", f"xhtml=sha256:{digest}"]
    try:
        with alone():
            return cached(key, lambda: spread_out(whole, xhtml, before), folder=folder)
    except EditionError as error:
        raise EditionError(f"{name} cannot be set on facing pages: {error}") from error


def spread_out(kit: Kit, xhtml: bytes, before: str = "") -> bytes:
    """The XHTML of a bilingual document as its openings: versos and rectos by turns; `before` are
    the attributes of the section before it, as a galley has them."""
    root, section = _parsed(xhtml)
    setter = _Setter(kit, root, before)
    streams = [stream_of(one) for one in section]
    pages = setter.unending(section, streams)
    streams = _level(streams, pages)
    pages = setter.unending(section, streams)
    sides = [_side(stream, page) for stream, page in zip(streams, pages, strict=True)]
    height = pages[0].height - _mm(TALL - kit.style.geometry.height)
    heights = [height] * (1 + sum(len(side.stops) for side in sides))
    for _ in range(TRIES):
        spreads = list(planned(sides, heights))
        made = _written(root, section, sides, spreads, **{_RUN: "{}"})
        late = setter.too_long(made, len(spreads))
        if not late:
            return _written(root, section, sides, spreads)
        for number in late:
            heights[number] -= STEP
    raise EditionError("the two texts do not fall into step")


def _mm(length: float) -> float:
    return length / 25.4 * 96


@dataclass(frozen=True, slots=True)
class _Setter:
    """Sets the sections of one document and tells what came of it."""

    kit: Kit
    root: etree._Element
    before: str

    def unending(self, section: etree._Element, streams: Sequence[Stream]) -> list[Measured]:
        """Each stream whole on one page."""
        page = self.kit.style.geometry
        css = f"@page {{ size: {page.width:g}mm {TALL}mm !important }}"
        sides = [run_of(stream, (0, 0), stream.end, data_block="{}") for stream in streams]
        found = self._laid(joined(section, sides), css, _BLOCK)
        if len(found) != len(streams):
            raise EditionError("a text is longer than any page can be")
        return found

    def too_long(self, made: bytes, count: int) -> list[int]:
        """The openings of which a side does not fit its page."""
        pages = self._laid(_parsed(made)[1], "", _RUN)
        at: dict[int, int] = {}
        for number, page in enumerate(pages):
            for run in page.blocks:
                at.setdefault(int(run), number)
        begins = [*(at[run] for run in range(2 * count)), len(pages)]
        return sorted({n // 2 for n in range(2 * count) if begins[n + 1] - begins[n] > 1})

    def _laid(self, section: etree._Element, css: str, attribute: str) -> list[Measured]:
        before = page_of(f'<section{self.before} data-press="before"></section>')
        document = lay(
            bare(self.kit),
            [*([before] if self.before else []), _page(self.root, section)],
            "html { break-before: verso }\n"
            f"[data-press=before] {{ display: none !important }}\n{css}",
        )
        return [measured(page, attribute) for page in document.pages]


def _parsed(xhtml: bytes) -> tuple[etree._Element, etree._Element]:
    """A page and its section."""
    root = etree.fromstring(xhtml, etree.XMLParser(resolve_entities=False, no_network=True))
    section = root.find(f"{XHTML}body/{XHTML}section")
    assert section is not None  # every template has one
    return root, section


def _level(streams: Sequence[Stream], pages: Sequence[Measured]) -> list[Stream]:
    """The streams with their texts beginning at one height, whatever stands over them."""
    tops = []
    for stream, page in zip(streams, pages, strict=True):
        first = next((n for n, piece in enumerate(stream.blocks) if piece.unit >= 0), 0)
        tops.append(page.blocks[str(first)].top - page.blocks["0"].top)
    return [lowered(one, max(tops) - top) for one, top in zip(streams, tops, strict=True)]


def _page(root: etree._Element, section: etree._Element) -> bytes:
    """The page of a document with another section."""
    body = root.find(f"{XHTML}body")
    assert body is not None
    for old in list(body):
        body.remove(old)
    body.append(section)
    made: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _written(
    root: etree._Element,
    section: etree._Element,
    sides: Sequence[Side],
    spreads: Sequence[Spread],
    **named: str,
) -> bytes:
    """The document with a side for each run; `named` are attributes of the sides."""
    runs: list[etree._Element] = []
    for number, spread in enumerate(spreads):
        for side, (first, last) in zip(sides, spread, strict=True):
            made = run_of(side.stream, first.place, last.place)
            for name, value in named.items():
                made.set(name, value.format(2 * number + len(runs) % 2))
            runs.append(made)
    return _page(root, joined(section, runs))


# --- where pages can end -------------------------------------------------------------------


def _side(stream: Stream, page: Measured) -> Side:
    laid = [page.blocks[str(number)] for number in range(len(stream.blocks))]
    begin = Stop((0, 0), laid[0].top, laid[0].top - laid[0].above, 0, -inf, 0)
    stops = [begin]
    noted = 0.0
    spans = _spans(stream, page)
    for number, (piece, block) in enumerate(zip(stream.blocks, laid, strict=True)):
        notes = [(at, page.notes.get(name, 0.0)) for name, at in notes_in(piece.element)]
        if piece.unit >= 0 and not block.whole:
            for bottom, count in _lines(piece.letters, block.lines):
                taken = noted + sum(height for at, height in notes if at <= count)
                way = _way(piece.unit, bottom, spans)
                stops.append(Stop((number, count), bottom, bottom, taken, way, way))
        noted += sum(height for _, height in notes)
        if number + 1 == len(laid):
            stops.append(Stop(stream.end, block.bottom, block.bottom, noted, inf, inf))
        elif piece.unit >= 0 and not block.keeps_next and not laid[number + 1].keeps_last:
            after = stream.blocks[number + 1].unit
            way = _way(piece.unit, block.bottom, spans)
            low, high = (piece.unit + 1, after) if after > piece.unit else (way, way)
            top = laid[number + 1].top - laid[number + 1].above
            stops.append(Stop((number + 1, 0), block.bottom, top, noted, low, high))
    return Side(stream, tuple(stops), page.rule)


def _spans(stream: Stream, page: Measured) -> dict[int, tuple[float, float]]:
    """Where each unit begins and ends."""
    spans: dict[int, tuple[float, float]] = {}
    for number, piece in enumerate(stream.blocks):
        block = page.blocks[str(number)]
        top, _ = spans.get(piece.unit, (block.top, 0))
        spans[piece.unit] = top, block.bottom
    return spans


def _way(unit: int, y: float, spans: dict[int, tuple[float, float]]) -> float:
    """How far through the units a height lies: 3.5 is the middle of the fourth."""
    top, bottom = spans[unit]
    return unit + min(0.999, max(0.001, (y - top) / max(1.0, bottom - top)))


def _lines(count: int, lines: Sequence[Line]) -> Iterator[tuple[float, int]]:
    """The lines behind which a block can be cut, each with the letters behind; none where what was
    laid out is not what the block has."""
    sizes = [letters(line.text) for line in lines]
    if sum(sizes) != count:
        return
    behind = 0
    for number, (line, size) in enumerate(zip(lines, sizes, strict=True), 1):
        behind += size
        if number < LEAST or number > len(lines) - LEAST or not size:
            continue
        if not line.text.rstrip().endswith(tuple(HYPHENS)):
            yield line.bottom, behind


# --- which of them are taken ---------------------------------------------------------------


def planned(sides: Sequence[Side], heights: Sequence[float]) -> Iterator[Spread]:
    """The openings of a document; `heights` are those of the pages of each opening."""
    at = [0, 0]
    ends = [len(side.stops) - 1 for side in sides]
    number = 0
    while at != ends:
        height = heights[min(number, len(heights) - 1)]
        fits = [_fitting(side, start, height) for side, start in zip(sides, at, strict=True)]
        upto = fits if fits == ends else _step(sides, at, fits, height)
        first, second = (
            (side.stops[start], side.stops[stop])
            for side, start, stop in zip(sides, at, upto, strict=True)
        )
        yield first, second
        at, number = list(upto), number + 1


def _fitting(side: Side, start: int, height: float) -> int:
    """The last stop that a page from `start` on can end with."""
    first = side.stops[start]
    last = start
    for number in range(start + 1, len(side.stops)):
        if side.used(first, side.stops[number]) <= height:
            last = number
        elif side.stops[number].end - first.begin > height:
            break
    return last


def _step(
    sides: Sequence[Side], at: Sequence[int], fits: Sequence[int], height: float
) -> list[int]:
    """The stops with which an opening ends."""
    reach = min(side.stops[fit].high for side, fit in zip(sides, fits, strict=True))
    cut = [
        max((n for n in range(start, fit + 1) if side.stops[n].low <= reach), default=start)
        for side, start, fit in zip(sides, at, fits, strict=True)
    ]
    whole = _whole(sides, at, fits, reach)
    ends = [len(side.stops) - 1 for side in sides]
    cut = [  # a page stays empty only where its text is at an end
        stop if stop > start else min(start + 1, max(fit, start + (cut == list(at))), end)
        for stop, start, fit, end in zip(cut, at, fits, ends, strict=True)
    ]
    if whole is None:
        return cut
    fills = [
        max(
            side.used(side.stops[start], side.stops[stop]) / height
            for side, start, stop in zip(sides, at, stops, strict=True)
        )
        for stops in (whole, cut)
    ]
    return whole if fills[0] >= FULL or fills[1] - fills[0] < GAIN else cut


def _whole(
    sides: Sequence[Side], at: Sequence[int], fits: Sequence[int], reach: float
) -> list[int] | None:
    """The stops behind the last unit that both sides can end with; None where there is none."""
    least = max(side.stops[start].low for side, start in zip(sides, at, strict=True))
    if reach == inf:
        return None
    for unit in range(floor(reach), floor(max(0.0, least)), -1):
        found = [
            next(
                (n for n in range(fit, start - 1, -1) if _ends(side.stops[n], unit)),
                None,
            )
            for side, start, fit in zip(sides, at, fits, strict=True)
        ]
        if None not in found and found != list(at):
            return [n for n in found if n is not None]
    return None


def _ends(stop: Stop, unit: int) -> bool:
    return stop.low <= unit <= stop.high
