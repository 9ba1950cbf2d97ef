"""Versions of one speech: where they read otherwise, side by side and in the book's apparatus."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given
from hypothesis import strategies as st

import packager
from packager.apparatus import with_apparatus
from packager.book import Document
from packager.build import assembled
from packager.cli import main
from packager.collation import Reading, changes, words_of
from packager.errors import CollectionError, InputError
from packager.findings import Report
from packager.layer import Mark, MarkKind, Span
from packager.ledger import compare_pages, epub_ledger
from packager.speech import Block, BlockKind, Provenance, Speech, plain
from tests.conftest import small_book

BODY = """Dear masons of the ninth terrace, you were promised stone and you were given me, and I \
shall try to be as useful as a stone can be.

The wall below the old half-terrace is to be mended before the frost, stone by stone, and whoever \
has a barrow is asked to bring it on Monday.

We have counted the breaches: there are forty, and of these eleven are the work of goats. The \
other twenty-nine are the work of time, to whom nobody has spoken yet."""
OTHER = (
    BODY.replace("Monday", "Tuesday")
    .replace("half-terrace", "half terrace")
    .replace("forty,", "forty;")
)


def page(body: str, outlet: str, day: int, title: str = "To the Masons") -> str:
    return (
        f"Title: {title}\nSpeaker: Mara Quill\nDate: 3 May 2019\nPlace: Orrin\nSource: {outlet}\n"
        f"URL: https://{outlet.lower()}.example/1\nCaptured: 2019-05-0{day}\n\n{body}\n"
    )


def text(*paragraphs: str) -> list[Block]:
    return [Block(BlockKind.P, plain(one)) for one in paragraphs]


def speech(name: str, *paragraphs: str) -> Speech:
    made = Provenance(f"{name}.txt", "0" * 64, "text", "1")
    return Speech(name, "To the Masons", tuple(text(*paragraphs)), made)


def differ(one: str, other: str) -> list[tuple[str, str]]:
    """The words of both sides of each change, joined."""
    first, second = words_of(text(one)), words_of(text(other))
    return [
        (" ".join(word.key for word in first[a.start : a.end]),
         " ".join(word.key for word in second[a.other_start : a.other_end]))
        for a in changes(first, second)
    ]  # fmt: skip


# --- the rule ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We mend, and sing.", "We  mend\nand sing"),
        ("“We mend” – and sing", "'We mend' - and sing!"),
        ("co-operate here", "cooperate here"),
        ("조선 로동당은 승리한다", "조선로동당은 승리한다."),
        ("half-terrace wall", "half terrace wall"),
        ("ﬁne", "fine"),
        ("5 %", "5%"),
        ("", " - "),
    ],
)
def test_no_variant_is(one: str, other: str) -> None:
    assert differ(one, other) == []


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("mend the wall", "mend the roof", [("wall", "roof")]),
        ("mend the wall", "mend wall", [("the", "")]),
        ("mend the wall", "mend the old wall", [("", "old")]),
        ("We go. The goats eat. The sheep eat.", "We go. The sheep eat.",
         [("The goats eat", "")]),
        ("We go. The sheep eat.", "We go. The goats eat. The sheep eat.",
         [("", "The goats eat")]),
        ("the Party", "the party", [("Party", "party")]),
        ("we go", "", [("we go", "")]),
        ("我们修墙", "我们修屋", [("墙", "屋")]),
        ("동지들, 안녕하십니까", "동무들, 안녕하십니까", [("동지들", "동무들")]),
        ("one two three of four five six", "seven eight nine of ten eleven twelve",
         [("one two three of four five six", "seven eight nine of ten eleven twelve")]),
    ],
)  # fmt: skip
def test_a_variant_is(one: str, other: str, found: list[tuple[str, str]]) -> None:
    assert differ(one, other) == found


@given(st.lists(st.sampled_from("abcde"), max_size=40), st.lists(st.sampled_from("abcde")))
def test_the_changes_make_one_text_of_the_other(one: list[str], other: list[str]) -> None:
    first, second = words_of(text(" ".join(one))), words_of(text(" ".join(other)))
    at, made = 0, ""
    for change in changes(first, second):
        made += "".join(one[at : change.start])
        made += "".join(other[change.other_start : change.other_end])
        at = change.end
    assert made + "".join(one[at:]) == "".join(other)


def test_ten_thousand_words_that_are_one_word_are_compared_too() -> None:
    many, more = words_of(text("Hurrah! " * 10_000)), words_of(text("Hurrah! " * 10_001))
    (change,) = changes(many, more)
    assert change.size == 1


def test_the_outlets_frame_is_not_compared() -> None:
    lede = Block(BlockKind.LEDE, plain("The following is the speech of the mayor:"))
    assert changes(words_of([lede, *text("We mend.")]), words_of(text("We mend."))) == []


# --- the apparatus -------------------------------------------------------------------------


def apparatus(base: Speech, *others: Speech, marks: tuple[Mark, ...] = ()) -> list[str]:
    made = with_apparatus(Document(1, base, marks=marks), [[other] for other in others])
    assert [one.siglum for one in made.witnesses] == list("BCD"[: len(others)])
    return list(made.apparatus)


BASE = speech("a", "We mend the wall, the roof and the gate.", "Let us begin.")


def test_readings_of_witnesses_that_agree_stand_together() -> None:
    found = apparatus(
        BASE,
        speech("b", "We mend the wall, a roof and the gate.", "Let us begin."),
        speech("c", "We mend the wall, a roof and the gate.", "Let us sing."),
        speech("d", "We mend the wall and the gate.", "Let us begin today."),
    )
    assert found == [
        "¶ 1 the (2)] a B C",
        "¶ 1 the roof] left out D",
        "¶ 2 begin] sing C",
        "¶ 2 after begin] today D",
    ]


def test_what_stands_before_all_words_and_long_passages() -> None:
    long = " ".join(f"w{n}" for n in range(30))
    assert apparatus(
        speech("a", f"We mend all walls. {long}"), speech("b", "I mend all walls.")
    ) == [
        "¶ 1 We] I B",
        "¶ 1 w0 w1 w2 … w27 w28 w29] left out B",
    ]
    assert apparatus(BASE, speech("b", "Friends!", *[one.text for one in BASE.blocks])) == [
        "¶ 1 at the beginning] Friends B"
    ]


def test_what_the_editor_left_out_is_in_no_apparatus() -> None:
    hidden = Mark(MarkKind.ELISION, (Span(0, 18, 26),), "the roof", "asked for")
    other = speech("b", "We mend the wall, the secret and the door.", "Let us begin.")
    assert apparatus(BASE, other, marks=(hidden,)) == ["¶ 1 gate] door B"]


def versions(folder: Path, named: str = "*two*") -> Path:
    book = small_book(
        folder,
        more='[notes]\nfiles = ["notes.toml"]\n',
        one=page(BODY, "Gazette", 4),
        two=page(OTHER, "Herald", 5, "Mayor Speaks"),
        three=page(BODY + " ", "Radio", 6),
    )
    said = book.read_text("utf-8").replace("[archive]", "apparatus = true\n[archive]")
    book.write_text(said, "utf-8")
    (folder / "notes.toml").write_text(
        f'[[document]]\nspeech = "*one*"\nversions = ["{named}"]\n', "utf-8"
    )
    return book


def test_versions_are_printed_once_with_their_variants_in_every_edition(tmp_path: Path) -> None:
    made = packager.build(versions(tmp_path), environ={})
    collection = packager.load_collection(tmp_path)
    book = assembled(collection, Report())
    (document,) = book.documents
    assert document.speech.provenance.outlet == "Gazette" and len(document.captures) == 1
    assert document.apparatus == ("¶ 2 Monday] Tuesday B",)
    account = book.account
    assert (account.speeches, account.repeats, account.versions, account.unselected) == (
        3,
        1,
        1,
        (),
    )
    for edition in made:
        assert [entry.equal for entry in edition.ledger] == [True]
        assert packager.check(edition.path).silent
    with zipfile.ZipFile(made[0].path) as archive:
        shown = archive.read("EPUB/text/d1.xhtml").decode()
    assert '<p class="variant">¶ 2 Monday] Tuesday <i>B</i></p>' in shown
    assert "<i>B</i>, Herald, “Mayor Speaks”, " in shown

    (variant,) = document.variants
    wrong = replace(document, variants=(replace(variant, readings=(Reading("Friday", ("B",)),)),))
    other = replace(book, parts=(replace(book.parts[0], members=(wrong,)),))
    (entry,) = epub_ledger(made[0].path, other)
    assert entry.difference == "in the apparatus of its 1 variant"


def test_the_ledger_of_pages_knows_the_apparatus() -> None:
    document = with_apparatus(
        Document(1, BASE), [[speech("b", "We mend the wall.", "Let us begin.")]]
    )
    pages = [["We mend the wall, the roof and", "the gate.", "Let us begin.", "¶ 1 after wall]"]]
    assert compare_pages(document, pages).equal
    from packager.ledger import _apparatus_stands

    assert not _apparatus_stands(document, "¶1wall]leftoutB")
    assert _apparatus_stands(document, "x¶1theroofandthegate]leftoutBy")


@pytest.mark.parametrize(
    ("apparatus", "versions_of", "message"),
    [
        ("false", "*two*", "notes.toml:1: versions are named, but the book has no apparatus; add "
         "apparatus = true to [book]"),
        ("true", "*four*", "notes.toml:1: no page of the archive is '*four*'; name its id or its "
         "file, as 'packager read' prints them"),
    ],
)  # fmt: skip
def test_versions_that_an_editor_names_wrongly_are_told(
    tmp_path: Path, apparatus: str, versions_of: str, message: str
) -> None:
    book = versions(tmp_path, versions_of)
    said = book.read_text("utf-8").replace("apparatus = true", f"apparatus = {apparatus}")
    book.write_text(said, "utf-8")
    with pytest.raises(CollectionError) as error:
        assembled(packager.load_collection(book), Report())
    assert str(error.value) == message


def test_long_texts_of_a_day_are_told_to_be_versions(tmp_path: Path) -> None:
    words = (f"{BODY} " * 4).split()
    other = [("mules" if n % 20 == 0 else word) for n, word in enumerate(words)]
    book = small_book(
        tmp_path, one=page(" ".join(words), "Gazette", 4), two=page(" ".join(other), "Herald", 5)
    )
    text = book.read_text("utf-8").replace("[archive]", "apparatus = true\n[archive]")
    book.write_text(text, "utf-8")
    (document,) = assembled(packager.load_collection(book), Report()).documents
    changed = sum(n % 20 == 0 and word != "mules" for n, word in enumerate(words))
    assert len(document.variants) == changed


def test_without_it_each_version_is_a_document(tmp_path: Path) -> None:
    book = versions(tmp_path)
    said = book.read_text("utf-8").replace("apparatus = true\n", "").partition("[notes]")[0]
    book.write_text(said, "utf-8")
    made = assembled(packager.load_collection(book), Report())
    assert [len(one.variants) for one in made.documents] == [0, 0]


def test_versions_of_a_library_are_collated(tmp_path: Path) -> None:
    book = versions(tmp_path)
    added = CliRunner().invoke(
        main, ["add", str(tmp_path / "pages"), "--library", str(tmp_path / "a.db")]
    )
    assert added.exit_code == 0
    said = book.read_text("utf-8").replace('pages = ["pages"]', 'library = "a.db"')
    book.write_text(said, "utf-8")
    (document,) = assembled(packager.load_collection(book), Report()).documents
    assert document.apparatus == ("¶ 2 Monday] Tuesday B",)


def test_a_wrong_value_is_told(tmp_path: Path) -> None:
    book = versions(tmp_path)
    book.write_text(book.read_text("utf-8").replace("= true", '= "yes"'), "utf-8")
    with pytest.raises(CollectionError) as error:
        packager.load_collection(book)
    assert str(error.value) == "book.toml:4: 'apparatus' must be true or false, not 'yes'"


# --- side by side --------------------------------------------------------------------------


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["collate", *map(str, words)])


def test_two_pages_stand_side_by_side(tmp_path: Path) -> None:
    versions(tmp_path)
    out = tmp_path / "new" / "c.html"
    done = run(tmp_path / "pages" / "one.txt", tmp_path / "pages" / "two.txt", "--out", out)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"{out}: 87 and 88 words, 1 differences (1 and 1 words)\n"
    html = out.read_text("utf-8")
    assert re.findall("<(?:del|ins)>.*?</(?:del|ins)>", html) == [
        "<del>Monday.</del>", "<ins>Tuesday.</ins>",
    ]  # fmt: skip
    rows = re.findall(r"<tr>\n<td.*?</td>\n<td.*?</td>\n</tr>", html, re.S)
    assert [len(re.findall("<p>", row)) for row in rows] == [2, 2, 2]
    words = [
        " ".join(re.sub("<[^>]+>", "", cell).split()) for cell in re.findall("<td.*?</td>", html)
    ]
    assert " ".join(words[0::2]) == " ".join(BODY.split())
    assert " ".join(words[1::2]) == " ".join(OTHER.split())


def test_marks_of_html_in_a_page_are_letters(tmp_path: Path) -> None:
    one, other = speech("a", "<b>We</b> & they"), speech("b", "<script>x</script>")
    html = packager.collate(one, other).html
    assert "&lt;script&gt;" in html and "<script" not in html


@example(["aa a", "a", "b a"], ["a", "b b b", "b a", "aa"])  # two changes slid into each other
@given(st.lists(st.text("ab. ", max_size=9), min_size=1), st.lists(st.text("ab. ", max_size=9)))
def test_every_paragraph_with_words_is_shown(one: list[str], other: list[str]) -> None:
    html = packager.collate(speech("a", *one), speech("b", *other)).html
    found = ["", ""]
    for n, cell in enumerate(re.findall("<td.*?</td>", html, re.S)):
        found[n % 2] += "".join(re.sub("<[^>]+>", "", cell).split())
    for shown, paragraphs in zip(found, (one, other), strict=True):
        assert shown == "".join("".join(p.split()) for p in paragraphs if re.search("[ab]", p))


def test_what_cannot_be_collated_is_one_line(tmp_path: Path) -> None:
    versions(tmp_path)
    one = tmp_path / "pages" / "one.txt"
    (tmp_path / "none.txt").write_text("...")
    assert run(one, tmp_path / "none.txt").stderr == (
        f"error: {tmp_path}/none.txt: no speech was found; see why: packager read "
        f"{tmp_path}/none.txt\n"
    )
    many = tmp_path / "many.jsonl"
    lines = [packager.dump_speech(speech(name, "We mend.", name)) for name in ("a", "b")]
    many.write_text("\n".join(lines))
    done = run(one, many)
    assert (done.exit_code, done.stderr) == (
        InputError.exit_code,
        f"error: {many}: holds 2 speeches; name one, as {many}#a\n",
    )
    assert run(one, f"{many}#b", "--out", tmp_path / "c.html").exit_code == 0
