"""The bytes that an address of a page leads to, out of what was saved with the page.

Looked for in this order: in the address itself (`data:` URLs, RFC 2397), in the container that
the page came out of, in the files beside the page. Nothing is fetched, and no file is opened that
lies outside the folder that was named, whichever way an address or a link climbs.
"""

from __future__ import annotations

import base64
import binascii
import os
from pathlib import PurePosixPath
from urllib.parse import unquote, unquote_to_bytes, urljoin, urlsplit

from lxml import etree

from packager.findings import UNSHOWN
from packager.pictures import LIMIT
from packager.readers.source import Source

LONGEST = 4096
"""Characters of an address that may name a file or a record."""


def saved(source: Source, address: str, base: str | None) -> tuple[str, bytes] | None:
    """The name, as a book cites it, and the bytes at an address of the page whose own address is
    `base`; None where nothing was saved there, or more than `LIMIT` bytes.

    >>> from pathlib import Path
    >>> saved(Source(Path("a.html"), "a.html"), "data:image/gif;base64,R0lGODlh", None)
    ('a.html', b'GIF89a')
    """
    address = address.strip()
    if address[:5].lower() == "data:":
        data = _inline(address[5:])
        return (source.name, data) if data else None
    if not address or len(address) > LONGEST:
        return None
    if source.holder is not None:
        return source.holder(address) or source.holder(joined(base, address))
    return _file(source, address) if source.inner is None else None


def based(root: etree._Element, address: str | None) -> str | None:
    """The address from which those of a page count: what its `base` says, else its own."""
    base = root.find(".//base[@href]")
    return joined(address, (base.get("href") or "").strip()) if base is not None else address


def joined(base: str | None, address: str) -> str:
    """An address as it is meant on the page at `base`."""
    try:
        return urljoin(base or "", address)
    except ValueError:
        return address


def _inline(rest: str) -> bytes | None:
    """The bytes of a `data:` URL; None where they are damaged."""
    head, comma, body = rest.partition(",")
    if not comma or len(body) > 3 * LIMIT:
        return None
    data = unquote_to_bytes(body)
    if head.rstrip().lower().endswith(";base64"):
        try:
            data = base64.b64decode(b"".join(data.split()) + b"==", validate=False)
        except (binascii.Error, ValueError):
            return None
    return data if len(data) <= LIMIT else None


def inside(folder: PurePosixPath, address: str) -> str | None:
    """The path to which a relative address leads from a folder, None where it climbs out of all
    folders or is not relative; what follows `?` or `#` may belong to a name or not.

    >>> inside(PurePosixPath("a"), "b%20c/d.png"), inside(PurePosixPath("a"), "../../etc/passwd")
    ('a/b c/d.png', None)
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or "\0" in address:
        return None
    path = unquote(address.partition("#")[0].partition("?")[0]).replace("\\", "/")
    if not path or "\0" in path or path.startswith("/") or ":" in path.partition("/")[0]:
        return None
    found = os.path.normpath(folder / path).replace(os.sep, "/")
    return None if found == ".." or found.startswith("../") else found


def _file(source: Source, address: str) -> tuple[str, bytes] | None:
    """The file beside a page; only below the folder that was named, and never through a link out
    of it."""
    if source.root is None:
        return None
    try:
        root = source.root.resolve()
        here = PurePosixPath(source.path.resolve().parent.relative_to(root).as_posix())
        found = inside(here, address)
        if found is None:
            return None
        path = (root / found).resolve()
        if not path.is_relative_to(root) or not path.is_file() or path.stat().st_size > LIMIT:
            return None
        data = path.read_bytes()
    except (OSError, ValueError):  # a name that no file system takes, a page outside its root
        return None
    away = os.path.relpath(found, here)
    name = os.path.normpath(PurePosixPath(source.name).parent / away).replace(os.sep, "/")
    return UNSHOWN.sub("\N{REPLACEMENT CHARACTER}", name), data
