"""A Dask cluster that is there already, as an executor: it reads pages and sets galleys.

Jobs carry all that a galley is made from, so workers need only this program and, to read, the
archive under the same paths. With PACKAGER_CACHE on a folder that all share, a worker finds what
another has set, also after this process was killed.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from packager.errors import EditionError, MissingToolError

PATIENCE = 10
"""Seconds in which a scheduler must answer."""


@contextmanager
def dask(address: str) -> Iterator[Executor]:
    """The executor of the cluster whose scheduler listens at an address (tcp://host:8786).

    Raises `MissingToolError` without the extra, `EditionError` when nobody answers.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingToolError(
            "--dask needs the package distributed", hint="pip install 'packager[dask]'"
        ) from error
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise EditionError(
            f"no Dask scheduler answers at {address}",
            hint="start one with 'dask scheduler', and workers with 'dask worker ADDRESS'",
        ) from error
    with client:
        yield client.get_executor()
