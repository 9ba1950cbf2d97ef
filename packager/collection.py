"""`Collection`: a book as its editor described it, and `Collection.assemble(speeches) -> Book`.

A collection says what the book is, where its pages lie, and which speeches each part takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from packager.apparatus import with_apparatus
from packager.book import Account, Book, Document, Matter, Part, Reference
from packager.errors import CollectionError
from packager.families import Families, gathered
from packager.findings import Report
from packager.lists import authorised, persons_of, placed_errata
from packager.meta import Meta
from packager.names import Name, index_of, mark_names
from packager.notes import Notes, annotate
from packager.numbering import numbered, renumbered
from packager.pairs import Bilingual, Pair, paired, speaks, tell
from packager.plates import plated
from packager.preset import Press, default_press
from packager.selection import Selection
from packager.speech import Block, Provenance, Speech, words_digest
from packager.volumes import Division

EDITIONS = ("epub", "screen", "archive", "print")
"""The editions that a collection can name; the order in which they are built."""
USUAL = ("epub", "screen")
"""The editions of a collection that names none."""


@dataclass(frozen=True)
class Collection:
    """A book as its editor described it.

    `pages` are the paths of the archive, resolved from the folder of book.toml; `editions`
    are the names to build; `style`, `ground` and `ink` name the look; `page_list` says whether
    the EPUB lists the pages of the PDF. `library` is a file that `packager add` made; its
    speeches come after those of the pages. `press` is how the book is printed. `division`
    says how it is divided into volumes. With `apparatus` versions of one speech are printed once,
    with the variants of the others. A `bilingual` book prints a speech and its translation as one
    document. `pictures` says whether the book prints the pictures that were saved with its pages.
    """

    path: Path
    meta: Meta
    pages: tuple[Path, ...]
    selections: tuple[Selection, ...]
    editions: tuple[str, ...] = USUAL
    style: str = "classic"
    ground: str | None = None
    ink: str | None = None
    library: Path | None = None
    page_list: bool = True
    press: Press = field(default_factory=default_press)
    division: Division = field(default_factory=Division)
    notes: Notes = field(default_factory=Notes)
    names: tuple[Name, ...] = ()
    matter: tuple[Matter, ...] = ()
    introductions: Mapping[int, tuple[Block, ...]] = field(default_factory=dict)
    places: Mapping[int, str] = field(default_factory=dict)
    apparatus: bool = False
    bilingual: Bilingual | None = None
    pictures: bool = True

    @property
    def folder(self) -> Path:
        """The folder of book.toml; its name is the name of the edition files."""
        return self.path.resolve().parent

    def assemble(self, speeches: Iterable[Speech], *, report: Report | None = None) -> Book:
        """Select, group, order and number the speeches into a book.

        A speech read twice is printed once, from the capture that states an address, else from
        the earliest; the others are listed in its source note. A speech that two parts take is
        printed in the first and referred to in the second. With `apparatus` the same rule chooses
        among versions of one speech. Raises `CollectionError` for a part that takes nothing.
        """
        report = report if report is not None else Report()
        named = self.notes.versions
        found = gathered(speeches, named, joined=self.apparatus)
        pairs = self._pairs(found)
        documents: dict[str, Document] = {}
        parts = [
            self._part(n, selection, found, pairs, documents)
            for n, selection in enumerate(self.selections)
        ]
        final = numbered(documents.values(), self.notes)
        parts = list(renumbered(parts, final))
        self._tell_repeats(parts, report)
        self._tell_pairs(pairs.values(), found, final.values(), report)
        texts = {
            words_digest(text.speech.blocks): text for one in final.values() for text in one.texts
        }
        edited = annotate(list(texts.values()), self.notes, report)
        for digest, text in texts.items():
            if versions := found[digest][1:]:
                edited[text.anchor] = with_apparatus(edited[text.anchor], versions)
        if self.pictures:
            edited = plated(edited, self.notes.pictures, report)
        spoken = authorised(edited.values(), self.names)
        marked = {one.anchor: one for one in mark_names(spoken, self.names)}
        whole = {one.number: _whole(one, marked) for one in marked.values() if not one.second}
        return Book(
            self.meta,
            tuple(renumbered(parts, whole)),
            self._account(found, texts, report),
            placed_errata(self.matter, list(whole.values())),
            index_of(marked.values(), self.names),
            persons=persons_of(whole.values(), self.names),
            facing=self.bilingual is not None and self.bilingual.layout == "facing",
        )

    def _pairs(self, found: Families) -> dict[str, Pair]:
        """The digest of each original -> its pair."""
        if self.bilingual is None:
            return {}
        groups = [tuple(chain(*family)) for family in found.values()]
        digests = list(found)
        return {digests[one.original]: one for one in paired(groups, self.bilingual)}

    def _tell_pairs(
        self,
        pairs: Iterable[Pair],
        found: Families,
        documents: Iterable[Document],
        report: Report,
    ) -> None:
        """Tell how sure the pairs are that the book prints, and which documents have none."""
        if self.bilingual is None:
            return
        speeches = [family[0][0] for family in found.values()]
        printed = [one.speech for one in documents if one.translation]
        for pair in pairs:
            if speeches[pair.original] in printed:
                tell(pair, speeches, self.path.name, report)
        for one in documents:
            first, second = (speaks(one.speech, tag) for tag in self.bilingual.languages)
            if one.translation is None and (first or second):
                report.note(
                    "unpaired",
                    one.speech.provenance.path,
                    f"“{one.speech.title}” has no counterpart in "
                    f"'{self.bilingual.languages[first]}'; it is printed alone",
                    "name the two in a [[bilingual.pair]] of book.toml, or take it out of the part",
                )

    def _part(
        self,
        n: int,
        selection: Selection,
        found: Families,
        pairs: Mapping[str, Pair],
        documents: dict[str, Document],
    ) -> Part:
        """The part of a selection; what it prints for the first time is added to `documents`. Of a
        pair it takes both where it takes one and excludes none."""
        digests = list(found)
        translations = {digests[one.translation] for one in pairs.values()}
        taken = selection.sorted(
            family[0][0]
            for digest, family in found.items()
            if digest not in translations
            and _takes(
                selection,
                [found[each] for each in (digest, *_translation(digest, pairs, digests))],
            )
        )
        if not taken:
            raise self._empty(n, selection, [family[0][0] for family in found.values()])
        members: list[Document | Reference] = []
        for speech in taken:
            digest = words_digest(speech.blocks)
            if known := documents.get(digest):
                members.append(Reference(known))
                continue
            document = Document(len(documents) + 1, speech, _others(found[digest]))
            for translation in _translation(digest, pairs, digests):
                text = found[translation][0][0]
                second = Document(document.number, text, _others(found[translation]), second=True)
                document = replace(document, translation=second)
            documents[digest] = document
            members.append(document)
        introduction = self.introductions.get(n, ())
        return Part(n + 1, selection.title, tuple(members), introduction)

    def _tell_repeats(self, parts: Iterable[Part], report: Report) -> None:
        """Tell which speeches are printed in an earlier part, by the numbers that they have."""
        for n, part in enumerate(parts):
            for member in part.members:
                if isinstance(member, Reference):
                    known = member.document
                    report.note(
                        "speech-repeated",
                        self.places.get(n, self.path.name),
                        f"“{known.speech.title}” stands in an earlier part as document "
                        f"{known.number}; part “{part.title}” refers to it",
                    )

    def _account(
        self, found: Families, documents: Mapping[str, Document], report: Report
    ) -> Account:
        """What became of every speech that was read."""
        groups = list(chain(*found.values()))
        printed = [family for digest, family in found.items() if digest in documents]
        unselected = tuple(
            group[0].title
            for digest, family in found.items()
            if digest not in documents
            for group in family
        )
        if unselected:
            report.note(
                "not-selected",
                self.path.name,
                f"{len(unselected)} of {len(groups)} speeches are in no part",
                "run 'packager read' on the pages to see them all",
            )
        return Account(
            pages=report.pages,
            speeches=sum(len(group) for group in groups),
            repeats=sum(len(group) - 1 for group in groups),
            refused=tuple(sorted(report.refused.items())),
            unselected=unselected,
            versions=sum(len(family) - 1 for family in printed),
        )

    def _empty(self, n: int, selection: Selection, known: Sequence[Speech]) -> CollectionError:
        place = self.places.get(n, self.path.name)
        if not known:
            return CollectionError(
                f"{place}: the part “{selection.title}” is empty: the archive holds no speech",
                hint="run 'packager read' on the pages to see why",
            )
        speakers = sorted({speech.speaker for speech in known if speech.speaker})
        kinds = sorted({speech.kind for speech in known if speech.kind})
        return CollectionError(
            f"{place}: the part “{selection.title}” takes none of "
            f"the {len(known)} speeches. Speakers: {_listed(speakers)}. Kinds: {_listed(kinds)}",
            hint="widen its selection, or take the part out",
        )


def _others(family: Sequence[Sequence[Speech]]) -> tuple[Provenance, ...]:
    """The captures of its words beside the one that is printed."""
    return tuple(other.provenance for other in family[0][1:])


def _takes(selection: Selection, sides: Sequence[Sequence[Sequence[Speech]]]) -> bool:
    """True where a part takes one of the sides of a speech and excludes none; each side is its
    families."""
    texts = [tuple(chain(*side)) for side in sides]
    return any(selection.takes(*one) for one in texts) and not any(
        selection.excludes(*one) for one in texts
    )


def _translation(digest: str, pairs: Mapping[str, Pair], digests: Sequence[str]) -> tuple[str, ...]:
    """The digest of the translation, where there is one."""
    return (digests[pairs[digest].translation],) if digest in pairs else ()


def _whole(document: Document, texts: Mapping[str, Document]) -> Document:
    """The document with its translation as it was edited."""
    other = document.translation
    return replace(document, translation=texts[other.anchor]) if other else document


def _listed(names: Sequence[str], shown: int = 6) -> str:
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return (", ".join(names[:shown]) + more) or "none"
