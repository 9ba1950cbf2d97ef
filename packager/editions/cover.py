"""The front cover as a picture, drawn from the same template and stylesheet as the PDF's.

1500 x 2400 pixels: Kindle's ratio of 1.6, and 3.6 megapixels, below the 4 that Apple allows
inside a book.
"""

from __future__ import annotations

import io

import pypdfium2

from packager.editions.order import Order
from packager.editions.paper import lay_out
from packager.render import Setting, SpineItem, renderer

WIDTH, HEIGHT = 1500, 2400
_SCALE = 4
"""Pixels a point: the sheet is 375 x 600 pt."""


def cover_png(order: Order) -> bytes:
    """The front cover as an opaque PNG of 1500 x 2400 pixels."""
    setting = Setting("cover", order.when.date().isoformat())
    item = SpineItem("cover", "front", "Cover", "cover")
    page = renderer(order.book, order.style, setting)(item)
    width, height = WIDTH / _SCALE, HEIGHT / _SCALE
    sheet = f"@page {{ size: {width}pt {height}pt }} .cover {{ height: {height}pt !important }}"
    pdf = lay_out(order, [page], extra_css=sheet).write_pdf()
    document = pypdfium2.PdfDocument(pdf)
    try:
        image = document[0].render(scale=_SCALE).to_pil().convert("RGB")
    finally:
        document.close()
    out = io.BytesIO()
    image.resize((WIDTH, HEIGHT)).save(out, "PNG", optimize=True)
    return out.getvalue()
