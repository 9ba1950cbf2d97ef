"""The fidelity ledger: the words of each speech against the words of the written edition.

The finished file is opened again and read by other means than it was made with. In the EPUB the
words must be equal one by one. In the PDF, line ends are undone: a line may end between words,
at a hyphen that the layout made (U+2010), or after a mark where text may break; running heads
and folios lie outside the type area and are not read.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import pypdfium2
from lxml import etree

from packager.book import Book, Document
from packager.style import Geometry

XHTML = "{http://www.w3.org/1999/xhtml}"
_BLOCKS = frozenset(
    XHTML + name for name in ("p", "li", "ul", "div", "blockquote", "br", "h3", "h4", "h5", "h6")
)
MADE_HYPHEN = "\u2010"
"""What WeasyPrint draws where it hyphenates a word."""
SLACK = 4
"""Points by which letters may reach out of the type area; running matter keeps 12 pt off it."""
UNREADABLE = 0.005
"""The part of right-to-left letters that PDFium loses where glyphs are joined or stacked: of six
Arabic speeches with 13,700 words one lacked 2 letters that the page shows."""
_WRITTEN_HYPHEN = "\x02"
"""What PDFium reports for a hyphen of the text (U+002D) at the end of a line, and for that end."""
_IGNORED = dict.fromkeys(
    map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)
"""Marks of direction: they order letters on the page and have no place in words read back."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One document in one edition: words of the speech, words found, the first difference."""

    document: int
    words: int
    found: int
    difference: str | None = None

    @property
    def equal(self) -> bool:
        """True when the edition has every word, in order, and no other."""
        return self.difference is None


def epub_ledger(data: bytes, book: Book) -> Iterator[LedgerEntry]:
    """Compare each document with the EPUB's own file for it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for document in book.documents:
            page = archive.read(f"EPUB/text/{document.anchor}.xhtml")
            root = etree.fromstring(page, etree.XMLParser(resolve_entities=False, no_network=True))
            texts = root.xpath("//*[@id=$id]", id=f"{document.anchor}-text")
            found = "".join(_text(texts[0])).split() if len(texts) == 1 else []
            yield compare_words(document, found)


def _text(element: etree._Element) -> Iterator[str]:
    """The text of an element as it is read: blocks and breaks part words, runs do not."""
    parts = element.tag in _BLOCKS
    if parts:
        yield "\n"
    yield element.text or ""
    for child in element:
        yield from _text(child)
        yield child.tail or ""
    if parts:
        yield "\n"


def words_of(document: Document) -> list[str]:
    """The words that every edition must print of a document, in order."""
    return [word for block in document.speech.blocks for word in block.text.split()]


def compare_words(document: Document, found: Sequence[str]) -> LedgerEntry:
    """The entry of a list of words read back."""
    wanted = words_of(document)
    difference = None
    if wanted != list(found):
        at = next(
            (n for n, (a, b) in enumerate(zip(wanted, found, strict=False)) if a != b),
            min(len(wanted), len(found)),
        )
        difference = _differ(at, " ".join(wanted[at : at + 6]), " ".join(found[at : at + 6]))
    return LedgerEntry(document.number, len(wanted), len(found), difference)


def _differ(at: int, wanted: str, found: str) -> str:
    return f"at word {at + 1}: the speech has “{wanted}”, the edition “{found}”"


def pdf_ledger(
    data: bytes, book: Book, sheets: Mapping[str, int], geometry: Geometry
) -> Iterator[LedgerEntry]:
    """Compare each document with the pages that it stands on; `sheets` count from 1."""
    pdf = pypdfium2.PdfDocument(data)
    try:
        for document in book.documents:
            first = sheets[document.anchor]
            last = sheets[f"{document.anchor}-source"]
            lines = [
                line
                for number in range(first, last + 1)
                for line in _page_lines(pdf, number - 1, geometry)
            ]
            yield compare_lines(document, lines)
    finally:
        pdf.close()


def page_count(data: bytes) -> int:
    """How many pages a PDF has."""
    pdf = pypdfium2.PdfDocument(data)
    try:
        return len(pdf)
    finally:
        pdf.close()


def _page_lines(pdf: pypdfium2.PdfDocument, index: int, geometry: Geometry) -> list[str]:
    """The lines of a page's type area, from top to bottom."""
    page = pdf[index]
    text = page.get_textpage()
    try:
        point = 72 / 25.4
        found: str = text.get_text_bounded(
            left=0,
            bottom=geometry.bottom * point - SLACK,
            right=page.get_width(),
            top=page.get_height() - geometry.top * point + SLACK,
        )
    finally:
        text.close()
        page.close()
    return found.replace("\r\n", "\n").replace(_WRITTEN_HYPHEN, "-\n").split("\n")


