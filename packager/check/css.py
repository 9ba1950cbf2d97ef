"""Reads style sheets into flat lists of rules, so that the points need not know tinycss2.

`Sheet.problems` says what stands against plain CSS: faults, and what strict converters
refuse. Sheets nested deeper than `MAX_DEPTH` are told as a problem and not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import tinycss2

from packager.check.epub import EpubFile, chapters
from packager.check.xhtml import elements

MAX_DEPTH = 30
COMMENTS_AND_STRINGS = re.compile(
    r"""/\*.*?(?:\*/|\Z)|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|url\([^)"']*\)""", re.DOTALL
)
# Selectors that a strict converter stops at; measured with MuPDF and Kindle's old engine.
HARD_SELECTOR = re.compile(r":(has|is|where)\(|\|")


@dataclass(frozen=True, slots=True)
class Declaration:
    """One `name: value`, lower-cased."""

    name: str
    value: str
    important: bool
    line: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `selector` is '@font-face' for a font, `media` the queries around it."""

    selector: str
    media: str
    declarations: tuple[Declaration, ...]
    urls: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A style sheet as rules, the addresses that it loads, and (what is wrong, line, grave)."""

    rules: tuple[Rule, ...]
    urls: tuple[tuple[str, int], ...]
    problems: tuple[tuple[str, int, bool], ...]


def sheets(book: EpubFile) -> Iterator[tuple[str, Sheet]]:
    """All style sheets of the book with the member in which they stand."""
    for name, text in book.styles.items():
        yield name, read_sheet(text)
    for document in chapters(book):
        for element in elements(document, "style"):
            yield document.name, read_sheet(element.text or "")


def read_sheet(text: str) -> Sheet:
    """Read one style sheet; never raises.

    >>> read_sheet("p { margin: 0 }").rules[0].declarations[0].value
    '0'
    """
    depth, balanced = _nesting(text)
    if depth > MAX_DEPTH:
        return Sheet((), (), ((f"nested {depth} levels deep", 1, True),))
    problems: list[tuple[str, int, bool]] = []
    if not balanced:
        problems.append(("brackets do not balance", text.count("\n") + 1, True))
    nodes = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    rules: list[Rule] = []
    urls: list[tuple[str, int]] = []
    _read_rules(nodes, "", rules, urls, problems)
    return Sheet(tuple(rules), tuple(urls), tuple(problems))


def _nesting(text: str) -> tuple[int, bool]:
    deepest = 0
    stack: list[str] = []
    pairs = {"}": "{", ")": "(", "]": "["}
    for mark in re.findall(r"[][{}()]", COMMENTS_AND_STRINGS.sub("", text)):
        if mark in "{([":
            stack.append(mark)
            deepest = max(deepest, len(stack))
        elif not stack or stack.pop() != pairs[mark]:
            return deepest, False
    return deepest, not stack


def _read_rules(
    nodes: list[Any],
    media: str,
    rules: list[Rule],
    urls: list[tuple[str, int]],
    problems: list[tuple[str, int, bool]],
) -> None:
    for node in nodes:
        line = int(node.source_line)
        if node.type == "error":
            problems.append((str(node.message), line, True))
        elif node.type == "qualified-rule":
            selector = str(tinycss2.serialize(node.prelude)).strip()
            if HARD_SELECTOR.search(re.sub(r"\[[^]|]*\]", "", selector)):
                problems.append((f"the selector {selector!r}", line, False))
            _read_block(selector, media, node, rules, urls, problems)
        elif node.type == "at-rule":
            _read_at_rule(node, media, rules, urls, problems)


def _read_at_rule(
    node: Any,
    media: str,
    rules: list[Rule],
    urls: list[tuple[str, int]],
    problems: list[tuple[str, int, bool]],
) -> None:
    keyword = str(node.lower_at_keyword)
    line = int(node.source_line)
    prelude = str(tinycss2.serialize(node.prelude)).strip()
    if keyword == "import":
        addresses = [t.value for t in node.prelude if t.type in {"string", "url"}]
        urls.extend((str(address), line) for address in addresses)
    elif keyword == "namespace":
        problems.append(("@namespace", line, False))
    elif keyword in {"media", "supports", "layer"} and node.content is not None:
        inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
        around = f"{media} {keyword} {prelude}".strip().casefold()
        _read_rules(inner, around, rules, urls, problems)
    elif keyword in {"font-face", "page"} and node.content is not None:
        _read_block(f"@{keyword}", media, node, rules, urls, problems)


def _read_block(
    selector: str,
    media: str,
    node: Any,
    rules: list[Rule],
    urls: list[tuple[str, int]],
    problems: list[tuple[str, int, bool]],
) -> None:
    declarations = []
    addresses: list[str] = []
    for part in tinycss2.parse_blocks_contents(
        node.content, skip_comments=True, skip_whitespace=True
    ):
        line = int(part.source_line)
        if part.type == "declaration":
            value = str(tinycss2.serialize(part.value)).strip()
            found = list(_urls(part.value))
            addresses.extend(found)
            urls.extend((url, line) for url in found)
            declarations.append(
                Declaration(str(part.lower_name), value.casefold(), bool(part.important), line)
            )
            if part.lower_name.startswith("--") or "var(" in value.casefold():
                problems.append((f"the variable in {part.name!r}", line, False))
        elif part.type == "qualified-rule":
            problems.append((f"a rule nested in {selector!r}", line, False))
        elif part.type == "error":
            problems.append((str(part.message), line, True))
    line = int(node.source_line)
    rules.append(Rule(selector, media, tuple(declarations), tuple(addresses), line))


def _urls(tokens: list[Any]) -> Iterator[str]:
    for token in tokens:
        if token.type == "url":
            yield str(token.value)
        elif token.type == "function":
            if token.lower_name == "url":
                yield from (str(t.value) for t in token.arguments if t.type == "string")
            else:
                yield from _urls(token.arguments)
