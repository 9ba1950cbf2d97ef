"""The pages of the reading benchmarks: saved ones with what is known of them, and made ones."""

from __future__ import annotations

import gzip
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packager.readers.source import Source

SETS = ("aeb", "wcxb", "news2023", "n4k", "goose", "readability", "speech", "wayback", "charset")


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


def made_page(name: str, text: str, html_: str | None = None) -> Case:
    """A page of this text; `html_` is what tools that read only HTML get."""
    source = Source(Path(name), name, text.encode("utf-8"))
    return Case("known", name, source, html_ or source.decoded.text)


def as_saved(files: list[Path]) -> tuple[list[Case], list[Case]]:
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
        texts.append(made_page(path.name, "\n\n".join(rows), f"<html><body>{plain}</body></html>"))
        page = (
            f'<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
            "</head>"
            f"<body>{nav}<main>{''.join(f'<p>{line}</p>' for line in top)}"
            f"<h1>{html.escape(title)}</h1>"
            f'<p>{date} <a href="{html.escape(address)}">{read}</a></p>'
            f"{''.join(f'<p>{html.escape(row)}</p>' for row in body)}"
            f"</main><footer>{nav}</footer></body></html>"
        )
        pages.append(made_page(f"{path.stem}.html", page))
    return texts, pages
