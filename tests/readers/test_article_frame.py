"""What stands around the words on a saved page: told apart, never taken for the speech."""

from __future__ import annotations

import pytest

from packager.readers.article_frame import opening, press_line, section_numbers
from packager.readers.headline_european import read_european
from packager.speech import BlockKind
from tests.readers.test_article import BODY, page, taken

TEXT = [
    "When the ferry came in at noon there was nobody on the pier but the harbour cat and me.",
    "We have rowed to the island for forty years, and never once did the tide ask our leave.",
    "The second pier will stand before the winter, because the fish will not wait for us.",
    "I thank the carpenters, who have worked in the rain, and the baker, who brought them bread.",
]


def html(above: str, *paragraphs: str, head: str = "", title: str = "On the Second Pier") -> str:
    """A page with `above` between its title and its text."""
    text = "".join(f"<p>{one}</p>" for one in paragraphs or TEXT)
    return (
        f'<html lang="en"><head><title>{title}</title><meta property="og:title" content="{title}">'
        f'{head}</head><body><nav><a href="/">Start</a></nav><article><h1>{title}</h1>{above}'
        f'<div class="text">{text}</div></article></body></html>'
    )


# --- decks, lines of press offices, headings of transcripts ---------------------------------


@pytest.mark.parametrize(
    "deck",
    [
        "<h2>The keeper of the harbour says why the island needs another pier before winter.</h2>",
        '<p class="article-subtitle">Why the island needs another pier</p>',
    ],
)
def test_a_deck_is_the_outlets_frame(deck: str) -> None:
    speech = taken(html(deck))
    assert speech.blocks[0].kind is BlockKind.LEDE
    assert speech.body.split("\n\n") == TEXT


def test_a_heading_of_the_text_is_no_deck() -> None:
    speech = taken(html("", *TEXT).replace("<p>When", "<h2>The pier</h2><p>When"))
    assert [block.kind for block in speech.blocks[:2]] == [BlockKind.HEAD, BlockKind.P]


@pytest.mark.parametrize(
    ("line", "place", "day"),
    [
        ("Pressemitteilung vom 4. Mai 2020 | Fennwerder – ", "Fennwerder", "2020-05-04"),
        ("Press release No. 12 of 4 May 2020, Marrowby — ", "Marrowby", "2020-05-04"),
        ("Marrowby, 4 May 2020 – ", "Marrowby", "2020-05-04"),
        ("MARROWBY (Tide Wire) — ", "MARROWBY", None),
    ],
)
def test_the_line_of_a_press_office(line: str, place: str, day: str | None) -> None:
    speech = taken(html("", line + TEXT[0], *TEXT[1:]))
    assert (speech.blocks[0].kind, speech.blocks[0].text) == (BlockKind.DATELINE, line.strip())
    assert speech.body.split("\n\n") == TEXT
    assert (speech.place, speech.date and speech.date.edtf) == (place, day)


@pytest.mark.parametrize(
    "line",
    [
        "Bread – that is what the carpenters asked for when the rain came down on them.",
        "On 4 May 2020 the mayor said what we all knew – the pier is old and will not last.",
        "The pier of 4 May 2020 – nobody has forgotten it – was made of rope and good will.",
        "Marrowby – ",
    ],
)
def test_a_dash_alone_proves_no_press_office(line: str) -> None:
    assert press_line(line) is None


TRANSCRIPT = (
    "Here the harbour master looks back on a year of storms, and thanks all who have rowed.",
    "<strong>Remarks of Harbour Master Oda Fenn as Delivered</strong>",
    "<strong>Weekly Address</strong>",
    "<strong>The Old Customs House</strong>",
    "<strong>May 5, 2020</strong>",
    "FENN: " + TEXT[0],
    "KELL: " + TEXT[1],
    "FENN: " + TEXT[2],
)


