"""The index of names: what is found, what is printed, what is proposed, and each fault."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import packager
from packager.book import Book, Document, Part
from packager.build import assembled
from packager.cli import main
from packager.errors import CollectionError
from packager.findings import Report
from packager.headings import IndexEntry
from packager.meta import Meta
from packager.names import Name, mark_names, read_names
from packager.render import INDEXED, renderer, spine
from packager.setting import Setting
from packager.speech import Block, BlockKind, plain
from packager.style import load_style
from tests.conftest import SPEECH, BuiltBook, small_book
from tests.data.conftest import BARE

NAMES = """[[name]]
name = "Quill, Mara"
variants = ["Mara Quill", "Quill"]
[[name]]
name = "walls"
variants = "wall"
[[name]]
name = "half-terraces"
variants = ["half-terrace"]
within = "walls"
[[name]]
name = "ramparts"
see = "walls"
[[name]]
name = "김정은"
"""


def named(folder: Path, names: str, more: str = "") -> Path:
    book = small_book(folder, more='[notes]\nnames = "names.toml"\n', terrace=SPEECH + "\n" + more)
    (folder / "names.toml").write_text(names, "utf-8")
    return book


def test_variants_are_found_as_whole_words_and_sorted_with_their_sub_entries(
    tmp_path: Path,
) -> None:
    more = "Mara Quill and Quill, walled in, not Quills. 김정은동지."
    book = assembled(packager.load_collection(named(tmp_path, NAMES, more)), Report())
    assert [(one.heading, one.see, len(one.anchors)) for one in book.index] == [
        ("Quill, Mara", None, 2),
        ("ramparts", "walls", 0),
        ("walls", None, 1),
        ("김정은", None, 1),
    ]
    assert [one.heading for one in book.index[2].below] == ["half-terraces"]


def test_the_index_of_the_pdf_names_pages_on_which_the_name_stands(built: BuiltBook) -> None:
    if not built.book.index:
        pytest.skip("this example has no index")
    pdf = pypdfium2.PdfDocument(built.pdf)
    texts = {
        pdf.get_page_label(n): page.get_textpage().get_text_range() for n, page in enumerate(pdf)
    }
    page = next(text for text in texts.values() if text.startswith("Index"))
    found = dict(
        re.findall(r"^(Farthing|Quill|Old Reliable), ([\d, –]+)$", page.replace("\r", ""), re.M)
    )
    assert set(found) == {"Farthing", "Quill", "Old Reliable"}
    for name, pages in found.items():
        for one in pages.split(", "):
            first, _, last = one.partition("–")
            for number in range(int(first), int(last or first) + 1):
                assert name in " ".join(texts[str(number)].split())


def test_the_index_of_the_epub_leads_to_the_names(built: BuiltBook) -> None:
    if not built.book.index:
        pytest.skip("this example has no index")
    with zipfile.ZipFile(built.epub) as archive:
        page = archive.read("EPUB/text/index.xhtml").decode()
        links = re.findall(r'href="(d\d+\.xhtml)#(d\d+-i\d+)"', page)
        assert len(links) > 10
        for name, anchor in links:
            assert f'id="{anchor}"' in archive.read(f"EPUB/text/{name}").decode()


def many(count: int) -> str:
    return "".join(f'[[name]]\nname = "{chr(97 + n)}-wall"\n' for n in range(count))


def index_page(book: Path) -> str:
    (made,) = packager.build(book, editions=["epub"], environ={})
    assert packager.check(made.path).silent
    with zipfile.ZipFile(made.path) as archive:
        return archive.read("EPUB/text/index.xhtml").decode()


def test_see_leads_to_the_heading_that_it_names(tmp_path: Path) -> None:
    page = index_page(named(tmp_path, NAMES + '[[name]]\nname = "dams"\nsee = "half-terraces"\n'))
    for heading, target in (("ramparts", "walls"), ("dams", "half-terraces")):
        found = re.search(rf'>{heading}</span>, <i>see</i> <a href="#([^"]+)">{target}</a>', page)
        assert found
        assert f'<li id="{found[1]}"><span class="entry">{target}</span>' in page


def test_a_reference_to_a_heading_that_the_book_has_not_is_not_printed(tmp_path: Path) -> None:
    more = (
        '[[name]]\nname = "dams"\nsee = "dikes"\n[[name]]\nname = "dikes"\n'
        '[[name]]\nname = "weirs"\nsee = "dams"\n[[name]]\nname = "frost"\nsee-also = "dikes"\n'
    )
    book = assembled(packager.load_collection(named(tmp_path, NAMES + more)), Report())
    assert [one.heading for one in book.index] == ["frost", "ramparts", "walls"]
    assert book.index[0].see_also == ()


def test_a_long_index_has_guide_letters_and_in_the_epub_a_line_of_them(tmp_path: Path) -> None:
    words = " ".join(f"{chr(97 + n)}-wall" for n in range(24))
    more = f"{words}. 김정은 1945 Éclair"
    extra = '[[name]]\nname = "김정은"\n[[name]]\nname = "1945"\n[[name]]\nname = "Éclair"\n'
    page = index_page(named(tmp_path, many(24) + extra, more))
    letters = re.findall(r'<h2 class="guide">(?:<span[^>]*></span>)?(.)</h2>', page)
    assert "".join(letters) == "#ABCDEFGHIJKLMNOPQRSTUVWXㄱ"
    line = re.search(r'<p class="letters">(.*?)</p>', page)
    assert line and re.sub("<[^>]+>| ", "", line[1]) == "".join(letters)
    for anchor in re.findall('href="#([^"]+)"', line[1]):
        assert page.count(f'id="{anchor}"') == 1


def test_a_short_index_has_none(tmp_path: Path) -> None:
    assert "guide" not in index_page(named(tmp_path, NAMES))


def test_names_are_proposed_and_those_that_the_book_has_are_not(tmp_path: Path) -> None:
    more = "I went to Ostrey. We left Ostrey with Captain Ivo Strand. We ask Captain Ivo Strand."
    names = '[[name]]\nname = "Quill, Mara"\nvariants = ["Mara Quill"]\n'
    shown = CliRunner().invoke(main, ["names", str(named(tmp_path, names, more))]).stdout
    assert 'name = "Strand, Ivo"\nkind = "person"\nvariants = ["Ivo Strand"]' in shown
    assert 'name = "Ostrey"\nkind = "place"' in shown
    assert "Quill" not in shown
    (tmp_path / "more.toml").write_text(shown, "utf-8")
    assert len(read_names(tmp_path / "more.toml")) == shown.count("[[name]]")


def test_of_two_speakers_the_longer_name_is_the_one_that_was_meant(tmp_path: Path) -> None:
    more = "I thank Captain Ivo Strand. We thank Captain Ivo Strand."
    book = named(tmp_path, "", more)
    for n, speaker in enumerate(("Strand", "Ivo Strand")):
        page = SPEECH.replace("Mara Quill", speaker).replace("stone by stone", f"stone {n}")
        (tmp_path / "pages" / f"{n}.txt").write_text(page, "utf-8")
    shown = CliRunner().invoke(main, ["names", str(book), "--workers", "1"]).stdout
    assert '[[name]]  # 2 places\nname = "Strand, Ivo"' in shown
    assert '[[name]]  # 0 places\nname = "Strand"' in shown


def longest_at(text: str, at: int, variants: list[str]) -> str:
    """The longest of the variants that stands there as a whole word; the plain way."""
    fits = [
        one
        for one in variants
        if text.startswith(one, at)
        and (one[0] == "김" or not re.match(r"\w", text[at - 1 : at]))
        and (one[-1] == "김" or not re.match(r"\w", text[at + len(one) :][:1]))
    ]
    return max(fits, key=len, default="")


some_words = st.text("ab.김 ", min_size=1, max_size=6).map(lambda one: " ".join(one.split()))


@given(
    variants=st.lists(some_words.filter(bool), unique=True, min_size=1, max_size=8),
    text=st.lists(some_words, max_size=12).map(" ".join).map(lambda one: " ".join(one.split())),
)
def test_many_names_are_found_as_one_would_look_for_each(variants: list[str], text: str) -> None:
    names = [Name("", one, (one,), one) for one in variants]
    speech = replace(BARE, blocks=(Block(BlockKind.P, plain(text)),))
    (document,) = mark_names([Document(1, speech)], names)
    found = [(mark.spans[0].start, mark.text) for mark in document.marks]
    expected, at = [], 0
    while at < len(text):
        if one := longest_at(text, at, variants):
            expected.append((at, one))
        at += len(one) or 1
    assert found == expected


def test_a_very_long_index_stands_on_several_pages_and_its_references_lead_to_them() -> None:
    places = tuple(f"d{n}-i1" for n in range(1, INDEXED - 2))
    index = (
        IndexEntry("boats", places, see_also=("walls",), anchor="index-1"),
        IndexEntry("moorings", see="boats", anchor="index-2"),
        IndexEntry("ramparts", see="walls", anchor="index-3"),
        IndexEntry("walls", places, anchor="index-4"),
    )
    book = Book(Meta("Boats"), (Part(1, "All", (Document(1, BARE),)),), index=index)
    render = renderer(book, load_style("classic"), Setting("epub", "2020-01-01"))
    pages = {one.name: render(one).decode() for one in spine(book) if one.template == "index"}
    assert list(pages) == ["index", "index-page-2"]
    assert "Index, 1 of 2" in pages["index"] and "Index, 2 of 2" in pages["index-page-2"]
    assert re.findall(r'see(?: also)?</i> <a href="([^"]*)"', "".join(pages.values())) == [
        "index-page-2.xhtml#index-4", "#index-1", "index-page-2.xhtml#index-4",
    ]  # fmt: skip
    assert 'id="index-4"' in pages["index-page-2"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ('[[name]]\nname = "walls"\nvariants = "x"\n',
         "names.toml:16: the name “walls” is listed before, at names.toml:4; join the two "
         "entries, or take it out of one"),
        ('[[name]]\nname = "Vell"\nvariants = "Quill"\n',
         "names.toml:16: the variant “Quill” is listed before, at names.toml:1; join the two "
         "entries, or take it out of one"),
        ('[[name]]\nname = "dams"\nsee = "dikes"\n[[name]]\nname = "dikes"\nsee = "dams"\n',
         "names.toml:16: the references go round: dams → dikes → dams; let one of them be the "
         "entry that has the pages"),
        ('[[name]]\nname = "dams"\nsee = "dams"\n',
         "names.toml:16: the references go round: dams → dams; let one of them be the entry that "
         "has the pages"),
        ('[[name]]\nname = "dams"\nwithin = "dikes"\n[[name]]\nname = "dikes"\nwithin = "dams"\n',
         "names.toml:16: the references go round: dams → dikes → dams; let one of them be the "
         "entry that has the pages"),
        ('[[name]]\nname = "dams"\nvariants = "dam"\nsee = "walls"\n',
         "names.toml:18: “dams” only refers to “walls”, so it has no variants of its own; give "
         "them to “walls”"),
        ('[[name]]\nname = "dams"\nsee = "dikes"\n',
         "names.toml:16: “dams” refers to “dikes”, which is no entry; add a [[name]] for it, or "
         "correct the heading"),
        ('[[name]]\nname = "dams"\nvariants = ["dam", " "]\n',
         "names.toml:18: “dams” has a variant without letters"),
    ],
)  # fmt: skip
def test_faults(tmp_path: Path, more: str, message: str) -> None:
    with pytest.raises(CollectionError) as error:
        packager.load_collection(named(tmp_path, NAMES + more))
    assert str(error.value) == message
