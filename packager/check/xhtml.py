"""The questions that the points ask of an XHTML tree: types, roles, texts, headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import _Element

from packager.check.epub import OPS, XHTML, XML, Document

HEADINGS = tuple(f"{{{XHTML}}}h{level}" for level in range(1, 7))
OWN_PAGES = frozenset({"titlepage", "halftitlepage", "imprint", "copyright-page", "colophon"})


def h(name: str) -> str:
    """The full name of an XHTML element.

    >>> h("p")
    '{http://www.w3.org/1999/xhtml}p'
    """
    return f"{{{XHTML}}}{name}"


def local(element: _Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def types(element: _Element) -> tuple[str, ...]:
    """The values of `epub:type`."""
    return tuple(element.get(f"{{{OPS}}}type", "").split())


def roles(element: _Element) -> tuple[str, ...]:
    """The values of `role`."""
    return tuple(element.get("role", "").split())


def language(element: _Element) -> str:
    """The language that the element itself states."""
    return element.get(f"{{{XML}}}lang") or element.get("lang") or ""


def text_of(element: _Element) -> str:
    """All text of the element, white space collapsed."""
    return " ".join("".join(map(str, element.itertext())).split())


def body_of(document: Document) -> _Element | None:
    """The body of a document that parses."""
    return document.root.find(h("body")) if document.root is not None else None


def elements(document: Document, *names: str) -> Iterator[_Element]:
    """The XHTML elements of these names, in document order."""
    if document.root is not None:
        yield from document.root.iter(*(h(name) for name in names))


def every(document: Document) -> Iterator[_Element]:
    """Every element of a document that parses, in document order."""
    if document.root is not None:
        yield from document.root.iter("*")


def typed(document: Document, *names: str) -> Iterator[_Element]:
    """The elements that carry one of these values in `epub:type`."""
    wanted = set(names)
    return (element for element in every(document) if wanted.intersection(types(element)))


def is_own(document: Document) -> bool:
    """True for pages that hold our words only: title page, imprint, colophon."""
    return any(True for _ in typed(document, *OWN_PAGES))


def is_noteref(element: _Element) -> bool:
    """True for the mark in the text that leads to a note."""
    return "noteref" in types(element) or "doc-noteref" in roles(element)


def heading_text(element: _Element) -> str:
    """A heading's text without the marks of its notes."""
    parts = [element.text or ""]
    for child in element.iter("*"):
        if child is element:
            continue
        inside = any(is_noteref(above) for above in (child, *child.iterancestors()))
        parts.append("" if inside else child.text or "")
        above_mark = any(is_noteref(above) for above in child.iterancestors())
        parts.append("" if above_mark else child.tail or "")
    return " ".join("".join(parts).split())


def is_hidden(element: _Element) -> bool:
    """True when the element or one above it is hidden."""
    return any(e.get("hidden") is not None for e in (element, *element.iterancestors()))


def letters(text: str) -> str:
    """Only the letters and digits, without case: for comparing labels with headings.

    >>> letters("1. “Let Us…” ") == letters("1 Let us")
    True
    """
    return re.sub(r"[\W_]+", "", text).casefold()


def within(element: _Element, *names: str) -> bool:
    """True when an XHTML element of one of these names stands above."""
    wanted = {h(name) for name in names}
    return any(above.tag in wanted for above in element.iterancestors())
