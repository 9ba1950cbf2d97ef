"""The folio layers of a whole book: what each needs, out of the cache or set in batches."""

from __future__ import annotations

from collections.abc import Iterator

from packager.cache import Kept, in_cache, received
from packager.editions.press import folios
from packager.editions.press.crew import done
from packager.editions.press.folios import Bare, Piece
from packager.editions.press.settling import Layout, Shop, numbering


def layers(shop: Shop, layout: Layout) -> tuple[list[Kept], int]:
    """The folio layer of each galley, and how many of them no cache had."""
    pieces = list(_pieces(shop, layout))
    keys = [folios.key_of(shop.kit, piece) for piece in pieces]
    found = {
        number: Kept(key, shop.cache, None)
        for number, key in enumerate(keys)
        if in_cache(key, folder=shop.cache) is not None
    }
    missing = [number for number in range(len(keys)) if number not in found]
    batches = list(folios.batches(pieces, missing))
    work = [
        (shop.data, [pieces[n] for n in batch], [keys[n] for n in batch], shop.cache, shop.near)
        for batch in batches
    ]
    for count, (at, made) in enumerate(done(shop.hired, folios.set_and_keep, work), 1):
        for number, data in zip(batches[at], made, strict=True):
            found[number] = received(keys[number], data, shop.cache)
        shop.order.step(f"setting folios and running heads, {count} of {len(work)}")
    return [found[number] for number in range(len(keys))], len(missing)


def _pieces(shop: Shop, layout: Layout) -> Iterator[Piece]:
    """The pages of each galley without their text, named strings carried on from the last."""
    starts = numbering(shop.order.book, layout.pages.sheets)
    sections = {section.name: section for group in layout.groups for section in group}
    carried: dict[str, str] = {}
    for galley, place in zip(layout.galleys, layout.places, strict=True):
        before = tuple(sorted(carried.items()))
        pages = []
        if place.blank:
            sheet = place.sheet - 1
            pages.append(Bare("", True, sheet, starts.folio(sheet), ()))
        for sheet, leaf in enumerate(galley.leaves, place.sheet):
            outside = sections[leaf.item].outside
            folio = starts.folio(sheet)
            pages.append(Bare(outside, leaf.blank, sheet, folio, leaf.strings))
            carried |= dict(leaf.strings)
        yield Piece(tuple(pages), before)
