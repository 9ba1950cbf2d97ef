"""Writes the first book.toml of a collection: title, parts by year, every speech listed.

What is proposed is there to be changed; comments say how.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Sequence
from pathlib import Path

from packager.beside import write_beside
from packager.dates import shown_date
from packager.errors import InputError
from packager.speech import Speech, words_digest


def new_book(folder: Path, pages: Sequence[Path], speeches: Sequence[Speech]) -> Path:
    """Write `folder/book.toml` for the speeches that were read from `pages`; return its path.

    Raises `InputError` when a book.toml is there already or no speech was found.
    """
    path = folder / "book.toml"
    if path.exists():
        raise InputError(f"{path}: is there already", hint="choose another folder, or edit it")
    if not speeches:
        raise InputError("no speech was found on the pages", hint="see what was skipped, and why")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_beside(path, book_toml(folder, pages, speeches).encode())
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from error
    return path


def book_toml(folder: Path, pages: Sequence[Path], speeches: Sequence[Speech]) -> str:
    """The text of the proposed book.toml."""
    once = list({words_digest(speech.blocks): speech for speech in reversed(speeches)}.values())
    once.sort(key=lambda speech: (speech.date.earliest if speech.date else "9999", speech.title))
    languages = {speech.language for speech in once if speech.language}
    language = languages.pop() if len(languages) == 1 else "en"
    named = [_string(Path(os.path.relpath(page, folder)).as_posix()) for page in pages]
    identifier = uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(speech.id for speech in once))
    lines = [
        "# A book of speeches. Change anything here, then: packager build " + folder.name,
        "",
        "[book]",
        f"title = {_string(_title(once))}",
        f"subtitle = {_string(_span(once))}",
        '# editor = ["Your Name"]',
        '# publisher = "Your Press"',
        '# rights = "..."          # printed on the copyright page',
        '# description = "..."     # for catalogues and shops',
        f"language = {_string(language)}          # of heads and notes; documents keep their own",
        f'identifier = "urn:uuid:{identifier}"  # keep it: it names this book in every build',
        "# date = 2026-01-31        # the edition's day; builds with one date are the same bytes",
        "",
        "[archive]",
        f"pages = [{', '.join(named)}]",
        "",
        "# One [[part]] a section of the book. A part takes the speeches that fit everything it",
        "# states: speaker, kind, topic, words (any of them in the text), from and to (dates),",
        '# files ("*-letter-*"), ids; exclude takes some out again. order = "date", "title",',
        '# "listed" or "archive". A speech in two parts is printed in the first, and referred to',
        "# in the second.",
    ]
    for title, group in _parts(once):
        lines += ["", "[[part]]", f"title = {_string(title)}", 'order = "listed"', "ids = ["]
        lines += [f"  {_string(speech.id)},  # {_remark(speech)}" for speech in group]
        lines += ["]"]
    lines += [
        "",
        "# [edition.epub]           # build only the editions named here",
        '# isbn = "978-..."',
        "# [edition.screen]        # the PDF",
        "# [edition.archive]       # the PDF for archives, with the source pages inside",
        "# [edition.print]         # for the printer: pages and cover; [print] names its preset",
        "",
        "[style]",
        'name = "classic"           # or plain, documentary, large-print, a folder of yours',
        '# ground = "#7a1f23"       # colours of the cover',
        '# ink = "#f3e6c8"',
        "",
    ]
    return "\n".join(lines)


def _parts(speeches: Sequence[Speech]) -> list[tuple[str, list[Speech]]]:
    """A part for each year; speeches whose day is open stand under its first possible year."""
    years: dict[str, list[Speech]] = {}
    for speech in speeches:
        years.setdefault(speech.date.earliest[:4] if speech.date else "Undated", []).append(speech)
    return list(years.items())


def _title(speeches: Sequence[Speech]) -> str:
    speakers = {speech.speaker for speech in speeches if speech.speaker}
    if len(speakers) == 1:
        return f"Speeches of {speakers.pop()}"
    return "Collected Speeches"


def _span(speeches: Sequence[Speech]) -> str:
    years = [speech.date.earliest[:4] for speech in speeches if speech.date]
    count = f"{len(speeches)} document{'' if len(speeches) == 1 else 's'}"
    if not years:
        return count
    span = years[0] if years[0] == years[-1] else f"{years[0]}–{years[-1]}"
    return f"{count}, {span}"


def _remark(speech: Speech) -> str:
    who = f"{speech.speaker}: " if speech.speaker else ""
    return " ".join(f"{shown_date(speech.date)}. {who}{speech.title}".split())


def _string(text: str) -> str:
    """A TOML basic string; JSON's escapes are a part of TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
