"""Bytes as text: which encoding a page is in, whatever it says of itself.

Accepts any bytes and always gives text: a byte order mark first, then UTF-8, then what is
declared where that reads plausibly, then what the letters themselves say. Refuses to believe
a declaration that the bytes contradict, and tells where one encoding does not explain them all.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

import chardet
import webencodings

_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.IGNORECASE,
)
DECLARED_REACH = 16 * 1024
"""Bytes in which a declaration is looked for. HTML asks for the first 1,024; pages that were
saved with a comment or a web archive's scripts on top have it further down."""

# HTML (WHATWG Encoding Standard §4.2) reads the smaller set as the larger one.
_WHOLE = {
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "euc-kr": "cp949",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "euc_jis_2004": "euc_jp",
    "euc_jisx0213": "euc_jp",
    "shift_jis_2004": "cp932",
    "shift_jisx0213": "cp932",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "x-mac-cyrillic": "mac-cyrillic",
    # a page whose declaration could be read as ASCII is not what this declaration says
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
    "utf-16": "utf-8",
}
_VARIANTS = {
    "big5hkscs": ("cp950",),
    "cp932": ("shift_jis_2004",),
    "euc_jp": ("euc_jis_2004",),
    "iso2022_jp": ("iso2022_jp_ext", "iso2022_jp_2004"),
}
"""Where Python has several codecs for one name of the standard: those tried after the first."""
_COMMON = frozenset(
    "cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874 koi8-r iso8859-2 "
    "iso8859-5 iso8859-6 iso8859-7 iso8859-8 gb18030 big5hkscs euc_jp cp932 cp949".split()
)
_DETECTED = _COMMON | frozenset(
    "iso8859-3 iso8859-4 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 cp437 cp737 "
    "cp775 cp850 cp852 cp855 cp857 cp861 cp862 cp864 cp865 cp866 cp869 cp1125 koi8-u mac-roman "
    "mac-cyrillic mac-greek mac-latin2 mac-turkish johab kz1048".split()
)
"""What undeclared text may be found to be: encodings that pages and texts were really written
in. Without the list short texts come out as those of mainframes and of single printers."""

FEW = 3
"""Characters beyond ASCII below which nothing can be told from them."""
SURE = 12
"""Bytes beyond ASCII from which a declaration may be overruled."""
MARGIN = 1.4
"""How much more probable than the declared encoding another has to be. Measured on 700 pieces of
600 and 2,000 characters in 13 languages: 1.00 for true declarations, 1.45 and more for false."""
MARGIN_OF_CHOICE = 2.4
"""The same for a declaration other than windows-1252 (ISO 8859-1), which programs write unasked:
true ones were met at 2.1 (Arabic with its letters in the wrong order), false ones mostly lie
above 2.6."""
SAMPLE = 200_000
"""Bytes, from the first one beyond ASCII on, that are looked at to tell the encoding."""

ENOUGH = 8 * 1024
"""Bytes of text beyond ASCII, without markup, that settle the question; more only takes time."""

_MARKUP = re.compile(rb"<[^<>]{0,4000}>|[\r\n]+")
_ASCII_RUN = re.compile(rb"[\x00-\x7f]+")
_BEYOND_BYTE = re.compile(rb"[\x80-\xff]")
_BEYOND = re.compile(r"[^\x00-\x7f]")
_ESCAPED = re.compile("[\udc80-\udcff]")
_BIG5_MARK = re.compile(rb"\xa1[\x40-\x7e\xa1-\xc4]")
_TYPED_MARKS = frozenset(mark.encode("big5") for mark in "‘’“”—–…．，、。；：？！（）「」『』　‥")
_LOST = re.compile("[\x80-\x84\x86-\x9f\ufffd]")
_ODD = re.compile(
    "[\x80-\x84\x86-\x9f\ufffd\ue000-\uf8ff]"  # C1 controls, private letters, lost bytes
    # a sign between letters
    "|(?<=[^\\W\\d_])[\xa1-\xa6\xa8-\xaf\xb1-\xb3\xb5\xb6\xb8\xb9\xbb-\xbf\xd7\xf7\u2020-\u2022"
    "\u2030\u2039\u203a\u2500-\u259f\uff61-\uff65](?=[^\\W\\d_])"
    # a capital behind a small letter
    "|(?<=[a-z\u00df-\u00f6\u00f8-\u00ff\u03b1-\u03ce\u0430-\u045f])"
    "[\u00c0-\u00d6\u00d8-\u00de\u0391-\u03a9\u0401-\u042f]"
    # letters of two scripts in one word
    "|(?<=[A-Za-z])[\u0370-\u06ff]|[\u0370-\u06ff](?=[A-Za-z])"
    "|(?<=[A-Za-z])[\u3040-\u9fff\uac00-\ud7a3](?=[a-z])"
)
"""What a right reading hardly holds."""


@dataclass(frozen=True, slots=True)
class Found:
    """Text as an encoding gives it; `guessed` where nothing true was declared.

    `declared` is what the page said of itself when that was not believed; `stray` counts bytes
    that the encoding does not explain: they were read as windows-1252, or are U+FFFD.
    """

    text: str
    encoding: str
    guessed: bool = False
    declared: str | None = None
    stray: int = 0


