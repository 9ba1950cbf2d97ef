"""Readers: one a source form; this table, `sniff`, and `read`, the first arrow of the pipeline.

    kcnawatch   article pages of KCNA Watch and sites of its form, saved as text or HTML
    markdown    Markdown with front matter
    json        our own Speech JSON lines
    text        plain text, with or without a small header

A third party adds a form through an entry point of the group `packager.readers` that names a
module with `recognise(text) -> str | None` and `read(source, report) -> Iterator[Speech]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from packager.findings import Report
from packager.readers import jsonl, kcnawatch, markdown, text
from packager.readers.source import Source, find_sources, refused, tell_decoding
from packager.speech import Speech, words_digest

Reader = Callable[[Source, Report], Iterator[Speech]]
Container = Callable[[Source, Report], Iterator[Source]]

CONTAINERS: dict[str, tuple[Callable[[bytes], str | None], Container]] = {}
"""The name of a container form -> what recognises its first bytes, and what takes the pages out
of it one by one. The pages go through `sniff` again; containers inside containers too, to
`DEPTH`."""
DEPTH = 4

READERS: dict[str, Reader] = {
    "kcnawatch": kcnawatch.read,
    "markdown": markdown.read,
    "json": jsonl.read,
    "text": text.read,
}


@dataclass(frozen=True, slots=True)
class Sniffed:
    """Which reader a file gets, and why."""

    reader: str
    why: str


def sniff(source: Source) -> Sniffed | None:
    """The reader for a file, from its bytes first and its name second; None where none fits.

    >>> from packager.readers.source import Source
    >>> from pathlib import Path
    >>> sniff(Source(Path("README.md"), "README.md")).reader  # doctest: +SKIP
    'markdown'
    """
    if why := jsonl.recognise(source.head):
        return Sniffed("json", why)
    words = source.decoded.text
    for name, module in _third_parties().items():
        if why := module.recognise(words):
            return Sniffed(name, why)
    if why := kcnawatch.recognise(words):
        return Sniffed("kcnawatch", why)
    if why := markdown.recognise(words):
        return Sniffed("markdown", why)
    suffix = source.path.suffix.lower()
    if suffix in (".md", ".markdown"):
        return Sniffed("markdown", f"its name ends in {suffix}")
    if suffix in (".html", ".htm", ".xhtml", ".xml", ".json", ".csv", ".tsv"):
        return None
    if words.lstrip()[:64].lower().startswith(("<!doctype", "<html", "<?xml", "<head")):
        return None
    if why := text.recognise(words):
        return Sniffed("text", why)
    return None


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


def read_one(source: Source, report: Report, *, depth: int = 0) -> Iterator[Speech]:
    """The speeches of one page, by the reader that `sniff` finds for it; of a container, the
    speeches of all its pages."""
    if depth < DEPTH and (container := _container(source)):
        for inner in container(source, report):
            yield from read_one(inner, report, depth=depth + 1)
        return
    streamed = source.path.suffix.lower() in (".jsonl", ".json", ".ndjson")
    if refused(source, report, streamed=streamed):
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
    if found.reader != "json":
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
