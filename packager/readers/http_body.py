"""What a server sent, as a web archive keeps it: status, headers, and the page's own bytes.

Accepts HTTP/0.9 to HTTP/2 as archives write them, bodies in chunks and bodies packed with gzip,
deflate, Brotli or Zstandard. Headers lie: what says that it is in chunks or packed and is not
is taken as it stands; what breaks off is given as far as it goes. Never gives more than `limit`.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from fastwarc.stream_io import BrotliReader, ZstdReader
from warcio.bufferedreaders import (
    ChunkedDataException,
    ChunkedDataReader,
)

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})\b[^\n]*\n", re.IGNORECASE)
_DAMAGED_STATUS = re.compile(rb"[^\s<>]{1,16} +(\d{3})\b[^\n]{0,200}\n(?=[A-Za-z-]{2,40}:)")
_END = re.compile(rb"\r?\n\r?\n")
HEADERS_LIMIT = 64 * 1024
_PIECE = 16 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer: `status` is None where no status line was kept; `raw` is the body as it
    was sent; headers are in lower case, the last of a name wins."""

    status: int | None
    headers: dict[str, str]
    raw: bytes

    @property
    def type(self) -> str:
        """The media type that the server stated, bare and in lower case."""
        return media_type(self.headers.get("content-type", ""))

    @property
    def charset(self) -> str | None:
        """The encoding that the server stated."""
        return stated_charset(self.headers.get("content-type", ""))


def media_type(value: str) -> str:
    """The type without its parameters.

    >>> media_type("Text/HTML; charset=utf-8")
    'text/html'
    """
    return value.partition(";")[0].strip().lower()


def stated_charset(value: str) -> str | None:
    """The charset parameter of a content type.

    >>> stated_charset('text/html; Charset="windows-1251"')
    'windows-1251'
    """
    match = re.search(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", value, re.IGNORECASE)
    return match[1] if match else None


def read_answer(block: bytes, *, certain: bool = False) -> Answer:
    """Status, headers and raw body of a block; one without a status line is all body.

    In a block that is `certain` to be an answer, a damaged status line will do.

    >>> read_answer(b"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n<p>Hi").raw
    b'<p>Hi'
    """
    status = _STATUS.match(block) or (_DAMAGED_STATUS.match(block) if certain else None)
    if not status:
        return Answer(None, {}, block)
    if block.startswith((b"\n", b"\r\n"), status.end()):
        return Answer(int(status[1]), {}, block[status.end() :].lstrip(b"\r").removeprefix(b"\n"))
    end = _END.search(block, status.end() - 1, status.end() + HEADERS_LIMIT)
    stop = end.start() if end else len(block)
    headers = _headers(block[status.end() : min(stop, status.end() + HEADERS_LIMIT)])
    return Answer(int(status[1]), headers, block[end.end() :] if end else b"")


def _headers(block: bytes) -> dict[str, str]:
    """Header lines by their names in lower case; a line that is none is passed by."""
    headers: dict[str, str] = {}
    name = ""
    for line in block.decode("latin-1").split("\n"):
        if line[:1] in (" ", "\t"):  # a folded line, RFC 9112 §5.2
            if name:
                headers[name] = f"{headers[name]} {line.strip()}"
            continue
        name, colon, value = line.partition(":")
        name = name.strip().lower() if colon else ""
        if name:
            headers[name] = value.strip()
    return headers


@dataclass(frozen=True, slots=True)
class Body:
    """The page's bytes, and what went wrong on the way to them; `joined` is the body without
    its chunks but still packed, which some archives take their digest of."""

    data: bytes
    joined: bytes
    fault: str | None = None
    over: bool = False


def read_body(answer: Answer, limit: int) -> Body:
    """The body, its chunks joined and unpacked, up to `limit` bytes."""
    data, fault = answer.raw, None
    if "chunked" in answer.headers.get("transfer-encoding", "").lower():
        data, fault = _joined(data)
    joined = data
    for coding in reversed(answer.headers.get("content-encoding", "").lower().split(",")):
        unpack = _UNPACK.get(coding.strip())
        if unpack and data:
            data, trouble = unpack(data, limit)
            fault = fault or trouble
    return Body(data[:limit], joined, fault, over=len(data) > limit)


def _joined(data: bytes) -> tuple[bytes, str | None]:
    try:
        return ChunkedDataReader(BytesIO(data), raise_exceptions=True).read(), None
    except ChunkedDataException:
        pass
    except Exception as error:  # warcio asserts and converts as it reads
        return data, f"its chunks cannot be read ({type(error).__name__})"
    try:
        joined: bytes = ChunkedDataReader(BytesIO(data)).read()
    except Exception as error:  # as above
        return data, f"its chunks cannot be read ({type(error).__name__})"
    if len(joined) == len(data):  # it was not in chunks at all, which is common
        return data, None
    ended = re.search(rb"\r\n0[^\n]{0,64}\n?\r?\n?\Z", data) is not None
    return joined, None if ended else "its chunks break off"


_Unpack = Callable[[bytes, int], tuple[bytes, str | None]]


def _inflate(data: bytes, limit: int, *windows: int) -> tuple[bytes, str | None]:
    """Unpack with the first of the window sizes that fits; what is not packed stays as it is."""
    for window in windows:
        inflate = zlib.decompressobj(window)
        parts: list[bytes] = []
        size, rest = 0, data
        try:
            while rest and size <= limit and not inflate.eof:
                piece = inflate.decompress(rest[:_PIECE], _PIECE * 16)
                rest = inflate.unconsumed_tail + rest[_PIECE:]
                parts.append(piece)
                size += len(piece)
        except zlib.error as error:
            if not size:
                continue
            return b"".join(parts), f"its packed body is damaged ({str(error).split(': ')[-1]})"
        fault = None if inflate.eof or size > limit else "its packed body breaks off"
        return b"".join(parts), fault
    return data, None


def _gzip(data: bytes, limit: int) -> tuple[bytes, str | None]:
    return _inflate(data, limit, 16 + zlib.MAX_WBITS)


def _deflate(data: bytes, limit: int) -> tuple[bytes, str | None]:
    return _inflate(data, limit, zlib.MAX_WBITS, -zlib.MAX_WBITS)


def _reader(
    make: type[BrotliReader] | type[ZstdReader], data: bytes, limit: int
) -> tuple[bytes, str | None]:
    reader = make(BytesIO(data))
    parts: list[bytes] = []
    size = 0
    try:
        while size <= limit and (piece := reader.read(_PIECE)):
            parts.append(piece)
            size += len(piece)
    except OSError as error:
        if not size:
            return data, None
        return b"".join(parts), f"its packed body is damaged ({str(error)[:80]})"
    return b"".join(parts), None


def _brotli(data: bytes, limit: int) -> tuple[bytes, str | None]:
    return _reader(BrotliReader, data, limit)


def _zstd(data: bytes, limit: int) -> tuple[bytes, str | None]:
    return _reader(ZstdReader, data, limit)


_UNPACK: dict[str, _Unpack] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
