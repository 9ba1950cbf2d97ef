"""The reading report: for each page what was taken, what was cut, why, and how sure that is.

Written while the pages are read, one at a time; as HTML to look at, or as JSON lines.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import jinja2

from packager.dates import shown_date
from packager.errors import InputError
from packager.findings import Finding, Report, Severity
from packager.speech import Speech
from packager.style import shipped_styles

SHOWN = 14
"""Words of the beginning and of the end of a text that the report quotes."""
FORMS = (".html", ".jsonl")
_CONFIDENCE = re.compile(r"confidence (\d\.\d\d): ")


@dataclass(frozen=True, slots=True)
class PageAccount:
    """What became of one page: `place` names it as findings do."""

    place: str
    speeches: list[Speech] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def reader(self) -> str | None:
        """The reader that the page was given to, and why."""
        return next((one.message for one in self.findings if one.code == "reader"), None)

    @property
    def way(self) -> str | None:
        """How the text was found, where its form does not say it."""
        found = [one for one in self.findings if one.code in ("way-taken", "not-sure")]
        return _CONFIDENCE.sub("", found[0].message) if found else None

    @property
    def confidence(self) -> float | None:
        """From 0 to 1; 1 where the form of the page says what is its text; None for no text."""
        if not self.speeches:
            return None
        numbers = [_CONFIDENCE.match(one.message) for one in self.findings]
        return next((float(number[1]) for number in numbers if number), 1.0)

    @property
    def told(self) -> list[Finding]:
        """The findings that are no part of the account itself."""
        return [one for one in self.findings if one.code not in ("reader", "way-taken")]

    def to_json(self) -> dict[str, Any]:
        """The account as a JSON object, keys in a fixed order."""
        return {
            "page": self.place,
            "reader": self.reader,
            "way": self.way,
            "confidence": self.confidence,
            "taken": [_taken(speech) for speech in self.speeches],
            "findings": [one.to_json() for one in self.told],
        }


def reported(speeches: Iterable[Speech], report: Report, path: Path) -> Iterator[Speech]:
    """The speeches handed on, and an account of every page written to `path` by the way.

    `report` must be the one that the speeches are read with, and `detailed`. The file is there
    when all is read. Raises `InputError` where it cannot be written, or ends neither in .html
    nor in .jsonl.
    """
    if path.suffix not in FORMS:
        raise InputError(
            f"{path}: a reading report ends in {' or '.join(FORMS)}", hint="name the file so"
        )
    try:
        with tempfile.TemporaryFile("w+", encoding="utf-8") as body:
            sums: Counter[str] = Counter()
            page = _environment().get_template("read-report-page.html.j2")
            for one in _accounts(speeches, report):
                if isinstance(one, Speech):
                    yield one
                    continue
                _count(sums, one)
                if path.suffix == ".html":
                    body.write(page.render(page=one, quoted=quoted, shown_date=shown_date))
                else:
                    body.write(json.dumps(one.to_json(), ensure_ascii=False) + "\n")
            body.seek(0)
            _write(path, body, sums)
    except OSError as error:
        raise InputError(f"{path}: the report cannot be written: {error.strerror}") from error


def _accounts(speeches: Iterable[Speech], report: Report) -> Iterator[Speech | PageAccount]:
    """Each speech as it comes, and the account of a page when the next one begins."""
    told = len(report.findings)
    page: PageAccount | None = None
    for speech in _ended(speeches):
        events: list[Finding | Speech] = [*report.findings[told:]]
        told = len(report.findings)
        for event in [*events, speech] if speech else events:
            place = event.place if isinstance(event, Finding) else event.provenance.path
            if page is None or page.place != place:
                if page:
                    yield page
                page = PageAccount(place)
            if isinstance(event, Finding):
                page.findings.append(event)
            else:
                page.speeches.append(event)
                yield event
    if page:
        yield page


def _ended(speeches: Iterable[Speech]) -> Iterator[Speech | None]:
    yield from speeches
    yield None


def _count(sums: Counter[str], page: PageAccount) -> None:
    sums["pages"] += 1
    sums["speeches"] += len(page.speeches)
    sums["pages without a speech"] += not page.speeches
    sums["words taken"] += sum(speech.words for speech in page.speeches)
    sums["words cut"] += sum(cut.words for speech in page.speeches for cut in speech.provenance.cut)
    for severity in (Severity.WARNING, Severity.ERROR):
        sums[f"{severity}s"] += any(one.severity is severity for one in page.told)


def quoted(text: str, count: int = SHOWN) -> str:
    """The beginning and the end of a text.

    >>> quoted("one two three four five six", 2)
    'one two … five six'
    """
    words = text.split()
    if len(words) <= 2 * count:
        return " ".join(words)
    return f"{' '.join(words[:count])} … {' '.join(words[-count:])}"


def _taken(speech: Speech) -> dict[str, Any]:
    return {
        "id": speech.id,
        "title": speech.title,
        "speaker": speech.speaker,
        "kind": speech.kind,
        "occasion": speech.occasion,
        "date": speech.date.to_json() if speech.date else None,
        "place": speech.place,
        "language": speech.language,
        "words": speech.words,
        "text": quoted(speech.text),
        "sha256": speech.provenance.sha256,
        "pictures": [
            {"file": one.path, "sha256": one.sha256, "alt": one.alt, "caption": one.caption}
            for one in speech.pictures
        ],
        "cut": [
            {"what": cut.kind, "words": cut.words, "begins": cut.first_words}
            for cut in speech.provenance.cut
        ],
    }


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(shipped_styles() / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _write(path: Path, body: IO[str], sums: Counter[str]) -> None:
    """Head, sums and pages into one file, written beside and renamed."""
    beside = path.with_name(f".{path.name}.part")
    with beside.open("w", encoding="utf-8") as file:
        if path.suffix == ".html":
            file.write(_environment().get_template("read-report.html.j2").render(sums=sums))
        shutil.copyfileobj(body, file)
        if path.suffix == ".html":
            file.write("</main>\n</html>\n")
    os.replace(beside, path)
