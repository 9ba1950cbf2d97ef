"""Points 17 to 23: contents, landmarks, page list and NCX."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from lxml.etree import _Element

from packager.check.epub import (
    NCX,
    OPF,
    Document,
    EpubFile,
    chapters,
    is_id,
    nav_document,
    place,
    resolve,
)
from packager.check.package import dc
from packager.check.xhtml import (
    HEADINGS,
    body_of,
    elements,
    every,
    h,
    heading_text,
    is_hidden,
    letters,
    roles,
    text_of,
    typed,
    types,
)
from packager.findings import Finding, Severity

UNTITLED = ("cover", "titlepage", "halftitlepage")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a nav list; `target` is None for a line without a link or one out of the book."""

    element: _Element
    level: int
    label: str
    target: tuple[str, str] | None


def navs(document: Document | None, kind: str) -> list[_Element]:
    """The nav elements of this `epub:type`."""
    if document is None:
        return []
    return [nav for nav in elements(document, "nav") if kind in types(nav)]


def lines(document: Document, nav: _Element) -> list[Entry]:
    """The lines of a nav list in document order."""
    found = []
    for element in nav.iter(h("a"), h("span")):
        parent = element.getparent()
        if parent is None or parent.tag != h("li"):
            continue
        level = sum(1 for above in element.iterancestors(h("ol")) if nav in above.iterancestors())
        href = element.get("href")
        target = resolve(document.name, href) if href is not None else None
        found.append(Entry(element, level, text_of(element), target))
    return found


def position(book: EpubFile, target: tuple[str, str] | None) -> tuple[int, int] | None:
    """Where a target stands in reading order: document and element; None when it is dead."""
    if target is None or target[0] not in book.order:
        return None
    document = book.documents.get(target[0])
    if document is None or document.root is None or not is_id(target[1]):
        return book.order[target[0]], 0
    found = document.ids.get(target[1])
    return (book.order[target[0]], found[0]) if found is not None else None


def toc(book: EpubFile) -> Iterator[Finding]:
    """Point 17: one toc nav, role, heading, labels, live targets (EPUB 3.3 §7.3, §7.4.2)."""
    tell = partial(Finding, "epub-17-toc")
    named = [item for item in book.items if "nav" in item.properties]
    document = nav_document(book)
    found = navs(document, "toc")
    if len(named) != 1 or document is None or len(found) != 1:
        where = (
            place(book, document.name) if document is not None else place(book, book.package.name)
        )
        message = f"{len(named)} navigation documents with {len(found)} tables of contents"
        yield tell(Severity.ERROR, where, message, "write one document with one nav of type toc")
        return
    nav = found[0]
    where = place(book, document.name, nav)
    if "doc-toc" not in roles(nav):
        message = "the table of contents has no role"
        yield tell(Severity.WARNING, where, message, 'add role="doc-toc"')
    named_by = nav.get("aria-label") or nav.get("aria-labelledby")
    if not named_by and next(nav.iter(*HEADINGS), None) is None:
        message = "the table of contents has no heading"
        yield tell(Severity.WARNING, where, message, "add a heading or aria-label")
    yield from _sound_lines(book, document, nav, tell)


def _sound_lines(
    book: EpubFile, document: Document, nav: _Element, tell: partial[Finding]
) -> Iterator[Finding]:
    for entry in lines(document, nav):
        where = place(book, document.name, entry.element)
        images = any(i.get("alt") for i in entry.element.iter(h("img")))
        if not entry.label and not images and not entry.element.get("title"):
            yield tell(Severity.ERROR, where, "a line without words", "give it a label")
        href = entry.element.get("href")
        if href is not None and "#epubcfi(" not in href and position(book, entry.target) is None:
            message = f"leads nowhere: {href!r}"
            yield tell(
                Severity.ERROR, where, message, "link to a document of the spine and an id in it"
            )


def toc_order(book: EpubFile) -> Iterator[Finding]:
    """Point 18: reading order, at most 3 levels, nothing twice (EPUB 3.3 §7.4.2; Kobo)."""
    tell = partial(Finding, "epub-18-toc-order", Severity.WARNING)
    document = nav_document(book)
    if document is None:
        return
    seen: set[tuple[str, str]] = set()
    last = (-1, -1)
    for nav in navs(document, "toc"):
        for entry in lines(document, nav):
            where = place(book, document.name, entry.element)
            if entry.level > 3:
                message = f"the contents are {entry.level} levels deep; Kobo shows three"
                yield tell(where, message, "leave the deepest headings out")
            if entry.target is not None and entry.target in seen:
                message = f"the contents lead twice to the same place: {entry.label!r}"
                yield tell(where, message, "keep one line for each heading")
            if entry.target is not None:
                seen.add(entry.target)
            here = position(book, entry.target)
            if here is not None and here < last:
                message = f"out of reading order: {entry.label!r}"
                yield tell(where, message, "list headings as they follow in the book")
            last = here or last


