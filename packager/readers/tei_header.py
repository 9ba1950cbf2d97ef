"""The TEI header as what it says of the text: titles, day, place, authors, source, persons.

Accepts headers of any make; a value that the header does not state stays None. The day is
that of the text's making, never that of the file's publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from packager.dates import Date, read_date
from packager.readers.xml_stream import XML_ID, XML_LANG, Element, XmlFile, tag_of

_ISO = re.compile(r"(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:T.*|Z|[+-]\d\d:\d\d)?")


@dataclass(frozen=True, slots=True)
class Header:
    """What a header states; `people` are names by xml:id, `created` tells that the header's own
    day of making was found, which makes it the header of one document."""

    title: str | None = None
    date: Date | None = None
    place: str | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    outlet: str | None = None
    source_title: str | None = None
    occasion: str | None = None
    created: bool = False
    people: dict[str, str] = field(default_factory=dict)


def read_header(file: XmlFile, header: Element, language: str | None) -> Header:
    """The values of a `teiHeader`; `language` is that of the text, to choose among titles."""
    statement = _first(header, "titleStmt")
    titles = [] if statement is None else [one for one in statement if tag_of(one) == "title"]
    source = _first(header, "sourceDesc")
    found, created = _date(file, header)
    return Header(
        title=_title(file, titles, language),
        date=found,
        place=_place(file, header),
        language=_language(header),
        authors=tuple(_authors(file, header)),
        outlet=_text(file, _first(_first(header, "publicationStmt"), "publisher")),
        source_title=_title(file, _all(source, "title"), language),
        occasion="; ".join(_meetings(file, statement)) or None,
        created=created,
        people=dict(read_people(file, header)),
    )


def read_people(file: XmlFile, element: Element) -> Iterator[tuple[str, str]]:
    """The persons that an element lists: xml:id and name, forename first."""
    for person in element.iter("{*}person", "{*}personGrp"):
        ident = person.get(XML_ID)
        names = [one for one in person if tag_of(one) in ("persName", "name")]
        if ident and names and (name := _name(file, names)):
            yield ident, name


def _name(file: XmlFile, names: list[Element]) -> str | None:
    """A person's name: the one that is not dated, else the last; its parts in reading order."""
    chosen = next((one for one in names if not (one.get("from") or one.get("to"))), names[-1])
    parts = {
        tag: [file.text(part) for part in chosen.iter(f"{{*}}{tag}")]
        for tag in ("forename", "nameLink", "surname", "addName")
    }
    if parts["forename"] or parts["surname"]:
        ordered = [*parts["forename"], *parts["nameLink"], *parts["surname"]]
        return " ".join(ordered) or None
    return file.text(chosen) or None


def _title(file: XmlFile, titles: list[Element], language: str | None) -> str | None:
    """The main title in the language of the text, else the first; subtitles are no titles."""
    main = [one for one in titles if one.get("type") in (None, "main", "complete", "full")]
    own = [one for one in main if language and one.get(XML_LANG) == language]
    return next((text for one in own or main or titles if (text := file.text(one))), None)


def _authors(file: XmlFile, header: Element) -> Iterator[str]:
    """Who wrote it: the sender of a letter, else the authors of the title statement."""
    sent = [one for one in header.iter("{*}correspAction") if one.get("type") == "sent"]
    statement = _first(header, "titleStmt")
    senders = [name for one in sent for name in one if tag_of(name) == "persName"]
    for one in senders or ([] if statement is None else _children(statement, "author")):
        names = list(one.iter("{*}persName"))
        text = _name(file, names) if names else file.text(one)
        if text:
            yield text


def _date(file: XmlFile, header: Element) -> tuple[Date | None, bool]:
    """The day of the text, and whether it is stated as that of its making."""
    created = [one for one in header.iter("{*}date") if one.get("type") == "created"]
    created += _all(_first(header, "creation"), "date")
    for one in header.iter("{*}correspAction"):
        created += _children(one, "date") if one.get("type") == "sent" else []
    for found in created:
        if date := date_of(file, found):
            return date, True
    given = [_first(header, "setting"), _first(header, "recording"), _first(header, "origin")]
    for found in (date for one in given for date in _all(one, "date", "origDate")):
        if date := date_of(file, found):
            return date, False
    return None, False


