"""Containers: web archives, WACZ, ZIP, packed files, MHTML, saved pages: whole, lying, broken."""

from __future__ import annotations

import base64
import bz2
import gzip
import hashlib
import io
import lzma
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from fastwarc.stream_io import Lz4Writer, ZstdWriter
from hypothesis import given, settings
from hypothesis import strategies as st

from packager import Report, dump_speech, read
from packager.findings import CODES
from packager.readers import CONTAINERS, http_body, saved, source, warc
from packager.readers.source import Facts, Source, tell_decoding
from packager.readers.unpacked import Unpacked
from packager.readers.warc_records import Damage, arc_records, warc_records
from packager.reading import pages_in

SHARED = Path(__file__).parents[2] / ".." / "shared" / "corpora"
WARCS = SHARED / "warc"
needs_warcs = pytest.mark.skipif(not WARCS.is_dir(), reason="../shared/corpora/warc is not here")
needs_odd = pytest.mark.skipif(
    not (SHARED / "html-odd").is_dir(), reason="../shared/corpora/html-odd is not here"
)

DAY = "2021-04-07T10:20:30Z"
PAGE = b"<html><head><title>Tides</title></head><body><p>Good evening, keepers.</p></body></html>"


# --- making small archives -----------------------------------------------------------------


def record(
    block: bytes,
    kind: str = "response",
    url: str = "http://lamps.example/a",
    length: str | None = None,
    version: str = "1.0",
    **more: str,
) -> bytes:
    """A WARC record; `length` is what it says of its length, where that is not the truth."""
    headers = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{hashlib.md5(block).hexdigest()}>",
        "WARC-Date": DAY,
        "WARC-Target-URI": url,
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)) if length is None else length,
    }
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value != "-")
    return f"WARC/{version}\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def answer(
    body: bytes = PAGE, *headers: str, type: str = "text/html", status: str = "200 OK"
) -> bytes:
    """What a server sends."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {type}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def noise(size: int) -> bytes:
    """Text that hardly packs."""
    return b"".join(hashlib.sha512(b"%d" % n).hexdigest().encode() for n in range(size // 128))


class Kept(io.BytesIO):
    """Memory that outlives the writer that closes it."""

    def close(self) -> None:
        pass


def lz4(data: bytes) -> bytes:
    file = Kept()
    with Lz4Writer(file) as writer:
        writer.write(data)
    return file.getvalue()


def zst(data: bytes) -> bytes:
    file = Kept()
    with ZstdWriter(file) as writer:
        writer.write(data)
    return file.getvalue()


def page(n: int) -> bytes:
    return PAGE.replace(b"keepers", b"keepers of lamp %d" % n)


INFO = record(b"software: none\r\n", "warcinfo", Content_Type="application/warc-fields")
THREE = INFO + b"".join(record(answer(page(n)), url=f"http://lamps.example/{n}") for n in (1, 2, 3))


def arc(*records: tuple[bytes, str], columns: str = "") -> bytes:
    """An ARC file; each record says of its length what stands beside it."""
    version = b"1 0 Lamps\nURL IP-address Archive-date Content-type Archive-length\n"
    out = b"filedesc://lamps.arc 0.0.0.0 20210407102030 text/plain %d\n%s\n" % (
        len(version),
        version,
    )
    for n, (block, length) in enumerate(records):
        head = f"http://lamps.example/{n} 10.0.0.1 20210407102030 text/html {columns}{length}\n"
        out += head.encode() + block + b"\n"
    return out


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return file.getvalue()


def mhtml(html: str = "<p>Guten Abend, W=C3=A4rter.", close: bool = True, **headers: str) -> bytes:
    top = {
        "From": "<Saved by Blink>",
        "Snapshot-Content-Location": "http://lamps.example/evening",
        "Subject": "Evening",
        "Date": "Wed, 7 Apr 2021 12:20:30 +0200",
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/related;\r\n\ttype="text/html";\r\n\tboundary="lamp"',
    }
    top |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in top.items()]
    lines += ["", "--lamp", "Content-Type: image/png", "Content-Transfer-Encoding: base64"]
    lines += ["Content-Location: http://lamps.example/x.png", "", *["QUJD" * 19] * 40]
    lines += ["--lamp", "Content-Type: text/html; charset=utf-8", "Content-ID: <one@lamp>"]
    lines += ["Content-Transfer-Encoding: quoted-printable"]
    lines += ["Content-Location: http://lamps.example/evening", "", html]
    lines += ["--lamp", "Content-Type: text/html", "Content-ID: <frame@lamp>", "", "<p>A frame."]
    return "\r\n".join([*lines, *(["--lamp--", ""] if close else [])]).encode()


def take(data: bytes, name: str = "box") -> tuple[list[Source], Report]:
    report = Report()
    return list(pages_in(Source(Path(name), name, inner=data), report)), report


def told(report: Report, *passed: str) -> list[str]:
    """The findings as a user sees them, without the notes of what was passed by."""
    quiet = ("records-passed-by", *passed)
    return [str(finding) for finding in report if finding.code not in quiet]


def said(pages: list[Source]) -> list[bytes]:
    return [one.inner or b"" for one in pages]


# --- web archives --------------------------------------------------------------------------


def test_pages_of_a_warc_with_their_facts() -> None:
    pages, report = take(THREE, "lamps.warc")
    assert said(pages) == [page(1), page(2), page(3)]
    assert [one.name for one in pages] == ["lamps.warc#2", "lamps.warc#3", "lamps.warc#4"]
    facts = pages[0].facts
    assert (facts.url, facts.captured) == ("http://lamps.example/1", DAY)
    assert facts.record and facts.record.startswith("urn:uuid:")
    assert [str(finding) for finding in report] == [
        "lamps.warc: note: records that hold no page to read: 1 of kind warcinfo "
        "(records-passed-by)"
    ]


def packings() -> dict[str, bytes]:
    parts = [b"WARC/1.0" + part for part in THREE.split(b"WARC/1.0")[1:]]
    return {
        "plain": THREE,
        "a member a record": b"".join(map(gzip.compress, parts)),
        "one member": gzip.compress(THREE),
        "members cut anywhere": b"".join(
            gzip.compress(THREE[n : n + 100]) for n in range(0, len(THREE), 100)
        ),
        "zeros between members": b"\0\0".join(map(gzip.compress, parts)),
        "lz4": lz4(THREE),
        "zst": zst(THREE),
        "bzip2": bz2.compress(THREE),
        "xz": lzma.compress(THREE),
        "line feeds alone": b"".join(
            record(answer(page(n)).replace(b"\r\n", b"\n")).replace(b"\r\n", b"\n")
            for n in (1, 2, 3)
        ),
        "version 1.1": THREE.replace(b"WARC/1.0", b"WARC/1.1"),
    }


@pytest.mark.parametrize("packing", packings())
def test_however_a_warc_is_packed(packing: str) -> None:
    pages, report = take(packings()[packing])
    assert said(pages) == [page(1), page(2), page(3)]
    assert told(report) == []


LIES = {
    "too small": ("40", f"says that it has 40 bytes and has {len(answer())}"),
    "too large": (str(len(answer()) + 60), f"says that it has {len(answer()) + 60} bytes and has"),
    "over the end": ("9999999999", f"says that it has 9999999999 bytes and has {len(answer())}"),
    "below zero": ("-5", f"says that it has -5 bytes and has {len(answer())}"),
    "no number": ("many", f"says that it has many bytes and has {len(answer())}"),
    "no length": ("-", f"says that it has nothing bytes and has {len(answer())}"),
    "past all bounds": ("9" * 40, f"says that it has {'9' * 40} bytes and has {len(answer())}"),
}


@pytest.mark.parametrize("packed", ["plain", "one member", "a member a record"])
@pytest.mark.parametrize("lie", LIES)
def test_a_record_whose_length_lies_is_read_whole_and_so_are_the_others(
    lie: str, packed: str
) -> None:
    length, message = LIES[lie]
    parts = [record(answer(page(1))), record(answer(), length=length), record(answer(page(3)))]
    data = b"".join(parts)
    if packed != "plain":
        data = (
            gzip.compress(data) if packed == "one member" else b"".join(map(gzip.compress, parts))
        )
    pages, report = take(data)
    assert said(pages) == [page(1), PAGE, page(3)]
    (finding,) = report
    assert finding.code == "record-damaged"
    assert finding.place == "box#2"
    assert message in finding.message
    assert finding.message.startswith("record 2, byte ")
    assert finding.message.endswith("; read to where the next begins")


def test_a_length_that_swallows_several_records() -> None:
    data = record(answer(), length="1200") + THREE + record(answer(page(9)))
    pages, _ = take(data)
    assert said(pages) == [PAGE, page(1), page(2), page(3), page(9)]


def test_a_large_record_that_swallows_the_rest() -> None:
    large = b"x" * (source.PAGE_LIMIT + 200_000)
    data = record(answer(large, type="video/mp4"), length="9999999999") + THREE
    pages, _ = take(data)
    assert said(pages) == [page(1), page(2), page(3)]


def test_a_file_that_ends_inside_a_record() -> None:
    pages, report = take((record(answer(page(1))) + record(answer()))[:-30])
    assert said(pages)[0] == page(1)
    assert PAGE.startswith(said(pages)[1]) and len(said(pages)[1]) == len(PAGE) - 26
    start = len(record(answer(page(1))))
    have, all_ = len(answer()) - 26, len(answer())
    assert told(report) == [
        f"box#2: warning: record 2, byte {start}: the file ends inside it: {have} of its {all_} "
        "bytes are there (record-damaged); compare its page with the site; take the archive from "
        "its source again"
    ]


def test_garbage_between_records_is_told_and_passed_by() -> None:
    whole = answer(PAGE, f"Content-Length: {len(PAGE)}")
    pages, report = take(record(whole) + b"no record at all\r\n" + record(answer(page(2))))
    assert said(pages) == [PAGE, page(2)]
    (finding,) = report
    assert finding.message == (
        "record 1, byte 0: behind it stand 22 bytes that are no record; left out"
    )


def test_a_header_without_end() -> None:
    endless = b"WARC/1.0\r\nWARC-Type: " + b"a" * 100_000 + b"\r\n\r\n"
    pages, report = take(record(answer()) + endless + record(answer(page(2))))
    assert said(pages) == [PAGE, page(2)]
    assert len(told(report)) == 1


def test_a_damaged_member_costs_its_own_record_only() -> None:
    texts = [b"<p>%d" % n + noise(30_000) for n in range(3)]
    parts = [gzip.compress(record(answer(text))) for text in texts]
    broken = bytearray(parts[1])
    broken[len(broken) // 2 : len(broken) // 2 + 4] = b"\xff\xff\xff\xff"
    pages, report = take(parts[0] + bytes(broken) + parts[2])
    assert said(pages)[0] == texts[0] and said(pages)[-1] == texts[2]
    assert texts[1].startswith(said(pages)[1]) and len(said(pages)[1]) > 10_000
    assert any("packed data is damaged" in line for line in told(report))
    assert all(finding.code == "record-damaged" for finding in report)


def test_a_packed_file_that_breaks_off() -> None:
    data = gzip.compress(record(answer(page(1)))) + gzip.compress(record(answer()))
    pages, report = take(data[:-40])
    assert said(pages)[0] == page(1)
    assert any("the file ends inside packed data" in line for line in told(report))


def test_only_pages_become_pages() -> None:
    blocks = {
        "moved": answer(status="301 Moved Permanently"),
        "missing": answer(status="404 Not Found"),
        "picture": answer(b"\x89PNG", type="image/png"),
        "style": answer(b"p {}", type="text/css"),
        "robots.txt": answer(b"User-agent: *", type="text/plain"),
        "lamps.js": answer(b"var a;", type="text/plain"),
        "empty": answer(b""),
    }
    data = b"".join(record(block, url=f"http://lamps.example/{n}") for n, block in blocks.items())
    data += record(b"GET / HTTP/1.1\r\n\r\n", "request") + record(b"fetchTime: 1", "metadata")
    data += record(b"a log", "resource", "metadata://tool/log", Content_Type="text/plain")
    data += record(b"x", "continuation") + record(b"x", "odd kind")
    pages, report = take(data)
    assert pages == []
    assert [str(finding) for finding in report] == [
        "box: note: records that hold no page to read: 2 of text for programs, 1 of status 301, "
        "1 of status 404, 1 of type image, 1 of type text, 1 empty, 1 of kind request, "
        "1 of kind metadata, 1 about the crawl, 1 of kind continuation, 1 of an unknown kind "
        "(records-passed-by)",
        "box: note: no page in this web archive (no-speech)",
    ]


def test_pages_whose_type_is_vague_or_missing_are_known_by_their_first_words() -> None:
    data = record(answer(type="application/octet-stream"))
    data += record(answer(b"<!-- x --><!DOCTYPE html><p>Hi", type="unknown"))
    data += record(answer(b"\x00\x01\x02\x03", type="application/octet-stream"))
    data += record(PAGE, "resource", Content_Type="text/html; charset=koi8-r")
    data += record(b"Good evening, keepers.", "resource", Content_Type="text/plain")
    pages, _ = take(data)
    assert [one.name for one in pages] == ["box#1", "box#2", "box#4", "box#5"]
    assert pages[2].facts.charset == "koi8-r"


def test_text_of_a_conversion_record() -> None:
    block = "Buenas noches, señores.".encode()
    pages, report = take(record(block, "conversion", Content_Type="text/plain"))
    assert said(pages) == [block]
    assert told(report) == []


CHUNKED = b"9\r\n<html><p>\r\n" + b"e;name=value\r\nGood evening, \r\n" + b"4\r\nall.\r\n0\r\n\r\n"
DEFLATED = gzip.zlib.compress(PAGE)
BODIES = {
    "in chunks": (CHUNKED, ("Transfer-Encoding: chunked",), b"<html><p>Good evening, all."),
    "says chunks and has none": (PAGE, ("Transfer-Encoding: chunked",), PAGE),
    "gzip": (gzip.compress(PAGE), ("Content-Encoding: gzip",), PAGE),
    "says gzip and is plain": (PAGE, ("Content-Encoding: gzip",), PAGE),
    "deflate": (DEFLATED, ("Content-Encoding: deflate",), PAGE),
    "deflate without its frame": (DEFLATED[2:-4], ("Content-Encoding: deflate",), PAGE),
    "says br and is plain": (PAGE, ("Content-Encoding: br",), PAGE),
    "unknown coding": (PAGE, ("Content-Encoding: sdch",), PAGE),
    "gzip in chunks": (
        b"%x\r\n%s\r\n0\r\n\r\n" % (len(gzip.compress(PAGE)), gzip.compress(PAGE)),
        ("transfer-encoding: Chunked", "CONTENT-ENCODING: x-gzip"),
        PAGE,
    ),
    "a folded header": (gzip.compress(PAGE), ("X-A: 1\r\n  2", "Content-Encoding: gzip"), PAGE),
}


@pytest.mark.parametrize("case", BODIES)
def test_bodies_in_chunks_and_packed_even_where_headers_lie(case: str) -> None:
    body, headers, expected = BODIES[case]
    block = answer(body, *headers)
    pages, report = take(record(block, WARC_Payload_Digest=sha1(body)))
    assert said(pages) == [expected]
    assert told(report) == []


def test_a_body_that_breaks_off_is_given_as_far_as_it_goes() -> None:
    text = b"<p>" + noise(30_000)
    packed = gzip.compress(text)
    pages, report = take(record(answer(packed[:-300], "Content-Encoding: gzip")))
    assert text.startswith(said(pages)[0]) and len(said(pages)[0]) > 1000
    (finding,) = report
    assert finding.message == "record 1, byte 0: its packed body breaks off"
    pages, report = take(record(answer(CHUNKED[:30], "Transfer-Encoding: chunked")))
    assert said(pages) == [b"<html><p>Go"]
    (finding,) = report
    assert finding.message == "record 1, byte 0: its chunks break off"


def test_a_body_that_swells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "PAGE_LIMIT", 100_000)
    swollen = gzip.compress(b"<p>" + b" a" * 1_000_000)
    pages, report = take(record(answer(swollen, "Content-Encoding: gzip")) + record(answer()))
    assert said(pages) == [PAGE]
    assert told(report) == [
        "box#1: error: its body unpacks to more than 0 MB (too-large); "
        "read this page from a file of its own, without its media"
    ]


def test_a_record_over_the_limit_is_refused_and_the_next_is_read() -> None:
    large = answer(b"<p>" + b"a" * (source.PAGE_LIMIT + 100_000))
    pages, report = take(record(large) + record(answer()))
    assert said(pages) == [PAGE]
    assert told(report) == [
        "box#1: error: record 1 has 34 MB; the limit is 34 MB (too-large); "
        "read this page from a file of its own, without its media"
    ]


def test_digests() -> None:
    right = [
        sha1(PAGE),
        sha1(PAGE).lower(),
        "sha256:" + hashlib.sha256(PAGE).hexdigest(),
        "SHA-1:" + hashlib.sha1(PAGE).hexdigest().upper(),
        "md5:" + hashlib.md5(PAGE).hexdigest(),
        "lamp:123",
        "sha1",
    ]
    data = b"".join(record(answer(), WARC_Payload_Digest=digest) for digest in right)
    pages, report = take(data)
    assert (len(pages), told(report)) == (7, [])
    pages, report = take(record(answer(), WARC_Payload_Digest=sha1(b"another page")))
    assert said(pages) == [PAGE]
    assert told(report) == [
        "box#1: warning: its payload is not the one that its sha1 digest was taken of "
        "(digest-wrong); take the archive from its source again"
    ]
    _, report = take(record(answer(), WARC_Block_Digest=sha1(b"another")))
    assert [finding.code for finding in report] == ["digest-wrong"]


def test_a_revisit_brings_the_page_again_with_its_own_day() -> None:
    digest = sha1(page(7))
    first = record(answer(page(7)), WARC_Payload_Digest=digest)
    again = record(
        b"",
        "revisit",
        "http://lamps.example/other",
        WARC_Payload_Digest=digest.replace("sha1", "SHA1"),
        WARC_Date="2022-02-02T02:02:02Z",
    )
    data = THREE + first + THREE + again
    parts = [b"WARC/1.0" + part for part in data.split(b"WARC/1.0")[1:]]
    for packed in (data, gzip.compress(data), b"".join(map(gzip.compress, parts))):
        pages, report = take(packed)
        assert pages[-1].inner == page(7)
        assert pages[-1].facts.url == "http://lamps.example/other"
        assert pages[-1].facts.captured == "2022-02-02T02:02:02Z"
        assert told(report) == []


def test_a_revisit_of_what_is_not_here_is_told_where_it_is_a_page() -> None:
    page_ = record(answer(b""), "revisit", WARC_Payload_Digest=sha1(b"elsewhere"))
    picture = record(answer(b"", type="image/png"), "revisit", WARC_Payload_Digest=sha1(b"x"))
    pages, report = take(record(answer()) + page_ + picture)
    assert said(pages) == [PAGE]
    assert told(report) == [
        "box#2: note: a page that had not changed since a capture in another file "
        "(revisit-unresolved); name the archive that holds the first capture too"
    ]


def test_odd_addresses_and_days() -> None:
    data = record(answer(), url="<http://lamps.example/a b>")
    data += record(answer(), url="file:///home/lamp.html", WARC_Date="soon")
    pages, _ = take(data)
    assert [one.facts.url for one in pages] == ["http://lamps.example/a%20b", None]
    assert [one.facts.captured for one in pages] == [DAY, None]


def test_damage_without_end_is_told_in_bounds() -> None:
    pages, report = take(record(answer(), length="7") * 300)
    assert len(pages) == 300
    lines = told(report)
    assert len(lines) == 101
    assert lines[-1] == (
        "box: warning: and 200 more places of damage in this file (record-damaged)"
    )


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    filler = gzip.compress(record(answer(b"<p>" + b"evening " * 20_000)))
    peaks = []
    for count in (20, 200):
        file = tmp_path / f"{count}.warc.gz"
        file.write_bytes(filler * count)
        tracemalloc.start()
        assert sum(1 for _ in warc.read(Source(file, file.name), Report())) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.3


# --- ARC -----------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", ["", "200 - - 0 lamps.arc "], ids=["version 1", "version 2"])
@pytest.mark.parametrize("packed", [False, True])
def test_pages_of_an_arc(columns: str, packed: bool) -> None:
    size = str(len(answer()))
    data = arc((answer(), size), (answer(status="404 No"), str(len(answer(status="404 No")))),
               (answer(), size), columns=columns)  # fmt: skip
    pages, report = take(gzip.compress(data) if packed else data)
    assert said(pages) == [PAGE, PAGE]
    assert pages[1].facts == Facts("http://lamps.example/2", DAY, "4")
    assert told(report) == []


@pytest.mark.parametrize("length", ["9", "-1", "abc", "999999", str(len(answer()) + 40)])
def test_an_arc_record_whose_length_lies(length: str) -> None:
    size = str(len(answer()))
    pages, report = take(arc((answer(), size), (answer(), length), (answer(), size)))
    assert said(pages) == [PAGE] * 3
    (finding,) = [one for one in report if one.code == "record-damaged"]
    assert finding.place == "box#3"
    assert f"says that it has {length} bytes" in finding.message


# --- WACZ, ZIP, packed files ---------------------------------------------------------------


def test_pages_of_a_wacz_and_revisits_across_its_archives() -> None:
    digest = sha1(page(7))
    first = gzip.compress(record(answer(page(7)), WARC_Payload_Digest=digest))
    again = record(b"", "revisit", "http://lamps.example/9", WARC_Payload_Digest=digest)
    entries = {
        "archive/a.warc.gz": first,
        "archive/b.warc": again,
        "pages/pages.jsonl": b'{"format": "json-pages-1.0"}',
        "datapackage.json": b"{}",
    }
    pages, report = take(zipped(entries, zipfile.ZIP_STORED), "lamps.wacz")
    assert [one.name for one in pages] == [
        "lamps.wacz#archive/a.warc.gz#1",
        "lamps.wacz#archive/b.warc#1",
    ]
    assert said(pages) == [page(7), page(7)]
    assert told(report) == []
    pages, _ = take(zipped(entries))  # deflated: no way back but from the beginning
    assert said(pages)[0] == page(7)


def test_a_wacz_without_a_web_archive() -> None:
    pages, report = take(zipped({"datapackage.json": b"{}", "pages/pages.jsonl": b""}))
    assert pages == []
    assert told(report) == [
        "box: error: a WACZ without a web archive in it (unreadable); "
        "it should hold archive/*.warc.gz; take it from its source again"
    ]


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_pages_in_a_zip(method: int) -> None:
    entries = {
        "evening/a.html": PAGE,
        "evening/b.html.gz": gzip.compress(page(2)),
        "c.mhtml": mhtml(),
        "d.warc.gz": gzip.compress(THREE),
        "inner.zip": zipped({"e.txt": b"Good evening."}),
        "evening/a_files/frame.html": b"<p>An advertisement",
        "evening/x.png": b"\x89PNG",
        "__MACOSX/a.html": b"x",
        ".hidden/a.html": b"x",
    }
    pages, report = take(zipped(entries, method), "lamps.zip")
    assert [one.name for one in pages] == [
        "lamps.zip#evening/a.html",
        "lamps.zip#evening/b.html.gz#b.html",
        "lamps.zip#c.mhtml#page",
        "lamps.zip#d.warc.gz#2",
        "lamps.zip#d.warc.gz#3",
        "lamps.zip#d.warc.gz#4",
        "lamps.zip#inner.zip#e.txt",
    ]
    assert "1 resources of saved pages" in next(
        finding.message for finding in report if finding.place == "lamps.zip"
    )
    assert told(report) == []


def test_names_that_climb_out_of_the_folder_lead_nowhere(tmp_path: Path) -> None:
    entries = {"../../evening.html": PAGE, "/etc/evening.html": PAGE, "C:\\evening.html": PAGE}
    pages, _ = take(zipped(entries))
    assert [one.name for one in pages] == [
        "box#../../evening.html",
        "box#/etc/evening.html",
        "box#C:/evening.html",
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_zip_that_unpacks_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    from packager.readers import zipped as zips

    pages, report = take(zipped({"a.html": b" " * (source.PAGE_LIMIT + 1), "b.html": PAGE}))
    assert said(pages) == [PAGE]
    assert told(report) == [
        "box#a.html: error: 34 MB in one page; the limit is 34 MB (too-large); "
        "unpack it, and split it or save the page without its media"
    ]
    monkeypatch.setattr(zips, "FLOOR", 3000)
    many = {f"{n}.html": b"<p>" + b"a" * 100_000 for n in range(50)}
    pages, report = take(zipped(many))
    assert 0 < len(pages) < 40
    assert told(report)[0].endswith(
        "it unpacks to far more than text does (too-large); unpack it by hand if you trust it"
    )


def test_broken_and_foreign_zips() -> None:
    whole = zipped({"a.html": PAGE * 40, "b.html": PAGE})
    _, report = take(whole[:-30])
    (line,) = told(report)
    assert "error: no ZIP file that can be read" in line
    assert line.endswith("or repair it with 'zip -FF broken.zip --out whole.zip'")
    at = whole.index(PAGE[:6]) if PAGE[:6] in whole else 60
    damaged = whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :]
    pages, report = take(damaged)
    assert said(pages)[-1] == PAGE
    assert [finding.code for finding in report] == ["record-damaged"]
    _, report = take(zipped({"mimetype": b"application/epub+zip", "a.xhtml": PAGE}))
    assert told(report) == [
        "box: error: an EPUB or OpenDocument file, no archive of pages (unknown-form); "
        "save its text as HTML, Markdown or plain text"
    ]
    _, report = take(zipped({"x.png": b"1"}))
    assert told(report) == ["box: note: no page in this ZIP file (no-speech)"]


def test_an_encrypted_entry() -> None:
    data = bytearray(zipped({"a.html": PAGE, "b.html": PAGE}, zipfile.ZIP_STORED))
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    pages, report = take(bytes(data))
    assert said(pages) == [PAGE]
    assert told(report) == [
        "box#a.html: error: it is encrypted (unreadable); unpack it with its password first"
    ]


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(PAGE), bz2.compress(PAGE), lzma.compress(PAGE), zst(PAGE)],
    ids=["gz", "bz2", "xz", "zst"],
)
def test_a_packed_page(packed: bytes) -> None:
    pages, report = take(packed, "evening.html.gz")
    assert said(pages) == [PAGE]
    assert pages[0].name == "evening.html.gz#evening.html"
    assert told(report) == []


def test_packed_pages_that_break_off_or_swell() -> None:
    text = noise(30_000)
    pages, report = take(gzip.compress(text)[:-200])
    assert text.startswith(said(pages)[0])
    assert [finding.code for finding in report] == ["record-damaged"]
    pages, report = take(gzip.compress(b" a" * source.PAGE_LIMIT))
    assert pages == []
    assert [finding.code for finding in report] == ["too-large"]
    _, report = take(gzip.compress(b"x" * 257 + b"ustar" + b"x" * 300), "a.tar.gz")
    assert told(report) == [
        "a.tar.gz: error: a tar archive (unknown-form); unpack it and name the folder"
    ]


def test_a_long_table_is_read_from_a_file_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    from packager.readers import packed

    monkeypatch.setattr(packed, "PAGE_LIMIT", 1000)
    line = b'{"text": "Good evening, keepers.", "title": "Tides"}\n'
    for data in (gzip.compress(line * 100), zipped({"a.jsonl": line * 100})):
        report = Report()
        one = Source(Path("box"), "a.jsonl.gz", inner=data)
        knows = [opens for knows, opens in CONTAINERS.values() if knows(data)]
        for inner in knows[0](one, report):
            assert inner.inner is None
            assert inner.path.read_bytes() == line * 100
            path = inner.path
        assert not path.exists()
        assert told(report) == []


# --- MHTML ---------------------------------------------------------------------------------


def test_the_page_of_an_mhtml_file() -> None:
    pages, report = take(mhtml(), "evening.mhtml")
    (one,) = pages
    assert one.inner and one.inner.decode() == "<p>Guten Abend, Wärter."
    assert one.facts == Facts(
        "http://lamps.example/evening", "2021-04-07T10:20:30Z", "one@lamp", "utf-8"
    )
    assert [str(finding) for finding in report] == [
        "evening.mhtml: note: parts beside the page: 1 image/png, 1 text/html (records-passed-by)"
    ]


def test_the_part_that_start_names_is_the_page() -> None:
    kind = 'multipart/related; boundary="lamp"; start="<frame@lamp>"'
    pages, _ = take(mhtml(Content_Type=kind))
    assert said(pages) == [b"<p>A frame."]


def test_an_mhtml_of_one_part_and_a_broken_one() -> None:
    single = (
        b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + PAGE
    )
    assert said(take(single)[0]) == [PAGE]
    open_end = mhtml(close=False)
    pages, report = take(open_end[: open_end.rindex(b"\r\n--lamp")])
    assert said(pages) == ["<p>Guten Abend, Wärter.".encode()]
    assert told(report) == [
        "box: warning: the file breaks off before the end of its last part; read as far as it "
        "goes (record-damaged); save it again"
    ]
    no_page = mhtml().replace(b"text/html", b"text/css")
    pages, report = take(no_page)
    assert pages == []
    assert told(report) == [
        "box: note: no part of this file is HTML; it holds 2 text/css, 1 image/png (no-speech)"
    ]


def test_an_mhtml_of_a_web_archive_tells_the_first_capture() -> None:
    address = "https://web.archive.org/web/20070101120000/http://lamps.example/"
    pages, _ = take(mhtml(Snapshot_Content_Location=address))
    assert pages[0].facts.url == "http://lamps.example/"
    assert pages[0].facts.captured == "2007-01-01T12:00:00Z"


def test_a_letter_is_no_saved_page() -> None:
    assert (
        CONTAINERS["mhtml"][0](b"From: a keeper\nTo: all\n\nMIME-Version: 1.0 is a standard.")
        is None
    )
    assert CONTAINERS["mhtml"][0](b"Title: Tides\nDate: 7 April 2021\n\nFriends,") is None


# --- through the whole of it ---------------------------------------------------------------

SPEECH = (
    "<html><body><p>April 09, 2021</p><h1>Speech by Ada Brink at the Fair of Clockmakers</h1>"
    "<p>Date: 14/03/2019 | Source: VNA.ve (En) | Read original version at source</p>"
    "<p>Marrowby, March 14 (VNA) -- The following is the speech made by Ada Brink at the fair:</p>"
    "<p>Dear clockmakers,</p><p>It is noon, or so forty of you tell me.</p><p>-0-</p>"
    "</body></html>"
)


def test_a_speech_inside_a_web_archive_inside_a_zip(tmp_path: Path) -> None:
    block = answer(SPEECH.encode(), type="text/html; charset=utf-8")
    archive = gzip.compress(INFO + record(block, url="http://lamps.example/noon"))
    (tmp_path / "lamps.zip").write_bytes(zipped({"day/lamps.warc.gz": archive}))
    report = Report()
    (speech,) = read(tmp_path / "lamps.zip", report=report, base=tmp_path)
    assert speech.speaker == "Ada Brink"
    made = speech.provenance
    assert made.path == "lamps.zip#day/lamps.warc.gz#2"
    assert (made.url, made.captured) == ("http://lamps.example/noon", DAY)
    assert made.sha256 == hashlib.sha256(SPEECH.encode()).hexdigest()
    assert report.silent


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.zip"])
def test_speech_json_inside_a_container(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("To the Ringers\n\nDear ringers,\n\nIt is noon.\n")
    (speech,) = read(tmp_path / "a.txt", base=tmp_path)
    line = dump_speech(speech).encode()
    packed = gzip.compress(line) if name.endswith(".gz") else zipped({"a.jsonl": line})
    (tmp_path / name).write_bytes(packed)
    report = Report()
    assert list(read(tmp_path / name, report=report, base=tmp_path)) == [speech]
    assert report.silent


# --- damaged bytes of all kinds --------------------------------------------------------------

SAMPLES = [
    THREE,
    gzip.compress(THREE),
    packings()["a member a record"],
    packings()["lz4"],
    packings()["zst"],
    arc((answer(), str(len(answer()))), (answer(), str(len(answer())))),
    zipped({"a.html": PAGE, "d.warc.gz": gzip.compress(THREE), "c.mhtml": mhtml()}),
    zipped({"archive/a.warc": THREE, "datapackage.json": b"{}"}, zipfile.ZIP_STORED),
    gzip.compress(PAGE),
    mhtml(),
    record(answer(CHUNKED, "Transfer-Encoding: chunked")),
]

wounds = st.lists(
    st.tuples(
        st.sampled_from(["set", "cut", "insert", "end", "double"]),
        st.floats(0, 1, exclude_max=True),
        st.binary(min_size=1, max_size=12),
        st.integers(1, 400),
    ),
    min_size=1,
    max_size=6,
)


def wounded(data: bytes, marks: list[tuple[str, float, bytes, int]]) -> bytes:
    for kind, where, some, size in marks:
        at = int(len(data) * where)
        if kind == "set":
            data = data[:at] + some + data[at + len(some) :]
        elif kind == "cut":
            data = data[:at] + data[at + size :]
        elif kind == "insert":
            data = data[:at] + some + data[at:]
        elif kind == "end":
            data = data[:at]
        else:
            data = data[:at] + data[at : at + size] + data[at:]
    return data


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(SAMPLES), wounds)
def test_damaged_containers_end_in_pages_and_findings(
    data: bytes, marks: list[tuple[str, float, bytes, int]]
) -> None:
    pages, report = take(wounded(data, marks))
    assert len(pages) < 200
    for one in pages:
        text = one.decoded.text
        tell_decoding(one, report)
        saved.facts_of(text)
        saved.without_frame(text)
    assert {finding.code for finding in report} <= set(CODES)
    assert all(finding.message and "\n" not in finding.message for finding in report)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(THREE)))
def test_a_warc_cut_anywhere_gives_all_that_stands_before_the_cut(size: int) -> None:
    pages, report = take(THREE[:size], "box.warc") if size > 20 else ([], Report())
    ends = [THREE.index(page(n)) + len(page(n)) for n in (1, 2, 3)]
    whole = sum(size >= end for end in ends)
    assert said(pages)[:whole] == [page(1), page(2), page(3)][:whole]
    assert sum(finding.code == "record-damaged" for finding in report) <= 1


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=3000), max_size=4), st.integers(1, 5000))
def test_unpacked_bytes_are_those_that_were_packed(members: list[bytes], step: int) -> None:
    stream = Unpacked(lambda: io.BytesIO(b"".join(map(gzip.compress, members)) or b"plain"))
    out = b""
    while data := stream.read(step):
        out += data
        assert stream.tell() == len(out)
        assert stream.look(len(out) - len(data), len(data)) == data
    assert out == (b"".join(members) if members else b"plain")
    middle = len(out) // 2
    assert stream.again(middle).read(1) == out[middle : middle + 1]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br"]))
def test_bodies_of_any_bytes(body: bytes, coding: str) -> None:
    headers = {"transfer-encoding": "chunked", "content-encoding": coding}
    found = http_body.read_body(http_body.Answer(200, headers, body), 1000)
    assert len(found.data) <= 1000


# --- real archives -------------------------------------------------------------------------

REAL = {  # file: records and HTML bodies as the index of the shared material has them, and pages
    "commoncrawl/whirlwind.warc.wet.gz": (2, 0, 1),
    "fastwarc/warcfile.warc.gz": (50, 16, 16),
    "fastwarc/warcfile.warc.lz4": (50, 16, 16),
    "fastwarc/block-sized-records.warc": (3, 0, 0),
    "fastwarc/block-sized-records.warc.gz": (3, 0, 0),
    "fastwarc/block-sized-records.warc.lz4": (3, 0, 0),
    "pywb/iana.warc.gz": (343, 18, 16),  # two of the bodies are answers of status 302
    "warcio/example.arc": (2, 1, 1),
    "warcio/example.arc.gz": (2, 1, 1),
    "warcio/example.warc": (6, 1, 2),  # the second page is a revisit
    "warcio/example.warc.gz": (6, 1, 2),
    "wacz/example-collection-with-lists.warc": (38, 7, 6),  # one is an answer of status 301
}


@needs_warcs
@pytest.mark.parametrize("name", REAL)
def test_records_and_pages_of_real_archives(name: str) -> None:
    records, bodies, pages = REAL[name]
    file = WARCS / name
    report = Report()
    reader = arc_records if ".arc" in name else warc_records
    found = list(reader(lambda: file.open("rb"), Damage(name, report), lambda *_: True))
    assert len(found) == records
    assert [finding.code for finding in report] == []
    answers = [http_body.read_answer(one.block) for one in found if one.kind == "response"]
    assert sum(one.type == "text/html" and bool(one.raw) for one in answers) == bodies
    report = Report()
    assert len(list(warc.read(Source(file, name), report))) == pages
    assert told(report, "no-speech") == []


BROKEN = {
    "warcio/bad.arc": (4, 3),
    "warcio/example-bad-non-chunked.warc.gz": (6, 0),
    "warcio/example-trunc.warc": (4, 1),
    "pywb/example.warc": (6, 1),
}


@needs_warcs
@pytest.mark.parametrize("name", BROKEN)
def test_real_broken_archives_are_read_to_their_ends(name: str) -> None:
    records, damaged = BROKEN[name]
    report = Report()
    reader = arc_records if ".arc" in name else warc_records
    damage = Damage(name, report)
    found = list(reader(lambda: (WARCS / name).open("rb"), damage, lambda *_: True))
    assert len(found) == records
    assert [finding.code for finding in report] == ["record-damaged"] * damaged


@needs_warcs
def test_real_wacz() -> None:
    for name, pages in (("valid_example_1", 1), ("valid_signed_example_1", 1)):
        found, report = take((WARCS / "wacz" / f"{name}.wacz").read_bytes())
        assert (len(found), told(report)) == (pages, [])
    found, report = take((WARCS / "wacz" / "invalid_example_1.wacz").read_bytes())
    assert found == []
    assert [finding.code for finding in report] == ["unreadable"]


@needs_warcs
def test_no_real_archive_holds_a_speech_that_nobody_gave() -> None:
    """They test the reading; speeches that come out are pages taken for one."""
    report = Report()
    for file in sorted(WARCS.rglob("*.*arc*")):
        if file.is_file():
            for speech in read(file, report=report):
                assert "#" in speech.provenance.path
    assert report.refused.total() > 0


@needs_odd
def test_real_mhtml() -> None:
    for file in sorted((SHARED / "html-odd" / "mhtml").glob("*.mhtml")):
        (one,), report = take(file.read_bytes())
        assert one.facts.url and one.facts.captured
        assert one.facts.captured == f"2018-12-17T11:{one.facts.captured[14:]}"
        assert told(report) == []
