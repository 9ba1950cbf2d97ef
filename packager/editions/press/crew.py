"""Who does the setting: the executor that is handed in, or a pool of processes, or this process.

A pool takes a second to start, so few jobs are done here. Workers come from a fork server
where there is one: a fork of a process that runs threads may hang. They do not run the user's
script again, as multiprocessing would have it, for they need nothing of it.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from types import ModuleType
from typing import TypeVar

from packager.errors import EditionError

FEW = 6
"""Jobs up to which a pool would cost more than it saves: a job of some pages takes 0.2 s."""

Result = TypeVar("Result")
Crew = Callable[[int], Executor | None]
"""How many jobs there are -> who does them; None is this process."""


@contextmanager
def crew(executor: Executor | None) -> Iterator[Crew]:
    """The crew of one binding; a pool of our own is started at need and ended with it."""
    pools: list[ProcessPoolExecutor] = []

    def hired(jobs: int) -> Executor | None:
        if executor is not None:
            return executor
        if not pools and jobs > FEW and (os.cpu_count() or 1) > 1:
            pools.append(_pool())
        return pools[0] if pools and jobs > 1 else None

    try:
        yield hired
    finally:
        for pool in pools:
            pool.shutdown(wait=True, cancel_futures=True)


def _pool() -> ProcessPoolExecutor:
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if "forkserver" in methods:
        context.set_forkserver_preload([f"{__package__}.galley"])
    return ProcessPoolExecutor(os.cpu_count(), mp_context=context)


@contextmanager
def _nothing_to_run_again() -> Iterator[None]:
    """Hide the main module from processes that are started: a script that calls `build` needs
    no `if __name__ == "__main__"` then."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def done(
    hired: Crew, function: Callable[..., Result], jobs: Sequence[tuple[object, ...]]
) -> Iterator[tuple[int, Result]]:
    """The number and the result of each job, as they come in.

    Raises what a job raises, and `EditionError` when a worker dies; what was set is kept.
    """
    executor = hired(len(jobs))
    if executor is None:
        for number, job in enumerate(jobs):
            yield number, function(*job)
        return
    with _nothing_to_run_again():
        numbers = {executor.submit(function, *job): number for number, job in enumerate(jobs)}
    try:
        for future in as_completed(numbers):
            yield numbers[future], future.result()
    except BrokenExecutor as error:
        raise EditionError(
            "a worker process ended before its pages were set",
            hint="run the build again: it goes on where it was; if it happens again, there may "
            "be too little memory",
        ) from error
    finally:
        for future in numbers:
            future.cancel()
