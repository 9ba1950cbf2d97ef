"""The records of a web archive as FastWARC and warcio give them, and the way back to a record.

Accepts the unpacked bytes of a WARC or ARC file; believes the lengths that it states.
`warc_records` finds out whether they are true.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecord
from warcio.archiveiterator import ArchiveIterator as Warcio

from packager.findings import Report
from packager.readers.source import PAGE_LIMIT
from packager.readers.unpacked import CHUNK, Opener, Place, Unpacked

HEAD_SIZE = 64 * 1024
"""Bytes of a block that are read to tell what it holds; HTTP headers end well before."""
BLOCK_LIMIT = PAGE_LIMIT + HEAD_SIZE
TOLD = 100
"""Findings of one kind of damage in one archive; the others are counted."""
REREAD_LIMIT = 2 * 1024**3
"""Unpacked bytes of one archive that are passed by again in order to mend records."""

WARC_START = re.compile(rb"\n(?=WARC/1\.[01]\r?\n[A-Za-z-]{2,40}:)")
ARC_START = re.compile(
    rb"\n(?=[a-z][a-z0-9+.-]{1,10}:[^ \r\n]{1,4096} [0-9a-fA-F.:]{2,45} \d{12,18} \S+ "
    rb"(?:\S+ ){0,5}\d+\r?\n)"
)
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its number in the file, where it is, its headers in lower case, its block.

    `block` is the head of the block, or with `whole` all of it; `size` is its true length as
    far as known. `mended` says what was wrong with it.
    """

    number: int
    offset: int
    place: Place
    kind: str
    headers: dict[str, str]
    block: bytes
    size: int
    whole: bool
    mended: str | None = None


Wanted = Callable[[str, dict[str, str], bytes], bool]
"""Whether the whole block is wanted: asked with kind, headers and the head of the block."""


@dataclass
class Damage:
    """Tells of damage, the first times one by one, the rest as a number at the end."""

    name: str
    report: Report
    more: int = 0
    told: int = 0
    faults: int = 0

    def tell(self, number: int, at: int, message: str) -> None:
        """Damage at a record, `at` a byte of the file."""
        self.told += 1
        if self.told > TOLD:
            self.more += 1
            return
        self.report.warn(
            "record-damaged",
            f"{self.name}#{number}",
            f"record {number}, byte {at}: {message}",
            "compare its page with the site; take the archive from its source again",
        )

    def tell_faults(self, stream: Unpacked, number: int) -> None:
        """The damage that unpacking met since the last call."""
        for fault in stream.faults[self.faults :]:
            self.tell(number, fault.at, fault.message)
        self.faults = len(stream.faults)

    def close(self) -> None:
        """The number of what was not told."""
        if self.more:
            self.report.warn(
                "record-damaged", self.name, f"and {self.more} more places of damage in this file"
            )


@dataclass
class Archive:
    """An archive on the way through it; `settled` is the end of the last block, `restart` where
    reading begins anew, `lost` why the next header could not be read, `failed` where the way was
    found again; `slow` is a file in which no byte is reached without those before it."""

    open_: Opener
    damage: Damage
    wanted: Wanted
    start: re.Pattern[bytes]
    slow: bool = False
    number: int = 0
    reread: int = 0
    settled: int = 0
    failed: int = -1
    restart: int | None = None
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Raw:
    """A record as the library gives it: its block is said to go from `begins` to `ends`; `said`
    is the length as it is written where that is no number. `before` are the bytes between the
    block before and this record, None where they are many."""

    record: Record
    begins: int
    ends: int
    said: str | None
    before: bytes | None


Read = Callable[[Archive, Unpacked], Iterator[Raw]]


def read_warc(archive: Archive, stream: Unpacked) -> Iterator[Raw]:
    """The records that FastWARC finds from where the stream is."""
    archive.settled = stream.tell()
    records = iter(ArchiveIterator(stream, parse_http=False, quirks_mode=True, stream_detect=False))
    while True:
        try:
            found = next(records, None)
        except OSError as error:
            if stream.failed:
                raise stream.failed from error
            _lost_way(archive, stream, str(error))
            return
        if found is None:
            return
        archive.number += 1
        yield _raw_warc(archive, stream, found, found.stream_pos)


def between(archive: Archive, stream: Unpacked, following: int) -> bytes | None:
    """What stands between the last block's stated end and the record at `following`; None where
    that is much, or where the block reaches beyond it. To be asked before more is read."""
    size = following - archive.settled
    if not 0 <= size < CHUNK:
        return None
    found = stream.look(archive.settled, size) if size else b""
    return found if len(found) == size else None


def _raw_warc(archive: Archive, stream: Unpacked, found: WarcRecord, offset: int) -> Raw:
    headers = {name.lower(): value for name, value in found.headers.items()}
    before = between(archive, stream, offset)
    header = stream.look(offset, 4096)
    if not (end := _END_OF_HEADER.search(header)):
        header = stream.look(offset, HEAD_SIZE)
        end = _END_OF_HEADER.search(header)
    begins = offset + (end.end() if end else len(header))
    said = headers.get("content-length", "").strip()
    number = said.isascii() and said.isdigit() and len(said) < 16
    kind = headers.get("warc-type", "").strip().lower()
    block, whole = _block(archive, kind, headers, found.reader.read, found.content_length)
    record = Record(
        archive.number,
        offset,
        stream.place(offset),
        kind,
        headers,
        block,
        found.content_length,
        whole,
    )
    archive.settled = begins + found.content_length
    return Raw(record, begins, archive.settled, None if number else said or "nothing", before)


