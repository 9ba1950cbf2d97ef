"""An XML file as a row of small pieces, read once, in the memory of one record.

Accepts well-formed XML of any size; an xml:id that is no name, or that stands twice, is told
and passed over. Refuses what is nested deeper than `DEPTH`, one record of more than
`PAGE_LIMIT` bytes, and whatever the parser's own limits stop; a file that is not well-formed
is read up to the line of the fault. No entity is expanded, no DTD loaded, nothing fetched.

The parser is not told to recover: after its first repair libxml2 2.14 drops every `&amp;`.
It is not told `huge_tree` either: its limits on depth, text and swelling entities are what
keeps a hostile file small, and no speech comes near them.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from html.entities import html5
from typing import TypeAlias

from lxml import etree

from packager.readers.source import PAGE_LIMIT, Source

Element: TypeAlias = etree._Element

DEPTH = 120
"""Elements inside one another; the deepest file of the archives read so far has 14."""
CHUNK = 64 * 1024
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
DECLARED_LETTERS = 20
"""Characters of the longest entity of a file's own DTD that is put in place: a letter or sign."""

_HINTS = re.compile("[\u00ad\u200b\u2060\ufeff\ufffc\x7f-\x84\x86-\x9f\ufdd0-\ufdef]")
_SPACE = re.compile("[ \t\n\r\f\x85\u2028\u2029]{2,}|[\t\n\r\f\x85\u2028\u2029]")
_PROLOGUE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>)?")


