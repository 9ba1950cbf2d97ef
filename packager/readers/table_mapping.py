"""Which column of a table is which part of a speech: guessed from the names, or stated in TOML.

A file `NAME.mapping.toml` beside the table, or `mapping.toml` for all tables of its folder, is
laid over the guess:

    encoding = "windows-1251"        # of CSV and TSV
    delimiter = ";"
    [columns]
    title = "headline"
    text = ["opening", "main part"]  # several columns: one text after the other
    date = ""                        # no column, although one looks like it
    [constants]
    speaker = "Ana Torvald"

Accepted are the fields of `FIELDS`. A column that no field takes is left out of the book; its
words are counted in `Provenance.cut`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packager.errors import InputError
from packager.tomlfile import STRING, STRINGS, TABLE, Kind, load_toml

Record = Mapping[str, Any]

FIELDS: dict[str, tuple[str, ...]] = {
    "text": tuple(
        "text body story_text fulltext full_text speech speech_text transcript content contents "
        "article remarks message main_text raw_text clean_text paragraphs texto texte inhalt "
        "rede testo текст metin matn нас 本文 正文 全文 内容 內容 본문 내용 النص נוסח".split()
    ),
    "title": tuple(
        "title headline heading_title subject caption titulo título titre titel titolo заголовок "
        "название baslik başlık 标题 標題 題名 タイトル 제목 العنوان כותרת name_of_speech".split()
    ),
    "speaker": tuple(
        "speaker speaker_name author name president leader person orator country delegation "
        "redner sprecher orateur orador oratore оратор автор konusmaci konuşmacı 讲话人 演讲者 "
        "講者 作者 発言者 연설자 발언자 المتحدث דובר".split()
    ),
    "date": tuple(
        "date_str date_iso iso_date date speech_date date_of_speech delivered day_date datum "
        "fecha data дата tarih published pub_date publication_date published_at date_published "
        "timestamp datetime 日期 日付 날짜 التاريخ תאריך".split()
    ),
    "year": tuple("year jahr año ano annee année год yil yıl 年 연도".split()),
    "month": tuple("month monat mes mois месяц ay 月 월".split()),
    "day": tuple("day tag dia día jour день gün 日 일".split()),
    "place": tuple(
        "place location city venue ort lugar lieu luogo место yer 地点 地點 場所 장소".split()
    ),
    "url": tuple("url link href permalink address source_url web_url uri webpage".split()),
    "outlet": tuple(
        "source_ref reference citation source outlet publisher newspaper publication agency "
        "quelle fuente источник kaynak 来源 來源 출처".split()
    ),
    "language": tuple("language lang locale sprache idioma langue язык dil 语言 언어".split()),
    "kind": tuple("kind type genre category speech_type doc_type form typ tipo тип tür".split()),
    "occasion": tuple("occasion event anlass context sitting ocasión повод".split()),
    "topics": tuple("topic topics tags tag_list keywords subjects theme themes".split()),
    "captured": tuple(
        "captured captured_at crawled crawl_date scraped_at retrieved accessed fetched".split()
    ),
    "id": tuple("id identifier key uid uuid doc_id speech_id record_id no nr number index".split()),
    "turn": tuple("header section heading".split()),
}
"""The fields, and the column names that fill them, the best first. `turn` is the change of
speaker inside one document: a table that has it is one speech, its rows the turns."""
_KNOWN = frozenset(name for names in FIELDS.values() for name in names)

_MEASURES = frozenset(
    "count length len id hash url link number n code party gender role chars characters words "
    "tokens modified updated size lang language sentiment score vector embedding html file path "
    "status missing available".split()
)
"""Words that make a column a measure of a field and not the field: `text_length`."""

LONG_CELL = 400
"""Characters of the mean cell of a column that is taken for the text whatever its name; the
means of title, place and note columns in the tables read so far stay below 200."""

_MAPPING: dict[str, Kind] = {
    "columns": TABLE,
    "constants": TABLE,
    "encoding": STRING,
    "delimiter": STRING,
}
_PACKED = (".gz", ".zst", ".zip", ".bz2", ".xz", ".lz4")


@dataclass(frozen=True)
class Stated:
    """What is stated about a table in TOML: columns and constants by field, and how to read it."""

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    path: Path | None = None


@dataclass(frozen=True)
class Columns:
    """The columns of each field, and how they were found."""

    of: Mapping[str, tuple[str, ...]]
    constants: Mapping[str, str]
    by_length: bool = False

    def shown(self, names: Sequence[str]) -> str:
        """The mapping in one line, with the columns that no field takes.

        >>> Columns({"text": ("body",)}, {"language": "tr"}).shown(["body", "words"])
        "text from 'body', language is 'tr'; not used: words"
        """
        pairs = [
            f"{name} from {' and '.join(repr(column) for column in columns)}"
            for name, columns in self.of.items()
        ]
        pairs += [f"{name} is {value!r}" for name, value in self.constants.items()]
        unused = [name for name in names if name not in self.used]
        return ", ".join(pairs) + (f"; not used: {', '.join(unused)}" if unused else "")

    @property
    def used(self) -> frozenset[str]:
        """The columns that some field takes."""
        return frozenset(column for columns in self.of.values() for column in columns)


def is_mapping(path: Path) -> bool:
    """True for a file that describes tables and holds no speech itself.

    >>> is_mapping(Path("a/speeches.mapping.toml")), is_mapping(Path("a/book.toml"))
    (True, False)
    """
    return path.name == "mapping.toml" or path.name.endswith(".mapping.toml")


def find_mapping(table: Path) -> Stated:
    """The mapping stated for a table, empty where none is; raises `InputError` for a wrong one."""
    for path in _places(table):
        if path.is_file():
            return load_mapping(path)
    return Stated()


def _places(table: Path) -> Iterator[Path]:
    name = table.name
    yield table.with_name(f"{name}.mapping.toml")
    while (stem := Path(name)).suffix.lower() in _PACKED:
        name = stem.stem
        yield table.with_name(f"{name}.mapping.toml")
    if Path(name).stem:
        yield table.with_name(f"{Path(name).stem}.mapping.toml")
    yield table.with_name("mapping.toml")


def load_mapping(path: Path) -> Stated:
    """The mapping of a TOML file, checked key by key; raises `InputError` with file:line."""
    file = load_toml(path, InputError)
    file.check((), file.data, _MAPPING)
    columns: Mapping[str, Any] = file.data.get("columns", {})
    constants: Mapping[str, Any] = file.data.get("constants", {})
    file.check(("columns",), columns, dict.fromkeys(FIELDS, STRINGS))
    known = [name for name in FIELDS if name not in ("text", "turn", "id", "month", "day")]
    file.check(("constants",), constants, dict.fromkeys(known, STRING))
    encoding = file.data.get("encoding")
    if encoding:
        try:
            "".encode(encoding)
        except LookupError:
            raise file.fault(
                ("encoding",),
                f"unknown encoding '{encoding}'",
                hint="write it as 'utf-8', 'windows-1251', 'gb18030', ...",
            ) from None
    delimiter = file.data.get("delimiter")
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise file.fault(("delimiter",), f"the delimiter must be one character, not {delimiter!r}")
    return Stated(
        columns={
            name: (value,) if isinstance(value, str) else tuple(value)
            for name, value in columns.items()
        },
        constants=dict(constants),
        encoding=encoding,
        delimiter=delimiter,
        path=path,
    )


def guess_columns(sample: Sequence[Record], stated: Stated) -> Columns:
    """The columns of a table from the first records' names and what is stated.

    Raises `InputError` where a stated column is not there. A column is taken by its whole name
    first, then by one of the words in it; among equals the one that is filled.

    >>> guess_columns([{"headline": "Tides", "story_text": "Friends, ..."}], Stated()).of
    {'text': ('story_text',), 'title': ('headline',)}
    """
    names = column_names(sample)
    filled = {name for name in names if any(_filled(record.get(name)) for record in sample)}
    _check_stated(names, stated)
    of = {name: tuple(c for c in columns if c) for name, columns in stated.columns.items()}
    taken = {column for columns in of.values() for column in columns}
    for exact in (True, False):
        for name in FIELDS:
            if name in of or name in stated.constants:
                continue
            free = [column for column in names if column in filled and column not in taken]
            if name == "text":
                free = [column for column in free if not _same(column, sample)]
            if column := _column(name, free, exact=exact):
                of[name] = (column,)
                taken.add(column)
    by_length = False
    if not of.get("text"):
        of.pop("text", None)
        if longest := _longest(sample, [n for n in names if n not in taken or _weak(n, of)]):
            of = {name: columns for name, columns in of.items() if longest not in columns}
            of["text"] = (longest,)
            by_length = True
    if "turn" in of and "turn" not in stated.columns and len(filled) > 2:
        del of["turn"]  # a heading among other columns is no change of speaker
    order = [name for name in FIELDS if of.get(name)]
    return Columns({name: of[name] for name in order}, stated.constants, by_length)


def column_names(sample: Sequence[Record]) -> list[str]:
    """Every column of the records, in the order in which they appear."""
    return list(dict.fromkeys(name for record in sample for name in record))


def known_columns(names: Sequence[str]) -> int:
    """How many of the names are columns of a field by their whole name."""
    return sum(_key(name) in _KNOWN for name in names)


def _check_stated(names: Sequence[str], stated: Stated) -> None:
    where = stated.path.name if stated.path else "mapping"
    for name, columns in stated.columns.items():
        for column in columns:
            if column and column not in names:
                raise InputError(
                    f"{where}: the table has no column '{column}' for {name}",
                    hint=f"its columns: {', '.join(names)}",
                )


def _column(name: str, free: Sequence[str], *, exact: bool) -> str | None:
    for wanted in FIELDS[name]:
        for column in free:
            key = _key(column)
            if exact and key == wanted:
                return column
            words = key.split("_")
            if not exact and wanted in words and not _MEASURES & set(words) - {wanted}:
                return column
    return None


def _same(column: str, sample: Sequence[Record]) -> bool:
    """True where many cells say the same few words: those of a link or a state, no text."""
    cells = [str(record[column]) for record in sample if _filled(record.get(column))]
    return len(cells) >= 10 and len(set(cells)) == 1 and len(cells[0]) <= 60


def _weak(column: str, of: Mapping[str, tuple[str, ...]]) -> bool:
    """True where a column was only taken for something that a long text cannot be."""
    return any(column in of.get(name, ()) for name in ("occasion", "topics", "outlet", "kind"))


def _longest(sample: Sequence[Record], names: Sequence[str]) -> str | None:
    """The one column whose cells are long texts; None where there is none."""
    means = {
        name: sum(len(value) for r in sample if isinstance(value := r.get(name), str)) / len(sample)
        for name in names
    }
    best = max(means, key=lambda name: means[name], default=None)
    return best if best is not None and means[best] >= LONG_CELL else None


def _key(column: str) -> str:
    """A column's name in small letters, its words parted by low lines.

    >>> _key("Speech Date"), _key("storyText")
    ('speech_date', 'story_text')
    """
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column.strip("\ufeff \t"))
    return re.sub(r"[\W_]+", "_", parted.casefold()).strip("_")


def _filled(value: object) -> bool:
    return value is not None and str(value).strip() not in ("", "[]", "{}")
