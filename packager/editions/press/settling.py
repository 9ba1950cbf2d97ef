"""Galleys set until the page numbers that the book prints are those that it has.

The first pass sets everything, with no numbers; the second sets what prints numbers (front and
back matter), which is mostly the contents alone. A third is needed where that changed a side or
the length of the front matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from packager.book import Book
from packager.cache import Kept, in_cache, received
from packager.editions.order import Order, versions
from packager.editions.press import galley
from packager.editions.press.binding import Numbering
from packager.editions.press.crew import Crew, done
from packager.editions.press.galley import Job, Standing, job_of, outward
from packager.editions.press.kit import Kit
from packager.editions.press.plan import (
    RECTO,
    VERSO,
    Place,
    Section,
    break_rules,
    grouped,
    placed,
    section_of,
)
from packager.editions.press.reasons import Keys, reason, remember, remembered
from packager.editions.press.spreads import spread_and_keep
from packager.errors import EditionError
from packager.render import SpineItem, renderer, spine
from packager.setting import PageMap, Setting

PASSES = 4
"""Layouts at most: a contents page that grows by a line in the second asks for a third."""


@dataclass(frozen=True, slots=True)
class Shop:
    """What all steps of one binding need: `data` is the kit as workers get it."""

    order: Order
    kit: Kit
    data: bytes
    hired: Crew
    cache: Path

    @property
    def near(self) -> bool:
        """True where those who do the work have this cache: processes of our own, and a folder."""
        return self.order.executor is None and isinstance(self.cache, Path)


@dataclass(frozen=True, slots=True)
class Layout:
    """The galleys of a book as they are set, in order, and where they lie; `set_anew` says of
    those that no cache had, by the name of the first item, why."""

    groups: tuple[tuple[Section, ...], ...]
    galleys: tuple[Standing, ...]
    places: tuple[Place, ...]
    pages: PageMap
    set_anew: Mapping[str, str]

    @property
    def feet(self) -> dict[int, float]:
        """How far above the bottom of a sheet its notes begin (`Leaf.foot`)."""
        return {
            sheet: leaf.foot
            for galley, place in zip(self.galleys, self.places, strict=True)
            for sheet, leaf in enumerate(galley.leaves, place.sheet)
            if leaf.foot
        }


@dataclass(frozen=True, slots=True)
class _Set:
    """The galleys of this binding by key, and the keys of those that no cache had."""

    galleys: dict[str, Standing] = field(default_factory=dict)
    anew: set[str] = field(default_factory=set)


def settled(shop: Shop) -> Layout:
    """Set a book. Raises `EditionError` where its page numbers do not settle."""
    order = shop.order
    order.step("rendering the pages")
    items = list(spine(order.book))
    texts = _texts(order, PageMap(), items)
    sections = [section_of(item, texts[item.name]) for item in items]
    texts |= spread(shop, items, texts, sections)
    rules = break_rules(shop.kit, sections)
    groups = grouped(sections, rules)
    together = {
        one.name: frozenset(each.name for each in group) for group in groups for one in group
    }
    for name, page in texts.items():
        texts[name] = outward(page, together[name])
    begins = [RECTO, *(rules[a[-1].kind, b[0].kind] for a, b in pairwise(groups))]
    sides = [VERSO if rule == VERSO else RECTO for rule in begins]
    pages = PageMap()
    known = _Set()
    for number in range(PASSES):
        if number:
            numbered = _texts(order, pages, [item for item in items if item.matter != "body"])
            texts |= {name: outward(page, together[name]) for name, page in numbered.items()}
        jobs = _jobs(order.book, groups, texts, sides)
        keys = [galley.key_of(shop.kit, job) for job in jobs]
        galleys = _set(shop, jobs, keys, known)
        places = placed([len(one.leaves) for one in galleys], begins)
        found = page_map(order.book, galleys, places)
        if found == pages and sides == [place.side for place in places]:
            anew = _reasons(
                shop, {job.names[0]: key for job, key in zip(jobs, keys, strict=True)}, known
            )
            return Layout(tuple(groups), tuple(galleys), tuple(places), found, anew)
        pages, sides = found, [place.side for place in places]
    raise EditionError(f"the page numbers of the contents do not settle in {PASSES} layouts")


def spread(
    shop: Shop, items: Sequence[SpineItem], texts: Mapping[str, bytes], sections: Sequence[Section]
) -> dict[str, bytes]:
    """The documents whose two texts stand on facing pages, by name, cut into openings."""
    before = ["", *(section.outside for section in sections)]
    work = [
        (shop.data, item.name, texts[item.name], outside, shop.cache)
        for item, outside in zip(items, before, strict=False)
        if shop.order.book.facing and item.template == "bilingual"
    ]
    return {str(work[at][1]): made for at, made in done(shop.hired, spread_and_keep, work)}


def setting_of(order: Order, pages: PageMap) -> Setting:
    """What the templates are told for the pages of an order."""
    return Setting(
        "screen",
        order.when.date().isoformat(),
        pages=pages,
        earlier=order.earlier,
        typefaces=order.typefaces,
        versions=versions("weasyprint"),
        footnotes=order.style.notes == "foot",
    )


def _texts(order: Order, pages: PageMap, items: Sequence[SpineItem]) -> dict[str, bytes]:
    page = renderer(order.book, order.style, setting_of(order, pages))
    return {item.name: page(item) for item in items}


def _jobs(
    book: Book,
    groups: Sequence[tuple[Section, ...]],
    texts: Mapping[str, bytes],
    sides: Sequence[str],
) -> list[Job]:
    before = ["", *(group[-1].outside for group in groups)]
    shown = {
        document.anchor: [plate for text in document.texts for plate in text.plates]
        for document in book.documents
    }
    return [
        job_of(
            group,
            [texts[one.name] for one in group],
            side,
            outside,
            [plate for one in group for plate in shown.get(one.name, ())],
        )
        for group, side, outside in zip(groups, sides, before, strict=False)
    ]


def _set(shop: Shop, jobs: Sequence[Job], keys: Sequence[list[str]], known: _Set) -> list[Standing]:
    """The galleys of these jobs: known to this binding, or to the cache, or set now, the longest
    first, so that no worker is left alone with one at the end."""
    names = ["\n".join(key) for key in keys]
    missing = []
    for number, name in enumerate(names):
        if name not in known.galleys:
            data = in_cache(keys[number], folder=shop.cache)
            if data is None:
                missing.append(number)
                known.anew.add(name)
            else:
                known.galleys[name] = Standing(
                    galley.leaves_in(data), Kept(keys[number], shop.cache, None)
                )
    sizes = {number: sum(map(len, jobs[number].pages)) for number in missing}
    missing.sort(key=lambda number: sizes[number], reverse=True)
    work = []
    for number in missing:
        job = jobs[number] if shop.near else jobs[number].fetched()
        work.append((shop.data, job, keys[number], shop.cache, shop.near))
    made = done(shop.hired, galley.set_and_keep, work, sum(sizes.values()))
    for count, (at, (leaves, data)) in enumerate(made, 1):
        number = missing[at]
        known.galleys[names[number]] = Standing(leaves, received(keys[number], data, shop.cache))
        shop.order.step(f"setting galleys, {count} of {len(work)}")
    return [known.galleys[name] for name in names]


def _reasons(shop: Shop, keys: Keys, known: _Set) -> dict[str, str]:
    """Which galleys were set anew and why; the keys are kept for the next time."""
    urn = shop.order.book.meta.urn
    before = remembered(shop.cache, urn)
    remember(shop.cache, urn, keys)
    return {
        name: reason(before.get(name), key)
        for name, key in keys.items()
        if "\n".join(key) in known.anew
    }


def page_map(book: Book, galleys: Sequence[Standing], places: Sequence[Place]) -> PageMap:
    """Where each anchor stands in the bound book."""
    sheets: dict[str, int] = {}
    for one, place in zip(galleys, places, strict=True):
        for sheet, leaf in enumerate(one.leaves, place.sheet):
            for name, *_ in leaf.anchors:
                sheets.setdefault(name, sheet)
    starts = numbering(book, sheets)
    folios = {
        name: str(starts.folio(sheet)) if sheet >= starts.body else roman(starts.folio(sheet))
        for name, sheet in sheets.items()
        if sheet >= starts.front
    }
    return PageMap(folios, sheets, places[-1].sheet + len(galleys[-1].leaves) - 1)


def numbering(book: Book, sheets: Mapping[str, int]) -> Numbering:
    """Roman numbers begin with the half title, arabic ones with the first part."""
    return Numbering(sheets["half-title"], sheets[book.parts[0].anchor])


def roman(number: int) -> str:
    """A page number in lower-case roman figures.

    >>> roman(4), roman(18)
    ('iv', 'xviii')
    """
    figures = (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
        (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    )  # fmt: skip
    out = ""
    for value, figure in figures:
        out += figure * (number // value)
        number %= value
    return out
