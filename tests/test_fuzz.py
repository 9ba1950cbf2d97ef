"""Whatever the bytes are, reading ends in speeches of clean words or in a finding."""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from packager import Report, Speech, dump_speech, load_speech, read
from packager.dates import shown_date
from packager.errors import PackagerError
from packager.speech import walk

PAGES = sorted((Path(__file__).parents[1] / "examples" / "archive").iterdir())
NAMES = ["a.txt", "a.html", "a.md", "a.jsonl", "a.json", "a", "2021-02-30-a.txt"]
FAST = settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
QUICK_TO_FAIL = settings(FAST, phases=[Phase.explicit, Phase.reuse, Phase.generate])
"""For whole pages, which take a minute to make small; the slow tests do."""
SLOW = settings(FAST, max_examples=5000)


def read_bytes(data: bytes, name: str) -> tuple[list[Speech], Report]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(data)
        report = Report()
        return list(read(folder, report=report, base=Path(folder))), report


def strings(speech: Speech) -> Iterator[str | None]:
    """Every string that an edition may print of a speech."""
    yield from (speech.id, speech.title, speech.speaker, speech.kind, speech.occasion)
    yield from (speech.place, speech.language, speech.text, *speech.topics)
    made = speech.provenance
    yield from (made.outlet, made.url, made.captured, made.path)
    for cut in made.cut:
        yield from (cut.kind, cut.first_words)
    for block in speech.blocks:
        yield from (block.speaker, block.marker, block.language, block.ident)
        for run in walk(block.content):
            yield from (run.text, run.target, run.language)
    yield shown_date(speech.date)


def is_clean(text: str) -> bool:
    """No control character but a tab or a line's end, no half of a character."""
    kinds = {unicodedata.category(char) for char in text if char not in "\n\t"}
    return not kinds & {"Cc", "Cs"}


def assert_readable(data: bytes, name: str) -> None:
    try:
        speeches, report = read_bytes(data, name)
    except PackagerError:
        return
    assert speeches or report.findings, "a page ends in a speech or in a finding"
    for speech in speeches:
        assert all(is_clean(text) for text in strings(speech) if text is not None)
        assert speech.id.strip() and speech.title.strip() and speech.body.strip()
        assert "\n" not in speech.title
        assert load_speech(dump_speech(speech)) == speech


# --- arbitrary bytes -----------------------------------------------------------------------

tokens = st.sampled_from(
    [
        b"Date: 07/04/2021 | Source: VNA (En) | Read original version at source",
        b"Speech by Ada Brink at Fair",
        b"Vell, April 7 (VNA) -- The following is the speech:",
        b"Dear ringers,",
        b"It is noon. -0-",
        b"More From VNA",
        b"\n\n",
        b"\n",
        b"<html>",
        b"<p>",
        b"</p>",
        b"<h1>",
        b"<br><br>",
        b"<em lang=fr>",
        b"</em>",
        b"<script>",
        b"<!--",
        b"-->",
        b"<![CDATA[",
        b"<!DOCTYPE html [<!ENTITY a 'b'>]>",
        b"&a;&#0;&#x1;&#xD800;&#133;&shy;",
        b"<meta charset=undefined>",
        b"<meta charset=utf-16>",
        b"<title>",
        b'<img alt="\x01" src=x>',
        b'<a href="https://a\x02.example">',
        b"---\n",
        b"+++\n",
        b"title: a\n",
        b"title: !!binary a\n",
        b"date: 2021-02-30\n",
        b"date = 0001-01-01\n",
        b"- [ ] *a* **b** `c` [d](e)\n",
        b"> > > \n",
        b'{"format": 1, "blocks": [',
        b'{"kind": "p", "content": []}',
        b"]}",
        b"1e999",
        b"\\ud800",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\x00\x1b\x85",
        b"Title: \x07\n",
        b"Captured: 2021\n",
        b"Date: 99/99/9999\n",
        b"[Juche110.4.7.]",
    ]
)
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
    assert_readable(data, name)


@FAST
@given(data=mixtures, name=st.sampled_from(NAMES))
def test_any_mixture_of_what_readers_look_for(data: bytes, name: str) -> None:
    assert_readable(data, name)


@QUICK_TO_FAIL
@given(data=mutated_pages(), name=st.sampled_from(NAMES))
def test_any_change_of_a_page(data: bytes, name: str) -> None:
    assert_readable(data, name)


@QUICK_TO_FAIL
@given(data=mutated_pages(), encoding=st.sampled_from(["utf-16", "cp1252", "cp949", "utf-32"]))
def test_any_change_of_a_page_in_another_encoding(data: bytes, encoding: str) -> None:
    assert_readable(data.decode("utf-8", "replace").encode(encoding, "replace"), "a.html")


@pytest.mark.slow
@SLOW
@given(data=mixtures, name=st.sampled_from(NAMES))
def test_many_mixtures(data: bytes, name: str) -> None:
    assert_readable(data, name)


@pytest.mark.slow
@SLOW
@given(data=mutated_pages(), name=st.sampled_from(NAMES))
def test_many_changes_of_a_page(data: bytes, name: str) -> None:
    assert_readable(data, name)
