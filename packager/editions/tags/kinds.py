"""HTML element -> structure type (ISO 32000-1 §14.8.4); what may hold text itself.

An element that is not in the table is no element of the structure: its text belongs to the
element around it.
"""

from __future__ import annotations

import unicodedata
from typing import Any

ROLES = {
    "main": "Part",
    "article": "Art",
    "section": "Sect",
    "nav": "Sect",
    "aside": "Sect",
    "div": "Div",
    "header": "Div",
    "footer": "Div",
    "hgroup": "Div",
    "details": "Div",
    "blockquote": "BlockQuote",
    "p": "P",
    "pre": "P",
    "address": "P",
    "summary": "P",
    "h1": "H1",
    "h2": "H2",
    "h3": "H3",
    "h4": "H4",
    "h5": "H5",
    "h6": "H6",
    "ol": "L",
    "ul": "L",
    "dl": "L",
    "li": "LI",
    "dt": "Lbl",
    "dd": "LBody",
    "table": "Table",
    "thead": "THead",
    "tbody": "TBody",
    "tfoot": "TFoot",
    "tr": "TR",
    "th": "TH",
    "td": "TD",
    "caption": "Caption",
    "figcaption": "Caption",
    "q": "Quote",
    "code": "Code",
}
GROUPING = frozenset({"Document", "Part", "Art", "Sect", "Div", "BlockQuote", "TOCI", "Figure"})
"""Types that hold other elements: a run of text that lies in them bare gets a P of its own."""
INLINE = frozenset({"Span", "Link", "Reference", "Quote", "Code"})
"""Types that stand in a line: they need a P as text does."""
NOTES = frozenset({"doc-footnote", "doc-endnote"})
"""Roles (DPUB-ARIA 1.1) of the elements that are notes."""
SVG = "{http://www.w3.org/2000/svg}svg"

_NUMBERINGS = {
    "disc": "Disc",
    "circle": "Circle",
    "square": "Square",
    "decimal": "Decimal",
    "decimal-leading-zero": "Decimal",
    "upper-roman": "UpperRoman",
    "lower-roman": "LowerRoman",
    "upper-alpha": "UpperAlpha",
    "lower-alpha": "LowerAlpha",
    "upper-latin": "UpperAlpha",
    "lower-latin": "LowerAlpha",
}


def numbering(style_type: object, marker: str | None) -> str:
    """ListNumbering (ISO 32000-1 table 347) of a list by its CSS, else by the marker that the
    text itself prints before its first item.

    >>> numbering("lower-roman", None), numbering("none", "3."), numbering("none", "–")
    ('LowerRoman', 'Decimal', 'Disc')
    >>> numbering("none", None)
    'None'
    """
    if isinstance(style_type, str) and style_type in _NUMBERINGS:
        return _NUMBERINGS[style_type]
    letters = "".join(filter(str.isalnum, marker or ""))
    if not letters:
        return "Disc" if marker else "None"
    if letters.isdecimal():
        return "Decimal"
    roman = set(letters.lower()) <= set("ivxlc") and (len(letters) > 1 or letters.lower() == "i")
    kind = "Roman" if roman else "Alpha"
    return f"{'Upper' if letters.isupper() else 'Lower'}{kind}"


def is_rtl_text(text: str) -> bool:
    """True for text with a letter that is written from right to left: the page holds such
    letters in the order of the eye.

    >>> is_rtl_text("שלום"), is_rtl_text("peace")
    (True, False)
    """
    return not text.isascii() and any(
        unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in text
    )


def alternative(element: Any) -> str | None:
    """The words for a picture: its alt text, label or title; empty for a mere ornament."""
    if element.get("role") in ("presentation", "none") or element.get("aria-hidden") == "true":
        return ""
    for name in ("alt", "aria-label", "title"):
        if (words := element.get(name)) is not None:
            return " ".join(words.split())
    title = element.find("{http://www.w3.org/2000/svg}title")
    return None if title is None else " ".join((title.text or "").split())
