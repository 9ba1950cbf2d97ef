"""Worker processes that take nothing over from this one: no thread, no open file, no script.

They come from a fork server where there is one: a fork of a process that runs threads may hang.
Work that is over in a second may ask for forks of a process that runs no thread, which have
nothing to import. What they write for themselves goes with the pool, however they end; they end
with this process.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Future, ProcessPoolExecutor
from types import ModuleType
from typing import Any, TypeVar

Result = TypeVar("Result")


class Pool(ProcessPoolExecutor):
    """A pool of `workers` processes that have the module `preload` at hand; with `may_fork` they
    are forks of this one where that is safe.

    They do not run the user's script again, as multiprocessing would have it, so a script that
    uses them needs no `if __name__ == "__main__"`.
    """

    def __init__(self, workers: int, preload: str, *, may_fork: bool = False) -> None:
        methods = multiprocessing.get_all_start_methods()
        server = "forkserver" if "forkserver" in methods else "spawn"
        context = multiprocessing.get_context("fork" if may_fork and _alone() else server)
        if "forkserver" in methods:
            context.set_forkserver_preload([preload])
        self._folder = tempfile.TemporaryDirectory(prefix="packager-", ignore_cleanup_errors=True)
        super().__init__(workers, context, _begin, (self._folder.name,))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As of any executor; with `wait` the temporary files go too."""
        super().shutdown(wait, cancel_futures=cancel_futures)
        if wait:
            self._folder.cleanup()

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """As of any executor; a process may be started here, and then sees no script."""
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            return super().submit(fn, *args, **kwargs)
        finally:
            sys.modules["__main__"] = main


def _begin(folder: str) -> None:
    """The first thing that a worker does. Its temporary files (fonts for Pango) get a place that
    does not need it to come to an orderly end; it watches its parent, for a pool whose process
    was killed would wait for jobs for ever. What is there before the work is never garbage: not
    to look through it saves a tenth."""
    tempfile.tempdir = folder
    threading.Thread(target=_follow, args=(folder,), daemon=True).start()
    gc.freeze()


def _follow(folder: str) -> None:
    """End when the parent has ended."""
    parent = multiprocessing.parent_process()
    assert parent is not None  # this is a worker
    parent.join()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def _alone() -> bool:
    """Whether this process runs but one thread, those of libraries counted, as Linux tells."""
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


def is_loss(error: Exception) -> bool:
    """True for what an executor says when a worker died or was taken away; Dask says it in
    exceptions of its own.

    >>> is_loss(BrokenExecutor()), is_loss(ValueError())
    (True, False)
    """
    return isinstance(error, (BrokenExecutor, CancelledError)) or type(error).__module__.startswith(
        "distributed."
    )
