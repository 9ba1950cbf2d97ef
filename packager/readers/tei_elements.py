"""The elements of TEI that texts of speeches, letters and plays use, and what each is to us.

Accepts TEI P5 and P4 alike: names are compared without their namespace.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from packager.readers.shown import Shown
from packager.readers.xml_stream import Element, XmlFile, tag_of
from packager.speech import BlockKind, Inline, InlineKind

_K = BlockKind
_I = InlineKind

CONTAINERS = frozenset(
    "TEI TEI.2 teiCorpus text group front body back div div0 div1 div2 div3 div4 div5 div6 div7 "
    "floatingText sp u opener closer postscript argument castList castGroup titlePage docTitle "
    "performance prologue epilogue cit epigraph set trailer listBibl annotationBlock".split()
)
"""Elements that hold blocks and are none."""

KINDS = {
    "p": _K.P, "ab": _K.P, "head": _K.HEAD, "stage": _K.STAGE, "speaker": _K.TURN,
    "signed": _K.SIGNED, "dateline": _K.DATELINE, "salute": _K.SALUTE, "castItem": _K.LIST,
    "kinesic": _K.STAGE, "vocal": _K.STAGE, "incident": _K.STAGE, "writing": _K.STAGE,
    "camera": _K.STAGE, "sound": _K.STAGE, "caption": _K.STAGE,
}  # fmt: skip
WITHIN = {"closer": _K.SIGNED, "epigraph": _K.QUOTE, "set": _K.STAGE, "trailer": _K.P}
"""Containers whose paragraphs are not plain ones."""

KEPT_WITHIN = frozenset({_K.QUOTE, _K.LIST, _K.STAGE, _K.SIGNED})
CUT = {
    "fw": "running head", "figure": "picture", "del": "deleted in the source",
    "surplus": "deleted in the source", "teiHeader": "header", "facsimile": "picture",
    "graphic": "picture", "media": "picture",
    "standOff": "notes apart from the text", "spanGrp": "notes apart from the text",
    "linkGrp": "notes apart from the text",
}  # fmt: skip
INLINE = frozenset(
    "hi emph foreign persName placeName orgName name rs geogName ref ptr gap lb unclear supplied "
    "add choice abbr expan sic corr orig reg date time num measure title term gloss mentioned "
    "soCalled w pc s phr cl subst damage seg said q distinct code ident email formula surname "
    "forename roleName addName nameLink idno bibl role roleDesc anchor milestone cb".split()
)
NAMES = frozenset("persName placeName orgName name rs geogName".split())
PLAIN_HI = ("smallcaps", "small-caps", "sup", "sub", "roman", "normal")
SHOWN = ("italic", "underline")
EM_SPACE = "\u2003"
"""Between the cells of a table's row: wide on the page, white space to whoever counts words."""


@dataclass(frozen=True, eq=False)
class Frame:
    """What the text now met belongs to. Two frames are never equal: each paragraph has its own."""

    kind: BlockKind = _K.P
    container: bool = False
    language: str | None = None
    speaker: str | None = None
    ident: str | None = None
    shown: bool = False
    within: BlockKind | None = None


def is_block(element: Element) -> bool:
    """True for an element that begins a line of its own."""
    tag = tag_of(element)
    return tag in CONTAINERS or tag in KINDS or tag in ("lg", "l", "list", "item", "table", "row")


def page_break(element: Element) -> list[Inline]:
    """The page of the source that begins here; nothing where it has no number."""
    number = element.get("n")
    return [Inline(_I.PAGE_BREAK, target=number)] if number else []


def line_break(element: Element) -> list[Inline]:
    """A break that the author made; those of the typesetter are numbered or part a word."""
    if element.get("break") == "no":
        return []
    if any(element.get(name) for name in ("n", "facs", "ed", "edRef")):
        return [Inline(_I.TEXT, " ")]
    return [Inline(_I.LINE_BREAK)]


def figures(file: XmlFile, element: Element) -> list[Shown]:
    """The pictures of a figure (TEI P5 §14.1), the last with its caption; none where it has none,
    and none of a facsimile."""
    graphics = [one for one in element.iter("{*}graphic") if one.get("url")]
    if tag_of(element) not in ("figure", "graphic") or not graphics:
        return []
    said = [file.text(one, apart=True) for one in element.iter("{*}figDesc")]
    others = [one for one in element if tag_of(one) not in ("", "figDesc", "graphic")]
    alt = " ".join(said) if said else None
    caption = " ".join(filter(None, (file.text(one, apart=True) for one in others)))
    shown = [Shown(0, (one.get("url") or "",), alt) for one in graphics]
    return [*shown[:-1], replace(shown[-1], caption=caption, lost=file.text(element, apart=True))]
