"""The fonts of a book: which face sets which language, and that no other font gets in."""

from __future__ import annotations

import datetime as dt
import io
import os
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from packager.book import Book, Document, Part, Supplied
from packager.dates import Date
from packager.editions.order import Order
from packager.editions.paper import lay_out
from packager.findings import Report
from packager.fonts import FontFile, font_css, prepare_fonts
from packager.meta import Meta
from packager.render import renderer, spine
from packager.setting import Setting
from packager.speech import Block, BlockKind, Cut, Provenance, Speech, plain
from packager.style import load_style
from packager.texts import texts_of
from tests.conftest import ROOT

HAN = "直骨曜 바다 かな"
needs_cjk = pytest.mark.skipif(
    not list(Path("/usr/share/fonts").rglob("NotoSerifCJK-Regular.ttc")),
    reason="fonts-noto-cjk is not installed",
)


def fonts_for(text: str, *languages: str, style: str = "classic") -> tuple[FontFile, ...]:
    return prepare_fonts(load_style(style), [text], Report(), languages=languages)


def pdf_of(body: str, language: str, *, also: tuple[str, ...] = (), css: str = "") -> bytes:
    """A page in the style 'classic', set as a book in this language is."""
    style = load_style("classic")
    fonts = prepare_fonts(style, [body], Report(), languages=(language, *also))
    order = Order(Book(Meta("", language=language), ()), style, fonts, dt.datetime(2020, 1, 1))
    page = f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>'
    out: bytes = lay_out(order, [page.encode()], extra_css=css).write_pdf()
    return out


def lines_of(data: bytes) -> list[tuple[float, float]]:
    """The left and right ends of the lines on the first page, in points, from the top."""
    page = pypdfium2.PdfDocument(data)[0]
    text = page.get_textpage()
    ends: dict[int, list[float]] = {}
    for n in range(text.count_chars()):
        left, bottom, right, _ = text.get_charbox(n, loose=True)
        if right > left and text.get_text_range(n, 1).strip():
            ends.setdefault(round(bottom / 7), []).extend((left, right))
    return [(min(found), max(found)) for _, found in sorted(ends.items(), reverse=True)]


# --- which face sets which language --------------------------------------------------------


@needs_cjk
def test_han_letters_have_the_forms_of_the_country() -> None:
    fonts = fonts_for(HAN, "en", "ja", "zh", "zh-TW", "ko")
    assert {tag: font.family[-2:] for font in fonts for tag in font.lang} == {
        "ja": "JP",
        "zh": "SC",
        "zh-TW": "TC",
        "ko": "KR",
    }
    faces = [TTFont(io.BytesIO(font.data)) for font in fonts if font.lang]
    assert all(ord("直") in face.getBestCmap() for face in faces)


@needs_cjk
def test_letters_of_no_language_come_from_one_face() -> None:
    assert [font.family for font in fonts_for(HAN, "en")][-1] == "Noto Serif CJK KR"


def test_a_book_of_latin_letters_carries_its_text_face_alone() -> None:
    assert {font.family for font in fonts_for("Straße, жизнь, ποταμός", "en", "ru")} == {
        "EB Garamond"
    }


def test_the_fonts_are_asked_for_every_letter_that_is_printed() -> None:
    speech = Speech(
        "x",
        "Α",
        (Block(BlockKind.P, plain("β")),),
        Provenance("γ.txt", "0" * 64, "text", "1", "δ", cut=(Cut.of("end mark", "ε"),)),
        speaker="ζ",
        kind="speech",
        occasion="η",
        place="θ",
        date=Date("ι", "2019-05", "2019-05-01", "2019-05-31", "κ"),
    )
    supplied = Supplied(office="λ", translator="μ", audience="ν", status="verbatim")
    documents = (Document(1, speech), Document(2, speech, supplied=supplied))
    book = Book(Meta("ξ", subtitle="ο", editors=("π",)), (Part(1, "ρ", documents),))
    render = renderer(book, load_style("classic"), Setting("screen", "2020-01-01"))
    printed = {letter for item in spine(book) for letter in render(item).decode()}
    asked = {letter for text in texts_of(book) for letter in text}
    assert set("Αβγδεζηθικλμνξοπρ") <= printed
    assert {letter for letter in printed - asked if not letter.isascii()} <= {"\u00a0"}


def test_a_script_takes_its_stops_and_spaces_from_its_own_face() -> None:
    *_, naskh = fonts_for("سلام (1921): «نور».", "ar")
    known = set(map(chr, TTFont(io.BytesIO(naskh.data)).getBestCmap()))
    assert {" ", "\u00a0", "(", ")", ".", ":", "«"} <= known
    assert not known & set("0123456789abcABC")


def test_the_rules_of_a_book_from_right_to_left() -> None:
    rules = font_css(fonts_for("שלום", "he", "en"), "../fonts", "he").splitlines()[-3:]
    assert rules == [
        'html { font-family: "Frank Ruhl Libre", "EB Garamond", serif }',
        'body [lang] { font-family: "EB Garamond", "Frank Ruhl Libre", serif }',
        'body [lang="he"] { font-family: "Frank Ruhl Libre", "EB Garamond", serif }',
    ]


