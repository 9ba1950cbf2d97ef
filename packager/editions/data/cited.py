"""Citations as text: one paragraph a document, in Chicago, MLA or APA, as the book prints them."""

from __future__ import annotations

from packager.book import Book
from packager.citation import cited, citer


def write(*volumes: Book, form: str) -> bytes:
    """The citations of the book's documents in one of `citation.FORMS`, in UTF-8.

    Raises `MissingToolError` where the extra `citations` is not installed.
    """
    said: list[str] = []
    for volume in volumes:
        cite = citer(form, volume.meta, volume.year)
        said += (f"{cited(cite(document))}\n" for document in volume.texts)
    return "\n".join(said).encode()
