"""Every page of examples/archive reads as examples/expected.json says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from packager import Report, Speech, read

EXAMPLES = Path(__file__).parents[2] / "examples"
EXPECTED = json.loads((EXAMPLES / "expected.json").read_text("utf-8"))
FIELDS = ("title", "speaker", "kind", "occasion", "place")


@pytest.fixture(scope="module")
def archive() -> tuple[dict[str, Speech], Report]:
    """The speeches of the archive by the name of their page, and the report."""
    report = Report()
    folder = EXAMPLES / "archive"
    speeches = {
        speech.provenance.path: speech for speech in read(folder, report=report, base=folder)
    }
    return speeches, report


def joined(text: str) -> str:
    return " ".join(text.split())


def test_every_page_has_an_expectation() -> None:
    assert sorted(EXPECTED) == sorted(path.name for path in (EXAMPLES / "archive").iterdir())


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_page_reads_as_expected(name: str, archive: tuple[dict[str, Speech], Report]) -> None:
    speeches, report = archive
    expected = EXPECTED[name]
    if not expected["speech"]:
        assert name not in speeches
        told = [str(finding) for finding in report if finding.place == name]
        assert told == [f"{name}: note: an article, no speech: “{expected['title']}” (no-speech)"]
        return
    speech = speeches[name]
    assert {field: getattr(speech, field) for field in FIELDS} == {
        field: expected[field] for field in FIELDS
    }
    assert speech.date is not None
    assert speech.date.edtf == expected["date_edtf"]
    body = joined(speech.body)
    assert body.startswith(expected["first_words"])
    assert body.endswith(expected["last_words"])
    for phrase in expected["must_not_contain"]:
        assert phrase not in joined(speech.text)
    same_words = [
        other for other, known in speeches.items() if known.body == speech.body and other != name
    ]
    twins = {other for other in EXPECTED if EXPECTED[other]["duplicate_of"] == name}
    assert same_words == sorted(twins | ({expected["duplicate_of"]} - {None}))
    assert all(speeches[other].id == speech.id for other in same_words)


def test_archive_gives_one_speech_a_page_but_for_the_article(
    archive: tuple[dict[str, Speech], Report],
) -> None:
    speeches, report = archive
    assert report.pages == len(EXPECTED)
    assert len(speeches) + sum(report.refused.values()) == report.pages


def test_what_the_archive_has_to_be_told_about(archive: tuple[dict[str, Speech], Report]) -> None:
    """Each of these pages was made to show something; nothing else worse than a note is told."""
    worse = [(f.code, f.place) for f in archive[1] if f.severity != "note"]
    assert worse == [
        ("date-ambiguous", "2020-remarks-reopening-of-great-reading-room.txt"),
        ("no-end-mark", "2021-02-24-concluding-remarks-fog-signal-of-farthing.txt"),
    ]


def test_second_capture_is_told_with_the_first(archive: tuple[dict[str, Speech], Report]) -> None:
    told = [str(finding) for finding in archive[1] if finding.code == "duplicate-speech"]
    assert told == [
        "2020-02-11-funeral-address-captain-ivo-strand.txt: note: the same words as "
        "2020-02-11-funeral-address-captain-ivo-strand.html; kept as another capture "
        "(duplicate-speech)"
    ]
