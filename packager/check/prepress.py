"""Checks a file for the printer (PDF/X): what it says, its boxes, its inks, its pictures.

    point           what it finds
    identity        standard, version, dates, trapping, identifier
    intent          the press that the file is for, with its profile
    boxes           media from 0 0, one trim, pages in pairs
    screen          links, scripts, forms: what paper has no use for
    colour          colours that the press would have to convert
    text            text in more than black
    ink             more ink than the profile allows (with Ghostscript: wherever inks meet)
    typefaces       font files of a form that the standard does not know
    transparency    where the standard has none
    resolution      pictures that are too coarse
    edges           art that ends at the trim, so that a white line may show

Files that do not claim to be PDF/X are left alone. No licensed preflight stands behind this: it
is written from the standards and from what printers say.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Object
from PIL import Image, ImageCms, ImageMath

from packager.check.paint import Paint, paints
from packager.check.pdf import claims_of, read_xmp
from packager.check.pdf_file import FAULTS, PdfFile, page_place
from packager.findings import Finding, Severity

VERSIONS = {"X-1a:2001": 1.3, "X-3:2002": 1.3, "X-1a:2003": 1.4, "X-3:2003": 1.4, "X-4": 1.6}
"""The newest PDF version of each standard (ISO 15930-1, -3, -4, -6, -7)."""
RESOLUTIONS = {8: (150, 225), 1: (550, 800)}
"""Pictures and line art: under the first an error, under the second a warning (the Ghent
Workgroup's limits, from memory)."""
SLACK = 0.02
"""Ink sums are compared with this much room: inks are rounded, plates dithered."""
POINTS_A_PIXEL = 1.5


@dataclass(frozen=True, slots=True)
class PrintFile:
    """An open print file, the path it came from, and what it paints."""

    path: Path
    book: PdfFile
    paints: list[Paint]

    def tell(
        self, code: str, message: str, pages: list[int], hint: str, *, warn: bool = False
    ) -> Finding:
        """A finding on some pages, placed on the first of them."""
        severity = Severity.WARNING if warn else Severity.ERROR
        some = sorted(set(pages))
        where = f" ({len(some)} pages, the first is page {some[0]})" if len(some) > 1 else ""
        return Finding(code, severity, page_place(self.book, some[0]), message + where, hint)


def validate(path: Path) -> Iterator[Finding]:
    """All points on the file behind `path`; nothing where it is no print file, or unreadable
    (which the validator of the structure tells)."""
    try:
        with pikepdf.open(path) as pdf:
            claims = claims_of(pdf)
            if not claims.press:
                return
            book = PdfFile(str(path), pdf, claims, tuple(pdf.pages))
            file = PrintFile(path, book, paints(book))
            for point in POINTS:
                yield from point(file)
    except FAULTS as fault:
        message = f"the inks of the file cannot be read: {fault}"
        yield Finding("pdf-syntax", Severity.ERROR, str(path), message, "build the file again")
    except OSError:
        return


def identity(file: PrintFile) -> Iterator[Finding]:
    """Standard, version, dates, trapping, identifier (ISO 15930-7 §6.8 and its elders)."""
    tell = partial(Finding, "print-identity", Severity.ERROR, file.book.place)
    pdf, press = file.book.pdf, file.book.claims.press
    info = pdf.trailer.get("/Info", Dictionary())
    short = press.removeprefix("PDF/").replace("X-1:", "X-1a:")
    newest = VERSIONS.get(short)
    if newest is None:
        yield tell(f"'{press}' is no standard that we know", f"known: {', '.join(VERSIONS)}")
    elif float(pdf.pdf_version) > newest:
        yield tell(
            f"PDF {pdf.pdf_version} is newer than {press} allows", f"save it as PDF {newest}"
        )
    if str(info.get("/Trapped", "")) not in ("/True", "/False"):
        yield tell("it does not say whether it is trapped", "set /Trapped /False in Info")
    missing = [key for key in ("/Title", "/CreationDate", "/ModDate") if not info.get(key)]
    if missing:
        yield tell(f"Info lacks {', '.join(missing)}", "set title and dates in Info")
    if "/ID" not in pdf.trailer:
        yield tell("the file has no identifier", "write /ID in the trailer")
    if pdf.is_encrypted:
        yield tell("the file is encrypted", "save it without encryption")
    if short == "X-4" and not read_xmp(pdf)[0].get("pdfxid:GTS_PDFXVersion"):
        yield tell("XMP does not say PDF/X-4", "write pdfxid:GTS_PDFXVersion in XMP")


def intent(file: PrintFile) -> Iterator[Finding]:
    """One output intent, its condition named, its profile that of a press (ISO 15930-7 §6.2.2)."""
    tell = partial(Finding, "print-intent", Severity.ERROR, file.book.place)
    hint = "build it with a preset that names profile and condition"
    found = [one for one in _intents(file.book) if one.get("/S") == Name.GTS_PDFX]
    if len(found) != 1:
        yield tell(f"there are {len(found)} output intents for print, not one", hint)
        return
    if not str(found[0].get("/OutputConditionIdentifier", "")).strip():
        yield tell("the output intent does not name its printing condition", hint)
    profile = _profile(file.book)
    if not profile:
        yield tell("the output intent has no profile", hint)
    elif profile[36:40] != b"acsp" or profile[12:16] != b"prtr":
        yield tell("the profile of the output intent is not that of a press", hint)
    elif profile[16:20] != b"CMYK" or int(found[0].DestOutputProfile.get("/N", 0)) != 4:
        yield tell("the profile of the output intent is not one of four inks", hint)


def _intents(book: PdfFile) -> list[Object]:
    array = book.pdf.Root.get("/OutputIntents", Array())
    return [one for one in array if isinstance(one, Dictionary)]


def _profile(book: PdfFile) -> bytes:
    for one in _intents(book):
        stream = one.get("/DestOutputProfile")
        if isinstance(stream, pikepdf.Stream):
            return stream.read_bytes()
    return b""


def boxes(file: PrintFile) -> Iterator[Finding]:
    """Media from 0 0, bleed stated, one trim for all pages, pages in pairs."""
    tell = partial(file.tell, "print-boxes")
    sizes: dict[tuple[float, float], list[int]] = {}
    shifted, bare, cropped = [], [], []
    for number, page in enumerate(file.book.pages, 1):
        left, bottom, right, top = (float(side) for side in page.trimbox)
        sizes.setdefault((round(right - left, 1), round(top - bottom, 1)), []).append(number)
        if any(abs(float(side)) > 0.01 for side in list(page.mediabox)[:2]):
            shifted.append(number)
        if "/BleedBox" not in page.obj:
            bare.append(number)
        if "/ArtBox" in page.obj or int(page.obj.get("/Rotate") or 0):
            cropped.append(number)
    hint = "build the print edition again"
    if shifted:
        yield tell(
            "the MediaBox begins elsewhere than at 0 0: some shift such pages", shifted, hint
        )
    if bare:
        yield tell("the page states no BleedBox", bare, hint)
    if cropped:
        yield tell("the page has an ArtBox beside its TrimBox, or is rotated", cropped, hint)
    if len(sizes) > 1:
        odd = min(sizes.values(), key=len)
        yield tell("the trim is not that of the other pages", odd, hint)
    if len(file.book.pages) > 1 and len(file.book.pages) % 2:
        message = "the pages are odd in number, a leaf has two"
        yield tell(message, [len(file.book.pages)], "add a blank page", warn=True)


def screen(file: PrintFile) -> Iterator[Finding]:
    """Annotations, actions, forms, attachments (ISO 15930-7 §6.17, §6.18)."""
    tell = partial(file.tell, "print-screen")
    hint = "leave them to the screen edition"
    linked = [
        n for n, page in enumerate(file.book.pages, 1) if len(page.obj.get("/Annots", Array()))
    ]
    if linked:
        yield tell("links or notes lie on the page", linked, hint)
    root = file.book.pdf.Root
    names = root.get("/Names", Dictionary())
    active = [key for key in ("/OpenAction", "/AA", "/AcroForm") if key in root]
    active += [key for key in ("/JavaScript", "/EmbeddedFiles") if key in names]
    if active:
        yield tell(f"the file holds {', '.join(active)}", [1], hint)


def colour(file: PrintFile) -> Iterator[Finding]:
    """Colours that are no inks: left to the press's conversion (ISO 15930-4 §6.2.3)."""
    known = {"DeviceGray", "DeviceCMYK", "Pattern", "All", ""}
    told: dict[tuple[str, str], list[int]] = {}
    for paint in file.paints:
        if paint.space not in known:
            told.setdefault((paint.space, paint.kind), []).append(paint.page)
    hint = "build the print edition again; it turns all colours into inks"
    managed = file.book.claims.press in ("PDF/X-4", "PDF/X-3:2002", "PDF/X-3:2003")
    for (space, kind), pages in told.items():
        allowed = managed and space not in ("DeviceRGB", "DeviceN", "Separation")
        message = f"a {kind} is in {space}, not in inks"
        yield file.tell("print-colour", message, pages, hint, warn=allowed)


def text(file: PrintFile) -> Iterator[Finding]:
    """Text in black alone; on a cover (one page) only what would be black in four inks."""
    pages = []
    cover = len(file.book.pages) == 1
    for paint in file.paints:
        if paint.kind != "text" or paint.space in ("Pattern", "All"):
            continue
        ink = paint.ink
        rich = ink is not None and ink[3] > 0.85 and sum(ink) > 1.2
        if ink is None or rich or (not cover and sum(ink[:3]) > 0.01):
            pages.append(paint.page)
    if pages:
        message = "text is printed in more than black, so it blurs where plates do not meet"
        yield file.tell("print-text", message, pages, "set text in 100 % black")


def ink(file: PrintFile) -> Iterator[Finding]:
    """No more ink than the profile itself lays on its darkest place."""
    limit: float = _limit(_profile(file.book))
    hint = "choose lighter colours, or a profile with a higher limit"
    told: dict[int, list[int]] = {}
    for paint in file.paints:
        if paint.ink and paint.space != "All" and sum(paint.ink) > limit + SLACK:
            told.setdefault(round(100 * sum(paint.ink)), []).append(paint.page)
    for amount, pages in told.items():
        message = f"a colour asks for {amount} % of ink, the profile allows {100 * limit:.0f} %"
        yield file.tell("print-ink", message, pages, hint)
    inked = (p for p in file.paints if p.space not in ("All", "DeviceGray"))
    rich = {p.page for p in inked if p.ink is None or sum(p.ink[:3]) > 0}
    rich -= {page for pages in told.values() for page in pages}
    for page, total in _measured(file.path, sorted(rich)):
        if total > limit + SLACK * 2:
            message = f"inks add up to {100 * total:.0f} %, the profile allows {100 * limit:.0f} %"
            yield file.tell("print-ink", message, [page], hint)


def _limit(profile: bytes) -> float:
    """The inks that a profile makes of black; 3 (300 %) where it cannot be read."""
    try:
        press = ImageCms.getOpenProfile(io.BytesIO(profile))
        transform = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), press, "RGB", "CMYK")
        black = ImageCms.applyTransform(Image.new("RGB", (1, 1)), transform)
        pixel: Any = black.getpixel((0, 0)) if black else ()
        return max(2.0, float(sum(pixel)) / 255)
    except (OSError, ImageCms.PyCMSError):
        return 3


