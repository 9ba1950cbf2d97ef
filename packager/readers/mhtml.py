"""Pages saved as MHTML (.mht, .mhtml): the one page in it, with address and day of the saving.

Accepts RFC 2557 files of Chromium, Internet Explorer, Opera and mail programs, of many parts or
of one. The page is the part that `start` names, else the one at the snapshot's own address,
else the first of HTML; frames, styles and scripts are passed by and counted, pictures wait until
the page is read (`held`). Refuses files over `LIMIT` and files in which no part is HTML.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import lru_cache, partial
from urllib.parse import unquote

from packager.findings import Report
from packager.pictures import LIMIT as PICTURE_LIMIT
from packager.readers.http_body import media_type, stated_charset
from packager.readers.saved import original_of
from packager.readers.source import PAGE_LIMIT, Facts, Source

LIMIT = 2 * PAGE_LIMIT
"""Bytes of a file: the pictures of a page take a third more in base64 than on their own."""
PARTS = 10_000
HEAD = 4096

_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:[^\n]*\n(?:[ \t][^\n]*\n)*")
_MULTIPART = re.compile(rb"^content-type:\s*multipart/(?:related|mixed|alternative)\b", re.M | re.I)
_SAVED = re.compile(
    rb"^(?:snapshot-content-location:|from:\s*\"?<?saved by|x-mimeole:|content-location:)",
    re.M | re.I,
)
_MEDIA = re.compile(
    rb"(^content-type:[ \t]*(?:image|font|audio|video|application/(?!xhtml))[^\n]*\n"
    rb"(?:[^\n]{2,2000}\n){0,20}?\r?\n)(?:[A-Za-z0-9+/=]{40,}\r?\n)+",
    re.M | re.I,
)
"""A part of media in base64: nine tenths of a saved page, which need not be taken apart."""
_VERSION = re.compile(rb"^mime-version:\s*1", re.M | re.I)


def recognise(head: bytes) -> str | None:
    """Why these first bytes are a page saved as MHTML, or None.

    >>> recognise(b"From: <Saved by Blink>\\r\\nMIME-Version: 1.0\\r\\n"
    ...           b"Content-Type: multipart/related; boundary=x\\r\\n\\r\\n--x\\r\\n")
    'it begins with the headers of a saved page'
    """
    start = head[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    headers = re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0] + b"\n"
    if not _HEADER.match(headers) or not _VERSION.search(headers):
        return None
    if _MULTIPART.search(headers) or _SAVED.search(headers):
        return "it begins with the headers of a saved page"
    return None


def read(source: Source, report: Report) -> Iterator[Source]:
    """The page of an MHTML file; none, with a finding, where there is none."""
    if source.size > LIMIT:
        report.refuse(
            "too-large",
            source.name,
            f"{source.size / 1e6:.0f} MB in one saved page; the limit is {LIMIT / 1e6:.0f} MB",
            "save the page without its media",
        )
        return
    try:
        data = _MEDIA.sub(rb"\1", source.data.lstrip(b"\r\n"))
        message = message_from_bytes(data, policy=policy.compat32)
        parts = _leaves(message)
    except OSError as error:
        report.refuse("unreadable", source.name, f"cannot be opened: {error.strerror or error}")
        return
    except (MessageError, ValueError, LookupError, RecursionError) as error:
        reason = " ".join(str(error).split())[:120]
        report.refuse("unreadable", source.name, f"no MIME message: {reason}", "save it again")
        return
    page = _page(message, parts)
    if page is None:
        report.refuse(
            "no-speech", source.name, f"no part of this file is HTML; it holds {_held(parts)}"
        )
        return
    data = _content(page)
    if broken := _broken(message, page):
        report.warn(
            "record-damaged", source.name, f"{broken}; read as far as it goes", "save it again"
        )
    if len(parts) > 1:
        rest = [part for part in parts if part is not page]
        report.note("records-passed-by", source.name, f"parts beside the page: {_held(rest)}")
    facts, holder = _facts(message, page), partial(held, source)
    yield Source(source.path, f"{source.name}#page", inner=data, facts=facts, holder=holder)


def held(source: Source, address: str) -> tuple[str, bytes] | None:
    """The name and the bytes of the part at an address (RFC 2557 §5), or of an id (RFC 2392)."""
    part = _media_of(source).get(address.partition("#")[0])
    data = _content(part) if part is not None else b""
    if not data or len(data) > PICTURE_LIMIT:
        return None
    last = re.split(r"[/?#:]", address.rstrip("/"))[-1] or "part"
    return f"{source.name}#{unquote(last)[:200]}", data


@lru_cache(maxsize=1)
def _media_of(source: Source) -> dict[str, Message]:
    """The parts that are pictures, by address and by id; none where the file is damaged."""
    try:
        parts = _leaves(message_from_bytes(source.data.lstrip(b"\r\n"), policy=policy.compat32))
    except (OSError, MessageError, ValueError, LookupError, RecursionError):
        return {}
    found: dict[str, Message] = {}
    for part in parts:
        if _value(part, "Content-Type").lower().startswith("image/"):
            if ident := _value(part, "Content-ID").strip("<>"):
                found.setdefault(f"cid:{ident}", part)
            if address := _value(part, "Content-Location"):
                found.setdefault(address.partition("#")[0], part)
    return found


def _leaves(message: Message) -> list[Message]:
    """The parts that hold something, front to back."""
    leaves: list[Message] = []
    for part in message.walk():
        if not part.is_multipart() and part.get_content_maintype() != "multipart":
            leaves.append(part)
        if len(leaves) >= PARTS:
            break
    return leaves


def _value(part: Message, name: str) -> str:
    """A header as one line of printable text, soft breaks of long addresses taken out."""
    value = "".join(str(part.get(name, "")).splitlines())
    return "".join(char for char in value if char.isprintable()).strip()


def _is_html(part: Message) -> bool:
    return media_type(_value(part, "Content-Type")) in ("text/html", "application/xhtml+xml")


def _page(message: Message, parts: list[Message]) -> Message | None:
    """The part that is the page."""
    pages = [part for part in parts if _is_html(part)]
    start = message.get_param("start")
    if isinstance(start, str):
        for part in pages:
            if _value(part, "Content-ID").strip("<>") == start.strip("<> "):
                return part
    address = _value(message, "Snapshot-Content-Location")
    for part in pages:
        if address and _value(part, "Content-Location") == address:
            return part
    return pages[0] if pages else None


def _content(part: Message) -> bytes:
    """The bytes of a part; what its encoding cannot explain is left as it stands."""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _broken(message: Message, page: Message) -> str | None:
    """What the file or the page's part lacks; None where both are whole."""
    defects = {type(defect).__name__ for one in (message, page) for defect in one.defects}
    if "CloseBoundaryNotFoundDefect" in defects or "StartBoundaryNotFoundDefect" in defects:
        return "the file breaks off before the end of its last part"
    if "InvalidBase64CharactersDefect" in defects or "InvalidBase64LengthDefect" in defects:
        return "the page's part is damaged (base64)"
    return None


def _held(parts: list[Message]) -> str:
    kinds = Counter(media_type(_value(part, "Content-Type")) or "untyped" for part in parts)
    return ", ".join(f"{count} {kind[:40]}" for kind, count in kinds.most_common(8)) or "nothing"


def _facts(message: Message, page: Message) -> Facts:
    """Address, day and stated encoding: of the snapshot, else of the page's part."""
    address = _value(message, "Snapshot-Content-Location")
    address = address or _value(page, "Content-Location") or _value(message, "Content-Location")
    captured = _captured(_value(message, "Date") or _value(page, "Date"))
    charset = stated_charset(_value(page, "Content-Type"))
    identity = _value(page, "Content-ID").strip("<>") or None
    if archived := original_of(address):
        return Facts(archived.url, archived.captured, identity, charset)
    web = address.lower().startswith(("http://", "https://", "ftp://"))
    return Facts(address if web else None, captured, identity, charset)


def _captured(written: str) -> str | None:
    try:
        moment = parsedate_to_datetime(written)
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
