"""A saved page as a bounded tree, and the tree as lines that know where on the page they stood.

Accepts any text that an HTML parser makes something of. Refuses (returns None for) what the
parser gives up on: nothing there, or nesting beyond `DEPTH`; the caller then reads the page as
a stream of events (`packager.readers.page`), which has no depth.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from packager.readers.article_names import foreign_by_name, is_unseen
from packager.readers.blocks import Content
from packager.readers.runs import (
    BREAK,
    Run,
    inlines,
    is_plain,
    one_spaced,
    squeeze,
    tidy,
    words_run,
)
from packager.speech import Inline, InlineKind

DEPTH = 2048
"""libxml2 2.14 stops building a tree there, even when told that the tree is huge (at 256 when
not told); the deepest page of the gold sets has 33 levels."""

ATTRIBUTES = 20_000
"""Attributes of one tag beyond which libxml2 takes minutes (3 s for as many; it compares each
with each); the most of the gold pages is 64."""
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{40000,}")

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol "
    "p pre section summary table tbody td tfoot th thead tr ul".split()
)
_DROPPED = frozenset(
    "script style noscript template iframe object embed applet svg math canvas audio video map "
    "head textarea noframes frameset select option datalist title link meta".split()
)
FLAGS = 12
"""Flagged elements inside each other that are told apart; the gold sets have up to twelve."""
WHOLE = frozenset("nav footer button menu".split())
"""Elements that never hold an article's text and are read as one line each."""
_ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement)
"""What trafilatura asks for, without lxml.html's own classes for forms."""
_SHOWN = etree.XPath(
    ".//text()[not(parent::script or parent::style or parent::noscript or parent::option)]",
    smart_strings=False,
)


@dataclass(slots=True)
class Group:
    """The elements of a page that one name or tag flags alike.

    Names lie: `found` counts the letters of the text found inside of them, and a name around
    much of the text is void.
    """

    kind: str
    found: int = 0
    void: bool = False


@dataclass(slots=True)
class Flag:
    """An element that is no text by its structure or name, and the flagged one around it.

    The kind is 'page furniture', 'comments', 'byline', 'picture' or 'hidden'.
    """

    group: Group
    around: Flag | None

    def chain(self) -> Iterator[Flag]:
        """This flag and those around it, innermost first."""
        flag: Flag | None = self
        while flag is not None:
            yield flag
            flag = flag.around


@dataclass(slots=True)
class Mark:
    """A line of the page, raw: its runs, the block element it stood in, and what that says.

    `flag` is what the elements around say it is; `linked` counts the letters inside links;
    `images` are the elements of the pictures in it.
    """

    element: etree._Element
    runs: list[Run]
    tag: str
    flag: Flag | None
    within: frozenset[str]
    text: str
    linked: int
    found: bool = False
    images: tuple[etree._Element, ...] = ()

    @property
    def chars(self) -> int:
        """Letters of the line."""
        return len(self.text)

    @property
    def foreign(self) -> str | None:
        """What the line is if it is no text by its structure, judged without void flags."""
        if self.flag is not None:
            for flag in self.flag.chain():
                if not flag.group.void:
                    return flag.group.kind
        return None


@dataclass(slots=True)
class Walked:
    """All lines of a page in order, for each block element its first and last line + 1, and how
    deep its elements go."""

    marks: list[Mark] = field(default_factory=list)
    spans: list[tuple[etree._Element, int, int]] = field(default_factory=list)
    depth: int = 0


def overloaded(text: str) -> bool:
    """True for a page with a tag whose attributes alone would keep the parser busy."""
    parts = range(0, len(text) - ATTRIBUTES, ATTRIBUTES)
    if all(text.find("<", at, at + ATTRIBUTES) >= 0 for at in parts):
        return False  # no tag fills such a part
    return any(
        max(found[0].count("="), len(found[0].split())) > ATTRIBUTES
        for found in _LONG_TAG.finditer(text)
    )


def parse(text: str) -> HtmlElement | None:
    """The tree of a page, or None where the parser makes none of it or gives up at depth."""
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None or any(
        "depth" in (entry.message or "").lower() for entry in parser.error_log.filter_from_fatals()
    ):
        return None
    return root if isinstance(root, HtmlElement) else None


@dataclass(slots=True)
class _State:
    """What holds inside an open element."""

    flag: Flag | None = None
    depth: int = 0
    link: str | None = None
    linked: bool = False
    italic: bool = False
    language: str | None = None
    pre: bool = False
    within: frozenset[str] = frozenset()


_WITHIN = frozenset({"blockquote", "li", "pre"})
_ITALIC = frozenset({"em", "i", "cite", "dfn"})


def walk(
    root: etree._Element,
    page_language: str | None = None,
    strip: Collection[etree._Element] | None = None,
) -> Walked:
    """The lines below an element, top to bottom; nothing is left out but what is never shown.

    With `strip` those elements alone are flagged, whatever tags and names say.

    >>> [mark.text for mark in walk(parse("<h1>Tides</h1><p>High <b>at</b> noon.")).marks]
    ['Tides', 'High at noon.']
    """
    return _Walk(page_language, strip).run(root)


