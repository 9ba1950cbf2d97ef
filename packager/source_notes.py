"""The notes that a source itself has, tied to the places that call them.

In a speech a note is a block with an id, and its call a run that names it. The book prints the
note small, below the paragraph of its call, with a link there and back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from packager.layer import PrintedBlock, Run
from packager.speech import BlockKind, Inline, InlineKind

RETURN = "note-return"
"""The kind of the run that leads from a note back to its call."""


def tied(blocks: Sequence[PrintedBlock], anchor: str) -> Iterator[PrintedBlock]:
    """The blocks of a document, its notes and their calls tied: the id of a note is its anchor,
    and so is the target of its call.

    Where a note is called twice the first call is its own. A note that nothing calls has no id:
    reading systems hide notes until they are called.
    """
    named = {one.ident for one in blocks if one.kind is BlockKind.NOTE and one.ident}
    found = list(_calls(part for one in blocks for part in one.content))
    if not (named or found):
        yield from blocks
        return
    calls: dict[str, str] = {}
    for ident, words in found:
        if ident in named:
            calls.setdefault(ident, words)
    anchors = {ident: f"{anchor}-source-note-{n}" for n, ident in enumerate(calls, 1)}
    waiting = dict(anchors)
    for one in blocks:
        content: tuple[Run | Inline, ...] = tuple(_tied(part, waiting) for part in one.content)
        name = (one.kind is BlockKind.NOTE and one.ident) or ""
        place = anchors.pop(name, None)
        if place:
            content = _returning(content, calls[name], place)
        yield replace(one, content=content, ident=place)


def _calls(content: Iterable[Run | Inline]) -> Iterator[tuple[str, str]]:
    """The id that each call names, and the words of the call."""
    for part in content:
        if part.kind == InlineKind.NOTE_REFERENCE and part.target and (words := _words(part)):
            yield part.target, words
        if part.content:
            yield from _calls(part.content)


def _words(part: Run | Inline) -> str:
    return part.text + "".join(map(_words, part.content))


def _tied(part: Run | Inline, waiting: dict[str, str]) -> Run:
    """The run, its calls with the anchors of the notes that wait for theirs."""
    target = part.target
    if part.kind == InlineKind.NOTE_REFERENCE:
        target = waiting.pop(target or "", None) if _words(part) else None
    content = tuple(_tied(one, waiting) for one in part.content)
    mark = part.mark if isinstance(part, Run) else None
    return Run(part.kind, part.text, content, target, part.language, mark)


def _returning(
    content: tuple[Run | Inline, ...], words: str, anchor: str
) -> tuple[Run | Inline, ...]:
    """The content of a note that begins with the words of its call: those lead back to it."""
    if not content or content[0].kind != InlineKind.TEXT:
        return content
    begins, rest = content[0].text[: len(words)], content[0].text[len(words) :]
    if begins != words or not rest.startswith(" "):
        return content
    return Run(RETURN, words, target=anchor), replace(content[0], text=rest), *content[1:]
