"""Citations: parsers that are not ours read back what the speeches say, and no more."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from packager.book import Book
from packager.citable import citables
from packager.editions.data import bibtex, csl, jsonld, ris
from packager.speech import Speech
from tests.data.conftest import BARE, DATES, WHOLE, book_of, words

bibtexparser = pytest.importorskip("bibtexparser", reason="the extra 'dev' is not installed")
rispy = pytest.importorskip("rispy", reason="the extra 'dev' is not installed")

Values = dict[str, Any]


def from_csl(data: bytes) -> list[Values]:
    return [
        {
            "key": item["id"],
            "title": item["title"],
            "speaker": item.get("author", [{}])[0].get("literal"),
            "occasion": item.get("event-title"),
            "place": item.get("event-place"),
            "outlet": item.get("container-title"),
            "url": item.get("URL"),
            "accessed": "-".join(
                f"{part:02}" for part in item.get("accessed", {"date-parts": [[]]})["date-parts"][0]
            )
            or None,
            "language": item.get("language"),
            "number": int(item["number"]),
        }
        for item in json.loads(data)
    ]


def from_bibtex(data: bytes) -> list[Values]:
    library = bibtexparser.parse_string(data.decode())
    assert not library.failed_blocks
    found = []
    for entry in library.entries:
        fields = {name: field.value for name, field in entry.fields_dict.items()}
        note = unescaped(fields["note"])
        found.append(
            {
                "key": entry.key,
                "title": unescaped(fields["title"][1:-1]),
                "speaker": unescaped(fields["author"][1:-1]) if "author" in fields else None,
                "occasion": unescaped(fields.get("eventtitle")),
                "place": unescaped(fields.get("venue")),
                "outlet": unescaped(fields.get("howpublished")),
                "url": fields.get("url"),
                "accessed": fields.get("urldate"),
                "language": unescaped(fields.get("language")),
                "number": number_in(note),
            }
        )
    return found


def from_ris(data: bytes) -> list[Values]:
    return [
        {
            "key": record["id"],
            "title": record["title"],
            "speaker": record.get("authors", [None])[0],
            "occasion": record.get("secondary_title"),
            "place": record.get("place_published"),
            "outlet": record.get("publisher"),
            "url": record.get("urls", [None])[0],
            "accessed": record["access_date"].replace("/", "-")
            if "access_date" in record
            else None,
            "language": record.get("language"),
            "number": int(record["note"]),
        }
        for record in rispy.loads(data.decode())
    ]


def from_jsonld(data: bytes) -> list[Values]:
    def name(value: Values | None) -> str | None:
        return value["name"] if value else None

    book, *items = json.loads(data)["@graph"]
    assert book["@type"] == "Book" and all(one["isPartOf"]["@id"] == book["@id"] for one in items)
    return [
        {
            "key": one["identifier"],
            "title": one["name"],
            "speaker": one.get("author"),
            "occasion": name(one.get("recordedAt")),
            "place": name(one.get("locationCreated")),
            "outlet": name(one.get("publisher")),
            "url": one.get("url"),
            "accessed": one["isBasedOn"].get("dateCreated"),
            "language": one.get("inLanguage"),
            "number": one["position"],
        }
        for one in items
    ]


FORMS: dict[str, tuple[Callable[[Book], bytes], Callable[[bytes], list[Values]]]] = {
    "csl": (csl.write, from_csl),
    "bibtex": (bibtex.write, from_bibtex),
    "ris": (ris.write, from_ris),
    "jsonld": (jsonld.write, from_jsonld),
}
each_form = pytest.mark.parametrize("form", FORMS)


def unescaped(text: str | None) -> str | None:
    """What TeX prints for a text; fails on a command or sign that would not be a letter."""
    if text is None:
        return None
    letters = {
        "textbackslash{}": "\\", "textbraceleft{}": "{", "textbraceright{}": "}",
        "textasciitilde{}": "~", "textasciicircum{}": "^",
    } | {letter: letter for letter in "#$%&_"}  # fmt: skip
    pattern = r"\\(text[a-z]+\{\}|[#$%&_])"
    assert not re.search(r"[\\{}#$%&_~^]", re.sub(pattern, "", text)), text
    return re.sub(pattern, lambda match: letters[match[1]], text)


def number_in(note: str | None) -> int:
    match = re.match(r"Document (\d+) in ", note or "")
    assert match
    return int(match[1])


def said(number: int, speech: Speech) -> Values:
    """The values of a speech that every form must give back."""
    made = speech.provenance
    return {
        "key": speech.id,
        "title": speech.title,
        "speaker": speech.speaker,
        "occasion": speech.occasion,
        "place": speech.place,
        "outlet": made.outlet,
        "url": made.url,
        "accessed": made.captured[:10] if made.captured else None,
        "language": speech.language,
        "number": number,
    }


def reread(form: str, book: Book) -> list[Values]:
    write, parse = FORMS[form]
    return parse(write(book))


# --- values --------------------------------------------------------------------------------


@each_form
def test_every_value_of_every_document_comes_back(form: str, harbour: Book) -> None:
    found = reread(form, harbour)
    assert found == [said(one.number, one.speech) for one in harbour.documents]
    assert any(one["speaker"] for one in found) and any(one["url"] for one in found)


@each_form
def test_what_a_page_does_not_state_is_not_there(form: str) -> None:
    assert reread(form, book_of(WHOLE, BARE)) == [said(1, WHOLE), said(2, BARE)]


@each_form
@given(title=words, speaker=words, place=words)
def test_signs_of_the_format_are_letters(form: str, title: str, speaker: str, place: str) -> None:
    hard = replace(WHOLE, title=title, speaker=speaker, place=place, occasion=title)
    line = {"title": title, "speaker": speaker, "place": place, "occasion": title}
    expected = said(1, hard) | {name: " ".join(value.split()) for name, value in line.items()}
    assert reread(form, book_of(hard)) == [expected]


@pytest.mark.parametrize(
    "title",
    ["{", "}", "a } b", "\\input{x}", "100% & $x_1^2$ #~", '"', "@book{x, title = {y}}",
     "ER  - ", "TY  - BOOK", "</script>", "%", "two\nlines\r\nER  - "],
)  # fmt: skip
@each_form
def test_titles_that_look_like_markup(form: str, title: str) -> None:
    found = reread(form, book_of(replace(WHOLE, title=title), BARE))
    assert [one["title"] for one in found] == [" ".join(title.split()), BARE.title]


@each_form
def test_a_key_stands_once_even_where_ids_do_not(form: str) -> None:
    found = reread(form, book_of(WHOLE, replace(BARE, id=WHOLE.id), replace(BARE, id="№ {1},")))
    assert [one["key"] for one in found] == [WHOLE.id, f"{WHOLE.id}-d2", "1"]


@each_form
def test_the_same_book_gives_the_same_bytes(form: str, harbour: Book) -> None:
    assert FORMS[form][0](harbour) == FORMS[form][0](harbour)


# --- names ---------------------------------------------------------------------------------


def test_a_name_is_one_literal_name() -> None:
    book = book_of(replace(WHOLE, speaker="Ana and Ivo, Keepers of the Light"))
    (item,) = json.loads(csl.write(book))
    assert item["author"] == [{"literal": "Ana and Ivo, Keepers of the Light"}]
    assert b"author = {{Ana and Ivo, Keepers of the Light}}," in bibtex.write(book)
    assert b"AU  - Ana and Ivo, Keepers of the Light\r\n" in ris.write(book)


def test_json_ld_may_stand_in_a_script_element() -> None:
    assert b"<" not in jsonld.write(book_of(replace(WHOLE, title="</script><!--")))


# --- dates ---------------------------------------------------------------------------------

SHOWN = {
    # in CSL, biblatex, RIS, JSON-LD
    "undated": (None, None, None, None),
    "day": ([[2021, 4, 7]], "2021-04-07", "2021/04/07/", "2021-04-07"),
    "month": ([[2021, 4]], "2021-04", "2021/04//", "2021-04"),
    "year": ([[2021]], "2021", "2021///", "2021"),
    "one of two days": ([[2021]], "2021", "2021///7 April 2021 or 4 July 2021", "2021"),
    "one of two years": (None, None, "///30 December 2019 or 2 January 2020", None),
    "span": (
        [[2021, 4, 6], [2021, 4, 8]],
        "2021-04-06/2021-04-08",
        "///6 April 2021 to 8 April 2021",
        None,
    ),
}


@pytest.mark.parametrize("case", DATES)
def test_a_date_is_never_more_precise_than_it_is_known(case: str) -> None:
    book = book_of(replace(WHOLE, date=DATES[case]))
    (item,) = json.loads(csl.write(book))
    (entry,) = bibtexparser.parse_string(bibtex.write(book).decode()).entries
    (record,) = rispy.loads(ris.write(book).decode())
    document = json.loads(jsonld.write(book))["@graph"][1]
    date = entry.fields_dict.get("date")
    assert SHOWN[case] == (
        item["issued"]["date-parts"] if "issued" in item else None,
        date.value if date else None,
        record.get("date"),
        document.get("dateCreated"),
    )


@pytest.mark.parametrize("case", ["one of two days", "one of two years", "span"])
def test_what_a_date_field_cannot_say_stands_in_words(case: str) -> None:
    book = book_of(replace(WHOLE, date=DATES[case]))
    (one,) = citables(book)
    assert one.shown and one.shown.startswith(("7 April 2021 or", "30 December", "6 April"))
    for write in (csl.write, bibtex.write, ris.write, jsonld.write):
        assert one.shown in write(book).decode()


def test_a_capture_that_is_no_day_gives_no_day_of_access() -> None:
    page = replace(WHOLE.provenance, captured="last week")
    assert [one.accessed for one in citables(book_of(replace(WHOLE, provenance=page)))] == [None]
