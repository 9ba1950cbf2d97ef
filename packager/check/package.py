"""Points 4 to 10: the package document and its metadata."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from lxml.etree import _Element

from packager.check.epub import DC, OPF, XML, EpubFile, chapters, place
from packager.check.vocabularies import ISO_639_1
from packager.check.xhtml import language, local, text_of
from packager.findings import Finding, Severity

# BCP 47 §2.1, without the private and grandfathered tags, which no shop accepts.
LANGUAGE_TAG = re.compile(
    r"[a-z]{2,3}(-[a-z]{3}){0,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?(-([a-z\d]{5,8}|\d[a-z\d]{3}))*"
    r"(-[a-wyz\d](-[a-z\d]{2,8})+)*(-x(-[a-z\d]{1,8})+)?",
    re.IGNORECASE,
)
W3C_DATE = re.compile(
    r"-?\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?)?)?"
)
URI = re.compile(r"[a-z][a-z\d+.-]*:\S+", re.IGNORECASE)


def dc(book: EpubFile, name: str) -> list[_Element]:
    """The Dublin Core elements of this name."""
    assert book.package.root is not None
    return list(book.package.root.iter(f"{{{DC}}}{name}"))


def metas(book: EpubFile, name: str, refines: str | None = None) -> list[_Element]:
    """The `meta` elements of a property: the book's own, or those that refine an id."""
    assert book.package.root is not None
    wanted = None if refines is None else f"#{refines}"
    found = book.package.root.iter(f"{{{OPF}}}meta")
    return [m for m in found if m.get("property") == name and m.get("refines") == wanted]


def values(elements: list[_Element]) -> list[str]:
    """Their texts, white space collapsed."""
    return [text_of(element) for element in elements]


def _at(book: EpubFile, element: _Element | None = None) -> str:
    return place(book, book.package.name, element)


def package_element(book: EpubFile) -> Iterator[Finding]:
    """Point 4: version 3.0, xml:lang, identifier a URI (EPUB 3.3 §5.4, §5.5.3.1.1)."""
    tell = partial(Finding, "epub-04-package")
    root = book.package.root
    assert root is not None
    if root.get("version") != "3.0":
        message = f"the package is of version {root.get('version')!r}, not 3.0"
        yield tell(Severity.ERROR, _at(book, root), message, "write an EPUB 3 package")
    if not root.get(f"{{{XML}}}lang"):
        message = "the package states no language for its own words"
        yield tell(Severity.WARNING, _at(book, root), message, "set xml:lang on package")
    wanted = root.get("unique-identifier")
    unique = next((e for e in dc(book, "identifier") if wanted and e.get("id") == wanted), None)
    if unique is None:
        message = "unique-identifier names no dc:identifier"
        yield tell(Severity.ERROR, _at(book, root), message, "point it at the id of one")
    elif not URI.fullmatch(text_of(unique)):
        message = f"the identifier {text_of(unique)!r} is no URI"
        hint = "write urn:isbn:..., urn:uuid:... or an address"
        yield tell(Severity.WARNING, _at(book, unique), message, hint)


def modified(book: EpubFile) -> Iterator[Finding]:
    """Point 5: one dcterms:modified, UTC, real, not in the future (EPUB 3.3 §5.5.5)."""
    tell = partial(Finding, "epub-05-modified")
    hint = "write one meta dcterms:modified such as 2026-01-31T12:00:00Z"
    found = metas(book, "dcterms:modified")
    if len(found) != 1:
        message = f"{len(found)} dcterms:modified instead of one"
        yield tell(Severity.ERROR, _at(book), message, hint)
        return
    text = text_of(found[0])
    try:
        stamp = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        message = f"dcterms:modified {text!r} is no UTC date and time"
        yield tell(Severity.ERROR, _at(book, found[0]), message, hint)
        return
    if stamp > book.arrived + timedelta(days=1):
        message = f"dcterms:modified {text} is later than the file itself"
        hint = "take the time from the newest input or from SOURCE_DATE_EPOCH, in UTC"
        yield tell(Severity.WARNING, _at(book, found[0]), message, hint)


def title(book: EpubFile) -> Iterator[Finding]:
    """Point 6: one main title, all typed, file-as (EPUB 3.3 §5.5.3.1.2, title-type)."""
    tell = partial(Finding, "epub-06-title")
    titles = dc(book, "title")
    if not any(values(titles)):
        yield tell(Severity.ERROR, _at(book), "the book has no title", "write dc:title")
        return
    kinds = [values(metas(book, "title-type", element.get("id", ""))) for element in titles]
    mains = [e for e, kind in zip(titles, kinds, strict=True) if "main" in kind]
    if len(titles) > 1 and len(mains) != 1:
        message = f"{len(titles)} titles, {len(mains)} of them the main one"
        hint = "give each title its title-type, and one of them 'main'"
        yield tell(Severity.WARNING, _at(book, titles[0]), message, hint)
    untyped = [e for e, kind in zip(titles, kinds, strict=True) if not kind]
    if untyped:
        message = f"the title {text_of(untyped[0])!r} has no title-type"
        yield tell(Severity.NOTE, _at(book, untyped[0]), message, "refine it: main, subtitle, ...")
    main = (mains or titles)[0]
    if not metas(book, "file-as", main.get("id", "")):
        message = "the main title has no file-as, the form under which shelves sort it"
        yield tell(Severity.NOTE, _at(book, main), message, "refine dc:title with file-as")


