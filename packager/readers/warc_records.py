"""The records of a web archive, one by one, each with its block, even where the archive lies.

Accepts WARC 1.0 and 1.1 (FastWARC finds the records) and ARC 1 and 2 (warcio does), packed or
not. A record whose length is wrong, too small or too large, is read to where the next record
truly begins; damage is told with the number of the record and the byte of the file.

FastWARC, because it reads the broken files that we know of to their ends, bounds the headers,
finds its way back by itself, and knows LZ4 and Zstandard; 166,000 mutilated archives did not
stop it. It knows no ARC, hence warcio for these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from packager.findings import Report
from packager.readers.http_body import read_answer
from packager.readers.unpacked import Opener, Place, Unpacked
from packager.readers.warc_parse import (
    ARC_START,
    BLOCK_LIMIT,
    HEAD_SIZE,
    WARC_START,
    Archive,
    Damage,
    Raw,
    Read,
    Record,
    Wanted,
    between,
    find_start,
    read_again,
    read_arc,
    read_warc,
)

__all__ = ["Damage", "Record", "arc_records", "one_record", "warc_records"]

_BLANK = re.compile(rb"[\r\n]*")
_PROPER_END = re.compile(rb"\r?\n\r?\n")
_REMAINS = re.compile(rb"\n(?:WARC-[A-Z][A-Za-z-]{3,30}|Content-Length) ?:")
_RECORD_END = re.compile(rb"(?:\r?\n){1,2}\Z")


def warc_records(
    open_: Opener, damage: Damage, wanted: Wanted, *, slow: bool = False
) -> Iterator[Record]:
    """Every record of a WARC file. Raises the `OSError` of the file."""
    return _records(Archive(open_, damage, wanted, WARC_START, slow), read_warc)


def arc_records(
    open_: Opener, damage: Damage, wanted: Wanted, *, slow: bool = False
) -> Iterator[Record]:
    """Every record of an ARC file. Raises the `OSError` of the file."""
    return _records(Archive(open_, damage, wanted, ARC_START, slow), read_arc)


def one_record(open_: Opener, place: Place, *, arc: bool) -> Record | None:
    """The record at a place that an earlier record was read from."""
    archive = Archive(open_, Damage("", Report()), lambda *_: True, WARC_START)
    stream = Unpacked(open_, place, at=place.skip)
    try:
        found = (read_arc if arc else read_warc)(archive, stream)
        return next((raw.record for raw in found), None)
    finally:
        stream.close()


def _records(archive: Archive, read: Read) -> Iterator[Record]:
    """The records, each held back until it is known where the next one begins."""
    stream = Unpacked(archive.open_)
    try:
        while True:
            archive.restart, archive.lost = None, ""
            held: Raw | None = None
            began = stream.tell()
            anew = began == archive.failed
            for raw in read(archive, stream):
                archive.damage.tell_faults(stream, raw.record.number)
                if held:
                    yield _settled(archive, stream, held, raw.record.offset, raw.before)
                else:
                    _tell_before(archive, stream, began, raw)
                if archive.restart is not None:
                    held = None
                    break
                held = raw
            told = archive.damage.told
            at = stream.place(archive.settled).start
            if held:
                following = archive.failed if archive.lost else stream.tell()
                before = between(archive, stream, following)
                yield _settled(archive, stream, held, following, before)
            told_before = anew and not held  # the header at which reading began anew
            if archive.lost and told == archive.damage.told and not told_before:
                archive.damage.tell(archive.number + 1, at, archive.lost)
            archive.damage.tell_faults(stream, archive.number)
            if archive.restart is None:
                return
            stream.close()
            stream = stream.again(archive.restart)
    finally:
        stream.close()


def _settled(
    archive: Archive, stream: Unpacked, raw: Raw, following: int, before: bytes | None
) -> Record:
    """The record with its true block, now that the next is known to begin at `following`."""
    if raw.said is None and before is not None and _BLANK.fullmatch(before):
        return raw.record
    return _mended(archive, stream, raw, following)


def _tell_before(archive: Archive, stream: Unpacked, began: int, raw: Raw) -> None:
    """Bytes before the first record that are none: perhaps one with a damaged header."""
    size = raw.record.offset - began
    if size > 0 and (raw.before is None or not _BLANK.fullmatch(raw.before)):
        message = f"before it stand {size} bytes that are no record; left out"
        archive.damage.tell(raw.record.number, stream.place(began).start, message)


def _ends_here(record: Record, behind: bytes) -> bool:
    """Whether a record ends at its stated length although no record follows: there stands one
    with a damaged header, or its body is as long as the server said."""
    rest = behind.lstrip()
    if _REMAINS.search(behind) or rest.startswith(b"WARC/") or b"WARC/".startswith(rest):
        return True
    answer = read_answer(record.block)
    stated = answer.headers.get("content-length", "")
    return stated.isascii() and stated.isdigit() and int(stated[:15]) == len(answer.raw)


def _mended(archive: Archive, stream: Unpacked, raw: Raw, following: int) -> Record:
    """The record whose end is not where its length says, and what to tell of that."""
    record = raw.record

    def tell(message: str) -> None:
        archive.damage.tell(record.number, record.place.start, message)

    if raw.said is None and following > raw.ends:
        behind = read_again(archive, stream, raw.ends, min(following, raw.ends + HEAD_SIZE))
        if _PROPER_END.match(behind) and (
            not behind.strip(b"\r\n\0 ") or _ends_here(record, behind)
        ):
            if behind.strip(b"\r\n\0 "):
                tell(f"behind it stand {following - raw.ends} bytes that are no record; left out")
            return record
    inner = find_start(archive, stream, raw.begins, following)
    ends = inner or following
    block = read_again(archive, stream, raw.begins, min(ends, raw.begins + HEAD_SIZE))
    whole = ends - raw.begins <= HEAD_SIZE
    fits = HEAD_SIZE < ends - raw.begins <= BLOCK_LIMIT
    if fits and archive.wanted(record.kind, record.headers, block):
        block, whole = read_again(archive, stream, raw.begins, ends), True
    if inner or following > raw.ends or raw.said:
        if whole and (end := _RECORD_END.search(block)):
            block = block[: end.start()]
        said = raw.said or str(raw.ends - raw.begins)
        has = len(block) if whole else ends - raw.begins
        mended = f"says that it has {said} bytes and has {has}; read to where the next begins"
    else:
        there = max(0, following - raw.begins)
        mended = f"the file ends inside it: {there} of its {raw.ends - raw.begins} bytes are there"
    tell(mended)
    if inner:
        archive.restart, archive.number = inner, record.number
    return replace(record, block=block, size=ends - raw.begins, whole=whole, mended=mended)
