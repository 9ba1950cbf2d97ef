"""A small reader of the TEI that we write, and of no other: the oracle of the round trip."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from packager.dates import Date
from packager.editions.data.tei_body import XML_ID, XML_LANG, Element
from packager.speech import (
    GAP_SIGN,
    Block,
    BlockKind,
    Cut,
    Inline,
    InlineKind,
    Picture,
    Provenance,
    Speech,
)

T = {"t": "http://www.tei-c.org/ns/1.0"}

BLOCKS = {"p": "p", "quote": "quote", "stage": "stage", "note": "note", "head": "head",
          "dateline": "dateline", "salute": "salute", "signed": "signed", "speaker": "turn",
          "lg": "verse"}  # fmt: skip
RUNS = {"seg": "text", "hi": "emphasis", "foreign": "foreign", "name": "name", "ref": "reference",
        "lb": "line-break", "pb": "page-break", "gap": "gap"}  # fmt: skip
TARGETS = {"name": "ref", "ref": "target", "pb": "n", "gap": "reason"}


def speeches(data: bytes) -> list[Speech]:
    """Every speech of the file, as it was before it was written."""
    return [speech(text) for text in etree.fromstring(data).findall("t:TEI", T)]


def speech(text: Element) -> Speech:
    def said(path: str) -> str | None:
        found = text.find(f"t:teiHeader//{path}", T)
        return None if found is None else found.text or ""

    application = text.find(".//t:application", T)
    source = text.find(".//t:sourceDesc/t:bibl", T)
    assert application is not None and source is not None

    def of_page(path: str) -> str | None:
        found = source.find(path, T)
        return None if found is None else found.text or ""

    body = text.find("t:text/t:body", T)
    assert body is not None
    return Speech(
        id=said("t:idno[@type='speech']") or "",
        title=said("t:titleStmt/t:title") or "",
        speaker=said("t:titleStmt/t:author"),
        kind=said("t:term[@type='kind']"),
        occasion=said("t:setting/t:activity"),
        place=said("t:setting/t:name"),
        language=said("t:langUsage/t:language"),
        date=date(text.find(".//t:creation/t:date", T), of_page("t:note[@type='date-reason']")),
        topics=tuple(one.text or "" for one in text.findall(".//t:term[@type='topic']", T)),
        blocks=tuple(one for one in blocks(body) if isinstance(one, Block)),
        pictures=tuple(pictures(body)),
        provenance=Provenance(
            path=of_page("t:idno[@type='file']") or "",
            sha256=of_page("t:idno[@type='sha256']") or "",
            reader=application.get("ident", ""),
            reader_version=application.get("version", ""),
            outlet=of_page("t:publisher"),
            url=of_page("t:ref"),
            captured=of_page("t:date[@type='captured']"),
            cut=tuple(
                Cut(kind.text or "", int(words.get("value", "")), start.text or "")
                for kind, words, start in text.findall(".//t:samplingDecl//t:item", T)
            ),
        ),
    )


def date(element: Element | None, reason: str | None) -> Date | None:
    if element is None:
        return None
    days = (element.get(f"{name}-custom", "") for name in ("when", "notBefore", "notAfter"))
    return Date(element.text or "", *days, reason)


def pictures(body: Element) -> Iterator[Picture]:
    at = 0
    for one in blocks(body):
        if isinstance(one, Block):
            at += 1
            continue
        graphic = one[0]
        said, caption = one.find("t:figDesc", T), one.findtext("t:p", "", T)
        yield Picture(
            at,
            unquote(graphic.get("url", "")),
            one.get("n", "").removeprefix("sha256:"),
            graphic.get("mimeType", ""),
            int(graphic.get("width", "").removesuffix("px")),
            int(graphic.get("height", "").removesuffix("px")),
            None if said is None else said.text or "",
            caption,
        )


def blocks(place: Element) -> Iterator[Block | Element]:
    marker = None
    for element in place:
        tag = etree.QName(element).localname
        if tag in ("sp", "list"):
            yield from blocks(element)
        elif tag == "figure":
            yield element
        elif tag == "label":
            marker = element.text or ""
        else:
            yield block(element, tag, marker)
            marker = None


def block(element: Element, tag: str, marker: str | None) -> Block:
    around = element.getparent()
    assert around is not None
    typed = around.get("type", "list") if tag == "item" else element.get("type", "")
    kind = BlockKind(BLOCKS.get(tag) or typed)
    content: list[Inline] = []
    if tag == "lg":
        for n, line in enumerate(element):
            content += [Inline(InlineKind.LINE_BREAK)] if n else []
            content += runs(line)
    else:
        content += runs(element[0] if tag == "quote" else element)
    ident = element.get(XML_ID)
    return Block(
        kind,
        tuple(content),
        language=element.get(XML_LANG),
        speaker=element.get("n") if kind is BlockKind.TURN else None,
        marker=marker,
        ident=None if ident is None else named(ident),
        level=int(element.get("n", "1")) if kind is BlockKind.HEAD else 1,
    )


def named(ident: str) -> str:
    """The id of a note as the speech has it."""
    ident = ident.partition(".")[2]
    return re.sub(r"_([0-9a-f]+)_", lambda code: chr(int(code[1], 16)), ident)


def runs(element: Element, *, own: bool = False) -> Iterator[Inline]:
    if element.text and not own:
        yield Inline(InlineKind.TEXT, element.text)
    for child in element:
        yield run(child)
        if child.tail:
            yield Inline(InlineKind.TEXT, child.tail)


def run(element: Element) -> Inline:
    tag = etree.QName(element).localname
    note = tag == "ref" and element.get("type") == "note"
    kind = "note-reference" if note else RUNS[tag]
    target = element.get(TARGETS.get(tag, "corresp"))
    own = element.get("n") == "text" and tag != "pb"
    return Inline(
        InlineKind(element.get("type", kind) if tag == "seg" else kind),
        GAP_SIGN if tag == "gap" else (element.text or "") if own else "",
        tuple(runs(element, own=own)),
        target=named(target[1:]) if note and target is not None else target,
        language=element.get(XML_LANG),
    )
