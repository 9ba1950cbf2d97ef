"""The title of a page and the lines that are it: which heading it is, without its kicker.

Accepts the lines of a page and what it states for machines; the title always comes out, from
the file's name where nothing else says it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from packager.readers.article_lines import Mark
from packager.readers.runs import squeeze
from packager.readers.source import Source
from packager.readers.structured import Stated

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
TITLE = 12
"""Letters of the shortest title that is known at the end of a longer heading."""
_SOLID = re.compile(r"[\W_]+")


def solid(text: str) -> str:
    """The letters and digits of a text, folded: what two settings of one line share."""
    return _SOLID.sub("", text).casefold()


def find_title(stated: Stated, marks: Sequence[Mark], source: Source) -> str:
    """The title: the heading that the page's head names too, else the only first heading, else
    what the head says, else the file's name."""
    heads = [mark for mark in marks if mark.tag in ("h1", "h2", "h3") and mark.text.strip()][:60]
    known = [
        letters for one in (*stated.titles, stated.head_title or "") if (letters := solid(one))
    ]
    rows = [_without_kicker(mark, known) for mark in heads]
    for one in known:
        for text in rows:
            if solid(text) == one:
                return _line(text)
    for one in known:
        for text in rows:
            letters = solid(text)
            if 2 * len(letters) >= len(one) and (letters in one or one in letters):
                return _line(text)
    first = [mark for mark in heads if mark.tag == "h1"]
    if len(first) == 1:
        return _line(first[0].text)
    return stated.title or _without_outlet(stated) or stem_of(source)


def _without_kicker(mark: Mark, known: Sequence[str]) -> str:
    """A heading without the element at its beginning, where the page's own titles begin with
    the rest alone."""
    if not len(mark.element) or (mark.element.text or "").strip():
        return mark.text
    kicker = solid(" ".join(str(text) for text in mark.element[0].itertext()))
    rest = solid(mark.text).removeprefix(kicker)
    if kicker and rest and any(one.startswith(rest) for one in known):
        return mark.text[len(_kept_of(mark.text, kicker)) :]
    return mark.text


def _kept_of(text: str, letters: str) -> str:
    """The beginning of a text that holds these letters."""
    end = 0
    while end < len(text) and len(solid(text[:end])) < len(letters):
        end += 1
    return text[:end]


def _line(text: str) -> str:
    return squeeze(text.replace("\n", " "))


def _without_outlet(stated: Stated) -> str | None:
    """The head's title without the name of the site at its end."""
    title = stated.head_title
    if title and stated.outlet:
        title = re.sub(rf"\s*[-|–—·:]\s*{re.escape(stated.outlet)}\s*$", "", title) or title
    return title


def stem_of(source: Source) -> str:
    """A title made of the file's name."""
    stem = PurePath(source.name.rsplit("#", 1)[-1]).stem
    return " ".join(re.split(r"[\s_-]+", stem)).strip() or source.name


def is_title(mark: Mark, title: str) -> bool:
    """Whether a line is the title (given solid), or a heading that ends with it."""
    letters = solid(mark.text)
    return letters == title or (
        mark.tag in HEADINGS and len(title) >= TITLE and letters.endswith(title)
    )


def without_title(before: Sequence[Mark], title: str) -> list[Mark]:
    """The lines before the text without the title's own, which is kept as the title."""
    rest = list(before)
    for n in range(len(rest) - 1, -1, -1):
        if not rest[n].text or not is_title(rest[n], solid(title)):
            continue
        above = rest[n].text.removesuffix(title).strip()
        rest[n : n + 1] = [replace(rest[n], text=above)] if above and title in rest[n].text else []
        break
    return rest
