"""Readers: one a source form; these tables, and `sniff`, which finds the reader for a page.

    json        our own Speech JSON lines
    bundestag   minutes of the German Bundestag, official XML
    hansard     historic UK Hansard, XML
    parlamint   ParlaMint corpora of parliaments, TEI
    frus        documents of FRUS, TEI
    tei         other TEI: letters, speeches, plays
    table       CSV, TSV, JSON, JSON lines, Parquet
    kcnawatch   article pages of KCNA Watch and sites of its form, saved as text or HTML
    kcna        pages of KCNA's own sites, by era
    article     any other saved page, by its site's profile or by what it shows
    markdown    Markdown with front matter
    text        plain text, with or without a small header

Containers hold pages that go through `sniff` in their turn: web archives (WARC, ARC, WACZ),
MHTML, packed files and folders (zip, gz, zst).

A third party adds a form through an entry point of the group `packager.readers` that names a
module with `recognise(text) -> str | None` and `read(source, report) -> Iterator[Speech]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import entry_points
from pathlib import PurePath
from typing import Any, cast

from packager.findings import Report
from packager.readers import (
    article,
    bundestag,
    collection_text,
    frus,
    hansard,
    jsonl,
    kcna,
    kcnawatch,
    markdown,
    mhtml,
    packed,
    parlamint,
    table,
    tei,
    text,
    wacz,
    warc,
)
from packager.readers.source import Source
from packager.readers.table_rows import LINES
from packager.speech import Speech

Reader = Callable[[Source, Report], Iterator[Speech]]
Container = Callable[[Source, Report], Iterator[Source]]

BY_HEAD: dict[str, tuple[Callable[[bytes], str | None], Reader]] = {
    "json": (jsonl.recognise, jsonl.read),
    "bundestag": (bundestag.recognise, bundestag.read),
    "hansard": (hansard.recognise, hansard.read),
    "parlamint": (parlamint.recognise, parlamint.read),
    "frus": (frus.recognise, frus.read),
    "tei": (tei.recognise, tei.read),
}
"""Forms that are known by their first bytes and read in a stream, however long the file."""

READERS: dict[str, Reader] = {
    **{name: reader for name, (_, reader) in BY_HEAD.items()},
    "table": table.read,
    "kcnawatch": kcnawatch.read,
    "kcna": kcna.read,
    "article": article.read,
    "markdown": markdown.read,
    "text": collection_text.read,
}

CONTAINERS: dict[str, tuple[Callable[[bytes], str | None], Container]] = {
    "warc": (warc.recognise, warc.read),
    "wacz": (wacz.recognise, wacz.read),
    "zip": (packed.recognise_zip, packed.read_zip),
    "packed": (packed.recognise, packed.read),
    "mhtml": (mhtml.recognise, mhtml.read),
}
"""The name of a container form -> what recognises its first bytes, and what takes the pages out
of it one by one."""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """Which reader a file gets, and why."""

    reader: str
    why: str


def sniff(source: Source) -> Sniffed | None:
    """The reader for a file, from its bytes first and its name second; None where none fits.

    >>> from packager.readers.source import Source
    >>> from pathlib import Path, PurePath
    >>> sniff(Source(Path("README.md"), "README.md")).reader  # doctest: +SKIP
    'markdown'
    """
    if found := _by_head(source.head, source.name):
        return found
    words = source.decoded.text
    for name, module in _third_parties().items():
        if why := module.recognise(words):
            return Sniffed(name, why)
    if why := kcnawatch.recognise(words):
        return Sniffed("kcnawatch", why)
    if why := kcna.recognise(words):
        return Sniffed("kcna", why)
    if why := markdown.recognise(words):
        return Sniffed("markdown", why)
    suffix = PurePath(source.name).suffix.lower()
    if suffix in (".md", ".markdown"):
        return Sniffed("markdown", f"its name ends in {suffix}")
    markup = suffix in (".html", ".htm", ".xhtml", ".xml", ".shtml", ".php", ".asp", ".aspx")
    if (markup or words.lstrip()[:64].lower().startswith(_MARKUP)) and suffix != ".txt":
        why = article.recognise(words)
        return Sniffed("article", why) if why else None
    if suffix in (".json", ".csv", ".tsv"):
        return None
    if why := text.recognise(words):
        return Sniffed("text", why)
    return None


def reader_of(name: str) -> Reader:
    """The reader of that name, ours or a third party's."""
    return READERS.get(name) or cast(Reader, _third_parties()[name].read)


def is_streamed(source: Source) -> bool:
    """True for forms whose files may be longer than a page: they are never held whole."""
    try:
        return _by_head(source.head, source.name) is not None
    except OSError:  # told by `refused`
        return False


@lru_cache(maxsize=1)
def _by_head(head: bytes, name: str) -> Sniffed | None:
    """The reader of a streamed form; kept, as a page is asked for it more than once."""
    for reader, (recognises, _) in BY_HEAD.items():
        if why := recognises(head):
            return Sniffed(reader, why)
    if why := table.recognise(head, name):
        if name.lower().endswith(LINES) and (ours := jsonl.recognise_later(head)):
            return Sniffed("json", ours)
        return Sniffed("table", why)
    return None


_MARKUP = ("<!doctype", "<html", "<?xml", "<head", "<!--")


@cache
def _third_parties() -> dict[str, Any]:
    """Readers that installed packages declare; ours cannot be replaced. Looked for once: a search
    through what is installed takes longer than the reading of a page."""
    return {
        point.name: point.load()
        for point in entry_points(group="packager.readers")
        if point.name not in READERS
    }
