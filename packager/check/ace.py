"""Point 48: asks Ace by DAISY when it is installed; says nothing when it is not.

Ace needs Node and a browser, so it is nobody's duty to have it. `ace-cli` (npm package
`@daisy/ace-cli`) is taken before `ace`; it uses an installed Chromium where there is one. Half a
second a document was measured. Ace names members as the package does, from the folder of the
package document.
"""

from __future__ import annotations

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
    "critical": Severity.ERROR,
    "serious": Severity.ERROR,
    "moderate": Severity.WARNING,
    "minor": Severity.WARNING,
}
TIMEOUT = 3600


def validate(path: Path) -> Iterator[Finding]:
    """The findings of Ace on this book (EPUB Accessibility 1.1 by axe and Ace's own rules)."""
    program = shutil.which("ace-cli") or shutil.which("ace")
    if program is None:
        return
    environment = dict(os.environ)
    if chromium := shutil.which("chromium"):
        environment.setdefault("PUPPETEER_EXECUTABLE_PATH", chromium)
    try:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [program, "-s", "-f", "-M", "-o", folder, str(path)],
                capture_output=True,
                timeout=TIMEOUT,
                check=False,
                env=environment,
            )
            text = (Path(folder) / "report.json").read_text("utf-8")
        yield from _findings(str(path), json.loads(text))
    except (OSError, subprocess.TimeoutExpired, ValueError) as fault:
        message = f"Ace gave no report ({type(fault).__name__})"
        hint = f"run it by hand: {Path(program).name} {path.name}"
        yield Finding("ace", Severity.WARNING, str(path), message, hint)


def _findings(place: str, report: dict[str, Any]) -> Iterator[Finding]:
    found = []
    for subject in report.get("assertions", []):
        member = str(subject.get("earl:testSubject", {}).get("url", ""))
        for assertion in subject.get("assertions", []):
            test = assertion.get("earl:test", {})
            result = assertion.get("earl:result", {})
            if result.get("earl:outcome") == "pass":
                continue
            said = str(result.get("dct:description") or test.get("dct:description") or "")
            more = test.get("help", {})
            found.append(
                Finding(
                    "ace",
                    SEVERITIES.get(str(test.get("earl:impact")), Severity.WARNING),
                    f"{place}:{member}" if member else place,
                    f"{test.get('dct:title', 'rule')}: {' '.join(said.split())}",
                    f"see {more.get('url')}" if more.get("url") else "see Ace's own report",
                )
            )
    yield from sorted(found, key=lambda finding: (finding.place, finding.message))
