"""book.toml: each fault has its line and its remedy; parts take, order and number speeches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager import Report, Speech, load_collection, read
from packager.book import Account, Book, Document, Reference
from packager.collection import Collection
from packager.dates import Date, one_day, read_date
from packager.errors import CollectionError, InputError, StyleError
from packager.fonts import prepare_fonts
from packager.new import new_book
from packager.selection import Selection
from packager.speech import Block, BlockKind, Provenance, plain
from packager.style import load_style

ROOT = Path(__file__).parents[1]

SMALLEST = """[book]
title = "Noon"
[archive]
pages = ["pages"]
[[part]]
title = "Bells"
"""
FULL = """[book]
title = " Noon "
subtitle = "Speeches to Ringers"
editor = ["Ada Brink", "Tam Orrell"]
publisher = "Rope Press"
place = "Vell"
language = "pt-BR"
identifier = "urn:isbn:9789999900010"
rights = "Nobody's."
description = "Bells."
series = "Towers"
date = 2022-03-01
[archive]
pages = ["pages", "pages/*.txt"]
[[part]]
title = "Bells"
topic = "bells"
speaker = ["Ada Brink"]
from = 2019-01-01
to = 2020-12-31
kind = ["speech", "letter"]
words = "noon"
exclude = ["x-*"]
order = "title"
[[part]]
title = "Ropes"
ids = ["a", "b"]
files = "c.txt"
order = "listed"
[edition.epub]
isbn = "978-99999-0-001-0"
[edition.screen]
[style]
name = "plain"
ground = "#1b2f4b"
ink = "#F3E6C8"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a page, for a book.toml to lie in."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.txt").write_text("To the Ringers\n\nDear ringers,\n\nIt is noon.\n")
    return tmp_path


def write(folder: Path, toml: str | bytes) -> Path:
    path = folder / "book.toml"
    path.write_bytes(toml if isinstance(toml, bytes) else toml.encode())
    return path


# --- what a book.toml says -----------------------------------------------------------------


def test_smallest_book_and_its_defaults(folder: Path) -> None:
    collection = load_collection(write(folder, SMALLEST))
    assert collection.meta.title == "Noon"
    assert collection.meta.language == "en"
    assert collection.meta.editors == ()
    assert collection.pages == (folder / "pages",)
    assert collection.selections == (Selection("Bells"),)
    assert collection.editions == ("epub", "screen")
    assert (collection.style, collection.ground, collection.ink) == ("classic", None, None)


def test_every_key(folder: Path) -> None:
    collection = load_collection(write(folder, FULL))
    meta = collection.meta
    assert (meta.title, meta.subtitle) == ("Noon", "Speeches to Ringers")
    assert meta.editors == ("Ada Brink", "Tam Orrell")
    assert (meta.publisher, meta.place, meta.language) == ("Rope Press", "Vell", "pt-BR")
    assert (meta.identifier, meta.urn) == ("urn:isbn:9789999900010", "urn:isbn:9789999900010")
    assert (meta.rights, meta.description, meta.series) == ("Nobody's.", "Bells.", "Towers")
    assert meta.date == "2022-03-01"
    assert meta.isbns == {"epub": "978-99999-0-001-0"}
    assert collection.selections == (
        Selection(
            "Bells",
            topics=("bells",),
            speakers=("Ada Brink",),
            first=dt.date(2019, 1, 1),
            last=dt.date(2020, 12, 31),
            kinds=("speech", "letter"),
            words=("noon",),
            exclude=("x-*",),
            order="title",
        ),
        Selection("Ropes", ids=("a", "b"), files=("c.txt",), order="listed"),
    )
    assert (collection.style, collection.ground, collection.ink) == ("plain", "#1b2f4b", "#F3E6C8")


def test_folder_stands_for_the_book_toml_in_it(folder: Path) -> None:
    path = write(folder, SMALLEST)
    assert load_collection(folder) == load_collection(str(path)) == load_collection(path)


def test_only_the_editions_that_are_named(folder: Path) -> None:
    assert load_collection(write(folder, f"{SMALLEST}[edition.screen]\n")).editions == ("screen",)


def test_lines_of_windows(folder: Path) -> None:
    toml = FULL.replace("\n", "\r\n")
    assert load_collection(write(folder, toml)) == load_collection(write(folder, FULL))


@pytest.mark.parametrize(
    "language", ["en", "ko", "gsw", "pt-BR", "zh-Hant", "zh-Hant-TW", "es-419", "de-1996"]
)
def test_language_tags(language: str, folder: Path) -> None:
    toml = SMALLEST.replace('"Noon"', f'"Noon"\nlanguage = "{language}"')
    assert load_collection(write(folder, toml)).meta.language == language


