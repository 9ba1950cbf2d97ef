"""Checks a PDF by its own structure: syntax, title and language, tags, and what hangs on pages.

Opens with pikepdf. What it claims to be (PDF/UA, PDF/A, PDF/X; `Claims`) says how grave a
lack is: a print file (PDF/X) needs no tags, a PDF/UA file without them is in error. A damaged
file gives findings of code pdf-syntax, never a traceback.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pikepdf
from pikepdf import Name

from packager.check import pdf_links, pdf_pages
from packager.check.epub import parse
from packager.check.package import LANGUAGE_TAG
from packager.check.pdf_file import FAULTS, Claims, PdfFile, grave, page_place
from packager.check.xhtml import text_of
from packager.findings import Finding, Severity

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
MAX_TOLD = 10
PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://www.aiim.org/pdfua/ns/id/": "pdfuaid",
    "http://www.aiim.org/pdfa/ns/id/": "pdfaid",
    "http://www.npes.org/pdfx/ns/id/": "pdfxid",
}
DECLARES = "{http://pdfa.org/declarations/}conformsTo"
WTPDF = {
    "http://pdfa.org/declarations/wtpdf#accessibility1.0": "accessibility",
    "http://pdfa.org/declarations/wtpdf#reuse1.0": "reuse",
}


def validate(path: Path) -> Iterator[Finding]:
    """All that we can tell about the PDF behind `path`."""
    place = str(path)
    try:
        with pikepdf.open(path) as pdf:
            book = _look(place, pdf)
            for point in POINTS:
                yield from _guarded(point, book)
    except pikepdf.PasswordError:
        message = "the file asks for a password"
        yield _broken(place, message, "save it without encryption")
    except (pikepdf.PdfError, OSError) as fault:
        message = f"no readable PDF: {_words(str(fault), place)}"
        yield _broken(place, message, "build or fetch the file again")


def read_xmp(pdf: pikepdf.Pdf) -> tuple[dict[str, str], int, str]:
    """The properties of the XMP packet that we ask for, how many rdf:RDF it has, its fault."""
    stream = pdf.Root.get(Name.Metadata)
    if not isinstance(stream, pikepdf.Stream):
        return {}, 0, ""
    packet = parse("XMP", stream.read_bytes())
    if packet.root is None:
        return {}, 0, packet.fault
    found: dict[str, str] = {}
    declared = [WTPDF.get(text_of(one)) for one in packet.root.iter(DECLARES)]
    if any(declared):
        found["wtpdf"] = " ".join(filter(None, declared))
    for description in packet.root.iter(f"{{{RDF}}}Description"):
        pairs = [(str(key), str(value)) for key, value in description.attrib.items()]
        pairs += [(str(c.tag), text_of(c)) for c in description.iterchildren("*")]
        for key, value in pairs:
            namespace, _, name = key.lstrip("{").rpartition("}")
            if namespace in PREFIXES:
                found.setdefault(f"{PREFIXES[namespace]}:{name}", value)
    return found, sum(1 for _ in packet.root.iter(f"{{{RDF}}}RDF")), ""


def claims_of(pdf: pikepdf.Pdf) -> Claims:
    """What the file says that it is."""
    xmp, _, _ = read_xmp(pdf)
    archive = xmp.get("pdfaid:part", "") + xmp.get("pdfaid:conformance", "").lower()
    info = pdf.trailer.get(Name.Info)
    older = info.get(Name.GTS_PDFXVersion) if isinstance(info, pikepdf.Dictionary) else None
    press = xmp.get("pdfxid:GTS_PDFXVersion") or str(older or "")
    tagged = tuple(xmp.get("wtpdf", "").split())
    return Claims(ua=xmp.get("pdfuaid:part", ""), archive=archive, press=press, tagged=tagged)


def _look(place: str, pdf: pikepdf.Pdf) -> PdfFile:
    try:
        claims = claims_of(pdf)
    except FAULTS:
        claims = Claims()
    try:
        pages = tuple(pdf.pages)
    except FAULTS:
        pages = ()
    return PdfFile(place, pdf, claims, pages)


def _guarded(point: Callable[[PdfFile], Iterator[Finding]], book: PdfFile) -> list[Finding]:
    """A point's findings, or one that says that the structure it reads is damaged."""
    try:
        return list(point(book))
    except FAULTS as fault:
        what = (point.__doc__ or point.__name__).split(" (")[0]
        message = f"its structure is damaged ({what}): {_words(str(fault), book.place)}"
        return [_broken(book.place, message, "build or fetch the file again")]


def syntax(book: PdfFile) -> Iterator[Finding]:
    """Syntax, as qpdf reads it (PDF 7.5)."""
    problems = [*book.pdf.check_pdf_syntax(), *map(str, book.pdf.get_warnings())]
    hint = "build the file again; qpdf --check shows all"
    told = dict.fromkeys(_words(problem, book.place) for problem in problems)
    for problem in list(told)[:MAX_TOLD]:
        yield _broken(book.place, problem, hint)
    if not book.pages:
        yield _broken(book.place, "the file has no pages", hint)


