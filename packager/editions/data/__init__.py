"""Data: a book as citations, tables and texts for other programs; this table.

    csl       CSL-JSON, for Zotero, pandoc and citation processors
    bibtex    biblatex entries
    ris       RIS records
    jsonld    schema.org in JSON-LD
    jsonl     Speech JSON lines, which Packager reads back exactly
    markdown  Markdown files with front matter, in a ZIP file

Each form is a function of a `Book` that gives the bytes of one file, the same every time.
"""

from __future__ import annotations

from collections.abc import Callable

from packager.book import Book
from packager.editions.data import bibtex, csl, jsonl, jsonld, markdown, ris

FORMS: dict[str, tuple[Callable[[Book], bytes], str]] = {
    "csl": (csl.write, ".csl.json"),
    "bibtex": (bibtex.write, ".bib"),
    "ris": (ris.write, ".ris"),
    "jsonld": (jsonld.write, ".jsonld"),
    "jsonl": (jsonl.write, ".jsonl"),
    "markdown": (markdown.write, ".md.zip"),
}
"""The name of a form -> the function that makes it, the ending of its file."""