def test_example_books_are_sound() -> None:
    for name in ("harbour-lights", "plain-words"):
        assert load_collection(ROOT / "examples" / name).meta.language == "en"


# --- faults of a book.toml -----------------------------------------------------------------

PART_KEYS = "title, topic, speaker, from, to, kind, words, files, ids, exclude, order, introduction"
BOOK_KEYS = (
    "title, subtitle, editor, publisher, place, language, identifier, rights, description, "
    "series, date, citation, apparatus, edition, lccn, cip, printed"
)


def book(line: str) -> str:
    return SMALLEST.replace('title = "Noon"', line)


def part(line: str) -> str:
    return f"{SMALLEST}{line}\n"


FAULTS: dict[str, tuple[str, str]] = {
    "unknown key, near to one": (
        book('tilte = "Noon"'),
        f"book.toml:2: unknown key 'tilte' in [book]; did you mean 'title'? Known: {BOOK_KEYS}",
    ),
    "unknown key, near to none": (
        part('colour = "red"'),
        f"book.toml:7: unknown key 'colour' in [[part]]. Known: {PART_KEYS}",
    ),
    "unknown table": (
        f"{SMALLEST}[[volume]]\n",
        "book.toml:7: unknown key 'volume' at the top; did you mean 'volumes'? Known: book, "
        "archive, part, notes, matter, edition, style, print, volumes, other-script, labels",
    ),
    "unknown key of an edition": (
        f'{SMALLEST}[edition.epub]\nisbm = "x"\n',
        "book.toml:8: unknown key 'isbm' in [edition.epub]; did you mean 'isbn'? Known: isbn, "
        "page-list, conforms-to, certified-by",
    ),
    "unknown key of the style": (
        f"{SMALLEST}[style]\nfont = 'x'\n",
        "book.toml:8: unknown key 'font' in [style]. Known: name, ground, ink",
    ),
    "unknown key of the archive": (
        SMALLEST.replace("pages =", "page ="),
        "book.toml:4: unknown key 'page' in [archive]; did you mean 'pages'? Known: pages, library",
    ),
    "unknown edition": (
        f"{SMALLEST}[edition.kindle]\n",
        "book.toml:7: unknown key 'kindle' in [edition]. Known: epub, screen, archive, print",
    ),
    "a number for a string": (
        book("title = 5"),
        "book.toml:2: 'title' must be a string, not 5",
    ),
    "a truth for a string": (
        book("title = true"),
        "book.toml:2: 'title' must be a string, not true",
    ),
    "a table for a string": (
        book("title = { of = 5 }"),
        "book.toml:2: 'title' must be a string, not a table",
    ),
    "a list of numbers": (
        part("speaker = [1, 2]"),
        "book.toml:7: 'speaker' must be a string or a list of strings, not [1, 2]",
    ),
    "a long value is cut": (
        part(f"speaker = [1, '{'x' * 80}']"),
        f"book.toml:7: 'speaker' must be a string or a list of strings, not [1, '{'x' * 52}...",
    ),
    "a date in quotation marks": (
        part('from = "2020-01-01"'),
        "book.toml:7: 'from' must be a date like 2021-04-07 (without quotation marks), not "
        "'2020-01-01'",
    ),
    "a moment for a date": (
        part("to = 2020-01-01T10:00:00"),
        "book.toml:7: 'to' must be a date like 2021-04-07 (without quotation marks), not "
        "2020-01-01T10:00:00",
    ),
    "one part in single brackets": (
        SMALLEST.replace("[[part]]", "[part]"),
        "book.toml:5: 'part' must be a list of tables, each written with [[...]], not a table",
    ),
    "an edition that is no table": (
        f'{SMALLEST}[edition]\nepub = "yes"\n',
        "book.toml:8: 'epub' must be a table, not 'yes'",
    ),
    "a book that is no table": (
        'book = "Noon"\n',
        "book.toml:1: 'book' must be a table, not 'Noon'",
    ),
    "no title": (
        book('subtitle = "Noon"'),
        'book.toml:1: the book has no title; add title = "..." to [book]',
    ),
    "an empty title": (
        book('title = " "'),
        'book.toml:2: the book has no title; add title = "..." to [book]',
    ),
    "no [book]": (
        SMALLEST.split('"Noon"\n')[1],
        'book.toml: the book has no title; add title = "..." to [book]',
    ),
    "an empty file": ("", 'book.toml: the book has no title; add title = "..." to [book]'),
    "no language tag": (
        book('title = "Noon"\nlanguage = "english"'),
        "book.toml:3: 'english' is no language tag; write it as 'en', 'ko' or 'pt-BR' (BCP 47)",
    ),
    "a language tag with an underscore": (
        book('title = "Noon"\nlanguage = "pt_BR"'),
        "book.toml:3: 'pt_BR' is no language tag; write it as 'en', 'ko' or 'pt-BR' (BCP 47)",
    ),
    "no archive": (
        SMALLEST.replace('[archive]\npages = ["pages"]\n', ""),
        'book.toml: no pages are named; add [archive] with pages = ["folder"]',
    ),
    "no pages": (
        SMALLEST.replace('["pages"]', "[]"),
        'book.toml:3: no pages are named; add [archive] with pages = ["folder"]',
    ),
    "pages that are not there": (
        SMALLEST.replace('["pages"]', '["pages", "gone"]'),
        "book.toml:4: 'gone' is not there (looked in {folder})",
    ),
    "a page without a name": (
        SMALLEST.replace('["pages"]', '["pages", ""]'),
        'book.toml:4: a page without a name; write "." where the folder of book.toml itself is '
        "meant",
    ),
    "a glob that matches nothing": (
        SMALLEST.replace('["pages"]', '"pages/*.html"'),
        "book.toml:4: 'pages/*.html' is not there (looked in {folder})",
    ),
    "a glob that is none": (
        SMALLEST.replace('["pages"]', '"pages/**.html"'),
        "book.toml:4: 'pages/**.html' is not there (looked in {folder})",
    ),
    "a name that is too long": (
        SMALLEST.replace('["pages"]', f'"{"x" * 300}"'),
        f"book.toml:4: '{'x' * 300}' is not there (looked in {{folder}})",
    ),
    "pages in a list of many lines": (
        SMALLEST.replace('["pages"]', '[\n  "pages",\n  "gone",\n]'),
        "book.toml:4: 'gone' is not there (looked in {folder})",
    ),
    "no part": (
        SMALLEST.split("[[part]]")[0],
        "book.toml: the book has no part; add at least one [[part]] with a title",
    ),
    "a part without a title": (
        f"{SMALLEST}[[part]]\nspeaker = 'Ada Brink'\n",
        'book.toml:7: the part has no title; add title = "..." below [[part]]',
    ),
    "unknown order": (
        part('order = "random"'),
        "book.toml:7: unknown order 'random'. Known: date, title, listed, archive",
    ),
    "order listed without a list": (
        part('order = "listed"'),
        "book.toml:7: order 'listed' needs a list; add ids or files to the part",
    ),
    "a range that is reversed": (
        part("from = 2021-01-01\nto = 2020-01-01"),
        "book.toml:8: the range ends (2020-01-01) before it begins (2021-01-01)",
    ),
    "an ISBN of ten digits": (
        f'{SMALLEST}[edition.epub]\nisbn = "9999900010"\n',
        "book.toml:8: '9999900010' is no ISBN of 13 digits; it begins with 978 or 979",
    ),
    "an ISBN with a wrong check digit": (
        f'{SMALLEST}[edition.screen]\nisbn = "978-99999-0-001-1"\n',
        "book.toml:8: the ISBN '978-99999-0-001-1' has the check digit 1, but 0 is right",
    ),
    "an ISBN of two editions": (
        f'{SMALLEST}[edition.epub]\nisbn = "9789999900010"\n[edition.screen]\n'
        'isbn = "978-99999-0-001-0"\n',
        "book.toml:10: the ISBN '978-99999-0-001-0' is that of the edition 'epub', at book.toml:8; "
        "each edition has an ISBN of its own",
    ),
    "an ISBN that is a number": (
        f"{SMALLEST}[edition.epub]\nisbn = 9789999900010\n",
        "book.toml:8: 'isbn' must be a string, not 9789999900010",
    ),
    "a colour by name": (
        f'{SMALLEST}[style]\nground = "red"\n',
        "book.toml:8: 'red' is no colour; write it as '#7a1f23'",
    ),
    "a colour of three digits": (
        f'{SMALLEST}[style]\nink = "#fff"\n',
        "book.toml:8: '#fff' is no colour; write it as '#7a1f23'",
    ),
    "no TOML": (
        f"{SMALLEST}[style\n",
        "book.toml:7: no valid TOML: Expected ']' at the end of a table declaration",
    ),
    "a key twice": (
        book('title = "Noon"\ntitle = "One"'),
        "book.toml:3: no valid TOML: Cannot overwrite a value",
    ),
    "a string that is not closed": (
        f'{SMALLEST}[style]\nname = "plain\n',
        "book.toml:8: no valid TOML: Illegal character '\\n'",
    ),
    "lists in lists in lists": (
        f"{SMALLEST}x = {'[' * 5000}",
        "book.toml:7: no valid TOML: nested too deeply",
    ),
}


