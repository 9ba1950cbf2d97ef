"""Paragraphs become blocks: each gets its kind, none is dropped, moved or changed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.readers.agency import (
    Dateline,
    end_mark,
    juche_proof,
    read_dateline,
    read_framed,
    take_end_mark,
)
from packager.readers.blocks import Content, make_blocks, split_content, text_of
from packager.readers.runs import one_spaced, tidy
from packager.speech import Inline, InlineKind, plain


def kinds(*paragraphs: str) -> list[str]:
    return [str(block.kind) for block in make_blocks([plain(text) for text in paragraphs])]


# --- nothing dropped, nothing moved --------------------------------------------------------

texts = st.text("ABab .,:!()-•1’”\u00a0", min_size=1, max_size=12).map(
    lambda text: Inline(InlineKind.TEXT, re.sub(" +", " ", text))
)
nested = st.recursive(
    texts,
    lambda inner: st.builds(
        lambda kind, content: Inline(kind, content=tuple(content)),
        st.sampled_from([InlineKind.EMPHASIS, InlineKind.FOREIGN, InlineKind.NAME]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=5,
)
runs = st.one_of(nested, st.just(Inline(InlineKind.LINE_BREAK)))
contents = st.lists(runs, min_size=1, max_size=5).map(tuple)
lines = st.one_of(
    st.text("abcDE ,.!:-•()1’”", min_size=1, max_size=60).map(str.strip).filter(bool).map(plain),
    st.sampled_from(
        [
            "Dear ringers,",
            "(Applause)",
            "ADA BRINK: It is noon.",
            "TAM ORRELL: Almost.",
            "- a rope",
            "• a bell",
            "Ada Brink",
            "Vell, 4 May 2020",
            "Ring, ring,\nring the bell",
            "Long live the bell!",
        ]
    ).map(plain),
)


def words_of(texts: list[str]) -> list[str]:
    return " ".join(texts).split()


@given(st.lists(st.one_of(lines, contents), max_size=12))
def test_blocks_hold_every_word_in_order(paragraphs: list[Content]) -> None:
    blocks = make_blocks(paragraphs)
    assert words_of([block.text for block in blocks]) == words_of(
        [text_of(content) for content in paragraphs]
    )


@given(st.lists(st.one_of(lines, contents), max_size=12))
def test_frame_and_body_hold_every_word_in_order(paragraphs: list[Content]) -> None:
    dateline = plain("Vell, May 4 (VNA) -- The following is the speech made by Ada Brink:")
    for given_ in (paragraphs, [dateline, *paragraphs]):
        framed = read_framed(given_)
        assert words_of([block.text for block in framed.blocks]) == words_of(
            [text_of(content) for content in given_]
        )


@given(contents, st.integers(min_value=0, max_value=60))
def test_content_cut_in_two_loses_only_white_space_at_the_cut(content: Content, at: int) -> None:
    text = text_of(content)
    first, second = split_content(content, at)
    assert text_of(first).strip() == text[:at].strip()
    assert text_of(second).strip() == text[at:].strip()


@given(st.lists(runs, max_size=8))
def test_tidy_runs_say_the_same_single_spaced(content: list[Inline]) -> None:
    said = text_of(tidy(content))
    assert said.split() == text_of(tuple(content)).split()
    assert said == said.strip(" ")
    assert not re.search(" {2}| \n|\n ", said)


# --- kinds ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Dear ringers,",
        "Comrades,",
        "Ladies and gentlemen of the tower,",
        "Dear bell founders, rope makers, ringers and all who can count to eight,",
        "Esteemed guests!",
        "Dear parents:",
        "친애하는 동지들,",
        "各位来宾，",
    ],
)
def test_salutation(text: str) -> None:
    assert kinds(text, "It is noon.") == ["salute", "p"]


@pytest.mark.parametrize(
    "text",
    [
        "Long live the bell!",
        "It is noon.",
        "When the bell was cast in the year of the flood, nobody had asked how it would be carried "
        "up the tower, and nobody ever did,",
        "Ring:",
    ],
)
def test_no_salutation(text: str) -> None:
    assert kinds(text, "It is noon.") == ["p", "p"]


@pytest.mark.parametrize(
    "text", ["(Applause)", "(Long, stormy applause.)", "[Laughter]", "（鼓掌）"]
)
def test_stage_direction(text: str) -> None:
    assert kinds("It is noon.", text, "Or nearly.") == ["p", "stage", "p"]


def test_applause_inside_a_paragraph_stays_there() -> None:
    assert kinds("It is noon. (Applause) Or nearly.") == ["p"]


def test_turns_need_two_speakers_lines() -> None:
    blocks = make_blocks(
        [plain(text) for text in ("ADA BRINK: Is it noon?", "TAM ORRELL: Almost.", "(Laughter)")]
    )
    assert [(str(block.kind), block.text, block.speaker) for block in blocks] == [
        ("turn", "ADA BRINK:", "ADA BRINK"),
        ("p", "Is it noon?", None),
        ("turn", "TAM ORRELL:", "TAM ORRELL"),
        ("p", "Almost.", None),
        ("stage", "(Laughter)", None),
    ]
    assert kinds("NOTE: It is noon.", "Or nearly.") == ["p", "p"]


def test_verse_is_lines_that_were_broken_on_purpose() -> None:
    assert kinds("The bell, it rang,\nthe ringer sang.", "It is noon.") == ["verse", "p"]
    long = "a line that is much too long to have been broken by a poet " * 2
    assert kinds(f"The bell,\n{long}", "It is noon.") == ["p", "p"]


def test_list_items_keep_the_mark_that_the_page_printed() -> None:
    blocks = make_blocks([plain(text) for text in ("• a rope", "- a bell", "1. a tower", "-5°")])
    assert [(str(block.kind), block.marker, block.text) for block in blocks[:2]] == [
        ("list", "•", "• a rope"),
        ("list", "-", "- a bell"),
    ]
    assert [block.text for block in blocks[2:]] == ["1. a tower", "-5°"]


def test_signature_is_the_short_lines_after_the_last_sentence() -> None:
    assert kinds("It is noon.", "Ada Brink", "Keeper of the Clock", "Vell, 4 May 2020") == [
        "p",
        "signed",
        "signed",
        "signed",
    ]
    assert kinds("It is noon.", "With kind regards,", "Ada Brink") == ["p", "signed", "signed"]
    assert kinds("It is noon.", "Ada Brink\nKeeper of the Clock") == ["p", "signed"]
    assert kinds("It is noon.", "4 May 2020.") == ["p", "signed"]


def test_no_signature() -> None:
    assert kinds("It is noon.", "Long live the bell!") == ["p", "p"]
    assert kinds("It is noon.", "(Applause)") == ["p", "stage"]


# --- the agency's frame --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Vell, May 4 (VNA) -- It is", Dateline("Vell", 5, 4, None, "VNA", 21)),
        ("Vell, May 4 (VNA) --It is", Dateline("Vell", 5, 4, None, "VNA", 20)),
        ("Vell, 4 May (VNA) — It is", Dateline("Vell", 5, 4, None, "VNA", 20)),
        ("Old Vell, Sept. 4 (VNA) - It", Dateline("Old Vell", 9, 4, None, "VNA", 26)),
        ("Vell, May 4, 2020 (VNA) -- It", Dateline("Vell", 5, 4, 2020, "VNA", 27)),
        ("Vell, May 4 Juche 109 (2020) (VNA) -- I", Dateline("Vell", 5, 4, 2020, "VNA", 38)),
        ("Vell, May 4 Juche 109 (VNA) -- I", Dateline("Vell", 5, 4, 2020, "VNA", 31)),
        ("Vell, Smarch 4 (VNA) -- It is", None),
        ("Vell, May 40 (VNA) -- It is", None),
        ("It is noon in Vell, May 4 or not.", None),
    ],
)
def test_dateline(text: str, read: Dateline | None) -> None:
    assert read_dateline(text) == read


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[Juche109.5.4.]", (2020, 5, 4)),
        ("It was Juche 109 . 5 . 4 then", (2020, 5, 4)),
        ("[Juche109.13.40.]", None),
        ("Juche 109", None),
    ],
)
def test_juche_date(text: str, found: tuple[int, int, int] | None) -> None:
    proof = juche_proof(text)
    assert (proof and (proof.year, proof.month, proof.day)) == found


@pytest.mark.parametrize(
    ("paragraphs", "frame"),
    [
        pytest.param(
            ["Vell, May 4 (VNA) -- The following is the speech:", "Friends,", "It is noon."],
            2,
            id="dateline and lede",
        ),
        pytest.param(["Vell, May 4 (VNA) --", "Friends,", "It is noon."], 1, id="dateline alone"),
        pytest.param(
            ["The following is the full text of the speech:", "Friends,", "It is noon."],
            1,
            id="lede alone",
        ),
        pytest.param(
            [
                "Vell, May 4 (VNA) -- Ada Brink spoke at the fair.",
                "She thanked all.",
                "She went on to say:",
                "It is noon.",
            ],
            4,
            id="reported paragraphs up to the words",
        ),
        pytest.param(["Friends,", "I asked one thing:", "Is it noon?"], 0, id="no frame"),
        pytest.param(
            ["Vell, May 4 (VNA) -- It is noon.", "Friends,", "I say this:", "Ring."],
            1,
            id="a salutation ends the search for a lede",
        ),
    ],
)
def test_frame_is_the_agencys_words_before_the_speech(paragraphs: list[str], frame: int) -> None:
    blocks: Any = read_framed([plain(text) for text in paragraphs]).blocks
    count = sum(str(block.kind) in ("dateline", "lede") for block in blocks)
    assert count == frame


# --- end marks, white space ------------------------------------------------------------------


@pytest.mark.parametrize(
    "mark", ["-0-", "- 0 -", "–0–", "—\u00a00—", "(end)", "(END)", "(끝)", "<끝>", "＜끝＞"]
)
@pytest.mark.parametrize("space", ["", " ", " \n\u00a0 "])
def test_end_mark_is_taken_off(mark: str, space: str) -> None:
    content = (*plain("It is "), Inline(InlineKind.EMPHASIS, content=plain(f"noon.{space}{mark}")))
    paragraphs = [plain("Friends,"), content]
    (cut,) = take_end_mark(paragraphs)
    assert (cut.kind, cut.first_words) == ("end mark", " ".join(mark.split()))
    assert [text_of(one).rstrip() for one in paragraphs] == ["Friends,", "It is noon."]
    alone = [plain("Friends,"), plain(mark)]
    assert take_end_mark(alone) and alone == [plain("Friends,")]


@pytest.mark.parametrize(
    "text", ["It is noon.", "-0- is the mark.", "from 10-0-1", "(the end)", "(endless)", "", "-"]
)
def test_no_end_mark(text: str) -> None:
    assert end_mark(text) is None
    paragraphs = [plain(text)] if text else []
    assert take_end_mark(paragraphs) == []


@given(st.text(" \t\n\r\fa\u00a0\u3000", max_size=40))
def test_white_space_is_joined_as_an_expression_would(text: str) -> None:
    assert one_spaced(text) == re.sub(r"[ \t\n\r\f]+", " ", text)
