"""The print edition: the same pages as the screen edition, in ink, in its boxes, for one press."""

from __future__ import annotations

import base64
import io
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import weasyprint
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import packager
from packager.editions.ink import inks_of, text_ink
from packager.editions.marks import POINT
from packager.editions.prepress import check_safe, press_pages
from packager.errors import EditionError, StyleError
from packager.findings import Report
from packager.preset import STANDARDS, Preset, known_presets, load_preset
from tests.conftest import SPEECH, BuiltBook, small_book

X4 = load_preset("x4")
KOREAN = '[edition.print]\n[print]\npreset = "x1a"\n'
INKS, SPARING = inks_of(X4), inks_of(replace(X4, ink=240))
needs_ghostscript = pytest.mark.skipif(
    shutil.which("gs") is None, reason="needs Ghostscript (Debian: ghostscript)"
)
needs_pdfinfo = pytest.mark.skipif(
    shutil.which("pdfinfo") is None, reason="needs pdfinfo (Debian: poppler-utils)"
)


def picture(mode: str, colour: object, *, kind: str = "PNG") -> str:
    """The address of a plain picture."""
    out = io.BytesIO()
    Image.new(mode, (40, 40), colour).save(out, kind)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(out.getvalue()).decode()}"


def pages(html: str) -> bytes:
    """A PDF of A5 pages as any layout might make it."""
    head = '<html lang=en><title>Ropes</title><meta name="dcterms.modified" content="2022-03-01">'
    style = "<style>@page { size: 148mm 210mm; margin: 20mm } body { margin: 0 }</style>"
    data: bytes = weasyprint.HTML(string=head + style + html).write_pdf(pdf_variant="pdf/ua-1")
    return data


def pressed(html: str, preset: Preset = X4) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(press_pages(pages(html), preset, identifier="urn:ropes")))


def operators(pdf: pikepdf.Pdf, page: int = 0) -> list[str]:
    content = pikepdf.parse_content_stream(pdf.pages[page])
    return [" ".join([*map(str, step.operands), str(step.operator)]) for step in content]


