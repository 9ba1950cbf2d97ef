"""The same bytes from the same book, however it was made."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, copy_examples
from tests.press.books import random_book
from tests.press.conftest import order_for, order_of
from tests.press.printed import bind


class Backwards(Executor):
    """Does the jobs that it is given, the last one first."""

    def __init__(self) -> None:
        self.order: list[int] = []
        self._jobs: list[tuple[int, Future[Any], Callable[[], Any]]] = []
        self._given = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        idle = not self._jobs
        self._jobs.append((self._given, future, lambda: fn(*args, **kwargs)))
        self._given += 1
        if idle:
            threading.Thread(target=self._work).start()
        return future

    def _work(self) -> None:
        time.sleep(0.3)  # until all jobs of the step are here
        while self._jobs:
            number, future, job = self._jobs.pop()
            self.order.append(number)
            if future.set_running_or_notify_cancel():
                future.set_result(job())


@pytest.mark.slow
def test_workers_in_another_order(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = order_for(random_book(3, 8, 2), "classic")
    pool = bind(order)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
    backwards = Backwards()
    assert bind(replace(order, executor=backwards)).data == pool.data
    assert backwards.order[0] > backwards.order[1]


def test_a_warm_a_cold_and_a_half_emptied_cache(cache: Path) -> None:
    order = order_for(random_book(4, 4, 2), "plain")
    cold = bind(order)
    assert bind(order).data == cold.data
    kept = sorted(path for path in cache.rglob("*") if path.is_file())
    for path in kept[::2]:
        path.unlink()
    kept[1].write_bytes(b"spoiled")
    assert bind(order).data == cold.data


def test_a_cache_that_cannot_be_written(cache: Path) -> None:
    order = order_for(random_book(4, 2, 1), "classic")
    warm = bind(order)
    subprocess.run(["rm", "-r", cache], check=True)
    cache.write_text("a file where the folder should be")
    assert bind(order).data == warm.data


@pytest.mark.slow
def test_another_folder_another_hash_seed_and_letters_of_a_font_of_the_machine(
    tmp_path: Path,
) -> None:
    """Each in a process of its own; the word in Tifinagh, which no style has a font for,
    comes from whatever font the machine has."""
    found = set()
    for name, seed in (("one", "1"), ("two", "2")):
        folder = copy_examples(tmp_path / name)
        speech = folder / "archive" / "2020-10-09-speech-opening-of-utter-school.txt"
        speech.write_text(speech.read_text("utf-8") + "\nⵜⵉⴼⵉⵏⴰⵖ\n", "utf-8")
        run = subprocess.run(
            [sys.executable, "-c", _BIND, str(folder / "plain-words")],
            env=os.environ
            | {
                "PYTHONHASHSEED": seed,
                "PYTHONPATH": str(ROOT),
                "XDG_CACHE_HOME": str(tmp_path / name / "cache"),
            },
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(run.stdout)
    assert len(found) == 1


_BIND = """
import sys
from pathlib import Path
from tests.press.test_bytes import digest
print(digest(Path(sys.argv[1])))
"""


def digest(folder: Path) -> str:
    """What the process of another hash seed tells of a book; it has no guard for its workers."""
    return hashlib.sha256(bind(order_of(folder)).data).hexdigest()
