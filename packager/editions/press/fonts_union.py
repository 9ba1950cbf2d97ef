"""The fonts of a bound book: each face once, cut to the glyphs that all galleys drew.

Galleys are written without the programs of the book's own fonts; each tells which glyphs it
drew, how wide they are and what they stand for. Glyph numbers are those of the book's font files
in every galley, so one font serves all (ISO 32000-1 §9.7.4, §9.10.3). Fonts of the machine,
which stand in for letters that the book's fonts lack, stay in their galley.
"""

from __future__ import annotations

import hashlib
import io
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

import fontTools
import pikepdf
import weasyprint.pdf
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Object, Stream, String

from packager.cache import cached
from packager.editions.paper import PRIVATE
from packager.fonts import FontFile

_ONE_AT_A_TIME = threading.RLock()


@dataclass(frozen=True, slots=True)
class FontUse:
    """What a galley drew in one font: `name` is its resource name, `face` the digest of its file;
    `widths` in thousandths of an em and `texts`, what a glyph stands for, are by glyph number."""

    name: str
    base: str
    face: str
    family: str
    flags: int
    ascent: float
    descent: float
    widths: Mapping[int, float]
    texts: Mapping[int, str]

    def to_json(self) -> dict[str, Any]:
        """The use as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FontUse:
        """The use out of plain values, whose keys are strings."""
        numbers = {
            key: {int(glyph): value for glyph, value in data[key].items()}
            for key in ("widths", "texts")
        }
        return cls(**{**data, **numbers})


@contextmanager
def left_out(fonts: Iterable[FontFile]) -> Iterator[list[FontUse]]:
    """Have WeasyPrint write no program of these fonts; what was drawn in them is in the list.

    Rests on two names inside WeasyPrint 70: `weasyprint.pdf.build_fonts_dictionary`, called once
    a document, and its `Font`. Its option `full_fonts` would leave the programs whole too, but
    then small capitals and ligatures stand for nothing (no letter leads to them).
    """
    faces = {hashlib.sha256(font.data).hexdigest() for font in fonts}
    uses: list[FontUse] = []
    with _ONE_AT_A_TIME:
        original = weasyprint.pdf.build_fonts_dictionary

        def build(pdf: Any, fonts: dict[Any, Any], compress: bool, _: bool, options: Any) -> Any:
            others = {}
            for key, font in fonts.items():
                face = hashlib.sha256(font.file_content).hexdigest()
                if face in faces and not font.missing and not font.used_in_forms:
                    uses.append(_use(font, face))
                else:
                    others[key] = font
            return original(pdf, others, compress, True, options)

        weasyprint.pdf.build_fonts_dictionary = build
        try:
            yield uses
        finally:
            weasyprint.pdf.build_fonts_dictionary = original


def _use(font: Any, face: str) -> FontUse:
    """A glyph of a bracket stands for what the font has it for: between letters from right to
    left it is drawn for the opposite one, and galleys would tell both."""
    letters = {glyph: text for glyph, text in font.to_unicode.items() if _is_mirrored(text)}
    drawn = _letters(font.file_content) if letters else {}
    return FontUse(
        font.hash,
        font.name.decode().replace(PRIVATE.replace(" ", "-"), "").strip("/,"),
        face,
        font.family.removeprefix(PRIVATE),
        font.flags,
        font.ascent,
        font.descent,
        dict(font.widths),
        font.to_unicode | {glyph: drawn.get(glyph, text) for glyph, text in letters.items()},
    )


def _is_mirrored(text: str) -> bool:
    return len(text) == 1 and bool(unicodedata.mirrored(text))


@lru_cache(maxsize=16)
def _letters(data: bytes) -> dict[int, str]:
    """The letter of each glyph of a font file; the first where it has several."""
    font = TTFont(io.BytesIO(data), lazy=True)
    found = sorted(font.getBestCmap().items(), reverse=True)
    return {font.getGlyphID(name): chr(code) for code, name in found}


def joined(uses: Iterable[FontUse]) -> list[FontUse]:
    """One use for each font, by name; where galleys differ on a glyph the first one holds."""
    found: dict[str, FontUse] = {}
    for use in uses:
        before = found.setdefault(use.name, use)
        if before is not use:
            found[use.name] = replace(
                before,
                widths={**use.widths, **before.widths},
                texts={**use.texts, **before.texts},
            )
    return [found[name] for name in sorted(found)]


def embedded(
    pdf: pikepdf.Pdf, uses: Sequence[FontUse], fonts: Iterable[FontFile]
) -> dict[str, Object]:
    """The fonts put into the bound book, by resource name, as /Font dictionaries have them."""
    files = {hashlib.sha256(font.data).hexdigest(): font for font in fonts}
    programs: dict[str, Stream] = {}
    out: dict[str, Object] = {}
    for use in uses:
        if use.face not in programs:
            glyphs = {glyph for one in uses if one.face == use.face for glyph in one.widths}
            programs[use.face] = _program(pdf, files[use.face].data, glyphs)
        out[f"/{use.name}"] = _font(pdf, use, programs[use.face])
    return out


def _program(pdf: pikepdf.Pdf, data: bytes, glyphs: set[int]) -> Stream:
    """The font program (ISO 32000-1 §9.9) cut to these glyphs, their numbers kept."""
    key = [
        f"program=1 fonttools={fontTools.version}",
        f"font=sha256:{hashlib.sha256(data).hexdigest()}",
        f"glyphs={','.join(map(str, sorted(glyphs)))}",
    ]
    cut = cached(key, lambda: _cut(data, glyphs))
    program = pdf.make_stream(cut)
    if cut.startswith(b"OTTO"):
        program.Subtype = Name.OpenType
    else:
        program.Length1 = len(cut)
    return program


def _cut(data: bytes, glyphs: set[int]) -> bytes:
    options = subset.Options()
    options.retain_gids = True
    options.layout_features = []
    options.name_IDs = []
    options.notdef_outline = True
    options.glyph_names = False
    options.recalc_timestamp = False
    options.hinting = False
    options.desubroutinize = True
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "DSIG", "STAT", "MATH", "VORG"]
    font = TTFont(io.BytesIO(data), lazy=True, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(gids=sorted(glyphs))
    cutter.subset(font)
    out = io.BytesIO()
    font.save(out, reorderTables=True)
    return out.getvalue()


def _font(pdf: pikepdf.Pdf, use: FontUse, program: Stream) -> Object:
    """A composite font whose codes are glyph numbers (ISO 32000-1 §9.7.6.1, Identity-H)."""
    cff = program.get("/Subtype") == Name.OpenType
    fixed = len(use.widths) > 1 and len(set(use.widths.values())) == 1
    base = Name("/" + use.base)
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=base,
        FontFamily=String(use.family),
        Flags=use.flags + fixed,
        FontBBox=[0, use.descent, max(use.widths.values(), default=0), use.ascent],
        ItalicAngle=0,
        Ascent=use.ascent,
        Descent=use.descent,
        CapHeight=use.ascent,
        StemV=80,
        StemH=80,
    )
    descriptor["/FontFile3" if cff else "/FontFile2"] = program
    system = Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0)
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType0 if cff else Name.CIDFontType2,
        BaseFont=base,
        CIDSystemInfo=system,
        W=_widths(use.widths),
        FontDescriptor=pdf.make_indirect(descriptor),
    )
    if not cff:
        descendant.CIDToGIDMap = Name.Identity
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=base,
        Encoding=Name("/Identity-H"),
        DescendantFonts=[pdf.make_indirect(descendant)],
        ToUnicode=pdf.make_stream(_to_unicode(use.texts)),
    )
    return pdf.make_indirect(font)


def _widths(widths: Mapping[int, float]) -> Array:
    """The widths as runs of neighbours (ISO 32000-1 §9.7.4.3)."""
    out = Array()
    run: list[float] = []
    for glyph in sorted(widths):
        if glyph - 1 not in widths:
            if run:
                out.append(Array(run))
            out.append(glyph)
            run = []
        run.append(widths[glyph])
    if run:
        out.append(Array(run))
    return out


def _to_unicode(texts: Mapping[int, str]) -> bytes:
    """The map from codes to text (ISO 32000-1 §9.10.3), a hundred entries a section."""
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<0000> <ffff>",
        "endcodespacerange",
    ]
    glyphs = sorted(texts)
    for start in range(0, len(glyphs), 100):
        batch = glyphs[start : start + 100]
        lines.append(f"{len(batch)} beginbfchar")
        lines += [f"<{glyph:04x}> <{texts[glyph].encode('utf-16-be').hex()}>" for glyph in batch]
        lines.append("endbfchar")
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines).encode()
