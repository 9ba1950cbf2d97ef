"""A saved HTML page as lines of text: what a person would see, top to bottom.

The page is read as a stream of events and never becomes a tree, so depth costs nothing and
no stylesheet, script, picture or entity is ever acted upon. Bold is not kept: in the press it
marks names and leads, not stress; italics are. Pictures become an entry of what was left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from packager.readers.runs import BREAK, Run, inlines, is_plain, squeeze, tidy, words_run
from packager.readers.source import clean
from packager.speech import Inline, InlineKind

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol "
    "option p pre section select summary table tbody td tfoot th thead title tr ul".split()
)
_DROPPED = frozenset(
    "script style noscript template iframe object applet svg math canvas audio "
    "video map head textarea noframes frameset".split()
)
_FURNITURE = frozenset("nav aside footer button select menu dialog".split())
_ACTIVE = frozenset("script iframe object embed applet".split())
_WORDLESS = frozenset(
    "html body area base br col embed hr img input link meta source track wbr".split()
)
"""Elements whose language is that of no words inside."""
_LOADING = frozenset("img link source video audio".split())
_BOLD = frozenset({"b", "strong"})
_LOADED = frozenset({"stylesheet", "icon", "preload", "modulepreload", "prefetch", "manifest"})
_HEAD = frozenset({"meta", "link", "html", "title"})
_ITALIC = frozenset("em i cite dfn".split())
_LINES = _BLOCKS - _FURNITURE - {"body", "html", "pre", "title"}
"""Elements that begin a line and mean nothing else; they are most of a page."""
_OTHERS = (
    (_BLOCKS - _LINES) | _DROPPED | _FURNITURE | _BOLD | _HEAD | _ITALIC | {"a", "br", "img", "pre"}
)
_WHITE = " \t\n\r\f"
_PLAIN = re.compile("[ -~\n\t]*").fullmatch
"""Text that `clean` would leave as it is, as most is."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line or paragraph of a page: its words, the element it stood in, whether it is
    furniture; its runs where it is more than words, the attributes of its pictures. A line break
    inside reads as a newline."""

    text: str
    tag: str = "p"
    furniture: bool = False
    marked: tuple[Run, ...] = ()
    images: tuple[dict[str, str], ...] = ()

    @classmethod
    def of(
        cls,
        runs: Sequence[Run],
        tag: str = "p",
        furniture: bool = False,
        images: Sequence[dict[str, str]] = (),
    ) -> Line:
        """The line of any runs."""
        text = "".join([part.plain() for part in tidy(inlines(runs))])
        return cls(text, tag, furniture, tuple(runs), tuple(images))

    @property
    def runs(self) -> tuple[Run, ...]:
        """The line as runs."""
        return self.marked or (words_run(self.text),)

    @property
    def content(self) -> tuple[Inline, ...]:
        """The line as the content of a block: made when asked for, as few lines are wanted."""
        if self.marked:
            return tidy(inlines(self.marked))
        return (Inline(InlineKind.TEXT, self.text),)


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
    """The lines of an HTML page that was already turned into clean text.

    >>> [line.text for line in read_page("<h1>Tides</h1><p>High <b>at</b> noon.").lines]
    ['Tides', 'High at noon.']
    """
    target: Any = _Target("&" in text)
    parser = etree.HTMLParser(target=target, encoding="utf-8", no_network=True)
    try:
        parser.feed(text.encode("utf-8", "replace"))
        parser.close()
    except etree.XMLSyntaxError:  # nothing that looks like a page, for example only a comment
        pass
    page: Page = target.page()
    return page


@dataclass(slots=True)
class _Target:
    """Receives the parser's events and collects lines; see lxml's parser target interface.

    `refers` says that the page has references, by which characters come in that no book can
    hold; `_marked` that the line being collected holds more than words, `_odd` that it holds a
    break or a picture. Words come in pieces, between which no reference is.
    """

    refers: bool
    lines: list[Line] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    active: Counter[str] = field(default_factory=Counter)
    language: str | None = None
    _pieces: list[str] = field(default_factory=list)
    _runs: list[Run] = field(default_factory=list)
    _marked: bool = False
    _odd: bool = False
    _images: list[dict[str, str]] = field(default_factory=list)
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

    def page(self) -> Page:
        """All that was received."""
        if self._pieces:
            self._words()
        self.flush()
        bold = frozenset(self.bold)
        return Page(tuple(self.lines), self.meta, self.active, self.language, bold, self.dropped)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._pieces:
            self._words()
        if attributes:
            self._note(tag, attributes)
        elif tag in _ACTIVE:
            self.active[tag] += 1
        if tag in _LINES:
            if not self._dropped:
                if self._runs:
                    self.flush()
                self._tags.append(tag)
                self._link = None
        elif tag in _OTHERS:
            self._open(tag, attributes or {})  # lxml's own empty mapping is slow to ask

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        """The start of an element that does more than to begin a line."""
        if tag in _HEAD:
            self._read_head(tag, attributes)
        if tag == "body":
            self._dropped = 0
        elif tag in _DROPPED:
            self._dropped += 1
        if tag in _BLOCKS and not self._dropped:
            self.flush()
            self._tags.append(tag)
            self._link = None
        if tag in _FURNITURE:
            self.flush()
            self._furniture += 1
        if tag in _BOLD:
            self._bold = []
        elif tag in _ITALIC:
            self._italic += 1
        elif tag == "br":
            self._break()
        elif tag == "pre":
            self._pre += 1
        elif tag == "img" and not self._dropped:
            self._runs.append(("", None, False, None, f"picture: {attributes.get('alt', '')}"))
            self._images.append(dict(attributes))
            self._odd = True
        elif tag == "a":
            address = attributes.get("href", "").strip()
            self._link = address if address.startswith(("http://", "https://")) else None

    def end(self, tag: str) -> None:
        if self._pieces:
            self._words()
        if tag in _LINES:
            if not self._dropped:
                self._end_line(tag)
        elif tag in _OTHERS:
            self._close(tag)
        if self._tongues and self._tongues[-1][0] == tag:
            self._tongues.pop()

    def _end_line(self, tag: str) -> None:
        if self._runs:
            self.flush()
        tags = self._tags
        if tags and tags[-1] == tag:
            tags.pop()
        elif tag in tags[-64:]:
            while tags.pop() != tag:
                pass

    def _close(self, tag: str) -> None:
        if tag == "title":
            if self._title is not None:
                self.meta.setdefault("title", squeeze("".join(self._title)))
            self._title = None
        if tag in _DROPPED:
            self._dropped = max(0, self._dropped - 1)
        if tag in _BLOCKS and not self._dropped:
            self._end_line(tag)
        if tag in _FURNITURE:
            self.flush()
            self._furniture = max(0, self._furniture - 1)
        if tag in _BOLD:
            if self._bold is not None:
                self.bold.add(squeeze("".join(self._bold)))
            self._bold = None
        elif tag in _ITALIC:
            self._italic = max(0, self._italic - 1)
        elif tag == "pre":
            self._pre = max(0, self._pre - 1)
        elif tag == "a":
            self._link = None

    def data(self, data: str) -> None:
        self._pieces.append(data)

    def _words(self) -> None:
        """The words between two tags."""
        data = "".join(self._pieces)
        self._pieces = []
        if self.refers and not _PLAIN(data):
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
        if not data or (not self._runs and not data.strip(_WHITE)):
            return
        tongue = self._tongues[-1][1] if self._tongues else None
        if tongue == self.language:
            tongue = None
        if self._link or self._italic or tongue:
            self._marked = True
        self._runs.append((data, self._link, self._italic > 0, tongue, None))

    def _break(self) -> None:
        """A line break; two in a row end the paragraph, as old pages write them."""
        if self._dropped:
            return
        runs = self._runs
        while runs and not runs[-1][0].strip(_WHITE) and is_plain(runs[-1]):
            runs.pop()
        if runs and runs[-1] is BREAK:
            runs.pop()
            self.flush()
        else:
            runs.append(BREAK)
            self._odd = True

    def flush(self) -> None:
        """End the line that is being collected."""
        runs = self._runs
        if not runs:
            return
        tag = self._tags[-1] if self._tags else "p"
        if self._odd:
            line = Line.of(runs, tag, self._furniture > 0, self._images)
            self._images = []
            if line.content:
                self.lines.append(line)
        else:
            text = squeeze("".join([run[0] for run in runs]))
            if text.strip():
                marked = tuple(runs) if self._marked else ()
                self.lines.append(Line(text, tag, self._furniture > 0, marked))
        self._odd = self._marked = False
        self._runs = []

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

    def _note(self, tag: str, attributes: dict[str, str]) -> None:
        """What attributes say: active and remote things, the language of the words inside."""
        if tag in _ACTIVE:
            self.active[tag] += 1
        for name in attributes:
            if name[:2] == "on":
                self.active["event handler"] += 1
                break
        if (tongue := attributes.get("lang")) and tag not in _WORDLESS:
            self._tongues.append((tag, tongue))
        if tag in _LOADING:
            address = (attributes.get("src") or attributes.get("href") or "").strip().lower()
            if tag == "link" and not _LOADED & set(attributes.get("rel", "").lower().split()):
                return  # an address that is only stated
            if address.startswith(("http:", "https:", "file:", "//")):
                self.active["remote or local resource"] += 1
