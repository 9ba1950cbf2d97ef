"""Web archives: the pages of WARC and ARC files, one pass, one record in memory.

Accepts WARC 1.0 and 1.1 and ARC, plain or packed with gzip, LZ4 or Zstandard. Pages are answers
of status 200 and resources that hold HTML or plain text, revisits whose page stands in the same
file, and the text of conversion (WET) records; all other records are passed by and counted.
Digests are checked. Refuses pages over the size limit; addresses are never opened.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from packager.findings import Report
from packager.readers.http_body import Answer, media_type, read_answer, read_body, stated_charset
from packager.readers.source import PAGE_LIMIT, Facts, Holder, Source
from packager.readers.unpacked import Opener, Place, packing, peek
from packager.readers.warc_pictures import Stock, held
from packager.readers.warc_records import (
    Damage,
    Record,
    arc_records,
    one_record,
    warc_records,
)

KNOWN_LIMIT = 500_000
"""Pages of one archive that revisits can be resolved to; each costs some 200 bytes."""
REVISIT_SKIP = 64 * 1024 * 1024
"""Unpacked bytes that are read once more to come to the page of a revisit."""

_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_VAGUE = frozenset({"", "application/octet-stream", "binary/octet-stream", "unk", "unknown"})
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.{0,2000}?-->\s*)*(?:<\?xml[^>]*>\s*)?"
    rb"<(?:!doctype\s+html|html|head|body|title|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_NO_TEXT = re.compile(
    r"(?:/(?:robots|ads|app-ads|humans|security|llms)\.txt|"
    r"\.(?:js|mjs|css|json|map|csv|svg|ico|woff2?|ttf|vtt|srt))(?:[?#]|$)",
    re.IGNORECASE,
)
"""Addresses whose text/plain is written for programs."""
_SCHEMES = ("http:", "https:", "ftp:", "file:")
_DAY = re.compile(r"\d{4}-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?)?")


def recognise(head: bytes) -> str | None:
    """Why these first bytes are a web archive, or None.

    >>> recognise(b"WARC/1.1\\r\\nWARC-Type: warcinfo\\r\\n")
    'it begins with a WARC record'
    """
    start = peek(head, 64) if packing(head) else head[:64]
    if re.match(rb"\s{0,8}WARC/\d", start):
        return "it begins with a WARC record"
    if start.startswith(b"filedesc:"):
        return "it begins with the header of an ARC file"
    return None


def read(source: Source, report: Report) -> Iterator[Source]:
    """The pages of a web archive, in its order."""
    holder = partial(held, Stock(source))
    yield from read_archive(source.open, source.path, source.name, report, holder=holder)


@dataclass
class Seen:
    """Pages by the digest of their payload, for revisits; one for all files of a WACZ."""

    pages: dict[str, tuple[Opener, bool, Place]] = field(default_factory=dict)


@dataclass
class _Run:
    """The way through one archive: where to tell, what was seen, what was passed by."""

    path: Path
    name: str
    report: Report
    damage: Damage
    seen: Seen
    slow: bool
    holder: Holder | None
    passed: Counter[str] = field(default_factory=Counter)
    pages: int = 0


def read_archive(
    open_: Opener,
    path: Path,
    name: str,
    report: Report,
    *,
    seen: Seen | None = None,
    slow: bool = False,
    holder: Holder | None = None,
) -> Iterator[Source]:
    """The pages of the archive that `open_` opens; `name` is how the book cites it.

    `slow` is an archive in which no byte can be reached without unpacking those before it;
    `holder` gives the pictures beside its pages (`warc_pictures`).
    """
    seen = Seen() if seen is None else seen
    run = _Run(path, name, report, Damage(name, report), seen, slow, holder)
    before = len(report.findings)
    try:
        arc = _is_arc(open_)
        records = (arc_records if arc else warc_records)(open_, run.damage, _wanted, slow=slow)
        for record in records:
            if page := _page(run, record, open_, arc):
                run.pages += 1
                yield page
    except OSError as error:
        report.refuse(
            "unreadable",
            name,
            f"reading stopped after {run.pages} pages: {error.strerror or error}",
            "check the disk and the file",
        )
        return
    finally:
        run.damage.close()
    if run.passed:
        held = ", ".join(f"{count} {what}" for what, count in run.passed.most_common(12))
        report.note("records-passed-by", name, f"records that hold no page to read: {held}")
    if not run.pages and len(report.findings) - before <= bool(run.passed):
        report.refuse("no-speech", name, "no page in this web archive")


def _is_arc(open_: Opener) -> bool:
    file = open_()
    try:
        head = file.read(4096)
    finally:
        file.close()
    return (peek(head, 64) if packing(head) else head).startswith(b"filedesc:")


def _wanted(kind: str, headers: dict[str, str], head: bytes) -> bool:
    """Whether a record may hold a page, told from its headers and the head of its block."""
    return not isinstance(_sort(kind, headers, head), str)


def _sort(kind: str, headers: dict[str, str], block: bytes) -> Answer | str:
    """The answer that a record holds, or what it is when it is no page."""
    if kind == "conversion":
        stated = headers.get("content-type", "text/plain")
        if media_type(stated) not in _TYPES:
            return "conversions to other than text"
        return Answer(None, {"content-type": stated}, block)
    if kind not in ("response", "resource", "revisit"):
        return f"of kind {kind}" if kind.isascii() and kind.isalpha() else "of an unknown kind"
    address = _address(headers)
    if not address.lower().startswith(_SCHEMES):
        return "about the crawl"
    http = media_type(headers.get("content-type", "")) == "application/http"
    answer = read_answer(block, certain=http)
    if answer.status is None:
        if kind == "revisit":
            return answer
        answer = Answer(None, {"content-type": _content_type(headers)}, block)
    elif kind != "revisit" and answer.status != 200:
        return f"of status {answer.status}"
    if kind == "revisit" and "content-type" not in answer.headers:
        return answer
    if answer.type not in _TYPES and not (
        answer.type in _VAGUE and (_HTML.match(answer.raw) or kind == "revisit")
    ):
        return f"of type {answer.type.partition('/')[0]}" if answer.type else "of no stated type"
    if answer.type == "text/plain" and _NO_TEXT.search(address) and not _HTML.match(answer.raw):
        return "of text for programs"
    return answer


def _content_type(headers: dict[str, str]) -> str:
    """The type of a record's block; `application/http` says nothing of a block that is none."""
    stated = headers.get("content-type", "")
    return "" if media_type(stated) == "application/http" else stated


