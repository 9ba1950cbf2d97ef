"""Which passages of a text and of its translation belong together, by their lengths.

The method of Gale and Church (A Program for Aligning Sentences in Bilingual Corpora, 1993): a
passage and its translation are of like length, so the cheapest way through both texts is found by
dynamic programming. Beside the lengths count what both texts write alike (numbers, names in one
script) and of what kind the passages are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf, log, sqrt

_PRIORS = {(1, 1): 0.89, (1, 2): 0.045, (2, 1): 0.045, (2, 2): 0.01, (1, 0): 0.005, (0, 1): 0.005}
"""How often so many passages answer so many (Gale and Church, table 5)."""
_STEPS = {step: -log(prior) for step, prior in _PRIORS.items()}
VARIANCE = 6.8
"""Of the letters that answer a letter (Gale and Church, §3.1)."""
FLOOR = 10
"""Letters added to each passage: short ones vary more than their length says."""
SHARED = 1.5
"""What a number or a name that both passages have, and few others, takes off the cost."""
MOST_SHARED = 4
FAR = 25.0
"""What lengths cost at most that do not go together."""
OTHER_KIND = 3.0
"""What it costs to set a head beside a paragraph."""
BAND = 60
"""Passages by which a translation may run ahead or lag behind at most."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as the alignment sees it: its length, its kind, what the other language would
    write alike."""

    size: float
    kind: str = ""
    tokens: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Bead:
    """Passages that belong together: those of the text and those of its translation, each as the
    first and the one behind the last."""

    first: tuple[int, int]
    second: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Alignment:
    """The beads in order, and what they cost, a bead on the average: about 2 for a translation,
    more for a text that is none."""

    beads: tuple[Bead, ...]
    cost: float


def aligned(first: Sequence[Passage], second: Sequence[Passage]) -> Alignment:
    """The passages of a text and of its translation as beads; every passage is in one of them.

    >>> text = [Passage(120), Passage(40), Passage(300)]
    >>> [(bead.first, bead.second) for bead in
    ...  aligned(text, [Passage(130), Passage(38), Passage(150), Passage(160)]).beads]
    [((0, 1), (0, 1)), ((1, 2), (1, 2)), ((2, 3), (2, 4))]
    """
    if not first or not second:
        whole = Bead((0, len(first)), (0, len(second)))
        return Alignment((whole,) if first or second else (), inf)
    ratio = sum(one.size for one in second) / max(1, sum(one.size for one in first)) or 1
    ways = _ways(first, second, ratio)
    at = len(first), len(second)
    cost = ways[at][0]
    beads: list[Bead] = []
    while at != (0, 0):
        ones, twos = ways[at][1]
        beads.append(Bead((at[0] - ones, at[0]), (at[1] - twos, at[1])))
        at = at[0] - ones, at[1] - twos
    return Alignment(tuple(reversed(beads)), cost / len(beads))


_Ways = dict[tuple[int, int], tuple[float, tuple[int, int]]]
"""How many passages of each text are behind us -> the cheapest cost, the last step."""


def _ways(first: Sequence[Passage], second: Sequence[Passage], ratio: float) -> _Ways:
    one, two = _Text(first), _Text(second)
    ways: _Ways = {(0, 0): (0.0, (0, 0))}
    slope = len(second) / len(first)
    reach = max(round(slope * 3), min(BAND, BAND // 4 + abs(len(first) - len(second))))
    for n in range(len(first) + 1):
        middle = round(n * slope)
        for m in range(max(0, middle - reach), min(len(second), middle + reach) + 1):
            best = inf, (0, 0)
            for step, start in _STEPS.items():
                before = ways.get((n - step[0], m - step[1]))
                if before is None or before[0] + start - MOST_SHARED * SHARED >= best[0]:
                    continue
                cost = before[0] + start + _cost(one, two, n, m, step, ratio)
                if cost < best[0]:
                    best = cost, step
            if best[0] < inf:
                ways[n, m] = best
    return ways


class _Text:
    """The passages of a text, so that runs of them are summed up fast."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.sums = [0.0, *accumulate(one.size for one in passages)]
        self.kinds = [one.kind for one in passages]
        self.tokens = [one.tokens for one in passages]

    def shared(self, at: int, count: int) -> frozenset[str]:
        """The tokens of the `count` passages before `at`."""
        if count == 1:
            return self.tokens[at - 1]
        return self.tokens[at - 1] | self.tokens[at - 2]


def _cost(one: _Text, two: _Text, n: int, m: int, step: tuple[int, int], ratio: float) -> float:
    """What it costs to take the last passages before `n` and `m` for one bead: minus the logarithm
    of how likely so different lengths are."""
    ones, twos = step
    left = FLOOR + one.sums[n] - one.sums[n - ones]
    right = FLOOR + two.sums[m] - two.sums[m - twos]
    mean = (left + right / ratio) / 2
    apart = abs(right - left * ratio) / sqrt(mean * VARIANCE * max(ratio, 1 / ratio))
    if not ones or not twos:
        return min(apart, 6)
    cost = min(apart * apart / 2 + log(1 + apart), FAR)
    if set(one.kinds[n - ones : n]) != set(two.kinds[m - twos : m]):
        cost += OTHER_KIND
    tokens = one.shared(n, ones)
    if tokens and (others := two.shared(m, twos)):
        cost -= SHARED * min(MOST_SHARED, len(tokens & others))
    return cost
