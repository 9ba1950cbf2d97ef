"""Statistical models that find names in running text (extra `names`).

`kiwi` tags Korean words (kiwipiepy, whose model comes with it): proper nouns. Any other word is a
pipeline of spaCy, by its name or folder: `en_core_web_sm`, `de_core_news_md`, one of your own.
Texts go through paragraph by paragraph, so memory does not grow with the book.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from packager.errors import InputError, MissingToolError
from packager.name_rows import korean_names
from packager.name_words import SURNAMES
from packager.speech import Speech

_LABELS = {
    "PERSON": "person",
    "PER": "person",
    "PS": "person",
    "persName": "person",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "LC": "place",
    "placeName": "place",
    "geogName": "place",
    "ORG": "organisation",
    "OG": "organisation",
    "orgName": "organisation",
    "LAW": "subject",
    "EVENT": "subject",
}
"""Labels of spaCy's own pipelines and of common others; what is not here is no name."""
_WORDS = 100
"""The first id of Kiwi's own words; what its dictionary lacks, such as northern spellings, is a
proper noun to it and no evidence."""
LONGEST = 50_000
"""Characters of a paragraph that go to a model at once."""


def model_named(name: str) -> Callable[[Iterable[Speech]], Iterator[tuple[str, str]]]:
    """A function that gives the names of speeches, each with its kind, in their order.

    Raises `MissingToolError` where the library or the pipeline is not installed, `InputError` for
    a pipeline that cannot be loaded or finds no names.
    """
    return _kiwi() if name == "kiwi" else _spacy(name)


def _pieces(speeches: Iterable[Speech]) -> Iterator[str]:
    for speech in speeches:
        for block in speech.blocks:
            for at in range(0, len(block.text), LONGEST):
                yield block.text[at : at + LONGEST]


def _spacy(name: str) -> Callable[[Iterable[Speech]], Iterator[tuple[str, str]]]:
    try:
        import spacy
    except ImportError as fault:
        raise MissingToolError(
            f"the model '{name}' needs spaCy", hint="pip install 'packager[names]'"
        ) from fault
    try:
        pipeline = spacy.load(name)
    except OSError as fault:
        raise MissingToolError(
            f"spaCy has no pipeline '{name}'",
            hint=f"install it: python -m spacy download {name}; or name a folder, or kiwi",
        ) from fault
    except (
        ImportError,
        LookupError,
        TypeError,
        ValueError,
    ) as fault:  # a pipeline runs code and settings of its own
        said = " ".join(str(fault).split())[:200]
        raise InputError(f"{name}: the pipeline cannot be loaded: {said}") from fault
    if not {"ner", "entity_ruler", "span_ruler"} & set(pipeline.pipe_names):
        raise InputError(f"{name}: the pipeline finds no names", hint="it needs a part like 'ner'")
    quiet = [one for one in ("parser", "tagger", "lemmatizer") if one in pipeline.pipe_names]

    def found(speeches: Iterable[Speech]) -> Iterator[tuple[str, str]]:
        with pipeline.select_pipes(disable=quiet):
            for document in pipeline.pipe(_pieces(speeches), batch_size=32):
                for entity in document.ents:
                    if kind := _LABELS.get(entity.label_):
                        yield entity.text, kind

    return found


def _kiwi() -> Callable[[Iterable[Speech]], Iterator[tuple[str, str]]]:
    try:
        from kiwipiepy import Kiwi
    except ImportError as fault:
        raise MissingToolError(
            "the model 'kiwi' needs kiwipiepy", hint="pip install 'packager[names]'"
        ) from fault
    kiwi = Kiwi(num_workers=1)

    def found(speeches: Iterable[Speech]) -> Iterator[tuple[str, str]]:
        for text in _pieces(speeches):
            yield from korean_names(text)
            yield from _proper(kiwi.tokenize(text))

    return found


def _proper(tokens: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Proper nouns, those that are written together as one."""
    words, end = "", -1
    for token in tokens:
        proper = token.tag == "NNP" and token.id >= _WORDS
        if words and not (proper and token.start == end):
            yield words, _kind(words)
            words = ""
        if proper:
            words, end = words + token.form, token.start + token.len
    if words:
        yield words, _kind(words)


def _kind(words: str) -> str:
    if len(words) == 3 and words[0] in SURNAMES:
        return "person"
    return "organisation" if words[-1] in "당회군" and len(words) > 2 else "place"
