"""`Book` + `Style` -> spine items: XHTML bytes by the shared templates, the same for all editions.

Templates escape everything; what they get is plain data. What the editions may differ in is
one word (`edition`), the page map of a first layout, and the names of the fonts embedded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError, ParserCreate

import jinja2

from packager.book import Book, Document, IndexEntry, Matter, Part, shorten
from packager.citation import citer
from packager.dates import long_date, shown_date
from packager.errors import StyleError
from packager.filters import (
    balanced,
    by_outlet,
    by_year,
    day_of_year,
    grouped,
    is_rtl,
    lettered,
    number_words,
    robust,
    safe_address,
    shown_file,
)
from packager.findings import CODES
from packager.layer import woven
from packager.speech import BlockKind, InlineKind
from packager.style import Style
from packager.units import units
from packager.wrap import Wrap

OPENING = 60
"""Letters of a passage left out that the source note quotes."""


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
class SpineItem:
    """One XHTML file of the book, not yet rendered.

    `name` is its file name and the id of its one section, unique in the whole book; `matter` is
    front, body or back; `label` names it in tables of contents; `template` makes it from the
    part, the document, the page of the editor's, or from the `documents` that it lists.
    """

    name: str
    matter: str
    label: str
    template: str
    part: Part | None = None
    document: Document | None = None
    page: Matter | None = None
    documents: tuple[Document, ...] = ()

    @property
    def listed(self) -> bool:
        """True for what the contents name beside parts and documents."""
        return self.matter != "body" and self.name not in UNLISTED

    @property
    def href(self) -> str:
        """The file's name inside the folder `text`."""
        return f"{self.name}.xhtml"


@dataclass(frozen=True, slots=True)
class Setting:
    """What the templates are told beside the book.

    `edition` is the edition's name; `modified` an ISO day; `colophon` lines on how the book
    was made; `stylesheets` are addresses as seen from the folder `text`; `page_list` has the
    folio and the file of every page of the paginated edition; `wrap` is the printed cover;
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
    wrap: Wrap | None = None
    footnotes: bool = False


MACROS = {"text": "blocks", "lines": "heading"}
"""Templates whose macros every template may call, under these names."""
FRONT = (
    "cover", "half-title", "title-page", "copyright", "dedication", "epigraph", "nav", "volumes",
    "foreword", "acknowledgements", "introduction", "abbreviations", "speakers", "method",
)  # fmt: skip
BACK = ("chronology", "sources", "errata", "index", "colophon")
LISTED = 800
"""Documents that one page of the chronology or of the sources lists: at some 200 bytes each they
stay below the 260 KB over which e-ink readers slow down."""
UNLISTED = frozenset(FRONT[:7])
"""What stands before the contents, and the contents themselves."""
_LABELS = {
    "cover": "Cover",
    "half-title": "Half title",
    "title-page": "Title page",
    "copyright": "Copyright",
    "nav": "Contents",
    "volumes": "The other volumes",
    "speakers": "Speakers",
    "method": "On this edition",
    "chronology": "Chronology",
    "sources": "Sources",
    "index": "Index",
    "colophon": "Colophon",
}


def spine(book: Book) -> Iterator[SpineItem]:
    """The spine items of a book in reading order."""
    yield from _matter(book, FRONT, "front")
    for part in book.parts:
        yield SpineItem(part.anchor, "body", part.title, "part", part=part)
        for document in part.documents:
            template = "bilingual" if document.translation else "document"
            yield SpineItem(document.anchor, "body", document.head, template, document=document)
    yield from _matter(book, BACK, "back")


def _matter(book: Book, names: Iterable[str], matter: str) -> Iterator[SpineItem]:
    """Our own pages, and those of the editor's that the book has, in order."""
    pages = {page.name: page for page in book.matter}
    for name in names:
        if (
            (name == "index" and not book.index)
            or (name == "volumes" and not book.volumes)
            or (name == "speakers" and not book.persons)
        ):
            continue
        if name in ("chronology", "sources"):
            yield from _lists(book, name)
        elif name in _LABELS:
            yield SpineItem(name, matter, _LABELS[name], name)
        elif page := pages.get(name):
            yield SpineItem(name, matter, page.title, "matter", page=page)


def _lists(book: Book, name: str) -> Iterator[SpineItem]:
    """The chronology, or the sources by outlet; those of a large book in several pages."""
    documents = book.chronology
    if name == "sources":
        documents = [one for _, found in by_outlet(book.texts) for one in found]
    runs = [documents[n : n + LISTED] for n in range(0, len(documents), LISTED)]
    for n, run in enumerate(runs, 1):
        label = _LABELS[name] if len(runs) == 1 else f"{_LABELS[name]}, {n} of {len(runs)}"
        uid = name if n == 1 else f"{name}-{n}"
        yield SpineItem(uid, "back", label, name, documents=tuple(run))


