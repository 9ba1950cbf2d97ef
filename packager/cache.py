"""A store of made things under readable keys; what is in it can always be made again.

A key is lines that name every input and tool version ("fonttools=4.68", "axis wght=400"); its
SHA-256 is the file's name. Files are written beside and renamed, so that two processes may
write at once; a store that cannot be written is no failure, only slower. It is a folder, or the
address of a store that fsspec knows ("s3://bucket/packager"), whose objects appear whole.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from packager.beside import write_beside
from packager.errors import EditionError


def cache_folder() -> Path:
    """The cache folder: PACKAGER_CACHE, which machines may share, else a folder of the user's own
    (XDG Base Directory Specification: XDG_CACHE_HOME).

    Raises `EditionError` for the address of a store that cannot be asked.
    """
    if stated := os.environ.get("PACKAGER_CACHE"):
        return _store(stated) if "://" in stated else Path(stated).absolute()
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "packager"


def _store(address: str) -> Path:
    """A store behind an address, which is used as a folder is."""
    try:
        from upath import UPath

        store = UPath(address)
        if isinstance(store, Path):
            raise ValueError("Protocol not known")
        _ = store.fs  # looks for what knows it
        return cast(Path, store)
    except (ImportError, ValueError) as error:
        raise EditionError(
            f"PACKAGER_CACHE={address}: no such store can be asked: {error}",
            hint="pip install 'packager[dask]', and for a store in a cloud its library for fsspec "
            "(s3fs, gcsfs, adlfs); or name a folder",
        ) from error


def cached(key: Sequence[str], make: Callable[[], bytes], *, folder: Path | None = None) -> bytes:
    """The bytes of `key`: from the store when they are there and whole, else made and kept."""
    found = in_cache(key, folder=folder)
    return found if found is not None else keep(key, make(), folder=folder)


def keep(key: Sequence[str], data: bytes, *, folder: Path | None = None) -> bytes:
    """Put the bytes of `key` into the store, where it can be written, and hand them on."""
    put(_path(key, folder), _seal(key, data) + data)
    return data


def put(path: Path, data: bytes) -> None:
    """Write a file of the store whole or not at all, where it can be written."""
    with suppress(*_faults(path)):
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(path, Path):
            write_beside(path, data)
        else:
            path.write_bytes(data)


def _faults(path: object) -> tuple[type[Exception], ...]:
    """What a store says when it cannot be read or written; each store has errors of its own."""
    return (OSError,) if isinstance(path, Path) else (Exception,)


def in_cache(key: Sequence[str], *, folder: Path | None = None) -> bytes | None:
    """The bytes of `key` when they are in the store and whole, else None."""
    stored = got(_path(key, folder))
    if stored is None:
        return None
    return stored[32:] if _seal(key, stored[32:]) == stored[:32] else None


def got(path: Path) -> bytes | None:
    """The bytes of a file of the store, None where it cannot be read."""
    with suppress(*_faults(path)):
        return path.read_bytes()
    return None


@dataclass(frozen=True, slots=True)
class Kept:
    """A made thing that is in the store until it is needed; `data` only where the store could
    not take it."""

    key: Sequence[str]
    folder: Path
    data: bytes | None

    def fetch(self) -> bytes:
        """Its bytes. Raises `EditionError` when they were taken out of the store meanwhile."""
        data = self.data if self.data is not None else in_cache(self.key, folder=self.folder)
        if data is None:
            raise EditionError(
                f"{self.folder}: the cache was changed while the book was built",
                hint="run the build again",
            )
        return data


def handed(key: Sequence[str], data: bytes, folder: Path, near: bool) -> bytes | None:
    """Put the bytes of `key` into the store, unless they are there; what is to be handed to who
    asked for them: nothing where they are in a store that is `near` to him, else the bytes."""
    there = in_cache(key, folder=folder) == data
    if not there:
        keep(key, data, folder=folder)
        there = near and in_cache(key, folder=folder) == data
    return None if near and there else data


def received(key: Sequence[str], data: bytes | None, folder: Path) -> Kept:
    """What was handed over, put into the store here too, and held only where that fails."""
    return Kept(key, folder, data if data is None else handed(key, data, folder, True))


def _path(key: Sequence[str], folder: Path | None) -> Path:
    name = hashlib.sha256("\n".join(key).encode()).hexdigest()
    return (folder or cache_folder()) / name[:2] / name


def _seal(key: Sequence[str], data: bytes) -> bytes:
    """What stands before an entry: whole, and the one that its name says."""
    return hashlib.sha256("\n".join(key).encode() + b"\0" + data).digest()
