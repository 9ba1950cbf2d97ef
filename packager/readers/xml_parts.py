"""What every XML reader does alike: knows a file by its root, tells where a speech came from,
hands over speeches with what was left out between them, and tells what the file gave to tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from packager.findings import Report, Severity
from packager.readers.xml_stream import XmlFile
from packager.speech import Cut, Provenance, Speech


@lru_cache(maxsize=1)
def head_text(head: bytes) -> str:
    """The first bytes of a file as text, as far as markup goes.

    Kept, as each form of XML asks for that of the same file.

    >>> head_text("<TEI>".encode("utf-16"))
    '<TEI>'
    """
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return head[: len(head) & ~1].decode("utf-16" if wide else "utf-8", "ignore").lstrip("\ufeff")


_BEFORE_ROOT = re.compile(
    r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!DOCTYPE[^>\[]*(?:\[.*?\])?[^>]*>", re.DOTALL
)
_ROOT = re.compile(r"<(?!\?|!)(?:[\w.-]+:)?([\w.-]+)([^>]*)")


@lru_cache(maxsize=1)
def root_of(head: str) -> tuple[str, str]:
    """The name of the first element of a file and its attributes as written; empty where none.

    >>> root_of('<?xml version="1.0"?><!-- a --><tei:TEI xml:lang="gl">')
    ('TEI', ' xml:lang="gl"')
    """
    match = _ROOT.match(_BEFORE_ROOT.sub("", head).lstrip())
    return (match[1], match[2]) if match else ("", "")


_HEADER = re.compile(
    r"<(?:[\w.-]+:)?teiHeader\b(.*?)(?:</(?:[\w.-]+:)?teiHeader\s*>|\Z)", re.DOTALL
)
_ELEMENT = r"<(?:[\w.-]+:)?{tag}\b([^<>]*)>(.*?)(?:</(?:[\w.-]+:)?{tag}\s*>|\Z)"


def stated(head: str, tag: str) -> list[tuple[str, str]]:
    """The elements of this name in the TEI header, as far as the first bytes go: attributes and
    what they hold, both as written.

    >>> stated("<TEI><teiHeader><idno type='n'>a1</idno></teiHeader><idno>b2</idno>", "idno")
    [(" type='n'", 'a1')]
    """
    header = _HEADER.search(_BEFORE_ROOT.sub("", head))
    return re.findall(_ELEMENT.format(tag=tag), header[1], re.DOTALL) if header else []


def deliver(
    file: XmlFile, report: Report, parts: Iterable[Speech | Cut], nothing: str
) -> Iterator[Speech]:
    """The speeches among `parts`, each with the cuts that stand before it, the last with those
    after it too; then what the file gave to tell. `nothing` says why there may be no speech."""
    loose: list[Cut] = []
    waiting: Speech | None = None
    for part in parts:
        file.settle()
        if isinstance(part, Cut):
            loose.append(part)
            loose = merged(loose) if len(loose) > 100 else loose
            continue
        if not part.body.strip():  # a record without a word, or of nothing but its frame
            loose += [Cut.of(f"{block.kind} without words", block.text) for block in part.blocks]
            loose += part.provenance.cut
            continue
        if waiting:
            yield waiting
        waiting = _with_cuts(part, [*loose, *part.provenance.cut])
        loose = []
    if waiting:
        yield _with_cuts(waiting, [*waiting.provenance.cut, *loose])
    _tell(file, report)
    place, trouble = file.source.name, file.trouble
    if trouble and waiting:
        report.add(trouble.code, Severity.ERROR, place, trouble.message, trouble.hint)
    elif trouble:
        report.refuse(trouble.code, place, trouble.message, trouble.hint)
    elif not waiting:
        report.refuse("no-speech", place, nothing)


def _with_cuts(speech: Speech, cuts: list[Cut]) -> Speech:
    return replace(speech, provenance=replace(speech.provenance, cut=tuple(merged(cuts))))


def merged(cuts: Iterable[Cut]) -> list[Cut]:
    """Cuts with those of one kind as one, in the order of their first; empty ones dropped,
    but for pictures, which need no words to be there.

    >>> merged([Cut.of("head", "One two"), Cut.of("note", ""), Cut.of("head", "Three")])
    [Cut(kind='head', words=3, first_words='One two')]
    """
    kinds: dict[str, Cut] = {}
    for cut in cuts:
        if cut.words or "picture" in cut.kind:
            known = kinds.get(cut.kind, Cut(cut.kind, 0, ""))
            first = known.first_words or cut.first_words
            kinds[cut.kind] = Cut(cut.kind, known.words + cut.words, first)
    return list(kinds.values())


def provenance(
    file: XmlFile, sha256: str, reader: str, version: str, *, record: str | None, outlet: str | None
) -> Provenance:
    """Where a speech of this file came from; `record` names it in a file of many."""
    facts = file.source.facts
    name = file.source.name
    return Provenance(
        path=f"{name}#{record}" if record else name,
        sha256=sha256,
        reader=reader,
        reader_version=version,
        outlet=outlet,
        url=facts.url,
        captured=facts.captured,
    )


def _tell(file: XmlFile, report: Report) -> None:
    place = file.source.name
    if file.dtd:
        report.note("xml-dtd", place, f"the DTD '{file.dtd}' was not read; no word depends on it")
    if file.oddities:
        first = next(iter(file.oddities))
        report.note(
            "xml-oddity",
            place,
            f"faults that do not hinder reading: {sum(file.oddities.values())}, such as: {first}",
        )
    if file.entities:
        names = ", ".join(f"&{name};" for name in list(file.entities)[:5])
        report.warn(
            "xml-entity",
            place,
            f"references to entities left out: {sum(file.entities.values())} ({names})",
            "write the letters themselves; entities are never expanded",
        )
