"""A galley: the spine items between two forced breaks, set as one PDF without running matter.

What layout learns stays with the pages: anchors, bookmarks, named strings, the fonts drawn. A
galley is kept in the cache under all that it is made from.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import tinycss2
import weasyprint

from packager.book import Plate
from packager.cache import Kept, cached, handed
from packager.editions.press.fonts_union import FontUse, left_out
from packager.editions.press.kit import Kit, alone, key_lines, lay, unpacked
from packager.editions.press.objects import Objects
from packager.editions.press.pageboxes import inside
from packager.editions.press.plan import Section, page_of
from packager.editions.press.torn import LINK, Torn, tear
from packager.editions.tags import tagged
from packager.errors import EditionError

FORMAT = 5
_MARGIN_BOX = re.compile(r"(top|bottom|left|right)-(left|center|right|top|middle|bottom)")


@dataclass(frozen=True, slots=True)
class Job:
    """A galley to be set: what it is called in messages, the names and the XHTML of its items,
    the side of its first page, the attributes of the section before it, for rules on neighbours
    (`section + section`), and the pictures that its items show, whose names hold their digests."""

    title: str
    names: tuple[str, ...]
    pages: tuple[bytes, ...]
    side: str
    before: str
    plates: tuple[Plate, ...] = ()

    def fetched(self) -> Job:
        """The same with the bytes of its pictures at hand, for a worker with another cache."""
        return replace(self, plates=tuple(one.fetched() for one in self.plates))


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A bookmark: its level, its text, where it points in points from the bottom left."""

    level: int
    label: str
    x: float
    y: float
    open: bool


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of a galley: `anchors` are points in its PDF; `strings` are those set on it;
    `item` is the one whose text it begins with; `foot` as in `Inside`."""

    blank: bool
    item: str
    foot: float
    anchors: tuple[tuple[str, float, float], ...]
    bookmarks: tuple[Bookmark, ...]
    strings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Galley:
    """A galley that is set: its pages, the fonts it drew, its PDF taken apart."""

    leaves: tuple[Leaf, ...]
    fonts: tuple[FontUse, ...]
    torn: Torn


@dataclass(frozen=True, slots=True)
class Standing:
    """A galley that was set and laid by: its pages are at hand, the rest is fetched to be bound."""

    leaves: tuple[Leaf, ...]
    kept: Kept


def job_of(
    sections: Sequence[Section],
    pages: Sequence[bytes],
    side: str,
    before: str,
    plates: Iterable[Plate] = (),
) -> Job:
    """The job of a galley, whose pages are `outward`."""
    names = tuple(one.name for one in sections)
    first, last = sections[0], sections[-1]
    title = f"{first.name} (“{first.title}”)"
    if first is not last:
        title += f" to {last.name} (“{last.title}”)"
    return Job(title, names, tuple(pages), side, before, tuple(plates))


def outward(page: bytes, known: frozenset[str]) -> bytes:
    """A page whose links are made private addresses where they leave the galley, which has the
    `known` items."""

    def address(match: re.Match[bytes]) -> bytes:
        name, fragment = match[1], match[2]
        if name.decode() in known:
            return match[0]
        return b'href="' + LINK.encode() + (fragment or name) + b'"'

    return re.sub(rb'href="([\w.-]+)\.xhtml(?:#([^"]*))?"', address, page)


def key_of(kit: Kit, job: Job) -> list[str]:
    """The cache key of a galley."""
    return [
        f"galley={FORMAT}",
        *key_lines(kit),
        f"side={job.side}",
        f"before={job.before}",
        *(
            f"xhtml {name}=sha256:{hashlib.sha256(page).hexdigest()}"
            for name, page in zip(job.names, job.pages, strict=True)
        ),
    ]


def set_and_keep(
    kit: bytes, job: Job, key: list[str], folder: Path, near: bool
) -> tuple[tuple[Leaf, ...], bytes | None]:
    """The worker's part: the galley set and put into the cache; its leaves, and the whole as bytes
    unless it is `near`, in a cache that the parent has too.

    Raises `EditionError` that names the galley's items, whatever goes wrong in it.
    """
    try:
        with alone():
            data = cached(key, lambda: to_bytes(set_galley(unpacked(kit), job)), folder=folder)
            return leaves_in(data), handed(key, data, folder, near)
    except Exception as error:
        fault = (
            str(error) if isinstance(error, EditionError) else f"{type(error).__name__}: {error}"
        )
        raise EditionError(f"{job.title} cannot be set: {fault}") from error


@lru_cache(maxsize=2)
def bare(kit: Kit) -> Kit:
    """The kit without what it says of margin boxes (CSS Paged Media 3 §4), which the folio layer
    has: to work out sixteen that stay empty takes a 25th of the time of a page."""
    css = tinycss2.serialize(_bare_rules(tinycss2.parse_stylesheet(kit.style.own_css)))
    return replace(kit, style=replace(kit.style, own_css=css))


def _bare_rules(rules: Iterable[Any]) -> Iterator[Any]:
    for rule in rules:
        if rule.type == "at-rule" and rule.content is not None:
            if rule.lower_at_keyword == "page":
                rule.content = [
                    part
                    for part in tinycss2.parse_blocks_contents(rule.content)
                    if part.type != "at-rule" or not _MARGIN_BOX.match(part.lower_at_keyword)
                ]
            elif rule.lower_at_keyword in ("media", "supports", "layer"):
                rule.content = list(_bare_rules(tinycss2.parse_rule_list(rule.content)))
        yield rule


def set_galley(kit: Kit, job: Job) -> Galley:
    """Set a galley. Raises `EditionError` where layout fails."""
    before = page_of(f'<section{job.before} data-press="before"></section>')
    css = (
        f"html {{ break-before: {job.side} }}\n[data-press=before] {{ display: none !important }}\n"
    )
    pictures = {plate.name: plate.kept.fetch() for plate in job.plates}
    document = lay(bare(kit), [*([before] if job.before else []), *job.pages], css, pictures)
    pages = [inside(page, job.names) for page in document.pages]
    with tagged(), left_out(kit.fonts) as fonts:
        pdf = document.write_pdf(pdf_tags=True)
    leaves = []
    item = job.names[0]
    for page, box in zip(document.pages, pages, strict=True):
        item = box.items[0] if box.items else item
        leaves.append(
            Leaf(box.blank, item, box.foot, _anchors(page), _bookmarks(page), box.strings)
        )
    return Galley(tuple(leaves), tuple(fonts), tear(pdf))


def _point(page: weasyprint.document.Page, x: float, y: float) -> tuple[float, float]:
    """CSS pixels from the top left as points from the bottom left."""
    return x * 0.75, (page.height - y) * 0.75


def _anchors(page: weasyprint.document.Page) -> tuple[tuple[str, float, float], ...]:
    return tuple((name, *_point(page, x, y)) for name, (x, y, *_) in page.anchors.items())


def _bookmarks(page: weasyprint.document.Page) -> tuple[Bookmark, ...]:
    return tuple(
        Bookmark(level, label, *_point(page, x, y), state == "open")
        for level, label, (x, y), state in page.bookmarks
    )


def to_bytes(galley: Galley) -> bytes:
    """A galley for the cache: a line of JSON for its leaves, for its fonts and for its PDF taken
    apart, then the objects. Each is read alone, by the step that needs it."""
    streams, data = galley.torn.objects.to_bytes()
    leaves = [
        [
            leaf.blank,
            leaf.item,
            leaf.foot,
            leaf.anchors,
            [[b.level, b.label, b.x, b.y, b.open] for b in leaf.bookmarks],
            leaf.strings,
        ]
        for leaf in galley.leaves
    ]
    fonts = [use.to_json() for use in galley.fonts]
    lines = (leaves, fonts, galley.torn.to_json() | {"streams": streams})
    return b"\n".join([*(json.dumps(line).encode() for line in lines), data])


def leaves_in(data: bytes) -> tuple[Leaf, ...]:
    """The leaves of a galley out of the cache."""
    return tuple(
        Leaf(
            blank,
            item,
            foot,
            tuple((name, x, y) for name, x, y in anchors),
            tuple(Bookmark(*mark) for mark in bookmarks),
            tuple((name, value) for name, value in strings),
        )
        for blank, item, foot, anchors, bookmarks, strings in json.loads(data.split(b"\n", 1)[0])
    )


def fonts_in(data: bytes) -> Iterator[FontUse]:
    """What a galley out of the cache drew."""
    return map(FontUse.from_json, json.loads(data.split(b"\n", 2)[1]))


def torn_in(data: bytes) -> Torn:
    """The PDF of a galley out of the cache."""
    *_, line, rest = data.split(b"\n", 3)
    head: dict[str, Any] = json.loads(line)
    return Torn.from_json(head, Objects.from_bytes(head["streams"], rest))
