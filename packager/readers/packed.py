"""Pages in packed files: ZIP archives of pages, and single files in gzip, bzip2, xz, LZ4, zst.

Accepts what `zipped` and `unpacked` open. Each file inside goes on as a page or container of
its own; web archives and long tables inside are read in a stream. Media, styles, scripts and
the resource folders of saved pages are passed by and counted. Refuses office documents and
books (ZIP files too, but no archives of pages), and whatever unpacks beyond the limits.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path, PurePosixPath

from packager.findings import Report
from packager.pictures import LIMIT
from packager.readers import wacz
from packager.readers.beside import inside
from packager.readers.source import PAGE_LIMIT, Facts, Source, is_resource_folder
from packager.readers.unpacked import CHUNK, Unpacked, packing
from packager.readers.zipped import Entry, Zip, ZipError, open_zip, printable, read_entry

STREAMED = frozenset({".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".tab", ".xml", ".parquet"})
"""Files of many records, which may be larger than a page: they are read from a temporary file."""
SPOOL_LIMIT = 4 * 1024**3
"""Bytes of such a file."""
SPOOL_RATIO = 200
"""Bytes that one packed byte of it may become: text is packed to a twentieth at best."""

_PASSED = frozenset(
    ".png .jpg .jpeg .jfif .gif .webp .avif .svg .ico .bmp .tif .tiff .css .js .mjs .map .woff "
    ".woff2 .ttf .otf .eot .mp3 .mp4 .m4a .ogg .wav .webm .mov .avi .pdf .swf .db .ini .cdx .cdxj "
    ".idx .log .warcinfo .exe .dll".split()
)
_NO_ARCHIVE = {
    "mimetype": "an EPUB or OpenDocument file",
    "[Content_Types].xml": "an office document",
    "META-INF/MANIFEST.MF": "a Java program",
}


def recognise_zip(head: bytes) -> str | None:
    """Why these first bytes are a ZIP file, or None.

    >>> recognise_zip(b"PK\\x03\\x04...")
    'it is a ZIP file'
    """
    return "it is a ZIP file" if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) else None


def recognise(head: bytes) -> str | None:
    """Why these first bytes are one packed file, or None; web archives are told apart before.

    >>> recognise(b"\\x1f\\x8b\\x08\\x00")
    'it is packed with gzip'
    """
    form = packing(head)
    return f"it is packed with {form}" if form else None


def read_zip(source: Source, report: Report) -> Iterator[Source]:
    """The files in a ZIP archive that may be pages, or hold pages."""
    yield from wacz.read_opened(source, report, _read_zip)


def _read_zip(zipped: Zip, source: Source, report: Report) -> Iterator[Source]:
    names = zipped.names()
    if kind := next((what for name, what in _NO_ARCHIVE.items() if name in names), None):
        report.refuse(
            "unknown-form",
            source.name,
            f"{kind}, no archive of pages",
            "save its text as HTML, Markdown or plain text",
        )
    elif wacz.is_wacz(names):
        yield from wacz.read_wacz(zipped, source, report)
    else:
        yield from _files(zipped, source, report)


def _files(zipped: Zip, source: Source, report: Report) -> Iterator[Source]:
    """The files of a ZIP archive, in its order."""
    names = {printable(name) for name in zipped.names()}
    passed: Counter[str] = Counter()
    found = 0
    for entry in zipped.entries():
        if what := _passed_by(entry.name, names):
            passed[what] += 1
            continue
        found += 1
        yield from _file(zipped, entry, source, report)
    if passed:
        held = ", ".join(f"{count} {what}" for what, count in passed.most_common(12))
        report.note("records-passed-by", source.name, f"files that are no pages: {held}")
    if not found:
        report.refuse("no-speech", source.name, "no page in this ZIP file")


def _passed_by(name: str, names: set[str]) -> str | None:
    """What a file is that is never a page, told by its name; None for what may be one."""
    path = PurePosixPath(name)
    if any((part[:1] == "." and part != "..") or part == "__MACOSX" for part in path.parts):
        return "hidden"
    for folder in path.parents:
        if folder.name and is_resource_folder(folder.name) and _page_of(folder, names):
            return "resources of saved pages"
    suffix = path.suffix.lower()
    return suffix if suffix in _PASSED else None


def _page_of(folder: PurePosixPath, names: set[str]) -> bool:
    stem = is_resource_folder(folder.name)
    return any(str(folder.with_name(f"{stem}{end}")) in names for end in (".html", ".htm"))


def _file(zipped: Zip, entry: Entry, source: Source, report: Report) -> Iterator[Source]:
    """One file of a ZIP archive as a source, or the pages of the web archive that it is."""
    name = f"{source.name}#{entry.name}"
    if wacz.is_archive(entry):
        yield from wacz.read_inside(zipped, entry, source, report)
        return
    suffix = PurePosixPath(entry.name).suffix.lower()
    if not zipped.spend(entry.size):
        _refuse_swelling(name, report)
        return
    try:
        if entry.size > PAGE_LIMIT and suffix in STREAMED:
            yield from _spooled(Unpacked(entry.open_), source, name, entry.packed, suffix, report)
            return
        if entry.size > PAGE_LIMIT:
            _refuse_size(name, entry.size, report)
            return
        data, fault = read_entry(entry, PAGE_LIMIT)
    except ZipError as error:
        report.refuse("unreadable", name, error.message, error.hint)
        return
    except OSError as error:
        report.refuse("unreadable", name, f"cannot be read: {error.strerror or error}")
        return
    if fault:
        report.warn(
            "record-damaged",
            name,
            f"the file is damaged ({fault}); read as far as it goes: {len(data)} bytes",
            "compare it with the page; take the archive from its source again",
        )
    holder = partial(held, source, entry.name)
    yield Source(source.path, name, inner=data, facts=Facts(record=entry.name), holder=holder)


def held(source: Source, page: str, address: str) -> tuple[str, bytes] | None:
    """The name and the bytes of a file that lies in a ZIP archive beside one of its pages."""
    wanted = inside(PurePosixPath(page).parent, address)
    if wanted is None:
        return None
    try:
        with closing(open_zip(source.open)) as zipped:
            for entry in zipped.entries():
                if entry.name == wanted and entry.size <= LIMIT:
                    return f"{source.name}#{entry.name}", read_entry(entry, LIMIT)[0]
    except (ZipError, OSError):
        return None
    return None


def read(source: Source, report: Report) -> Iterator[Source]:
    """The one file in a packed file."""
    own = _own_name(source.name)
    name = f"{source.name}#{own}"
    suffix = PurePosixPath(own).suffix.lower()
    try:
        stream = Unpacked(source.open)
    except OSError as error:
        report.refuse("unreadable", source.name, f"cannot be opened: {error.strerror or error}")
        return
    try:
        if suffix in STREAMED and source.size * SPOOL_RATIO > PAGE_LIMIT:
            yield from _spooled(stream, source, name, source.size, suffix, report)
            return
        parts: list[bytes] = []
        size = 0
        while size <= PAGE_LIMIT and (piece := stream.read(CHUNK)):
            parts.append(piece)
            size += len(piece)
        data = b"".join(parts)
        if size > PAGE_LIMIT:
            _refuse_size(name, None, report)
        elif data[257:262] == b"ustar":
            report.refuse(
                "unknown-form", source.name, "a tar archive", "unpack it and name the folder"
            )
        elif not data.strip() and stream.faults:
            report.refuse("unreadable", source.name, stream.faults[0].message, "take it again")
        else:
            _tell_faults(stream, name, report)
            yield Source(source.path, name, inner=data, facts=source.facts)
    except OSError as error:
        report.refuse("unreadable", source.name, f"reading stopped: {error.strerror or error}")
    finally:
        stream.close()


def _own_name(name: str) -> str:
    """The name of the file inside, which is that of the packed file without its ending."""
    last = re.split(r"[/#]", name)[-1]
    return re.sub(r"\.(?:gz|gzip|bz2|xz|zst|zstd|lz4)$", "", last, flags=re.IGNORECASE) or last


def _spooled(
    stream: Unpacked, source: Source, name: str, packed: int, suffix: str, report: Report
) -> Iterator[Source]:
    """A long file of records, unpacked into a temporary file that is gone when it was read."""
    limit = min(SPOOL_LIMIT, max(PAGE_LIMIT, SPOOL_RATIO * packed))
    try:
        with tempfile.TemporaryDirectory(prefix="packager-") as folder:
            path = Path(folder) / f"records{suffix}"
            size = 0
            with path.open("wb") as file:
                while size <= limit and (piece := stream.read(CHUNK)):
                    size += file.write(piece)
            if size > limit:
                _refuse_swelling(name, report)
                return
            _tell_faults(stream, name, report)
            yield Source(path, name, facts=source.facts)
    except OSError as error:
        report.refuse(
            "unreadable",
            name,
            f"cannot be unpacked: {error.strerror or error}",
            "check the disk and the folder for temporary files",
        )
    finally:
        stream.close()


def _tell_faults(stream: Unpacked, name: str, report: Report) -> None:
    for fault in stream.faults[:3]:
        report.warn(
            "record-damaged",
            name,
            f"byte {fault.at}: {fault.message}; read as far as it goes",
            "compare it with the page; take the file from its source again",
        )


def _refuse_size(name: str, size: int | None, report: Report) -> None:
    shown = f"{size / 1e6:.0f} MB" if size else "more than a page may have"
    report.refuse(
        "too-large",
        name,
        f"{shown} in one page; the limit is {PAGE_LIMIT / 1e6:.0f} MB",
        "unpack it, and split it or save the page without its media",
    )


def _refuse_swelling(name: str, report: Report) -> None:
    report.refuse(
        "too-large",
        name,
        "it unpacks to far more than text does",
        "unpack it by hand if you trust it",
    )