def date_of(file: XmlFile, element: Element) -> Date | None:
    """The date of a `date` element: its attributes in ISO form, else its words."""
    text = "" if tag_of(element) == "event" else file.text(element)
    when = _iso(element.get("when"), text)
    if when:
        return when
    first = _iso(element.get("from") or element.get("notBefore"), text)
    last = _iso(element.get("to") or element.get("notAfter"), text)
    if first and last:
        reason = None if element.get("from") else "one day between the two"
        edtf = f"{first.edtf}/{last.edtf}"
        return Date(first.written, edtf, first.earliest, last.latest, reason)
    return read_date(text) if text and not (first or last) else None


def _iso(value: str | None, written: str) -> Date | None:
    """A date in the form of ISO 8601, with the words that stand for it in the text."""
    match = _ISO.fullmatch((value or "").strip())
    date = read_date(match[1]) if match else None
    return replace(date, written=written or date.written) if date else None


def event_date(file: XmlFile, stand_off: Element) -> Date | None:
    """The day of a play: written, else first performed, else printed, as its events say."""
    reasons = {
        "written": "when it was written",
        "premiere": "when it was first performed",
        "print": "when it was printed",
    }
    events = list(stand_off.iter("{*}event"))
    for kind, reason in reasons.items():
        for event in events:
            if event.get("type") == kind and (date := date_of(file, event)):
                return replace(date, reason=reason)
    return None


def settle_day(date: Date | None, words: str | None) -> tuple[Date | None, str | None]:
    """The header's date against a second place that states one: the date, and what disagrees.

    Where the attribute and the words of the header's own date differ, the dateline decides.

    >>> told = Date("May 4, 1980", "1980-05-03", "1980-05-03", "1980-05-03")
    >>> settle_day(told, "May 4, 1980")[0].edtf
    '1980-05-04'
    """
    if date is None or not date.exact:
        return date, None
    written = read_date(date.written)
    if written is None or not written.exact or written.earliest == date.earliest:
        return date, None
    line = read_date(words) if words else None
    told = f"the header's date is {date.earliest} and reads '{date.written}'"
    if line and line.exact and line.earliest == written.earliest:
        return replace(written, reason=f"as the dateline has it; {told}"), told
    return date, told


def _place(file: XmlFile, header: Element) -> str | None:
    """Where it was said: the city of the setting, else the place a letter was sent from."""
    for setting in header.iter("{*}setting"):
        names = [one for one in setting if tag_of(one) in ("name", "placeName", "settlement")]
        for wanted in ("city", "place", None):
            for one in names:
                if one.get("type") == wanted and (text := file.text(one)):
                    return text
    for one in header.iter("{*}correspAction"):
        for name in one if one.get("type") == "sent" else ():
            if tag_of(name) in ("placeName", "settlement") and (text := file.text(name)):
                return text
    return None


def _language(header: Element) -> str | None:
    """The language of the text where the header names one only."""
    idents = {one.get("ident") for one in header.iter("{*}language")} - {None}
    return idents.pop() if len(idents) == 1 else None


def _meetings(file: XmlFile, statement: Element | None) -> Iterator[str]:
    """Term, meeting and sitting; a bare number is given the word that its kind names."""
    for one in _children(statement, "meeting") if statement is not None else ():
        text = file.text(one)
        kind = re.search(r"parla\.(term|session|meeting|sitting|agenda)", one.get("ana") or "")
        if text.isdigit() and kind:
            text = f"{kind[1]} {text}"
        if text:
            yield text


def _text(file: XmlFile, element: Element | None) -> str | None:
    if element is None:
        return None
    first = next((one for one in element if tag_of(one)), None)
    return file.text(first if first is not None else element) or None


def _children(element: Element, *tags: str) -> list[Element]:
    return [one for one in element if tag_of(one) in tags]


def _all(element: Element | None, *tags: str) -> list[Element]:
    return [] if element is None else list(element.iter(*(f"{{*}}{tag}" for tag in tags)))


def _first(element: Element | None, *tags: str) -> Element | None:
    return next(iter(_all(element, *tags)), None)


def only(values: Iterable[str]) -> str | None:
    """The one value; None where there is none or more than one.

    >>> only(["a"]), only(["a", "b"])
    ('a', None)
    """
    found = list(values)
    return found[0] if len(found) == 1 else None
