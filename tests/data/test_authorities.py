"""A speaker under authority control: what names.toml states of one reaches every record."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from lxml import etree

import packager
from tests.conftest import SPEECH, small_book

pymarc = pytest.importorskip("pymarc")

RECORD = "https://id.authority.example/names/n2"
THING = "https://viaf.org/viaf/12"
NAMES = f"""[[name]]
name = "Quill, Mara, 1950-"
variants = ["Mara Quill", "M. Quill"]
authority = ["{THING}", "{RECORD}", "(XX)n 2"]

[[name]]
name = "Terrace Council"
kind = "organisation"
authority = ["https://www.wikidata.org/entity/Q1"]

[[name]]
name = "Nobody"
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    speakers = {
        "one": "Mara Quill",
        "two": "M.  Quill",
        "three": "Terrace Council",
        "four": "Nobody",
    }
    pages = {
        name: SPEECH.replace("Mara Quill", speaker).replace("brief", f"brief and {name}")
        for name, speaker in speakers.items()
    }
    path = small_book(tmp_path / "b", more='[notes]\nnames = "names.toml"\n', **pages)
    (path.parent / "names.toml").write_text(NAMES, "utf-8")
    return path


def test_marc_has_them_in_controlled_fields_once_each(book: Path) -> None:
    (record,) = pymarc.MARCReader(io.BytesIO(packager.export(book, "marc")))
    (person,) = record.get_fields("700")
    assert (person["a"], person["e"], person.indicator1) == ("Quill, Mara, 1950-,", "speaker.", "1")
    assert person.get_subfields("0") == ["(XX)n 2", RECORD]
    assert person.get_subfields("1") == [THING]
    (body,) = record.get_fields("710")
    assert (body["a"], body.indicator1) == ("Terrace Council,", "2")
    assert [field["a"] for field in record.get_fields("720")] == ["Nobody"]


def test_tei_refers_to_the_addresses_beside_the_name_as_printed(book: Path) -> None:
    root = etree.fromstring(packager.export(book, "tei"))
    authors = root.findall(".//{*}teiHeader//{*}author")
    said = {author.text: author.get("ref") for author in authors if author.text}
    assert said["Mara Quill"] == f"{THING} {RECORD}"
    assert said["Terrace Council"] == "https://www.wikidata.org/entity/Q1"
    assert said["Nobody"] is None


def test_json_ld_says_who_it_is(book: Path) -> None:
    data = json.dumps(json.loads(packager.export(book, "jsonld")))
    person = {
        "@type": "Person",
        "name": "Mara Quill",
        "sameAs": [THING, RECORD],
        "alternateName": "Quill, Mara, 1950-",
    }
    assert json.dumps(person) in data
    body = {"@type": "Organization", "name": "Terrace Council"}
    assert json.dumps(body | {"sameAs": ["https://www.wikidata.org/entity/Q1"]}) in data
    assert '"author": "Nobody"' in data
