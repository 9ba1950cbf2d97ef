"""`Book` + `Style` -> spine items: XHTML bytes by the shared templates, the same for all editions.

Templates escape everything; what they get is plain data. What the editions may differ in is
one word (`edition`), the page map of a first layout, and the names of the fonts embedded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from xml.parsers.expat import ExpatError, ParserCreate

import jinja2
from markupsafe import Markup

from packager.book import (
    MATTER,
    Book,
    Document,
    IndexEntry,
    Matter,
    Part,
    document_of,
    headings_of,
    shorten,
)
from packager.citation import citer
from packager.errors import StyleError
from packager.filters import (
    balanced,
    by_outlet,
    by_year,
    grouped,
    lettered,
    robust,
    safe_address,
    shown_file,
)
from packager.findings import CODES
from packager.labels import Labels, english, is_rtl
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
    part, the document, the page of the editor's, or from the `documents` or `entries` of the index
    that it lists.
    """

    name: str
    matter: str
    label: str
    template: str
    part: Part | None = None
    document: Document | None = None
    page: Matter | None = None
    documents: tuple[Document, ...] = ()
    entries: tuple[IndexEntry, ...] = ()

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


MACROS = {"text": "blocks", "lines": "heading"}
"""Templates whose macros every template may call, under these names."""
FRONT = (
    "cover", "half-title", "title-page", "copyright", "dedication", "epigraph", "nav", "volumes",
    "foreword", "acknowledgements", "introduction", "abbreviations", "speakers", "method",
)  # fmt: skip
BACK = ("chronology", "sources", "errata", "index", "colophon")
LISTED = 800
"""Documents that one page of the chronology, of the sources or of the other volumes lists: at some
200 bytes each they stay below the 260 KB over which e-ink readers slow down."""
INDEXED = 5000
"""Lines and numbers that one page of the index lists at most, unless one heading has more: at some
45 bytes each they stay below the same size, and pages are laid out in little memory."""
OWN = frozenset(FRONT) - frozenset(MATTER) | {"chronology", "sources", "index", "colophon"}
"""What the book has without the editor's doing."""
UNLISTED = frozenset(FRONT[:7])
"""What stands before the contents, and the contents themselves."""


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
    label = labels_of(book).plain
    for name in names:
        if (
            (name == "index" and not book.index)
            or (name == "volumes" and not book.volumes)
            or (name == "speakers" and not book.persons)
        ):
            continue
        if name in ("chronology", "sources"):
            yield from _lists(book, name)
        elif name == "index":
            yield from _index(book)
        elif name in OWN:
            yield SpineItem(name, matter, label("contents" if name == "nav" else name), name)
        elif page := pages.get(name):
            yield SpineItem(name, matter, page.title or label(name), "matter", page=page)


def _lists(book: Book, name: str) -> Iterator[SpineItem]:
    """The chronology, or the sources by outlet; those of a large book in several pages."""
    documents = book.chronology
    if name == "sources":
        documents = [one for _, found in by_outlet(book.texts) for one in found]
    runs = [documents[n : n + LISTED] for n in range(0, len(documents), LISTED)]
    labels = labels_of(book)
    for n, run in enumerate(runs, 1):
        label = labels.plain(name)
        if len(runs) > 1:
            label = labels.plain("page-of", label=label, n=n, pages=len(runs))
        uid = name if n == 1 else f"{name}-{n}"
        yield SpineItem(uid, "back", label, name, documents=tuple(run))


def _index(book: Book) -> Iterator[SpineItem]:
    """The index; a long one in several pages. Ids of headings are `index-1` and so on."""
    runs: list[list[IndexEntry]] = []
    size = 0
    for entry in book.index:
        size += entry.size
        if not runs or size > INDEXED:
            runs.append([])
            size = entry.size
        runs[-1].append(entry)
    say = labels_of(book)
    title = say.plain("index")
    for n, run in enumerate(runs, 1):
        label = title if len(runs) == 1 else say.plain("page-of", label=title, n=n, pages=len(runs))
        uid = "index" if n == 1 else f"index-page-{n}"
        yield SpineItem(uid, "back", label, "index", entries=tuple(run))


def renderer(book: Book, style: Style, setting: Setting) -> Callable[[SpineItem], bytes]:
    """A function that renders a spine item of this book to XHTML bytes.

    It raises `StyleError` where a template is missing or wrong, or gives no well-formed XML.

    >>> page = renderer(book, style, Setting("epub", "2022-03-01"))  # doctest: +SKIP
    >>> [len(page(item)) for item in spine(book)]  # doctest: +SKIP
    """
    environment = _environment(style)
    environment.globals |= {"book": book, "meta": book.meta, "setting": setting}
    environment.globals |= {"bidi": any(map(is_rtl, book.languages))}
    environment.globals |= {"heading_href": _heading_hrefs(book)}
    environment.globals |= {"year": (year := book.year or setting.modified[:4])}
    _speak(environment, labels_of(book))
    if book.meta.citation:
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
                entries=item.entries,
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


def _heading_hrefs(book: Book) -> Callable[[str, str], str]:
    """A function that gives the address of a heading of the index, seen from one of its pages."""
    anchors = book.headings
    homes = {
        anchor: item.name for item in _index(book) for anchor in headings_of(item.entries).values()
    }

    def href(heading: str, name: str) -> str:
        anchor = anchors[heading]
        home = homes[anchor]
        return f"#{anchor}" if home == name else f"{home}.xhtml#{anchor}"

    return href


