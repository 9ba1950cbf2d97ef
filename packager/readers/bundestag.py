"""Sittings of the German Bundestag in its official XML (dbtplenarprotokoll): one speech a `rede`.

The marks it relies on: `kopfdaten` (number, day, place), `tagesordnungspunkt` (the item, its
title in paragraphs of class T_...), `rede` with `p klasse="redner"` (who speaks; the printed
line follows the `redner` record), `name` (the chair breaks in), `kommentar` (interjections),
`a typ="druckseitennummer"` (pages). The first speaker's line is the record's frame; each later
change of speaker is a turn. What stands outside every `rede` (the chair calling items, the
contents, the annexes) is counted and left out. The DTD is never looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from packager.dates import Date, make_day, one_day
from packager.findings import Report
from packager.readers.runs import tidy
from packager.readers.source import Source
from packager.readers.xml_parts import deliver, head_text, merged, provenance, root_of
from packager.readers.xml_stream import Element, What, XmlFile, clean, digest, tag_of
from packager.speech import Block, BlockKind, Cut, Inline, InlineKind, Speech, make_id

VERSION = "1"
LANGUAGE = "de"
"""The form has no place for a language: its record is kept in German (Rules of Procedure)."""

_OPENED = frozenset(
    "dbtplenarprotokoll sitzungsverlauf sitzungsbeginn tagesordnungspunkt anlagen anlage "
    "anlagen-text".split()
)
_LEFT = {
    "inhaltsverzeichnis": "contents",
    "vorspann": "contents",
    "rednerliste": "list of speakers",
}
_KINDS = {"Z": BlockKind.QUOTE, "AL_Namen": BlockKind.LIST, "AL_Partei": BlockKind.LIST}
_ROLE = re.compile(r"^(?:(?:Alters|Vize)?[Pp]räsident(?:in)?|Schriftführer(?:in)?)\s+(?=\S)")
NOTHING = "a record of the Bundestag without a speech (rede) in it"


def recognise(head: bytes) -> str | None:
    """Why these first bytes are a record of the Bundestag, or None."""
    root, _ = root_of(head_text(head))
    return f"its root element is {root}" if root == "dbtplenarprotokoll" else None


def read(source: Source, report: Report) -> Iterator[Speech]:
    """The speeches of a sitting, in order."""
    file = XmlFile(source)
    yield from deliver(file, report, _Sitting(file, digest(source)).parts(), NOTHING)


@dataclass
class _Sitting:
    """A sitting while it is read: its day and place, the item of the agenda that is open."""

    file: XmlFile
    sha256: str
    date: Date | None = None
    place: str | None = None
    name: str | None = None
    outlet: str | None = None
    item: str | None = None
    heads: list[tuple[str, str]] = field(default_factory=list)
    count: int = 0

    def parts(self) -> Iterator[Speech | Cut]:
        for piece in self.file.pieces(_OPENED.__contains__):
            element, tag = piece.element, piece.tag
            if piece.what is What.OPEN:
                if tag == "dbtplenarprotokoll":
                    self.date = _day(element.get("sitzung-datum"))
                elif tag == "tagesordnungspunkt":
                    self.item, self.heads = element.get("top-id"), []
            elif piece.what is What.TEXT:
                yield Cut.of("text outside a speech", piece.text)
            elif piece.what is What.ITEM and tag == "rede":
                yield self._speech(element)
            elif piece.what is What.ITEM:
                yield from self._outside(tag, element)

    def _outside(self, tag: str, element: Element) -> Iterator[Cut]:
        """What is no speech: read for what it says of the sitting, and counted."""
        if tag == "vorspann":
            self._read_head(element)
        kind = (element.get("klasse") or "") if tag == "p" else ""
        if self.item and kind.startswith("T_"):
            self.heads.append((kind, self.file.text(element)))
        inside = {tag_of(one) for one in element.iterancestors()}
        left = "annex" if "anlagen" in inside else "the chair and the agenda outside a speech"
        text = self.file.text(element, apart=tag in _LEFT or element.find(".//table") is not None)
        yield Cut.of(_LEFT.get(tag, left), text)

    def _read_head(self, element: Element) -> None:
        def text(tag: str) -> str | None:
            found = next(element.iter(tag), None)
            return self.file.text(found) or None if found is not None else None

        day = next(element.iter("datum"), None)
        if day is not None and (date := _day(day.get("date"))):
            self.date = replace(date, written=self.file.text(day) or date.written)
        self.place, self.name = text("ort"), text("sitzungstitel")
        self.outlet = text("herausgeber")

    def _title(self) -> str:
        """The item's title: what is printed in bold, else its first line, else its number."""
        for wanted in ("T_fett", "T_NaS", "T_ZP_NaS"):
            for kind, text in self.heads:
                if kind == wanted and text:
                    return text
        return self.item or self.name or self.file.source.name

    def _speech(self, element: Element) -> Speech:
        self.count += 1
        rede = _Rede(self.file)
        rede.take(element)
        made = provenance(
            self.file, self.sha256, "bundestag", VERSION,
            record=element.get("id") or f"rede-{self.count}", outlet=self.outlet,
        )  # fmt: skip
        occasion = ", ".join(part for part in (self.name, self.item) if part)
        return Speech(
            id=make_id(self.date, rede.blocks),
            title=self._title(),
            blocks=tuple(rede.blocks),
            speaker=rede.speaker,
            kind="speech",
            occasion=occasion or None,
            place=self.place,
            language=LANGUAGE,
            date=self.date,
            provenance=replace(made, cut=tuple(merged(rede.cuts))),
        )