def find_text(data: bytes, stated: str | None = None) -> Found:
    """The text of a page's bytes; `stated` is the encoding that a container names for it.

    >>> find_text("Überfahrt über den Sund".encode("cp1252")).text
    'Überfahrt über den Sund'
    """
    if found := _marked(data) or _wide(data) or _seven_bit(data, stated):
        return found
    try:
        return Found(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    declared = _declared(data, stated)
    return (
        _mostly_utf8(data, certain="utf-8" in declared)
        or _ascii_with_marks(data)
        or _legacy(data, declared)
    )


def _marked(data: bytes) -> Found | None:
    """Text behind a byte order mark; that of UTF-32 begins like that of UTF-16."""
    if data.startswith(codecs.BOM_UTF8):
        if found := _mostly_utf8(data[3:], certain=True):
            return found
        return _with_lost(data, "utf-8", guessed=False)
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)) and len(data) % 4 == 0:
        return _with_lost(data, "utf-32", guessed=False)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _with_lost(data, "utf-16", guessed=False)
    return None


def _with_lost(data: bytes, name: str, *, guessed: bool) -> Found:
    text = data.decode(name, "replace")
    return Found(text, name, guessed=guessed, stray=text.count("\ufffd"))


def wide_encoding(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, told by where the zero bytes stand; else None.

    >>> wide_encoding("To the keepers".encode("utf-16-le"))
    'utf-16-le'
    """
    head = data[:4096]
    head = head[: len(head) - len(head) % 4]
    if len(head) < 8 or not (zeros := head.count(0)):
        return None
    first, second, third, fourth = (head[n::4].count(0) / (len(head) // 4) for n in range(4))
    big = head[0::2].count(0) * 2 > zeros
    if min(first, second) > 0.95 or min(third, fourth) > 0.95:
        names = ["utf-32-be" if first > fourth else "utf-32-le"]
    else:  # where most letters are Latin the zeros tell, else what reads well does
        names = ["utf-16-be", "utf-16-le"] if big else ["utf-16-le", "utf-16-be"]
        names = names[:1] if zeros * 4 > len(head) else names
    foreign, _, name = min((_foreign(head, name), n, name) for n, name in enumerate(names))
    return name if foreign <= 0.02 else None


def _foreign(head: bytes, name: str) -> float:
    """The share of characters that no text holds; 1 where they are of too many scripts to be a
    text, or most are no letters or digits."""
    text = [char for char in head.decode(name, "replace") if char not in "\t\n\r\f "]
    kinds = [unicodedata.category(char)[0] for char in text]
    scripts = Counter(_script(ord(char)) for char in text)
    common = sum(count for _, count in scripts.most_common(3))
    letters = sum(kind in "LMN" for kind in kinds)
    if letters * 2 <= len(kinds) or common * 10 < len(kinds) * 9:
        return 1.0
    return max(0, kinds.count("C") + text.count("\ufffd") - 1) / len(kinds)


def _script(code: int) -> int:
    """A number for the script of a character: East Asian ones are one, Hangul is one, else each
    256 characters are."""
    if 0x3000 <= code < 0xA000 or code >= 0xFF00:
        return -1
    return -2 if 0xAC00 <= code < 0xD7B0 else code >> 8


def _wide(data: bytes) -> Found | None:
    if b"\0" not in data[:4096] or not (name := wide_encoding(data)):
        return None
    return _with_lost(data, name, guessed=True)


def _seven_bit(data: bytes, stated: str | None) -> Found | None:
    """Encodings that need only ASCII bytes: ISO 2022 by its escapes, HZ where it is declared."""
    if not data.isascii():
        return None
    if b"\x1b$)C" in data:
        name = "iso2022_kr"
    elif b"\x1b$" in data or b"\x1b(J" in data:
        name = "iso2022_jp"
    elif b"~{" in data and "hz" in _declared(data, stated):
        name = "hz"
    else:
        return None
    text, name, stray = _read(data, name)
    return Found(text, name, stray=stray)


def _declared(data: bytes, stated: str | None) -> dict[str, str]:
    """Python's names for what is declared, by the container, then by the page; each with the
    name as it is written."""
    found: dict[str, str] = {}
    labels = [stated] if stated else []
    labels += [m[1].decode("ascii", "replace") for m in _DECLARED.finditer(data[:DECLARED_REACH])]
    for label in labels[:8]:
        known = webencodings.lookup(label)
        name = known.codec_info.name if known else label.strip().lower()
        try:
            name = _WHOLE.get(name) or codecs.lookup(name).name
            if b"a\\x41\xff".decode(name, "replace").startswith("aA"):
                continue  # unicode_escape and its like would act upon the text
        except (LookupError, ValueError):
            continue
        found.setdefault(_WHOLE.get(name, name), label)
    return found


def _mostly_utf8(data: bytes, *, certain: bool) -> Found | None:
    """UTF-8 into which bytes of another encoding got: these are read as windows-1252.

    Letters of several bytes do not come about by chance, so few of them prove UTF-8; `certain`
    is a page that says so itself.
    """
    sample = _sample(data).decode("utf-8", "surrogateescape")
    stray = len(_ESCAPED.findall(sample))
    good = len(_BEYOND.findall(sample)) - stray
    if good < FEW or (good < stray if certain else good < 5 * stray):
        return None
    text, stray = _ESCAPED.subn(
        lambda match: bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace"),
        data.decode("utf-8", "surrogateescape"),
    )
    return Found(text, "utf-8", guessed=not certain, stray=stray)


def _ascii_with_marks(data: bytes) -> Found | None:
    """ASCII text whose quotation marks and dashes are those of Big5, two bytes each.

    Such texts were typed on a Chinese system; detectors take them for Macintosh text.
    """
    sample = _sample(data)
    beyond = len(_ASCII_RUN.sub(b"", sample))
    told = sum(mark in _TYPED_MARKS for mark in _BIG5_MARK.findall(sample))
    bytes_told = sum(
        len(_ASCII_RUN.sub(b"", mark))
        for mark in _BIG5_MARK.findall(sample)
        if mark in _TYPED_MARKS
    )
    if told < FEW or beyond * 20 > len(sample) or bytes_told < 0.9 * beyond:
        return None
    parts, at, stray = [], 0, 0
    for start, end in [*(m.span() for m in _BIG5_MARK.finditer(data)), (len(data), len(data))]:
        between = data[at:start].decode("cp1252", "replace")
        stray += len(_BEYOND.findall(between))
        parts += [between, data[start:end].decode("big5hkscs", "replace")]
        at = end
    return Found("".join(parts), "big5hkscs", guessed=True, stray=stray)


def _legacy(data: bytes, declared: dict[str, str]) -> Found:
    """One byte or two a letter: the declared encoding, unless the bytes speak against it."""
    sample = _sample(data)
    telling = _telling(sample)
    count = len(_ASCII_RUN.sub(b"", telling))
    likely = _likely(telling) if count >= FEW else {}
    best = max(likely, key=lambda name: likely[name], default="cp1252")
    for name in declared:
        if name == "utf-8" or _lost(sample, name) * 50 > count + 49:
            continue
        if name != best and _overruled(telling, name, best, likely if count >= SURE else {}):
            continue
        text, name, stray = _read(data, name)
        return Found(text, name, stray=stray)
    text, name, stray = _read(data, best)
    return Found(text, name, True, next(iter(declared.values()), None), stray)


def _sample(data: bytes) -> bytes:
    match = _BEYOND_BYTE.search(data)
    start = max(0, match.start() - 500) if match else 0
    return data[start : start + SAMPLE]


def _telling(sample: bytes) -> bytes:
    """What tells the encoding: the pieces of text that go beyond ASCII, without markup."""
    pieces = (piece for piece in _MARKUP.split(sample) if not piece.isascii())
    return b"\n".join(pieces)[:ENOUGH]


def _likely(sample: bytes) -> dict[str, float]:
    """How probable each encoding is, by the letters alone, less what looks odd in it."""
    found: dict[str, float] = {}
    for one in chardet.detect_all(sample, ignore_threshold=True):
        try:
            name = codecs.lookup(one["encoding"] or "").name
        except LookupError:
            continue
        name = _WHOLE.get(name, name)
        if name in _DETECTED:
            found[name] = max(found.get(name, 0.0), float(one["confidence"]))
    top = max(found.values(), default=0.0)
    for name, sure in found.items():
        if sure * MARGIN > top:
            odd = min(0.9, 2 * _oddness(sample, name))
            found[name] = sure * (1 - odd) * (1 if name in _COMMON else 0.99)
    return found


def _oddness(sample: bytes, name: str) -> float:
    """The share of letters beyond ASCII that a right reading would not hold."""
    text = sample.decode(name, "replace")
    return len(_ODD.findall(text)) / max(1, len(_BEYOND.findall(text)))


def _overruled(sample: bytes, name: str, best: str, likely: dict[str, float]) -> bool:
    """Whether the declared encoding lies: it gives words that are none where `best` gives words,
    or it is far less probable."""
    if sample.decode(name, "replace") == sample.decode(best, "replace"):
        return False
    if _oddness(sample, name) > 0.3 and _oddness(sample, best) < 0.1:
        return True
    margin = MARGIN if name == "cp1252" else MARGIN_OF_CHOICE
    return name in _DETECTED and likely.get(best, 0.0) > margin * likely.get(name, 0.0)


def _lost(sample: bytes, name: str) -> int:
    return min(
        len(_LOST.findall(sample.decode(codec, "replace")))
        for codec in (name, *_VARIANTS.get(name, ()))
    )


def _read(data: bytes, name: str) -> tuple[str, str, int]:
    """Text, the codec that lost least, and how many bytes even that one lost."""
    best: tuple[str, str, int] | None = None
    for codec in (name, *_VARIANTS.get(name, ())):
        text = data.decode(codec, "replace")
        lost = text.count("\ufffd")
        if best is None or lost < best[2]:
            best = text, codec, lost
        if not lost:
            break
    assert best  # the row of codecs is never empty
    return best
