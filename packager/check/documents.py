"""Points 24 to 28: XHTML, titles, headings, epub:type and roles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element

from packager.check.epub import XML, Document, EpubFile, chapters, nav_document, place
from packager.check.vocabularies import DEPRECATED_ROLES, KNOWN_ROLES, LANDMARK_ROLES, ROLE_OF
from packager.check.xhtml import (
    HEADINGS,
    body_of,
    elements,
    every,
    h,
    is_hidden,
    local,
    roles,
    text_of,
    types,
)
from packager.findings import Finding, Severity

MATTER = frozenset({"frontmatter", "bodymatter", "backmatter", "cover"})


def xhtml(book: EpubFile) -> Iterator[Finding]:
    """Point 24: well-formed, HTML doctype, lang = xml:lang (EPUB 3.3 §3.9, §6.1.2; WCAG 3.1.1)."""
    tell = partial(Finding, "epub-24-xhtml")
    for document in book.documents.values():
        start = place(book, document.name, 1)
        if document.root is None:
            where = place(book, document.name, document.fault_line)
            message = f"not well-formed: {document.fault}"
            yield tell(Severity.ERROR, where, message, "mend the mark-up")
            continue
        yield from _declarations(document, start, tell)
        root = document.root
        where = place(book, document.name, root)
        bodies = list(root.iter(h("body")))
        if root.tag != h("html") or len(bodies) != 1:
            message = f"a document <{local(root)}> with {len(bodies)} bodies"
            yield tell(Severity.ERROR, where, message, "write one html with one body")
        plain, xml = root.get("lang"), root.get(f"{{{XML}}}lang")
        if plain and xml and plain.casefold() != xml.casefold():
            message = f"lang is {plain!r} and xml:lang {xml!r}"
            yield tell(Severity.ERROR, where, message, "write the same language in both")
        elif not plain or not xml:
            message = "the document does not state its language in both lang and xml:lang"
            yield tell(Severity.WARNING, where, message, "write both on html")


def _declarations(document: Document, start: str, tell: partial[Finding]) -> Iterator[Finding]:
    head = document.text[:2000]
    doctype = re.search(r"<!DOCTYPE\s+([^>\[]*)", head, re.IGNORECASE)
    if doctype is None:
        yield tell(Severity.WARNING, start, "there is no doctype", "write <!DOCTYPE html>")
    elif re.search("PUBLIC|SYSTEM", doctype[1]) and "about:legacy-compat" not in doctype[1]:
        message = "the doctype is that of an older HTML"
        yield tell(Severity.ERROR, start, message, "write <!DOCTYPE html>")
    if not re.match(r"\ufeff?<\?xml[^>]*encoding=", head):
        message = "no encoding is declared; Send to Kindle then takes it for ISO-8859-1"
        hint = 'begin with <?xml version="1.0" encoding="utf-8"?>'
        yield tell(Severity.WARNING, start, message, hint)


def titles(book: EpubFile) -> Iterator[Finding]:
    """Point 25: every document has a title of its own (HTML §4.2.2; WCAG 2.4.2)."""
    tell = partial(Finding, "epub-25-titles")
    seen: dict[str, str] = {}
    for document in book.documents.values():
        if document.root is None:
            continue
        title = document.root.find(f"{h('head')}/{h('title')}")
        where = place(book, document.name, title)
        text = text_of(title) if title is not None else ""
        if not text:
            message = "the document has no title"
            yield tell(Severity.ERROR, where, message, "write what it is into title")
            continue
        first = seen.setdefault(text, document.name)
        if first != document.name:
            message = f"has the same title as {first}: {text!r}"
            yield tell(Severity.NOTE, where, message, "add the date or the number to the title")


def headings(book: EpubFile) -> Iterator[Finding]:
    """Point 26: the first is h1 or h2, one h1, no jump (WCAG 1.3.1, technique H42)."""
    tell = partial(Finding, "epub-26-headings", Severity.WARNING)
    for document in chapters(book):
        last = 0
        firsts = 0
        for heading in every(document):
            if heading.tag not in HEADINGS or is_hidden(heading):
                continue
            level = int(local(heading)[1])
            where = place(book, document.name, heading)
            firsts += level == 1
            if not last and level > 2:
                message = f"the first heading is an h{level}"
                yield tell(where, message, "begin a document with h1 or h2")
            elif last and level > last + 1:
                message = f"an h{level} follows an h{last}"
                yield tell(where, message, f"write h{last + 1}, and size by style")
            if level == 1 and firsts == 2:
                yield tell(where, "a second h1", "one h1 a document; h2 below it")
            last = level


def matter(book: EpubFile) -> Iterator[Finding]:
    """Point 27: matter on body, a typed section, the same role (EPUB 3.3 §C.2; DPUB-ARIA 1.1)."""
    tell = partial(Finding, "epub-27-matter")
    nav = nav_document(book)
    for document in chapters(book):
        body = body_of(document)
        if body is None:
            continue
        where = place(book, document.name, body)
        if not MATTER.intersection(types(body)):
            message = "the body does not say whether it is front, body or back matter"
            hint = 'add epub:type="frontmatter", "bodymatter" or "backmatter"'
            yield tell(Severity.NOTE, where, message, hint)
        sections = elements(document, "section", "article", "aside", "nav")
        specific = set(types(body)) - MATTER
        if document is not nav and not specific and not any(types(s) for s in sections):
            message = "no section says what the document is"
            yield tell(
                Severity.NOTE, where, message, "wrap it in a section with epub:type and role"
            )
    for document in book.documents.values():
        for element in every(document):
            yield from _role_agrees(book, document, element, tell)


def _role_agrees(
    book: EpubFile, document: Document, element: _Element, tell: partial[Finding]
) -> Iterator[Finding]:
    kinds = types(element)
    if not kinds or element.tag in {h("body"), h("li")}:
        return
    if any("landmarks" in types(above) for above in element.iterancestors(h("nav"))):
        return
    for kind in kinds:
        role = ROLE_OF.get(kind)
        if role is not None and role not in roles(element):
            message = f"epub:type {kind!r} without its role"
            where = place(book, document.name, element)
            yield tell(Severity.WARNING, where, message, f'add role="{role}"')


def aria(book: EpubFile) -> Iterator[Finding]:
    """Point 28: no deprecated role, none on body or li, sections named (DPUB-ARIA 1.1 §3)."""
    tell = partial(Finding, "epub-28-roles")
    for document in book.documents.values():
        for element in every(document):
            for role in roles(element):
                told = _fault_of(document, element, role)
                if told is not None:
                    yield tell(told[0], place(book, document.name, element), told[1], told[2])


def _fault_of(document: Document, element: _Element, role: str) -> tuple[Severity, str, str] | None:
    if role in DEPRECATED_ROLES:
        hint = "leave it out: the list around it says enough"
        return Severity.WARNING, f"the role {role} is deprecated", hint
    if role.startswith("doc-") and role not in KNOWN_ROLES:
        return Severity.ERROR, f"there is no role {role}", "take one from DPUB-ARIA 1.1"
    if element.tag == h("body"):
        message = f"the role {role} stands on body, where none is allowed"
        return Severity.ERROR, message, "put it on a section inside"
    if element.tag == h("li") and role.startswith("doc-"):
        message = f"the role {role} on li breaks the list for listeners"
        return Severity.WARNING, message, "put it on an element inside the li"
    if role in LANDMARK_ROLES and not _is_named(document, element):
        message = f"the section of role {role} has no name"
        return Severity.WARNING, message, "add a heading, and aria-labelledby with its id"
    return None


def _is_named(document: Document, element: _Element) -> bool:
    if (element.get("aria-label") or "").strip():
        return True
    labelled = (element.get("aria-labelledby") or "").split()
    if labelled:
        return all(identity in document.ids for identity in labelled)
    return next(element.iter(*HEADINGS), None) is not None
