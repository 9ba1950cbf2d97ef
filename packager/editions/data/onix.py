"""ONIX for Books 3.0: one product an edition, and volume, that has an ISBN, for booksellers.

Codes are those of EDItEUR's code lists (issue of the 3.0 schema): the number of the list stands
beside each. The binding of the printed book and the way in which files are sold are not known, so
the codes say so (BA, EA). Accessibility (list 196) states what every EPUB of ours has; a claim of
conformance only where the book makes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from lxml import etree

from packager.book import Book
from packager.editions.data.catalogued import (
    contents_of,
    day_of,
    languages_of,
    line,
    speakers_of,
    topics_of,
)
from packager.errors import EditionError
from packager.meta import Meta

NAMESPACE = "http://ns.editeur.org/onix/3.0/reference"
Tree: TypeAlias = "tuple[str, str | Sequence[Tree]]"
"""An element: its name, and its text or its children."""

FORM = {"epub": ("EA", "E101"), "screen": ("EA", "E107"), "archive": ("EA", "E107"),
        "print": ("BA", "")}  # fmt: skip
"""Lists 150 and 175: digital in EPUB or PDF; book, binding not known."""
FEATURES = {"epub": ("11", "13", "14", "22", "29", "30", "32"), "screen": ("05", "11", "22"),
            "archive": ("06", "11", "22")}  # fmt: skip
"""List 196: contents, one order of reading, short alternatives of pictures, languages, structure,
roles, landmarks; PDF/UA-1 and PDF/UA-2."""
CLAIMS = {"2.0": "80", "2.1": "81", "2.2": "82", "A": "84", "AA": "85", "AAA": "86"}
"""List 196: versions and levels of WCAG."""


def write(*volumes: Book) -> bytes:
    """The editions of the book, or of its volumes, as an ONIX message, in UTF-8.

    Raises `EditionError` where no edition has an ISBN, or the book no publisher or date.
    """
    book = volumes[0]
    if not any(volume.meta.isbns for volume in volumes):
        raise EditionError(
            "ONIX describes products by their ISBN, and no edition has one",
            hint='add isbn = "978-..." to [edition.epub] or its neighbours',
        )
    if not book.meta.publisher:
        raise EditionError(
            "ONIX names a publisher, and the book has none", hint='add publisher = "..." to [book]'
        )
    day = day_of(book, "ONIX").replace("-", "")
    message: Tree = (
        "ONIXMessage",
        [
            (
                "Header",
                [("Sender", [("SenderName", line(book.meta.publisher))]), ("SentDateTime", day)],
            ),
            *(
                ("Product", _product(volume, name, isbns))
                for volume in volumes
                if (isbns := volume.meta.isbn_digits)
                for name in isbns
            ),
        ],
    )
    root = _built(message, None)
    root.set("release", "3.0")
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return made


def _built(tree: Tree, parent: etree._Element | None) -> etree._Element:
    name, content = tree
    tag = f"{{{NAMESPACE}}}{name}"
    if parent is None:
        element = etree.Element(tag, nsmap={None: NAMESPACE})
    else:
        element = etree.SubElement(parent, tag)
    if isinstance(content, str):
        element.text = content
    else:
        for child in content:
            _built(child, element)
    return element


def _product(book: Book, edition: str, isbns: dict[str, str]) -> Sequence[Tree]:
    others = [isbn for name, isbn in isbns.items() if name != edition]
    return [
        ("RecordReference", f"{book.meta.urn}:{edition}"[-100:]),
        ("NotificationType", "03"),  # list 1: confirmed on publication
        _identifier(isbns[edition]),
        ("DescriptiveDetail", list(_description(book, edition))),
        ("CollateralDetail", list(_texts(book))),
        ("PublishingDetail", list(_publishing(book))),
        *(
            [("RelatedMaterial", [
                ("RelatedProduct", [("ProductRelationCode", "06"), _identifier(isbn)])  # list 51
                for isbn in others
            ])]
            if others
            else []
        ),
    ]  # fmt: skip


def _identifier(isbn: str) -> Tree:
    return ("ProductIdentifier", [("ProductIDType", "15"), ("IDValue", isbn)])  # list 5: ISBN-13


def _description(book: Book, edition: str) -> Iterator[Tree]:
    meta = book.meta
    form, detail = FORM[edition]
    yield "ProductComposition", "00"  # list 2: one item
    yield "ProductForm", form
    if detail:
        yield "ProductFormDetail", detail
    yield from _features(book, edition)
    if form == "EA":
        yield "PrimaryContentType", "10"  # list 81: text
    if meta.collection:
        yield "Collection", [("CollectionType", "10"), _place(meta), _title("02", meta.collection)]
    if meta.series:
        yield "Collection", [("CollectionType", "10"), _title("02", meta.series)]  # list 148
    yield _title("01", meta.title, meta.subtitle)
    yield from _contributors(book)
    if meta.edition:
        yield "EditionStatement", line(meta.edition)
    for code in languages_of(book):
        yield "Language", [("LanguageRole", "01"), ("LanguageCode", code)]  # lists 22, 74
    extent: list[Tree] = [("ExtentType", "02"), ("ExtentValue", str(book.words))]  # list 23
    yield "Extent", [*extent, ("ExtentUnit", "02")]  # list 24: words
    if topics := topics_of(book):
        keywords = "; ".join(topics)
        yield "Subject", [("SubjectSchemeIdentifier", "20"), ("SubjectHeadingText", keywords)]


def _place(meta: Meta) -> Tree:
    """Which volume of its collection it is (list 197: the order of the title)."""
    number = str(meta.volume)
    words = [("CollectionSequenceType", "02"), ("CollectionSequenceNumber", number)]
    return "CollectionSequence", words


def _features(book: Book, edition: str) -> Iterator[Tree]:
    """Accessibility (lists 79 and 196)."""
    codes = list(FEATURES.get(edition, ()))
    if edition == "epub" and book.index:
        codes.append("12")
    if edition == "epub" and (claim := book.meta.conforms_to):
        version, _, level = claim.partition("WCAG ")[2].partition(" Level ")
        codes += ["04", CLAIMS[version], CLAIMS[level]]
    for code in sorted(codes):
        yield (
            "ProductFormFeature",
            [
                ("ProductFormFeatureType", "09"),
                ("ProductFormFeatureValue", code),
            ],
        )
    if edition == "epub" and book.meta.certified_by:
        yield (
            "ProductFormFeature",
            [
                ("ProductFormFeatureType", "09"),
                ("ProductFormFeatureValue", "90"),
                ("ProductFormFeatureDescription", line(book.meta.certified_by)),
            ],
        )


def _title(level: str, title: str, subtitle: str | None = None) -> Tree:
    words: list[Tree] = [("TitleElementLevel", level), ("TitleText", line(title))]  # list 149
    if subtitle:
        words.append(("Subtitle", line(subtitle)))
    return "TitleDetail", [("TitleType", "01"), ("TitleElement", words)]  # list 15


def _contributors(book: Book) -> Iterator[Tree]:
    """Speakers as authors, then the editors (list 17). Names are not taken apart."""
    people = [("A01", name) for name in speakers_of(book)]
    people += [("B01", line(name)) for name in book.meta.editors]
    for number, (role, name) in enumerate(people, 1):
        yield (
            "Contributor",
            [
                ("SequenceNumber", str(number)),
                ("ContributorRole", role),
                ("PersonName", name),
            ],
        )
    if not people:
        yield "NoContributor", ""


def _texts(book: Book) -> Iterator[Tree]:
    """Description and contents (list 153), for everyone (list 154)."""
    said = [("03", book.meta.description), ("04", "\n".join(contents_of(book)))]
    for kind, words in said:
        if words:
            yield "TextContent", [("TextType", kind), ("ContentAudience", "00"), ("Text", words)]


def _publishing(book: Book) -> Iterator[Tree]:
    meta: Meta = book.meta
    publisher = line(meta.publisher or "")
    yield "Publisher", [("PublishingRole", "01"), ("PublisherName", publisher)]  # list 45
    if meta.place:
        yield "CityOfPublication", line(meta.place)
    day = book.day.replace("-", "")
    yield "PublishingDate", [("PublishingDateRole", "01"), ("Date", day)]  # list 163