def labels_of(book: Book) -> Labels:
    """What the book says of its own, in its language."""
    return Labels(book.meta.language, book.meta.labels)


def _speak(environment: jinja2.Environment, labels: Labels) -> None:
    """Give the templates the words of the book's language. Names of files and the like are written
    from left to right in every language."""
    mirrored = is_rtl(labels.language)
    environment.globals |= {"say": labels, "ltr": Markup(' dir="ltr"') if mirrored else ""}
    environment.globals |= {
        "code": Markup('<span dir="ltr">{}</span>').format if mirrored else lambda said: said
    }
    environment.filters |= {
        "day": labels.day,
        "date": labels.date,
        "day_of_year": labels.day_of_year,
        "number": labels.number,
        "words": labels.ordinal,
        "apart": labels.apart,
        "english": lambda said: english(said, labels.language),
    }


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
        "address": safe_address,
        "robust": robust,
        "grouped": grouped,
        "hash": lambda digest: " ".join(digest[n : n + 8] for n in range(0, len(digest), 8)),
        "units": units,
        "woven": lambda blocks: list(woven(blocks)),
        "opening": lambda text: shorten(text, OPENING),
        "locators": locators,
        "in_volume": lambda document, volume, say: _in_volume(say, volume, document),
        "upper_first": lambda text: text[:1].upper() + text[1:],
        "speaking": speaking,
        "lettered": lettered,
        "years": by_year,
        "outlets": by_outlet,
        "told": CODES.get,
    }
    environment.globals |= {"BlockKind": BlockKind, "InlineKind": InlineKind, "LISTED": LISTED}
    return environment


@dataclass(frozen=True, slots=True)
class Locator:
    """What an index prints after a heading, and where it leads; nowhere in another volume, whose
    number the first of its places has."""

    text: str
    href: str = ""
    volume: int = 0


def locators(entry: IndexEntry, setting: Setting, book: Book) -> list[Locator]:
    """Pages, those that follow each other as a range, where there are pages; else documents. Those
    of a book in volumes stand under their volumes.

    >>> pages = PageMap({"d1-i1": "4", "d1-i2": "5", "d2-i1": "9"},
    ...                 {"d1-i1": 14, "d1-i2": 15, "d2-i1": 19})
    >>> entry = IndexEntry("Quill", ("d1-i1", "d1-i2", "d2-i1"))
    >>> from packager.meta import Meta
    >>> book = Book(Meta("Quills"), ())
    >>> screen = Setting("screen", "2022-03-01", pages=pages)
    >>> [one.text for one in locators(entry, screen, book)]
    ['4–5', '9']
    >>> [one.text for one in locators(entry, Setting("epub", "2022-03-01"), book)]
    ['1', '2']
    """
    by_volume: dict[int, list[str]] = {}
    for anchor in entry.anchors:
        by_volume.setdefault(book.volume_of(document_of(anchor)), []).append(anchor)
    out: list[Locator] = []
    for volume, anchors in sorted(by_volume.items(), key=lambda one: one[0] or book.meta.volume):
        if setting.edition == "epub":
            first = IndexEntry(entry.heading, tuple(anchors)).documents.items()
            found = [Locator(str(number), f"d{number}.xhtml#{one}") for number, one in first]
        else:
            found = _page_locators(anchors, setting.earlier[volume] if volume else setting.pages)
        if volume:
            found = [Locator(one.text) for one in found]
        if book.is_last_volume and found:
            found[0] = replace(found[0], volume=volume or book.meta.volume)
        out += found
    return out


def _elsewhere(documents: Iterable[int], book: Book, say: Labels) -> list[Locator]:
    """Those of the documents that stand in other volumes."""
    found: dict[int, list[int]] = {}
    for number in documents:
        if volume := book.volume_of(number):
            found.setdefault(volume, []).append(number)
    return [Locator(_in_volume(say, volume, *numbers)) for volume, numbers in found.items()]


def _in_volume(say: Labels, volume: int, *documents: int) -> str:
    """How documents of another volume are named.

    >>> _in_volume(Labels(), 2, 214), _in_volume(Labels(), 2, 214, 220)
    ('vol. 2, no. 214', 'vol. 2, nos. 214, 220')
    """
    named = ", ".join(map(str, documents))
    return say.plain("in-volume", len(documents), volume=volume, numbers=named)


def _page_locators(anchors: Sequence[str], pages: PageMap) -> list[Locator]:
    found = {pages.sheets[name]: name for name in reversed(anchors) if name in pages.sheets}
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


def speaking(
    documents: Sequence[Document], setting: Setting, book: Book, say: Labels
) -> list[Locator]:
    """Where documents begin: their pages where there are pages, else their numbers; those of
    another volume by volume and number."""
    pages = setting.pages
    paged = setting.edition != "epub"
    own = [
        Locator(pages.folio(one.anchor) if paged else str(one.number), f"{one.anchor}.xhtml")
        for one in documents
        if not book.volume_of(one.number)
    ]
    return own + _elsewhere((one.number for one in documents), book, say)
