"""Markdown: headings, quotations, lists, emphasis and links keep their kind; no word is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager import Speech, read
from packager.speech import InlineKind, walk

Reads = Callable[..., Speech]
YAML = """---
title: To the Ringers
speaker: Ada Brink
date: 2021-04-07
place: Vell
kind: Closing Speech
occasion: Bell Fair
source: Vell Gazette
url: https://vell.example/7
language: en
topics: [bells, clocks]
draft: true
---
It is noon.
"""
TOML = """+++
title = "To the Ringers"
speaker = "Ada Brink"
date = 2021-04-07
place = "Vell"
kind = "Closing Speech"
occasion = "Bell Fair"
source = "Vell Gazette"
url = "https://vell.example/7"
language = "en"
topics = ["bells", "clocks"]
draft = true
+++
It is noon.
"""


def blocks(speech: Speech) -> list[tuple[str, str]]:
    return [(str(block.kind), block.text) for block in speech.blocks]


# --- front matter --------------------------------------------------------------------------


@pytest.mark.parametrize("content", [YAML, TOML], ids=["YAML", "TOML"])
@pytest.mark.parametrize("name", ["a.md", "a.markdown", "a.txt"])
def test_front_matter(content: str, name: str, read_only: Reads) -> None:
    speech = read_only(content, name)
    assert speech.provenance.reader == "markdown"
    assert (speech.title, speech.speaker, speech.place) == ("To the Ringers", "Ada Brink", "Vell")
    assert (speech.kind, speech.occasion) == ("closing speech", "Bell Fair")
    assert (speech.language, speech.topics) == ("en", ("bells", "clocks"))
    assert speech.date is not None and speech.date.edtf == "2021-04-07"
    assert speech.provenance.outlet == "Vell Gazette"
    assert speech.provenance.url == "https://vell.example/7"
    assert speech.body == "It is noon."


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        pytest.param("---\ntitle: [a\n---\n", "while parsing .+", id="YAML that is none"),
        pytest.param("+++\ntitle = \n+++\n", "Invalid value .+", id="TOML that is none"),
        pytest.param("---\nring\n---\n", "not a table of keys and values", id="YAML of one word"),
        pytest.param(
            "---\nwhen: 2021-02-31\n---\n",
            "day is out of range for month",
            id="a day that is none",
        ),
    ],
)
def test_bad_front_matter_is_one_finding(
    front: str, reason: str, read_file: Callable[..., Any]
) -> None:
    """The reason is in the words of the parser, as far as they fit."""
    speeches, report = read_file(f"{front}It is noon.\n", "a.md")
    assert speeches == []
    (told,) = report
    assert re.fullmatch(
        rf"a\.md: error: the front matter cannot be read: {reason} \(unreadable\); correct it, "
        "or take it out",
        str(told),
    )
    assert len(str(told)) < 240


def test_pictures_are_cut_and_counted(read_file: Callable[..., Any]) -> None:
    text = "# To the Ringers\n\nIt ![a bell](a.png) is\n![](b.png) noon.\n\n![The tower](c.png)\n"
    (speech,), _ = read_file(text, "a.md")
    assert speech.text == "It is noon."
    assert [(cut.kind, cut.first_words) for cut in speech.provenance.cut] == [
        ("3 pictures, not saved with the page", "a bell The tower"),
    ]


def test_objects_in_yaml_are_not_made(read_file: Callable[..., Any]) -> None:
    front = "---\ntitle: !!python/object/apply:os.getcwd []\n---\n"
    speeches, report = read_file(f"{front}It is noon.\n", "a.md")
    assert speeches == []
    assert [finding.code for finding in report] == ["unreadable"]


def test_yaml_that_swells_stays_small(read_file: Callable[..., Any]) -> None:
    """Aliases of aliases would be 10^9 words when written out."""
    rows = ["a0: &a0 [ring, ring, ring, ring, ring, ring, ring, ring, ring, ring]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    content = "---\n" + "\n".join([*rows, "title: *a9"]) + "\n---\nIt is noon.\n"
    speeches, _ = read_file(content, "a.md")
    assert [speech.body for speech in speeches] == ["It is noon."]
    assert len(speeches[0].title) < 1000


# --- blocks --------------------------------------------------------------------------------


def test_first_heading_is_the_title_and_others_are_heads(read_only: Reads) -> None:
    speech = read_only("# To the Ringers\n\nIt is noon.\n\n## The Bell\n\n### Its Rope\n", "a.md")
    assert speech.title == "To the Ringers"
    assert blocks(speech) == [("p", "It is noon."), ("head", "The Bell"), ("head", "Its Rope")]
    assert [block.level for block in speech.blocks] == [1, 1, 2]


def test_without_a_heading_the_name_is_the_title(read_only: Reads) -> None:
    assert read_only("It is noon.\n", "to-the-ringers.md").title == "to the ringers"


def test_quotation_is_verse_when_its_lines_are_kept(read_only: Reads) -> None:
    speech = read_only("It is noon.\n\n> Ring the bell.\n\n> The bell,\\\n> it rang.\n", "a.md")
    assert blocks(speech) == [
        ("p", "It is noon."),
        ("quote", "Ring the bell."),
        ("verse", "The bell,\nit rang."),
    ]


def test_list_items_keep_number_or_bullet(read_only: Reads) -> None:
    speech = read_only(
        "Bring:\n\n3. a rope\n4. a bell\n\n   and its clapper\n\n- wax\n* oil\n", "a.md"
    )
    assert [(block.marker, block.text) for block in speech.blocks[1:]] == [
        ("3.", "3. a rope"),
        ("4.", "4. a bell"),
        (None, "and its clapper"),
        ("•", "• wax"),
        ("•", "• oil"),
    ]


@pytest.mark.parametrize("bullet", ["•", "–"])
def test_bullet_that_markdown_does_not_know_is_kept(bullet: str, read_only: Reads) -> None:
    speech = read_only(f"Bring:\n\n{bullet} a rope\n\n- wax\n\n  {bullet} oil\n", "a.md")
    assert [block.text for block in speech.blocks] == [
        "Bring:",
        f"{bullet} a rope",
        "• wax",
        f"{bullet} oil",
    ]


def test_salutations_and_applause_are_known_as_in_every_form(read_only: Reads) -> None:
    speech = read_only("Dear ringers,\n\nIt is noon.\n\n(Applause)\n", "a.md")
    assert [str(block.kind) for block in speech.blocks] == ["salute", "p", "stage"]


def test_dateline_and_lede_are_the_frame(read_only: Reads) -> None:
    speech = read_only(
        "# Noon\n\nVell, April 7, 2021 (VNA) -- The following is the speech by Ada Brink:\n\n"
        "It is noon.\n",
        "a.md",
    )
    assert speech.body == "It is noon."
    assert (speech.place, speech.speaker) == ("Vell", "Ada Brink")
    assert speech.date is not None and speech.date.edtf == "2021-04-07"


# --- runs ----------------------------------------------------------------------------------


def test_emphasis_and_links_stay(read_only: Reads) -> None:
    (block,) = read_only(
        "It is *noon*, says **the** [tower](https://vell.example/t) and [rope](#r).\n", "a.md"
    ).blocks
    assert block.text == "It is noon, says the tower and rope."
    marked = [
        (str(run.kind), run.plain(), run.target)
        for run in walk(block.content)
        if run.kind is not InlineKind.TEXT
    ]
    assert marked == [
        ("emphasis", "noon", None),
        ("emphasis", "the", None),
        ("reference", "tower", "https://vell.example/t"),
    ]


@pytest.mark.parametrize("target", ["javascript:alert(1)", "file:///a", "data:text/html,a"])
def test_link_that_is_no_web_address_is_words(target: str, read_only: Reads) -> None:
    speech = read_only(f"It is [noon]({target}).\n", "a.md")
    runs = [run for block in speech.blocks for run in walk(block.content)]
    assert {run.kind for run in runs} == {InlineKind.TEXT}
    assert "noon" in speech.body


def test_lines_of_a_paragraph_join_and_a_hard_break_stays(read_only: Reads) -> None:
    assert read_only("It is\nnoon.  \nRing.\n", "a.md").body == "It is noon.\nRing."


def test_html_in_markdown_is_never_run_nor_printed(read_only: Reads) -> None:
    speech = read_only("It is <b>noon</b>.\n\n<script>ring()</script>\n\nRing!\n", "a.md")
    assert speech.body == "It is noon.\n\nRing!"


def test_word_in_pointed_brackets_is_a_word(read_only: Reads) -> None:
    speech = read_only(
        "It is <Ada> noon.\n\n<Applause>\n\n<div>\n<Laughter> Ring!\n</div>\n", "a.md"
    )
    assert speech.body == "It is <Ada> noon.\n\n<Applause>\n\n<Laughter> Ring!"


# --- no word is lost -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(">" * 40 + " ring the bell\n\nIt is noon.\n", id="40 quotations"),
        pytest.param(
            "".join(f"{'  ' * n}- ring {n}\n" for n in range(30)) + "\nIt is noon.\n",
            id="30 lists",
        ),
        pytest.param("*" * 200 + "ring the bell" + "*" * 200 + "\n", id="200 stars"),
        pytest.param("[" * 200 + "ring the bell" + "](https://a.example)" * 200, id="200 links"),
        pytest.param("    ring\n    the bell\n\nIt is noon.\n", id="a code block"),
        pytest.param("```\nring the bell\n```\n\nIt is noon.\n", id="a fence"),
        pytest.param("Ring\n====\n\nthe bell\n\nIt is noon.\n", id="an underlined heading"),
    ],
)
def test_nested_deep_or_odd_words_still_come_out(
    content: str, read_file: Callable[..., Any]
) -> None:
    (speech,), _ = read_file(content, "a.md")
    wanted = re.findall(r"\b(?!https|example)[A-Za-z]{2,}\b", content)
    found = re.findall(r"\b(?!https|example)[A-Za-z]{2,}\b", f"{speech.title} {speech.text}")
    assert [word for word in wanted if word not in found] == []
    assert len(found) >= len(wanted)


words = st.text("abcdeABCDE", min_size=1, max_size=6)
marked_words = st.builds(
    lambda mark, word: mark.format(word),
    st.sampled_from(["{}", "*{}*", "**{}**", "`{}`", "[{}](https://vell.example)", "_{}_"]),
    words,
)
sentences = st.lists(marked_words, min_size=1, max_size=8).map(" ".join)
constructs = st.builds(
    lambda mark, line: f"{mark}{line}",
    st.sampled_from(["", "## ", "> ", "- ", "7. ", "* ", "> > ", "> - "]),
    sentences,
)


@settings(deadline=None, max_examples=60)
@given(lines=st.lists(constructs, min_size=1, max_size=8))
def test_every_word_comes_out_in_order(lines: list[str], read_file: Callable[..., Any]) -> None:
    content = "# Title\n\nIt is noon.\n\n" + "\n\n".join(lines)
    (speech,), _ = read_file(content, "a.md")
    wanted = re.findall("[a-eA-E]+", re.sub(r"\]\(.*?\)|# Title", "", content))
    assert re.findall("[a-eA-E]+", speech.text) == wanted


@pytest.mark.parametrize("hint", ["&shy;", "&#173;", "&#8203;", "\u00ad"])
def test_hints_where_a_word_may_break_are_no_letters(hint: str, read_only: Reads) -> None:
    assert read_only(f"It is after{hint}noon.\n", "a.md").body == "It is afternoon."


def test_header_alone_is_no_speech(findings_of: Callable[..., list[str]]) -> None:
    assert findings_of("---\ntitle: To the Ringers\n---\n\n", "a.md") == [
        "a.md: note: no words below the header (no-speech)"
    ]


# --- transcriptions of booklets ------------------------------------------------------------

BOOKLET = """\
# The Bell of Vell - English transcription

