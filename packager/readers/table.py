"""Tables: a record is a speech, its columns the parts of it; read in the memory of one record.

Accepts CSV, TSV, JSON (a list of records, an object around one, or one record), JSON lines that
are not our own, and Parquet where pyarrow is installed. Which column is what is guessed from the
names and told in a note (`table_mapping`); records without a text are told and left out. A record
whose kind is a stage direction joins the speech before it. A table of headings and texts alone is
one document whose headings are changes of speaker.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from packager.dates import Date, make_day, one_day
from packager.errors import InputError
from packager.findings import Report
from packager.readers import kcna
from packager.readers.agency import Framed, juche_proof, read_framed, take_end_mark
from packager.readers.agency_zh import Unframed, unframe
from packager.readers.blocks import Content, make_blocks, text_of
from packager.readers.headline import find_name, merge, read_headline
from packager.readers.page import read_page
from packager.readers.source import PAGE_LIMIT, Source
from packager.readers.table_json import SAMPLE, Fault, Row
from packager.readers.table_mapping import (
    Columns,
    Record,
    Stated,
    column_names,
    find_mapping,
    guess_columns,
)
from packager.readers.table_rows import Table, form_of, open_table
from packager.readers.table_tally import Tally
from packager.readers.table_values import (
    UTC,
    Clock,
    clean,
    date_of_parts,
    date_value,
    incipit,
    language_value,
    order_of,
    part_indents,
    part_lines,
    text_value,
    words_value,
)
from packager.readers.text import paragraphs_of, topics_of
from packager.speech import Block, BlockKind, Cut, Provenance, Speech, make_id, plain

VERSION = "1"

STAGES = {"action", "stage", "stage direction", "interjection", "interruption", "applause"}
"""Kinds of record that are no speech but happen around one."""
COLUMNS = 8
"""Columns that a finding names."""

PYONGYANG = Clock("Pyongyang", kcna.pyongyang)
_HTML = re.compile(r"<(?:p|br|div|h\d|li|blockquote)\b[^>]*>", re.IGNORECASE)
_JUCHE = re.compile(r"\s*[\[(]\s*Juche\s*\d{1,3}[\d\s.]*[\])]\s*$")


def recognise(head: bytes, name: str) -> str | None:
    """Why the file of these first bytes and this name is a table, or None."""
    form = form_of(head, name)
    return f"it is a table ({form})" if form else None


def read(source: Source, report: Report) -> Iterator[Speech]:
    """The speeches of a table, one a record, in order."""
    form = form_of(source.head, source.name)
    try:
        stated = find_mapping(source.path)
        with open_table(source, form or "csv", stated) as table:
            if table.guessed:
                report.warn(
                    "encoding-guessed",
                    source.name,
                    f"not UTF-8; read as {table.encoding}",
                    "look at the accents; name the encoding in a file NAME.mapping.toml",
                )
            yield from _speeches(source, table, stated, report)
    except InputError as error:
        report.refuse("mapping-wrong", source.name, error.message, error.hint)


def _speeches(source: Source, table: Table, stated: Stated, report: Report) -> Iterator[Speech]:
    first = list(itertools.islice(table.rows, SAMPLE))
    inherited = table.inherited or {}
    sample = [{**inherited, **row} for _, row in first if not isinstance(row, Fault)]
    rows = itertools.chain(first, table.rows)
    columns = guess_columns(sample, stated) if sample else Columns({}, {})
    tally = Tally()
    if table.form == "JSON lines" and first and not sample:
        fault = next(row.message for _, row in first if isinstance(row, Fault))
        report.refuse(
            "unknown-form",
            source.name,
            f"no JSON lines: none of its first {len(first)} lines is an object ({fault})",
            "write one object a line, or give the file the ending of its form",
        )
        return
    if sample and "text" not in columns.of:
        report.refuse(
            "no-speech",
            source.name,
            f"a table without a column of text: {', '.join(column_names(sample)[:COLUMNS])}",
            'name it: [columns] text = "..." in a file NAME.mapping.toml beside it',
        )
        return
    if sample:
        shown = columns.shown(column_names(sample))
        length = " (the text by the length of its cells)" if columns.by_length else ""
        told = "the mapping of" if stated.path else "columns guessed in"
        report.note(
            "mapping", source.name, f"{told} this {table.form} table{length}: {shown}",
            "a file NAME.mapping.toml beside the table overrides it",
        )  # fmt: skip
    dates = columns.of.get("date", ())
    order = order_of(record.get(name) for record in sample for name in dates)
    reading = _Reading(source, columns, inherited, order, tally)
    count = 0
    for speech in _document(reading, rows) if "turn" in columns.of else _records(reading, rows):
        count += 1
        yield speech
    tally.tell(source, report)
    if not count:
        report.refuse("no-speech", source.name, "no record of the table holds a text")


@dataclass(frozen=True)
class _Reading:
    """What holds for every record of a table."""

    source: Source
    columns: Columns
    inherited: Record
    order: str | None
    tally: Tally

    def value(self, record: Record, name: str) -> Any:
        """The first filled cell of a field, else the constant."""
        for column in self.columns.of.get(name, ()):
            value = record.get(column, self.inherited.get(column))
            if value is not None and value != "":
                return value
        return self.columns.constants.get(name)

    def words(self, record: Record, name: str) -> str | None:
        """The words of a field in one line."""
        return words_value(self.value(record, name))

    def clock(self, record: Record, agency: str | None) -> Clock:
        """The clock of who wrote the record: agencies stamp their stories at home."""
        named = (agency, self.words(record, "outlet"), self.words(record, "url"))
        return PYONGYANG if any(kcna.is_own(words) for words in named if words) else UTC

    def text(self, record: Record) -> str:
        """The texts of a record's columns of text, one after the other."""
        parts = (text_value(record.get(column)) for column in self.columns.of["text"])
        return "\n\n".join(part for part in parts if part.strip())


