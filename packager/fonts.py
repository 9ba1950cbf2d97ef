"""The font files of one book: found, made static, cut down to the letters that the book uses.

Variable fonts become one static file a face, since two faces in one file make engines mix up
letters; every edition of a book embeds the same files. A face after the first family is a
fallback, carries only what the faces before it lack, and is as high above and below the line as
the text face, so that a letter of it moves no line.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import fontTools
from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from packager.cache import cached
from packager.errors import StyleError
from packager.findings import Report
from packager.style import Face, Style

_SYSTEM_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "~/Library/Fonts",
    "C:/Windows/Fonts",
)
_FEATURES = [
    *subset.Options._layout_features_default,
    "smcp", "c2sc", "onum", "lnum", "pnum", "tnum", "case", "locl",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FontFile:
    """One embedded font: how CSS names it, its file name, its bytes, what it is under."""

    family: str
    weight: int
    style: str
    name: str
    data: bytes
    licence: str

    def css(self, folder: str) -> str:
        """The @font-face rule (CSS Fonts 4 §4.1) for the file in a folder, named as CSS sees it."""
        return (
            f'@font-face {{ font-family: "{self.family}"; font-weight: {self.weight}; '
            f"font-style: {self.style}; src: url({folder}/{self.name}) }}\n"
        )


def prepare_fonts(style: Style, text: Iterable[str], report: Report) -> tuple[FontFile, ...]:
    """The fonts of a style, subset to the letters of `text`.

    Letters that no face has are told once, with the package to install where one is known.
    """
    letters = {char for piece in text for char in piece if not char.isspace()}
    letters |= set(" \u00a0-\u2010") | set(map(chr, range(0x21, 0x7F)))
    first = style.faces[0].family if style.faces else ""
    covered: set[str] = set()
    files: list[FontFile] = []
    absent: list[Face] = []
    height: Height | None = None
    for face in style.faces:
        wanted = letters if face.family == first else letters - covered
        if not wanted:
            continue
        found = _locate(face)
        if found is None:
            absent.append(face)
            continue
        data = found.read_bytes()
        font = _open(face, found.name, data)
        known = {chr(code) for code in font.getBestCmap()} & wanted
        if not known:
            continue
        covered |= known
        height = height or _height(font)
        files.append(_file(face, font, data, known, height))
    _tell_missing(letters - covered, absent, report)
    return tuple(files)


def _tell_missing(missing: set[str], absent: list[Face], report: Report) -> None:
    printable = sorted(char for char in missing if char.isprintable())
    if not printable:
        return
    remedies = [face.install for face in absent if face.install]
    shown = " ".join(f"{char} (U+{ord(char):04X})" for char in printable[:8])
    more = f" and {len(printable) - 8} more" if len(printable) > 8 else ""
    report.warn(
        "letters-without-font",
        "style",
        f"no font of the style has {shown}{more}; the reader's own font will be used",
        f"install it with '{remedies[0]}'" if remedies else "add a [[font]] to a style of your own",
    )


def _locate(face: Face) -> Path | None:
    """The file of a face; None for a system font that is not installed."""
    if face.package:
        spec = find_spec(face.package)
        if spec is None or not spec.origin:
            raise StyleError(
                f"the font package '{face.package}' is not installed",
                hint=f"pip install {face.package.replace('_', '-')}",
            )
        path = Path(spec.origin).parent / (face.file or "")
        if not path.is_file():
            raise StyleError(f"{face.package} has no file '{face.file}'")
        return path
    for folder in _SYSTEM_FOLDERS:
        for root, _, names in os.walk(os.path.expanduser(folder)):
            if face.system in names:
                return Path(root) / str(face.system)
    return None


def _open(face: Face, name: str, data: bytes) -> TTFont:
    """The font of a file, or the one that `face` names in a collection."""
    if not data.startswith(b"ttcf"):
        return TTFont(io.BytesIO(data), lazy=True, recalcTimestamp=False)
    for font in TTCollection(io.BytesIO(data), lazy=True).fonts:
        if face.face in (None, font["name"].getBestFamilyName()):
            return font
    raise StyleError(f"{name}: the collection has no font '{face.face}'")


Height = tuple[float, float, float]
"""What a face takes above and below the line, and between lines, in em."""


def _height(font: TTFont) -> Height:
    table, em = font["hhea"], font["head"].unitsPerEm
    return table.ascent / em, table.descent / em, table.lineGap / em


def _set_height(font: TTFont, height: Height) -> None:
    """Give a face the height of another (hhea and OS/2, which of them a program asks is its own
    affair)."""
    above, below, gap = (round(part * font["head"].unitsPerEm) for part in height)
    if (above, below, gap) == (font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap):
        return
    font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = above, below, gap
    table = font["OS/2"]
    table.sTypoAscender, table.sTypoDescender, table.sTypoLineGap = above, below, gap
    table.usWinAscent, table.usWinDescent = above, -below


def _file(face: Face, font: TTFont, data: bytes, letters: set[str], height: Height) -> FontFile:
    """The face cut to `letters`; working it out takes seconds, so it is kept in the cache."""
    key = [
        f"fonttools={fontTools.version}",
        f"font=sha256:{hashlib.sha256(data).hexdigest()}",
        f"face={face.face} weight={face.weight} style={face.style}",
        *(f"axis {tag}={value:g}" for tag, value in face.axes),
        f"features={','.join(_FEATURES)}",
        f"height={height}",
        f"letters={''.join(sorted(letters))}",
    ]
    cut = cached(key, lambda: _subset(face, font, letters, height))
    outlines = "otf" if cut.startswith(b"OTTO") else "ttf"
    weight = {400: "Regular", 600: "SemiBold", 700: "Bold"}.get(face.weight, str(face.weight))
    form = (weight + face.style.title()).replace("Normal", "").replace("RegularItalic", "Italic")
    name = f"{face.family.replace(' ', '')}-{form}.{outlines}"
    return FontFile(face.family, face.weight, face.style, name, cut, face.licence)


def _subset(face: Face, font: TTFont, letters: set[str], height: Height) -> bytes:
    options = subset.Options()
    options.layout_features = _FEATURES
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.hinting = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted(ord(char) for char in letters))
    cutter.subset(font)
    if "fvar" in font:  # after the cut, so that only the letters of the book are worked out
        limits = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}
        font = instantiateVariableFont(font, limits | dict(face.axes), inplace=True)
        font["OS/2"].usWeightClass = face.weight
    _set_height(font, height)
    return _bytes(font)


def _bytes(font: TTFont) -> bytes:
    """The font as a file with no trace of when it was made."""
    font.recalcTimestamp = False  # a font out of a collection has it set
    font["head"].modified = font["head"].created
    out = io.BytesIO()
    font.save(out, reorderTables=True)
    return out.getvalue()
