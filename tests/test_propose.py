"""Names that are proposed for the index: which, of what kind, and in which forms."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from packager.authority_record import Record
from packager.book import Document
from packager.cli import main
from packager.errors import InputError, MissingToolError
from packager.name_models import model_named
from packager.names import Name, read_names
from packager.propose import propose
from packager.speech import Block, BlockKind, plain
from tests.conftest import SPEECH, small_book
from tests.data.conftest import BARE


def document(*paragraphs: str, speaker: str | None = None, language: str = "en") -> Document:
    blocks = tuple(Block(BlockKind.P, plain(text)) for text in paragraphs)
    return Document(1, replace(BARE, blocks=blocks, speaker=speaker, language=language))


def proposed(*documents: Document, **more: Any) -> dict[str, dict[str, Any]]:
    text = "\n".join(propose(documents, **more))
    return {one["name"]: one for one in tomllib.loads(text).get("name", [])}


@pytest.mark.parametrize(
    ("text", "name", "kind", "variants"),
    [
        ("We met Comrade Ana Torvald. Then Ana Torvald left.",
         "Torvald, Ana", "person", ["Ana Torvald"]),
        ("We met Ana Torvald. We left Ana Torvald, and Torvald wept with Torvald.",
         "Torvald, Ana", "person", ["Ana Torvald", "Torvald"]),
        ("We met Comrade Kim Orn Mu, and Kim Orn Mu left.",
         "Kim Orn Mu", "person", ["Kim Orn Mu"]),
        ("We met Ana J. Torvald, and Ana J. Torvald met Ana Torvald, our Ana Torvald.",
         "Torvald, Ana J.", "person", ["Ana J. Torvald", "Ana Torvald"]),
        ("We ask Mr. Strand. We thank Mr. Strand.", "Strand", "person", ["Strand"]),
        ("It is Ostrey's wall. We left Ostrey’s wall in Ostrey.", "Ostrey", "place", ["Ostrey"]),
        ("We ask the General Assembly. We thank the General Assembly.",
         "General Assembly", "organisation", ["General Assembly"]),
        ("We thank the Workers' Party of Ostrey. We ask the Workers' Party of Ostrey.",
         "Workers' Party of Ostrey", "organisation", ["Workers' Party of Ostrey"]),
        ("We signed the Ostrey Treaty. We kept the Ostrey Treaty.",
         "Ostrey Treaty", "subject", ["Ostrey Treaty"]),
        ("Nous allons à Évreux. Nous étions à Évreux.", "Évreux", "place", ["Évreux"]),
        ("Мы были в Ракове и видели Раков.", "Раков", "place", ["Раков", "Ракове"]),
        ("우리는 한별민동지와 함께 갔다. 한별민동지께서 말씀하시였다.",
         "한별민", "person", ["한별민"]),
        ("우리는 평양에서 만났다. 평양은 아름답다.", "평양", "place", ["평양"]),
    ],
)  # fmt: skip
def test_a_name_is_proposed_bare_with_its_kind_and_forms(
    text: str, name: str, kind: str, variants: list[str]
) -> None:
    found = proposed(document(text))
    assert name in found, list(found)
    assert (found[name]["kind"], found[name]["variants"]) == (kind, variants)


@pytest.mark.parametrize(
    "text",
    [
        "Walls stand. Walls fall. We build walls.",
        "We speak Korean. They speak Korean.",
        "PRESIDENT OF THE SENATE. We heard PRESIDENT OF THE SENATE.",
        "We saw Case 2024-17. We read Case 2024-17. A case.",
        "We met on Monday. We left on Monday in May. They came in May.",
        "전진하는 대장이 있다. 진정한 동지가 있다. 진정한 동지도 있다.",
    ],
)
def test_what_is_no_name_is_not_proposed(text: str) -> None:
    assert proposed(document(text)) == {}


def test_german_nouns_are_not_taken_for_names() -> None:
    text = "Wir sehen die Mauer und Frau Strand mit Ana Torvald. Die Mauer steht, sagt Frau Strand."
    found = proposed(document(text, "Wir danken Ana Torvald an der Mauer.", language="de"))
    assert sorted(found) == ["Strand", "Torvald, Ana"]


def test_a_short_form_that_two_persons_can_mean_goes_to_neither() -> None:
    text = "We met Ana Torvald and Bror Torvald. We left Ana Torvald and Bror Torvald. Ah, Torvald."
    tables = "\n".join(propose([document(text, "We ask Torvald.")]))
    assert '# “Torvald” may be Ana Torvald or Bror Torvald\nname = "Torvald"' in tables


ANA = Record("Torvald, Ana, keeper", "person", ("Ana Torvald",), "Torvald Ana", "1950–2012",
             ("keeper",), ("https://viaf.org/viaf/1",))  # fmt: skip


def test_a_name_of_the_authority_file_is_proposed_under_its_form() -> None:
    found = proposed(document("We met Ana Torvald, once."), records=[ANA])
    assert found == {
        "Torvald, Ana, keeper": {
            "name": "Torvald, Ana, keeper",
            "kind": "person",
            "variants": ["Ana Torvald"],
            "sort": "Torvald Ana",
            "authority": ["https://viaf.org/viaf/1"],
        }
    }


def test_a_speaker_of_the_authority_file_has_office_and_years() -> None:
    found = proposed(document("We go.", speaker="Ana Torvald"), records=[ANA])
    assert found["Torvald, Ana, keeper"]["years"] == "1950–2012"
    assert found["Torvald, Ana, keeper"]["office"] == ["keeper"]


def test_a_form_that_two_records_have_is_told_and_not_decided() -> None:
    other = Record("Torvald, Ana, sailor", "person", ("Ana Torvald", "Ana of Ostrey"))
    tables = "\n".join(
        propose([document("We met Ana Torvald and Ana of Ostrey.")], records=[ANA, other])
    )
    both = "“Torvald, Ana, keeper” (1950–2012, https://viaf.org/viaf/1) or “Torvald, Ana, sailor”"
    assert tables.count(f"# “Ana Torvald” may be {both}") == 2
    found = tomllib.loads(tables)["name"]
    assert {one["name"]: one["variants"] for one in found} == {
        "Torvald, Ana, sailor": ["Ana of Ostrey"],
        "Ana Torvald": ["Ana Torvald"],
    }


def test_only_records_that_stand_in_the_texts_are_kept() -> None:
    import tracemalloc

    def many(count: int) -> Any:
        yield from (Record(f"Nobody {n}", "person", (f"No Body {n}",)) for n in range(count))

    peaks = []
    for count in (1_000, 20_000):
        tracemalloc.start()
        assert proposed(document("We met Ana Torvald."), records=[*many(0), ANA])
        tracemalloc.reset_peak()
        assert list(propose([document("We met Ana.")], records=many(count))) == []
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0]


def test_names_that_the_book_has_are_left_out_and_the_rest_can_be_added_to_them() -> None:
    known = [Name("", "Torvald, Ana", ("Ana Torvald",), "Torvald, Ana")]
    found = proposed(document("We met Ana Torvald and Ana Torvald in Ostrey, our Ostrey."),
                     known=known, records=[ANA])  # fmt: skip
    assert list(found) == ["Ostrey"]


def test_the_same_texts_give_the_same_bytes_and_a_file_that_can_be_read(tmp_path: Path) -> None:
    more = SPEECH + "\nWe met Ana Torvald in Ostrey. We left Ana Torvald in Ostrey, Torvald.\n"
    book = small_book(tmp_path, terrace=more)
    (tmp_path / "library.csv").write_text('heading,variants\n"Torvald, Ana",Ana T.\n', "utf-8")
    command = ["names", str(book), "--authority", str(tmp_path / "library.csv")]
    first, second = (CliRunner().invoke(main, command) for _ in range(2))
    assert first.stdout == second.stdout and first.exit_code == 0
    (tmp_path / "names.toml").write_text(first.stdout, "utf-8")
    assert "Torvald, Ana" in [name.name for name in read_names(tmp_path / "names.toml")]


def test_a_pipeline_of_spacy_adds_names_and_says_their_kinds(tmp_path: Path) -> None:
    spacy = pytest.importorskip("spacy", reason="the extra 'names' is not installed")
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns(
        [{"label": "PERSON", "pattern": "Old Oar"}, {"label": "GPE", "pattern": "Vik"}]
    )
    pipeline.to_disk(tmp_path / "pipeline")
    model = model_named(str(tmp_path / "pipeline"))
    text = "We met Old Oar and Vik. We left Old Oar, Vik, and Big Rope, Big Rope."
    found = proposed(document(text), model=model)
    assert {name: one["kind"] for name, one in found.items()} == {
        "Oar, Old": "person",
        "Vik": "place",
    }


def test_kiwi_finds_korean_names_without_titles() -> None:
    pytest.importorskip("kiwipiepy", reason="the extra 'names' is not installed")
    text = "김철수가 부산에 갔다. 부산에서 김철수를 만났다."
    found = proposed(document(text, language="ko"), model=model_named("kiwi"))
    assert found["부산"]["kind"] == "place"


def test_a_model_that_is_not_there_is_one_line() -> None:
    with pytest.raises((MissingToolError, InputError), match=r"^[^\n]+$"):
        model_named("no_such_pipeline")


def test_one_whom_the_book_has_is_not_proposed_again_under_another_heading() -> None:
    known = [Name("names.toml:1", "Torvald, Ana", ("Ana Torvald",), "Torvald, Ana")]
    text = "ANA TORVALD: We go. We met Ana Torvald."
    assert proposed(document(text), known=known, records=[ANA]) == {}
