"""The library on the command line: add, search, list, show; `cli` registers them.

Results go to stdout, all else to stderr, as with the other commands.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from packager.dates import shown_date
from packager.findings import Report, Severity
from packager.keep import keep
from packager.library import Kept, get, list_speeches, open_library, search, versions
from packager.speech_json import speech_to_json

FOUND_ERRORS = 4
DEFAULT = "library.db"

_library = click.option(
    "--library",
    "path",
    default=DEFAULT,
    show_default=True,
    type=click.Path(path_type=Path),
    help="The file of the library.",
)
_as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


@click.command()
@click.argument("pages", nargs=-1, required=True, type=click.Path(path_type=Path))
@_library
@click.option("--notes", is_flag=True, help="Also list findings that need no action.")
def add(pages: Sequence[Path], path: Path, notes: bool) -> None:
    """Keep the speeches of saved pages in a library; pages that are there are not read again.

    \b
    Example:
      packager add examples/archive --library archive.db
      packager search harbour --library archive.db

    PAGES are files, folders or globs. A run that was broken off goes on where it was. Exit code 4
    when a page could not be read.
    """
    report = Report()
    with open_library(path, create=True) as library:
        done = keep(library, pages, report=report)
    for finding in report:
        if notes or finding.severity is not Severity.NOTE:
            click.echo(str(finding), err=True)
    made = done.speeches
    click.echo(
        f"{path}: {_count(made.added, 'speech', 'speeches')} added"
        f" ({made.captures:,} other captures, {made.versions:,} versions,"
        f" {made.replaced:,} read anew), {made.known:,} known"
    )
    click.echo(
        f"{_count(done.pages, 'page')} read, {_count(done.pages_known, 'page')} known from before",
        err=True,
    )
    sys.exit(FOUND_ERRORS if report.errors else 0)


@click.command("search")
@click.argument("query", nargs=-1, required=True)
@_library
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="Speeches.")
@_as_json
def search_command(query: Sequence[str], path: Path, limit: int, as_json: bool) -> None:
    """Find speeches by their words, the best first.

    \b
    Example:
      packager search harbour lights --library archive.db
      packager search '"harbour lights" OR speaker:torvald' --library archive.db

    Plain words must all be there. Quotation marks, AND, OR, NOT, NEAR(...), prefix* and the
    columns title:, speaker:, text: are those of SQLite's FTS5.
    """
    with open_library(path) as library:
        hits = search(library, " ".join(query), limit)
    for hit in hits:
        if as_json:
            values = {**dataclasses.asdict(hit.kept), "snippet": hit.snippet}
            click.echo(json.dumps(values, ensure_ascii=False))
        else:
            click.echo(f"{_line(hit.kept)}\n    {hit.snippet}")
    click.echo(_count(len(hits), "speech", "speeches"), err=True)


@click.command("list")
@_library
@click.option("--speaker", help="Only speeches of this speaker.")
@click.option("--kind", help="Only this kind: speech, letter, ...")
@click.option("--language", help="Only this language tag.")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="First day.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="Last day.")
@click.option("--all", "every", is_flag=True, help="Every capture, not only the chosen ones.")
@click.option("--limit", type=click.IntRange(1), help="At most so many.")
@_as_json
def list_command(
    path: Path,
    speaker: str | None,
    kind: str | None,
    language: str | None,
    first: object,
    last: object,
    every: bool,
    limit: int | None,
    as_json: bool,
) -> None:
    """List what is kept, by date.

    \b
    Example:
      packager list --library archive.db --speaker "Ana Torvald" --from 2019-01-01
    """
    count = 0
    with open_library(path) as library:
        for kept in list_speeches(
            library,
            speaker=speaker,
            kind=kind,
            language=language,
            first=str(first)[:10] if first else None,
            last=str(last)[:10] if last else None,
            every=every,
            limit=limit,
        ):
            count += 1
            shown = json.dumps(dataclasses.asdict(kept), ensure_ascii=False)
            click.echo(shown if as_json else _line(kept))
    click.echo(_count(count, "speech", "speeches"), err=True)


@click.command()
@click.argument("ident", metavar="ID")
@_library
@_as_json
def show(ident: str, path: Path, as_json: bool) -> None:
    """Show one speech and where its versions are.

    \b
    Example:
      packager list --library archive.db --limit 1
      packager show 2021-04-07-0a1b2c3d4e --library archive.db
    """
    with open_library(path) as library:
        speech = get(library, ident)
        others = versions(library, ident)
    if as_json:
        click.echo(json.dumps(speech_to_json(speech), ensure_ascii=False))
        return
    made = speech.provenance
    who = f"{speech.speaker}, " if speech.speaker else ""
    click.echo(f"{speech.title}\n{who}{shown_date(speech.date)}\n\n{speech.text}\n")
    click.echo(f"{made.outlet or made.path} ({made.url or made.path})")
    for kept in others:
        if (kept.path, kept.id) != (made.path, speech.id):
            click.echo(f"also: {_line(kept)}")


def _line(kept: Kept) -> str:
    """One speech in one line: id, date, who, what, how long, how many versions."""
    kind = f" ({kept.kind})" if kept.kind else ""
    many = f", {kept.versions} versions" if kept.versions > 1 else ""
    return (
        f"{kept.id}  {kept.date}  {kept.speaker or 'speaker not stated'}: {kept.title}{kind}, "
        f"{_count(kept.words, 'word')}{many}  {kept.path}"
    )


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
