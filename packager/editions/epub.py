"""The EPUB 3.3: EbookLib writes the package; the pages are rendered straight into the archive.

Only one page is in memory at a time. What EbookLib would do to markup, navigation and dates by
itself is switched off, and what it leaves open is settled here (package attributes, entry order
and times).
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from ebooklib import epub
from lxml import etree

from packager.book import Book
from packager.editions.cover import cover_png
from packager.editions.order import Made, Order, versions
from packager.editions.paper import XML_LANG
from packager.filters import is_rtl
from packager.fonts import font_css
from packager.pagelist import letters_of, page_breaks, paginate
from packager.pdftext import read_pdf
from packager.render import Setting, SpineItem, renderer, spine

OPF = "{http://www.idpf.org/2007/opf}"
DC = "http://purl.org/dc/elements/1.1/"
NCX = "http://www.daisy.org/z3986/2005/ncx/"
STORED = (".png", ".jpg")
"""Members that are compressed already."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every zip entry: the earliest that the format can state."""
PACKAGE = "EPUB/content.opf"
CREATORS = 12
"""Speakers named as creators; a larger circle is a debate, and its editors stand for it."""

SUBJECTS = 12
"""Topics named as subjects; catalogues show a handful."""


class _Page(epub.EpubHtml):  # type: ignore[misc]  # EbookLib has no types
    """A content document that the package names; its bytes are ours and written later."""

    def __init__(self, item: SpineItem) -> None:
        super().__init__(
            uid=item.name,
            file_name=f"text/{item.href}",
            media_type="application/xhtml+xml",
            title=item.label,
        )
        if item.name == "nav":
            self.properties = ["nav"]

    def get_content(self, default: object = None) -> bytes:
        """Nothing yet."""
        return b""


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
    book = epub.EpubBook()
    _describe(book, order)
    pages = [_Page(item) for item in spine(order.book)]
    for page in pages:
        book.add_item(page)
    book.spine = list(pages)
    book.add_item(_file("cover-image", "images/cover.png", "image/png", cover, "cover-image"))
    for name, css in sheets.items():
        book.add_item(_file(name.replace(".", "-"), f"css/{name}", "text/css", css.encode()))
    for n, font in enumerate(order.fonts, 1):
        kind = "font/otf" if font.name.endswith(".otf") else "font/ttf"
        book.add_item(_file(f"font-{n}", f"fonts/{font.name}", kind, font.data))
    book.add_item(_file("ncx", "toc.ncx", "application/x-dtbncx+xml", _ncx(order.book)))
    order.step("writing the EPUB")
    carried = io.BytesIO()
    options = {
        "epub3_pages": False,
        "epub3_landmark": False,
        "epub2_guide": False,
        "raise_exceptions": True,
        "mtime": order.when,
        "compresslevel": 0,
    }
    epub.EpubWriter(carried, book, options).write()
    return Made(_archive(carried, order.book, render))


def _paginated(order: Order, setting: Setting) -> Callable[[SpineItem], bytes]:
    """The renderer of the pages, with the page breaks of the PDF edition when there is one."""
    render = renderer(order.book, order.style, setting)
    if order.paginated is None:
        return render
    order.step("finding the page breaks")
    made = order.paginated
    text = read_pdf(made.data, order.style.geometry, tuple(made.feet.items()))
    notes = order.style.notes == "end"
    items = [item for item in spine(order.book) if item.name != "cover"]
    breaks = page_breaks(
        text, made.sheets, ((item.name, letters_of(render(item), notes=notes)) for item in items)
    )
    pages = tuple((one.folio, item.href) for item in items for one in breaks.get(item.name, ()))
    listed = renderer(order.book, order.style, replace(setting, page_list=pages))
    return lambda item: paginate(listed(item), breaks.get(item.name, ()), notes=notes)


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
        "book.css": style.own_css,
    }
    return {name: css for name, css in sheets.items() if css.strip()}


# --- what the package says of the book -----------------------------------------------------