@pytest.mark.parametrize(("toml", "told"), FAULTS.values(), ids=FAULTS)
def test_fault_says(toml: str, told: str, folder: Path) -> None:
    path = write(folder, toml)
    with pytest.raises(CollectionError) as caught:
        load_collection(path)
    assert str(caught.value) == told.replace("{folder}", str(folder))


def test_file_that_is_not_utf8(folder: Path) -> None:
    path = write(folder, SMALLEST.replace("Noon", "Midi à Vellé").encode("cp1252"))
    with pytest.raises(CollectionError) as caught:
        load_collection(path)
    assert str(caught.value) == f"{path}: not UTF-8; save it as UTF-8 text"


def test_byte_order_mark_is_no_fault(folder: Path) -> None:
    assert load_collection(write(folder, f"\ufeff{SMALLEST}")).meta.title == "Noon"


def test_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "book.toml"):
        with pytest.raises(CollectionError) as caught:
            load_collection(path)
        told = f"{tmp_path / 'book.toml'}: cannot be opened: No such file or directory"
        assert str(caught.value) == told


@given(text=st.text(max_size=200))
def test_any_text_is_a_collection_or_a_fault(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp()
    for toml in (text, f"{SMALLEST}{text}", f"[book]\ntitle = {text}\n"):
        try:
            load_collection(write(folder, toml))
        except CollectionError as error:
            assert str(error)


# --- speeches to choose from ---------------------------------------------------------------


def speech(
    ident: str,
    words: str = "",
    *,
    day: str | None = None,
    date: Date | None = None,
    path: str = "",
    url: str | None = None,
    captured: str | None = None,
    title: str = "",
    **values: Any,
) -> Speech:
    """A speech of its own words: its ISO day or its date, and what is known of its page."""
    made = Provenance(
        path or f"../pages/{ident}.txt", "0" * 64, "text", "1", url=url, captured=captured
    )
    blocks = (Block(BlockKind.P, plain(words or f"These are the words of {ident}.")),)
    date = one_day(dt.date.fromisoformat(day), day) if day else date
    return Speech(ident, title or f"Title {ident}", blocks, made, date=date, **values)


def assemble(
    selections: Sequence[Selection], speeches: Sequence[Speech], report: Report | None = None
) -> Book:
    named = load_collection(ROOT / "examples" / "plain-words")
    collection = Collection(
        path=Path("book.toml"),
        meta=named.meta,
        pages=(),
        selections=tuple(selections),
        places={n: f"book.toml:{10 * n + 5}" for n in range(len(selections))},
    )
    return collection.assemble(speeches, report=report)


def ids(made: Book) -> list[list[str]]:
    """The ids of each part; those that are only referred to in brackets."""
    return [
        [
            member.speech.id if isinstance(member, Document) else f"({member.document.speech.id})"
            for member in part.members
        ]
        for part in made.parts
    ]


ALL = [
    speech("a", speaker="Ada Brink", kind="speech", day="2019-05-01", topics=("bells",)),
    speech("b", speaker="Ada Brink", kind="letter", day="2020-05-01", topics=("ropes", "bells")),
    speech("c", speaker="Tam Orrell", kind="speech", day="2021-05-01"),
    speech("d", "It is noon, once more, in the tower.", kind="opening speech"),
    speech("e", "At noon.", speaker="Tam Orrell", date=read_date("05/06/2020")),
    speech("f", "After noon-day.", date=read_date("2020"), path="../old/f-x.html"),
]

SELECTIONS: dict[str, tuple[Selection, str]] = {
    "nothing stated takes all": (Selection("P"), "abcdef"),
    "speaker": (Selection("P", speakers=("Ada Brink",)), "ab"),
    "speaker, capitals aside": (Selection("P", speakers=("ADA BRINK",)), "ab"),
    "one of two speakers": (Selection("P", speakers=("Ada Brink", "Tam Orrell")), "abce"),
    "kind, whole": (Selection("P", kinds=("speech",)), "ac"),
    "kind, capitals aside": (Selection("P", kinds=("Opening Speech",)), "d"),
    "topic": (Selection("P", topics=("bells",)), "ab"),
    "one of two topics": (Selection("P", topics=("Ropes", "clocks")), "b"),
    "from": (Selection("P", first=dt.date(2020, 5, 1)), "bce"),
    "to": (Selection("P", last=dt.date(2020, 5, 1)), "ab"),
    "a range, both ends in it": (
        Selection("P", first=dt.date(2019, 5, 1), last=dt.date(2020, 5, 1)),
        "ab",
    ),
    "a range takes an open date when all its days fit": (
        Selection("P", first=dt.date(2020, 5, 6), last=dt.date(2020, 6, 5)),
        "e",
    ),
    "a range does not take an open date of which one day fits": (
        Selection("P", first=dt.date(2020, 5, 7), last=dt.date(2020, 12, 31)),
        "",
    ),
    "a whole year in its range": (
        Selection("P", first=dt.date(2020, 1, 1), last=dt.date(2020, 12, 31)),
        "bef",
    ),
    "words, whole": (Selection("P", words=("noon",)), "def"),
    "words, capitals aside": (Selection("P", words=("IT IS NOON",)), "d"),
    "words are no pieces of words": (Selection("P", words=("oon",)), ""),
    "words over a line's end": (Selection("P", words=("once  more",)), "d"),
    "words with marks": (Selection("P", words=("noon,",)), "d"),
    "one of two words": (Selection("P", words=("tower", "after")), "df"),
    "files by name": (Selection("P", files=("a.txt", "c.txt")), "ac"),
    "files by glob": (Selection("P", files=("f-*.html",)), "f"),
    "files by the end of their path": (Selection("P", files=("old/*",)), "f"),
    "files by their path as findings name it": (Selection("P", files=("../old/f-x.html",)), "f"),
    "ids": (Selection("P", ids=("a", "f")), "af"),
    "ids or files": (Selection("P", ids=("a",), files=("c.txt",)), "ac"),
    "all but": (Selection("P", exclude=("b", "c.txt", "*.html")), "ade"),
    "exclude goes before ids": (Selection("P", ids=("a", "b"), exclude=("a",)), "b"),
    "speaker and kind": (Selection("P", speakers=("Ada Brink",), kinds=("letter",)), "b"),
    "ids that do not fit the speaker": (
        Selection("P", ids=("a", "c"), speakers=("Tam Orrell",)),
        "c",
    ),
    "all at once": (
        Selection(
            "P",
            topics=("bells",),
            speakers=("Ada Brink",),
            first=dt.date(2019, 1, 1),
            last=dt.date(2021, 1, 1),
            kinds=("speech", "letter"),
            words=("words of",),
            exclude=("b",),
        ),
        "a",
    ),
}


@pytest.mark.parametrize(("selection", "taken"), SELECTIONS.values(), ids=SELECTIONS)
def test_part_takes(selection: Selection, taken: str) -> None:
    assert "".join(one.id for one in ALL if selection.takes(one)) == taken


def test_files_beside_book_toml_are_named_as_they_are_printed() -> None:
    """Where the pages lie below the book's own folder, the path begins with no folder above."""
    one = speech("a", path="pages/a.txt")
    assert Selection("P", files=("pages/a.txt",)).takes(one)
    assert Selection("P", files=("pages/*",)).takes(one)


# --- order ---------------------------------------------------------------------------------


def test_by_date_undated_last_and_the_title_decides() -> None:
    some = [
        speech("a", title="Zinc"),
        speech("b", title="alder"),
        speech("c", day="2020-06-01"),
        speech("d", date=read_date("05/06/2020")),
        speech("e", date=read_date("2020")),
        speech("f", day="2020-05-06", title="Aardvark"),
        speech("g", day="1999-12-31"),
    ]
    assert ids(assemble([Selection("P")], some)) == [["g", "e", "f", "d", "c", "b", "a"]]


def test_by_title_capitals_aside() -> None:
    some = [speech("a", title="bells"), speech("b", title="Clocks"), speech("c", title="Apples")]
    assert ids(assemble([Selection("P", order="title")], some)) == [["c", "a", "b"]]


def test_as_listed_ids_before_files_and_a_glob_in_one_place() -> None:
    selection = Selection("P", ids=("d", "a"), files=("c.txt", "*.html", "b.txt"), order="listed")
    assert ids(assemble([selection], ALL)) == [["d", "a", "c", "f", "b"]]


@given(shuffled=st.permutations(ALL))
def test_archive_order_is_the_order_of_reading(shuffled: list[Speech]) -> None:
    assert ids(assemble([Selection("P", order="archive")], shuffled)) == [
        [speech.id for speech in shuffled]
    ]


@given(shuffled=st.permutations(ALL), order=st.sampled_from(["date", "title"]))
def test_order_of_the_archive_does_not_matter(shuffled: list[Speech], order: str) -> None:
    selection = Selection("P", order=order)
    assert ids(assemble([selection], shuffled)) == ids(assemble([selection], ALL))


# --- assembling ----------------------------------------------------------------------------


def test_documents_are_numbered_through_all_parts() -> None:
    made = assemble([Selection("P", ids=("c", "b")), Selection("Q", ids=("a",))], ALL)
    assert [(document.number, document.speech.id) for document in made.documents] == [
        (1, "b"),
        (2, "c"),
        (3, "a"),
    ]
    assert [(part.number, part.title) for part in made.parts] == [(1, "P"), (2, "Q")]
    assert [document.anchor for document in made.documents] == ["d1", "d2", "d3"]


def test_speech_in_two_parts_is_printed_once_and_referred_to() -> None:
    report = Report()
    selections = [
        Selection("Letters", kinds=("letter",)),
        Selection("Ada", speakers=("Ada Brink",)),
    ]
    made = assemble(selections, ALL, report)
    assert ids(made) == [["b"], ["a", "(b)"]]
    reference = made.parts[1].members[1]
    assert isinstance(reference, Reference)
    assert reference.document is made.parts[0].documents[0]
    assert [str(finding) for finding in report] == [
        "book.toml:15: note: “Title b” stands in an earlier part as document 1; part “Ada” refers "
        "to it (speech-repeated)",
        "book.toml: note: 4 of 6 speeches are in no part (not-selected); run 'packager read' on "
        "the pages to see them all",
    ]


@pytest.mark.parametrize(
    ("speakers", "kinds", "told"),
    [
        ([], [], "Speakers: none. Kinds: none"),
        (["Ada Brink"], ["speech"], "Speakers: Ada Brink. Kinds: speech"),
        (
            [f"Speaker {n}" for n in range(8)],
            ["letter", "speech"],
            "Speakers: Speaker 0, Speaker 1, Speaker 2, Speaker 3, Speaker 4, Speaker 5 and 2 "
            "more. Kinds: letter, speech",
        ),
    ],
)
def test_part_that_takes_nothing(speakers: list[str], kinds: list[str], told: str) -> None:
    some = [speech(f"s{n}", speaker=name) for n, name in enumerate(speakers)]
    some += [speech(f"k{n}", kind=kind) for n, kind in enumerate(kinds)]
    some = some or [speech("of nobody and no kind")]
    with pytest.raises(CollectionError) as caught:
        assemble([Selection("Nobody's", speakers=("Nobody",))], some)
    assert str(caught.value) == (
        f"book.toml:5: the part “Nobody's” takes none of the {len(some)} speeches. {told}; widen "
        "its selection, or take the part out"
    )


def test_part_of_an_archive_that_holds_nothing() -> None:
    with pytest.raises(CollectionError) as caught:
        assemble([Selection("All")], [])
    assert str(caught.value) == (
        "book.toml:5: the part “All” is empty: the archive holds no speech; run 'packager read' on "
        "the pages to see why"
    )


# --- captures of one speech ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "chosen"),
    [
        pytest.param(
            {"url": "https://v.example/1"}, {"captured": "2000-01-01"}, 0, id="an address"
        ),
        pytest.param(
            {"captured": "2000-01-01"}, {"url": "https://v.example/1"}, 1, id="the other's"
        ),
        pytest.param(
            {"url": "https://v.example/1", "captured": "2021-01-02"},
            {"url": "https://v.example/1", "captured": "2021-01-01"},
            1,
            id="then the earliest capture",
        ),
        pytest.param({}, {"captured": "2021-01-01"}, 1, id="a day before none"),
        pytest.param({"path": "z.txt"}, {"path": "a.txt"}, 1, id="then the path"),
    ],
)
def test_capture_that_is_printed(
    first: dict[str, object], second: dict[str, object], chosen: int
) -> None:
    pair = [speech("a", "It is noon.", **first), speech("b", "It  is\nnoon.", **second)]
    for some in (pair, pair[::-1]):
        made = assemble([Selection("P")], some)
        (document,) = made.documents
        assert document.speech is pair[chosen]
        assert document.captures == (pair[1 - chosen].provenance,)


