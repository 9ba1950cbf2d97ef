"""Markdown (CommonMark) with front matter in YAML, one file a document, in one ZIP file.

`packager.readers.markdown` reads back title, speaker, date and every word. What Markdown has no
sign for (lede, stage directions, signatures, notes) is a paragraph; emphasis that its rules of
punctuation cannot hold is left plain, so that no sign becomes a word. A span of days and "one of"
two years stand as EDTF, which that reader does not know; where no speaker is stated it may find
one in the title. The pictures that the book prints lie beside the files as they were saved, the
caption of one as its title.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence

import yaml

from packager.book import Book
from packager.citable import Citable, citables
from packager.dates import Date, read_date
from packager.pictures import bytes_of
from packager.speech import Block, BlockKind, Inline, InlineKind, Picture, Speech

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP file can state, so that the same book gives the same bytes."""
_SIGNS = re.compile(r"[\\`*_\[\]<#]|&(?=[#\w])")
_OPENERS = re.compile(r"[>+=~-]")
_NUMBER = re.compile(r"(\d{1,9})([.)])")
_SPACE = re.compile("[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
_BREAK = "\\\n"
DEEPEST = 6
"""Levels of headings that CommonMark has; the first is the title's."""


def write(book: Book) -> bytes:
    """A ZIP file with one Markdown file a document, named by number and id."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for one, document in zip(citables(book), book.texts, strict=True):
            text = page(one, document.speech, document.pictures)
            _add(file, f"{one.number:03d}-{one.key}.md", text.encode("utf-8", "replace"))
        shown = [picture for document in book.texts for picture in document.pictures]
        for name, sha256 in sorted({(_file_of(one), one.sha256) for one in shown}):
            _add(file, name, bytes_of(sha256) or b"")
    return made.getvalue()


def _add(file: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    file.writestr(entry, data)


def _file_of(picture: Picture) -> str:
    """The file of a picture, as seen from those of the documents."""
    ending = picture.media_type.rpartition("/")[2].replace("jpeg", "jpg")
    return f"pictures/{picture.sha256[:16]}.{ending}"


def page(one: Citable, speech: Speech, pictures: Sequence[Picture] = ()) -> str:
    """One document as a Markdown file."""
    made = speech.provenance
    header = {
        "title": one.title,
        "speaker": one.speaker,
        "date": _date(speech.date),
        "place": one.place,
        "kind": one.kind,
        "occasion": one.occasion,
        "source": one.outlet,
        "url": one.url,
        "captured": one.accessed,
        "language": one.language,
        "topics": list(speech.topics) or None,
        "document": one.number,
        "file": made.path,
        "sha256": made.sha256,
    }
    known = {name: value for name, value in header.items() if value is not None}
    front = yaml.safe_dump(known, allow_unicode=True, sort_keys=False, width=float("inf"))
    return f"---\n{front}---\n\n" + "\n\n".join(_parts(speech.blocks, pictures)) + "\n"


def _date(date: Date | None) -> str | None:
    """The date in the form that means the same when it is read again: EDTF, else as written."""
    if date is None:
        return None
    for line in (date.edtf, date.written):
        if (again := read_date(line)) and again.edtf == date.edtf:
            return line
    return date.edtf


def _parts(blocks: Sequence[Block], pictures: Sequence[Picture]) -> Iterator[str]:
    """Blocks, and the pictures between them."""
    waiting = list(pictures)
    for n, block in enumerate(blocks):
        while waiting and waiting[0].at <= n:
            yield _picture(waiting.pop(0))
        if lines := _lines(block.content):
            yield _block(block, lines)
    yield from map(_picture, waiting)


def _picture(picture: Picture) -> str:
    caption = re.sub(r"([\"\\&])", r"\\\1", picture.caption)
    title = f' "{caption}"' if caption else ""
    return f"![{_escaped(picture.alt or '')}]({_file_of(picture)}{title})"


def _block(block: Block, lines: list[str]) -> str:
    marker = block.marker or ""
    if block.kind is BlockKind.LIST and (marker == "•" or _NUMBER.fullmatch(marker)):
        sign = "-" if marker == "•" else marker
        return f"{sign} " + f"{_BREAK}{' ' * (len(sign) + 1)}".join(lines)
    if marker:
        lines = [_opened(f"{_escaped(marker)} {lines[0]}"), *lines[1:]]
    if block.kind is BlockKind.HEAD:
        return f"{'#' * min(block.level + 1, DEEPEST)} {' '.join(lines)}"
    if block.kind in (BlockKind.QUOTE, BlockKind.VERSE):
        return "> " + f"{_BREAK}> ".join(lines)
    return _BREAK.join(lines)


def _lines(content: Iterable[Inline]) -> list[str]:
    """The lines of a block's content, none of them empty or opening as something else."""
    lines = (line.strip() for line in _runs(content).split("\n"))
    return [_opened(line) for line in lines if line]


def _opened(line: str) -> str:
    """A line that opens no quotation, list, rule or fence."""
    line = _OPENERS.sub(r"\\\g<0>", line, count=1) if _OPENERS.match(line) else line
    return _NUMBER.sub(r"\1\\\2", line, count=1) if _NUMBER.match(line) else line


def _runs(content: Iterable[Inline], last: str = "") -> str:
    """Runs as Markdown; `last` is what stands before them, beside whose asterisk none may stand,
    nor a link after an exclamation mark, which would make it a picture."""
    made = ""
    for run in content:
        before = made or last
        if run.kind is InlineKind.EMPHASIS and not before.endswith("*") and _holds(run):
            made += f"*{_escaped(run.plain())}*"
        elif run.kind is InlineKind.REFERENCE and not before.endswith("!") and _leads(run):
            made += f"[{_escaped(run.plain())}](<{run.target}>)"
        elif run.content:
            made += _escaped(run.text)
            made += _runs(run.content, made or last)
        else:
            made += "\n" if run.kind is InlineKind.LINE_BREAK else _escaped(run.text)
    return made


def _holds(run: Inline) -> bool:
    """True for a run that asterisks can hold wherever it stands (CommonMark 0.31, 6.2): letters
    or digits at both ends, on one line."""
    text = run.plain()
    return text[:1].isalnum() and text[-1:].isalnum() and "\n" not in text


def _leads(run: Inline) -> bool:
    """True for a run with words, on one line, and an address that CommonMark holds as it is."""
    address = run.target or ""
    outward = address.startswith(("http://", "https://"))
    return outward and not re.search(r"[<>\\\s]", address) and _holds(run)


def _escaped(text: str) -> str:
    """Text whose signs are letters to Markdown, on one line.

    >>> _escaped("a_b & [c]")
    'a\\\\_b & \\\\[c\\\\]'
    """
    return _SIGNS.sub(r"\\\g<0>", _SPACE.sub(" ", text))
