"""JSON-LD in the words of schema.org: the book, and one `CreativeWork` a document.

The saved page that a document was read from is a `MediaObject` with its address, SHA-256 and
day of capture; schema.org has no date of access of its own. The speaker is text, because no page
says whether it is a person or a body; names.toml does, with the addresses of an authority file.
"""

from __future__ import annotations

import json

from packager.book import Book, Document
from packager.citable import Citable, citables
from packager.editions.data.catalogued import is_address


def write(*volumes: Book) -> bytes:
    """The book, or its volumes, and their documents as one JSON-LD graph, in UTF-8.

    `<` is written as an escape, so that the whole may stand in a page's script element.
    """
    found = citables(*volumes)
    graph = []
    for volume in volumes:
        graph.append(_book(volume))
        graph += (_document(next(found), one, volume) for one in volume.texts)
    whole = {"@context": "https://schema.org", "@graph": graph}
    text = json.dumps(whole, ensure_ascii=False, indent=2).replace("<", "\\u003c")
    return (text + "\n").encode("utf-8", "replace")


def _book(book: Book) -> dict[str, object]:
    meta = book.meta
    return _known(
        {
            "@type": "Book",
            "@id": meta.urn,
            "name": meta.title,
            "alternativeHeadline": meta.subtitle,
            "inLanguage": meta.language,
            "editor": list(meta.editors) or None,
            "publisher": meta.publisher,
            "datePublished": meta.date,
            "isPartOf": _named("BookSeries", meta.collection),
            "position": meta.volume or None,
        }
    )


def _document(one: Citable, document: Document, book: Book) -> dict[str, object]:
    page: dict[str, object] = {
        "@type": "MediaObject",
        "name": document.speech.provenance.path,
        "url": one.url,
        "sha256": document.speech.provenance.sha256,
        "dateCreated": one.accessed,
    }
    return _known(
        {
            "@type": "CreativeWork",
            "@id": f"{book.meta.urn}#{document.anchor}",
            "identifier": one.key,
            "name": one.title,
            "author": _speaker(document) or one.speaker,
            "genre": one.kind,
            "recordedAt": _named("Event", one.occasion),
            "locationCreated": _named("Place", one.place),
            "dateCreated": one.since if one.since == one.until else None,
            "temporal": one.shown,
            "publisher": _named("Organization", one.outlet),
            "url": one.url,
            "inLanguage": one.language,
            "position": one.number,
            "isPartOf": {"@id": book.meta.urn},
            "isBasedOn": _known(page),
        }
    )


def _speaker(document: Document) -> dict[str, object] | None:
    """The speaker as an authority file has it, which says whether it is a person or a body."""
    if (known := document.authority) is None:
        return None
    kind = {"person": "Person", "organisation": "Organization"}.get(known.kind, "Thing")
    same = [one for one in known.addresses if is_address(one)]
    speaker = document.speech.speaker
    said: dict[str, object] = {"@type": kind, "name": speaker, "sameAs": same or None}
    return _known(said | {"alternateName": known.heading if known.heading != speaker else None})


def _named(kind: str, name: str | None) -> dict[str, str] | None:
    return {"@type": kind, "name": name} if name else None


def _known(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}
