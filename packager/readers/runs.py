"""Runs of words as a page has them, and the same as the content of a block.

A reader of pages collects raw runs, which are cheap; the few lines that are wanted become
content: white space joined, markup that means nothing to us gone, no word changed.
"""

from __future__ import annotations

from collections.abc import Iterable

from packager.speech import Inline, InlineKind

Run = tuple[str, str | None, bool, str | None, str | None]
"""Words as they came, address of the link around them (empty where it leads nowhere on the web),
italic, language where it is another than the page's, description of a picture."""
BREAK: Run = ("\n", None, False, None, None)
"""The run that stands for a line break; it is known by identity."""


def words_run(words: str) -> Run:
    """A run of words and no more."""
    return (words, None, False, None, None)


def is_plain(run: Run) -> bool:
    """Whether a run is words and no more; a break is not."""
    return run is not BREAK and run[1:] == BREAK[1:]


def inlines(runs: Iterable[Run]) -> list[Inline]:
    """Runs as those of a block, white space not yet joined across them; see `tidy`."""
    out: list[Inline] = []
    words: list[str] = []  # of plain runs that follow each other
    for run in (*runs, BREAK):
        text, link, italic, language, picture = run
        if not (link or italic or language or picture is not None or run is BREAK):
            words.append(text)
            continue
        if words:
            out.append(Inline(InlineKind.TEXT, one_spaced("".join(words))))
            words = []
        if picture is not None:
            out.append(Inline(InlineKind.GAP, target=picture))
        elif run is BREAK:
            out.append(Inline(InlineKind.LINE_BREAK))
        else:
            made = Inline(InlineKind.TEXT, one_spaced(text))
            if link:
                made = Inline(InlineKind.REFERENCE, content=(made,), target=link)
            if italic:
                made = Inline(InlineKind.EMPHASIS, content=(made,))
            if language:
                made = Inline(InlineKind.FOREIGN, content=(made,), language=language)
            out.append(made)
    return out[:-1]  # without the break that closed the last words


def one_spaced(text: str) -> str:
    """White space joined to single spaces; no-break spaces are letters.

    Done by replacing, which takes a twentieth of the time of an expression.

    >>> one_spaced("High \\n\\t at noon ")
    'High at noon '
    """
    for white in "\t\n\r\f":
        if white in text:
            text = text.replace(white, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def squeeze(text: str) -> str:
    """White space joined to single spaces, none at the ends; no-break spaces are letters."""
    return one_spaced(text).strip(" ")


def tidy(runs: list[Inline]) -> tuple[Inline, ...]:
    """Runs as one line: white space joined across runs, none at the ends or beside a break.

    Neighbouring runs of plain text become one, so that markup that means nothing to us
    leaves no trace.
    """
    if len(runs) == 1 and runs[0].kind is InlineKind.TEXT:
        text = runs[0].text.strip(" ")
        return (Inline(InlineKind.TEXT, text),) if text.strip() else ()
    out: list[Inline] = []
    space = True  # nothing yet, or white space or a break just before
    for run in runs:
        run, space = _squeeze(run, space)
        if run.kind is InlineKind.LINE_BREAK:
            _strip_end(out)
            space = True
        elif run.kind is InlineKind.TEXT:
            if not run.text:
                continue
            if out and out[-1].kind is InlineKind.TEXT:
                out[-1] = Inline(InlineKind.TEXT, out[-1].text + run.text)
                continue
        elif run.content or run.kind in _NESTED:
            if not run.plain():
                continue
            if out and _alike(out[-1], run):
                content = _joined(out[-1].content, run.content)
                out[-1] = Inline(run.kind, "", content, run.target, run.language)
                continue
        out.append(run)
    _strip_end(out)
    while out and out[-1].kind is InlineKind.LINE_BREAK:
        out.pop()
        _strip_end(out)
    while out and out[0].kind is InlineKind.LINE_BREAK:
        out.pop(0)
    return (
        tuple(out) if any(run.plain().strip() or run.kind is InlineKind.GAP for run in out) else ()
    )


_NESTED = (InlineKind.EMPHASIS, InlineKind.REFERENCE, InlineKind.FOREIGN)


def _alike(first: Inline, second: Inline) -> bool:
    return (first.kind, first.target, first.language) == (
        second.kind,
        second.target,
        second.language,
    )


def _joined(first: tuple[Inline, ...], second: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Two contents as one, text that meets text becoming one run."""
    if first and second and first[-1].kind is second[0].kind is InlineKind.TEXT:
        middle = Inline(InlineKind.TEXT, first[-1].text + second[0].text)
        return (*first[:-1], middle, *second[1:])
    return first + second


def _squeeze(run: Inline, space: bool) -> tuple[Inline, bool]:
    """The run without white space that would double the one before; whether it ends in one."""
    if run.kind is InlineKind.TEXT:
        text = run.text.lstrip(" ") if space else run.text
        return Inline(InlineKind.TEXT, text), (text[-1] == " " if text else space)
    if run.content:
        parts = []
        for part in run.content:
            less, space = _squeeze(part, space)
            emptied = part.content or part.kind is InlineKind.TEXT
            if less.text or less.content or not emptied:
                parts.append(less)
        return Inline(run.kind, run.text, tuple(parts), run.target, run.language), space
    return run, space and not run.plain().strip()


def _strip_end(out: list[Inline]) -> None:
    """Take white space off the end of the last run, through nested runs."""
    while out:
        last = out[-1]
        if last.kind is InlineKind.TEXT:
            text = last.text.rstrip(" ")
            if text:
                out[-1] = Inline(InlineKind.TEXT, text)
                return
            out.pop()
        elif last.content:
            inner = list(last.content)
            _strip_end(inner)
            if inner:
                out[-1] = Inline(last.kind, last.text, tuple(inner), last.target, last.language)
                return
            out.pop()
        else:
            return
