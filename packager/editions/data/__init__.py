"""Data: a book as citations, tables and texts for other programs; this table.

    chicago, mla, apa   citations of the documents in this book, as text
    csl       CSL-JSON, for Zotero, pandoc and citation processors
    bibtex    biblatex entries
    ris       RIS records
    jsonld    schema.org in JSON-LD
    jsonl     Speech JSON lines, which Packager reads back exactly
    markdown  Markdown files with front matter, in a ZIP file
    tei       TEI P5, a header and a text a document
    onix      ONIX 3.0, a product an edition with ISBN, for booksellers
    marc, marcxml   MARC 21, for libraries
    dc        Dublin Core in XML, for repositories
    opds, opds2     a feed of the editions that are built (OPDS 1.2 and 2.0), for reading apps

Each form is a function that gives the bytes of one file, the same every time: of a `Book`; of all
its volumes, where records name the volume; for feeds, of the files too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from packager import citation
from packager.book import Book
from packager.editions.data import (
    bibtex,
    cited,
    csl,
    dublincore,
    jsonl,
    jsonld,
    marc,
    markdown,
    onix,
    opds,
    ris,
    tei,
)

FORMS: dict[str, tuple[Callable[..., bytes], str]] = {
    **{form: (partial(cited.write, form=form), f".{form}.txt") for form in citation.FORMS},
    "csl": (csl.write, ".csl.json"),
    "bibtex": (bibtex.write, ".bib"),
    "ris": (ris.write, ".ris"),
    "jsonld": (jsonld.write, ".jsonld"),
    "jsonl": (jsonl.write, ".jsonl"),
    "markdown": (markdown.write, ".md.zip"),
    "tei": (tei.write, ".tei.xml"),
    "onix": (onix.write, ".onix.xml"),
    "marc": (marc.write, ".mrc"),
    "marcxml": (marc.write_xml, ".marc.xml"),
    "dc": (dublincore.write, ".dc.xml"),
}
"""The name of a form -> the function that makes it, the ending of its file."""

WHOLE = ("jsonl", "markdown", "tei")
"""The forms that have the texts, and do not ask in which volume one stands."""

FEEDS: dict[str, tuple[Callable[[Book, opds.Shelf, str], bytes], str]] = {
    "opds": (opds.write, ".opds.xml"),
    "opds2": (opds.write_json, ".opds.json"),
}
"""The forms that also list the files that are built."""
