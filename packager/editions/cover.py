"""The cover: its front as a picture, and the whole wrap for the printer, from the same art.

The wrap is back, spine and front on one sheet as wide as the print edition is thick, PDF/X like
the interior. The picture is 1500 x 2400 pixels: Kindle's ratio of 1.6, and 3.6 megapixels, below
the 4 that Apple allows inside a book.
"""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pypdfium2

from packager.editions.ink import Inks, css_ink, inks_of
from packager.editions.order import Made, Order, write
from packager.editions.paper import lay_out
from packager.editions.prepress import check_safe, press_cover
from packager.errors import EditionError
from packager.labels import is_rtl
from packager.render import SpineItem, labels_of, renderer
from packager.setting import Setting
from packager.wrap import LONGEST_BLURB, Wrap, wrap_of

WIDTH, HEIGHT = 1500, 2400
_SCALE = 4
"""Pixels a point: the sheet is 375 x 600 pt."""


def cover_png(order: Order) -> bytes:
    """The front cover as an opaque PNG of 1500 x 2400 pixels."""
    setting = Setting("cover", order.when.date().isoformat())
    item = SpineItem("cover", "front", labels_of(order.book).plain("cover"), "cover")
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


def make(order: Order) -> Made:
    """The wrap for the printer, its spine as wide as the pages of the print edition ask for."""
    assert order.paginated is not None  # the build makes the print edition first
    order.step("laying out the cover")
    meta, press = order.book.meta, order.press
    with pikepdf.open(order.paginated.path) as interior:
        pages = len(interior.pages)
    letters = len(meta.description or "")
    if letters > LONGEST_BLURB:
        raise EditionError(
            f"the description in [book] has {letters:,} characters, and the back of the cover has "
            f"room for {LONGEST_BLURB:,}",
            hint="shorten it",
        )
    right_bound = is_rtl(meta.language)
    wrap = wrap_of(meta, order.style.geometry, press, pages, right_bound=right_bound)
    inks = inks_of(press.preset)
    style = replace(
        order.style, ground=_ink(inks, order.style.ground), ink=_ink(inks, order.style.ink)
    )
    setting = Setting("cover", order.when.date().isoformat(), wrap=wrap)
    item = SpineItem("wrap", "front", labels_of(order.book).plain("cover"), "wrap")
    page = renderer(order.book, style, setting)(item)
    document = lay_out(
        replace(order, style=style), [page], extra_css=_sheet(wrap, style.ground, style.ink)
    )
    data = press_cover(document.write_pdf(), press.preset, f"{meta.urn}:cover", wrap.folds)
    check_safe(data, press.preset.cover.safe, "cover")
    write(order, data)
    return Made(order.beside)


def _ink(inks: Inks, colour: str) -> str:
    """A colour like '#7a1f23' as inks in CSS, none of them over the printer's limit."""
    parts = bytes.fromhex(colour.removeprefix("#"))
    return css_ink(inks.of_colour([part / 255 for part in parts]))


def _sheet(wrap: Wrap, ground: str, ink: str) -> str:
    """The page of a wrap and the places of its panels."""
    width, height, spine = wrap.page.width, wrap.page.height, wrap.spine
    return (
        f"@page wrap {{ size: {wrap.width:g}mm {height:g}mm; margin: 0; bleed: {wrap.bleed:g}mm; "
        f"background: {ground} }}\n"
        f".wrap {{ page: wrap; width: {wrap.width:g}mm; height: {height:g}mm; color: {ink} }}\n"
        f".wrap-back, .wrap-front {{ width: {width:g}mm; height: {height:g}mm }}\n"
        f".wrap-spine {{ left: {wrap.folds[1]:g}mm; width: {height:g}mm; height: {spine:g}mm }}\n"
        f".wrap-spine p {{ line-height: {spine:g}mm }}\n"
    )
