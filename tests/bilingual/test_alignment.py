"""Passages of two texts that belong together: nothing is lost, nothing crosses."""

from __future__ import annotations

import random
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from packager.alignment import Passage, aligned
from packager.book import Document
from packager.layer import Mark, MarkKind, Span, joined, pieces
from packager.speech import Block, BlockKind, plain
from packager.units import alternating, units
from tests.bilingual.books import pair_of, speech_in

texts = st.lists(
    st.builds(Passage, st.floats(1, 900), st.sampled_from(["", "head"])), min_size=1, max_size=40
)


@given(texts, texts)
def test_every_passage_is_in_one_bead_in_order(first: list[Passage], second: list[Passage]) -> None:
    beads = aligned(first, second).beads
    for count, ranges in (
        (len(first), [bead.first for bead in beads]),
        (len(second), [bead.second for bead in beads]),
    ):
        assert list(chain.from_iterable(range(*one) for one in ranges)) == list(range(count))
    assert all(bead.first[0] < bead.first[1] or bead.second[0] < bead.second[1] for bead in beads)


@given(st.integers(0, 2**32))
def test_paragraphs_that_a_translation_joins_or_divides_are_found(seed: int) -> None:
    dice = random.Random(seed)
    first: list[Passage] = []
    second: list[Passage] = []
    wanted = []
    for _ in range(12):
        size = dice.randint(150, 700)
        cut = dice.choice((0, 0, 0, 1, 2))
        at = len(first), len(second)
        parts = [Passage(size * 0.45), Passage(size * 0.55)]
        first += parts if cut == 1 else [Passage(size)]
        second += [Passage(one.size * 1.2) for one in (parts if cut == 2 else [Passage(size)])]
        wanted.append(((at[0], len(first)), (at[1], len(second))))
    found = [(bead.first, bead.second) for bead in aligned(first, second).beads]
    assert found == wanted


def test_numbers_and_names_outweigh_lengths() -> None:
    first = [Passage(200), Passage(210, "", frozenset({"1921", "317"})), Passage(190)]
    second = [Passage(205), Passage(150), Passage(215, "", frozenset({"1921", "317"}))]
    second += [Passage(180)]
    found = aligned(first, second).beads
    assert ((1, 2), (2, 3)) in [(one.first, one.second) for one in found] or (
        (1, 2),
        (1, 3),
    ) in [(one.first, one.second) for one in found]


def test_as_many_paragraphs_are_taken_one_by_one() -> None:
    found = units(pair_of(1, [20, 900, 20, 30, 700]))
    assert [(len(one.first), len(one.second)) for one in found] == [(1, 1)] * 5


def test_a_long_text_is_aligned_in_bounds() -> None:
    dice = random.Random(1)
    first = [Passage(dice.randint(50, 900)) for _ in range(3000)]
    second = [Passage(one.size * 0.5) for one in first if one.size > 80]
    assert len(aligned(first, second).beads) >= len(second) * 0.9


def test_texts_that_alternate_have_all_words_of_both() -> None:
    first, second = speech_in("ko", 1, [300, 40, 500]), speech_in("en", 1, [300, 40, 250, 250])
    mark = Mark(MarkKind.ELISION, (Span(1, 0, len(first.blocks[1].text)),), "x", "left out")
    document = Document(1, first, marks=(mark,), translation=Document(1, second, second=True))
    printed = "".join(one.text for one in alternating(document)).split()
    for text in document.texts:
        words = "".join(one.text for one in pieces(text.speech.blocks, text.marks)).split()
        assert [word for word in printed if word in set(words)] == words
    assert joined(first.blocks[1:2]) not in " ".join(printed)


def test_a_text_without_a_translation_of_its_end() -> None:
    first = speech_in("ko", 1, [300, 200])
    second = speech_in("en", 1, [300])
    document = Document(1, first, translation=Document(1, second, second=True))
    assert sum(len(one.first) for one in units(document)) == 2
    empty = Document(1, first, translation=Document(1, speech_in("en", 1, []), second=True))
    assert sum(len(one.first) for one in units(empty)) == 2


def test_a_head_is_not_set_beside_a_paragraph() -> None:
    def blocks(*sizes: int) -> tuple[Block, ...]:
        return tuple(
            Block(BlockKind.HEAD if size < 25 else BlockKind.P, plain("a" * size)) for size in sizes
        )

    first, second = (speech_in(tag, 1, []) for tag in ("ko", "en"))
    from dataclasses import replace

    one = Document(1, replace(first, blocks=blocks(300, 20, 400, 20, 200)))
    two = Document(1, replace(second, blocks=blocks(310, 22, 200, 210, 21, 190)), second=True)
    found = units(replace(one, translation=two))
    assert [(len(unit.first), len(unit.second)) for unit in found] == [
        (1, 1),
        (1, 1),
        (1, 2),
        (1, 1),
        (1, 1),
    ]
