"""Pages that the editor writes: where they stand, what names them, what is wrong with a file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pypdfium2
import pytest

import packager
from packager.book import MATTER
from packager.errors import CollectionError
from packager.render import spine
from tests.conftest import SPEECH, small_book

FIELD = "[matter]\n" + "".join(f'{name} = "{name}.md"\n' for name in MATTER)


def test_each_page_stands_in_its_place_in_both_editions(tmp_path: Path) -> None:
    book = small_book(tmp_path, more='introduction = "part.md"\n' + FIELD, terrace=SPEECH)
    (tmp_path / "part.md").write_text("Words before *all* speeches.\n")
    for name in MATTER:
        (tmp_path / f"{name}.md").write_text(f"# On {name}\n\nText of {name}.\n")
    made = packager.build(book, environ={})
    with zipfile.ZipFile(made[0].path) as archive:
        pages = {name: archive.read(f"EPUB/text/{name}.xhtml").decode() for name in MATTER}
        nav, ncx = archive.read("EPUB/text/nav.xhtml").decode(), archive.read("EPUB/toc.ncx")
        assert "before <em>all</em> speeches" in archive.read("EPUB/text/part1.xhtml").decode()
    pdf = pypdfium2.PdfDocument(made[1].path)
    texts = [page.get_textpage().get_text_range() for page in pdf]
    sheets = [
        next(n for n, text in enumerate(texts) if f"Text of {name}." in text) for name in MATTER
    ]
    assert sheets == sorted(sheets) and len(set(sheets)) == len(MATTER)
    for name, page in pages.items():
        assert f"Text of {name}." in page
        listed = name not in ("dedication", "epigraph")
        assert (f"On {name}" in nav, f"On {name}".encode() in ncx) == (listed, listed)
    assert packager.check(made[0].path).silent


def test_the_order_is_that_of_books_whatever_the_order_of_the_table(tmp_path: Path) -> None:
    more = '[matter]\nintroduction = "b.md"\nforeword = "b.md"\n'
    collection = packager.load_collection(_with(tmp_path, more, "Words."))
    book = collection.assemble(packager.read(collection.pages, base=collection.folder))
    names = [item.name for item in spine(book)]
    assert names.index("nav") < names.index("foreword") < names.index("introduction")
    labels = {item.name: item.label for item in spine(book)}
    assert (labels["foreword"], labels["introduction"]) == ("Foreword", "Introduction")


@pytest.mark.parametrize(
    ("more", "text", "message"),
    [
        ('[matter]\nforeword = "b.md"\n', " \n",
         "b.md:1: the file holds no words; write some, or take it out of book.toml"),
        ('[matter]\nforword = "b.md"\n', "x",
         "book.toml:9: unknown key 'forword' in [matter]; did you mean 'foreword'? Known: "
         "dedication, epigraph, foreword, acknowledgements, introduction, abbreviations, errata"),
        ('introduction = "c.md"\n', "x", "book.toml:8: 'c.md' is not there (looked in FOLDER)"),
    ],
)  # fmt: skip
def test_faults(tmp_path: Path, more: str, text: str, message: str) -> None:
    with pytest.raises(CollectionError) as error:
        packager.load_collection(_with(tmp_path, more, text))
    assert str(error.value) == message.replace("FOLDER", str(tmp_path.resolve()))


def _with(folder: Path, more: str, text: str) -> Path:
    book = small_book(folder, more=more, terrace=SPEECH)
    (folder / "b.md").write_text(text)
    return book
