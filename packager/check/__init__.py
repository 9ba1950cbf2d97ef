"""Checks a written book with every validator that knows its kind.

    kind    validators, in this order
    epub    points (44 of our own), epubcheck (EPUBCheck, needs Java), ace (when installed)
    pdf     pdf (structure, metadata, fonts, links), prepress (print files: inks, boxes,
            intent), vera (veraPDF, when installed)

A damaged file gives findings. Only a path that is not there, cannot be opened or is of no
known kind raises `InputError`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from packager.check import ace, epubcheck, pdf, points, prepress, stores, vera
from packager.check.epub import EpubFile, open_epub
from packager.check.twin import compare
from packager.errors import InputError
from packager.findings import Finding, Report

VALIDATORS: dict[str, tuple[Callable[[Path], Iterator[Finding]], ...]] = {
    "epub": (points.validate, epubcheck.validate, ace.validate),
    "pdf": (pdf.validate, prepress.validate, vera.validate),
}


def check(path: Path | str, *, twin: Path | str | None = None, shops: Sequence[str] = ()) -> Report:
    """Run all validators for the book behind `path`; findings come in a stable order.

    An EPUB can be compared with a second build of it, `twin`, and asked about the rules of
    `shops`, names of `stores.STORES`. Raises `InputError` for a path that is not there, is a
    folder, cannot be opened, or holds neither an EPUB nor a PDF, and for an unknown shop.

    >>> check("book.epub", shops=["kobo"]).silent  # doctest: +SKIP
    True
    """
    path = Path(path)
    for shop in shops:
        if shop not in stores.STORES:
            raise InputError(f"unknown store '{shop}'", hint=f"known: {', '.join(stores.STORES)}")
    kind = _kind(path)
    if kind != "epub" and (twin or shops):
        raise InputError(f"{path}: --twin and --store are for EPUBs", hint="name an EPUB")
    report = Report(pages=1)
    for validate in VALIDATORS[kind]:
        report.findings.extend(validate(path))
    if shops and isinstance(book := open_epub(path), EpubFile):
        for shop in shops:
            report.findings.extend(stores.STORES[shop](book))
    if twin:
        _kind(Path(twin))
        report.findings.extend(compare(path, Path(twin)))
    return report


def _kind(path: Path) -> str:
    """By suffix; without a known suffix, by the first bytes."""
    try:
        with path.open("rb") as file:
            head = file.read(1024)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file", hint="check the path") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder", hint="name one .epub or .pdf file") from None
    except OSError as fault:
        raise InputError(f"{path}: cannot be opened: {fault.strerror}") from None
    suffix = path.suffix.casefold().lstrip(".")
    if suffix in VALIDATORS:
        return suffix
    if head.startswith(b"PK\x03\x04"):
        return "epub"
    if b"%PDF-" in head:
        return "pdf"
    known = ", ".join(sorted(VALIDATORS))
    raise InputError(f"{path}: neither an EPUB nor a PDF", hint=f"known kinds: {known}")
