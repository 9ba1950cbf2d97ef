"""WACZ files: web archives in a ZIP file, with indexes and lists of pages beside them.

Accepts WACZ 1.x, signed or not, and any ZIP file that holds WARC or ARC files; the archives are
read where they stand, one after another, and revisits are resolved across them. Indexes, page
lists, logs and signatures are passed by. Refuses a file that holds no web archive.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial

from packager.findings import Report
from packager.readers.source import Source
from packager.readers.warc import Seen, read_archive
from packager.readers.warc_pictures import Stock, held
from packager.readers.zipped import Entry, Zip, ZipError, open_zip

_ARCHIVE = re.compile(r"\.w?arc(?:\.(?:gz|lz4|zst))?$", re.IGNORECASE)
_MARKS = re.compile(
    rb"archive/[^/]{1,200}\.w?arc|datapackage\.json|pages/(?:extraP|p)ages\.jsonl|"
    rb"indexes/index\.(?:cdx|idx)"
)


def recognise(head: bytes) -> str | None:
    """Why these first bytes are a WACZ, or None: the names of its first entries stand there."""
    if head.startswith(b"PK\x03\x04") and _MARKS.match(head, 30):
        return "it is a ZIP file whose first entry is one of a WACZ"
    return None


def is_wacz(names: Iterable[str]) -> bool:
    """Whether a ZIP file with these entries is a WACZ.

    >>> is_wacz(["datapackage.json", "archive/data.warc.gz"]), is_wacz(["a.html"])
    (True, False)
    """
    names = set(names)
    return "datapackage.json" in names and any(
        name.startswith(("archive/", "pages/", "indexes/")) for name in names
    )


def read(source: Source, report: Report) -> Iterator[Source]:
    """The pages of all web archives in a WACZ."""
    yield from read_opened(source, report, read_wacz)


def read_opened(
    source: Source, report: Report, read: Callable[[Zip, Source, Report], Iterator[Source]]
) -> Iterator[Source]:
    """What `read` takes out of a ZIP file, which is closed after it; none, with a finding, where
    the file cannot be opened."""
    try:
        zipped = open_zip(source.open)
    except ZipError as error:
        report.refuse("unreadable", source.name, error.message, error.hint)
        return
    except OSError as error:
        report.refuse("unreadable", source.name, f"cannot be opened: {error.strerror or error}")
        return
    with closing(zipped):
        yield from read(zipped, source, report)


def read_wacz(zipped: Zip, source: Source, report: Report) -> Iterator[Source]:
    """The pages of the web archives in a ZIP file that is open."""
    archives = [entry for entry in zipped.entries() if _ARCHIVE.search(entry.name)]
    if not archives:
        report.refuse(
            "unreadable",
            source.name,
            "a WACZ without a web archive in it",
            "it should hold archive/*.warc.gz; take it from its source again",
        )
        return
    seen = Seen()
    for entry in archives:
        yield from read_inside(zipped, entry, source, report, seen)


def is_archive(entry: Entry) -> bool:
    """Whether an entry is named like a web archive."""
    return _ARCHIVE.search(entry.name) is not None


def read_inside(
    zipped: Zip, entry: Entry, source: Source, report: Report, seen: Seen | None = None
) -> Iterator[Source]:
    """The pages of one web archive in a ZIP file."""
    name = f"{source.name}#{entry.name}"
    if not zipped.spend(0 if entry.direct else entry.size):
        report.refuse(
            "too-large",
            name,
            "the ZIP file unpacks to far more than archives of pages do",
            "unpack it by hand if you trust it",
        )
        return
    try:
        yield from read_archive(
            entry.open_,
            source.path,
            name,
            report,
            seen=seen,
            slow=not entry.direct,
            holder=partial(held, Stock(source, entry.name)),
        )
    except ZipError as error:
        report.refuse("unreadable", name, error.message, error.hint)