def _records(reading: _Reading, rows: Iterator[Row]) -> Iterator[Speech]:
    """A speech a record; stage directions join the speech before them, the first ones the next."""
    held: Speech | None = None
    early: tuple[Block, ...] = ()
    for number, record in rows:
        if isinstance(record, Fault):
            _fault(reading, number, record)
            continue
        text = reading.text(record)
        if not text.strip():
            reading.tally.add("record-empty", number)
            continue
        if (reading.words(record, "kind") or "").lower() in STAGES:
            stage = _stage(text)
            if held:
                blocks = (*held.blocks, *stage)
                held = replace(held, blocks=blocks, id=make_id(held.date, blocks))
            else:
                early = (*early, *stage)
            continue
        if held:
            yield held
        held = _speech(reading, number, record, text, early)
        early = ()
        if held is None:
            reading.tally.add("record-empty", number)
    if held:
        yield held


def _stage(text: str) -> tuple[Block, ...]:
    return tuple(Block(BlockKind.STAGE, content) for content in paragraphs_of(clean(text)))


def _fault(reading: _Reading, number: int, fault: Fault) -> None:
    reading.tally.add("record-unreadable", number, f"{fault.message}; {fault.hint}")


def paragraphs_of_cell(text: str) -> list[Content]:
    """The paragraphs of a cell: of HTML where it holds tags, of ideographic indents, of text."""
    if _HTML.search(text):
        return [line.content for line in read_page(text).lines if line.text.strip()]
    return paragraphs_of(part_lines(part_indents(text)))


def _speech(
    reading: _Reading, number: int, record: Record, raw: str, early: tuple[Block, ...]
) -> Speech | None:
    """The speech of one record; None where its text holds nothing that can be printed."""
    bare = unframe(clean(raw))
    cuts = list(bare.cuts)
    paragraphs = paragraphs_of_cell(bare.text)
    cuts += take_end_mark(paragraphs)
    if not paragraphs:
        return None
    title, paragraphs = _title(reading, record, paragraphs, cuts)
    framed = read_framed(paragraphs)
    headline = merge(read_headline(title), framed.announced)
    date = _date(reading, number, record, framed, title)
    title, cut = _without_juche(title)
    blocks = (*early, *_dateline(bare), *framed.blocks)
    speaker = reading.words(record, "speaker") or find_name(
        headline.speaker, "\n".join(block.text for block in framed.blocks)
    )
    kind = reading.words(record, "kind") or headline.kind
    place = framed.dateline.place if framed.dateline else None
    return Speech(
        id=make_id(date, blocks),
        title=title,
        blocks=blocks,
        provenance=_provenance(reading, number, record, raw, (*cuts, *cut), bare.paper),
        speaker=speaker,
        kind=kind.lower() if kind else None,
        occasion=reading.words(record, "occasion") or headline.occasion,
        place=reading.words(record, "place") or place,
        language=language_value(reading.value(record, "language")),
        date=date,
        topics=_topics(reading.value(record, "topics")),
    )


def _dateline(bare: Unframed) -> tuple[Block, ...]:
    return (Block(BlockKind.DATELINE, plain(bare.dateline)),) if bare.dateline else ()


def _title(
    reading: _Reading, record: Record, paragraphs: list[Content], cuts: list[Cut]
) -> tuple[str, list[Content]]:
    """The title that the record states, else a first line that names an act of
    speech, else the first words.

    A first line that repeats the stated title is the page's headline and is cut."""
    first = text_of(paragraphs[0])
    if stated := reading.words(record, "title"):
        if len(paragraphs) > 1 and " ".join(first.split()).casefold() == stated.casefold():
            cuts.append(Cut.of("headline before the text", first))
            return stated, paragraphs[1:]
        return stated, paragraphs
    if len(paragraphs) > 1 and "\n" not in first and read_headline(first).kind:
        return first, paragraphs[1:]
    return incipit(first), paragraphs


