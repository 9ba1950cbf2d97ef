"""How well and how fast saved pages are read: Packager beside five other extractors, in one run.

Run it from the root of the repository, with the package and the others installed
(pip install trafilatura readability-lxml newspaper4k resiliparse jusText):

    python -m tests.benchmarks.extraction ../shared/corpora            # every set, every tool
    python -m tests.benchmarks.extraction ../shared/corpora --sets aeb --tools packager --worst 10

For each page with a whole body as its gold: word precision, recall, F1 (as multisets of words;
scripts without spaces by letter) and whether the words agree exactly. For each page with
phrases: the share of those that must appear and do, and of those that must not and do not.
Every tool starts from the same decoded text, so decoding is in nobody's time; the tools take
turns at each page, and times are of the processor.

Then three ratios: pages of known forms (the form of KCNA Watch, pages of sites that have a
profile), from their bytes to speeches, against trafilatura on the same pages; our
generic way against trafilatura on all pages; one reading worker against two.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from packager import reading
from packager.findings import Report
from packager.readers import article, profiles
from packager.readers.source import Facts
from tests.benchmarks.pages import SETS, Case, as_saved, cases, made_page

WORD = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|"
    r"[^\W_\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)
HINTS = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
ROUNDS = 5
"""How often pages of known forms are read."""
WHOLE = ("aeb", "wcxb", "news2023", "n4k")
"""The sets whose gold is a whole body made or checked by people: 'all gold'."""


@dataclass
class Score:
    """What one tool did on the pages of one set."""

    precision: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    f1: list[float] = field(default_factory=list)
    exact: int = 0
    with_: list[bool] = field(default_factory=list)
    without: list[bool] = field(default_factory=list)
    seconds: float = 0.0
    pages: int = 0


@dataclass(frozen=True)
class Taken:
    """What a tool took from a page; `unsure` says whether it told that it is not sure."""

    text: str
    unsure: bool = False


def words(text: str) -> list[str]:
    """The words of a text, folded, hints for line breakers and bidi marks dropped."""
    return WORD.findall(HINTS.sub("", unicodedata.normalize("NFKC", text)).casefold())


def compare(ours: str, gold: str) -> tuple[float, float, float, bool]:
    """Precision, recall, F1 and exactness of one text against another."""
    a, b = words(ours), words(gold)
    common = sum((Counter(a) & Counter(b)).values())
    precision = common / len(a) if a else 0.0
    recall = common / len(b) if b else 0.0
    f1 = 2 * precision * recall / (precision + recall) if common else 0.0
    return precision, recall, f1, a == b


# --- the tools --------------------------------------------------------------------------------


def _packager(case: Case) -> Taken:
    report = Report()
    speeches = list(article.read(case.source, report))
    unsure = any(finding.code == "not-sure" for finding in report) or not speeches
    return Taken("\n\n".join(speech.text for speech in speeches), unsure)


def _trafilatura(case: Case) -> Taken:
    import trafilatura

    return Taken(trafilatura.extract(case.text, include_comments=False) or "")


def _readability(case: Case) -> Taken:
    from lxml import html as lxml_html
    from readability import Document

    try:
        tree = lxml_html.fromstring(Document(case.text).summary())
    except Exception:  # it raises its own and lxml's errors on odd pages
        return Taken("")
    return Taken(" ".join(tree.itertext()))


def _newspaper(case: Case) -> Taken:
    import newspaper

    page = newspaper.Article("https://example.org/a.html", fetch_images=False)
    page.download(input_html=case.text)
    try:
        page.parse()
    except Exception:  # it raises its own and lxml's errors on odd pages
        return Taken("")
    return Taken(page.text)


def _resiliparse(case: Case) -> Taken:
    from resiliparse.extract.html2text import extract_plain_text

    return Taken(extract_plain_text(case.text, main_content=True))


def _justext(case: Case) -> Taken:
    import justext

    stop = frozenset[str]().union(*(justext.get_stoplist(name) for name in ("English", "German")))
    try:
        found = justext.justext(case.text.encode("utf-8"), stop, encoding="utf-8")
    except Exception:  # it raises lxml's errors on odd pages
        return Taken("")
    return Taken("\n".join(one.text for one in found if not one.is_boilerplate))


TOOLS: dict[str, Callable[[Case], Taken]] = {
    "packager": _packager,
    "trafilatura": _trafilatura,
    "readability-lxml": _readability,
    "newspaper4k": _newspaper,
    "resiliparse": _resiliparse,
    "justext": _justext,
}


# --- the run ----------------------------------------------------------------------------------


def run(root: Path, sets: tuple[str, ...], tools: tuple[str, ...], worst: int) -> None:
    """Score every tool on every page and print a table a set."""
    pages = list(cases(root, sets))
    for tool in tools:  # what is loaded at the first call is not the page's time
        TOOLS[tool](pages[0])
    scores: dict[tuple[str, str], Score] = {}
    ours: list[tuple[float, str, str, bool]] = []
    for case in pages:
        for tool in tools:
            score = scores.setdefault((case.set, tool), Score())
            start = time.process_time()
            taken = TOOLS[tool](case)
            score.seconds += time.process_time() - start
            score.pages += 1
            told = _mark(case, taken, score)
            if tool == "packager" and told is not None:
                ours.append((told, case.set, case.name, taken.unsure))
    for name in sets:
        _table(name, {tool: scores[name, tool] for tool in tools if (name, tool) in scores})
    together = [name for name in WHOLE if name in sets]
    if len(together) > 1:
        _table(
            f"all gold ({', '.join(together)})",
            {tool: _sum([scores[name, tool] for name in together]) for tool in tools},
        )
    speechlike = [name for name in ("speech", "wayback", "charset") if name in sets]
    if len(speechlike) > 1:
        _table(
            f"phrases ({', '.join(speechlike)})",
            {tool: _sum([scores[name, tool] for name in speechlike]) for tool in tools},
        )
    if {"packager", "trafilatura"} <= set(tools):
        _known_forms(root, pages)
        spent = {
            tool: sum(scores[name, tool].seconds for name in sets)
            for tool in ("packager", "trafilatura")
        }
        ratio = spent["trafilatura"] / spent["packager"]
        print(f"generic way: {ratio:.2f} times as fast as trafilatura")
    if "packager" in tools:
        _workers(pages)
    for f1, set_, name, unsure in sorted(ours)[:worst]:
        print(f"{f1:.3f}  {'not sure' if unsure else 'SURE':9}  {set_}/{name}")


def _known_forms(root: Path, pages: list[Case]) -> None:
    """Pages of known forms, a form a row: the tools take turns, one round of them not counted.

    Saved text is given to trafilatura as paragraphs of HTML: it reads nothing else.
    """
    examples = [
        made_page(path.name, path.read_text("utf-8"))
        for path in sorted(Path("examples/archive").glob("*.html"))
    ]
    texts, watch = as_saved(sorted((root / "kcna" / "en-text").glob("*.txt")))
    profiled = [
        replace(case, source=replace(case.source, facts=Facts(url=case.url)))
        for case in pages
        if profiles.profile_of(case.url, Path())[0]
    ]
    print()
    for form, known in (
        ("KCNA Watch, saved text", texts),
        ("KCNA Watch, HTML", watch),
        ("our examples, small HTML of that form", examples),
        ("site profiles", profiled),
    ):
        ours = theirs = 0.0
        for n in range(ROUNDS + 1):
            for case in known:
                source = replace(case.source, inner=case.source.data)  # nothing kept of it
                start = time.process_time()
                list(reading.read_page(source, Report()))
                middle = time.process_time()
                TOOLS["trafilatura"](case)
                if n:
                    ours += middle - start
                    theirs += time.process_time() - middle
        if known:
            print(
                f"{form}: {len(known)} pages, {ROUNDS * len(known) / ours:.0f} pages/s, "
                f"{theirs / ours:.2f} times as fast as trafilatura"
            )


def _workers(pages: list[Case]) -> None:
    """All pages as files, so often that they are some hundreds, read by one worker and by two.

    The clock tells nothing on a machine that has other work; what the processors spend does.
    """
    with tempfile.TemporaryDirectory() as folder:
        for n in range(-(-300 // len(pages))):
            for m, case in enumerate(pages):
                Path(folder, f"{n}-{m}.html").write_bytes(case.source.data)
        for workers in (1, 2):
            before, start = os.times(), time.perf_counter()
            count = sum(1 for _ in reading.read(folder, workers=workers))
            clock, after = time.perf_counter() - start, os.times()
            parent = after.user - before.user + after.system - before.system
            children = (
                after.children_user
                - before.children_user
                + after.children_system
                - before.children_system
            )
            print(
                f"{workers} worker(s): {count} speeches in {clock:.1f} s by the clock; processor "
                f"seconds: {parent:.2f} in this process, {children:.2f} in its workers"
            )


def _mark(case: Case, taken: Taken, score: Score) -> float | None:
    """Enter one page's result; returns its F1 where it has a whole body as gold."""
    f1 = None
    if case.gold:
        precision, recall, f1, exact = compare(taken.text, case.gold)
        score.recall.append(recall)
        if not case.beginning:
            score.precision.append(precision)
            score.f1.append(f1)
            score.exact += exact
        else:
            f1 = None
    held = " ".join(words(taken.text))
    score.with_ += [_inside(one, held) for one in case.with_]
    score.without += [not _inside(one, held) for one in case.without]
    return f1


