"""A Korean original without what collectors put around it.

An editor's comment (해 제) before the words "원 문", a citation of the edition after the last
line, the mark (끝) with whatever follows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from packager.dates import Date, make_day, one_day
from packager.speech import Cut

_COMMENT = re.compile(r"^[ \t]*해[ \t]*제[ \t]*$", re.MULTILINE)
_ORIGINAL = re.compile(r"^[ \t]*\[?[ \t]*원[ \t]*문[ \t]*\]?[ \t]*$", re.MULTILINE)
_DAY = re.compile(r"^(?P<before>.*?)[-–(]?\s*(?P<day>\d{4}년\s*\d{1,2}월\s*\d{1,2}일)\s*\)?\s*$")
_CITED = re.compile(r"^\s*(?:☞[^\n]{2,80}|『?[^『』\n]{2,40}(?:저작집|선집|전집)』?[^\n]{0,80})$")
_ENDED = re.compile(r"[(<＜（]\s*끝\s*[)>＞）]")


@dataclass(frozen=True, slots=True)
class Original:
    """A Korean text without the frame of those who collected it; `date` is what they state."""

    title: str | None
    date: Date | None
    text: str
    cuts: tuple[Cut, ...]


def original_of(text: str) -> Original | None:
    """The original in a Korean text that carries an editor's comment, citation or end mark.

    None where there is nothing of the kind.

    >>> lines = "등대|- 1950년 01월 02일|해 제|설명이다.|원 문|동지들!|불을 켭시다."
    >>> made = original_of(lines.replace("|", "\\n"))
    >>> made.title, made.date.edtf, made.text
    ('등대', '1950-01-02', '동지들!\\n불을 켭시다.')
    """
    cuts: list[Cut] = []
    title, date = None, None
    comment, original = _COMMENT.search(text[:20_000]), None
    if comment:
        original = _ORIGINAL.search(text, comment.end())
    if comment and original:
        title, date = _head(text[: comment.start()])
        cuts.append(Cut.of("editor's comment", text[comment.start() : original.end()]))
        text = text[original.end() :].strip("\n")
    text = _without_end(text, cuts)
    if not cuts:
        return None
    return Original(title, date, text, tuple(cuts))


def _head(text: str) -> tuple[str | None, Date | None]:
    """Title and day of the lines above an editor's comment."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    date = None
    if lines and (match := _DAY.match(lines[-1])):
        parts = [int(part) for part in re.findall(r"\d+", match["day"])]
        day = make_day(*parts)
        date = one_day(day, match["day"]) if day else None
        lines[-1:] = [match["before"].strip(" -–(")] if match["before"].strip(" -–(") else []
    return " ".join(lines) or None, date


def _without_end(text: str, cuts: list[Cut]) -> str:
    """The text up to its end mark or the citation of its edition."""
    marks = [mark for mark in _ENDED.finditer(text) if mark.start() > len(text) // 2]
    if marks:
        cuts.append(Cut.of("end mark", marks[0][0]))
        if after := text[marks[0].end() :].strip():
            cuts.append(Cut.of("other articles and page furniture after the text", after))
        return text[: marks[0].start()].rstrip()
    lines = text.rstrip().split("\n")
    if len(lines) > 3 and _CITED.match(lines[-1]):
        cuts.append(Cut.of("citation of the edition", lines[-1].strip()))
        return "\n".join(lines[:-1]).rstrip()
    return text
