"""The pictures that a web archive holds beside its pages, by address.

A page mostly stands before its pictures, so an archive is gone through once more when the first
picture of one of its pages is asked for: headers are read, blocks passed by. Answers of status 200
and resources of a type `image/...` count; revisits do not.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

from packager.findings import Report
from packager.pictures import LIMIT
from packager.readers.http_body import Answer, media_type, read_answer, read_body
from packager.readers.source import Source
from packager.readers.unpacked import Place, packing, peek
from packager.readers.warc_records import Damage, arc_records, one_record, warc_records
from packager.readers.zipped import ZipError, open_zip

KNOWN = 500_000
"""Pictures of one archive that are found again; each costs some 300 bytes."""
SKIP = 64 * 1024 * 1024
"""Unpacked bytes that are read once more to come to a picture."""


@dataclass(frozen=True)
class Stock:
    """A web archive that may be opened again: a file, or an `entry` of a ZIP file."""

    source: Source
    entry: str | None = None

    @property
    def name(self) -> str:
        """How a book cites it."""
        return f"{self.source.name}#{self.entry}" if self.entry else self.source.name

    def open(self) -> BinaryIO:
        """Its bytes. Raises `OSError` where it is gone, or packed once more in the ZIP file, which
        no WACZ should do."""
        if self.entry is None:
            return self.source.open()
        with closing(open_zip(self.source.open)) as zipped:
            for entry in zipped.entries():
                if entry.name == self.entry and entry.direct:
                    return entry.open_()
        raise OSError(f"{self.name} cannot be opened again")


def held(stock: Stock, address: str) -> tuple[str, bytes] | None:
    """The name, as a book cites it, and the bytes of the picture at an address."""
    try:
        arc, known = _index(stock)
        found = known.get(bare(address))
        if found is None or found[1].skip > SKIP:
            return None
        record = one_record(stock.open, found[1], arc=arc)
    except (OSError, ZipError):
        return None
    if record is None or not record.whole:
        return None
    body = read_body(_answer(record.headers, record.block), LIMIT)
    return None if body.over or not body.data else (f"{stock.name}#{found[0]}", body.data)


@lru_cache(maxsize=2)
def _index(stock: Stock) -> tuple[bool, dict[str, tuple[int, Place]]]:
    """Whether it is an ARC file, and of each picture the number and the place of its record."""
    file = stock.open()
    try:
        head = file.read(4096)
    finally:
        file.close()
    arc = (peek(head, 64) if packing(head) else head).startswith(b"filedesc:")
    known: dict[str, tuple[int, Place]] = {}
    damage = Damage("", Report())
    for record in (arc_records if arc else warc_records)(stock.open, damage, lambda *_: False):
        if record.kind in ("response", "resource") and len(known) < KNOWN:
            answer = _answer(record.headers, record.block)
            if answer.status in (200, None) and answer.type.startswith("image/"):
                address = record.headers.get("warc-target-uri", "").strip("<> ")
                known.setdefault(bare(address), (record.number, record.place))
    return arc, known


def _answer(headers: dict[str, str], block: bytes) -> Answer:
    stated = headers.get("content-type", "")
    answer = read_answer(block, certain=media_type(stated) == "application/http")
    return answer if answer.status is not None else Answer(None, {"content-type": stated}, block)


def bare(address: str) -> str:
    """An address without its scheme and fragment: archives hold a site under either scheme.

    >>> bare("https://a.example/x.png#top")
    '//a.example/x.png'
    """
    scheme, colon, rest = address.partition("#")[0].partition(":")
    return rest if colon and scheme.lower() in ("http", "https") else address
