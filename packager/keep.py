"""Archives into a library: every page is read once, and not again while its bytes stay the same.

A run that was broken off goes on where it was: pages that were read whole are passed by, the
speeches of a half-read one are known when they come again.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packager.findings import Report
from packager.library import Added, Library, Page, add, known
from packager.readers import READERS
from packager.readers.source import Source, find_sources
from packager.reading import read_one
from packager.speech import Speech


@dataclass(frozen=True, slots=True)
class Kept:
    """What a run did: pages read now, pages known from before, and what became of the speeches."""

    pages: int
    pages_known: int
    speeches: Added


def keep(
    library: Library,
    paths: Iterable[Path | str],
    *,
    report: Report | None = None,
    progress: Callable[[Source], None] = lambda _: None,
) -> Kept:
    """Read files, folders and globs into a library; pages are named as seen from its folder.

    Findings go to `report`. Raises `InputError` for a path that names nothing, and the errors of
    `library.add`.
    """
    report = report if report is not None else Report()
    made = readers_made()
    counts = {"read": 0, "known": 0}

    def items() -> Iterator[Speech | Page]:
        for source in find_sources(paths, library.path.absolute().parent):
            progress(source)
            name = source.name.encode("utf-8", "replace").decode()  # bytes that are no UTF-8
            page = Page(name, _sha256(source.path), made)
            if page.sha256 and known(library, page):
                counts["known"] += 1
                continue
            counts["read"] += 1
            broken = report.refused["unreadable"]
            yield from read_one(source, report)
            if page.sha256 and report.refused["unreadable"] == broken:
                yield page

    added = add(library, items())
    return Kept(counts["read"], counts["known"], added)


def readers_made() -> str:
    """The readers and their versions in few letters; when one changes, pages are read again."""
    made = sorted(
        f"{name} {getattr(sys.modules[reader.__module__], 'VERSION', '')}"
        for name, reader in READERS.items()
    )
    return hashlib.sha256("\n".join(made).encode()).hexdigest()[:16]


def _sha256(path: Path) -> str:
    """Of the whole file, in the memory of a block; empty where it cannot be opened, which the
    reader tells."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
