"""What must hold whatever the bytes are: reading ends in speeches of clean words, in findings that
name a file, or in one of our errors; never in anything else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from packager import Report, Speech, dump_speech, load_speech, read
from packager.dates import shown_date
from packager.errors import PackagerError
from packager.findings import UNSHOWN
from packager.speech import walk

Folder = Mapping[str, bytes]
"""The files of an archive, by name."""


def read_folder(files: Folder) -> tuple[list[Speech], Report]:
    """The speeches and findings of a folder that holds these files."""
    with TemporaryDirectory(prefix="packager-") as folder:
        for name, data in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        report = Report()
        return list(read(folder, report=report, base=Path(folder))), report


def assert_readable(files: Folder) -> None:
    """Fails where reading these files breaks a rule of the house."""
    try:
        speeches, report = read_folder(files)
    except PackagerError:
        return
    assert speeches or report.findings, "a page ends in a speech or in a finding"
    names = tuple(UNSHOWN.sub("\N{REPLACEMENT CHARACTER}", name) for name in files)
    for finding in report:
        assert finding.place.startswith(names), f"no file is named: {finding}"
        assert finding.message.strip() and is_clean(str(finding), ""), f"no clear line: {finding!r}"
        assert len(str(finding)) < 2000, f"no line that one reads: {finding!r}"
    for speech in speeches:
        assert_clean(speech)


def assert_clean(speech: Speech) -> None:
    """Fails where an edition could not print this speech."""
    for text in strings(speech):
        assert text is None or is_clean(text), f"unclean: {text[:200]!r}"
    assert speech.id.strip() and speech.title.strip() and speech.body.strip()
    assert "\n" not in speech.title
    assert load_speech(dump_speech(speech)) == speech


def strings(speech: Speech) -> Iterator[str | None]:
    """Every string that an edition may print of a speech."""
    yield from (speech.id, speech.title, speech.speaker, speech.kind, speech.occasion)
    yield from (speech.place, speech.language, speech.text, *speech.topics)
    made = speech.provenance
    yield from (made.outlet, made.url, made.captured, made.path)
    for cut in made.cut:
        yield from (cut.kind, cut.first_words)
    for block in speech.blocks:
        yield from (block.speaker, block.marker, block.language, block.ident)
        for run in walk(block.content):
            yield from (run.text, run.target, run.language)
    if speech.date:
        yield from (speech.date.written, speech.date.reason)
    yield shown_date(speech.date)


def is_clean(text: str, but: str = "\n\t") -> bool:
    """No control character but these, no half of a character."""
    kinds = {unicodedata.category(char) for char in text if char not in but}
    return not kinds & {"Cc", "Cs"}
