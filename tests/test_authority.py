"""Authority files: what is read of each form, and what of a bad one is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymarc import Field, Indicators, Subfield
from pymarc import Record as MarcRecord
from pymarc.marcxml import record_to_xml

from packager.authority import read_authorities
from packager.authority_record import Record
from packager.errors import PackagerError
from packager.findings import Report


def field(tag: str, *parts: tuple[str, str], first: str = "1") -> Field:
    return Field(tag, Indicators(first, " "), [Subfield(*part) for part in parts])


def marc(*fields: Field, leader: str = "     nz  a22     n  4500") -> MarcRecord:
    record = MarcRecord(leader=leader, force_utf8=True)
    for one in fields:
        record.add_field(one)
    return record


ANA = marc(
    field("010", ("a", "n  50012345 ")),
    field("024", ("a", "77"), ("2", "viaf"), first="7"),
    field("100", ("a", "Torvald, Ana,"), ("d", "1950-2012")),
    field("374", ("a", "Keepers")),
    field("400", ("a", "Torwald, A. J.")),
)
EXPECTED = Record(
    "Torvald, Ana", "person", ("Torwald, A. J.",), "Torvald, Ana", "1950–2012", ("Keepers",),
    ("https://id.loc.gov/authorities/names/n50012345", "https://viaf.org/viaf/77"),
)  # fmt: skip
BODY = marc(field("110", ("a", "Ostrey."), ("b", "Department of Walls")))
PLACE = marc(field("151", ("a", "Ostrey (Island)"), first=" "))
TITLE = marc(field("100", ("a", "Torvald, Ana."), ("t", "Songs")))


def read(path: Path, data: bytes | str) -> tuple[list[Record], Report]:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    report = Report()
    return list(read_authorities([path], report)), report


def test_marc_records_as_libraries_send_them(tmp_path: Path) -> None:
    data = b"".join(one.as_marc() for one in (ANA, BODY, PLACE, TITLE))
    found, report = read(tmp_path / "a.mrc", data)
    assert found[0] == EXPECTED
    assert [(one.heading, one.kind) for one in found[1:]] == [
        ("Ostrey. Department of Walls", "organisation"),
        ("Ostrey (Island)", "place"),
    ]
    assert not list(report)


def test_marcxml_says_the_same(tmp_path: Path) -> None:
    body = b"".join(record_to_xml(one) for one in (ANA, BODY))
    found, report = read(tmp_path / "a.xml", b"<collection>" + body + b"</collection>")
    assert found[0] == EXPECTED and len(found) == 2 and not list(report)


def test_a_damaged_record_is_told_with_its_place_and_the_rest_is_read(tmp_path: Path) -> None:
    bad = ANA.as_marc()[:40].replace(b"\x1d", b"") + b"\x1d"
    book = marc(field("100", ("a", "X")), leader="     nam a22     3i 4500").as_marc()
    found, report = read(tmp_path / "a.mrc", BODY.as_marc() + bad + book + ANA.as_marc())
    assert [one.heading for one in found] == ["Ostrey. Department of Walls", "Torvald, Ana"]
    assert [one.place for one in report] == ["a.mrc#2", "a.mrc#3"]


TEI = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><listPerson>
<person><persName><surname>Torvald</surname><forename>Ana</forename></persName>
<birth when="1950-01-02"/><death when="2012"/><occupation>Keeper</occupation>
<idno type="VIAF">77</idno><persName>Ana of Ostrey</persName></person><person/></listPerson>
<listPlace><place><placeName ref="https://www.wikidata.org/entity/Q1">Ostrey</placeName></place>
</listPlace><listOrg><org><orgName full="yes">Wall Guild</orgName></org></listOrg></teiHeader>
<text><list type="persons"><item><persName xml:id="p_S">Strand, Ivo</persName>, Captain</item>
</list></text></TEI>"""


def test_tei_lists(tmp_path: Path) -> None:
    found, report = read(tmp_path / "a.xml", TEI)
    assert found == [
        Record("Torvald, Ana", "person", ("Ana of Ostrey",), "", "1950–2012", ("Keeper",),
               ("https://viaf.org/viaf/77",)),
        Record("Ostrey", "place", identifiers=("https://www.wikidata.org/entity/Q1",)),
        Record("Wall Guild", "organisation"),
        Record("Strand, Ivo", offices=("Captain",)),
    ]  # fmt: skip
    assert [finding.message for finding in report] == ["not taken: <person> has no persName"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_as_a_small_archive_keeps_it(tmp_path: Path, delimiter: str) -> None:
    rows = [["Heading", "Kind", "Used for", "Dates", "VIAF"],
            ['"Torvald, Ana"', "Personal name", "Ana T.|Ana of Ostrey", "1950–2012", "77"],
            ["", "person", "", "", ""], ["Rope", "knot", "", "", ""]]  # fmt: skip
    found, report = read(tmp_path / "a.csv", "\n".join(map(delimiter.join, rows)))
    assert found == [
        Record("Torvald, Ana", "person", ("Ana T.", "Ana of Ostrey"), "", "1950–2012", (),
               ("https://viaf.org/viaf/77",))
    ]  # fmt: skip
    assert [one.place for one in report] == ["a.csv:3", "a.csv:4"]


def test_names_of_another_book(tmp_path: Path) -> None:
    text = '[[name]]\nname = "Ostrey"\nkind = "place"\nauthority = "https://viaf.org/viaf/1"\n'
    found, _ = read(tmp_path / "names.toml", text)
    assert found == [
        Record("Ostrey", "place", ("Ostrey",), "Ostrey",
               identifiers=("https://viaf.org/viaf/1",))
    ]  # fmt: skip


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("Hidden")
    data = f'<!DOCTYPE TEI [<!ENTITY x SYSTEM "{secret}">]>' + TEI.replace(
        "Wall Guild", "&x; Guild"
    )
    found, _ = read(tmp_path / "a.xml", data)
    assert "Hidden" not in str(found) and "Guild" in str(found)


heads = st.sampled_from([b"", b"<TEI>", b"heading,kind\n", b"heading\tvariants\n", ANA.as_marc(),
                         b"00100nz  a2200037n  4500", b"<collection><record>"])  # fmt: skip


@given(
    heads,
    st.binary(max_size=300) | st.text(max_size=200).map(lambda one: one.encode("utf-8", "ignore")),
    st.sampled_from(["a.mrc", "a.xml", "a.csv", "a.toml"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_give_records_or_one_clear_line(
    tmp_path: Path, head: bytes, rest: bytes, name: str
) -> None:
    try:
        found, report = read(tmp_path / name, head + rest)
    except PackagerError as error:
        assert "\n" not in str(error)
        return
    assert all(one.heading.strip() == one.heading != "" for one in found)
    assert all("\n" not in str(finding) for finding in report)


@given(st.integers(0, 150), st.integers(0, 255))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_one_spoilt_byte_costs_at_most_its_record(tmp_path: Path, at: int, byte: int) -> None:
    data = bytearray(ANA.as_marc())
    data[at % (len(data) - 1)] = byte
    found, _ = read(tmp_path / "a.mrc", BODY.as_marc() + bytes(data) + PLACE.as_marc())
    assert found[0].heading == "Ostrey. Department of Walls"
    assert found[-1].heading == "Ostrey (Island)"
