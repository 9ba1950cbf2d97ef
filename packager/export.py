"""Data out of a book: book.toml -> pages read -> book assembled -> the bytes of one form.

Nothing is laid out, so this takes seconds where an edition takes minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from packager.beside import write_beside
from packager.book import Book
from packager.book_toml import load_collection
from packager.build import assembled, volume_name
from packager.collection import Collection
from packager.editions import SUFFIXES
from packager.editions.data import FEEDS, FORMS, WHOLE
from packager.editions.data.catalogued import FORMATS
from packager.editions.data.opds import File
from packager.errors import EditionError
from packager.findings import Report
from packager.volumes import in_volumes


def export(
    book: Book | Collection | Path | str,
    form: str,
    *,
    folder: Path | None = None,
    report: Report | None = None,
    step: Callable[[str], None] = lambda _: None,
    workers: int = 1,
) -> bytes:
    """The bytes of a book in one of the forms of `FORMS`: csl, bibtex, ris, jsonld ...

    A `Collection`, or the path of a book.toml, is read by `workers` processes and assembled first;
    findings go to `report`, progress to `step`. Of a collection in volumes each is described. A
    form of `FEEDS` needs a collection, and lists the editions that lie in `folder` (default: `out`
    beside book.toml). Raises `EditionError` for an unknown form, for a
    feed of nothing, and the errors of `collection`.

    >>> export("examples/harbour-lights", "csl")[:20]  # doctest: +SKIP
    b'[\\n  {\\n    "id": "201'
    """
    suffix = _suffix(form)
    collection = None
    if not isinstance(book, Book):
        collection = book if isinstance(book, Collection) else load_collection(book)
        report = report if report is not None else Report()
        book = assembled(collection, report, step, workers=workers)
    step(f"writing {form}")
    volumes = in_volumes(book, collection.division) if collection else (book,)
    if form in FORMS:
        return FORMS[form][0](*((book,) if form in WHOLE else volumes))
    if collection is None:
        raise EditionError("a feed lists files", hint="export a book.toml, not a Book")
    stem = folder / collection.folder.name if folder else _stem(collection)
    return FEEDS[form][0](book, _built(stem, volumes), f"{stem.name}{suffix}")


def _stem(collection: Collection) -> Path:
    return collection.folder / "out" / collection.folder.name


def _built(stem: Path, volumes: Sequence[Book]) -> list[tuple[Book, list[File]]]:
    """The volumes of which editions for reading lie there, with these."""
    found = []
    for volume in volumes:
        beside = stem.with_name(volume_name(stem.name, volume.meta.volume))
        files = [
            File(path.name, kind, path.stat().st_size, title)
            for name, (title, kind) in FORMATS.items()
            if kind and (path := beside.with_name(beside.name + SUFFIXES[name])).is_file()
        ]
        if files:
            found.append((volume, files))
    if not found:
        raise EditionError(
            f"{stem.parent}: no edition is built there", hint="run 'packager build' first"
        )
    return found


def export_file(
    path: Path | str,
    form: str,
    *,
    out: Path | None = None,
    report: Report | None = None,
    step: Callable[[str], None] = lambda _: None,
    workers: int = 1,
) -> Path:
    """Write a book in one form to `out` and give its path, whole or not at all.

    The default is NAME.csl.json (or the form's own ending) in `out` beside book.toml, NAME
    that of its folder. Raises the errors of `export`, and `EditionError` where the file cannot be
    written.
    """
    suffix = _suffix(form)
    collection = load_collection(path)
    stem = _stem(collection)
    out = out or stem.with_name(stem.name + suffix)
    data = export(collection, form, folder=out.parent, report=report, step=step, workers=workers)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_beside(out, data)
    except OSError as error:
        raise EditionError(f"{out}: cannot be written: {error.strerror or error}") from error
    return out


def _suffix(form: str) -> str:
    known = {**FORMS, **FEEDS}
    if form not in known:
        raise EditionError(f"unknown form '{form}'. Known: {', '.join(known)}")
    return known[form][1]
