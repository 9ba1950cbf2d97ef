"""The press: a book set as galleys and bound into one PDF.

A galley that was set before comes out of the cache; the others are set by workers, in any order,
to the same bytes. Only front and back matter print page numbers, so one pass sets the book and
the contents are set again with its numbers. The pages are those of the book as one WeasyPrint
document (`tests/press/one_document.py`), but for CSS counters other than the page's: they begin
anew in each galley, so a style that numbers notes does it by document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pikepdf

from packager.book import Book
from packager.cache import cache_folder
from packager.editions.finish import Label, said
from packager.editions.order import Made, Order, speech_data, writing
from packager.editions.press.binding import Sheaf, bind_into
from packager.editions.press.crew import crew
from packager.editions.press.kit import kit_of, packed
from packager.editions.press.layers import layers
from packager.editions.press.settling import Shop, numbering, settled
from packager.editions.xmp import PDF_A3A_UA1


@dataclass(frozen=True, slots=True)
class Bound(Made):
    """A bound book, and what was set for it: the names of the first items of galleys, with the
    reason; the number of galleys whose folio layer was set."""

    set_anew: Mapping[str, str] = field(default_factory=dict)
    layers_anew: int = 0


def bind(order: Order) -> Bound:
    """The PDF of a book, bound from galleys.

    Galleys are set by the order's executor, by default by a process for each processor. Raises
    `EditionError` where layout fails or the page numbers do not settle.
    """
    kit = kit_of(order)
    with crew(order.executor) as hired:
        shop = Shop(order, kit, packed(kit), hired, cache_folder())
        layout = settled(shop)
        over, layers_anew = layers(shop, layout)
    order.step("binding the pages")
    sheaves = [Sheaf(*each) for each in zip(layout.galleys, over, layout.places, strict=True)]
    sheets = layout.pages.sheets

    def say(pdf: pikepdf.Pdf) -> None:
        said(
            pdf,
            order.book.meta,
            order.when,
            PDF_A3A_UA1,
            attachments=[speech_data(order.book)],
            labels=labels(order.book, sheets),
        )

    with writing(order.beside), order.beside.open("wb") as file:
        bind_into(file, PDF_A3A_UA1.version, sheaves, order.fonts, say)
    work = told(len(sheaves), layout.set_anew)
    folios = layout.pages.folios
    return Bound(order.beside, sheets, layout.feet, work, folios, layout.set_anew, layers_anew)


def labels(book: Book, sheets: Mapping[str, int]) -> list[Label]:
    """The page labels, which are those printed: the cover has none, then roman, then arabic
    figures."""
    starts = numbering(book, sheets)
    cover = [Label(1, prefix="Cover")] if starts.front > 1 else []
    return [*cover, Label(starts.front, "r"), Label(starts.body, "D")]


def told(galleys: int, set_anew: Mapping[str, str]) -> str:
    """What was set, for the summary of a build.

    >>> told(214, {"d3": "text changed", "nav": "text changed"})
    '2 of 214 galleys set anew (text changed)'
    >>> told(214, {})
    '0 of 214 galleys set anew'
    """
    reasons = ", ".join(sorted(set(set_anew.values())))
    return f"{len(set_anew)} of {galleys} galleys set anew" + (f" ({reasons})" if reasons else "")
