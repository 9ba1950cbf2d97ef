"""The conductor: book.toml -> pages read -> book assembled -> editions written and read back.

A file appears under its name only when it is whole and the ledger found every word in it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import mimetypes
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

from packager.beside import unfinished
from packager.book import Book
from packager.book_toml import load_collection
from packager.collection import Collection
from packager.editions import EDITIONS, LEANS_ON, SUFFIXES, maker
from packager.editions.order import Attachment, Made, Order, told_moment, writing
from packager.errors import CollectionError, EditionError, FidelityError
from packager.filters import shown_file
from packager.findings import Report
from packager.fonts import prepare_fonts
from packager.ledger import LedgerEntry, epub_ledger, pdf_ledger
from packager.library import open_library
from packager.library import speeches as library_speeches
from packager.pdftext import read_pdf
from packager.pictures import bytes_of
from packager.preset import Preset
from packager.readers.source import PAGE_LIMIT
from packager.reading import pages as pages_of
from packager.reading import read
from packager.setting import PageMap
from packager.speech import Speech
from packager.style import Style, load_style
from packager.texts import texts_of
from packager.volumes import in_volumes

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """One edition as it was written: what the file is, read back, not what was asked for.

    `pages` is None for an EPUB; `size` in bytes; `seconds` of wall time; `ledger` has one entry
    a document; `work` says what of a PDF was set anew, and why.
    """

    edition: str
    path: Path
    pages: int | None
    words: int
    size: int
    seconds: float
    sha256: str
    ledger: tuple[LedgerEntry, ...]
    work: str = ""

    def to_json(self) -> dict[str, object]:
        """The result as plain values, for `packager build --json`."""
        return {
            "edition": self.edition,
            "path": str(self.path),
            "pages": self.pages,
            "words": self.words,
            "size": self.size,
            "seconds": round(self.seconds, 2),
            "sha256": self.sha256,
            "work": self.work,
            "ledger": [
                {
                    "document": entry.document,
                    "words": entry.words,
                    "found": entry.found,
                    "equal": entry.equal,
                }
                for entry in self.ledger
            ],
        }


def build(
    collection: Collection | Path | str,
    *,
    editions: Sequence[str] | None = None,
    out: Path | None = None,
    report: Report | None = None,
    step: Step = lambda _: None,
    workers: int = 1,
    executor: Executor | None = None,
    environ: Mapping[str, str] = os.environ,
    clock: Callable[[], float] = time.time,
) -> list[Built]:
    """Build the editions of a collection into `out` (default: `out` beside book.toml).

    `editions` are names out of `EDITIONS`, by default those that book.toml names. Findings go
    to `report`, progress to `step`; `workers` is how many processes read pages. With `executor`
    its workers read pages and set galleys, here or on other machines; the bytes are the same. The
    moment that the files state comes from SOURCE_DATE_EPOCH in `environ`, else from the book
    (`edition_moment`). Raises the errors of `collection`, `style` and `editions`;
    `FidelityError` when a written edition lacks a word, and then leaves no file of it. A book in
    volumes gives the editions of the first, then those of the second, and so on.

    >>> [made.path.name for made in build("examples/harbour-lights/book.toml")]  # doctest: +SKIP
    ['harbour-lights.epub', 'harbour-lights-screen.pdf']
    """
    if not isinstance(collection, Collection):
        collection = load_collection(collection)
    report = report if report is not None else Report()
    names = _wanted(editions or collection.editions)
    book = assembled(collection, report, step, workers=workers, executor=executor)
    volumes = in_volumes(book, collection.division)
    style = load_style(
        collection.style,
        book_folder=collection.folder,
        ground=collection.ground,
        ink=collection.ink,
    )
    style = _fitted(style, collection.press.preset, report)
    step("preparing the fonts")
    fonts = prepare_fonts(style, texts_of(book), report, languages=book.languages)
    when = edition_moment(book, report, environ=environ, clock=clock)
    folder = _folder(out or collection.folder / "out")
    made: list[Built] = []
    pages: dict[int, PageMap] = {}
    for volume in volumes:
        order = Order(
            volume,
            style,
            fonts,
            when,
            step,
            sources=partial(_sources, volume, collection, report),
            press=collection.press,
            executor=executor,
            earlier=dict(pages),
        )
        stem = folder / volume_name(collection.folder.name, volume.meta.volume)
        built, pages[volume.meta.volume] = _editions(names, order, stem, collection.page_list)
        made += built
    return made


def volume_name(name: str, volume: int) -> str:
    """What the files of a volume are called, those of a book in one by the book's name.

    >>> volume_name("harbour-lights", 2)
    'harbour-lights-vol-2'
    """
    return f"{name}-vol-{volume}" if volume else name


def _folder(path: Path) -> Path:
    """The folder, made where it is not there."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EditionError(f"{path}: the folder cannot be made: {error.strerror}") from error
    return path


