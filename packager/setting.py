"""What templates are told beside the book: which edition, on which pages, with which files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from packager.wrap import Wrap


@dataclass(frozen=True, slots=True)
class PageMap:
    """On which print page each anchor stands: folios as printed, roman in the front matter.

    `sheets` counts the pages of the file from 1, whatever is printed on them; `count` is how
    many there are.
    """

    folios: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, int] = field(default_factory=dict)
    count: int = 0

    def folio(self, anchor: str) -> str:
        """The folio of an anchor; empty while no layout has been made."""
        return self.folios.get(anchor, "")


@dataclass(frozen=True, slots=True)
class Setting:
    """What the templates are told beside the book.

    `edition` is the edition's name; `modified` an ISO day; `colophon` lines on how the book
    was made; `stylesheets` are addresses as seen from the folder `text`; `page_list` has the
    folio and the file of every page of the paginated edition; `wrap` is the printed cover;
    `earlier` has the pages of the volumes before this one, by their numbers;
    `footnotes` says that notes stand where they are called, for the foot of the page.
    """

    edition: str
    modified: str
    pages: PageMap = PageMap()
    stylesheets: tuple[str, ...] = ()
    typefaces: tuple[str, ...] = ()
    versions: str = ""
    cover: str | None = None
    page_list: tuple[tuple[str, str], ...] = ()
    earlier: Mapping[int, PageMap] = field(default_factory=dict)
    wrap: Wrap | None = None
    footnotes: bool = False
