"""Records for shops, libraries and apps: schemas and readers that are not ours agree with them."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings

import packager
from packager.book import Book, Document, Part
from packager.cli import main
from packager.editions.data import dublincore, marc, onix, opds
from packager.editions.data.catalogued import bibliographic_code
from packager.errors import EditionError
from packager.headings import IndexEntry
from packager.meta import Meta
from tests.conftest import SPEECH, small_book
from tests.data.conftest import BARE, WHOLE, words

onixcheck = pytest.importorskip("onixcheck", reason="the extra 'dev' is not installed")
feedparser = pytest.importorskip("feedparser", reason="the extra 'dev' is not installed")
pymarc = pytest.importorskip("pymarc")

META = Meta(
    "Bells & Ropes",
    subtitle="Two Speeches",
    editors=("Lise Amund", "Per Quist"),
    publisher="Rope Street Press",
    place="Merrow",
    rights="All of it is invented.",
    description="What was said of bells.",
    series="Papers",
    date="2022-03-01",
    edition="First edition",
    lccn="2021938475",
    identifier="urn:uuid:1",
    isbns={"epub": "978-99999-0-001-0", "print": "978-99999-0-005-8"},
    conforms_to="EPUB Accessibility 1.1 - WCAG 2.2 Level AA",
    certified_by="Lise Amund",
)
KOREAN = replace(BARE, language="ko", speaker="김정은", topics=("bells", "stone"))
INDEX = (IndexEntry("bells", ("d1-i1",)),)


def book(meta: Meta = META, *more: Document) -> Book:
    documents = (Document(1, WHOLE), Document(2, KOREAN), *more)
    return Book(meta, (Part(1, "All", documents),), index=INDEX)


BOOK = book()


# --- ONIX ----------------------------------------------------------------------------------


def faults(data: bytes, folder: Path) -> list[str]:
    path = folder / "book.onix.xml"
    path.write_bytes(data)
    return [one.message for one in onixcheck.validate(str(path), schemas=("xsd", "rng"))]


def values(product: ET.Element, path: str) -> list[str]:
    name = {"o": onix.NAMESPACE}
    steps = "/".join(f"o:{step}" for step in path.split("/"))
    return [one.text or "" for one in product.findall(f".//{steps}", name)]


def test_the_schemas_of_editeur_have_nothing_to_say(tmp_path: Path, harbour: Book) -> None:
    for one in (
        BOOK,
        harbour,
        book(Meta("Bells", date="2022-03-01", publisher="R", isbns=META.isbns)),
    ):
        assert faults(onix.write(one), tmp_path) == []


def test_the_schemas_would_tell_a_wrong_code_and_a_wrong_order(tmp_path: Path) -> None:
    data = onix.write(BOOK)
    assert faults(data.replace(b"<ProductForm>EA", b"<ProductForm>QQ"), tmp_path)
    assert faults(data.replace(b"<TitleType>01</TitleType>", b""), tmp_path)


def test_there_is_a_product_for_each_isbn() -> None:
    epub, book_ = ET.fromstring(onix.write(BOOK)).findall(f"{{{onix.NAMESPACE}}}Product")
    assert values(epub, "DescriptiveDetail/ProductForm") == ["EA"]
    assert values(epub, "DescriptiveDetail/ProductFormDetail") == ["E101"]
    assert values(book_, "DescriptiveDetail/ProductForm") == ["BA"]
    isbns = ["9789999900010", "9789999900058"]
    assert values(epub, "ProductIdentifier/IDValue") == isbns
    assert values(book_, "ProductIdentifier/IDValue") == isbns[::-1]
    assert values(epub, "RelatedProduct/ProductRelationCode") == ["06"]
    assert values(epub, "Language/LanguageCode") == ["eng", "kor"]
    assert values(epub, "Extent/ExtentValue") == [str(BOOK.words)]
    assert values(epub, "PublishingDate/Date") == ["20220301"]
    assert list(
        zip(
            values(epub, "Contributor/ContributorRole"),
            values(epub, "Contributor/PersonName"),
            strict=True,
        )
    ) == [
        ("A01", "Mara van den Quill"),
        ("A01", "김정은"),
        ("B01", "Lise Amund"),
        ("B01", "Per Quist"),
    ]


def test_a_claim_of_accessibility_is_that_of_the_book_alone() -> None:
    features = "ProductFormFeature/ProductFormFeatureValue"
    epub, printed = ET.fromstring(onix.write(BOOK)).findall(f"{{{onix.NAMESPACE}}}Product")
    assert values(epub, features) == [
        "04", "11", "12", "13", "14", "22", "29", "30", "32", "82", "85", "90",
    ]  # fmt: skip
    assert values(printed, features) == []
    plain = ET.fromstring(onix.write(book(replace(META, conforms_to=None, certified_by=None))))
    assert not {"04", "82", "85", "90"} & set(values(plain, features))


@pytest.mark.parametrize(
    ("meta", "message"),
    [
        (replace(META, isbns={}), "ONIX describes products by their ISBN, and no edition has one; "
         'add isbn = "978-..." to [edition.epub] or its neighbours'),
        (replace(META, publisher=None), "ONIX names a publisher, and the book has none; add "
         'publisher = "..." to [book]'),
        (replace(META, date=None), "ONIX states a date, and the book knows none; add date = "
         "2022-03-01 (the edition's day) to [book]"),
    ],
)  # fmt: skip
def test_what_onix_cannot_do_without_is_told(meta: Meta, message: str) -> None:
    undated = replace(BARE, date=None)
    with pytest.raises(EditionError) as error:
        onix.write(Book(meta, (Part(1, "All", (Document(1, undated),)),)))
    assert str(error.value) == message


# --- MARC ----------------------------------------------------------------------------------


def record(one: Book) -> pymarc.Record:
    (found,) = pymarc.MARCReader(io.BytesIO(marc.write(one)))
    assert found is not None
    return found


def fields_of_iso_2709(data: bytes) -> list[tuple[str, str]]:
    """Tag and text of each field, by the directory alone (ISO 2709, 4.3)."""
    base = int(data[12:17])
    assert int(data[:5]) == len(data) and data[-1:] == b"\x1d"
    entries = [data[n : n + 12] for n in range(24, base - 1, 12)]
    return [
        (one[:3].decode(), data[base + int(one[7:]) :][: int(one[3:7])].decode()) for one in entries
    ]


def test_the_record_says_what_the_book_says() -> None:
    found = record(BOOK)
    assert [str(one.value()) for one in found.get_fields("020")] == [
        "9789999900010 (EPUB)", "9789999900058 (printed book)",
    ]  # fmt: skip
    assert found["245"].format_field() == (
        "Bells & Ropes : Two Speeches / edited by Lise Amund and Per Quist."
    )
    assert found["264"].value() == "Merrow : Rope Street Press, 2022"
    assert found["041"].get_subfields("a") == ["eng", "kor"]
    assert found["505"].value() == (
        "1. Address to the Bell Founders & Ringers of Orrin / Mara van den Quill -- "
        "2. On Nothing / 김정은"
    )
    assert [(f["a"], f["e"]) for f in found.get_fields("720")] == [
        ("Mara van den Quill", "speaker"), ("김정은", "speaker"),
        ("Lise Amund", "editor"), ("Per Quist", "editor"),
    ]  # fmt: skip
    assert found["588"].value() == (
        "Texts from saved pages of Orrin Gazette, captured 2021-05-01 to 2021-05-01."
    )
    assert found["856"]["u"] == WHOLE.provenance.url
    assert [f.value() for f in found.get_fields("653")] == ["bells", "stone"]


def test_fixed_fields_are_as_long_as_they_must_be() -> None:
    for one in (BOOK, book(Meta("Bells")), Book(Meta("B"), (Part(1, "A", (Document(1, BARE),)),))):
        found = record(one)
        assert len(found["008"].data) == 40 and found["008"].data[33] == "s"
        assert len(str(found.leader)) == 24
    assert record(BOOK)["008"].data[35:38] == "eng"
    assert record(BOOK)["008"].data[6:11] == "s2022" and record(BOOK)["008"].data[31] == "1"


def test_the_bytes_are_iso_2709_and_marcxml_says_the_same() -> None:
    found = fields_of_iso_2709(marc.write(BOOK))
    root = ET.fromstring(marc.write_xml(BOOK))
    space = "{http://www.loc.gov/MARC21/slim}"
    assert root.tag == f"{space}record"
    shown = [
        (one.get("tag"), "".join(one.itertext()).strip())
        for one in root
        if one.tag in (f"{space}controlfield", f"{space}datafield")
    ]

    def bare(text: str) -> str:
        return "".join(part[1:] if n else "" for n, part in enumerate(text.split("\x1f")))

    assert [tag for tag, _ in found] == [tag for tag, _ in shown]
    for (tag, text), (_, said) in zip(found, shown, strict=True):
        if not tag.startswith("00"):
            assert "".join(bare(text.rstrip("\x1e")).split()) == "".join(said.split())


def test_contents_of_a_large_book_are_parted_and_a_record_too_long_is_told() -> None:
    many = [Document(n, replace(BARE, title="Ä" * 200)) for n in range(3, 120)]
    found = record(book(META, *many))
    contents = [one.value() for one in found.get_fields("505")]
    assert len(contents) > 1 and all(len(one.encode()) < 9_999 for one in contents)
    assert " -- ".join(contents).count("Ä" * 200) == len(many)
    with pytest.raises(EditionError) as error:
        marc.write(book(META, *(replace(one, number=n) for n, one in enumerate(many * 4))))
    assert str(error.value).endswith(
        "bytes, and ISO 2709 allows 99,999; write it as --form marcxml"
    )


# --- Dublin Core and OPDS ------------------------------------------------------------------

FILES = (
    opds.File("bells.epub", "application/epub+zip", 1234, "EPUB"),
    opds.File("bells-screen.pdf", "application/pdf", 99, "PDF"),
)


def test_dublin_core_has_the_elements_of_the_book() -> None:
    root = ET.fromstring(dublincore.write(BOOK))
    found: dict[str, list[str]] = {}
    for one in root:
        assert one.tag.startswith(f"{{{dublincore.DC}}}")
        found.setdefault(one.tag.rpartition("}")[2], []).append(one.text or "")
    assert found == {
        "title": ["Bells & Ropes: Two Speeches"],
        "creator": ["Mara van den Quill", "김정은"],
        "subject": ["bells", "stone"],
        "description": ["What was said of bells."],
        "publisher": ["Rope Street Press"],
        "contributor": ["Lise Amund (editor)", "Per Quist (editor)"],
        "date": ["2022-03-01"],
        "type": ["Text"],
        "format": ["application/epub+zip"],
        "identifier": ["urn:uuid:1", "urn:isbn:9789999900010", "urn:isbn:9789999900058"],
        "source": [WHOLE.provenance.url],
        "language": ["en", "ko"],
        "relation": ["Papers"],
        "coverage": ["Orrin"],
        "rights": ["All of it is invented."],
    }


def test_a_feed_reader_finds_the_book_and_its_files() -> None:
    feed = feedparser.parse(opds.write(BOOK, [(BOOK, FILES)], "bells.opds.xml"))
    assert not feed.bozo
    (entry,) = feed.entries
    assert (entry.title, entry.id) == ("Bells & Ropes: Two Speeches", "urn:uuid:1")
    assert [one.name for one in entry.authors] == ["Mara van den Quill", "김정은"]
    assert entry.updated == "2022-03-01T00:00:00Z"
    assert [(one.rel, one.href, one.type, one.length) for one in entry.links] == [
        (opds.OPEN, "bells.epub", "application/epub+zip", "1234"),
        (opds.OPEN, "bells-screen.pdf", "application/pdf", "99"),
    ]
    assert [(one.rel, one.href) for one in feed.feed.links] == [("self", "bells.opds.xml")]


def test_opds_2_says_the_same() -> None:
    feed = json.loads(opds.write_json(BOOK, [(BOOK, FILES)], "bells.opds.json"))
    (one,) = feed["publications"]
    assert one["metadata"]["author"] == ["Mara van den Quill", "김정은"]
    assert [link["href"] for link in one["links"]] == ["bells.epub", "bells-screen.pdf"]
    assert feed["links"] == [
        {"rel": "self", "href": "bells.opds.json", "type": "application/opds+json"}
    ]


@settings(deadline=None)
@given(title=words, speaker=words)
def test_signs_of_the_forms_are_letters(title: str, speaker: str) -> None:
    hard = book(replace(META, title=title), Document(3, replace(WHOLE, speaker=speaker)))
    said, who = " ".join(title.split()), " ".join(speaker.split())
    product = ET.fromstring(onix.write(hard))
    assert said in values(product, "TitleElement/TitleText")
    assert who in values(product, "Contributor/PersonName")
    assert record(hard)["245"]["a"] == f"{said} :"
    assert who in [field["a"] for field in record(hard).get_fields("720")]
    assert ET.fromstring(dublincore.write(hard))[0].text == f"{said}: Two Speeches"


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en", "eng"), ("ko", "kor"), ("de-CH", "ger"), ("zh-Hant-TW", "chi"), ("cs", "cze"),
     ("fa", "per"), ("gsw", "gsw"), ("xq", "und"), ("", "und")],
)  # fmt: skip
def test_languages_have_the_codes_of_libraries(tag: str, code: str) -> None:
    assert bibliographic_code(tag) == code


# --- on the command line -------------------------------------------------------------------


def test_a_feed_lists_what_is_built_and_nothing_else(tmp_path: Path) -> None:
    path = small_book(tmp_path / "small", one=SPEECH)
    done = CliRunner().invoke(main, ["export", str(path), "--form", "opds"])
    out = path.parent.resolve() / "out"
    assert (done.exit_code, done.stderr) == (
        EditionError.exit_code,
        f"error: {out}: no edition is built there; run 'packager build' first\n",
    )
    packager.build(path, editions=["epub"], environ={})
    done = CliRunner().invoke(main, ["export", str(path), "--form", "opds2"])
    assert done.exit_code == 0
    feed = json.loads((out / "small.opds.json").read_bytes())
    size = (out / "small.epub").stat().st_size
    assert feed["publications"][0]["links"] == [
        {"rel": opds.OPEN, "href": "small.epub", "type": "application/epub+zip", "title": "EPUB",
         "size": size}
    ]  # fmt: skip


def test_a_feed_of_a_book_without_files_is_told() -> None:
    with pytest.raises(EditionError) as error:
        packager.export(BOOK, "opds")
    assert str(error.value) == "a feed lists files; export a book.toml, not a Book"
