"""What is to be told of many records of one table, told once: how many, and which.

A table of a million records with one fault in each gives one finding of one line.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from packager.findings import Report, Severity
from packager.readers.source import Source

SHOWN = 8
"""Numbers of records that one finding lists."""

_TOLD = (
    ("record-unreadable", Severity.ERROR, "cannot be read", "cannot be read", None),
    ("record-empty", Severity.WARNING, "has no text", "have no text", None),
    (
        "date-unreadable",
        Severity.WARNING,
        "has a date that is not understood",
        "have a date that is not understood",
        "write dates as 2021-04-07 or 7 April 2021",
    ),
    (
        "date-ambiguous",
        Severity.WARNING,
        "has a date whose order of day and month nothing proves",
        "have a date whose order of day and month nothing proves",
        "the book prints both days; write dates as 2021-04-07 to settle it",
    ),
    (
        "date-disagrees",
        Severity.WARNING,
        "has a dateline of another day than its date",
        "have a dateline of another day than their date",
        "the date of the table is kept",
    ),
)  # fmt: skip


@dataclass(slots=True)
class Tally:
    """Numbers of records, and values that they hold, by the code of what is to be told."""

    numbers: dict[str, list[int]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=dict)

    def add(self, code: str, number: int, value: str = "") -> None:
        """Count a record; the first `SHOWN` of a code are named."""
        self.counts[code] = self.counts.get(code, 0) + 1
        if self.counts[code] <= SHOWN:
            self.numbers.setdefault(code, []).append(number)
            self.values.setdefault(code, []).append(value)

    def tell(self, source: Source, report: Report) -> None:
        """One finding a code: how many, which."""
        for code, severity, one, many, hint in _TOLD:
            if not (count := self.counts.get(code)):
                continue
            shown = [
                f"{number} ({value})" if value else str(number)
                for number, value in zip(self.numbers[code], self.values[code], strict=True)
            ]
            more = ", ..." if count > len(shown) else ""
            message = (
                f"record {shown[0]} {one}"
                if count == 1
                else f"{count} records {many}: {', '.join(shown)}{more}"
            )
            report.add(code, severity, source.name, message, hint)
