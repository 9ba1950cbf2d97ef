"""The entries of a ZIP file, one by one and bounded; nothing is written to the disk.

Accepts ZIP and ZIP64, stored, deflated, bzip2 and LZMA, from a file or from memory. Names are
only names: no entry is ever extracted, so a name that climbs out of the folder leads nowhere.
Refuses encrypted entries, directories over `DIRECTORY_LIMIT`, and files that unpack to more
than `RATIO` times their size.
"""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import RawIOBase
from typing import IO, BinaryIO, cast

from packager.readers.unpacked import CHUNK, Opener

DIRECTORY_LIMIT = 24 * 1024 * 1024
"""Bytes of the directory at a ZIP file's end: some 300,000 entries, which take 20 times that."""
RATIO = 100
FLOOR = 256 * 1024 * 1024
"""A ZIP file may unpack to `RATIO` times its size, or to `FLOOR` where that is more; archives of
saved pages were met at 4 to 12 times."""

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
    OverflowError,
)
"""What `zipfile` raises for what is damaged, encrypted, or packed in a way it does not know."""


class ZipError(Exception):
    """A ZIP file or entry that cannot be read: what is wrong, and what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that may be read: its name, made printable, its sizes, how to open it.

    `direct` is whether any byte of it can be reached without unpacking those before it.
    """

    name: str
    size: int
    packed: int
    direct: bool
    open_: Opener


@dataclass
class Zip:
    """A ZIP file that is open: its entries in the order of its directory."""

    archive: zipfile.ZipFile
    file: BinaryIO
    open_: Opener
    budget: int

    def names(self) -> list[str]:
        """The names of all entries, as they are written."""
        return self.archive.namelist()

    def entries(self) -> Iterator[Entry]:
        """The entries that are files."""
        for info in self.archive.infolist():
            if not info.is_dir():
                yield self._entry(info)

    def spend(self, size: int) -> bool:
        """Whether `size` more bytes may be unpacked."""
        self.budget -= size
        return self.budget >= 0

    def close(self) -> None:
        """Close the file."""
        self.archive.close()
        self.file.close()

    def _entry(self, info: zipfile.ZipInfo) -> Entry:
        direct = info.compress_type == zipfile.ZIP_STORED and not info.flag_bits & 1

        def open_() -> BinaryIO:
            if info.flag_bits & 1:
                raise ZipError("it is encrypted", "unpack it with its password first")
            try:
                if direct and (start := self._start(info)) is not None:
                    return cast(BinaryIO, _Slice(self.open_(), start, info.file_size))
                return cast(BinaryIO, _Guarded(self.archive.open(info)))
            except _BROKEN as error:
                reason = " ".join(str(error).split())[:120] or type(error).__name__
                raise ZipError(f"it cannot be unpacked: {reason}", _REPAIR) from error

        return Entry(printable(info.filename), info.file_size, info.compress_size, direct, open_)

    def _start(self, info: zipfile.ZipInfo) -> int | None:
        """Where the bytes of a stored entry begin, behind its local header (APPNOTE 4.3.7)."""
        file = self.open_()
        try:
            file.seek(info.header_offset)
            header = file.read(30)
        finally:
            file.close()
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            return None
        name, extra = struct.unpack("<HH", header[26:30])
        return info.header_offset + 30 + int(name) + int(extra)


_REPAIR = "take it from its source again, or repair it with 'zip -FF broken.zip --out whole.zip'"


def printable(name: str) -> str:
    """A name of an entry as it may be shown and cited.

    >>> printable("a\\\\b\\x07.html")
    'a/b.html'
    """
    kept = "".join(char for char in name.replace("\\", "/") if char.isprintable())
    return kept[:1024] or "unnamed"


def open_zip(open_: Opener) -> Zip:
    """The ZIP file; raises `ZipError` where it is none, or one that must not be opened, and the
    `OSError` of the file."""
    file = open_()
    try:
        size = file.seek(0, 2)
        if _directory_size(file, size) > DIRECTORY_LIMIT:
            raise ZipError("its directory is larger than that of any archive of pages", "split it")
        archive = zipfile.ZipFile(file)
    except _BROKEN as error:
        file.close()
        raise ZipError(f"no ZIP file that can be read: {str(error)[:120]}", _REPAIR) from error
    except BaseException:
        file.close()
        raise
    return Zip(archive, file, open_, max(FLOOR, RATIO * size))


def _directory_size(file: BinaryIO, size: int) -> int:
    """Bytes of the directory, as the end of the file states it (APPNOTE 4.3.14 and 4.3.16)."""
    tail = min(size, 65_536 + 98)
    file.seek(size - tail)
    end = file.read(tail)
    at, long = end.rfind(b"PK\x05\x06"), end.rfind(b"PK\x06\x06")
    stated = int(struct.unpack("<L", end[at + 12 : at + 16])[0]) if 0 <= at <= tail - 16 else 0
    if stated == 0xFFFFFFFF and 0 <= long <= tail - 48:
        stated = int(struct.unpack("<Q", end[long + 40 : long + 48])[0])
    return stated


def read_entry(entry: Entry, limit: int) -> tuple[bytes, str | None]:
    """The bytes of an entry, up to one more than `limit`, and what broke it off, if anything.

    Raises `ZipError` where it cannot be opened.
    """
    file = entry.open_()
    parts: list[bytes] = []
    left = limit + 1
    try:
        while left > 0 and (piece := file.read(min(CHUNK, left))):
            parts.append(piece)
            left -= len(piece)
    finally:
        file.close()
    return b"".join(parts), getattr(file, "fault", None)


class _Guarded(RawIOBase):
    """An entry that ends where it is damaged; `fault` says what was wrong."""

    def __init__(self, file: IO[bytes]) -> None:
        self.fault: str | None = None
        self._file = file

    def read(self, size: int = -1) -> bytes:
        if self.fault:
            return b""
        try:
            return self._file.read(size)
        except _BROKEN as error:
            self.fault = " ".join(str(error).split())[:120] or type(error).__name__
            return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        try:
            return self._file.seek(offset, whence)
        except _BROKEN as error:
            raise OSError(f"damaged: {str(error)[:120]}") from error

    def tell(self) -> int:
        return self._file.tell()

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
        super().close()


class _Slice(RawIOBase):
    """A part of a file as a file: a stored entry, any byte of which is reached at once."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._start, self._size, self._at = file, start, size, 0

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._size - self._at)
        size = left if size < 0 else min(size, left)
        self._file.seek(self._start + self._at)
        data = self._file.read(size)
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        base = {0: 0, 1: self._at, 2: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
        super().close()
