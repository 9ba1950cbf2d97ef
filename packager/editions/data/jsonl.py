"""Speech JSON lines: every document's speech whole, in the order of the book, for Packager itself.

`packager.readers.jsonl` reads them back exactly; `packager read --json` writes the same form.
"""

from __future__ import annotations

from packager.book import Book
from packager.speech_json import dump_speech


def write(book: Book) -> bytes:
    """One line a document, in UTF-8."""
    lines = (dump_speech(document.speech) + "\n" for document in book.texts)
    return "".join(lines).encode("utf-8", "replace")