def _address(headers: dict[str, str]) -> str:
    """The target address as a link: no angle brackets (Wget wrote them), no bare spaces."""
    address = headers.get("warc-target-uri", "").strip().removeprefix("<").removesuffix(">")
    address = address.replace(" ", "%20")
    if address.isprintable():
        return address
    return "".join(char for char in address if char.isprintable())


def _page(run: _Run, record: Record, open_: Opener, arc: bool) -> Source | None:
    """The page of a record as a source; None where it holds none, which is told or counted."""
    answer = _sort(record.kind, record.headers, record.block)
    if isinstance(answer, str):
        run.passed[answer] += 1
        return None
    name = f"{run.name}#{record.number}"
    if record.kind == "revisit":
        return _revisited(run, record, name, answer)
    if not record.whole:
        run.report.refuse(
            "too-large",
            name,
            f"record {record.number} has {record.size / 1e6:.0f} MB; "
            f"the limit is {PAGE_LIMIT / 1e6:.0f} MB",
            "read this page from a file of its own, without its media",
        )
        return None
    if record.headers.get("warc-segment-number", "1").strip() != "1" or (
        "warc-truncated" in record.headers
    ):
        run.damage.tell(record.number, record.place.start, "the crawler kept a part of it only")
    data = _data(run, record, name, answer)
    if data is None:
        return None
    digest = record.headers.get("warc-payload-digest", "").strip().lower()
    if digest and len(run.seen.pages) < KNOWN_LIMIT and not (record.mended or run.slow):
        run.seen.pages.setdefault(digest, (open_, arc, record.place))
    return _source(run, record, name, data, answer)


