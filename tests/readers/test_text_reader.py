"""Plain text: title, header, paragraphs; nothing stated stays None, every word comes out."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from packager import Speech
from packager.readers.language import is_garbled
from packager.readers.printed import as_written

PLAIN = "To the Ringers\n\nDear ringers,\n\nIt is noon, or nearly.\n"


# --- nothing is lost -----------------------------------------------------------------------

letters = st.characters(categories=("Lu", "Ll", "Lo"))
words = (
    st.text(letters, min_size=2, max_size=8)
    .map(lambda word: unicodedata.normalize("NFC", word))
    .filter(lambda word: as_written(word) == word)
)
phrases = st.lists(words, min_size=1, max_size=9).map(" ".join)
paragraphs = st.builds(
    lambda lines, mark: "\n".join(lines) + mark,
    st.lists(phrases, min_size=1, max_size=5),
    st.sampled_from([".", ",", "!", "", ")", "”"]),
)


@settings(deadline=None, max_examples=60)
@given(texts=st.lists(paragraphs, min_size=1, max_size=8))
def test_every_word_is_in_title_or_body_in_order(
    texts: list[str], read_file: Callable[..., Any]
) -> None:
    text = "\n\n".join(texts)
    assume(not is_garbled(text))
    (speech,), _ = read_file(text, "the-name-of-the-file.txt")
    spoken = speech.body.split()
    if speech.title == "the name of the file":
        assert spoken == text.split()
    else:
        assert speech.title.split() + spoken == text.split()


# --- title ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "title"),
    [
        pytest.param(PLAIN, "a.txt", "To the Ringers", id="a short first line"),
        pytest.param(f"Title: Bells\n\n{PLAIN}", "a.txt", "Bells", id="the header"),
        pytest.param(
            "It is noon, or nearly.\n\nRing!", "to-the_ringers.txt", "to the ringers", id="the name"
        ),
        pytest.param(
            "It is noon, or nearly.\n\nRing!",
            "2021-04-07-to-the-ringers.txt",
            "to the ringers",
            id="the name without its day",
        ),
        pytest.param(
            "Speaker: Ada Brink\n\nDear ringers\n\nIt is noon.",
            "noon.txt",
            "noon",
            id="with a header the first line is no title",
        ),
        pytest.param(
            "It is noon, or nearly.\n\nRing!",
            "2021-04-07.txt",
            "2021-04-07.txt",
            id="a name that is nothing but a day",
        ),
        pytest.param("Ring the bell", "noon.txt", "noon", id="one line is text, no title"),
    ],
)
def test_title(content: str, name: str, title: str, read_only: Callable[..., Speech]) -> None:
    assert read_only(content, name).title == title


# --- header --------------------------------------------------------------------------------


def test_header_says_all_that_a_speech_can_hold(read_only: Callable[..., Speech]) -> None:
    speech = read_only(
        "Title: To the Ringers\nSpeaker: Ada Brink\nDate: 7 April 2021\nPlace: Vell\n"
        "Kind: Closing Speech\nOccasion: Bell Fair\nSource: Vell Gazette\n"
        "URL: https://vell.example/7\nLanguage: en\nCaptured: 2022-01-31\n"
        "Topics: bells, clocks; ropes\n\nDear ringers,\n\nIt is noon.\n"
    )
    assert (speech.title, speech.speaker, speech.place) == ("To the Ringers", "Ada Brink", "Vell")
    assert (speech.kind, speech.occasion) == ("closing speech", "Bell Fair")
    assert (speech.language, speech.topics) == ("en", ("bells", "clocks", "ropes"))
    assert speech.date is not None and speech.date.edtf == "2021-04-07"
    made = speech.provenance
    assert (made.outlet, made.url, made.captured) == (
        "Vell Gazette",
        "https://vell.example/7",
        "2022-01-31",
    )
    assert speech.body == "Dear ringers,\n\nIt is noon."


def test_what_nobody_states_stays_none(read_only: Callable[..., Speech]) -> None:
    speech = read_only(PLAIN, "a.txt")
    assert speech.speaker is speech.kind is speech.occasion is speech.place is None
    assert speech.date is speech.language is None
    assert speech.topics == ()
    made = speech.provenance
    assert made.outlet is made.url is made.captured is None
    assert (made.path, made.reader, made.cut) == ("a.txt", "text", ())


@pytest.mark.parametrize(
    "header",
    [
        "title: To the Ringers",
        "TITLE : To the Ringers",
        "\n\nTitle:To the Ringers",
        "Title: To the Ringers\nTitle: Another",
        "Place:\nTitle: To the Ringers",
    ],
)
def test_forms_of_a_header(header: str, read_only: Callable[..., Speech]) -> None:
    speech = read_only(f"{header}\n\nDear ringers,\n\nIt is noon.")
    assert (speech.title, speech.body) == ("To the Ringers", "Dear ringers,\n\nIt is noon.")


def test_line_with_an_unknown_key_is_no_header(read_only: Callable[..., Speech]) -> None:
    text = "Title: To the Ringers\nRemember: it is noon\n\nRing the bell."
    speech = read_only(text, "noon.txt")
    assert speech.title == "noon"
    assert speech.body.split() == text.split()


def test_headline_fills_what_the_header_leaves_open(read_only: Callable[..., Speech]) -> None:
    speech = read_only(
        "Title: Closing Speech of President Ada Brink at Bell Fair\nKind: address\n\nIt is noon."
    )
    assert (speech.speaker, speech.kind, speech.occasion) == ("Ada Brink", "address", "Bell Fair")


# --- dates ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "edtf", "reason"),
    [
        pytest.param(
            PLAIN, "2021-04-07-x.txt", "2021-04-07", "from the name of the file", id="the name"
        ),
        pytest.param(
            f"Date: May 2021\n\n{PLAIN}",
            "2020-04-07-x.txt",
            "2021-05",
            "only month and year are stated",
            id="the header goes before the name",
        ),
        pytest.param(
            "Date: April 2021\n\nVell, April 7 (VNA) -- The following is the speech:\n\nRing.",
            "a.txt",
            "2021-04-07",
            "proved by the dateline (April 7)",
            id="the dateline makes a month a day",
        ),
        pytest.param(
            "To the Ringers\n\nVell, April 7, 2021 (VNA) -- The following is the speech:\n\nRing.",
            "a.txt",
            "2021-04-07",
            "proved by the dateline (April 7)",
            id="a dateline with its year is enough",
        ),
        pytest.param(
            "Date: 07/04/2021\n\nVell, April 7 (VNA) -- The following is the speech:\n\nRing.",
            "a.txt",
            "2021-04-07",
            "proved by the dateline (April 7)",
            id="the dateline proves the order of numbers, and nobody is warned",
        ),
    ],
)
def test_date(
    content: str, name: str, edtf: str, reason: str | None, read_only: Callable[..., Speech]
) -> None:
    date = read_only(content, name).date
    assert date is not None
    assert (date.edtf, date.reason) == (edtf, reason)


def test_a_dateline_without_a_year_is_no_date(read_only: Callable[..., Speech]) -> None:
    speech = read_only("Noon\n\nVell, April 7 (VNA) -- The following is the speech:\n\nRing.")
    assert speech.date is None
    assert speech.place == "Vell"


# --- paragraphs ----------------------------------------------------------------------------


def test_lines_of_fixed_width_are_one_paragraph(read_only: Callable[..., Speech]) -> None:
    speech = read_only(
        "Noon\n\nThe bell of this town was cast in the year of the great flood,\n"
        "and nobody had asked beforehand how it would be brought up there.\n"
        "Nobody ever did.\n"
    )
    assert len(speech.blocks) == 1
    assert "\n" not in speech.body


def test_short_lines_stay_lines(read_only: Callable[..., Speech]) -> None:
    speech = read_only("Noon\n\nThe bell, it rang,\nthe ringer sang.\n\nAnd it was noon.")
    assert [(str(block.kind), block.text) for block in speech.blocks] == [
        ("verse", "The bell, it rang,\nthe ringer sang."),
        ("p", "And it was noon."),
    ]


def test_long_lines_are_paragraphs_without_empty_lines_between(
    read_only: Callable[..., Speech],
) -> None:
    long = "The bell of this town was cast in the year of the great flood, and nobody knows why. "
    speech = read_only(f"Noon\n\n{long * 2}\nIt rang.\n{long}\n")
    assert [block.text for block in speech.blocks] == [(long * 2).strip(), "It rang.", long.strip()]


def test_address_at_the_end_is_where_it_came_from(read_only: Callable[..., Speech]) -> None:
    speech = read_only(f"{PLAIN.strip()} -0-\n\nhttps://vell.example/7\n")
    assert speech.body == "Dear ringers,\n\nIt is noon, or nearly."
    assert speech.provenance.url == "https://vell.example/7"
    assert [(cut.kind, cut.words) for cut in speech.provenance.cut] == [
        ("address line", 1),
        ("end mark", 1),
    ]


# --- what a user is told -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(
            "## 12 ~~ 77 || #\n%% 1 -- 3\n",
            "page.txt: error: no words to speak of; perhaps a failed text recognition (not-text); "
            "open the file and look; name the pages without it",
            id="marks and no words",
        ),
        pytest.param(
            "Title: To the Ringers\nSpeaker: Ada Brink\n",
            "page.txt: note: a header and no text below it (no-speech)",
            id="a header alone",
        ),
        pytest.param(
            f"Date: last Tuesday\n\n{PLAIN}",
            "page.txt: warning: the date 'last Tuesday' is not understood (date-unreadable); "
            "write it as 2021-04-07 or 7 April 2021",
            id="no date",
        ),
        pytest.param(
            f"Date: 07/04/2021\n\n{PLAIN}",
            "page.txt: warning: '07/04/2021' is [2021-04-07,2021-07-04]: nothing proves the order "
            "of day and month (date-ambiguous); the book prints both days; write the date as "
            "2021-04-07 to settle it",
            id="two days",
        ),
    ],
)
def test_finding_says(content: str, told: str, findings_of: Callable[..., list[str]]) -> None:
    assert findings_of(content) == [told]


def test_comment_of_the_collector_is_no_part_of_a_korean_text(
    read_only: Callable[..., Speech],
) -> None:
    page = (
        "등대 연설\n- 1950년 1월 2일\n\n해 제\n\n이 글은 등대지기들에 대한 설명이다.\n\n원 문\n\n"
        "등대지기동지들!\n\n오늘밤 안개가 짙습니다.\n\n불을 켭시다. (끝)\n\n다른 기사\n"
    )
    speech = read_only(page, "1950.txt")
    assert speech.title == "등대 연설"
    assert speech.date is not None and speech.date.edtf == "1950-01-02"
    assert speech.text == "등대지기동지들!\n\n오늘밤 안개가 짙습니다.\n\n불을 켭시다."
    assert [cut.kind for cut in speech.provenance.cut] == [
        "editor's comment",
        "end mark",
        "other articles and page furniture after the text",
    ]
