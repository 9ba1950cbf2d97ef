"""Pictures of a page: taken where they were saved with it, counted where not, never words of it."""

from __future__ import annotations

import base64
import hashlib
import io
import pickle
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager import Report, Speech, read
from packager.pictures import PIXELS, Size, bytes_of, measured
from packager.readers.beside import inside, saved
from packager.readers.shown import shown_as
from packager.readers.source import Source
from packager.reading import pages, read_page
from packager.speech import Picture
from tests.drawn import WORDS, figure, page, picture

PHOTO = picture()
FORMS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP")
HERE = "https://gazette.example/2021/lamps.html"


def taken(folder: Path, files: Mapping[str, str | bytes], *paths: str) -> tuple[Speech, Report]:
    """The one speech of some files, read from `paths`, by default from all of them."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    report = Report()
    found = [folder / path for path in paths or ("",)]
    (speech,) = read(found, report=report, base=folder)
    return speech, report


def said(speech: Speech) -> list[tuple[int, str | None, str]]:
    return [(one.at, one.alt, one.caption) for one in speech.pictures]


def unsaved(speech: Speech) -> list[tuple[str, str]]:
    return [(c.kind, c.first_words) for c in speech.provenance.cut if "not saved" in c.kind]


# --- which, and where ----------------------------------------------------------------------


def test_a_picture_lies_where_the_page_has_it_and_its_words_are_none_of_the_speech(
    tmp_path: Path,
) -> None:
    html = page("", "", figure("p/x.jpg", caption="The harbour. Photograph: Tove Quill"))
    speech, report = taken(tmp_path, {"a.html": html, "p/x.jpg": PHOTO}, "a.html")
    assert list(report) == []
    assert speech.pictures == (
        Picture(
            2,
            "p/x.jpg",
            hashlib.sha256(PHOTO).hexdigest(),
            "image/jpeg",
            400,
            300,
            "The harbour at dusk",
            "The harbour. Photograph: Tove Quill",
        ),
    )
    assert bytes_of(speech.pictures[0].sha256) == PHOTO
    assert speech.text == "\n\n".join(WORDS)
    assert not any("Quill" in cut.first_words for cut in speech.provenance.cut)


def test_text_and_id_are_those_of_the_same_page_without_its_pictures(tmp_path: Path) -> None:
    html = page(*[figure("p/x.jpg", caption="Lamps")] * 4)
    bare, _ = taken(tmp_path / "bare", {"a.html": html})
    speech, _ = taken(tmp_path / "whole", {"a.html": html, "p/x.jpg": PHOTO}, "a.html")
    assert (speech.id, speech.blocks, speech.title) == (bare.id, bare.blocks, bare.title)
    assert (len(speech.pictures), len(bare.pictures)) == (1, 0)


def test_a_picture_between_headline_and_text_leads_it(tmp_path: Path) -> None:
    html = page(figure("p/x.jpg"))
    speech, _ = taken(tmp_path, {"a.html": html, "p/x.jpg": PHOTO}, "a.html")
    assert said(speech) == [(0, "The harbour at dusk", "")]


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ('<p><img src="p/x.jpg"> ' + WORDS[0].upper() + "</p>", 1),
        ("<p>" + WORDS[0].upper() + ' <img src="p/x.jpg"></p>', 2),
        ("<p>" + WORDS[0].upper() + ' <img src="p/x.jpg"> ' + WORDS[1].upper() + "</p>", 2),
        ('<div><p><img src="p/x.jpg"></p></div>', 1),
        ('<picture><source srcset="p/x.webp 2x"><img src="p/x.jpg"></picture>', 1),
        ('<p><a href="p/x.jpg"><img src="p/small.jpg" data-src="p/x.jpg"></a></p>', 1),
        ('<p><img srcset="p/small.jpg 100w, p/x.jpg 400w" src="p/small.jpg"></p>', 1),
        ('<p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="p/x.jpg"></p>', 1),
    ],
)
def test_however_a_page_shows_it(line: str, at: int, tmp_path: Path) -> None:
    files = {"a.html": page("", line), "p/x.jpg": PHOTO}
    speech, _ = taken(tmp_path, files, "a.html")
    assert [(one.path, one.at) for one in speech.pictures] == [("p/x.jpg", at)]


@pytest.mark.parametrize(
    "line",
    [
        '<p><img src="p/dot.gif" alt=""></p>',
        '<p><img src="p/x.jpg" width="1" height="1"></p>',
        '<p><img src="p/x.jpg" width="24" height="24" alt="Share"></p>',
        '<p><a href="https://shop.example/"><img src="p/x.jpg" alt="Buy oil"></a></p>',
        '<div class="share-bar"><img src="p/x.jpg" alt="Share"></div>',
        '<aside><img src="p/x.jpg" alt="More"><p>More on lamps and oil in our pages.</p></aside>',
        '<noscript><img src="p/x.jpg"></noscript>',
    ],
)
def test_the_frame_of_a_page_stays_outside(line: str, tmp_path: Path) -> None:
    dot = picture("GIF", (1, 1), mode="L")
    files = {"a.html": page("", line), "p/x.jpg": PHOTO, "p/dot.gif": dot, "p/logo.png": PHOTO}
    speech, report = taken(tmp_path, files, "a.html")
    assert speech.pictures == ()
    assert list(report) == []


def test_what_was_not_saved_is_counted_and_named(tmp_path: Path) -> None:
    web = figure("https://gazette.example/x.jpg", "Two lamps", "Lamps in the fog")
    speech, report = taken(tmp_path, {"a.html": page("", web, figure("p/y.jpg", "A boat"))})
    assert unsaved(speech) == [("2 pictures, not saved with the page", "Two lamps A boat")]
    assert list(report) == []


# --- where the bytes may come from ---------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "../../etc/passwd",
        "../outside.jpg",
        "..%2Foutside.jpg",
        "p/../../outside.jpg",
        "..\\outside.jpg",
        "p/link.jpg",
        "/etc/passwd",
        "file:///etc/passwd",
        "file:p/x.jpg",
        "C:\\x.jpg",
        "//gazette.example/p/x.jpg",
        "http://[::1",
        "p/x.jpg%00",
        "p",
        "",
        "x" * 5000,
        "data:image/jpeg;base64",
        "data:,",
    ],
)
def test_no_address_leads_out_of_the_folder_that_was_named(address: str, tmp_path: Path) -> None:
    (tmp_path / "outside.jpg").write_bytes(PHOTO)
    named = tmp_path / "named"
    (named / "p").mkdir(parents=True)
    (named / "p" / "link.jpg").symlink_to(tmp_path / "outside.jpg")
    speech, _ = taken(named, {"a.html": page("", figure(address)), "p/x.jpg": PHOTO}, "a.html")
    assert speech.pictures == ()


@pytest.mark.parametrize("form", FORMS)
def test_a_picture_is_no_page(form: str, tmp_path: Path) -> None:
    name = f"x.{form.lower()}"
    (tmp_path / name).write_bytes(picture(form, mode="L"))
    report = Report()
    assert list(read(tmp_path, report=report, base=tmp_path)) == []
    assert [str(one) for one in report] == [
        f"{name}: note: a picture; pages that show it take it from where it lies (no-speech)"
    ]


@pytest.mark.parametrize("address", ["../p/x.jpg", "./../p/x.jpg?w=3#top", "..%2fp%2fx.jpg"])
def test_a_folder_that_was_named_may_be_gone_through(address: str, tmp_path: Path) -> None:
    files = {"in/a.html": page("", figure(address)), "p/x.jpg": PHOTO}
    speech, report = taken(tmp_path, files)
    assert [one.path for one in speech.pictures] == ["p/x.jpg"]
    assert [str(one) for one in report] == [
        "p/x.jpg: note: a picture; pages that show it take it from where it lies (no-speech)"
    ]
    alone, _ = taken(tmp_path, {}, "in/a.html")
    assert alone.pictures == (), "only the page's own folder was named"


def test_inside_never_climbs() -> None:
    assert inside(PurePosixPath("a/b"), "../c.jpg") == "a/c.jpg"
    assert inside(PurePosixPath("a/b"), "../../../c.jpg") is None


@settings(deadline=None)
@given(st.text(st.sampled_from("ab/.\\%2eF:?#&;,~ \0\u0301")) | st.text())
def test_no_address_can_be_written_that_climbs_or_stops_the_reading(address: str) -> None:
    found = inside(PurePosixPath("a/b"), address)
    assert found is None or not (found.startswith(("/", "../")) or found == "..")
    source = Source(Path(__file__), "a.html", root=Path(__file__).parent)
    got = saved(source, address, HERE)
    assert got is None or (Path(__file__).parent / got[0]).is_file() or address[:5] == "data:"


@given(st.text(st.sampled_from("ab.jpg 0123wx,;\n")) | st.text())
def test_any_set_of_addresses_gives_addresses(written: str) -> None:
    shown = shown_as({"srcset": written, "width": written, "src": "a.jpg"}, 0)
    assert "a.jpg" in shown.addresses and all(shown.addresses)


@settings(deadline=None)
@given(
    data=st.sampled_from(FORMS).map(lambda form: picture(form, (70, 70))),
    at=st.floats(0, 1),
    junk=st.binary(max_size=40),
)
def test_no_damage_to_a_picture_stops_the_reading(data: bytes, at: float, junk: bytes) -> None:
    cut = int(at * len(data))
    found = measured(data[:cut] + junk + data[cut + len(junk) :])
    assert isinstance(found, (str, Size))


def test_a_picture_in_the_page_itself(tmp_path: Path) -> None:
    address = "data:image/jpeg;base64," + base64.b64encode(PHOTO).decode()
    speech, _ = taken(tmp_path, {"a.html": page("", figure(address))})
    assert [(one.path, one.sha256) for one in speech.pictures] == [
        ("a.html", hashlib.sha256(PHOTO).hexdigest())
    ]


def record(address: str, kind: str, body: bytes) -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    block = http.encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\n"
        "WARC-Date: 2021-05-03T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{hashlib.md5(address.encode()).hexdigest()}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def web_archive(address: str) -> bytes:
    return record(HERE, "text/html", page("", figure(address)).encode()) + record(
        "https://gazette.example/p/x.jpg", "image/jpeg", PHOTO
    )


@pytest.mark.parametrize(
    "address",
    [
        "/p/x.jpg",
        "../p/x.jpg",
        "http://gazette.example/p/x.jpg#top",
        "//gazette.example/p/x.jpg",
    ],
)
def test_a_picture_of_a_web_archive(address: str, tmp_path: Path) -> None:
    speech, _ = taken(tmp_path, {"a.warc": web_archive(address)})
    assert [(one.path, one.sha256) for one in speech.pictures] == [
        ("a.warc#2", hashlib.sha256(PHOTO).hexdigest())
    ]


def test_a_web_archive_looks_in_itself_alone(tmp_path: Path) -> None:
    files = {"a.warc": web_archive("x.jpg"), "x.jpg": PHOTO}
    speech, _ = taken(tmp_path, files, "a.warc")
    assert speech.pictures == ()


def zipped(members: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as box:
        for name, data in members.items():
            box.writestr(name, data)
    return made.getvalue()


def test_a_picture_of_a_wacz_and_of_a_zip_file(tmp_path: Path) -> None:
    wacz = {"datapackage.json": b"{}", "archive/a.warc": web_archive("/p/x.jpg")}
    html = page("", figure("a_files/x.jpg"), title="To the Ringers of Orrin").encode()
    box = {"in/a.html": html, "in/a_files/x.jpg": PHOTO}
    (tmp_path / "a.wacz").write_bytes(zipped(wacz))
    (tmp_path / "b.zip").write_bytes(zipped(box))
    found = list(pages([tmp_path], base=tmp_path))
    sent = pickle.loads(pickle.dumps(found))  # as to a worker, who opens the container again
    for sources in (found, sent):
        speeches = [speech for one in sources for speech in read_page(one, Report())]
        assert [speech.pictures[0].path for speech in speeches] == [
            "a.wacz#archive/a.warc#2",
            "b.zip#in/a_files/x.jpg",
        ]


@pytest.mark.parametrize("address", ["https://gazette.example/p/x.jpg", "../p/x.jpg", "cid:x@y"])
def test_a_picture_of_a_page_saved_as_mhtml(address: str, tmp_path: Path) -> None:
    whole = MIMEMultipart("related", type="text/html")
    whole["Snapshot-Content-Location"] = HERE
    text = MIMEText(page("", figure(address)), "html", "utf-8")
    text["Content-Location"] = HERE
    image = MIMEImage(PHOTO, "jpeg")
    image["Content-Location"] = "https://gazette.example/p/x.jpg"
    image["Content-ID"] = "<x@y>"
    whole.attach(text)
    whole.attach(image)
    speech, _ = taken(tmp_path, {"a.mhtml": whole.as_bytes()})
    assert [one.sha256 for one in speech.pictures] == [hashlib.sha256(PHOTO).hexdigest()]


def test_pictures_beside_markdown_with_their_titles_as_captions(tmp_path: Path) -> None:
    text = (
        "# To the Ringers\n\n![The tower](p/x.jpg 'The tower in May')\n\nIt is noon.\n\n"
        '<img src="p/y.png" alt="A bell">\n\nThe bells are still. ![](p/none.jpg)\n'
    )
    files = {"a.md": text, "p/x.jpg": PHOTO, "p/y.png": picture("PNG")}
    speech, _ = taken(tmp_path, files, "a.md")
    assert said(speech) == [(0, "The tower", "The tower in May"), (1, "A bell", "")]
    assert speech.text == "It is noon.\n\nThe bells are still."
    assert unsaved(speech) == [("1 picture, not saved with the page", "")]


def test_pictures_beside_tei(tmp_path: Path) -> None:
    text = (
        '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>'
        "<title>To the Ringers</title></titleStmt></fileDesc></teiHeader><text><body>"
        '<p>It is noon.</p><figure><graphic url="p/x.jpg"/><head>The tower</head>'
        "<figDesc>A tower of stone</figDesc></figure><p>The bells are still.</p>"
        '<figure><graphic url="p/none.jpg"/><figDesc>A rope</figDesc></figure></body></text></TEI>'
    )
    speech, _ = taken(tmp_path, {"a.xml": text, "p/x.jpg": PHOTO}, "a.xml")
    assert said(speech) == [(1, "A tower of stone", "The tower")]
    assert unsaved(speech) == [("1 picture, not saved with the page", "A rope")]


def test_a_picture_over_the_dateline_of_a_news_page(
    page: Callable[..., Any], tmp_path: Path
) -> None:
    html = page().html.replace("<article>", '<article><img src="p/x.jpg" alt="A clock">')
    speech, _ = taken(tmp_path, {"a.html": html, "p/x.jpg": PHOTO}, "a.html")
    assert said(speech) == [(0, "A clock", "")]


# --- what no book can hold -----------------------------------------------------------------


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawn as SVG, which may run and fetch"),
        (b"<?xml version='1.0'?><!-- x --><svg/>", "drawn as SVG, which may run and fetch"),
        (PHOTO[:20], "damaged, or of a form that is not known"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "damaged, or of a form that is not known"),
        (bomb(10_000, 10_000), f"of too many pixels; the limit is {PIXELS:,}"),
        (bomb(200_000, 200_000), f"of too many pixels; the limit is {PIXELS:,}"),
        (PHOTO + bytes(25_200_000), "of more than 25 MB"),
    ],
)  # fmt: skip
def test_a_picture_that_no_book_can_hold_is_told(data: bytes, why: str, tmp_path: Path) -> None:
    assert measured(data) == why
    speech, report = taken(tmp_path, {"a.html": page("", figure("p/x")), "p/x": data}, "a.html")
    assert speech.pictures == ()
    if len(data) < 1_000_000:  # a larger file is not opened
        assert [str(one) for one in report] == [
            f"a.html: note: a picture is {why}: p/x (picture-left-out)"
        ]


@pytest.mark.parametrize(("turn", "size"), [(1, (400, 300)), (3, (400, 300)), (6, (300, 400))])
def test_a_picture_that_lies_on_its_side_is_measured_as_it_is_shown(
    turn: int, size: tuple[int, int]
) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[274] = turn
    found = measured(picture(exif=exif))
    assert not isinstance(found, str)
    assert (found.width, found.height) == size
