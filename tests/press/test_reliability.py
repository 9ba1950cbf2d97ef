"""What may befall a build: killed workers, a killed build, full disks, spoiled caches, bad input.

The next build gives the same bytes; there is never a file that is not whole, and what a person
must know is one line.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

import packager
from packager.editions.press.crew import crew
from packager.errors import EditionError, StyleError
from packager.processes import Pool
from tests.conftest import ROOT, SPEECH, small_book
from tests.press.books import book_of, paragraphs, random_book, speech
from tests.press.conftest import order_for
from tests.press.printed import bind

KILLS = 50


def built(book: Path, out: Path, cache: Path, *, tmp: Path | None = None) -> list[str]:
    """The command that builds the screen edition, with a cache and a place for its files."""
    return [
        "env",
        f"PACKAGER_CACHE={cache}",
        *([f"TMPDIR={tmp}"] if tmp else []),
        f"PYTHONPATH={ROOT}",
        *[sys.executable, "-m", "packager", "build", str(book)],
        *["--edition", "screen", "--out", str(out)],
    ]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- killed --------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_worker_that_is_killed(cache: Path, tmp_path: Path) -> None:
    order = order_for(random_book(5, 12, 2), "classic")
    with Pool(2, "packager.editions.press.galley") as pool:

        def step(message: str) -> None:
            if message.startswith("setting galleys, 3 "):
                os.kill(next(iter(pool._processes)), signal.SIGKILL)

        with pytest.raises(EditionError) as caught:
            bind(replace(order, executor=pool, step=step))
    assert str(caught.value) == (
        "a worker ended before its pages were set (BrokenProcessPool); run the build again: it "
        "goes on where it was; if it happens again, there may be too little memory"
    )
    again = bind(order)
    assert 0 < len(again.set_anew) < again.layers_anew
    shutil.rmtree(cache)
    assert bind(order).data == again.data


@pytest.mark.slow
def test_a_build_that_is_killed_at_any_moment(tmp_path: Path) -> None:
    """Fifty times; the cache is emptied whenever a build came to its end."""
    pages = {f"s{n}": SPEECH.replace("3 May", f"{n} May") for n in range(1, 13)}
    book = small_book(tmp_path / "book", **pages)
    out, cache = tmp_path / "out", tmp_path / "cache"
    command = built(book, out, cache)
    began = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    whole = time.monotonic() - began
    wanted = digest(out / "book-screen.pdf")
    dice = random.Random(7)
    kills = 0
    while kills < KILLS:
        shutil.rmtree(out, ignore_errors=True)
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            run.wait(dice.uniform(0, whole))
        except subprocess.TimeoutExpired:
            run.kill()
            kills += 1
        else:
            shutil.rmtree(cache)
        run.wait()
        for made in out.glob("*.pdf") if out.exists() else ():
            assert digest(made) == wanted
    subprocess.run(command, check=True, capture_output=True)
    assert digest(out / "book-screen.pdf") == wanted


@pytest.mark.slow
def test_no_process_and_no_file_is_left_of_a_killed_build(tmp_path: Path) -> None:
    pages = {f"s{n}": SPEECH.replace("3 May", f"{n} May") for n in range(1, 13)}
    book = small_book(tmp_path / "book", **pages)
    (tmp_path / "tmp").mkdir()
    command = built(book, tmp_path / "out", tmp_path / "cache", tmp=tmp_path / "tmp")
    run = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    workers: list[psutil.Process] = []
    while len(workers) < 2:  # forks; or a fork server and what it has started
        assert run.poll() is None, "the build came to its end before it had workers"
        time.sleep(0.05)
        workers = run.children(recursive=True)
    run.kill()
    run.wait()
    _, alive = psutil.wait_procs(workers, timeout=60)
    assert not alive
    assert not list((tmp_path / "tmp").glob("packager-*"))


# --- no room -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def tiny() -> Callable[[Path, str], list[str]]:
    """A command that puts a disk of so many kB on a folder for what it runs."""

    def on(folder: Path, size: str) -> list[str]:
        mount = f'mount -t tmpfs -o size={size} tmpfs "$0" && exec "$@"'
        return ["unshare", "-rm", "sh", "-c", mount, str(folder)]

    if not shutil.which("unshare") or subprocess.run([*on(Path("/mnt"), "4k"), "true"]).returncode:
        pytest.skip("no file system can be mounted (unshare -rm)")
    return on


@pytest.mark.slow
@pytest.mark.parametrize("full", ["cache", "out", "tmp"])
def test_a_full_disk(full: str, tmp_path: Path, tiny: Callable[[Path, str], list[str]]) -> None:
    book = small_book(tmp_path / "book", one=SPEECH)
    folders = {name: tmp_path / name for name in ("cache", "out", "tmp")}
    for folder in folders.values():
        folder.mkdir()
    plain = built(book, tmp_path / "plain", tmp_path / "other")
    subprocess.run(plain, check=True, capture_output=True)
    command = built(book, folders["out"], folders["cache"], tmp=folders["tmp"])
    look = ["sh", "-c", '"$@"; code=$?; ls -A "$0"; exit $code', str(folders["out"]), *command]
    run = subprocess.run([*tiny(folders[full], "24k"), *look], capture_output=True, text=True)
    if full == "cache":
        assert run.returncode == 0, run.stderr
        assert digest(folders["out"] / "book-screen.pdf") == digest(
            tmp_path / "plain" / "book-screen.pdf"
        )
        return
    assert run.returncode == 15
    assert run.stdout == "", "no file, whole or not"
    assert run.stderr.count("\n") == 1 and "No space left on device" in run.stderr


# --- spoiled -------------------------------------------------------------------------------


def _flipped(data: bytes) -> bytes:
    at = len(data) // 2
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


SPOILED: dict[str, Callable[[bytes], bytes]] = {
    "a bit of the entry": _flipped,
    "a bit of its digest": lambda data: bytes([data[0] ^ 1]) + data[1:],
    "its end": lambda data: data[: len(data) // 2],
    "all of it": lambda data: b"",
    "all but the digest": lambda data: data[:32],
}


@pytest.mark.slow
@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_every_entry_of_the_cache_spoiled(
    spoil: Callable[[bytes], bytes], tmp_path: Path, cache: Path
) -> None:
    """Fonts, cut programs, break rules, galleys, folio layers, the record of the last build."""
    book = small_book(tmp_path / "book", one=SPEECH, two=SPEECH.replace("3 May", "4 May"))
    first = packager.build(book, editions=["screen"], environ={})[0]
    entries = [path for path in cache.rglob("*") if path.is_file()]
    assert len(entries) > 20
    for path in entries:
        path.write_bytes(spoil(path.read_bytes()))
    report = packager.Report()
    again = packager.build(book, editions=["screen"], environ={}, report=report)[0]
    assert again.sha256 == first.sha256
    assert not report.errors
    warm = packager.build(book, editions=["screen"], environ={})[0]
    assert warm.sha256 == first.sha256 and warm.work.startswith("0 of ")


@pytest.mark.slow
def test_entries_that_changed_places(tmp_path: Path, cache: Path) -> None:
    """Each is whole, but not what its name says: a disk that was copied badly."""
    book = small_book(tmp_path / "book", one=SPEECH)
    first = packager.build(book, editions=["screen"], environ={})[0]
    entries = [path for path in cache.rglob("*") if path.is_file()]
    found = [path.read_bytes() for path in entries]
    for path, data in zip(entries, found[1:] + found[:1], strict=True):
        path.write_bytes(data)
    assert packager.build(book, editions=["screen"], environ={})[0].sha256 == first.sha256


# --- bad input -----------------------------------------------------------------------------


def refused(book: Path, out: Path) -> Iterator[str]:
    """What a build says that must fail; it leaves nothing behind."""
    with pytest.raises((EditionError, StyleError)) as caught:
        packager.build(book, editions=["screen"], out=out, environ={})
    assert not [path for path in out.rglob("*") if path.is_file()]
    yield str(caught.value)


def test_a_font_that_is_not_there(tmp_path: Path, cache: Path) -> None:
    book = small_book(tmp_path / "book", more='[style]\nname = "odd"\n', one=SPEECH)
    style = tmp_path / "book" / "odd"
    style.mkdir()
    (style / "style.toml").write_text(
        'inherit = "classic"\n[[font]]\nfamily = "Bells"\npackage = "no_bells"\nfile = "b.ttf"\n'
    )
    assert list(refused(book, tmp_path / "out")) == [
        "the font package 'no_bells' is not installed; pip install no-bells"
    ]


@pytest.mark.parametrize("data", ["iVBORw0KGgoAAAANSUhEUgAA", "bm8gcGljdHVyZQ=="])
def test_a_picture_that_is_broken(data: str, tmp_path: Path, cache: Path) -> None:
    """Books have no pictures but the cover; one in a style is refused, whole or not."""
    css = f".text {{ background: url(data:image/png;base64,{data}) }}"
    book = small_book(tmp_path / "book", one=SPEECH, css=css)
    (said,) = refused(book, tmp_path / "out")
    assert said == (
        "d1 (“To the Gardeners of the Ninth Terrace”) cannot be set: the book asked for "
        f"data:image/png;base64,{data}, which it does not hold; take the address out of the style "
        "or book.css"
    )


def test_a_crew_of_ones_own_ends_with_its_binding() -> None:
    with crew(None) as hired:
        pool = hired(1000, 0)
        assert pool is not None
        pids = [pool.submit(os.getpid).result()]
    assert not any(psutil.pid_exists(pid) for pid in pids)


@pytest.mark.slow
def test_threads_may_set_galleys_too(cache: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    order = order_for(book_of([speech(n, paragraphs(4, n)) for n in range(1, 9)], 2), "plain")
    with ThreadPoolExecutor(4) as threads:
        made = bind(replace(order, executor=threads))
    shutil.rmtree(cache)
    assert bind(order).data == made.data