def _block(
    archive: Archive,
    kind: str,
    headers: dict[str, str],
    read: Callable[[int], bytes],
    size: int,
) -> tuple[bytes, bool]:
    """The head of a block, or all of it where it is wanted; whether that is all of it."""
    head = _read_up_to(read, HEAD_SIZE)
    if size <= HEAD_SIZE or size > BLOCK_LIMIT or not archive.wanted(kind, headers, head):
        return head, size <= HEAD_SIZE
    return head + _read_up_to(read, BLOCK_LIMIT - len(head)), True


def _read_up_to(read: Callable[[int], bytes], size: int) -> bytes:
    parts: list[bytes] = []
    while size > 0 and (data := read(min(size, CHUNK))):
        parts.append(data)
        size -= len(data)
    return b"".join(parts)


class _Quiet(Warcio):  # type: ignore[misc]
    """warcio without its messages on stderr: we tell of damage ourselves."""

    INC_RECORD = ""


class _Guarded:
    """A stream that ends when more than `left` bytes are read of it: warcio reads a line to its
    end, however far that is."""

    def __init__(self, stream: Unpacked) -> None:
        self.stream = stream
        self.left = HEAD_SIZE * 4

    def read(self, size: int = CHUNK) -> bytes:
        """Bytes, while there may be more."""
        if self.left <= 0:
            raise ValueError("no header of a record within 256 KB")
        data = self.stream.read(size)
        self.left -= len(data)
        return data

    def tell(self) -> int:
        """The position of the stream."""
        return self.stream.tell()


def read_arc(archive: Archive, stream: Unpacked) -> Iterator[Raw]:
    """The records that warcio finds from where the stream is."""
    archive.settled = stream.tell()
    guarded = _Guarded(stream)
    records = _Quiet(guarded, no_record_parse=True)
    while True:
        guarded.left = HEAD_SIZE * 4
        try:
            found = next(records, None)
        except Exception as error:  # warcio raises what it meets: ValueError, IndexError, its own
            if stream.failed:
                raise stream.failed from error
            _lost_way(archive, stream, " ".join(str(error).split())[:120] or type(error).__name__)
            return
        if found is None:
            return
        guarded.left = 1 << 62
        archive.number += 1
        yield _raw_arc(archive, stream, found, records)
        while found.raw_stream.read(CHUNK):  # what the block's reader left
            pass


def _raw_arc(archive: Archive, stream: Unpacked, found: Any, records: Any) -> Raw:
    parts = (found.rec_headers.get_header("uri") or "").split(" ")
    date = found.rec_headers.get_header("archive-date") or ""
    content_type = found.rec_headers.get_header("content-type") or ""
    if len(parts) >= 4:  # ARC 2 has five more columns, which warcio leaves in the address
        date, content_type = parts[2], parts[3]
    said = (found.rec_headers.get_header("length") or "").strip()
    size = found.length or 0
    begins = stream.tell() - records.reader.rem_length()
    offset = records.offset
    before = between(archive, stream, offset)
    kind = "warcinfo" if parts[0].startswith("filedesc:") else "response"
    headers = {"warc-target-uri": parts[0], "warc-date": date, "content-type": content_type}
    block, whole = _block(archive, kind, headers, found.raw_stream.read, size)
    record = Record(archive.number, offset, stream.place(offset), kind, headers, block, size, whole)
    archive.settled = begins + size
    number = said.isascii() and said.isdigit() and len(said) < 16
    return Raw(record, begins, archive.settled, None if number else said or "nothing", before)


def _lost_way(archive: Archive, stream: Unpacked, message: str) -> None:
    """A header cannot be read: go on with the next that begins behind it."""
    again = find_start(archive, stream, archive.settled, None)
    archive.lost = f"its header cannot be read: {message}"
    if again is not None and again <= archive.failed:  # reading began anew at the bad header
        again = find_start(archive, stream, archive.failed + 1, None, line=False)
    archive.failed = stream.tell() if again is None else again
    archive.restart = again


def find_start(
    archive: Archive, stream: Unpacked, start: int, stop: int | None, *, line: bool = True
) -> int | None:
    """Where the first record at or behind `start` and before `stop` begins; `line` is whether a
    line begins at `start`."""
    place = stream.place(start)
    archive.reread += place.skip + (place.start if archive.slow else 0)
    if archive.reread > REREAD_LIMIT:
        return None
    again = stream.again(start, place)
    try:
        data = b"\n" if line else b""
        at = start - len(data)
        while (stop is None or at < stop) and (more := again.read()):
            data += more
            archive.reread += len(more)
            if archive.reread > REREAD_LIMIT:
                return None
            if match := archive.start.search(data):
                found = at + match.end()
                return found if stop is None or found < stop else None
            at += max(0, len(data) - HEAD_SIZE // 8)
            data = data[-HEAD_SIZE // 8 :]
        return None
    finally:
        again.close()


def read_again(archive: Archive, stream: Unpacked, start: int, stop: int) -> bytes:
    """Bytes that were passed by, read once more."""
    place = stream.place(start)
    archive.reread += place.skip + (place.start if archive.slow else 0) + stop - start
    if archive.reread > REREAD_LIMIT or stop <= start:
        return b""
    again = stream.again(start, place)
    try:
        return _read_up_to(again.read, stop - start)
    finally:
        again.close()
