"""TEI text as blocks: paragraphs, headings, verse, stage directions, turns, notes, in order.

Accepts what `tei_elements` names; an element it does not know is text like any other, never a
reason to drop words. What is left out (running heads, deletions, corrected errors, source notes)
is counted in `cuts`; so are pictures, unless the flow `shows` them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from packager.readers.runs import tidy
from packager.readers.shown import MOST, Shown, letters, letters_of
from packager.readers.tei_elements import (
    CONTAINERS,
    CUT,
    EM_SPACE,
    INLINE,
    KEPT_WITHIN,
    KINDS,
    NAMES,
    PLAIN_HI,
    SHOWN,
    WITHIN,
    Frame,
    figures,
    is_block,
    line_break,
    page_break,
)
from packager.readers.xml_stream import XML_ID, XML_LANG, Element, XmlFile, clean, tag_of
from packager.speech import GAP_SIGN, Block, BlockKind, Cut, Inline, InlineKind, plain

SOURCE_NOTE = 300
"""Words of an editor's source note that are kept: where the original lies, and how it was sent."""

_K = BlockKind
_I = InlineKind


@dataclass
class Flow:
    """Collects the blocks of one text; `people` are the names behind ids, `aside` whether notes
    are remarks on what happened (transcripts) and not footnotes; with `shows` the pictures are in
    `shown`."""

    file: XmlFile
    language: str | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    aside: bool = False
    shows: bool = False
    level: int = 1
    blocks: list[Block] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    turns: int = 0
    _runs: list[Inline] = field(default_factory=list)
    _frame: Frame | None = None
    _marker: str | None = None
    _notes: list[Block] = field(default_factory=list)
    _breaks: list[Inline] = field(default_factory=list)
    _count: int = 0
    _tokens: bool = False

    def following(self) -> Flow:
        """An empty flow for the text after this one; a page that begins between them is its."""
        fresh = replace(self, blocks=[], cuts=[], shown=[], turns=0)
        fresh._frame, fresh._marker, fresh._runs = None, None, []
        fresh._notes, fresh._count, self._breaks = [], 0, []
        return fresh

    # --- blocks ----------------------------------------------------------------------------

    def add(self, element: Element, around: Frame) -> None:
        """Take an element that stands in `around`."""
        tag = tag_of(element)
        language = element.get(XML_LANG) or around.language
        if kind := CUT.get(tag):
            self._cut(kind, element)
        elif tag == "note" and self._is_block_note(element, around):
            self._block_note(element, around)
        elif tag == "pb" and (self._frame is None or around.container):
            self._breaks += page_break(element)
            self.inside(element, around)
        elif tag in CONTAINERS and (around.container or tag != "cit"):
            if tag in ("sp", "u"):
                self._open_turn(element)
            inner = WITHIN.get(tag, around.within)
            self.inside(element, Frame(inner or _K.P, True, language, within=inner))
        elif tag in ("quote", "q", "said") and self._is_block_quote(element, around):
            self.inside(element, Frame(_K.QUOTE, True, language, within=_K.QUOTE))
        elif tag in ("lg", "l"):
            self._verse(element, tag, around, language)
        elif tag == "list":
            self._list(element, Frame(_K.P, True, language))
        elif tag == "table":
            self._table(element, Frame(_K.P, True, language))
        elif found := KINDS.get(tag):
            self.inside(element, self._frame_of(element, found, around, language))
        elif around.container and (tag not in INLINE or tag == "seg"):
            self.inside(element, Frame(around.within or _K.P, language=language))
        elif self._holds_blocks(element):
            self.inside(element, around)
        else:
            self._run(self._inline(element), around)

    def words(self, text: str, around: Frame) -> None:
        """Take loose text that stands in `around`."""
        if text.strip() or (text and self._frame is around and not self._tokens):
            self._run([Inline(_I.TEXT, text)], around)

    def end(self) -> None:
        """The text is over: close what is open."""
        self._flush()
        if self._breaks and self.blocks:
            last = self.blocks[-1]
            self.blocks[-1] = replace(last, content=(*last.content, *self._breaks))
            self._breaks = []

    def inside(self, element: Element, frame: Frame) -> None:
        """Take all that an element holds as standing in `frame`."""
        self.words(clean(element.text), frame)
        for child in element:
            if tag_of(child):
                self.add(child, frame)
            else:
                self.words(self.file.letters(child), frame)
            self.words(clean(child.tail), frame)

    def _run(self, runs: list[Inline], frame: Frame) -> None:
        if self._frame is not frame:
            self._flush()
            self._frame = frame
            self._runs, self._breaks = self._breaks, []
        self._runs += runs

    def _flush(self) -> None:
        """Close the block that is open; its footnotes follow it."""
        frame, runs = self._frame, self._runs
        self._frame, self._runs = None, []
        content = tidy(runs)
        if frame and content:
            if frame.shown:
                content = (Inline(_I.EMPHASIS, content=content),)
            self.blocks.append(
                Block(
                    frame.kind,
                    content,
                    language=frame.language if frame.language != self.language else None,
                    speaker=frame.speaker,
                    marker=self._marker if frame.kind is _K.LIST else None,
                    ident=frame.ident,
                    level=self.level if frame.kind is _K.HEAD else 1,
                )
            )
            if frame.kind is _K.LIST:
                self._marker = None
        else:
            self._breaks = [run for run in runs if run.kind is _I.PAGE_BREAK] + self._breaks
        self.blocks += self._notes
        self._notes = []

    def _frame_of(
        self, element: Element, kind: BlockKind, around: Frame, language: str | None
    ) -> Frame:
        if kind in (_K.P, _K.SALUTE, _K.DATELINE) and around.within is _K.SIGNED:
            kind = _K.SIGNED
        elif kind is _K.P and (around.within or around.kind) in KEPT_WITHIN:
            kind = around.within or around.kind
        speaker = None
        if kind is _K.TURN:
            said = self.file.text(element).rstrip(" .:,;")
            speaker = self.name_of(_who(element.getparent())) or said or None
        shown = kind is _K.P and any(word in (element.get("rend") or "") for word in SHOWN)
        return Frame(kind, False, language, speaker, shown=shown, within=around.within)

    def name_of(self, who: str | None) -> str | None:
        """The names behind a `who`: one or more ids; None where one of them is not known."""
        names = [self.people.get(one.lstrip("#")) for one in (who or "").split()]
        return ", ".join(name for name in names if name) if names and all(names) else None

    def _open_turn(self, element: Element) -> None:
        """An `sp` is a turn; where it names no speaker in words, the list of persons does."""
        self.turns += 1
        if any(tag_of(child) == "speaker" for child in element):
            return
        name = self.name_of(_who(element))
        if name:
            self._flush()
            self.blocks.append(Block(_K.TURN, plain(name), speaker=name))

    def _verse(self, element: Element, tag: str, around: Frame, language: str | None) -> None:
        """Lines of one stanza are one block; so are lines that follow each other without one."""
        if tag == "lg":
            self._flush()
            frame = Frame(_K.VERSE, language=language, within=_K.VERSE)
            self.inside(element, frame)
            self._flush()
            return
        frame = around
        if around.kind is not _K.VERSE:
            open_ = self._frame
            frame = open_ if open_ and open_.kind is _K.VERSE else Frame(_K.VERSE)
        if self._frame is frame and self._runs:
            self._runs.append(Inline(_I.LINE_BREAK))
        self.inside(element, frame)

    def _list(self, element: Element, outer: Frame) -> None:
        self.words(clean(element.text), outer)
        for child in element:
            tag = tag_of(child)
            if tag == "label":
                self._flush()
                self._marker = self.file.text(child) or None
            elif tag == "item":
                self.inside(child, Frame(_K.LIST, language=outer.language))
                self._flush()
                self._spend_marker()
            elif tag:
                self.add(child, outer)
            self.words(clean(child.tail), outer)
        self._spend_marker()

    def _spend_marker(self) -> None:
        """A label without an item is an item of its own."""
        if self._marker:
            self.blocks.append(Block(_K.LIST, plain(self._marker)))
            self._marker = None

    def _table(self, element: Element, outer: Frame) -> None:
        for child in element:
            if tag_of(child) != "row":
                self.add(child, outer)
                continue
            cells = [self._flat(cell) for cell in child]
            runs: list[Inline] = []
            for cell in (tidy(cell) for cell in cells):
                runs += [Inline(_I.TEXT, EM_SPACE), *cell] if runs and cell else list(cell)
            if runs:
                self._run(runs, Frame(_K.LIST, language=outer.language))
        self._flush()

    def _cut(self, kind: str, element: Element) -> None:
        """Leave an element out; a picture may come back, when its bytes are found."""
        if self.shows and kind == "picture" and (pictures := figures(self.file, element)):
            before = self._letters() if len(self.shown) < MOST else 0
            self.shown += [replace(one, letters=before) for one in pictures]
            return
        shown = SOURCE_NOTE if kind == "source note" else 8
        text = self.file.text(element, apart=kind == "picture")
        self.cuts.append(Cut.of(kind, text, shown=shown))

    def _letters(self) -> int:
        """How many letters the text has so far."""
        open_ = letters("".join(run.plain() for run in self._runs))
        return sum(map(letters_of, self.blocks)) + open_

    # --- notes -----------------------------------------------------------------------------

    def _is_block_note(self, element: Element, around: Frame) -> bool:
        return self.aside or around.container or element.get("type") == "source"

    def _block_note(self, element: Element, around: Frame) -> None:
        if element.get("type") == "source":
            self._cut("source note", element)
        elif self.aside:
            self.inside(element, Frame(_K.STAGE, language=around.language, within=_K.STAGE))
            self._flush()
        else:
            mark = [Inline(_I.TEXT, f"{n} ")] if (n := element.get("n")) else []
            self._run([*mark, *self._flat(element)], Frame(_K.NOTE, ident=element.get(XML_ID)))
            self._flush()

    def _footnote(self, element: Element) -> list[Inline]:
        """The reference that stays in the text; the note itself follows its paragraph."""
        if element.get("type") == "source":
            self._cut("source note", element)
            return []
        self._count += 1
        ident = element.get(XML_ID) or f"note-{self._count}"
        mark = element.get("n") or str(self._count)
        if tidy(runs := self._flat(element)):
            content = tidy([Inline(_I.TEXT, f"{mark} "), *runs])
            self._notes.append(Block(_K.NOTE, content, ident=ident))
            return [Inline(_I.NOTE_REFERENCE, mark, target=ident)]
        return []

    # --- runs ------------------------------------------------------------------------------

    def _flat(self, element: Element) -> list[Inline]:
        """All runs of an element that may hold blocks, which become lines."""
        runs = [Inline(_I.TEXT, clean(element.text))]
        for child in element:
            if not tag_of(child):
                runs.append(Inline(_I.TEXT, self.file.letters(child)))
            elif is_block(child) and tag_of(child) not in CUT:
                runs += [Inline(_I.LINE_BREAK), *self._flat(child), Inline(_I.LINE_BREAK)]
            else:
                runs += self._inline(child)
            runs.append(Inline(_I.TEXT, clean(child.tail)))
        return runs

    def _inner(self, element: Element) -> list[Inline]:
        blank = "" if self._tokens else None
        runs = [Inline(_I.TEXT, _unless(blank, clean(element.text)))]
        for child in element:
            if tag_of(child):
                runs += self._inline(child)
            else:
                runs.append(Inline(_I.TEXT, self.file.letters(child)))
            runs.append(Inline(_I.TEXT, _unless(blank, clean(child.tail))))
        return runs

    def _inline(self, element: Element) -> list[Inline]:
        tag = tag_of(element)
        if kind := CUT.get(tag):
            self._cut(kind, element)
            return []
        if tag == "note":
            return self._footnote(element)
        if tag in ("pb", "lb"):  # empty, but words have been seen in them
            return [*(page_break if tag == "pb" else line_break)(element), *self._inner(element)]
        if tag == "choice":
            return self._choice(element)
        if tag == "gap":
            self._cut("words on a gap", element)
            return [Inline(_I.GAP, GAP_SIGN, target=element.get("reason"))]
        if tag in ("w", "pc"):
            joined = element.get("join") in ("right", "both")
            return [Inline(_I.TEXT, self.file.text(element) + ("" if joined else " "))]
        if tag == "s" and next(element.iter("{*}w", "{*}pc"), None) is not None:
            self._tokens = True
            runs = self._inner(element)
            self._tokens = False
            return runs
        if note := _note_named(element, tag):
            return [Inline(_I.NOTE_REFERENCE, content=tuple(self._inner(element)), target=note)]
        return self._wrapped(element, tag, self._inner(element))

    def _wrapped(self, element: Element, tag: str, runs: list[Inline]) -> list[Inline]:
        """Runs inside the kind that their element gives them."""
        kind: InlineKind | None = None
        target = None
        language = element.get(XML_LANG)
        if tag in ("hi", "emph"):
            rend = (element.get("rend") or element.get("rendition") or "").lower()
            kind = None if any(word in rend for word in PLAIN_HI) else _I.EMPHASIS
        elif tag == "foreign" or (language and language != self.language and tag not in NAMES):
            kind = _I.FOREIGN
        elif tag in NAMES:
            kind = _I.NAME
        elif tag == "ref" and (element.get("target") or "").startswith(("http://", "https://")):
            kind, target = _I.REFERENCE, element.get("target")
        if kind is None or not any(run.plain().strip() for run in runs):
            return runs
        return [Inline(kind, content=tuple(runs), target=target, language=language)]

    def _choice(self, element: Element) -> list[Inline]:
        """As the source has it, but with its errors corrected; the other reading is counted."""
        order = ("corr", "abbr", "orig", "unclear", "sic", "expan", "reg")
        known = [child for tag in order for child in element if tag_of(child) == tag]
        for child in element:
            if known and child is not known[0] and tag_of(child):
                kind = "error in the source" if tag_of(child) == "sic" else "other reading"
                self._cut(kind, child)
        return self._inline(known[0]) if known else self._inner(element)

    def _is_block_quote(self, element: Element, around: Frame) -> bool:
        return around.container or "block" in (element.get("rend") or "") or (
            self._holds_blocks(element)
        )  # fmt: skip

    def _holds_blocks(self, element: Element) -> bool:
        return any(
            is_block(child)
            or (self.aside and tag_of(child) == "note")
            or (tag_of(child) != "note" and self._holds_blocks(child))
            for child in element
        )


def _unless(blank: str | None, text: str) -> str:
    return blank if blank is not None and not text.strip() else text


def _who(element: Element | None) -> str | None:
    return element.get("who") if element is not None else None


def _note_named(element: Element, tag: str) -> str | None:
    """The id of the note that a reference leads to; None for any other reference."""
    target = element.get("target") or ""
    leads = tag == "ptr" or (tag == "ref" and element.get("type") in ("noteAnchor", "note"))
    return target[1:] if leads and target.startswith("#") else None
