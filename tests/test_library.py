"""The library: kept once, found again, whole after every accident, versions of one speech together.

Every accident is made on purpose: a second writer, a killed one, a full disk, a damaged file.
"""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from packager import cli_library, library_file
from packager.dates import read_date
from packager.errors import InputError, PackagerError
from packager.findings import Report
from packager.keep import keep
from packager.library import (
    Added,
    Library,
    Page,
    add,
    captures,
    get,
    known,
    list_speeches,
    open_library,
    search,
    speeches,
    versions,
)
from packager.library_file import deflated, inflated
from packager.library_versions import alike, sketch
from packager.speech import (
    Block,
    BlockKind,
    Provenance,
    Speech,
    make_id,
    plain,
    words_digest,
)

from .conftest import ROOT, SPEECH

WORDS = [f"{a}{b}{c}" for a in "bdfgklmprst" for b in "aeiou" for c in ("lo", "ra", "ni", "x")]


def speech(
    text: str,
    path: str,
    *,
    day: str | None = "2019-03-14",
    title: str = "To the Masons",
    speaker: str | None = "Ada Brink",
    url: str | None = None,
    captured: str | None = None,
    version: str = "1",
    **more: str,
) -> Speech:
    blocks = tuple(Block(BlockKind.P, plain(part)) for part in text.split("\n\n"))
    date = read_date(day) if day else None
    return Speech(
        id=more.get("ident") or make_id(date, blocks),
        title=title,
        blocks=blocks,
        provenance=Provenance(
            path, f"{sum(map(ord, path)):064x}", "text", version, url=url, captured=captured
        ),
        speaker=speaker,
        kind=more.get("kind"),
        language=more.get("language"),
        date=date,
    )


def long_text(seed: int, words: int = 300) -> str:
    rng = random.Random(seed)
    return " ".join(rng.choice(WORDS) for _ in range(words))


def changed(text: str, every: int) -> str:
    """The text with each so-many-th word another."""
    words = text.split()
    words[every - 1 :: every] = ["otherwise"] * len(words[every - 1 :: every])
    return " ".join(words)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path / "library.db", create=True) as opened:
        yield opened


def whole(path: Path) -> int:
    """How many speeches a library holds; fails where any part of it disagrees with another."""
    with open_library(path) as opened:
        db = opened.db
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        db.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
        counts = {
            db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("speeches", "texts")
        }
        (count,) = counts
        assert db.execute("SELECT count(*) FROM words_docsize").fetchone()[0] == count
        chosen = db.execute("SELECT count(*), count(DISTINCT family) FROM speeches WHERE chosen")
        families = db.execute("SELECT count(DISTINCT family) FROM speeches").fetchone()[0]
        assert chosen.fetchone() == (families, families)
        return int(count)


# --- keeping -------------------------------------------------------------------------------


def test_what_is_kept_comes_back_as_it_was(library: Library) -> None:
    made = [
        speech("Build.\n\n“Rest,” she said.", "a.txt", kind="letter", language="en"),
        speech("磨坊主们，水来了。", "b.txt", day="1931", speaker=None),
        speech("x" * 50_000 + " and more", "c.txt", day=None),
    ]
    assert add(library, made) == Added(added=3)
    assert list(speeches(library)) == made
    assert [get(library, one.id) for one in made] == made
    assert whole(library.path) == 3


def test_adding_again_changes_nothing(library: Library) -> None:
    made = [speech(long_text(n), f"{n}.txt") for n in range(30)]
    add(library, made)
    before = list(library.db.iterdump())
    assert add(library, made) == Added(known=30)
    assert list(library.db.iterdump()) == before


def test_a_newer_reader_replaces_its_older_reading(library: Library) -> None:
    add(library, [speech("Build the wall of mist.", "a.txt"), speech("Bake.", "b.txt")])
    newer = speech("Build the wall of stone.", "a.txt", version="2")
    assert add(library, [newer]) == Added(added=1, replaced=1)
    assert [hit.kept.id for hit in search(library, "wall")] == [newer.id]
    assert search(library, "mist") == []
    assert whole(library.path) == 2


def test_two_speeches_of_one_page_stay_two(library: Library) -> None:
    one, two = speech("Build.", "a.txt"), speech("Bake.", "a.txt")
    assert add(library, [one, two]) == Added(added=2)
    assert add(library, [one, two]) == Added(known=2)


