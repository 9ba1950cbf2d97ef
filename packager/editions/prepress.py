"""The print edition: the pages of the screen edition as a PDF/X file for one printer.

One layout serves both, so pages and page numbers are the same; the front cover, which printers
take as a file of its own, is left out, and blanks fill the last sheet. Whoever made the PDF, this
pass turns its colours into inks, sets the boxes, draws the marks, and says what press it is for
(ISO 15930; page boxes: ISO 32000-1 §14.11.2; output intents: §14.11.5).
"""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import pikepdf
import pypdfium2
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Stream, String

from packager.editions.ink import inks_of
from packager.editions.marks import POINT, SLUG, draw_marks
from packager.editions.order import Made, Order, write
from packager.editions.repaint import Repaint
from packager.errors import EditionError
from packager.labels import is_rtl
from packager.preset import Preset

SCREEN_ONLY = ("/Annots", "/StructParents", "/Tabs", "/AA", "/CropBox", "/ArtBox", "/Trans", "/Dur")
SCREEN_ONLY_ROOT = (
    "/StructTreeRoot", "/MarkInfo", "/Outlines", "/Names", "/Dests", "/OpenAction", "/AA",
    "/AcroForm", "/PageMode", "/ViewerPreferences", "/AF", "/OCProperties", "/Extensions",
    "/Threads",
)  # fmt: skip

_VERSION = {
    "PDF/X-4": "1.6",
    "PDF/X-1a:2003": "1.4",
    "PDF/X-3:2003": "1.4",
    "PDF/X-1a:2001": "1.3",
    "PDF/X-3:2002": "1.3",
}


@dataclass(frozen=True, slots=True)
class Bleed:
    """How far each edge of a page reaches beyond the trim, in mm."""

    left: float
    bottom: float
    right: float
    top: float


def make(order: Order) -> Made:
    """The interior for the printer. Raises `EditionError` where the pages cannot be printed."""
    screen = order.paginated
    assert screen is not None  # the build makes the screen edition first
    order.step("preparing the pages for print")
    first = screen.sheets["half-title"]
    meta = order.book.meta
    data = press_pages(
        screen.path.read_bytes(),
        order.press.preset,
        identifier=f"{meta.urn}:print",
        first=first,
        right_bound=is_rtl(meta.language),
    )
    check_safe(data, order.press.preset.safe)
    sheets = {name: n - first + 1 for name, n in screen.sheets.items() if n >= first}
    feet = {n - first + 1: foot for n, foot in screen.feet.items()}
    write(order, data)
    return Made(order.beside, sheets, feet)


def press_pages(
    data: bytes,
    preset: Preset,
    *,
    identifier: str,
    first: int = 1,
    right_bound: bool = False,
) -> bytes:
    """A PDF of single pages as PDF/X for the press of `preset`.

    `first` is the sheet, counted from 1, of the first recto; those before it are left out.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        labels = _labels(pdf, first)
        del pdf.pages[: first - 1]
        screen_only_out(pdf)
        for n, page in enumerate(pdf.pages):
            _set_boxes(page, _bleed(preset, recto=n % 2 == 0, right_bound=right_bound), preset)
        _fill_up(pdf, preset, right_bound)
        return finished(pdf, preset, identifier, labels=labels)


def press_cover(data: bytes, preset: Preset, identifier: str, folds: Sequence[float]) -> bytes:
    """A PDF of one sheet as the cover for the press of `preset`; folds in mm from its left."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        screen_only_out(pdf)
        reach = preset.cover.bleed
        _set_boxes(pdf.pages[0], Bleed(reach, reach, reach, reach), preset)
        return finished(pdf, preset, identifier, coloured_text=True, folds=folds)


def finished(
    pdf: pikepdf.Pdf,
    preset: Preset,
    identifier: str,
    *,
    labels: Mapping[int, pikepdf.Object] | None = None,
    coloured_text: bool = False,
    folds: Sequence[float] = (),
) -> bytes:
    """The bytes of a PDF whose boxes are set: colours as inks, content from 0 0, marks, intent."""
    inks = inks_of(preset)
    Repaint(pdf, inks, preset.transparency, coloured_text).pages()
    if _VERSION[preset.standard] < "1.6":
        _bare_fonts(pdf)
    for page in pdf.pages:
        _place(pdf, page)
        if preset.marks:
            draw_marks(pdf, page, folds)
    if labels:
        nums = [part for start, label in sorted(labels.items()) for part in (start, label)]
        pdf.Root.PageLabels = Dictionary(Nums=Array(nums))
    pdf.Root.OutputIntents = Array([_intent(pdf, preset, inks.profile)])
    _identify(pdf, preset, identifier)
    return saved(pdf, _VERSION[preset.standard])


