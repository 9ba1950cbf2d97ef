"""Numbers of documents: given by the order of the book, or kept by the editor."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

import packager
from packager.build import assembled
from packager.errors import CollectionError
from packager.findings import Report
from tests.conftest import SPEECH, small_book

NAMES = ("Coopers", "Drovers", "Masons")


def book(folder: Path, notes: str) -> Path:
    pages = {
        name.lower(): SPEECH.replace("Gardeners", name).replace("rain", name).replace("3 May", day)
        for name, day in zip(NAMES, ("3 May", "4 May", "5 May"), strict=True)
    }
    path = small_book(folder, more='[notes]\nfiles = ["notes.toml"]\n', **pages)
    (folder / "notes.toml").write_text(notes, "utf-8")
    return path


def fixed(name: str, number: object) -> str:
    return f'[[document]]\nspeech = "*{name}*"\nnumber = {number}\n'


@pytest.mark.parametrize(
    ("notes", "numbers"),
    [
        ("", [1, 2, 3]),
        (fixed("coopers", 7), [7, 1, 2]),
        (fixed("masons", 1), [2, 3, 1]),
        (fixed("coopers", 2) + fixed("drovers", 1), [2, 1, 3]),
    ],
)
def test_documents_without_a_number_take_those_that_are_free(
    tmp_path: Path, notes: str, numbers: list[int]
) -> None:
    made = assembled(packager.load_collection(book(tmp_path, notes)), Report())
    assert [one.number for one in made.documents] == numbers


def test_a_number_that_is_kept_is_that_of_every_edition(tmp_path: Path) -> None:
    path = book(tmp_path, fixed("coopers", 7) + '[[note]]\nspeech = "*coopers*"\n'
                'exact = "You were promised"\ntext = "By whom?"\n')  # fmt: skip
    epub, pdf = packager.build(path, environ={})
    assert packager.check(epub.path).silent and packager.check(pdf.path).silent
    assert [entry.document for entry in pdf.ledger] == [7, 1, 2]
    with zipfile.ZipFile(epub.path) as archive:
        page = archive.read("EPUB/text/d7.xhtml").decode()
        assert (
            '<li class="document" value="7"><a href="d7.xhtml">'
            in archive.read("EPUB/text/nav.xhtml").decode()
        )
    assert 'id="d7-n1"' in page and "document 7." in page


def test_a_reference_is_told_by_the_number_that_is_kept(tmp_path: Path) -> None:
    path = book(tmp_path, fixed("coopers", 7))
    again = '[[part]]\ntitle = "Again"\nwords = ["Coopers"]\n'
    path.write_text(path.read_text("utf-8") + again, "utf-8")
    report = Report()
    assembled(packager.load_collection(path), report)
    assert [one.message for one in report if one.code == "speech-repeated"] == [
        "“To the Coopers of the Ninth Terrace” stands in an earlier part as document 7; "
        "part “Again” refers to it"
    ]


@pytest.mark.parametrize(
    ("notes", "message"),
    [
        (fixed("coopers", 2) + fixed("masons", 2),
         "notes.toml:4: “To the Masons of the Ninth Terrace” has the number 2, and so has “To the "
         "Coopers of the Ninth Terrace” at notes.toml:1; give one of them another number"),
        (fixed("o", 2),
         "notes.toml:1: a number is for one document, and '*o*' names 3; name it by its id"),
        (fixed("coopers", 0),
         "notes.toml:3: 'number' must be a whole number from 1 on, not 0"),
        (fixed("bakers", 2),
         "notes.toml:1: no document of the book is '*bakers*'; name its id or its file, as "
         "'packager read' prints them"),
    ],
)  # fmt: skip
def test_faults(tmp_path: Path, notes: str, message: str) -> None:
    with pytest.raises(CollectionError) as error:
        assembled(packager.load_collection(book(tmp_path, notes)), Report())
    assert str(error.value) == message
