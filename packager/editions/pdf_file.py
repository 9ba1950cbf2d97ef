"""A PDF written as its objects come, none of them kept (ISO 32000-1 §7.5).

Objects without a stream are packed together (§7.5.7), and the cross-reference is a stream
(§7.5.8); so of a file of any length only where its objects lie is held in memory.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

PACK = 200
"""Objects in one object stream: a reader unpacks the whole of it to see one."""


@dataclass(frozen=True, slots=True)
class Thing:
    """An indirect object: its number, the text of its value, and for a stream, whose dictionary
    the text is, its data as the filters of the dictionary leave it."""

    number: int
    text: bytes
    data: bytes | None = None


def packed_stream(entries: bytes, data: bytes) -> tuple[bytes, bytes]:
    """The dictionary and the data of a stream with these entries, deflated (§7.4.4).

    >>> packed_stream(b"/N 3", b"")[0]
    b'<< /N 3 /Filter /FlateDecode /Length 8 >>'
    """
    small = zlib.compress(data, 9)
    return b"<< %s /Filter /FlateDecode /Length %d >>" % (entries, len(small)), small


def write_pdf(
    file: BinaryIO,
    version: str,
    things: Iterable[Thing],
    numbers: Iterator[int],
    trailer: bytes,
) -> None:
    """Write a PDF from its objects in any order.

    `numbers` gives numbers that no object has, now and later; `trailer` are the entries of the
    trailer (§7.5.5), without its size. Raises OSError where the file cannot be written.
    """
    places = _Places()
    file.write(f"%PDF-{version}\n".encode() + b"%\xbf\xf7\xa2\xfe\n")
    loose: list[Thing] = []
    for thing in things:
        if thing.data is not None:
            places.lies(thing.number, file.tell())
            _put(file, thing)
            continue
        loose.append(thing)
        if len(loose) == PACK:
            _pack(file, loose, next(numbers), places)
            loose = []
    if loose:
        _pack(file, loose, next(numbers), places)
    number, start = next(numbers), file.tell()
    places.lies(number, start)
    size = number + 1
    entries = b"/Type /XRef /Size %d /W [ 1 6 2 ] %s" % (size, trailer)
    text, data = packed_stream(entries, places.table(size))
    _put(file, Thing(number, text, data))
    file.write(b"startxref\n%d\n%%%%EOF\n" % start)


class _Places:
    """Where each object lies: in the file, or in which object stream as which (§7.5.8.3)."""

    def __init__(self) -> None:
        self._kinds, self._firsts, self._seconds = array("B"), array("Q"), array("H")

    def lies(self, number: int, offset: int) -> None:
        """An object lies at an offset in the file."""
        self._set(number, 1, offset, 0)

    def lies_in(self, number: int, stream: int, index: int) -> None:
        """An object is the one with this index in an object stream."""
        self._set(number, 2, stream, index)

    def _set(self, number: int, kind: int, first: int, second: int) -> None:
        while len(self._kinds) <= number:
            self._kinds.append(0)
            self._firsts.append(0)
            self._seconds.append(0)
        self._kinds[number], self._firsts[number], self._seconds[number] = kind, first, second

    def table(self, size: int) -> bytes:
        """The entries of the cross-reference stream; the first heads the list of free ones."""
        rows = zip(self._kinds[1:size], self._firsts[1:size], self._seconds[1:size], strict=True)
        free = b"\0" * 7 + b"\xff\xff"
        return free + b"".join(
            bytes([kind]) + struct.pack(">QH", first, second)[2:] for kind, first, second in rows
        )


def _put(file: BinaryIO, thing: Thing) -> None:
    file.write(b"%d 0 obj\n%s\nstream\n" % (thing.number, thing.text))
    file.write(thing.data or b"")
    file.write(b"\nendstream\nendobj\n")


def _pack(file: BinaryIO, things: list[Thing], number: int, places: _Places) -> None:
    """Write objects as one object stream."""
    places.lies(number, file.tell())
    index: list[bytes] = []
    offset = 0
    for at, thing in enumerate(things):
        places.lies_in(thing.number, number, at)
        index.append(b"%d %d" % (thing.number, offset))
        offset += len(thing.text) + 1
    head = b" ".join(index) + b"\n"
    body = head + b"\n".join(thing.text for thing in things)
    entries = b"/Type /ObjStm /N %d /First %d" % (len(things), len(head))
    _put(file, Thing(number, *packed_stream(entries, body)))
