"""Citations as text: one paragraph a document, in Chicago, MLA or APA, as the book prints them."""

from __future__ import annotations

from packager.book import Book
from packager.citation import cited, citer


def write(book: Book, *, form: str) -> bytes:
    """The citations of the book's documents in one of `citation.FORMS`, in UTF-8.

    Raises `MissingToolError` where the extra `citations` is not installed.
    """
    cite = citer(form, book.meta, book.day[:4])
    return "\n".join(f"{cited(cite(document))}\n" for document in book.texts).encode()
