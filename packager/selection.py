"""What one [[part]] of a book takes of the archive, and in which order.

All conditions that a part states must hold; those that it does not state hold for every
speech. A speech without a date fits no range of dates.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import PurePath

from packager.speech import Speech

ORDERS = ("date", "title", "listed", "archive")
"""How the speeches of a part can be ordered; "archive" is as they were read, page by page: the
documents of a volume keep their sequence."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What one [[part]] takes: everything that fits all the conditions it states."""

    title: str
    topics: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    first: dt.date | None = None
    last: dt.date | None = None
    kinds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    order: str = "date"

    def takes(self, speech: Speech, *captures: Speech) -> bool:
        """True when the speech fits every condition; conditions that are absent fit all.

        Ids and files may be those of other `captures` of its words.
        """
        named = (speech, *captures)
        if self.excludes(*named):
            return False
        if (self.ids or self.files) and not _named(named, (*self.ids, *self.files)):
            return False
        return (
            _among(speech.topics, self.topics)
            and _among([speech.speaker or ""], self.speakers)
            and _among([speech.kind or ""], self.kinds)
            and self._dated(speech)
            and (not self.words or any(_holds(speech.text, word) for word in self.words))
        )

    def excludes(self, *captures: Speech) -> bool:
        """True where one of the captures of a speech is named as left out."""
        return _named(captures, self.exclude)

    def _dated(self, speech: Speech) -> bool:
        """Inside the range with every day that the date can mean; undated ones only without."""
        if self.first is None and self.last is None:
            return True
        if speech.date is None:
            return False
        earliest, latest = speech.date.earliest, speech.date.latest
        return (self.first is None or earliest >= self.first.isoformat()) and (
            self.last is None or latest <= self.last.isoformat()
        )

    def sorted(self, speeches: Iterable[Speech]) -> list[Speech]:
        """The speeches in the order of this part; they come in that of the archive."""
        if self.order == "archive":
            return list(speeches)
        if self.order == "title":
            return sorted(speeches, key=lambda speech: (speech.title.casefold(), speech.id))
        if self.order == "listed":
            listed = (*self.ids, *self.files)
            return sorted(speeches, key=lambda speech: _position(speech, listed))
        return sorted(
            speeches,
            key=lambda s: (s.date.earliest if s.date else "9999", s.title.casefold(), s.id),
        )


def _named(speeches: Iterable[Speech], names: Sequence[str]) -> bool:
    return any(matches(speech, name) for speech in speeches for name in names)


def matches(speech: Speech, name: str) -> bool:
    """True when `name` is the speech's id, or a glob for its file's name or path."""
    path = speech.provenance.path
    named = (PurePath(path).name, path, path.replace("../", ""))
    return (
        name == speech.id or any(fnmatch(one, name) for one in named) or fnmatch(path, f"*/{name}")
    )


def _position(speech: Speech, listed: Sequence[str]) -> tuple[int, str]:
    at = next((n for n, name in enumerate(listed) if matches(speech, name)), len(listed))
    return at, speech.id


def _among(values: Iterable[str], wanted: Sequence[str]) -> bool:
    known = {value.casefold() for value in values}
    return not wanted or any(value.casefold() in known for value in wanted)


def _holds(text: str, word: str) -> bool:
    """True when the words stand in the text as whole words, case aside."""
    pattern = r"\s+".join(re.escape(piece) for piece in word.split())
    return re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE) is not None
