"""The command line: what a person types, and everything that is printed for it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from packager.speech_json import load_speech
from tests.conftest import ROOT, SPEECH, copy_examples, small_book


def run(*words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "packager", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "error::ResourceWarning"},
    )


@pytest.mark.parametrize(
    "command", ["", "read", "new", "build", "check", "export", "collate", "topics"]
)
def test_help_opens_with_a_sentence_and_an_example_that_runs(command: str) -> None:
    shown = run(*command.split(), "--help").stdout
    lines = [line.strip() for line in shown.splitlines() if line.strip()]
    assert lines[0].startswith("Usage:")
    assert re.fullmatch(r"[A-Z].*[.:]", lines[1]), lines[1]
    examples = [line for line in lines if line.startswith("packager ")]
    assert examples and all("examples/" in line or "my-book" in line for line in examples)


def test_alone_it_shows_the_help() -> None:
    done = run()
    assert "Turn an archive of saved speech pages into books" in done.stdout + done.stderr


def test_read_prints_one_line_a_speech_then_what_was_skipped() -> None:
    done = run("read", "examples/archive")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 17
    assert all(
        re.match(r"\S+  .+: .+ words  \[\w+\] examples/", x) for x in done.stdout.splitlines()
    )
    assert "an article, no speech: “Ferries Change to Winter Timetable” (no-speech)" in done.stderr
    assert done.stderr.splitlines()[-1] == "17 speeches on 18 pages; 1 page without a speech"
    assert "\r" not in done.stderr and "\x1b" not in done.stderr, "no bar, no colour in a pipe"


def test_read_json_lines_are_whole_speeches_and_are_read_again(tmp_path: Path) -> None:
    done = run("read", "examples/archive", "--json")
    speeches = [load_speech(line) for line in done.stdout.splitlines()]
    first = json.loads(done.stdout.splitlines()[0])
    assert {
        "id", "title", "speaker", "kind", "occasion", "place", "language", "date", "blocks",
        "provenance",
    } <= set(first)  # fmt: skip
    assert set(first["date"]) == {"written", "edtf", "earliest", "latest", "reason"}
    assert {"outlet", "url", "captured", "path", "sha256", "reader", "cut"} <= set(
        first["provenance"]
    )
    assert all("kind" in block and "text" in block for block in first["blocks"])
    (tmp_path / "speeches.jsonl").write_text(done.stdout, "utf-8")
    again = run("read", str(tmp_path / "speeches.jsonl"), "--json")
    assert again.stdout == done.stdout
    assert len(speeches) == 17


def test_read_text_prints_the_words_of_the_body_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SPEECH, "utf-8")
    done = run("read", str(tmp_path / "a.txt"), "--text")
    assert done.stdout.split() == SPEECH.split("\n\n", 1)[1].split()


def test_new_writes_a_book_that_builds(tmp_path: Path) -> None:
    folder = copy_examples(tmp_path)
    made = run("new", "my-book", "--from", "archive", cwd=folder)
    assert made.returncode == 0 and made.stdout.strip() == "my-book/book.toml"
    written = (folder / "my-book" / "book.toml").read_text("utf-8")
    assert written.count("\n[[part]]\n") == 3, "a part a year"
    assert written.count('",  # ') == 16, "every speech listed once"
    again = run("new", "my-book", "--from", "archive", cwd=folder)
    assert again.returncode == 11
    assert again.stderr.splitlines()[-1] == (
        "error: my-book/book.toml: is there already; choose another folder, or edit it"
    )
    built = run("build", "my-book", "--edition", "epub", cwd=folder)
    assert built.returncode == 0, built.stderr
    assert re.fullmatch(
        r"\S*my-book/out/my-book\.epub: [\d,]+ words, \d+ kB, [\d.]+ s, every word found",
        built.stdout.strip(),
    )


def test_build_json_carries_the_counts(tmp_path: Path) -> None:
    book = small_book(tmp_path / "b", one=SPEECH)
    done = run("build", str(book), "--json")
    shown = json.loads(done.stdout)
    assert [one["edition"] for one in shown["editions"]] == ["epub", "screen"]
    for one in shown["editions"]:
        words = len(SPEECH.split("\n\n", 1)[1].split())
        assert one["ledger"] == [{"document": 1, "words": words, "found": words, "equal": True}]
        assert Path(one["path"]).stat().st_size == one["size"]
    assert shown["editions"][1]["pages"] > 5
    assert list(shown["stages"])[:4] == [
        "reading", "assembling the book", "preparing the fonts", "rendering the pages",
    ]  # fmt: skip
    assert all(seconds >= 0 for seconds in shown["stages"].values())


def test_check_is_silent_on_a_sound_book_and_loud_on_a_broken_one(tmp_path: Path) -> None:
    book = small_book(tmp_path / "b", one=SPEECH)
    assert run("build", str(book)).returncode == 0
    out = tmp_path / "b" / "out"
    done = run("check", str(out / "b.epub"), str(out / "b-screen.pdf"))
    assert done.returncode in (0, 4)  # 4 only where Java is missing
    assert done.returncode == 0 or "tool-missing" in done.stdout
    (out / "b-screen.pdf").write_bytes((out / "b-screen.pdf").read_bytes()[:4000])
    broken = run("check", str(out / "b-screen.pdf"))
    assert broken.returncode == 4
    assert "error" in broken.stdout and "Traceback" not in broken.stderr


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (
            ["read", "nowhere"],
            11,
            "error: nowhere: nothing there; name a file, a folder or a glob",
        ),
        (
            ["build", "nowhere/book.toml"],
            13,
            "error: nowhere/book.toml: cannot be opened: No such file or directory",
        ),
        (
            ["build", "examples/harbour-lights", "--edition", "mobi"],
            13,
            "error: unknown edition 'mobi'. Known: epub, screen, archive, print, cover",
        ),
    ],
)
def test_faults_are_one_line_and_an_exit_code(words: list[str], code: int, line: str) -> None:
    done = run(*words)
    assert done.returncode == code
    assert done.stderr.splitlines() == [line]
    assert done.stdout == ""


def test_a_bad_page_makes_read_exit_with_4_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SPEECH, "utf-8")
    (tmp_path / "b.txt").write_bytes(b"")
    done = run("read", str(tmp_path))
    assert done.returncode == 4
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr.splitlines()[0] == (
        f"{tmp_path}/b.txt: error: the file is empty (empty-file); save the page again"
    )


def test_a_reader_that_closes_the_pipe_sees_no_traceback() -> None:
    done = subprocess.run(
        f"{sys.executable} -m packager read examples/archive | head -1",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr
