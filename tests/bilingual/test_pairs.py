"""Which speeches are one in two languages: found by what they share, stated, told."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

import packager
from packager.book import Book
from packager.build import assembled
from packager.dates import read_date
from packager.errors import CollectionError
from packager.findings import Report
from packager.pairs import Bilingual, paired
from packager.speech import Speech
from tests.bilingual.books import speech_in
from tests.bilingual.conftest import copied

LANGUAGES = Bilingual(("ko", "en"))


def pair(number: int, day: int, sizes: list[int], *, later: int = 0) -> list[Speech]:
    """A speech and its translation, printed so many days later."""
    return [
        replace(speech_in(tag, number, sizes), date=read_date(f"{day + after} May 2020"))
        for tag, after in (("ko", 0), ("en", later))
    ]


def found(speeches: list[Speech], told: Bilingual = LANGUAGES) -> set[tuple[str, str]]:
    groups = [[one] for one in speeches]
    return {
        (speeches[one.original].id, speeches[one.translation].id) for one in paired(groups, told)
    }


def test_speeches_of_one_day_are_told_apart_by_their_paragraphs() -> None:
    dice = random.Random(5)
    shapes = [[dice.randint(20, 900) for _ in range(dice.randint(3, 25))] for _ in range(12)]
    speeches = [one for n, sizes in enumerate(shapes) for one in pair(n, 3, sizes)]
    dice.shuffle(speeches)
    assert found(speeches) == {(f"undated-{n}ko", f"undated-{n}en") for n in range(12)}


def test_a_translation_may_be_printed_days_later_but_not_weeks() -> None:
    sizes = [300, 40, 800, 120]
    assert found(pair(1, 3, sizes, later=2)) == {("undated-1ko", "undated-1en")}
    assert found(pair(1, 3, sizes, later=14)) == set()


def test_another_speech_of_the_same_day_is_no_counterpart() -> None:
    long = pair(1, 3, [400, 900, 700, 30, 650, 800])[0]
    short = pair(2, 3, [90, 40])[1]
    assert found([long, short]) == set()


def test_a_day_of_many_speeches_without_translations_gives_no_pairs() -> None:
    dice = random.Random(8)
    shapes = [[dice.randint(20, 900) for _ in range(dice.randint(8, 25))] for _ in range(24)]
    speeches = [pair(n, 3, sizes)[n % 2] for n, sizes in enumerate(shapes)]
    assert found(speeches) == set()


def test_each_speech_has_one_counterpart_and_a_rival_is_told(tmp_path: Path) -> None:
    toml = copied(tmp_path)
    page = tmp_path / "archive" / "2020-05-04-greeting-en.md"
    again = page.read_text("utf-8").replace("warmly", "most warmly").replace("thirty", "some 30")
    (tmp_path / "archive" / "again-en.md").write_text(again, "utf-8")
    report = Report()
    book = assembled(packager.load_collection(toml), report)
    assert [one.translation is not None for one in book.documents] == [True, True, False, False]
    (told,) = [one for one in report.findings if one.code == "pair-ambiguous"]
    assert "comes near with 0.78" in told.message


def test_what_was_found_is_told_with_its_evidence(tmp_path: Path) -> None:
    report = Report()
    assembled(packager.load_collection(copied(tmp_path)), report)
    said = [one.message for one in report.findings if one.code in ("paired", "unpaired")]
    assert said == [
        "“등대지기 제3차 대회에서 한 개회사” (archive/2020-05-03-opening-ko.md) and “Opening "
        "Speech at Third Congress of Lighthouse Keepers” (archive/2020-05-03-opening-en.md) are "
        "set side by side; confidence 0.99: same day, lengths 1 to 0.9, 11 and 12 paragraphs, "
        "6 of 6 numbers and names shared",
        "“대회 참가자들에게 보낸 축하문” (archive/2020-05-03-greeting-ko.md) and “Message of "
        "Greeting to Participants in Congress” (archive/2020-05-04-greeting-en.md) are set side by "
        "side; confidence 0.78: 1 day apart, lengths 1 to 0.9, 2 and 2 paragraphs",
        "“겨울 배에 대한 편지” has no counterpart in 'en'; it is printed alone",
    ]


def book_with(folder: Path, more: str) -> Book:
    toml = copied(folder)
    said = toml.read_text("utf-8").replace('layout = "facing"\n', f'layout = "facing"\n{more}\n')
    toml.write_text(said, "utf-8")
    return assembled(packager.load_collection(toml), Report())


def test_the_editor_states_a_pair(tmp_path: Path) -> None:
    book = book_with(
        tmp_path,
        '[[bilingual.pair]]\noriginal = "*-letter-ko.md"\ntranslation = "*-greeting-en.md"',
    )
    pairs = {one.speech.title: one.translation for one in book.documents}
    assert pairs["대회 참가자들에게 보낸 축하문"] is None
    letter = pairs["겨울 배에 대한 편지"]
    assert letter and letter.speech.title.startswith("Message of Greeting")


def test_the_editor_parts_two_speeches(tmp_path: Path) -> None:
    book = book_with(tmp_path, 'single = "*-greeting-ko.md"')
    assert [one.translation is None for one in book.documents] == [True, False, True, True]


def test_a_pair_has_one_number_and_one_place(tmp_path: Path) -> None:
    book = book_with(tmp_path, "")
    assert [[text.anchor for text in one.texts] for one in book.documents] == [
        ["d1", "d1-t"],
        ["d2", "d2-t"],
        ["d3"],
    ]


def test_a_part_that_takes_one_of_two_takes_both(tmp_path: Path) -> None:
    toml = copied(tmp_path)
    said = toml.read_text("utf-8").partition("[[part]]")[0]
    toml.write_text(f'{said}[[part]]\ntitle = "Hers"\nspeaker = "Ana Torvald"\n', "utf-8")
    (document,) = assembled(packager.load_collection(toml), Report()).documents
    assert [text.speech.speaker for text in document.texts] == ["아나 토르발", "Ana Torvald"]


def test_a_part_that_excludes_one_of_two_has_neither(tmp_path: Path) -> None:
    toml = copied(tmp_path)
    said = toml.read_text("utf-8").partition("[[part]]")[0]
    more = 'title = "All"\nexclude = "*-opening-en.md"'
    toml.write_text(f"{said}[[part]]\n{more}\n", "utf-8")
    book = assembled(packager.load_collection(toml), Report())
    assert [one.speech.kind for one in book.documents] == ["축하문", "편지"]


def test_notes_belong_to_their_own_text(tmp_path: Path) -> None:
    toml = copied(tmp_path)
    said = toml.read_text("utf-8").replace("[archive]", '[notes]\nfiles = "notes.toml"\n[archive]')
    toml.write_text(said, "utf-8")
    (tmp_path / "notes.toml").write_text(
        "".join(
            f'[[note]]\nspeech = "{name}"\nexact = "{words}"\ntext = "A note."\n'
            for name, words in (("*-opening-ko.md", "212명"), ("*-opening-en.md", "stairs can be"))
        )
        + '[[document]]\nspeech = "*-opening-en.md"\ntranslator = "Lise Amund"\nnumber = 7\n',
        "utf-8",
    )
    book = assembled(packager.load_collection(toml), Report())
    (document,) = [one for one in book.documents if one.number == 7]
    assert [[mark.anchor for mark in text.marks] for text in document.texts] == [
        ["d7-n1"],
        ["d7-t-n1"],
    ]
    assert document.translation and document.translation.supplied.translator == "Lise Amund"


WRONG = {
    'languages = ["ko"]': "book.toml:17: a bilingual book has two languages, not 1",
    'languages = ["ko", "ko"]': "book.toml:17: a bilingual book has two languages, not 1",
    'languages = ["ko", "English"]': "book.toml:17: 'English' is no language tag",
    'layout = "side"': "book.toml:18: unknown layout 'side'. Known: facing, alternating",
    "colour = 1": "book.toml:19: unknown key 'colour' in [bilingual]. Known: languages, layout, "
    "single, pair",
    '[[bilingual.pair]]\noriginal = "*-letter-ko.md"': "book.toml:19: the pair has no "
    "'translation'",
    '[[bilingual.pair]]\noriginal = "*-letter-ko.md"\ntranslation = "no.md"': "book.toml:19: no "
    "page of the archive is 'no.md'",
    '[[bilingual.pair]]\noriginal = "*-ko.md"\ntranslation = "no.md"': "book.toml:19: '*-ko.md' "
    "names 3 speeches",
    '[[bilingual.pair]]\noriginal = "*-letter-ko.md"\ntranslation = "*-letter-ko.md"': "book.toml"
    ":19: '*-letter-ko.md' and '*-letter-ko.md' are one speech",
    '[[bilingual.pair]]\noriginal = "*-letter-ko.md"\ntranslation = "*-greeting-en.md"\n'
    '[[bilingual.pair]]\noriginal = "*-greeting-ko.md"\ntranslation = "*-greeting-en.md"': (
        "book.toml:22: “Message of Greeting to Participants in Congress” is in a pair already, at "
        "book.toml:19"
    ),
    'single = "nobody.md"': "book.toml:19: no page of the archive is 'nobody.md'",
}


@pytest.mark.parametrize(("wrong", "message"), WRONG.items(), ids=WRONG.values())
def test_what_cannot_be_is_told(wrong: str, message: str, tmp_path: Path) -> None:
    toml = copied(tmp_path)
    said = toml.read_text("utf-8")
    key = wrong.partition(" =")[0]
    line = next((one for one in said.splitlines() if one.startswith(f"{key} =")), None)
    if line and not wrong.startswith("["):
        said = said.replace(line, wrong)
    else:
        said = said.replace('layout = "facing"\n', f'layout = "facing"\n{wrong}\n')
    toml.write_text(said, "utf-8")
    with pytest.raises(CollectionError) as error:
        assembled(packager.load_collection(toml), Report())
    assert str(error.value).partition("; ")[0] == message
