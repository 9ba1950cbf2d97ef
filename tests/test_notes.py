"""The editor's layer: where notes stand, what is printed, each fault with its remedy."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

import packager
from packager.anchors import Anchor, find
from packager.errors import CollectionError
from packager.findings import Report
from packager.layer import Mark, MarkKind, Run, joined, pieces, spans_of, woven
from packager.speech import Block, BlockKind, Inline, InlineKind, plain
from tests.conftest import SPEECH, BuiltBook, small_book

NOTES = '[notes]\nfiles = ["notes.toml"]\n'


def noted(folder: Path, notes: str, name: str = "notes.toml") -> Path:
    """A book of one speech with a file of notes."""
    book = small_book(folder, more=NOTES.replace("notes.toml", name), terrace=SPEECH)
    (folder / name).write_text(notes, "utf-8")
    return book


def assembled(book: Path, report: Report | None = None) -> packager.book.Document:
    collection = packager.load_collection(book)
    report = report if report is not None else Report()
    speeches = packager.read(collection.pages, report=Report(), base=collection.folder)
    return next(collection.assemble(speeches, report=report).documents)


def table(kind: str, **keys: str) -> str:
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())
    return f'[[{kind}]]\nspeech = "terrace*"\n{lines}'


def fault(book: Path) -> str:
    with pytest.raises(CollectionError) as error:
        assembled(book)
    return str(error.value)


# --- anchors -------------------------------------------------------------------------------


def test_context_tells_places_apart() -> None:
    text = "a boat, a boat,\n\na boat at last"
    assert len(find(text, Anchor("boat"))) == 3
    assert find(text, Anchor("boat", suffix=" at last")) == [(19, 23)]
    assert find(text, Anchor("boat", prefix="boat, a ")) == [(10, 14), (19, 23)]


def test_forms_of_quotation_marks_and_white_space_do_not_hinder() -> None:
    assert find("He said “it’s\n late” – once", Anchor('"it\'s late" - once')) == [(8, 27)]


def test_paragraphs_that_a_browser_joined_are_found() -> None:
    assert find("the end.\nNext day", Anchor("end.Next")) == [(4, 13)]


@given(st.text("ab \n", min_size=1, max_size=30), st.data())
def test_every_passage_of_a_text_is_found_where_it_stands(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    exact = text[start:end].strip()
    if exact:
        first = text.index(exact, start)
        assert (first, first + len(exact)) in find(text, Anchor(exact))


# --- the layer -----------------------------------------------------------------------------


RUNS = st.recursive(
    st.builds(Inline, st.just(InlineKind.TEXT), st.text("ab ", min_size=1, max_size=8)),
    lambda inner: st.builds(
        Inline,
        st.just(InlineKind.EMPHASIS),
        content=st.lists(inner, min_size=1, max_size=3).map(tuple),
    ),
    max_leaves=5,
)
BLOCKS = st.lists(
    st.builds(Block, st.just(BlockKind.P), st.lists(RUNS, min_size=1, max_size=4).map(tuple)),
    min_size=1,
    max_size=3,
)


@given(BLOCKS, st.data())
def test_woven_text_is_the_text_of_the_pieces(blocks: list[Block], data: st.DataObject) -> None:
    """What the templates are given says what the ledger asks for, wherever the marks stand."""
    text = joined(blocks)
    marks = []
    at = 0
    for n in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(at, max(at, len(text) - 1)))
        end = data.draw(st.integers(start + 1, max(start + 1, len(text))))
        kind = data.draw(st.sampled_from(sorted(MarkKind)))
        if spans := spans_of(blocks, start, end):
            marks.append(Mark(kind, spans, text[start:end], "x", number=n, anchor=f"m{n}"))
        at = end
    wanted = "".join(one.text for one in pieces(blocks, marks))
    shown = "".join(said(block.content) + "\n" for block in woven(blocks, marks))
    assert "".join(shown.split()) == "".join(wanted.split())


def said(runs: tuple[Run | Inline, ...]) -> str:
    return "".join(
        run.mark.added
        if isinstance(run, Run) and run.mark and run.kind.startswith("added")
        else run.text + said(run.content)
        for run in runs
    )


def test_a_mark_may_cross_the_edge_of_emphasis() -> None:
    block = Block(
        BlockKind.P,
        (*plain("the "), Inline(InlineKind.EMPHASIS, content=plain("old boat")), *plain(" is in")),
    )
    mark = Mark(MarkKind.CORRECTION, spans_of([block], 8, 15), "boat is", "boats are", anchor="m")
    (shown,) = woven([block], [mark])
    assert said(shown.content) == "the old boat is[recte boats are] in"


def test_paragraphs_left_out_whole_leave_no_empty_ones() -> None:
    blocks = [Block(BlockKind.P, plain(words)) for words in ("one two", "three", "four five")]
    mark = Mark(MarkKind.ELISION, spans_of(blocks, 4, 18), "two three four", "why", anchor="m")
    assert [said(block.content) for block in woven(blocks, [mark])] == [
        "one [… 3 words left out]",
        " five",
    ]


# --- in the editions -----------------------------------------------------------------------

ALL = "".join(
    (
        table("document", head="To the Terrace", office="Head Gardener", headnote="A *dry* day."),
        table("note", exact="You were promised rain", text="It rained on the fourth."),
        table("note", exact="stone by stone", text="Of the second quarry."),
        table("correction", exact="half-terrace", read="whole terrace", reason="there is no half"),
        table("gloss", exact="frost", text="usual in October"),
        table("elision", exact="I shall try", through="and useful.", reason="said in jest"),
    )
)


def test_what_the_editor_adds_stands_in_both_editions(tmp_path: Path) -> None:
    made = packager.build(noted(tmp_path, ALL), environ={})
    with zipfile.ZipFile(made[0].path) as archive:
        page = archive.read("EPUB/text/d1.xhtml").decode()
    epub = " ".join(re.sub(r"<[^>]+>", "", page.partition("<body")[2]).split())
    pages = pypdfium2.PdfDocument(made[1].path)
    pdf = " ".join(" ".join(one.get_textpage().get_text_range() for one in pages).split())
    for text in (epub, re.sub(r"\ufffe|\u2010 ?", "", pdf)):
        for words in (
            "To the Terrace",
            "Head Gardener",
            "A dry day.",
            "half-terrace [recte whole terrace]",
            "frost [usual in October], stone by stone2.",
            "[… 9 words left out]",
            "It rained on the fourth.",
            "Of the second quarry.",
            "said in jest",
            "document 1",
        ):
            assert words.replace(" ", "") in text.replace(" ", ""), words
        assert "givenme.Ishall" not in text.replace(" ", "")
    assert {entry.words for one in made for entry in one.ledger} == {28}
    assert packager.check(made[0].path).silent
    assert 'href="#d1-n1"' in page and 'href="#d1-n1-mark"' in page


def test_the_example_shows_the_layer(built: BuiltBook) -> None:
    if built.name == "harbour-lights":
        assert {mark.kind for document in built.book.documents for mark in document.marks} >= {
            MarkKind.NOTE,
            MarkKind.CORRECTION,
            MarkKind.GLOSS,
            MarkKind.ELISION,
        }


# --- annotations of others -----------------------------------------------------------------


def test_hypothesis_and_w3c_annotations_are_notes(tmp_path: Path) -> None:
    selector = {
        "type": "TextQuoteSelector",
        "exact": "the frost",
        "prefix": "before ",
        "suffix": ",",
    }
    rows = [
        {"id": "a1", "uri": "file:///home/x/terrace.txt", "text": "From *October*.",
         "target": [{"source": "", "selector": [{"type": "RangeSelector"}, selector]}]},
        {"id": "a2", "text": "A reply.", "references": ["a1"], "target": []},
        {"id": "a3", "uri": "https://other.example/b", "text": "Of another page.",
         "target": [{"selector": [selector]}]},
    ]  # fmt: skip
    report = Report()
    book = noted(tmp_path / "h", json.dumps({"total": 3, "rows": rows}, indent=1), "h.json")
    (mark,) = assembled(book, report).marks
    assert (mark.source, joined(mark.note)) == ("the frost", "From October.")
    assert [f.code for f in report if f.code == "notes-elsewhere"] == ["notes-elsewhere"]
    one = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "Annotation",
        "body": [{"type": "TextualBody", "value": "Cold."}, {"purpose": "tagging", "value": "x"}],
        "target": {"selector": selector},
    }
    (mark,) = assembled(noted(tmp_path / "w", json.dumps({"items": [one]}), "w.json")).marks
    assert joined(mark.note) == "Cold."


# --- faults --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notes", "message"),
    [
        (
            table("note", exact="the wall under the old terrace", text="x"),
            "notes.toml:1: “the wall under the old terrace” does not stand in document 1; nearest "
            "to it is “The wall below the old half-terrace”; quote the text as the page has it now",
        ),
        (
            "\n" + table("note", exact="You were", text="x") + table("note", exact="the", text="x"),
            "notes.toml:6: “the” stands 2 times in document 1; add prefix or suffix: the words "
            "before or after the one that is meant",
        ),
        (
            table("note", text="x"),
            "notes.toml:1: the note has no 'exact'; quote the words of the text that it belongs to",
        ),
        (
            table("elision", exact="stone"),
            "notes.toml:1: the elision has no 'reason'; say why the words are left out",
        ),
        (
            table("note", exact="stone", texts="x"),
            "notes.toml:4: unknown key 'texts' in [[note]]; did you mean 'text'? Known: speech, "
            "exact, prefix, suffix, text",
        ),
        (
            table("document", status="spoken"),
            "notes.toml:3: unknown status 'spoken'. Known: as prepared, as delivered, as "
            "reported, verbatim, summary",
        ),
        (
            table("document", head="A") + table("document", head="B"),
            "notes.toml:4: document 1 (“To the Gardeners of the Ninth Terrace”) is described "
            "twice; keep one [[document]] table for it",
        ),
        (
            '[[note]]\nspeech = "wall*"\nexact = "x"\ntext = "x"\n',
            "notes.toml:1: no document of the book is 'wall*'; name its id or its file, as "
            "'packager read' prints them",
        ),
        (
            table("elision", exact="You were promised rain", reason="x")
            + table("note", exact="promised", text="x"),
            "notes.toml:5: the note of “promised” overlaps the elision at notes.toml:1; keep one "
            "of them, or shorten the words that they quote",
        ),
    ],
)  # fmt: skip
def test_each_fault_has_its_line_and_its_remedy(tmp_path: Path, notes: str, message: str) -> None:
    assert fault(noted(tmp_path, notes)) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "n.json:1: no valid JSON: Expecting property name enclosed in double quotes"),
        ("3", "n.json: no annotations are found in it; export them as W3C Web Annotations or from "
              "Hypothes.is, as JSON"),
        ('[\n{"id": "q", "text": "On the whole page"}]',
         "n.json:2: the note has no anchor: no words of the page are quoted; add a "
         "TextQuoteSelector, or take the note out of the file"),
    ],
)  # fmt: skip
def test_faults_of_annotations(tmp_path: Path, text: str, message: str) -> None:
    assert fault(noted(tmp_path, text, "n.json")) == message


def test_a_file_of_notes_that_is_not_there(tmp_path: Path) -> None:
    book = small_book(tmp_path, more=NOTES, terrace=SPEECH)
    assert "'notes.toml' is not there" in fault(book)
