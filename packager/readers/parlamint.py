"""Sittings of parliaments in TEI as ParlaMint and Parla-CLARIN write them: one speech a turn.

The marks it relies on: `u` is what one speaker (`who`) says; neighbours of one speaker are one
turn, whatever remarks stand between them, until the record prints a speaker's heading anew
(`note type="speaker"`). That heading is the record's frame; remarks inside a turn are stage
blocks; remarks between turns (times, narrative) are counted and left out. Names come from the
file's own list of persons, else from the corpus's root file beside it and the lists that it
names. Ids that no list explains are told. Annotated files (`.ana`) are read by their tokens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from packager.findings import Report
from packager.readers import tei
from packager.readers.source import Source
from packager.readers.tei_elements import Frame
from packager.readers.tei_header import Header, read_header, read_people
from packager.readers.tei_text import Flow
from packager.readers.xml_parts import deliver, head_text, provenance
from packager.readers.xml_stream import (
    XML_ID,
    XML_LANG,
    Element,
    What,
    XmlFile,
    digest,
)
from packager.speech import Block, BlockKind, Cut, Speech, make_id

VERSION = "1"
LIST_LIMIT = 64 * 1024 * 1024
"""Bytes of the largest list of persons that is opened beside a file; ParlaMint's have 5 MB."""

_MARKS = ("ParlaMint", "Parla-CLARIN", "#parla.", "parla-clarin")
_OPENED = frozenset("TEI teiCorpus text group body front back div annotationBlock".split())
_REMARKS = frozenset({"kinesic", "vocal", "incident", "gap"})
NOTHING = "no turn of a speaker (u) in it: a list, or the root file of a corpus"


def recognise(head: bytes) -> str | None:
    """Why these first bytes are a sitting in the form of ParlaMint, or None."""
    if tei.recognise(head) and any(mark in head_text(head) for mark in _MARKS):
        return "TEI of a parliament (ParlaMint)"
    return None


def read(source: Source, report: Report) -> Iterator[Speech]:
    """The turns of a sitting, in order."""
    file = XmlFile(source)
    sitting = _Sitting(file, digest(source))
    yield from deliver(file, report, sitting.parts(), NOTHING)
    if sitting.unresolved:
        names = ", ".join(list(sitting.unresolved)[:5])
        report.warn(
            "speaker-unresolved",
            source.name,
            f"speakers in no list of persons: {len(sitting.unresolved)}, of turns: "
            f"{sum(sitting.unresolved.values())} ({names})",
            "put the corpus's root file and its listPerson file beside this one",
        )


