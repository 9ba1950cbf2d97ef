"""A book with the pictures of its pages: in every edition, described, clean, and the same twice."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from lxml import etree
from PIL import Image, ImageCms

import packager
from packager.editions.data import jsonl, markdown, tei
from packager.errors import CollectionError
from packager.findings import Report
from packager.keep import keep
from packager.library import open_library, speeches
from packager.pictures import bytes_of, kept
from packager.plates import LARGE, LONG, bare_jpeg, book_form
from tests.data import tei_back
from tests.drawn import figure, page, picture

XHTML = "{http://www.w3.org/1999/xhtml}"
EDITIONS = ("epub", "screen", "archive", "print")
BOOK = (
    '[book]\ntitle = "Lamps"\neditor = "Tove Quill"\npublisher = "Orrin Press"\n'
    'rights = "Public domain"\ndate = 2021-05-04\n{book}'
    '[archive]\npages = ["pages"]\n[[part]]\ntitle = "All"\n{more}'
)


def exif() -> Image.Exif:
    """What a camera adds: where it was, and that it was held on its side."""
    made = Image.Exif()
    made[274], made[315] = 6, "Tove Quill, 3 Quay Street"
    return made


FILES = {
    "a.jpg": picture(size=(900, 600), exif=exif(), comment=b"secret"),
    "b.jpg": picture(size=(900, 600), mode="CMYK"),
    "c.png": picture("PNG", (640, 480), mode="RGBA"),
    "d.webp": picture("WEBP", (640, 480), shade=60),
    "e.gif": picture("GIF", (300, 200), mode="P"),
    "f.tif": picture("TIFF", (300, 300), mode="L"),
    "g.jpg": picture(size=(4000, 2000)),
}
HTML = page(
    figure("p/a.jpg", "A boat", "The boat of the pilots. Photograph: Tove Quill"),
    figure("p/b.jpg", "A net", "Nets & ropes") + figure("p/c.png", "Plan of the quay"),
    figure("p/d.webp", "", ""),
    figure("p/e.gif", None, "The lamp of the point"),
    figure("p/f.tif", "A herring") + figure("p/g.jpg", "The bay"),
)


def write(folder: Path, html: str = HTML, *, book: str = "", more: str = "") -> Path:
    pages = folder / "pages"
    (pages / "p").mkdir(parents=True, exist_ok=True)
    (pages / "a.html").write_text(html, "utf-8")
    for name, data in FILES.items():
        (pages / "p" / name).write_bytes(data)
    (folder / "book.toml").write_text(BOOK.format(book=book, more=more), "utf-8")
    return folder / "book.toml"


def assembled(path: Path) -> tuple[packager.Book, Report]:
    report = Report()
    collection = packager.load_collection(path)
    named = [folder / "a.html" for folder in collection.pages]
    found = packager.read(named, report=report, base=collection.folder)
    return collection.assemble(found, report=report), report


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, packager.Built]:
    path = write(tmp_path_factory.mktemp("lamps"))
    return {one.edition: one for one in packager.build(path, editions=EDITIONS, environ={})}


# --- the editions --------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_validator_is_silent(edition: str, made: dict[str, packager.Built]) -> None:
    """EPUBCheck, veraPDF and our own points; the ink and the fineness of the print edition too."""
    report = packager.check(made[edition].path)
    assert [
        str(one) for one in report if one.code != "tool-missing" and one.severity != "note"
    ] == []


def figures(path: Path) -> list[etree._Element]:
    with zipfile.ZipFile(path) as file:
        root = etree.fromstring(file.read("EPUB/text/d1.xhtml"))
    return list(root.iter(f"{XHTML}figure"))


def caption(element: etree._Element) -> str | None:
    found = element.find(f"{XHTML}figcaption")
    return None if found is None else "".join(found.itertext())


def test_the_epub_has_figures_with_alt_and_caption(made: dict[str, packager.Built]) -> None:
    found = []
    for one in figures(made["epub"].path):
        (image,) = one.iter(f"{XHTML}img")
        found.append((image.get("alt"), image.get("role"), caption(one)))
    assert found == [
        ("A boat", None, "The boat of the pilots. Photograph: Tove Quill"),
        ("A net", None, "Nets & ropes"),
        ("Plan of the quay", None, None),
        ("", "presentation", None),
        ("The lamp of the point", None, "The lamp of the point"),
        ("A herring", None, None),
        ("The bay", None, None),
    ]


def test_the_epub_holds_plain_jpeg_and_png_and_nothing_of_the_photographer(
    made: dict[str, packager.Built],
) -> None:
    with zipfile.ZipFile(made["epub"].path) as file:
        names = [name for name in file.namelist() if name.startswith("EPUB/images/p-")]
        files = [file.read(name) for name in names]
    assert len(names) == len(FILES)
    assert not any(b"Quay Street" in data or b"secret" in data for data in files)
    for name, data in zip(names, files, strict=True):
        image = Image.open(io.BytesIO(data))
        assert image.format == {"g": "PNG", "jpg": "JPEG"}[name[-3:].lstrip("pn")]
        assert image.mode in ("RGB", "L") and max(image.size) <= LONG
        assert not image.getexif() and "icc_profile" not in image.info
    assert (600, 900) in [Image.open(io.BytesIO(data)).size for data in files], "it stands upright"


def test_the_package_says_that_pictures_carry_meaning(made: dict[str, packager.Built]) -> None:
    with zipfile.ZipFile(made["epub"].path) as file:
        package = file.read("EPUB/content.opf").decode()
    assert '<meta property="schema:accessMode">visual</meta>' in package
    assert "The only picture" not in package


def elements_of(node: object, role: str) -> Iterator[pikepdf.Dictionary]:
    """The elements of a role in and below a node of the structure tree, in reading order."""
    if isinstance(node, pikepdf.Array):
        for kid in node:
            yield from elements_of(kid, role)
    elif isinstance(node, pikepdf.Dictionary):
        if node.get("/S") == role:
            yield node
        yield from elements_of(node.get("/K"), role)


@pytest.mark.parametrize("edition", ["screen", "archive"])
def test_the_pdf_has_tagged_figures(edition: str, made: dict[str, packager.Built]) -> None:
    with pikepdf.open(made[edition].path) as pdf:
        found = list(elements_of(pdf.Root.StructTreeRoot.K, "/Figure"))
        texts = [str(one.Alt) for one in found]
        captions = [len(list(elements_of(one.K, "/Caption"))) for one in found]
        boxes = [[float(edge) for edge in one.A.BBox] for one in found]
    assert texts == [
        "A boat",
        "A net",
        "Plan of the quay",
        "The lamp of the point",
        "A herring",
        "The bay",
    ]  # the ornament is an artifact
    assert captions == [1, 1, 0, 1, 0, 0]
    for left, bottom, right, top in boxes:
        assert 0 < right - left <= 107 * 72 / 25.4 + 1
        assert 0 < top - bottom <= (210 - 20 - 27) * 2 / 3 * 72 / 25.4 + 1


def test_a_caption_stands_on_the_page_of_its_picture(made: dict[str, packager.Built]) -> None:
    pdf = pypdfium2.PdfDocument(made["screen"].path)
    for page_ in pdf:
        text = page_.get_textpage().get_text_bounded()
        count = sum(one.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE for one in page_.get_objects())
        if "Photograph: Tove Quill" in text or "Nets & ropes" in text:
            assert count >= 1


def test_the_source_note_names_each_picture_and_its_digest(
    made: dict[str, packager.Built],
) -> None:
    with zipfile.ZipFile(made["epub"].path) as file:
        text = " ".join(etree.fromstring(file.read("EPUB/text/d1.xhtml")).itertext())
    digest = kept(FILES["a.jpg"])
    shown = " ".join(digest[n : n + 8] for n in range(0, 64, 8))
    assert f"pages/p/a.jpg, SHA-256 {shown}" in " ".join(text.split())


def test_the_archive_edition_holds_the_pictures_as_they_were_saved(
    made: dict[str, packager.Built],
) -> None:
    with pikepdf.open(made["archive"].path) as pdf:
        held = {one.get_file().read_bytes() for one in pdf.attachments.values()}
    assert set(FILES.values()) <= held


def test_two_builds_are_equal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digests = []
    for name in ("one", "two"):
        monkeypatch.setenv("PACKAGER_CACHE", str(tmp_path / f"cache-{name}"))
        path = write(tmp_path / name / "book")
        built = packager.build(path, editions=["epub", "screen", "print"], environ={})
        digests.append([one.sha256 for one in built])
    assert digests[0] == digests[1]


def test_a_picture_that_changed_sets_its_galley_anew_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACKAGER_CACHE", str(tmp_path / "cache"))
    path = write(tmp_path / "book")
    packager.build(path, editions=["screen"], environ={})
    (again,) = packager.build(path, editions=["screen"], environ={})
    assert "0 of" in again.work
    (path.parent / "pages" / "p" / "a.jpg").write_bytes(picture(size=(900, 600), shade=99))
    (changed,) = packager.build(path, editions=["screen"], environ={})
    assert re.match("1 of ", changed.work), changed.work


def test_the_ledger_misses_a_caption(made: dict[str, packager.Built], tmp_path: Path) -> None:
    from packager.ledger import epub_ledger

    book, _ = assembled(write(tmp_path))
    assert all(entry.equal for entry in epub_ledger(made["epub"].path, book))
    worse = tmp_path / "worse.epub"
    with zipfile.ZipFile(made["epub"].path) as was, zipfile.ZipFile(worse, "w") as new:
        for name in was.namelist():
            new.writestr(name, was.read(name).replace(b"Nets &amp; ropes", b"Nets"))
    (entry,) = epub_ledger(worse, book)
    assert entry.difference == "in the captions of its pictures"


# --- what the editor decides ---------------------------------------------------------------


def test_a_book_may_do_without_pictures(tmp_path: Path) -> None:
    (built,) = packager.build(
        write(tmp_path / "book", book="pictures = false\n"), editions=["epub"], environ={}
    )
    assert figures(built.path) == []
    with zipfile.ZipFile(built.path) as file:
        assert "7 pictures of the page." in file.read("EPUB/text/d1.xhtml").decode()


NOTES = '[notes]\nfiles = ["notes.toml"]\n'


def described(folder: Path, notes: str, html: str = HTML) -> tuple[packager.Book, Report]:
    path = write(folder, html, more=NOTES)
    (folder / "notes.toml").write_text(notes, "utf-8")
    return assembled(path)


def test_the_editor_describes_and_leaves_out(tmp_path: Path) -> None:
    book, report = described(
        tmp_path,
        '[[picture]]\nfile = "p/a.jpg"\nalt = "A pilot boat under sail"\ncaption = "The Gull"\n'
        f'[[picture]]\nsha256 = "{kept(FILES["b.jpg"])[:12]}"\nskip = true\n'
        '[[picture]]\nfile = "e.gif"\nalt = ""\n',
    )
    (document,) = book.documents
    found = [(one.picture.path, one.alt, one.caption) for one in document.plates]
    assert found[:2] == [
        ("pages/p/a.jpg", "A pilot boat under sail", "The Gull"),
        ("pages/p/c.png", "Plan of the quay", ""),
    ]
    assert ("pages/p/e.gif", "", "The lamp of the point") in found
    assert len(document.speech.pictures) == len(found) + 1
    assert list(report) == []


@pytest.mark.parametrize(
    ("notes", "told"),
    [
        (
            '[[picture]]\nfile = "q.jpg"\n',
            "notes.toml:1: no picture of the book is 'q.jpg'; name its file or its digest, as "
            "'packager read --json' prints them",
        ),
        (
            '[[picture]]\nsha256 = "abc"\n',
            "notes.toml:1: the picture has no 'file' and no 'sha256' of 8 digits or more; name its "
            "file or its digest, as 'packager read --json' prints them",
        ),
        (
            '[[picture]]\nfile = "a.jpg"\nfit = 3\n',
            "notes.toml:3: unknown key 'fit' in [[picture]]. Known: file, sha256, alt, caption, "
            "skip",
        ),
    ],
)
def test_fault_says(notes: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(CollectionError) as caught:
        described(tmp_path, notes)
    hint = f"; {caught.value.hint}" if caught.value.hint else ""
    assert f"{caught.value}{hint}".replace(f"{hint}{hint}", hint) == told


@pytest.mark.parametrize("alt", [None, "IMG_0423.JPG"])
def test_a_picture_without_words_is_told_with_what_to_write(
    alt: str | None, tmp_path: Path
) -> None:
    book, report = described(tmp_path, "", page(figure("p/a.jpg", alt)))
    digest = kept(FILES["a.jpg"])[:12]
    assert [str(one) for one in report] == [
        "pages/a.html: warning: no words stand for the picture pages/p/a.jpg; screen readers pass "
        f'it by (picture-no-alt); write [[picture]] sha256 = "{digest}" alt = "..." in a file of '
        'notes; alt = "" says that it is an ornament'
    ]
    assert [one.alt for document in book.documents for one in document.plates] == [""]


def test_a_picture_that_breaks_off_is_told_and_left_out(tmp_path: Path) -> None:
    path = write(tmp_path, page(figure("p/a.jpg")))
    (tmp_path / "pages" / "p" / "a.jpg").write_bytes(FILES["b.jpg"][:4000])
    book, report = assembled(path)
    assert [str(one) for one in report] == [
        "pages/a.html: warning: pages/p/a.jpg cannot be drawn, so the book lacks the picture "
        "(picture-damaged); save the page again, or write skip = true in its [[picture]] table"
    ]
    assert [one.plates for one in book.documents] == [()]


def test_a_picture_whose_bytes_are_lost_is_told_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache that cannot be written holds nothing."""
    monkeypatch.setenv("PACKAGER_CACHE", str(tmp_path / "none"))
    (tmp_path / "none").write_text("a file, no folder")
    book, report = assembled(write(tmp_path, page(figure("p/a.jpg"))))
    assert [str(one) for one in report] == [
        "pages/a.html: warning: the bytes of pages/p/a.jpg are not at hand, so the book lacks the "
        "picture (picture-lost); read its page again, and look whether the cache can be written"
    ]
    assert [one.plates for one in book.documents] == [()]


