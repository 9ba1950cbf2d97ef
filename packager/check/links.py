"""Points 29 to 32: notes, links, nothing active, ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

from lxml.etree import _Element

from packager.check.css import sheets
from packager.check.epub import XLINK, Document, EpubFile, chapters, is_id, place, resolve
from packager.check.vocabularies import ACTIVE, VOID
from packager.check.xhtml import elements, every, h, is_noteref, local, roles, text_of, types
from packager.findings import Finding, Severity

# Kobo opens a note as a pop-up only up to this length.
MAX_NOTE = 5000
# What HTML 5 calls scripts; other values of type make a script element a block of data.
SCRIPT_TYPES = frozenset({"", "module", "text/javascript", "application/javascript"})
LOADING = {"img": "src", "link": "href", "source": "src", "audio": "src", "video": "src"}
SHORT_FORM = re.compile(r"""<([A-Za-z][\w.-]*)(?:\s(?:[^<>"']|"[^"<]*"|'[^'<]*')*?)?/>""")
FOREIGN = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<(svg|math)\b.*?</\1>", re.DOTALL)
NOT_IN_URLS = re.compile(r"[\s<>\"{}|\\^`\x00-\x1f\x7f]")


def notes(book: EpubFile) -> Iterator[Finding]:
    """Point 29: notes linked both ways, marks plain, numbers run (DPUB-ARIA 1.1; Apple, Kobo)."""
    tell = partial(Finding, "epub-29-notes")
    called: dict[tuple[str, str], list[tuple[Document, _Element]]] = {}
    last = 0
    for document in chapters(book):
        for mark in elements(document, "a"):
            if not is_noteref(mark):
                continue
            where = place(book, document.name, mark)
            if len(mark):
                message = "the mark of the note holds elements; Apple then shows no pop-up"
                yield tell(
                    Severity.WARNING, where, message, "only the number in the link, raised by CSS"
                )
            text = text_of(mark).strip("[]()")
            if text.isdecimal():
                if int(text) not in {1, last, last + 1}:
                    message = f"note {text} follows note {last}"
                    yield tell(
                        Severity.NOTE, where, message, "number notes as they stand in the text"
                    )
                last = int(text)
            target = resolve(document.name, mark.get("href", ""))
            if target is not None and target[1]:
                called.setdefault(target, []).append((document, mark))
            else:
                message = "the mark does not lead to one note"
                yield tell(Severity.ERROR, where, message, "link to the id of the note")
    yield from _ways_back(book, called, tell)
    yield from _backlinks(book, tell)


def _ways_back(
    book: EpubFile,
    called: dict[tuple[str, str], list[tuple[Document, _Element]]],
    tell: partial[Finding],
) -> Iterator[Finding]:
    for (name, fragment), marks in called.items():
        document = book.documents.get(name)
        found = document.ids.get(fragment) if document is not None else None
        if document is None or found is None:
            continue  # a dead link is told by point 30
        note = found[1]
        where = place(book, name, note)
        scope = note.getparent() if note.tag == h("a") else note
        lines = scope.iter(h("a")) if scope is not None else ()
        back = {resolve(name, link.get("href", "")) for link in lines}
        homes = {
            (caller.name, element.get("id", ""))
            for caller, mark in marks
            for element in (mark, *_raising(mark))
        }
        if not back & {home for home in homes if home[1]}:
            message = "no link leads from the note back to its mark"
            hint = "end the note with a link of role doc-backlink to the id of the mark"
            yield tell(Severity.WARNING, where, message, hint)
        if len(text_of(note)) > MAX_NOTE:
            message = f"the note has {len(text_of(note)):,} characters; Kobo shows {MAX_NOTE:,}"
            yield tell(Severity.NOTE, where, message, "shorten it, or make it an appendix")


def _backlinks(book: EpubFile, tell: partial[Finding]) -> Iterator[Finding]:
    for document in chapters(book):
        for link in elements(document, "a"):
            if "doc-backlink" not in roles(link) and "backlink" not in types(link):
                continue
            target = resolve(document.name, link.get("href", ""))
            home = book.documents.get(target[0]) if target is not None else None
            found = home.ids.get(target[1]) if home is not None and target is not None else None
            if found is not None and not _is_mark(found[1]):
                message = "the way back leads to something that is no mark of a note"
                where = place(book, document.name, link)
                yield tell(Severity.WARNING, where, message, "link to the id of the mark")


def _raising(mark: _Element) -> list[_Element]:
    """The sup or span that only holds the mark of a note."""
    parent = mark.getparent()
    return [parent] if parent is not None and parent.tag in {h("sup"), h("span")} else []


def _is_mark(element: _Element) -> bool:
    return any(
        is_noteref(e) and (e is element or element in _raising(e)) for e in element.iter("*")
    )


def links(book: EpubFile) -> Iterator[Finding]:
    """Point 30: inner links live, outer ones http, https or mailto (EPUB 3.3 §3.1.2, §3.8)."""
    tell = partial(Finding, "epub-30-links")
    members = {entry.filename for entry in book.entries}
    for document in book.documents.values():
        for element in every(document):
            for href in _references(element):
                told = _fault_of(book, members, document, element, href)
                if told is not None:
                    yield tell(told[0], place(book, document.name, element), told[1], told[2])


def _references(element: _Element) -> Iterator[str]:
    name = local(element)
    if name in {"a", "area"} and element.get("href") is not None:
        yield element.get("href", "")
    elif name in LOADING and element.get(LOADING[name]):
        yield element.get(LOADING[name], "")
    if element.get(f"{{{XLINK}}}href"):
        yield element.get(f"{{{XLINK}}}href", "")


def _fault_of(
    book: EpubFile, members: set[str], document: Document, element: _Element, href: str
) -> tuple[Severity, str, str] | None:
    link = local(element) in {"a", "area"}
    try:
        scheme = urlsplit(href.strip()).scheme.casefold()
    except ValueError:
        return Severity.ERROR, f"{href!r} is no URL", "mend or drop it"
    if scheme != "data" and NOT_IN_URLS.search(href.strip()):
        return Severity.ERROR, f"{href!r} holds characters that no URL may", "escape them with %"
    target = resolve(document.name, href)
    if target is None:
        if not link or scheme in {"http", "https", "mailto"}:
            return None  # what is loaded from elsewhere is told by point 31
        grave = Severity.ERROR if scheme in {"file", "javascript", "data", ""} else Severity.WARNING
        return grave, f"a link of scheme {scheme!r}", "link to http, https or mailto only"
    name, fragment = target
    if name not in members:
        return Severity.ERROR, f"leads nowhere: {href!r}", "link to a file of the book"
    other = book.documents.get(name)
    if other is None or not link:
        return None
    if name not in book.order:
        return Severity.ERROR, f"leads out of the reading order: {href!r}", "put it into the spine"
    if not is_id(fragment) or other.root is None:
        return None
    found = other.ids.get(fragment)
    if found is None:
        return Severity.ERROR, f"no element has the id in {href!r}", "link to an id of that file"
    if found[1].tag == h("body"):
        message = f"{href!r} leads to a body, which some readers cannot find"
        return Severity.WARNING, message, "link to the file alone, or to the section"
    return None


def active(book: EpubFile) -> Iterator[Finding]:
    """Point 31: nothing remote, no script, form or frame (EPUB 3.3 §3.6; Kindle, Google)."""
    tell = partial(Finding, "epub-31-active")
    for document in book.documents.values():
        for element in every(document):
            for told in _activity(element):
                yield tell(told[0], place(book, document.name, element), told[1], told[2])
    for item in book.items:
        if not item.name and item.href:
            message = f"the manifest lists {item.href!r} from outside of the book"
            where = place(book, book.package.name, item.line)
            yield tell(Severity.WARNING, where, message, "put the file into the book")
    for name, sheet in sheets(book):
        for url, line in sheet.urls:
            if re.match(r"(https?:)?//", url.strip(), re.IGNORECASE):
                faces = [r for r in sheet.rules if r.selector == "@font-face" and url in r.urls]
                grave = Severity.WARNING if faces else Severity.ERROR
                message = f"the style sheet loads {url!r} from outside of the book"
                yield tell(grave, place(book, name, line), message, "put the file into the book")


def _activity(element: _Element) -> Iterator[tuple[Severity, str, str]]:
    name = local(element)
    data = name == "script" and element.get("type", "").casefold() not in SCRIPT_TYPES
    if name in ACTIVE and not data:
        message = f"<{name}> does nothing, or is refused, in most shops"
        yield Severity.WARNING, message, "leave it out"
    for attribute in map(str, element.attrib):
        if re.fullmatch("on[a-z]+", attribute):
            yield Severity.WARNING, f"the attribute {attribute} runs a script", "leave it out"
    remote = next((r for r in _references(element) if _is_remote(element, r)), None)
    if remote is not None:
        grave = Severity.WARNING if name in {"audio", "video", "source"} else Severity.ERROR
        yield grave, f"loads {remote!r} from outside of the book", "put the file into the book"


def _is_remote(element: _Element, href: str) -> bool:
    if local(element) in {"a", "area"}:
        return False
    if element.tag == h("link") and "stylesheet" not in element.get("rel", ""):
        return False
    return re.match(r"(https?:|ftp:|file:)?//", href.strip(), re.IGNORECASE) is not None


def ids(book: EpubFile) -> Iterator[Finding]:
    """Point 32: ids unique, no short form of non-void elements (EPUB 3.3 §6.1.2; HTML §13.1.2)."""
    tell = partial(Finding, "epub-32-ids")
    for document in book.documents.values():
        if document.root is None:
            continue
        for element in every(document):
            identity = element.get("id")
            if identity is not None and document.ids[identity][1] is not element:
                message = f"the id {identity!r} is given twice"
                where = place(book, document.name, element)
                yield tell(Severity.ERROR, where, message, "give each element its own id")
        text = FOREIGN.sub(lambda found: "\n" * found[0].count("\n"), document.text)
        short = [f for f in SHORT_FORM.finditer(text) if f[1].casefold() not in VOID]
        if short:
            message = f"{len(short)} elements in the short form, the first <{short[0][1]}/>"
            line = text.count("\n", 0, short[0].start()) + 1
            hint = f"write <{short[0][1]}></{short[0][1]}>: some readers parse the file as HTML"
            yield tell(Severity.WARNING, place(book, document.name, line), message, hint)