def _fitted(style: Style, preset: Preset, report: Report) -> Style:
    """The style at the printer's trim; the screen edition has the same pages."""
    page = style.geometry
    if preset.trim is None or preset.trim == (page.width, page.height):
        return style
    report.note(
        "print-trim",
        "book.toml",
        f"the pages are {preset.trim[0]:g} x {preset.trim[1]:g} mm, the trim of the preset "
        f"'{preset.name}', not the {page.width:g} x {page.height:g} mm of the style",
        "for another trim write a preset of your own that inherits from this one",
    )
    return replace(style, geometry=page.fitted(preset.trim))


def assembled(
    collection: Collection,
    report: Report,
    step: Step = lambda _: None,
    *,
    workers: int = 1,
    executor: Executor | None = None,
) -> Book:
    """The book of a collection, its pages and its library read."""
    step("reading the pages")
    speeches = read(
        collection.pages,
        report=report,
        base=collection.folder,
        progress=lambda source: step(f"reading {source.path.name}"),
        workers=workers,
        executor=executor,
    )
    if collection.library:
        kept = _kept(collection.library, report, every=collection.apparatus)
        speeches = chain(speeches, kept)
    return collection.assemble(_read(speeches, step), report=report)


def _read(speeches: Iterable[Speech], step: Step) -> Iterator[Speech]:
    """The speeches; after the last one it is told that the book is assembled."""
    yield from speeches
    step("assembling the book")


def _kept(path: Path, report: Report, *, every: bool) -> Iterator[Speech]:
    """The speeches of a library, each counted as the page that it was read from."""
    with open_library(path) as library:
        for speech in library_speeches(library, every=every):
            report.pages += 1
            yield speech


def _sources(book: Book, collection: Collection, report: Report) -> list[Attachment]:
    """The pages behind the documents and their captures, as they lie in the archive, byte for
    byte, with the pictures that the book prints of them; pages that are not there, or not as they
    were read, are told."""
    made = [one for document in book.texts for one in document.sources]
    digests = {one.sha256 for one in made}
    files = {one.path.partition("#")[0]: one.path for one in made}
    found: dict[str, Attachment] = {}
    for page in pages_of(collection.pages, base=collection.folder):
        if page.size > PAGE_LIMIT or not (page.sha256 in digests or page.name in files):
            continue
        name = shown_file(page.name)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        said = f"Page of the archive: {name}, SHA-256 {page.sha256}."
        found[page.name] = Attachment.of(name.replace("/", "_"), [page.data], kind, said, "Source")
    if missing := sorted({one.path for one in made if not _has(found, one.path)}):
        report.warn(
            "source-not-attached",
            missing[0],
            f"{'1 page' if len(missing) == 1 else f'{len(missing)} pages'} that the book was made "
            "from cannot be found in [archive] pages, so the archive edition lacks it",
            "name the files there",
        )
    return [*found.values(), *_pictures(book, found)]


def _pictures(book: Book, pages: Mapping[str, Attachment]) -> Iterator[Attachment]:
    """The pictures that lie beside those pages, as they were saved."""
    printed = {one.path: one for document in book.documents for one in document.pictures}
    for path, picture in printed.items():
        data = None if _has(pages, path) else bytes_of(picture.sha256)
        if data is not None:
            name = shown_file(path)
            said = f"Picture of the archive: {name}, SHA-256 {picture.sha256}."
            yield Attachment.of(name.replace("/", "_"), [data], picture.media_type, said, "Source")


