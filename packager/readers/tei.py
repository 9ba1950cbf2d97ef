"""TEI: letters, speeches, articles and plays, one speech a file, a letter or a scene.

Accepts P5 and P4, with or without their schema. A `div` of a type in `DOCUMENTS` is a speech of
its own; so is each scene (or act without scenes) of a play, its speakers as turns, the front of
the play before them. Parliaments' corpora and FRUS have readers of their own. Refuses a file
without running text, such as the root file of a corpus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from packager.dates import Date, read_date
from packager.findings import Report
from packager.readers.shown import letters_of, take
from packager.readers.source import Source
from packager.readers.tei_elements import WITHIN, Frame
from packager.readers.tei_header import Header, date_of, event_date, read_header, settle_day
from packager.readers.tei_text import SOURCE_NOTE, Flow
from packager.readers.xml_parts import deliver, head_text, provenance, root_of
from packager.readers.xml_stream import XML_ID, XML_LANG, Element, Piece, What, XmlFile, digest
from packager.speech import Block, BlockKind, Cut, InlineKind, Speech, make_id

VERSION = "1"
ROOTS = frozenset({"TEI", "TEI.2", "teiCorpus", "teiCorpus.2", "listPerson", "listOrg"})
DRAMA = frozenset({"act", "scene"})
DOCUMENTS = frozenset({"letter", "speech", "address", "sermon", "document", "telegram"})

_OPENED = frozenset(
    "TEI TEI.2 teiCorpus teiCorpus.2 text group front body back div div0 div1 div2 div3 div4 "
    "div5 div6 div7".split()
)
NOTHING = "TEI without running text: a list, or the root file of a corpus"


def recognise(head: bytes) -> str | None:
    """Why these first bytes are TEI, or None."""
    root, attributes = root_of(head_text(head))
    if root in ROOTS and (root.startswith(("TEI", "tei")) or "tei-c.org" in attributes):
        return f"its root element is {root}"
    return None


def read(source: Source, report: Report) -> Iterator[Speech]:
    """The speeches of a TEI file, in order."""
    return read_documents(source, report, Manner("tei", VERSION, DOCUMENTS | DRAMA))


@dataclass(frozen=True, slots=True)
class Manner:
    """How a kind of TEI is read: which types of `div` are documents; whether the words outside
    them are the editor's; what a document's blocks need when they are complete."""

    reader: str
    version: str
    documents: frozenset[str]
    editors: bool = False
    outlet: str | None = None
    finish: Callable[[list[Block]], list[Block]] = list


def read_documents(source: Source, report: Report, manner: Manner) -> Iterator[Speech]:
    """The documents of a TEI file, read in this manner."""
    file = XmlFile(source)
    reading = _Reading(file, report, manner, digest(source))
    yield from deliver(file, report, reading.parts(), NOTHING)


@dataclass
class _Section:
    """A `div` that is open: its type, id, number and heading."""

    kind: str
    element: Element
    ident: str | None
    number: str | None
    head: str | None = None
    order: int = 0
    """Which document of the file it is, from 1; 0 where it is none."""


@dataclass
class _Reading:
    """One TEI text while it is read."""

    file: XmlFile
    report: Report
    manner: Manner
    sha256: str
    header: Header = field(default_factory=Header)
    language: str | None = None
    event: Date | None = None
    frames: list[Frame] = field(default_factory=list)
    path: list[_Section] = field(default_factory=list)
    current: tuple[_Section, ...] = ()
    documents: int = 0
    flow: Flow = field(init=False)
    day: Date | None = None
    line: str | None = None
    place: str | None = None
    signed: str | None = None

    def __post_init__(self) -> None:
        self.flow = Flow(self.file, shows=True)

    def parts(self) -> Iterator[Speech | Cut]:
        for piece in self.file.pieces(_OPENED.__contains__):
            if piece.what is What.OPEN:
                yield from self._open(piece.tag, piece.element)
            elif piece.what is What.CLOSE:
                yield from self._close(piece)
            elif piece.what is What.TEXT and self.frames:
                self.flow.words(piece.text, self.frames[-1])
            elif piece.what is What.ITEM:
                self._item(piece.tag, piece.element)

    # --- steps -----------------------------------------------------------------------------

    def _open(self, tag: str, element: Element) -> Iterator[Speech | Cut]:
        if tag.startswith(("TEI", "tei")):
            self.header, self.event, self.documents = Header(), None, 0
            self.language = element.get(XML_LANG)
            self._begin(Flow(self.file, shows=True))
            return
        if tag == "text" and not self.frames:
            self.language = element.get(XML_LANG) or self.language or self.header.language
            self.flow.language, self.flow.people = self.language, self.header.people
        language = element.get(XML_LANG) or (self.frames[-1].language if self.frames else None)
        within = WITHIN.get(tag)
        self.frames.append(Frame(within or BlockKind.P, True, language or self.language))
        if tag == "back" and any(one.kind in DRAMA for one in self.current):
            yield from self._emit()
        if tag.startswith("div"):
            kind = (element.get("type") or "").lower()
            section = _Section(kind, element, element.get(XML_ID), element.get("n"))
            self.path.append(section)
            self.flow.level = len(self.path)
            if kind in self.manner.documents:
                yield from self._document(section)

    def _document(self, section: _Section) -> Iterator[Speech | Cut]:
        """A div that is a document opens: what stood before it is complete. The heading and
        the scenery of an act stay with its first scene."""
        self.documents += 1
        section.order = self.documents
        outer = self.path[-2] if len(self.path) > 1 else None
        opens_act = outer is not None and outer.order and self.current[-1:] == (outer,)
        if not (opens_act and section.kind in DRAMA and not self.flow.turns):
            yield from self._emit(outside=not self.current)
        self.current = tuple(one for one in self.path if one.order)

    def _close(self, piece: Piece) -> Iterator[Speech | Cut]:
        if piece.tag.startswith(("TEI", "tei")):
            yield from self._emit(outside=self.documents > 0 and not self.current)
            self.current = ()
            return
        self.frames.pop()
        if piece.tag.startswith("div"):
            section = self.path.pop()
            self.flow.level = max(1, len(self.path))
            if section.order and section.kind not in DRAMA:
                yield from self._emit()
                self.current = ()

    def _item(self, tag: str, element: Element) -> None:
        if tag == "teiHeader":
            self.header = read_header(self.file, element, self.language)
        elif tag == "standOff":
            self.event = event_date(self.file, element)
        elif not self.frames:
            return
        elif tag == "head" and self.path and self.path[-1].order and not self.path[-1].head:
            self._head(element, self.path[-1])
        else:
            self._note_frame(tag, element)
            self.flow.add(element, self.frames[-1])

    def _head(self, element: Element, section: _Section) -> None:
        """The heading of a document: its title, where the header is not about it alone."""
        apart = Flow(self.file, self.language, self.header.people)
        apart.add(element, self.frames[-1])
        apart.end()
        heads = [block for block in apart.blocks if block.kind is BlockKind.HEAD]
        section.head = " ".join(_without_notes(block) for block in heads) or None
        self.flow.cuts += apart.cuts
        if self._of_header(section):
            self.flow.blocks += [replace(block, kind=BlockKind.LEDE) for block in apart.blocks
                                 if block.kind is BlockKind.HEAD]  # fmt: skip
        else:
            self.flow.cuts.append(Cut.of("title", " ".join(block.text for block in heads)))
        self.flow.blocks += [block for block in apart.blocks if block not in heads]

    def _of_header(self, section: _Section) -> bool:
        """True for the document that the header describes: the first below a header that tells
        when it was made, where editors wrote that header for it."""
        return self.manner.editors and self.header.created and section.order == 1

    def _note_frame(self, tag: str, element: Element) -> None:
        """Day, place and name that a letter's opening and end state."""
        if tag in ("dateline", "opener", "closer"):
            days = (date_of(self.file, one) for one in element.iter("{*}date"))
            self.day = self.day or next((day for day in days if day), None)
            places = [self.file.text(one) for one in element.iter("{*}placeName", "{*}settlement")]
            self.place = self.place or next(iter(places), None)
        if tag == "dateline":
            self.line = self.line or self.file.text(element)
        names = [name for one in element.iter("{*}signed") for name in one.iter("{*}persName")]
        if names and len(names) == 1:
            self.signed = self.file.text(names[0]) or None

    # --- speeches --------------------------------------------------------------------------

    def _begin(self, flow: Flow) -> None:
        self.flow = flow
        self.day = self.line = self.place = self.signed = None

    def _emit(self, *, outside: bool = False) -> Iterator[Speech | Cut]:
        """The text read so far as a speech; as cuts where it is the editor's or has no words."""
        flow = self.flow
        fresh = flow.following()
        flow.end()
        blocks = self.manner.finish(flow.blocks)
        if outside and self.manner.editors:
            yield from _with_pictures(flow)
            yield from (_editorial(block.text) for block in blocks)
        elif any(block.text.strip() for block in blocks):
            yield self._speech(blocks, flow)
        else:
            yield from _with_pictures(flow)
        fresh.level = max(1, len(self.path))
        self._begin(fresh)

    def _speech(self, blocks: list[Block], flow: Flow) -> Speech:
        cuts, shown = flow.cuts, flow.shown
        section = self.current[-1] if self.current else None
        title = self._title()
        if not section and blocks[0].kind is BlockKind.HEAD and _alike(blocks[0].text, title):
            gone = letters_of(blocks[0])
            shown = [replace(one, letters=max(0, one.letters - gone)) for one in shown]
            cuts.append(Cut.of("title", blocks.pop(0).text))
        date = self._date()
        pictures, left = take(shown, blocks, self.file.source, None, self.report)
        authors = ", ".join(self.header.authors) or None
        record = None
        if section:
            record = section.ident or f"{section.kind}-{section.order}"
        kind = section.kind if section and section.kind != "document" else None
        made = provenance(
            self.file, self.sha256, self.manner.reader, self.manner.version,
            record=record, outlet=self.manner.outlet or self.header.outlet,
        )  # fmt: skip
        return Speech(
            id=make_id(date, blocks),
            title=title,
            blocks=tuple(blocks),
            speaker=(self.signed or authors) if section else (authors or self.signed),
            kind=kind,
            place=self.header.place or self.place,
            language=self.language,
            date=date,
            provenance=replace(made, cut=(*cuts, *left)),
            pictures=pictures,
        )

    def _title(self) -> str:
        """The header's title; for a document of many its own heading, for a scene both."""
        whole = self.header.title or self.file.source.name.rpartition("/")[2]
        if not self.current or self._of_header(self.current[-1]):
            return whole
        heads = [one.head or one.number for one in self.current]
        named = [head.rstrip(" .:;,") for head in heads if head]
        if self.current[-1].kind in DRAMA:
            return ", ".join([whole, *named])
        return self.current[-1].head or whole

    def _date(self) -> Date | None:
        stated = self.header.date or self.event
        own = self.day or (read_date(self.line) if self.line else None)
        section = self.current[-1] if self.current else None
        if section and section.kind not in DRAMA and not self._of_header(section):
            return _span(section.element) or own or stated
        date, disagrees = settle_day(stated or own, self.line)
        if disagrees:
            self.report.warn(
                "date-disagrees",
                self.file.source.name,
                disagrees + (f"; the dateline reads '{self.line}'" if self.line else ""),
                "look at the source; the date printed is " + (date.edtf if date else "none"),
            )
        return date


