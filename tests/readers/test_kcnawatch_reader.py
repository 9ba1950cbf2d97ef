"""A page of the KCNA Watch form: where its text begins and ends, its date, what it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from packager import Speech
from packager.speech import BlockKind

# --- where the text begins and ends --------------------------------------------------------


@pytest.mark.parametrize("form", ["text", "html"])
def test_other_articles_never_come_out(
    form: str, page: Callable[..., Any], read_file: Callable[..., Any]
) -> None:
    made = page(
        others=(
            ("Speech by Tam Orrell at Weir", "Vell, March 2 (VNA) -- Dear weir keepers, thank"),
            ("Goose Found in Belfry", "It had been there since the wedding and"),
        )
    )
    (speech,), _ = read_file(getattr(made, form), f"page.{form}")
    for word in ("Orrell", "weir", "Goose", "belfry", "More", "wedding", "-0-"):
        assert word.casefold() not in speech.text.casefold()


@pytest.mark.parametrize("form", ["text", "html"])
@pytest.mark.parametrize(
    "paragraph",
    [
        "More from habit than from duty we went on winding it.",
        "More from us than from them!",
        "More articles",
    ],
)
def test_paragraph_that_sounds_like_the_list_of_articles_is_text(
    paragraph: str, form: str, page: Callable[..., Any], read_file: Callable[..., Any]
) -> None:
    made = page(body=("Dear clockmakers,", paragraph, "Then it stopped."))
    (speech,), report = read_file(getattr(made, form), f"page.{form}")
    assert speech.body.split("\n\n") == ["Dear clockmakers,", paragraph, "Then it stopped."]
    assert list(report) == []


@pytest.mark.parametrize("mark", ["-0-", "– 0 –", "(END)", "(끝)", "＜끝＞", "- 0 -"])
def test_end_mark_is_cut_and_counted(
    mark: str, page: Callable[..., Any], read_only: Callable[..., Speech]
) -> None:
    speech = read_only(page(end=mark).text)
    assert speech.body.endswith("tell me.")
    assert (mark, len(mark.split())) in [(c.first_words, c.words) for c in speech.provenance.cut]


def test_end_mark_on_a_line_of_its_own(
    page: Callable[..., Any], read_only: Callable[..., Speech]
) -> None:
    made = page(body=("Dear clockmakers,", "It is noon."), end="\n\n-0-")
    assert read_only(made.text).body == "Dear clockmakers,\n\nIt is noon."


def test_only_speeches_first_end_mark_ends_it(
    page: Callable[..., Any], read_only: Callable[..., Speech]
) -> None:
    made = page(others=(("Bees Moved", "Nine hives left on Tuesday. -0-"),))
    assert "hives" not in read_only(made.text).text


def test_what_is_cut_is_named_and_shows_its_first_words(
    page: Callable[..., Any], read_only: Callable[..., Speech]
) -> None:
    cuts = read_only(page().text).provenance.cut
    assert [(cut.kind, cut.words, cut.first_words) for cut in cuts] == [
        (
            "page furniture before the text",
            8,
            "June 08, 2025Jun 08, 2025 VNA VNA.ve (En)",
        ),
        ("date line", 12, "Date: 14/03/2019 | Source: VNA.ve (En) | Read"),
        ("end mark", 1, "-0-"),
        (
            "other articles and page furniture after the text",
            33,
            "More From VNA.ve (En) Bees Moved to Heather",
        ),
    ]


def test_reported_paragraphs_before_the_speakers_own_words_are_the_lede(
    page: Callable[..., Any], read_only: Callable[..., Speech]
) -> None:
    made = page(
        title="Ada Brink Makes Speech at Second Fair of Clockmakers",
        lede="Ada Brink made a speech at the fair on Thursday.",
        body=(
            "She thanked the founders of the fair.",
            "She then said as follows:",
            "I have brought my own clock.",
            "It is slow.",
        ),
    )
    speech = read_only(made.text)
    assert speech.body == "I have brought my own clock.\n\nIt is slow."
    assert [str(block.kind) for block in speech.blocks] == "dateline lede lede lede p p".split()


# --- the date ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "edtf", "reason"),
    [
        pytest.param(
            {"date": "07/04/2021", "dateline": "Marrowby, April 7 (VNA) --"},
            "2021-04-07",
            "day first: proved by the dateline (April 7)",
            id="day first, by the dateline",
        ),
        pytest.param(
            {"date": "07/04/2021", "dateline": "Marrowby, July 4 (VNA) --"},
            "2021-07-04",
            "month first: proved by the dateline (July 4)",
            id="month first, by the dateline",
        ),
        pytest.param(
            {"date": "07/04/2021", "dateline": "Marrowby, 7 April (VNA) --"},
            "2021-04-07",
            "day first: proved by the dateline (April 7)",
            id="a dateline with the day before the month",
        ),
        pytest.param(
            {"date": "07/04/2021", "dateline": None, "title": "Speech by Ada [Juche110.4.7.]"},
            "2021-04-07",
            "day first: proved by the Juche date (Juche 110.4.7)",
            id="by a Juche date in the title",
        ),
        pytest.param(
            {"date": "04/07/2021", "dateline": None, "captured": "April 08, 2021"},
            "2021-04-07",
            "month first: the other reading lies after the capture of 2021-04-08",
            id="by the capture",
        ),
        pytest.param(
            {"date": "01/01/2020", "dateline": "Marrowby, December 31 (VNA) --"},
            "2019-12-31",
            "the day of the dateline (December 31); the page's 01/01/2020 is 1 day later",
            id="the dateline is of the old year",
        ),
        pytest.param(
            {"date": "05/05/2020", "dateline": "Marrowby, May 5 (VNA) --"},
            "2020-05-05",
            None,
            id="plain as it stands",
        ),
    ],
)
def test_date_and_its_reason(
    parts: dict[str, Any],
    edtf: str,
    reason: str | None,
    page: Callable[..., Any],
    read_only: Callable[..., Speech],
) -> None:
    date = read_only(page(**parts).text).date
    assert date is not None
    assert (date.written, date.edtf, date.reason) == (parts["date"], edtf, reason)


def test_unproved_date_stays_two_days(
    page: Callable[..., Any], read_file: Callable[..., Any]
) -> None:
    (speech,), _ = read_file(page(date="05/06/2020", dateline=None).text)
    assert speech.date.edtf == "[2020-05-06,2020-06-05]"
    assert (speech.date.earliest, speech.date.latest) == ("2020-05-06", "2020-06-05")
    assert speech.id.startswith("2020-")


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({"dateline": "Marrowby, July 20 (VNA) --"}, id="a plain day, a far dateline"),
        pytest.param(
            {"date": "05/05/2019", "dateline": "Marrowby, July 20 (VNA) --"},
            id="twice the same number, a far dateline",
        ),
        pytest.param(
            {"dateline": "Marrowby, March 14 (2018) (VNA) --"}, id="a dateline of another year"
        ),
        pytest.param({"captured": "March 01, 2019"}, id="a capture before the day"),
    ],
)
def test_dates_that_contradict_each_other_are_told(
    parts: dict[str, Any], page: Callable[..., Any], read_file: Callable[..., Any]
) -> None:
    """The finding 'date-disagrees' is for any two dates on the page, not for open ones only."""
    _, report = read_file(page(**parts).text)
    assert [finding.code for finding in report] == ["date-disagrees"]


# --- what a user is told -------------------------------------------------------------------

FINDINGS = {
    "no end mark, other articles follow": (
        {"end": None},
        "text",
        "page.text: warning: the end mark -0- is missing; the text was taken up to the list "
        "'More From' (no-end-mark); look at its last words",
    ),
    "no end mark, nothing follows": (
        {"end": None, "others": None},
        "text",
        "page.text: warning: the end mark -0- is missing; the text was taken up to the end of "
        "the page (no-end-mark); look at its last words",
    ),
    "an article": (
        {
            "title": "Bees Moved to Heather",
            "lede": "Nine hives left on Tuesday.",
            "body": ("The bees are well.",),
        },
        "html",
        "page.html: note: an article, no speech: “Bees Moved to Heather” (no-speech)",
    ),
    "no day of the calendar": (
        {"date": "31/02/2021", "dateline": None},
        "text",
        "page.text: warning: '31/02/2021' is no day of the calendar (date-unreadable); the book "
        "prints the speech undated",
    ),
    "no proof": (
        {"date": "05/06/2020", "dateline": None},
        "text",
        "page.text: warning: '05/06/2020' is [2020-05-06,2020-06-05]: nothing on the page proves "
        "the order of day and month (date-ambiguous); the book prints both days",
    ),
    "a far dateline": (
        {"date": "05/06/2020", "dateline": "Marrowby, September 9 (VNA) --"},
        "text",
        "page.text: warning: '05/06/2020' is [2020-05-06,2020-06-05]: the dateline names a day "
        "far from both (date-disagrees); the book prints both days",
    ),
}


@pytest.mark.parametrize(("parts", "form", "told"), FINDINGS.values(), ids=FINDINGS)
def test_finding_says(
    parts: dict[str, Any],
    form: str,
    told: str,
    page: Callable[..., Any],
    findings_of: Callable[..., list[str]],
) -> None:
    assert findings_of(getattr(page(**parts), form), f"page.{form}") == [told]


@pytest.mark.parametrize("form", ["text", "html"])
def test_title_and_no_text_is_no_speech(
    form: str, page: Callable[..., Any], read_file: Callable[..., Any]
) -> None:
    made = page(dateline=None, lede=None, body=())
    speeches, report = read_file(getattr(made, form), f"page.{form}")
    assert speeches == []
    assert report.refused == {"no-speech": 1}


def test_date_line_that_nobody_sees(findings_of: Callable[..., list[str]]) -> None:
    page = "<!DOCTYPE html><p>Good evening.</p><!-- Date: 14/03/2019 | Source: VNA -->"
    assert findings_of(page, "page.html") == [
        "page.html: error: the line 'Date: ... | Source: ...' could not be found in the text "
        "(unknown-form); look whether the page was saved whole"
    ]


# --- a page is a speech when it speaks -----------------------------------------------------


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({"lede": None, "body": ("It is noon.",)}, id="its title names the act"),
        pytest.param({"title": "Clocks of Vell", "body": ("It is noon.",)}, id="its lede does"),
        pytest.param(
            {
                "title": "Clocks of Vell",
                "lede": None,
                "body": ("Dear clockmakers,", "It is noon."),
            },
            id="it addresses somebody",
        ),
        pytest.param(
            {
                "title": "Clocks of Vell",
                "lede": None,
                "body": ("I stopped mine.", "It hurt.", "Ada Brink"),
            },
            id="somebody who says I signs it",
        ),
    ],
)
def test_page_is_a_speech_when(
    parts: dict[str, Any], page: Callable[..., Any], read_only: Callable[..., Speech]
) -> None:
    assert read_only(page(**parts).text)


@pytest.mark.parametrize(
    "title",
    ["Order of Merit Awarded to Pilot", "Debate on Bell Enters Third Day", "Clock Fair Opens"],
)
def test_news_is_no_speech(
    title: str, page: Callable[..., Any], findings_of: Callable[..., list[str]]
) -> None:
    made = page(title=title, lede="It happened on Tuesday.", body=("Nobody was surprised.",))
    assert findings_of(made.text) == [
        f"page.txt: note: an article, no speech: “{title}” (no-speech)"
    ]


def test_kinds_of_a_dialogue(page: Callable[..., Any], read_only: Callable[..., Speech]) -> None:
    made = page(body=("ADA BRINK: Is it noon?", "TAM ORRELL: Almost.", "(Laughter)"))
    blocks = [block for block in read_only(made.text).blocks if block.kind is BlockKind.TURN]
    assert [(block.text, block.speaker) for block in blocks] == [
        ("ADA BRINK:", "ADA BRINK"),
        ("TAM ORRELL:", "TAM ORRELL"),
    ]
