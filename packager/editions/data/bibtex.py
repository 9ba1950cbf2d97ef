"""biblatex: one `@unpublished` entry a document, as biblatex has it for talks, in UTF-8 for Biber.

Names and titles stand in double braces: neither is split, and no style changes a letter's case.
What TeX would read as a command is written as the letter's own command. `date` is EDTF, which
biblatex reads (biblatex manual, "Date and Time Specifications").
"""

from __future__ import annotations

import re

from packager.book import Book
from packager.citable import Citable, citables

_LETTERS = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{letter: f"\\{letter}" for letter in "#$%&_"},
}
"""Braces too have names: an escaped one would still be counted by the parser of .bib files."""


def write(*volumes: Book) -> bytes:
    """The book's documents as biblatex entries, in UTF-8."""
    return "\n".join(_entry(one) for one in citables(*volumes)).encode()


def escaped(text: str) -> str:
    r"""A text as TeX prints it.

    >>> escaped("Ropes & Sails: 5 % off")
    'Ropes \\& Sails: 5 \\% off'
    """
    return "".join(_LETTERS.get(letter, letter) for letter in text)


def _entry(one: Citable) -> str:
    note = f"{one.standing}. Date: {one.shown}" if one.shown else one.standing
    span = one.since if one.since == one.until else f"{one.since}/{one.until}"
    fields = {
        "author": _whole(one.speaker),
        "title": _whole(one.title),
        "type": _plain(one.kind),
        "eventtitle": _plain(one.occasion),
        "venue": _plain(one.place),
        "date": span,
        "howpublished": _plain(one.outlet),
        "url": _address(one.url),
        "urldate": one.accessed,
        "language": _plain(one.language),
        "note": _plain(note),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@unpublished{{{one.key},", *lines, "}", ""])


def _plain(text: str | None) -> str | None:
    return escaped(text) if text else None


def _whole(text: str | None) -> str | None:
    return f"{{{escaped(text)}}}" if text else None


def _address(url: str | None) -> str | None:
    """An address, which Biber takes as it stands but for braces, backslashes and blanks."""
    return re.sub(r"[{}\\\s]", lambda match: f"%{ord(match[0]):02X}", url) if url else None