def toc_complete(book: EpubFile) -> Iterator[Finding]:
    """Point 19: every titled document in the toc, label = heading (WCAG 2.4.5, 2.4.6)."""
    tell = partial(Finding, "epub-19-toc-complete", Severity.WARNING)
    document = nav_document(book)
    found = navs(document, "toc")
    if document is None or not found:
        return
    entries = [entry for nav in found for entry in lines(document, nav)]
    reached = {entry.target[0] for entry in entries if entry.target is not None}
    for chapter in chapters(book):
        body = body_of(chapter)
        if body is None or chapter.name == document.name or chapter.name in reached:
            continue
        headings = [e for e in body.iter(*HEADINGS) if not is_hidden(e)]
        if headings and not any(True for _ in typed(chapter, *UNTITLED)):
            message = f"{text_of(headings[0])!r} is not in the table of contents"
            yield tell(place(book, chapter.name, headings[0]), message, "list it")
    for entry in entries:
        heading = _heading_at(book, entry.target)
        if heading is None or entry.target is None or entry.target[0] == document.name:
            continue
        label, text = letters(entry.label), letters(heading)
        if label not in text and text not in label:
            message = f"the contents say {entry.label!r}, the heading {heading!r}"
            yield tell(place(book, document.name, entry.element), message, "use the same words")


def _heading_at(book: EpubFile, target: tuple[str, str] | None) -> str | None:
    document = book.documents.get(target[0]) if target is not None else None
    if target is None or document is None or document.root is None:
        return None
    found = document.ids.get(target[1]) if target[1] else None
    start = found[1] if found is not None else body_of(document)
    if start is None or (target[1] and found is None):
        return None
    heading = next(start.iter(*HEADINGS), None)
    return heading_text(heading) if heading is not None else None


def landmarks(book: EpubFile) -> Iterator[Finding]:
    """Point 20: landmarks typed, unique, live; toc, bodymatter, cover (EPUB 3.3 §7.4.4)."""
    tell = partial(Finding, "epub-20-landmarks")
    document = nav_document(book)
    if document is None:
        return
    found = navs(document, "landmarks")
    if len(found) != 1:
        severity = Severity.ERROR if found else Severity.WARNING
        message = f"{len(found)} lists of landmarks instead of one"
        yield tell(severity, place(book, document.name), message, "write one nav of type landmarks")
        return
    seen: set[tuple[str, tuple[str, str] | None]] = set()
    kinds: set[str] = set()
    for entry in lines(document, found[0]):
        where = place(book, document.name, entry.element)
        if not types(entry.element):
            message = "a landmark without epub:type"
            yield tell(Severity.ERROR, where, message, "say what it is: toc, bodymatter, ...")
        for kind in types(entry.element):
            if (kind, entry.target) in seen:
                message = f"the landmark {kind!r} leads twice to the same place"
                yield tell(Severity.ERROR, where, message, "keep one")
            seen.add((kind, entry.target))
            kinds.add(kind)
    yield from _sound_lines(book, document, found[0], tell)
    covered = any("cover-image" in item.properties for item in book.items)
    for kind in ("toc", "bodymatter", "cover"):
        if kind not in kinds and (kind != "cover" or covered):
            message = f"the landmarks do not lead to the {kind}"
            where = place(book, document.name, found[0])
            yield tell(Severity.WARNING, where, message, f"add one of type {kind}")


def markers(book: EpubFile) -> dict[tuple[str, str], tuple[str, _Element]]:
    """The page breaks in the text in reading order: place -> label and element."""
    found: dict[tuple[str, str], tuple[str, _Element]] = {}
    for document in chapters(book):
        for element in every(document):
            if "pagebreak" in types(element) or "doc-pagebreak" in roles(element):
                label = element.get("aria-label") or element.get("title") or text_of(element)
                key = element.get("id") or f"?{len(found)}"
                found[document.name, key] = (label.strip().rstrip("."), element)
    return found


def page_list(book: EpubFile) -> Iterator[Finding]:
    """Point 21: page list and page breaks, one to one (EPUB Accessibility §3.4.1.3.2)."""
    tell = partial(Finding, "epub-21-page-list")
    document = nav_document(book)
    breaks = markers(book)
    found = navs(document, "page-list")
    if document is None or not (found or breaks):
        return
    if len(found) != 1:
        message = f"{len(breaks)} page breaks and {len(found)} page lists"
        severity = Severity.ERROR if found else Severity.WARNING
        yield tell(severity, place(book, document.name), message, "write one nav of type page-list")
        return
    where = place(book, document.name, found[0])
    if "doc-pagelist" not in roles(found[0]):
        yield tell(Severity.WARNING, where, "the page list has no role", 'add role="doc-pagelist"')
    yield from _sound_lines(book, document, found[0], tell)
    entries = lines(document, found[0])
    for entry in entries:
        at = place(book, document.name, entry.element)
        if entry.target not in breaks:
            message = f"page {entry.label!r} leads to no page break"
            yield tell(Severity.WARNING, at, message, "link to the element of type pagebreak")
        elif breaks[entry.target][0] != entry.label:
            message = f"page {entry.label!r} leads to the break of page {breaks[entry.target][0]!r}"
            yield tell(Severity.WARNING, at, message, "use the same label in both places")
    listed = [entry.target for entry in entries if entry.target in breaks]
    for key, (label, element) in breaks.items():
        if key not in listed:
            message = f"the page break {label!r} is not in the page list"
            yield tell(Severity.WARNING, place(book, key[0], element), message, "list it")
    if listed != [key for key in breaks if key in listed]:
        message = "the page list is not in reading order, or lists a page twice"
        yield tell(
            Severity.WARNING, where, message, "list pages as their breaks follow in the text"
        )


