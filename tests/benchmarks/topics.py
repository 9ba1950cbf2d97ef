"""How well proposed topics agree with known ones: python -m tests.benchmarks.topics CORPORA.

CORPORA holds xml-parl/bundestag (speeches under items of an agenda) and kcna/en-json (stories
under sections of a site) and kcna/newyear-ko (one speech a year, taken by decade).
"""

from __future__ import annotations

import json
import re
import sys
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from sklearn.metrics import normalized_mutual_info_score

import packager
from packager.speech import Block, BlockKind, Provenance, Speech, plain
from packager.topics import topics_of

Labelled = tuple[str, str]
"""What a text is known to be about, and the text."""


def bundestag(folder: Path) -> Iterator[Labelled]:
    for path in sorted(folder.glob("*.xml*")):
        text = re.sub(r"^<\?xml.*?\?>|<!DOCTYPE[^>]*>", "", path.read_text("utf-8"))
        for item in ET.fromstring(text).iter("tagesordnungspunkt"):
            for speech in item.iter("rede"):
                words = "\n".join("".join(p.itertext()) for p in speech.findall("p"))
                if len(words.split()) > 60:
                    yield f"{path.name} {item.get('top-id')}", words


def agency(folder: Path) -> Iterator[Labelled]:
    """Stories of one section, the two that hold all sorts aside."""
    sections: dict[str, set[str]] = defaultdict(set)
    for path in sorted(folder.glob("*.json")):
        for one in json.loads(path.read_text("utf-8")):
            sections[(one["story_text"] or "").strip()].add(one["topic"])
    for text, found in sections.items():
        if len(topical := found - {"Latest News", "Top News"}) == 1 and len(text.split()) >= 30:
            yield topical.pop(), text


def decades(folder: Path) -> Iterator[Labelled]:
    for speech in packager.read([folder]):
        if year := re.search(r"(\d{3})\d", Path(speech.provenance.path).name):
            yield f"{year[1]}0s", speech.body


def measure(name: str, labelled: list[Labelled], count: int) -> None:
    speeches = [
        Speech(
            f"s{n}", "-", (Block(BlockKind.P, plain(text)),), Provenance("x", "0" * 64, "x", "1")
        )
        for n, (_, text) in enumerate(labelled)
    ]
    group = {
        speech.id: number
        for number, topic in enumerate(topics_of(speeches, count))
        for speech in topic.speeches
    }
    found = [group[speech.id] for speech in speeches]
    labels = [label for label, _ in labelled]
    inside: dict[int, Counter[str]] = defaultdict(Counter)
    for number, label in zip(found, labels, strict=True):
        inside[number][label] += 1
    purity = sum(max(one.values()) for one in inside.values()) / len(labels)
    largest = max(Counter(labels).values()) / len(labels)
    agreement = normalized_mutual_info_score(labels, found)
    print(
        f"{name}: {len(labels)} texts, {len(set(labels))} labels, {count} topics: NMI "
        f"{agreement:.2f}, purity {purity:.2f} (largest label {largest:.2f})"
    )


def main() -> None:
    corpora = Path(sys.argv[1])
    for name, labelled in (
        ("bundestag", list(bundestag(corpora / "xml-parl" / "bundestag"))),
        ("agency", list(agency(corpora / "kcna" / "en-json"))),
        ("decades, Korean", list(decades(corpora / "kcna" / "newyear-ko"))),
    ):
        count = len({label for label, _ in labelled})
        for topics in sorted({count, 2 * count, max(2, round(len(labelled) ** 0.5))}):
            measure(name, labelled, topics)


if __name__ == "__main__":
    main()
