"""A store of made things under readable keys; what is in it can always be made again.

A key is lines that name every input and tool version ("fonttools=4.68", "axis wght=400"); its
SHA-256 is the file's name. Files are written beside and renamed, so that two processes may
write at once; a store that cannot be written is no failure, only slower.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from packager.beside import write_beside
from packager.errors import EditionError


def cache_folder() -> Path:
    """The cache folder: PACKAGER_CACHE, which machines may share, else a folder of the user's own
    (XDG Base Directory Specification: XDG_CACHE_HOME)."""
    if stated := os.environ.get("PACKAGER_CACHE"):
        return Path(stated).absolute()
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "packager"


def cached(key: Sequence[str], make: Callable[[], bytes], *, folder: Path | None = None) -> bytes:
    """The bytes of `key`: from the store when they are there and whole, else made and kept."""
    found = in_cache(key, folder=folder)
    return found if found is not None else keep(key, make(), folder=folder)


def keep(key: Sequence[str], data: bytes, *, folder: Path | None = None) -> bytes:
    """Put the bytes of `key` into the store, where it can be written, and hand them on."""
    path = _path(key, folder)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_beside(path, _seal(key, data) + data)
    except OSError:
        pass
    return data


def in_cache(key: Sequence[str], *, folder: Path | None = None) -> bytes | None:
    """The bytes of `key` when they are in the store and whole, else None."""
    try:
        stored = _path(key, folder).read_bytes()
    except OSError:
        return None
    return stored[32:] if _seal(key, stored[32:]) == stored[:32] else None


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
    if in_cache(key, folder=folder) != data:
        keep(key, data, folder=folder)
    return None if near and in_cache(key, folder=folder) == data else data


def received(key: Sequence[str], data: bytes | None, folder: Path) -> Kept:
    """What was handed over, put into the store here too, and held only where that fails."""
    return Kept(key, folder, data if data is None else handed(key, data, folder, True))


def _path(key: Sequence[str], folder: Path | None) -> Path:
    name = hashlib.sha256("\n".join(key).encode()).hexdigest()
    return (folder or cache_folder()) / name[:2] / name


def _seal(key: Sequence[str], data: bytes) -> bytes:
    """What stands before an entry: whole, and the one that its name says."""
    return hashlib.sha256("\n".join(key).encode() + b"\0" + data).digest()
