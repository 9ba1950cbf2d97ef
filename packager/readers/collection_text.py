"""Collections of plain text: many speeches in a file, and what file names and side tables state.

Accepts a file whose speeches are parted by lines of `===`, `***`, `---` or form feeds, or by
headers (`Title:`) that come again. A mark parts speeches only where each piece begins as one does:
with a header, or with a title and a date; otherwise it is a break inside one speech.

What the text itself does not state comes, in this order, from the date under its title, from a
table beside the file (`index-*.csv`) with a row for it, and from the file's name: `1797-Name`,
`NAME_02_1947`, `xx_en`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from packager.dates import Date, read_date
from packager.findings import Report
from packager.readers import text as plain_text
from packager.readers.side_table import Stated, find_row
from packager.readers.source import Source, decode
from packager.readers.text import KEYS, one_day_of, read_header
from packager.speech import BlockKind, Speech, make_id

VERSION = "1"

_FEED = "\ue00c"
"""Stands for a form feed while a file is taken apart; decoding drops control characters."""
_MARKS = {
    "=": re.compile(r"={3,}"),
    "*": re.compile(r"\*{3,}|\*(?: +\*){2,}"),
    "-": re.compile(r"-{3,}|[–—_]{3,}"),
    "form feed": re.compile(_FEED),
}
_KEY = re.compile(r"([A-Za-z]+)[ \t]*:[ \t]*\S")
_WRITTEN_DAY = re.compile(
    r"(?<!\w)(?:[A-Za-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
    r"|\d{1,2}(?:st|nd|rd|th)? (?:of )?[A-Za-z]{3,9},? \d{4}|\d{4}-\d{2}-\d{2})(?!\w)"
)
_OF = re.compile(
    r"(?:PRESIDENT|PRIME MINISTER|KING|QUEEN|GOVERNOR|CHANCELLOR|SENATOR|MAYOR|MINISTER)\s+"
    r"([A-Z][A-Z. ]+?)['’]S\b"
)
HEAD = 8
"""Lines at the top of a text in which its date may stand."""
HEAD_WORDS = 14
"""Words of the longest line that is taken for a date under the title."""

_YEAR_NAME = re.compile(
    r"(?P<year>1[0-9]\d\d|20\d\d)[-_ ](?P<name>[^\W\d_][^\d_]*?)(?:[-_]\d{1,2})?"
)
_NAME_YEAR = re.compile(
    r"(?P<name>[^\W\d_][^\d_]*?)[-_ ](?:\d{1,2}[-_ ])?(?P<year>1[0-9]\d\d|20\d\d)"
)
_NAME_LANGUAGE = re.compile(r"[A-Za-z]{2,3}_(?P<language>[a-z]{2})")
_LANGUAGES = frozenset(
    "ar bg bn ca cs cy da de el en es et eu fa fi fr ga gl he hi hr hu hy id is it ja ka kk km ko "
    "lo lt lv mk mn ms mt my nb ne nl no pl ps pt ro ru sk sl sq sr sv sw ta te tg th tk tr uk ur "
    "uz vi zh".split()
)


def read(source: Source, report: Report) -> Iterator[Speech]:
    """The speeches of a text file, with what its name and a table beside it state."""
    pieces = parts_of(source)
    row = find_row(source) if len(pieces) == 1 else None
    for piece in pieces:
        for speech in plain_text.read(piece, report):
            yield _completed(speech, source, row, report, alone=len(pieces) == 1)


def parts_of(source: Source) -> list[Source]:
    """The pages of a file, named `file#number`; the file itself where it holds one speech."""
    text = _text(source)
    pieces = split_text(text)
    if len(pieces) < 2:
        return [source]
    return [
        Source(source.path, f"{source.name}#{n}", piece.encode(), source.facts)
        for n, piece in enumerate(pieces, 1)
    ]


def _text(source: Source) -> str:
    """The text with its form feeds, where its encoding leaves them as they are."""
    if b"\x0c" in source.data and source.decoded.encoding.replace("_", "-") in ("utf-8", "ascii"):
        return decode(source.data.replace(b"\x0c", f"\n{_FEED}\n".encode())).text
    return source.decoded.text


def split_text(text: str) -> list[str]:
    """The speeches of a text, one where nothing proves more.

    >>> split_text("Title: To A\\n\\nFriends.\\n\\n* * *\\n\\nTitle: To B\\n\\nNeighbours.")
    ['Title: To A\\n\\nFriends.', 'Title: To B\\n\\nNeighbours.']
    >>> split_text("To A\\n\\nFriends.\\n\\n* * *\\n\\nIt is late.")
    ['To A\\n\\nFriends.\\n\\n* * *\\n\\nIt is late.']
    """
    lines = text.split("\n")
    for pattern in _MARKS.values():
        at = [n for n, line in enumerate(lines) if _parts(lines, n, pattern)]
        pieces = _pieces(lines, [(n, n + 1) for n in at])
        if len(pieces) > 1 and all(_begins(piece) for piece in pieces):
            return [_without_marks(piece) for piece in pieces]
    starts = _headers(lines)
    pieces = _pieces(lines, [(n, n) for n in starts])
    if len(starts) > 1 and all(read_header(piece)[0] for piece in pieces):
        return [_without_marks(piece) for piece in pieces]
    return [text.replace(_FEED, "")]


def _parts(lines: Sequence[str], n: int, pattern: re.Pattern[str]) -> bool:
    """True for a line of marks that is no underlining of the line above it."""
    line = lines[n].strip()
    if not pattern.fullmatch(line):
        return False
    above = lines[n - 1].strip() if n else ""
    return not above or line == _FEED or abs(len(above) - len(line)) > 2 or len(set(above)) == 1


def _pieces(lines: Sequence[str], marks: Sequence[tuple[int, int]]) -> list[str]:
    ends = [(0, 0), *marks, (len(lines), len(lines))]
    pairs = itertools.pairwise(ends)
    pieces = ("\n".join(lines[first:last]).strip("\n") for (_, first), (last, _) in pairs)
    return [piece for piece in pieces if piece.strip()]


def _begins(piece: str) -> bool:
    """True where a piece begins as a speech does: with a header, or with a title and a date."""
    header, _ = read_header(piece)
    if header.keys() & {"title", "speaker", "date"}:
        return True
    head = [line.strip() for line in piece.split("\n") if line.strip()][: HEAD + 1]
    if len(head) < 2 or len(head[0].split()) > plain_text.TITLE_WORDS:
        return False
    return any(len(line.split()) <= HEAD_WORDS and _day_in(line) for line in head)


def _day_in(line: str) -> bool:
    return _day_of(line) is not None


def _headers(lines: Sequence[str]) -> list[int]:
    """The lines on which the first header's first key comes again, after an empty line."""
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    match = _KEY.match(lines[first].strip()) if lines else None
    if not match or match[1].lower() not in KEYS:
        return []
    key = match[1].lower()
    return [
        n
        for n, line in enumerate(lines)
        if (found := _KEY.match(line.strip()))
        and found[1].lower() == key
        and (n == first or not lines[n - 1].strip() or _is_mark(lines[n - 1]))
    ]


