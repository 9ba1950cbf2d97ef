"""Screen colours as inks: neutral ones as black alone, all others by the press's ICC profile.

No more ink than the preset allows is ever laid on one place: cyan, magenta and yellow give way,
black stays.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageChops, ImageCms, ImageMath

from packager.preset import Preset

Ink = tuple[float, float, float, float]
"""Cyan, magenta, yellow, black, each from 0 to 1."""

BLACK: Ink = (0, 0, 0, 1)
NEUTRAL = 1 / 255
"""Red, green and blue this near to each other are a grey."""
LIGHT = 0.15
"""Text of less black than this stands on a dark ground and keeps its lightness."""


@dataclass(frozen=True)
class Inks:
    """The way from sRGB to one press."""

    transform: ImageCms.ImageCmsTransform
    limit: float
    profile: bytes

    def of_colour(self, colour: Sequence[float]) -> Ink:
        """The inks of a colour: one number is a grey, three are sRGB, four are inks already."""
        parts = [min(1.0, max(0.0, float(part))) for part in colour]
        if len(parts) == 4:
            return parts[0], parts[1], parts[2], parts[3]
        if max(parts) - min(parts) < NEUTRAL:
            return 0, 0, 0, round(1 - sum(parts) / len(parts), 4)
        pixel = Image.new("RGB", (1, 1), tuple(round(255 * part) for part in parts))
        made: Any = self.of_picture(pixel).getpixel((0, 0))
        cyan, magenta, yellow, black = (round(ink / 255, 2) for ink in made)
        return cyan, magenta, yellow, black

    def of_picture(self, picture: Image.Image, source: bytes | None = None) -> Image.Image:
        """A picture in inks, or in grey (mode L) where it has no colour.

        `source` is the ICC profile of its numbers; without one they are sRGB.
        """
        if picture.mode in ("1", "L", "CMYK"):
            return picture if picture.mode != "CMYK" else self._limited(picture)
        picture = picture.convert("RGB")
        if _is_grey(picture):
            return picture.getchannel(0)
        transform = self.transform
        if source:
            with suppress(ImageCms.PyCMSError, OSError):  # a damaged profile is none
                transform = _transform(source, self.profile)
        made = ImageCms.applyTransform(picture, transform)
        assert made is not None  # only an in-place transform gives nothing
        return self._limited(made)

    def _limited(self, picture: Image.Image) -> Image.Image:
        """The picture with no more ink than the limit anywhere."""
        most = self.limit * 2.55
        cyan, magenta, yellow, black = picture.split()

        def less(ink: Image.Image) -> Image.Image:
            made: Image.Image = ImageMath.lambda_eval(
                lambda a: a["convert"](
                    a["min"](
                        a["ink"],
                        a["ink"] * (most - a["k"]) / a["max"](a["c"] + a["m"] + a["y"], 1),
                    ),
                    "L",
                ),
                ink=ink.convert("F"),
                c=cyan.convert("F"),
                m=magenta.convert("F"),
                y=yellow.convert("F"),
                k=black.convert("F"),
            )
            return made

        return Image.merge("CMYK", (less(cyan), less(magenta), less(yellow), black))


def inks_of(preset: Preset) -> Inks:
    """The inks of a printer's preset."""
    profile = preset.profile.read_bytes()
    return Inks(_transform(None, profile), preset.ink, profile)


def text_ink(ink: Ink) -> Ink:
    """What text is printed in: black alone, or a light tint of it where it stands on dark."""
    cyan, magenta, yellow, black = ink
    dark = min(1.0, black + 0.3 * cyan + 0.59 * magenta + 0.11 * yellow)
    return (0, 0, 0, round(dark, 4)) if dark < LIGHT else BLACK


def css_ink(ink: Ink) -> str:
    """The inks as CSS writes them (CSS Color 5 §14).

    >>> css_ink((1, 0.8, 0.2, 0.35))
    'device-cmyk(1 0.8 0.2 0.35)'
    """
    return f"device-cmyk({' '.join(f'{part:g}' for part in ink)})"


def _transform(source: bytes | None, target: bytes) -> ImageCms.ImageCmsTransform:
    """Perceptual, with black point compensation."""
    of = io.BytesIO(source) if source else ImageCms.createProfile("sRGB")
    return ImageCms.buildTransform(
        ImageCms.getOpenProfile(of) if isinstance(of, io.BytesIO) else of,
        ImageCms.getOpenProfile(io.BytesIO(target)),
        "RGB",
        "CMYK",
        ImageCms.Intent.PERCEPTUAL,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _is_grey(picture: Image.Image) -> bool:
    red, green, blue = picture.split()
    pairs = ((red, green), (green, blue))
    return all(ImageChops.difference(*pair).getextrema() == (0, 0) for pair in pairs)