def _measured(path: Path, pages: list[int]) -> Iterator[tuple[int, float]]:
    """The largest ink sum on each page as a RIP prints it, overprint and all; with Ghostscript."""
    if not pages or shutil.which("gs") is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        command = ["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=tiff32nc", "-r72"]
        command += ["-dUseBleedBox"]  # marks lie outside it, on all plates
        command += [f"-sPageList={','.join(map(str, pages))}", f"-sOutputFile={folder}/%d.tif"]
        subprocess.run([*command, str(path)], capture_output=True, check=False, timeout=600)
        for n, page in enumerate(pages, 1):
            plate = Path(folder, f"{n}.tif")
            if plate.is_file():
                with Image.open(plate) as image:
                    yield page, _largest_sum(image)


def _largest_sum(image: Image.Image) -> float:
    parts = dict(zip("cmyk", (part.convert("I") for part in image.split()), strict=True))
    total = ImageMath.lambda_eval(lambda a: a["c"] + a["m"] + a["y"] + a["k"], **parts)
    largest: Any = total.getextrema()[1]
    return float(largest) / 255


def typefaces(file: PrintFile) -> Iterator[Finding]:
    """Font files: OpenType came with PDF 1.6 (PDF Reference 1.6, table 5.23)."""
    if float(file.book.pdf.pdf_version) >= 1.6:
        return
    for thing in file.book.pdf.objects:
        if isinstance(thing, Dictionary) and thing.get("/Type") == Name.FontDescriptor:
            program = thing.get("/FontFile3")
            if isinstance(program, pikepdf.Stream) and program.get("/Subtype") == Name.OpenType:
                name = str(thing.get("/FontName", "/unnamed"))[1:]
                message = f"the font {name} is OpenType, which PDF 1.6 was the first to know"
                yield file.tell("print-fonts", message, [1], "embed it as bare CFF")