def _is_mark(line: str) -> bool:
    return any(pattern.fullmatch(line.strip()) for pattern in _MARKS.values())


def _without_marks(piece: str) -> str:
    """A piece without marks at its ends and without form feeds."""
    lines = piece.split("\n")
    while lines and (not lines[-1].strip() or _is_mark(lines[-1])):
        lines.pop()
    while lines and (not lines[0].strip() or _is_mark(lines[0])):
        lines.pop(0)
    return "\n".join(line for line in lines if line.strip() != _FEED)


# --- what stands beside the text ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Named:
    """What the name of a file states."""

    speaker: str | None = None
    year: str | None = None
    language: str | None = None


def name_facts(name: str) -> _Named:
    """Speaker, year and language of a file's name in one of the known forms.

    >>> name_facts("1931-Torvald-2.txt"), name_facts("TRV_02_1947.txt").year
    (_Named(speaker='Torvald', year='1931', language=None), '1947')
    >>> name_facts("kr_en.txt").language
    'en'
    """
    stem = PurePath(name.split("#")[0]).stem
    if match := _YEAR_NAME.fullmatch(stem) or _NAME_YEAR.fullmatch(stem):
        return _Named(" ".join(match["name"].split("-")).strip(), match["year"])
    if (match := _NAME_LANGUAGE.fullmatch(stem)) and match["language"] in _LANGUAGES:
        return _Named(language=match["language"])
    return _Named()