def saved(pdf: pikepdf.Pdf, version: str) -> bytes:
    """The bytes of a file in this version of PDF, the same whenever it is written."""
    pdf.remove_unreferenced_resources()
    out = io.BytesIO()
    modern = version >= "1.5"
    mode = pikepdf.ObjectStreamMode.generate if modern else pikepdf.ObjectStreamMode.disable
    pdf.save(
        out,
        deterministic_id=True,
        object_stream_mode=mode,
        compress_streams=True,
        min_version=version,
        force_version=version,
        fix_metadata_version=False,
    )
    return out.getvalue()


def _labels(pdf: pikepdf.Pdf, first: int) -> dict[int, pikepdf.Object]:
    """The page labels of the pages from `first` on."""
    if "/PageLabels" not in pdf.Root:
        return {}
    tree = pikepdf.NumberTree(pdf.Root.PageLabels)
    return {n - first + 1: label for n, label in tree.items() if n >= first - 1}


def screen_only_out(pdf: pikepdf.Pdf) -> None:
    """Take away what a file has for the screen alone."""
    for key in SCREEN_ONLY_ROOT:
        if key in pdf.Root:
            del pdf.Root[key]
    for page in pdf.pages:
        for key in SCREEN_ONLY:
            if key in page.obj:
                del page.obj[key]


# boxes


def _bleed(preset: Preset, *, recto: bool, right_bound: bool) -> Bleed:
    b = preset.bleed
    if preset.edges == "all":
        return Bleed(b, b, b, b)
    spine_left = recto != right_bound
    return Bleed(0, b, b, b) if spine_left else Bleed(b, b, 0, b)


def _set_boxes(page: pikepdf.Page, bleed: Bleed, preset: Preset) -> None:
    """Trim where it is, bleed around it, media around the marks; rotation is not printed."""
    left, bottom, right, top = (float(side) for side in page.trimbox)
    slug = SLUG if preset.marks else 0
    bleeds = (bleed.left, bleed.bottom, bleed.right, bleed.top)
    signs = (-1, -1, 1, 1)
    trim = (left, bottom, right, top)
    page.obj.TrimBox = Array([*trim])
    for name, more in (("BleedBox", 0.0), ("MediaBox", slug)):
        sides = [
            side + sign * (reach + more) * POINT
            for side, sign, reach in zip(trim, signs, bleeds, strict=True)
        ]
        page.obj[f"/{name}"] = Array([round(side, 4) for side in sides])


def _fill_up(pdf: pikepdf.Pdf, preset: Preset, right_bound: bool) -> None:
    """Blank pages at the end, so that the pages are a multiple of the printer's."""
    left, bottom, right, top = (float(side) for side in pdf.pages[0].trimbox)
    while len(pdf.pages) % preset.multiple or len(pdf.pages) % 2:
        recto = len(pdf.pages) % 2 == 0
        pdf.add_blank_page(page_size=(right - left, top - bottom))
        _set_boxes(pdf.pages[-1], _bleed(preset, recto=recto, right_bound=right_bound), preset)


