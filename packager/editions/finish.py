"""The last pass over a PDF: bytes in, bytes out, whatever made them.

It says what the file is (XMP, Info, language, output intent), labels its pages, attaches files,
makes the hyphens of the layout soft and draws what no font has (`lacking`); for PDF 2.0 it
raises the structure (`pdf2`). Done twice it changes nothing but
numbers of objects.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from packager.editions.lacking import draw_lacking
from packager.editions.order import Attachment, versions
from packager.editions.pdf2 import raise_structure
from packager.editions.xmp import Conformance, identifier, packet
from packager.meta import Meta

PRINT = 4
"""The flag of an annotation that is printed with the page (ISO 32000-1 table 165)."""


@dataclass(frozen=True, slots=True)
class Label:
    """From page `sheet` on, counted from 1, pages are labelled `prefix` and a number from
    `first` on in `style`: D, r, R, a, A, or none (ISO 32000-1 §12.4.2)."""

    sheet: int
    style: str | None = None
    prefix: str = ""
    first: int = 1


def finish(
    data: bytes,
    meta: Meta,
    when: dt.datetime,
    conformance: Conformance,
    *,
    attachments: Sequence[Attachment] = (),
    labels: Sequence[Label] | None = None,
) -> bytes:
    """The finished PDF. Without `labels` those that the file has stay; `attachments` replace
    those that it has."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        said(pdf, meta, when, conformance, attachments=attachments, labels=labels)
        for page in pdf.pages:
            for annotation in page.obj.get("/Annots", Array()):
                annotation.F = PRINT
        mended(pdf)
        if conformance.version >= "2":
            raise_structure(pdf)
        pdf.save(
            out,
            deterministic_id=True,
            force_version=conformance.version,
            fix_metadata_version=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
    return out.getvalue()


def said(
    pdf: pikepdf.Pdf,
    meta: Meta,
    when: dt.datetime,
    conformance: Conformance,
    *,
    attachments: Sequence[Attachment],
    labels: Sequence[Label] | None,
) -> None:
    """Have a PDF say what it is, and attach its files; `labels` and `attachments` as in
    `finish`."""
    _say(pdf, meta, when, conformance)
    if labels is not None:
        nums = [part for one in labels for part in (one.sheet - 1, _label(one))]
        pdf.Root.PageLabels = Dictionary(Nums=Array(nums))
    _attach(pdf, attachments, when)
    pdf.trailer.ID = Array([String(identifier(meta, conformance).bytes)] * 2)


def mended(pdf: pikepdf.Pdf) -> None:
    """Make hyphens of the layout soft, pictures sharp, and draw what fonts lack."""
    soften_hyphens(pdf)
    _sharpen_images(pdf)
    draw_lacking(pdf)


def _say(pdf: pikepdf.Pdf, meta: Meta, when: dt.datetime, conformance: Conformance) -> None:
    """Title, makers, language, colours, in every place where a reader looks for them."""
    producer = versions("weasyprint")
    moment = when.strftime("D:%Y%m%d%H%M%SZ")
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    if conformance.version < "2":  # ISO 19005-4 §6.1.3: no Info
        said = {"/Title": meta.title, "/Author": ", ".join(meta.editors), "/Producer": producer}
        said |= {"/Creator": producer, "/CreationDate": moment, "/ModDate": moment}
        said |= {"/Subject": meta.description or ""}
        info = {key: String(text) for key, text in said.items() if text}
        pdf.trailer.Info = pdf.make_indirect(Dictionary(info))
    stream = pdf.make_stream(packet(meta, when, conformance, producer))
    stream.stream_dict = Dictionary(Type=Name.Metadata, Subtype=Name.XML)
    root = pdf.Root
    root.Metadata = stream
    root.Lang = String(meta.language)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    root.MarkInfo = Dictionary(Marked=True)
    root.OutputIntents = Array([_srgb(pdf)])


def _srgb(pdf: pikepdf.Pdf) -> Dictionary:
    """The output intent for pages in RGB (ISO 19005-3 §6.2.3), with WeasyPrint's own profile."""
    profile = pdf.make_stream((files("weasyprint.pdf") / "sRGB2014.icc").read_bytes(), N=3)
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=profile,
    )


