"""A Dask cluster does the reading and the setting: two worker processes, one of them killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import packager
from packager.cluster import dask
from packager.errors import EditionError
from tests.conftest import ROOT, SPEECH, small_book

distributed = pytest.importorskip("distributed", reason="the extra 'dask' is not installed")
PAGES = 64
"""So many that 24 of them are read by the cluster (`reading.FEW`)."""


@pytest.mark.slow
def test_a_cluster_of_which_a_worker_is_killed_makes_the_same_book(tmp_path: Path) -> None:
    pages = {
        f"s{n:02}": SPEECH.replace("3 May 2019", f"{n % 28 + 1} May 20{n}")
        for n in range(10, 10 + PAGES)
    }
    book = small_book(tmp_path / "book", **pages)
    shared = tmp_path / "shared"
    env = os.environ | {"PACKAGER_CACHE": f"file://{shared}", "PYTHONPATH": str(ROOT)}
    build = [sys.executable, "-m", "packager", "build", str(book), "--edition", "screen"]
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=2, dashboard_address=None, scheduler_port=0
    ) as cluster:
        command = [*build, "--out", str(tmp_path / "dask"), "--dask", cluster.scheduler_address]
        run = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        galleys = 10  # beside what the build itself puts there
        while sum(path.is_file() for path in shared.rglob("*")) < galleys:
            assert run.poll() is None, run.stderr
            time.sleep(0.05)
        os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
        said, told = run.communicate()
    assert run.returncode == 0, told.decode()
    assert b"galleys set anew (new)" in said
    env["PACKAGER_CACHE"] = str(tmp_path / "own")
    subprocess.run([*build, "--out", str(tmp_path / "here")], env=env, check=True)
    made, wanted = (tmp_path / name / "book-screen.pdf" for name in ("dask", "here"))
    assert made.read_bytes() == wanted.read_bytes()


def test_a_cluster_that_is_not_there(tmp_path: Path) -> None:
    book = small_book(tmp_path / "book", one=SPEECH)
    with pytest.raises(EditionError) as caught, dask("tcp://127.0.0.1:9") as executor:
        packager.build(book, executor=executor)
    assert str(caught.value) == (
        "no Dask scheduler answers at tcp://127.0.0.1:9; start one with 'dask scheduler', and "
        "workers with 'dask worker ADDRESS'"
    )