def test_captures_differ_in_frame_and_title_and_are_still_one_speech() -> None:
    first = speech("a", "It is noon.")
    frame = Block(BlockKind.DATELINE, plain("Vell, May 4 (VNA) --"))
    second = replace(first, id="b", title="Other", blocks=(frame, *first.blocks))
    made = assemble([Selection("P")], [first, second])
    assert len(list(made.documents)) == 1


def test_part_that_names_the_other_captures_id_or_file_takes_the_speech() -> None:
    """The editor cannot know which capture the book will choose."""
    chosen = speech("a", "It is noon.", url="https://v.example/1", path="pages/a.html")
    other = speech("b", "It is noon.", path="pages/b.txt")
    for selection in (Selection("P", ids=("b",)), Selection("P", files=("b.txt",))):
        assert ids(assemble([selection], [chosen, other])) == [["a"]]


def test_two_speeches_with_one_id_are_both_in_the_book_or_refused() -> None:
    """`read` tells them apart; speeches of two readings were never compared."""
    some = [speech("a", "It is noon."), speech("a", "It is midnight.")]
    try:
        made = assemble([Selection("P")], some)
    except CollectionError:
        return
    assert sorted(document.speech.body for document in made.documents) == [
        "It is midnight.",
        "It is noon.",
    ]