def _place(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Shift a page so that its media begins at 0 0, and keep its art inside the bleed."""
    media = [float(side) for side in page.obj.MediaBox]
    dx, dy = -media[0], -media[1]
    for name in ("/MediaBox", "/BleedBox", "/TrimBox"):
        box = [float(side) for side in page.obj[name]]
        page.obj[name] = Array(
            [round(side + (dy if n % 2 else dx), 4) for n, side in enumerate(box)]
        )
    left, bottom, right, top = (float(side) for side in page.obj.BleedBox)
    clip = f"q {left:.4f} {bottom:.4f} {right - left:.4f} {top - bottom:.4f} re W n\n"
    start = clip + f"1 0 0 1 {dx:.4f} {dy:.4f} cm\n"
    content = page.obj.Contents.read_bytes() if "/Contents" in page.obj else b""
    page.obj.Contents = pdf.make_stream(start.encode() + content + b"\nQ\n")


def _bare_fonts(pdf: pikepdf.Pdf) -> None:
    """OpenType files as the bare CFF inside them: before PDF 1.6 nothing else was known
    (PDF Reference 1.6, table 5.23)."""
    for thing in pdf.objects:
        if not isinstance(thing, Dictionary) or thing.get("/Type") != Name.FontDescriptor:
            continue
        program = thing.get("/FontFile3")
        if isinstance(program, Stream) and program.get("/Subtype") == Name.OpenType:
            with TTFont(io.BytesIO(program.read_bytes()), lazy=True) as font:
                assert font.reader is not None  # it was opened from bytes
                program.write(font.reader["CFF "])
            program.Subtype = Name.CIDFontType0C


# identity


def _intent(pdf: pikepdf.Pdf, preset: Preset, profile: bytes) -> Dictionary:
    """The press that the file is for; its profile is in the file whatever the registry says."""
    stream = Stream(pdf, profile, N=4)
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=String(preset.condition),
        OutputCondition=String(preset.condition_info),
        RegistryName=String("http://www.color.org"),
        Info=String(preset.condition_info),
        DestOutputProfile=pdf.make_indirect(stream),
    )


def _identify(pdf: pikepdf.Pdf, preset: Preset, identifier: str) -> None:
    """Info and XMP, which say the same; nothing in them depends on when or where."""
    old = pdf.trailer.get("/Info", Dictionary())
    title = str(old.get("/Title", "")) or "Untitled"
    author = str(old.get("/Author", ""))
    stamp = str(old.get("/ModDate", old.get("/CreationDate", "D:19700101000000Z")))
    info = Dictionary(
        Title=String(title), Creator=String("Packager"), Producer=String("Packager"),
        CreationDate=String(stamp), ModDate=String(stamp),
    )  # fmt: skip
    info["/Trapped"] = Name("/False")
    if author:
        info.Author = String(author)
    if not preset.transparency:
        info.GTS_PDFXVersion = String(preset.standard.replace("-1a:2001", "-1:2001"))
        if preset.standard == "PDF/X-1a:2001":
            info.GTS_PDFXConformance = String("PDF/X-1a:2001")
    pdf.trailer["/Info"] = pdf.make_indirect(info)
    document = uuid.uuid5(uuid.NAMESPACE_URL, identifier)
    content = hashlib.sha256()
    for page in pdf.pages:
        content.update(page.obj.Contents.read_bytes())
    packet = _XMP.format(
        title=escape(title),
        author=escape(author),
        stamp=_iso(stamp),
        version=preset.standard,
        document=document,
        instance=uuid.uuid5(document, content.hexdigest()),
    )
    metadata = Stream(pdf, packet.encode(), Type=Name.Metadata, Subtype=Name.XML)
    pdf.Root.Metadata = pdf.make_indirect(metadata)


def _iso(stamp: str) -> str:
    """`D:20220301000000Z` as XMP writes it."""
    digits = stamp.removeprefix("D:")[:14].ljust(14, "0")
    day, time = digits[:8], digits[8:]
    return f"{day[:4]}-{day[4:6]}-{day[6:]}T{time[:2]}:{time[2:4]}:{time[4:]}Z"


_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<xmp:CreatorTool>Packager</xmp:CreatorTool>
<xmp:CreateDate>{stamp}</xmp:CreateDate>
<xmp:ModifyDate>{stamp}</xmp:ModifyDate>
<xmp:MetadataDate>{stamp}</xmp:MetadataDate>
<pdf:Producer>Packager</pdf:Producer>
<pdf:Trapped>False</pdf:Trapped>
<pdfxid:GTS_PDFXVersion>{version}</pdfxid:GTS_PDFXVersion>
<xmpMM:DocumentID>uuid:{document}</xmpMM:DocumentID>
<xmpMM:InstanceID>uuid:{instance}</xmpMM:InstanceID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
<xmpMM:VersionID>1</xmpMM:VersionID>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>
"""


def check_safe(data: bytes, safe: float, edition: str = "print") -> None:
    """Raise `EditionError` where words stand nearer to the trim than the printer allows."""
    pdf = pypdfium2.PdfDocument(data)
    try:
        for number in range(len(pdf)):
            near = _nearest(pdf, number)
            if near < safe - 0.05:
                raise EditionError(
                    f"page {number + 1} of the {edition} edition: words stand {near:.1f} mm from "
                    f"the trim, the preset asks for {safe:g} mm",
                    hint="choose wider margins in the style, or another preset",
                )
    finally:
        pdf.close()


def _nearest(pdf: pypdfium2.PdfDocument, number: int) -> float:
    """The smallest distance in mm between the words of a page and its trim."""
    page = pdf[number]
    text = page.get_textpage()
    try:
        left, bottom, right, top = page.get_trimbox()
        near: float = min(right - left, top - bottom)
        for n in range(text.count_rects()):
            a, b, c, d = text.get_rect(n)
            near = min(near, a - left, b - bottom, right - c, top - d)
        return near / POINT
    finally:
        text.close()
        page.close()
