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
import gzip
import html
import json
import logging
import os
import re
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from packager import reading
from packager.findings import Report
from packager.readers import article, profiles
from packager.readers.source import Facts, Source

WORD = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|"
    r"[^\W_\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)
HINTS = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
SETS = ("aeb", "wcxb", "news2023", "n4k", "goose", "readability", "speech", "wayback", "charset")
ROUNDS = 5
"""How often pages of known forms are read."""
WHOLE = ("aeb", "wcxb", "news2023", "n4k")
"""The sets whose gold is a whole body made or checked by people: 'all gold'."""


@dataclass(frozen=True)
class Case:
    """One page and what is known of it."""

    set: str
    name: str
    source: Source
    text: str
    gold: str | None = None
    beginning: bool = False
    with_: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    url: str | None = None


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


# --- the pages --------------------------------------------------------------------------------


def cases(root: Path, sets: tuple[str, ...]) -> Iterator[Case]:
    """The pages of the sets that were asked for."""
    folders = {name: root / "html-gold" / name for name in SETS}
    folders |= {
        "speech": root / "html-speech",
        "wayback": root / "html-odd" / "wayback",
        "charset": root / "html-odd" / "charset",
    }
    for name in sets:
        for path in sorted(folders[name].glob("*.html*")):
            if path.name.endswith((".gold.html", ".json")):
                continue
            if (case := _case(name, path)) is not None:
                yield case


def _case(set_: str, path: Path) -> Case | None:
    stem = path.name.removesuffix(".gz").removesuffix(".html")
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    about = path.with_name(f"{stem}.gold.json")
    facts = json.loads(about.read_text("utf-8")) if about.exists() else {}
    gold_text, gold_html = (path.with_name(f"{stem}.gold.{end}") for end in ("txt", "html"))
    gold = None
    if set_ == "goose":
        gold = facts.get("cleaned_text")
    elif gold_text.exists():
        gold = gold_text.read_text("utf-8")
    elif gold_html.exists():
        gold = html.unescape(re.sub(r"<[^>]*>", " ", gold_html.read_text("utf-8")))
    with_, without = tuple(facts.get("with") or ()), tuple(facts.get("without") or ())
    if gold is None and not with_ and not without:
        return None
    url = facts.get("url") or facts.get("link")
    source = Source(Path(f"{stem}.html"), f"{stem}.html", data)
    return Case(set_, stem, source, source.decoded.text, gold, set_ == "goose", with_, without, url)


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
        _page(path.name, path.read_text("utf-8"))
        for path in sorted(Path("examples/archive").glob("*.html"))
    ]
    texts, watch = _as_saved(sorted((root / "kcna" / "en-text").glob("*.txt")))
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


def _page(name: str, text: str, html_: str | None = None) -> Case:
    source = Source(Path(name), name, text.encode("utf-8"))
    return Case("known", name, source, html_ or source.decoded.text)


def _as_saved(files: list[Path]) -> tuple[list[Case], list[Case]]:
    """Texts of an agency (title, paragraphs, address) in the frame of KCNA Watch pages: as saved
    text and as HTML, with menus and a list of the other titles, each given twice."""
    bodies = [[line for line in path.read_text("utf-8").split("\n") if line] for path in files]
    more = ["More From KCNA.kp (En)", *(title for title, *_ in bodies[:20] for _ in range(2))]
    links = [f'<li><a href="https://watch.example/{n}">Section {n}</a></li>' for n in range(40)]
    nav = f"<nav><ul>{''.join(links)}</ul></nav>"
    read = "Read original version at source"
    texts, pages = [], []
    for path, (title, *paragraphs, address) in zip(files, bodies, strict=True):
        year, month, day = path.name[:10].split("-")
        date = f"Date: {day}/{month}/{year} | Source: KCNA.kp (En) |"
        end = "" if paragraphs[-1].rstrip().endswith("-0-") else " -0-"
        body = [*paragraphs[:-1], paragraphs[-1] + end, *more]
        top = ["February 05, 2026Feb 05, 2026", "KCNA KCNA.kp (En)"]
        rows = [*top, title, f"{date} {read}", *body]
        plain = "".join(f"<p>{html.escape(row)}</p>" for row in rows)
        texts.append(_page(path.name, "\n\n".join(rows), f"<html><body>{plain}</body></html>"))
        page = (
            f'<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
            "</head>"
            f"<body>{nav}<main>{''.join(f'<p>{line}</p>' for line in top)}"
            f"<h1>{html.escape(title)}</h1>"
            f'<p>{date} <a href="{html.escape(address)}">{read}</a></p>'
            f"{''.join(f'<p>{html.escape(row)}</p>' for row in body)}"
            f"</main><footer>{nav}</footer></body></html>"
        )
        pages.append(_page(f"{path.stem}.html", page))
    return texts, pages


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
