"""The XMP packet of a PDF (ISO 16684-1), whole: what the book is and what the file keeps to.

PDF/A-3 and PDF/UA-1 identify themselves here (ISO 19005-3 §6.6.4, ISO 14289-1 §5), and PDF/A-3
asks for a description of the properties that it does not know (§6.6.2.3.3). PDF/A-4, PDF/UA-2
and WTPDF need none (ISO 19005-4 §6.7.3, ISO 14289-2 §5, WTPDF 1.0 §6.1).
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from lxml import etree

from packager.meta import Meta

_NS = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
    "pdfd": "http://pdfa.org/declarations/",
}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Conformance:
    """What a file keeps to: the PDF version, PDF/A and PDF/UA as XMP names them, and the
    declarations (addresses) beside them."""

    version: str
    archive: tuple[tuple[str, str], ...]
    accessible: tuple[tuple[str, str], ...]
    declares: tuple[str, ...] = ()


PDF_A3A_UA1 = Conformance(
    "1.7",
    archive=(("part", "3"), ("conformance", "A")),
    accessible=(("part", "1"),),
)
"""PDF/A-3a and PDF/UA-1: what readers and libraries know."""

PDF_A4F_UA2 = Conformance(
    "2.0",
    archive=(("part", "4"), ("conformance", "F"), ("rev", "2020")),
    accessible=(("part", "2"), ("rev", "2024")),
    declares=(
        "http://pdfa.org/declarations/wtpdf#accessibility1.0",
        "http://pdfa.org/declarations/wtpdf#reuse1.0",
    ),
)
"""PDF/A-4f, PDF/UA-2 and WTPDF 1.0 for accessibility and for reuse."""


def packet(meta: Meta, when: dt.datetime, conformance: Conformance, producer: str) -> bytes:
    """The packet as bytes, the same for the same book and moment."""
    root = etree.Element(_name("x:xmpmeta"), nsmap={"x": _NS["x"]})
    rdf = etree.SubElement(root, _name("rdf:RDF"), nsmap={"rdf": _NS["rdf"]})
    moment = when.strftime("%Y-%m-%dT%H:%M:%SZ")
    dc = _description(rdf, "dc")
    _text(dc, "dc:format", "application/pdf")
    _listed(dc, "dc:title", "Alt", meta.title)
    _listed(dc, "dc:creator", "Seq", *meta.editors)
    _listed(dc, "dc:language", "Bag", meta.language)
    _listed(dc, "dc:description", "Alt", meta.description)
    _listed(dc, "dc:publisher", "Bag", meta.publisher)
    _listed(dc, "dc:rights", "Alt", meta.rights)
    _text(dc, "dc:identifier", meta.urn)
    xmp = _description(rdf, "xmp")
    for name in ("CreateDate", "ModifyDate", "MetadataDate"):
        _text(xmp, f"xmp:{name}", moment)
    _text(xmp, "xmp:CreatorTool", producer)
    _text(_description(rdf, "pdf"), "pdf:Producer", producer)
    media = _description(rdf, "xmpMM")
    _text(media, "xmpMM:DocumentID", f"uuid:{identifier(meta, conformance)}")
    for prefix, entries in (("pdfaid", conformance.archive), ("pdfuaid", conformance.accessible)):
        identification = _description(rdf, prefix)
        for key, value in entries:
            _text(identification, f"{prefix}:{key}", value)
    if conformance.declares:
        _declarations(_description(rdf, "pdfd"), conformance.declares)
    if conformance.version < "2":
        _extension(_description(rdf, "pdfaExtension"))
    body = etree.tostring(root, encoding="unicode", pretty_print=True)
    return (
        f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n{body}<?xpacket end="r"?>'
    ).encode()


def identifier(meta: Meta, conformance: Conformance) -> uuid.UUID:
    """What identifies the file whatever its content: made of the book and the PDF version."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{meta.urn}#pdf-{conformance.version}")


def _name(written: str) -> str:
    prefix, _, local = written.partition(":")
    return f"{{{_NS[prefix]}}}{local}"


def _description(rdf: etree._Element, prefix: str) -> etree._Element:
    made = etree.SubElement(rdf, _name("rdf:Description"), nsmap={prefix: _NS[prefix]})
    made.set(_name("rdf:about"), "")
    return made


def _text(parent: etree._Element, name: str, text: str) -> etree._Element:
    made = etree.SubElement(parent, _name(name))
    made.text = text
    return made


def _listed(parent: etree._Element, name: str, kind: str, *texts: str | None) -> None:
    """A property with a list of values; of an Alt the first is for every language."""
    if not (found := [text for text in texts if text]):
        return
    values = etree.SubElement(etree.SubElement(parent, _name(name)), _name(f"rdf:{kind}"))
    for text in found:
        item = _text(values, "rdf:li", text)
        if kind == "Alt":
            item.set(_LANG, "x-default")


def _resource(parent: etree._Element, name: str) -> etree._Element:
    made = etree.SubElement(parent, _name(name))
    made.set(_name("rdf:parseType"), "Resource")
    return made


def _declarations(parent: etree._Element, addresses: tuple[str, ...]) -> None:
    """PDF Declarations (PDF Association, 2019): what else the file says that it keeps to."""
    bag = etree.SubElement(etree.SubElement(parent, _name("pdfd:declarations")), _name("rdf:Bag"))
    for address in addresses:
        _text(_resource(bag, "rdf:li"), "pdfd:conformsTo", address)


def _extension(parent: etree._Element) -> None:
    """The schema of PDF/UA-1's identification, which PDF/A-3 wants described."""
    for prefix in ("pdfaSchema", "pdfaProperty"):
        etree.register_namespace(prefix, _NS[prefix])
    bag = etree.SubElement(
        etree.SubElement(parent, _name("pdfaExtension:schemas")), _name("rdf:Bag")
    )
    schema = _resource(bag, "rdf:li")
    _text(schema, "pdfaSchema:schema", "PDF/UA identification schema")
    _text(schema, "pdfaSchema:namespaceURI", _NS["pdfuaid"])
    _text(schema, "pdfaSchema:prefix", "pdfuaid")
    properties = etree.SubElement(
        etree.SubElement(schema, _name("pdfaSchema:property")), _name("rdf:Seq")
    )
    entry = _resource(properties, "rdf:li")
    _text(entry, "pdfaProperty:name", "part")
    _text(entry, "pdfaProperty:valueType", "Integer")
    _text(entry, "pdfaProperty:category", "internal")
    _text(entry, "pdfaProperty:description", "Part of ISO 14289 to which the file conforms")
