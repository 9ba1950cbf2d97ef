"""Whatever the bytes are, reading ends in speeches of clean words or in a finding."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz.judge import assert_readable
from tests.fuzz.mutations import TOKENS
from tests.fuzz.pages import case, invented

PAGES = sorted((Path(__file__).parents[1] / "examples" / "archive").iterdir())
NAMES = [
    *("a.txt", "a.html", "a.md", "a.jsonl", "a.json", "a", "2021-02-30-a.txt"),
    *("a.xml", "a.csv", "a.tsv", "a.parquet", "a.mhtml", "a.warc", "a.zip"),
]
FAST = settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
QUICK_TO_FAIL = settings(FAST, phases=[Phase.explicit, Phase.reuse, Phase.generate])
"""For whole pages, which take a minute to make small; the slow tests do."""
SLOW = settings(FAST, max_examples=5000)


# --- arbitrary bytes -----------------------------------------------------------------------

tokens = st.sampled_from(TOKENS)
arbitrary = st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode))
mixtures = st.lists(st.one_of(tokens, arbitrary), max_size=14).map(b" ".join)


@st.composite
def mutated_pages(draw: st.DrawFn) -> bytes:
    """An example page with pieces cut out, doubled, moved, replaced."""
    data = draw(st.sampled_from(PAGES)).read_bytes()
    for _ in range(draw(st.integers(min_value=1, max_value=6))):
        first, second = sorted(draw(st.integers(0, len(data))) for _ in range(2))
        piece = draw(
            st.one_of(
                st.just(b""),
                st.just(data[first:second][:5000] * 2),
                st.just(data[second : second + 5000]),
                tokens,
                arbitrary,
            )
        )
        data = data[:first] + piece + data[second if draw(st.booleans()) else first :]
    return data


@FAST
@given(data=arbitrary, name=st.sampled_from(NAMES))
def test_any_bytes(data: bytes, name: str) -> None:
    assert_readable({name: data})


@FAST
@given(data=mixtures, name=st.sampled_from(NAMES))
def test_any_mixture_of_what_readers_look_for(data: bytes, name: str) -> None:
    assert_readable({name: data})


@QUICK_TO_FAIL
@given(data=mutated_pages(), name=st.sampled_from(NAMES))
def test_any_change_of_a_page(data: bytes, name: str) -> None:
    assert_readable({name: data})


@QUICK_TO_FAIL
@given(data=mutated_pages(), encoding=st.sampled_from(["utf-16", "cp1252", "cp949", "utf-32"]))
def test_any_change_of_a_page_in_another_encoding(data: bytes, encoding: str) -> None:
    assert_readable({"a.html": data.decode("utf-8", "replace").encode(encoding, "replace")})


# --- every form, spoilt ----------------------------------------------------------------------
# Real pages, memory, hangs and time against size: python -m tests.fuzz.readers

INVENTED = invented()


@QUICK_TO_FAIL
@given(seed=st.integers(min_value=0, max_value=2**40))
def test_any_spoilt_archive(seed: int) -> None:
    assert_readable(case(seed, INVENTED))


@pytest.mark.slow
@SLOW
@given(seed=st.integers(min_value=0, max_value=2**40))
def test_many_spoilt_archives(seed: int) -> None:
    assert_readable(case(seed, INVENTED))


@pytest.mark.slow
@SLOW
@given(data=mixtures, name=st.sampled_from(NAMES))
def test_many_mixtures(data: bytes, name: str) -> None:
    assert_readable({name: data})


@pytest.mark.slow
@SLOW
@given(data=mutated_pages(), name=st.sampled_from(NAMES))
def test_many_changes_of_a_page(data: bytes, name: str) -> None:
    assert_readable({name: data})