def test_example_capture_with_an_address_is_printed(tmp_path: Path) -> None:
    collection = load_collection(ROOT / "examples" / "harbour-lights")
    made = collection.assemble(read(collection.pages, base=collection.folder))
    (document,) = [one for one in made.documents if one.captures]
    name = "../archive/2020-02-11-funeral-address-captain-ivo-strand"
    assert document.speech.provenance.path == f"{name}.html"
    assert [capture.path for capture in document.captures] == [f"{name}.txt"]


# --- the account ---------------------------------------------------------------------------


def test_account_of_an_archive(folder: Path) -> None:
    pages = folder / "pages"
    for name, text in {
        "b.txt": "To the Founders\n\nIt is one.\n",
        "twin.txt": "To the Ringers\n\nDear ringers,\n\nIt is noon.\n",
        "c.txt": "To Nobody\n\nIt is two.\n",
        "empty.txt": "",
        "marks.txt": "%% 1 ~~ 77 || #",
        "bells.xml": "<bells><bell/></bells>",
        "header.txt": "Title: To the Ringers\n",
    }.items():
        (pages / name).write_text(text)
    toml = SMALLEST + 'exclude = "c.txt"\n'
    collection = load_collection(write(folder, toml))
    report = Report()
    speeches = list(read(collection.pages, report=report, base=collection.folder))
    made = collection.assemble(speeches, report=report)
    assert made.account == Account(
        pages=8,
        speeches=4,
        repeats=1,
        refused=(("empty-file", 1), ("no-speech", 1), ("not-text", 1), ("unknown-form", 1)),
        unselected=("To Nobody",),
    )


