"""Points 34 to 36 and 45: clean mark-up, spaces, characters; title page and colophon.

Point 37 (curly quotes, dashes, single spaces) is left out on purpose: the texts are those of
an archive and are printed letter for letter, so a straight quote in them is no fault.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element

from packager.check.epub import Document, EpubFile, chapters, place
from packager.check.package import dc, metas, values
from packager.check.vocabularies import OBSOLETE
from packager.check.xhtml import (
    HEADINGS,
    body_of,
    elements,
    every,
    h,
    is_noteref,
    is_own,
    letters,
    local,
    text_of,
    typed,
    types,
    within,
)
from packager.findings import Finding, Severity

BLOCKS = (h("p"), h("li"), h("dt"), h("dd"), h("td"), h("th"), *HEADINGS)
INDENTED = re.compile(r"\n[ \t]{2,}")

# What a text should not hold: (pattern, what it is, grave everywhere).
SUSPECT = (
    (
        re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]"),
        "a control character",
        True,
    ),
    (re.compile("\ufffd"), "a replacement character (U+FFFD), the trace of a lost letter", True),
    (re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]"), "a character of private use", False),
    (
        re.compile(
            "\u00e2\u20ac[\u2122\u0153\u009d\u02dc\u00a6\u201c\u201d]|\u00c3[\u0080-\u00bf]"
            "|\u00c2[\u00a0-\u00bf]|\u00ef\u00bb\u00bf"
        ),
        "letters read in the wrong encoding",
        False,
    ),
    (
        re.compile(
            r"</?(p|div|span|br|em|strong|a|b|i|h[1-6]|ul|ol|li|table|img)\b[^<>]*>"
            r"|&(#\d+|#x[0-9a-fA-F]+|nbsp|amp|lt|gt|quot|mdash|rsquo);"
        ),
        "mark-up printed as text",
        False,
    ),
    (
        re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\$\{\w+\}| object at 0x[0-9a-f]+>"),
        "words of a template",
        False,
    ),
)


def markup(book: EpubFile) -> Iterator[Finding]:
    """Point 34: no style attributes, old tags, empty paragraphs, stacked breaks (HTML §16.2)."""
    tell = partial(Finding, "epub-34-markup")
    for document in book.documents.values():
        for element in elements(document, *OBSOLETE):
            message = f"<{local(element)}> is no longer HTML"
            hint = "mark what it means, and style that"
            yield tell(Severity.ERROR, place(book, document.name, element), message, hint)
        styled = [e for e in every(document) if e.get("style") is not None]
        empty = [p for p in elements(document, "p") if not len(p) and not text_of(p)]
        stacked = [b for b in elements(document, "br") if _is_break_after_break(b)]
        for found, what, hint in (
            (styled, "style attributes", "move them into the style sheet"),
            (empty, "empty paragraphs", "make the space with margins"),
            (stacked, "line breaks one after the other", "make paragraphs, or space with margins"),
        ):
            if found:
                where = place(book, document.name, found[0])
                yield tell(Severity.NOTE, where, f"{len(found)} {what}", hint)


def _is_break_after_break(element: _Element) -> bool:
    before = element.getprevious()
    return before is not None and before.tag == h("br") and not (before.tail or "").strip()


def spacing(book: EpubFile) -> Iterator[Finding]:
    """Point 35: nothing indented inside paragraphs, no space before a note mark (house rule)."""
    tell = partial(Finding, "epub-35-spacing", Severity.NOTE)
    for document in chapters(book):
        indented = [b for b in _blocks(document) if _is_indented(b)]
        if indented:
            message = f"{len(indented)} paragraphs are indented inside, which adds spaces"
            where = place(book, document.name, indented[0])
            yield tell(where, message, "write a paragraph without line breaks of your own")
        spaced = [
            a for a in elements(document, "a") if is_noteref(a) and _text_before(a)[-1:].isspace()
        ]
        if spaced:
            message = f"{len(spaced)} note marks stand after a space"
            where = place(book, document.name, spaced[0])
            yield tell(where, message, "set the mark close to its word")


def _blocks(document: Document) -> Iterator[_Element]:
    return (e for e in every(document) if e.tag in BLOCKS and not within(e, "pre"))


def _is_indented(block: _Element) -> bool:
    inline = [c for c in block.iter("*") if c is not block]
    if any(c.tag in BLOCKS or c.tag in {h("ol"), h("ul"), h("div")} for c in inline):
        return False
    texts = [block.text, *(c.text for c in inline), *(c.tail for c in inline)]
    return any(INDENTED.search(text) for text in texts if text)


def _text_before(element: _Element) -> str:
    before = element.getprevious()
    parent = element.getparent()
    if before is not None:
        return before.tail or ""
    if parent is not None and parent.tag == h("sup") and not parent.text:
        return _text_before(parent)
    return (parent.text or "") if parent is not None else ""


def characters(book: EpubFile) -> Iterator[Finding]:
    """Point 36: NFC; nothing lost, private, mis-read or leaked (Unicode; W3C charmod-norm).

    In the texts of the archive, which are printed as they are, most of this is a note; on
    pages of our own words (title page, imprint, colophon) it is a warning.
    """
    tell = partial(Finding, "epub-36-characters")
    for document in book.documents.values():
        if document.root is None:
            continue
        ours = is_own(document)
        told: set[str] = set()
        for element, text in _texts(document):
            for pattern, what, grave in SUSPECT:
                if what not in told and pattern.search(text):
                    told.add(what)
                    severity = Severity.WARNING if grave or ours else Severity.NOTE
                    hint = "look at the source; mend our words, mark a gap in an archive's"
                    yield tell(severity, place(book, document.name, element), what, hint)
        if not unicodedata.is_normalized("NFC", document.text):
            message = "letters and their accents are kept apart (the text is not in form NFC)"
            hint = "normalise it: search and some fonts fail on such letters"
            yield tell(Severity.NOTE, place(book, document.name), message, hint)


def _texts(document: Document) -> Iterator[tuple[_Element, str]]:
    for element in every(document):
        if local(element) not in {"style", "script"} and element.text:
            yield element, element.text
        if element.tail:
            yield element, element.tail
        for name in ("alt", "title", "aria-label"):
            if element.get(name):
                yield element, element.get(name, "")


def title_and_colophon(book: EpubFile) -> Iterator[Finding]:
    """Point 45: a title page; a colophon or imprint with source and date (book practice)."""
    tell = partial(Finding, "epub-45-title-page", Severity.NOTE)
    at = place(book, book.package.name)
    pages = list(chapters(book))
    if not any(True for page in pages for _ in typed(page, "titlepage")):
        yield tell(at, "the book has no title page", "add one of type titlepage")
    imprints = [
        page
        for page in pages
        if any(True for _ in typed(page, "colophon", "imprint", "copyright-page"))
    ]
    if not imprints:
        message = "the book has no colophon, imprint or copyright page"
        yield tell(at, message, "add one that names source and date")
        return
    dates = values(dc(book, "date") + metas(book, "dcterms:modified"))
    if dates and not any(date[:4] in _words(imprints) for date in dates):
        message = "neither colophon nor imprint names the year of the book"
        yield tell(place(book, imprints[0].name), message, "print the date")
    # 'River Archive: 9 documents' is named by 'River Archive'
    sources = [value.rpartition(": ")[0] or value for value in values(dc(book, "source"))]
    around = letters(_words([page for page in pages if not _is_text(page)]))
    linked = any(a.get("href", "").startswith("http") for p in imprints for a in elements(p, "a"))
    if sources and not linked and not any(letters(source) in around for source in sources):
        message = "neither front nor back matter names the source of the texts"
        yield tell(place(book, imprints[0].name), message, "print it")


def _is_text(page: Document) -> bool:
    body = body_of(page)
    return body is not None and "bodymatter" in types(body)


def _words(pages: list[Document]) -> str:
    return " ".join(text_of(body) for page in pages if (body := body_of(page)) is not None)
