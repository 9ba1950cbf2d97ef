"""Real pages of the project's shared material, where it lies beside the repository."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from packager import Report, Speech, read

SHARED = Path(__file__).parents[2] / ".." / "shared"
SEEDS = sorted((SHARED / "seeds").glob("*.txt"))
KCNA = SHARED / "corpora" / "kcna" / "en-text"
TEXTS = sorted(KCNA.glob("*.txt"))
EXPECTATIONS = sorted(KCNA.glob("*.expect.json"))

needs_seed = pytest.mark.skipif(not SEEDS, reason="the seed page (../shared/seeds) is not here")
needs_texts = pytest.mark.skipif(
    not TEXTS, reason="the texts of ../shared/corpora/kcna/en-text are not here"
)


def only(path: Path) -> tuple[Speech, Report]:
    report = Report()
    (speech,) = read(path, report=report, base=path.parent)
    return speech, report


def joined(text: str) -> str:
    """As the expectations are compared: white space joined."""
    return " ".join(text.split())


# --- the seed page -------------------------------------------------------------------------


@needs_seed
def test_seed_page_says_who_what_when_and_where() -> None:
    speech, report = only(SEEDS[0])
    assert list(report) == []
    assert speech.title == (
        "Opening Speech Made by Respected Comrade Kim Jong Un at Sixth Conference of Cell "
        "Secretaries of WPK"
    )
    assert speech.speaker == "Kim Jong Un"
    assert speech.kind == "opening speech"
    assert speech.occasion == "Sixth Conference of Cell Secretaries of WPK"
    assert speech.place == "Pyongyang"
    assert speech.language == "en"
    assert speech.date is not None
    assert (speech.date.written, speech.date.edtf) == ("07/04/2021", "2021-04-07")
    assert "day first" in (speech.date.reason or "")
    assert speech.provenance.outlet == "KCNA.kp (En)"
    assert speech.provenance.captured == "2026-02-05"


@needs_seed
def test_seed_page_gives_the_speech_and_nothing_of_other_articles() -> None:
    speech, _ = only(SEEDS[0])
    assert speech.body.startswith("Dear comrade cell secretaries,")
    assert speech.body.endswith("open.")
    for phrase in ("More From", "-0-", "Press Review", "Read original", "2026"):
        assert phrase not in speech.text


@needs_seed
def test_seed_page_is_accounted_for_word_by_word() -> None:
    speech, _ = only(SEEDS[0])
    left = Counter(SEEDS[0].read_text("utf-8").split())
    left.subtract(speech.title.split())
    left.subtract(word for block in speech.blocks for word in block.text.split())
    assert min(left.values()) >= 0
    assert left.total() == sum(cut.words for cut in speech.provenance.cut)


@needs_seed
def test_seed_page_saved_as_html_is_the_same_speech(
    page: Callable[..., Any], read_file: Callable[..., Any]
) -> None:
    text = SEEDS[0].read_text("utf-8")
    lines = [line for line in text.split("\n") if line.strip()]
    html = "<!DOCTYPE html><body>" + "".join(f"<p>{line}</p>" for line in lines) + "</body>"
    (as_html,), _ = read_file(html, "page.html")
    as_text, _ = only(SEEDS[0])
    for name in "id title speaker kind occasion place date body language".split():
        assert getattr(as_html, name) == getattr(as_text, name), name


# --- agency texts --------------------------------------------------------------------------


@needs_texts
def test_all_texts_are_here() -> None:
    assert len(TEXTS) == 77


@needs_texts
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_agency_text(path: Path) -> None:
    speech, report = only(path)
    lines = path.read_text("utf-8").strip().split("\n")
    assert report.errors == []
    assert joined(speech.title) == joined(lines[0])
    assert speech.date is not None
    assert speech.date.edtf == path.name[:10]
    assert speech.place == "Pyongyang"
    assert "-0-" not in speech.body
    assert speech.provenance.url == lines[-1].strip()
    assert lines[-1].strip() not in speech.text


@needs_texts
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_agency_text_is_accounted_for_letter_by_letter(path: Path) -> None:
    """Letters, since the agency glues its mark to the first word: '--Kim'."""
    speech, _ = only(path)
    parts = [speech.title, *(block.text for block in speech.blocks)]
    parts += [cut.first_words for cut in reversed(speech.provenance.cut)]
    assert "".join("".join(parts).split()) == "".join(path.read_text("utf-8").split())


@needs_texts
@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_agency_text_reads_as_expected(path: Path) -> None:
    expected = json.loads(path.read_text("utf-8"))
    speech, _ = only(KCNA / expected["file"])
    assert speech.title == expected["title"]
    assert speech.speaker == expected["speaker"]
    assert speech.place == expected["place"]
    assert speech.date is not None
    assert speech.date.edtf == expected["date"]
    body = joined(speech.body)
    assert body.startswith(joined(expected["first_words"]))
    assert body.endswith(joined(expected["last_words"]))
    for phrase in expected["must_not_contain"]:
        assert phrase not in body
