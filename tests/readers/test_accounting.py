"""A page of the KCNA Watch form: every word is in the title, in the speech, or counted as cut."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager import Report, Speech, read

ARCHIVE = Path(__file__).parents[2] / "examples" / "archive"
PAGES = sorted(
    path.name for path in ARCHIVE.iterdir() if "Read original version at source" in path.read_text()
)

INSIDE_LINES = frozenset("a abbr b cite em font i small span strong sub sup u".split())
UNSEEN = frozenset("head script style noscript template".split())


def seen(element: Any) -> Iterator[str]:
    """What a person sees of an element; anything that is not inside a line parts words."""
    gap = "" if element.tag in INSIDE_LINES else "\n"
    yield gap
    if isinstance(element.tag, str) and element.tag not in UNSEEN:
        yield element.text or ""
        for child in element:
            yield from seen(child)
    yield gap + (element.tail or "")


def visible_words(content: str) -> list[str]:
    """The words of a saved page, found by other means than the reader's."""
    if not content.startswith("<!DOCTYPE"):
        return content.split()
    return "".join(seen(lxml.html.document_fromstring(content))).split()


def assert_accounted(speech: Speech, visible: list[str]) -> None:
    """Title, blocks and cuts share out the words of the page, and none is given twice."""
    cuts = [cut for cut in speech.provenance.cut if "picture" not in cut.kind]
    left = Counter(visible)
    left.subtract(speech.title.split())
    left.subtract(word for block in speech.blocks for word in block.text.split())
    assert min(left.values()) >= 0, "words came out that are not on the page"
    assert left.total() == sum(cut.words for cut in cuts)
    assert Counter(word for cut in cuts for word in cut.first_words.split()) <= left


@pytest.mark.parametrize("name", PAGES)
def test_every_word_of_an_example_page_is_accounted_for(name: str) -> None:
    report = Report()
    speeches = list(read(ARCHIVE / name, report=report))
    if not speeches:
        assert report.refused == {"no-speech": 1}
        return
    assert speeches[0].provenance.reader == "kcnawatch"
    assert_accounted(speeches[0], visible_words((ARCHIVE / name).read_text("utf-8")))


# --- pages made by hypothesis --------------------------------------------------------------

letters = st.characters(categories=("Lu", "Ll", "Lo"))
words = st.text(letters, min_size=1, max_size=8).map(
    lambda word: unicodedata.normalize("NFC", word)
)
phrases = st.lists(words, min_size=1, max_size=9).map(" ".join)
marks = st.sampled_from(["“{}”", "<{}>", "{} & {}", "{} – {}", "’{}", "1. {}", "- {}"])
sentences = st.builds(lambda mark, a, b: f"{mark.format(a, b)}.", marks, phrases, phrases)
salutations = phrases.map(lambda phrase: f"Dear {phrase},")
stage_directions = phrases.map(lambda phrase: f"({phrase})")
slogans = phrases.map(lambda phrase: f"{phrase}!")
paragraphs = st.one_of(sentences, salutations, stage_directions, slogans, phrases)
pages = st.fixed_dictionaries(
    {
        "title": phrases.map(lambda phrase: f"Closing Speech Made by Ada Brink at {phrase}"),
        "agency": phrases,
        "body": st.lists(paragraphs, min_size=1, max_size=8).map(tuple),
    },
    optional={
        "captured": st.none(),
        "dateline": st.none(),
        "lede": st.none(),
        "end": st.none(),
        "others": st.lists(st.tuples(phrases, sentences), max_size=3).map(tuple),
    },
)


@settings(deadline=None, max_examples=80)
@given(parts=pages, form=st.sampled_from(["text", "html"]))
def test_any_page_gives_its_body_in_order_and_nothing_else(
    parts: dict[str, Any], form: str, page: Callable[..., Any], read_file: Callable[..., Any]
) -> None:
    made = page(**parts)
    content = getattr(made, form)
    (speech,), _ = read_file(content, f"page.{form}")
    assert speech.title == made.title
    assert speech.body.split() == " ".join(made.body).split()
    assert_accounted(speech, visible_words(content))


@settings(deadline=None, max_examples=50)
@given(parts=pages)
def test_text_and_html_of_a_page_give_one_speech(
    parts: dict[str, Any], page: Callable[..., Any], read_file: Callable[..., Any]
) -> None:
    made = page(**parts)
    (as_text,), _ = read_file(made.text, "page.txt")
    (as_html,), _ = read_file(made.html, "page.html")
    for name in "id title speaker kind occasion place date body language".split():
        assert getattr(as_text, name) == getattr(as_html, name), name


def test_text_and_html_of_the_plain_page_agree_on_everything_stated(
    page: Callable[..., Any], read_only: Callable[..., Speech]
) -> None:
    made = page()
    for speech in (read_only(made.text), read_only(made.html, "page.html")):
        assert speech.title == "Opening Speech Made by Ada Brink at Second Fair of Clockmakers"
        assert speech.speaker == "Ada Brink"
        assert speech.kind == "opening speech"
        assert speech.occasion == "Second Fair of Clockmakers"
        assert speech.place == "Marrowby"
        assert speech.language == "en"
        assert speech.date is not None and speech.date.edtf == "2019-03-14"
        assert speech.provenance.outlet == "VNA.ve (En)"
        assert speech.provenance.captured == "2025-06-08"
        assert [(str(block.kind), block.text) for block in speech.blocks] == [
            ("dateline", "Marrowby, March 14 (VNA) --"),
            ("lede", "The following is the opening speech made by Ada Brink at the fair:"),
            ("salute", "Dear clockmakers,"),
            ("p", "It is noon, or so forty of you tell me."),
        ]


@pytest.mark.parametrize(
    "pieces",
    [
        "<div>Date: 14/03/2019 | Source: VNA.ve (En) |</div><div>Read original version</div>",
        "<table><tr><td>Date: 14/03/2019 |</td><td>Source: VNA.ve (En) |</td>"
        "<td>Read original version at source</td></tr></table>",
        '<div><b>Date:</b> 14/03/2019 | <b>Source:</b> <a href="/s">VNA.ve (En)</a> | '
        '<a href="/o">Read original version at source</a></div>',
    ],
)
def test_date_line_in_pieces_is_found(
    pieces: str, page: Callable[..., Any], read_only: Callable[..., Speech]
) -> None:
    made = page()
    html = made.html.replace(f"<div>{made.date_line}</div>", pieces)
    speech = read_only(html, "page.html")
    assert speech.date is not None and speech.date.edtf == "2019-03-14"
    assert speech.provenance.outlet == "VNA.ve (En)"
    assert speech.body.startswith("Dear clockmakers,")
    assert_accounted(speech, visible_words(html))
