"""What we tell about an input or an output: `Finding`, `Report`, and the list of codes.

Readers, book.toml, layout and validators all speak in this one shape. A code is never
reused for another meaning; `CODES` is the whole list with a line for each.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How grave a finding is; `note` never changes an exit code."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


CODES: dict[str, str] = {
    # reading: pages turned down (each such page is accounted for in the book)
    "empty-file": "the file holds nothing",
    "binary-file": "the bytes are not text",
    "too-large": "the file is over the size limit for its form",
    "unreadable": "the file cannot be opened or is damaged",
    "unknown-form": "no reader knows this form",
    "no-speech": "a page of a known form that holds no speech",
    "not-text": "what is there is not language (nothing but marks or garbage)",
    # reading: pages taken, with something to say
    "reader": "which reader a page was given to, and why",
    "way-taken": "how the text of a page was found, and how sure that is",
    "duplicate-id": "two different speeches claim one id",
    "duplicate-speech": "the same words were read before; kept as another capture",
    "encoding-guessed": "the encoding was not UTF-8 and had to be found",
    "characters-dropped": "control characters that no book can hold were left out",
    "active-content": "scripts, event handlers or remote resources were left out",
    "date-ambiguous": "the order of day and month could not be proved",
    "date-disagrees": "two dates on the page contradict each other",
    "date-unreadable": "a date is written in a way that is not understood",
    "no-date": "no date is stated",
    "no-end-mark": "the mark that ends the text is missing",
    "record-unreadable": "one record of a file of many could not be read",
    # pictures
    "picture-left-out": "a picture in the text that no book can hold: damaged, too large, or SVG",
    "picture-lost": "the bytes of a picture are not at hand, so the book lacks it",
    "picture-damaged": "a picture cannot be drawn, so the book lacks it",
    "picture-no-alt": "no words stand for a picture, neither the page's nor the editor's",
    # the collection
    "not-selected": "speeches that no part of the book selects",
    "speech-repeated": "a speech stands in several parts; printed once, referred to after",
    "notes-elsewhere": "notes about pages that the book does not print",
    "paired": "two speeches are one in two languages; how sure that is, and why",
    "pair-ambiguous": "another speech would be nearly as good a counterpart as the one taken",
    "unpaired": "a speech of a bilingual book that has no counterpart in the other language",
    "letters-without-font": "letters for which the style has no font",
    # editions and checks
    "source-not-attached": "pages of the book that could not be put into the archive edition",
    "print-trim": "the pages are set for the trim of the printer's preset, not of the style",
    "ledger": "words of a written edition differ from the speech",
    "book-date-clock": "no date anywhere; the clock was used and builds will differ",
    "epubcheck": "a message of EPUBCheck",
    "pdf-syntax": "the PDF file is damaged",
    "pdf-metadata": "title, language or identification missing in the PDF",
    "pdf-fonts": "a font is not embedded",
    "pdf-tags": "the PDF has no usable structure tree",
    "pdf-links": "a link or bookmark leads nowhere",
    "pdf-active": "the PDF holds scripts or actions",
    "tool-missing": "a validator is not installed, so its part was not checked",
    # tables and library
    "mapping": "which column of a table gives which part of its speeches",
    "mapping-wrong": "a table cannot be read: no column of text, or a wrong mapping file",
    "record-empty": "records of a file of many that hold no text",
    # names
    "authority-record": "a record of an authority file that could not be taken",
    # articles
    "not-sure": "where the text of a page begins or ends was inferred from weak evidence",
    "profile-wrong": "a site profile of the user cannot be read",
    # containers
    "digest-wrong": "the bytes of a record are not those that its digest was taken of",
    "revisit-unresolved": "a web archive refers to a page that is not in it",
    "records-passed-by": "what a container holds besides pages, in numbers",
    "record-damaged": "a record of a web archive is damaged; read as far as it goes",
    "encoding-wrong": "the encoding that a page declares is not the one that its bytes are in",
    "encoding-mixed": "a text holds bytes of more than one encoding, or bytes of none",
    # XML
    "xml-syntax": "a file is not well-formed XML; it was read up to the fault",
    "xml-limit": "XML beyond a limit of safe reading: depth, size or swelling entities",
    "xml-entity": "references to entities that were not expanded",
    "xml-dtd": "the file names a DTD, which was not read",
    "xml-oddity": "faults in XML that do not hinder reading, such as ids that are no names",
    "speaker-unresolved": "ids of speakers that no list of persons explains",
}


LINE = 500
"""Characters of the longest message and of the longest hint; what a page says may be longer."""
UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""What no line of text may hold: controls, ends of lines, bytes of a name that are no letters."""


