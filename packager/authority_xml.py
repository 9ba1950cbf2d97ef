"""Authority records in XML: MARCXML, and the lists of persons, places and bodies of TEI.

Of TEI: `person`, `place` and `org` in their lists, as ParlaMint has them; and the items of a list
of persons in the front of an edition, as FRUS has them: a name, then who that was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from packager.authority_record import MOST, Record, bare, identifier, marc_record
from packager.findings import Report, Severity
from packager.readers.source import Source
from packager.readers.xml_stream import XML_ID, Element, What, XmlFile, tag_of

_KINDS = {"person": "person", "place": "place", "org": "organisation"}
_NAMES = {"person": ("persName",), "place": ("placeName", "geogName"), "org": ("orgName", "name")}
_WHOLE = frozenset(("record", "person", "place", "org", "item", "p", "u", "note"))


def xml_records(path: Path, report: Report) -> Iterator[Record]:
    """The records of a file of MARCXML or TEI, one after another."""
    file = XmlFile(Source(path, path.name))
    number = others = 0
    for piece in file.pieces(lambda tag: tag not in _WHOLE):
        file.settle()
        if piece.what is not What.ITEM or piece.tag not in _READERS:
            continue
        number += 1
        try:
            record = _READERS[piece.tag](piece.element, file)
        except ValueError as fault:
            place = f"{path.name}:{piece.element.sourceline or number}"
            report.warn("authority-record", place, f"not taken: {fault}")
            continue
        if record:
            yield record
        others += record is None
    if file.trouble:
        report.add(
            file.trouble.code, Severity.ERROR, path.name, file.trouble.message, file.trouble.hint
        )
    elif not number or number == others:
        report.warn(
            "authority-record",
            path.name,
            "no record of a name in it",
            "name a file of authority records: MARC 21, TEI, CSV, TSV or names.toml",
        )


def _marc(element: Element, file: XmlFile) -> Record | None:
    leader = next((one.text or "" for one in element if tag_of(one) == "leader"), "")
    if leader[6:7] not in ("z", ""):
        raise ValueError("no authority record (leader 06 is not z)")
    fields: list[tuple[str, str, list[tuple[str, str]]]] = []
    for one in element:
        if tag_of(one) == "datafield":
            parts = [(part.get("code", ""), file.text(part)) for part in one]
            fields.append((one.get("tag", ""), one.get("ind1", " "), parts))
    return marc_record(fields)


def _listed(element: Element, file: XmlFile) -> Record | None:
    tag = tag_of(element)
    names = [one for one in element if tag_of(one) in _NAMES[tag]]
    forms = [form for form in (_form(one, file) for one in names[:MOST]) if form]
    if not forms:
        raise ValueError(f"<{tag}> has no {_NAMES[tag][0]}")
    born, died = (_year(element, end) for end in ("birth", "death"))
    return Record(
        forms[0],
        _KINDS[tag],
        tuple(dict.fromkeys(form for form in forms[1:] if form != forms[0])),
        "",
        f"{born}–{died}" if born or died else "",
        tuple(
            dict.fromkeys(
                words
                for one in element
                if tag_of(one) in ("occupation", "roleName") and (words := bare(file.text(one)))
            )
        ),
        tuple(dict.fromkeys(_identifiers(element, names, file))),
    )


def _form(name: Element, file: XmlFile) -> str:
    """A name in words, a person's by surname where the parts are told."""
    parts = {
        tag: [bare(file.text(one)) for one in name.iter() if tag_of(one) == tag]
        for tag in ("surname", "forename")
    }
    last, first = (" ".join(filter(None, parts[tag])) for tag in ("surname", "forename"))
    return f"{last}, {first}" if last and first else bare(file.text(name, apart=len(name) > 0))


def _year(element: Element, tag: str) -> str:
    found = next((one.get("when", "") for one in element if tag_of(one) == tag), "")
    match = re.match(r"\d{4}(?=-|$)", found)
    return match[0] if match else ""


def _identifiers(element: Element, names: list[Element], file: XmlFile) -> Iterator[str]:
    for one in element:
        if tag_of(one) == "idno":
            kind = one.get("type", "")
            if value := identifier(kind, file.text(one)):
                yield value
    for one in (element, *names):
        for word in (one.get("ref") or one.get("sameAs") or "").split():
            if word.startswith(("http://", "https://")):
                yield bare(word)


def _item(element: Element, file: XmlFile) -> Record | None:
    """An item of a list of persons: the name, marked and with an id, then what is said of them."""
    name = next((one for one in element.iter() if tag_of(one) == "persName"), None)
    if name is None or not (name.get(XML_ID) or element.get(XML_ID)):
        return None
    heading = bare(file.text(name)).strip(" ,;.")
    said = bare(file.text(element)).removeprefix(bare(file.text(name))).strip(" ,;.")
    return Record(heading, offices=(said,) if said else ()) if heading else None


_READERS: dict[str, Callable[[Element, XmlFile], Record | None]] = {
    "record": _marc,
    "person": _listed,
    "place": _listed,
    "org": _listed,
    "item": _item,
}