def _completed(
    speech: Speech, source: Source, row: Stated | None, report: Report, *, alone: bool
) -> Speech:
    """The speech with what it does not state itself; a new date gives a new id."""
    named = name_facts(source.name) if alone else _Named()
    stated: Mapping[str, str] = row.values if row else {}
    speech = _dated_by_head(_titled(speech, source))
    date = speech.date
    if date is None and row and row.date:
        date = row.date
    if named.year:
        if date is None:
            year = read_date(named.year)
            date = year and one_day_of(year, named.year, "from the name of the file")
        elif not date.earliest[:4] <= named.year <= date.latest[:4]:
            report.warn(
                "date-disagrees",
                speech.provenance.path,
                f"the name of the file says {named.year}, the text {date.edtf}",
                "the date of the text is kept",
            )
    title = speech.title
    if row and stated.get("title") and title == _stem_title(source):
        title = stated["title"]
    return replace(
        speech,
        id=make_id(date, speech.blocks),
        title=title,
        date=date,
        speaker=_head_name(title) or speech.speaker or stated.get("speaker") or named.speaker,
        place=speech.place or stated.get("place"),
        kind=speech.kind or (stated.get("kind") or "").lower() or None,
        language=speech.language or stated.get("language") or named.language,
    )


def _stem_title(source: Source) -> str:
    """The title that `text` gives where the page states none: the words of the file's name."""
    stem = PurePath(source.name).stem
    return " ".join(re.split(r"[\s_-]+", stem)).strip()


def _head_name(title: str) -> str | None:
    """The name in a title of capitals, "PRESIDENT A B'S MESSAGE", in small letters."""
    match = _OF.match(title)
    return " ".join(word.title() for word in match[1].split()) if match else None


def _dated_by_head(speech: Speech) -> Speech:
    """The speech with the day that its title ends with, or that stands in the lines under it.

    A paragraph that is nothing but that line is the dateline.
    """
    if speech.date is not None and speech.date.exact:
        return speech
    if date := _day_of(speech.title, "the title"):
        return replace(speech, date=date)
    seen = 0
    for n, block in enumerate(speech.blocks):
        for line in block.text.split("\n"):
            seen += 1
            if seen > HEAD or len(line.split()) > HEAD_WORDS:
                return speech
            if date := _day_of(line, "the lines under the title"):
                if "\n" in block.text or block.kind is not BlockKind.P:
                    return replace(speech, date=date)
                dated = replace(block, kind=BlockKind.DATELINE)
                blocks = (*speech.blocks[:n], dated, *speech.blocks[n + 1 :])
                return replace(speech, date=date, blocks=blocks)
    return speech


def _day_of(line: str, where: str = "") -> Date | None:
    """The first day that a line states in words or in ISO form."""
    for match in _WRITTEN_DAY.finditer(" ".join(line.split())):
        date = read_date(match[0])
        if date and date.exact:
            return one_day_of(date, match[0], where)
    return None


def _titled(speech: Speech, source: Source) -> Speech:
    """The speech with a first paragraph as its title that is a headline: in capitals, or short
    with a day at its end; `text` takes none that ends in a stop."""
    first = speech.blocks[0] if len(speech.blocks) > 1 else None
    if first is None or speech.title != _stem_title(source):
        return speech
    line = " ".join(first.text.split())
    size = len(line.split())
    capitals = line.isupper() and size > 2
    dated = (
        _day_of(line) is not None and line.rstrip(" .")[-4:].isdigit() and size > HEAD_WORDS // 2
    )
    if size <= plain_text.TITLE_WORDS and (capitals or dated):
        return replace(speech, title=line, blocks=speech.blocks[1:])
    return speech
