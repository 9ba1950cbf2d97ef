"""Which speeches of an archive are versions of one: the rule of `library_versions`, pair by pair.

A library groups what it keeps as it comes; this groups the speeches of one book at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packager.library_versions import NEAR, Facts, are_versions, facts_of, ordinals
from packager.speech import Speech


def families(speeches: Sequence[Speech]) -> list[list[int]]:
    """The numbers of the speeches, those that are versions of one together; both in the order
    given. What is a version of a version belongs to the family too."""
    facts = [facts_of(speech) for speech in speeches]
    root = list(range(len(facts)))

    def top(number: int) -> int:
        while root[number] != number:
            number = root[number]
        return number

    for one, other in _near(facts):
        if are_versions(facts[one], facts[other]):
            first, last = sorted((top(one), top(other)))
            root[last] = first
    found: dict[int, list[int]] = {}
    for number in range(len(facts)):
        found.setdefault(top(number), []).append(number)
    return list(found.values())


def _near(facts: Sequence[Facts]) -> Iterator[tuple[int, int]]:
    """Pairs that may be versions: of about the same time, or one of them undated."""
    days = [ordinals(one.days) for one in facts]
    dated = sorted((span, number) for number, span in enumerate(days) if span)
    undated = [number for number, span in enumerate(days) if not span]
    for at, ((_, last), one) in enumerate(dated):
        for (first, _), other in dated[at + 1 :]:
            if first > last + NEAR:
                break
            yield one, other
    for at, one in enumerate(undated):
        yield from ((one, other) for other in undated[at + 1 :])
        yield from ((one, other) for _, other in dated)
