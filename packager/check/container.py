"""Points 1 to 3: the ZIP container, its names and its stamps."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import partial

from packager.check.epub import EpubFile, place
from packager.findings import Finding, Severity

MIMETYPE = b"application/epub+zip"
FORBIDDEN = re.compile(
    r'["*:<>?\\|\x00-\x1f\x7f-\x9f\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\uffff'
    r"\U000f0000-\U0010ffff]"
)
JUNK = re.compile(
    r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\.git/|\.svn/|\._[^/]*$)|(~|\.bak|\.orig|\.swp)$",
    re.IGNORECASE,
)


def mimetype(book: EpubFile) -> Iterator[Finding]:
    """Point 1: mimetype first, stored, exact, no extra field (EPUB 3.3 §4.3.3)."""
    tell = partial(Finding, "epub-01-mimetype", Severity.ERROR, f"{book.place}:mimetype")
    hint = "write mimetype first, stored, holding application/epub+zip and nothing else"
    head = book.head
    length_of_name = int.from_bytes(head[26:28], "little")
    if head[:4] != b"PK\x03\x04" or length_of_name != 8 or head[30:38] != b"mimetype":
        yield tell("mimetype is not the first member", hint)
        return
    extra = int.from_bytes(head[28:30], "little")
    if int.from_bytes(head[8:10], "little") != 0:
        yield tell("mimetype is compressed", hint)
        return
    if extra:
        yield tell("mimetype carries an extra field", hint)
    first = next((entry for entry in book.entries if entry.filename == "mimetype"), None)
    start = 38 + extra
    length = first.file_size if first is not None else 0
    if head[start : start + 20] != MIMETYPE or length != len(MIMETYPE):
        yield tell("mimetype does not hold exactly application/epub+zip", hint)


def names(book: EpubFile) -> Iterator[Finding]:
    """Point 2: sound names; manifest and archive agree (EPUB 3.3 §4.2.3, §5.6.1)."""
    yield from _unsound_names(book)
    yield from _manifest_disagrees(book)


def _unsound_names(book: EpubFile) -> Iterator[Finding]:
    tell = partial(Finding, "epub-02-names")
    counts = Counter(entry.filename for entry in book.entries)
    folded: dict[str, str] = {}
    for name, count in counts.items():
        where = place(book, name)
        if count > 1:
            yield tell(Severity.ERROR, where, f"{count} members have this name", "keep one")
        twin = folded.setdefault(unicodedata.normalize("NFC", name).casefold(), name)
        if twin != name:
            message = f"differs from {twin} only in case or composition"
            yield tell(Severity.ERROR, where, message, "give the two files different names")
        parts = name.rstrip("/").split("/")
        unsafe = name.startswith("/") or ".." in parts or any(p.endswith(".") for p in parts)
        if unsafe or FORBIDDEN.search(name) or any(len(p.encode()) > 255 for p in parts):
            message = "a path or character that EPUB forbids in names"
            yield tell(Severity.ERROR, where, message, "use letters, digits, . _ - and /")
        elif not re.fullmatch(r"[\w./+()-]+", name, re.ASCII):
            message = "spaces or letters outside ASCII in a file name"
            yield tell(Severity.WARNING, where, message, "use letters, digits, . _ - and /")
        if JUNK.search(name):
            yield tell(Severity.WARNING, where, "left behind by another program", "leave it out")
        elif name.endswith("/"):
            yield tell(Severity.NOTE, where, "an entry for a folder", "write files only")


def _manifest_disagrees(book: EpubFile) -> Iterator[Finding]:
    tell = partial(Finding, "epub-02-names")
    members = {entry.filename for entry in book.entries}
    listed: set[str] = set()
    for item in book.items:
        where = place(book, book.package.name, item.line)
        if not item.name:
            continue
        if item.name not in members:
            message = f"the manifest lists {item.href!r}, which is not in the book"
            yield tell(Severity.ERROR, where, message, "add the file or drop the item")
        if item.name in listed:
            message = f"the manifest lists {item.href!r} twice"
            yield tell(Severity.ERROR, where, message, "keep one item")
        listed.add(item.name)
    for entry in book.entries:
        name = entry.filename
        if name in listed or name in {"mimetype", book.package.name} or name.endswith("/"):
            continue
        if not name.startswith("META-INF/") and not JUNK.search(name):
            message = "in the book but not in the manifest"
            yield tell(Severity.WARNING, place(book, name), message, "list it or leave it out")


def stamps(book: EpubFile) -> Iterator[Finding]:
    """Point 3: one time stamp, one set of attributes, no extra fields (equal builds)."""
    tell = partial(Finding, "epub-03-stamps", Severity.NOTE, book.place)
    hint = "write every entry with one fixed ZipInfo, so that two builds are equal"
    times = {entry.date_time for entry in book.entries}
    kinds = {(entry.create_system, entry.external_attr) for entry in book.entries}
    if len(times) > 1:
        yield tell(f"members carry {len(times)} different time stamps", hint)
    if len(kinds) > 1:
        yield tell(f"members carry {len(kinds)} different sets of file attributes", hint)
    extras = [entry.filename for entry in book.entries if entry.extra or entry.comment]
    if extras:
        yield tell(f"{len(extras)} members carry extra fields, the first {extras[0]}", hint)
