"""Spoilt pages to every reader, for as long as one likes: no crash, no hang, no swelling.

Run it from the root of the repository:

    python -m tests.fuzz.readers ../shared/corpora --minutes 25     # real pages and invented ones
    python -m tests.fuzz.readers --minutes 5                        # invented ones alone
    python -m tests.fuzz.readers ../shared/corpora --seed 4711      # one case again
    python -m tests.fuzz.readers ../shared/corpora --growth         # is time linear in size?

Each case is made of its seed and the archive alone; a fault is printed with its seed, and its files
are kept in the folder of `--keep`. Cases run in a process of their own whose memory is bounded, and
which ends with its stack printed where one case takes too long; the run goes on after it.
"""

from __future__ import annotations

import argparse
import codecs
import contextlib
import faulthandler
import multiprocessing
import resource
import sys
import time
import traceback
import warnings
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from tests.fuzz.judge import Folder, assert_readable, read_folder
from tests.fuzz.mutations import ENCODINGS, NESTED, TOKENS
from tests.fuzz.pages import Pages, case, invented, of_archive, with_invented

MEMORY = 1024
"""MiB of address space that reading may take besides what Python and the libraries have."""
SECONDS = 40
"""Of one case; the longest spoilt page takes a few on a machine that is busy."""


def main() -> int:
    options = _options()
    pages = invented()
    if options.archive:
        pages = with_invented(of_archive(options.archive))
    print(f"{sum(map(len, pages.kinds.values()))} pages of {len(pages.kinds)} kinds")
    if options.growth:
        return _growth(pages, options)
    if options.seed is not None:
        files = case(options.seed, pages)
        _keep(files, options.keep, options.seed)
        _bound(options.memory)
        faulthandler.dump_traceback_later(options.seconds, exit=True)
        assert_readable(files)
        print("no fault")
        return 0
    return _run(pages, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("archive", nargs="?", type=Path, help="a folder of real pages")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, help="this case alone")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--growth", action="store_true", help="time against size instead")
    parser.add_argument("--memory", type=int, default=MEMORY, help="MiB that reading may take")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="that one case may take")
    parser.add_argument("--keep", type=Path, default=Path("build/fuzz"))
    return parser.parse_args()


def _run(pages: Pages, options: argparse.Namespace) -> int:
    """Cases until the time is over; a process that ends is replaced and its case a fault."""
    end = time.monotonic() + options.minutes * 60
    seed, faults = options.start, 0
    while time.monotonic() < end:
        here, there = multiprocessing.Pipe(duplex=False)
        worker = multiprocessing.Process(target=_work, args=(pages, seed, end, options, there))
        worker.start()
        there.close()
        try:
            while True:
                seed, fault = here.recv()
                if fault:
                    faults += 1
                    print(f"seed {seed}: {fault}", flush=True)
                    _keep(case(seed, pages), options.keep, seed)
                seed += 1
        except EOFError:
            worker.join()
        if worker.exitcode:
            faults += 1
            print(f"seed {seed}: the process ended ({worker.exitcode})", flush=True)
            _keep(case(seed, pages), options.keep, seed)
            seed += 1
    print(f"seeds {options.start} to {seed - 1} in {options.minutes:g} minutes: {faults} faults")
    return int(faults > 0)


def _work(
    pages: Pages, seed: int, end: float, options: argparse.Namespace, there: Connection
) -> None:
    """Judges case after case, told to the parent one by one."""
    _bound(options.memory)
    while time.monotonic() < end:
        files = case(seed, pages)
        faulthandler.dump_traceback_later(options.seconds, exit=True)
        fault = _fault(files)
        faulthandler.cancel_dump_traceback_later()
        there.send((seed, fault))
        seed += 1


def _bound(memory: int) -> None:
    """Warm the process up, so that what is loaded once is not counted, then bound its memory."""
    for name in ENCODINGS:
        codecs.lookup(name)
    for seed in range(20):
        _fault(case(seed, invented()))
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    limit = taken + (memory << 20)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    warnings.simplefilter("error")


def _fault(files: Folder) -> str | None:
    try:
        assert_readable(files)
    except (Exception, RecursionError) as error:
        frames = traceback.extract_tb(error.__traceback__)[-6:]
        stack = " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(frames))
        return f"{type(error).__name__}: {str(error)[:300]} ({stack})"
    return None


def _keep(files: Folder, folder: Path, seed: int) -> None:
    for name, data in files.items():
        path = folder / str(seed) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


# --- time against size ---------------------------------------------------------------------

STEPS = (20_000, 80_000, 320_000)
"""Bytes that a piece of a page is repeated to fill."""
STEEP = 9.0
"""Four times the size may take so many times the time: a little more than linear, for noise."""
BRIEF = 0.4
"""Seconds below which growth does not matter."""


def _growth(pages: Pages, options: argparse.Namespace) -> int:
    """Pieces of pages repeated to fill four and sixteen times the size; steep ones are told."""
    end = time.monotonic() + options.minutes * 60
    seed, steep = options.start, Counter[str]()
    while time.monotonic() < end:
        name, grown = _grown(Random(seed), pages)
        times = [_seconds({name: files}) for files in grown]
        if times[2] > BRIEF and times[2] > STEEP * max(times[1], 0.01):
            again = _seconds({name: grown[2]}) / max(_seconds({name: grown[1]}), 0.01)
            if again > STEEP:
                steep[name] += 1
                shown = ", ".join(f"{one:.2f}" for one in times)
                print(f"seed {seed}: {name}: {shown} s", flush=True)
                _keep({name: grown[1]}, options.keep, seed)
        seed += 1
    print(f"seeds {options.start} to {seed - 1}: {steep.total()} steep")
    return int(steep.total() > 0)


def _grown(rng: Random, pages: Pages) -> tuple[str, list[bytes]]:
    _, name, data = pages.some(rng)
    at = rng.randrange(len(data) + 1)
    own = data[at : at + rng.choice((1, 3, 20, 300, 3000))] or b"a"
    nested, closing = rng.choice(NESTED)
    piece, after = rng.choice(
        ((own, b""), (own, b""), (rng.choice(TOKENS), b""), (nested, closing))
    )
    grown = []
    for size in STEPS:
        times = size // len(piece + after)
        grown.append(data[:at][:200_000] + piece * times + after * times + data[at:][:200_000])
    return name, grown


def _seconds(files: Folder) -> float:
    start = time.process_time()
    with contextlib.suppress(Exception):  # told by the other runs
        read_folder(files)
    return time.process_time() - start


if __name__ == "__main__":
    sys.exit(main())
