"""What templates print of their own: heads, labels, sentences, days, in the language of the book.

`labels/` has a table for each language that we have words of; the table [labels] of a book.toml
goes before it, and English fills in what neither says. English words in a book of another language
are marked as such, so that they are spoken, broken and, from right to left, ordered as English.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, reduce
from pathlib import Path

from markupsafe import Markup, escape

from packager.dates import Date, days_of
from packager.tomlfile import STRINGS, TomlFile

Words = str | list[str]
"""A label: one form, or one for one thing and one for more."""

_FOLDER = Path(__file__).parent / "labels"
_TRADITIONAL = re.compile("zh-(Hant|HK|MO|TW)")
"""Chinese in the other characters, whatever the tag says first (BCP 47)."""
_FILLED = re.compile(r"\{([a-z]*)\}")


RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})


def is_rtl(language: str) -> bool:
    """True for a language that is written from right to left.

    >>> is_rtl("he"), is_rtl("en-GB")
    (True, False)
    """
    return language.split("-")[0].lower() in RIGHT_TO_LEFT


@cache
def table(language: str) -> Mapping[str, Words]:
    """The labels of a language, of the nearest that we have words of; empty where there is none.

    >>> table("de-AT")["contents"], table("ta")
    ('Inhalt', {})
    """
    parts = ("zh-Hant" if _TRADITIONAL.match(language) else language).split("-")
    for count in range(len(parts), 0, -1):
        path = _FOLDER / f"{'-'.join(parts[:count])}.toml"
        if path.is_file():
            return tomllib.loads(path.read_text("utf-8"))
    return {}


def labels_in(file: TomlFile) -> dict[str, Words]:
    """The table [labels] of a book.toml; raises its error for a label that there is not, and for a
    name in braces that nothing fills in."""
    known = table("en")
    stated: dict[str, Words] = dict(file.data.get("labels", {}))
    file.check(("labels",), stated, dict.fromkeys(known, STRINGS))
    for key, words in stated.items():
        forms = words if isinstance(words, list) else [words]
        if not 0 < len(forms) <= 2:
            raise file.fault(("labels", key), f"'{key}' has one form, or one and one for more")
        for form in forms:
            wrong = re.sub(_FILLED, "", form).count("{") or names(form) - names(known[key])
            if wrong or re.sub(_FILLED, "", form).count("}"):
                named = ", ".join(f"{{{one}}}" for one in sorted(names(known[key]))) or "nothing"
                raise file.fault(("labels", key), f"'{key}' is filled in with {named} in braces")
    return stated


def names(words: Words) -> set[str]:
    """What is filled into a label.

    >>> sorted(names("{first} or {second}"))
    ['first', 'second']
    """
    return set(_FILLED.findall("".join(words)))


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a book in its language; `own` are those of its book.toml."""

    language: str = "en"
    own: Mapping[str, Words] = field(default_factory=dict)

    def __call__(self, key: str, count: int = 1, **filled: object) -> Markup:
        """A label for a template, filled in; English in another language is marked as English.

        >>> Labels("en")("words", 3), Labels("ta")("contents")
        (Markup('3 words'), Markup('<span lang="en" xml:lang="en" dir="ltr">Contents</span>'))
        """
        words = Markup(escape(self._form(key, count)))
        apart = {name: self.apart(value) for name, value in filled.items()}
        said = words.format(count=self.number(count), **apart)
        return said if self._has(key) else english(said, self.language)

    def apart(self, said: object) -> object:
        """Words of the archive's or the editor's for a template. In a book that is read from right
        to left those of a script from left to right stand apart, so that neither what follows
        them, a day or a number, nor the signs between are drawn among them (UAX #9, 2.7).

        >>> Labels("he").apart("Orrin, 1921"), Labels("he").apart("אורין")
        (Markup('<span dir="ltr">Orrin, 1921</span>'), 'אורין')
        """
        if isinstance(said, Markup) or not is_rtl(self.language):
            return said
        strong = (unicodedata.bidirectional(letter) for letter in str(said))
        if next((one for one in strong if one in ("L", "R", "AL")), "") != "L":
            return said
        return Markup('<span dir="ltr">{}</span>').format(said)

    def plain(self, key: str, count: int = 1, **filled: object) -> str:
        """A label as text: for attributes and lists of contents."""
        return self._form(key, count).format(count=self.number(count), **filled)

    def _has(self, key: str) -> bool:
        return key in self.own or key in table(self.language)

    def _form(self, key: str, count: int) -> str:
        tables = (self.own, table(self.language), table("en"))
        words = next(one[key] for one in tables if key in one)
        return words if isinstance(words, str) else words[0 if count == 1 else -1]

    def texts(self) -> Iterator[str]:
        """All that it may say, for the fonts."""
        for key in table("en"):
            yield self._form(key, 1)
            yield self._form(key, 2)

    def number(self, number: int) -> str:
        """A number in figures.

        >>> Labels("en").number(12345), Labels("de").number(12345)
        ('12,345', '12.345')
        """
        return f"{number:,}".replace(",", self._form("thousands", 1))

    def ordinal(self, number: int) -> str:
        """The number of a part: a small one in words, where the language does so.

        >>> Labels("en").ordinal(3), Labels("en").ordinal(21), Labels("de").ordinal(3)
        ('three', '21', '3')
        """
        words = self._form("numbers", 1).split()
        return words[number - 1] if 0 < number <= len(words) else str(number)

    def day(self, day: str) -> str:
        """An ISO day.

        >>> Labels("en").day("2021-04-07"), Labels("ko").day("2021-04-07")
        ('7 April 2021', '2021년 4월 7일')
        """
        return self._dated("day", day)

    def _dated(self, key: str, day: str) -> str:
        year, month, number = day.split("-")
        names = self._form("months-alone" if key == "month" else "months", 1).split()
        return self.plain(key, day=int(number), month=names[int(month) - 1], year=int(year))

    def date(self, date: Date | None) -> str:
        """A date as the book prints it: exact, or honestly not.

        >>> from packager.dates import read_date
        >>> Labels("en").date(read_date("07/04/2021")), Labels("fr").date(None)
        ('7 April 2021 or 4 July 2021', 'sans date')
        """
        if date is None:
            return self.plain("undated")
        kind, days = days_of(date)
        if kind == "year":
            return str(int(days[0][:4]))
        if kind in ("day", "month"):
            return self._dated(kind, days[0])
        return reduce(
            lambda first, second: self.plain(kind, first=first, second=second), map(self.day, days)
        )

    def day_of_year(self, date: Date | None) -> str:
        """The date as a chronology prints it under the year's head."""
        if date and date.exact:
            return self._dated("day-of-year", date.earliest)
        return self.date(date)


def english(said: str, language: str) -> Markup:
    """English words for a book in `language`: marked, unless they are at home there.

    >>> english("day first", "he")
    Markup('<span lang="en" xml:lang="en" dir="ltr">day first</span>')
    """
    words = Markup(escape(said))
    if language.split("-")[0] == "en":
        return words
    return Markup('<span lang="en" xml:lang="en" dir="ltr">{}</span>').format(words)
