"""What a book prints of its own: in its language, whole in every table, never in a template."""

from __future__ import annotations

import re
import zipfile
from itertools import chain
from pathlib import Path

import jinja2
import pytest
from lxml import etree

import packager
from packager.check import points
from packager.dates import read_date
from packager.errors import CollectionError
from packager.findings import Severity
from packager.labels import Labels, names, table
from packager.style import shipped_styles
from tests.conftest import SPEECH, small_book
from tests.test_languages import BOOKS, book

FOLDER = Path(packager.__file__).parent / "labels"
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.toml"))
PAGES = sorted((shipped_styles() / "templates").glob("*.xhtml.j2"))
NAMES = {"ISBN", "SHA", "EPUB"}
"""What is called so in every language."""


# --- the tables ----------------------------------------------------------------------------


def test_the_languages_that_archives_have_most_of_are_there() -> None:
    assert {"ar", "de", "en", "es", "fr", "he", "ja", "ko", "ru", "zh", "zh-Hant"} <= {*LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_says_all_that_the_english_one_says(language: str) -> None:
    assert list(table(language)) == list(table("en"))
    filled = {key: names(words) for key, words in table(language).items()}
    assert filled == {key: names(words) for key, words in table("en").items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_months_are_twelve(language: str) -> None:
    for key in ("months", "months-alone"):
        assert len(str(table(language)[key]).split()) == 12


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
def test_nothing_in_a_table_is_left_in_english(language: str) -> None:
    """But for words that are the same, as `Introduction` in French."""
    same = [key for key, words in table(language).items() if words == table("en")[key]]
    sentences = [key for key in same if len(re.findall(r"[A-Za-z]{3,}", str(table("en")[key]))) > 3]
    assert sentences == []


@pytest.mark.parametrize(
    ("tag", "contents"),
    [
        ("de-AT", "Inhalt"),
        ("zh-CN", "目录"),
        ("zh-TW", "目錄"),
        ("zh-Hant-HK", "目錄"),
        ("ta", "Contents"),
    ],
)
def test_a_language_takes_the_nearest_table(tag: str, contents: str) -> None:
    assert Labels(tag).plain("contents") == contents


@pytest.mark.parametrize(
    ("language", "written", "shown"),
    [
        ("en", "2021-04-07", "7 April 2021"),
        ("de", "2021-04-07", "7. April 2021"),
        ("ko", "2021-04-07", "2021년 4월 7일"),
        ("ja", "07/04/2021", "2021年4月7日または2021年7月4日"),
        ("ru", "May 2020", "май 2020 г."),
        ("es", "May 2020", "mayo de 2020"),
        ("he", "2021-04-07", "7 באפריל 2021"),
        ("ar", "1948", "1948"),
    ],
)
def test_days_are_written_as_the_language_writes_them(
    language: str, written: str, shown: str
) -> None:
    assert Labels(language).date(read_date(written)) == shown


# --- the templates -------------------------------------------------------------------------


def texts(source: str) -> list[str]:
    """What a template prints of itself: its text without mark-up, and strings that it puts out."""
    tokens = list(jinja2.Environment().lex(source))
    text = "".join(value if kind == "data" else "\x00" for _, kind, value in tokens)
    text = re.sub(r'<(?:"[^"]*"|[^">])*>', tag_words, text)
    text = re.sub(r' [a-z:]+="[^"]*"', "", text)  # attributes that a macro gives
    return re.findall(r"[A-Za-z]{2,}", text)


def tag_words(tag: re.Match[str]) -> str:
    """Of a tag only the attributes that are read out."""
    return " ".join(re.findall(r' (?:aria-label|alt|title)="([^"]*)"', tag[0]))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_template_prints_a_word_of_its_own(path: Path) -> None:
    assert {*texts(path.read_text("utf-8"))} - NAMES == set()


def test_the_check_of_templates_finds_words() -> None:
    source = (
        '<p aria-label="Cover" class="a">{% if x %}Part {{ n }}{% else %}{{ "b" }}{% endif %}</p>'
    )
    assert texts(source) == ["Cover", "Part"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_template_puts_out_a_string_of_words(path: Path) -> None:
    """Strings in braces are names: of labels, of editions, of kinds; none is a sentence."""
    put_out = "".join(re.findall(r"\{\{.*?\}\}", path.read_text("utf-8")))
    strings = re.findall(r"\"([^\"]*)\"|'([^']*)'", put_out)
    assert [one for one in chain(*strings) if re.search(r"[A-Za-z]+ [A-Za-z]+", one)] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_label_that_a_template_asks_for_is_there(path: Path) -> None:
    asked = re.findall(r'say(?:\.plain)?\("([a-z-]+)"[,)]', path.read_text("utf-8"))
    assert {*asked} <= {*table("en")}


# --- books ---------------------------------------------------------------------------------


def words_of(made: packager.Built) -> dict[str, str]:
    """The words of each page of an EPUB that are neither marked as English nor from the archive."""
    found = {}
    with zipfile.ZipFile(made.path) as archive:
        for name in archive.namelist():
            if not name.endswith(".xhtml"):
                continue
            page = etree.fromstring(archive.read(name))
            marked = page.xpath("//*[@lang='en' or @dir='ltr' or contains(@class, 'digest')]")
            for one in marked:
                for text in one.iter():
                    text.text = ""
            found[name.removeprefix("EPUB/text/")] = "".join(page.find("{*}body").itertext())
    return found


@pytest.mark.parametrize("language", ["ko", "ar", "he", "ja", "ru", "zh-Hans"])
def test_a_book_in_another_script_prints_no_latin_word_but_names(
    tmp_path: Path, language: str
) -> None:
    """All that is Latin is what the archive and book.toml say."""
    given = {
        *("Orrin", "Press", "Gazette", "Free", "txt", "pages", "SHA", "May", "urn", "uuid"),
        *("Packager", "EbookLib", "WeasyPrint", "recte", "archive", "ISBN", "PDF"),
    }
    made = book(tmp_path / "b", language, language)
    for name, text in words_of(made).items():
        latin = {one for one in re.findall(r"[A-Za-z]{3,}", text)} - given
        if name != "colophon.xhtml":  # names of programs and fonts
            assert {one for one in latin if not re.fullmatch(r"[a-f]+|[ivxlc]+", one)} == set(), (
                name
            )


def test_english_in_a_book_of_a_language_without_a_table_is_marked(tmp_path: Path) -> None:
    made = book(tmp_path / "b", "ta", "ta")
    with zipfile.ZipFile(made.path) as archive:
        page = etree.fromstring(archive.read("EPUB/text/nav.xhtml"))
        heads = page.xpath("//*[local-name()='h1']/*")
    assert [(one.get("lang"), one.get("dir"), "".join(one.itertext())) for one in heads] == [
        ("en", "ltr", "Contents")
    ]
    told = [one for one in points.validate(made.path) if one.severity is not Severity.NOTE]
    assert [str(one) for one in told] == []


OWN = """
[labels]
contents = "Table <of> Contents"
part = "Book {number}"
words = ["one word", "{count} words"]
"""


def test_a_label_of_the_editors_goes_before_ours(tmp_path: Path) -> None:
    made, *_ = packager.build(
        small_book(tmp_path / "b", more=OWN, one=SPEECH), editions=["epub"], environ={}
    )
    with zipfile.ZipFile(made.path) as archive:
        nav = archive.read("EPUB/text/nav.xhtml").decode()
        part = archive.read("EPUB/text/part1.xhtml").decode()
    assert "Table &lt;of&gt; Contents</h1>" in nav
    assert ">Book one</p>" in part


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('content = "C"', "unknown key 'content' in [labels]; did you mean 'contents'?"),
        ("contents = 3", "'contents' must be a string or a list of strings, not 3"),
        ('part = "Part {n}"', "'part' is filled in with {number} in braces"),
        ('part = "Part {"', "'part' is filled in with {number} in braces"),
        ('contents = "{x}"', "'contents' is filled in with nothing in braces"),
        ('words = ["a", "b", "c"]', "'words' has one form, or one and one for more"),
        ("words = []", "'words' has one form, or one and one for more"),
    ],
)
def test_a_label_that_cannot_be_used_is_told(tmp_path: Path, line: str, message: str) -> None:
    path = small_book(tmp_path / "b", more=f"[labels]\n{line}\n", one=SPEECH)
    with pytest.raises(CollectionError) as caught:
        packager.build(path, editions=["epub"], environ={})
    assert str(caught.value).startswith("book.toml:9: " + message)


def test_every_speech_of_another_language_is_quoted_in_it(tmp_path: Path) -> None:
    made = book(tmp_path / "b", "he", "en")
    with zipfile.ZipFile(made.path) as archive:
        page = etree.fromstring(archive.read("EPUB/text/d1.xhtml"))
    quoted = page.xpath("//*[@class='source-note']//*[@lang='he']")
    assert {(one.get("dir"), one.text) for one in quoted} == {("rtl", BOOKS["he"][2])}
