"""Whole texts out of a book, read back by the readers: every word, in order."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import packager
from packager.book import Book
from packager.editions.data import jsonl, markdown, tei
from packager.findings import Report
from packager.readers.source import clean
from packager.speech import Block, BlockKind, Cut, Inline, InlineKind, Speech, plain
from packager.speech_json import load_speech
from tests.conftest import ROOT
from tests.data import tei_back
from tests.data.conftest import BARE, DATES, WHOLE, book_of, words

reuses_folder = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

OPENING = Block(BlockKind.P, plain("Ringers and founders have met in this hall since the flood."))
"""Every text opens with words, so that no reader takes it for a failed text recognition."""
clean_words = words.filter(lambda text: clean(text)[0] == text and "parlamint" not in text.lower())
"""Words that readers do not clean, and that do not name the form of another reader of TEI."""
runs = st.recursive(
    st.builds(Inline, st.just(InlineKind.TEXT), clean_words)
    | st.builds(
        Inline,
        st.sampled_from(InlineKind).filter(lambda kind: not kind.endswith("break")),
        clean_words,
        target=st.none() | st.just("https://example.org/(a)_b"),
    )
    | st.just(Inline(InlineKind.LINE_BREAK)),
    lambda inner: st.builds(
        Inline,
        st.sampled_from([InlineKind.EMPHASIS, InlineKind.NAME, InlineKind.REFERENCE]),
        content=st.lists(inner, min_size=1, max_size=3).map(tuple),
    ),
    max_leaves=4,
)
blocks = st.builds(
    Block,
    st.sampled_from(BlockKind),
    st.lists(runs, min_size=1, max_size=4).map(tuple),
    marker=st.none() | st.sampled_from(["•", "-", "1.", "12)", "a)", "*", "#"]),
    level=st.integers(1, 7),
).filter(lambda block: bool("".join(run.plain() for run in block.content).strip()))


def again(folder: Path, name: str, data: bytes) -> list[Speech]:
    """What Packager reads in a file that it wrote."""
    (folder / name).write_bytes(data)
    report = Report()
    speeches = list(packager.read(folder / name, report=report))
    assert report.errors == [] and not report.refused
    return speeches


def pages(book: Book) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(markdown.write(book))) as file:
        assert file.testzip() is None
        return {name: file.read(name).decode() for name in file.namelist()}


# --- Speech JSON lines ---------------------------------------------------------------------


def test_speech_json_lines_are_the_speeches_exactly(harbour: Book, tmp_path: Path) -> None:
    speeches = [document.speech for document in harbour.documents]
    assert [load_speech(line) for line in jsonl.write(harbour).splitlines()] == speeches
    assert again(tmp_path, "all.jsonl", jsonl.write(harbour)) == speeches


# --- Markdown ------------------------------------------------------------------------------


def test_markdown_gives_back_title_speaker_date_and_words(harbour: Book, tmp_path: Path) -> None:
    speeches = [document.speech for document in harbour.documents]
    found = again(tmp_path, "all.zip", markdown.write(harbour))
    assert len(found) == len(speeches) > 5
    for one, was in zip(found, speeches, strict=True):
        assert (one.title, one.speaker, one.kind) == (was.title, was.speaker, was.kind)
        assert (one.date and one.date.edtf) == (was.date and was.date.edtf)
        assert one.text.split() == was.text.split()
        assert one.provenance.url == was.provenance.url
        assert one.provenance.outlet == was.provenance.outlet


def test_a_markdown_file_is_front_matter_and_text() -> None:
    names = list(pages(book_of(WHOLE, BARE)))
    assert names == ["001-2021-04-07-0a1b2c3d4e.md", "002-undated-9f8e7d6c5b.md"]
    _, front, text = pages(book_of(WHOLE, BARE))[names[0]].split("---\n")
    assert yaml.safe_load(front) == {
        "title": WHOLE.title,
        "speaker": WHOLE.speaker,
        "date": "2021-04-07",
        "place": "Orrin",
        "kind": "speech",
        "occasion": "Feast of the Bells",
        "source": "Orrin Gazette",
        "url": WHOLE.provenance.url,
        "captured": "2021-05-01",
        "language": "en",
        "document": 1,
        "file": "pages/bell.html",
        "sha256": "ab" * 32,
    }
    assert text == "\nThe great bell is cracked, and we shall mend it.\n"


@pytest.mark.parametrize(
    "case", [case for case in DATES if case not in ("span", "one of two years")]
)
def test_markdown_dates_mean_the_same(case: str, tmp_path: Path) -> None:
    book = book_of(replace(WHOLE, date=DATES[case]))
    (found,) = again(tmp_path, "one.zip", markdown.write(book))
    was = DATES[case]
    assert (found.date and found.date.edtf) == (was and was.edtf)


def composed(text: str) -> list[str]:
    """Words whose letters and accents are one, as every reader makes them (UAX #15, form C)."""
    return unicodedata.normalize("NFC", text).split()


@reuses_folder
@given(title=clean_words, speaker=clean_words, body=st.lists(blocks, max_size=5))
def test_no_word_of_any_block_is_markup(
    tmp_path: Path, title: str, speaker: str, body: list[Block]
) -> None:
    hard = replace(WHOLE, title=title, speaker=speaker, blocks=(OPENING, *body))
    (found,) = again(tmp_path, "one.zip", markdown.write(book_of(hard)))
    assert composed(found.text) == composed(hard.text)
    assert composed(found.title) == composed(title)
    assert composed(found.speaker or "") == composed(speaker)


def test_emphasis_links_heads_lists_and_verse_are_markdown() -> None:
    body = (
        Block(BlockKind.HEAD, plain("On Bells"), level=1),
        Block(
            BlockKind.P,
            (
                Inline(InlineKind.TEXT, "They "),
                Inline(InlineKind.EMPHASIS, content=plain("must")),
                Inline(InlineKind.TEXT, " ring; see "),
                Inline(InlineKind.REFERENCE, "the roll", target="https://example.org/roll"),
            ),
        ),
        Block(BlockKind.LIST, plain("a rope"), marker="•"),
        Block(BlockKind.LIST, plain("a clapper"), marker="2."),
        Block(BlockKind.VERSE, plain("Ding\ndong")),
    )
    (text,) = pages(book_of(replace(WHOLE, blocks=body))).values()
    html = MarkdownIt("commonmark").render(text.split("---\n")[2])
    for piece in (
        "<h2>On Bells</h2>",
        '<p>They <em>must</em> ring; see <a href="https://example.org/roll">the roll</a></p>',
        "<ul>\n<li>a rope</li>",
        '<ol start="2">\n<li>a clapper</li>',
        "<blockquote>\n<p>Ding<br />\ndong</p>",
    ):
        assert piece in html


def test_a_link_after_an_exclamation_mark_is_no_picture() -> None:
    link = Inline(InlineKind.REFERENCE, "roll", target="https://example.org/roll")
    body = (Block(BlockKind.P, (Inline(InlineKind.TEXT, "Ring!"), link)),)
    (text,) = pages(book_of(replace(WHOLE, blocks=body))).values()
    assert text.endswith("\n\nRing!roll\n")


def test_the_same_book_gives_the_same_zip(harbour: Book) -> None:
    assert markdown.write(harbour) == markdown.write(harbour)


# --- TEI -----------------------------------------------------------------------------------


def test_tei_gives_back_every_speech_exactly(harbour: Book) -> None:
    speeches = [document.speech for document in harbour.documents]
    assert tei_back.speeches(tei.write(harbour)) == speeches


def test_our_reader_finds_the_words_of_tei_in_order(harbour: Book, tmp_path: Path) -> None:
    speeches = [document.speech for document in harbour.documents]
    found = again(tmp_path, "all.xml", tei.write(harbour))
    assert len(found) == len(speeches)
    for one, was in zip(found, speeches, strict=True):
        assert one.text.split() == was.text.split()
        assert (one.title, one.speaker, one.language) == (was.title, was.speaker, was.language)
        assert (one.date and one.date.edtf) == (was.date and was.date.edtf)
        assert one.place == was.place


@pytest.mark.parametrize("case", DATES)
def test_tei_dates_come_back(case: str, tmp_path: Path) -> None:
    book = book_of(replace(WHOLE, date=DATES[case]))
    assert tei_back.speeches(tei.write(book))[0].date == DATES[case]
    (found,) = again(tmp_path, "one.xml", tei.write(book))
    was = DATES[case]
    assert (found.date and found.date.earliest) == (was and was.earliest)
    assert (found.date and found.date.latest) == (was and was.latest)


def shaped(block: Block, n: int, ident: str | None, speaker: str | None) -> Block:
    """A block as `Block` describes its kind: level at heads, speaker at turns, id at notes."""
    return replace(
        block,
        level=block.level if block.kind is BlockKind.HEAD else 1,
        speaker=speaker if block.kind is BlockKind.TURN else None,
        ident=f"{n}{ident}" if ident and block.kind is BlockKind.NOTE else None,
    )


any_run = st.recursive(
    st.builds(
        Inline,
        st.sampled_from(InlineKind).filter(lambda kind: kind is not InlineKind.LINE_BREAK),
        st.just("") | words,
        target=st.none() | words,
        language=st.none() | st.just("ko"),
    )
    | st.just(Inline(InlineKind.LINE_BREAK)),
    lambda inner: st.builds(
        Inline,
        st.sampled_from(InlineKind),
        st.just("") | words,
        st.lists(inner, min_size=1, max_size=3).map(tuple),
        target=st.none() | words,
    ),
    max_leaves=5,
)


@given(
    st.lists(
        st.builds(
            Block,
            st.sampled_from(BlockKind),
            st.lists(any_run, max_size=4).map(tuple),
            language=st.none() | st.just("de"),
            marker=st.none() | words,
            level=st.integers(1, 7),
        ),
        max_size=6,
    ),
    words,
    st.none() | words,
    st.none() | words,
)
def test_tei_gives_back_any_blocks_exactly(
    body: list[Block], title: str, ident: str | None, speaker: str | None
) -> None:
    blocks = tuple(shaped(block, n, ident, speaker) for n, block in enumerate(body))
    page = replace(WHOLE.provenance, path=title, cut=(Cut("end mark", 3, title),))
    hard = replace(WHOLE, title=title, place=title, blocks=blocks, topics=(title,), provenance=page)
    assert tei_back.speeches(tei.write(book_of(BARE, hard))) == [BARE, hard]


@reuses_folder
@given(body=st.lists(blocks, max_size=6))
def test_our_reader_finds_the_words_of_any_blocks(tmp_path: Path, body: list[Block]) -> None:
    hard = replace(WHOLE, blocks=(OPENING, *body))
    (found,) = again(tmp_path, "one.xml", tei.write(book_of(hard)))
    assert found.text.split() == hard.text.split()


def test_a_tei_header_says_where_the_text_came_from() -> None:
    cut = (Cut("end mark", 1, "-0-"),)
    other = replace(WHOLE.provenance, path="other.html")
    speech = replace(WHOLE, provenance=replace(WHOLE.provenance, cut=cut))
    book = book_of(speech)
    document = replace(next(book.documents), captures=(other,))
    whole = tei.write(replace(book, parts=(replace(book.parts[0], members=(document,)),)))
    header = " ".join(whole.decode().split("<text", 1)[0].split())
    for piece in (
        "<publisher>Orrin Gazette</publisher>",
        '<date type="captured">2021-05-01T08:30:00</date>',
        f'<idno type="sha256">{"ab" * 32}</idno>',
        '<idno type="file">other.html</idno>',
        '<application ident="article" version="1">',
        '<item> <term>end mark</term> <num value="1">1</num> <quote>-0-</quote> </item>',
        '<date when="2021-04-07" when-custom="2021-04-07"',
        "Document 1 in Small Book",
    ):
        assert piece in header


def test_what_xml_cannot_hold_does_not_stop_the_book() -> None:
    page = replace(WHOLE.provenance, path="page\x01\udcff.html")
    (found,) = tei_back.speeches(tei.write(book_of(replace(WHOLE, provenance=page))))
    assert found.provenance.path == "page\ufffd\ufffd.html"


# --- real archives -------------------------------------------------------------------------

SHARED = ROOT.parent / "shared" / "corpora"


@pytest.mark.parametrize("kind", ["html-speech", "kcna", "markdown", "tei", "text", "xml-parl"])
def test_speeches_of_real_archives_come_back(kind: str, tmp_path: Path) -> None:
    if not (SHARED / kind).is_dir():
        pytest.skip("the shared corpora are not here")
    speeches = list(islice(packager.read(SHARED / kind), 40))
    book = book_of(*speeches)
    assert tei_back.speeches(tei.write(book)) == speeches
    said = [one.text.split() for one in speeches]
    for name, data in (("a.xml", tei.write(book)), ("b.zip", markdown.write(book))):
        assert [one.text.split() for one in again(tmp_path, name, data)] == said