def _label(label: Label) -> Dictionary:
    made = Dictionary()
    if label.style:
        made.S = Name(f"/{label.style}")
        made.St = label.first
    if label.prefix:
        made.P = String(label.prefix)
    return made


def _attach(pdf: pikepdf.Pdf, attachments: Sequence[Attachment], when: dt.datetime) -> None:
    """Associated files of the whole document (ISO 19005-3 §6.8; ISO 32000-2 §14.13)."""
    root = pdf.Root
    if "/AF" in root:
        del root["/AF"]
    if "/Names" in root and "/EmbeddedFiles" in root.Names:
        del root.Names["/EmbeddedFiles"]
    if not attachments:
        return
    moment = String(when.strftime("D:%Y%m%d%H%M%SZ"))
    specs = []
    for one in sorted(attachments, key=lambda one: one.name):
        stream = pdf.make_stream(
            one.packed,
            Type=Name.EmbeddedFile,
            Subtype=Name(f"/{one.media_type}"),
            Filter=Name.FlateDecode,
            Params=Dictionary(Size=one.size, CreationDate=moment, ModDate=moment),
        )
        spec = Dictionary(
            Type=Name.Filespec,
            F=String(one.name),
            UF=String(one.name),
            Desc=String(one.description),
            AFRelationship=Name(f"/{one.relation}"),
            EF=Dictionary(F=stream, UF=stream),
        )
        specs.append((one.name, pdf.make_indirect(spec)))
    if "/Names" not in root:
        root.Names = pdf.make_indirect(Dictionary())
    names = [part for name, spec in specs for part in (String(name), spec)]
    root.Names.EmbeddedFiles = pdf.make_indirect(Dictionary(Names=Array(names)))
    root.AF = Array([spec for _, spec in specs])


_SECTION = re.compile(rb"(?<=beginbf)(char|range)(.*?)(?=endbf)", re.DOTALL)
_CHAR = re.compile(rb"(<[0-9A-Fa-f]*>\s*)(<[0-9A-Fa-f]*>)")
_RANGE = re.compile(rb"(<[0-9A-Fa-f]*>\s*<[0-9A-Fa-f]*>\s*)(<[0-9A-Fa-f]*>|\[.*?\])", re.DOTALL)


def soften_hyphens(pdf: pikepdf.Pdf) -> None:
    """Read the hyphen that WeasyPrint draws where it breaks a word (U+2010) as a soft hyphen.

    Readers drop U+00AD when they join lines (ISO 32000-1 §14.8.2.2.3); a hyphen that the text
    has is another character, with a glyph of its own in the fonts of the styles.
    """
    for font in _fonts(pdf.objects):
        found = font.ToUnicode.read_bytes()
        softened = _SECTION.sub(_soft, found)
        if softened != found:
            font.ToUnicode.write(softened)


def _soft(section: re.Match[bytes]) -> bytes:
    """A section of a CMap (Adobe Technical Note 5014) with U+2010 replaced where it is a letter,
    not where it is a code."""
    entry = _CHAR if section[1] == b"char" else _RANGE
    letters = entry.sub(lambda one: one[1] + one[2].replace(b"<2010>", b"<00AD>"), section[2])
    return section[1] + letters


def _sharpen_images(pdf: pikepdf.Pdf) -> None:
    """No image is interpolated (ISO 19005-3 §6.2.8); WeasyPrint asks for it by default."""
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream) and one.get("/Interpolate", False):
            one.Interpolate = False


def _fonts(objects: Iterable[pikepdf.Object]) -> Iterable[pikepdf.Object]:
    for one in objects:
        if isinstance(one, Dictionary) and isinstance(one.get("/ToUnicode"), pikepdf.Stream):
            yield one
