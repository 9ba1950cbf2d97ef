"""A sound print file has no finding; each fault planted in it is found, by its own point."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image, ImageCms

from packager.check import prepress
from packager.editions.prepress import press_pages
from packager.preset import load_preset
from tests.test_prepress import pages, picture

Change = Callable[[Pdf], None]
X4 = load_preset("x4")
HTML = "<h1>Ropes</h1><p style='border-bottom: 1pt solid'>Rope and <em>knots</em></p>"
needs_ghostscript = pytest.mark.skipif(
    shutil.which("gs") is None, reason="needs Ghostscript (Debian: ghostscript)"
)


@pytest.fixture(scope="module")
def sound() -> bytes:
    """Two pages for the printer, with a grey picture fine enough."""
    html = f"{HTML}<img style='width: 9pt' src='{picture('L', 90)}'><p style='break-before: page'>B"
    return press_pages(pages(html), replace(X4, marks=True), identifier="urn:ropes")


@pytest.fixture(scope="module")
def older() -> bytes:
    """The same as PDF/X-1a."""
    return press_pages(pages(HTML), load_preset("x1a"), identifier="urn:ropes")


def found(data: bytes, change: Change, folder: Path) -> dict[str, tuple[str, str]]:
    """Code -> severity and message of the findings of a changed file."""
    path = folder / "print.pdf"
    with pikepdf.open(io.BytesIO(data)) as file:
        change(file)
        file.save(path, fix_metadata_version=False, deterministic_id=True)
    told = list(prepress.validate(path))
    assert all(finding.hint and finding.place.startswith(str(path)) for finding in told)
    return {finding.code: (str(finding.severity), finding.message) for finding in told}


def nothing(_: Pdf) -> None:
    """No change."""


def paint(file: Pdf, operators: str) -> None:
    """Adds operators to the first page."""
    page = file.pages[0]
    page.obj.Contents = file.make_stream(page.Contents.read_bytes() + operators.encode())


def test_a_sound_file_has_no_finding(sound: bytes, older: bytes, tmp_path: Path) -> None:
    assert found(sound, nothing, tmp_path) == {}
    assert found(older, nothing, tmp_path) == {}


def test_a_file_that_is_not_for_print_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "screen.pdf").write_bytes(pages(HTML))
    assert list(prepress.validate(tmp_path / "screen.pdf")) == []


# identity


def other_standard(file: Pdf) -> None:
    packet = file.Root.Metadata.read_bytes()
    file.Root.Metadata.write(packet.replace(b">PDF/X-4<", b">PDF/X-40<"))


def not_trapped(file: Pdf) -> None:
    del file.trailer.Info["/Trapped"]


def no_dates(file: Pdf) -> None:
    del file.trailer.Info["/ModDate"]


# intent


def no_intent(file: Pdf) -> None:
    del file.Root["/OutputIntents"]


def two_intents(file: Pdf) -> None:
    file.Root.OutputIntents.append(file.Root.OutputIntents[0])


def nameless_condition(file: Pdf) -> None:
    file.Root.OutputIntents[0].OutputConditionIdentifier = String("")


def no_profile(file: Pdf) -> None:
    del file.Root.OutputIntents[0]["/DestOutputProfile"]


def screen_profile(file: Pdf) -> None:
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    file.Root.OutputIntents[0].DestOutputProfile = Stream(file, data, N=3)


def three_inks(file: Pdf) -> None:
    file.Root.OutputIntents[0].DestOutputProfile["/N"] = 3


# boxes


def shifted(file: Pdf) -> None:
    file.pages[1].obj.MediaBox = Array([-9, -9, 800, 900])


def no_bleed_box(file: Pdf) -> None:
    del file.pages[0].obj["/BleedBox"]


def art_box(file: Pdf) -> None:
    file.pages[0].obj.ArtBox = file.pages[0].obj.TrimBox


def rotated(file: Pdf) -> None:
    file.pages[0].obj.Rotate = 90


def other_trim(file: Pdf) -> None:
    left, bottom, right, top = (float(side) for side in file.pages[1].obj.TrimBox)
    file.pages[1].obj.TrimBox = Array([left, bottom, right - 4, top])


def odd_pages(file: Pdf) -> None:
    file.pages.append(file.pages[1])


# screen


def a_link(file: Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([9, 9, 90, 90]))
    file.pages[0].obj.Annots = Array([file.make_indirect(link)])


def a_script(file: Pdf) -> None:
    file.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def a_form(file: Pdf) -> None:
    file.Root.AcroForm = Dictionary(Fields=Array())


def an_attachment(file: Pdf) -> None:
    file.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array()))


# colours


def screen_colour(file: Pdf) -> None:
    paint(file, "\n1 0 0 rg 90 90 9 9 re f")


def screen_stroke(file: Pdf) -> None:
    paint(file, "\n/DeviceRGB CS 1 0 0 SC 90 90 m 99 99 l S")


def managed_colour(file: Pdf) -> None:
    profile = Stream(file, b"", N=3)
    spaces = file.pages[0].resources.ColorSpace
    spaces["/Pic"] = Array([Name.ICCBased, profile])
    paint(file, "\n/Pic cs 1 0 0 scn 90 90 9 9 re f")


def spot_colour(file: Pdf) -> None:
    tint = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[0, 1, 0, 0], N=1)
    spot = Array([Name.Separation, Name("/Gold"), Name.DeviceCMYK, tint])
    file.pages[0].resources.ColorSpace["/Gold"] = spot
    paint(file, "\n/Gold cs 1 scn 90 90 9 9 re f")


def screen_picture(file: Pdf) -> None:
    image = next(iter(file.pages[0].resources.XObject.values()))
    image.write(bytes(3 * 40 * 40))
    image.ColorSpace = Name.DeviceRGB


def screen_colour_in_a_form(file: Pdf) -> None:
    form = Stream(file, b"0 0 1 rg 0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form)
    form["/BBox"] = Array([0, 0, 9, 9])
    file.pages[0].resources.XObject["/Form"] = form
    paint(file, "\n/Form Do")


def screen_colour_in_a_pattern(file: Pdf) -> None:
    pattern = Stream(file, b"0 0 1 rg 0 0 9 9 re f", PatternType=1, PaintType=1, TilingType=1)
    pattern["/BBox"] = Array([0, 0, 9, 9])
    pattern["/XStep"] = pattern["/YStep"] = 9
    pattern["/Resources"] = Dictionary()
    file.pages[0].resources["/Pattern"] = Dictionary(Tile=file.make_indirect(pattern))
    paint(file, "\n/Pattern cs /Tile scn 90 90 30 30 re f")


def screen_group(file: Pdf) -> None:
    group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
    file.pages[0].obj.Group = group


def _write(file: Pdf, colour: str) -> None:
    font = next(iter(file.pages[0].resources.Font.keys()))
    paint(file, f"\n{colour} BT {font} 9 Tf 90 90 Td <0001> Tj ET")


def coloured_text(file: Pdf) -> None:
    _write(file, "0.2 0.9 0.8 0.1 k")


def rich_black_text(file: Pdf) -> None:
    _write(file, "0.7 0.6 0.6 0.9 k")


def screen_text(file: Pdf) -> None:
    _write(file, "0 0 0 rg")


def too_much_ink(file: Pdf) -> None:
    paint(file, "\n1 0.9 0.9 0.8 k 90 90 9 9 re f")


def ink_on_ink(file: Pdf) -> None:
    """Each colour is within the limit; overprinted, their sum is not."""
    file.pages[0].resources.ExtGState["/Both"] = Dictionary(op=True, OP=True, OPM=1)
    paint(file, "\n1 1 0.9 0 k 90 90 9 9 re f /Both gs 0 0 0 1 k 90 90 9 9 re f")


def see_through(file: Pdf) -> None:
    file.pages[0].resources.ExtGState["/Half"] = Dictionary(ca=0.5)
    paint(file, "\n/Half gs 0 0 0 1 k 90 90 9 9 re f")


def blended(file: Pdf) -> None:
    file.pages[0].resources.ExtGState["/Mix"] = Dictionary(BM=Name.Multiply)
    paint(file, "\n/Mix gs 0 0 0 1 k 90 90 9 9 re f")


def grouped(file: Pdf) -> None:
    file.pages[0].obj.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK)


def _picture(file: Pdf, size: float, bits: int) -> None:
    data = bytes(100 * 100 * bits // 8 + 100)
    image = Stream(file, data, Type=Name.XObject, Subtype=Name.Image, Width=100, Height=100)
    image["/ColorSpace"], image["/BitsPerComponent"] = Name.DeviceGray, bits
    file.pages[0].resources["/XObject"] = Dictionary(Big=image)
    content = f"q {size} 0 0 {size} 90 90 cm /Big Do Q"
    file.pages[0].obj.Contents = file.make_stream(content.encode())


def coarse_picture(file: Pdf) -> None:
    _picture(file, 72, 8)


def not_so_fine_picture(file: Pdf) -> None:
    _picture(file, 36, 8)


def coarse_line_art(file: Pdf) -> None:
    _picture(file, 24, 1)


def art_to_the_trim(file: Pdf) -> None:
    left, bottom, right, _ = (float(side) for side in file.pages[0].obj.TrimBox)
    paint(file, f"\n0 0 0 0.4 k {left} {bottom + 50} {(right - left) / 2} 60 re f")


FAULTS: list[tuple[Change, str, str]] = [
    (other_standard, "print-identity", "error"),
    (not_trapped, "print-identity", "error"),
    (no_dates, "print-identity", "error"),
    (no_intent, "print-intent", "error"),
    (two_intents, "print-intent", "error"),
    (nameless_condition, "print-intent", "error"),
    (no_profile, "print-intent", "error"),
    (screen_profile, "print-intent", "error"),
    (three_inks, "print-intent", "error"),
    (shifted, "print-boxes", "error"),
    (no_bleed_box, "print-boxes", "error"),
    (art_box, "print-boxes", "error"),
    (rotated, "print-boxes", "error"),
    (other_trim, "print-boxes", "error"),
    (odd_pages, "print-boxes", "warning"),
    (a_link, "print-screen", "error"),
    (a_script, "print-screen", "error"),
    (a_form, "print-screen", "error"),
    (an_attachment, "print-screen", "error"),
    (screen_colour, "print-colour", "error"),
    (screen_stroke, "print-colour", "error"),
    (managed_colour, "print-colour", "warning"),
    (spot_colour, "print-colour", "error"),
    (screen_picture, "print-colour", "error"),
    (screen_colour_in_a_form, "print-colour", "error"),
    (screen_colour_in_a_pattern, "print-colour", "error"),
    (screen_group, "print-colour", "error"),
    (coloured_text, "print-text", "error"),
    (rich_black_text, "print-text", "error"),
    (screen_text, "print-text", "error"),
    (too_much_ink, "print-ink", "error"),
    (coarse_picture, "print-resolution", "error"),
    (not_so_fine_picture, "print-resolution", "warning"),
    (coarse_line_art, "print-resolution", "error"),
    (art_to_the_trim, "print-edges", "warning"),
]


@pytest.mark.parametrize(
    ("change", "code", "severity"), FAULTS, ids=[fault[0].__name__ for fault in FAULTS]
)
def test_one_fault(sound: bytes, tmp_path: Path, change: Change, code: str, severity: str) -> None:
    """The fault is found, and no other point takes it for its own."""
    told = found(sound, change, tmp_path)
    assert told[code][0] == severity
    also = {"print-colour"} if change is screen_text else set()
    assert set(told) <= {code, *also}


@pytest.mark.parametrize("change", [see_through, blended, grouped])
def test_transparency_is_a_fault_of_the_older_standards(
    sound: bytes, older: bytes, tmp_path: Path, change: Change
) -> None:
    assert found(older, change, tmp_path)["print-transparency"][0] == "error"
    assert found(sound, change, tmp_path) == {}


@needs_ghostscript
def test_inks_that_meet_are_added_up(sound: bytes, tmp_path: Path) -> None:
    severity, message = found(sound, ink_on_ink, tmp_path)["print-ink"]
    assert (severity, message) == ("error", "inks add up to 390 %, the profile allows 300 %")


def test_an_opentype_file_is_a_fault_of_the_older_standards(
    sound: bytes, older: bytes, tmp_path: Path
) -> None:
    def change(file: Pdf) -> None:
        font = next(iter(file.pages[0].resources.Font.values()))
        descriptor = font.DescendantFonts[0].FontDescriptor
        descriptor["/FontFile3"] = descriptor.FontFile2
        descriptor.FontFile3.Subtype = Name.OpenType

    assert found(older, change, tmp_path)["print-fonts"][0] == "error"
    assert found(sound, change, tmp_path) == {}


def test_a_newer_version_than_the_standard_knows(older: bytes, tmp_path: Path) -> None:
    path = tmp_path / "new.pdf"
    with pikepdf.open(io.BytesIO(older)) as file:
        file.save(path, force_version="1.7", fix_metadata_version=False)
    assert [f.message for f in prepress.validate(path)] == [
        "PDF 1.7 is newer than PDF/X-1a:2003 allows"
    ]


def test_many_pages_with_one_fault_are_one_finding(sound: bytes, tmp_path: Path) -> None:
    def change(file: Pdf) -> None:
        for page in file.pages:
            del page.obj["/BleedBox"]

    message = found(sound, change, tmp_path)["print-boxes"][1]
    assert message == "the page states no BleedBox (2 pages, the first is page 1)"


def test_a_cover_may_have_coloured_lettering_but_no_rich_black(
    sound: bytes, tmp_path: Path
) -> None:
    def cover(change: Change) -> Change:
        def both(file: Pdf) -> None:
            del file.pages[1]
            change(file)

        return both

    assert found(sound, cover(coloured_text), tmp_path) == {}
    assert "print-text" in found(sound, cover(rich_black_text), tmp_path)


def test_damage_is_told_and_never_a_traceback(sound: bytes, tmp_path: Path) -> None:
    def change(file: Pdf) -> None:
        file.pages[0].obj.Contents = file.make_stream(b"q /Nothing Do 1 2 cm")

    assert found(sound, change, tmp_path)["pdf-syntax"][0] == "error"
    (tmp_path / "cut.pdf").write_bytes(sound[:3000])
    assert isinstance(list(prepress.validate(tmp_path / "cut.pdf")), list)


def test_a_picture_is_told_whatever_made_it(tmp_path: Path) -> None:
    """Nothing of the writing side is shared: a file made by hand is read as well."""
    out = io.BytesIO()
    Image.new("CMYK", (30, 30), (0, 0, 0, 90)).save(out, "JPEG")
    with pikepdf.open(io.BytesIO(press_pages(pages(HTML), X4, identifier="urn:a"))) as file:
        image = Stream(file, out.getvalue(), Subtype=Name.Image, Width=30, Height=30)
        image["/ColorSpace"], image["/BitsPerComponent"] = Name.DeviceCMYK, 8
        image["/Filter"] = Name.DCTDecode
        image["/Decode"] = Array([1, 0] * 4)
        file.pages[0].resources["/XObject"] = Dictionary(Hand=image)
        paint(file, "\nq 90 0 0 90 90 90 cm /Hand Do Q")
        file.save(tmp_path / "hand.pdf", fix_metadata_version=False)
    told = [str(f.message) for f in prepress.validate(tmp_path / "hand.pdf")]
    assert told == ["a picture is printed at 24 dots an inch, 225 are enough"]
