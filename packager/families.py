"""Which speeches of an archive are captures or versions of one, and which of them is printed.

Captures have the same words. Versions are told by the rule of `library_versions`, pair by pair (a
library groups what it keeps as it comes; this groups the speeches of one book at once), or by the
editor. Printed is what states an address, else the earliest capture, else the first path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from packager.errors import CollectionError
from packager.library_versions import NEAR, Facts, are_versions, facts_of, ordinals
from packager.selection import matches
from packager.speech import Provenance, Speech, words_digest

Families = Mapping[str, Sequence[Sequence[Speech]]]
"""By the digest of the words to print: their captures, then those of each other version."""
Named = Sequence[tuple[str, str, Sequence[str]]]
"""What an editor says to be versions: file:line, a speech, the others, as ids or files."""


def gathered(speeches: Iterable[Speech], named: Named, *, joined: bool) -> Families:
    """Captures of the same words together, the one to print first; `joined` with the versions.

    Raises `CollectionError` for a version that no page is, and where the editor names versions
    of a book that has no apparatus for them.
    """
    captures: dict[str, list[Speech]] = {}
    for speech in speeches:
        captures.setdefault(words_digest(speech.blocks), []).append(speech)
    groups = [sorted(group, key=lambda one: _rank(one.provenance)) for group in captures.values()]
    if named and not joined:
        raise CollectionError(
            f"{named[0][0]}: versions are named, but the book has no apparatus",
            hint="add apparatus = true to [book]",
        )
    if not joined:
        return dict(zip(captures, ([group] for group in groups), strict=True))
    pairs = [pair for one in named for pair in _named_pairs(groups, *one)]
    found = [
        sorted((groups[n] for n in family), key=lambda group: _rank(group[0].provenance))
        for family in families([group[0] for group in groups], pairs)
    ]
    return {words_digest(family[0][0].blocks): family for family in found}


def _rank(made: Provenance) -> tuple[bool, str, str]:
    """The rule among captures: a stated address first, then the earliest, then the path."""
    return (made.url is None, made.captured or "9999", made.path)


def _named_pairs(
    groups: Sequence[Sequence[Speech]], place: str, speech: str, others: Sequence[str]
) -> Iterator[tuple[int, int]]:
    """The groups that the editor joins."""
    numbers = []
    for name in (speech, *others):
        found = [n for n, group in enumerate(groups) if any(matches(one, name) for one in group)]
        if not found:
            raise CollectionError(
                f"{place}: no page of the archive is '{name}'",
                hint="name its id or its file, as 'packager read' prints them",
            )
        numbers += found
    yield from ((numbers[0], other) for other in numbers[1:])


def families(speeches: Sequence[Speech], pairs: Iterable[tuple[int, int]] = ()) -> list[list[int]]:
    """The numbers of the speeches, those that are versions of one together; both in the order
    given. What is a version of a version belongs to the family too; `pairs` belong together
    whatever their words are."""
    facts = [facts_of(speech) for speech in speeches]
    root = list(range(len(facts)))

    def top(number: int) -> int:
        while root[number] != number:
            number = root[number]
        return number

    alike = (pair for pair in _near(facts) if are_versions(*(facts[n] for n in pair)))
    for one, other in chain(pairs, alike):
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
        for later in range(at + 1, len(dated)):
            (first, _), other = dated[later]
            if first > last + NEAR:
                break
            yield one, other
    for at, one in enumerate(undated):
        yield from ((one, other) for other in undated[at + 1 :])
        yield from ((one, other) for _, other in dated)
