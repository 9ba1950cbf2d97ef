"""The cover: a sheet as wide as the book is thick, a barcode that can be read, ink to the edge."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

import packager
from packager.book_toml import load_collection
from packager.editions.marks import POINT
from packager.errors import CollectionError, EditionError
from packager.preset import Press, load_preset
from packager.style import Geometry
from packager.wrap import barcode, spine_type, wrap_of
from tests.conftest import SPEECH, small_book

X4 = load_preset("x4")
ISBN = "978-99999-0-005-8"
PRINT = f'[edition.print]\nisbn = "{ISBN}"\n[print]\npreset = "thick.toml"\nprice = "51995"\n'
THICK = 'inherit = "x4"\n[paper]\nboard = 1.5\nthin = 0.1\n'
"""Paper that gives a booklet a spine."""


def cover(folder: Path, *, style: str = "classic", paper: str = "board", more: str = "") -> Path:
    """The cover of a small book printed on thick paper."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "thick.toml").write_text(THICK + more)
    toml = f'{PRINT}paper = "{paper}"\n[style]\nname = "{style}"\n'
    book = small_book(folder, more=toml, one=SPEECH)
    text = book.read_text("utf-8")
    lines = 'title = "Small Book"\neditor = "Mara Quill"\npublisher = "Terrace Press"\n'
    book.write_text(text.replace('title = "Small Book"\n', lines, 1), "utf-8")
    made = {one.edition: one.path for one in packager.build(book)}
    assert list(made) == ["print", "cover"]
    return made["cover"]


@pytest.fixture(scope="module")
def classic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cover in the style classic, with words on its spine."""
    return cover(tmp_path_factory.mktemp("classic") / "book")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cover in the style plain, its spine too narrow for words."""
    return cover(tmp_path_factory.mktemp("plain") / "book", style="plain", paper="thin")


@pytest.fixture(scope="module")
def documentary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cover in the style documentary."""
    return cover(tmp_path_factory.mktemp("documentary") / "book", style="documentary")


@pytest.fixture(scope="module")
def large_print(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cover in the style large-print."""
    return cover(tmp_path_factory.mktemp("large-print") / "book", style="large-print")


def picture(path: Path, dpi: int = 400) -> Image.Image:
    pdf = pypdfium2.PdfDocument(path)
    try:
        image: Image.Image = pdf[0].render(scale=dpi / 72).to_pil()
        return image
    finally:
        pdf.close()


@pytest.mark.parametrize("style", ["classic", "plain", "documentary", "large_print"])
def test_the_barcode_of_a_cover_is_read_back_with_its_price(
    request: pytest.FixtureRequest, style: str
) -> None:
    found = zxingcpp.read_barcodes(
        picture(request.getfixturevalue(style)),
        ean_add_on_symbol=zxingcpp.EanAddOnSymbol.Require,
    )
    assert [one.text.replace(" ", "") for one in found] == ["978999990005851995"]


def test_the_sheet_is_two_pages_a_spine_and_the_bleed(classic: Path) -> None:
    path = classic
    with pikepdf.open(path.with_name("book-print.pdf")) as interior:
        pages = len(interior.pages)
    with pikepdf.open(path) as pdf:
        left, bottom, right, top = (float(n) / POINT for n in pdf.pages[0].obj.TrimBox)
        media = [round(float(n) / POINT, 2) for n in pdf.pages[0].obj.MediaBox]
        assert len(pdf.pages) == 1
    spine = pages / 2 * 1.5 + 0.5
    assert right - left == pytest.approx(2 * 148 + spine, abs=0.02)
    assert top - bottom == pytest.approx(210, abs=0.02)
    assert media == [0, 0, pytest.approx(302 + spine, abs=0.02), pytest.approx(216, abs=0.02)]


def _words(path: Path) -> str:
    pdf = pypdfium2.PdfDocument(path)
    try:
        return " ".join(str(pdf[0].get_textpage().get_text_bounded()).split())
    finally:
        pdf.close()


def test_a_spine_carries_words_where_it_is_wide_enough(classic: Path, plain: Path) -> None:
    assert _words(classic).count("Small Book") == 3  # back, spine, front
    assert _words(plain).count("Small Book") == 2


def test_a_spine_of_few_pages_stays_bare_where_the_printer_says_so(tmp_path: Path) -> None:
    path = cover(tmp_path / "book", more="[cover]\nspine-pages = 79\n")
    assert _words(path).count("Small Book") == 2