@given(
    kept=st.lists(
        st.tuples(st.sampled_from("pqr"), st.sampled_from(["noon", "one", "two", "three", "four"])),
        min_size=1,
        max_size=10,
    )
)
def test_account_adds_up(kept: list[tuple[str, str]]) -> None:
    """Speeches are documents, repeats and those in no part: nothing is lost on the way."""
    some = [
        speech(f"{n}", f"It is {word}.", speaker=speaker) for n, (speaker, word) in enumerate(kept)
    ]
    selections = [
        Selection("P", speakers=("p",)),
        Selection("Words", words=("noon", "one", "two")),
    ]
    try:
        made = assemble(selections, some)
    except CollectionError:
        return
    account = made.account
    documents = list(made.documents)
    assert account.speeches == len(some)
    assert account.speeches == len(documents) + account.repeats + len(account.unselected)
    assert account.repeats == len(some) - len({one.body for one in some})


# --- faults of a style ---------------------------------------------------------------------

STYLE_FAULTS: dict[str, tuple[str, str]] = {
    "unknown key": (
        'colour = "red"',
        "style.toml:1: unknown key 'colour' at the top. Known: inherit, description, ground, ink, "
        "notes, page, font, script",
    ),
    "notes somewhere": (
        'notes = "margin"',
        "style.toml:1: unknown 'margin'. Known: foot, end",
    ),
    "unknown key of the page": (
        "[page]\nwidht = 5",
        "style.toml:2: unknown key 'widht' in [page]; did you mean 'width'? Known: width, height, "
        "inner, outer, top, bottom",
    ),
    "a page of words": (
        '[page]\nwidth = "A5"',
        "style.toml:2: 'width' must be a number, not 'A5'",
    ),
    "a colour by name": (
        'ground = "red"',
        "style.toml:1: 'red' is no colour; write it as '#7a1f23'",
    ),
    "a font from nowhere": (
        '[[font]]\nfamily = "Bell"',
        "style.toml:1: a font needs 'family' and one of 'package' and 'system'",
    ),
    "a script without languages": (
        '[[script]]\nfamily = "Bell"\nsystem = "b"',
        "style.toml:1: the font of a script needs 'lang', the languages that it sets",
    ),
    "a font from two places": (
        '[[font]]\nfamily = "Bell"\npackage = "a"\nsystem = "b"',
        "style.toml:1: a font needs 'family' and one of 'package' and 'system'",
    ),
    "no TOML": ("ground =", "style.toml:1: no valid TOML: Invalid value"),
    "an axis in words": (
        '[[font]]\nfamily = "Bell"\nsystem = "bell.ttf"\naxes = { wght = "bold" }',
        "style.toml:4: 'wght' must be a number, not 'bold'",
    ),
    "itself": ('inherit = "own"', "{style}: the style inherits from itself"),
    "a parent that is not there": (
        'inherit = "bells"',
        "unknown style 'bells'. Known: classic, documentary, large-print, own, plain",
    ),
    "a parent that is a path": (
        'inherit = "../bells"',
        "'../bells' is no name of a style; use letters, digits, '-' and '_'",
    ),
}


