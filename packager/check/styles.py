"""Points 39 to 41: style sheets that leave the reader's settings alone and that all can read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from packager.check.css import sheets
from packager.check.epub import EpubFile, chapters, place, resolve
from packager.check.xhtml import elements
from packager.findings import Finding, Severity

NEUTRAL = frozenset(
    [
        "inherit",
        "initial",
        "unset",
        "revert",
        "none",
        "transparent",
        "currentcolor",
        "canvas",
        "canvastext",
        "linktext",
    ]
)
ABSOLUTE = re.compile(r"(?<![\w.#-])-?(\d+\.?\d*|\.\d+)(px|pt|pc|cm|mm|in|q)\b")


def colours(book: EpubFile) -> Iterator[Finding]:
    """Point 39: no colour on text without an answer for the dark (Apple, Kobo, Kindle)."""
    tell = partial(Finding, "epub-39-colours", Severity.WARNING)
    for name, sheet in sheets(book):
        if any("prefers-color-scheme: dark" in rule.media for rule in sheet.rules):
            continue
        for rule in sheet.rules:
            if "print" in rule.media:
                continue
            for declared in rule.declarations:
                colours = set(declared.value.split()) - NEUTRAL
                if declared.name in {"color", "background-color", "background"} and colours:
                    message = f"{rule.selector!r} sets {declared.name}, also at night"
                    hint = "drop it, or answer it in @media (prefers-color-scheme: dark)"
                    yield tell(place(book, name, declared.line), message, hint)


def units(book: EpubFile) -> Iterator[Finding]:
    """Point 40: no fixed sizes, forced fonts or fixed boxes (Kobo, Kindle)."""
    tell = partial(Finding, "epub-40-units", Severity.WARNING)
    for name, sheet in sheets(book):
        for rule in sheet.rules:
            if rule.selector.startswith("@") or "print" in rule.media:
                continue
            for declared in rule.declarations:
                where = place(book, name, declared.line)
                sized = declared.name in {"font-size", "line-height", "font"}
                if sized and ABSOLUTE.search(declared.value):
                    message = f"{rule.selector!r} fixes {declared.name} at {declared.value}"
                    hint = "size in em, line height without unit: readers set their own"
                    yield tell(where, message, hint)
                if declared.important and declared.name in {"font-family", "font-size", "font"}:
                    message = f"{rule.selector!r} forces {declared.name} on the reader"
                    yield tell(where, message, "drop !important")
                if declared.name == "position" and declared.value == "fixed":
                    message = f"{rule.selector!r} fixes a box on the screen"
                    yield tell(where, message, "let it flow with the text")


def plain(book: EpubFile) -> Iterator[Finding]:
    """Point 41: plain, balanced CSS in every document (EPUB 3.3 §6.3.1.2; strict converters)."""
    tell = partial(Finding, "epub-41-plain-css")
    for name, sheet in sheets(book):
        for problem, line, grave in sheet.problems:
            where = place(book, name, line)
            if grave:
                message = f"the style sheet is broken: {problem}"
                yield tell(Severity.ERROR, where, message, "mend it: what follows may be dropped")
            else:
                message = f"{problem} stops strict converters"
                yield tell(
                    Severity.WARNING, where, message, "write it with plain selectors and values"
                )
    for document in chapters(book):
        styled = any(True for _ in elements(document, "style"))
        for link in elements(document, "link"):
            target = resolve(document.name, link.get("href", ""))
            styled |= target is not None and target[0] in book.styles
        if not styled:
            message = "the document has no style sheet"
            yield tell(
                Severity.WARNING, place(book, document.name), message, "link one in its head"
            )
