"""The command `names`: a thin cover over `packager.propose`; `cli` registers it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from packager.authority import read_authorities
from packager.book_toml import load_collection
from packager.build import assembled
from packager.cli_export import workers_option
from packager.findings import Report, Severity
from packager.name_models import model_named
from packager.propose import propose


@click.command()
@click.argument("book", type=click.Path(path_type=Path))
@click.option(
    "--authority",
    "authorities",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file of authority records: MARC 21, MARCXML, TEI, CSV, TSV or names.toml; repeatable.",
)
@click.option("--model", help="Ask a model too: kiwi (Korean), or a spaCy pipeline's name or path.")
@workers_option
def names(book: Path, authorities: Sequence[Path], model: str | None, workers: int) -> None:
    """Propose names for the index of a book, as names.toml; those that it has are left out.

    \b
    Example:
      packager names examples/harbour-lights > more-names.toml
      packager names my-book --authority library.mrc --model en_core_web_sm > names.toml

    Correct them by hand, and name the file in book.toml: names = "names.toml" below [notes].
    Models need: pip install 'packager[names]'.
    """
    asked = model_named(model) if model else None
    collection = load_collection(book)
    made = assembled(collection, Report(), workers=workers)
    report = Report()
    records = read_authorities(authorities, report) if authorities else None
    for table in propose(made.documents, collection.names, records, asked):
        click.echo(table)
    for finding in report:
        if finding.severity is not Severity.NOTE:
            click.echo(str(finding), err=True)
