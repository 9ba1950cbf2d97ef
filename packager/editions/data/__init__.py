"""Data: a book as citations, tables and texts for other programs; this table.

    chicago, mla, apa   citations of the documents in this book, as text
    csl       CSL-JSON, for Zotero, pandoc and citation processors
    bibtex    biblatex entries
    ris       RIS records
    jsonld    schema.org in JSON-LD
    jsonl     Speech JSON lines, which Packager reads back exactly
    markdown  Markdown files with front matter, in a ZIP file
    tei       TEI P5, a header and a text a document

Each form is a function of a `Book` that gives the bytes of one file, the same every time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from packager import citation
from packager.book import Book
from packager.editions.data import bibtex, cited, csl, jsonl, jsonld, markdown, ris, tei

FORMS: dict[str, tuple[Callable[[Book], bytes], str]] = {
    **{form: (partial(cited.write, form=form), f".{form}.txt") for form in citation.FORMS},
    "csl": (csl.write, ".csl.json"),
    "bibtex": (bibtex.write, ".bib"),
    "ris": (ris.write, ".ris"),
    "jsonld": (jsonld.write, ".jsonld"),
    "jsonl": (jsonl.write, ".jsonl"),
    "markdown": (markdown.write, ".md.zip"),
    "tei": (tei.write, ".tei.xml"),
}
"""The name of a form -> the function that makes it, the ending of its file."""
