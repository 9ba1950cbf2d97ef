"""A block cut between two letters: nothing is lost, no id stands twice."""

from __future__ import annotations

import re

from hypothesis import assume, given
from hypothesis import strategies as st
from lxml import etree

from packager.editions.press.cutting import letters_in, notes_in, part

words = st.text(st.sampled_from("ab -\u00ad 가나\u200fא"), max_size=12)


def _element(name: str, number: int, text: str, inner: list[str]) -> str:
    return f'<{name} id="{name}{number}">{text}{"".join(inner)}</{name}>'


runs = st.lists(
    st.recursive(
        words,
        lambda inner: st.builds(
            _element,
            st.sampled_from(["em", "a"]),
            st.integers(0, 10**9),
            words,
            st.lists(inner, max_size=3),
        ),
        max_leaves=12,
    ),
    max_size=6,
)


@given(runs, st.integers(0, 40))
def test_the_parts_of_a_block_are_the_block(content: list[str], at: int) -> None:
    block = etree.fromstring(f'<p id="p">{"".join(content)}</p>')
    whole = letters_in(block)
    assume(whole > 1)
    at = 1 + at % (whole - 1)
    parts = [part(block, 0, at), part(block, at, whole)]
    assert "".join("".join(one.itertext()) for one in parts) == "".join(block.itertext())
    assert [letters_in(one) for one in parts] == [at, whole - at]
    ids = re.findall(' id="([^"]*)"', "".join(etree.tostring(one).decode() for one in parts))
    assert sorted(ids) == sorted(re.findall(' id="([^"]*)"', etree.tostring(block).decode()))


def test_a_note_goes_with_its_call() -> None:
    note = '<span id="n1" role="doc-footnote">on lamps</span>'
    block = etree.fromstring(f'<p>a lamp<a id="m">1</a>{note} burns</p>')
    assert notes_in(block) == [("n1", 6)]
    first, rest = part(block, 0, 6), part(block, 6, 11)
    assert "".join(first.itertext()) == "a lamp1on lamps "
    assert "".join(rest.itertext()) == "burns"


def test_a_note_that_goes_on_is_no_second_note() -> None:
    block = etree.fromstring(
        '<div><aside id="n1" role="doc-footnote"><p>on lamps</p></aside></div>'
    )
    rest = part(block, 2, 7)
    assert etree.tostring(rest).decode() == '<div class="goes-on"><aside><p>lamps</p></aside></div>'