def _data(run: _Run, record: Record, name: str, answer: Answer) -> bytes | None:
    """The page's bytes, its digest checked; None with a finding where there are none."""
    body = read_body(answer, PAGE_LIMIT)
    if body.over:
        run.report.refuse(
            "too-large",
            name,
            f"its body unpacks to more than {PAGE_LIMIT / 1e6:.0f} MB",
            "read this page from a file of its own, without its media",
        )
        return None
    if not body.data.strip():
        run.passed["empty"] += 1
        return None
    if body.fault:
        run.damage.tell(record.number, record.place.start, body.fault)
    elif not record.mended and (wrong := _wrong_digest(record, answer.raw, body.joined, body.data)):
        run.report.warn("digest-wrong", name, wrong, "take the archive from its source again")
    return body.data


def _wrong_digest(record: Record, *bodies: bytes) -> str | None:
    """What is wrong with the record's digest; None where it fits, or none can be checked.

    Archives take the payload's digest with its chunks, without them, or unpacked.
    """
    for header, blocks in (
        ("warc-payload-digest", bodies),
        ("warc-block-digest", (record.block,)),
    ):
        algorithm, _, stated = record.headers.get(header, "").strip().partition(":")
        algorithm = algorithm.strip().lower().replace("-", "")
        if algorithm not in ("sha1", "sha256", "sha512", "md5") or not stated:
            continue
        for block in dict.fromkeys(blocks):
            digest = hashlib.new(algorithm, block, usedforsecurity=False).digest()
            if stated.strip().rstrip("=").lower() in _spellings(digest):
                return None
        return f"its {header.split('-')[1]} is not the one that its {algorithm} digest was taken of"
    return None


def _spellings(digest: bytes) -> set[str]:
    """A digest in base 32 and in hexadecimal, as archives write it."""
    return {base64.b32encode(digest).decode().rstrip("=").lower(), digest.hex()}


def _revisited(run: _Run, record: Record, name: str, answer: Answer) -> Source | None:
    """The page that a revisit record found unchanged, where it stands in the same archive."""
    digest = record.headers.get("warc-payload-digest", "").strip().lower()
    found = run.seen.pages.get(digest)
    if found is None:
        if answer.type not in _TYPES:
            run.passed["revisits of what is no page"] += 1
            return None
        run.report.note(
            "revisit-unresolved",
            name,
            "a page that had not changed since a capture in another file",
            "name the archive that holds the first capture too",
        )
        return None
    open_, arc, place = found
    first = one_record(open_, place, arc=arc) if place.skip <= REVISIT_SKIP else None
    sorted_ = _sort(first.kind, first.headers, first.block) if first and first.whole else None
    if first is None or not isinstance(sorted_, Answer):
        run.report.note(
            "revisit-unresolved", name, "the page that it repeats lies too deep in the packed file"
        )
        return None
    body = read_body(sorted_, PAGE_LIMIT)
    return _source(run, record, name, body.data, sorted_)


def _source(run: _Run, record: Record, name: str, data: bytes, answer: Answer) -> Source:
    address = _address(record.headers)
    identity = record.headers.get("warc-record-id", "").strip().strip("<>")
    facts = Facts(
        url=address if address.lower().startswith(("http:", "https:", "ftp:")) else None,
        captured=iso_day(record.headers.get("warc-date", "")),
        record=identity or str(record.number),
        charset=answer.charset or stated_charset(_content_type(record.headers)),
    )
    return Source(run.path, name, inner=data, facts=facts, holder=run.holder)


def iso_day(written: str) -> str | None:
    """A date of a web archive as an ISO date or date-time; 14 digits are such a date too.

    >>> iso_day("20070101120000"), iso_day("2007-01-01T12:00:00Z"), iso_day("soon")
    ('2007-01-01T12:00:00Z', '2007-01-01T12:00:00Z', None)
    """
    written = written.strip()
    if written.isascii() and written.isdigit() and len(written) >= 8:
        parts = written.ljust(14, "0")
        written = f"{parts[:4]}-{parts[4:6]}-{parts[6:8]}"
        written += f"T{parts[8:10]}:{parts[10:12]}:{parts[12:14]}Z"
    if not _DAY.fullmatch(written) or not ("01" <= written[5:7] <= "12"):
        return None
    return written