@pytest.mark.parametrize(("toml", "told"), STYLE_FAULTS.values(), ids=STYLE_FAULTS)
def test_fault_of_a_style_says(toml: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    file = tmp_path / "own" / "style.toml"
    file.write_text(f"{toml}\n")
    with pytest.raises(StyleError) as caught:
        load_style("own", book_folder=tmp_path)
    assert str(caught.value) == told.replace("{style}", str(file))


def test_styles_in_a_circle(tmp_path: Path) -> None:
    for name, parent in (("one", "two"), ("two", "one")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "style.toml").write_text(f'inherit = "{parent}"\n')
    with pytest.raises(StyleError) as caught:
        load_style("one", book_folder=tmp_path)
    told = f"{tmp_path / 'one' / 'style.toml'}: the style inherits from itself"
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("bells", "unknown style 'bells'. Known: classic, documentary, large-print, plain"),
        ("../classic", "'../classic' is no name of a style; use letters, digits, '-' and '_'"),
        ("", "'' is no name of a style; use letters, digits, '-' and '_'"),
    ],
)
def test_style_that_is_not_there(name: str, told: str) -> None:
    with pytest.raises(StyleError) as caught:
        load_style(name)
    assert str(caught.value) == told


@pytest.mark.parametrize("name", ["own/base.css", "book.css"])
def test_a_stylesheet_in_another_encoding_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "style.toml").write_text('inherit = "plain"\n')
    (tmp_path / name).write_bytes("/* höher */".encode("latin-1"))
    with pytest.raises(StyleError, match=r"css: cannot be read: .*; save it as UTF-8"):
        load_style("own", book_folder=tmp_path).css("base")


