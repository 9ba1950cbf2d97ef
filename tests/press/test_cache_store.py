"""The cache in a store that is named by an address, as a cluster in a cloud has it."""

from __future__ import annotations

from pathlib import Path

import pytest

import packager
from packager.cache import cache_folder, in_cache, keep
from packager.errors import EditionError
from tests.conftest import SPEECH, small_book
from tests.press.books import book_of, paragraphs, speech
from tests.press.conftest import order_for
from tests.press.printed import Printed, bind

pytest.importorskip("upath", reason="the extra 'dask' is not installed")


BOOK = book_of([speech(1, paragraphs(2, 1))], 1)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """The book as it is set with a folder for its cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PACKAGER_CACHE", str(tmp_path_factory.mktemp("folder")))
        return bind(order_for(BOOK, "classic"))


def test_a_book_is_set_once_and_is_the_same(
    here: Printed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACKAGER_CACHE", f"file://{tmp_path}/store")
    first, again = bind(order_for(BOOK, "classic")), bind(order_for(BOOK, "classic"))
    assert first.work == here.work
    assert again.work.startswith("0 of ")
    assert first.data == again.data == here.data
    assert sum(one.is_file() for one in (tmp_path / "store").rglob("*")) > 10


def test_an_entry_that_was_spoiled_is_no_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACKAGER_CACHE", "memory://spoiled")
    keep(["a=1"], b"whole")
    assert in_cache(["a=1"]) == b"whole"
    (entry,) = (one for one in cache_folder().rglob("*") if one.is_file())
    entry.write_bytes(entry.read_bytes()[:-1])
    assert in_cache(["a=1"]) is None


def test_a_store_that_takes_nothing_is_only_slower(
    here: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACKAGER_CACHE", "file:///dev/null/store")
    made = bind(order_for(BOOK, "classic"))
    assert (made.data, made.work) == (here.data, here.work)


@pytest.mark.parametrize("address", ["carrier-pigeon://loft/7", "pigeon://loft/7"])
def test_a_store_that_nothing_knows_is_told(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = small_book(tmp_path / "b", one=SPEECH)
    monkeypatch.setenv("PACKAGER_CACHE", address)
    with pytest.raises(EditionError) as caught:
        packager.build(book, editions=["screen"])
    assert str(caught.value).startswith(f"PACKAGER_CACHE={address}: no such store")
    assert not list((tmp_path / "b").rglob("*.pdf"))
