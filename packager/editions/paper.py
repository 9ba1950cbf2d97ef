"""Spine items on paper: one WeasyPrint document, its fonts from memory, nothing fetched.

The one door to WeasyPrint: addresses that are not ours are refused, and what it logs as a
fault of our own markup is raised.
"""

from __future__ import annotations

import datetime as dt
import io
import logging
import re
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import weasyprint
from lxml import etree
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from packager.book import Book
from packager.editions import lines, swift
from packager.editions.footnotes import kept_notes
from packager.editions.order import Order
from packager.errors import EditionError
from packager.fonts import FontFile, font_css
from packager.labels import is_rtl
from packager.style import Style

XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
PRIVATE = "Packager "
"""What the names of the book's families begin with while its pages are laid out."""
BASE = "book:///text/"
"""A made-up base address: names in the file then do not depend on any folder."""


IMAGES = "book:///images/"


class _Shelf(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Hands out what the book itself carries and refuses everything else."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(allowed_protocols=())
        self._files = files

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The bytes behind an address of the book."""
        if url not in self._files:
            raise FatalURLFetchingError(f"the book asked for {url[:200]}, which it does not hold")
        return URLFetcherResponse(url, self._files[url])


def lay_out(
    order: Order,
    pages: Iterable[bytes],
    *,
    extra_css: str = "",
    pictures: Mapping[str, bytes] = MappingProxyType({}),
) -> weasyprint.Document:
    """XHTML pages laid out as one document in the order's style.

    `extra_css` follows the style's own rules; `pictures` are those that the pages show, by name.
    Raises `EditionError` where a stylesheet asks for something outside the book, and when there is
    no room for temporary files.
    """
    lines.mend(f"{PRIVATE}{font.family}" for font in order.fonts if font.lang)
    swift.mend()
    style = order.style
    texts = (
        font_css(order.fonts, "book:///fonts", order.book.meta.language),
        style.geometry.css,
        style.css("base"),
        style.css("cover"),
        print_css(style, order.book),
        f"@page cover {{ background: {style.ground} }}\n"
        f".cover {{ height: {style.geometry.height:g}mm; color: {style.ink} }}",
        style.own_css,
    )
    try:
        look = _look(order.fonts, texts, threading.get_ident())
        with _listening(), kept_notes():
            source = weasyprint.HTML(
                string=_merged(order, pages),
                base_url=BASE,
                url_fetcher=_Shelf({f"{IMAGES}{name}": data for name, data in pictures.items()}),
            )
            return source.render(
                font_config=look.fonts,
                pdf_tags=True,
                pdf_variant="pdf/ua-1",
                stylesheets=[*look.sheets, *_parsed([extra_css], look)],
            )
    except FatalURLFetchingError as error:
        raise EditionError(
            str(error), hint="take the address out of the style or book.css"
        ) from error
    except OSError as error:  # WeasyPrint writes fonts there for Pango
        raise EditionError(
            f"{tempfile.gettempdir()}: cannot be written: {error.strerror or error}",
            hint="make room, or name another place in TMPDIR",
        ) from error


def print_css(style: Style, book: Book) -> str:
    """The rules for pages of this book: of its language, of two languages."""
    tiers = ["print"]
    tiers += ["rtl"] if is_rtl(book.meta.language) else []
    tiers += ["bilingual", "bilingual-print"] if book.bilingual else []
    return "".join(map(style.css, tiers))


@dataclass(frozen=True, slots=True)
class _Look:
    """What documents of one style share: stylesheets, read once, and the fonts they name."""

    families: frozenset[str]
    shelf: _Shelf
    fonts: FontConfiguration
    sheets: tuple[weasyprint.CSS, ...] = ()


@lru_cache(maxsize=4)
def _look(fonts: tuple[FontFile, ...], texts: tuple[str, ...], thread: int) -> _Look:
    """The look of a style. To read it takes a third of the time that four pages take, so it is
    kept; each thread has its own, for Pango's font map is no thing for two."""
    shelf = _Shelf({f"book:///fonts/{font.name}": font.data for font in fonts})
    look = _Look(frozenset(font.family for font in fonts), shelf, FontConfiguration())
    with _listening():  # here too, so that a look with a fault is not kept
        return replace(look, sheets=_parsed(texts, look))


def _parsed(texts: Iterable[str], look: _Look) -> tuple[weasyprint.CSS, ...]:
    return tuple(
        weasyprint.CSS(
            string=_private(text, look.families),
            base_url=BASE,
            url_fetcher=look.shelf,
            font_config=look.fonts,
        )
        for text in texts
        if text.strip()
    )


def _private(css: str, families: Iterable[str]) -> str:
    """CSS in which the families of the book have names that no machine's fonts have: WeasyPrint
    takes an installed font before the book's of the same name."""
    for family in families:
        css = re.sub(rf"(['\"]){re.escape(family)}\1", f'"{PRIVATE}{family}"', css)
    return css


def _merged(order: Order, pages: Iterable[bytes]) -> str:
    """The sections of all pages in one HTML document, links between files made local."""
    meta = order.book.meta
    head = [
        etree.Element("meta", charset="utf-8"),
        _text_element("title", meta.title),
        *[_named("author", editor) for editor in meta.editors],
        *([_named("description", meta.description)] if meta.description else []),
        _named("dcterms.created", _moment(order.when)),
        _named("dcterms.modified", _moment(order.when)),
    ]
    root = etree.Element("html", lang=meta.language)
    if is_rtl(meta.language):
        root.set("dir", "rtl")
    head_element = etree.SubElement(root, "head")
    head_element.extend(head)
    body = etree.SubElement(root, "body")
    for page in pages:
        body.extend(_sections(page))
    return "<!DOCTYPE html>\n" + etree.tostring(root, method="html", encoding="unicode")


def _sections(page: bytes) -> Iterator[etree._Element]:
    tree = etree.fromstring(page, etree.XMLParser(resolve_entities=False, no_network=True))
    found = tree.find(f"{XHTML}body")
    assert found is not None  # the renderer's skeleton has a body
    for element in found.iter(etree.Element):
        element.tag = str(element.tag).removeprefix(XHTML)
        for name in (EPUB_TYPE, XML_LANG):
            element.attrib.pop(name, None)
        if element.tag == "a":
            element.set("href", _local(element.get("href", "")))
        elif element.tag == "img" and element.get("src", "").startswith("../images/"):
            element.set("src", element.get("src", "").replace("../images/", IMAGES, 1))
    etree.cleanup_namespaces(found)
    yield from list(found)


def _local(href: str) -> str:
    """`d1.xhtml` and `d1.xhtml#x` as addresses inside one document; others as they are."""
    name, _, fragment = href.partition("#")
    if "/" in name or not name.endswith(".xhtml"):
        return href
    return f"#{fragment or name.removesuffix('.xhtml')}"


def _text_element(tag: str, text: str) -> etree._Element:
    element = etree.Element(tag)
    element.text = text
    return element


def _named(name: str, content: str) -> etree._Element:
    return etree.Element("meta", name=name, content=content)


def _moment(when: dt.datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


@contextmanager
def _listening() -> Iterator[None]:
    """Raise what WeasyPrint only logs as an error: a link or an anchor that leads nowhere."""
    logger = logging.getLogger("weasyprint")
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setLevel(logging.ERROR)
    logger.addHandler(handler)
    propagate, logger.propagate = logger.propagate, False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate
    if faults := stream.getvalue().strip():
        raise EditionError(f"the page layout failed: {faults.splitlines()[0]}")
