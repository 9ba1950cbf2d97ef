"""A saved HTML page as lines of text: what a person would see, top to bottom.

The page is read as a stream of events and never becomes a tree, so depth costs nothing and
no stylesheet, script, picture or entity is ever acted upon. Bold is not kept: in the press it
marks names and leads, not stress; italics are. Pictures become an entry of what was left out.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree

from packager.readers.source import clean
from packager.speech import Inline, InlineKind

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol "
    "option p pre section select summary table tbody td tfoot th thead title tr ul".split()
)
_DROPPED = frozenset(
    "script style noscript template iframe object embed applet svg math canvas audio "
    "video map head textarea noframes frameset".split()
)
_FURNITURE = frozenset("nav aside footer button select menu dialog".split())
_ACTIVE = frozenset("script iframe object embed applet".split())
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_BOLD = frozenset({"b", "strong"})
_LOADED = frozenset({"stylesheet", "icon", "preload", "modulepreload", "prefetch", "manifest"})
_ITALIC = frozenset("em i cite dfn".split())
_SPACE = re.compile(r"[ \t\n\r\f]+")
_PLAIN = re.compile("[ -~\n\t]*").fullmatch
"""Text that `clean` would leave as it is, as most is."""


@dataclass(frozen=True)
class Line:
    """One line or paragraph of a page: its runs, the element it stood in, whether furniture."""

    content: tuple[Inline, ...]
    tag: str = "p"
    furniture: bool = False

    @cached_property
    def text(self) -> str:
        """The words of the line; a line break inside reads as a newline."""
        return "".join([part.plain() for part in self.content])


@dataclass(frozen=True)
class Page:
    """A saved page: its lines, what its head says, what active or remote things it held.

    `bold` are the phrases that the page sets in bold, which in the press are mostly names;
    `dropped` counts control characters that it wrote as references.
    """

    lines: tuple[Line, ...]
    meta: dict[str, str]
    active: Counter[str]
    language: str | None = None
    bold: frozenset[str] = frozenset()
    dropped: int = 0


def read_page(text: str) -> Page:
    """The lines of an HTML page that was already turned into text.

    >>> [line.text for line in read_page("<h1>Tides</h1><p>High <b>at</b> noon.").lines]
    ['Tides', 'High at noon.']
    """
    target: Any = _Target()
    parser = etree.HTMLParser(target=target, encoding="utf-8", no_network=True)
    try:
        parser.feed(text.encode("utf-8", "replace"))
        parser.close()
    except etree.XMLSyntaxError:  # nothing that looks like a page, for example only a comment
        pass
    target.flush()
    return Page(
        tuple(target.lines),
        target.meta,
        target.active,
        target.language,
        frozenset(target.bold),
        target.dropped,
    )


@dataclass
class _Target:
    """Receives the parser's events and collects lines; see lxml's parser target interface."""

    lines: list[Line] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    active: Counter[str] = field(default_factory=Counter)
    language: str | None = None
    _runs: list[Inline] = field(default_factory=list)
    _tags: list[str] = field(default_factory=list)
    bold: set[str] = field(default_factory=set)
    dropped: int = 0
    _bold: list[str] | None = None
    _italic: int = 0
    _furniture: int = 0
    _dropped: int = 0
    _link: str | None = None
    _title: list[str] | None = None
    _pre: int = 0
    _tongues: list[tuple[str, str]] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if not attributes:
            attributes = {}  # lxml's own empty mapping is slow to ask
        if attributes or tag in _ACTIVE:
            self._note_active(tag, attributes)
        if tag in ("meta", "link", "html", "title"):
            self._read_head(tag, attributes)
        if tag == "body":
            self._dropped = 0
        elif tag in _DROPPED and tag not in _VOID:
            self._dropped += 1
        if tag in _BLOCKS and not self._dropped:
            self.flush()
            self._tags.append(tag)
            self._link = None
        if tag in _FURNITURE:
            self.flush()
            self._furniture += 1
        if tag not in ("html", "body") and tag not in _VOID and (tongue := attributes.get("lang")):
            self._tongues.append((tag, tongue))
        if tag in _BOLD:
            self._bold = []
        if tag in _ITALIC:
            self._italic += 1
        elif tag == "br":
            self._break()
        elif tag == "pre":
            self._pre += 1
        elif tag == "img" and not self._dropped:
            self._runs.append(
                Inline(InlineKind.GAP, target=f"picture: {attributes.get('alt', '')}")
            )
        elif tag == "a":
            address = attributes.get("href", "").strip()
            self._link = address if address.startswith(("http://", "https://")) else None

    def end(self, tag: str) -> None:
        if tag == "title":
            if self._title is not None:
                self.meta.setdefault("title", squeeze("".join(self._title)))
            self._title = None
        if tag in _DROPPED and tag not in _VOID:
            self._dropped = max(0, self._dropped - 1)
        if tag in _BLOCKS and not self._dropped:
            self.flush()
            if tag in self._tags[-64:]:
                while self._tags.pop() != tag:
                    pass
        if tag in _FURNITURE:
            self.flush()
            self._furniture = max(0, self._furniture - 1)
        if self._tongues and self._tongues[-1][0] == tag:
            self._tongues.pop()
        if tag in _BOLD and self._bold is not None:
            self.bold.add(squeeze("".join(self._bold)))
            self._bold = None
        if tag in _ITALIC:
            self._italic = max(0, self._italic - 1)
        elif tag == "pre":
            self._pre = max(0, self._pre - 1)
        elif tag == "a":
            self._link = None

    def data(self, data: str) -> None:
        if not _PLAIN(data):
            data, dropped = clean(data)
            self.dropped += dropped
        if self._title is not None:
            self._title.append(data)
        if self._dropped:
            return
        if self._bold is not None:
            self._bold.append(data)
        if self._pre:
            for n, part in enumerate(data.split("\n")):
                if n:
                    self._break()
                self._text(part)
        else:
            self._text(data)

    def comment(self, text: str) -> None:
        if "saved from url=" in text or "Page saved with SingleFile" in text:
            self.meta.setdefault("comment", text)

    def close(self) -> None:
        """Nothing to hand over: the caller holds the target."""

    def _text(self, data: str) -> None:
        text = _SPACE.sub(" ", data)
        if not text or (text == " " and not self._runs):
            return
        run = Inline(InlineKind.TEXT, text)
        if self._link:
            run = Inline(InlineKind.REFERENCE, content=(run,), target=self._link)
        if self._italic:
            run = Inline(InlineKind.EMPHASIS, content=(run,))
        if self._tongues and self._tongues[-1][1] != self.language:
            run = Inline(InlineKind.FOREIGN, content=(run,), language=self._tongues[-1][1])
        self._runs.append(run)

    def _break(self) -> None:
        """A line break; two in a row end the paragraph, as old pages write them."""
        if self._dropped:
            return
        while self._runs and self._runs[-1] == Inline(InlineKind.TEXT, " "):
            self._runs.pop()
        if self._runs and self._runs[-1].kind is InlineKind.LINE_BREAK:
            self._runs.pop()
            self.flush()
        else:
            self._runs.append(Inline(InlineKind.LINE_BREAK))

    def flush(self) -> None:
        """End the line that is being collected."""
        if not self._runs:
            return
        content = tidy(self._runs)
        self._runs = []
        if content:
            tag = self._tags[-1] if self._tags else "p"
            self.lines.append(Line(content, tag, furniture=self._furniture > 0))

    def _read_head(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "html":
            self.language = attributes.get("lang") or attributes.get("xml:lang") or None
        elif tag == "title" and "title" not in self.meta:
            self._title = []
        elif tag == "link" and "canonical" in attributes.get("rel", "").lower().split():
            self.meta.setdefault("canonical", attributes.get("href", "").strip())
        elif tag == "meta":
            name = (attributes.get("property") or attributes.get("name") or "").lower()
            if name and attributes.get("content"):
                self.meta.setdefault(name, attributes["content"].strip())

    def _note_active(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _ACTIVE:
            self.active[tag] += 1
        for name in attributes:
            if name.startswith("on"):
                self.active["event handler"] += 1
                break
        if tag in ("img", "link", "source", "video", "audio"):
            address = (attributes.get("src") or attributes.get("href") or "").strip().lower()
            if tag == "link" and not _LOADED & set(attributes.get("rel", "").lower().split()):
                return  # an address that is only stated
            if address.startswith(("http:", "https:", "file:", "//")):
                self.active["remote or local resource"] += 1


def squeeze(text: str) -> str:
    """White space joined to single spaces, none at the ends; no-break spaces are letters."""
    return _SPACE.sub(" ", text).strip(" ")


def tidy(runs: list[Inline]) -> tuple[Inline, ...]:
    """Runs as one line: white space joined across runs, none at the ends or beside a break.

    Neighbouring runs of plain text become one, so that markup that means nothing to us
    leaves no trace.
    """
    if len(runs) == 1 and runs[0].kind is InlineKind.TEXT:
        text = runs[0].text.strip(" ")
        return (Inline(InlineKind.TEXT, text),) if text.strip() else ()
    out: list[Inline] = []
    space = True  # nothing yet, or white space or a break just before
    for run in runs:
        run, space = _squeeze(run, space)
        if run.kind is InlineKind.LINE_BREAK:
            _strip_end(out)
            space = True
        elif run.kind is InlineKind.TEXT:
            if not run.text:
                continue
            if out and out[-1].kind is InlineKind.TEXT:
                out[-1] = Inline(InlineKind.TEXT, out[-1].text + run.text)
                continue
        elif run.content or run.kind in _NESTED:
            if not run.plain():
                continue
            if out and _alike(out[-1], run):
                content = _joined(out[-1].content, run.content)
                out[-1] = Inline(run.kind, "", content, run.target, run.language)
                continue
        out.append(run)
    _strip_end(out)
    while out and out[-1].kind is InlineKind.LINE_BREAK:
        out.pop()
        _strip_end(out)
    while out and out[0].kind is InlineKind.LINE_BREAK:
        out.pop(0)
    return tuple(out) if any(run.plain().strip() for run in out) else ()


_NESTED = (InlineKind.EMPHASIS, InlineKind.REFERENCE, InlineKind.FOREIGN)


def _alike(first: Inline, second: Inline) -> bool:
    return (first.kind, first.target, first.language) == (
        second.kind,
        second.target,
        second.language,
    )


def _joined(first: tuple[Inline, ...], second: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Two contents as one, text that meets text becoming one run."""
    if first and second and first[-1].kind is second[0].kind is InlineKind.TEXT:
        middle = Inline(InlineKind.TEXT, first[-1].text + second[0].text)
        return (*first[:-1], middle, *second[1:])
    return first + second


def _squeeze(run: Inline, space: bool) -> tuple[Inline, bool]:
    """The run without white space that would double the one before; whether it ends in one."""
    if run.kind is InlineKind.TEXT:
        text = run.text.lstrip(" ") if space else run.text
        return Inline(InlineKind.TEXT, text), (text[-1] == " " if text else space)
    if run.content:
        parts = []
        for part in run.content:
            less, space = _squeeze(part, space)
            emptied = part.content or part.kind is InlineKind.TEXT
            if less.text or less.content or not emptied:
                parts.append(less)
        return Inline(run.kind, run.text, tuple(parts), run.target, run.language), space
    return run, space and not run.plain().strip()


def _strip_end(out: list[Inline]) -> None:
    """Take white space off the end of the last run, through nested runs."""
    while out:
        last = out[-1]
        if last.kind is InlineKind.TEXT:
            text = last.text.rstrip(" ")
            if text:
                out[-1] = Inline(InlineKind.TEXT, text)
                return
            out.pop()
        elif last.content:
            inner = list(last.content)
            _strip_end(inner)
            if inner:
                out[-1] = Inline(last.kind, last.text, tuple(inner), last.target, last.language)
                return
            out.pop()
        else:
            return