def _without_juche(title: str) -> tuple[str, tuple[Cut, ...]]:
    """The title without a date in Juche years that was glued to it."""
    match = _JUCHE.search(title)
    if match and title[: match.start()].strip():
        return title[: match.start()].strip(), (Cut.of("date in the title", match[0].strip()),)
    return title, ()


def _date(
    reading: _Reading, number: int, record: Record, framed: Framed, title: str
) -> Date | None:
    """The date that the record states; the dateline proves an open one and is compared."""
    value = reading.value(record, "date")
    agency = framed.dateline.agency if framed.dateline else None
    date = date_value(value, reading.order, reading.clock(record, agency))
    if value is not None and date is None:
        reading.tally.add("date-unreadable", number, " ".join(str(value).split())[:40])
    if date is None:
        parts = (reading.value(record, name) for name in ("year", "month", "day"))
        date = date_of_parts(*parts)
    proof = framed.dateline.proof if framed.dateline else juche_proof(title)
    if proof is None or date is None:
        return date
    years = {proof.year} if proof.year else {int(date.earliest[:4]), int(date.latest[:4])}
    days = [day for year in years if (day := make_day(year, proof.month, proof.day))]
    if date.exact:
        if not any(day.isoformat() == date.earliest for day in days):
            reading.tally.add("date-disagrees", number)
        return date
    choices = set(date.edtf.strip("[]").split(",")) if date.edtf.startswith("[") else None
    for day in days:
        shown = day.isoformat()
        if shown in choices if choices else date.earliest <= shown <= date.latest:
            return one_day(day, date.written, f"proved by {proof.named}")
    if choices:
        reading.tally.add("date-ambiguous", number, date.written)
    return date


def _topics(value: Any) -> tuple[str, ...]:
    if isinstance(value, (list, tuple)):
        return tuple(words for part in value if (words := words_value(part)))
    return topics_of(words_value(value) or "")


def _provenance(
    reading: _Reading,
    number: int,
    record: Record,
    raw: str,
    cuts: tuple[Cut, ...],
    paper: str | None,
) -> Provenance:
    source = Source(
        reading.source.path, f"{reading.source.name}#{number}", raw.encode("utf-8", "replace")
    )
    url = reading.words(record, "url")
    outlet = reading.words(record, "outlet")
    if outlet and outlet.startswith(("http://", "https://")):
        url, outlet = url or outlet, None
    captured = date_value(reading.value(record, "captured"))
    unused = [
        Cut.of(f"column '{clean(name)}'", clean(value))
        for name, value in record.items()
        if name not in reading.columns.used and isinstance(value, str) and value.strip()
    ]
    return Provenance(
        path=source.name,
        sha256=source.sha256,
        reader="table",
        reader_version=VERSION,
        outlet=outlet or paper,
        url=url or reading.source.facts.url,
        captured=captured.earliest
        if captured and captured.exact
        else reading.source.facts.captured,
        cut=(*cuts, *unused),
    )


def _document(reading: _Reading, rows: Iterator[Row]) -> Iterator[Speech]:
    """The one document of a table of turns; it ends where a page may not grow any further."""
    blocks: list[Block] = []
    raws: list[str] = []
    size = 0
    speaker: str | None = None
    first: Record = {}
    for number, record in rows:
        if isinstance(record, Fault):
            _fault(reading, number, record)
            continue
        text = reading.text(record)
        said = reading.words(record, "turn")
        if not text.strip() and not said:
            reading.tally.add("record-empty", number)
            continue
        size += len(text)
        if size > PAGE_LIMIT:
            fault = "the document is longer than one speech may be; the rest was not read"
            _fault(reading, number, Fault(fault, "split the table"))
            break
        first = first or record
        raws.append(f"{said or ''}\n{text}")
        if said and said != speaker:
            blocks.append(Block(BlockKind.TURN, plain(said), speaker=said))
        speaker = said or speaker
        blocks += make_blocks(paragraphs_of_cell(clean(text)))
    if not any(block.kind is not BlockKind.TURN for block in blocks):
        return
    made = _provenance(reading, 1, {}, "\n".join(raws), (), None)
    name = PurePath(reading.source.name)
    date = date_value(reading.value(first, "date"), reading.order) or date_of_parts(
        *(reading.value(first, part) for part in ("year", "month", "day"))
    )
    yield Speech(
        id=make_id(date, blocks),
        title=reading.words(first, "title") or " ".join(re.split(r"[\s_-]+", name.stem)).strip(),
        blocks=tuple(blocks),
        provenance=replace(made, path=reading.source.name),
        kind=reading.words(first, "kind"),
        place=reading.words(first, "place"),
        language=language_value(reading.value(first, "language")),
        date=date,
        topics=_topics(reading.value(first, "topics")),
    )
