"""`packager export`: one command, one file, whole or not at all; its twin in Python."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import packager
from packager.cli import main
from packager.editions.data import FEEDS, FORMS
from packager.errors import EditionError
from tests.conftest import SPEECH, small_book


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["export", *map(str, words)])


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return small_book(tmp_path / "small", one=SPEECH)


@pytest.mark.parametrize("form", [form for form in FORMS if form != "onix"])
def test_each_form_is_written_beside_the_editions(form: str, small: Path) -> None:
    done = run(small, "--form", form)
    path = small.parent / "out" / f"small{FORMS[form][1]}"
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"{path}: {path.stat().st_size:,} bytes\n"
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert path.read_bytes() == packager.export(small, form)


def test_out_names_the_file(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "speeches.json"
    assert run(small.parent, "--form", "csl", "--out", out).exit_code == 0
    assert [item["title"] for item in json.loads(out.read_bytes())] == [
        "To the Gardeners of the Ninth Terrace"
    ]


def test_several_workers_read_the_pages_and_the_bytes_are_the_same(tmp_path: Path) -> None:
    pages = {f"n{n}": SPEECH.replace("stone by stone", f"stone {n}") for n in range(30)}
    path = small_book(tmp_path / "many", **pages)
    out = [tmp_path / f"{workers}.csl.json" for workers in (1, 2)]
    for n, file in enumerate(out, 1):
        assert run(path, "--form", "csl", "--out", file, "--workers", n).exit_code == 0
    assert out[0].read_bytes() == out[1].read_bytes()
    assert len(json.loads(out[0].read_bytes())) == 30


def test_a_book_that_is_assembled_is_exported_as_it_is(small: Path) -> None:
    collection = packager.load_collection(small)
    speeches = packager.read(collection.pages, base=collection.folder)
    book = collection.assemble(speeches)
    assert packager.export(book, "jsonl") == packager.export(small, "jsonl")


def test_speeches_of_a_library_are_exported(small: Path) -> None:
    folder = small.parent
    assert CliRunner().invoke(
        main, ["add", str(folder / "pages"), "--library", str(folder / "a.db")]
    ).exit_code == 0  # fmt: skip
    text = small.read_text("utf-8").replace('pages = ["pages"]', 'library = "a.db"')
    small.write_text(text, "utf-8")
    assert b"Mara Quill" in packager.export(small, "csl")


def test_an_unknown_form_is_one_line_with_the_known_ones(small: Path) -> None:
    done = run(small, "--form", "docx")
    assert done.exit_code == EditionError.exit_code
    assert done.stderr == f"error: unknown form 'docx'. Known: {', '.join((*FORMS, *FEEDS))}\n"
    assert not (small.parent / "out").exists()


def test_a_file_that_cannot_be_written_is_one_line_and_leaves_nothing(
    small: Path, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file", "utf-8")
    done = run(small, "--form", "csl", "--out", tmp_path / "taken" / "x.json")
    assert done.exit_code == EditionError.exit_code
    assert done.stderr.startswith(f"error: {tmp_path}/taken/x.json: cannot be written: ")
    assert done.stderr.count("\n") == 1
