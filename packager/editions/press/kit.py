"""What every galley of a book is set with: language, style, fonts; sent to workers as bytes.

A kit holds its stylesheets as text and its fonts as bytes, so that a worker, on this machine or
another, needs nothing of the book's folder.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import pickle
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

import weasyprint
from weasyprint.text.ffi import pango

from packager.book import Book
from packager.editions.order import Order, told_moment
from packager.editions.paper import lay_out, print_css
from packager.fonts import FontFile
from packager.meta import Meta
from packager.style import Style

_NO_MOMENT = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""Galleys state no date; the bound book does."""
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class Kit:
    """Language, style and fonts of one book; the style carries its CSS and has no folders."""

    language: str
    style: Style
    fonts: tuple[FontFile, ...]


def kit_of(order: Order) -> Kit:
    """The kit of an order; stylesheets in the order in which one document would have them."""
    style = order.style
    sheets = (
        style.css("base"),
        style.css("cover"),
        print_css(style, order.book),
        f"@page cover {{ background: {style.ground} }}\n"
        f".cover {{ height: {style.geometry.height:g}mm; color: {style.ink} }}\n",
        style.own_css,
    )
    whole = replace(style, folders=(), faces=(), own_css="".join(sheets))
    return Kit(order.book.meta.language, whole, order.fonts)


def packed(kit: Kit) -> bytes:
    """The kit as bytes for a worker."""
    return pickle.dumps(kit)


@lru_cache(maxsize=2)
def unpacked(data: bytes) -> Kit:
    """The kit out of its bytes, once a worker and book."""
    kit = pickle.loads(data)
    assert isinstance(kit, Kit)
    return kit


def lay(
    kit: Kit, pages: Iterable[bytes], css: str, pictures: Mapping[str, bytes] = MappingProxyType({})
) -> weasyprint.Document:
    """XHTML pages laid out with a kit; `css` follows the style's rules."""
    book = Book(Meta("", language=kit.language), ())
    order = Order(book, kit.style, kit.fonts, _NO_MOMENT)
    return lay_out(order, pages, extra_css=css, pictures=pictures)


@contextmanager
def alone() -> Iterator[None]:
    """One job of a process at a time: what it changes in WeasyPrint and its log is the process's.

    Libraries that ask the environment for the moment (fontTools, for fonts of the machine) are
    told the same in every worker, whenever and wherever it was started.
    """
    with _ONE_AT_A_TIME, told_moment(_NO_MOMENT):
        yield


@lru_cache(maxsize=2)
def key_lines(kit: Kit) -> tuple[str, ...]:
    """The lines that a kit gives to the cache keys of what is set with it."""
    return (
        f"packager={version('packager')} press=sha256:{_own_code()}",
        f"weasyprint={weasyprint.__version__} pango={pango.pango_version()} "
        f"pydyf={version('pydyf')} pikepdf={version('pikepdf')}",
        f"language={kit.language}",
        f"css=sha256:{_sha256(kit.style.own_css.encode())}",
        *(f"page {line}" for line in kit.style.geometry.css.splitlines()),
        *(
            f"font {one.family} {one.weight} {one.style} {one.lang}=sha256:{_sha256(one.data)}"
            for one in kit.fonts
        ),
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@cache
def _own_code() -> str:
    """A digest of the code that sets pages, so that a change in it is a change of the key."""
    here = Path(__file__).parent
    names = ("finish.py", "footnotes.py", "lacking.py", "lines.py", "paper.py", "swift.py")
    beside = (here.parent / name for name in (*names, "pdf_file.py"))
    files = [*here.glob("*.py"), *beside, *here.parent.glob("tags/*.py")]
    return _sha256(b"".join(path.read_bytes() for path in sorted(files)))[:16]