class _Walk:
    """One walk over one tree; the open elements are a stack, so depth costs nothing."""

    def __init__(self, page_language: str | None, strip: Collection[etree._Element] | None) -> None:
        self.out = Walked()
        self.strip = strip
        self.language = page_language
        self.runs: list[Run] = []
        self.images: list[etree._Element] = []
        self.block: etree._Element | None = None
        self.state = _State()
        self.shown = False
        self.groups: dict[tuple[str, str, str], Group] = {}

    def run(self, root: etree._Element) -> Walked:
        stack: list[tuple[etree._Element, _State, etree._Element | None, int]] = []
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            tag = element.tag
            if tag in _DROPPED:
                if event == "start":
                    walker.skip_subtree()
                elif element.tail:
                    self._text(element.tail)
                continue
            if tag in WHOLE and self.strip is None:
                if event == "start":
                    self._whole(element, str(tag))
                    walker.skip_subtree()
                elif element.tail:
                    self._text(element.tail)
                continue
            if tag == "span" and is_unseen(element):
                if event == "start":
                    self._unseen(element)
                    walker.skip_subtree()
                elif element.tail:
                    self._text(element.tail)
                continue
            if event == "start":
                stack.append((element, self.state, self.block, len(self.out.marks)))
                self.out.depth = max(self.out.depth, len(stack))
                self._open(element, str(tag))
                if text := element.text:
                    self._text(text)
                continue
            _, state, block, first = stack.pop()
            if tag in _BLOCKS:
                self._flush()
                if len(self.out.marks) > first:
                    self.out.spans.append((element, first, len(self.out.marks)))
            self.state, self.block = state, block
            if (tail := element.tail) and element is not root:
                self._text(tail)
        self._flush()
        return self.out

    def _whole(self, element: etree._Element, tag: str) -> None:
        """An element that is furniture by its tag, as one line."""
        self._flush()
        shown = _SHOWN(element)
        assert isinstance(shown, list)  # of an XPath that selects text
        if words := " ".join(" ".join(map(str, shown)).split()):
            flag = Flag(self._group("page furniture", element), self.state.flag)
            self.out.marks.append(
                Mark(element, [words_run(words)], tag, flag, frozenset(), words, 0)
            )

    def _unseen(self, element: etree._Element) -> None:
        """Words inside a line that no reader sees, as a line of their own before it."""
        shown = _SHOWN(element)
        assert isinstance(shown, list)  # of an XPath that selects text
        if words := " ".join(" ".join(map(str, shown)).split()):
            flag = Flag(Group("hidden"), None)
            self.out.marks.append(
                Mark(element, [words_run(words)], "span", flag, frozenset(), words, 0)
            )

    def _open(self, element: etree._Element, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush()
            self.block = element
        before = self.state
        if tag == "br":
            self._break()
            return
        if tag == "img":
            self.runs.append(("", None, False, None, (element.get("alt") or "")[:500]))
            self.images.append(element)
            return
        kind = self._kind(element, tag) if before.depth < FLAGS else None
        if kind or tag == "a" or tag in _ITALIC or tag in _WITHIN or element.get("lang"):
            self.state = self._state(before, element, tag, kind)

    def _state(self, before: _State, element: etree._Element, tag: str, kind: str | None) -> _State:
        link, linked = before.link, before.linked
        if tag == "a" and (address := (element.get("href") or "").strip()):
            linked = True
            link = address if address.startswith(("http://", "https://")) else None
        within = before.within | {tag} if tag in _WITHIN else before.within
        return _State(
            flag=Flag(self._group(kind, element), before.flag) if kind else before.flag,
            depth=before.depth + bool(kind),
            link=link,
            linked=linked,
            italic=before.italic or tag in _ITALIC,
            language=element.get("lang") or before.language,
            pre=before.pre or tag == "pre",
            within=within,
        )

    def _kind(self, element: etree._Element, tag: str) -> str | None:
        if self.strip is None:
            return foreign_by_name(element, tag)
        return "page furniture" if element in self.strip else None

    def _group(self, kind: str, element: etree._Element) -> Group:
        key = (kind, str(element.tag), element.get("class") or element.get("id") or "")
        return self.groups.setdefault(key, Group(kind))

    def _text(self, text: str) -> None:
        state = self.state
        if state.pre:
            for n, part in enumerate(text.split("\n")):
                if n:
                    self._break()
                if part:
                    self._words(part, state)
            return
        self._words(text, state)

    def _words(self, text: str, state: _State) -> None:
        text = one_spaced(text)
        if text != " ":
            self.shown = True
        elif not self.runs:
            return
        tongue = state.language if state.language != self.language else None
        link = (state.link or "") if state.linked else None
        self.runs.append((text, link, state.italic, tongue, None))

    def _break(self) -> None:
        """A line break; two in a row end the paragraph, as old pages write them."""
        runs = self.runs
        while runs and runs[-1][0] == " ":
            runs.pop()
        if runs and runs[-1] is BREAK:
            runs.pop()
            self._flush()
        elif runs:
            runs.append(BREAK)

    def _flush(self) -> None:
        runs, shown = self.runs, self.shown
        if not runs:
            return
        self.runs, self.shown = [], False
        images = self.images
        if images:
            self.images = []
        elif not shown:
            return
        block = self.block
        if block is None:
            return
        text = squeeze("".join([run[0] for run in runs]))
        linked = sum([len(run[0].strip()) for run in runs if run[1] is not None])
        state = self.state
        self.out.marks.append(
            Mark(
                block, runs, str(block.tag), state.flag, state.within, text, linked,
                images=tuple(images),
            )
        )  # fmt: skip


def content_of(mark: Mark) -> Content:
    """The line as a block's content, without the pictures that stood in it."""
    if len(mark.runs) == 1 and is_plain(mark.runs[0]):
        return (Inline(InlineKind.TEXT, mark.text),)
    return tidy(inlines([run for run in mark.runs if run[4] is None]))