def test_a_style_inherits_the_scripts_and_may_name_others(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "style.toml").write_text(
        'inherit = "classic"\n[[script]]\nlang = ["he", "yi"]\nfamily = "Bell"\nsystem = "b.ttf"\n'
    )
    faces = load_style("own", book_folder=tmp_path).faces
    assert [face.family for face in faces if "he" in face.lang] == ["Bell"]
    assert [face.family for face in faces if "ar" in face.lang] == ["Amiri"]
    assert faces[0].family == "EB Garamond"


def test_letters_without_a_font_are_told_with_what_may_have_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("packager.fonts._SYSTEM_FOLDERS", ())
    report = Report()
    prepare_fonts(load_style("classic"), ["கை"], report, languages=["ta"])
    assert [str(finding) for finding in report] == [
        "style: warning: no font of the style has க (U+0B95) ை (U+0BC8); PDFs print what this "
        "machine has for it, or a box, and readers of the EPUB see a font of their device "
        "(letters-without-font); more fonts of the style: apt-get install fonts-noto-core, "
        "apt-get install fonts-noto-cjk"
    ]


@needs_cjk
def test_a_pdf_finds_the_glyphs_of_a_cid_keyed_font_by_their_numbers() -> None:
    """ISO 32000-1 §9.7.4.2"""
    *_, font = fonts_for(HAN, "ko")
    top = TTFont(io.BytesIO(font.data))["CFF "].cff.topDictIndex[0]
    assert hasattr(top, "ROS")
    assert top.charset == [".notdef", *(f"cid{n:05}" for n in range(1, len(top.charset)))]


# --- no other font gets in -----------------------------------------------------------------


def impostor(path: Path, family: str) -> None:
    """A font of black squares under another font's name."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 700), (900, 700), (900, 0)):
        pen.lineTo(corner)
    pen.closePath()
    square = pen.glyph()
    letters = {n: f"u{n:04X}" for n in (*range(33, 127), 0xBC14, 0xB2E4)}
    names = [".notdef", *letters.values()]
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder(names)
    made.setupCharacterMap(letters)
    made.setupGlyf(dict.fromkeys(names, square))
    made.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": family, "styleName": "Regular"})
    made.setupOS2()
    made.setupPost()
    made.save(path)


def test_a_font_of_the_machine_with_the_name_of_ours_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    for number, family in enumerate(("EB Garamond", "Noto Serif CJK KR", "Amiri")):
        impostor(tmp_path / "fonts" / f"{number}.ttf", family)
    include = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
    made = []
    for name, folder in (("bare", ""), ("crowded", f"<dir>{tmp_path / 'fonts'}</dir>")):
        config = tmp_path / f"{name}.conf"
        config.write_text(f"<fontconfig>{include}{folder}</fontconfig>")
        code = (
            "import hashlib; from tests.test_fonts import pdf_of; print(hashlib.sha256("
            "pdf_of('<p>Salt <i>and</i> <b lang=\"ko\">바다</b> سلام</p>', 'en', also=('ko',)))"
            ".hexdigest())"
        )
        run = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"FONTCONFIG_FILE": str(config), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
        made.append(run.stdout)
    assert made[0] == made[1]


# --- lines ---------------------------------------------------------------------------------

HEBREW = (
    "ידידנו Per Quist כתב במכתבו הארוך: The rope is good and long enough, וחייך ושתק אחר כך. "
    "הקיר הישן שליד הטרסה יתוקן לפני הכפור, אבן אחר אבן, ותשעת המגדלורים יאירו. "
)


def test_justified_lines_of_two_scripts_end_where_others_do() -> None:
    body = f'<section class="document"><div class="text"><p>{HEBREW * 4}</p></div></section>'
    lefts, rights = zip(*lines_of(pdf_of(body, "he"))[:6], strict=True)
    assert max(rights) - min(rights) < 1
    assert max(lefts) - min(lefts) < 1


@needs_cjk
def test_a_stop_stands_at_its_word_in_a_justified_line_of_two_scripts() -> None:
    words = "The keeper of nine lights reads <em>바다 등대</em>, then sleeps. "
    text = f'<div class="text"><p>{words * 6}</p></div>'
    read = pypdfium2.PdfDocument(pdf_of(f'<section class="document">{text}</section>', "en"))[0]
    page = read.get_textpage()
    shown = page.get_text_range()
    stops = [n for n, letter in enumerate(shown) if letter == ","]
    assert len(stops) == 6
    assert all(shown[n - 1] == "대" for n in stops)
    for n in stops:
        gap = page.get_charbox(n, loose=True)[0] - page.get_charbox(n - 1, loose=True)[2]
        assert gap == pytest.approx(0, abs=0.5)


def test_an_indent_stands_at_the_start_of_the_line() -> None:
    text = "<p>הקיר הישן</p>"
    body = f'<section class="document"><div class="text">{text * 3}</div></section>'
    (_, first), (_, second), *_ = lines_of(pdf_of(body, "he"))
    assert first - second == pytest.approx(1.3 * 10.5, abs=0.5)


@pytest.mark.parametrize(("language", "outer"), [("he", "left"), ("en", "right")])
def test_the_first_page_lies_to_the_side_where_reading_begins(language: str, outer: str) -> None:
    """The inner margin of 18 mm is at the spine, the outer one of 23 mm away from it."""
    text = f'<div class="text"><p>{"Salt and rope. " * 40}</p></div>'
    body = f'<section class="document">{text}</section>'
    (left, right), *_ = lines_of(pdf_of(body, language))
    margins = {"left": left, "right": 148 / 25.4 * 72 - right}
    assert margins[outer] == pytest.approx(23 / 25.4 * 72, abs=2)
