"""Glyphs and the text that they stand for: what programs read off a run, and what they are told.

A font says for each glyph which letters it stands for (ToUnicode), once for the whole file. That
is wrong for signs that are drawn in another order than they are written, for glyphs of several
meanings and for a hyphen of the text that looks like one of the layout.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pydyf

from packager.editions.tags.kinds import is_rtl_text
from packager.editions.tags.marks import Mark

Fonts = Mapping[str, Mapping[int, str]]
"""The letters by font and glyph."""
HYPHEN = "\u2010"
"""What WeasyPrint draws where it breaks a word; `finish` makes it soft."""
_SHOWN = re.compile(rb"<([0-9a-fA-F]*)>")
_UNSEEN = dict.fromkeys(
    map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e")
) | dict.fromkeys(range(0x2066, 0x206A))


@dataclass(frozen=True, slots=True)
class Piece:
    """Glyphs of a run in one font: the operands from the font to the last glyph, the letters that
    the font has for them."""

    first: int
    last: int
    letters: str


def pieces(mark: Mark, fonts: Fonts) -> list[Piece]:
    """The glyphs of a run, font by font, in the order in which they are drawn."""
    found: list[Piece] = []
    stream = mark.stream.stream
    for at in range(mark.at + 3, len(stream)):
        operand = stream[at]
        if operand == b"EMC":
            break
        if isinstance(operand, bytes) and operand.endswith(b" Tf"):
            known = fonts.get(operand[1:].split()[0].decode(), {})
            found.append(Piece(at, at, ""))
        elif isinstance(operand, bytes) and operand.endswith(b"] TJ") and found:
            letters = found[-1].letters + "".join(
                known.get(int(codes[n : n + 4], 16)) or "\ufffd"  # the second glyph of a sign
                for codes in _SHOWN.findall(operand)
                for n in range(0, len(codes), 4)
            )
            found[-1] = Piece(found[-1].first, at, letters)
    return found


def reads_otherwise(text: str, found: Sequence[Piece]) -> bool:
    """True for text that a program cannot read off the letters of its glyphs."""
    letters = "".join(piece.letters for piece in found)
    if is_rtl_text(text) or not _is_plain(text):
        return True
    return "".join(text.translate(_UNSEEN).split()) != "".join(letters.translate(_UNSEEN).split())


def _is_plain(letters: str, *, last: bool = True) -> bool:
    """False for signs that fonts draw out of order or join, for letters of private use (ISO
    19005-3 §6.2.11.7.3) and for hyphens but at a line's end."""
    if letters.isascii():
        return True
    return HYPHEN not in (letters[:-1] if last else letters) and not any(
        letter == "\ufffd" or unicodedata.category(letter) in ("Co", "Mc", "Mn")
        for letter in letters
    )


def say(mark: Mark, found: Sequence[Piece], text: str) -> None:
    """Tell the text of the pieces that do not read as it (ActualText, ISO 32000-1 §14.9.4).

    PDFium takes the place of such text from its first font alone, so each font has its own; a
    space of another font goes with what stands before it, for PDFium overlooks some that stand
    alone.
    """
    at, open_pieces = 0, list[Piece]()
    for n, piece in enumerate(found):
        plain = _is_plain(piece.letters, last=n == len(found) - 1)
        start = _place(text, piece.letters, at, open_pieces) if plain else -1
        if start < 0:
            open_pieces.append(piece)
            continue
        end = start + len(piece.letters)
        if piece.letters.isspace() and open_pieces:
            open_pieces.append(piece)
            start = end
        _span(mark, open_pieces, text[at:start])
        at, open_pieces = end, []
    _span(mark, open_pieces, soft(text[at:]))


def _place(text: str, letters: str, at: int, before: Sequence[Piece]) -> int:
    """Where in the text a piece stands that follows others which begin at `at` and hold as many
    spaces as the text between; -1 where it cannot be said."""
    if not before:
        return at if text.startswith(letters, at) else -1
    spaces = sum(piece.letters.count(" ") for piece in before)
    start = text.find(letters, at + 1)
    while start >= 0 and text.count(" ", at, start) < spaces:
        start = text.find(letters, start + 1)
    return start if text.count(" ", at, max(start, at)) == spaces else -1


def soft(text: str) -> str:
    """Text of a line, the hyphen that the layout made at its end soft."""
    return f"{text[:-1]}\u00ad" if text.endswith(HYPHEN) else text


def _span(mark: Mark, found: Sequence[Piece], text: str) -> None:
    if found:
        stream = mark.stream.stream
        said = pydyf.Dictionary({"ActualText": pydyf.String(text)}).data
        stream[found[0].first] = b"/Span " + said + b" BDC\n" + stream[found[0].first]
        stream[found[-1].last] += b"\nEMC"
