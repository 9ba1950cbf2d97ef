"""The fidelity ledger: the words of each speech against the words of the written edition.

The finished file is opened again and read by other means than it was made with. In the EPUB the
words must be equal one by one. In the PDF, line ends are undone: a line may end between words,
at a hyphen, which may be the layout's own, or after a mark where text may break.
"""

from __future__ import annotations

import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, zip_longest
from pathlib import Path

from lxml import etree

from packager.book import Book, Document
from packager.labels import is_rtl
from packager.layer import MarkKind, Piece, joined, pieces
from packager.pdftext import IGNORED, PdfText, Stream, stream, without_hyphens
from packager.units import alternating

XHTML = "{http://www.w3.org/1999/xhtml}"
_BLOCKS = frozenset(
    XHTML + name for name in ("p", "li", "ul", "div", "blockquote", "br", "h3", "h4", "h5", "h6")
)
UNREADABLE = 0.005
"""The part of right-to-left letters that PDFium loses where glyphs are joined or stacked: of six
Arabic speeches with 13,700 words one lacked 2 letters that the page shows."""


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


def epub_ledger(path: Path, book: Book) -> Iterator[LedgerEntry]:
    """Compare each document with the EPUB's own file for it."""
    with zipfile.ZipFile(path) as archive:
        for document in book.documents:
            page = archive.read(f"EPUB/text/{document.anchor}.xhtml")
            root = etree.fromstring(page, etree.XMLParser(resolve_entities=False, no_network=True))
            yield _joined(_epub_entry(root, document, text) for text in document.texts)


def _epub_entry(root: etree._Element, document: Document, text: Document) -> LedgerEntry:
    """The entry of a document's text, or of its translation."""
    places = root.xpath("//*[@id=$id]", id=f"{document.anchor}-text")
    if document.translation:
        name = "translation" if text.second else "original"
        places = [one for place in places for one in place if _has_class(one, name)]
    elif len(places) > 1:
        places = []
    found = "\n".join("".join(_text(place)) for place in places).split()
    added = [_line(one) for place in places for one in place.iter() if _is_added(one)]
    entry = compare_words(text, found, added)
    captions = [_line(one) for place in places for one in place.iter(f"{XHTML}figcaption")]
    if entry.equal and captions != _captions(text):
        entry = replace(entry, difference="in the captions of its pictures")
    apparatus = root.xpath("//*[@id=$id]", id=f"{text.anchor}-apparatus")
    variants = [
        _line(one) for each in apparatus for one in each.iter() if _has_class(one, "variant")
    ]
    return _with_apparatus(entry, text, variants == list(text.apparatus))


def _joined(entries: Iterable[LedgerEntry]) -> LedgerEntry:
    """One entry for a text and its translation; the difference is the first that there is."""
    found = list(entries)
    return LedgerEntry(
        found[0].document,
        sum(one.words for one in found),
        sum(one.found for one in found),
        next((one.difference for one in found if one.difference), None),
    )


def _captions(document: Document) -> list[str]:
    return [plate.caption for plate in document.plates if plate.caption]


def _is_added(element: etree._Element) -> bool:
    """True for words that the editor put between those of the source."""
    return _has_class(element, "added")


def _has_class(element: etree._Element, name: str) -> bool:
    return isinstance(element.tag, str) and name in element.get("class", "").split()


