"""Who does the setting: the executor that is handed in, or a pool of processes, or this process.

A pool takes a second to start, so few jobs are done here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, as_completed
from contextlib import contextmanager
from typing import TypeVar

from packager.errors import EditionError
from packager.processes import Pool, is_loss

FEW = 6
"""Jobs up to which a pool would cost more than it saves: a job of some pages takes 0.2 s."""
LARGE = 250_000
"""Bytes of XHTML from which the memory that setting takes is better a worker's, which ends."""

Result = TypeVar("Result")
Crew = Callable[[int, int], Executor | None]
"""How many jobs there are, and how many bytes of XHTML -> who does them; None is this process."""


@contextmanager
def crew(executor: Executor | None) -> Iterator[Crew]:
    """The crew of one binding; a pool of our own is started at need and ended with it."""
    pools: list[Pool] = []

    def hired(jobs: int, size: int) -> Executor | None:
        if executor is not None:
            return executor
        processors = os.cpu_count() or 1
        if not pools and ((jobs > FEW and processors > 1) or size > LARGE):
            pools.append(Pool(processors, f"{__package__}.galley", may_fork=True))
        return pools[0] if pools else None

    try:
        yield hired
    finally:
        for pool in pools:
            pool.shutdown(wait=True, cancel_futures=True)


def done(
    hired: Crew, function: Callable[..., Result], jobs: Sequence[tuple[object, ...]], size: int = 0
) -> Iterator[tuple[int, Result]]:
    """The number and the result of each job, as they come in; `size` is that of their XHTML.

    Raises what a job raises, and `EditionError` when a worker dies; what was set is kept.
    """
    if not jobs:
        return
    executor = hired(len(jobs), size)
    if executor is None:
        for number, job in enumerate(jobs):
            yield number, function(*job)
        return
    numbers = {executor.submit(function, *job): number for number, job in enumerate(jobs)}
    try:
        for future in as_completed(list(numbers)):
            yield numbers.pop(future), future.result()
    except Exception as error:
        if not is_loss(error):
            raise
        raise EditionError(
            f"a worker ended before its pages were set ({type(error).__name__})",
            hint="run the build again: it goes on where it was; if it happens again, there may "
            "be too little memory",
        ) from error
    finally:
        for future in numbers:
            future.cancel()