def _describe(book: epub.EpubBook, order: Order) -> None:
    """Metadata: EPUB 3.3 §5.5, EPUB Accessibility 1.1 §3, persons by MARC relators."""
    meta = order.book.meta
    book.metadata = {}
    book.uid = meta.urn
    book.IDENTIFIER_ID = "identifier"
    book.language, book.title = meta.language, meta.title
    if is_rtl(meta.language):
        book.set_direction("rtl")
    _dc(book, "identifier", meta.urn, id="identifier")
    if isbn := meta.isbns.get("epub"):
        _dc(book, "identifier", f"urn:isbn:{isbn.replace('-', '').replace(' ', '')}", id="isbn")
    _dc(book, "title", meta.title, id="title")
    _refine(book, "title", "title-type", "main")
    _refine(book, "title", "file-as", _file_as(meta.title))
    if meta.subtitle:
        _dc(book, "title", meta.subtitle, id="subtitle")
        _refine(book, "subtitle", "title-type", "subtitle")
        _refine(book, "subtitle", "file-as", _file_as(meta.subtitle))
    for language in _languages(order.book):
        _dc(book, "language", language)
    _persons(book, order.book)
    for name, value in (
        ("publisher", meta.publisher),
        ("date", meta.date or order.when.date().isoformat()),
        ("description", meta.description or _description(order.book)),
        ("rights", meta.rights),
        *(("subject", subject) for subject in _subjects(order.book)),
    ):
        if value:
            _dc(book, name, value)
    for source in _sources(order.book):
        _dc(book, "source", source)
    if meta.series:
        _meta(book, "belongs-to-collection", meta.series, id="series")
        _refine(book, "series", "collection-type", "series")
    paginated = order.paginated is not None
    for name, value in (
        ("accessMode", "textual"),
        ("accessModeSufficient", "textual"),
        ("accessibilityFeature", "tableOfContents"),
        ("accessibilityFeature", "readingOrder"),
        ("accessibilityFeature", "structuralNavigation"),
        ("accessibilityFeature", "alternativeText"),
        ("accessibilityFeature", "displayTransformability"),
        *((("accessibilityFeature", "pageBreakMarkers"),) if paginated else ()),
        *((("accessibilityFeature", "pageNavigation"),) if paginated else ()),
        ("accessibilityHazard", "none"),
        (
            "accessibilitySummary",
            "Text throughout, in reading order, with a table of contents of parts and documents; "
            "each document is one section with a heading and a source note. The only picture "
            "is the cover, which is described."
            + (" Page breaks are those of the PDF edition, without its blank pages." * paginated),
        ),
    ):
        _meta(book, f"schema:{name}", value)
    if paginated:
        isbn = meta.isbns.get("screen")
        source = f"urn:isbn:{isbn.replace('-', '')}" if isbn else f"{meta.title}, PDF edition"
        _meta(book, "pageBreakSource", source)
    if meta.conforms_to and meta.certified_by:
        _meta(book, "dcterms:conformsTo", meta.conforms_to, id="conformance")
        _refine(book, "conformance", "a11y:certifiedBy", meta.certified_by)
    book.add_metadata(None, "meta", None, {"name": "cover", "content": "cover-image"})


def _persons(book: epub.EpubBook, content: Book) -> None:
    """Speakers as creators (MARC relator spk), editors as contributors (edt)."""
    counted = Counter(
        document.speech.speaker for document in content.documents if document.speech.speaker
    )
    speakers = sorted(counted, key=lambda name: (-counted[name], name))
    editors = content.meta.editors
    creators = speakers if len(speakers) <= CREATORS or not editors else []
    for n, name in enumerate(creators, 1):
        _person(book, "creator", f"speaker-{n}", name, "spk")
    for n, name in enumerate(editors, 1):
        _person(book, "contributor" if creators else "creator", f"editor-{n}", name, "edt")


def _person(book: epub.EpubBook, element: str, uid: str, name: str, role: str) -> None:
    _dc(book, element, name, id=uid)
    _refine(book, uid, "file-as", name)
    _refine(book, uid, "role", role, scheme="marc:relators")


def _languages(content: Book) -> list[str]:
    """The book's language first, then those of its documents."""
    spoken = {document.speech.language or content.meta.language for document in content.documents}
    return [content.meta.language, *sorted(spoken - {content.meta.language})]


def _subjects(content: Book) -> list[str]:
    """What the book is, by the heading of the Library of Congress, then the topics that most of
    its documents state."""
    counted = Counter(topic for document in content.documents for topic in document.speech.topics)
    return [
        "Speeches, addresses, etc.",
        *sorted(counted, key=lambda t: (-counted[t], t))[:SUBJECTS],
    ]


def _sources(content: Book) -> Iterator[str]:
    """For each document, in order, what it was made from."""
    for document in content.documents:
        made = document.speech.provenance
        facts = [
            f"Document {document.number}: {made.outlet or 'no outlet stated'}",
            made.url or made.path.replace("../", ""),
            *([f"captured {made.captured[:10]}"] if made.captured else []),
            f"SHA-256 {made.sha256}",
        ]
        yield ", ".join(facts)


