"""`Book`: the edition-neutral tree of front matter, parts, documents and back matter.

A document is a speech in a book, with its number, the same in every edition. A speech that
belongs to a second part is not printed again: a `Reference` stands there. The `Account` says
what became of every page of the archive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from packager.cache import Kept
from packager.collation import Variant, Witness
from packager.headings import IndexEntry, headings_of
from packager.layer import Mark, MarkKind, PrintedBlock, woven
from packager.meta import Meta
from packager.source_notes import tied
from packager.speech import Block, Picture, Provenance, Speech, walk

SHORT_HEAD = 52
"""Characters of a running head: what fits between the folio and its mirror at 107 mm measure."""


STATUSES = ("as prepared", "as delivered", "as reported", "verbatim", "summary")
"""What the text of a document can be, seen from what was said."""


@dataclass(frozen=True, slots=True)
class Supplied:
    """What the editor supplies of a document beside its text; `status` is one of `STATUSES`, days
    are ISO days."""

    head: str | None = None
    headnote: tuple[Block, ...] = ()
    office: str | None = None
    audience: str | None = None
    status: str | None = None
    translator: str | None = None
    delivered: str | None = None
    released: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Plate:
    """A picture of a document as every edition prints it, before block `at` of its speech.

    `name` is that of its file inside an edition and begins with the digest of its bytes; `alt` is
    empty for an ornament.
    """

    at: int
    picture: Picture
    name: str
    media_type: str
    width: int
    height: int
    alt: str
    caption: str
    kept: Kept

    def fetched(self) -> Plate:
        """The same with its bytes at hand."""
        return replace(self, kept=replace(self.kept, data=self.kept.fetch()))


@dataclass(frozen=True, slots=True)
class Authority:
    """A speaker as an authority file has it: heading, kind (as in names.toml), and addresses of
    the record or of what it describes."""

    heading: str
    kind: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A speech in the book: its number, the other captures of the same words, and the editor's
    layer: `marks` in the order of the text, and what is `supplied` beside it. `witnesses` are its
    other versions, `variants` where they read otherwise; `plates` the pictures that are printed;
    `authority` is the speaker in an authority file, where the editor has stated it.
    The text of a bilingual document has a `translation`, which is `second` and has its number."""

    number: int
    speech: Speech
    captures: tuple[Provenance, ...] = ()
    marks: tuple[Mark, ...] = ()
    supplied: Supplied = Supplied()
    witnesses: tuple[Witness, ...] = ()
    variants: tuple[Variant, ...] = ()
    translation: Document | None = None
    second: bool = False
    plates: tuple[Plate, ...] = ()
    authority: Authority | None = None

    @property
    def anchor(self) -> str:
        """The id of the document's section in every edition; a translation stands inside it."""
        return f"d{self.number}-t" if self.second else f"d{self.number}"

    @property
    def texts(self) -> tuple[Document, ...]:
        """The document itself, and its translation where it has one."""
        return (self, self.translation) if self.translation else (self,)

    def with_number(self, number: int) -> Document:
        """The document, its translation too, under another number."""
        other = self.translation and self.translation.with_number(number)
        return replace(self, number=number, translation=other)

    @property
    def head(self) -> str:
        """The head that the book prints over the document: the editor's, else the source's."""
        return self.supplied.head or self.speech.title

    @property
    def printed(self) -> tuple[PrintedBlock, ...]:
        """The text as the book prints it, the editor's marks in their places."""
        return tuple(tied(tuple(woven(self.speech.blocks, self.marks)), self.anchor))

    @property
    def headnote(self) -> tuple[PrintedBlock, ...]:
        """The editor's note between head and text."""
        return tuple(woven(self.supplied.headnote))

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The pictures of its page that the book prints."""
        return tuple(plate.picture for plate in self.plates)

    @property
    def apparatus(self) -> tuple[str, ...]:
        """The variants, as every edition prints them."""
        return tuple(variant.words for variant in self.variants)

    def marked(self, kind: str) -> tuple[Mark, ...]:
        """The marks of one kind, in the order of the text."""
        return tuple(mark for mark in self.marks if mark.kind == kind)

    @property
    def sources(self) -> Iterator[Provenance]:
        """The pages of its text, of other captures of it, and of its other versions."""
        yield from (self.speech.provenance, *self.captures)
        for witness in self.witnesses:
            yield from witness.sources

    @property
    def words(self) -> int:
        """The words of the speech that the book prints."""
        return self.speech.words - sum(mark.words for mark in self.marked(MarkKind.ELISION))

    @property
    def short_head(self) -> str:
        """The head for running heads, cut between words.

        >>> Document(1, speech).short_head  # doctest: +SKIP
        'Opening Speech, Third Congress of Ferrymen'
        """
        speech = self.speech
        if speech.kind and speech.occasion and not self.supplied.head:
            return shorten(f"{speech.kind[0].upper()}{speech.kind[1:]}, {speech.occasion}")
        return shorten(self.head)


MATTER = (
    "dedication", "epigraph", "foreword", "acknowledgements", "introduction", "abbreviations",
    "errata",
)  # fmt: skip
"""The pages that an editor can write; all but the errata stand before the text."""


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A line of the list of abbreviations and terms."""

    short: str
    long: tuple[Block, ...]

    @property
    def printed(self) -> tuple[PrintedBlock, ...]:
        """What it stands for, as the book prints it."""
        return tuple(woven(self.long))


