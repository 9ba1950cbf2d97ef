"""The PDF for the screen, read back with other programs than made it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest

import packager
from packager.findings import Severity
from packager.style import load_style
from tests.conftest import BuiltBook, forbidden


def squeezed(text: str) -> str:
    """Letters alone: no white space, no hyphen at all."""
    return re.sub(r"[\s\u2010\u00ad-]+", "", text)


@pytest.fixture
def texts(built: BuiltBook) -> list[str]:
    """The text of each page as poppler sees it."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (Debian: poppler-utils) is not installed")
    run = subprocess.run(["pdftotext", built.pdf, "-"], capture_output=True, text=True, check=True)
    return run.stdout.split("\f")


def outline(pdf: pypdfium2.PdfDocument) -> Iterator[tuple[int, str, int]]:
    for mark in pdf.get_toc():
        yield mark.level, mark.get_title(), mark.get_dest().get_index()


def labels(built: BuiltBook) -> list[str]:
    pdf = pypdfium2.PdfDocument(built.pdf)
    return [pdf.get_page_label(n) for n in range(len(pdf))]


def test_every_check_is_silent(built: BuiltBook) -> None:
    report = packager.check(built.pdf)
    assert [str(f) for f in report if f.severity is not Severity.NOTE] == []


def test_every_block_of_every_speech_is_in_the_pages(built: BuiltBook, texts: list[str]) -> None:
    """Seen by another program than the ledger's; a block broken over pages is looked for in two
    parts, for heads and folios stand between them. Those that an editor marked have more words."""
    pages = [squeezed(page) for page in texts]
    for document in built.book.documents:
        marked = {span.block for mark in document.marks for span in mark.spans}
        for number, block in enumerate(document.speech.blocks):
            if number in marked:
                continue
            words = squeezed(block.text)
            assert any(words in page for page in pages) or any(
                _torn(words, first, second) for first, second in pairwise(pages)
            ), block.text[:60]


def _torn(words: str, first: str, second: str) -> bool:
    cuts = range(8, len(words) - 8)
    return any(words[:cut] in first and words[cut:] in second for cut in cuts)


def test_nothing_of_the_pages_furniture_is_on_any_page(built: BuiltBook, texts: list[str]) -> None:
    whole = squeezed("".join(texts))
    for phrase in forbidden():
        assert squeezed(phrase) not in whole


def test_the_contents_print_the_page_on_which_each_document_begins(
    built: BuiltBook, texts: list[str]
) -> None:
    """Bookmarks and page labels are the witness; the contents print what the first layout said."""
    pdf = pypdfium2.PdfDocument(built.pdf)
    label = labels(built)
    begins = {title: label[page] for level, title, page in outline(pdf) if level == 1}
    contents = " ".join(
        text for text, name in zip(texts, label, strict=False) if re.fullmatch("[ivx]+", name)
    )
    for document in built.book.documents:
        folio = begins[document.head]
        head = r"\s+".join(re.escape(word) for word in document.head.split())
        assert re.search(rf"{head}(?:\s+\S+){{0,9}}?\s+{folio}\b", contents) or re.search(
            rf"\b{folio}\s+(?:\S+\s+)*?{head}", contents
        ), document.head


def test_folios_are_roman_before_the_text_and_arabic_in_it(built: BuiltBook) -> None:
    label = labels(built)
    first = label.index("1")
    assert label[0] == "Cover"
    assert all(re.fullmatch("[ivxl]+", name) for name in label[2:first])
    assert label[first:] == [str(n) for n in range(1, len(label) - first + 1)]
    assert first % 2 == 0, "the first part begins on a right-hand page"


def test_bookmarks_name_parts_and_documents(built: BuiltBook) -> None:
    marks = [(level, title) for level, title, _ in outline(pypdfium2.PdfDocument(built.pdf))]
    for part in built.book.parts:
        at = marks.index((0, part.title))
        wanted = [(1, document.head) for document in part.documents]
        assert marks[at + 1 : at + 1 + len(wanted)] == wanted


def test_running_heads_name_part_and_document_and_openings_have_none(built: BuiltBook) -> None:
    if built.name != "harbour-lights":
        pytest.skip("the style 'plain' has no running heads at the top")
    geometry = load_style("classic").geometry
    pdf = pypdfium2.PdfDocument(built.pdf)
    starts = {page: title for level, title, page in outline(pdf) if level == 1}
    point = 72 / 25.4
    part = document = None
    by_head = {d.head: d for p in built.book.parts for d in p.documents}
    part_of = {d.head: p for p in built.book.parts for d in p.documents}
    for n, page in enumerate(pdf):
        top = page.get_height() - (geometry.top - 4) * point
        head = " ".join(page.get_textpage().get_text_bounded(bottom=top).split())
        if n in starts:
            part, document = part_of[starts[n]], by_head[starts[n]]
            assert head == ""
        elif document and head and document.number == len(by_head):
            break  # back matter follows the last document
        elif document and head:
            label = pdf.get_page_label(n)
            wanted = part.title if int(label) % 2 == 0 else document.short_head
            assert sorted(head.lower().split()) == sorted(f"{wanted} {label}".lower().split())


def test_the_file_is_tagged_and_says_what_it_is(built: BuiltBook) -> None:
    with pikepdf.open(built.pdf) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == built.book.meta.language
        assert str(pdf.docinfo.Title) == built.book.meta.title
        with pdf.open_metadata() as meta:
            assert meta["pdfuaid:part"] == "1"
        kinds = set()
        stack = [pdf.Root.StructTreeRoot.K]
        while stack:
            node = stack.pop()
            if isinstance(node, pikepdf.Array):
                stack.extend(node)
            elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
                kinds.add(str(node.S))
                if "/K" in node and not isinstance(node.K, int):
                    stack.append(node.K)
    assert {"/H1", "/H2", "/P", "/Link", "/L"} <= kinds


def test_qpdf_finds_no_fault(built: BuiltBook) -> None:
    if not shutil.which("qpdf"):
        pytest.skip("qpdf is not installed")
    run = subprocess.run(["qpdf", "--check", built.pdf], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
