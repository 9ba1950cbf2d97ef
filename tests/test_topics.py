"""`packager topics`: speeches that share words come together; parts that book.toml takes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

import packager
from packager.build import assembled
from packager.cli import main
from packager.errors import InputError, MissingToolError
from packager.findings import Report
from packager.speech import Block, BlockKind, Provenance, Speech, plain
from packager.topics import part_tables, topics_of
from tests.conftest import ROOT

pytest.importorskip("sklearn", reason="the extra 'topics' is not installed")

ENGLISH = {
    "bells": (
        "The founders cast the great bell in bronze and tuned it.",
        "A cracked bell of bronze is cast again by the founders.",
        "Ringers tune a bell of bronze; founders mend what is cracked.",
    ),
    "boats": (
        "The ferry left the harbour with its captain and forty passengers.",
        "No captain takes a ferry from the harbour in such a gale.",
        "Passengers wait in the harbour until the ferry and the gale agree.",
    ),
    "barley": (
        "Farmers sowed barley and oats after the rain.",
        "The harvest of barley fed the farmers, the oats their horses.",
        "Rain came late, and farmers counted a poor harvest of oats.",
    ),
}
KOREAN = {
    "bells": (
        "장인들은 청동으로 종을 부었다.",
        "청동의 종은 장인들이 다시 고쳤다.",
        "종이 울리자 장인들과 청동을 날랐다.",
    ),
    "boats": (
        "선장은 항구에서 나룻배를 몰았다.",
        "나룻배가 항구로 돌아오니 선장이 웃었다.",
        "항구의 나룻배는 선장을 기다렸다.",
    ),
    "barley": (
        "농민들은 보리와 귀리를 심었다.",
        "보리의 수확을 농민들이 세였다.",
        "귀리는 농민들의 수확이다. 보리도 그렇다.",
    ),
}


def speeches(known: Mapping[str, tuple[str, ...]]) -> list[Speech]:
    """In an order that puts no two of one topic together."""
    return [
        Speech(f"{name}-{n}", f"Speech {n}", (Block(BlockKind.P, plain(texts[n])),),
               Provenance(f"{name}{n}.txt", "0" * 64, "text", "1"))
        for n in range(3)
        for name, texts in known.items()
    ]  # fmt: skip


@pytest.mark.parametrize("known", [ENGLISH, KOREAN], ids=["English", "Korean"])
def test_speeches_of_one_topic_come_together(known: dict[str, tuple[str, ...]]) -> None:
    found = topics_of(speeches(known), 3)
    assert sorted(sorted(one.id for one in topic.speeches) for topic in found) == [
        [f"{name}-{n}" for n in range(3)] for name in sorted(known)
    ]


def test_keywords_are_words_of_the_texts_without_their_particles() -> None:
    (bells,) = (
        topic for topic in topics_of(speeches(KOREAN), 3) if topic.speeches[0].id == "bells-0"
    )
    assert {"장인", "청동"} <= set(bells.keywords)


def test_the_same_speeches_give_the_same_topics() -> None:
    assert topics_of(speeches(ENGLISH)) == topics_of(speeches(ENGLISH))


def test_a_speech_that_shares_no_word_comes_last_and_has_no_keywords() -> None:
    alone = Speech("x", "Zz", (Block(BlockKind.P, plain("Quince jelly wobbles.")),),
                   Provenance("x.txt", "0" * 64, "text", "1"))  # fmt: skip
    last = topics_of([alone, *speeches(ENGLISH)], 3)[-1]
    assert (last.keywords, [one.id for one in last.speeches]) == ((), ["x"])


def test_the_tables_are_parts_of_a_book(tmp_path: Path) -> None:
    archive = ROOT / "examples" / "archive"
    done = CliRunner().invoke(main, ["topics", str(archive), "--count", "3"])
    assert done.exit_code == 0
    assert len(tomllib.loads(done.stdout)["part"]) == 3
    (tmp_path / "book.toml").write_text(
        f'[book]\ntitle = "T"\n[archive]\npages = ["{archive}"]\n{done.stdout}', "utf-8"
    )
    book = assembled(packager.load_collection(tmp_path), Report())
    assert len(book.parts) == 3 and book.account.unselected == ()


def test_titles_of_pages_cannot_break_the_tables() -> None:
    hard = [
        Speech(f"s{n}", 'A "title"\n]] \\', one.blocks, one.provenance)
        for n, one in enumerate(speeches(ENGLISH))
    ]
    tables = tomllib.loads("\n".join(part_tables(topics_of(hard, 3))))
    assert sum(len(part["ids"]) for part in tables["part"]) == len(hard)


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["One."] * 2, "2 speeches are too few for topics; name 6 or more"),
        ([str(n) for n in range(9)],
         "the speeches have no words in common that part them; name more speeches"),
    ],
)  # fmt: skip
def test_what_cannot_be_parted_is_told(texts: list[str], message: str) -> None:
    made = Provenance("x.txt", "0" * 64, "text", "1")
    some = [Speech("s", "1", (Block(BlockKind.P, plain(one)),), made) for one in texts]
    with pytest.raises(InputError) as error:
        topics_of(some)
    assert str(error.value) == message


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sklearn.decomposition", None)
    with pytest.raises(MissingToolError) as error:
        topics_of(speeches(ENGLISH))
    assert str(error.value) == "topics need scikit-learn; pip install 'packager[topics]'"