def metadata(book: PdfFile) -> Iterator[Finding]:
    """Title, language, identification (PDF 14.3; PDF/UA-1 §5, §7.1, §7.2)."""
    tell = partial(Finding, "pdf-metadata")
    severity, at = grave(book), book.place
    xmp, packets, fault = read_xmp(book.pdf)
    if fault:
        message = f"the XMP metadata do not parse: {fault}"
        yield tell(Severity.ERROR, at, message, "write well-formed XML")
    if packets > 1:
        message = f"the XMP metadata have {packets} parts (rdf:RDF), readers see only the first"
        yield tell(Severity.WARNING, at, message, "write one packet with all properties")
    info = book.pdf.trailer.get("/Info", pikepdf.Dictionary())
    title, shown = str(info.get("/Title", "")).strip(), xmp.get("dc:title", "")
    if not (title or shown):
        yield tell(severity, at, "the file has no title", "set a title, in Info and in XMP")
    elif title and shown and " ".join(title.split()) != " ".join(shown.split()):
        message = f"Info gives the title {title!r}, XMP {shown!r}"
        yield tell(Severity.WARNING, at, message, "write the same title in both")
    language = str(book.pdf.Root.get("/Lang", "")).strip()
    if not language and not book.claims.press:
        yield tell(severity, at, "the file states no language", "set /Lang in the catalog")
    elif language and not LANGUAGE_TAG.fullmatch(language):
        message = f"{language!r} is no well-formed language tag"
        yield tell(severity, at, message, "write a tag such as en or ko")
    preferences = book.pdf.Root.get("/ViewerPreferences", pikepdf.Dictionary())
    if not preferences.get("/DisplayDocTitle", False) and not book.claims.press:
        message = "readers show the name of the file, not the title"
        yield tell(severity, at, message, "set /DisplayDocTitle true in /ViewerPreferences")
    part = book.claims.ua
    if part not in {"", "1", "2"} or (part == "2" and "pdfuaid:rev" not in xmp):
        message = f"the identification as PDF/UA-{part} is not complete"
        yield tell(Severity.ERROR, at, message, "write pdfuaid:part 1, or 2 with pdfuaid:rev 2024")


def tags(book: PdfFile) -> Iterator[Finding]:
    """Tags: a structure tree that holds something (PDF 14.7, 14.8; PDF/UA-1 §7.1)."""
    if book.claims.press:
        return
    tell = partial(Finding, "pdf-tags")
    severity, at, root = grave(book), book.place, book.pdf.Root
    mark = root.get("/MarkInfo", pikepdf.Dictionary())
    if not mark.get("/Marked", False):
        message = "the file is not marked as tagged"
        yield tell(severity, at, message, "build it with tags: /MarkInfo /Marked true")
    if mark.get("/Suspects", False):
        message = "the file says of itself that its tags are suspect"
        yield tell(severity, at, message, "check the tags, then drop /Suspects")
    tree = root.get("/StructTreeRoot")
    if tree is None:
        message = "there is no structure tree, so listeners hear no headings and no order"
        yield tell(severity, at, message, "build it with tags")
        return
    if not _has_elements(tree):
        yield tell(severity, at, "the structure tree is empty", "tag what stands on the pages")
    elif tree.get("/ParentTree") is None:
        message = "the structure tree has no way back from the pages (/ParentTree)"
        yield tell(severity, at, message, "write /ParentTree with /StructParents on each page")
    for number, page in enumerate(book.pages, start=1):
        if book.claims.ua and "/Annots" in page.obj and page.obj.get("/Tabs") != Name.S:
            message = "links on this page are not stepped through in order of the tags"
            yield tell(severity, page_place(book, number), message, "set /Tabs /S on the page")


def _has_elements(tree: pikepdf.Object) -> bool:
    kids = tree.get("/K")
    if kids is None:
        return False
    return len(kids) > 0 if isinstance(kids, pikepdf.Array) else True


def _broken(place: str, message: str, hint: str) -> Finding:
    return Finding("pdf-syntax", Severity.ERROR, place, message, hint)


def _words(text: str, place: str) -> str:
    """A message of qpdf without its grade and the path, which we put before it anyway."""
    bare = " ".join(text.replace(place, "").split())
    return re.sub(r"^((WARNING|ERROR)\b|[\s:,])+", "", bare)


POINTS: tuple[Callable[[PdfFile], Iterator[Finding]], ...] = (
    syntax,
    metadata,
    tags,
    pdf_pages.fonts,
    pdf_pages.boxes,
    pdf_pages.labels,
    pdf_links.bookmarks,
    pdf_links.links,
    pdf_links.active,
)
