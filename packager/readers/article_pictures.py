"""Which pictures of an article's page belong to its text, and what their captions say.

Accepts the lines of a page of which those of the text are known. A picture belongs to the text
where it stands in one of its lines, or between them in an element that is nothing but a picture's;
so does one between the headline and the first line, or beside the last. A picture that leads to
another page belongs to that one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml import etree

from packager.readers.article_lines import Mark
from packager.readers.article_title import solid
from packager.readers.shown import Shown, letters, shown_by
from packager.speech import Picture

REACH = 12
"""Lines between headline and text that may hold a lead picture: bylines, a day, its caption."""
UP = 5
"""Elements around a picture among which the one is looked for that holds its caption."""
_CAPTION = re.compile(r"(?:^|[\s_-])(?:fig)?caption(?:-?text)?(?:$|[\s_-])", re.IGNORECASE)
_FRAMED = re.compile(r"(?:^|[\s_-])(?:wp-caption|thumb(?:inner)?|image-?(?:box|block|container))")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:$|[?#])", re.IGNORECASE)


def pictures_in(marks: Sequence[Mark], kept: Sequence[Mark], title: str | None) -> list[Shown]:
    """The pictures of a text, `kept` of the lines of its page, in order. Without a title all lines
    are those of the element that holds the text, its first pictures too."""
    own = set(map(id, kept))
    at = [n for n, mark in enumerate(marks) if id(mark) in own]
    if not at or not any(mark.images for mark in marks):
        return []
    said = {id(mark.element): mark for mark in kept}
    out: list[Shown] = []
    count = 0
    first = 0 if title is None else _first(marks, at[0], title)
    for mark in marks[first : _end(marks, at[-1])]:
        inside = id(mark) in own
        size = letters(mark.text)
        for image in mark.images:
            if _belongs(mark, image, inside):
                before = count + (size if inside and _words_before(mark) else 0)
                out.append(shown_by(image, before, _caption(image, said)))
        count += size if inside else 0
    return out


def without_captions(marks: Iterable[Mark], pictures: Sequence[Picture]) -> list[Mark]:
    """The lines that are no caption of a picture that was taken."""
    captions = [solid(one.caption) for one in pictures if one.caption]
    return [
        mark
        for mark in marks
        if not (mark.foreign == "picture" and any(solid(mark.text) in one for one in captions))
    ]


def _first(marks: Sequence[Mark], start: int, title: str) -> int:
    """The line from which on pictures lead into the text: the one behind the headline."""
    wanted = solid(title)
    for n in range(start - 1, max(-1, start - 1 - REACH), -1):
        if marks[n].text and (marks[n].tag == "h1" or solid(marks[n].text) == wanted):
            return n + 1
    return start


def _end(marks: Sequence[Mark], last: int) -> int:
    """The line up to which pictures follow a text whose last line is `last`: those that stand
    beside it in the same element, before any other words."""
    around = marks[last].element.getparent()
    end = last + 1
    for n, mark in enumerate(marks[last + 1 :], last + 1):
        beside = any(up is around for up in mark.element.iterancestors())
        if not beside or (mark.text and mark.foreign != "picture"):
            break
        end = n + 1
    return end


def _words_before(mark: Mark) -> bool:
    """Whether words of its line stand before a picture: it then comes behind the line."""
    for run in mark.runs:
        if run[4] is not None:
            return False
        if run[0].strip():
            return True
    return False


def _belongs(mark: Mark, image: etree._Element, inside: bool) -> bool:
    flags = [] if mark.flag is None else [f.group for f in mark.flag.chain() if not f.group.void]
    if not inside and any(group.kind != "picture" for group in flags):
        return False
    for up in image.iterancestors("a"):
        address = up.get("href") or ""
        if address and not address.startswith("#") and not _PICTURE.search(address):
            return _frame(image) is not None
    return True


def _frame(image: etree._Element) -> etree._Element | None:
    """The element that holds a picture and its caption."""
    for n, up in enumerate(image.iterancestors()):
        if n >= UP:
            break
        if up.tag == "figure" or _FRAMED.search((up.get("class") or "")[:400]):
            return up
    return None


def _caption(image: etree._Element, said: dict[int, Mark]) -> str:
    """The words below a picture, unless they stand in the text; below several, the last one's."""
    frame = _frame(image)
    if frame is None or image is not list(frame.iter("img"))[-1]:
        return ""
    return " ".join(text for one in _captions(frame) if (text := _words(one, said)))


def _captions(frame: etree._Element) -> Iterator[etree._Element]:
    found: list[etree._Element] = []
    for element in frame.iter(etree.Element):
        named = element.tag == "figcaption" or _CAPTION.search((element.get("class") or "")[:400])
        inner = any(up in found for up in element.iterancestors())
        if named and not inner and element is not frame and element.tag != "img":
            found.append(element)
            yield element


def _words(element: etree._Element, said: dict[int, Mark]) -> str:
    if any(id(one) in said for one in element.iter(etree.Element)):
        return ""
    return " ".join("".join(map(str, element.itertext())).split())