@dataclass(frozen=True, slots=True)
class Erratum:
    """A fault found after an edition was out: the ISO day of its correction, the document or the
    place in words, what was printed, what it should be; `place` is file:line, `speech` what the
    file calls the document."""

    place: str
    day: str
    wrong: str
    right: str
    where: str = ""
    speech: str = ""
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the list of persons: who, the years as the editor states them, offices, and the
    documents in which they speak (none for a person who is only spoken of)."""

    heading: str
    years: str = ""
    offices: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Matter:
    """A page of the editor's: one of `MATTER`, its own title if it has one, its text or list."""

    name: str
    title: str
    blocks: tuple[Block, ...] = ()
    abbreviations: tuple[Abbreviation, ...] = ()
    errata: tuple[Erratum, ...] = ()

    @property
    def printed(self) -> tuple[PrintedBlock, ...]:
        """The text as the book prints it."""
        return tuple(woven(self.blocks))


@dataclass(frozen=True, slots=True)
class Reference:
    """The place of a speech that is printed in an earlier part."""

    document: Document


@dataclass(frozen=True, slots=True)
class Part:
    """A themed group of documents under one title."""

    number: int
    title: str
    members: tuple[Document | Reference, ...]
    introduction: tuple[Block, ...] = ()

    @property
    def anchor(self) -> str:
        """The id of the part's section in every edition."""
        return f"part{self.number}"

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that are printed in this part."""
        return tuple(member for member in self.members if isinstance(member, Document))


@dataclass(frozen=True, slots=True)
class Account:
    """What became of every page of the archive.

    `pages` were opened and gave `speeches`, some of them `repeats` (captures of words that
    another page gave); `refused` counts by finding code the pages that gave none. Speeches
    that no part selects are named in `unselected`; of `versions` the variants are printed.
    """

    pages: int = 0
    speeches: int = 0
    repeats: int = 0
    refused: tuple[tuple[str, int], ...] = ()
    unselected: tuple[str, ...] = ()
    versions: int = 0


@dataclass(frozen=True, slots=True)
class Volume:
    """What one volume of a book holds; `numbers` are those of its documents."""

    number: int
    parts: tuple[Part, ...]
    numbers: frozenset[int]


@dataclass(frozen=True, slots=True)
class Book:
    """The whole book, ready to be rendered into any edition; or one volume of it, which knows
    all `volumes`. Where it is `facing`, pages have originals on the left of an opening and
    translations on its right; else the two alternate."""

    meta: Meta
    parts: tuple[Part, ...]
    account: Account = Account()
    matter: tuple[Matter, ...] = ()
    index: tuple[IndexEntry, ...] = ()
    volumes: tuple[Volume, ...] = ()
    persons: tuple[Person, ...] = ()
    facing: bool = False

    @property
    def other_volumes(self) -> tuple[Volume, ...]:
        """The volumes beside this one; none where the book is one."""
        return tuple(one for one in self.volumes if one.number != self.meta.volume)

    @property
    def is_last_volume(self) -> bool:
        """True for the volume that has the index of them all."""
        return bool(self.volumes) and self.meta.volume == self.volumes[-1].number

    def volume_of(self, document: int) -> int:
        """In which other volume a document stands, by its number; 0 for one of this book."""
        for volume in self.other_volumes:
            if document in volume.numbers:
                return volume.number
        return 0

    @property
    def documents(self) -> Iterator[Document]:
        """Every document in the order of the book."""
        for part in self.parts:
            yield from part.documents

    @property
    def texts(self) -> Iterator[Document]:
        """Every text in the order of the book: documents, and translations after theirs."""
        for document in self.documents:
            yield from document.texts

    @property
    def bilingual(self) -> bool:
        """True where a document has a translation beside it."""
        return any(document.translation for document in self.documents)

    @property
    def day(self) -> str:
        """The ISO day of the edition as the book knows it: its own date, else the newest capture,
        else the newest speech; empty where it knows none."""
        captured = [d.speech.provenance.captured or "" for d in self.texts]
        spoken = [d.speech.date.latest for d in self.texts if d.speech.date]
        newest = max(captured, default="") or max(spoken, default="")
        return (self.meta.date or newest)[:10]

    @property
    def year(self) -> str:
        """The year under which the book is cited, printed and exported: that of its `day`."""
        return self.day[:4]

    @property
    def chronology(self) -> list[Document]:
        """Every document by its first possible day; undated ones last, in book order."""
        return sorted(
            self.documents, key=lambda d: d.speech.date.earliest if d.speech.date else "9999"
        )

    @property
    def headings(self) -> Mapping[str, str]:
        """The headings of the index, sub-entries too, and their ids."""
        return headings_of(self.index)

    @property
    def plates(self) -> dict[str, Plate]:
        """The pictures of all documents by name, each once."""
        return {plate.name: plate for one in self.texts for plate in one.plates}

    def marked(self, kind: str) -> tuple[Mark, ...]:
        """The editor's marks of one kind in all documents."""
        return tuple(mark for document in self.texts for mark in document.marked(kind))

    @property
    def languages(self) -> frozenset[str]:
        """The languages of the book, of its documents and of passages in them."""
        found = {self.meta.language}
        for document in self.texts:
            found.add(document.speech.language or self.meta.language)
            for block in document.speech.blocks:
                tags = (block.language, *(run.language for run in walk(block.content)))
                found.update(filter(None, tags))
        return frozenset(found)

    @property
    def words(self) -> int:
        """Words of all texts."""
        return sum(document.words for document in self.texts)


_LEADING = frozenset(("of", "the", "at", "in", "on", "for", "and", "to", "a"))
"""Words that say nothing without what follows them: no head is cut after one."""


def shorten(text: str, limit: int = SHORT_HEAD) -> str:
    """A line cut between words to at most `limit` characters, the cut marked.

    >>> shorten("Opening Speech, Congress", 16)
    'Opening Speech…'
    """
    if len(text) <= limit:
        return text
    cut = text[:limit].rsplit(" ", 1)[0].rstrip(" ,;:")
    while cut.rsplit(" ", 1)[-1].lower() in _LEADING:
        cut = cut.rsplit(" ", 1)[0].rstrip(" ,;:") if " " in cut else ""
    return f"{cut or text[: limit - 1]}…"
