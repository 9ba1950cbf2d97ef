"""The EPUB 3.3: EbookLib writes the package; the pages are rendered straight into the archive.

Only one page is in memory at a time, and the archive never is: it grows in a file. What EbookLib
would do to markup, navigation and dates by itself is left out (`epub_package`).
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace

from ebooklib import epub

from packager.editions.cover import cover_png
from packager.editions.epub_package import ncx, package
from packager.editions.order import Made, Order, versions, writing
from packager.fonts import font_css
from packager.pagelist import letters_of, page_breaks, paginate
from packager.pdftext import read_pdf
from packager.render import SpineItem, renderer, spine
from packager.setting import Setting

STORED = (".png", ".jpg")
"""Members that are compressed already."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every zip entry: the earliest that the format can state."""
BILINGUAL = ("bilingual", "bilingual-epub")
"""The tiers of CSS for documents in two languages."""
FIRST = ("mimetype", "META-INF/container.xml", "EPUB/content.opf")
"""The members that come first, in this order (OCF 3.3 §4.3)."""


def make(order: Order) -> Made:
    """The EPUB of a book."""
    order.step("drawing the cover")
    cover = cover_png(order)
    sheets = _stylesheets(order)
    setting = Setting(
        "epub",
        order.when.date().isoformat(),
        stylesheets=tuple(f"../css/{name}" for name in sheets),
        typefaces=order.typefaces,
        versions=f"{versions('ebooklib')}, packed by zlib {zlib.ZLIB_RUNTIME_VERSION}",
        cover="../images/cover.png",
    )
    render = _paginated(order, setting)
    files = [
        _file("cover-image", "images/cover.png", "image/png", cover, "cover-image"),
        *(_file(name.replace(".", "-"), f"css/{name}", "text/css", css.encode())
          for name, css in sheets.items()),
        *(_file(f"font-{n}", f"fonts/{font.name}", f"font/{font.name[-3:]}", font.data)
          for n, font in enumerate(order.fonts, 1)),
        *(_file(f"picture-{n}", f"images/{plate.name}", plate.media_type, b"")
          for n, plate in enumerate(order.book.plates.values(), 1)),
        _file("ncx", "toc.ncx", "application/x-dtbncx+xml", ncx(order.book)),
    ]  # fmt: skip
    order.step("writing the EPUB")
    members = package(order, [_page(item) for item in spine(order.book)], files)
    members |= {f"EPUB/{one.file_name}": one.content for one in files}
    _archive(order, members, render)
    return Made(order.beside)


def _paginated(order: Order, setting: Setting) -> Callable[[SpineItem], bytes]:
    """The renderer of the pages, with the page breaks of the PDF edition when there is one."""
    render = renderer(order.book, order.style, setting)
    if order.paginated is None:
        return render
    order.step("finding the page breaks")
    made = order.paginated
    text = read_pdf(made.path, order.style.geometry, tuple(made.feet.items()))
    notes = order.style.notes == "end"
    items = [item for item in spine(order.book) if item.name != "cover"]
    breaks = page_breaks(
        text,
        made.sheets,
        ((item.name, letters_of(render(item), notes=notes)) for item in items),
        [item.name for item in items if order.book.facing and item.template == "bilingual"],
    )
    pages = tuple((one.folio, item.href) for item in items for one in breaks.get(item.name, ()))
    listed = renderer(order.book, order.style, replace(setting, page_list=pages))
    return lambda item: paginate(listed(item), breaks.get(item.name, ()), notes=notes)


def _page(item: SpineItem) -> epub.EpubItem:
    """A content document as the package names it; its bytes are rendered when they are written."""
    properties = ("nav",) if item.name == "nav" else ()
    return _file(item.name, f"text/{item.href}", "application/xhtml+xml", b"", *properties)


def _file(uid: str, name: str, kind: str, data: bytes, *properties: str) -> epub.EpubItem:
    item = epub.EpubItem(uid=uid, file_name=name, media_type=kind, content=data)
    item.properties = list(properties)
    return item


def _stylesheets(order: Order) -> dict[str, str]:
    """The tiers of CSS in order: fonts, meaning, edition, this one book."""
    style = order.style
    sheets = {
        "fonts.css": font_css(order.fonts, "../fonts", order.book.meta.language),
        "base.css": style.css("base"),
        "epub.css": style.css("epub"),
        "bilingual.css": "".join(map(style.css, BILINGUAL)) if order.book.bilingual else "",
        "book.css": style.own_css,
    }
    return {name: css for name, css in sheets.items() if css.strip()}


def _archive(
    order: Order, members: Mapping[str, bytes], render: Callable[[SpineItem], bytes]
) -> None:
    """The container: mimetype, container and package first, the spine as it is rendered, all
    else by name; every entry with the same time and attributes."""
    pages = {f"EPUB/text/{item.href}": item for item in spine(order.book)}
    plates = {f"EPUB/images/{name}": plate for name, plate in order.book.plates.items()}
    with writing(order.beside), zipfile.ZipFile(order.beside, "w") as archive:
        for name in (*FIRST, *pages, *sorted(members.keys() - set(FIRST))):
            data = render(pages[name]) if name in pages else members[name]
            data = plates[name].kept.fetch() if name in plates else data
            stored = name == "mimetype" or name.endswith(STORED)
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, compresslevel=None if stored else 9)
