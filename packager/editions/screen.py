"""The PDF for the screen: the whole book as one WeasyPrint document, PDF/UA-1 and PDF/A-3a.

The first layout tells on which page everything stands; the second prints those numbers in the
contents. Page numbers begin at i with the half title and at 1 with the first part.
"""

from __future__ import annotations

import weasyprint

from packager.book import Book
from packager.editions.finish import Label, finish
from packager.editions.order import Attachment, Made, Order, versions
from packager.editions.paper import lay_out
from packager.editions.tags import tagged
from packager.editions.xmp import PDF_A3A_UA1
from packager.errors import EditionError
from packager.render import PageMap, Setting, renderer, spine
from packager.speech import dump_speech

PASSES = 4
"""Layouts at most: a contents page that grows by a line in the second asks for a third."""


def make(order: Order) -> Made:
    """The PDF of a book. Raises `EditionError` where the page numbers do not settle."""
    document = _settled(order)
    pages = page_map(order, document)
    order.step("writing the PDF")
    with tagged():
        raw = document.write_pdf(pdf_tags=True)
    data = finish(
        raw,
        order.book.meta,
        order.when,
        PDF_A3A_UA1,
        attachments=[speech_data(order.book)],
        labels=_labels(pages, order),
    )
    return Made(data, pages.sheets)


def speech_data(book: Book) -> Attachment:
    """The speeches of a book as Speech JSON lines, one a document, in order."""
    lines = "".join(f"{dump_speech(document.speech)}\n" for document in book.documents)
    said = "The documents of this book with their sources, as Speech JSON, one a line."
    return Attachment("speeches.jsonl", lines.encode(), "application/jsonl", said, "Data")


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


def _labels(pages: PageMap, order: Order) -> list[Label]:
    """Page labels as printed; the cover has none."""
    front, body = (pages.sheets[name] for name in _starts(order))
    cover = [Label(1, prefix="Cover")] if front > 1 else []
    return [*cover, Label(front, "r"), Label(body, "D")]
