"""A news page written as text and as HTML from the same parts, and the way to read it."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pytest

from packager import Report, Speech, read

Parts = tuple[str, ...]
Others = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class NewsPage:
    """The parts of a page of the KCNA Watch form, in the order in which a reader meets them."""

    captured: str | None = "June 08, 2025"
    agency: str | None = "VNA"
    title: str | None = "Opening Speech Made by Ada Brink at Second Fair of Clockmakers"
    date: str = "14/03/2019"
    outlet: str = "VNA.ve (En)"
    dateline: str | None = "Marrowby, March 14 (VNA) --"
    lede: str | None = "The following is the opening speech made by Ada Brink at the fair:"
    body: Parts = ("Dear clockmakers,", "It is noon, or so forty of you tell me.")
    end: str | None = "-0-"
    others: Others | None = (("Bees Moved to Heather", "Vell, March 13 (VNA) -- Nine hives left"),)

    @property
    def above(self) -> Parts:
        """What stands over the title: the capture twice, run together, and the label."""
        day = self.captured and f"{self.captured}{self.captured[:3]}{self.captured[-9:]}"
        label = self.agency and f"{self.agency} {self.outlet}"
        return tuple(line for line in (day, label) if line)

    @property
    def date_line(self) -> str:
        return f"Date: {self.date} | Source: {self.outlet} | Read original version at source"

    @property
    def text_paragraphs(self) -> Parts:
        """The paragraphs from the dateline to the end mark, which ends the last of them."""
        first = " ".join(part for part in (self.dateline, self.lede) if part)
        paragraphs = [part for part in (first, *self.body) if part]
        if self.end and paragraphs:
            paragraphs[-1] += f" {self.end}"
        return tuple(paragraphs)

    @property
    def below(self) -> Parts:
        """The list of other articles: each title twice, each snippet twice, a day between."""
        if self.others is None:
            return ()
        lines = [f"More From {self.outlet}"]
        for title, snippet in self.others:
            lines += [title, title, snippet, "June 07, 2025", snippet]
        return (*lines, "More Articles")

    @property
    def text(self) -> str:
        """The page as a browser saves it as text."""
        title = (self.title,) if self.title else ()
        lines = (*self.above, *title, self.date_line, *self.text_paragraphs, *self.below)
        return "\n\n".join(lines) + "\n"

    @property
    def html(self) -> str:
        """The page as a browser saves it as HTML, with a site around it."""
        above = "".join(f"<div>{escape(line)}</div>\n" for line in self.above)
        title = f"<h1>{escape(self.title)}</h1>\n" if self.title else ""
        body = "".join(f"<p>{escape(part)}</p>\n" for part in self.text_paragraphs)
        below = "".join(f"<div>{escape(line)}</div>\n" for line in self.below)
        return (
            "<!DOCTYPE html>\n<html>\n<head>\n<title>VNA Watch</title>\n"
            "<style>p { color: black }</style>\n</head>\n<body>\n"
            '<nav><ul><li><a href="/news">News</a></li><li><a href="/radio">Radio</a></li></ul>'
            f"</nav>\n<main>\n{above}{title}<div>{escape(self.date_line)}</div>\n"
            f"<article>\n{body}</article>\n{below}</main>\n"
            "<footer><p>Kept on a dry hill.</p></footer>\n</body>\n</html>\n"
        )


def _read_file(content: str | bytes, name: str = "page.txt") -> tuple[list[Speech], Report]:
    """What reading a folder gives that holds this one file."""
    with tempfile.TemporaryDirectory() as folder:
        data = content if isinstance(content, bytes) else content.encode()
        (Path(folder) / name).write_bytes(data)
        report = Report()
        return list(read(folder, report=report, base=Path(folder))), report


@pytest.fixture(scope="session")
def page() -> Callable[..., NewsPage]:
    """Writes a news page; every part has a plain default and can be given by name."""
    return NewsPage


@pytest.fixture(scope="session")
def read_file() -> Callable[..., tuple[list[Speech], Report]]:
    """Reads one file, given as its content and its name: the speeches and the report."""
    return _read_file


@pytest.fixture(scope="session")
def read_only() -> Callable[..., Speech]:
    """Reads one file that must hold one speech and give no finding: that speech."""

    def read_silently(content: str | bytes, name: str = "page.txt") -> Speech:
        speeches, report = _read_file(content, name)
        assert [str(finding) for finding in report] == []
        (speech,) = speeches
        return speech

    return read_silently


@pytest.fixture(scope="session")
def findings_of() -> Callable[..., list[str]]:
    """Reads one file: its findings, each as the line that a user sees."""

    def lines(content: str | bytes, name: str = "page.txt") -> list[str]:
        return [str(finding) for finding in _read_file(content, name)[1]]

    return lines


@pytest.fixture(autouse=True, scope="module")
def no_network() -> Iterator[None]:
    """Whoever reads a page and reaches for the network fails."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a reader reached for the network")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket.socket, "connect_ex", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        patch.setattr(socket, "create_connection", refuse)
        yield
