"""`Book` + `Style` -> spine items: XHTML bytes by the shared templates, the same for all editions.

Templates escape everything; what they get is plain data. What the editions may differ in is
one word (`edition`), the page map of a first layout, and the names of the fonts embedded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from xml.parsers.expat import ExpatError, ParserCreate

import jinja2
from markupsafe import Markup

from packager.book import MATTER, Book, Document, Matter, Part, shorten
from packager.citation import citer
from packager.errors import StyleError
from packager.filters import (
    balanced,
    by_outlet,
    by_year,
    grouped,
    lettered,
    parted,
    robust,
    safe_address,
    shown_file,
)
from packager.findings import CODES
from packager.headings import IndexEntry, headings_of
from packager.labels import Labels, english, is_rtl
from packager.layer import woven
from packager.locators import in_volume, locators, speaking
from packager.setting import Setting
from packager.speech import BlockKind, InlineKind
from packager.style import Style
from packager.units import units

OPENING = 60
"""Letters of a passage left out that the source note quotes."""


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
        "in_volume": lambda document, volume, say: in_volume(say, volume, document),
        "upper_first": lambda text: text[:1].upper() + text[1:],
        "speaking": speaking,
        "lettered": lettered,
        "parted": parted,
        "years": by_year,
        "outlets": by_outlet,
        "told": CODES.get,
    }
    environment.globals |= {"BlockKind": BlockKind, "InlineKind": InlineKind, "LISTED": LISTED}
    return environment
