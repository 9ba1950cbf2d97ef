"""The oracle of the press: the whole book as one WeasyPrint document, tagged and finished alike.

The first layout tells on which page everything stands; the second prints those numbers in the
contents. Page numbers begin at i with the half title and at 1 with the first part.
"""

from __future__ import annotations

import weasyprint

from packager.cache import cache_folder
from packager.editions.finish import finish
from packager.editions.order import Order, speech_data
from packager.editions.paper import lay_out
from packager.editions.press import labels
from packager.editions.press.kit import kit_of, packed
from packager.editions.press.plan import section_of
from packager.editions.press.settling import PASSES, Shop, roman, setting_of, spread
from packager.editions.tags import tagged
from packager.editions.xmp import PDF_A3A_UA1
from packager.errors import EditionError
from packager.render import renderer, spine
from packager.setting import PageMap
from tests.press.printed import Printed


def make(order: Order) -> Printed:
    """The PDF of a book. Raises `EditionError` where the page numbers do not settle."""
    document = _settled(order)
    pages = page_map(order, document)
    order.step("writing the PDF")
    with tagged():
        raw = document.write_pdf(pdf_tags=True)
    sheets = pages.sheets
    data = finish(
        raw,
        order.book.meta,
        order.when,
        PDF_A3A_UA1,
        attachments=[speech_data(order.book)],
        labels=labels(order.book, sheets),
    )
    return Printed(data, sheets)


def _spread(order: Order) -> dict[str, bytes]:
    """Documents on facing pages as the press cuts them into openings."""
    kit = kit_of(order)
    shop = Shop(order, kit, packed(kit), lambda *_: None, cache_folder())
    page = renderer(order.book, order.style, setting_of(order, PageMap()))
    items = list(spine(order.book))
    texts = {item.name: page(item) for item in items}
    sections = [section_of(item, texts[item.name]) for item in items]
    return spread(shop, items, texts, sections)


def _settled(order: Order) -> weasyprint.Document:
    """The layout whose contents print the numbers of the pages it has."""
    pages = PageMap()
    for number in range(1, PASSES + 1):
        order.step(f"laying out the pages, pass {number}")
        document = _lay_out(order, pages)
        found = page_map(order, document)
        if found == pages:
            return document
        pages = found
    raise EditionError(f"the page numbers of the contents do not settle in {PASSES} layouts")


def _lay_out(order: Order, pages: PageMap) -> weasyprint.Document:
    page = renderer(order.book, order.style, setting_of(order, pages))
    starts = [pages.sheets[name] for name in _starts(order) if name in pages.sheets]
    resets = "".join(f"@page :nth({sheet}) {{ counter-reset: page 1 }}\n" for sheet in starts)
    spreads = _spread(order)
    texts = [spreads.get(item.name) or page(item) for item in spine(order.book)]
    return lay_out(order, texts, extra_css=resets)


def _starts(order: Order) -> tuple[str, str]:
    """The items with which roman and arabic numbers begin."""
    return "half-title", order.book.parts[0].anchor


def page_map(order: Order, document: weasyprint.Document) -> PageMap:
    """Where each anchor stands, from WeasyPrint's public page anchors."""
    sheets: dict[str, int] = {}
    for number, page in enumerate(document.pages, 1):
        for name in page.anchors:
            sheets.setdefault(name, number)
    front, body = (sheets[name] for name in _starts(order))
    folios = {
        name: str(sheet - body + 1) if sheet >= body else roman(sheet - front + 1)
        for name, sheet in sheets.items()
        if sheet >= front
    }
    return PageMap(folios, sheets, len(document.pages))
