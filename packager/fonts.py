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
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

import fontTools
from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont, TTLibError
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
_SPACES = frozenset(" \u00a0\u2003")
"""In every file: a space of another face than the words around it splits a line into runs."""
_ALONG = _SPACES | frozenset(".,:;!?\"'…·-–—")
_FEATURES = [
    *subset.Options._layout_features_default,
    "smcp", "c2sc", "onum", "lnum", "pnum", "tnum", "case", "locl",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FontFile:
    """One embedded font: how CSS names it, its file name, its bytes, what it is under, the
    languages of the book that it sets before all others."""

    family: str
    weight: int
    style: str
    name: str
    data: bytes
    licence: str
    lang: tuple[str, ...] = ()

    def css(self, folder: str) -> str:
        """The @font-face rule (CSS Fonts 4 §4.1) for the file in a folder, named as CSS sees it."""
        return (
            f'@font-face {{ font-family: "{self.family}"; font-weight: {self.weight}; '
            f"font-style: {self.style}; src: url({folder}/{self.name}) }}\n"
        )


def font_css(fonts: Iterable[FontFile], folder: str, language: str) -> str:
    """The rules for the fonts of a book in this language: where each file lies, which families
    set the book and which go first in the languages of a script.

    >>> font = FontFile("Book Kufi", 400, "normal", "kufi.ttf", b"", "OFL", ("ar",))
    >>> print(font_css([font], "../fonts", "en").split("\\n", 1)[1], end="")
    html { font-family: "Book Kufi", serif }
    body [lang="ar"] { font-family: "Book Kufi", serif }
    """
    fonts = tuple(fonts)
    families = list(dict.fromkeys(font.family for font in fonts))
    scripts = {tag: font.family for font in fonts for tag in font.lang}
    own = scripts.get(language)

    def rule(selector: str, first: str | None) -> str:
        names = dict.fromkeys([*([first] if first else []), *families])
        listed = ", ".join(f'"{name}"' for name in names)
        return f"{selector} {{ font-family: {listed}, serif }}\n"

    if not families:
        return ""
    rules = [font.css(folder) for font in fonts] + [rule("html", own)]
    if own:  # what stands in it in another language is set as that language is
        rules.append(rule("body [lang]", None))
    rules += [rule(f'body [lang="{tag}"]', scripts[tag]) for tag in sorted(scripts)]
    return "".join(rules)


def speaks(language: str, tag: str) -> bool:
    """True for a language that a tag covers (BCP 47, RFC 4647 §3.3.1).

    >>> speaks("zh-Hant-TW", "zh-Hant"), speaks("zho", "zh")
    (True, False)
    """
    return f"{language}-".lower().startswith(f"{tag}-".lower())


def prepare_fonts(
    style: Style, text: Iterable[str], report: Report, *, languages: Iterable[str] = ()
) -> tuple[FontFile, ...]:
    """The fonts of a style, subset to the letters of `text`, which is in these languages.

    Letters that no face has are told once, with the package to install where one is known.
    """
    letters = {char for piece in text for char in piece}
    letters |= _SPACES | {"\u2010"} | set(map(chr, range(0x21, 0x7F)))
    found, lacking, absent = _cut_to(letters, style.faces, _spoken(style.faces, languages))
    _tell_missing(lacking, absent, report)
    return tuple(found[face] for face in style.faces if face in found)


def _cut_to(
    letters: set[str], faces: Sequence[Face], spoken: Mapping[Face, Sequence[str]]
) -> tuple[dict[Face, FontFile], set[str], list[Face]]:
    """The faces that have any of the letters, cut to them; the letters that none has; the faces
    that are not installed."""
    first = faces[0].family if faces else ""
    known: dict[str, set[str]] = {}
    found: dict[Face, FontFile] = {}
    absent: list[Face] = []
    height: Height | None = None
    for face in sorted(faces, key=lambda face: (face.family != first, face not in spoken)):
        others = (have for family, have in known.items() if family != face.family)
        before = known.get(first, set()) if face in spoken else set().union(*others)
        wanted = letters if face.family == first else letters - before
        if not any(map(_is_seen, wanted)):
            continue
        path = _locate(face)
        if path is None:
            absent.append(face)
            continue
        with _opened(face, path) as font:
            has = {chr(code) for code in font.getBestCmap()}
            if not any(map(_is_seen, wanted & has)):
                continue
            wanted |= set(filter(_goes_along, letters)) if face in spoken else _SPACES
            height = height or _height(font)
            known.setdefault(face.family, set()).update(wanted & has)
            made = _file(face, font, path, wanted & has, height)
            found[face] = replace(made, lang=tuple(spoken.get(face, ())))
    return found, letters.difference(*known.values()), absent


def _spoken(faces: Sequence[Face], languages: Iterable[str]) -> dict[Face, list[str]]:
    """The languages that each face of a script sets: of its tags the closest holds."""
    found: dict[Face, list[str]] = {}
    for language in sorted(languages):
        near = [(len(tag), face) for face in faces for tag in face.lang if speaks(language, tag)]
        closest = max((length for length, _ in near), default=0)
        for length, face in near:
            if length == closest:
                found.setdefault(face, []).append(language)
    return found


def _is_seen(char: str) -> bool:
    """False for spaces and for what only says how others are drawn."""
    return unicodedata.category(char) not in ("Cc", "Cf", "Zs", "Zl", "Zp")


def _goes_along(char: str) -> bool:
    """True for what a script takes from its own face though the text face has it: stops, quotation
    marks and brackets, which are of another weight and width in each script."""
    return char in _ALONG or unicodedata.category(char) in ("Ps", "Pe", "Pi", "Pf")


def _tell_missing(missing: set[str], absent: list[Face], report: Report) -> None:
    printable = sorted(char for char in missing if char.isprintable())
    if not printable:
        return
    remedies = dict.fromkeys(face.install for face in absent if face.install)
    shown = " ".join(f"{char} (U+{ord(char):04X})" for char in printable[:8])
    more = f" and {len(printable) - 8} more" if len(printable) > 8 else ""
    report.warn(
        "letters-without-font",
        "style",
        f"no font of the style has {shown}{more}; PDFs print what this machine has for it, or a "
        "box, and readers of the EPUB see a font of their device",
        f"more fonts of the style: {', '.join(remedies)}"
        if remedies
        else "add a [[script]] to a style of your own",
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


@contextmanager
def _opened(face: Face, path: Path) -> Iterator[TTFont]:
    """The font of a file, and none of its memory afterwards: a font and its tables hold each
    other, 100 MB for a large one."""
    font = _open(face, path)
    try:
        yield font
    finally:
        font.close()
        font.tables.clear()


def _open(face: Face, path: Path) -> TTFont:
    """The font of a file, or the one that `face` names in a collection; of a collection, which may
    have 30 MB, no more is read than is asked for."""
    file = path.open("rb")
    try:
        font = _font_in(file, face)
    except TTLibError as error:
        file.close()
        raise StyleError(f"{path.name}: no font that can be read: {error}") from error
    if font is None:
        file.close()
        raise StyleError(f"{path.name}: the collection has no font '{face.face}'")
    return font


def _font_in(file: BinaryIO, face: Face) -> TTFont | None:
    alone = file.read(4) != b"ttcf"
    file.seek(0)
    if alone:
        return TTFont(file, lazy=True, recalcTimestamp=False)
    fonts = TTCollection(file, lazy=True).fonts
    return next(
        (font for font in fonts if face.face in (None, font["name"].getBestFamilyName())), None
    )


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


def _file(face: Face, font: TTFont, path: Path, letters: set[str], height: Height) -> FontFile:
    """The face cut to `letters`; working it out takes seconds, so it is kept in the cache."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    key = [
        f"fonttools={fontTools.version}",
        f"font=sha256:{digest}",
        f"face={face.face} weight={face.weight} style={face.style}",
        *(f"axis {tag}={value:g}" for tag, value in face.axes),
        f"form=2 features={','.join(_FEATURES)}",
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
    options.desubroutinize = True  # files are packed, and then smaller without
    options.drop_tables += ["vhea", "vmtx", "VORG"]  # no book is set in columns
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted(ord(char) for char in letters))
    cutter.subset(font)
    if "fvar" in font:  # after the cut, so that only the letters of the book are worked out
        limits = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}
        font = instantiateVariableFont(font, limits | dict(face.axes), inplace=True)
        font["OS/2"].usWeightClass = face.weight
    _set_height(font, height)
    cut = _bytes(font)
    return _numbered(cut) if cut.startswith(b"OTTO") else cut


def _numbered(data: bytes) -> bytes:
    """An OpenType font with CFF outlines whose CIDs are its glyph numbers.

    A PDF names the glyphs of a CID-keyed font by CID (ISO 32000-1 §9.7.4.2), layout by number.
    """
    font = TTFont(io.BytesIO(data), recalcBBoxes=False, recalcTimestamp=False)
    top = font["CFF "].cff.topDictIndex[0]
    if not hasattr(top, "ROS"):
        return data
    names = [".notdef", *(f"cid{number:05}" for number in range(1, len(top.charset)))]
    outlines = top.CharStrings.charStrings
    top.CharStrings.charStrings = {
        new: outlines[old] for new, old in zip(names, top.charset, strict=True)
    }
    top.charset = names
    font.setGlyphOrder(names)  # other tables name glyphs by number and are not read
    return _bytes(font)


def _bytes(font: TTFont) -> bytes:
    """The font as a file with no trace of when it was made."""
    font.recalcTimestamp = False  # a font out of a collection has it set
    font["head"].modified = font["head"].created
    out = io.BytesIO()
    font.save(out, reorderTables=True)
    return out.getvalue()
