"""Readers: one a source form; these tables, `sniff`, and `read`, the first arrow of the pipeline.

    json        our own Speech JSON lines
    bundestag   minutes of the German Bundestag, official XML
    hansard     historic UK Hansard, XML
    parlamint   ParlaMint corpora of parliaments, TEI
    frus        documents of FRUS, TEI
    tei         other TEI: letters, speeches, plays
    table       CSV, TSV, JSON, JSON lines, Parquet
    kcnawatch   article pages of KCNA Watch and sites of its form, saved as text or HTML
    kcna        pages of KCNA's own sites, by era
    article     any other saved page, by its site's profile or by what it shows
    markdown    Markdown with front matter
    text        plain text, with or without a small header

Containers hold pages that go through `sniff` in their turn: web archives (WARC, ARC, WACZ),
MHTML, packed files and folders (zip, gz, zst).

A third party adds a form through an entry point of the group `packager.readers` that names a
module with `recognise(text) -> str | None` and `read(source, report) -> Iterator[Speech]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from pathlib import Path, PurePath
from typing import Any

from packager.findings import Report
from packager.readers import (
    article,
    bundestag,
    collection_text,
    frus,
    hansard,
    jsonl,
    kcna,
    kcnawatch,
    markdown,
    mhtml,
    packed,
    parlamint,
    table,
    tei,
    text,
    wacz,
    warc,
)
from packager.readers.source import Source, find_sources, refused, tell_decoding
from packager.speech import Speech, words_digest

Reader = Callable[[Source, Report], Iterator[Speech]]
Container = Callable[[Source, Report], Iterator[Source]]

BY_HEAD: dict[str, tuple[Callable[[bytes], str | None], Reader]] = {
    "json": (jsonl.recognise, jsonl.read),
    "bundestag": (bundestag.recognise, bundestag.read),
    "hansard": (hansard.recognise, hansard.read),
    "parlamint": (parlamint.recognise, parlamint.read),
    "frus": (frus.recognise, frus.read),
    "tei": (tei.recognise, tei.read),
}
"""Forms that are known by their first bytes and read in a stream, however long the file."""

READERS: dict[str, Reader] = {
    **{name: reader for name, (_, reader) in BY_HEAD.items()},
    "table": table.read,
    "kcnawatch": kcnawatch.read,
    "kcna": kcna.read,
    "article": article.read,
    "markdown": markdown.read,
    "text": collection_text.read,
}

CONTAINERS: dict[str, tuple[Callable[[bytes], str | None], Container]] = {
    "warc": (warc.recognise, warc.read),
    "wacz": (wacz.recognise, wacz.read),
    "zip": (packed.recognise_zip, packed.read_zip),
    "packed": (packed.recognise, packed.read),
    "mhtml": (mhtml.recognise, mhtml.read),
}
"""The name of a container form -> what recognises its first bytes, and what takes the pages out
of it one by one; containers inside containers too, to `DEPTH`."""
DEPTH = 4


@dataclass(frozen=True, slots=True)
class Sniffed:
    """Which reader a file gets, and why."""

    reader: str
    why: str


def sniff(source: Source) -> Sniffed | None:
    """The reader for a file, from its bytes first and its name second; None where none fits.

    >>> from packager.readers.source import Source
    >>> from pathlib import Path, PurePath
    >>> sniff(Source(Path("README.md"), "README.md")).reader  # doctest: +SKIP
    'markdown'
    """
    for name, (recognises, _) in BY_HEAD.items():
        if why := recognises(source.head):
            return Sniffed(name, why)
    if why := table.recognise(source.head, source.name):
        return Sniffed("table", why)
    words = source.decoded.text
    for name, module in _third_parties().items():
        if why := module.recognise(words):
            return Sniffed(name, why)
    if why := kcnawatch.recognise(words):
        return Sniffed("kcnawatch", why)
    if why := kcna.recognise(words):
        return Sniffed("kcna", why)
    if why := markdown.recognise(words):
        return Sniffed("markdown", why)
    suffix = PurePath(source.name).suffix.lower()
    if suffix in (".md", ".markdown"):
        return Sniffed("markdown", f"its name ends in {suffix}")
    markup = suffix in (".html", ".htm", ".xhtml", ".xml", ".shtml", ".php", ".asp", ".aspx")
    if (markup or words.lstrip()[:64].lower().startswith(_MARKUP)) and suffix != ".txt":
        why = article.recognise(words)
        return Sniffed("article", why) if why else None
    if suffix in (".json", ".csv", ".tsv"):
        return None
    if why := text.recognise(words):
        return Sniffed("text", why)
    return None


_MARKUP = ("<!doctype", "<html", "<?xml", "<head", "<!--")


def read(
    paths: Path | str | Iterable[Path | str],
    *,
    report: Report | None = None,
    base: Path | None = None,
    progress: Callable[[Source], None] | None = None,
) -> Iterator[Speech]:
    """The speeches of files, folders or globs, one by one, in the order of the input.

    What cannot be read becomes a finding in `report` and never ends the run; the same words
    met again come out again (a book keeps them as captures). Files are named as given, or as
    seen from the folder `base`; `progress` is called with each before it is read. Raises
    `InputError` for a path that names nothing.

    >>> report = Report()
    >>> [speech.title for speech in read("examples/archive", report=report)]  # doctest: +SKIP
    """
    report = report if report is not None else Report()
    if isinstance(paths, (str, Path)):
        paths = [paths]
    ids: dict[str, tuple[str, str]] = {}
    for source in find_sources(paths, base):
        report.pages += 1
        if progress:
            progress(source)
        for speech in read_one(source, report):
            yield _unique(speech, ids, report)


def pages(paths: Iterable[Path | str], *, base: Path | None = None) -> Iterator[Source]:
    """Every page that `read` would read, those inside containers too, unread.

    Raises `InputError` for a path that names nothing.
    """
    for source in find_sources(paths, base):
        yield from _inner(source, depth=0)


def _inner(source: Source, *, depth: int) -> Iterator[Source]:
    if depth < DEPTH and (container := _container(source)):
        for inner in container(source, Report()):
            yield from _inner(inner, depth=depth + 1)
    else:
        yield source


def read_one(source: Source, report: Report, *, depth: int = 0) -> Iterator[Speech]:
    """The speeches of one page, by the reader that `sniff` finds for it; of a container, the
    speeches of all its pages."""
    if depth < DEPTH and (container := _container(source)):
        for inner in container(source, report):
            yield from read_one(inner, report, depth=depth + 1)
        return
    if refused(source, report, streamed=_is_streamed(source)):
        return
    found = sniff(source)
    if found is None:
        report.refuse(
            "unknown-form",
            source.name,
            "no reader knows this form",
            f"known forms: {', '.join(READERS)}",
        )
        return
    if found.reader not in BY_HEAD and found.reader != "table":
        tell_decoding(source, report)
    reader = READERS.get(found.reader) or _third_parties()[found.reader].read
    try:
        yield from reader(source, report)
    except OSError as error:
        report.refuse(
            "unreadable",
            source.name,
            f"reading stopped: {error.strerror or error}",
            "check the disk and the file",
        )


def _is_streamed(source: Source) -> bool:
    """True for forms whose files may be longer than a page: they are never held whole."""
    try:
        return any(recognises(source.head) for recognises, _ in BY_HEAD.values()) or bool(
            table.recognise(source.head, source.name)
        )
    except OSError:  # told by `refused`
        return False


def _container(source: Source) -> Container | None:
    try:
        head = source.head
    except OSError:  # told by `refused`
        return None
    return next((opens for recognises, opens in CONTAINERS.values() if recognises(head)), None)


def _unique(speech: Speech, ids: dict[str, tuple[str, str]], report: Report) -> Speech:
    """The speech, told when its id was met before: the same words, or another speech's id."""
    place = speech.provenance.path
    digest = words_digest(speech.blocks)
    known = ids.setdefault(speech.id, (place, digest))
    if known == (place, digest):
        return speech
    if known[1] == digest:
        report.note(
            "duplicate-speech",
            place,
            f"the same words as {known[0]}; kept as another capture",
        )
        return speech
    number = 2
    while f"{speech.id}-{number}" in ids:
        number += 1
    fresh = f"{speech.id}-{number}"
    report.warn(
        "duplicate-id",
        place,
        f"the id {speech.id} belongs to another speech of {known[0]}; read as {fresh}",
        "give each speech an id of its own",
    )
    ids[fresh] = (place, digest)
    return replace(speech, id=fresh)


def _third_parties() -> dict[str, Any]:
    """Readers that installed packages declare; ours cannot be replaced."""
    return {
        point.name: point.load()
        for point in entry_points(group="packager.readers")
        if point.name not in READERS
    }
