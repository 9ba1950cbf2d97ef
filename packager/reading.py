"""Reading: `read`, the first arrow of the pipeline, from files, folders and globs to speeches.

Containers are opened here and their pages read in their turn. With several workers, pages are
read some way ahead in other processes; the speeches and findings are those of one process, in
the same order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from packager.errors import InputError
from packager.findings import Report
from packager.processes import Pool, is_loss
from packager.readers import CONTAINERS, READERS, Container, is_streamed, reader_of, sniff
from packager.readers.source import Source, find_sources, refused, tell_decoding
from packager.speech import Speech, words_digest

DEPTH = 4
"""Containers inside containers are opened to this depth."""
FEW = 20
"""Pages that are read before workers are started, which takes as long as some pages."""
JOB = 8
"""Pages that a worker gets at once."""
AHEAD = 4
"""Jobs for each worker that wait or are done: what bounds memory."""


def read(
    paths: Path | str | Iterable[Path | str],
    *,
    report: Report | None = None,
    base: Path | None = None,
    progress: Callable[[Source], None] | None = None,
    workers: int = 1,
    executor: Executor | None = None,
) -> Iterator[Speech]:
    """The speeches of files, folders or globs, one by one, in the order of the input.

    What cannot be read becomes a finding in `report` and never ends the run; the same words
    met again come out again (a book keeps them as captures). Files are named as given, or as
    seen from the folder `base`; `progress` is called with each page before it is read. With
    more than one of `workers`, pages are read in that many processes, or by those of `executor`,
    which must find the files under the same paths. Raises `InputError` for a path that names
    nothing, and when a worker dies.

    >>> report = Report()
    >>> [speech.title for speech in read("examples/archive", report=report)]  # doctest: +SKIP
    """
    report = report if report is not None else Report()
    if isinstance(paths, (str, Path)):
        paths = [paths]
    sources = find_sources(paths, base)
    ids: dict[str, tuple[str, str]] = {}
    told = Report(detailed=report.detailed)
    pages = _parted(sources, told)
    for page in pages if workers < 2 and executor is None else _ahead(pages, workers, executor):
        if progress:
            progress(page.source)
        report.join(page.told)
        known = page.speeches
        for speech in read_page(page.source, report) if known is None else known:
            yield _unique(speech, ids, report)
    report.join(told)


def pages(paths: Iterable[Path | str], *, base: Path | None = None) -> Iterator[Source]:
    """Every page that `read` would read, those inside containers too, unread.

    Raises `InputError` for a path that names nothing.
    """
    for source in find_sources(paths, base):
        yield from pages_in(source, Report())


def read_one(source: Source, report: Report) -> Iterator[Speech]:
    """The speeches of one file: those of all its pages where it is a container."""
    for page in pages_in(source, report):
        yield from read_page(page, report)


def pages_in(source: Source, report: Report, *, depth: int = 0) -> Iterator[Source]:
    """The pages of a file: itself, or what a container holds; each is counted in `report`, and
    so is what a container could not give."""
    container = _container(source) if depth < DEPTH else None
    if container is None:
        report.pages += 1
        yield source
        return
    inside = container(source, report)
    while True:
        known = report.refused.total()
        page = next(inside, None)
        report.pages += report.refused.total() - known
        if page is None:
            return
        yield from pages_in(page, report, depth=depth + 1)


def read_page(source: Source, report: Report) -> Iterator[Speech]:
    """The speeches of one page, by the reader that `sniff` finds for it."""
    streamed = is_streamed(source)
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
    report.detail("reader", source.name, f"{found.reader}: {found.why}")
    if not streamed:
        tell_decoding(source, report)
    try:
        yield from _with_words(reader_of(found.reader)(source, report), source, report)
    except OSError as error:
        report.refuse(
            "unreadable",
            source.name,
            f"reading stopped: {error.strerror or error}",
            "check the disk and the file",
        )


def _with_words(speeches: Iterator[Speech], source: Source, report: Report) -> Iterator[Speech]:
    """The speeches that say something; a dateline or a lede alone is none."""
    taken = empty = 0
    for speech in speeches:
        if speech.body.strip():
            taken += 1
            yield speech
        else:
            empty += 1
    if empty and taken:
        report.warn(
            "record-empty",
            source.name,
            f"{empty} of {empty + taken} hold a frame (dateline, heading) and no words",
        )
    elif empty:
        report.refuse("no-speech", source.name, "a frame (dateline, heading) and no words in it")


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


# --- pages one by one, or some way ahead ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Page:
    """A page on its way: what its container told before it, and, where a worker has read it,
    its speeches; `told` then has the page's own findings too."""

    source: Source
    told: Report
    speeches: list[Speech] | None = None


def _parted(sources: Iterable[Source], told: Report) -> Iterator[_Page]:
    """The pages of all sources, each with what was told since the one before; what is told after
    the last one stays in `told`."""
    for source in sources:
        for page in pages_in(source, told):
            yield _Page(page, told.taken())


def _ahead(pages: Iterator[_Page], workers: int, executor: Executor | None) -> Iterator[_Page]:
    """The same pages, all but the first few read by workers. A streamed form is left to the
    reader of this iterator: its speeches may be more than memory holds."""
    yield from islice(pages, FEW)
    jobs: deque[tuple[list[_Page], Future[list[_Read]] | None]] = deque()
    with ExitStack() as stack:
        while job := list(islice(pages, JOB)):
            executor = executor or stack.enter_context(Pool(workers, __name__, may_fork=True))
            for streamed, run in _runs(job):
                sources = [page.source for page in run]
                detailed = run[0].told.detailed
                read = None if streamed else executor.submit(_read_pages, sources, detailed)
                jobs.append((run, read))
            while len(jobs) > AHEAD * workers:
                yield from _done(*jobs.popleft())
        while jobs:
            yield from _done(*jobs.popleft())


def _runs(pages: Iterable[_Page]) -> Iterator[tuple[bool, list[_Page]]]:
    """Neighbouring pages of streamed forms, and of others."""
    run: list[_Page] = []
    last = False
    for page in pages:
        streamed = is_streamed(page.source)
        if run and streamed != last:
            yield last, run
            run = []
        run.append(page)
        last = streamed
    if run:
        yield last, run


_Read = tuple[Report, list[Speech]]
"""What a worker makes of a page."""


def _read_pages(sources: list[Source], detailed: bool) -> list[_Read]:
    """The worker's part."""
    done = []
    for source in sources:
        report = Report(detailed=detailed)
        done.append((report, list(read_page(source, report))))
    return done


def _done(pages: list[_Page], read: Future[list[_Read]] | None) -> Iterator[_Page]:
    """The pages of a job, each with what was told and read of it."""
    if read is None:
        yield from pages
        return
    try:
        results = read.result()
    except Exception as error:
        if not is_loss(error):
            raise
        raise InputError(
            f"a worker ended while it read a page ({type(error).__name__})",
            hint="read with --workers 1; there may be too little memory",
        ) from error
    for page, (report, speeches) in zip(pages, results, strict=True):
        page.told.join(report)
        yield _Page(page.source, page.told, speeches)
