"""Which spine items form a galley, on which side each begins, and on which sheet it comes to lie.

What the stylesheets say of breaks is found by trial: empty sections of the same classes are laid
out, and the pages they fall on are read. A galley is what stands between two forced breaks.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from packager.cache import cached
from packager.editions.press.kit import Kit, key_lines, lay
from packager.render import SpineItem

RUN_ON, ANY, RECTO, VERSO = "run-on", "any", "recto", "verso"
"""How a section begins: after the one before, on a new page, on the front of a leaf, on its back
(CSS Fragmentation 3 §3.1): a right and a left page, in books read from right to left a left and
a right one."""

Rules = Mapping[tuple[str, str], str]
"""The classes of two sections that follow one another -> how the second begins."""


@dataclass(frozen=True, slots=True)
class Section:
    """The outside of a spine item: its name, the attributes of its section, the title that it
    gives itself (`aria-label`, or the heading of `aria-labelledby`)."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    title: str = ""

    @property
    def kind(self) -> str:
        """Its classes: what the stylesheets tell sections apart by."""
        return dict(self.attributes).get("class", "")

    @property
    def outside(self) -> str:
        """Its attributes as they stand in a start tag, without the id."""
        kept = [(name, value) for name, value in self.attributes if name != "id"]
        return "".join(f' {name}="{html.escape(value)}"' for name, value in kept)


def section_of(item: SpineItem, xhtml: bytes) -> Section:
    """The section of a rendered spine item."""
    text = xhtml.decode()
    found = re.search(r"<section\b([^>]*)>", text)
    pairs = re.findall(r'([\w:-]+)="([^"]*)"', found[1] if found else "")
    given = {name: html.unescape(value) for name, value in pairs}
    kept = ("class", "id", "lang", "dir")
    return Section(
        item.name,
        tuple(
            (name, value)
            for name, value in given.items()
            if name in kept or name.startswith("data-")
        ),
        given.get("aria-label") or _text_of(text, given.get("aria-labelledby", "")),
    )


def _text_of(text: str, identifier: str) -> str:
    """The text of the heading with an id."""
    found = re.search(rf'<(h[1-6])[^>]* id="{re.escape(identifier)}"[^>]*>(.*?)</\1>', text, re.S)
    return " ".join(html.unescape(re.sub("<[^>]*>", "", found[2])).split()) if found else ""


def break_rules(kit: Kit, sections: Sequence[Section]) -> dict[tuple[str, str], str]:
    """How each kind of section begins after each kind that it follows in this book."""
    pairs = {(a.kind, b.kind): (a, b) for a, b in pairwise(sections)}
    key = ["break rules=1", *key_lines(kit), *(f"pair={a}|{b}" for a, b in pairs)]
    made = cached(key, lambda: json.dumps(_tried(kit, list(pairs.values()))).encode())
    return dict(zip(pairs, json.loads(made), strict=True))


def _tried(kit: Kit, pairs: Sequence[tuple[Section, Section]]) -> list[str]:
    """Each pair twice, the first section of one page and of two, so that the second one is
    tried after a recto and after a verso."""
    body: list[str] = []
    for number, (first, second) in enumerate(pairs):
        for pages in (1, 2):
            name = f"try-{number}-{pages}"
            more = '<div style="break-before: page">.</div>' * (pages - 1)
            body += [
                '<section style="break-before: recto; page: press-flyleaf"><div>.</div></section>',
                f'<section{first.outside}><div>.</div>{more}<div id="{name}-end">.</div></section>',
                f'<section{second.outside}><div id="{name}">.</div></section>',
            ]
    document = lay(kit, [page_of("".join(body))], BARE)
    at = {name: n for n, page in enumerate(document.pages) for name in page.anchors}
    return [
        _rule({at[f"try-{n}-{k}-end"] % 2: _step(at, f"try-{n}-{k}") for k in (1, 2)})
        for n in range(len(pairs))
    ]


def _step(at: Mapping[str, int], name: str) -> int:
    return at[name] - at[f"{name}-end"]


def _rule(steps: Mapping[int, int]) -> str:
    """`steps`: parity of the page that the first section ends on (0 is a recto) -> how many
    pages later the second begins."""
    if 0 in steps.values():
        return RUN_ON
    if steps.get(0, 2) == 2 and steps.get(1, 1) == 1:
        return RECTO
    if steps.get(0, 1) == 1 and steps.get(1, 2) == 2:
        return VERSO
    return ANY


BARE = """
@page { background: none !important; border: none !important; outline: none !important }
section, section * { display: block !important; visibility: hidden !important;
  margin: 0 !important; padding: 0 !important; border: none !important;
  height: auto !important; min-height: 0 !important; width: auto !important;
  position: static !important; float: none !important; columns: auto !important;
  background: none !important; bookmark-level: none !important; string-set: none !important;
  break-inside: auto !important; orphans: 1 !important; widows: 1 !important;
  font: 0.1pt/0.1pt serif !important; text-indent: 0 !important; white-space: nowrap !important }
section::before, section::after { content: none !important }
"""
"""Sections that take no room and draw nothing, but keep their kind of page."""


def page_of(body: str) -> bytes:
    """An XHTML page with this body."""
    return f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>'.encode()


def grouped(sections: Sequence[Section], rules: Rules) -> list[tuple[Section, ...]]:
    """The sections of each galley: what runs on is set with what it follows."""
    groups: list[list[Section]] = [[sections[0]]]
    for before, section in pairwise(sections):
        if rules[before.kind, section.kind] == RUN_ON:
            groups[-1].append(section)
        else:
            groups.append([section])
    return [tuple(group) for group in groups]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a galley lies: the sheet of its first page, counted from 1, after a blank or not."""

    sheet: int
    blank: bool

    @property
    def side(self) -> str:
        """The side of its first page; odd sheets are rectos."""
        return RECTO if self.sheet % 2 else VERSO


def placed(counts: Sequence[int], rules: Sequence[str]) -> list[Place]:
    """The place of each galley of so many pages that begins by such a rule.

    >>> placed([1, 3, 2], ["any", "recto", "verso"])
    [Place(sheet=1, blank=False), Place(sheet=3, blank=True), Place(sheet=6, blank=False)]
    """
    sheet = 1
    places: list[Place] = []
    for count, rule in zip(counts, rules, strict=True):
        blank = bool(places) and rule == (VERSO if sheet % 2 else RECTO)
        places.append(Place(sheet + blank, blank))
        sheet += blank + count
    return places
