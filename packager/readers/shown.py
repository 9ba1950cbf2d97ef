"""The pictures that a page shows in its text: taken where their bytes were saved, else counted.

Accepts pictures as a reader met them (`Shown`), with the letters of the text that stand before
each; gives `Picture`s placed between the blocks, and `Cut`s of those that are no part of the
speech: icons and pixels that count readers (small), pictures that were not saved with the page,
that are damaged, or shown a second time. No word of the text depends on a picture.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from lxml import etree

from packager.findings import Report
from packager.pictures import Size, kept, measured
from packager.readers.beside import saved
from packager.readers.source import Source, clean
from packager.speech import Block, Cut, Picture

SIDE, AREA = 64, 10_000
"""Pixels of the shorter side and of the whole below which a picture is an icon: the icons of the
gold pages have up to 60 x 60, their photographs at least 140 x 93."""
MOST = 200
"""Pictures of one speech."""
WORDS = 2000
"""Characters of a description or a caption."""
_LATER = ("data-src", "data-original", "data-lazy-src", "data-full-src")
"""Where pages put the address of a picture that a script shows when somebody comes near."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture as the page shows it: behind how many `letters` of the text, the addresses of its
    bytes, the best first, its description (None where the page has none), its caption; `lost` are
    the words that go with it where it is not taken, if these are more than its description."""

    letters: int
    addresses: tuple[str, ...]
    alt: str | None = None
    caption: str = ""
    icon: bool = False
    lost: str = ""


def take(
    shown: Iterable[Shown],
    blocks: Sequence[Block],
    source: Source,
    base: str | None,
    report: Report,
) -> tuple[tuple[Picture, ...], list[Cut]]:
    """The pictures of a speech, and what is to be told of the others; `base` is the address of
    the page."""
    ends = list(accumulate(map(letters_of, blocks)))
    pictures: list[Picture] = []
    cuts: list[Cut] = []
    unsaved: list[str] = []
    for one in shown:
        alt = None if one.alt is None else _line(one.alt)
        lost = one.lost or alt or ""
        found = None if one.icon else _found(one, source, base)
        if found is None or len(pictures) >= MOST:
            if one.icon:
                cuts.append(Cut("picture", len(lost.split()), lost))
            else:
                unsaved.append(lost)
            continue
        name, data, size = found
        if isinstance(size, str):
            report.note("picture-left-out", source.name, f"a picture is {size}: {name}")
            cuts.append(Cut.of(f"picture, {size}", lost))
            continue
        sha256 = kept(data)
        if is_icon(size.width, size.height) or any(sha256 == p.sha256 for p in pictures):
            cuts.append(Cut("picture", len(lost.split()), lost))
            continue
        at = bisect_left(ends, one.letters) + 1 if one.letters else 0
        caption = _line(one.caption)
        pictures.append(
            Picture(
                min(at, len(blocks)), name, sha256, size.media_type, size.width, size.height,
                alt, caption,
            )
        )  # fmt: skip
    if unsaved:
        count = "1 picture" if len(unsaved) == 1 else f"{len(unsaved)} pictures"
        cuts.append(Cut.of(f"{count}, not saved with the page", " ".join(filter(None, unsaved))))
    return tuple(pictures), cuts


def _found(one: Shown, source: Source, base: str | None) -> tuple[str, bytes, Size | str] | None:
    """The first address at which a picture was saved. What the page itself holds and is none, or an
    icon, only keeps the place until a script brings the true one from another address."""
    second = None
    for address in one.addresses:
        if got := saved(source, address, base):
            size = measured(got[1])
            if isinstance(size, Size) and not is_icon(size.width, size.height):
                return *got, size
            if not _keeps_place(one, address, size):
                second = second or (*got, size)
    return second


def _keeps_place(one: Shown, address: str, size: Size | str) -> bool:
    return address.startswith("data:") and (isinstance(size, str) or len(one.addresses) > 1)


def is_icon(width: int, height: int) -> bool:
    """True for the pixels of an icon, a line or a counter.

    >>> is_icon(1, 1), is_icon(600, 20), is_icon(140, 93)
    (True, True, False)
    """
    return min(width, height) < SIDE or width * height < AREA


def letters(text: str) -> int:
    """How many letters stand in a text, white space apart."""
    return len("".join(text.split()))


def letters_of(block: Block) -> int:
    """How many letters a block has, its marker apart."""
    return letters("".join([part.plain() for part in block.content]))


def _line(text: str) -> str:
    return " ".join(clean(text[: 2 * WORDS])[0].split())[:WORDS]


# --- as HTML says it ------------------------------------------------------------------------


def shown_by(element: etree._Element, letters: int, caption: str = "") -> Shown:
    """The picture of an `img` element."""
    parent = element.getparent()
    others = parent.iterchildren("source") if parent is not None and parent.tag == "picture" else ()
    sets = [one.get("srcset") or "" for one in others]
    return shown_as(dict(element.attrib), letters, caption, sets)


def shown_as(
    attributes: Mapping[str, str], letters: int, caption: str = "", sets: Sequence[str] = ()
) -> Shown:
    """The picture of an `img` element with these attributes; `sets` are more of its `srcset`s."""
    get = attributes.get
    addresses = [get(name, "") for name in (*_LATER, "src")]
    for one in (get("srcset") or get("data-srcset") or "", *sets):
        addresses += _of_set(one)
    width, height = _pixels(get("width")), _pixels(get("height"))
    icon = bool(width and height and is_icon(width, height)) or 0 in (width, height)
    found = tuple(dict.fromkeys(filter(None, addresses)))
    return Shown(letters, found, get("alt"), caption, icon)


def _of_set(written: str) -> list[str]:
    """The addresses of a `srcset` (HTML, parse a srcset attribute), the largest picture first.

    >>> _of_set("a.jpg 1x, b.jpg 800w")
    ['b.jpg', 'a.jpg']
    """
    if written.lstrip()[:5].lower() == "data:":
        return []
    rows = [part.split() for part in re.split(r",\s+|,$", written[:20_000]) if part.split()]
    sizes = {row[0]: _size(row[1] if len(row) > 1 else "1x") for row in rows}
    return sorted(sizes, key=lambda address: -sizes[address])


def _size(descriptor: str) -> float:
    try:
        return float(descriptor[:-1])
    except ValueError:
        return 0.0


def _pixels(written: str | None) -> int | None:
    match = re.fullmatch(r"\s*(\d{1,5})(?:\.\d*)?(?:px)?\s*", written or "")
    return int(match[1]) if match else None