def test_an_id_that_another_speech_has_gets_a_number(library: Library) -> None:
    made = [speech(text, f"{text}.txt", ident="x-1") for text in ("Build.", "Bake.", "Rest.")]
    add(library, made)
    assert [one.id for one in speeches(library)] == ["x-1", "x-1-2", "x-1-3"]
    assert get(library, "x-1-3").text == "Rest."
    assert add(library, made) == Added(known=3)


def test_a_page_is_known_in_these_bytes_by_these_readers(library: Library) -> None:
    page = Page("a.txt", "ab" * 32, "1")
    assert not known(library, page)
    add(library, [speech("Build.", "a.txt"), page])
    assert known(library, page)
    assert not known(library, replace(page, sha256="cd" * 32))
    assert not known(library, replace(page, readers="2"))


def test_the_digest_is_that_of_speeches(library: Library) -> None:
    one = speech("Build.  The\twall\n\nleans.", "a.txt")
    framed = replace(one, blocks=(Block(BlockKind.LEDE, plain("He said:")), *one.blocks))
    add(library, [framed])
    (digest,) = library.db.execute("SELECT digest FROM speeches").fetchone()
    assert digest.hex() == words_digest(framed.blocks) == words_digest(one.blocks)


def test_names_of_files_in_other_encodings_are_kept(library: Library) -> None:
    made = speech("Build.", "caf\udce9.txt")
    assert add(library, [made]) == Added(added=1)
    (one,) = speeches(library)
    assert one.provenance.path == "caf?.txt"
    assert add(library, [made]) == Added(known=1)


def test_json_is_packed_with_its_own_text() -> None:
    text = long_text(1, 3000)
    json = f'{{"text": "{text}", "again": "{text}"}}'.encode()
    assert inflated(deflated(json, text), text) == json
    assert len(deflated(json, text)) < len(deflated(json, ""))


# --- versions ------------------------------------------------------------------------------


def test_the_same_words_are_captures_of_one_speech(library: Library) -> None:
    late = speech("Build.", "a.txt", captured="2020-01-02", url="https://a.example/1")
    early = speech("Build.", "b.txt", captured="2019-05-02", url="https://a.example/2")
    bare = speech("Build.", "c.txt", captured="2018-01-01")
    assert add(library, [late, bare, early]) == Added(added=3, captures=2)
    assert list(speeches(library)) == [early]
    assert captures(library) == {early.id: (late.provenance, bare.provenance)}
    assert [kept.path for kept in versions(library, early.id)] == ["b.txt", "a.txt", "c.txt"]
    assert [kept.versions for kept in list_speeches(library)] == [3]
    assert len(list(list_speeches(library, every=True))) == 3


@pytest.mark.parametrize(
    ("every", "day", "words", "one"),
    [
        (40, "2019-03-14", 300, True),
        (40, "2019-03-20", 300, True),  # an agency prints late
        (40, None, 300, True),
        (40, "2019-04-20", 300, False),  # a formula that comes again
        (7, "2019-03-15", 300, True),  # retold on the same day
        (7, "2019-03-20", 300, False),
        (7, "2019-03-14", 100, False),  # too short to be retold
        (2, "2019-03-14", 300, False),
        (10, "2019-03-14", 30, False),  # two telegrams
    ],
)
def test_near_duplicates(
    library: Library, every: int, day: str | None, words: int, one: bool
) -> None:
    text = long_text(5, words)
    made = [speech(text, "a.txt"), speech(changed(text, every), "b.txt", day=day)]
    assert add(library, made) == Added(added=2, versions=int(one))
    assert len(list(speeches(library))) == (1 if one else 2)
    assert whole(library.path) == 2


def test_records_of_one_file_are_versions_only_with_addresses(library: Library) -> None:
    text = long_text(6)
    bare = [speech(text, "a.json#1"), speech(changed(text, 40), "a.json#2")]
    assert add(library, bare).versions == 0
    text = long_text(7)
    first = speech(text, "b.json#1", url="https://a.example/1")
    second = speech(changed(text, 40), "b.json#2", url="https://a.example/2")
    assert add(library, [first, second]).versions == 1


def test_a_capture_that_is_like_two_families_joins_them(library: Library) -> None:
    text = long_text(8).split()
    left, right = list(text), list(text)
    left[:130] = ["left"] * 130
    right[-130:] = ["right"] * 130
    ends = [speech(" ".join(left), "a.txt"), speech(" ".join(right), "b.txt")]
    assert add(library, ends).versions == 0
    assert add(library, [speech(" ".join(text), "c.txt")]).versions == 1
    assert len(list(speeches(library))) == 1
    assert whole(library.path) == 3


