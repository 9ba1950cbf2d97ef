"""The PDF for archives: the pages of the PDF for the screen as PDF/A-4f, PDF/UA-2 and WTPDF 1.0,
with every page that the book was made from inside it.
"""

from __future__ import annotations

from packager.editions.finish import finish
from packager.editions.order import Made, Order, speech_data, write
from packager.editions.xmp import PDF_A4F_UA2


def make(order: Order) -> Made:
    """The archive PDF of a book, from the PDF for the screen where that was made already."""
    pages = order.paginated
    assert pages is not None  # the build makes the screen edition first
    order.step("attaching the source pages")
    attachments = [speech_data(order.book), *order.sources()]
    data = pages.path.read_bytes()
    write(
        order,
        finish(data, order.book.meta, order.when, PDF_A4F_UA2, attachments=attachments),
    )
    return Made(order.beside, pages.sheets, pages.feet)