def people(book: EpubFile) -> Iterator[Finding]:
    """Point 7: each person has an id, file-as and a MARC role (EPUB 3.3 §5.5.3.2.3)."""
    tell = partial(Finding, "epub-07-people")
    for person in dc(book, "creator") + dc(book, "contributor"):
        name, identity, where = text_of(person), person.get("id", ""), _at(book, person)
        if not identity:
            message = f"{name!r} has no id, so nothing can be said about the person"
            yield tell(Severity.NOTE, where, message, "give each person an id of its own")
            continue
        if not metas(book, "file-as", identity):
            message = f"{name!r} has no file-as, the form under which shelves sort it"
            yield tell(Severity.NOTE, where, message, "refine it with file-as")
        found = metas(book, "role", identity)
        if not found:
            message = f"{name!r} has no role"
            yield tell(Severity.NOTE, where, message, "refine it with a MARC code: aut, edt, spk")
        for role in found:
            if role.get("scheme") == "marc:relators" and re.fullmatch("[a-z]{3}", text_of(role)):
                continue
            message = f"the role {text_of(role)!r} of {name!r} is no MARC code with its scheme"
            hint = 'write scheme="marc:relators" and a code such as aut, edt, spk'
            yield tell(Severity.WARNING, _at(book, role), message, hint)


def languages(book: EpubFile) -> Iterator[Finding]:
    """Point 8: languages well-formed, declared, the main one first (EPUB 3.3 §5.5.3.1.3)."""
    tell = partial(Finding, "epub-08-languages")
    declared = dc(book, "language")
    if not declared:
        message = "the book states no language"
        yield tell(Severity.ERROR, _at(book), message, "write dc:language")
    for element in declared:
        tag = text_of(element)
        primary = tag.partition("-")[0].casefold()
        if not LANGUAGE_TAG.fullmatch(tag):
            message = f"{tag!r} is no well-formed language tag"
            yield tell(Severity.ERROR, _at(book, element), message, "write a tag such as en or ko")
        elif len(primary) == 2 and primary not in ISO_639_1:
            message = f"no language has the code {primary!r}; shops refuse such a book"
            yield tell(Severity.WARNING, _at(book, element), message, "write a tag such as en-US")
    primaries = [text_of(element).partition("-")[0].casefold() for element in declared]
    used: Counter[str] = Counter()
    for document in chapters(book):
        assert document.root is not None
        primary = language(document.root).partition("-")[0].casefold()
        if not primary:
            continue
        used[primary] += 1
        if declared and primary not in primaries:
            message = f"written in {primary!r}, which no dc:language declares"
            where = place(book, document.name, document.root)
            yield tell(Severity.WARNING, where, message, "add it to the languages of the book")
    if primaries and used and used[primaries[0]] < max(used.values()):
        most = used.most_common(1)[0][0]
        message = f"the first language is {primaries[0]!r}, but most documents are in {most!r}"
        yield tell(Severity.WARNING, _at(book, declared[0]), message, "name the main one first")


def description(book: EpubFile) -> Iterator[Finding]:
    """Point 9: publisher, date, description, subject, rights, source (EPUB 3.3 §5.5.3.2)."""
    tell = partial(Finding, "epub-09-metadata")
    assert book.package.root is not None
    wanted = ("publisher", "date", "description", "subject", "rights", "source")
    missing = [name for name in wanted if not any(values(dc(book, name)))]
    if missing:
        message = f"the metadata lacks {', '.join(missing)}"
        yield tell(
            Severity.NOTE, _at(book), message, "say it in [book], so that catalogues show it"
        )
    for element in book.package.root.iter(f"{{{DC}}}*", f"{{{OPF}}}meta"):
        if not text_of(element) and element.get("content") is None:
            name = element.get("property") or f"dc:{local(element)}"
            message = f"{name} is empty"
            yield tell(Severity.ERROR, _at(book, element), message, "give it a value or drop it")
    for element in dc(book, "date"):
        if text_of(element) and not W3C_DATE.fullmatch(text_of(element)):
            message = f"the date {text_of(element)!r} is not in the ISO form"
            yield tell(Severity.WARNING, _at(book, element), message, "write 2026, or 2026-01-31")


def refinements(book: EpubFile) -> Iterator[Finding]:
    """Point 10: refines resolve, ids unique, collections typed (EPUB 3.3 §5.3.3, §5.3.6)."""
    tell = partial(Finding, "epub-10-refines")
    assert book.package.root is not None
    seen: dict[str, _Element] = {}
    for element in book.package.root.iter("*"):
        identity = element.get("id")
        if identity is not None and seen.setdefault(identity, element) is not element:
            message = f"the id {identity!r} is given twice"
            yield tell(Severity.ERROR, _at(book, element), message, "give each element its own id")
    for element in book.package.root.iter(f"{{{OPF}}}meta", f"{{{OPF}}}link"):
        refines = element.get("refines")
        if refines is not None and refines.startswith("#") and refines[1:] not in seen:
            message = f"refines {refines!r}, which is not there"
            yield tell(
                Severity.ERROR, _at(book, element), message, "point it at an id of the package"
            )
    for element in metas(book, "belongs-to-collection"):
        kind = values(metas(book, "collection-type", element.get("id", "")))
        if not kind or not set(kind) <= {"series", "set"}:
            message = f"the collection {text_of(element)!r} has no type"
            hint = "refine it with collection-type: series or set"
            yield tell(Severity.WARNING, _at(book, element), message, hint)
