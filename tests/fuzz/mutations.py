"""Changes that spoil a page: bytes flipped, cut, doubled, spliced; marks that readers look for;
depth, length and declared encodings that lie. All chance comes from the `Random` handed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

TOKENS = (
    b"Date: 07/04/2021 | Source: VNA (En) | Read original version at source",
    b"Vell, April 7 (VNA) -- The following is the speech:", b"Dear ringers,", b"It is noon. -0-",
    b"More From VNA", b"[Juche110.4.7.]", b">> March 1. 2014 Juche 103", b"\n\n", b"\n", b"\r",
    b"\r\n", b"\t", b"\0", b"\x0c", b"\x1b$)C", b"\x0e\x0f", b"\x85", b"\xa0", b"\xff\xfe",
    b"\xef\xbb\xbf", b"\xf0\x9f\x98\x80", "\u2028\u202e\ufeff\u00ad".encode(), "\u2003".encode(),
    "\xa0".encode(), b"\xed\xa0\x80", b"<html>", b"<body>", b"<p>", b"</p>", b"<h1>", b"<br><br>",
    b"<em lang=fr>", b"<script>", b"<!--", b"-->", b"<![CDATA[", b"]]>",
    b"<!DOCTYPE html [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]>",
    b"&a;&c;&#0;&#x1;&#xD800;&#133;&shy;&nbsp;", b"<title>", b"<table><tr><td>", b"<li>",
    b"<ol start=-1>", b"<meta charset=utf-16>", b"<meta charset=undefined>",
    b"<meta charset=x-user-defined>",
    b"<meta http-equiv=content-type content='text/html; charset=iso-2022-kr'>",
    b'<?xml version="1.0" encoding="UTF-32"?>', b'<?xml version="1.1" encoding="ebcdic"?>',
    b'<a href="https://[::1">', b'<base href="//:0">', b'<link rel=canonical href="http://[">',
    b"<!-- saved from url=(0022)http://[a/ -->", b'<time datetime="2021-02-30T99:99">',
    b'<script type="application/ld+json">{"@graph":[{"@type":["Article"],"author":{}}]}</script>',
    b"<TEI xmlns='http://www.tei-c.org/ns/1.0'>", b"<teiHeader>", b"<text>",
    b"<div type='scene'>", b"<sp who='#a #b'>", b"<speaker>", b"<u who='#x'>",
    b"<note type='speaker'>", b"<pb n='1'/>", b"<note n='1' xml:id='x'>",
    b"<date when='2021-13-45'/>", b"<date from='2021' to='2020'/>", b"<list><label>",
    b"<choice><sic>", b"<div type='document' frus:doc-dateTime-min='2021-99'>", b"<rede id='R1'>",
    b"<kommentar>", b"<membercontribution>", b"<member>", b"<division><table>", b"---\n",
    b"+++\n", b"title: a\n", b"title: !!binary a\n", b"a: &a [*a, *a]\n", b"<<: *a\n",
    b"date: 2021-02-30\n", b"date = 0001-01-01\n", b"- [ ] *a* **b** `c` [d](e)\n", b"> > > \n",
    b"![a](b)", b"[a]: <b>", b"| a | b |\n|---|---|\n", b"# ", b"***", b"===\n", b"* * *\n",
    b'{"format": 1, "blocks": [', b'{"kind": "p", "content": []}', b"]}", b"}", b"{", b"[", b'"',
    b"1e999", b"-1", b"99999999999999999999", b"NaN", b"\\ud800", b"\\u0000", b'""', b",", b";",
    b"null", b"Title: \x07\n", b"Captured: 2021\n", b"Date: 99/99/9999\n", b"Date: 0000-00-00\n",
    b"WARC/1.0\r\n", b"WARC-Type: response\r\n", b"WARC-Type: revisit\r\n",
    b"Content-Length: 99999999999\r\n", b"Content-Length: -5\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n", b"HTTP/1.1 200 OK\r\n",
    b"filedesc://a 0.0.0.0 20210407 text/plain 9\n", b"ffffffff\r\n", b"MIME-Version: 1.0\r\n",
    b'Content-Type: multipart/related; boundary="a"\r\n', b"--a\r\n",
    b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18",
    b"PAR1", "조선중앙통신".encode(), "（完）".encode(), "朋友们：".encode(), 
    "　　".encode(), "（끝）".encode(),
    "\ufe8d\ufef5\u200f".encode(), "ஸ்ரீ".encode(), b"(Applause)", b"MR. OAK: ", b"1.", b"II. ",
    b"- 3 -",
)  # fmt: skip
"""What readers look for, and what has gone wrong elsewhere."""

NESTED = (
    (b"<div>", b"</div>"), (b"<b>", b""), (b"<blockquote><ul><li>", b""),
    (b"<table><tr><td>", b""), (b"<em>", b"</em>"), (b"<font size=1><a href=x>", b""),
    (b"<hi>", b"</hi>"), (b"<div><p>", b"</p></div>"), (b"<list><item>", b"</item></list>"),
    (b"<quote>", b"</quote>"), (b"<note>", b"</note>"), (b"[", b"]"), (b'{"a":', b"}"),
    (b'[{"a":', b"}]"), (b"> ", b""), (b"- ", b""), (b"*a **", b""), (b"![", b"](a)"),
    (b"(", b")"), (b"<!--", b"-->"), (b"&lt;", b""), (b"`", b"`"), (b"[[", b""),
)  # fmt: skip
SIZES = (2, 10, 60, 119, 300, 2_000, 20_000)

_TAG = re.compile(rb"<[^<>]{0,300}>")
_DECLARED = re.compile(rb"(?:charset|encoding)\s*[=:]\s*[\"']?([\w-]+)", re.IGNORECASE)
ENCODINGS = (
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "cp949",
    "gb18030", "big5", "shift_jis", "iso-2022-jp", "iso-2022-kr", "koi8-r", "windows-1255",
    "utf-7", "hz",
)  # fmt: skip
_LABELS = (*(name.encode() for name in ENCODINGS), b"undefined", b"rot13", b"", b"idna", b"x" * 500)


def mutated(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """`data` with one to eight changes; `others` are pages that pieces are taken from."""
    for _ in range(rng.choice((1, 1, 1, 2, 3, 5, 8))):
        data = rng.choice(CHANGES)(rng, data, others)[:LONGEST]
    return data


LONGEST = 1_500_000
"""Bytes of a spoilt page: longer ones take a second each and find nothing more."""


def _span(rng: Random, data: bytes, most: int = 4000) -> tuple[int, int]:
    first = rng.randrange(len(data) + 1)
    return first, min(len(data), first + rng.randrange(1, most))


def _flip(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    spoilt = bytearray(data)
    for _ in range(rng.choice((1, 3, 30))):
        if spoilt:
            spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
    return bytes(spoilt)


def _cut(rng: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    first, last = _span(rng, data)
    return rng.choice((data[:first], data[first:], data[:first] + data[last:]))


def _double(rng: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    first, last = _span(rng, data, rng.choice((4, 40, 4000)))
    return data[:last] + data[first:last] * rng.choice((1, 2, 50, 1000)) + data[last:]


def _splice(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    other = rng.choice(others)
    at, (first, last) = rng.randrange(len(data) + 1), _span(rng, other, 20_000)
    return rng.choice((data[:at] + other[first:], data[:at] + other[first:last] + data[at:]))


def _token(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    for _ in range(rng.choice((1, 2, 6))):
        first, last = _span(rng, data, 40)
        data = data[:first] + rng.choice(TOKENS) + data[rng.choice((first, last)) :]
    return data


def _nest(rng: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    first, last = _span(rng, data)
    opens, closes = rng.choice(NESTED)
    depth = rng.choice(SIZES)
    closed = closes * (depth if rng.random() < 0.7 else 0)
    return data[:first] + opens * depth + data[first:last] + closed + data[last:]


def _swell(rng: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """A huge attribute, word, line or number."""
    filling = rng.choice(
        (b"a", b" ", b"9", b"a ", b"\n", b"-", b"=", b".", b",", b"&amp;", b"\xe2\x80\x83")
    )
    blob = filling * rng.choice((100, 5_000, 200_000))
    tag = rng.choice(list(_TAG.finditer(data[:200_000])) or [None])
    if tag and rng.random() < 0.5:
        at = tag.end() - 1
        return data[:at] + b' class="' + blob + b'"' + data[at:]
    at = rng.randrange(len(data) + 1)
    return data[:at] + blob + data[at:]


def _nuls(rng: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + b"\0" * rng.choice((1, 2, 9, 3000)) + data[at:]


def _declare(rng: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """Another encoding declared than the bytes are in."""
    match = _DECLARED.search(data)
    label = rng.choice(_LABELS)
    if match:
        return data[: match.start(1)] + label + data[match.end(1) :]
    return rng.choice((b"<meta charset=%s>", b"<?xml version='1.0' encoding='%s'?>")) % label + data


def _encode(rng: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """The same letters in another encoding than is declared."""
    return data.decode("utf-8", "replace").encode(rng.choice(ENCODINGS), "ignore")


def _untag(rng: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """Tags lost, doubled or changed places."""
    tags = list(_TAG.finditer(data[:200_000]))
    if not tags:
        return data
    one, other = rng.choice(tags), rng.choice(tags)
    put = rng.choice((b"", one[0] * 2, other[0], one[0].replace(b"<", b"</"), one[0].upper()))
    return data[: one.start()] + put + data[one.end() :]


def _renumber(rng: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """A number that is another: dates, lengths, levels."""
    numbers = list(re.finditer(rb"\d+", data[:200_000]))
    if not numbers:
        return data
    one = rng.choice(numbers)
    put = rng.choice(
        (b"0", b"-1", b"13", b"99", b"0000", b"10000", b"1" * 30, b"2" * 5000, "٣".encode(), b"1.5")
    )
    return data[: one.start()] + put + data[one.end() :]


Change = Callable[[Random, bytes, Sequence[bytes]], bytes]
CHANGES: tuple[Change, ...] = (
    _flip, _cut, _double, _splice, _splice, _token, _token, _token, _nest, _swell, _nuls, _declare,
    _encode, _untag, _untag, _renumber,
)  # fmt: skip
