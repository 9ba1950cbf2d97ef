"""What the shops ask beyond the points, and two builds compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from packager.check import check, stores, twin
from packager.check.epub import EpubFile, open_epub
from packager.errors import InputError
from tests.check.conftest import Members

CSS = "OEBPS/css/book.css"
S1 = "OEBPS/text/s1.xhtml"
Pack = Callable[[Members], Path]


def told(store: str, path: Path) -> list[str]:
    book = open_epub(path)
    assert isinstance(book, EpubFile)
    return [f.message for f in stores.STORES[store](book)]


@pytest.mark.parametrize("store", sorted(stores.STORES))
def test_a_sound_book_pleases_every_shop(members: Members, pack: Pack, store: str) -> None:
    assert told(store, pack(members)) == []


@pytest.mark.parametrize(
    ("store", "member", "old", "new", "words"),
    [
        ("kobo", CSS, b"", b"p { font-size: 90% }", "in %"),
        ("kobo", CSS, b"", b"body { margin-left: 3em }", "side margin"),
        ("apple", CSS, b"", b"b { font-weight: bold }", "no embedded font is bold"),
        ("kindle", S1, b'encoding="utf-8"', b"", "Latin-1"),
    ],
)
def test_each_rule_finds_its_fault(
    members: Members, pack: Pack, store: str, member: str, old: bytes, new: bytes, words: str
) -> None:
    text = members[member]
    members[member] = text.replace(old, new, 1) if old else text + new
    (message,) = told(store, pack(members))
    assert words in message


def test_google_takes_no_picture_beyond_3200_pixels(
    members: Members, pack: Pack, picture: Callable[..., bytes]
) -> None:
    members["OEBPS/images/map.png"] = picture("PNG", 3300, 20)
    members["OEBPS/content.opf"] = members["OEBPS/content.opf"].replace(
        b"</manifest>", b'<item id="map" href="images/map.png" media-type="image/png"/></manifest>'
    )
    (message,) = told("google", pack(members))
    assert "3300 x 20" in message


def test_an_unknown_shop_is_told_with_the_known_ones(members: Members, pack: Pack) -> None:
    with pytest.raises(InputError, match="apple, google, kindle, kobo"):
        check(pack(members), shops=["corner shop"])


def test_a_twin_that_differs_is_told_by_the_member(
    members: Members, pack: Pack, tmp_path: Path
) -> None:
    one = pack(members).rename(tmp_path / "one.epub")
    assert list(twin.compare(one, pack(members))) == []
    other = pack({**members, S1: members[S1] + b"\n"})
    (finding,) = twin.compare(one, other)
    assert (finding.code, finding.place) == ("epub-49-twin", f"{one}:{S1}")
    del members[S1]
    findings = list(twin.compare(one, pack(members)))
    assert "is not in" in findings[0].message
