"""Points 11 to 16: what the book says about its accessibility, and whether it is so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from lxml.etree import _Element

from packager.check.epub import OPF, EpubFile, chapters, nav_document, place
from packager.check.package import dc, metas, values
from packager.check.vocabularies import ACCESS_MODES, FEATURES, HAZARDS
from packager.check.xhtml import HEADINGS, OWN_PAGES, elements, every, roles, text_of, typed, types
from packager.findings import Finding, Severity

CONFORMANCE = re.compile(r"EPUB Accessibility 1\.[1-9] - WCAG 2\.[0-9] Level A{1,3}")
CONFORMANCE_1_0 = re.compile(
    r"https?://www\.idpf\.org/epub/a11y/accessibility-20170105\.html#wcag-a{1,3}"
)


def said(book: EpubFile, name: str) -> list[str]:
    """The values of a schema.org property of the book."""
    return values(metas(book, f"schema:{name}"))


def _at(book: EpubFile, element: _Element | None = None) -> str:
    return place(book, book.package.name, element)


def modes(book: EpubFile) -> Iterator[Finding]:
    """Point 11: accessMode, accessibilityFeature, accessibilityHazard (EPUB Accessibility §2.2)."""
    tell = partial(Finding, "epub-11-access-metadata", Severity.WARNING)
    known = {
        "accessMode": ACCESS_MODES,
        "accessibilityFeature": FEATURES,
        "accessibilityHazard": HAZARDS,
    }
    for name, vocabulary in known.items():
        found = metas(book, f"schema:{name}")
        if not found:
            message = f"the metadata does not state schema:{name}"
            yield tell(_at(book), message, f"add a meta for schema:{name}")
        for element in found:
            if text_of(element) not in vocabulary:
                message = f"{text_of(element)!r} is no known value of schema:{name}"
                yield tell(_at(book, element), message, "take one from the schema.org vocabulary")
    hazards = said(book, "accessibilityHazard")
    if len(hazards) > 1 and {"none", "unknown"} & set(hazards):
        message = f"the hazards contradict each other: {', '.join(hazards)}"
        yield tell(_at(book), message, "state none or unknown alone")


def _telling_pictures(book: EpubFile) -> list[tuple[str, _Element]]:
    """The pictures that carry meaning: with a text, outside cover, title page and imprint."""
    found = []
    for document in chapters(book):
        if any(True for _ in typed(document, "cover", *OWN_PAGES)):
            continue
        for image in elements(document, "img"):
            telling = image.get("alt", "").strip() and "presentation" not in roles(image)
            if telling and "doc-cover" not in roles(image):
                found.append((document.name, image))
    return found


def visual(book: EpubFile) -> Iterator[Finding]:
    """Point 12: accessMode visual just when pictures carry meaning (EPUB Accessibility §2.2)."""
    tell = partial(Finding, "epub-12-visual", Severity.WARNING)
    pictures = _telling_pictures(book)
    declared = "visual" in said(book, "accessMode")
    if declared and not pictures:
        message = "accessMode visual is stated, but no picture beside the cover carries meaning"
        yield tell(_at(book), message, "state textual alone")
    if pictures and not declared and said(book, "accessMode"):
        name, image = pictures[0]
        message = "a picture carries meaning, but accessMode visual is not stated"
        yield tell(place(book, name, image), message, "add accessMode visual")


def sufficient(book: EpubFile) -> Iterator[Finding]:
    """Point 13: accessModeSufficient textual, a telling summary (EPUB Accessibility §2.2)."""
    tell = partial(Finding, "epub-13-sufficient")
    if "textual" not in said(book, "accessModeSufficient"):
        message = "accessModeSufficient textual is not stated"
        hint = "state it if every picture has a text in its place"
        yield tell(Severity.WARNING, _at(book), message, hint)
    summaries = said(book, "accessibilitySummary")
    if not summaries:
        message = "there is no accessibilitySummary"
        yield tell(
            Severity.NOTE, _at(book), message, "say in a sentence what helps and what is missing"
        )
    elif len(summaries[0].split()) < 5:
        message = "the accessibilitySummary says nothing that the other metadata do not"
        yield tell(
            Severity.NOTE, _at(book), message, "say in a sentence what helps and what is missing"
        )


def _has_nav(book: EpubFile, kind: str) -> bool:
    nav = nav_document(book)
    return nav is not None and any(kind in types(n) for n in elements(nav, "nav"))


def _has_breaks(book: EpubFile) -> bool:
    return any(
        "pagebreak" in types(e) or "doc-pagebreak" in roles(e)
        for document in chapters(book)
        for e in every(document)
    )


def _has_headings(book: EpubFile) -> bool:
    return any(e.tag in HEADINGS for d in chapters(book) for e in every(d))


def _has_alternatives(book: EpubFile) -> bool:
    return all(i.get("alt") is not None for d in chapters(book) for i in elements(d, "img"))


def _has_aria(book: EpubFile) -> bool:
    return any(e.get("role") for d in chapters(book) for e in every(d))


def _is_unlocked(book: EpubFile) -> bool:
    return all(entry.filename != "META-INF/encryption.xml" for entry in book.entries)


def _has_math(book: EpubFile) -> bool:
    mathml = "{http://www.w3.org/1998/Math/MathML}math"
    return any(e.tag == mathml for d in chapters(book) for e in every(d))


def _has_index(book: EpubFile) -> bool:
    return any(
        "index" in types(e) or "doc-index" in roles(e) for d in chapters(book) for e in every(d)
    )


PROOFS: dict[str, Callable[[EpubFile], bool]] = {
    "tableOfContents": lambda book: _has_nav(book, "toc"),
    "structuralNavigation": _has_headings,
    "pageNavigation": lambda book: _has_nav(book, "page-list"),
    "pageBreakMarkers": _has_breaks,
    "printPageNumbers": _has_breaks,
    "alternativeText": _has_alternatives,
    "ARIA": _has_aria,
    "unlocked": _is_unlocked,
    "MathML": _has_math,
    "index": _has_index,
}


def features(book: EpubFile) -> Iterator[Finding]:
    """Point 14: what accessibilityFeature claims is there (EPUB Accessibility §2.2)."""
    tell = partial(Finding, "epub-14-features")
    claimed = said(book, "accessibilityFeature")
    for element in metas(book, "schema:accessibilityFeature"):
        feature = text_of(element)
        if feature in PROOFS and not PROOFS[feature](book):
            message = f"the book claims {feature}, but that is not so"
            yield tell(Severity.WARNING, _at(book, element), message, "build it, or drop the claim")
    for feature in ("tableOfContents", "pageNavigation", "pageBreakMarkers"):
        silent = claimed and feature not in claimed
        if silent and "printPageNumbers" not in claimed and PROOFS[feature](book):
            message = f"the book has {feature} and does not say so"
            yield tell(Severity.NOTE, _at(book), message, f"add accessibilityFeature {feature}")


def conformance(book: EpubFile) -> Iterator[Finding]:
    """Point 15: a claim of conformance is exact and signed (EPUB Accessibility §3.5.2, §3.5.3)."""
    tell = partial(Finding, "epub-15-conformance", Severity.ERROR)
    assert book.package.root is not None
    claims = [(e, text_of(e)) for e in metas(book, "dcterms:conformsTo")]
    for link in book.package.root.iter(f"{{{OPF}}}link"):
        if link.get("rel") == "dcterms:conformsTo":
            claims.append((link, link.get("href", "")))
    for element, claim in claims:
        if not re.search("accessib|wcag|a11y", claim, re.IGNORECASE):
            continue
        exact = CONFORMANCE.fullmatch(claim) or CONFORMANCE_1_0.fullmatch(claim)
        if not exact and not re.match(r"https?://www\.w3\.org/TR/", claim):
            message = f"{claim!r} is not the form that a claim of conformance has"
            hint = "write exactly: EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
            yield tell(_at(book, element), message, hint)
        identity = element.get("id", "")
        if not any(values(metas(book, "a11y:certifiedBy", identity))) and not any(
            values(metas(book, "a11y:certifiedBy"))
        ):
            message = "conformance is claimed, but nobody is named who certified it"
            yield tell(_at(book, element), message, "add a11y:certifiedBy, or drop the claim")


def page_source(book: EpubFile) -> Iterator[Finding]:
    """Point 16: page breaks name their source, or none (EPUB Accessibility §3.4.1.3.1)."""
    tell = partial(Finding, "epub-16-page-source", Severity.WARNING)
    found = metas(book, "pageBreakSource")
    for source in dc(book, "source"):
        if "pagination" in values(metas(book, "source-of", source.get("id", ""))):
            found.append(source)
    paged = _has_breaks(book) or _has_nav(book, "page-list")
    if paged and not found:
        message = "the book has page breaks and does not say of which edition"
        hint = "add pageBreakSource: the ISBN of the print edition, or none"
        yield tell(_at(book), message, hint)
    if found and not paged:
        message = "pageBreakSource is stated, but the book has no page breaks"
        yield tell(_at(book, found[0]), message, "drop it")
    own = {_bare(value) for value in values(dc(book, "identifier"))}
    for element in found:
        if _bare(text_of(element)) in own:
            message = "the book names itself as the source of its page breaks"
            hint = "name the print edition, or write none for breaks of our own"
            yield tell(_at(book, element), message, hint)


def _bare(identifier: str) -> str:
    return re.sub(r"^urn:(isbn|uuid):|[-\s]", "", identifier.casefold())
