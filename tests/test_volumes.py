"""A large book in volumes: every document in one of them, and each volume knows the others."""

from __future__ import annotations

import re
import shutil
import tomllib
import uuid
import zipfile
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from lxml import etree

import packager
from packager.book import Book, Document, Part
from packager.errors import CollectionError
from packager.findings import Report, Severity
from packager.meta import Meta
from packager.pdftext import read_pdf
from packager.render import LISTED, renderer, spine
from packager.setting import Setting
from packager.style import load_style
from packager.volumes import Division, in_volumes
from tests.conftest import SPEECH, small_book
from tests.data.conftest import BARE

BOOK = """[book]
title = "Rain on the Terraces"
publisher = "Orrin Press"
editor = ["Lise Amund"]
rights = "Free to copy"
identifier = "rain"
date = 2020-01-01
[archive]
pages = ["pages"]
[volumes]
words = 70
titles = ["East and West", "North and South", "The Ends"]
[edition.epub]
isbn = ["978-99999-0-011-9", "978-99999-0-012-6", "978-99999-0-013-3"]
[edition.print]
isbn = ["978-99999-0-021-8", "978-99999-0-022-5", "978-99999-0-023-2"]
[print]
preset = "thick.toml"
paper = "board"
[[part]]
title = "Gardeners"
speaker = "Mara Quill"
[[part]]
title = "Masons"
speaker = "Odo Fenn"
[[part]]
title = "On the Wall"
words = ["parapet"]
[notes]
names = "names.toml"
"""
ISBNS = tomllib.loads(BOOK)["edition"]
ISBNS = {name: table["isbn"] for name, table in ISBNS.items()}
NAMES = '[[name]]\nname = "Tilda Rook"\nkind = "person"\n'
THICK = 'inherit = "x4"\n[paper]\nboard = 1.5\n[cover]\nspine-pages = 1\n'
"""Paper that gives a booklet a spine."""
PLACES = ("east", "west", "north", "south", "upper", "lower")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five speeches of the gardener and one of the mason, each of about thirty words."""
    folder = tmp_path_factory.mktemp("volumes") / "rain"
    (folder / "pages").mkdir(parents=True)
    for n, place in enumerate(PLACES, 1):
        speaker = "Mara Quill" if n < 6 else "Odo Fenn"
        text = (
            f"The {place} parapet was mended by Tilda Rook before the frost, stone by stone, and "
        )
        text += f"nobody thanked her. I thank her now, here, in front of the {place} gate."
        page = f"Title: Speech at the {place} gate\nSpeaker: {speaker}\nDate: {n} May 2019\n"
        page += f"Place: Orrin\nSource: Terrace Gazette\nLanguage: en\n\nDear friends,\n\n{text}\n"
        (folder / "pages" / f"{n}.txt").write_text(page, "utf-8")
    (folder / "book.toml").write_text(BOOK, "utf-8")
    (folder / "names.toml").write_text(NAMES, "utf-8")
    (folder / "thick.toml").write_text(THICK, "utf-8")
    return folder


@pytest.fixture(scope="module")
def built(folder: Path) -> list[packager.Built]:
    return packager.build(folder, editions=["epub", "screen", "print"])


def page(made: packager.Built, name: str) -> etree._Element:
    with zipfile.ZipFile(made.path) as archive:
        return etree.fromstring(archive.read(f"EPUB/{name}"))


def words(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def pdf_index(made: packager.Built) -> str:
    """The one entry of the index, as the PDF prints it."""
    text = read_pdf(made.path, load_style("classic").geometry)
    lines = " ".join(" ".join(page) for page in text.pages)
    return re.findall(r"Tilda Rook, [\d:;,– ]*\d", lines)[-1]


@pytest.mark.slow
def test_each_volume_is_a_file_an_edition_and_every_validator_is_silent(
    built: list[packager.Built],
) -> None:
    endings = (".epub", "-screen.pdf", "-print.pdf", "-cover.pdf")
    assert [made.path.name for made in built] == [
        f"rain-vol-{n}{ending}" for n in (1, 2, 3) for ending in endings
    ]
    for made in built:
        told = [f for f in packager.check(made.path) if f.code != "tool-missing"]
        assert [str(f) for f in told if f.severity is not Severity.NOTE] == []


def test_every_document_stands_in_one_volume_and_numbers_run_through(
    built: list[packager.Built],
) -> None:
    epubs = [made for made in built if made.edition == "epub"]
    numbers = [[entry.document for entry in made.ledger] for made in epubs]
    assert numbers == [[1, 2], [3, 4], [5, 6]]
    assert all(entry.equal for made in built for entry in made.ledger)


def test_the_package_says_which_volume_of_what_it_is(built: list[packager.Built]) -> None:
    identifiers = set()
    for n, made in enumerate(one for one in built if one.edition == "epub"):
        package = page(made, "content.opf")
        stated = {(m.get("property"), m.text) for m in package.iter("{*}meta")}
        assert ("belongs-to-collection", "Rain on the Terraces") in stated
        assert ("collection-type", "set") in stated
        assert ("group-position", str(n + 1)) in stated
        assert package.findtext(".//{*}title") == f"Rain on the Terraces, volume {n + 1}"
        identifiers.add(package.findtext(".//{*}identifier"))
    assert len(identifiers) == 3


def test_each_volume_has_a_title_and_isbns_of_its_own(built: list[packager.Built]) -> None:
    epubs = [made for made in built if made.edition == "epub"]
    titles = ("East and West", "North and South", "The Ends")
    for n, (made, title) in enumerate(zip(epubs, titles, strict=True)):
        front = words(page(made, "text/title-page.xhtml"))
        assert f"Rain on the Terraces, volume {n + 1} {title}" in front
        copyright = words(page(made, "text/copyright.xhtml"))
        assert [isbn in copyright for isbn in ISBNS["epub"]] == [m == n for m in range(3)]
        assert [isbn in copyright for isbn in ISBNS["print"]] == [m == n for m in range(3)]


def test_the_spine_and_the_barcode_of_a_cover_are_those_of_its_volume(
    built: list[packager.Built],
) -> None:
    for n, made in enumerate(one for one in built if one.edition == "cover"):
        pdf = pypdfium2.PdfDocument(made.path)
        try:
            sheet = pdf[0].render(scale=400 / 72).to_pil()
            text = pdf[0].get_textpage().get_text_range()
        finally:
            pdf.close()
        (code,) = zxingcpp.read_barcodes(sheet)
        assert code.text == re.sub(r"\D", "", ISBNS["print"][n])
        lines = " ".join(text.split())
        assert lines.count(f"Rain on the Terraces, volume {n + 1}") == 3, "back, spine and front"


def test_each_volume_names_what_the_others_hold(built: list[packager.Built]) -> None:
    for n, made in enumerate(one for one in built if one.edition == "epub"):
        contents = words(page(made, "text/nav.xhtml"))
        others = words(page(made, "text/volumes.xhtml"))
        for m, place in enumerate(PLACES):
            here = m // 2 == n
            assert (f"Speech at the {place} gate" in contents) == here
            assert (f"{m + 1} Speech at the {place} gate" in others) == (not here)


def test_other_volumes_of_very_many_documents_are_named_by_their_parts() -> None:
    documents = tuple(Document(n, BARE) for n in range(1, 2 * LISTED + 4))
    parts = (Part(1, "Letters", documents[: LISTED + 2]), Part(2, "Notes", documents[LISTED + 2 :]))
    volumes = in_volumes(Book(Meta("All"), parts), Division(BARE.words * (LISTED + 2)))
    render = renderer(volumes[0], load_style("classic"), Setting("epub", "2020-01-01"))
    item = next(one for one in spine(volumes[0]) if one.name == "volumes")
    said = words(etree.fromstring(render(item)).find(".//{*}section"))
    assert said.endswith(f"Volume two Notes, documents {LISTED + 3}–{2 * LISTED + 3}")
    assert len(said.split()) < 30


@pytest.mark.parametrize("identifier", [None, "urn:isbn:9789999900010", "urn:uuid:" + "0" * 32])
def test_a_volume_has_an_identifier_of_its_own_that_is_one(identifier: str | None) -> None:
    book = Book(Meta("All", identifier=identifier), (Part(1, "A", (Document(1, BARE),)),) * 2)
    found = [one.meta.urn for one in in_volumes(book, Division(BARE.words))]
    assert len(set(found)) == 2 and book.meta.urn not in found
    for urn in found:
        assert str(uuid.UUID(urn.removeprefix("urn:uuid:"))) == urn.removeprefix("urn:uuid:")


def test_a_part_too_long_for_a_volume_is_continued_in_the_next(
    built: list[packager.Built],
) -> None:
    contents = [words(page(m, "text/nav.xhtml")) for m in built if m.edition == "epub"]
    assert "(continued)" not in contents[0]
    assert "Gardeners (continued)" in contents[1] and "Gardeners (continued)" in contents[2]


def test_a_reference_and_the_index_lead_into_other_volumes_by_volume_and_number(
    built: list[packager.Built],
) -> None:
    third = [made for made in built if made.edition == "epub"][2]
    part = words(page(third, "text/part3.xhtml"))
    assert "Speech at the east gate, vol. 1, no. 1" in part
    assert "6. Speech at the lower gate" in part
    entries = page(third, "text/index.xhtml").find(".//{*}div")
    assert words(entries) == "Tilda Rook, 1:1, 2; 2:3, 4; 3:5, 6"
    assert [link.text for link in entries.iter("{*}a")] == ["5", "6"]


def test_a_volume_has_the_index_of_what_it_holds_and_says_where_that_of_all_is(
    built: list[packager.Built],
) -> None:
    first = page(next(made for made in built if made.edition == "epub"), "text/index.xhtml")
    assert words(first.find(".//{*}div")) == "Tilda Rook, 1, 2"
    assert words(first.find(".//{*}p")).endswith("Volume three has the index of all volumes.")


def test_the_index_of_all_names_the_pages_of_every_volume(built: list[packager.Built]) -> None:
    printed = [pdf_index(made) for made in built if made.edition == "screen"]
    pages = [one.removeprefix("Tilda Rook, ") for one in printed]
    assert pages[2] == f"1:{pages[0]}; 2:{pages[1]}; 3:{pages[2].rpartition(':')[2]}"
    assert all(page.isdigit() for one in pages[:2] for page in one.split(", "))


def test_a_book_that_fits_is_one_volume(folder: Path) -> None:
    collection = packager.load_collection(folder)
    speeches = packager.read(collection.pages, report=Report(), base=folder)
    book = collection.assemble(speeches)
    assert in_volumes(book, Division()) == in_volumes(book, Division(book.words)) == (book,)
    assert len(in_volumes(book, Division(1))) == 6


def test_a_document_whose_number_is_kept_is_found_in_its_volume(
    folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "rain"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("out"))
    (copy / "book.toml").write_text(f'{BOOK}files = ["numbers.toml"]\n', "utf-8")
    fixed = '[[document]]\nspeech = "1.txt"\nnumber = 90\n'
    (copy / "numbers.toml").write_text(fixed, "utf-8")
    collection = packager.load_collection(copy)
    book = collection.assemble(packager.read(collection.pages, report=Report(), base=copy))
    volumes = in_volumes(book, collection.division)
    assert [[one.number for one in volume.documents] for volume in volumes] == [
        [90, 1],
        [2, 3],
        [4, 5],
    ]
    assert [volumes[2].volume_of(number) for number in (90, 1, 2, 3, 4, 5)] == [1, 1, 2, 2, 0, 0]


def test_no_page_of_a_volume_leads_to_a_page_of_another(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "rain"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("out"))
    (copy / "book.toml").write_text(f'{BOOK}[matter]\nerrata = "errata.toml"\n', "utf-8")
    office = '[[name]]\nname = "Mara Quill"\nkind = "person"\noffice = "Head gardener"\n'
    (copy / "names.toml").write_text(NAMES + office, "utf-8")
    (copy / "errata.toml").write_text(
        "".join(
            f'[[erratum]]\ndate = 2020-02-01\nspeech = "{n}.txt"\nwrong = "frost"\nright = "thaw"\n'
            for n in (1, 6)
        ),
        "utf-8",
    )
    collection = packager.load_collection(copy)
    book = collection.assemble(packager.read(collection.pages, report=Report(), base=copy))
    speakers, errata = [], []
    for volume in in_volumes(book, collection.division):
        render = renderer(volume, load_style("classic"), Setting("epub", "2020-01-01"))
        pages = {item.href: etree.fromstring(render(item)) for item in spine(volume)}
        for page in pages.values():
            links = {link.get("href").partition("#")[0] for link in page.iter("{*}a")}
            assert {name for name in links if name.endswith(".xhtml")} <= pages.keys()
        speakers.append([words(one) for one in pages["speakers.xhtml"].iter("{*}dd")])
        errata.append([words(one) for one in pages["errata.xhtml"].iter("{*}li")])
    quill = "Head gardener. "
    assert sorted(map(sorted, speakers)) == sorted(
        [
            [f"{quill}Documents 1, 2; vol. 2, nos. 3, 4; vol. 3, no. 5.", "vol. 3, no. 6."],
            [f"{quill}Documents 3, 4; vol. 1, nos. 1, 2; vol. 3, no. 5.", "vol. 3, no. 6."],
            ["Document 6.", f"{quill}Document 5; vol. 1, nos. 1, 2; vol. 2, nos. 3, 4."],
        ]
    )
    said = "for “frost” read “thaw”"
    assert errata == [
        [f"Document 1: {said}", f"Vol. 3, no. 6: {said}"],
        [f"Vol. 1, no. 1: {said}", f"Vol. 3, no. 6: {said}"],
        [f"Vol. 1, no. 1: {said}", f"Document 6: {said}"],
    ]


@pytest.mark.parametrize(
    ("words", "more", "message"),
    [
        ("0", "", r"book\.toml:11: .*whole number"),
        (
            "70",
            '\n[edition.screen]\nisbn = "978-99999-0-001-0"',
            r"book\.toml:\d+: a book in volumes has no ISBN of its own: each volume has one; list "
            r"them in order: isbn = ",
        ),
        (
            "70",
            '\n[edition.screen]\nisbn = ["978-99999-0-001-1"]',
            r"book\.toml:\d+: the ISBN '978-99999-0-001-1' has the check digit 1, but 0 is right",
        ),
        (
            "70",
            '\n[edition.screen]\nisbn = ["978-99999-0-001-0", "978-99999-0-001-0"]',
            r"book\.toml:\d+: the ISBN '978-99999-0-001-0' is listed twice; each volume has an",
        ),
        (
            "70",
            '\n[edition.screen]\nisbn = ["978-99999-0-012-6"]',
            r"book\.toml:\d+: the ISBN '978-99999-0-012-6' is that of the edition 'epub', at "
            r"book\.toml:14; each edition has an ISBN of its own",
        ),
    ],
)
def test_what_volumes_cannot_have_is_told(
    folder: Path, tmp_path: Path, words: str, more: str, message: str
) -> None:
    copy = tmp_path / "rain"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("out"))
    text = BOOK.replace("words = 70", f"words = {words}") + more
    (copy / "book.toml").write_text(text, "utf-8")
    with pytest.raises(CollectionError, match=message):
        packager.load_collection(copy)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            ', "The Ends"',
            "",
            "book.toml:12: 2 titles, and the book has 3 volumes; write one for each volume, in "
            "their order",
        ),
        (
            ', "978-99999-0-023-2"',
            "",
            "book.toml:16: 2 ISBNs of the edition 'print', and the book has 3 volumes; write one "
            "for each volume, in their order",
        ),
        (
            "words = 70",
            "words = 9000",
            "book.toml:12: 3 titles, and the book has 1 volume; write one for each volume, in "
            "their order",
        ),
    ],
)
def test_titles_and_isbns_are_as_many_as_the_volumes(
    folder: Path, tmp_path: Path, old: str, new: str, message: str
) -> None:
    copy = tmp_path / "rain"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("out"))
    (copy / "book.toml").write_text(BOOK.replace(old, new), "utf-8")
    with pytest.raises(CollectionError) as error:
        packager.build(copy, editions=["epub"])
    assert str(error.value) == message
    assert not list((copy / "out").glob("*"))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            '[edition.epub]\nisbn = ["978-99999-0-001-0"]\n',
            "book.toml:9: several ISBNs, and the book is not in volumes; write one, or add "
            "[volumes] with words = 300000",
        ),
        (
            '[volumes]\ntitles = ["One"]\n',
            "book.toml:9: titles of volumes, and nothing says how long one is; add words = 300000",
        ),
    ],
)
def test_lists_of_volumes_need_volumes(tmp_path: Path, more: str, message: str) -> None:
    with pytest.raises(CollectionError) as error:
        packager.load_collection(small_book(tmp_path / "small", more=more, one=SPEECH))
    assert str(error.value) == message


def test_volumes_and_parts_that_go_on_are_named_in_the_language_of_the_book() -> None:
    documents = tuple(Document(n, BARE) for n in range(1, 4))
    book = Book(Meta("강의 말", language="ko"), (Part(1, "첫째 부", documents),))
    first, second, _ = in_volumes(book, Division(words=documents[0].words))
    assert (first.meta.title, second.meta.title) == ("강의 말 제1권", "강의 말 제2권")
    assert [part.title for part in second.parts] == ["첫째 부 (계속)"]
