"""Topics of an archive's speeches, proposed as [[part]] tables for an editor to correct.

Words weighed by TF-IDF, parted by non-negative matrix factorisation (scikit-learn, extra
`topics`); each speech goes to its strongest topic. No lists of words but scikit-learn's English
one; words in more than two fifths of the speeches are left out. Korean words lose the particles
that are written on to them; scripts without spaces are read in pairs of characters.

Measured (tests/benchmarks/topics.py): 125 speeches of the Bundestag under 15 items of its agenda,
asked for 15 topics: NMI 0.91, purity 0.91; for the usual 11: 0.96, 0.90. 629 stories of a news
agency under the 10 sections of its site, which are desks rather than topics: NMI 0.38, purity
0.56 (the largest section has 0.42). 54 Korean addresses of 8 decades: NMI 0.67, purity 0.63.
"""

from __future__ import annotations

import json
import math
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from packager.dates import shown_date
from packager.errors import InputError, MissingToolError
from packager.library_versions import SCRIPTS
from packager.speech import FRAME, BlockKind, Speech

FEWEST = 6
"""Speeches that can be parted at all."""
MOST = 20
"""Topics that are proposed where no number is asked for."""
COMMON = 0.4
"""The share of speeches from which a word tells nothing; 0.3 to 0.5 gave the same on both sets."""
KEYWORDS = 6

_WORD = re.compile(f"{SCRIPTS}+|(?:(?!{SCRIPTS})[^\\W\\d_])+")
_UNSPACED = re.compile(SCRIPTS)
_PARTICLES = tuple(
    sorted(
        "은 는 이 가 을 를 의 에 와 과 로 도 만 들 들이 들은 들을 들의 에서 에게 에는 에도 으로 "
        "까지 부터 처럼 보다 에서는 에게서 으로서 으로써 로서 로써 이며 이나 이라는".split(),
        key=len,
        reverse=True,
    )
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of speeches, and the words that part it from the others, the strongest first."""

    keywords: tuple[str, ...]
    speeches: tuple[Speech, ...]


def topics_of(speeches: Sequence[Speech], count: int | None = None) -> list[Topic]:
    """Part speeches into `count` topics (default: the square root of how many they are, 20 at
    most), the largest first; those that share no word with others come last, without keywords.

    Raises `InputError` for speeches too few or without words in common, `MissingToolError` where
    scikit-learn is not installed.
    """
    if len(speeches) < FEWEST:
        raise InputError(
            f"{len(speeches)} speeches are too few for topics", hint=f"name {FEWEST} or more"
        )
    count = count or max(2, min(MOST, round(math.sqrt(len(speeches)))))
    strengths, words = _factors(speeches, count)
    shown = _surfaces(speeches)
    best = [max(range(len(row)), key=row.__getitem__) if any(row) else -1 for row in strengths]
    out = [
        Topic(
            tuple(map(shown.__getitem__, words[number])) if number >= 0 else (),
            tuple(one for one, topic in zip(speeches, best, strict=True) if topic == number),
        )
        for number in (*range(len(words)), -1)
    ]
    kept = [topic for topic in out if topic.speeches]
    return sorted(kept, key=lambda topic: (not topic.keywords, -len(topic.speeches)))


def _factors(speeches: Sequence[Speech], count: int) -> tuple[list[list[float]], list[list[str]]]:
    """How strong each topic is in each speech, and the strongest words of each topic."""
    try:
        from sklearn.decomposition import NMF
        from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer
    except ImportError as error:
        raise MissingToolError(
            "topics need scikit-learn", hint="pip install 'packager[topics]'"
        ) from error
    vectorizer: Any = TfidfVectorizer(
        analyzer=lambda text: [word for word in terms(text) if word not in ENGLISH_STOP_WORDS],
        sublinear_tf=True,
        min_df=2,
        max_df=max(COMMON, 2 / len(speeches)),
    )
    try:
        weights = vectorizer.fit_transform([_text(one) for one in speeches])
    except ValueError as error:
        raise InputError(
            "the speeches have no words in common that part them", hint="name more speeches"
        ) from error
    count = min(count, *weights.shape)
    model: Any = NMF(count, init="nndsvd", random_state=0, max_iter=400)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # few short texts may go on changing in the last digits
        strengths: list[list[float]] = model.fit_transform(weights).tolist()
    names = vectorizer.get_feature_names_out()
    words = [[str(names[n]) for n in row.argsort()[::-1][:KEYWORDS]] for row in model.components_]
    return strengths, words


def terms(text: str) -> list[str]:
    """The words by which speeches are compared.

    >>> terms("The wall of Merrow, 1995")
    ['the', 'wall', 'merrow']
    >>> terms("조국의 통일을 위하여"), terms("修墙的人")
    (['조국', '통일', '위하여'], ['修墙', '墙的', '的人'])
    """
    out: list[str] = []
    for word in _WORD.findall(text):
        if _UNSPACED.match(word):
            out += [word[n : n + 2] for n in range(len(word) - 1)]
        elif "가" <= word[0] <= "힣":
            stem = next((word[: -len(one)] for one in _PARTICLES if word.endswith(one)), word)
            out.append(stem if len(stem) > 1 else word)
        elif len(word) > 2:
            out.append(word.lower())
    return [term for term in out if len(term) > 1]


def _text(speech: Speech) -> str:
    """The head and what was said, without the names before each turn."""
    apart = FRAME | {BlockKind.TURN}
    said = (block.text for block in speech.blocks if block.kind not in apart)
    return "\n".join((speech.title, *said))


def _surfaces(speeches: Sequence[Speech]) -> dict[str, str]:
    """Terms -> as the texts mostly write them: in a language of capital nouns with a capital."""
    found: dict[str, Counter[str]] = {}
    for speech in speeches:
        for word in _WORD.findall(_text(speech)):
            found.setdefault(word.lower(), Counter())[word] += 1
    written = {word: forms.most_common(1)[0][0] for word, forms in found.items()}
    every = {term for speech in speeches for term in terms(_text(speech))}
    return {term: written.get(term, term) for term in every}


def part_tables(topics: Sequence[Topic]) -> Iterator[str]:
    """The topics as [[part]] tables of a book.toml, each speech with a remark."""
    for topic in topics:
        words = topic.keywords
        title = ", ".join(words[:3]) if words else "Other speeches"
        lines = ["[[part]]", f"title = {_string(title[:1].upper() + title[1:])}"]
        lines += [f"# keywords: {', '.join(words)}"] if words else []
        lines += ["ids = ["]
        for speech in topic.speeches:
            who = f"{speech.speaker}: " if speech.speaker else ""
            remark = " ".join(f"{shown_date(speech.date)}. {who}{speech.title}".split())
            lines.append(f"  {_string(speech.id)},  # {remark}")
        yield "\n".join([*lines, "]", ""])


def _string(text: str) -> str:
    """A TOML basic string; JSON's escapes are a part of TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