class What(StrEnum):
    """What a piece is: a container that opens or closes, a whole element in it, loose text."""

    OPEN = "open"
    CLOSE = "close"
    ITEM = "item"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Piece:
    """One step through a file; `text` is only that of loose text, whose container is `element`."""

    what: What
    tag: str
    element: Element
    text: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why reading stopped, as a finding."""

    code: str
    message: str
    hint: str


@dataclass
class XmlFile:
    """A file while it is read: what was met on the way that a reader must tell."""

    source: Source
    trouble: Trouble | None = None
    dtd: str | None = None
    entities: Counter[str] = field(default_factory=Counter)
    oddities: Counter[str] = field(default_factory=Counter)
    _declared: dict[str, str] = field(default_factory=dict)
    _record: int = 0

    def pieces(self, opens: Callable[[str], bool]) -> Iterator[Piece]:
        """The file's pieces in order: containers, which `opens` names, are walked through, all
        other elements come whole. Each is emptied once the next is asked for."""
        containers: list[_Container] = []
        inside = 0
        for event, element in self._events():
            tag = tag_of(element)
            if event == "start":
                if inside:
                    inside += 1
                    continue
                if containers and (text := self._loose(containers[-1], element)):
                    yield Piece(What.TEXT, containers[-1].tag, containers[-1].element, text)
                if opens(tag):
                    containers.append(_Container(tag, element))
                    yield Piece(What.OPEN, tag, element)
                else:
                    inside = 1
                continue
            if inside > 1:
                inside -= 1
            elif inside:
                inside = 0
                yield Piece(What.ITEM, tag, element)
                element.clear(keep_tail=True)
                if containers:
                    containers[-1].last = element
            else:
                done = containers.pop()
                if text := self._loose(done, None):
                    yield Piece(What.TEXT, tag, element, text)
                yield Piece(What.CLOSE, tag, element)
                element.clear(keep_tail=True)
                if containers:
                    containers[-1].last = element

    def settle(self) -> None:
        """A record ended: the bytes of the next are counted from here."""
        self._record = 0

    def entity(self, name: str) -> str:
        """The letters that an entity reference stands for; none, and told, where nobody says.

        Names of ISO 8879 that HTML took over are known; a file's own are taken when they
        are a few plain letters.
        """
        found = self._declared.get(name) or html5.get(f"{name};", "")
        if not found:
            self.entities[name] += 1
        return found

    def letters(self, node: Element) -> str:
        """The letters of a node that is an entity reference; none for any other."""
        return self.entity(node.name or "") if isinstance(node, etree._Entity) else ""

    def text(self, element: Element, *, apart: bool = False) -> str:
        """All words of an element, single-spaced; `apart` where its children are no parts of
        words (records, lists)."""
        return " ".join((" " if apart else "").join(self._strings(element)).split())

    def _strings(self, element: Element) -> Iterator[str]:
        yield clean(element.text)
        for child in element:
            yield self.letters(child)
            if tag := tag_of(child):
                yield " " if tag == "lb" and child.get("break") != "no" else ""
                yield from self._strings(child)
            yield clean(child.tail)

    def _loose(self, container: _Container, until: Element | None) -> str:
        """The text before `until` in a container, whose read children are let go."""
        parts: list[str] = []
        last = container.last
        node: Element | None
        if last is None:
            parts.append(clean(container.element.text))
            node = container.element[0] if len(container.element) else None
        else:
            parts.append(clean(last.tail))
            node = last.getnext()
            container.element.remove(last)
            container.last = None
            container.element.text = None
        while node is not None and node is not until:
            following = node.getnext()
            parts += [self.letters(node), clean(node.tail)]
            container.element.remove(node)
            node = following
        text = "".join(parts)
        return text if text.strip() else ""

    def _events(self) -> Iterator[tuple[str, Element]]:
        """Start and end of every element; after a fault, the ends of those still open."""
        parser = etree.XMLPullParser(
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
        )
        open_: list[Element] = []
        for chunk in self._chunks():
            stopped: Trouble | None = None
            try:
                parser.feed(chunk)
            except etree.XMLSyntaxError as error:
                stopped = _fault(error, parser)
            for event, element in parser.read_events():
                if event == "start":
                    if not open_:
                        self._note_dtd(element)
                    open_.append(element)
                    if len(open_) > DEPTH:
                        break
                else:
                    open_.pop()
                yield str(event), element
            self.trouble = self._limits(len(open_)) or stopped
            if self.trouble:
                break
        else:
            self._close(parser, bool(open_))
        self.oddities.update(
            str(entry.message)
            for entry in parser.feed_error_log
            if entry.level == etree.ErrorLevels.ERROR
        )
        if len(open_) > DEPTH:
            open_.pop()
        while open_:
            yield "end", open_.pop()

    def _close(self, parser: etree.XMLPullParser[Element], unfinished: bool) -> None:
        try:
            parser.close()
        except etree.XMLSyntaxError as error:
            if unfinished or _fatal(parser) or not parser.feed_error_log:
                self.trouble = _fault(error, parser)

    def _limits(self, depth: int) -> Trouble | None:
        if depth > DEPTH:
            return Trouble(
                "xml-limit",
                f"elements nested deeper than {DEPTH}; reading stopped there",
                "no speech is written like that; look where the file comes from",
            )
        if self._record > PAGE_LIMIT:
            return Trouble(
                "xml-limit",
                f"one record has more than {PAGE_LIMIT / 1e6:.0f} MB; reading stopped in it",
                "split the file",
            )
        return None

    def _chunks(self) -> Iterator[bytes]:
        """The file's bytes. Where it names no DTD, one that is never read is named for it, so
        that an unknown entity is a gap in the text and not the end of it (XML 1.0, 4.1)."""
        for n, chunk in enumerate(_bytes(self.source)):
            self._record += len(chunk)
            if n == 0 and b"<!DOCTYPE" not in chunk and b"\x00" not in chunk[:4]:
                match = _PROLOGUE.match(chunk)
                at = match.end() if match else 0
                chunk = chunk[:at] + b'<!DOCTYPE none SYSTEM "none">' + chunk[at:]
            yield chunk

    def _note_dtd(self, root: Element) -> None:
        info = root.getroottree().docinfo
        self.dtd = info.system_url if info.system_url != "none" else None
        if info.internalDTD is None:
            return
        for entity in info.internalDTD.iterentities():
            words = entity.content
            if words and len(words) <= DECLARED_LETTERS and not set(words) & set("&<%"):
                self._declared[str(entity.name)] = words


@dataclass
class _Container:
    """A container that is open: its element and the last child that was read."""

    tag: str
    element: Element
    last: Element | None = None


def _bytes(source: Source) -> Iterator[bytes]:
    with source.open() as file:
        yield from iter(lambda: file.read(CHUNK), b"")


def digest(source: Source) -> str:
    """SHA-256 of the file, read in chunks."""
    made = hashlib.sha256()
    for chunk in _bytes(source):
        made.update(chunk)
    return made.hexdigest()


def _fault(error: etree.XMLSyntaxError, parser: etree.XMLPullParser[Element]) -> Trouble:
    """What the parser stopped at, with its line; libxml2's advice to lift a limit is not for our
    users. lxml names the first fault of a file, which need not be the one that ended it."""
    fatal = _fatal(parser)
    told = f"{fatal.message}, line {fatal.line}, column {fatal.column}" if fatal else str(error)
    message = re.sub(r",? (?:use|try|see) \S+(?: option)?|\s*\(<string>.*", "", told)
    message = re.sub(r"\s+", " ", message).removeprefix("Resource limit exceeded: ")
    if fatal and fatal.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        return Trouble(
            "xml-limit",
            f"beyond a limit of safe reading ({message.strip()}); read up to there",
            "no speech is written like that; look where the file comes from",
        )
    return Trouble(
        "xml-syntax",
        f"not well-formed XML ({message.strip()}); read up to there",
        "correct the file at that line to get the rest",
    )


def _fatal(parser: etree.XMLPullParser[Element]) -> etree._LogEntry | None:
    """The first fault of well-formedness; others (an xml:id that is no name) are passed over."""
    log = parser.feed_error_log
    return next((entry for entry in log if entry.level == etree.ErrorLevels.FATAL), None)


@lru_cache(maxsize=4096)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def tag_of(element: Element) -> str:
    """An element's name without its namespace; empty for an entity reference.

    >>> tag_of(etree.fromstring('<u xmlns="http://www.tei-c.org/ns/1.0"/>'))
    'u'
    """
    return _local(element.tag) if isinstance(element.tag, str) else ""


def clean(text: str | None) -> str:
    """Text as it may stand in a book: composed letters, white space single, no hidden marks.

    >>> clean("So\u00adfia,\\n  1912")
    'Sofia, 1912'
    """
    if not text:
        return ""
    if not text.isascii() or "\x7f" in text:
        text = unicodedata.normalize("NFC", _HINTS.sub("", text))
    return _SPACE.sub(" ", text)
