"""Historic Hansard of the UK Parliament in XML: one speech a contribution of a member.

The marks it relies on: a root of `ROOTS`; `date format="..."`; `section` and `group` with their
`title`s; `p` with `member` (who speaks, as printed) and mostly `membercontribution` (the
words; written answers have them in the paragraph itself). Paragraphs without a member go on
with the contribution before them, as the clerk's remarks (stage) where they read like that. A
member named anew is a new contribution. Columns and images are page breaks, tables and
divisions lists. What stands before the first contribution of a section is counted and left
out. A section of written answers whose members were never marked is one speech.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from packager.dates import Date, read_date
from packager.findings import Report
from packager.readers.blocks import split_content
from packager.readers.runs import tidy
from packager.readers.source import Source
from packager.readers.xml_parts import deliver, head_text, merged, provenance, root_of
from packager.readers.xml_stream import Element, Piece, What, XmlFile, clean, digest, tag_of
from packager.speech import Block, BlockKind, Cut, Inline, InlineKind, Speech, make_id

VERSION = "1"
LANGUAGE = "en"
"""The form has no place for a language: the debates of both Houses are kept in English."""
OUTLET = "Hansard"

ROOTS = frozenset(
    "hansard housecommons houselords writtenanswers writtenstatements westminsterhall "
    "grandcommitteereport".split()
)
_OPENED = ROOTS | frozenset("debates oralquestions section group body titlepage".split())
_WRITTEN = frozenset({"writtenanswers", "writtenstatements"})
_LEFT = {"titlepage": "title page", "indexsection": "index"}
_NAME = r"(?:Mr|Mrs|Miss|Ms|Sir|Dr|Lord|Lady|Viscount|Earl|Captain|Major|Colonel|Dame)\b\.?"
_ASKED = re.compile(rf"(?:\d+\. )?({_NAME}[^.,:;]{{1,40}}?) asked\b", re.IGNORECASE)
_REMARK = re.compile(
    r"[\[(]|\d{1,2}(?:[.·]\d{1,2})? ?[ap]\.?m\.?|(?:Questions?|Motions?|Bills?|Clauses?|Schedules?|"
    r"Amendments?|Orders?|Ordered|Resolved|Resolution|Adjourned|It being|The House|House|Their "
    r"Lordships|On Question|Considered|Read|Remaining|To be|Lords|Committee|Further|Whereupon|"
    r"Several|Main|Debate|Petition|The remaining|Ayes|Noes|Contents|Not-Contents|Brought)\b"
)
NOTHING = "a part of Hansard in which no member speaks"


def recognise(head: bytes) -> str | None:
    """Why these first bytes are a part of Hansard, or None."""
    root, attributes = root_of(head_text(head))
    return f"its root element is {root}" if root in ROOTS and "xmlns" not in attributes else None


def read(source: Source, report: Report) -> Iterator[Speech]:
    """The contributions of a file, in order."""
    file = XmlFile(source)
    yield from deliver(file, report, _House(file, digest(source)).parts(), NOTHING)


@dataclass
class _Contribution:
    """What one member says, while it is read."""

    speaker: str | None
    record: str | None
    blocks: list[Block] = field(default_factory=list)

    @property
    def unfinished(self) -> bool:
        """True when its last words end in mid-sentence."""
        said = [block.text for block in self.blocks if block.kind is not BlockKind.STAGE]
        return bool(said) and not re.search(r"[.!?:;…—\"'”’)\]]\s*$", said[-1])


@dataclass
class _House:
    """A part of Hansard while it is read: titles that are open, and who has the floor."""

    file: XmlFile
    sha256: str
    date: Date | None = None
    titles: list[list[str]] = field(default_factory=lambda: [[]])
    written: int = 0
    floor: _Contribution | None = None
    pages: list[Inline] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    count: int = 0

    def parts(self) -> Iterator[Speech | Cut]:
        for piece in self.file.pieces(_OPENED.__contains__):
            if piece.what is What.OPEN:
                yield from self._end() if piece.tag != "body" else ()
                self.titles.append([])
                self.written += piece.tag in _WRITTEN
            elif piece.what is What.CLOSE:
                yield from self._end() if piece.tag != "body" else ()
                self.titles.pop()
                self.written -= piece.tag in _WRITTEN
            else:
                yield from self._piece(piece)
        yield from self._end()

    def _piece(self, piece: Piece) -> Iterator[Speech | Cut]:
        tag, element = piece.tag, piece.element
        if piece.what is What.TEXT:
            yield from self._paragraphs([Block(BlockKind.P, _text(piece.text))])
        elif tag == "title":
            if text := self.file.text(element):
                self.titles[-1].append(text)
                yield Cut.of("title", text)
        elif tag == "date":
            date = read_date(element.get("format") or "")
            text = self.file.text(element)
            self.date = replace(date, written=text) if date else read_date(text)
            yield Cut.of("date", text)
        elif tag in ("col", "image"):
            self._page(self.pages, element)
        elif tag == "p":
            yield from self._p(element)
        elif tag in _LEFT:
            yield Cut.of(_LEFT[tag], self.file.text(element))
        else:
            yield from self._paragraphs(self._blocks(element))

    # --- who speaks ------------------------------------------------------------------------

    def _p(self, element: Element) -> Iterator[Speech | Cut]:
        member = next(element.iter("member"), None)
        text = self.file.text(element)
        asked = _ASKED.match(text) if self.written and member is None else None
        if member is None and not asked:
            yield from self._paragraphs(self._blocks(element))
            return
        yield from self._end()
        name = self.file.text(member) if member is not None else asked[1] if asked else ""
        self._begin(name.strip(" :.,—*") or None, element.get("id"))
        blocks = self._blocks(element)
        if member is not None:
            blocks = _with_heading(blocks, name)
        assert self.floor  # begun above
        self.floor.blocks += blocks

    def _begin(self, speaker: str | None, record: str | None) -> None:
        self.count += 1
        self.floor = _Contribution(speaker, record or f"contribution-{self.count}")

    def _paragraphs(self, blocks: list[Block]) -> Iterator[Cut]:
        """Paragraphs that name no member: they go on with the contribution that is open."""
        if not any(block.text.strip() for block in blocks):
            return
        if self.floor is None and self.written and self.titles[-1]:
            self._begin(None, None)
        if self.floor is None:
            for block in blocks:
                yield Cut.of("proceedings before anybody speaks", block.text)
            return
        for block in blocks:
            if block.kind is BlockKind.P and self._is_remark(block):
                block = replace(block, kind=BlockKind.STAGE)
            self.floor.blocks.append(block)

    def _is_remark(self, block: Block) -> bool:
        assert self.floor
        if self.floor.unfinished and block.text[:1].islower():
            return False
        first = next((run for run in block.content if run.plain().strip()), None)
        italic = first is not None and first.kind is InlineKind.EMPHASIS
        return italic or _REMARK.match(block.text) is not None

    def _end(self) -> Iterator[Speech | Cut]:
        floor, self.floor = self.floor, None
        if self.columns:
            yield Cut.of("column numbers", " ".join(self.columns))
            self.columns = []
        if floor is None or not floor.blocks:
            return
        chain = [title for level in self.titles for title in level]
        made = provenance(
            self.file, self.sha256, "hansard", VERSION, record=floor.record, outlet=OUTLET
        )
        yield Speech(
            id=make_id(self.date, floor.blocks),
            title=chain[-1] if chain else self.file.source.name,
            blocks=tuple(floor.blocks),
            speaker=floor.speaker,
            occasion=", ".join(chain[:-1]) or None,
            language=LANGUAGE,
            date=self.date,
            provenance=replace(made, cut=tuple(merged(made.cut))),
        )

    # --- words -----------------------------------------------------------------------------

    def _blocks(self, element: Element) -> list[Block]:
        kind = BlockKind.QUOTE if tag_of(element) == "quote" else BlockKind.P
        if tag_of(element) in ("table", "division", "ol", "ul", "tr", "li"):
            kind = BlockKind.LIST
        runs, self.pages = self.pages, []
        out: list[Block] = []
        self._walk(element, kind, runs, out)
        self._close(kind, runs, out)
        return out

    def _walk(
        self, element: Element, kind: BlockKind, runs: list[Inline], out: list[Block]
    ) -> None:
        runs += _text(clean(element.text))
        for child in element:
            tag = tag_of(child)
            if not tag:
                runs += _text(self.file.letters(child))
            elif tag in ("col", "image"):
                self._page(runs, child)
            elif tag == "lb":
                self._close(kind, runs, out)
            elif tag in ("i", "em"):
                inner = self._inline(child)
                runs += [Inline(InlineKind.EMPHASIS, content=tuple(inner))] if inner else []
            elif tag in ("quote", "li", "tr"):
                self._close(kind, runs, out)
                own = BlockKind.QUOTE if tag == "quote" else BlockKind.LIST
                self._walk(child, own, runs, out)
                self._close(own, runs, out)
            elif tag in ("table", "division", "ol", "ul", "p"):
                self._close(kind, runs, out)
                self._walk(child, kind, runs, out)
                self._close(kind, runs, out)
            else:
                self._walk(child, kind, runs, out)
                if tag in ("td", "th"):
                    runs.append(Inline(InlineKind.TEXT, "\u2003"))
            runs += (
                _text(clean(child.tail)) if tag not in ("td", "tr") or _words(child.tail) else ()
            )

    def _inline(self, element: Element) -> list[Inline]:
        """The runs of italics; a page may begin inside them."""
        runs: list[Inline] = []
        self._walk(element, BlockKind.P, runs, [])
        return [run for run in runs if run.text or run.content or run.target]

    def _close(self, kind: BlockKind, runs: list[Inline], out: list[Block]) -> None:
        """What was collected becomes a block; a page that began before nothing waits."""
        if content := tidy(_unspaced(runs)):
            out.append(Block(kind, content))
            runs.clear()
        else:
            runs[:] = [run for run in runs if run.kind is InlineKind.PAGE_BREAK]

    def _page(self, runs: list[Inline], element: Element) -> None:
        """A page break: at an image, and named by the column's number where one follows."""
        target = self.file.text(element) or element.get("src") or ""
        if tag_of(element) == "col" and target:
            self.columns.append(target)
            while runs and runs[-1].plain().strip() == "":
                last = runs.pop()
                if last.kind is InlineKind.PAGE_BREAK:
                    break
            if runs:
                runs.append(Inline(InlineKind.TEXT, " "))
        if target:
            runs.append(Inline(InlineKind.PAGE_BREAK, target=target))


def _with_heading(blocks: list[Block], name: str) -> list[Block]:
    """Blocks with the member's printed name, and the colon after it, as the record's frame."""
    if not blocks:
        return []
    text = blocks[0].text
    end = text.find(name) + len(name)
    match = re.match(r"\s*(?:[(\[][^()\[\]]{1,80}[)\]])?\s*[:.]?", text[end:])
    size = end + (match.end() if match and match[0].strip().endswith((":", ")", "]")) else 0)
    heading, rest = split_content(blocks[0].content, size)
    out = [Block(BlockKind.LEDE, heading)]
    return [*out, replace(blocks[0], content=rest), *blocks[1:]] if rest else [*out, *blocks[1:]]


def _text(text: str) -> tuple[Inline, ...]:
    return (Inline(InlineKind.TEXT, text),) if text else ()


def _words(text: str | None) -> bool:
    return bool(text and text.strip())


def _unspaced(runs: list[Inline]) -> list[Inline]:
    """Runs without the wide space around a row's empty first and last cells."""
    out = list(runs)
    for n in (0, -1):
        while out and not out[n].plain().strip() and out[n].kind is InlineKind.TEXT:
            out.pop(n)
    return out
