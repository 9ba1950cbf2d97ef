"""A page of the KCNA Watch form saved as HTML: its words, and nothing of its markup."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from packager import Speech
from packager.speech import InlineKind, walk


def test_italics_stay_and_bold_does_not(
    page: Callable[..., Any], read_only: Callable[..., Speech]
) -> None:
    made = page(body=("Dear clockmakers,", "The hour is late for <b>us</b>, not for it."))
    html = made.html.replace("&lt;b&gt;us&lt;/b&gt;", "<b>us</b>").replace("late", "<em>late</em>")
    block = read_only(html, "page.html").blocks[-1]
    assert block.text == "The hour is late for us, not for it."
    assert [(run.kind, run.plain()) for run in block.content] == [
        (InlineKind.TEXT, "The hour is "),
        (InlineKind.EMPHASIS, "late"),
        (InlineKind.TEXT, " for us, not for it."),
    ]


def test_other_language_in_a_page_is_marked(
    page: Callable[..., Any], read_only: Callable[..., Speech]
) -> None:
    html = page().html.replace("noon", '<span lang="fr">midi</span>')
    runs = list(walk(read_only(html, "page.html").blocks[-1].content))
    assert [(run.plain(), run.language) for run in runs if run.language] == [("midi", "fr")]


@pytest.mark.parametrize("place", ["<article>", "<p>Dear clockmakers,</p>"])
def test_picture_is_counted_by_its_description(
    place: str, page: Callable[..., Any], read_only: Callable[..., Speech]
) -> None:
    """Most pages have theirs over the dateline; some have more in the text."""
    html = page().html.replace(place, f'{place}<div><img alt="A clock" src="a.png"></div>')
    speech = read_only(html, "page.html")
    assert "A clock" not in speech.text
    assert [cut.first_words for cut in speech.provenance.cut if "picture" in cut.kind] == [
        "A clock"
    ]


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="canonical" href="https://vna.example/1">', "https://vna.example/1"),
        ('<meta property="og:url" content="https://vna.example/2">', "https://vna.example/2"),
        ('<link rel="canonical" href="javascript:alert(1)">', None),
        ("", None),
    ],
)
def test_address_is_the_one_that_the_page_states(
    head: str, url: str | None, page: Callable[..., Any], read_file: Callable[..., Any]
) -> None:
    (speech,), _ = read_file(page().html.replace("</head>", f"{head}</head>"), "page.html")
    assert speech.provenance.url == url


@pytest.mark.parametrize(
    ("label", "language", "found"),
    [
        ("VNA.ve (En)", None, "en"),
        ("VNA.ve (Kr)", "en", "ko"),
        ("VNA.ve (Cn)", None, "zh"),
        ("VNA.ve (Jp)", None, "ja"),
        ("VNA.ve", "fr", "fr"),
        ("VNA.ve", None, None),
    ],
)
def test_language_is_the_labels_else_the_pages(
    label: str,
    language: str | None,
    found: str | None,
    page: Callable[..., Any],
    read_only: Callable[..., Speech],
) -> None:
    html = page(outlet=label).html
    if language:
        html = html.replace("<html>", f'<html lang="{language}">')
    assert read_only(html, "page.html").language == found


def test_title_that_is_broken_is_one_line(
    page: Callable[..., Any], read_only: Callable[..., Speech]
) -> None:
    html = page().html.replace("Brink at Second", "Brink<br>at Second")
    assert read_only(html, "page.html").title == (
        "Opening Speech Made by Ada Brink at Second Fair of Clockmakers"
    )


@pytest.mark.parametrize("form", ["text", "html"])
def test_page_without_a_title_gives_a_speech_with_one(
    form: str, page: Callable[..., Any], read_file: Callable[..., Any]
) -> None:
    """A book prints a head over every document."""
    made = page(title=None, captured=None, agency=None)
    (speech,), _ = read_file(getattr(made, form), f"clocks-of-vell.{form}")
    assert speech.title.strip()


@pytest.mark.parametrize("hint", ["&shy;", "&#173;", "&#8203;", "&#xFEFF;", "\u00ad", "<wbr>"])
def test_hints_where_a_word_may_break_are_no_letters(
    hint: str, page: Callable[..., Any], read_only: Callable[..., Speech]
) -> None:
    made = page()
    html = made.html.replace("clockmakers,", f"clock{hint}makers,")
    assert read_only(html, "page.html").id == read_only(made.text).id


@pytest.mark.parametrize("reference", ["&#1;", "&#x1F;", "&#xFFFE;", "&#xFDD0;", "&#127;"])
def test_control_character_by_reference_does_not_come_out(
    reference: str, page: Callable[..., Any], read_file: Callable[..., Any]
) -> None:
    (speech,), report = read_file(page().html.replace("noon", f"no{reference}on"), "page.html")
    assert speech.body == "Dear clockmakers,\n\nIt is noon, or so forty of you tell me."
    assert [finding.code for finding in report] == ["characters-dropped"]


def test_whole_page_in_a_form_is_still_a_page(
    page: Callable[..., Any], read_file: Callable[..., Any]
) -> None:
    """Servers of the ASP.NET kind put all that they show into one form."""
    html = page().html.replace("<main>", '<form id="aspnetForm"><main>')
    (speech,), _ = read_file(html.replace("</main>", "</main></form>"), "page.html")
    assert speech.body == "Dear clockmakers,\n\nIt is noon, or so forty of you tell me."


def test_drawing_in_a_sentence_does_not_break_it(
    page: Callable[..., Any], read_only: Callable[..., Speech]
) -> None:
    drawing = "<svg><title>clock</title><path d='M0 0'/></svg>"
    html = page().html.replace("noon, or", f"noon, {drawing}or")
    assert read_only(html, "page.html").body == read_only(page().text).body


def test_lines_that_breaks_part_are_verse_when_short_and_paragraphs_when_long(
    page: Callable[..., Any], read_only: Callable[..., Speech]
) -> None:
    long = "When the pendulum of the town hall stopped, we all went on living at twenty to four."
    html = page(body=("Dear clockmakers,", "A BREAK B", f"{long} BREAK {long} {long}")).html
    blocks = read_only(html.replace(" BREAK ", "<br>"), "page.html").blocks[2:]
    assert [(str(block.kind), block.text) for block in blocks] == [
        ("salute", "Dear clockmakers,"),
        ("verse", "A\nB"),
        ("p", long),
        ("p", f"{long} {long}"),
    ]


def test_letter_and_mark_by_reference_are_one_letter(
    page: Callable[..., Any], read_only: Callable[..., Speech]
) -> None:
    html = page().html.replace("noon", "apre&#768;s-midi")
    assert "apr\u00e8s-midi" in read_only(html, "page.html").text


def test_references_part_no_run(page: Callable[..., Any], read_only: Callable[..., Speech]) -> None:
    html = page().html.replace("noon", "<em>noon &amp; five &#8211; nearly</em>")
    (run,) = [
        run
        for run in walk(read_only(html, "page.html").blocks[-1].content)
        if run.kind is InlineKind.EMPHASIS
    ]
    assert [part.text for part in run.content] == ["noon & five – nearly"]


def test_date_line_in_pieces_keeps_its_address(
    page: Callable[..., Any], read_only: Callable[..., Speech]
) -> None:
    made = page()
    start = made.html.index("Date: ")
    end = made.html.index("</", made.html.index("Read original", start))
    pieces = (
        f"Date: {made.date}</p><p>| Source: {made.outlet} |</p>"
        '<p><a href="https://vna.example/9">Read original version at source</a>'
    )
    html = made.html[:start] + pieces + made.html[end:]
    speech = read_only(html, "page.html")
    assert speech.provenance.url == "https://vna.example/9"
    assert speech.body == read_only(made.text).body
