"""Speech JSON lines: every document's speech whole, in the order of the book, for Packager itself.

`packager.readers.jsonl` reads them back exactly, and the pictures that the book prints, whose bytes
stand in the lines in base64; `packager read --json` writes the same form and only names pictures.
"""

from __future__ import annotations

from packager.book import Book, Document
from packager.pictures import bytes_of
from packager.speech_json import dump_speech


def write(book: Book) -> bytes:
    """One line a document, in UTF-8."""
    return "".join(f"{_line(document)}\n" for document in book.texts).encode("utf-8", "replace")


def _line(document: Document) -> str:
    printed = {picture.sha256 for picture in document.pictures}
    return dump_speech(
        document.speech, lambda sha256: bytes_of(sha256) if sha256 in printed else None
    )
