"""MARC 21: one bibliographic record of the book or of each volume, all its editions in it.

Fields are those of the MARC 21 Format for Bibliographic Data. Names and topics are not under
authority control and are not taken apart, so they stand in the uncontrolled fields 720 and 653;
but for speakers whose `authority` names.toml states, in 700 and 710.
What nobody states is coded as not known ("|" or "xx").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pymarc import Field, Indicators, Leader, Record, Subfield
from pymarc.marcxml import record_to_xml

from packager.book import Authority, Book
from packager.editions.data.catalogued import (
    FORMATS,
    authorities_of,
    bibliographic_code,
    contents_of,
    joined,
    languages_of,
    line,
    speakers_of,
    topics_of,
)
from packager.errors import EditionError
from packager.meta import Meta

_LEADER = "     nam a22     3i 4500"
"""New, language material, monograph, UTF-8; abbreviated level; ISBD."""
MARC_XML = b"http://www.loc.gov/MARC21/slim"
_SPACES = "  "
RECORD, FIELD = 99_999, 9_000
"""Bytes of a record, by ISO 2709, and of a field (of 9,999), its indicators and so on aside."""


def write(*volumes: Book) -> bytes:
    """The records in ISO 2709, in UTF-8. Raises `EditionError` for one too long for that."""
    records: list[bytes] = [_record(volume).as_marc() for volume in volumes]
    for data in records:
        if len(data) > RECORD:
            raise EditionError(
                f"the record has {len(data):,} bytes, and ISO 2709 allows {RECORD:,}",
                hint="write it as --form marcxml",
            )
    return b"".join(records)


def write_xml(*volumes: Book) -> bytes:
    """The record in MARCXML; those of volumes as a collection."""
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    whole = len(volumes) == 1
    records: list[bytes] = [
        record_to_xml(_record(volume), namespace=whole)  # type: ignore[no-untyped-call]
        for volume in volumes
    ]
    if whole:
        return head + records[0] + b"\n"
    return (
        head + b'<collection xmlns="%s">\n' % MARC_XML + b"\n".join(records) + b"\n</collection>\n"
    )


def _record(book: Book) -> Record:
    record = Record(leader=str(Leader(_LEADER)), force_utf8=True)
    for field in (*_control(book), *_data(book)):
        record.add_field(field)  # type: ignore[no-untyped-call]
    return record


def _control(book: Book) -> Iterator[Field]:
    day = book.day.replace("-", "")
    yield Field("001", data=book.meta.urn)
    if day:
        yield Field("005", data=f"{day}000000.0")
    entered = day[2:] or "||||||"
    dates = f"s{day[:4]}    " if day else "nuuuuuuuu"
    index = "1" if book.index else "0"
    language = bibliographic_code(book.meta.language)
    # 18-30 not coded; 31 index; 33 "s" is speeches; 39 other source
    yield Field("008", data=f"{entered}{dates}xx |||||||||||||{index} s|{language} d")


def _field(tag: str, indicators: str, *subfields: tuple[str, str | None]) -> Field:
    kept = [Subfield(code, line(value)) for code, value in subfields if value]
    return Field(tag, indicators=Indicators(*indicators), subfields=kept)


def _data(book: Book) -> Iterator[Field]:
    meta = book.meta
    if meta.lccn:
        yield _field("010", _SPACES, ("a", meta.lccn))
    isbns = meta.isbn_digits
    for name, isbn in isbns.items():
        yield _field("020", _SPACES, ("a", isbn), ("q", f"({FORMATS[name][0]})"))
    if len(codes := languages_of(book)) > 1:
        yield _field("041", "  ", *(("a", code) for code in codes))
    editors = f"edited by {joined(meta.editors)}" if meta.editors else None
    yield _titled(meta, editors)
    if meta.edition:
        yield _field("250", _SPACES, ("a", f"{meta.edition.rstrip('.')}."))
    place = f"{meta.place} :" if meta.place else None
    publisher = f"{meta.publisher}," if meta.publisher else None
    year = book.year or "[date unknown]"
    yield _field("264", " 1", ("a", place), ("b", publisher), ("c", year))
    count = sum(1 for _ in book.documents)
    yield _field("300", _SPACES, ("a", f"{count} documents ({book.words:,} words)"))
    yield _field("336", _SPACES, ("a", "text"), ("b", "txt"), ("2", "rdacontent"))
    yield from _carriers(list(isbns))
    if meta.series:
        yield _field("490", "0 ", ("a", meta.series))
    if meta.collection:
        yield _field("490", "1 ", ("a", f"{meta.collection} ;"), ("v", f"volume {meta.volume}"))
        yield _field("830", " 0", ("a", f"{meta.collection} ;"), ("v", f"volume {meta.volume}"))
    yield from _contents(contents_of(book))
    if meta.description:
        yield _field("520", _SPACES, ("a", meta.description))
    if meta.rights:
        yield _field("540", _SPACES, ("a", meta.rights))
    yield _field("588", _SPACES, ("a", _source(book)))
    for topic in topics_of(book):
        yield _field("653", _SPACES, ("a", topic))
    known = authorities_of(book)
    for authority in dict.fromkeys(known.values()):
        yield _authorised(authority)
    loose = [name for name in speakers_of(book) if name not in known]
    for names, role in ((loose, "speaker"), (meta.editors, "editor")):
        for name in names:
            yield _field("720", _SPACES, ("a", name), ("e", role))
    for document in book.texts:
        if url := document.speech.provenance.url:
            yield _field("856", "42", ("3", f"Source of document {document.number}"), ("u", url))


def _titled(meta: Meta, editors: str | None) -> Field:
    """245 with the marks of ISBD before what follows; a volume is a part of the title of all."""
    title, subtitle = meta.title, meta.subtitle
    if meta.collection:
        return _field(
            "245",
            "00",
            ("a", f"{meta.collection}."),
            ("n", f"Volume {meta.volume}{',' if subtitle else ' /' if editors else ''}"),
            ("p", f"{subtitle}{' /' if editors else ''}" if subtitle else None),
            ("c", f"{editors}." if editors else None),
        )
    return _field(
        "245",
        "00",
        ("a", title + (" :" if subtitle else " /" if editors else "")),
        ("b", subtitle + (" /" if editors else "") if subtitle else None),
        ("c", f"{editors}." if editors else None),
    )


_THINGS = ("viaf.org/viaf/", "wikidata.org/entity/", "isni.org/isni/", "orcid.org/")
"""Addresses of persons and bodies themselves, not of records on them."""


def _authorised(speaker: Authority) -> Field:
    """700 or 710; $0 for the record of the authority file, $1 for what it describes (MARC 21,
    Appendix A, Control Subfields)."""
    person = speaker.kind == "person"
    first = ("1" if "," in speaker.heading else "0") if person else "2"
    codes = ["1" if any(one in at for one in _THINGS) else "0" for at in speaker.addresses]
    control = sorted(zip(codes, speaker.addresses, strict=True))
    parts = (("a", f"{speaker.heading},"), ("e", "speaker."), *control)
    return _field("700" if person else "710", f"{first} ", *parts)


def _contents(lines: Sequence[str]) -> Iterator[Field]:
    """505, several where one would be too long."""
    taken: list[str] = []
    for one in (*lines, None):
        if taken and (one is None or sum(len(x.encode()) + 4 for x in (*taken, one)) > FIELD):
            yield _field("505", "0 ", ("a", " -- ".join(taken)))
            taken = []
        if one:
            taken.append(one)


def _carriers(editions: Sequence[str]) -> Iterator[Field]:
    """337 and 338 of the editions that have ISBNs."""
    if any(name != "print" for name in editions):
        yield _field("337", _SPACES, ("a", "computer"), ("b", "c"), ("2", "rdamedia"))
        yield _field("338", _SPACES, ("a", "online resource"), ("b", "cr"), ("2", "rdacarrier"))
    if "print" in editions:
        yield _field("337", _SPACES, ("a", "unmediated"), ("b", "n"), ("2", "rdamedia"))
        yield _field("338", _SPACES, ("a", "volume"), ("b", "nc"), ("2", "rdacarrier"))


def _source(book: Book) -> str:
    """What the description is based on."""
    made = [one.speech.provenance for one in book.texts]
    outlets = list(dict.fromkeys(one.outlet for one in made if one.outlet))
    days = sorted(one.captured[:10] for one in made if one.captured)
    said = f"Texts from saved pages{f' of {joined(outlets)}' if outlets else ''}"
    return f"{said}, captured {days[0]} to {days[-1]}." if days else f"{said}."
