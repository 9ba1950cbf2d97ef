"""Imposition: folded and stapled, the pages follow each other; what the printer needs is kept."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import packager
from packager.cli import main
from packager.editions.imposition import Side, imposed, sides
from packager.editions.marks import POINT
from packager.editions.prepress import press_pages
from packager.errors import EditionError
from packager.preset import load_preset
from tests.test_prepress import pages

X4 = load_preset("x4")


def booklet(count: int) -> bytes:
    """Pages for the printer, each with its number as its only word."""
    html = "".join(f"<p style='break-after: page'>{n}" for n in range(1, count)) + f"<p>{count}"
    return press_pages(pages(html), X4, identifier="urn:b")


def read(data: bytes) -> list[tuple[str, str]]:
    """The words on the left and on the right half of each side."""
    pdf = pypdfium2.PdfDocument(data)
    try:
        found = []
        for n in range(len(pdf)):
            page, text = pdf[n], pdf[n].get_textpage()
            middle = page.get_width() / 2
            left = text.get_text_bounded(0, 0, middle, page.get_height())
            right = text.get_text_bounded(middle, 0, page.get_width(), page.get_height())
            found.append((left.strip(), right.strip()))
        return found
    finally:
        pdf.close()


def folded(count: int, signature: int = 0) -> list[int | None]:
    """The pages in the order in which a reader turns them: each signature folded in the middle,
    its sheets inside each other."""
    found = list(sides(count, signature))
    signatures: list[list[tuple[Side, Side]]] = []
    for (front, depth), (back, _) in zip(found[::2], found[1::2], strict=True):
        if depth == 0:
            signatures.append([])
        signatures[-1].append((front, back))
    order: list[int | None] = []
    for sheets in signatures:
        opening = [page for front, back in sheets for page in (front[1], back[0])]
        closing = [page for front, back in sheets for page in (front[0], back[1])]
        order += opening + closing[::-1]
    return order


@given(st.integers(1, 90), st.sampled_from([0, 4, 8, 16]))
def test_folded_sheets_have_every_page_in_order(count: int, signature: int) -> None:
    order = folded(count, signature)
    assert order[:count] == list(range(count))
    assert set(order[count:]) <= {None}
    assert len(order) % 4 == 0 and len(order) - count < 4


def test_a_saddle_stitched_booklet() -> None:
    assert read(imposed(booklet(8))) == [("8", "1"), ("2", "7"), ("6", "3"), ("4", "5")]


def test_signatures_follow_each_other() -> None:
    assert read(imposed(booklet(8), signature=4)) == [
        ("4", "1"), ("2", "3"), ("8", "5"), ("6", "7"),
    ]  # fmt: skip


def test_a_book_bound_on_the_right_begins_on_the_left() -> None:
    assert read(imposed(booklet(4), right_bound=True)) == [("1", "4"), ("3", "2")]


def test_blanks_stand_at_the_end() -> None:
    assert read(imposed(booklet(6)))[:2] == [("", "1"), ("2", "")]


def _first(data: bytes, side: int) -> list[float]:
    """Where the first letter on the right half of a side begins, in mm from the fold."""
    pdf = pypdfium2.PdfDocument(data)
    try:
        text = pdf[side].get_textpage()
        middle = pdf[side].get_width() / 2
        boxes = [text.get_charbox(n) for n in range(text.count_chars())]
        return [(box[0] - middle) / POINT for box in boxes if box[0] > middle]
    finally:
        pdf.close()


def test_creep_moves_inner_pages_towards_the_fold() -> None:
    plain, crept = imposed(booklet(12)), imposed(booklet(12), creep=0.5)
    moved = [_first(plain, side)[0] - _first(crept, side)[0] for side in (0, 2, 4)]
    assert moved == pytest.approx([0, 0.5, 1.0], abs=0.01)


def test_boxes_and_press_are_kept() -> None:
    source = booklet(4)
    data = imposed(source, marks=True)
    with pikepdf.open(io.BytesIO(data)) as pdf, pikepdf.open(io.BytesIO(source)) as before:
        for page in pdf.pages:
            trim, bleed, media = (
                [round(float(n) / POINT, 1) for n in page.obj[name]]
                for name in ("/TrimBox", "/BleedBox", "/MediaBox")
            )
            assert trim == [13, 13, 309, 223]
            assert bleed == [10, 10, 312, 226]
            assert media == [0, 0, 322, 236]
        assert str(pdf.Root.OutputIntents[0].OutputConditionIdentifier) == "FOGRA39"
        assert pdf.Root.Metadata.read_bytes() != before.Root.Metadata.read_bytes()
        assert pdf.trailer.Info.Trapped == before.trailer.Info.Trapped
        assert pdf.pdf_version == before.pdf_version


def test_imposed_sheets_pass_the_checks_and_are_the_same_each_time(tmp_path: Path) -> None:
    (tmp_path / "b.pdf").write_bytes(booklet(8))
    out, sheets = packager.impose(tmp_path / "b.pdf", creep=0.1)
    assert (out, sheets) == (tmp_path / "b-imposed.pdf", 2)
    assert [str(f) for f in packager.check(out) if f.code != "pdf-metadata"] == []
    assert out.read_bytes() == imposed(booklet(8), creep=0.1)


def test_a_file_for_the_screen_is_imposed_and_claims_no_tags() -> None:
    data = imposed(pages("<p>one<p style='break-before: page'>two"))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 2
        assert not {"/Metadata", "/StructTreeRoot"} & set(pdf.Root.keys())


def test_pages_of_another_trim_are_told() -> None:
    with pikepdf.open(io.BytesIO(booklet(4))) as pdf:
        pdf.pages[2].obj.TrimBox = pikepdf.Array([0, 0, 300, 400])
        out = io.BytesIO()
        pdf.save(out)
    with pytest.raises(EditionError, match="page 3 has another trim than the first page"):
        imposed(out.getvalue())


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["gone.pdf"], 11, "error: gone.pdf: cannot be opened: No such file or directory"),
        (["bad.pdf"], 11, "error: bad.pdf: no readable PDF; build the file again"),
        (
            ["good.pdf", "--signature", "6"],
            15,
            "error: a signature of 6 pages cannot be folded: take 4, 8, 12 ...",
        ),
    ],
)
def test_faults_are_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.pdf").write_text("no book")
    Path("good.pdf").write_bytes(booklet(4))
    done = CliRunner().invoke(main, ["impose", *arguments])
    assert (done.exit_code, done.stderr.strip()) == (code, message)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.pdf", "good.pdf"]


def test_the_command_says_where_and_how_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("b.pdf").write_bytes(booklet(10))
    done = CliRunner().invoke(main, ["impose", "b.pdf", "--out", "c.pdf"])
    assert (done.exit_code, done.stdout) == (0, "c.pdf: 3 sheets\n")