def _with_pictures(flow: Flow) -> list[Cut]:
    """What was cut where no speech is made of a text."""
    return [*flow.cuts, *(Cut.of("picture", one.lost or one.alt or "") for one in flow.shown)]


def _span(element: Element) -> Date | None:
    """The day of a FRUS document, which stands in attributes of its div."""
    found = {
        name.rpartition("-")[2]: read_date(value[:10])
        for name, value in ((str(key), str(value)) for key, value in element.attrib.items())
        if name.rpartition("}")[2] in ("doc-dateTime-min", "doc-dateTime-max")
    }
    first, last = found.get("min"), found.get("max")
    if not (first and last):
        return first or last
    if first.earliest == last.latest:
        return first
    return Date(first.written, f"{first.edtf}/{last.edtf}", first.earliest, last.latest)


def _without_notes(block: Block) -> str:
    runs = (run for run in block.content if run.kind is not InlineKind.NOTE_REFERENCE)
    return " ".join("".join(run.plain() for run in runs).split())


def _editorial(text: str) -> Cut:
    """What editors say outside their documents; where the original lies is kept in full."""
    if text.startswith("Source:"):
        return Cut.of("source note", text, shown=SOURCE_NOTE)
    return Cut.of("editor's note", text)


def _alike(head: str, title: str) -> bool:
    one, other = (" ".join(text.casefold().strip(" .:").split()) for text in (head, title))
    return one == other