def _inside(phrase: str, held: str) -> bool:
    """Whether a phrase stands in the words; its own ends may cut a word in two."""
    return " ".join(words(phrase)) in held


def _sum(scores: list[Score]) -> Score:
    total = Score()
    for one in scores:
        for name in ("precision", "recall", "f1", "exact", "with_", "without", "seconds", "pages"):
            setattr(total, name, getattr(total, name) + getattr(one, name))
    return total


def _table(name: str, scores: dict[str, Score]) -> None:
    print(f"\n{name}: {next(iter(scores.values())).pages} pages")
    print(
        f"{'':18}{'prec':>7}{'recall':>8}{'F1':>7}{'exact':>7}"
        f"{'with':>7}{'without':>9}{'pages/s':>9}"
    )
    for tool, one in scores.items():
        print(
            f"{tool:18}{_mean(one.precision):>7}{_mean(one.recall):>8}{_mean(one.f1):>7}"
            f"{one.exact if one.f1 else '':>7}{_mean(one.with_):>7}{_mean(one.without):>9}"
            f"{one.pages / one.seconds if one.seconds else 0:>9.1f}"
        )


def _mean(values: list[float] | list[bool]) -> str:
    return f"{sum(values) / len(values):.3f}" if values else "-"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS)
    parser.add_argument("--tools", nargs="+", choices=list(TOOLS), default=list(TOOLS))
    parser.add_argument("--worst", type=int, default=20, help="how many of our worst pages to name")
    chosen = parser.parse_args()
    logging.disable(logging.CRITICAL)
    run(chosen.corpora, tuple(chosen.sets), tuple(chosen.tools), chosen.worst)


if __name__ == "__main__":
    main()
