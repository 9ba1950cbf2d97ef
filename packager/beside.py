"""Files that appear whole or not at all: written under a hidden name beside, then renamed.

The name says which process of which machine writes (`.book.epub.9f2c1a07-4711-4711.part`: host,
process, thread). A process that is killed leaves its file behind; whoever writes the same file
next takes it away, never that of a process which lives or may live on another machine.
"""

from __future__ import annotations

import os
import re
import socket
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_WRITER = re.compile(r"([0-9a-f]{8})-(\d+)-\d+")


@contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """The name under which `path` is written until it is whole, to be renamed by the caller; the
    file is taken away where it does not come to that."""
    _clear(path)
    beside = path.with_name(
        f".{path.name}.{_host()}-{os.getpid()}-{threading.get_native_id()}.part"
    )
    try:
        yield beside
    finally:
        beside.unlink(missing_ok=True)


def write_beside(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. Raises OSError (no room, no permission)."""
    with unfinished(path) as beside:
        beside.write_bytes(data)
        os.replace(beside, path)


def _clear(path: Path) -> None:
    """Take away what dead processes of this machine left of this file."""
    start, end = f".{path.name}.", ".part"
    try:
        names = [one for one in os.listdir(path.parent) if one.startswith(start)]
    except OSError:
        return  # whoever writes there will tell
    for name in names:
        writer = _WRITER.fullmatch(name.removeprefix(start).removesuffix(end))
        if name.endswith(end) and writer and writer[1] == _host() and not _lives(int(writer[2])):
            path.with_name(name).unlink(missing_ok=True)


def _host() -> str:
    return f"{zlib.crc32(socket.gethostname().encode()):08x}"


def _lives(pid: int) -> bool:
    """Whether there is such a process; where that cannot be asked, as if there were."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
