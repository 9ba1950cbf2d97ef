"""The command `topics`: a thin cover over `packager.topics`; `cli` registers it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from packager.findings import Report, Severity
from packager.reading import read
from packager.speech import words_digest
from packager.topics import part_tables, topics_of


@click.command()
@click.argument("pages", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--count", type=click.IntRange(2, 200), help="Topics [the root of the speeches].")
def topics(pages: Sequence[Path], count: int | None) -> None:
    """Propose topics for the speeches of an archive, as parts of a book.toml.

    \b
    Example:
      packager topics examples/archive --count 4 > parts.toml

    PAGES are files, folders or globs. Needs scikit-learn: pip install 'packager[topics]'. Correct
    the parts by hand and copy them into book.toml; titles are the words that part them.
    """
    report = Report()
    once = {words_digest(speech.blocks): speech for speech in read(pages, report=report)}
    for finding in report:
        if finding.severity is not Severity.NOTE:
            click.echo(str(finding), err=True)
    for table in part_tables(topics_of(list(once.values()), count)):
        click.echo(table)