def _line(text: str) -> str:
    """One line that a terminal can show, whatever page its words came from.

    >>> _line("columns: a\\tb\\x1b[31m")
    'columns: a b [31m'
    """
    text = UNSHOWN.sub(" ", text)
    return text if len(text) <= LINE else f"{text[:LINE].rstrip()} …"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing we tell: where, how grave, what is wrong, what to do.

    >>> print(Finding("empty-file", Severity.ERROR, "a.html", "the file is empty", "save it again"))
    a.html: error: the file is empty (empty-file); save it again
    """

    code: str
    severity: Severity
    place: str
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        line = f"{self.place}: {self.severity}: {self.message} ({self.code})"
        return f"{line}; {self.hint}" if self.hint else line

    def to_json(self) -> dict[str, str | None]:
        """The finding as a JSON object, keys in a fixed order."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "place": self.place,
            "message": self.message,
            "hint": self.hint,
        }


@dataclass(slots=True)
class Report:
    """The findings of one run, in the order in which they were made.

    `pages` counts the pages that were opened, those inside containers too; `refused` counts by
    code those that gave no speech. Together with the speeches they account for every page of an
    archive. A `detailed` report also says of each page how it was read.
    """

    findings: list[Finding] = field(default_factory=list)
    pages: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    detailed: bool = False

    def add(
        self, code: str, severity: Severity, place: str, message: str, hint: str | None = None
    ) -> None:
        """Add one finding, its message and hint one line each; `code` must stand in `CODES`."""
        if code not in CODES:
            raise ValueError(f"finding code {code!r} is not listed in findings.CODES")
        hint = _line(hint) if hint else None
        self.findings.append(Finding(code, severity, place, _line(message), hint))

    def refuse(self, code: str, place: str, message: str, hint: str | None = None) -> None:
        """Add the finding of a page that gives no speech, and count it.

        A page of another kind is no fault of the archive: `no-speech` is a note.
        """
        severity = Severity.NOTE if code == "no-speech" else Severity.ERROR
        self.add(code, severity, place, message, hint)
        self.refused[code] += 1

    def warn(self, code: str, place: str, message: str, hint: str | None = None) -> None:
        """Add a warning: something was taken, and someone should look at it."""
        self.add(code, Severity.WARNING, place, message, hint)

    def note(self, code: str, place: str, message: str, hint: str | None = None) -> None:
        """Add a note: worth telling, nothing to do."""
        self.add(code, Severity.NOTE, place, message, hint)

    def detail(self, code: str, place: str, message: str) -> None:
        """Add a note that is one for every page; kept only in a report that is `detailed`."""
        if self.detailed:
            self.note(code, place, message)

    def taken(self) -> Report:
        """All that this report holds, which it holds no longer."""
        taken = Report(self.findings, self.pages, self.refused, self.detailed)
        self.findings, self.pages, self.refused = [], 0, Counter()
        return taken

    def join(self, other: Report) -> None:
        """Add all that another report holds."""
        self.findings += other.findings
        self.pages += other.pages
        self.refused += other.refused

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    @property
    def errors(self) -> list[Finding]:
        """The findings of severity error."""
        return [f for f in self.findings if f.severity is Severity.ERROR]

    @property
    def silent(self) -> bool:
        """True when nothing worse than a note was found."""
        return all(f.severity is Severity.NOTE for f in self.findings)
