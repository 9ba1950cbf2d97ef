"""The table [book] of book.toml: what a book says of itself, and its ISBNs and claims."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from packager.citation import FORMS, OWN
from packager.labels import labels_in
from packager.meta import Meta, OtherScript
from packager.tomlfile import BOOLEAN, DATE, STRING, STRINGS, TABLE, Key, Kind, TomlFile, strings

_BOOK: dict[str, Kind] = {
    "title": STRING,
    "subtitle": STRING,
    "editor": STRINGS,
    "publisher": STRING,
    "place": STRING,
    "language": STRING,
    "identifier": STRING,
    "rights": STRING,
    "description": STRING,
    "series": STRING,
    "date": DATE,
    "citation": STRING,
    "apparatus": BOOLEAN,
    "pictures": BOOLEAN,
    "edition": STRING,
    "lccn": STRING,
    "cip": STRING,
    "printed": STRING,
}

_SCRIPT: dict[str, Kind] = {"language": STRING, "title": STRING, "subtitle": STRING, "names": TABLE}

_LANGUAGE = re.compile(
    r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*"
)
_CONFORMS = re.compile(r"EPUB Accessibility 1\.1 - WCAG 2\.[0-2] Level A{1,3}")


def meta_of(file: TomlFile) -> Meta:
    """What [book] and the editions' tables say of a book. Raises `CollectionError`."""
    book = table_of(file, "book", _BOOK)
    if not str(book.get("title", "")).strip():
        raise file.fault(
            ("book", "title"), "the book has no title", hint='add title = "..." to [book]'
        )
    language = checked_language(file, ("book", "language"), book.get("language", "en"))
    if (form := book.get("citation", OWN)) not in (OWN, *FORMS):
        known = ", ".join((OWN, *FORMS))
        raise file.fault(("book", "citation"), f"unknown citation '{form}'. Known: {known}")
    isbns = {
        name: _isbn(file, name, table["isbn"])
        for name, table in file.data.get("edition", {}).items()
        if isinstance(table, dict) and isinstance(table.get("isbn"), str)
    }
    _each_once(file, {name: (isbn,) for name, isbn in isbns.items()})
    date = book.get("date")
    return Meta(
        title=book["title"].strip(),
        language=language,
        subtitle=book.get("subtitle"),
        editors=strings(book.get("editor")),
        publisher=book.get("publisher"),
        place=book.get("place"),
        identifier=book.get("identifier"),
        rights=book.get("rights"),
        description=book.get("description"),
        series=book.get("series"),
        date=date.isoformat() if date else None,
        isbns=isbns,
        edition=book.get("edition"),
        lccn=_lccn(file, book.get("lccn")),
        cip=tuple(line.rstrip() for line in book.get("cip", "").strip("\n").split("\n") if line),
        printed=book.get("printed"),
        citation=form if form != OWN else None,
        other_script=_other_script(file),
        labels=labels_in(file),
        **_claim(file),
    )


def volume_isbns(file: TomlFile) -> dict[str, tuple[str, ...]]:
    """The ISBNs of volumes by edition name, each with a right check digit and each once."""
    isbns = {
        name: tuple(_isbn(file, name, isbn) for isbn in table["isbn"])
        for name, table in file.data.get("edition", {}).items()
        if isinstance(table.get("isbn"), list)
    }
    _each_once(file, isbns)
    return isbns


def checked_language(file: TomlFile, at: Key, written: str) -> str:
    """The language tag that stands at a key. Raises `CollectionError` for what is none."""
    if not _LANGUAGE.fullmatch(written):
        raise file.fault(
            at,
            f"'{written}' is no language tag",
            hint="write it as 'en', 'ko' or 'pt-BR' (BCP 47)",
        )
    return written


def _other_script(file: TomlFile) -> OtherScript | None:
    """The table [other-script]."""
    table = table_of(file, "other-script", _SCRIPT)
    if not table:
        return None
    names = table.get("names", {})
    file.check(("other-script", "names"), names, dict.fromkeys(names, STRING))
    if "language" not in table:
        hint = "add language, as 'ko' or 'ru-Latn' (BCP 47)"
        raise file.fault(("other-script",), "the script is not named", hint=hint)
    language = checked_language(file, ("other-script", "language"), table["language"])
    return OtherScript(language, table.get("title"), table.get("subtitle"), names)


def _claim(file: TomlFile) -> dict[str, Any]:
    """The claim of conformance and who certified it (EPUB Accessibility 1.1 §3.5)."""
    table = file.data.get("edition", {}).get("epub", {})
    if not isinstance(table, dict):  # told when the editions are read
        table = {}
    claim, certifier = table.get("conforms-to"), table.get("certified-by")
    at = ("edition", "epub", "conforms-to" if claim else "certified-by")
    if bool(claim) != bool(certifier):
        raise file.fault(
            at,
            "a claim of conformance names what it claims and who certified it",
            hint="write conforms-to and certified-by, or neither",
        )
    if claim and not _CONFORMS.fullmatch(claim):
        hint = "write it as 'EPUB Accessibility 1.1 - WCAG 2.2 Level AA'"
        raise file.fault(at, f"'{claim}' is no claim", hint=hint)
    return {"conforms_to": claim, "certified_by": certifier}


def _lccn(file: TomlFile, written: str | None) -> str | None:
    """A control number of the Library of Congress (its structure B: year and six digits, or A)."""
    if written and not re.fullmatch(r"[a-z]{0,3}(?:\d{8}|\d{10})", re.sub(r"[\s-]", "", written)):
        raise file.fault(
            ("book", "lccn"),
            f"'{written}' is no control number of the Library of Congress",
            hint="write it as '2021938475'",
        )
    return written


def _isbn(file: TomlFile, edition: str, written: str) -> str:
    """An ISBN-13 with a right check digit (ISO 2108), as it was written."""
    digits = re.sub(r"[\s-]", "", written)
    at = ("edition", edition, "isbn")
    if not re.fullmatch(r"97[89][0-9]{10}", digits):
        raise file.fault(
            at, f"'{written}' is no ISBN of 13 digits", hint="it begins with 978 or 979"
        )
    total = sum(int(digit) * (3 if n % 2 else 1) for n, digit in enumerate(digits[:12]))
    if (check := (10 - total % 10) % 10) != int(digits[12]):
        raise file.fault(
            at, f"the ISBN '{written}' has the check digit {digits[12]}, but {check} is right"
        )
    return written


def _each_once(file: TomlFile, isbns: Mapping[str, Sequence[str]]) -> None:
    """Each edition, and each volume of it, has an ISBN of its own (ISO 2108, 5.3)."""
    seen: dict[str, str] = {}
    for name, listed in isbns.items():
        for written in listed:
            if other := seen.get(digits := re.sub(r"\D", "", written)):
                whose = "listed twice" if other == name else f"that of the edition '{other}', at "
                whose += "" if other == name else file.place(("edition", other, "isbn"))
                raise file.fault(
                    ("edition", name, "isbn"),
                    f"the ISBN '{written}' is {whose}",
                    hint=f"each {'volume' if other == name else 'edition'} has an ISBN of its own",
                )
            seen[digits] = name


def table_of(file: TomlFile, name: str, known: Mapping[str, Kind]) -> Mapping[str, Any]:
    """A table of the file, its keys and kinds checked; empty where it is not there."""
    table: Mapping[str, Any] = file.data.get(name, {})
    file.check((name,), table, known)
    return table
