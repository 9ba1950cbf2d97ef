"""What a page holds beside its text, counted: before it, inside it, after it.

Accepts the lines or the tree around a text that was chosen; gives `Cut`s, one a kind. Nothing
is decided here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from lxml import etree
from lxml.html import HtmlElement

from packager.readers.article_lines import Mark
from packager.speech import Cut

BEFORE = "page furniture before the text"
INSIDE = "page furniture in the text"
AFTER = "other articles and page furniture after the text"
_UNSEEN = ("script", "style", "noscript", "title")
_ALL, _BEFORE, _AFTER = (
    etree.XPath(f"{axis}::text()", smart_strings=False)
    for axis in ("descendant", "preceding", "following")
)


def cuts_of(
    before: Sequence[Mark | str],
    inside: Sequence[Mark | str],
    after: Sequence[Mark | str],
    others: Iterable[Cut],
) -> tuple[Cut, ...]:
    """The record of all that was left out, without kinds of which there was nothing."""
    comments = [one for one in chain(before, inside, after) if _kind(one) == "comments"]
    out = []
    for kind, rows in ((BEFORE, before), (INSIDE, inside), (AFTER, after)):
        rest = [_text(one) for one in rows if _kind(one) != "comments"]
        out.append(Cut.of(kind, " ".join(rest)))
    out.append(Cut.of("comments", " ".join(_text(one) for one in comments)))
    return (*(cut for cut in out if cut.words), *others)


def _kind(one: Mark | str) -> str | None:
    return one.foreign if isinstance(one, Mark) else None


def _text(one: Mark | str) -> str:
    return one.text if isinstance(one, Mark) else one


def rest_of(
    root: HtmlElement, body: Sequence[HtmlElement]
) -> tuple[list[str], list[str], list[str]]:
    """The words of a page before, between and after the elements of its text, in order.

    The tree is spent: what is never shown is taken out of it, as asking each text for its parent
    takes five times as long.
    """
    for unseen in root.iter(_UNSEEN):
        unseen.text = None
        for child in unseen:
            child.tail = None
    before = _shown(_BEFORE(body[0]))
    after = _shown(_AFTER(body[-1]))
    if len(body) == 1:
        return before, [], after
    texts = _shown(_ALL(root))
    inside = [text for one in body for text in _shown(_ALL(one))]
    between = Counter(" ".join(texts).split())
    for rows in (before, inside, after):
        between.subtract(" ".join(rows).split())
    return before, [" ".join((+between).elements())], after


def _shown(found: object) -> list[str]:
    """The texts that an XPath found, as one row of words."""
    assert isinstance(found, list)  # of an XPath that selects text
    return [" ".join(" ".join(found).split())]
