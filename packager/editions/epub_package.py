"""What the package of the EPUB says: metadata, manifest, spine, and the NCX for old readers.

EbookLib writes the package; what it leaves open is settled here. EPUB 3.3 §5, EPUB Accessibility
1.1 §3, persons by MARC relators.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence

from ebooklib import epub
from lxml import etree

from packager.book import Book
from packager.editions.order import Order
from packager.editions.paper import XML_LANG
from packager.filters import shown_file
from packager.labels import is_rtl
from packager.meta import OtherScript
from packager.render import spine

DC = "http://purl.org/dc/elements/1.1/"
NCX = "http://www.daisy.org/z3986/2005/ncx/"
CREATORS = 12
"""Speakers named as creators; a larger circle is a debate, and its editors stand for it."""
SUBJECTS = 12
"""Topics named as subjects; catalogues show a handful."""


class _Writer(epub.EpubWriter):  # type: ignore[misc]  # EbookLib has no types
    """Writes the container and the package; the members that these name are written by us."""

    def _write_items(self) -> None:
        """Nothing."""

    def _write_opf_file(self, root: etree._Element) -> None:
        """`xml:lang` on the package; the prefix that nothing uses is dropped."""
        root.set(XML_LANG, self.book.language)
        root.attrib.pop("prefix", None)
        data = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
        self.out.writestr(f"{self.book.FOLDER_NAME}/content.opf", data)


def package(
    order: Order, pages: Sequence[epub.EpubItem], files: Sequence[epub.EpubItem]
) -> dict[str, bytes]:
    """The members that make a package of the spine items `pages` and of other `files`."""
    book = epub.EpubBook()
    _describe(book, order)
    for item in (*pages, *files):
        book.add_item(item)
    book.spine = list(pages)
    carried = io.BytesIO()
    options = {"epub2_guide": False, "raise_exceptions": True, "mtime": order.when}
    _Writer(carried, book, {**options, "compresslevel": 0}).write()
    with zipfile.ZipFile(carried) as made:
        return {name: made.read(name) for name in made.namelist()}


def _describe(book: epub.EpubBook, order: Order) -> None:
    """Metadata: EPUB 3.3 §5.5, EPUB Accessibility 1.1 §3, persons by MARC relators."""
    meta = order.book.meta
    other = meta.other_script or OtherScript(meta.language)
    book.metadata = {}
    book.uid = meta.urn
    book.IDENTIFIER_ID = "identifier"
    book.language, book.title = meta.language, meta.title
    if is_rtl(meta.language):
        book.set_direction("rtl")
    _dc(book, "identifier", meta.urn, id="identifier")
    if isbn := meta.isbn_digits.get("epub"):
        _dc(book, "identifier", f"urn:isbn:{isbn}", id="isbn")
    _dc(book, "title", meta.title, id="title")
    _refine(book, "title", "title-type", "main")
    _refine(book, "title", "file-as", _file_as(meta.title))
    _other_script(book, other, "title", other.title)
    if meta.subtitle:
        _dc(book, "title", meta.subtitle, id="subtitle")
        _refine(book, "subtitle", "title-type", "subtitle")
        _refine(book, "subtitle", "file-as", _file_as(meta.subtitle))
        _other_script(book, other, "subtitle", other.subtitle)
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
    if meta.collection:
        _meta(book, "belongs-to-collection", meta.collection, id="set")
        _refine(book, "set", "collection-type", "set")
        _refine(book, "set", "group-position", str(meta.volume))
    _accessibility(book, order)
    book.add_metadata(None, "meta", None, {"name": "cover", "content": "cover-image"})


_PICTURES = (
    "The only picture is the cover, which is described.",
    "Pictures are those of the pages; words stand for each that is no ornament.",
)


def _accessibility(book: epub.EpubBook, order: Order) -> None:
    """What readers with a disability can count on (EPUB Accessibility 1.1 §3)."""
    meta = order.book.meta
    paginated = order.paginated is not None
    seen = any(plate.alt for plate in order.book.plates.values())
    for name, value in (
        ("accessMode", "textual"),
        *((("accessMode", "visual"),) if seen else ()),
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
            "each document is one section with a heading and a source note. "
            + _PICTURES[bool(order.book.plates)]
            + (" Page breaks are those of the PDF edition, without its blank pages." * paginated),
        ),
    ):
        _meta(book, f"schema:{name}", value)
    if paginated:
        isbn = meta.isbn_digits.get("screen")
        source = f"urn:isbn:{isbn}" if isbn else f"{meta.title}, PDF edition"
        _meta(book, "pageBreakSource", source)
    if meta.conforms_to and meta.certified_by:
        _meta(book, "dcterms:conformsTo", meta.conforms_to, id="conformance")
        _refine(book, "conformance", "a11y:certifiedBy", meta.certified_by)


def _other_script(book: epub.EpubBook, other: OtherScript, uid: str, value: str | None) -> None:
    """What catalogues in another script call it (EPUB 3.3 appendix D.3.1, alternate-script)."""
    if value:
        _refine(book, uid, "alternate-script", value, **{XML_LANG: other.language})


def _persons(book: epub.EpubBook, content: Book) -> None:
    """Speakers as creators, editors as contributors (edt). A speaker (spk) is an author (aut) too:
    some readers show no others."""
    counted = Counter(
        document.speech.speaker for document in content.documents if document.speech.speaker
    )
    speakers = sorted(counted, key=lambda name: (-counted[name], name))
    editors = content.meta.editors
    other = content.meta.other_script or OtherScript(content.meta.language)
    creators = speakers if len(speakers) <= CREATORS or not editors else []
    for n, name in enumerate(creators, 1):
        _person(book, other, "creator", f"speaker-{n}", name, "aut", "spk")
    for n, name in enumerate(editors, 1):
        element = "contributor" if creators else "creator"
        _person(book, other, element, f"editor-{n}", name, "edt")


def _person(
    book: epub.EpubBook, other: OtherScript, element: str, uid: str, name: str, *roles: str
) -> None:
    _dc(book, element, name, id=uid)
    _refine(book, uid, "file-as", name)
    for role in roles:
        _refine(book, uid, "role", role, scheme="marc:relators")
    _other_script(book, other, uid, other.names.get(name))


def _languages(content: Book) -> list[str]:
    """The book's language first, then those of its documents."""
    spoken = {document.speech.language or content.meta.language for document in content.texts}
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
    for document in content.texts:
        made = document.speech.provenance
        facts = [
            f"Document {document.number}: {made.outlet or 'no outlet stated'}",
            made.url or shown_file(made.path),
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


def ncx(content: Book) -> bytes:
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
