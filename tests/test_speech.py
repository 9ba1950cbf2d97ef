"""A speech: its words, its id, and the JSON that brings it back exactly."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager import Speech, dump_speech, load_speech
from packager.dates import Date, one_day, read_date, whole_year
from packager.errors import SpeechFormatError
from packager.speech import (
    Block,
    BlockKind,
    Cut,
    Inline,
    InlineKind,
    Provenance,
    make_id,
    plain,
    walk,
    words_digest,
)

MADE = Provenance("noon.txt", "0" * 64, "text", "1")
BLOCKS = (
    Block(BlockKind.DATELINE, plain("Vell, April 7 (VNA) --")),
    Block(BlockKind.LEDE, plain("The following is the speech:")),
    Block(BlockKind.SALUTE, plain("Dear ringers,")),
    Block(BlockKind.LIST, plain("a rope"), marker="1."),
    Block(BlockKind.VERSE, plain("The bell,\nit rang.")),
)
SPEECH = Speech("2021-04-07-a", "To the Ringers", BLOCKS, MADE)


# --- words ---------------------------------------------------------------------------------


def test_text_is_every_word_and_body_is_without_the_frame() -> None:
    assert SPEECH.text == (
        "Vell, April 7 (VNA) --\n\nThe following is the speech:\n\nDear ringers,\n\n1. a rope\n\n"
        "The bell,\nit rang."
    )
    assert SPEECH.body == "Dear ringers,\n\n1. a rope\n\nThe bell,\nit rang."
    assert SPEECH.words == len(SPEECH.text.split())


def test_words_of_a_run_are_the_words_of_all_runs_in_it() -> None:
    run = Inline(
        InlineKind.REFERENCE,
        content=(
            Inline(InlineKind.TEXT, "It is "),
            Inline(InlineKind.EMPHASIS, content=(Inline(InlineKind.TEXT, "noon"),)),
            Inline(InlineKind.LINE_BREAK),
            Inline(InlineKind.PAGE_BREAK, target="12"),
            Inline(InlineKind.TEXT, "or nearly"),
        ),
    )
    assert run.plain() == "It is noon\nor nearly"
    assert [str(one.kind) for one in walk([run])] == [
        "reference",
        "text",
        "emphasis",
        "text",
        "line-break",
        "page-break",
        "text",
    ]


@given(text=st.text())
def test_plain_content_says_its_text(text: str) -> None:
    assert "".join(run.plain() for run in plain(text)) == text


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("-0-", Cut("x", 1, "-0-")),
        (" one\ntwo  three ", Cut("x", 3, "one two three")),
        ("1 2 3 4 5 6 7 8 9 10", Cut("x", 10, "1 2 3 4 5 6 7 8")),
        ("", Cut("x", 0, "")),
    ],
)
def test_cut_counts_words_and_shows_the_first_eight(text: str, cut: Cut) -> None:
    assert Cut.of("x", text) == cut


# --- ids -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "beginning"),
    [
        (read_date("7 April 2021"), "2021-04-07-"),
        (read_date("07/04/2021"), "2021-"),
        (read_date("April 2021"), "2021-"),
        (whole_year(2021, "2021"), "2021-"),
        (Date("x", "2020/2021", "2020-01-01", "2021-12-31"), "undated-"),
        (None, "undated-"),
    ],
)
def test_id_begins_with_what_is_sure_of_the_day(date: Date | None, beginning: str) -> None:
    ident = make_id(date, BLOCKS)
    assert ident == beginning + words_digest(BLOCKS)[:10]


def test_id_is_of_the_body_and_not_of_what_stands_around_it() -> None:
    assert words_digest(BLOCKS) == words_digest(BLOCKS[2:])


def test_id_is_of_the_words_and_not_of_their_lines_and_kinds() -> None:
    lines = (Block(BlockKind.P, plain("The bell,\nit rang.")),)
    emphasis = (
        Block(
            BlockKind.VERSE,
            (*plain("The "), Inline(InlineKind.EMPHASIS, content=plain("bell,")), *plain(" it")),
        ),
        Block(BlockKind.P, plain("rang.")),
    )
    assert words_digest(lines) == words_digest(emphasis)


def test_other_words_give_another_id() -> None:
    digests = {
        words_digest([Block(BlockKind.P, plain(text))])
        for text in ("It is noon.", "It is noon", "it is noon.", "noon It is.", "It isnoon.")
    }
    assert len(digests) == 5


# --- JSON ----------------------------------------------------------------------------------

sound = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
texts = sound.filter(str.strip)
maybe = st.none() | texts
inlines = st.recursive(
    st.builds(Inline, st.sampled_from(InlineKind), sound, target=maybe, language=maybe),
    lambda inner: st.builds(
        lambda kind, content, target: Inline(kind, "", tuple(content), target),
        st.sampled_from(InlineKind),
        st.lists(inner, min_size=1, max_size=3),
        maybe,
    ),
    max_leaves=6,
)
blocks = st.builds(
    Block,
    st.sampled_from(BlockKind),
    st.lists(inlines, max_size=4).map(tuple),
    language=maybe,
    speaker=maybe,
    marker=maybe,
    ident=maybe,
    level=st.integers(min_value=1, max_value=6),
)
cuts = st.builds(Cut, texts, st.integers(min_value=0, max_value=10**6), sound)
provenances = st.builds(
    Provenance,
    texts,
    st.text("0123456789abcdef", min_size=64, max_size=64),
    texts,
    texts,
    outlet=maybe,
    url=maybe,
    captured=st.none() | st.dates().map(dt.date.isoformat),
    cut=st.lists(cuts, max_size=3).map(tuple),
)
dates = st.builds(one_day, st.dates(), sound, maybe)
speeches = st.builds(
    Speech,
    texts,
    texts,
    st.lists(blocks, max_size=4).map(lambda some: (*some, Block(BlockKind.P, plain("Noon.")))),
    provenances,
    speaker=maybe,
    kind=maybe,
    occasion=maybe,
    place=maybe,
    language=maybe,
    date=st.none() | dates,
    topics=st.lists(texts, max_size=3).map(tuple),
)


@given(speech=speeches)
def test_speech_comes_back_exactly_from_one_line(speech: Speech) -> None:
    line = dump_speech(speech)
    assert "\n" not in line
    assert load_speech(line) == speech
    assert load_speech(line.encode()) == speech
    assert dump_speech(load_speech(line)) == line


@given(speech=speeches)
def test_json_carries_the_words_of_each_block_for_other_programs(speech: Speech) -> None:
    data = json.loads(dump_speech(speech))
    assert [block["text"] for block in data["blocks"]] == [block.text for block in speech.blocks]


def test_keys_come_in_a_fixed_order() -> None:
    assert (
        list(json.loads(dump_speech(SPEECH)))
        == (
            "format id title speaker kind occasion place language date topics blocks provenance"
        ).split()
    )


def changed(**values: Any) -> str:
    return json.dumps(json.loads(dump_speech(SPEECH)) | values)


FAULTS: dict[str, tuple[str, str]] = {
    "no JSON": ("noon", "not JSON: Expecting value: line 1 column 1 (char 0)"),
    "no object": ("5", "no Speech JSON: an object with 'blocks' is expected"),
    "a later format": (changed(format=9), "Speech JSON of format 9; this version reads 1"),
    "a format that is a word": (
        changed(format="1"),
        "Speech JSON of format '1'; this version reads 1",
    ),
    "a number for an id": (
        changed(id=7),
        "Speech JSON with a wrong value: TypeError('a string is expected, not 7')",
    ),
    "a day that is none": (
        changed(date={"written": "x", "edtf": "x", "earliest": "2021-02-30", "latest": "x"}),
        "Speech JSON with a wrong value: ValueError('day is out of range for month')",
    ),
}


@pytest.mark.parametrize(("line", "told"), FAULTS.values(), ids=FAULTS)
def test_fault_in_json_says(line: str, told: str) -> None:
    with pytest.raises(SpeechFormatError) as caught:
        load_speech(line)
    assert str(caught.value) == told


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    key=st.sampled_from(sorted(json.loads(dump_speech(SPEECH)))),
    value=json_values,
)
def test_any_value_in_any_place_is_read_or_told(key: str, value: Any) -> None:
    line = changed(**{key: value})
    try:
        speech = load_speech(line)
    except SpeechFormatError:
        return
    assert load_speech(dump_speech(speech)) == speech


@given(
    key=st.sampled_from(["kind", "content", "language", "speaker", "marker", "ident", "level"]),
    value=json_values,
)
def test_any_value_in_a_block_is_read_or_told(key: str, value: Any) -> None:
    data = json.loads(dump_speech(SPEECH))
    data["blocks"][0][key] = value
    try:
        speech = load_speech(json.dumps(data))
    except SpeechFormatError:
        return
    assert isinstance(speech.text, str)
    assert load_speech(dump_speech(speech)) == speech
