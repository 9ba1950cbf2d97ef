"""Many speeches in one file, and what file names and tables beside the files state."""

from __future__ import annotations

from pathlib import Path

import pytest

from packager.findings import Report
from packager.readers import collection_text
from packager.readers.collection_text import name_facts, split_text
from packager.readers.source import Source
from packager.speech import Speech

SHARED = Path(__file__).parents[3] / "shared" / "corpora" / "text"


def read(path: Path, text: str | None = None) -> tuple[list[Speech], list[str]]:
    if text is not None:
        path.write_text(text)
    report = Report()
    speeches = list(collection_text.read(Source(path, path.name), report))
    return speeches, [str(finding) for finding in report]


ONE = "Title: To the Masons\nDate: 14 March 2019\n\nDear masons,\n\nThe wall leans."
TWO = "Title: To the Bakers\nSpeaker: Ole Dunn\n\nDear bakers,\n\nThe bread rises."


@pytest.mark.parametrize("mark", ["=====", "***", "* * *", "---", "\f", "___________"])
def test_marks_part_speeches_with_headers(tmp_path: Path, mark: str) -> None:
    (first, second), findings = read(tmp_path / "all.txt", f"{ONE}\n\n{mark}\n\n{TWO}\n{mark}\n")
    assert findings == []
    assert (first.title, second.title) == ("To the Masons", "To the Bakers")
    assert (first.provenance.path, second.provenance.path) == ("all.txt#1", "all.txt#2")
    assert second.speaker == "Ole Dunn"
    assert second.body == "Dear bakers,\n\nThe bread rises."


def test_headers_that_come_again_part_speeches(tmp_path: Path) -> None:
    speeches, _ = read(tmp_path / "all.txt", f"{ONE}\n\n{TWO}\n")
    assert [speech.title for speech in speeches] == ["To the Masons", "To the Bakers"]


def test_titles_and_dates_part_speeches(tmp_path: Path) -> None:
    text = (
        "To the Masons\n14 March 2019\n\nThe wall leans.\n\n=====\n\n"
        "To the Bakers\nMarrowby, 15 March 2019\n\nThe bread rises."
    )
    speeches, _ = read(tmp_path / "all.txt", text)
    assert [speech.date and speech.date.edtf for speech in speeches] == ["2019-03-14", "2019-03-15"]


@pytest.mark.parametrize(
    "text",
    [
        "To the Masons\n\nThe wall leans.\n\n* * *\n\nIt leans still.",
        "Title: To the Masons\n\nThe wall leans.\n\n---\n\nIt leans still.",
        "To the Masons\n=============\n\nThe wall leans.\n\nSecond\n======\n\nStill.",
        "Title: To the Masons\n\nA question.\n\nTitle: is a word in this sentence: no header.",
        "The wall leans.\fIt leans on the next page.",
    ],
)
def test_breaks_inside_one_speech_part_nothing(text: str) -> None:
    assert len(split_text(text)) <= 1 or text.count("Title:") == 2


def test_the_name_of_a_file_states_speaker_and_year(tmp_path: Path) -> None:
    (speech,), _ = read(tmp_path / "1931-Torvald.txt", "Friends, the wall leans and has leaned.")
    assert (speech.speaker, speech.date and speech.date.edtf) == ("Torvald", "1931")
    assert speech.date and speech.date.reason == "from the name of the file"
    assert speech.id.startswith("1931-")


@pytest.mark.parametrize("name", ["2019.txt", "22-2.txt", "letter.txt", "a_b.txt", "report-7.txt"])
def test_other_names_state_nothing(name: str) -> None:
    assert name_facts(name) == name_facts("")


def test_a_name_that_contradicts_the_text_is_told(tmp_path: Path) -> None:
    (speech,), findings = read(
        tmp_path / "1931-Torvald.txt", "Date: 4 May 1932\n\nFriends, we meet."
    )
    assert speech.date and speech.date.edtf == "1932-05-04"
    assert findings == [
        "1931-Torvald.txt: warning: the name of the file says 1931, the text 1932-05-04 "
        "(date-disagrees); the date of the text is kept"
    ]


