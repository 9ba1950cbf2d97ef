"""Where the time of a build goes: the seconds of each stage, told from its steps."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

Step = Callable[[str], None]


def clocked(
    step: Step, *, clock: Callable[[], float] = time.monotonic
) -> tuple[Step, Callable[[], dict[str, float]]]:
    """A function to tell steps to, which hands them on; and one that gives the seconds by stage.

    A stage is a step without what varies in it. Stages stand in the order of their first steps;
    the seconds between two steps are the first one's. A book in volumes comes to a stage again.

    >>> ticks = iter([0.0, 2.0, 5.0, 6.0, 6.5])
    >>> step, seconds = clocked(lambda message: None, clock=lambda: next(ticks))
    >>> for message in ("reading a.txt", "reading b.txt", "setting galleys, 1 of 2", "binding"):
    ...     step(message)
    >>> seconds()
    {'reading': 5.0, 'setting galleys': 1.0, 'binding': 0.5}
    """
    spent: dict[str, float] = {}
    last: tuple[str, float] | None = None

    def tell(message: str) -> None:
        nonlocal last
        now = clock()
        if last:
            spent[last[0]] = spent.get(last[0], 0.0) + now - last[1]
        last = _stage(message), now
        step(message)

    def seconds() -> dict[str, float]:
        tell("the end")
        return dict(spent)

    return tell, seconds


def _stage(message: str) -> str:
    """The step without counts and names of files."""
    return re.sub(r"^(reading) .*|, .*", r"\1", message)