def test_heading_of_a_transcript_states_day_and_place() -> None:
    head = '<meta property="article:published_time" content="2020-05-04">'
    speech = taken(html("", *TRANSCRIPT, head=head))
    assert [block.kind for block in speech.blocks[:5]] == [
        BlockKind.LEDE,
        *[BlockKind.DATELINE] * 4,
    ]
    assert speech.body.startswith("FENN:\n\nWhen the ferry")
    assert speech.date is not None
    assert (speech.date.edtf, speech.date.written) == ("2020-05-05", "May 5, 2020")
    assert speech.date.reason == "the day over the text; the page is of 2020-05-04"
    assert speech.place == "The Old Customs House"


def test_a_day_over_a_text_that_names_no_act_is_no_heading() -> None:
    assert opening(["Rope and Cat", "May 5, 2020", *TEXT]) is None
    assert opening([*TEXT, "Remarks by the Pilot", "May 5, 2020", TEXT[0]]) is not None
    assert opening(["Remarks by the Pilot", "May 5, 2020", "May 9, 2020", TEXT[0]]) is None


def test_hour_with_its_zone_ends_a_heading() -> None:
    found = opening(["East Shed", "11:45 A.M. EST", "FENN: Row on!"])
    assert found is not None
    assert (found.end, found.stand.place, found.stand.day) == (2, "East Shed", None)
    assert opening(["Order of the day", "11:45", "We meet."]) is None


def test_numbers_of_sections_are_headings() -> None:
    lines = ["I.", TEXT[0], "II.", TEXT[1], "III.", TEXT[2], TEXT[3]]
    speech = taken(html("", *lines))
    heads = [block.text for block in speech.blocks if block.kind is BlockKind.HEAD]
    assert heads == ["I.", "II.", "III."]
    assert section_numbers(["II.", "a", "IV.", "b"]) == frozenset()
    assert section_numbers(["1", "2", "3"]) == frozenset()


def test_a_last_sentence_in_italics_is_a_note() -> None:
    note = (
        "<em>The writer keeps the harbour of Marrowby and has rowed there since she was six.</em>"
    )
    speech = taken(html("", *TEXT, note))
    assert speech.blocks[-1].kind is BlockKind.NOTE


# --- title, day, author, outlet ---------------------------------------------------------------


def test_a_kicker_in_the_heading_is_no_title() -> None:
    text = html("").replace("<h1>", '<h1><span class="roof">Harbour and Tides</span> ')
    speech = taken(text)
    assert speech.title == "On the Second Pier"
    assert "Harbour and Tides" not in speech.text


@pytest.mark.parametrize(
    ("shown", "day"),
    [
        ("4. Mai 2020", "2020-05-04"),
        ("Published on May 4, 2020 at 10:30", "2020-05-04"),
        ("04.05.2020", "2020-05-04"),
        ("04/05/2020", None),
        ("Updated May 9, 2020", None),
    ],
)
def test_the_day_shown_at_the_title(shown: str, day: str | None) -> None:
    speech = taken(html(f'<div class="when">{shown}</div>'))
    assert (speech.date and speech.date.edtf) == day
    assert shown not in speech.text


def test_two_days_at_the_title_prove_nothing() -> None:
    speech = taken(html("<div>4 May 2020</div><div>9 May 2020</div>"))
    assert speech.date is None


def author(name: str, kind: str = "Person") -> str:
    return (
        '<script type="application/ld+json">{"@type": "NewsArticle", "publisher": {"@type": '
        f'"Organization", "name": "Harbour Gazette"}}, "author": {{"@type": "{kind}", "name": '
        f'"{name}"}}}}</script>'
    )


@pytest.mark.parametrize(
    ("head", "speaker"),
    [
        (author("Oda Fenn"), "Oda Fenn"),
        (author("Oda Fenn", "Organization"), None),
        (author("Harbour Gazette"), None),
        (author("Gazette Staff"), None),
        (author("Fenn"), None),
    ],
)
def test_an_article_is_by_the_person_stated_as_its_author(head: str, speaker: str | None) -> None:
    speech = taken(html("", head=head))
    assert speech.speaker == speaker
    assert speech.provenance.outlet == "Harbour Gazette"