def _has(found: Mapping[str, Attachment], path: str) -> bool:
    return path in found or path.partition("#")[0] in found


def _wanted(names: Sequence[str]) -> list[str]:
    for name in names:
        if name not in EDITIONS:
            raise CollectionError(f"unknown edition '{name}'. Known: {', '.join(EDITIONS)}")
    if "print" in names:
        names = [*names, "cover"]
    return [name for name in EDITIONS if name in names]


def edition_moment(
    book: Book,
    report: Report,
    *,
    environ: Mapping[str, str] = os.environ,
    clock: Callable[[], float] = time.time,
) -> dt.datetime:
    """The moment that an edition states as its own, in UTC, so that builds can be repeated.

    SOURCE_DATE_EPOCH (reproducible-builds.org), else the date in [book], else the newest
    capture, else the newest speech; the clock only where the book knows no date at all.
    """
    if stated := environ.get("SOURCE_DATE_EPOCH"):
        try:
            return dt.datetime.fromtimestamp(int(stated), dt.UTC)
        except (ValueError, OverflowError, OSError) as error:
            raise EditionError(
                f"SOURCE_DATE_EPOCH is '{stated}', not a number of seconds"
            ) from error
    if book.day:
        return dt.datetime.fromisoformat(book.day).replace(tzinfo=dt.UTC)
    report.warn(
        "book-date-clock",
        "book.toml",
        "neither the book nor its pages state a date; the clock was used and builds will differ",
        "add date = 2022-03-01 (the edition's day) to [book]",
    )
    return dt.datetime.fromtimestamp(int(clock()), dt.UTC)


def _editions(
    names: Sequence[str], order: Order, stem: Path, page_list: bool
) -> tuple[list[Built], PageMap]:
    """The editions in the order of their table, and their pages; what one leans on is made for it
    even when it was not asked for."""
    built: list[Built] = []
    made: dict[str, tuple[Made, float]] = {}

    def take(name: str) -> tuple[Made, float]:
        if name not in made:
            basis = LEANS_ON.get(name) if page_list or name != "epub" else None
            paginated = take(basis)[0] if basis else None
            began = time.monotonic()
            beside = parts.enter_context(unfinished(file(name)))
            edition = maker(name)(replace(order, paginated=paginated, beside=beside))
            made[name] = edition, time.monotonic() - began
        return made[name]

    def file(name: str) -> Path:
        return stem.with_name(stem.name + SUFFIXES[name])

    with told_moment(order.when), ExitStack() as parts:
        for name in names:
            edition, spent = take(name)
            built.append(_written(name, edition, order, file(name), time.monotonic() - spent))
            made[name] = replace(edition, path=file(name)), spent
    paged = made["screen"][0] if "screen" in made else None
    return built, PageMap(paged.folios, paged.sheets) if paged else PageMap()


def _written(name: str, made: Made, order: Order, path: Path, began: float) -> Built:
    """Read one edition back, and only then put it in its place, whole."""
    order.step("comparing every word")
    beside = made.path
    if name == "epub":
        entries = tuple(epub_ledger(beside, order.book))
        pages = None
    elif name == "cover":
        entries, pages = (), 1
    else:
        text = read_pdf(beside, order.style.geometry, tuple(made.feet.items()))
        entries = tuple(pdf_ledger(text, order.book, made.sheets))
        pages = len(text.pages)
    _balance(path, order.book, entries)
    with beside.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = beside.stat().st_size
    with writing(path):
        os.replace(beside, path)
    return Built(
        edition=name,
        path=path,
        pages=pages,
        words=sum(entry.found for entry in entries),
        size=size,
        seconds=time.monotonic() - began,
        sha256=digest,
        ledger=entries,
        work=made.work,
    )


def _balance(path: Path, book: Book, entries: Sequence[LedgerEntry]) -> None:
    """Raise `FidelityError` with the first document whose words differ."""
    titles = {document.number: document.head for document in book.documents}
    for entry in entries:
        if not entry.equal:
            raise FidelityError(
                f"{path.name}: document {entry.document} (“{titles[entry.document]}”) differs "
                f"{entry.difference}",
                hint="the file was not kept; please report this with the page",
            )