@dataclass
class _Rede:
    """The blocks of one speech, its first speaker, and what was left out of it."""

    file: XmlFile
    blocks: list[Block] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    speaker: str | None = None
    notes: int = 0

    def take(self, element: Element) -> None:
        self._loose(element.text)
        for child in element:
            tag = tag_of(child)
            if tag == "p":
                self._paragraph(child)
            elif tag == "kommentar":
                self._add(BlockKind.STAGE, self._runs(child))
            elif tag == "name":
                self._turn(self._runs(child), None)
            elif tag == "a":
                self._page(child)
            elif tag:
                self._add(BlockKind.P, self._runs(child))
            self._loose(child.tail)

    def _loose(self, text: str | None) -> None:
        if text and text.strip():
            self._add(BlockKind.P, [Inline(InlineKind.TEXT, clean(text))])

    def _paragraph(self, element: Element) -> None:
        kind = element.get("klasse") or ""
        if kind == "redner":
            record = next(element.iter("redner"), None)
            self._turn(self._runs(element), self._name(record) if record is not None else None)
            return
        for table in element.iter("table"):
            for row in table.iter("tr"):
                cells = (self.file.text(cell) for cell in row)
                self._add(BlockKind.LIST, [Inline(InlineKind.TEXT, "\u2003".join(cells))])
        notes: list[Block] = []
        self._add(_KINDS.get(kind, BlockKind.P), self._runs(element, notes))
        self.blocks += notes

    def _turn(self, runs: list[Inline], name: str | None) -> None:
        """A change of speaker; the first is the speech's own and its line the record's frame."""
        content = tidy(runs)
        said = "".join(run.plain() for run in content).strip().rstrip(":")
        if not self.blocks and self.speaker is None:
            self.speaker = name or said or None
            self._add(BlockKind.LEDE, runs)
        elif content:
            self.blocks.append(Block(BlockKind.TURN, content, speaker=name or said))

    def _name(self, record: Element) -> str | None:
        """A speaker's name from the record: title, forename, surname, without any office that
        was written into the forename."""
        words = [
            self.file.text(part)
            for tag in ("titel", "vorname", "namenszusatz", "nachname")
            for part in record.iter(tag)
        ]
        return _ROLE.sub("", " ".join(word for word in words if word)) or None

    def _page(self, element: Element) -> None:
        number = _page_number(element)
        if number and self.blocks:
            last = self.blocks[-1]
            self.blocks[-1] = replace(last, content=(*last.content, *number))

    def _add(self, kind: BlockKind, runs: list[Inline]) -> None:
        if content := tidy(runs):
            self.blocks.append(Block(kind, content))

    def _runs(self, element: Element, notes: list[Block] | None = None) -> list[Inline]:
        runs = [Inline(InlineKind.TEXT, clean(element.text))]
        for child in element:
            tag = tag_of(child)
            if not tag:
                runs.append(Inline(InlineKind.TEXT, self.file.letters(child)))
            elif tag == "redner":
                self.cuts.append(Cut.of("record of the speaker", self.file.text(child, apart=True)))
            elif tag == "a":
                runs += _page_number(child)
            elif tag == "br":
                runs.append(Inline(InlineKind.LINE_BREAK))
            elif tag == "fussnote" and notes is not None:
                runs += self._footnote(child, notes)
            elif tag in ("i", "em", "kursiv"):
                runs.append(Inline(InlineKind.EMPHASIS, content=tuple(self._runs(child))))
            elif tag != "table":
                runs += self._runs(child, notes)
            runs.append(Inline(InlineKind.TEXT, clean(child.tail)))
        return runs

    def _footnote(self, element: Element, notes: list[Block]) -> list[Inline]:
        self.notes += 1
        ident = element.get("id") or f"note-{self.notes}"
        notes.append(Block(BlockKind.NOTE, tidy(self._runs(element)), ident=ident))
        return [Inline(InlineKind.NOTE_REFERENCE, target=ident)]


def _day(written: str | None) -> Date | None:
    """A day in the form's own order, day first.

    >>> _day("04.05.2018").edtf
    '2018-05-04'
    """
    match = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", (written or "").strip())
    found = make_day(int(match[3]), int(match[2]), int(match[1])) if match else None
    return one_day(found, match[0]) if found and match else None


def _page_number(element: Element) -> list[Inline]:
    """The printed page that begins at an anchor such as S9921."""
    match = re.search(r"\d+", element.get("id") or element.get("name") or "")
    return [Inline(InlineKind.PAGE_BREAK, target=match[0])] if match else []