def test_sketches_estimate_the_share_of_shingles() -> None:
    words = long_text(9, 2000).split()
    first = sketch(words)
    second = sketch(words[:1000] + long_text(10, 1000).split())
    assert first and second
    assert 0.15 < alike(first.parts, second.parts) < 0.55  # a third is shared
    assert sketch(words) == first


def test_sketches_of_another_make_are_not_mixed(library: Library) -> None:
    add(library, [])
    library.db.execute("UPDATE facts SET value = 'md5, 4 parts'")
    with pytest.raises(InputError) as caught:
        add(library, [speech("Build.", "a.txt")])
    assert str(caught.value).startswith(f"{library.path}: its sketches are 'md5, 4 parts', ")


# --- searching and listing -----------------------------------------------------------------


@pytest.fixture
def shelf(library: Library) -> Library:
    add(
        library,
        [
            speech("The wall leans, state-of-the-art.", "a.txt", title="To the Masons"),
            speech("The bread (don't wait) rises: C++.", "b.txt", title="To the Bakers"),
            speech("磨坊主们，水来了。", "c.txt", title="致磨坊主", day="1931-04-07"),
            speech("김철수는 방앗간에서 연설하였다.", "d.txt", title="연설", day=None),
        ],
    )
    return library


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        ("wall", ["a.txt"]),
        ("WALL masons", ["a.txt"]),
        ("state-of-the-art", ["a.txt"]),
        ("don't C++", ["b.txt"]),
        ("(don't", ["b.txt"]),
        ("rises: C", ["b.txt"]),
        ("wall bread", []),
        ("wall OR bread", ["a.txt", "b.txt"]),
        ('"bread don"', ["b.txt"]),
        ("title:bakers", ["b.txt"]),
        ("speaker:brink AND brea*", ["b.txt"]),
        ("磨坊", ["c.txt"]),
        ("坊磨", []),
        ('"水来" AND title:磨坊', ["c.txt"]),
        ("방앗간", ["d.txt"]),
        ("?!", []),
        ("^ - + { } ~", []),
    ],
)
def test_search(shelf: Library, query: str, paths: list[str]) -> None:
    assert sorted(hit.kept.path for hit in search(shelf, query)) == paths


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ('"wall', "the query '\"wall' is not understood: unterminated string; "),
        ("wall AND", "the query 'wall AND' is not understood: fts5: syntax error near \"\"; "),
        ("NEAR(wall", "the query 'NEAR(wall' is not understood: fts5: syntax error near \"\"; "),
    ],
)
def test_a_query_that_is_not_understood(shelf: Library, query: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        search(shelf, query)
    assert str(caught.value) == (
        f"{message}leave out quotation marks and signs to search for plain words"
    )


def test_an_empty_query(shelf: Library) -> None:
    with pytest.raises(InputError, match=r"^the query is empty; name a word to look for$"):
        search(shelf, "  ")


def test_a_search_shows_each_speech_once_with_the_words_around(library: Library) -> None:
    text = "Once there was a mill. " * 30 + "Then came the flood of words and the mill stood still."
    add(library, [speech(text, f"{n}.txt", captured=f"201{n}-01-01") for n in range(5)])
    (hit,) = search(library, "flood")
    assert (hit.kept.path, hit.kept.versions) == ("0.txt", 5)
    assert "came the flood of words" in hit.snippet
    assert len(search(library, "mill", limit=1)) == 1


def test_snippets_of_unspaced_scripts_are_as_written(shelf: Library) -> None:
    (hit,) = search(shelf, "水来了")
    assert hit.snippet == "磨坊主们，水来了。"


def test_lists_are_by_date_and_filtered(shelf: Library) -> None:
    assert [kept.path for kept in list_speeches(shelf)] == ["c.txt", "b.txt", "a.txt", "d.txt"]
    assert [kept.path for kept in list_speeches(shelf, first="2019-01-01")] == ["b.txt", "a.txt"]
    assert [kept.path for kept in list_speeches(shelf, last="1999-12-31")] == ["c.txt"]
    assert len(list(list_speeches(shelf, speaker="ADA BRINK"))) == 4
    assert list(list_speeches(shelf, kind="letter")) == []
    assert len(list(list_speeches(shelf, limit=2))) == 2


def test_an_id_that_is_not_there(shelf: Library) -> None:
    name = next(list_speeches(shelf)).id
    with pytest.raises(InputError) as caught:
        get(shelf, f"{name}x")
    assert str(caught.value) == f"no speech has the id '{name}x'; did you mean {name}?"
    with pytest.raises(
        InputError, match=r"^no speech has the id 'zzz'; see the ids: packager list$"
    ):
        get(shelf, "zzz")


# --- files that are no library -------------------------------------------------------------


def test_a_library_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with pytest.raises(InputError) as caught:
        open_library(path)
    assert str(caught.value) == (
        f"{path}: there is no library; make one: packager add PAGES --library FILE"
    )
    with pytest.raises(InputError, match=r"cannot be opened"):
        open_library(tmp_path / "no" / "library.db", create=True)


def test_files_of_others(tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("This is no database, it is a text of more than a hundred bytes. " * 4)
    with pytest.raises(InputError) as caught:
        open_library(text, create=True)
    assert str(caught.value) == f"{text}: no library; name another file"
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE t (x)")
    db.close()
    with pytest.raises(InputError) as caught:
        open_library(other, create=True)
    assert str(caught.value) == (
        f"{other}: a database, but no library of packager; name another file"
    )
    with sqlite3.connect(other) as db:
        assert db.execute("SELECT name FROM sqlite_master").fetchall() == [("t",)]
    db.close()


def test_a_library_of_another_schema(library: Library) -> None:
    library.db.execute("PRAGMA user_version = 99")
    with pytest.raises(InputError) as caught:
        open_library(library.path)
    assert str(caught.value) == (
        f"{library.path}: a library of schema 99; this version knows 1; use the version that made "
        "it, or make it anew: packager add PAGES"
    )


# --- accidents -----------------------------------------------------------------------------

WRITER = """
import sys
from pathlib import Path
sys.path[:0] = [{root!r}]
from tests.test_library import speech, long_text
from packager import library
library.BATCH = 20
name, first, count = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
with library.open_library(Path(sys.argv[1]), create=True) as opened:
    print("open", flush=True)
    made = (speech(long_text(n), f"{{name}}/{{n}}.txt") for n in range(first, first + count))
    print(library.add(opened, made), flush=True)
"""


def writer(path: Path, name: str, first: int, count: int) -> subprocess.Popen[str]:
    script = WRITER.format(root=str(ROOT))
    words = [sys.executable, "-c", script, str(path), name, str(first), str(count)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_processes_write_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    both = [writer(path, "left", 0, 400), writer(path, "right", 200, 400)]
    for one in both:
        out, error = one.communicate(timeout=120)
        assert (one.returncode, error) == (0, ""), error
        assert "added=400" in out
    assert whole(path) == 800
    with open_library(path) as opened:
        assert len(list(list_speeches(opened))) == 600  # 200 are in both


def test_a_killed_writer_leaves_whole_batches(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    killed = writer(path, "left", 0, 100_000)
    assert killed.stdout
    killed.stdout.readline()
    deadline = time.monotonic() + 60
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        while time.monotonic() < deadline:
            if db.execute("SELECT count(*) FROM texts").fetchone()[0] >= 100:
                break
            time.sleep(0.01)
    db.close()
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    count = whole(path)
    assert count >= 100
    assert count % 20 == 0
    again = writer(path, "left", 0, count + 50)
    out, _ = again.communicate(timeout=120)
    assert f"Added(added=50, known={count}" in out
    assert whole(path) == count + 50


def test_a_full_disk_is_told_and_leaves_whole_batches(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("packager.library.BATCH", 20)
    add(library, [speech(long_text(n), f"{n}.txt") for n in range(40)])
    pages = library.db.execute("PRAGMA page_count").fetchone()[0]
    library.db.execute(f"PRAGMA max_page_count = {pages + 30}")
    with pytest.raises(PackagerError) as caught:
        add(library, (speech(long_text(n), f"{n}.txt") for n in range(40, 900)))
    assert str(caught.value) == (
        f"{library.path}: cannot be written further: database or disk is full; what was kept "
        "before is whole; make room on the disk and run the same command again"
    )
    assert caught.value.exit_code == 10
    count = whole(library.path)
    assert 40 <= count < 900
    assert count % 20 == 0
    library.db.execute("PRAGMA max_page_count = 1000000")
    made = add(library, (speech(long_text(n), f"{n}.txt") for n in range(900)))
    assert (made.added, made.known) == (900 - count, count)
    assert whole(library.path) == 900


def test_a_file_that_may_not_grow_is_told(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    first = writer(path, "left", 0, 40)
    first.communicate(timeout=120)
    script = WRITER.format(root=str(ROOT)).replace(
        "import sys\n",
        "import resource, sys\nresource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20))\n",
        1,
    )
    words = [sys.executable, "-c", script, str(path), "left", "0", "4000"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "cannot be written further" in done.stderr
    assert whole(path) >= 40


def test_a_writer_that_does_not_let_go_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_file, "PATIENCE", 0.2)
    path = tmp_path / "library.db"
    with open_library(path, create=True) as first, open_library(path) as second:
        add(first, [])
        first.db.execute("BEGIN IMMEDIATE")
        with pytest.raises(PackagerError) as caught:
            add(second, [speech("Build.", "a.txt")])
        assert str(caught.value) == (
            f"{path}: another process has been writing for 0 seconds; let it end, then run the "
            "same command again"
        )
        first.db.execute("ROLLBACK")
        assert add(second, [speech("Build.", "a.txt")]) == Added(added=1)


def test_a_reader_that_fails_loses_one_batch(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("packager.library.BATCH", 10)

    def failing() -> Iterator[Speech]:
        for n in range(35):
            yield speech(long_text(n), f"{n}.txt")
        raise RuntimeError("the lamp went out")

    with pytest.raises(RuntimeError, match="lamp"):
        add(library, failing())
    assert whole(library.path) == 30
    assert add(library, [speech("Build.", "z.txt")]) == Added(added=1)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_library(tmp_path: Path) -> None:
    script = WRITER.format(root=str(ROOT)) + (
        "import resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    peaks = []
    for count in (1500, 6000):
        words = [sys.executable, "-c", script, str(tmp_path / f"{count}.db"), "a", "0", str(count)]
        out = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        peaks.append(int(out.split()[-1]) / 1024)
    # SQLite's cache is allowed to fill: 64 MiB in all, whatever the library's size.
    assert peaks[1] - peaks[0] < library_file.CACHE / 1024


# --- archives and commands -----------------------------------------------------------------


def test_an_archive_is_read_once(tmp_path: Path) -> None:
    archive = tmp_path / "pages"
    archive.mkdir()
    (archive / "a.txt").write_text(SPEECH)
    (archive / "b.txt").write_text(SPEECH.replace("rain", "snow"))
    (archive / "c.txt").write_text("%% 1 ~~ 77 || #")
    with open_library(tmp_path / "library.db", create=True) as library:
        report = Report()
        done = keep(library, [archive], report=report)
        assert (done.pages, done.pages_known, done.speeches.added) == (3, 0, 2)
        assert [finding.code for finding in report] == ["not-text"]
        assert {one.provenance.path for one in speeches(library)} == {"pages/a.txt", "pages/b.txt"}
        done = keep(library, [archive])
        assert (done.pages, done.pages_known, done.speeches) == (0, 3, Added())
        (archive / "b.txt").write_text(SPEECH.replace("rain", "hail"))
        done = keep(library, [archive])
        assert (done.pages, done.pages_known, done.speeches.added) == (1, 2, 1)
    assert whole(tmp_path / "library.db") == 3


def test_the_commands(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    shutil.copytree(ROOT / "examples" / "archive", archive)
    path = str(tmp_path / "library.db")
    run = CliRunner().invoke
    first = run(cli_library.add, [str(archive), "--library", path])
    assert f"{path}: " in first.stdout
    assert " speeches added (" in first.stdout
    again = run(cli_library.add, [str(archive), "--library", path])
    assert f"{path}: 0 speeches added (0 other captures, 0 versions, 0 read anew), 0 known" in (
        again.stdout
    )
    listed = run(cli_library.list_command, ["--library", path, "--limit", "1"])
    assert (listed.exit_code, listed.stderr) == (0, "1 speech\n")
    name = listed.stdout.split()[0]
    shown = run(cli_library.show, [name, "--library", path])
    assert shown.exit_code == 0
    word = shown.stdout.split("\n\n")[1].split()[0].strip(",.")
    found = run(cli_library.search_command, [word, "--library", path, "--json"])
    assert (found.exit_code, name in found.stdout) == (0, True)
    as_json = run(cli_library.show, [name, "--library", path, "--json"])
    assert f'"id": "{name}"' in as_json.stdout


@pytest.mark.parametrize(
    "command",
    [cli_library.add, cli_library.search_command, cli_library.list_command, cli_library.show],
)
def test_help_opens_with_a_sentence_and_an_example(command: click.Command) -> None:
    shown = CliRunner().invoke(command, ["--help"]).stdout
    assert "Example:" in shown
    assert shown.split("\n\n")[1].strip().split(".")[0]