def renderer(book: Book, style: Style, setting: Setting) -> Callable[[SpineItem], bytes]:
    """A function that renders a spine item of this book to XHTML bytes.

    It raises `StyleError` where a template is missing or wrong, or gives no well-formed XML.

    >>> page = renderer(book, style, Setting("epub", "2022-03-01"))  # doctest: +SKIP
    >>> [len(page(item)) for item in spine(book)]  # doctest: +SKIP
    """
    environment = _environment(style)
    environment.globals |= {"book": book, "meta": book.meta, "setting": setting}
    environment.globals |= {"bidi": any(map(is_rtl, book.languages))}
    if book.meta.citation:
        year = (book.meta.date or setting.modified)[:4]
        environment.filters["cited"] = citer(book.meta.citation, book.meta, year)
    environment.globals |= {
        name: environment.get_template(f"{template}.xhtml.j2").module
        for name, template in MACROS.items()
    }

    def page(item: SpineItem) -> bytes:
        name = f"{item.template}.xhtml.j2"
        try:
            text = environment.get_template(name).render(
                name=item.name,
                label=item.label,
                matter=item.matter,
                part=item.part,
                document=item.document,
                page=item.page,
                documents=item.documents,
                listed=[one for one in spine(book) if one.listed] if item.name == "nav" else [],
            )
        except jinja2.TemplateError as error:
            line = getattr(error, "lineno", None)
            place = getattr(error, "name", None) or name
            raise StyleError(f"{place}{f':{line}' if line else ''}: {error}") from error
        xhtml = text.encode()
        try:
            ParserCreate(namespace_separator=" ").Parse(xhtml, True)
        except ExpatError as error:
            raise StyleError(f"{name} gives no well-formed XHTML: {error}") from error
        return xhtml

    return page


def _environment(style: Style) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(style.template_folders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters |= {
        "rtl": is_rtl,
        "file": shown_file,
        "balanced": balanced,
        "day": long_date,
        "date": shown_date,
        "address": safe_address,
        "robust": robust,
        "grouped": grouped,
        "number": lambda number: f"{number:,}",
        "words": number_words,
        "hash": lambda digest: " ".join(digest[n : n + 8] for n in range(0, len(digest), 8)),
        "units": units,
        "woven": lambda blocks: list(woven(blocks)),
        "opening": lambda text: shorten(text, OPENING),
        "locators": locators,
        "in_volume": lambda document, volume: _in_volume(volume, document),
        "speaking": speaking,
        "lettered": lettered,
        "years": by_year,
        "outlets": by_outlet,
        "code": CODES.get,
        "day_of_year": day_of_year,
    }
    environment.globals |= {"BlockKind": BlockKind, "InlineKind": InlineKind}
    return environment


@dataclass(frozen=True, slots=True)
class Locator:
    """What an index prints after a heading, and where it leads; nowhere in another volume."""

    text: str
    href: str = ""


def locators(entry: IndexEntry, setting: Setting, book: Book) -> list[Locator]:
    """Pages, those that follow each other as a range, where there are pages; else documents.
    What stands in another volume is named by volume and document.

    >>> pages = PageMap({"d1-i1": "4", "d1-i2": "5", "d2-i1": "9"},
    ...                 {"d1-i1": 14, "d1-i2": 15, "d2-i1": 19})
    >>> entry = IndexEntry("Quill", ("d1-i1", "d1-i2", "d2-i1"))
    >>> from packager.meta import Meta
    >>> book = Book(Meta("Quills"), ())
    >>> [one.text for one in locators(entry, Setting("screen", "2022-03-01", pages=pages), book)]
    ['4–5', '9']
    >>> [one.text for one in locators(entry, Setting("epub", "2022-03-01"), book)]
    ['1', '2']
    """
    first: dict[int, str] = {}
    for anchor in entry.anchors:
        first.setdefault(int(anchor.partition("-")[0][1:]), anchor)
    if setting.edition == "epub":
        own = [
            Locator(str(number), f"d{number}.xhtml#{anchor}")
            for number, anchor in first.items()
            if not book.volume_of(number)
        ]
    else:
        own = _page_locators(entry, setting.pages)
    return own + _elsewhere(first, book)


def _elsewhere(documents: Iterable[int], book: Book) -> list[Locator]:
    """Those of the documents that stand in other volumes."""
    found: dict[int, list[int]] = {}
    for number in documents:
        if volume := book.volume_of(number):
            found.setdefault(volume, []).append(number)
    return [Locator(_in_volume(volume, *numbers)) for volume, numbers in found.items()]


def _in_volume(volume: int, *documents: int) -> str:
    """How documents of another volume are named.

    >>> _in_volume(2, 214), _in_volume(2, 214, 220)
    ('vol. 2, no. 214', 'vol. 2, nos. 214, 220')
    """
    named = ", ".join(map(str, documents))
    return f"vol. {volume}, no{'s' if len(documents) > 1 else ''}. {named}"


def _page_locators(entry: IndexEntry, pages: PageMap) -> list[Locator]:
    found = {pages.sheets[name]: name for name in reversed(entry.anchors) if name in pages.sheets}
    runs: list[list[int]] = []
    for sheet in sorted(found):
        if runs and runs[-1][-1] == sheet - 1:
            runs[-1].append(sheet)
        else:
            runs.append([sheet])
    out = []
    for run in runs:
        ends = dict.fromkeys(pages.folio(found[sheet]) for sheet in (run[0], run[-1]))
        href = f"{found[run[0]].partition('-')[0]}.xhtml#{found[run[0]]}"
        out.append(Locator("–".join(ends), href))
    return out


def speaking(documents: Sequence[Document], setting: Setting, book: Book) -> list[Locator]:
    """Where documents begin: their pages where there are pages, else their numbers; those of
    another volume by volume and number."""
    pages = setting.pages
    paged = setting.edition != "epub"
    own = [
        Locator(pages.folio(one.anchor) if paged else str(one.number), f"{one.anchor}.xhtml")
        for one in documents
        if not book.volume_of(one.number)
    ]
    return own + _elsewhere((one.number for one in documents), book)
