"""A file of an archive: found, bounded, hashed, and turned from bytes into text.

Accepts files, folders (walked in name order) and globs. Refuses what is empty, binary or
over `PAGE_LIMIT`; nothing outside the named paths is opened, no link is followed out of
a folder that was named, nothing is fetched.
"""

from __future__ import annotations

import codecs
import glob
import hashlib
import io
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath
from typing import BinaryIO

from packager.errors import InputError
from packager.findings import UNSHOWN, Report
from packager.readers.encoding import find_text, wide_encoding

PAGE_LIMIT = 32 * 1024 * 1024
"""Bytes of one page. The largest page of a news archive seen so far had 4 MB, with its
pictures inlined; a file beyond this is no page, and would cost ten times its size in memory."""

_BLANK = b" \t\n\r\f\v\x00\xef\xbb\xbf\xff\xfe"
"""White space and byte order marks: a file of nothing else is empty."""

HEAD_SIZE = 4096
"""Bytes that are looked at to tell text from pictures, archives and programs."""

# XML 1.0 (5th ed.) §2.2 Char, less the C1 controls; soft hyphens and zero-width spaces are
# hints for a line breaker that is not ours, a byte order mark inside a text is an accident;
# U+FFFC stands for a picture that text cannot hold.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffc\ufffe\uffff]"
)
_RESOURCES = re.compile(
    r"(.+?)(?:[_-](?:files|dateien|fichiers|bestanden|archivos|ficheiros|arquivos|file|filer|"
    r"tiedostot|pliki|soubory|subory|fajlovi|fajlok|failid|faili|dosyalar|elemei|datoteke)|"
    r"\.files|_archivos|_файлы|_文件)",
    re.IGNORECASE,
)
_C1 = re.compile(b"\xc2[\x80-\x9f]")
_NO_CHARACTERS = re.compile(b"\xef(?:\xb7[\x90-\xaf]|\xbf[\xbc\xbe\xbf])")
"""The same beyond ASCII as UTF-8: C1 controls; U+FDD0 to U+FDEF, U+FFFC, U+FFFE, U+FFFF."""
_PICTURES = frozenset(".png .jpg .jpeg .jfif .gif .webp .avif .bmp .tif .tiff".split())
"""Endings of files that are no pages but may be shown by one."""
_TEXTLIKE = (b"II*\0", b"MM\0*", b"BM", b"RIFF")
"""How those of them begin whose bytes may look like text: TIFF, BMP, WebP."""
_UNUSUAL = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f\x1b")
_CONTROLS = bytes(code for code in range(128) if _UNPRINTABLE.match(chr(code)))
_HINTS = "\u00ad\u200b\u2060\ufeff"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a container says of the page inside it: a WARC record's headers, the comment of a
    saving browser, the frame of a web archive. `captured` is an ISO date or date-time;
    `charset` is the encoding that the container names for the page's bytes."""

    url: str | None = None
    captured: str | None = None
    record: str | None = None
    charset: str | None = None


Holder = Callable[[str], tuple[str, bytes] | None]
"""The name and the bytes of what a container holds at an address; it can be sent to a worker."""


