"""Point 49: two builds of one book have the same bytes; where not, the member is named."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from zipfile import ZipFile

from packager.check.epub import ZIP_FAULTS
from packager.findings import Finding, Severity


def compare(path: Path, twin: Path) -> Iterator[Finding]:
    """The members in which a second build differs (reproducible-builds.org).

    Members of equal content in files of unequal bytes were packed by another compressor: zlib
    and zlib-ng write the same text in other bytes.
    """
    tell = partial(Finding, "epub-49-twin", Severity.ERROR)
    hint = "build both with the same packages and SOURCE_DATE_EPOCH"
    try:
        if path.read_bytes() == twin.read_bytes():
            return
        with ZipFile(path) as one, ZipFile(twin) as other:
            names, others = one.namelist(), other.namelist()
            for name in dict.fromkeys([*names, *others]):
                if name not in names or name not in others:
                    missing = path if name not in names else twin
                    yield tell(f"{path}:{name}", f"this member is not in {missing}", hint)
                elif one.read(name) != other.read(name):
                    yield tell(f"{path}:{name}", f"this member differs in {twin}", hint)
    except ZIP_FAULTS as fault:
        yield tell(str(path), f"{twin} cannot be compared with it: {fault}", "name two EPUBs")
        return
    if names != others:
        yield tell(str(path), f"the members stand in another order in {twin}", hint)
    elif all(_equal(path, twin)):
        message = f"all members are those of {twin}, packed by another compressor or stamped anew"
        yield tell(str(path), message, "build both with the zlib that the colophon names")


def _equal(path: Path, twin: Path) -> Iterator[bool]:
    with ZipFile(path) as one, ZipFile(twin) as other:
        for name in one.namelist():
            yield one.read(name) == other.read(name)