def _line(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _text(element: etree._Element) -> Iterator[str]:
    """The text of an element as it is read: blocks and breaks part words, runs do not."""
    if _is_added(element):
        return  # the editor's words, which `epub_ledger` compares apart
    if element.tag == f"{XHTML}figure":
        yield "\n"
        return  # and so it does with captions
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
    """The words of the source that every edition must print of a document, in order."""
    printed = pieces(document.speech.blocks, document.marks)
    return "".join(one.text for one in printed if not one.added).split()


def compare_words(
    document: Document, found: Sequence[str], added: Sequence[str] = ()
) -> LedgerEntry:
    """The entry of a list of words read back, and of what the editor added between them."""
    wanted = words_of(document)
    layer = [one.text for one in pieces(document.speech.blocks, document.marks) if one.added]
    difference = None
    if layer != list(added):
        lacking = next((one for one, two in zip_longest(layer, added) if one != two), None)
        difference = f"in the editor's words: “{lacking or added[len(layer)]}”"
    if wanted != list(found):
        at = next(
            (n for n, (a, b) in enumerate(zip(wanted, found, strict=False)) if a != b),
            min(len(wanted), len(found)),
        )
        difference = _differ(at, " ".join(wanted[at : at + 6]), " ".join(found[at : at + 6]))
    return LedgerEntry(document.number, len(wanted), len(found), difference)


def _differ(at: int, wanted: str, found: str) -> str:
    return f"at word {at + 1}: the speech has “{wanted}”, the edition “{found}”"


def pdf_ledger(text: PdfText, book: Book, sheets: Mapping[str, int]) -> Iterator[LedgerEntry]:
    """Compare each document with the pages that it stands on; `sheets` count from 1."""
    documents = list(book.documents)
    begins = [sheets[document.anchor] for document in documents]
    for document, first, end in zip(documents, begins, _note_ends(documents, sheets), strict=True):
        last = max(sheets[f"{one.anchor}-source"] for one in document.texts)
        pages = text.pages[first - 1 : last]
        notes = text.notes[first - 1 : end]
        apart = bool(document.translation) and book.facing
        if document.translation and not apart:
            entry = _compare_alternating(document, pages, book)
            rest = (_about_text(entry, one, notes, pages) for one in document.texts)
            yield replace(
                entry, difference=next((o.difference for o in rest if o.difference), None)
            )
            continue
        found = []
        for one in document.texts:
            own = slice(int(one.second), None, 2) if apart else slice(None)
            turned = is_rtl(one.speech.language or book.meta.language)
            entry = compare_pages(one, pages[own], turned=turned)
            found.append(_about_text(entry, one, notes[own], pages[own]))
        yield _joined(found)


def _note_ends(documents: Sequence[Document], sheets: Mapping[str, int]) -> list[int | None]:
    """The sheet by which the notes of each document end, None for the last of the book: a long one
    goes on below later documents, until the first note of one of these."""
    ends: list[int | None] = []
    end: int | None = None
    for document in reversed(documents):
        ends.append(end)
        marks = [mark for text in document.texts for mark in text.marked(MarkKind.NOTE)]
        if marks:
            end = max(sheets[marks[0].anchor], sheets[document.anchor])
    return ends[::-1]


def _compare_alternating(
    document: Document, pages: Sequence[Sequence[str]], book: Book
) -> LedgerEntry:
    """The entry of pages on which text and translation alternate."""
    turned = any(is_rtl(one.speech.language or book.meta.language) for one in document.texts)
    count = sum(len(words_of(one)) for one in document.texts)
    return _compare(document.number, count, alternating(document), pages, turned)


def _about_text(
    entry: LedgerEntry, text: Document, *places: Sequence[Sequence[str]]
) -> LedgerEntry:
    """The entry, where the text is right, with the verdict on its notes and variants, which stand
    in one of these places."""
    if entry.equal and (number := _lacking_note(text, *places)):
        entry = replace(entry, difference=f"in note {number}")
    return _with_apparatus(entry, text, _apparatus_stands(text, stream(places[-1]).letters))


def _lacking_note(document: Document, *places: Sequence[Sequence[str]]) -> int:
    """The first note that stands neither at the foot of the pages nor on them, after the notes
    before it; 0 for none. Notes from right to left, whose letters the file turns, are passed by.
    """
    marks = document.marked(MarkKind.NOTE)
    read = [stream(pages).letters for pages in places] if marks else []
    whole = ""
    for mark in marks:
        said = f"{mark.number} {joined(mark.note)}"
        if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in said):
            whole = ""
            continue
        words = said.translate(IGNORED).split()
        whole += "".join(without_hyphens(word)[0] for word in words)
        if not any(whole in letters for letters in read):
            return mark.number
    return 0


def _apparatus_stands(document: Document, letters: str) -> bool:
    """True where the variants stand in one run; right-to-left ones, where no letter lacks."""
    text = "".join(" ".join(document.apparatus).translate(IGNORED).split())
    wanted = without_hyphens(text)[0]
    if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in wanted):
        said, found = (unicodedata.normalize("NFKC", text) for text in (wanted, letters))
        lacking = Counter(filter(str.isalnum, said)) - Counter(found)
        return lacking.total() <= UNREADABLE * len(said)
    return wanted in letters


def _with_apparatus(entry: LedgerEntry, document: Document, found: bool) -> LedgerEntry:
    """The entry, where the text is right, with the verdict on the document's variants."""
    if found or entry.difference:
        return entry
    count = len(document.variants)
    difference = f"in the apparatus of its {count} variant{'' if count == 1 else 's'}"
    return LedgerEntry(entry.document, entry.words, entry.found, difference)