def transparency(file: PrintFile) -> Iterator[Finding]:
    """Nothing transparent in the older standards (ISO 15930-4 §6.9, ISO 15930-6 §6.9)."""
    if file.book.claims.press == "PDF/X-4":
        return
    pages = [paint.page for paint in file.paints if paint.kind in ("state", "group")]
    if pages:
        message = f"something is transparent, which {file.book.claims.press} does not allow"
        yield file.tell("print-transparency", message, pages, "use PDF/X-4, or take it out")


def resolution(file: PrintFile) -> Iterator[Finding]:
    """Pictures fine enough at the size at which they are printed."""
    for paint in file.paints:
        least, enough = RESOLUTIONS[1 if paint.bits == 1 else 8]
        if paint.kind == "picture" and 0 < paint.dpi < enough - 1:
            message = f"a picture is printed at {paint.dpi:.0f} dots an inch, {enough} are enough"
            hint = "print it smaller, or use a larger picture"
            warn = paint.dpi >= least - 1
            yield file.tell("print-resolution", message, [paint.page], hint, warn=warn)


def edges(file: PrintFile) -> Iterator[Finding]:
    """Art that touches the trim goes on into the bleed."""
    pages = []
    pdf = pypdfium2.PdfDocument(file.path)
    try:
        for number, page in enumerate(file.book.pages, 1):
            if _stops_at_trim(pdf, number, page):
                pages.append(number)
    finally:
        pdf.close()
    if pages:
        message = "art ends at the trim, so a white line may show where the paper is cut"
        yield file.tell("print-edges", message, pages, "let it reach 3 mm further", warn=True)


