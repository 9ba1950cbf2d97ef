"""The bytes inside a file that may be packed with gzip, bzip2, xz, LZ4 or Zstandard.

Accepts plain files too, and gzip of one member or of many (web archives pack each record for
itself). A damaged gzip member is given out up to the damage, and reading goes on with the next
member; every such place is kept in `faults`. Nothing is unpacked beyond what was asked for.
"""

from __future__ import annotations

import bz2
import lzma
import re
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Protocol

from fastwarc.stream_io import Lz4Reader, ZstdReader

GZIP, LZ4, ZSTD = b"\x1f\x8b", b"\x04\x22\x4d\x18", b"\x28\xb5\x2f\xfd"
XZ = b"\xfd7zXZ\x00"
DICTIONARY = b"\x5d\x2a\x4d\x18"
"""A WARC packed with Zstandard may begin with its dictionary, in a frame of this number."""

CHUNK = 64 * 1024
STEP = 2048
"""Bytes asked of the LZ4 and Zstandard readers at once; where the file is damaged they give
nothing of what was asked for."""
WINDOW = 4 * CHUNK
"""Bytes given out last that can be looked at again: who reads a web archive reads `CHUNK` ahead,
and a record's header has at most half of that."""
_MEMBER = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")  # RFC 1952 §2.3.1: three flag bits must be 0
GLUE = b"\r\n\r\n"
"""What stands in place of what a damaged member lost, so that the next record begins a line."""

