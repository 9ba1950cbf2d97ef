"""Points 33, 38 and 42 to 44: pictures and their texts, sizes, fonts, the cover."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element

from packager.check.css import Rule, sheets
from packager.check.epub import OPF, SVG, Document, EpubFile, chapters, nav_document, place, resolve
from packager.check.vocabularies import FONT_TYPES
from packager.check.xhtml import body_of, elements, every, h, roles, text_of, types
from packager.findings import Finding, Severity

# Documents of 260 KB and more open slowly on e-ink readers; Apple takes no picture over
# 4 million pixels; 1.5 MB a file keeps pages turning.
MAX_DOCUMENT = 260 * 1024
MAX_PIXELS = 4_000_000
MAX_FILE = 1_500_000
MIN_COVER = 1400
HOLLOW = frozenset({"", "cover", "cover image", "image", "picture", "img"})


def alternatives(book: EpubFile) -> Iterator[Finding]:
    """Point 33: alt on every picture, no file name, cover described (WCAG 1.1.1; HTML §4.8.4.4)."""
    tell = partial(Finding, "epub-33-alt")
    for document in book.documents.values():
        for image in elements(document, "img"):
            where = place(book, document.name, image)
            alt = image.get("alt")
            if alt is None:
                message = "a picture without alt"
                hint = 'say what it shows; alt="" only if it says nothing'
                yield tell(Severity.ERROR, where, message, hint)
            elif re.search(r"\.(png|jpe?g|gif|svg|webp)$", alt.strip(), re.IGNORECASE):
                message = f"alt is a file name: {alt.strip()!r}"
                yield tell(Severity.WARNING, where, message, "say what the picture shows")
            elif "doc-cover" in roles(image) and not alt.strip():
                message = "the cover is not described"
                yield tell(
                    Severity.WARNING, where, message, "say what it shows, with title and names"
                )
        for drawing in every(document):
            named = drawing.get("aria-label") or drawing.find(f"{{{SVG}}}title") is not None
            hidden = drawing.get("aria-hidden") == "true" or "presentation" in roles(drawing)
            top = drawing.tag == f"{{{SVG}}}svg" and not _inside_svg(drawing)
            if top and not (named or hidden or drawing.get("aria-labelledby")):
                where = place(book, document.name, drawing)
                message = "a drawing without a text in its place"
                yield tell(Severity.WARNING, where, message, 'add role="img" and aria-label')


def _inside_svg(element: _Element) -> bool:
    return any(above.tag == f"{{{SVG}}}svg" for above in element.iterancestors())


def sizes(book: EpubFile) -> Iterator[Finding]:
    """Point 38: documents, pictures and files that every reader can open (Apple; e-ink).

    The contents are one document whatever their size (EPUB 3.3 §7): they are noted, not faulted.
    """
    tell = partial(Finding, "epub-38-sizes")
    nav = nav_document(book)
    held = {entry.filename: entry.file_size for entry in book.entries}
    for document in book.documents.values():
        size = held.get(document.name, 0)
        if size > MAX_DOCUMENT:
            message = f"the document has {size // 1024} KB; e-ink readers slow down over 260"
            if document is nav:
                severity, hint = Severity.NOTE, "make volumes of the book"
            else:
                severity, hint = Severity.WARNING, "split it"
            yield tell(severity, place(book, document.name), message, hint)
        parts = [e for e in elements(document, "section", "article") if "chapter" in types(e)]
        if len(parts) > 1:
            message = f"{len(parts)} chapters in one file"
            where = place(book, document.name, parts[1])
            yield tell(Severity.NOTE, where, message, "one file a chapter opens faster")
    for name, picture in book.pictures.items():
        pixels = picture.width * picture.height
        if pixels > MAX_PIXELS:
            message = f"{picture.width} x {picture.height} pixels; Apple takes 4 million"
            yield tell(Severity.WARNING, place(book, name), message, "scale it down")
        if picture.size > MAX_FILE:
            message = f"the picture has {picture.size:,} bytes"
            yield tell(Severity.WARNING, place(book, name), message, "keep it under 1.5 MB")


def fonts(book: EpubFile) -> Iterator[Finding]:
    """Point 42: fonts readable, declared, used, embeddable, sufficient (EPUB 3.3 §3.2; Kobo)."""
    tell = partial(Finding, "epub-42-fonts")
    faces = [
        (name, rule)
        for name, sheet in sheets(book)
        for rule in sheet.rules
        if rule.selector == "@font-face"
    ]
    loaded = {target for name, rule in faces for target in _sources(book, name, rule)}
    locked = any(entry.filename == "META-INF/encryption.xml" for entry in book.entries)
    for name, font in book.fonts.items():
        where = place(book, name)
        item = next(item for item in book.items if item.name == name)
        if item.media_type not in FONT_TYPES:
            message = f"{item.media_type!r} is no media type of fonts that EPUB has"
            yield tell(Severity.WARNING, where, message, "write font/ttf or font/otf")
        if not font.kind and not locked:
            yield tell(Severity.WARNING, where, "the font cannot be read", "embed it again")
        elif font.kind == "WOFF2":
            message = "WOFF2 is not read by all shops' apps"
            yield tell(Severity.WARNING, where, message, "embed TTF or OTF")
        if font.embedding & 0x0002:
            message = "the font's own licence bits forbid embedding"
            yield tell(Severity.WARNING, where, message, "take a font that may be embedded")
        if font.size > MAX_FILE:
            message = f"the font has {font.size:,} bytes"
            yield tell(Severity.WARNING, where, message, "subset it to the letters of the book")
        if name not in loaded:
            message = "the font is in the book, but no @font-face loads it"
            yield tell(Severity.WARNING, where, message, "declare it or leave it out")
    yield from _faces(book, faces, tell)
    yield from _letters_without_font(book, tell)


def _sources(book: EpubFile, sheet: str, rule: Rule) -> list[str]:
    targets = [resolve(sheet, address) for address in rule.urls]
    return [target[0] for target in targets if target is not None and target[0] in book.fonts]


def _faces(
    book: EpubFile, faces: list[tuple[str, Rule]], tell: partial[Finding]
) -> Iterator[Finding]:
    asked = " ".join(
        declared.value
        for _, sheet in sheets(book)
        for rule in sheet.rules
        for declared in rule.declarations
        if declared.name in {"font-family", "font"} and rule.selector != "@font-face"
    )
    members = {entry.filename for entry in book.entries}
    for name, rule in faces:
        where = place(book, name, rule.line)
        family = next((d.value for d in rule.declarations if d.name == "font-family"), "")
        for address in rule.urls:
            target = resolve(name, address)
            if target is not None and target[0] not in members:
                message = f"the face {family} loads {address!r}, which is not in the book"
                yield tell(Severity.ERROR, where, message, "mend its src, or add the font")
        if family.strip("\"' ") not in asked:
            message = f"the face {family} is declared and nowhere used"
            yield tell(Severity.NOTE, where, message, "use it or leave it out")


def _letters_without_font(book: EpubFile, tell: partial[Finding]) -> Iterator[Finding]:
    covered = {code for font in book.fonts.values() for code in font.characters}
    if not covered:
        return
    missing: dict[str, str] = {}
    for document in chapters(book):
        body = body_of(document)
        for letter in sorted(set(text_of(body)) if body is not None else ()):
            if ord(letter) not in covered and unicodedata.category(letter)[0] == "L":
                missing.setdefault(letter, document.name)
    if missing:
        first = sorted(missing)[:12]
        message = f"{len(missing)} letters that no embedded font has: {' '.join(first)}"
        hint = "embed a font for that script; until then readers choose one"
        yield tell(Severity.NOTE, place(book, missing[first[0]]), message, hint)


def cover_image(book: EpubFile) -> Iterator[Finding]:
    """Point 43: the cover named both ways, upright, of good size (EPUB 3.3 §5.6.2.1; shops)."""
    tell = partial(Finding, "epub-43-cover-image")
    covers = [item for item in book.items if "cover-image" in item.properties]
    at = place(book, book.package.name)
    if len(covers) != 1:
        severity = Severity.ERROR if covers else Severity.WARNING
        message = f"{len(covers)} cover images instead of one"
        yield tell(severity, at, message, 'give one item properties="cover-image"')
        return
    item = covers[0]
    assert book.package.root is not None
    older = book.package.root.iter(f"{{{OPF}}}meta")
    named = [meta.get("content") for meta in older if meta.get("name") == "cover"]
    if named != [item.id]:
        message = f"no meta of name cover holds the id {item.id!r}, which Kobo and Kindle look for"
        yield tell(Severity.WARNING, at, message, f'add <meta name="cover" content="{item.id}"/>')
    picture = book.pictures.get(item.name)
    if picture is None:
        return  # a missing file is told by point 2
    where = place(book, item.name)
    if picture.kind not in {"JPEG", "PNG"}:
        message = f"the cover is of kind {picture.kind or item.media_type!r}"
        yield tell(Severity.WARNING, where, message, "make it a JPEG or PNG")
        return
    if picture.alpha:
        message = "the cover is transparent in parts, so shops show it on black or white"
        yield tell(Severity.WARNING, where, message, "flatten it")
    if picture.width < MIN_COVER or picture.width * picture.height > MAX_PIXELS:
        message = f"the cover has {picture.width} x {picture.height} pixels"
        yield tell(Severity.WARNING, where, message, "make it 1500 x 2400")
    if picture.height <= picture.width:
        yield tell(Severity.WARNING, where, "the cover lies on its side", "make it 1500 x 2400")


def cover_page(book: EpubFile) -> Iterator[Finding]:
    """Point 44: the cover page comes first and is only the picture (DPUB-ARIA doc-cover; Kobo)."""
    tell = partial(Finding, "epub-44-cover-page", Severity.WARNING)
    cover = next((i.name for i in book.items if "cover-image" in i.properties), None)
    first = next(iter(book.spine), None)
    document = book.documents.get(first) if first is not None else None
    body = body_of(document) if document is not None else None
    if cover is None or document is None or body is None:
        return
    image = next((i for i in body.iter(h("img")) if _shows(document, i, cover)), None)
    if image is None:
        message = "the book does not begin with its cover"
        hint = "put a page with the cover as an img first"
        yield tell(place(book, document.name, body), message, hint)
        return
    where = place(book, document.name, image)
    if "doc-cover" not in roles(image):
        yield tell(where, "the cover has no role", 'add role="doc-cover" to the img')
    if (image.get("alt") or "").strip().casefold() in HOLLOW:
        message = f"alt={image.get('alt')!r} does not say what the cover shows"
        yield tell(where, message, "say what it shows, with title and names")
    others = [e for e in body.iter(h("img"), f"{{{SVG}}}svg") if e is not image]
    if text_of(body) or others:
        message = "the cover page holds more than the cover"
        yield tell(where, message, "leave only the img on it")


def _shows(document: Document, image: _Element, name: str) -> bool:
    target = resolve(document.name, image.get("src", ""))
    return target is not None and target[0] == name
