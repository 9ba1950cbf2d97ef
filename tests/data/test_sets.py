"""A book in volumes as data: a record a volume, tied by the title of them all."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import bibtexparser
import pytest
import rispy

import packager
from packager.book import Document
from packager.editions.data import bibtex, csl, dublincore, jsonld, marc, onix, opds, ris
from packager.volumes import Division, in_volumes
from tests.conftest import SPEECH, small_book
from tests.data.conftest import WHOLE
from tests.data.test_catalogues import FILES, META, book, faults, values

onixcheck = pytest.importorskip("onixcheck", reason="the extra 'dev' is not installed")
feedparser = pytest.importorskip("feedparser", reason="the extra 'dev' is not installed")
pymarc = pytest.importorskip("pymarc")

SET = book(replace(META, isbns={}), Document(3, replace(WHOLE, title="On Clappers")))
ISBNS = {
    "epub": ("978-99999-0-011-9", "978-99999-0-012-6"),
    "print": ("978-99999-0-021-8", "978-99999-0-022-5"),
}
VOLUMES = in_volumes(SET, Division(SET.words - 1, ("Founders", "Ringers"), ISBNS))


def test_onix_has_a_product_a_volume_and_edition_each_in_its_place(tmp_path: Path) -> None:
    data = onix.write(*VOLUMES)
    assert faults(data, tmp_path) == []
    products = ET.fromstring(data).findall(f"{{{onix.NAMESPACE}}}Product")
    found = [
        (
            values(one, "ProductIdentifier/IDValue")[0],
            values(one, "CollectionSequence/CollectionSequenceNumber"),
            values(one, "Collection/TitleDetail/TitleElement/TitleText"),
            values(one, "TitleElement/Subtitle"),
        )
        for one in products
    ]
    both = ["Bells & Ropes", "Papers"]
    assert found == [
        ("9789999900119", ["1"], both, ["Founders"]),
        ("9789999900218", ["1"], both, ["Founders"]),
        ("9789999900126", ["2"], both, ["Ringers"]),
        ("9789999900225", ["2"], both, ["Ringers"]),
    ]
    references = [values(one, "RecordReference")[0] for one in products]
    assert len(set(references)) == 4


def test_a_library_gets_a_record_a_volume_with_the_series_traced() -> None:
    records = list(pymarc.MARCReader(io.BytesIO(marc.write(*VOLUMES))))
    assert [one["245"].format_field() for one in records] == [
        f"Bells & Ropes. Volume {n}, {name} / edited by Lise Amund and Per Quist."
        for n, name in ((1, "Founders"), (2, "Ringers"))
    ]
    assert [(one["830"]["a"], one["830"]["v"]) for one in records] == [
        ("Bells & Ropes ;", "volume 1"), ("Bells & Ropes ;", "volume 2"),
    ]  # fmt: skip
    assert [one["505"].value().count(" / ") for one in records] == [2, 1]
    again = pymarc.parse_xml_to_array(io.BytesIO(marc.write_xml(*VOLUMES)))
    assert [str(one["245"]) for one in again] == [str(one["245"]) for one in records]


def test_dublin_core_names_the_set_in_each_record() -> None:
    records = ET.fromstring(dublincore.write(*VOLUMES))
    said = [[one.text for one in record.iter(f"{{{dublincore.DC}}}relation")] for record in records]
    assert said == [["Bells & Ropes", "Papers"]] * 2
    titles = [record.findtext(f"{{{dublincore.DC}}}title") for record in records]
    assert titles == ["Bells & Ropes, volume 1: Founders", "Bells & Ropes, volume 2: Ringers"]


def test_citations_name_the_volume_and_no_key_is_given_twice() -> None:
    items = json.loads(csl.write(*VOLUMES))
    standing = [item["note"].partition(". ")[0] for item in items]
    assert standing == [f"Document {n} in Bells & Ropes, volume {1 + (n > 2)}" for n in (1, 2, 3)]
    assert len({item["id"] for item in items}) == 3
    keys = [one.key for one in bibtexparser.parse_string(bibtex.write(*VOLUMES).decode()).entries]
    assert keys == [item["id"] for item in items]
    assert [one["id"] for one in rispy.loads(ris.write(*VOLUMES).decode())] == keys
    graph = json.loads(jsonld.write(*VOLUMES))["@graph"]
    books = [one for one in graph if one["@type"] == "Book"]
    assert [(one["position"], one["isPartOf"]["name"]) for one in books] == [
        (1, "Bells & Ropes"), (2, "Bells & Ropes"),
    ]  # fmt: skip
    homes = [one["isPartOf"]["@id"] for one in graph if one["@type"] == "CreativeWork"]
    assert homes == [books[0]["@id"], books[0]["@id"], books[1]["@id"]]


def test_a_feed_has_an_entry_a_volume_with_its_files() -> None:
    shelf = [(volume, FILES[n : n + 1]) for n, volume in enumerate(VOLUMES)]
    feed = feedparser.parse(opds.write(SET, shelf, "bells.opds.xml"))
    assert not feed.bozo
    assert feed.feed.title == "Bells & Ropes"
    assert [(one.title, [link.href for link in one.links]) for one in feed.entries] == [
        ("Bells & Ropes, volume 1: Founders", ["bells.epub"]),
        ("Bells & Ropes, volume 2: Ringers", ["bells-screen.pdf"]),
    ]
    described = json.loads(opds.write_json(SET, shelf, "bells.opds.json"))["publications"]
    assert [one["metadata"]["belongsTo"] for one in described] == [
        {"series": "Papers", "collection": {"name": "Bells & Ropes", "position": n}} for n in (1, 2)
    ]


def test_a_feed_lists_the_volumes_that_are_built(tmp_path: Path) -> None:
    path = small_book(
        tmp_path / "small",
        more="[volumes]\nwords = 45\n",
        one=SPEECH,
        two=SPEECH.replace("stone by stone", "brick by brick"),
    )
    packager.build(path, editions=["epub"], environ={})
    names = [
        [link["href"] for link in one["links"]]
        for one in json.loads(packager.export(path, "opds2"))["publications"]
    ]
    assert names == [["small-vol-1.epub"], ["small-vol-2.epub"]]
    (tmp_path / "small" / "out" / "small-vol-1.epub").unlink()
    (one,) = json.loads(packager.export(path, "opds2"))["publications"]
    assert one["links"][0]["href"] == "small-vol-2.epub"
    assert len(packager.export(path, "jsonl").splitlines()) == 2