def test_a_head_in_capitals_is_title_name_and_date(tmp_path: Path) -> None:
    text = (
        "MAYOR ADA B. BRINK'S ANNUAL MESSAGE TO THE CLOCKMAKERS\n \nJanuary 21, 1946\n\n\n"
        "Clockmakers, it is noon and the hands are moving again at last, I am told.\n"
    )
    (speech,), _ = read(tmp_path / "1946-Brink.txt", text)
    assert speech.title == "MAYOR ADA B. BRINK'S ANNUAL MESSAGE TO THE CLOCKMAKERS"
    assert speech.speaker == "Ada B. Brink"
    assert speech.date and (speech.date.edtf, speech.date.reason) == (
        "1946-01-21",
        "the lines under the title",
    )
    assert str(speech.blocks[0].kind) == "dateline"


def test_a_table_beside_the_files_states_title_speaker_and_date(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / f"{name}.txt").write_text("Neighbours, the well is deep and the rope is short.")
    (tmp_path / "index.csv").write_text(
        "file,speaker,title,date\none.txt,Ada Brink,On the Well,2019-03-14\n"
        "two.txt,Ole Dunn,On the Rope,\n"
    )
    (first,), _ = read(tmp_path / "one.txt")
    (second,), _ = read(tmp_path / "two.txt")
    (third,), _ = read(tmp_path / "three.txt")
    assert (first.title, first.speaker) == ("On the Well", "Ada Brink")
    assert first.date and (first.date.edtf, first.date.reason) == (
        "2019-03-14",
        "from index.csv, column 'date'",
    )
    assert (second.title, second.speaker, second.date) == ("On the Rope", "Ole Dunn", None)
    assert (third.title, third.speaker, third.date) == ("three", None, None)


def test_two_columns_of_ordinals_name_a_file(tmp_path: Path) -> None:
    for name in ("22-1", "22-2", "23-1"):
        (tmp_path / f"{name}.txt").write_text(
            "Members, the bridge is open, and the river under it."
        )
    (tmp_path / "index-speeches.csv").write_text(
        'Council,Session,Minutes\n22nd,1st,"1955-01-07, p. 3"\n22nd,2nd,"1956-01-10, p. 1"\n'
        '23rd,1st,"1957-02-02, p. 9"\n'
    )
    (speech,), _ = read(tmp_path / "22-2.txt")
    assert speech.date and (speech.date.edtf, speech.date.written) == (
        "1956-01-10",
        "1956-01-10, p. 1",
    )


def test_a_table_that_names_other_files_is_passed_by(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Neighbours, the well is deep and the rope is short.")
    (tmp_path / "prices.csv").write_text("ware,date\nrope,2019-03-14\nbucket,2019-03-15\n")
    (speech,), findings = read(tmp_path / "one.txt")
    assert (speech.date, findings) == (None, [])


# --- real material ---------------------------------------------------------------------------


@pytest.mark.skipif(
    not SHARED.is_dir(), reason="the corpora of real texts are not there (../shared/corpora)"
)
@pytest.mark.parametrize(
    ("folder", "count", "to_the_day", "dated", "named"),
    [
        ("inaugural", 44, 0, 44, 44),
        ("state-union", 50, 44, 50, 50),  # six files state no day at all
        ("throne-ca", 39, 39, 39, 0),
        ("un-old", 39, 0, 39, 39),
    ],
)
def test_real_collections(folder: str, count: int, to_the_day: int, dated: int, named: int) -> None:
    speeches: list[Speech] = []
    for path in sorted((SHARED / folder).glob("*.txt")):
        found, findings = read(path)
        speeches += found
        assert not [line for line in findings if "date-disagrees" in line]
    assert len(speeches) == count
    assert sum(bool(speech.date and speech.date.exact) for speech in speeches) == to_the_day
    assert sum(speech.date is not None for speech in speeches) == dated
    assert sum(speech.speaker is not None for speech in speeches) == named
