"""An element of the structure, what it holds, and the tree while it grows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from packager.editions.tags.glyphs import Fonts
from packager.editions.tags.marks import Mark


@dataclass(frozen=True, slots=True)
class Run:
    """Marked content of an element, on which page."""

    page: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class Annotation:
    """A link annotation of an element (pydyf), on which page, with its rectangle in points."""

    page: int
    annotation: Any


@dataclass(eq=False, slots=True)
class Element:
    """An element of the structure; `source` is its HTML element, None for one that we supply.

    `attributes` are by owner (ISO 32000-1 §14.7.5), their values as pydyf writes them.
    """

    role: str
    parent: Element | None = None
    source: Any = None
    kids: list[Element | Run | Annotation] = field(default_factory=list)
    ident: str | None = None
    language: str | None = None
    title: str | None = None
    alt: str | None = None
    actual: str | None = None
    expansion: str | None = None
    attributes: dict[str, dict[str, Any]] = field(default_factory=dict)
    refers: list[Element] = field(default_factory=list)

    @property
    def ancestors(self) -> Iterator[Element]:
        """This element and all around it."""
        here: Element | None = self
        while here:
            yield here
            here = here.parent

    def add(self, role: str, source: Any = None, *, at: int | None = None) -> Element:
        """A new element in this one, the last unless `at` says where."""
        made = Element(role, self, source)
        self.kids.insert(len(self.kids) if at is None else at, made)
        return made


@dataclass(slots=True)
class Growth:
    """The tree while it grows: the elements by HTML element and pseudo-element, the calls and
    notes by HTML element, table heads and their page, the line that is walked, line and text of
    each paragraph's last run, the open headings (level in HTML, level here)."""

    root: Element
    fonts: Fonts
    page: int = 0
    box: Any = None
    marks: Any = None
    found: dict[tuple[Any, str], Element] = field(default_factory=dict)
    notes: dict[Any, list[Element | None]] = field(default_factory=dict)
    heads: dict[Any, int] = field(default_factory=dict)
    line: Any = None
    before: dict[Element, tuple[Any, str]] = field(default_factory=dict)
    levels: list[tuple[int, int]] = field(default_factory=list)