def _stops_at_trim(pdf: pypdfium2.PdfDocument, number: int, page: pikepdf.Page) -> bool:
    """True where a strip inside the trim is inked and the same strip outside is paper."""
    image = pdf[number - 1].render(scale=1 / POINTS_A_PIXEL, grayscale=True).to_pil()
    left, bottom, right, top = (float(side) / POINTS_A_PIXEL for side in page.trimbox)
    outer = [float(side) / POINTS_A_PIXEL for side in page.bleedbox]
    height = image.height
    box = (round(left), round(height - top), round(right), round(height - bottom))
    tall, wide = box[3] - box[1], box[2] - box[0]
    strips = (
        (left - outer[0], (box[0] + 1, box[1]), (box[0] - 3, box[1]), (2, tall)),
        (outer[2] - right, (box[2] - 3, box[1]), (box[2] + 1, box[1]), (2, tall)),
        (outer[3] - top, (box[0], box[1] + 1), (box[0], box[1] - 3), (wide, 2)),
        (bottom - outer[1], (box[0], box[3] - 3), (box[0], box[3] + 1), (wide, 2)),
    )
    return any(
        _inked(image, inside, size) and not _inked(image, outside, size)
        for room, inside, outside, size in strips
        if room >= 3
    )


def _inked(image: Image.Image, corner: tuple[int, int], size: tuple[int, int]) -> bool:
    x, y = corner
    strip = image.crop((x, y, x + size[0], y + size[1]))
    darkest: Any = strip.getextrema()[0]
    return bool(darkest < 250)


POINTS: tuple[Callable[[PrintFile], Iterator[Finding]], ...] = (
    identity, intent, boxes, screen, colour, text, ink, typefaces, transparency, resolution, edges,
)  # fmt: skip