def test_style_inherits_and_says_only_what_differs(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "style.toml").write_text('inherit = "plain"\n[page]\nwidth = 120\n')
    own, plain_ = load_style("own", book_folder=tmp_path, ink="#000000"), load_style("plain")
    assert own.geometry == replace(plain_.geometry, width=120)
    assert (own.faces, own.ground, own.ink) == (plain_.faces, plain_.ground, "#000000")


@pytest.mark.parametrize(
    ("font", "told"),
    [
        (
            'package = "no_bells"',
            "the font package 'no_bells' is not installed; pip install no-bells",
        ),
        ('package = "packager"\nfile = "no.ttf"', "packager has no file 'no.ttf'"),
        (
            'package = "packager"\nfile = "errors.py"',
            "errors.py: no font that can be read: Not a TrueType or OpenType font "
            "(bad sfntVersion)",
        ),
    ],
)
def test_font_that_is_not_there(font: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "style.toml").write_text(f'[[font]]\nfamily = "Bell"\n{font}\n')
    style = load_style("own", book_folder=tmp_path)
    with pytest.raises(StyleError) as caught:
        prepare_fonts(style, ["It is noon."], Report())
    assert str(caught.value) == told


# --- a first book.toml ---------------------------------------------------------------------


def test_new_book_is_never_written_over_another(folder: Path) -> None:
    path = write(folder, SMALLEST)
    with pytest.raises(InputError) as caught:
        new_book(folder, [folder / "pages"], ALL)
    assert str(caught.value) == f"{path}: is there already; choose another folder, or edit it"
    assert path.read_text() == SMALLEST


def test_new_book_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        new_book(tmp_path, [tmp_path], [])
    assert str(caught.value) == ("no speech was found on the pages; see what was skipped, and why")


def test_new_book_takes_every_speech_once(folder: Path) -> None:
    for n in range(3):
        (folder / "pages" / f"{n}.txt").write_text(
            f'Title: Noon "{n}"\\\nDate: {2019 + n}-01-01\n\nIt is {n} o\'clock.\n'
        )
    speeches = list(read(folder / "pages"))
    collection = load_collection(new_book(folder / "made", [folder / "pages"], speeches))
    made = collection.assemble(read(collection.pages, base=collection.folder))
    assert sorted(one.speech.id for one in made.documents) == sorted(one.id for one in speeches)
    assert [part.title for part in made.parts] == ["2019", "2020", "2021", "Undated"]
    assert made.account.unselected == ()