def _description(content: Book) -> str:
    count = len(list(content.documents))
    return (
        f"{count} document{'' if count == 1 else 's'} from an archive of saved pages, with sources."
    )


def _file_as(title: str) -> str:
    """A title as a catalogue files it: a leading article goes to the end.

    >>> _file_as("The Harbour Lights")
    'Harbour Lights, The'
    """
    first, _, rest = title.partition(" ")
    return f"{rest}, {first}" if rest and first.lower() in ("the", "a", "an") else title


def _dc(book: epub.EpubBook, name: str, value: str, **attributes: str) -> None:
    book.add_metadata(DC, name, value, attributes)


def _meta(book: epub.EpubBook, name: str, value: str, **attributes: str) -> None:
    book.add_metadata(None, "meta", value, {"property": name, **attributes})


def _refine(book: epub.EpubBook, uid: str, name: str, value: str, **attributes: str) -> None:
    _meta(book, name, value, refines=f"#{uid}", **attributes)


# --- the table of contents for readers of EPUB 2 --------------------------------------------


def _ncx(content: Book) -> bytes:
    """The NCX (OPF 2.0.1 §2.4.1): parts and documents, two levels, which Kindle reads."""
    root = etree.Element(
        f"{{{NCX}}}ncx", {"version": "2005-1", XML_LANG: content.meta.language}, nsmap={None: NCX}
    )
    head = etree.SubElement(root, f"{{{NCX}}}head")
    for name, value in (
        ("dtb:uid", content.meta.urn),
        ("dtb:depth", "2"),
        ("dtb:totalPageCount", "0"),
        ("dtb:maxPageNumber", "0"),
    ):
        etree.SubElement(head, f"{{{NCX}}}meta", {"name": name, "content": value})
    _ncx_text(root, "docTitle", content.meta.title)
    points = etree.SubElement(root, f"{{{NCX}}}navMap")
    listed = [item for item in spine(content) if item.listed]
    for item in listed:
        if item.matter == "front":
            _ncx_point(points, item.name, item.label)
    for part in content.parts:
        point = _ncx_point(points, part.anchor, part.title)
        for document in part.documents:
            _ncx_point(point, document.anchor, document.head)
    for item in listed:
        if item.matter == "back":
            _ncx_point(points, item.name, item.label)
    for order, point in enumerate(points.iter(f"{{{NCX}}}navPoint"), 1):
        point.set("playOrder", str(order))
    data: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return data


def _ncx_point(parent: etree._Element, name: str, label: str) -> etree._Element:
    point = etree.SubElement(parent, f"{{{NCX}}}navPoint", {"id": f"ncx-{name}"})
    _ncx_text(point, "navLabel", label)
    etree.SubElement(point, f"{{{NCX}}}content", {"src": f"text/{name}.xhtml"})
    return point


def _ncx_text(parent: etree._Element, name: str, text: str) -> None:
    element = etree.SubElement(parent, f"{{{NCX}}}{name}")
    etree.SubElement(element, f"{{{NCX}}}text").text = text


# --- the archive -------------------------------------------------------------------------


def _archive(carried: io.BytesIO, content: Book, render: Callable[[SpineItem], bytes]) -> bytes:
    """The container: mimetype first (OCF 3.3 §4.3), container, package, the spine as it is
    rendered, all else by name; every entry with the same time and attributes."""
    out = io.BytesIO()
    with zipfile.ZipFile(carried) as made, zipfile.ZipFile(out, "w") as archive:
        pages = {f"EPUB/text/{item.href}": item for item in spine(content)}
        first = ("mimetype", "META-INF/container.xml", PACKAGE)
        rest = sorted(set(made.namelist()) - set(first) - set(pages))
        for name in (*first, *pages, *rest):
            data = render(pages[name]) if name in pages else made.read(name)
            if name == PACKAGE:
                data = _package(data, content.meta.language)
            stored = name == "mimetype" or name.endswith(STORED)
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, compresslevel=None if stored else 9)
    return out.getvalue()


def _package(data: bytes, language: str) -> bytes:
    """`xml:lang` on the package; the prefix that nothing uses is dropped."""
    root = etree.fromstring(data)
    root.set(XML_LANG, language)
    root.attrib.pop("prefix", None)
    out: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return out