@dataclass
class _Sitting:
    """A sitting while it is read; `turn` is the flow of the speaker who has the floor."""

    file: XmlFile
    sha256: str
    header: Header = field(default_factory=Header)
    language: str | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    unresolved: dict[str, int] = field(default_factory=dict)
    turn: Flow | None = None
    who: str | None = None
    ident: str | None = None
    heading: list[Block] = field(default_factory=list)
    count: int = 0

    def parts(self) -> Iterator[Speech | Cut]:
        for piece in self.file.pieces(_OPENED.__contains__):
            element = piece.element
            if piece.what is What.OPEN and piece.tag in ("TEI", "text"):
                self.language = element.get(XML_LANG) or self.language
            elif piece.what is What.CLOSE and piece.tag in ("div", "body", "TEI"):
                yield from self._end_turn()
            elif piece.what is What.TEXT:
                yield from self._between("text between the turns", piece.text)
            elif piece.tag == "teiHeader":
                self._read_header(element)
            elif piece.what is What.ITEM:
                yield from self._item(piece.tag, element)
        yield from self._end_turn()

    def _read_header(self, element: Element) -> None:
        self.header = read_header(self.file, element, self.language)
        self.people = self.header.people or self.people or people_beside(self.file.source)

    def _item(self, tag: str, element: Element) -> Iterator[Speech | Cut]:
        if tag == "u":
            yield from self._utterance(element)
        elif tag == "note" and element.get("type") == "speaker":
            yield from self._end_turn()
            yield from self._drop_heading()
            self.heading = self._blocks(element, BlockKind.LEDE)
        elif tag == "pb":
            if self.turn:
                self.turn.add(element, Frame(container=True, language=self.language))
        elif self.turn and (tag in _REMARKS or (tag == "note" and not element.get("type"))):
            self.turn.add(element, Frame(container=True, language=self.language))
        else:
            kind = "heading of the record" if tag == "head" else "remark between the turns"
            yield from self._between(kind, self.file.text(element))

    def _between(self, kind: str, text: str) -> Iterator[Speech | Cut]:
        """Words that are no speaker's; a remark does not take the floor from anybody."""
        cut = Cut.of(kind, text)
        if self.turn:
            self.turn.cuts.append(cut)
        else:
            yield cut

    def _utterance(self, element: Element) -> Iterator[Speech | Cut]:
        who = element.get("who")
        if self.turn and (who is None or who != self.who):
            yield from self._end_turn()
        language = element.get(XML_LANG) or self.language
        if self.turn is None:
            self.count += 1
            self.turn = Flow(self.file, self.language, self.people, aside=True)
            self.who, self.ident = who, element.get(XML_ID) or f"u-{self.count}"
        self.turn.inside(element, Frame(container=True, language=language))

    def _blocks(self, element: Element, kind: BlockKind) -> list[Block]:
        flow = Flow(self.file, self.language, self.people)
        flow.add(element, Frame(container=True, language=self.language))
        flow.end()
        return [replace(block, kind=kind, ident=None) for block in flow.blocks]

    def _drop_heading(self) -> Iterator[Cut]:
        """A heading that no turn followed."""
        for block in self.heading:
            yield Cut.of("heading of a speaker", block.text)
        self.heading = []

    def _end_turn(self) -> Iterator[Speech | Cut]:
        flow, self.turn = self.turn, None
        if flow is None:
            return
        flow.end()
        if not any(block.text.strip() for block in flow.blocks):
            yield from flow.cuts
            yield from self._drop_heading()
            return
        blocks = (*self.heading, *flow.blocks)
        self.heading = []
        name = flow.name_of(self.who)
        if self.who and not name:
            self.unresolved[self.who] = self.unresolved.get(self.who, 0) + 1
        header = self.header
        made = provenance(
            self.file, self.sha256, "parlamint", VERSION,
            record=self.ident, outlet=header.source_title or header.outlet,
        )  # fmt: skip
        yield Speech(
            id=make_id(header.date, blocks),
            title=header.title or self.file.source.name,
            blocks=blocks,
            speaker=name,
            occasion=header.occasion,
            place=header.place,
            language=self.language,
            date=header.date,
            provenance=replace(made, cut=tuple(flow.cuts)),
        )


def people_beside(source: Source) -> dict[str, str]:
    """Names by id from the root file of the corpus in the file's folder or the one above, and
    from the lists that it includes by plain name; nothing for a page inside a container."""
    if source.inner is not None:
        return {}
    corpus = source.path.name.partition("_")[0].removesuffix(".xml")
    for folder in (source.path.parent, source.path.parent.parent):
        for path in (folder / f"{corpus}.xml", folder / f"{corpus}-listPerson.xml"):
            if path != source.path and (found := _people_of(path, follow=True)):
                return found
    return {}


def _people_of(path: Path, *, follow: bool) -> dict[str, str]:
    """The persons of a file; none where it is not there. `follow` opens what it includes."""
    try:
        state = path.stat()
    except OSError:
        return {}
    if not path.is_file() or state.st_size > LIST_LIMIT:
        return {}
    return _read_list(path, state.st_mtime_ns, follow)


@lru_cache(maxsize=8)
def _read_list(path: Path, _changed: int, follow: bool) -> dict[str, str]:
    file = XmlFile(Source(path, path.name))
    people: dict[str, str] = {}
    opened = _OPENED | {"teiHeader", "profileDesc", "particDesc", "listPerson", "list"}
    for piece in file.pieces(opened.__contains__):
        file.settle()
        if piece.what is not What.ITEM:
            continue
        if piece.tag in ("person", "personGrp"):
            people.update(read_people(file, piece.element))
        elif piece.tag == "include" and follow:
            name = piece.element.get("href") or ""
            if "person" in name.lower() and Path(name).name == name:
                people.update(_people_of(path.parent / name, follow=False))
    return people
