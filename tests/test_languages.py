"""A book in each language of the archives: valid, silent, its language and direction stated."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from lxml import etree

import packager
from packager.check import epubcheck, points
from packager.errors import CollectionError
from packager.findings import Finding, Report, Severity

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RIGHT_TO_LEFT = ("ar", "he")

BOOKS = {
    "en": ("Words of the River", "Ann Ferry", "Speech on the Quay", "Dear ferrymen,",
           "The water rises, and here we stand. Let everybody bring a plank."),
    "fr": ("Paroles de la crue", "Ana Torvald", "Discours du quai", "Chers bateliers,",
           "La rivière monte et nous restons debout. Que chacun porte une planche."),
    "ru": ("Слова реки", "Анна Торвальд", "Речь на пристани", "Дорогие лодочники,",
           "Вода поднимается, а мы стоим на месте. Пусть каждый принесёт доску."),
    "el": ("Λόγια του ποταμού", "Άννα Τόρβαλ", "Λόγος στην αποβάθρα", "Αγαπητοί βαρκάρηδες,",
           "Το νερό ανεβαίνει και εμείς στεκόμαστε. Ας φέρει καθένας μια σανίδα."),
    "ko": ("강의 말", "한나루", "나루터에서 한 연설", "사랑하는 뱃사공 여러분,",
           "물은 불어나고 우리는 서 있습니다. 모두 널빤지 하나씩 가져오십시오."),
    "ja": ("川のことば", "川辺花子", "船着き場での演説", "船頭の皆さん、",
           "水かさは増し、私たちは立ち続けます。どうか一人一枚の板をお持ちください。"),
    "zh-Hans": ("河的话", "林河", "码头演说", "亲爱的船夫们：",
                "水在上涨，我们仍站在这里。请每个人带来一块木板。"),
    "ar": ("كلمات النهر", "هناء النهري", "خطاب المرسى", "أعزائي أصحاب القوارب،",
           "الماء يرتفع ونحن واقفون هنا. فليحمل كل واحد منكم لوحا من خشب."),
    "he": ("דברי הנהר", "חנה נהרי", "נאום הרציף", "בעלי סירות יקרים,",
           "המים עולים ואנחנו עומדים כאן. שכל אחד יביא קרש אחד."),
    "ta": ("ஆற்றின் சொற்கள்", "நதியா ஆறுமுகம்", "துறையில் ஆற்றிய உரை", "அன்பான படகோட்டிகளே,",
           "நீர் உயர்கிறது, நாம் இங்கே நிற்கிறோம். ஒவ்வொருவரும் ஒரு பலகை கொண்டு வாருங்கள்."),
}  # fmt: skip


def book(folder: Path, language: str, of: str, more: str = "") -> packager.Built:
    """The book in `of`, with one speech in `language`; `more` is added to its book.toml."""
    _, speaker, head, salute, words = BOOKS[language]
    (folder / "pages").mkdir(parents=True)
    (folder / "pages" / "a.txt").write_text(
        f"Title: {head}\nSpeaker: {speaker}\nDate: 3 May 2019\nPlace: Orrin\nLanguage: {language}\n"
        f"Source: Gazette\n\n{salute}\n\n{words}\n\n{salute}\n",
        "utf-8",
    )
    (folder / "book.toml").write_text(
        f'[book]\ntitle = "{BOOKS[of][0]}"\nlanguage = "{of}"\neditor = "{BOOKS[of][1]}"\n'
        f'publisher = "Orrin Press"\nrights = "Free"\ndate = 2020-01-01\n'
        f'[archive]\npages = ["pages"]\n[[part]]\ntitle = "{BOOKS[of][2]}"\n{more}',
        "utf-8",
    )
    report = Report()
    (made,) = packager.build(folder, editions=["epub"], report=report)
    told = {finding.code for finding in report if finding.severity is not Severity.NOTE}
    assert told <= {"letters-without-font", "font-missing"}
    return made


def faults(findings: Iterable[Finding]) -> list[str]:
    return [str(one) for one in findings if one.severity is not Severity.NOTE]


def member(made: packager.Built, name: str) -> etree._Element:
    with zipfile.ZipFile(made.path) as archive:
        return etree.fromstring(archive.read(f"EPUB/{name}"))


@pytest.mark.parametrize("language", BOOKS)
def test_a_book_in_each_language_is_silent_and_says_its_language(
    tmp_path: Path, language: str
) -> None:
    made = book(tmp_path / "b", language, language)
    assert faults(points.validate(made.path)) == []
    package = member(made, "content.opf")
    assert package.get(XML_LANG) == package.findtext(".//{*}language") == language
    direction = "rtl" if language in RIGHT_TO_LEFT else None
    assert package.find("{*}spine").get("page-progression-direction") == direction
    for name in ("nav", "d1", "title-page", "colophon"):
        page = member(made, f"text/{name}.xhtml")
        assert page.get("lang") == page.get(XML_LANG) == language
        assert page.get("dir") == direction


@pytest.mark.parametrize("language", [name for name in BOOKS if name != "en"])
def test_a_speech_of_each_language_in_an_english_book(tmp_path: Path, language: str) -> None:
    made = book(tmp_path / "b", language, "en")
    assert faults(points.validate(made.path)) == []
    package = member(made, "content.opf")
    assert package.find("{*}spine").get("page-progression-direction") is None
    assert [one.text for one in package.iter("{*}language")] == ["en", language]
    page = member(made, "text/d1.xhtml")
    for element in (page.find(".//{*}h2"), page.find(".//{*}div[@id='d1-text']")):
        assert element.get("lang") == element.get(XML_LANG) == language
        assert element.get("dir") == ("rtl" if language in RIGHT_TO_LEFT else None)


SCRIPT = """
[other-script]
language = "he-Latn"
title = "Divrei ha-nahar"
names = { "חנה נהרי" = "Hana Nehari" }
"""


def test_titles_and_names_in_another_script_refine_those_of_the_book(tmp_path: Path) -> None:
    made = book(tmp_path / "b", "he", "he", SCRIPT)
    assert faults(points.validate(made.path)) == []
    package = member(made, "content.opf")
    ids = {
        one.get("id"): one.text for one in package.iter("{*}title", "{*}creator", "{*}contributor")
    }
    found = package.xpath("//*[@property='alternate-script']")
    assert [(ids[one.get("refines")[1:]], one.get(XML_LANG), one.text) for one in found] == [
        ("דברי הנהר", "he-Latn", "Divrei ha-nahar"),
        ("חנה נהרי", "he-Latn", "Hana Nehari"),
        ("חנה נהרי", "he-Latn", "Hana Nehari"),
    ]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('title = "A"', r"the script is not named; add language"),
        ('language = "Latin"', r"'Latin' is no language tag"),
        (
            'language = "he-Latn"\nnames = { "A" = 1 }',
            r"'A' .*is a number|must be a string|a string",
        ),
    ],
)
def test_a_script_that_cannot_be_used_is_told(tmp_path: Path, lines: str, message: str) -> None:
    with pytest.raises(CollectionError, match=message):
        book(tmp_path / "b", "he", "he", f"[other-script]\n{lines}\n")


@pytest.mark.slow
@pytest.mark.parametrize("language", BOOKS)
def test_epubcheck_is_silent_on_a_book_in_each_language(tmp_path: Path, language: str) -> None:
    assert faults(epubcheck.validate(book(tmp_path / "b", language, language).path)) == []
