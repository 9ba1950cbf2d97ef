"""What templates ask of values: addresses made safe, blocks grouped, headings balanced, words.

Filters know nothing of editions; what a filter returns is still escaped by the template.
"""

from __future__ import annotations

import math
import re
import textwrap
import unicodedata
import urllib.parse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from packager.book import Document, Plate
from packager.headings import IndexEntry
from packager.layer import PrintedBlock
from packager.speech import BlockKind, InlineKind, Provenance


def safe_address(address: str | None) -> str | None:
    """A web address that every edition may link to, percent-encoded; None for all others.

    >>> safe_address("https://watch.example/a b"), safe_address("file:///etc/passwd")
    ('https://watch.example/a%20b', None)
    """
    if not address:
        return None
    try:
        parts = urllib.parse.urlsplit(address.strip())
        host = parts.netloc.encode("idna").decode() if parts.netloc else ""
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return None
    if not all(char.isalnum() or char in ".-:@[]_" for char in host):
        return None
    quote = "/%:@!$&'()*+,;=~-._"
    return urllib.parse.urlunsplit(
        (
            parts.scheme.lower(),
            host,
            urllib.parse.quote(parts.path, quote),
            urllib.parse.quote(parts.query, quote + "?"),
            urllib.parse.quote(parts.fragment, quote + "?"),
        )
    )


def shown_file(path: str) -> str:
    """A path in the archive as books print it, without the way up to it.

    >>> shown_file("../archive/a.html#2")
    'archive/a.html#2'
    """
    return path.removeprefix("./").replace("../", "")


_ARCHIVED = re.compile(r"https?://web\.archive\.org/web/(\d{4})(\d\d)(\d\d)\d*[a-z_]*/(https?:.+)")
"""The address of a capture in the Wayback Machine: its day and the address captured."""


def robust(made: Provenance) -> Markup:
    """The attributes of a link to a source that outlive it (robustlinks.mementoweb.org).

    >>> made = Provenance("a.html", "0", "text", "1", None, "https://a.example/", "2020-01-02")
    >>> robust(made)
    Markup(' data-originalurl="https://a.example/" data-versiondate="2020-01-02"')
    """
    address = safe_address(made.url)
    if not address:
        return Markup()
    day = made.captured[:10] if made.captured else None
    values = {"originalurl": address, "versionurl": None, "versiondate": day}
    if found := _ARCHIVED.fullmatch(address):
        year, month, date, original = found.groups()
        values = {
            "originalurl": original,
            "versionurl": address,
            "versiondate": f"{year}-{month}-{date}",
        }
    return Markup("").join(
        Markup(' data-{}="{}"').format(name, value) for name, value in values.items() if value
    )


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks that a template sets as one: the items of a list, the lines of a signature, a
    dateline with the paragraph that it opens; or a `plate`, which is no block. `depth` of a head
    counts the heads that it stands under, itself included: pages often jump from one level to a
    much deeper one."""

    kind: str
    blocks: tuple[PrintedBlock, ...]
    dateline: PrintedBlock | None = None
    depth: int = 0
    plate: Plate | None = None

    @property
    def plain(self) -> str:
        """The words of a paragraph that is nothing but words; empty for all else."""
        if self.plate:
            return ""
        block = self.blocks[0]
        if block.kind is not BlockKind.P or block.language or self.dateline:
            return ""
        if len(block.content) != 1 or block.content[0].kind is not InlineKind.TEXT:
            return ""
        return block.content[0].text


_GROUPED = frozenset({BlockKind.LIST, BlockKind.SIGNED})
_RUN_IN = frozenset({BlockKind.P, BlockKind.LEDE})


def grouped(blocks: Iterable[PrintedBlock], plates: Iterable[Plate] = ()) -> list[Group]:
    """Blocks in order, neighbours that belong together in one group, the plates in their places."""
    out: list[Group] = []
    waiting = [Group("plate", (), plate=plate) for plate in plates]
    dateline: PrintedBlock | None = None
    above: list[int] = []
    for block in blocks:
        while waiting and waiting[0].plate and waiting[0].plate.at <= block.number:
            out.append(waiting.pop(0))
        if block.kind is BlockKind.DATELINE:
            if dateline:
                out.append(Group("dateline", (dateline,)))
            dateline = block
            continue
        if dateline and block.kind not in _RUN_IN:
            out.append(Group("dateline", (dateline,)))
            dateline = None
        if block.kind in _GROUPED and out and out[-1].kind == block.kind:
            out[-1] = Group(out[-1].kind, (*out[-1].blocks, block))
        else:
            if block.kind is BlockKind.HEAD:
                above = [*(level for level in above if level < block.level), block.level]
            out.append(Group(str(block.kind), (block,), dateline, len(above)))
        dateline = None
    if dateline:
        out.append(Group("dateline", (dateline,)))
    return out + waiting


def parted(text: str) -> tuple[str, str, str]:
    """The white space before a text, the text, that behind it. In a run of another language it
    belongs to the line around it: a space that is set in another face, or in the other direction,
    is lost to programs that read a PDF.

    >>> parted(" shalom, ")
    (' ', 'shalom,', ' ')
    """
    bare = text.strip()
    at = text.find(bare) if bare else len(text)
    return text[:at], bare, text[at + len(bare) :]


def balanced(text: str, letters: int) -> list[str]:
    """A heading as lines of about the same length, each of at most `letters` characters.

    WeasyPrint has no `text-wrap: balance`; screens have. A heading that fits one line, or that
    has a word longer than a line, stays whole. Letters of China, Japan and Korea are twice as
    wide as others.

    >>> balanced("Closing Address Delivered by President Ana Torvald at Congress of Ferrymen", 40)
    ['Closing Address Delivered by President', 'Ana Torvald at Congress of Ferrymen']
    >>> balanced("새로운 승리를 위하여", 14)
    ['새로운 승리를', '위하여']
    """
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    letters = max(1, letters * len(text) // (len(text) + wide)) if wide else letters

    def wrapped(width: int) -> list[str]:
        return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)

    least = math.ceil(len(text) / max(1, math.ceil(len(text) / letters)))
    count = len(wrapped(letters))
    for width in range(least, letters + 1):
        lines = wrapped(width)
        if len(lines) <= count and all(len(line) <= letters for line in lines):
            return lines
    return [text]


def by_year(documents: Iterable[Document]) -> list[tuple[str, list[Document]]]:
    """Documents under the year of their first possible day, or under "" where there is none, in the
    order given."""
    years: dict[str, list[Document]] = {}
    for document in documents:
        date = document.speech.date
        years.setdefault(date.earliest[:4] if date else "", []).append(document)
    return list(years.items())


def by_outlet(documents: Iterable[Document]) -> list[tuple[str, list[Document]]]:
    """Documents under the outlet that published them, outlets by name, those of "", none, last."""
    outlets: dict[str, list[Document]] = {}
    for document in documents:
        outlets.setdefault(document.speech.provenance.outlet or "", []).append(document)
    return sorted(outlets.items(), key=lambda item: (not item[0], item[0].casefold()))


GUIDED = 24
"""Headings from which an index has guide letters: about a page of two columns."""


def lettered(entries: Sequence[IndexEntry], whole: int) -> list[tuple[str, list[IndexEntry]]]:
    """Entries of an index under their guide letters, or under none where it has few in the
    `whole`."""
    if whole < GUIDED:
        return [("", list(entries))]
    groups: dict[str, list[IndexEntry]] = {}
    for entry in entries:
        groups.setdefault(entry.letter, []).append(entry)
    return list(groups.items())
