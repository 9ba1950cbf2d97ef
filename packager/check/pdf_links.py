"""Where a PDF leads: bookmarks, links, and actions that a book should not have."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, String

from packager.check.pdf_file import PdfFile, page_place
from packager.findings import Finding, Severity

# PDF 12.6.4: the kinds of action that run or fetch something.
RUNNING = {
    "/JavaScript": "a script",
    "/Launch": "another program",
    "/ImportData": "an import of data",
    "/SubmitForm": "the sending of a form",
    "/Rendition": "a player",
    "/Movie": "a player",
    "/Sound": "a player",
}
# Acrobat's own check asks for bookmarks from this number of pages on.
MANY_PAGES = 21
MAX_CHAIN = 100


def bookmarks(book: PdfFile) -> Iterator[Finding]:
    """Bookmarks with words that lead to a page of the file (PDF 12.3.3)."""
    tell = partial(Finding, "pdf-links")
    pages, names = _pages(book), _names(book)
    count = 0
    for item, looped in _outline(book):
        if looped:
            message = "the bookmarks run in a circle"
            yield tell(Severity.ERROR, book.place, message, "write the outline anew")
            return
        count += 1
        title = str(item.get("/Title", "")).strip()
        where = f"{book.place}:bookmark {count}"
        if not title:
            yield tell(Severity.ERROR, where, "a bookmark without words", "give it a title")
        action = item.get("/A")
        target = item.get("/Dest")
        if target is None and isinstance(action, Dictionary) and action.get("/S") == Name.GoTo:
            target = action.get("/D")
        if target is None and action is None and item.get("/First") is not None:
            continue  # a heading over others
        if not isinstance(action, Dictionary) or action.get("/S") == Name.GoTo:
            fault = _fault(target, pages, names)
            if fault:
                yield tell(Severity.ERROR, where, f"{title!r} {fault}", "point it at a page")
    if not count and len(book.pages) >= MANY_PAGES and not book.claims.press:
        message = f"{len(book.pages)} pages and no bookmarks"
        yield tell(Severity.WARNING, book.place, message, "write one for each heading")


def _outline(book: PdfFile) -> Iterator[tuple[Dictionary, bool]]:
    """The items of the outline in order; True beside one that was met before."""
    outlines = book.pdf.Root.get("/Outlines")
    seen: set[tuple[int, int]] = set()
    waiting = [outlines.get("/First")] if isinstance(outlines, Dictionary) else []
    while waiting:
        item = waiting.pop()
        if not isinstance(item, Dictionary):
            continue
        looped = item.objgen in seen and item.is_indirect
        seen.add(item.objgen)
        yield item, looped
        if looped:
            return
        waiting.append(item.get("/Next"))
        waiting.append(item.get("/First"))


def links(book: PdfFile) -> Iterator[Finding]:
    """Links that lead to a page of the file or to an address (PDF 12.5.6.5, 12.6.4)."""
    tell = partial(Finding, "pdf-links", Severity.ERROR)
    hint = "point it at a destination of the file"
    pages, names = _pages(book), _names(book)
    for number, annotation in _annotations(book):
        if annotation.get("/Subtype") != Name.Link:
            continue
        where = page_place(book, number)
        action = annotation.get("/A")
        if not isinstance(action, Dictionary):
            fault = _fault(annotation.get("/Dest"), pages, names)
            if fault:
                yield tell(where, f"a link {fault}", hint)
            continue
        kind = action.get("/S")
        if kind == Name.URI:
            address = str(action.get("/URI", ""))
            if address.strip().casefold().startswith("file:"):
                message = f"a link to a file of somebody's machine: {address!r}"
                yield tell(where, message, "link inside the book, or to the web")
            elif not address.strip():
                yield tell(where, "a link without address", "give it one")
        elif kind == Name.GoTo:
            fault = _fault(action.get("/D"), pages, names)
            if fault:
                yield tell(where, f"a link {fault}", hint)


def active(book: PdfFile) -> Iterator[Finding]:
    """No scripts and no actions that run something (PDF 12.6.4; PDF/A §6.6)."""
    told: set[tuple[str, str]] = set()
    for where, action in _actions(book):
        kind = str(action.get("/S", ""))
        if kind in RUNNING and (where, kind) not in told:
            told.add((where, kind))
            message = f"an action of kind {kind[1:]}: {RUNNING[kind]}"
            yield Finding("pdf-active", Severity.ERROR, where, message, "leave it out")


def _actions(book: PdfFile) -> Iterator[tuple[str, Dictionary]]:
    """Every action of the file with its place, and what follows it (PDF 12.6)."""
    root = book.pdf.Root
    starts: list[tuple[str, Object | None]] = [(book.place, root.get("/OpenAction"))]
    starts += [(book.place, action) for action in _triggers(root)]
    trees = root.get("/Names")
    if isinstance(trees, Dictionary) and trees.get("/JavaScript") is not None:
        scripts = pikepdf.NameTree(trees["/JavaScript"])
        starts += [(book.place, script) for _, script in scripts.items()]
    starts += [(book.place, item.get("/A")) for item, looped in _outline(book) if not looped]
    for number, page in enumerate(book.pages, start=1):
        starts += [(page_place(book, number), action) for action in _triggers(page.obj)]
    for number, annotation in _annotations(book):
        where = page_place(book, number)
        starts.append((where, annotation.get("/A")))
        starts += [(where, action) for action in _triggers(annotation)]
    for where, start in starts:
        waiting = [start]
        for _ in range(MAX_CHAIN):
            if not waiting:
                break
            action = waiting.pop()
            if isinstance(action, Dictionary):
                yield where, action
                waiting.append(action.get("/Next"))
            elif isinstance(action, Array):
                waiting.extend(action[i] for i in range(len(action)))


def _triggers(thing: Object) -> list[Object]:
    extra = thing.get("/AA")
    return [action for _, action in extra.items()] if isinstance(extra, Dictionary) else []


def _annotations(book: PdfFile) -> Iterator[tuple[int, Dictionary]]:
    for number, page in enumerate(book.pages, start=1):
        found = page.obj.get("/Annots")
        listed = [found[i] for i in range(len(found))] if isinstance(found, Array) else []
        for annotation in listed:
            if isinstance(annotation, Dictionary):
                yield number, annotation


def _pages(book: PdfFile) -> set[tuple[int, int]]:
    return {page.obj.objgen for page in book.pages}


def _names(book: PdfFile) -> dict[str, Object]:
    """Named destinations, of both kinds (PDF 12.3.2.4)."""
    found: dict[str, Object] = {}
    older = book.pdf.Root.get("/Dests")
    if isinstance(older, Dictionary):
        found.update({str(name): target for name, target in older.items()})
    trees = book.pdf.Root.get("/Names")
    if isinstance(trees, Dictionary) and trees.get("/Dests") is not None:
        found.update({str(n): target for n, target in pikepdf.NameTree(trees["/Dests"]).items()})
    return found


def _fault(
    target: Object | None, pages: set[tuple[int, int]], names: dict[str, Object]
) -> str | None:
    """Why a destination is none; None when it leads to a page."""
    if isinstance(target, String | Name):
        if str(target) not in names:
            return f"leads to {str(target)!r}, which the file does not know"
        target = names[str(target)]
    if isinstance(target, Dictionary):
        target = target.get("/D")
    if not isinstance(target, Array) or not len(target):
        return "leads nowhere"
    page = target[0]
    if isinstance(page, Dictionary) and page.objgen in pages:
        return None
    return "leads to a page that is not in the file"
