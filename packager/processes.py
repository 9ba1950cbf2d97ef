"""Worker processes that take nothing over from this one: no thread, no open file, no script.

They come from a fork server where there is one: a fork of a process that runs threads may hang.
Work that is over in a second may ask for forks of a process that runs no thread, which have
nothing to import.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
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
        # what is there before the work is never garbage: not to look through it saves a tenth
        super().__init__(workers, mp_context=context, initializer=gc.freeze)

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """As of any executor; a process may be started here, and then sees no script."""
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            return super().submit(fn, *args, **kwargs)
        finally:
            sys.modules["__main__"] = main


def _alone() -> bool:
    """Whether this process runs but one thread, those of libraries counted, as Linux tells."""
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False
