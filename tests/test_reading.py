"""Reading with workers, and the reading report."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from packager import Report, read
from packager.errors import InputError
from packager.read_report import quoted, reported
from packager.reading import FEW, JOB
from packager.speech_json import dump_speech

ARCHIVE = Path(__file__).parents[1] / "examples" / "archive"


def letter(number: int) -> str:
    return (
        f"Title: Letter {number} to the Keepers\nDate: 2021-04-07\n\nDear keepers,\n\n"
        f"This is letter number {number}, and the fog is thick.\n"
    )


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Pages enough for workers, with what goes wrong among them."""
    folder = tmp_path / "archive"
    folder.mkdir()
    for number in range(FEW + 4 * JOB):
        (folder / f"{number:03}.txt").write_text(letter(number))
    (folder / "044a.txt").write_text(letter(3))  # the words of another page
    (folder / "050a.txt").write_bytes(b"")
    (folder / "055a.txt").write_bytes(bytes(range(256)))
    records = [json.dumps({"title": f"No {n}", "text": letter(1000 + n)}) for n in range(30)]
    (folder / "060a.jsonl").write_text("\n".join(records))
    with zipfile.ZipFile(folder / "065a.zip", "w") as box:
        for number in range(900, 920):
            box.writestr(f"{number}.txt", letter(number))
        box.writestr("picture.png", b"\x89PNG\r\n")
    (folder / "070a.txt.gz").write_bytes(gzip.compress(letter(930).encode())[:-20])
    return folder


def all_of(folder: Path, workers: int) -> tuple[list[str], list[str], Report]:
    report = Report()
    speeches = list(read(folder, report=report, base=folder, workers=workers))
    return [dump_speech(one) for one in speeches], list(map(str, report)), report


def test_workers_give_what_one_process_gives(archive: Path) -> None:
    alone, together = all_of(archive, 1), all_of(archive, 2)
    assert together[0] == alone[0] and len(alone[0]) > FEW
    assert together[1] == alone[1] and len(alone[1]) >= 4
    assert (together[2].pages, together[2].refused) == (alone[2].pages, alone[2].refused)


def test_progress_names_every_page_in_order(archive: Path) -> None:
    names: list[str] = []
    list(read(archive, base=archive, workers=2, progress=lambda source: names.append(source.name)))
    assert names == sorted(names)
    assert "065a.zip#919.txt" in names


def test_a_path_that_names_nothing_is_told_with_workers_too(archive: Path) -> None:
    with pytest.raises(InputError, match="nothing there"):
        list(read([archive, archive / "none"], workers=2))


def test_pages_inside_containers_are_counted(archive: Path) -> None:
    report = Report()
    assert len(list(read(archive / "065a.zip", report=report))) == 20
    assert report.pages == 20 + sum(report.refused.values())


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted on Linux")
@pytest.mark.parametrize("threads", [0, 1])
def test_workers_are_forks_only_of_a_process_without_threads(threads: int) -> None:
    """A fork of a process that runs threads may hang, whatever lock one of them holds."""
    script = (
        "import os, threading, packager\n"
        "from packager.processes import Pool\n"
        "over = threading.Event()\n"
        f"for _ in range({threads}): threading.Thread(target=over.wait).start()\n"
        "with Pool(1, 'packager.reading', may_fork=True) as pool:\n"
        "    parent = pool.submit(os.getppid).result()\n"
        "over.set()\n"
        "print('fork' if parent == os.getpid() else 'server')\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == ("server\n" if threads else "fork\n")


def test_a_script_that_reads_with_workers_needs_no_guard(archive: Path, tmp_path: Path) -> None:
    script = tmp_path / "count.py"
    script.write_text(
        f"import packager\nprint(sum(1 for _ in packager.read({str(archive)!r}, workers=2)))\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert done.stdout == f"{len(list(read(archive)))}\n"


# --- the report ----------------------------------------------------------------------------


def accounts(folder: Path, path: Path) -> list[dict[str, Any]]:
    report = Report(detailed=True)
    list(reported(read(folder, report=report, base=folder), report, path))
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_every_page_has_an_account(archive: Path, tmp_path: Path) -> None:
    pages = {str(one["page"]): one for one in accounts(archive, tmp_path / "report.jsonl")}
    page = pages["000.txt"]
    assert page["reader"] == "text: it is text and no other form was recognised"
    assert page["confidence"] == 1.0
    (taken,) = page["taken"]
    assert taken["title"] == "Letter 0 to the Keepers"
    assert taken["text"] == "Dear keepers, This is letter number 0, and the fog is thick."
    assert pages["050a.txt"]["taken"] == [] and pages["050a.txt"]["confidence"] is None
    assert [one["code"] for one in pages["050a.txt"]["findings"]] == ["empty-file"]
    assert {path.name for path in archive.iterdir()} - {"065a.zip", "070a.txt.gz"} <= pages.keys()


def test_what_was_cut_stands_in_the_account(tmp_path: Path) -> None:
    found = accounts(ARCHIVE, tmp_path / "report.jsonl")
    page = next(one for one in found if "commemorative" in str(one["page"]))
    (taken,) = page["taken"]
    assert {"what": "end mark", "words": 1, "begins": "-0-"} in taken["cut"]
    assert taken["text"].startswith("Dunmore, October 15 (HNA)") or "…" in taken["text"]


def test_an_unsure_page_says_how_sure(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    links = "".join(f'<li><a href="/{n}">Harbour news of day {n}</a></li>' for n in range(40))
    (folder / "a.html").write_text(f"<html><body><ul>{links}</ul><p>Fog today.</p></body></html>")
    (page,) = accounts(folder, tmp_path / "report.jsonl")
    if page["taken"]:
        assert page["confidence"] < 0.6
        assert [one["code"] for one in page["findings"]] == ["not-sure"]
    else:
        assert [one["code"] for one in page["findings"]] == ["no-speech"]


def test_html_report_is_one_file_that_escapes_what_it_quotes(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.txt").write_text("Title: <b>Tides</b>\n\nA <script>alert(1)</script> at noon.\n")
    report = Report(detailed=True)
    path = tmp_path / "report.html"
    list(reported(read(folder, report=report), report, path))
    text = path.read_text("utf-8")
    assert "&lt;b&gt;Tides&lt;/b&gt;" in text and "<script" not in text
    assert '<th scope="row">speeches</th><td class="number">1</td>' in text
    assert sorted(one.name for one in tmp_path.iterdir()) == ["pages", "report.html"]


def test_other_endings_and_folders_that_are_not_there(tmp_path: Path) -> None:
    for name, message in (("a.txt", "ends in .html or .jsonl"), ("no/a.html", "No such file")):
        with pytest.raises(InputError, match=message):
            list(reported([], Report(), tmp_path / name))


def test_quoted_whole_and_shortened() -> None:
    assert quoted("one two", 2) == "one two"
    assert quoted("one two three four five", 1) == "one … five"
