"""A file appears whole or not at all, and nothing is left of writers that were killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from packager.beside import unfinished, write_beside
from tests.conftest import ROOT, SPEECH, small_book

WRITER = """
import sys, time
from pathlib import Path
from packager.beside import unfinished
with unfinished(Path(sys.argv[1])) as beside:
    beside.write_bytes(b"half")
    print("written", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, in the middle of writing book.epub."""
    command = [sys.executable, "-c", WRITER, str(tmp_path / "book.epub")]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "written\n"
        yield run
        run.kill()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_a_killed_writer_left_goes_with_the_next_one(
    tmp_path: Path, writer: subprocess.Popen[str]
) -> None:
    assert len(names(tmp_path)) == 1 and names(tmp_path)[0].startswith(".book.epub.")
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    write_beside(tmp_path / "other.epub", b"whole")
    assert len(names(tmp_path)) == 2, "it belongs to another file"
    write_beside(tmp_path / "book.epub", b"whole")
    assert names(tmp_path) == ["book.epub", "other.epub"]


def test_the_file_of_a_writer_that_lives_stays(
    tmp_path: Path, writer: subprocess.Popen[str]
) -> None:
    (left,) = names(tmp_path)
    write_beside(tmp_path / "book.epub", b"whole")
    assert names(tmp_path) == [left, "book.epub"]
    assert (tmp_path / left).read_bytes() == b"half"


@pytest.mark.parametrize(
    "name",
    [
        ".book.epub.00000000-1-1.part",  # of another machine
        ".book.epub.notes.part",
        ".book.epub.part",
        ".book.epub.12-34.txt",
        ".book.epub-screen.pdf.00000000-1-1.part",
    ],
)
def test_other_files_stay(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    write_beside(tmp_path / "book.epub", b"whole")
    assert names(tmp_path) == sorted([name, "book.epub"])


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    write_beside(tmp_path / "a.txt", b"old")
    with pytest.raises(RuntimeError), unfinished(tmp_path / "a.txt") as beside:
        beside.write_bytes(b"new, but")
        raise RuntimeError
    assert names(tmp_path) == ["a.txt"]
    assert (tmp_path / "a.txt").read_bytes() == b"old"


def test_a_build_that_was_killed_leaves_nothing_for_the_next(tmp_path: Path) -> None:
    """Killed by itself where the file stands whole under its hidden name."""
    book = small_book(tmp_path / "book", one=SPEECH)
    out = tmp_path / "out"
    wanted = "editions=['epub'], out=OUT, environ={}"
    build = f"import packager; packager.build({str(book)!r}, {wanted})"
    killed = (
        "import os, packager, signal, sys\n"
        "sys.modules['packager.build'].epub_ledger = "
        "lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    head = f"from pathlib import Path\nOUT = Path({str(out)!r})\n"
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", head + killed + build], env=environ)
    assert run.returncode == -signal.SIGKILL
    assert {path.suffix for path in out.iterdir()} == {".part"}
    subprocess.run([sys.executable, "-c", head + build], env=environ, check=True)
    assert names(out) == ["book.epub"]
