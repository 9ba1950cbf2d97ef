"""Measures a picture or a font from its own bytes: size, kind, rights, characters.

A picture is never decoded, only its header is read; a damaged one is told by an empty kind.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from fontTools.ttLib import TTFont
from PIL import Image


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: `kind` as Pillow names it ('PNG', 'JPEG'), '' when its header is not known."""

    kind: str
    width: int
    height: int
    alpha: bool
    size: int


@dataclass(frozen=True, slots=True)
class Font:
    """A font: `kind` is 'TTF', 'OTF', 'WOFF', 'WOFF2' or '' (not readable).

    `embedding` holds the bits of OS/2 fsType that forbid (OpenType specification, OS/2).
    """

    kind: str
    embedding: int
    characters: frozenset[int]
    size: int


def measure_picture(data: bytes) -> Picture:
    """Format and size in pixels, from the header alone."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a very large picture is our finding, not a warning
            with Image.open(io.BytesIO(data)) as image:
                alpha = "A" in image.getbands() or "transparency" in image.info
                return Picture(image.format or "", image.width, image.height, alpha, len(data))
    except Exception:  # Pillow's plugins raise without a common base on damaged headers
        return Picture("", 0, 0, False, len(data))


def measure_font(data: bytes) -> Font:
    """Kind, embedding rights and character coverage of a font file."""
    try:
        with TTFont(io.BytesIO(data), lazy=True) as font:
            kind = str(font.flavor or "").upper() or ("OTF" if "CFF " in font else "TTF")
            rights = int(font["OS/2"].fsType) & 0x0302 if "OS/2" in font else 0
            covered = frozenset(int(code) for code in font.getBestCmap() or ())
            return Font(kind, rights, covered, len(data))
    except Exception:  # fontTools raises whatever a damaged table leads to
        return Font("", 0, frozenset(), len(data))
