"""The rules of the shops beyond the points: asked for by `packager check --store NAME`.

From the shops' own papers: Apple Books Asset Guide, Kobo's EPUB guidelines, Google Play's file
requirements, Kindle Publishing Guidelines. Rules that a point tells already (Apple's 4 million
pixels, EPUBCheck, the cover) are not told twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from packager.check.css import sheets
from packager.check.epub import NCX, EpubFile, nav_document, place
from packager.check.xhtml import local
from packager.findings import Finding, Severity

MB = 1_000_000
HEADED = re.compile(r"""\s*<\?xml[^>]*encoding=["']utf-8["']""", re.IGNORECASE)


def apple(book: EpubFile) -> Iterator[Finding]:
    """Under 2 GB; a bold that the book asks for is in one of its fonts."""
    yield from _whole(book, "Apple", 2000)
    faces = [rule for _, sheet in sheets(book) for rule in sheet.rules]
    asks = any(
        declared.name == "font-weight" and declared.value in ("bold", "bolder", "700")
        for rule in faces
        if rule.selector != "@font-face"
        for declared in rule.declarations
    )
    has = any(
        declared.name == "font-weight" and declared.value not in ("normal", "400")
        for rule in faces
        if rule.selector == "@font-face"
        for declared in rule.declarations
    )
    if book.fonts and asks and not has:
        message = "the styles ask for bold letters, but no embedded font is bold"
        yield _tell(place(book, book.package.name), message, "embed the bold face, or drop it")


def kobo(book: EpubFile) -> Iterator[Finding]:
    """10 MB a document, 1 GB a book; sizes in em; side margins up to 2 em."""
    yield from _whole(book, "Kobo", 1000)
    for entry in book.entries:
        if entry.filename in book.documents and entry.file_size > 10 * MB:
            message = f"the document has {entry.file_size // MB} MB; Kobo takes 10"
            yield _tell(place(book, entry.filename), message, "split it, or make volumes")
    for name, sheet in sheets(book):
        for rule in sheet.rules:
            for declared in rule.declarations:
                if declared.name == "font-size" and "%" in declared.value:
                    message = f"{rule.selector!r} sizes letters in %, which Kobo reads wrongly"
                    yield _tell(place(book, name, declared.line), message, "size them in em")
                wide = rule.selector == "body" and declared.name in ("margin-left", "margin-right")
                if wide and any(float(n) > 2 for n in re.findall(r"([\d.]+)em", declared.value)):
                    message = f"the page has a side margin of {declared.value}"
                    yield _tell(place(book, name, declared.line), message, "leave 1 or 2 em")


def google(book: EpubFile) -> Iterator[Finding]:
    """Under 2 GB; pictures GIF, JPEG, PNG or SVG, up to 3,200 pixels."""
    yield from _whole(book, "Google Play", 2000)
    cover = {item.name for item in book.items if "cover-image" in item.properties}
    for name, picture in book.pictures.items():
        if picture.kind and picture.kind not in ("GIF", "JPEG", "PNG", "SVG"):
            message = f"a picture of kind {picture.kind}, which Google Play does not take"
            yield _tell(place(book, name), message, "convert it to JPEG or PNG")
        limit = 7200 if name in cover else 3200
        if max(picture.width, picture.height) > limit:
            message = f"a picture of {picture.width} x {picture.height} pixels; {limit} are taken"
            yield _tell(place(book, name), message, "make it smaller")


def kindle(book: EpubFile) -> Iterator[Finding]:
    """The encoding stated in every document; contents of two levels, linked from the spine."""
    for document in book.documents.values():
        if not HEADED.match(document.text):
            message = "the document does not say that it is in UTF-8; Kindle takes it for Latin-1"
            hint = 'begin it with <?xml version="1.0" encoding="utf-8"?>'
            yield _tell(place(book, document.name), message, hint)
    nav = nav_document(book)
    if nav is None or nav.name not in book.spine:
        message = "no page of contents is in the spine, which Kindle asks for"
        yield _tell(place(book, book.package.name), message, "put the nav into the spine")
    root = book.ncx.root if book.ncx is not None else None
    for point in root.iter(f"{{{NCX}}}navPoint") if root is not None else ():
        depth = sum(local(above) == "navPoint" for above in point.iterancestors())
        if depth > 1 and book.ncx is not None:
            message = f"the NCX has {depth + 1} levels; Kindle shows two"
            yield _tell(place(book, book.ncx.name, point), message, "list parts and documents only")
            break


STORES: dict[str, Callable[[EpubFile], Iterator[Finding]]] = {
    "apple": apple,
    "google": google,
    "kindle": kindle,
    "kobo": kobo,
}

_tell = partial(Finding, "store", Severity.WARNING)


def _whole(book: EpubFile, store: str, limit: int) -> Iterator[Finding]:
    size = sum(entry.compress_size for entry in book.entries)
    if size > limit * MB:
        message = f"the book has {size // MB} MB; {store} takes {limit}"
        yield _tell(book.place, message, "make volumes of it")
