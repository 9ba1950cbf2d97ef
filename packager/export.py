"""Data out of a book: book.toml -> pages read -> book assembled -> the bytes of one form.

Nothing is laid out, so this takes seconds where an edition takes minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from packager.book import Book
from packager.build import assembled
from packager.cache import write_beside
from packager.collection import Collection, load_collection
from packager.editions.data import FORMS
from packager.errors import EditionError
from packager.findings import Report


def export(
    book: Book | Collection | Path | str,
    form: str,
    *,
    report: Report | None = None,
    step: Callable[[str], None] = lambda _: None,
) -> bytes:
    """The bytes of a book in one of the forms of `FORMS`: csl, bibtex, ris, jsonld ...

    A `Collection`, or the path of a book.toml, is read and assembled first; findings go to
    `report`, progress to `step`. Raises `EditionError` for an unknown form, and the errors of
    `collection`.

    >>> export("examples/harbour-lights", "csl")[:20]  # doctest: +SKIP
    b'[\\n  {\\n    "id": "201'
    """
    write, _ = _form(form)
    if not isinstance(book, Book):
        collection = book if isinstance(book, Collection) else load_collection(book)
        book = assembled(collection, report if report is not None else Report(), step)
    step(f"writing {form}")
    return write(book)


def export_file(
    path: Path | str,
    form: str,
    *,
    out: Path | None = None,
    report: Report | None = None,
    step: Callable[[str], None] = lambda _: None,
) -> Path:
    """Write a book in one form to `out` and give its path, whole or not at all.

    The default is NAME.csl.json (or the form's own ending) in `out` beside book.toml, NAME
    that of its folder. Raises the errors of `export`, and `EditionError` where the file cannot be
    written.
    """
    _, suffix = _form(form)
    collection = load_collection(path)
    out = out or collection.folder / "out" / f"{collection.folder.name}{suffix}"
    data = export(collection, form, report=report, step=step)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_beside(out, data)
    except OSError as error:
        raise EditionError(f"{out}: cannot be written: {error.strerror or error}") from error
    return out


def _form(name: str) -> tuple[Callable[[Book], bytes], str]:
    if name not in FORMS:
        raise EditionError(f"unknown form '{name}'. Known: {', '.join(FORMS)}")
    return FORMS[name]