def test_the_ground_reaches_the_edge_of_the_bleed(classic: Path) -> None:
    image = picture(classic, dpi=72)
    width, height = image.size
    middle = image.getpixel((5, height // 2))
    for x, y in ((1, 1), (width - 2, 1), (1, height - 2), (width - 2, height - 2)):
        assert image.getpixel((x, y)) == middle


def test_bars_and_digits_are_black_alone(classic: Path) -> None:
    with pikepdf.open(classic) as pdf:
        content = pdf.pages[0].Contents.read_bytes().decode("latin-1")
    colours = set(re.findall(r"^([\d. ]+) k$", content, re.MULTILINE))
    assert {"0 0 0 1", "0 0 0 0"} < colours
    assert all(sum(map(float, colour.split())) <= 3.005 for colour in colours)
    assert len(colours) == 4  # ground, lettering, bars, paper behind them


def test_the_cover_is_the_same_in_every_build(classic: Path, tmp_path: Path) -> None:
    assert cover(tmp_path / "book").read_bytes() == classic.read_bytes()


@pytest.mark.parametrize(("right_bound", "front", "back"), [(False, 158.5, 0), (True, 0, 158.5)])
def test_the_front_is_on_the_right_unless_the_book_is_bound_there(
    right_bound: bool, front: float, back: float
) -> None:
    meta = load_collection("examples/harbour-lights").meta
    wrap = wrap_of(meta, Geometry(), Press(X4, 0.1), 200, right_bound=right_bound)
    assert (wrap.front, wrap.back, wrap.spine) == (front, back, 10.5)
    assert wrap.folds == (148, 158.5)


def test_without_an_isbn_there_is_no_barcode() -> None:
    meta = replace(load_collection("examples/harbour-lights").meta, isbns={})
    assert wrap_of(meta, Geometry(), Press(X4, 0.1), 200, right_bound=False).barcode is None


def test_words_on_a_spine_are_readable_or_not_there() -> None:
    assert spine_type(10, 190, 300) == 0  # a title of three hundred letters
    assert spine_type(2, 190, 20) == 0
    assert 6.5 <= spine_type(4, 190, 20) <= 13


def test_bars_begin_after_the_light_margin() -> None:
    """11 modules on the left, 5 on the right of an add-on (GS1 General Specifications)."""
    code = barcode(ISBN, "51995")
    first, last = code.bars[0], max(code.bars, key=lambda bar: bar.left)
    assert min(bar.left for bar in code.bars) == first.left >= 11 * 0.33 - 0.001
    assert code.width - (last.left + last.width) >= 5 * 0.33 - 0.001
    assert "".join(digit.text for digit in code.digits) == "9789999900058" + "51995"


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        (
            '[edition.print]\nisbn = "978-99999-0-005-9"\n',
            "book.toml:9: the ISBN '978-99999-0-005-9' has the check digit 9, but 8 is right",
        ),
        (
            '[print]\npreset = "x5"\n',
            "book.toml:9: unknown preset 'x5'. Known: ingram, kdp, x1a, x3, x4; or name a file of "
            "your own: 'printer.toml'",
        ),
        ('[print]\npaper = "silk"\n', "book.toml:9: unknown paper 'silk'. Known: white, cream"),
        (
            '[print]\nprice = "19.95"\n',
            "book.toml:9: '19.95' is no price add-on of five digits; write '51995' for 19.95 US "
            "dollars, '90000' for no price",
        ),
    ],
)
def test_a_fault_in_the_book_is_one_line(tmp_path: Path, toml: str, message: str) -> None:
    with pytest.raises(CollectionError) as told:
        load_collection(small_book(tmp_path / "b", more=toml, one=SPEECH))
    assert str(told.value) == message


def test_a_description_that_fits_stands_above_the_barcode(tmp_path: Path) -> None:
    more = f'[edition.print]\nisbn = "{ISBN}"\n'
    book = small_book(tmp_path / "b", more=more, one=SPEECH)
    text = book.read_text("utf-8")

    def described(words: str) -> Path:
        line = f'title = "Small Book"\ndescription = "{words}"\n'
        book.write_text(text.replace('title = "Small Book"\n', line), "utf-8")
        return packager.build(book)[1].path

    pdf = pypdfium2.PdfDocument(described("of rope " * 149 + "Last"))
    try:
        page = pdf[0].get_textpage()
        last, label = (page.search(word).get_next() for word in ("Last", "ISBN"))
        assert page.get_charbox(last[0])[1] > page.get_charbox(label[0])[3]
    finally:
        pdf.close()
    with pytest.raises(EditionError) as told:
        described("of rope " * 160)
    assert str(told.value) == (
        "the description in [book] has 1,280 characters, and the back of the cover has room for "
        "1,200; shorten it"
    )


def test_the_front_alone_still_serves_the_epub(tmp_path: Path) -> None:
    book = small_book(tmp_path / "b" / "c", more="[edition.epub]\n", one=SPEECH)
    (made,) = packager.build(book)
    with zipfile.ZipFile(made.path) as archive:
        names = [name for name in archive.namelist() if name.endswith("cover.png")]
        image = Image.open(io.BytesIO(archive.read(names[0])))
    assert image.size == (1500, 2400)