def compare_pages(
    document: Document, pages: Sequence[Sequence[str]], *, turned: bool = False
) -> LedgerEntry:
    """The entry of pages read back that hold the document among other matter.

    The letters must stand there in one run; inside a line, words must be parted where the
    speech parts them and nowhere else; hyphens must stand where the speech has them, others
    only where a line ends. In text from right to left, and in all text of a document that is
    `turned`, set in that direction, letters are counted.
    """
    printed = _with_captions(document)
    return _compare(document.number, len(words_of(document)), printed, pages, turned)


def _compare(
    number: int,
    count: int,
    printed: Iterable[Piece],
    pages: Sequence[Sequence[str]],
    turned: bool,
) -> LedgerEntry:
    """The entry of a text of `count` words, as `compare_pages` says."""
    words, loose = _printed(printed)
    wanted = [bare for word in words if (bare := without_hyphens(word)[0])]
    page = stream(pages)
    letters = "".join(wanted)
    at = page.letters.find(letters)
    if at < 0:
        turned |= any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in letters)
        return (_compare_letters if turned else _mismatch)(number, wanted, page)
    starts = {0, *accumulate(len(word) for word in wanted)}

    def inside(n: int) -> bool:
        return 0 < n < len(letters) and n not in loose

    parted = page.spaces | page.ends
    faults = {n: "run together" for n in filter(inside, starts) if n + at not in parted}
    faults |= {
        n: "split"
        for n in filter(inside, (space - at for space in page.spaces))
        if n not in starts and not _is_sign(letters[n - 1])
    }
    wrong = filter(inside, _wrong_hyphens(words, page, at))
    faults |= dict.fromkeys(wrong, "hyphenated otherwise")
    if faults:
        n = min(faults)
        shown = letters[max(0, n - 12) : n + 12]
        return LedgerEntry(number, count, 0, f"a word is {faults[n]} in the edition near “{shown}”")
    return LedgerEntry(number, count, count)


def _is_sign(letter: str) -> bool:
    """True for a sign that may be drawn back over its letter, such as the dot of Tamil: PDFium
    takes its place for the end of the word and sees a space before what follows in another font."""
    return unicodedata.category(letter) in ("Mn", "Mc")


def _wrong_hyphens(words: Sequence[str], page: Stream, at: int) -> list[int]:
    """Before which letters the page lacks a hyphen of the speech or has one of its own."""
    written: Counter[int] = Counter()
    size = 0
    for word in words:
        bare, places, last = without_hyphens(word.replace("\u00ad", ""))
        written.update(size + n for n in places)
        size += len(bare)
        written[size] += last
    read = Counter(n - at for n in page.hyphens)
    most = read + Counter(n - at for n in page.broken)
    return [n for n in written.keys() | most.keys() if not read[n] <= written[n] <= most[n]]


def _printed(printed: Iterable[Piece]) -> tuple[list[str], set[int]]:
    """The words as printed, the editor's and captions between the source's, and the letters before
    which these begin or end, and a raised number goes on: it may be read back with a space or not.
    """
    words: list[str] = []
    loose: set[int] = set()
    count = 0
    for piece in printed:
        begin = count
        for word in piece.text.translate(IGNORED).split():
            words.append(word)
            count += len(without_hyphens(word)[0])
        if piece.raised:
            loose.update(range(begin, count + 1))
        elif piece.added:
            loose.update((begin, count))
    return words, loose


def _with_captions(document: Document) -> Iterator[Piece]:
    """The pieces of the text, and the captions of the pictures between its blocks."""
    waiting = list(document.plates)
    block = 0
    for piece in pieces(document.speech.blocks, document.marks):
        while waiting and waiting[0].at <= block:
            yield Piece(f"{waiting.pop(0).caption}\n", added=True)
        block += piece.ends
        yield piece
    yield from (Piece(f"{plate.caption}\n", added=True) for plate in waiting)


def _compare_letters(number: int, wanted: Sequence[str], page: Stream) -> LedgerEntry:
    """Right-to-left text: the file holds it in the order of the eye, so letters are counted.

    The forms of a letter are one; vowel signs and brackets, which layout joins and mirrors,
    are not counted.
    """
    speech, found = (
        unicodedata.normalize("NFKC", text) for text in ("".join(wanted), page.letters)
    )
    lacking = Counter(filter(str.isalnum, speech)) - Counter(found)
    if lacking.total() <= UNREADABLE * sum(map(len, wanted)):
        return LedgerEntry(number, len(wanted), len(wanted))
    shown = " ".join(f"{letter} ({count})" for letter, count in lacking.most_common(8))
    return LedgerEntry(number, len(wanted), 0, f"in letters that are lacking: {shown}")


def _mismatch(number: int, wanted: Sequence[str], page: Stream) -> LedgerEntry:
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
    return LedgerEntry(number, len(wanted), low, difference)
