"""Opens an EPUB once, safely, into `EpubFile`: the value that every point reads.

Accepts any bytes. What is no readable EPUB at all (no ZIP, no container, no package that
parses) or is over the bounds below gives one `Finding` instead. XML is parsed without
network, without entities and without libxml2's huge-tree switch; a document that does not
parse is kept with its fault. Pictures and fonts are measured, not kept.
"""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, urlsplit
from zipfile import BadZipFile, ZipFile, ZipInfo

from lxml import etree
from lxml.etree import _Element

from packager.check.resources import Font, Picture, measure_font, measure_picture
from packager.findings import Finding, Severity

XHTML = "http://www.w3.org/1999/xhtml"
SVG = "http://www.w3.org/2000/svg"
OPS = "http://www.idpf.org/2007/ops"
OPF = "http://www.idpf.org/2007/opf"
DC = "http://purl.org/dc/elements/1.1/"
NCX = "http://www.daisy.org/z3986/2005/ncx/"
XML = "http://www.w3.org/XML/1998/namespace"
XLINK = "http://www.w3.org/1999/xlink"
OCF = "urn:oasis:names:tc:opendocument:xmlns:container"

# Bounds against archives made to exhaust the machine. A book of 5,000 speeches has about
# 5,000 members and 30 MB of text; Kobo takes no document over 10 MB and no book over 1 GB.
MAX_MEMBERS = 20_000
MAX_BOOK = 1 << 30
MAX_MEMBER = 128 << 20
MAX_TEXT = 16 << 20
MAX_TEXTS = 256 << 20