Opener = Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class Place:
    """A position in the unpacked bytes: where to begin in the file, how many bytes to pass by."""

    start: int
    skip: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Damage to the packing: the byte of the file, and what is wrong there."""

    at: int
    message: str


def packing(head: bytes) -> str | None:
    """How a file that begins with these bytes is packed.

    >>> packing(b"\\x1f\\x8b\\x08"), packing(b"<html>")
    ('gzip', None)
    """
    if head.startswith(GZIP):
        return "gzip"
    if head.startswith(LZ4):
        return "lz4"
    if head.startswith((ZSTD, DICTIONARY)):
        return "zstd"
    if head.startswith(XZ):
        return "xz"
    if re.match(rb"BZh[1-9]1AY&SY", head):
        return "bzip2"
    return None


def peek(head: bytes, size: int = 1024) -> bytes:
    """The first unpacked bytes of a file of which only the beginning is at hand."""
    stream = Unpacked(lambda: BytesIO(head))
    try:
        return stream.read(size)
    except OSError:
        return b""
    finally:
        stream.close()


class Unpacked:
    """A file's unpacked bytes as a readable object, from `place` on.

    It is handed to libraries that read it as a file; `tell` counts unpacked bytes, and only the
    position that it is at can be sought. Raises the `OSError` of the file, kept in `failed`.
    """

    def __init__(self, open_: Opener, place: Place = Place(0, 0), *, at: int = 0) -> None:
        self.faults: list[Fault] = []
        self.failed: OSError | None = None
        self._open = open_
        self._file = open_()
        try:
            self.form = packing(self._file.read(16))
            self._file.seek(place.start)
        except OSError:
            self._file.close()
            raise
        self._at = at - place.skip
        self._window: deque[bytes] = deque()
        self._windowed = 0
        self._members: deque[tuple[int, int]] = deque(maxlen=4096)
        self._raw = b""
        self._raw_end = place.start
        self._inflate: zlib._Decompress | None = None
        self._ended = False
        self._surplus = b""
        self._told = False
        self._foreign = _foreign_reader(self.form, self._file)
        while place.skip and self._at < at:
            if not self.read(min(CHUNK, at - self._at)):
                break

    def read(self, size: int = CHUNK) -> bytes:
        """Up to `size` bytes, at most `CHUNK`; nothing at the end."""
        size = CHUNK if size is None or size < 0 else min(size, CHUNK)
        if not size or self.failed:
            return b""
        try:
            if self._foreign is not None:
                data = self._read_foreign(size)
            elif self.form == "gzip":
                data = self._read_gzip(size)
            else:
                data = self._file.read(size)
        except OSError as error:
            self.failed = error
            raise
        if not data and (fault := getattr(self._file, "fault", None)) and not self._told:
            self._told = True
            self.faults.append(Fault(self._file.tell(), f"the ZIP entry is damaged: {fault}"))
        self._at += len(data)
        self._window.append(data)
        self._windowed += len(data)
        while self._windowed - len(self._window[0]) > WINDOW:
            self._windowed -= len(self._window.popleft())
        return data

    def tell(self) -> int:
        """How many unpacked bytes were given out, counted from the beginning of the file."""
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        """Only where it is already; files that are read front to back go nowhere else."""
        if (whence == 1 and offset == 0) or (whence == 0 and offset == self._at):
            return self._at
        raise OSError("read front to back only")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def readable(self) -> bool:
        """Always; libraries ask."""
        return True

    def look(self, at: int, size: int) -> bytes:
        """Bytes that were given out lately, again; none where their first is gone."""
        first = self._at
        pieces: list[bytes] = []
        for piece in reversed(self._window):
            first -= len(piece)
            if first < at + size:
                pieces.append(piece)
            if first <= at:
                data = b"".join(reversed(pieces))
                return data[at - first : at - first + size]
        return b""

    def place(self, at: int) -> Place:
        """Where to begin to come to the unpacked byte `at` again."""
        if self.form is None:
            return Place(at, 0)
        for unpacked, packed in reversed(self._members):
            if unpacked <= at:
                return Place(packed, at - unpacked)
        return Place(0, at)

    def again(self, at: int, place: Place | None = None) -> Unpacked:
        """The same file from the unpacked byte `at` on."""
        return Unpacked(self._open, place or self.place(at), at=at)

    def _read_foreign(self, size: int) -> bytes:
        assert self._foreign is not None
        try:
            return b"" if self._ended else self._foreign.read(min(size, STEP))
        except (OSError, EOFError, lzma.LZMAError) as error:
            if isinstance(error, OSError) and error.errno:
                raise
            self._ended = True
            self.faults.append(Fault(self._file.tell(), f"the packing is damaged: {error}"))
            return b""

    def _read_gzip(self, size: int) -> bytes:
        if self._surplus:
            data, self._surplus = self._surplus[:size], self._surplus[size:]
            return data
        while not self._ended:
            if not self._raw and not self._fill():
                self._ended = True
                if self._inflate is not None:
                    self._fault("the file ends inside packed data")
                break
            if self._inflate is None and not self._begin_member():
                continue
            if data := self._inflated(size):
                self._surplus = data[size:]
                return data[:size]
        return b""

    def _fill(self) -> bool:
        more = self._file.read(CHUNK)
        self._raw += more
        self._raw_end += len(more)
        return bool(more)

    @property
    def _raw_at(self) -> int:
        return self._raw_end - len(self._raw)

    def _fault(self, message: str) -> None:
        if len(self.faults) < 10_000:
            self.faults.append(Fault(self._raw_at, message))

    def _begin_member(self) -> bool:
        """Set out on the member that begins the raw bytes; zeros between members are padding."""
        self._raw = self._raw.lstrip(b"\0")
        while len(self._raw) < 4 and self._fill():
            self._raw = self._raw.lstrip(b"\0")
        if not self._raw:
            return False
        if not _MEMBER.match(self._raw):
            self._fault("bytes that are no packed data")
            self._find_member(1)
            return False
        self._members.append((self._at, self._raw_at))
        self._inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
        return True

    def _inflated(self, size: int) -> bytes:
        inflate = self._inflate
        assert inflate is not None
        before = inflate.copy()
        try:
            data = inflate.decompress(self._raw, size)
        except zlib.error as error:
            return self._salvage(before, error)
        self._raw = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
        if inflate.eof:
            self._inflate = None
        return data

    def _salvage(self, inflate: zlib._Decompress, error: zlib.error) -> bytes:
        """What can still be had of a damaged member; then on to the next one."""
        self._inflate = None
        parts: list[bytes] = []
        step = 256
        while step:
            before = inflate.copy()
            try:
                parts.append(inflate.decompress(self._raw[:step]))
                self._raw = self._raw[step:]
            except zlib.error:
                inflate, step = before, 1 if step > 1 else 0
            if not self._raw:
                break
        self._fault(f"packed data is damaged ({str(error).split(': ')[-1]})")
        self._find_member(1)
        return b"".join(parts) + GLUE

    def _find_member(self, start: int) -> None:
        """Pass by what cannot be unpacked, up to what begins like a member."""
        while True:
            if match := _MEMBER.search(self._raw, start):
                self._raw = self._raw[match.start() :]
                return
            self._raw = self._raw[-3:] if len(self._raw) > 3 else self._raw
            start = 0
            if not self._fill():
                self._raw = b""
                return


class _Reader(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _foreign_reader(form: str | None, file: BinaryIO) -> _Reader | None:
    if form == "lz4":
        return Lz4Reader(file)
    if form == "zstd":
        return ZstdReader(file)
    if form == "bzip2":
        return bz2.BZ2File(file)
    if form == "xz":
        return lzma.LZMAFile(file)
    return None
