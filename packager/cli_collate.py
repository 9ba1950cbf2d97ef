"""The command `collate`: a thin cover over `packager.collate_files`; `cli` registers it."""

from __future__ import annotations

from pathlib import Path

import click

from packager.collate import collate_files


@click.command()
@click.argument("first")
@click.argument("second")
@click.option("--library", type=click.Path(path_type=Path), help="A library whose ids the two are.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default="collation.html",
    show_default=True,
    help="The file.",
)
def collate(first: str, second: str, library: Path | None, out: Path) -> None:
    """Show two versions of a speech side by side, word by word, as a page of HTML.

    \b
    Example:
      packager collate examples/archive/2020-02-11-*.txt examples/archive/2020-02-11-*.html

    FIRST and SECOND are saved pages of one speech each (PAGE#ID where there are several), or ids
    of the library.
    """
    made = collate_files(first, second, out, library=library)
    click.echo(
        f"{out}: {made.words[0]:,} and {made.words[1]:,} words, {made.changes:,} differences "
        f"({made.changed[0]:,} and {made.changed[1]:,} words)"
    )
