"""The bytes of pictures: measured, and kept in the cache under their digest.

A `Picture` of a speech says where its bytes were saved and which they are; a book of thousands of
pictures is not held in memory. Accepts JPEG, PNG, GIF, WebP, AVIF, BMP and TIFF up to `LIMIT`
bytes and `PIXELS`; refuses what is damaged at its head, and SVG, which may run and fetch.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from dataclasses import dataclass

from PIL import Image

from packager.cache import in_cache, keep

LIMIT = 24 * 1024 * 1024
"""Bytes of one picture; photographs in the pages of archives have some hundred thousand."""
PIXELS = 60_000_000
"""Pixels of one picture, which take 240 MB when it is unpacked; cameras of today have half."""
MEDIA = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
}
FORMATS = tuple(name for name in MEDIA if name != "MPO")  # which is a kind of JPEG
"""What Pillow is asked to try, of the many forms that it knows."""
FAULTS = (OSError, ValueError, SyntaxError, EOFError, OverflowError, Image.DecompressionBombError)
"""What Pillow raises for bytes that are damaged or meant to harm."""
_SVG = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*|<!--.{0,4000}?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg\b", re.S | re.I
)
_TURNED = (5, 6, 7, 8)
"""Orientations in which a picture lies on its side (Exif 2.3, tag 274)."""


@dataclass(frozen=True, slots=True)
class Size:
    """What the head of a picture says: its media type, its pixels as it is shown."""

    media_type: str
    width: int
    height: int


def measured(data: bytes) -> Size | str:
    """The size of a picture, or why it is none that a book can hold.

    >>> measured(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    'drawn as SVG, which may run and fetch'
    """
    if len(data) > LIMIT:
        return f"of more than {LIMIT / 1e6:.0f} MB"
    if _SVG.match(data[:8192]):
        return "drawn as SVG, which may run and fetch"
    try:
        with opened(data) as image:
            width, height = image.size
            kind = MEDIA[image.format or ""]
            if width * height > PIXELS:
                return f"of too many pixels; the limit is {PIXELS:,}"
            turned = image.getexif().get(274) in _TURNED
    except Image.DecompressionBombError:  # of more than twice what Pillow warns of
        return f"of too many pixels; the limit is {PIXELS:,}"
    except FAULTS:
        return "damaged, or of a form that is not known"
    return Size(kind, height, width) if turned else Size(kind, width, height)


def opened(data: bytes) -> Image.Image:
    """A picture of a known form, of which only the head is read yet. Raises one of `FAULTS`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a large one: `measured` refuses it
        return Image.open(io.BytesIO(data), formats=FORMATS)


def kept(data: bytes) -> str:
    """Keep the bytes of a picture; their SHA-256, by which `bytes_of` gives them back."""
    digest = hashlib.sha256(data).hexdigest()
    if bytes_of(digest) is None:
        keep(_key(digest), data)
    return digest


def bytes_of(sha256: str) -> bytes | None:
    """The bytes of a picture that was kept; None where the cache does not hold them."""
    return in_cache(_key(sha256))


def _key(sha256: str) -> tuple[str, ...]:
    return ("picture=1", f"sha256={sha256}")
