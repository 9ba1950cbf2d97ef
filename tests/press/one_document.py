"""The oracle of the press: the whole book as one WeasyPrint document, tagged as PDF/UA-1.

The first layout tells on which page everything stands; the second prints those numbers in the
contents. Page numbers begin at i with the half title and at 1 with the first part.
"""

from __future__ import annotations

import io

import pikepdf
import weasyprint

from packager.editions.order import Made, Order, versions
from packager.editions.paper import lay_out
from packager.editions.press.settling import PASSES, roman
from packager.errors import EditionError
from packager.render import PageMap, Setting, renderer, spine


def make(order: Order) -> Made:
    """The PDF of a book. Raises `EditionError` where the page numbers do not settle."""
    document = _settled(order)
    pages = page_map(order, document)
    order.step("writing the PDF")
    raw = document.write_pdf(
        pdf_variant="pdf/ua-1",
        pdf_tags=True,
        pdf_identifier=order.book.meta.urn.encode(),
    )
    return Made(_finished(raw, pages, order), pages.sheets)


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
    setting = Setting(
        "screen",
        order.when.date().isoformat(),
        pages=pages,
        typefaces=order.typefaces,
        versions=versions("weasyprint"),
    )
    page = renderer(order.book, order.style, setting)
    starts = [pages.sheets[name] for name in _starts(order) if name in pages.sheets]
    resets = "".join(f"@page :nth({sheet}) {{ counter-reset: page 1 }}\n" for sheet in starts)
    return lay_out(order, map(page, spine(order.book)), extra_css=resets)


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


def _finished(raw: bytes, pages: PageMap, order: Order) -> bytes:
    """Page labels as printed (ISO 32000-1 §12.4.2), an identifier that depends on content only."""
    front, body = (pages.sheets[name] for name in _starts(order))
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        cover = {"/P": pikepdf.String("Cover")}
        labels: list[object] = [0, pikepdf.Dictionary(cover)] if front > 1 else []
        labels += [front - 1, pikepdf.Dictionary(S=pikepdf.Name.r, St=1)]
        labels += [body - 1, pikepdf.Dictionary(S=pikepdf.Name.D, St=1)]
        pdf.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array(labels))
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
    return out.getvalue()
