"""Speech JSON lines: read back exactly as written; a bad line is told and the others are read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from packager import Report, Speech, dump_speech, load_speech, read
from packager.readers.source import PAGE_LIMIT
from packager.speech import Block, BlockKind, Provenance, plain

EXAMPLES = Path(__file__).parents[2] / "examples" / "archive"


def speech(ident: str = "a-1", words: str = "It is noon.") -> Speech:
    return Speech(
        ident,
        "To the Ringers",
        (Block(BlockKind.P, plain(words)),),
        Provenance("noon.txt", "0" * 64, "text", "1"),
    )


def line(**changed: Any) -> str:
    """The JSON line of a speech with some of its values changed."""
    return json.dumps(json.loads(dump_speech(speech())) | changed)


GOOD = dump_speech(speech("b-2", "It was noon."))


# --- round trip ----------------------------------------------------------------------------


def test_every_example_speech_comes_back_exactly(tmp_path: Path) -> None:
    written = list(read(EXAMPLES))
    file = tmp_path / "speeches.jsonl"
    file.write_text("".join(f"{dump_speech(one)}\n" for one in written), "utf-8")
    report = Report()
    assert list(read(file, report=report)) == written
    assert report.pages == 1
    assert report.errors == []


def test_speech_is_still_of_the_page_that_it_was_read_from(
    read_only: Callable[..., Speech],
) -> None:
    made = read_only(GOOD, "speeches.jsonl").provenance
    assert (made.path, made.reader) == ("noon.txt", "text")


@pytest.mark.parametrize("name", ["speeches.jsonl", "speeches.ndjson", "speeches.json", "speeches"])
def test_form_is_known_by_its_first_line(name: str, read_only: Callable[..., Speech]) -> None:
    assert read_only(GOOD, name).id == "b-2"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f"\n  \n{GOOD}\n\n", id="empty lines"),
        pytest.param(GOOD, id="no newline at the end"),
        pytest.param(f"{GOOD}\r\n", id="lines of Windows"),
        pytest.param(f"\ufeff{GOOD}\n", id="a byte order mark"),
    ],
)
def test_lines_of_all_sorts(content: str, read_only: Callable[..., Speech]) -> None:
    assert read_only(content, "speeches.jsonl").body == "It was noon."


# --- bad lines -----------------------------------------------------------------------------

BROKEN: dict[str, tuple[str, str]] = {
    "no JSON": (
        "{bad",
        "not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1) "
        "(record-unreadable); write one JSON object a line",
    ),
    "no object": (
        "[1, 2]",
        "no Speech JSON: an object with 'blocks' is expected (record-unreadable); write it with "
        "'packager read --json'",
    ),
    "no blocks": (
        '{"format": 1}',
        "no Speech JSON: an object with 'blocks' is expected (record-unreadable); write it with "
        "'packager read --json'",
    ),
    "a later format": (
        line(format=2),
        "Speech JSON of format 2; this version reads 1 (record-unreadable); write it with "
        "'packager read --json'",
    ),
    "no format": (
        line(format=None),
        "Speech JSON of format None; this version reads 1 (record-unreadable); write it with "
        "'packager read --json'",
    ),
    "a title that is a number": (
        line(title=5),
        "Speech JSON with a wrong value: TypeError('a string is expected, not 5') "
        "(record-unreadable); write it with 'packager read --json'",
    ),
    "a kind that is not known": (
        line(blocks=[{"kind": "shout", "content": []}]),
        "Speech JSON with a wrong value: ValueError(\"'shout' is not a valid BlockKind\") "
        "(record-unreadable); write it with 'packager read --json'",
    ),
    "no provenance": (
        json.dumps({k: v for k, v in json.loads(GOOD).items() if k != "provenance"}),
        "Speech JSON with a wrong value: KeyError('provenance') (record-unreadable); write it "
        "with 'packager read --json'",
    ),
}


@pytest.mark.parametrize(("broken", "told"), BROKEN.values(), ids=BROKEN)
def test_bad_line_is_told_with_its_number_and_the_others_are_read(
    broken: str, told: str, read_file: Callable[..., Any]
) -> None:
    content = "\n".join([dump_speech(speech()), broken, GOOD])
    speeches, report = read_file(content, "speeches.jsonl")
    assert [one.id for one in speeches] == ["a-1", "b-2"]
    assert [str(finding) for finding in report] == [f"speeches.jsonl:2: error: {told}"]


def nested(depth: int) -> str:
    """A line whose block holds emphasis in emphasis, so many deep."""
    run = '{"kind": "emphasis", "text": "", "content": [' * depth
    run += '{"kind": "text", "text": "deep"}' + "]}" * depth
    return line().replace(
        '"content": [{"kind": "text", "text": "It is noon."}]', f'"content": [{run}]'
    )


WRONG: dict[str, str] = {
    "a level that is no number of lines": line(
        blocks=[{"kind": "head", "level": float("inf"), "content": []}]
    ),
    "a count of words that is no number": line(
        provenance=json.loads(GOOD)["provenance"]
        | {"cut": [{"kind": "end mark", "words": float("inf"), "first_words": ""}]}
    ),
    "half of a character": line(
        blocks=[{"kind": "p", "content": [{"kind": "text", "text": "no\ud800on"}]}]
    ),
    "half of a character in the title": line(title="no\ud800on"),
    "a date that ends before it begins": line(
        date={"written": "x", "edtf": "2021", "earliest": "2021-12-31", "latest": "2021-01-01"}
    ),
    "a date that is no EDTF": line(
        date={"written": "x", "edtf": "noon", "earliest": "2021-01-01", "latest": "2021-12-31"}
    ),
    "topics that are a word": line(topics="bells"),
    "no id": line(id=""),
    "no title": line(title=" "),
    "no words": line(blocks=[]),
    "a thousand runs in each other": nested(1000),
}


@pytest.mark.parametrize("broken", WRONG.values(), ids=WRONG)
def test_line_that_no_book_can_hold_is_told_and_the_others_are_read(
    broken: str, read_file: Callable[..., Any]
) -> None:
    content = "\n".join([dump_speech(speech()), broken, GOOD])
    speeches, report = read_file(content, "speeches.jsonl")
    assert [one.id for one in speeches] == ["a-1", "b-2"]
    assert [(finding.code, finding.place) for finding in report] == [
        ("record-unreadable", "speeches.jsonl:2")
    ]


def test_what_is_read_can_be_used(read_file: Callable[..., Any]) -> None:
    """Runs nested as deep as a reader lets through can be written again; deeper ones are told."""
    for depth in (10, 100, 200, 250, 300, 350, 400, 450, 500):
        speeches, _ = read_file(nested(depth), "speeches.jsonl")
        for one in speeches:
            assert one.body == "deep"
            assert json.loads(dump_speech(one))["id"] == "a-1"


def test_first_line_may_be_the_bad_one(read_file: Callable[..., Any]) -> None:
    speeches, report = read_file(f"{{bad\n{GOOD}\n", "speeches.jsonl")
    assert [one.id for one in speeches] == ["b-2"]
    assert [finding.place for finding in report] == ["speeches.jsonl:1"]


def test_control_characters_do_not_come_out(read_file: Callable[..., Any]) -> None:
    bad = line(blocks=[{"kind": "p", "content": [{"kind": "text", "text": "no\x01on\x00"}]}])
    speeches, report = read_file(f"{bad}\n{GOOD}\n", "speeches.jsonl")
    assert "\x00" not in "".join(one.text for one in speeches)
    assert "\x01" not in "".join(one.text for one in speeches)
    assert len(list(report)) == 1


def test_line_beyond_the_limit_of_a_speech(tmp_path: Path) -> None:
    with (tmp_path / "speeches.jsonl").open("wb") as file:
        file.write(f"{GOOD}\n{{".encode() + b" " * PAGE_LIMIT + f"}}\n{GOOD}\n".encode())
    report = Report()
    speeches = list(read(tmp_path, report=report, base=tmp_path))
    assert [one.id for one in speeches] == ["b-2"]
    assert [str(finding) for finding in report] == [
        "speeches.jsonl:2: error: the line is longer than one speech may be; the rest was not "
        "read (record-unreadable); write one speech a line"
    ]


def test_no_line_with_a_speech(read_file: Callable[..., Any]) -> None:
    speeches, report = read_file(line(format=2), "speeches.jsonl")
    assert speeches == []
    assert [str(finding) for finding in report] == [
        "speeches.jsonl:1: error: Speech JSON of format 2; this version reads 1 "
        "(record-unreadable); write it with 'packager read --json'",
        "speeches.jsonl: note: no speech in any line (no-speech)",
    ]


# --- ids -----------------------------------------------------------------------------------


def test_two_different_speeches_with_one_id(read_file: Callable[..., Any]) -> None:
    content = "\n".join(dump_speech(speech(words=w)) for w in ("It is one.", "It is two.", "No."))
    speeches, report = read_file(content, "speeches.jsonl")
    assert [(one.id, one.body) for one in speeches] == [
        ("a-1", "It is one."),
        ("a-1-2", "It is two."),
        ("a-1-3", "No."),
    ]
    assert [str(finding) for finding in report] == [
        "noon.txt: warning: the id a-1 belongs to another speech of noon.txt; read as a-1-2 "
        "(duplicate-id); give each speech an id of its own",
        "noon.txt: warning: the id a-1 belongs to another speech of noon.txt; read as a-1-3 "
        "(duplicate-id); give each speech an id of its own",
    ]


def test_made_id_that_a_later_speech_has_is_not_shared(read_file: Callable[..., Any]) -> None:
    idents = [("a-1", "It is one."), ("a-1", "It is two."), ("a-1-2", "It is three.")]
    content = "\n".join(dump_speech(speech(*one)) for one in idents)
    speeches, _ = read_file(content, "speeches.jsonl")
    assert len({one.id for one in speeches}) == 3


@pytest.mark.parametrize("depth", [4, 60, 110])
def test_runs_as_deep_as_a_reader_goes_can_be_kept(
    depth: int, read_file: Callable[..., Any]
) -> None:
    text = "<hi rend='italic'>" * depth + "It is noon." + "</hi>" * depth
    (speech,), _ = read_file(f"<TEI><text><body><p>{text}</p></body></text></TEI>", "a.xml")
    assert load_speech(dump_speech(speech)) == speech
