"""Tags of our own: the structure tree that a listener gets, in place of WeasyPrint's.

    kinds    HTML element -> structure type
    marks    marked content: which mark belongs to which box; marks made artifacts
    glyphs   glyphs and the text that they stand for
    element  an element of the structure, and the tree while it grows
    content  what elements hold: runs of text, pictures, links
    tree     laid out boxes -> elements, one for each HTML element, whole across pages
    written  elements -> structure tree, parent tree and identifiers of the PDF

The tree knows one document, which may be a part of a book, and nothing of the whole file:
that is `finish`. It is of PDF 1.7; `finish` raises it to PDF 2.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import weasyprint
import weasyprint.pdf

from packager.editions.tags.marks import PageMarks
from packager.editions.tags.tree import grow
from packager.editions.tags.written import write
from packager.errors import EditionError

WEASYPRINT = "70."
"""The versions whose internals we know: `add_tags`, `Stream._tags`, `Stream.stream`, boxes."""


@contextmanager
def tagged() -> Iterator[None]:
    """Within it, `write_pdf(pdf_tags=True)` writes our structure tree.

    Raises `EditionError` for a WeasyPrint whose internals we do not know.

    >>> with tagged():
    ...     pdf = weasyprint.HTML(string="<html lang=en><p>Good evening.").write_pdf(pdf_tags=True)
    >>> b"/StructTreeRoot" in pdf or pdf.startswith(b"%PDF")
    True
    """
    if not weasyprint.__version__.startswith(WEASYPRINT):
        raise EditionError(
            f"WeasyPrint {weasyprint.__version__} is installed; tags need {WEASYPRINT}x",
            hint="pip install 'weasyprint==70.0'",
        )
    before = weasyprint.pdf.add_tags
    weasyprint.pdf.add_tags = _add_tags
    try:
        yield
    finally:
        weasyprint.pdf.add_tags = before


def _add_tags(pdf: Any, document: Any, pdf_version: Any, page_streams: Sequence[Any]) -> None:
    """WeasyPrint calls this once, when all pages are drawn and nothing is written yet."""
    marks = [PageMarks.of(stream, pdf.objects) for stream in page_streams]
    letters = {font.hash: font.to_unicode for font in document.fonts.values()}
    root = grow([page._page_box for page in document.pages], marks, letters)
    write(pdf, root, marks)
