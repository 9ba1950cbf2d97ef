"""The command line: read, new, build, check, impose; each is a thin cover over its twin in Python.

Results go to stdout, all else to stderr. Errors of the tree in `errors.py` become one line and
an exit code; findings of severity error make `read` and `check` exit with 4.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

import packager
from packager.cli_collate import collate
from packager.cli_export import export, workers_option
from packager.cli_library import add, list_command, search_command, show
from packager.cli_names import names
from packager.cli_topics import topics
from packager.cluster import dask
from packager.dates import shown_date
from packager.errors import PackagerError
from packager.findings import Report, Severity
from packager.new import new_book
from packager.read_report import reported
from packager.speech import Speech
from packager.speech_json import speech_to_json
from packager.stages import clocked

FOUND_ERRORS = 4
"""Exit code when findings of severity error were told."""

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


class _Commands(click.Group):
    """Turns errors of ours into one line on stderr and their exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PackagerError as error:
            _stderr().print(f"[red]error:[/] {escape(str(error))}", soft_wrap=True, highlight=False)
            ctx.exit(error.exit_code)
        except BrokenPipeError:  # `packager read ... | head`
            sys.stderr.close()
            ctx.exit(0)


_dask = click.option(
    "--dask",
    "scheduler",
    metavar="ADDRESS",
    help="Use the workers of a Dask cluster, like tcp://host:8786, in place of processes here.",
)


def _workers_of(scheduler: str | None) -> AbstractContextManager[Executor | None]:
    """The executor of a Dask cluster, where one is named."""
    return dask(scheduler) if scheduler else nullcontext()


def _stderr() -> Console:
    return Console(stderr=True, soft_wrap=True)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="packager", message="packager %(version)s")
def main() -> None:
    """Turn an archive of saved speech pages into books: EPUB 3.3 and PDF.

    \b
    Example, on the archive that is shipped:
      packager read examples/archive
      packager build examples/harbour-lights
      packager check examples/harbour-lights/out/*
    """


@main.command()
@click.argument("pages", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Whole speeches, one JSON object a line.")
@click.option("--text", is_flag=True, help="Only the words of the speeches' bodies.")
@click.option("--notes", is_flag=True, help="Also list findings that need no action.")
@click.option(
    "--report",
    "account",
    type=click.Path(path_type=Path),
    help="Write what was taken of each page, what was cut and why: a file .html or .jsonl.",
)
@workers_option
@_dask
def read(
    pages: Sequence[Path],
    as_json: bool,
    text: bool,
    notes: bool,
    account: Path | None,
    workers: int,
    scheduler: str | None,
) -> None:
    """Show what speeches are on saved pages, then what was skipped and why.

    \b
    Example:
      packager read examples/archive
      packager read examples/archive --json > speeches.jsonl
      packager read examples/archive --report report.html

    PAGES are files, folders or globs. Exit code 4 when a page could not be read.
    """
    report = Report(detailed=account is not None)
    count = 0
    with _progress() as step, _workers_of(scheduler) as executor:
        speeches = packager.read(
            pages,
            report=report,
            progress=lambda source: step(f"reading {source.path.name}"),
            workers=workers,
            executor=executor,
        )
        for speech in reported(speeches, report, account) if account else speeches:
            count += 1
            if as_json:
                click.echo(json.dumps(speech_to_json(speech), ensure_ascii=False))
            elif text:
                click.echo(speech.body + "\n")
            else:
                click.echo(_line(speech))
    _tell(report, notes=notes)
    if account:
        _stderr().print(f"{account}: what was taken and what was cut", highlight=False)
    skipped = sum(report.refused.values())
    _stderr().print(
        f"{_count(count, 'speech', 'speeches')} on {_count(report.pages, 'page')}; "
        f"{_count(skipped, 'page')} without a speech",
        highlight=False,
    )
    sys.exit(FOUND_ERRORS if report.errors else 0)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "pages",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help="A file, folder or glob of saved pages; more may follow, or name it again.",
)
@click.argument("more", nargs=-1, type=click.Path(path_type=Path))
@workers_option
def new(folder: Path, pages: Sequence[Path], more: Sequence[Path], workers: int) -> None:
    """Write a first book.toml for an archive: parts proposed, every speech listed.

    \b
    Example:
      packager new my-book --from examples/archive
      packager build my-book

    FOLDER is made when it is not there; a book.toml in it is never overwritten.
    """
    report = Report()
    named = [*pages, *more]
    with _progress() as step:
        speeches = list(
            packager.read(
                named,
                report=report,
                progress=lambda source: step(f"reading {source.path.name}"),
                workers=workers,
            )
        )
    _tell(report, notes=False)
    path = new_book(folder, named, speeches)
    click.echo(path)
    _stderr().print(
        f"{_count(len(speeches), 'speech', 'speeches')} listed. Next: packager build {folder}",
        highlight=False,
    )


@main.command()
@click.argument("book", type=click.Path(path_type=Path))
@click.option(
    "--edition",
    "editions",
    multiple=True,
    help="epub, screen, archive or print; default: all named.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the files [BOOK/out].")