# --- the form of a plate -------------------------------------------------------------------


def form_of(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(book_form(data, kept(data))[0]))


def test_a_sound_jpeg_keeps_its_pixels_and_loses_all_else() -> None:
    plain = picture(quality=71)
    exif_ = Image.Exif()
    exif_[315] = "Tove Quill"
    told = picture(quality=71, exif=exif_, comment=b"secret")
    assert bare_jpeg(told) == bare_jpeg(plain) == book_form(told, kept(told))[0]
    assert Image.open(io.BytesIO(told)).tobytes() == form_of(told).tobytes()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_colours_of_another_space_become_those_of_srgb(form: str) -> None:
    """A profile whose red is blue: what is stored red is shown blue."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = lab.replace(b"rXYZ", b"tXYZ").replace(b"bXYZ", b"rXYZ").replace(b"tXYZ", b"bXYZ")
    out = io.BytesIO()
    Image.new("RGB", (200, 200), (255, 0, 0)).save(out, form, icc_profile=swapped)
    red, green, blue = form_of(out.getvalue()).convert("RGB").getpixel((9, 9))
    assert blue > 200 > 90 > red and green < 60


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_shines_through_is_white(mode: str) -> None:
    clear = io.BytesIO()
    Image.new(mode, (200, 200)).save(clear, "PNG")
    assert form_of(clear.getvalue()).convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_a_deep_grey_keeps_its_tones() -> None:
    out = io.BytesIO()
    Image.new("I;16", (200, 200), 32768).save(out, "PNG")
    assert form_of(out.getvalue()).getpixel((0, 0)) == 128


def test_a_large_picture_is_made_smaller() -> None:
    noise = Image.effect_noise((3000, 2600), 200).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "PNG")
    form, size = book_form(out.getvalue(), kept(out.getvalue()))
    assert max(size.width, size.height) == LONG and len(form) <= LARGE
    assert size.media_type == "image/jpeg"


# --- data and the library ------------------------------------------------------------------


def printed(book: packager.Book) -> list[tuple[str, str | None, str, int]]:
    return [
        (p.sha256, p.alt or None, p.caption, p.at)
        for document in book.documents
        for p in document.pictures
    ]


def again(path: Path) -> list[tuple[str, str | None, str, int]]:
    (speech,) = packager.read(path)
    for one in speech.pictures:
        assert bytes_of(one.sha256) is not None
    return [(p.sha256, p.alt or None, p.caption, p.at) for p in speech.pictures]


def test_speech_json_lines_and_markdown_carry_the_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, _ = assembled(write(tmp_path / "book"))
    (tmp_path / "a.jsonl").write_bytes(jsonl.write(book))
    (tmp_path / "a.zip").write_bytes(markdown.write(book))
    monkeypatch.setenv("PACKAGER_CACHE", str(tmp_path / "another"))
    assert again(tmp_path / "a.jsonl") == again(tmp_path / "a.zip") == printed(book)


def test_what_the_editor_leaves_out_is_named_in_data_and_not_handed_on(tmp_path: Path) -> None:
    book, _ = assembled(write(tmp_path, book="pictures = false\n"))
    line = jsonl.write(book)
    assert b'"data"' not in line and kept(FILES["a.jpg"]).encode() in line
    with zipfile.ZipFile(io.BytesIO(markdown.write(book))) as file:
        assert len(file.namelist()) == 1


def test_tei_names_the_pictures(tmp_path: Path) -> None:
    book, _ = assembled(write(tmp_path))
    assert tei_back.speeches(tei.write(book)) == [one.speech for one in book.documents]


def test_bytes_that_are_not_those_of_the_digest_are_refused(tmp_path: Path) -> None:
    book, _ = assembled(write(tmp_path, page(figure("p/a.jpg"))))
    line = jsonl.write(book).replace(b'"data": "/9j/', b'"data": "/9j0')
    (tmp_path / "a.jsonl").write_bytes(line)
    report = Report()
    assert list(packager.read(tmp_path / "a.jsonl", report=report)) == []
    assert "the bytes of a picture are not those of its SHA-256" in report.findings[0].message


def test_a_library_keeps_the_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACKAGER_CACHE", str(tmp_path / "one"))
    write(tmp_path)
    with open_library(tmp_path / "library.db", create=True) as library:
        keep(library, [tmp_path / "pages" / "a.html"])
    monkeypatch.setenv("PACKAGER_CACHE", str(tmp_path / "another"))
    with open_library(tmp_path / "library.db") as library:
        (speech,) = speeches(library)
    assert len(speech.pictures) == len(FILES)
    assert {bytes_of(one.sha256) for one in speech.pictures} == set(FILES.values())