def test_a_speech_is_not_by_who_reports_it() -> None:
    speech = taken(page(*BODY, title="Opening Speech at Second Pier", head=author("Tomas Kell")))
    assert speech.speaker is None


def test_an_address_is_no_name_of_an_outlet() -> None:
    head = '<meta property="og:site_name" content="www.gazette.example">' + author("Oda Fenn")
    assert taken(html("", head=head)).provenance.outlet == "Harbour Gazette"


@pytest.mark.parametrize(
    ("title", "speaker", "kind"),
    [
        ("Rede von Hafenpräsidentin Oda Fenn beim Tag der Boote", "Oda Fenn", "Rede"),
        ("Grußwort von Frau Dr. Oda von Fenn in Marrowby", "Oda von Fenn", "Grußwort"),
        ("Discours de Mme Oda Fenn, ministre des marées, à Marrowby", "Oda Fenn", "Discours"),
        ("Palabras del Presidente Tomás Kell Fenn en el muelle", "Tomás Kell Fenn", "Palabras"),
        ("Rede des Jahres", None, None),
        ("Declaración del Gobierno Insular", None, None),
        ("Die Fähre fährt wieder", None, None),
    ],
)
def test_headlines_of_europe(title: str, speaker: str | None, kind: str | None) -> None:
    found = read_european(title)
    assert (found.speaker, found.kind) == (speaker, kind)


# --- what is no text --------------------------------------------------------------------------


def test_what_a_line_hides_is_counted_not_printed() -> None:
    hidden = 'The <span class="tooltip">Box over a link</span>ferry <b>came</b> in at noon today.'
    unseen = 'We <span class="sr-only">see it not</span>row on to the island every evening.'
    speech = taken(html("", *TEXT, hidden, unseen))
    assert speech.text.endswith(
        "The ferry came in at noon today.\n\nWe row on to the island every evening."
    )
    cut = next(cut for cut in speech.provenance.cut if cut.kind == "page furniture in the text")
    assert cut.first_words == "Box over a link see it not"


def test_values_for_a_program_are_no_text() -> None:
    data = '{"rows": 3, "label": "Buy a rope now, it is cheap", "fee": {"due": true}}'
    speech = taken(html("", *TEXT[:2], data, *TEXT[2:]))
    assert speech.text.split("\n\n") == TEXT


def test_a_label_with_a_link_points_to_another_article() -> None:
    title = "Herring come back to the sound in numbers that no fisherman now alive has seen"
    pointer = f'Mehr dazu: <a href="https://gazette.example/herring">{title}</a>'
    speech = taken(html("", *TEXT[:2], pointer, *TEXT[2:]))
    assert speech.text.split("\n\n") == TEXT


def test_a_label_over_a_link_is_cut_with_it() -> None:
    see = '</p><div><p>See:</p><div><a href="/1">The herring of the sound</a></div></div><p>'
    speech = taken(html("", *TEXT[:2], see, *TEXT[2:]))
    assert speech.text.split("\n\n") == TEXT
    own = taken(html("", *TEXT[:2], "He said:", *TEXT[2:]))
    assert "He said:" in own.text


def test_a_last_line_that_leads_to_a_form_of_the_site_is_no_text() -> None:
    form = (
        "Want more of the harbour? Let us write to you: "
        '<a href="https://gazette.example/newsletter/">every Monday</a>, free of charge.'
    )
    speech = taken(html("", *TEXT, form))
    assert speech.text.split("\n\n") == TEXT
    inside = taken(html("", *TEXT[:2], form, *TEXT[2:]))
    assert "every Monday" in inside.text


def test_teasers_below_a_text_are_cut_even_where_they_are_long() -> None:
    rows = "".join(
        f"<div><h4>News of boat {n}</h4><p>Boat {n} was seen off the point at noon, and came home."
        f'</p><a href="https://gazette.example/{n}">Read more about boat {n} and its crew</a></div>'
        for n in range(5)
    )
    text = html("", *TEXT * 2).replace("</article>", f"<h3>Related Stories</h3>{rows}</article>")
    assert taken(text).text.split("\n\n") == TEXT * 2