def plates(pdf: pikepdf.Pdf | Path, tmp_path: Path) -> list[tuple[float, ...]]:
    """The part of each page that each plate covers, as Ghostscript sees it."""
    if not isinstance(pdf, Path):
        pdf.save(tmp_path / "p.pdf")
        pdf = tmp_path / "p.pdf"
    run = subprocess.run(
        ["gs", "-q", "-o", "-", "-sDEVICE=inkcov", str(pdf)],
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.findall(r"^\s*([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)", run.stdout, re.MULTILINE)
    return [tuple(map(float, line)) for line in found]


# colours


@settings(deadline=None)
@given(st.tuples(*[st.floats(0, 1)] * 3))
def test_no_colour_asks_for_more_ink_than_the_preset_allows(colour: tuple[float, ...]) -> None:
    assert sum(SPARING.of_colour(colour)) <= 2.42  # each ink is rounded to a percent


@settings(deadline=None)
@given(st.floats(0, 1))
def test_greys_are_black_alone(grey: float) -> None:
    for colour in ([grey], [grey] * 3):
        assert INKS.of_colour(colour) == (0, 0, 0, pytest.approx(1 - grey, abs=1e-4))


def test_inks_stay_as_they_are() -> None:
    assert INKS.of_colour((0.1, 0.2, 0.3, 0.4)) == (0.1, 0.2, 0.3, 0.4)


@pytest.mark.parametrize(
    ("ink", "printed"),
    [
        ((0, 0, 0, 1), (0, 0, 0, 1)),
        ((0, 0, 0, 0.5), (0, 0, 0, 1)),  # grey text would be a screen of dots
        ((0.9, 0.7, 0, 0.2), (0, 0, 0, 1)),
        ((0, 0, 0, 0), (0, 0, 0, 0)),  # on a dark ground
        ((0, 0, 0.1, 0.05), (0, 0, 0, 0.061)),
    ],
)
def test_text_is_black_unless_it_is_light(ink: tuple[float, ...], printed: object) -> None:
    assert text_ink(ink) == printed


@needs_ghostscript
@pytest.mark.parametrize("colour", ["black", "#333", "rgb(120 20 30)", "device-cmyk(1 0 0 0)"])
def test_text_of_any_colour_is_on_the_black_plate_alone(colour: str, tmp_path: Path) -> None:
    html = f"<p style='color: {colour}'>Rope and knots</p><hr>"
    (cyan, magenta, yellow, black), _ = plates(pressed(html), tmp_path)
    assert (cyan, magenta, yellow) == (0, 0, 0)
    assert black > 0


def test_text_overprints_and_nothing_else_does() -> None:
    pdf = pressed("<p style='background: #ddd; color: #400'>Rope</p>")
    found = operators(pdf)
    at = found.index("BT")
    assert found[at - 2 : at] == ["0 0 0 1 k", "/TextOver gs"]
    assert found[found.index("ET") + 1] == "/TextKnock gs"
    assert pdf.pages[0].resources.ExtGState.TextOver.op
    assert found.index("f") < found.index("/TextOver gs")


def test_colours_that_are_no_text_go_through_the_profile() -> None:
    found = operators(pressed("<p style='background: #7a1f23'>Rope</p>"))
    inks = [line for line in found if line.endswith(" k") and not line.startswith("0 0 0 ")]
    assert len(set(inks)) == 1
    cyan, magenta, yellow, black = map(float, inks[0].split()[:4])
    assert magenta > 0.8 > cyan
    assert yellow > 0.5 and black > 0.2


@needs_ghostscript
def test_forms_patterns_and_gradients_are_in_ink(tmp_path: Path) -> None:
    """Opacity makes a form, a repeated background a pattern, a gradient a shading."""
    tile = f"url({picture('RGB', (200, 10, 60))})"
    pdf = pressed(
        f"<p style='opacity: 0.5; background: #080'>a</p>"
        f"<p style='background: {tile}; height: 40mm'>b</p>"
        f"<p style='background: linear-gradient(#f00, #00f 50%, #0f0)'>c</p>"
    )
    assert not re.search(rb"/DeviceRGB|/ICCBased|/Lab", _plain(pdf))
    assert min(plates(pdf, tmp_path)[0]) > 0


def _plain(pdf: pikepdf.Pdf) -> bytes:
    """The file with its objects readable; the profile of the intent apart."""
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    return out.getvalue()


def test_pages_may_share_what_they_need() -> None:
    """One dictionary of resources for all pages, a named colour space in it."""
    with pikepdf.open(io.BytesIO(pages("<p>a<p style='break-before: page'>b"))) as pdf:
        shared = pdf.make_indirect(pdf.pages[0].resources)
        rgb = pikepdf.Array([pikepdf.Name.CalRGB, pikepdf.Dictionary(WhitePoint=[0.95, 1, 1.1])])
        shared.ColorSpace = pikepdf.Dictionary(Own=rgb)
        for page in pdf.pages:
            page.obj.Resources = shared
            page.obj.Contents = pdf.make_stream(b"/Own cs 1 0 0 scn 90 90 9 9 re f")
        out = io.BytesIO()
        pdf.save(out)
    made = pikepdf.open(io.BytesIO(press_pages(out.getvalue(), X4, identifier="urn:a")))
    red = INKS.of_colour((1, 0, 0))
    for n in (0, 1):
        painted = [line.split()[:4] for line in operators(made, n) if line.endswith(" k")]
        assert red in [tuple(map(float, parts)) for parts in painted]


# pictures


def _images(pdf: pikepdf.Pdf) -> list[pikepdf.PdfImage]:
    return [pikepdf.PdfImage(image) for image in pdf.pages[0].resources.XObject.values()]


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_is_converted_to_the_output_profile(kind: str) -> None:
    pdf = pressed(f"<img src='{picture('RGB', (122, 31, 35), kind=kind)}'>")
    (image,) = _images(pdf)
    assert str(image.colorspace) == "/DeviceCMYK"
    ink = image.as_pil_image().getpixel((20, 20))
    wanted = INKS.of_colour((122 / 255, 31 / 255, 35 / 255))
    assert [part / 255 for part in ink] == pytest.approx(wanted, abs=0.03)


@pytest.mark.parametrize(("mode", "colour"), [("L", 90), ("RGB", (90, 90, 90)), ("1", 0)])
def test_a_grey_picture_stays_grey(mode: str, colour: object) -> None:
    pdf = pressed(f"<img src='{picture(mode, colour)}'>")
    (image,) = _images(pdf)
    assert str(image.colorspace) == "/DeviceGray"
    assert image.as_pil_image().convert("L").getpixel((5, 5)) == (90 if mode != "1" else 0)


def test_a_picture_keeps_within_the_ink_limit() -> None:
    pdf = pressed(f"<img src='{picture('RGB', (8, 6, 30))}'>", replace(X4, ink=200))
    (image,) = _images(pdf)
    assert sum(image.as_pil_image().getpixel((5, 5))) / 2.55 <= 201


@pytest.mark.parametrize("standard", ["PDF/X-4", "PDF/X-1a:2003"])
def test_a_picture_with_alpha(standard: str) -> None:
    """X-4 keeps the soft mask; the older standards get the picture on paper white."""
    preset = replace(X4, standard=standard)
    pdf = pressed(f"<img src='{picture('RGBA', (200, 0, 0, 0))}'>", preset)
    (image,) = pdf.pages[0].resources.XObject.values()
    assert ("/SMask" in image) == (standard == "PDF/X-4")
    if standard != "PDF/X-4":
        assert pikepdf.PdfImage(image).as_pil_image().convert("L").getpixel((5, 5)) == 255


def test_transparency_is_told_where_the_standard_has_none() -> None:
    html = "<p>one</p><p style='break-before: page; opacity: 0.5'>two</p>"
    with pytest.raises(EditionError) as told:
        pressed(html, load_preset("x1a"))
    assert str(told.value) == (
        "page 2: something is transparent, which this standard does not allow; take it out of the "
        "style or book.css, or print without it"
    )


@pytest.mark.parametrize("profile", [b"no profile", b""])
def test_a_damaged_profile_of_a_picture_is_none(profile: bytes) -> None:
    colour = Image.new("RGB", (2, 2), (122, 31, 35))
    assert INKS.of_picture(colour, profile).tobytes() == INKS.of_picture(colour).tobytes()


def test_ink_of_ones_own_over_the_limit_is_told() -> None:
    with pytest.raises(EditionError) as told:
        pressed("<p style='background: device-cmyk(1 1 1 0.5)'>a")
    assert str(told.value) == (
        "page 1: a colour asks for 350 % of ink, the preset allows 300 %; take it out of the style "
        "or book.css, or print without it"
    )


# fonts


def test_older_standards_get_no_opentype_files(tmp_path: Path) -> None:
    """PDF before 1.6 knows CFF only bare; the words are read back all the same."""
    book = small_book(tmp_path / "b", more=KOREAN, one=SPEECH.replace("Dear", "여러분 Dear"))
    made = {one.edition: one for one in packager.build(book)}
    assert made["print"].ledger[0].equal
    with pikepdf.open(made["print"].path) as pdf:
        programs = [
            str(thing.FontFile3.Subtype)
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and "/FontFile3" in thing
        ]
    assert programs == ["/CIDFontType0C"]


# boxes and marks


def _boxes(page: pikepdf.Page) -> dict[str, list[float]]:
    names = ("MediaBox", "BleedBox", "TrimBox")
    return {name: [round(float(n) / POINT, 2) for n in page.obj[f"/{name}"]] for name in names}


def test_boxes_begin_at_zero_and_lie_in_each_other() -> None:
    pdf = pressed("<p>Rope")
    assert _boxes(pdf.pages[0]) == {
        "MediaBox": [0, 0, 154, 216],
        "BleedBox": [0, 0, 154, 216],
        "TrimBox": [3, 3, 151, 213],
    }


def test_bleed_on_the_outer_edges_is_at_the_fore_edge_of_recto_and_verso() -> None:
    pdf = pressed("<p>one<p style='break-before: page'>two", replace(X4, edges="outer"))
    recto, verso = (_boxes(page)["TrimBox"] for page in pdf.pages)
    assert recto == [0, 3, 148, 213]
    assert verso == [3, 3, 151, 213]


def test_marks_stand_outside_the_bleed_on_every_plate() -> None:
    pdf = pressed("<p>Rope", replace(X4, marks=True))
    page = pdf.pages[0]
    assert _boxes(page)["BleedBox"] == [10, 10, 164, 226]
    assert str(page.resources.ColorSpace.All[1]) == "/All"
    found = operators(pdf)
    lines = [line for line in found[found.index("/All CS") :] if line[-2:] in (" m", " l")]
    left, bottom, right, top = (float(n) for n in page.obj.BleedBox)
    assert len(lines) > 16
    for line in lines:
        x, y = map(float, line.split()[:2])
        assert not (left < x < right and bottom < y < top)


@needs_pdfinfo
def test_another_program_sees_the_same_boxes(tmp_path: Path) -> None:
    pressed("<p>Rope", load_preset("ingram")).save(tmp_path / "p.pdf")
    run = subprocess.run(
        ["pdfinfo", "-box", tmp_path / "p.pdf"], capture_output=True, text=True, check=True
    )
    assert re.search(r"TrimBox: +0\.00 +9\.00 +419\.53 +604\.28", run.stdout)
    assert re.search(r"MediaBox: +0\.00 +0\.00 +428\.53 +613\.28", run.stdout)


def test_content_moves_with_the_trim() -> None:
    source = pages("<p>Rope")
    made = press_pages(source, replace(X4, marks=True), identifier="urn:ropes")
    was, now = (_first_letter(data) for data in (source, made))
    assert [b - a for a, b in zip(was, now, strict=True)] == pytest.approx(
        [13 * POINT] * 2, abs=0.01
    )


def _first_letter(data: bytes) -> tuple[float, float]:
    pdf = pypdfium2.PdfDocument(data)
    try:
        left, bottom, _, _ = pdf[0].get_textpage().get_charbox(0)
        return left, bottom
    finally:
        pdf.close()


@pytest.mark.parametrize(("multiple", "count"), [(1, 4), (2, 4), (4, 4), (16, 16)])
def test_blanks_fill_the_last_sheet(multiple: int, count: int) -> None:
    html = "<p>a" + "<p style='break-before: page'>b" * 2
    pdf = pressed(html, replace(X4, multiple=multiple))
    assert len(pdf.pages) == count
    assert len({str(_boxes(page)) for page in pdf.pages}) == 1
    assert not any("BT" in operators(pdf, n) for n in range(3, count))


def test_words_outside_the_safe_area_are_told() -> None:
    data = press_pages(pages("<p style='margin-left: -15mm'>Rope"), X4, identifier="urn:ropes")
    with pytest.raises(EditionError, match=r"page 1 of the print edition: words stand \d\.\d mm"):
        check_safe(data, X4.safe)


# what the file says of itself


@pytest.mark.parametrize("standard", STANDARDS)
def test_it_says_which_standard_and_which_press(standard: str) -> None:
    pdf = pressed("<p>Rope", replace(X4, standard=standard))
    (intent,) = pdf.Root.OutputIntents
    assert str(intent.OutputConditionIdentifier) == "FOGRA39"
    assert intent.DestOutputProfile.read_bytes() == X4.profile.read_bytes()
    assert int(intent.DestOutputProfile.N) == 4
    assert str(pdf.trailer.Info.Trapped) == "/False"
    xmp = pdf.Root.Metadata.read_bytes().decode()
    assert f"<pdfxid:GTS_PDFXVersion>{standard}<" in xmp
    info = str(pdf.trailer.Info.get("/GTS_PDFXVersion", ""))
    assert info == {"PDF/X-4": "", "PDF/X-1a:2001": "PDF/X-1:2001"}.get(standard, standard)
    wanted = {"PDF/X-4": "1.6"}.get(standard, "1.3" if standard[-1] in "12" else "1.4")
    assert pdf.pdf_version == wanted


def test_nothing_of_the_screen_is_left() -> None:
    pdf = pressed(
        "<h1 id=a>Rope</h1><p><a href='#a'>up</a> <a href='https://rope.example/'>web</a>"
    )
    assert "/Annots" not in pdf.pages[0].obj
    assert not {"/StructTreeRoot", "/Outlines", "/Names", "/MarkInfo"} & set(pdf.Root.keys())
    assert not re.search(rb"\b(BDC|BMC|EMC)\b", pdf.pages[0].Contents.read_bytes())


def test_the_same_pages_give_the_same_bytes() -> None:
    source = pages("<p>Rope")
    made = {press_pages(source, X4, identifier="urn:ropes") for _ in range(2)}
    assert len(made) == 1
    assert press_pages(source, X4, identifier="urn:knots") not in made


# presets


@pytest.mark.parametrize("name", known_presets())
def test_every_shipped_preset_makes_a_file(name: str) -> None:
    assert len(pressed("<p>Rope", load_preset(name)).pages) == 2


def test_a_preset_of_ones_own_says_only_what_differs(tmp_path: Path) -> None:
    (tmp_path / "mill.toml").write_text('inherit = "ingram"\nbleed = 5\n[cover]\nboard = 0.4\n')
    mill, ingram = load_preset("mill.toml", folder=tmp_path), load_preset("ingram")
    assert (mill.name, mill.bleed, mill.cover.board) == ("mill", 5, 0.4)
    assert (mill.safe, mill.cover.bleed, mill.paper) == (12.7, 3.175, ingram.paper)


def _file(text: str) -> Callable[[Path], str]:
    def write(folder: Path) -> str:
        (folder / "own.toml").write_text(text)
        return "own.toml"

    return write


@pytest.mark.parametrize(
    ("named", "message"),
    [
        (
            lambda _: "inngram",
            "unknown preset 'inngram'. Known: ingram, kdp, x1a, x3, x4; or name a file of your "
            "own: 'printer.toml'",
        ),
        (
            _file('inherit = "x4"\nbled = 3\n'),
            "own.toml:2: unknown key 'bled' at the top; did you mean 'bleed'? Known: inherit, "
            "description, standard, trim, bleed, bleed-edges, marks, safe, multiple, ink, "
            "profile, condition, condition-info, cover, paper",
        ),
        (
            _file('inherit = "x4"\n\nstandard = "PDF/X-9"\n'),
            "own.toml:3: unknown standard 'PDF/X-9'. Known: PDF/X-4, PDF/X-1a:2003, "
            "PDF/X-1a:2001, PDF/X-3:2003, PDF/X-3:2002",
        ),
        (_file('inherit = "own.toml"\n'), "{folder}/own.toml: the preset inherits from itself"),
        (_file('standard = "PDF/X-4"\n'), 'own.toml: the preset lacks profile; add inherit = "x4"'),
        (
            _file('inherit = "x4"\nprofile = "own.toml"\n'),
            "own.toml:2: 'own.toml' is no ICC profile of a press with four inks; ask the printer "
            "for the CMYK output profile",
        ),
        (
            _file('inherit = "x4"\nprofile = "gone.icc"\n'),
            "own.toml:2: the profile 'gone.icc' is not there",
        ),
        (_file('inherit = "x4"\nink = 30\n'), "own.toml:2: 'ink' is a percentage from 100 to 400"),
        (
            _file('inherit = "x4"\ntrim = [15, 21]\n'),
            "own.toml:2: a side of 15 mm is no page of a book",
        ),
        (
            _file('inherit = "x4"\n[paper]\nwhite = 90\n'),
            "own.toml:3: 'white' must be the thickness of a leaf in mm",
        ),
        (
            _file('inherit = "x4"\nmultiple = 2.5\n'),
            "own.toml:2: 'multiple' is a whole number from 1 to 128",
        ),
    ],
)
def test_a_fault_in_a_preset_is_one_line(
    tmp_path: Path, named: Callable[[Path], str], message: str
) -> None:
    with pytest.raises(StyleError) as told:
        load_preset(named(tmp_path), folder=tmp_path)
    assert str(told.value) == message.format(folder=tmp_path)


# the whole book


@pytest.fixture
def printed(built: BuiltBook) -> BuiltBook:
    if "print" not in built.made:
        pytest.skip("this example is not printed")
    return built


def _labels_and_words(path: Path) -> list[tuple[str, str]]:
    pdf = pypdfium2.PdfDocument(path)
    try:
        texts = [" ".join(pdf[n].get_textpage().get_text_range().split()) for n in range(len(pdf))]
        return [(pdf.get_page_label(n), text) for n, text in enumerate(texts)]
    finally:
        pdf.close()


def test_the_print_edition_has_the_pages_of_the_screen_edition(printed: BuiltBook) -> None:
    """The same words on pages of the same number, without the cover; blanks only at the end."""
    screen, pages = (_labels_and_words(printed.made[name].path) for name in ("screen", "print"))
    begin = next(n for n, (label, _) in enumerate(screen) if label == "i")
    assert pages[: len(screen) - begin] == screen[begin:]
    assert not any(words for _, words in pages[len(screen) - begin :])


def test_the_files_for_the_printer_pass_every_check(printed: BuiltBook) -> None:
    for name in ("print", "cover"):
        report = packager.check(printed.made[name].path)
        assert [str(finding) for finding in report if finding.severity != "note"] == []


@needs_ghostscript
def test_the_whole_interior_is_on_the_black_plate(printed: BuiltBook, tmp_path: Path) -> None:
    found = plates(printed.made["print"].path, tmp_path)
    assert len(found) == printed.made["print"].pages
    assert {page[:3] for page in found} == {(0, 0, 0)}


def test_a_book_read_from_right_to_left_is_printed_word_for_word(tmp_path: Path) -> None:
    """Some readers turn the words around where a file states a direction; none is stated."""
    book = small_book(tmp_path / "b", more="[edition.print]\n", one=SPEECH)
    text = book.read_text("utf-8").replace("date =", 'language = "he"\ndate =')
    book.write_text(text, "utf-8")
    assert packager.build(book)[0].ledger[0].equal


def test_a_trim_of_the_printer_sets_the_pages_of_both_editions(tmp_path: Path) -> None:
    more = '[edition.screen]\n[edition.print]\n[print]\npreset = "ingram"\n'
    report = Report()
    book = small_book(tmp_path / "b", more=more, one=SPEECH)
    for made in packager.build(book, report=report):
        with pikepdf.open(made.path) as pdf:
            left, _, right, _ = (float(side) / POINT for side in pdf.pages[0].trimbox)
        if made.edition != "cover":
            assert right - left == pytest.approx(152.4, abs=0.01)
    assert [str(finding) for finding in report if finding.code == "print-trim"] == [
        "book.toml: note: the pages are 152.4 x 228.6 mm, the trim of the preset 'ingram', not the "
        "148 x 210 mm of the style (print-trim); for another trim write a preset of your own that "
        "inherits from this one"
    ]