@dataclass(frozen=True, slots=True)
class _Stream:
    """Text without white space; `spaces` and `ends` say before which letters some stood."""

    letters: str
    spaces: frozenset[int]
    ends: frozenset[int]


def _stream(lines: Sequence[str]) -> _Stream:
    letters: list[str] = []
    size = 0
    spaces: set[int] = set()
    ends: set[int] = set()
    for line in lines:
        words = line.translate(_IGNORED).split()
        for n, word in enumerate(words):
            if n == len(words) - 1:
                word = word.removesuffix(MADE_HYPHEN)
            (spaces if n else ends).add(size)
            letters.append(word)
            size += len(word)
    return _Stream("".join(letters), frozenset(spaces), frozenset(ends))


def compare_lines(document: Document, lines: Sequence[str]) -> LedgerEntry:
    """The entry of lines read back from pages that hold the document among other matter.

    The letters must stand there in one run; inside a line, words must be parted where the
    speech parts them and nowhere else.
    """
    wanted = [word.translate(_IGNORED) for word in words_of(document)]
    wanted = [word for word in wanted if word]
    page = _stream(lines)
    letters = "".join(wanted)
    at = page.letters.find(letters)
    if at < 0 and any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in letters):
        return _compare_letters(document, wanted, page)
    if at < 0:
        return _mismatch(document, wanted, page)
    starts = {0, *accumulate(len(word) for word in wanted)}
    inside = range(1, len(letters))
    glued = [n for n in inside if n in starts and n + at not in page.spaces | page.ends]
    split = [n for n in inside if n not in starts and n + at in page.spaces]
    if glued or split:
        n = min(glued + split)
        shown = letters[max(0, n - 12) : n + 12]
        fault = "run together" if n in glued else "split"
        return LedgerEntry(
            document.number, len(wanted), 0, f"a word is {fault} in the edition near “{shown}”"
        )
    return LedgerEntry(document.number, len(wanted), len(wanted))


def _compare_letters(document: Document, wanted: Sequence[str], page: _Stream) -> LedgerEntry:
    """Right-to-left text: the file holds it in the order of the eye, so letters are counted.

    The forms of a letter are one; vowel signs and brackets, which layout joins and mirrors,
    are not counted.
    """
    speech, found = (
        unicodedata.normalize("NFKC", text) for text in ("".join(wanted), page.letters)
    )
    lacking = Counter(filter(str.isalnum, speech)) - Counter(found)
    if lacking.total() <= UNREADABLE * sum(map(len, wanted)):
        return LedgerEntry(document.number, len(wanted), len(wanted))
    shown = " ".join(f"{letter} ({count})" for letter, count in lacking.most_common(8))
    return LedgerEntry(document.number, len(wanted), 0, f"in letters that are lacking: {shown}")


def _mismatch(document: Document, wanted: Sequence[str], page: _Stream) -> LedgerEntry:
    """Where the letters stop to agree: the longest beginning that the pages have."""
    low, high = 0, len(wanted)
    while low < high:
        middle = (low + high + 1) // 2
        if "".join(wanted[:middle]) in page.letters:
            low = middle
        else:
            high = middle - 1
    at = page.letters.find("".join(wanted[:low])) + sum(len(word) for word in wanted[:low])
    found = page.letters[at : at + 40] if low else "nothing like it"
    difference = _differ(low, " ".join(wanted[low : low + 6]), found)
    return LedgerEntry(document.number, len(wanted), low, difference)
