"""Which speeches of an archive are one speech in two languages: `[bilingual]` of book.toml.

A pair is of one time, and its two texts agree in what languages share: the number and the lengths
of their paragraphs, the numbers and names they write alike, a speaker or a place in one script.
Each kind of evidence says how well it agrees, from 0 to 1; the confidence of a pair is their mean,
weighted. The likeliest pairs are taken first, each speech once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from packager.alignment import Passage, aligned
from packager.errors import CollectionError
from packager.findings import Report
from packager.library_versions import days_apart
from packager.passages import passage
from packager.selection import matches
from packager.speech import FRAME, Speech

LAYOUTS = ("facing", "alternating")
"""How a PDF sets the two texts of a document."""
NEAR = 3
"""Days between the two: agencies print a translation late, and zones of time differ."""
SURE = 0.6
"""The confidence from which two speeches are taken for a pair."""
CLOSE = 0.05
"""A confidence so little below that of the pair taken is told."""
LONG = 2.0
"""How much longer than expected a translation may be, as a factor, before its length counts for
nothing."""
VETO = 0.3
"""Evidence worth less than this speaks against a pair, whatever the rest says."""
PARAGRAPHS = 3.0
"""How loudly the run of the paragraphs speaks."""
SOUND, COST = 1.0, 2.7
"""What a bead costs (`Alignment.cost`) in a translation, and where the paragraphs do not answer
each other: of three Tamil speeches and their translations 1.2 to 1.5, of 31 speeches at the United
Nations in French, Spanish and Arabic and the likeliest of 105 in English, none of them a
translation, 2.7 and more."""
FEW = 0.5
"""What paragraphs that answer each other are worth at most where there are hardly any."""


@dataclass(frozen=True, slots=True)
class Bilingual:
    """The table [bilingual]: the language of the originals and that of the translations, how they
    are set, the pairs that the editor states (file:line, original, translation) and the speeches
    that are said to have no other side (file:line, name)."""

    languages: tuple[str, str]
    layout: str = LAYOUTS[0]
    stated: tuple[tuple[str, str, str], ...] = ()
    single: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Side:
    """What is compared of a speech."""

    speech: Speech
    passages: tuple[Passage, ...]
    tokens: frozenset[str]

    @property
    def size(self) -> float:
        return sum(one.size for one in self.passages)

    @property
    def days(self) -> tuple[str | None, str | None]:
        date = self.speech.date
        return (date.earliest, date.latest) if date else (None, None)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two speeches, by their numbers, the confidence that they are one, and why; `rival` is a
    third that comes near to one of them, with its own confidence. One that the editor states has
    no reason."""

    original: int
    translation: int
    confidence: float = 1.0
    why: str = ""
    rival: int | None = None
    rival_confidence: float = 0.0


def paired(groups: Sequence[Sequence[Speech]], told: Bilingual) -> tuple[Pair, ...]:
    """The pairs among speeches, counted in `groups`, each the captures of a speech with the one to
    print first.

    Raises `CollectionError` for a stated pair that cannot be one.
    """
    speeches = [group[0] for group in groups]
    pairs = list(_stated(groups, told))
    taken = {number for pair in pairs for number in (pair.original, pair.translation)}
    single = {_one_of(groups, name, at) for at, name in told.single}
    free = [n for n in range(len(speeches)) if n not in taken | single]
    originals, translations = (
        [n for n in free if speaks(speeches[n], language)] for language in told.languages
    )
    guesses = sorted(
        _guesses(speeches, originals, translations),
        key=lambda one: (-one.confidence, one.original, one.translation),
    )
    for guess in guesses:
        if guess.original in taken or guess.translation in taken:
            continue
        taken |= {guess.original, guess.translation}
        rival = next((one for one in guesses if _is_rival(one, guess)), None)
        if rival:
            same = rival.original == guess.original
            third = rival.translation if same else rival.original
            guess = replace(guess, rival=third, rival_confidence=rival.confidence)
        pairs.append(guess)
    return tuple(pairs)


def tell(pair: Pair, speeches: Sequence[Speech], place: str, report: Report) -> None:
    """Tell of a pair that is printed how sure it is, and what came near to it."""
    if not pair.why:
        return
    named = [f"“{one.title}” ({one.provenance.path})" for one in speeches]
    names = f"{named[pair.original]} and {named[pair.translation]}"
    sure = f"confidence {pair.confidence:.2f}"
    report.note("paired", place, f"{names} are set side by side; {sure}: {pair.why}")
    if pair.rival is not None:
        report.warn(
            "pair-ambiguous",
            place,
            f"{names} are set side by side with {sure}, but {named[pair.rival]} comes near "
            f"with {pair.rival_confidence:.2f}",
            "name the right two in a [[bilingual.pair]] of book.toml",
        )


def _is_rival(one: Pair, taken: Pair) -> bool:
    """True for another guess about one of the two that is nearly as good."""
    shares = (one.original == taken.original) != (one.translation == taken.translation)
    return shares and abs(taken.confidence - one.confidence) <= CLOSE


def speaks(speech: Speech, language: str) -> bool:
    """True for a speech in a language, or in a kind of it: ko-KP is ko."""
    tag = (speech.language or "").casefold()
    return tag == language.casefold() or tag.startswith(f"{language.casefold()}-")


# --- what the editor states ----------------------------------------------------------------


