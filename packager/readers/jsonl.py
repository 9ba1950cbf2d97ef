"""Speech JSON lines, as `packager read --json` writes them: one speech a line, read in a stream.

A line that cannot be read is a finding with its number; the others are read.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator

from packager.errors import SpeechFormatError
from packager.findings import Report, Severity
from packager.pictures import kept
from packager.readers.source import PAGE_LIMIT, Source
from packager.speech import Speech
from packager.speech_json import load_speech

VERSION = "1"


def recognise(head: bytes) -> str | None:
    """Why these first bytes are Speech JSON lines, or None."""
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if start.startswith(b"{") and b'"format"' in start[:200]:
        return "its first line is an object with a format number"
    return None


def recognise_later(head: bytes) -> str | None:
    """Why these first bytes of a file of JSON lines hold one of ours below lines that are none."""
    return "a line of it is Speech JSON" if _OURS.search(head) else None


_OURS = re.compile(rb'^\s*\{\s*"format"\s*:\s*\d{1,4}\s*,\s*"(?:id|blocks)"', re.MULTILINE)


def read(source: Source, report: Report) -> Iterator[Speech]:
    """Every speech of the file, in order, in the memory of one."""
    count = 0
    with source.open() as file:
        for number, line in enumerate(iter(lambda: file.readline(PAGE_LIMIT + 1), b""), 1):
            if not line.strip():
                continue
            place = f"{source.name}:{number}"
            if len(line) > PAGE_LIMIT:
                report.add(
                    "record-unreadable",
                    Severity.ERROR,
                    place,
                    "the line is longer than one speech may be; the rest was not read",
                    "write one speech a line",
                )
                break
            try:
                speech = load_speech(line.removeprefix(codecs.BOM_UTF8), kept)
            except SpeechFormatError as error:
                report.add("record-unreadable", Severity.ERROR, place, str(error), _remedy(line))
            else:
                count += 1
                yield speech
    if not count:
        report.refuse("no-speech", source.name, "no speech in any line")


def _remedy(line: bytes) -> str:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return "write one JSON object a line"
    return "write it with 'packager read --json'"