def ncx(book: EpubFile) -> Iterator[Finding]:
    """Point 22: the NCX agrees with the book (EPUB 3.3 §5.9.5; Kindle reads it)."""
    tell = partial(Finding, "epub-22-ncx")
    root = book.ncx.root if book.ncx is not None else None
    if book.ncx is None:
        message = "there is no NCX, which Kindle and older readers use for their contents"
        yield tell(Severity.NOTE, place(book, book.package.name), message, "write one")
        return
    name = book.ncx.name
    if root is None:
        where = place(book, name, book.ncx.fault_line)
        message = f"the NCX does not parse: {book.ncx.fault}"
        yield tell(Severity.ERROR, where, message, "write well-formed XML")
        return
    yield from _ncx_head(book, name, root, tell)
    seen: set[str] = set()
    for element in root.iter("*"):
        identity = element.get("id")
        if identity is not None and identity in seen:
            message = f"the id {identity!r} is given twice"
            yield tell(Severity.ERROR, place(book, name, element), message, "number the points")
        seen.add(identity or "")
    for content in root.iter(f"{{{NCX}}}content"):
        if position(book, resolve(name, content.get("src", ""))) is None:
            message = f"leads nowhere: {content.get('src')!r}"
            hint = "link to a document of the spine and an id in it"
            yield tell(Severity.ERROR, place(book, name, content), message, hint)
    document = nav_document(book)
    if document is None:
        return
    top = [e.label for n in navs(document, "toc") for e in lines(document, n) if e.level == 1]
    points = [
        text_of(label)
        for point in root.iterfind(f"{{{NCX}}}navMap/{{{NCX}}}navPoint")
        for label in point.iterfind(f"{{{NCX}}}navLabel")
    ]
    if [letters(label) for label in top] != [letters(label) for label in points]:
        message = f"the NCX begins with {len(points)} other lines than the {len(top)} of the nav"
        yield tell(Severity.WARNING, place(book, name), message, "make both from one list")


def _ncx_head(
    book: EpubFile, name: str, root: _Element, tell: partial[Finding]
) -> Iterator[Finding]:
    assert book.package.root is not None
    head = {m.get("name"): m.get("content", "") for m in root.iter(f"{{{NCX}}}meta")}
    wanted = book.package.root.get("unique-identifier")
    unique = [text_of(e) for e in dc(book, "identifier") if e.get("id") == wanted]
    if head.get("dtb:uid", "").strip() not in unique:
        message = f"dtb:uid is {head.get('dtb:uid')!r}, not the identifier of the book"
        yield tell(Severity.ERROR, place(book, name), message, "write the same identifier")
    points = root.iter(f"{{{NCX}}}navPoint")
    depths = [1 + sum(1 for _ in p.iterancestors(f"{{{NCX}}}navPoint")) for p in points]
    if head.get("dtb:depth") != str(max(depths, default=0)):
        message = f"dtb:depth is {head.get('dtb:depth')!r}, the real depth {max(depths, default=0)}"
        yield tell(Severity.WARNING, place(book, name), message, "write the real depth")
    spine = book.package.root.find(f"{{{OPF}}}spine")
    item = next((i for i in book.items if i.name == name), None)
    if spine is not None and item is not None and spine.get("toc") != item.id:
        message = f"the spine names {spine.get('toc')!r} as its NCX, not {item.id!r}"
        where = place(book, book.package.name, spine)
        yield tell(Severity.WARNING, where, message, f'write toc="{item.id}"')


def nav_in_spine(book: EpubFile) -> Iterator[Finding]:
    """Point 23: contents in the spine, other lists hidden there (EPUB 3.3 §7.5; Kindle)."""
    tell = partial(Finding, "epub-23-nav-in-spine", Severity.WARNING)
    document = nav_document(book)
    if document is None:
        return
    if document.name not in book.spine:
        message = "the contents are not a page of the book; Kindle wants one"
        yield tell(
            place(book, document.name), message, "put the nav into the spine after the title page"
        )
        return
    for kind in ("landmarks", "page-list"):
        for nav in navs(document, kind):
            if not is_hidden(nav):
                message = f"the {kind} are printed on the page of contents"
                yield tell(place(book, document.name, nav), message, 'add hidden="hidden"')
