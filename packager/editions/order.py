"""What an edition is made from: the book, its look, its fonts, its moment; nothing else.

The clock, the network and the environment are not asked below this point.
"""

from __future__ import annotations

import datetime as dt
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from packager.book import Book
from packager.errors import EditionError
from packager.fonts import FontFile
from packager.preset import Press, default_press
from packager.setting import PageMap
from packager.speech_json import dump_speech
from packager.style import Style


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside an edition: its name, its bytes deflated (RFC 1950) and their number before,
    its media type, one sentence on it, and what it is to the book: `Source` that it was made from,
    `Data` or `Supplement` (ISO 32000-2 §7.11.3)."""

    name: str
    packed: bytes
    size: int
    media_type: str
    description: str
    relation: str

    @classmethod
    def of(
        cls, name: str, pieces: Iterable[bytes], media_type: str, description: str, relation: str
    ) -> Attachment:
        """The file that consists of these pieces, of which one is in memory at a time."""
        packer, packed, size = zlib.compressobj(9), [], 0
        for piece in pieces:
            packed.append(packer.compress(piece))
            size += len(piece)
        packed.append(packer.flush())
        return cls(name, b"".join(packed), size, media_type, description, relation)


def speech_data(book: Book) -> Attachment:
    """The speeches of a book as Speech JSON lines, one a document, in order."""
    lines = (f"{dump_speech(document.speech)}\n".encode() for document in book.texts)
    said = "The documents of this book with their sources, as Speech JSON, one a line."
    return Attachment.of("speeches.jsonl", lines, "application/jsonl", said, "Data")


@dataclass(frozen=True, slots=True)
class Made:
    """A finished edition: the file that holds it, `Order.beside` until it is renamed; on which
    sheet, counted from 1, each anchor stands (nothing for editions without pages), and by `folios`
    under which printed number; `feet` how far above the bottom of a sheet, in points, its notes
    begin, where it has any; `work` says what of it was set anew, and why."""

    path: Path
    sheets: Mapping[str, int] = field(default_factory=dict)
    feet: Mapping[int, float] = field(default_factory=dict)
    work: str = ""
    folios: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Order:
    """One order for one edition.

    `when` is the moment that the files state, in UTC; `step` is told what is being done, for a
    progress bar; `paginated` is the PDF edition that this one leans on: the screen edition for
    the page list of an EPUB, for the archive and the print edition, the print edition for its
    cover; `sources` hands out the pages that the book was made from; `beside` is the name under
    which the edition is written, to be renamed by who ordered it; `earlier` has the pages of the
    volumes before this one; `executor` sets galleys, by default processes of this machine.
    """

    book: Book
    style: Style
    fonts: tuple[FontFile, ...]
    when: dt.datetime
    step: Callable[[str], None] = field(default=lambda _: None)
    paginated: Made | None = None
    sources: Callable[[], Iterable[Attachment]] = tuple
    press: Press = field(default_factory=default_press)
    executor: Executor | None = None
    beside: Path = Path("unfinished.part")
    earlier: Mapping[int, PageMap] = field(default_factory=dict)

    @property
    def typefaces(self) -> tuple[str, ...]:
        """The families that the book embeds, with their licences, for the colophon."""
        families = dict.fromkeys((font.family, font.licence) for font in self.fonts)
        return tuple(f"{family} ({licence})" for family, licence in families)


@contextmanager
def told_moment(when: dt.datetime) -> Iterator[None]:
    """SOURCE_DATE_EPOCH for the libraries that ask the environment for the moment (fontTools)."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(int(when.timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Tells as an `EditionError` that the file cannot be written (no room, no permission)."""
    try:
        yield
    except OSError as error:
        raise EditionError(f"{path}: cannot be written: {error.strerror or error}") from error


def write(order: Order, data: bytes) -> None:
    """Write an edition where its order says."""
    with writing(order.beside):
        order.beside.write_bytes(data)


def versions(*packages: str) -> str:
    """The programs that make an edition, with their versions, for the colophon.

    >>> versions("jinja2")  # doctest: +ELLIPSIS
    'Packager ... and Jinja2 ...'
    """
    names = {"weasyprint": "WeasyPrint", "ebooklib": "EbookLib", "jinja2": "Jinja2"}
    made = [f"Packager {version('packager')}"]
    made += [f"{names.get(name, name)} {version(name)}" for name in packages]
    return " and ".join(made)