@dataclass(frozen=True)
class Source:
    """One page of an archive: `path` to open it, `name` as the book shall cite it.

    A page inside a container has its bytes in `inner` and is named `file#record`. `root` is the
    folder that was named, out of which nothing is opened; `holder` gives the name and the bytes
    of what the container holds at an address beside the page.
    """

    path: Path
    name: str
    inner: bytes | None = None
    facts: Facts = Facts()
    root: Path | None = None
    holder: Holder | None = None

    @cached_property
    def head(self) -> bytes:
        """The first `HEAD_SIZE` bytes."""
        if self.inner is not None:
            return self.inner[:HEAD_SIZE]
        with self.open() as file:
            return file.read(HEAD_SIZE)

    def open(self) -> BinaryIO:
        """The bytes as a file, for forms that are read in a stream."""
        return self.path.open("rb") if self.inner is None else io.BytesIO(self.inner)

    @property
    def size(self) -> int:
        """Bytes of the page."""
        return self.path.stat().st_size if self.inner is None else len(self.inner)

    @cached_property
    def data(self) -> bytes:
        """All bytes; only for pages that `refused` let through."""
        return self.path.read_bytes() if self.inner is None else self.inner

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the bytes, as 64 hex digits."""
        if self.inner is not None:
            return hashlib.sha256(self.inner).hexdigest()
        with self.path.open("rb") as file:  # not held: the file may be longer than memory
            return hashlib.file_digest(file, "sha256").hexdigest()

    @cached_property
    def decoded(self) -> Decoded:
        """The bytes as text, with the encoding and how it was found."""
        return decode(self.data, stated=self.facts.charset)


@dataclass(frozen=True)
class Decoded:
    """Text, the encoding it was in, and what had to be guessed or dropped for it.

    `declared` is what the page said of itself when its bytes said otherwise; `stray` counts
    the bytes that `encoding` does not explain.
    """

    text: str
    encoding: str
    guessed: bool
    dropped: int
    declared: str | None = None
    stray: int = 0


def find_sources(paths: Iterable[Path | str], base: Path | None = None) -> Iterator[Source]:
    """The files that `paths` name: files, folders or globs, each file once, in a fixed order.

    Names are as given, or with `base` as seen from that folder; what cannot be printed of one
    is shown as U+FFFD. Raises `InputError` for a
    path that names nothing.
    """
    seen: set[Path] = set()
    for path in paths:
        try:
            found = list(_expand(Path(path)))
        except (OSError, ValueError):  # a name that no file system takes
            found = []
        if not found:
            raise InputError(f"{path}: nothing there", hint="name a file, a folder or a glob")
        root = Path(path) if Path(path).is_dir() else None
        for file in found:
            if (key := file.resolve()) not in seen:
                seen.add(key)
                name = Path(os.path.relpath(file, base) if base else file).as_posix()
                shown = UNSHOWN.sub("\N{REPLACEMENT CHARACTER}", name)
                yield Source(file, shown, root=root or file.parent)


def _expand(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from _walk(path, path.resolve())
    elif path.exists():
        yield path
    else:
        for name in sorted(glob.glob(str(path), recursive=True)):
            if Path(name).is_file():
                yield Path(name)


def _walk(folder: Path, root: Path) -> Iterator[Path]:
    """Regular files below a folder; hidden ones, links that leave the folder and the resources of
    pages that a browser saved whole are passed by."""
    entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    names = {entry.name for entry in entries}
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if (stem := is_resource_folder(entry.name)) and names & {f"{stem}.html", f"{stem}.htm"}:
            continue
        path = Path(entry.path)
        if entry.is_symlink() and not path.resolve().is_relative_to(root):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(path, root)
        elif entry.is_file():
            yield path


def is_resource_folder(name: str) -> str | None:
    """The name of the page, less its ending, to which a folder of this name holds pictures and
    scripts: browsers save "complete web pages" so, and name the folder in the user's language.

    >>> is_resource_folder("speech_files"), is_resource_folder("speeches")
    ('speech', None)
    """
    match = _RESOURCES.fullmatch(name)
    return match[1] if match else None


def refused(source: Source, report: Report, *, streamed: bool = False) -> bool:
    """True, with a finding, when the file cannot be a page; `streamed` forms know no limit."""
    try:
        size = source.size
        head = source.head
    except OSError as error:
        report.refuse(
            "unreadable",
            source.name,
            f"cannot be opened: {error.strerror}",
            "check the file and its permissions",
        )
        return True
    if not head.strip(_BLANK) and (size <= HEAD_SIZE or not source.data.strip(_BLANK)):
        report.refuse("empty-file", source.name, "the file is empty", "save the page again")
        return True
    if size > PAGE_LIMIT and not streamed:
        report.refuse(
            "too-large",
            source.name,
            f"{size / 1e6:.0f} MB in one page; the limit is {PAGE_LIMIT / 1e6:.0f} MB",
            "split it, or save the page without its media",
        )
        return True
    pictured = PurePath(source.name).suffix.lower() in _PICTURES
    if pictured and (is_binary(head) or head.startswith(_TEXTLIKE)):
        report.refuse(
            "no-speech", source.name, "a picture; pages that show it take it from where it lies"
        )
        return True
    if is_binary(head):
        report.refuse(
            "binary-file",
            source.name,
            "the file is not text",
            "name the saved pages only, or convert it to text first",
        )
        return True
    return False


def is_binary(head: bytes) -> bool:
    """True for bytes that no text encoding produces: many NULs (UTF-16, UTF-32 apart) or controls.

    >>> is_binary(b"PK" + bytes(range(32))), is_binary("Good evening".encode("utf-16"))
    (True, False)
    """
    if head.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    if head.startswith(
        (b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
    ):
        return True
    if b"\0" in head and wide_encoding(head):
        return False
    unusual = _UNUSUAL
    if b"\x1b$)C" in head:  # ISO 2022-KR, RFC 1557
        unusual = unusual.translate(None, b"\x0e\x0f")
    controls = len(head) - len(head.translate(None, unusual))
    return controls > max(8, len(head) // 20)


def decode(data: bytes, *, stated: str | None = None) -> Decoded:
    """Bytes as clean text: see `encoding`. `stated` is the encoding that a container names.

    >>> decode("Åland".encode("cp1252")).text
    'Åland'
    """
    found = find_text(data, stated)
    text = found.text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, dropped = clean(text.replace("\x85", "\n"))
    return Decoded(text, found.encoding, found.guessed, dropped, found.declared, found.stray)


def clean(text: str) -> tuple[str, int]:
    """Text in NFC without what no book can hold, and how many such characters were dropped.

    >>> clean("a\\x07b\\u00adc")
    ('abc', 1)
    """
    text = text.replace("\x0c", "\n")
    dropped = 0
    if _may_hold_unprintable(text):
        text, dropped = _UNPRINTABLE.subn("", text)
    for hint in _HINTS:
        text = text.replace(hint, "")
    return unicodedata.normalize("NFC", text), dropped


_REFERENCE = re.compile(r"&(?:#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}));?|shy;)")


def clean_references(text: str) -> tuple[str, int]:
    """Markup without references to characters that `clean` would drop, and how many of them no
    book can hold; 128 to 159 are letters of windows-1252 (HTML, numeric character reference end
    state).

    >>> clean_references("a&#7;b&shy;c &#146;&amp;")
    ('abc &#146;&amp;', 1)
    """
    if "&#" not in text and "&shy;" not in text:
        return text, 0
    dropped = 0

    def kept(match: re.Match[str]) -> str:
        nonlocal dropped
        number = int(match[1], 16) if match[1] else int(match[2] or 0xAD)
        char = chr(number) if number <= 0x10FFFF else "\0"
        if 0x80 <= number < 0xA0 or not (_UNPRINTABLE.match(char) or char in _HINTS):
            return match[0]
        dropped += char not in _HINTS
        return ""

    return _REFERENCE.sub(kept, text), dropped


def _may_hold_unprintable(text: str) -> bool:
    """Asked of the bytes, which takes half the time that the expression does."""
    data = text.encode("utf-8", "surrogatepass")
    return (
        len(data.translate(None, _CONTROLS)) < len(data)
        or (b"\xc2" in data and _C1.search(data) is not None)
        or (b"\xef" in data and _NO_CHARACTERS.search(data) is not None)
    )


def tell_decoding(source: Source, report: Report) -> None:
    """The findings that turning this file's bytes into text gave."""
    decoded = source.decoded
    if decoded.declared:
        report.warn(
            "encoding-wrong",
            source.name,
            f"says that it is {decoded.declared}, but its bytes are not; "
            f"read as {decoded.encoding}",
            "look at the accents; convert the file to UTF-8 if they are wrong",
        )
    elif decoded.guessed and decoded.encoding != "utf-8":
        report.warn(
            "encoding-guessed",
            source.name,
            f"not UTF-8; read as {decoded.encoding}",
            "look at the accents; convert the file to UTF-8 if they are wrong",
        )
    if decoded.stray:
        report.warn(
            "encoding-mixed",
            source.name,
            f"{decoded.stray} bytes are not {decoded.encoding}; read as windows-1252 where that "
            "has a letter, else shown as \N{REPLACEMENT CHARACTER}",
            "look for wrong letters; save the page again in one encoding",
        )
    if decoded.dropped:
        tell_dropped(decoded.dropped, source, report)


def tell_dropped(count: int, source: Source, report: Report) -> None:
    """The finding that control characters were left out of a page."""
    report.warn(
        "characters-dropped",
        source.name,
        f"{count} control character{'' if count == 1 else 's'} left out",
        "no book format can hold them; compare the page if words seem to run together",
    )