def _stated(groups: Sequence[Sequence[Speech]], told: Bilingual) -> Iterator[Pair]:
    taken: dict[int, str] = {}
    for place, *names in told.stated:
        original, translation = (_one_of(groups, name, place) for name in names)
        if original == translation:
            raise CollectionError(
                f"{place}: '{names[0]}' and '{names[1]}' are one speech",
                hint="name the original and its translation",
            )
        for number in (original, translation):
            if number in taken:
                raise CollectionError(
                    f"{place}: “{groups[number][0].title}” is in a pair already, at "
                    f"{taken[number]}",
                    hint="keep one of the two: a speech has one counterpart",
                )
            taken[number] = place
        yield Pair(original, translation)


def _one_of(groups: Sequence[Sequence[Speech]], name: str, place: str) -> int:
    """The number of the one speech that has this id or file."""
    found = [n for n, group in enumerate(groups) if any(matches(one, name) for one in group)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise CollectionError(
            f"{place}: no page of the archive is '{name}'",
            hint="name its id or its file, as 'packager read' prints them",
        )
    raise CollectionError(
        f"{place}: '{name}' names {len(found)} speeches", hint="name the one by its id"
    )


# --- what speaks for a pair ----------------------------------------------------------------


def _guesses(
    speeches: Sequence[Speech], originals: Sequence[int], translations: Sequence[int]
) -> Iterator[Pair]:
    """The pairs that may be, each with its confidence."""
    sides = {n: _side(speeches[n]) for n in (*originals, *translations)}
    for one in originals:
        for two in translations:
            apart = days_apart(sides[one].days, sides[two].days)
            if apart is not None and apart > NEAR:
                continue
            confidence, why = _confidence(sides[one], sides[two])
            if confidence >= SURE:
                yield Pair(one, two, confidence, why)


def _side(speech: Speech) -> _Side:
    passages = tuple(
        passage(block.text, block.kind)
        for block in speech.blocks
        if block.kind not in FRAME and block.text.strip()
    )
    tokens = frozenset[str]().union(*(one.tokens for one in passages))
    return _Side(speech, passages, tokens)


def _confidence(one: _Side, two: _Side) -> tuple[float, str]:
    """How likely it is, from 0 to 1, that two speeches are one, and the evidence in words. The
    paragraphs, which take longest, are looked at only where they can decide."""
    found = [(weight, *said) for weight, test in _EVIDENCE if (said := test(one, two))]
    if any(worth < VETO for _, worth, _ in found) or _mean([*found, (PARAGRAPHS, 1, "")]) < SURE:
        return 0.0, ""
    worth, words = _by_paragraphs(one, two)
    if worth < VETO:
        return 0.0, ""
    found.insert(2, (PARAGRAPHS, worth, words))
    return _mean(found), ", ".join(words for _, _, words in found)


def _mean(found: Sequence[tuple[float, float, str]]) -> float:
    return sum(weight * worth for weight, worth, _ in found) / sum(one[0] for one in found)


Said = tuple[float, str] | None
"""How well two speeches agree in something, and that in words; None where it says nothing."""


def _by_days(one: _Side, two: _Side) -> Said:
    apart = days_apart(one.days, two.days)
    if apart is None:
        return 0.4, "a date is lacking"
    exact = one.days[0] == one.days[1] and two.days[0] == two.days[1]
    if apart:
        return 0.7 - 0.2 * (apart - 1), f"{apart} day{'' if apart == 1 else 's'} apart"
    return (1.0, "same day") if exact else (0.6, "perhaps the same day")


def _by_length(one: _Side, two: _Side) -> Said:
    ratio = two.size / one.size if one.size and two.size else 0
    off = abs(math.log(ratio)) / math.log(LONG) if ratio else 1
    return max(0.0, 1 - off * off), f"lengths 1 to {ratio:.1f}"


def _by_paragraphs(one: _Side, two: _Side) -> tuple[float, str]:
    fewer, more = sorted((len(one.passages), len(two.passages)))
    shown = f"{len(one.passages)} and {len(two.passages)} paragraphs"
    if not fewer or more > 3 * fewer + 3:
        return 0.0, shown
    found = aligned(one.passages, two.passages)
    worth = (COST - found.cost) / (COST - SOUND)
    return max(0.0, min(1.0, worth, FEW + len(found.beads) / 10)), shown


def _by_tokens(one: _Side, two: _Side) -> Said:
    fewer = min(len(one.tokens), len(two.tokens))
    if fewer < 3:
        return None
    shared = len(one.tokens & two.tokens)
    return min(1.0, 1.25 * shared / fewer), f"{shared} of {fewer} numbers and names shared"


def _by_words(part: str) -> Callable[[_Side, _Side], Said]:
    """Where both texts state a speaker, a place or a kind of speech in one script."""

    def test(one: _Side, two: _Side) -> Said:
        first, second = ((getattr(each.speech, part) or "").casefold() for each in (one, two))
        if not (first and second) or first.isascii() != second.isascii():
            return None
        if first == second:
            return 1.0, f"same {part}"
        return (0.0, f"another {part}") if part == "speaker" else None

    return test


_EVIDENCE: tuple[tuple[float, Callable[[_Side, _Side], Said]], ...] = (
    (2.0, _by_days),
    (2.0, _by_length),
    (3.0, _by_tokens),
    (2.0, _by_words("speaker")),
    (1.0, _by_words("place")),
    (0.5, _by_words("kind")),
)
"""What speaks for a pair, and how loudly."""
