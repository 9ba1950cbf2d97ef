"""Plain text that was printed, scanned or taken out of a PDF: what is not the speech is cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager import Speech
from packager.readers.language import is_garbled
from packager.readers.printed import as_written, unprinted

TITLE_PAGE = """\
PERMANENT MISSION OF VELL
Statement by
Her Excellency Ada Brink
Minister of Bells
at
The General Debate
{day}

CHECK AGAINST DELIVERY
"""
SPEECH = "Mr. President,\n\nIt is noon, or so forty of you tell me.\n\nThank you.\n"


@pytest.mark.parametrize(
    ("day", "edtf", "place"),
    [
        ("Marrowby, 30 September 2024", "2024-09-30", "Marrowby"),
        ("MARROWBY, SEPTEMBER 27th, 2024", "2024-09-27", "MARROWBY"),
        ("Marrowby, le 1er août 2024", "2024-08-01", "Marrowby"),
        ("Marrowby, 25 de septiembre de 2024", "2024-09-25", "Marrowby"),
        ('Wednesday, 25" September 2024', "2024-09-25", None),
        ("24. 9.2024", "2024-09-24", None),
        ("5.9.2024", None, None),
        ("September 2024", None, None),
        ("31 June 2024", None, None),
    ],
)
def test_title_page_gives_title_day_and_place(
    day: str, edtf: str | None, place: str | None, read_only: Callable[..., Speech]
) -> None:
    speech = read_only(TITLE_PAGE.format(day=day) + "\n" + SPEECH, "ve.txt")
    assert speech.title == "Statement by Her Excellency Ada Brink"
    assert speech.speaker == "Ada Brink"
    assert (speech.date and speech.date.edtf, speech.place) == (edtf, place)
    assert speech.body == SPEECH.strip()
    assert [cut.kind for cut in speech.provenance.cut] == ["title page", "mark of delivery"]
    left = Counter((TITLE_PAGE.format(day=day) + SPEECH).split())
    left.subtract([*speech.title.split(), *speech.body.split()])
    assert left.total() == sum(cut.words for cut in speech.provenance.cut)


@pytest.mark.parametrize(
    "top",
    [
        "To the Ringers",
        "Bells of Vell\n\nIt is noon, and the speech that I promised to all of you is short.",
        "Statement on bells, which ring at noon, and of which it is said that they are loud.",
    ],
)
def test_what_is_no_title_page_is_kept(top: str, read_only: Callable[..., Speech]) -> None:
    speech = read_only(f"{top}\n\n{SPEECH}", "ve.txt")
    assert (speech.title + " " + speech.body).split()[-len(SPEECH.split()) :] == SPEECH.split()
    assert speech.provenance.cut == ()


@pytest.mark.parametrize(
    "mark",
    [
        "(Check against delivery)",
        "[PLEASE CHECK AGAINST DELIVERY]",
        "Seul le prononcé fait foi",
        "*Es gilt das gesprochene Wort*",
        "Unofficial Translation",
    ],
)
def test_mark_of_delivery_is_cut(mark: str, read_only: Callable[..., Speech]) -> None:
    speech = read_only(f"Dear ringers,\n\n{mark}\n\nIt is noon.\n", "ve.txt")
    assert speech.body == "Dear ringers,\n\nIt is noon."
    assert [cut.first_words for cut in speech.provenance.cut] == [mark]


@pytest.mark.parametrize("end", ["/END/", "-0-", "[End]", "(끝)"])
def test_end_mark_is_cut(end: str, read_only: Callable[..., Speech]) -> None:
    speech = read_only(f"Dear ringers,\n\nIt is noon. {end}\n", "ve.txt")
    assert speech.body == "Dear ringers,\n\nIt is noon."


# --- page numbers and running heads --------------------------------------------------------


def pages(numbers: list[str], *, breaks: bool, head: str = "") -> str:
    """Pages of ten lines; with `breaks` each begins in the middle of a sentence."""
    first = "The rope is longer than that of last year, which broke in the storm"
    body = [*[f"{first}."] * 9, first if breaks else f"{first}."]
    start = "and fell into the harbour." if breaks else "It fell into the harbour."
    lines = [*body]
    for number in numbers:
        lines += ["", number, *([head] if head else []), "", start, *body]
    return "\n".join([*lines, "It is over."])


@pytest.mark.parametrize("form", ["{}", "- {} -", "Page {} of 9", "Seite {}"])
@pytest.mark.parametrize("breaks", [True, False])
def test_page_numbers_are_cut(form: str, breaks: bool) -> None:
    numbers = [form.format(n) for n in range(2, 8)]
    text = pages(numbers, breaks=breaks, head="Statement of Vell")
    made = unprinted(text)
    assert {cut.kind: cut.words for cut in made.cuts} == {
        "page numbers": sum(len(number.split()) for number in numbers),
        "running heads": 18,
    }
    assert not set(numbers) & set(made.text.split("\n"))
    assert ("storm\nand fell" in made.text) is breaks


@pytest.mark.parametrize(
    "text",
    [
        pages(["2"], breaks=False),
        pages(["2", "7"], breaks=False),
        pages(["1984", "1985"], breaks=True),
        "1\n\nBells.\n\n2\n\nRopes. Long ones.\n\nAnd short ones.\n\n3\n\nWax.\n\n4\n\nTallow.\n",
    ],
)
def test_numbers_that_are_no_page_numbers_are_kept(text: str) -> None:
    made = unprinted(text)
    assert (made.text, made.cuts) == (text, ())


words = st.text(st.characters(categories=("Lu", "Ll", "Lo", "Nd")), min_size=1, max_size=6)
lines = st.lists(words | st.sampled_from(["2", "3", "-", "Mr.", "President,", "statement"]))
texts = st.lists(lines.map(" ".join), max_size=30).map("\n".join)


@settings(deadline=None, max_examples=100)
@given(text=texts)
def test_every_word_stays_or_is_cut(text: str) -> None:
    made = unprinted(text)
    left = Counter(text.split())
    left.subtract((made.title or "").split() + made.text.split())
    assert min(left.values(), default=0) >= 0
    assert left.total() == sum(cut.words for cut in made.cuts)


# --- failed text recognition ---------------------------------------------------------------


GARBAGE = (
    "reall ds ss (ail alain) clucall A jleel} reall alla clue gpl Cpriaall 4 Anil) 3) gall SV) "
    "ga gai Baatall ao! jas aSile Advil yc alia Baad Gljad aS LAi) Ol cia Ada chat al aaa) el98 "
) * 7


def test_failed_text_recognition_is_refused(read_file: Callable[..., Any]) -> None:
    speeches, report = read_file(GARBAGE, "a.txt")
    assert speeches == []
    assert [str(finding) for finding in report] == [
        "a.txt: error: no words to speak of; perhaps a failed text recognition (not-text); open "
        "the file and look; name the pages without it"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Dear ringers, it is noon and the bell of the harbour is heard as far as the ferry. " * 20,
        "MSgr. McAda O'Neil, iPhone, eBay, YouTube and H2O are words of the people in it. " * 20,
        "Przyszedł na świat w Krk, a nie w Brnie; jest to miasto, do którego się nie wraca. " * 20,
        "Çanlar çaldı; IŞİD'e karşı bir söz ve bu şehir için daha güzel bir gün gelir. " * 20,
        "조선의 종이 울린다. " * 60,
    ],
)
def test_language_is_no_garbage(text: str) -> None:
    assert not is_garbled(text)


def test_letters_instead_of_their_shapes(read_only: Callable[..., Speech]) -> None:
    shaped = "\u202bﻣﺤﻤﺪ ﻛﺘﺐ ﻓﻲ ﺍﻟﺒﻴﺖ\u202c\n\n\u202bﺍﻟﺴﻼﻡ ﻋﻠﻴﻜﻢ \u202a79\u202c.\u202c\n"
    speech = read_only(shaped, "a.txt")
    assert f"{speech.title}\n{speech.body}" == "محمد كتب في البيت\nالسلام عليكم 79."


def test_marks_of_direction_that_an_author_set_are_kept() -> None:
    text = "Dear ringers,\nthe word is \u202bשלום\u202c today.\nIt is noon."
    assert as_written(text) == text