@click.option("--json", "as_json", is_flag=True, help="Results with the ledger's counts, as JSON.")
@click.option("--notes", is_flag=True, help="Also list findings that need no action.")
@workers_option
@_dask
def build(
    book: Path,
    editions: Sequence[str],
    out: Path | None,
    as_json: bool,
    notes: bool,
    workers: int,
    scheduler: str | None,
) -> None:
    """Build the editions of a book and compare every word with the speeches.

    \b
    Example:
      packager build examples/harbour-lights/book.toml
      packager build examples/harbour-lights --edition epub --out books
      packager build examples/harbour-lights --dask tcp://scheduler:8786

    BOOK is a book.toml or its folder. With SOURCE_DATE_EPOCH set, or a date in [book], the same
    pages give the same bytes.
    """
    report = Report()
    with _progress() as progress, _workers_of(scheduler) as executor:
        step, seconds = clocked(progress)
        made = packager.build(
            book,
            editions=editions or None,
            out=out,
            report=report,
            step=step,
            workers=workers,
            executor=executor,
        )
    _tell(report, notes=notes)
    stages = {stage: round(spent, 2) for stage, spent in seconds().items()}
    if notes:
        said = ", ".join(f"{stage} {spent:.1f}" for stage, spent in stages.items())
        _stderr().print(f"seconds: {said}", highlight=False)
    if as_json:
        findings = [finding.to_json() for finding in report]
        shown = {"editions": [one.to_json() for one in made], "findings": findings}
        shown["stages"] = stages
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for one in made:
        pages = f"{_count(one.pages, 'page')}, " if one.pages else ""
        words = f"{_count(one.words, 'word')}, " if one.ledger else ""
        proved = ", every word found" if one.ledger else ""
        work = f"; {one.work}" if one.work else ""
        click.echo(
            f"{one.path}: {pages}{words}{_size(one.size)}, {one.seconds:.1f} s{proved}{work}"
        )


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Findings as JSON lines.")
@click.option("--notes", is_flag=True, help="Also list findings that need no action.")
@click.option("--store", "shops", multiple=True, help="Also ask: apple, google, kindle, kobo.")
@click.option("--twin", type=click.Path(path_type=Path), help="A second build, to be equal.")
def check(
    files: Sequence[Path], as_json: bool, notes: bool, shops: Sequence[str], twin: Path | None
) -> None:
    """Validate finished books: EPUBCheck and our own tests behind one report.

    \b
    Example:
      packager check examples/harbour-lights/out/*

    Exit code 0 only when every validator is silent.
    """
    silent = True
    for file in files:
        with _progress() as step:
            step(f"checking {file.name}")
            report = packager.check(file, twin=twin, shops=shops)
        silent = silent and report.silent
        shown = [f for f in report if notes or f.severity is not Severity.NOTE]
        for finding in shown:
            click.echo(json.dumps(finding.to_json(), ensure_ascii=False) if as_json else finding)
        if not as_json and report.silent:
            click.echo(f"{file}: silent")
    sys.exit(0 if silent else FOUND_ERRORS)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--signature", default=0, help="Pages folded into each other; 0: all of them [0].")
@click.option("--creep", default=0.0, help="Thickness of the paper in mm [0].")
@click.option("--marks", is_flag=True, help="Draw marks for cutting and folding.")
@click.option("--out", type=click.Path(path_type=Path), help="The file [FILE-imposed.pdf].")
@click.option("--right-bound", is_flag=True, help="A book that is read from right to left.")
def impose(
    file: Path, signature: int, creep: float, marks: bool, out: Path | None, right_bound: bool
) -> None:
    """Lay the pages of a PDF out as a booklet to print, fold and staple.

    \b
    Example:
      packager impose examples/harbour-lights/out/harbour-lights-print.pdf --creep 0.1
      packager impose examples/harbour-lights/out/harbour-lights-print.pdf --signature 16

    Print the sheets on both sides, turned on the short edge. Printers of books impose themselves:
    send them the print edition.
    """
    written, sheets = packager.impose(
        file, out=out, signature=signature, creep=creep, marks=marks, right_bound=right_bound
    )
    click.echo(f"{written}: {_count(sheets, 'sheet')}")


for _command in (add, search_command, list_command, show, export, collate, names, topics):
    main.add_command(_command)


def _line(speech: Speech) -> str:
    """One speech in one line: id, date, who, what, how long."""
    who = speech.speaker or "speaker not stated"
    kind = f" ({speech.kind})" if speech.kind else ""
    return (
        f"{speech.id}  {shown_date(speech.date)}  {who}: {speech.title}{kind}, "
        f"{_count(speech.words, 'word')}  [{speech.provenance.reader}] {speech.provenance.path}"
    )


def _tell(report: Report, *, notes: bool) -> None:
    """The findings on stderr, coloured by severity; notes only when asked for."""
    console = _stderr()
    for finding in report:
        if notes or finding.severity is not Severity.NOTE or finding.code == "no-speech":
            console.print(
                f"[{_COLOURS[finding.severity]}]{escape(str(finding))}[/]", highlight=False
            )
    hidden = sum(f.severity is Severity.NOTE and f.code != "no-speech" for f in report)
    if hidden and not notes:
        console.print(f"{_count(hidden, 'note')} more with --notes", style="dim", highlight=False)


@contextmanager
def _progress() -> Iterator[Any]:
    """A function to tell what is being done; it shows on a terminal only."""
    console = _stderr()
    if not console.is_terminal:
        yield lambda message: None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(24),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("starting", total=None)
        yield lambda message: progress.update(task, description=escape(str(message)))


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"