> **Status:** `verified`
> **Source:** `bell.pdf`

## Gate state

Checked twice by two people.

---

## PDF page 6 / printed page 5

# The Bell of Vell

Dear ringers, it is noon and the rope

---

## PDF page 7 / printed page 6

is longer than that of last year.

### On Wax

Ring out!

---

## PDF page 8 / printed page 7

Thank you.

**Good night**

---

## Verified freeze

All pages are frozen.
"""
METADATA = """{"id": "bell", "language": "en", 
"creator": {"name_ve": "Ádá Brïnk", "name_en": "Ada Brink"},
"speech": {"date": "1951-12-06", "venue_ve": "Väll", "venue_en": "Vell"}}"""


@pytest.mark.parametrize("beside", [True, False])
def test_transcription_of_a_booklet(beside: bool, tmp_path: Path) -> None:
    (tmp_path / "bell-en.md").write_text(BOOKLET)
    if beside:
        (tmp_path / "metadata.json").write_text(METADATA)
    (speech,) = read(tmp_path / "bell-en.md", base=tmp_path)
    assert [(str(block.kind), block.text) for block in speech.blocks] == [
        ("p", "Dear ringers, it is noon and the rope is longer than that of last year."),
        ("head", "On Wax"),
        ("p", "Ring out!"),
        ("p", "Thank you."),
        ("p", "Good night"),
    ]
    assert speech.title == "The Bell of Vell"
    pages = [run.target for block in speech.blocks for run in walk(block.content)
             if run.kind is InlineKind.PAGE_BREAK]  # fmt: skip
    assert pages == ["6", "7"]
    assert [cut.kind for cut in speech.provenance.cut] == [
        "editors' notes before the text",
        "page headings",
        "editors' notes after the text",
    ]
    stated = (speech.speaker, speech.date and speech.date.edtf, speech.place, speech.language)
    assert stated == (("Ada Brink", "1951-12-06", "Vell", "en") if beside else (None,) * 4)


@pytest.mark.parametrize(
    "data", ["[1]", "{", '{"speech": {"date": "some day"}}', '{"speech": 1}', ""]
)
def test_metadata_that_states_nothing(data: str, tmp_path: Path) -> None:
    (tmp_path / "bell-en.md").write_text(BOOKLET)
    (tmp_path / "metadata.json").write_text(data)
    (speech,) = read(tmp_path / "bell-en.md", base=tmp_path)
    assert (speech.speaker, speech.date, speech.place) == (None, None, None)


def test_headings_of_a_speech_are_no_page_headings(read_only: Callable[..., Speech]) -> None:
    speech = read_only("# Bells\n\n## Page 1\n\nIt is noon.\n\n## Ropes\n\nRing!\n", "a.md")
    assert speech.body == "Page 1\n\nIt is noon.\n\nRopes\n\nRing!"
    assert speech.provenance.cut == ()


# --- raw HTML ------------------------------------------------------------------------------


def test_texts_laid_side_by_side_are_read_one_after_the_other(
    read_only: Callable[..., Speech],
) -> None:
    long = "and the rope is longer than the rope of last year, which broke in the storm."
    speech = read_only(
        "# Bells\n\n<table>\n<thead><tr><th>Vell</th>\n<th>Brask</th></tr></thead>\n<tbody>\n"
        f"<tr><td id=a><span class=a>In Vell</span> it is noon<br>\n{long}</td>\n\n"
        f"<td>In Brask it is dusk {long}</td></tr>\n\n"
        f"<tr><td>Ring <script>x()</script>{long}</td><td>Sleep {long}</td></tr></tbody></table>\n",
        "a.md",
    )
    assert [(str(block.kind), block.text) for block in speech.blocks] == [
        ("head", "Vell"),
        ("p", f"In Vell it is noon\n{long}"),
        ("p", f"Ring {long}"),
        ("head", "Brask"),
        ("p", f"In Brask it is dusk {long}"),
        ("p", f"Sleep {long}"),
    ]


def test_tags_are_never_words(read_only: Callable[..., Speech]) -> None:
    speech = read_only(
        "# Bells\n\nIt is <b>noon</b>,<br>or <span class=x>nearly</span>.\n\n<div>\n<p>Ring!</p>\n"
        "<h2>Ropes</h2>\n</div>\n\n<table><tr><td>a</td><td>b</td></tr></table>\n",
        "a.md",
    )
    assert speech.body == "It is noon,\nor nearly.\n\nRing!\n\nRopes\n\na\n\nb"