# Whatever zipfile and zlib raise over damaged or exotic archives.
ZIP_FAULTS = (
    BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Item:
    """One `item` of the manifest; `name` is its path in the container ('' when remote)."""

    id: str
    href: str
    name: str
    media_type: str
    properties: frozenset[str]
    line: int


@dataclass(frozen=True, slots=True)
class Document:
    """One XML document; `root` is None when it does not parse, and `fault` says why.

    `ids` gives for each id its place in document order and its element.
    """

    name: str
    text: str
    root: _Element | None
    fault: str = ""
    fault_line: int = 0
    ids: Mapping[str, tuple[int, _Element]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EpubFile:
    """An EPUB as it is: everything that the points look at, nothing that they change.

    `place` is the file as the user named it, `arrived` the time at which it came to stand on
    this disk, `head` its first bytes, `spine` the container paths in reading order and
    `order` the place of each in it.
    """

    place: str
    arrived: datetime
    head: bytes
    entries: tuple[ZipInfo, ...]
    package: Document
    items: tuple[Item, ...]
    spine: tuple[str, ...]
    order: Mapping[str, int]
    documents: Mapping[str, Document]
    styles: Mapping[str, str]
    pictures: Mapping[str, Picture]
    fonts: Mapping[str, Font]
    ncx: Document | None
    damaged: tuple[tuple[str, str], ...]


def open_epub(path: Path) -> EpubFile | Finding:
    """The book behind `path`, or the one finding that says why it cannot be read."""
    place = str(path)
    try:
        with path.open("rb") as file:
            head = file.read(128)
        status = path.stat()
        arrived = datetime.fromtimestamp(max(status.st_mtime, status.st_ctime), UTC)
        with ZipFile(path) as archive:
            refused = _over_bounds(archive, place)
            return refused or _read(archive, place, arrived, head)
    except ZIP_FAULTS as fault:
        return _unreadable(place, f"no readable ZIP archive ({_reason(fault)})")


def parse(name: str, data: bytes) -> Document:
    """Parse XML without network, entities or huge trees; a fault is kept, not raised."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, LookupError, ValueError) as fault:
        line = getattr(fault, "lineno", None) or 1
        return Document(name, data.decode("utf-8", "replace"), None, _reason(fault), line)
    encoding = root.getroottree().docinfo.encoding or "utf-8"
    ids: dict[str, tuple[int, _Element]] = {}
    for number, element in enumerate(root.iter("*")):
        identity = element.get("id")
        if identity is not None:
            ids.setdefault(identity, (number, element))
    return Document(name, _decode(data, encoding), root, ids=MappingProxyType(ids))


def resolve(base: str, href: str) -> tuple[str, str] | None:
    """The container path and fragment that `href` names in `base`; None when it leaves the book.

    >>> resolve("OEBPS/text/a.xhtml", "../nav.xhtml#toc")
    ('OEBPS/nav.xhtml', 'toc')
    >>> resolve("OEBPS/text/a.xhtml", "https://example.org/") is None
    True
    """
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        return None
    fragment = unquote(parts.fragment)
    if not parts.path:
        return base, fragment
    path = posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(parts.path)))
    return path.lstrip("/"), fragment


def is_id(fragment: str) -> bool:
    """False for fragments that name a region or an EPUB CFI, and for none at all."""
    return bool(fragment) and "(" not in fragment and "=" not in fragment


def place(book: EpubFile, name: str, where: _Element | int | None = None) -> str:
    """`file:member` or `file:member:line`, the place of a finding."""
    line = where if isinstance(where, int) or where is None else line_of(where)
    return f"{book.place}:{name}:{line}" if line else f"{book.place}:{name}"


def line_of(element: _Element) -> int | None:
    """The line on which an element begins."""
    line: Any = element.sourceline  # the two sets of stubs for lxml disagree
    return int(line) if line else None


def chapters(book: EpubFile) -> Iterator[Document]:
    """The documents of the spine that parse, in reading order, each once."""
    for name in dict.fromkeys(book.spine):
        document = book.documents.get(name)
        if document is not None and document.root is not None:
            yield document


def nav_document(book: EpubFile) -> Document | None:
    """The navigation document that the manifest names, if it is there and parses."""
    for item in book.items:
        if "nav" in item.properties:
            document = book.documents.get(item.name)
            return document if document is not None and document.root is not None else None
    return None


def _over_bounds(archive: ZipFile, place: str) -> Finding | None:
    entries = archive.infolist()
    largest = max(entries, key=lambda entry: entry.file_size, default=None)
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_MEMBERS:
        what = f"{len(entries):,} members, more than the {MAX_MEMBERS:,} that we open"
    elif largest is not None and largest.file_size > MAX_MEMBER:
        what = f"{largest.filename} unpacks to {largest.file_size:,} bytes"
    elif total > MAX_BOOK:
        what = f"the book unpacks to {total:,} bytes, more than the {MAX_BOOK:,} that we open"
    else:
        return None
    return Finding("too-large", Severity.ERROR, place, what, "split the book into volumes")


def _read(archive: ZipFile, place: str, arrived: datetime, head: bytes) -> EpubFile | Finding:
    damaged: list[tuple[str, str]] = []
    package = _package(archive, place, damaged)
    if isinstance(package, Finding):
        return package
    items = tuple(_items(package))
    spine = tuple(_spine(package, items))
    names = set(archive.namelist())
    texts = [i for i in items if i.name in names and _is_text(i)]
    sizes = [archive.getinfo(item.name).file_size for item in texts]
    if max(sizes, default=0) > MAX_TEXT or sum(sizes) > MAX_TEXTS:
        what = f"its documents hold {sum(sizes):,} bytes, the longest {max(sizes):,}"
        return Finding("too-large", Severity.ERROR, place, what, "split documents, or the book")
    order = {name: number for number, name in reversed(list(enumerate(spine)))}
    documents, styles, ncx = _texts(archive, texts, order, damaged)
    pictures, fonts = _media(archive, [i for i in items if i.name in names], damaged)
    seen = {item.name for item in texts} | set(pictures) | set(fonts)
    _verify(archive, seen | {name for name, _ in damaged}, damaged)
    return EpubFile(
        place=place,
        arrived=arrived,
        head=head,
        entries=tuple(archive.infolist()),
        package=package,
        items=items,
        spine=spine,
        order=MappingProxyType(order),
        documents=MappingProxyType(documents),
        styles=MappingProxyType(styles),
        pictures=MappingProxyType(pictures),
        fonts=MappingProxyType(fonts),
        ncx=ncx,
        damaged=tuple(damaged),
    )


def _package(archive: ZipFile, place: str, damaged: list[tuple[str, str]]) -> Document | Finding:
    """EPUB 3.3 §4.2.6.3.1: container.xml names the package document."""
    data = _bytes(archive, "META-INF/container.xml", damaged)
    container = parse("META-INF/container.xml", data or b"")
    if container.root is None:
        where = f"{place}:META-INF/container.xml"
        return _unreadable(where, f"the container file is missing or damaged ({container.fault})")
    rootfiles = container.root.iter(f"{{{OCF}}}rootfile")
    name = next((r.get("full-path", "") for r in rootfiles), "")
    data = _bytes(archive, name, damaged)
    if data is None:
        where = f"{place}:META-INF/container.xml"
        return _unreadable(where, f"the package document {name!r} that it names is not there")
    package = parse(name, data)
    if package.root is None:
        where = f"{place}:{name}:{package.fault_line}"
        return _unreadable(where, f"the package document does not parse: {package.fault}")
    return package


def _items(package: Document) -> Iterator[Item]:
    assert package.root is not None
    for element in package.root.iter(f"{{{OPF}}}item"):
        href = element.get("href", "")
        target = resolve(package.name, href)
        yield Item(
            id=element.get("id", "").strip(),
            href=href,
            name=target[0] if target is not None and href else "",
            media_type=element.get("media-type", ""),
            properties=frozenset(element.get("properties", "").split()),
            line=line_of(element) or 1,
        )


def _spine(package: Document, items: tuple[Item, ...]) -> Iterator[str]:
    assert package.root is not None
    names = {item.id: item.name for item in items}
    for element in package.root.iter(f"{{{OPF}}}itemref"):
        name = names.get(element.get("idref", "").strip())
        if name:
            yield name


def _is_text(item: Item) -> bool:
    return item.media_type in {"application/xhtml+xml", "application/x-dtbncx+xml", "text/css"}


def _texts(
    archive: ZipFile, items: list[Item], order: Mapping[str, int], damaged: list[tuple[str, str]]
) -> tuple[dict[str, Document], dict[str, str], Document | None]:
    documents: dict[str, Document] = {}
    styles: dict[str, str] = {}
    ncx: Document | None = None
    for item in sorted(items, key=lambda item: order.get(item.name, len(order))):
        data = _bytes(archive, item.name, damaged)
        if data is None:
            continue
        if item.media_type == "text/css":
            styles[item.name] = data.decode("utf-8-sig", "replace")
        elif item.media_type == "application/xhtml+xml":
            documents[item.name] = parse(item.name, data)
        else:
            ncx = parse(item.name, data)
    return documents, styles, ncx


def _media(
    archive: ZipFile, items: list[Item], damaged: list[tuple[str, str]]
) -> tuple[dict[str, Picture], dict[str, Font]]:
    pictures: dict[str, Picture] = {}
    fonts: dict[str, Font] = {}
    for item in items:
        kind = item.media_type.casefold()
        is_font = kind.startswith(("font/", "application/font", "application/x-font"))
        if not is_font and kind != "application/vnd.ms-opentype" and not kind.startswith("image/"):
            continue
        data = _bytes(archive, item.name, damaged)
        if data is None:
            continue
        if kind.startswith("image/"):
            pictures[item.name] = measure_picture(data)
        else:
            fonts[item.name] = measure_font(data)
    return pictures, fonts


def _verify(archive: ZipFile, seen: set[str], damaged: list[tuple[str, str]]) -> None:
    """Read what nobody else reads, so that a false checksum is seen."""
    for name in dict.fromkeys(archive.namelist()):
        if name not in seen and not name.endswith("/"):
            _bytes(archive, name, damaged)


def _bytes(archive: ZipFile, name: str, damaged: list[tuple[str, str]]) -> bytes | None:
    try:
        return archive.read(name)
    except KeyError:
        return None
    except ZIP_FAULTS as fault:
        damaged.append((name, _reason(fault)))
        return None


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _reason(fault: BaseException) -> str:
    return " ".join(str(fault).split()) or type(fault).__name__


def _unreadable(place: str, message: str) -> Finding:
    return Finding("unreadable", Severity.ERROR, place, message, "build or fetch the book again")
