"""The command `export`: a thin cover over `packager.export`; `cli` registers it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from packager.editions.data import FEEDS, FORMS
from packager.export import export_file
from packager.findings import Report, Severity

workers_option = click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=lambda: os.cpu_count() or 1,
    show_default="one a processor",
    help="Processes that read pages, once there are more than a few.",
)
"""The option of every command that reads pages."""


@click.command()
@click.argument("book", type=click.Path(path_type=Path))
@click.option(
    "--form", required=True, metavar="FORM", help=f"One of: {', '.join((*FORMS, *FEEDS))}."
)
@click.option("--out", type=click.Path(path_type=Path), help="The file [BOOK/out/NAME.SUFFIX].")
@click.option("--notes", is_flag=True, help="Also list findings that need no action.")
@workers_option
def export(book: Path, form: str, out: Path | None, notes: bool, workers: int) -> None:
    """Write a book's documents as data: citations, texts, records, feeds.

    \b
    Example:
      packager export examples/harbour-lights --form csl
      packager export examples/harbour-lights --form bibtex --out speeches.bib

    BOOK is a book.toml or its folder. Nothing is laid out; the same pages give the same bytes.
    """
    report = Report()
    path = export_file(book, form, out=out, report=report, workers=workers)
    for finding in report:
        if notes or finding.severity is not Severity.NOTE:
            click.echo(str(finding), err=True)
    click.echo(f"{path}: {path.stat().st_size:,} bytes")
