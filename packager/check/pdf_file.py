"""The value that the PDF points read: the open file, what it claims, its pages."""

from __future__ import annotations

from dataclasses import dataclass

import pikepdf

from packager.findings import Severity

# What pikepdf raises when an object is not of the kind that the standard says it is.
FAULTS = (
    pikepdf.PdfError,
    pikepdf.DataDecodingError,
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a file says that it is: PDF/UA part, PDF/A part and level ('3a'), PDF/X version, uses
    of well-tagged PDF (WTPDF 1.0: 'accessibility', 'reuse')."""

    ua: str = ""
    archive: str = ""
    press: str = ""
    tagged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PdfFile:
    """An open PDF; `place` is the file as the user named it."""

    place: str
    pdf: pikepdf.Pdf
    claims: Claims
    pages: tuple[pikepdf.Page, ...]


def grave(book: PdfFile) -> Severity:
    """Error for what breaks a claim to be accessible (PDF/UA, PDF/A level a), else warning."""
    claimed = book.claims.ua or book.claims.archive.endswith("a")
    return Severity.ERROR if claimed else Severity.WARNING


def page_place(book: PdfFile, number: int) -> str:
    """The place of a finding on a page, counted from 1."""
    return f"{book.place}:page {number}"


def inherited(page: pikepdf.Page, key: str) -> pikepdf.Object | None:
    """A page attribute, its own or that of a node above (PDF 7.7.3.4)."""
    node: pikepdf.Object | None = page.obj
    for _ in range(64):
        if not isinstance(node, pikepdf.Dictionary):
            return None
        if key in node:
            return node[key]
        node = node.get("/Parent")
    return None
