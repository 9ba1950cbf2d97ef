"""Markdown (CommonMark) with front matter in YAML (`---`) or TOML (`+++`), one speech a file.

Headings, quotations, lists, emphasis and links keep their kind; raw HTML is read, its tags are
never printed. Pictures that lie beside the file are kept with the words that stand for them, the
title of one as its caption; all others are counted.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from packager.findings import Report
from packager.readers import text as plain_text
from packager.readers.agency import read_framed
from packager.readers.article_lines import parse
from packager.readers.blocks import Content, is_salute, make_blocks, text_of
from packager.readers.language import is_language
from packager.readers.raw_html import blocks_of_html, whole_tables, words_of_tag
from packager.readers.runs import tidy
from packager.readers.shown import MOST, Shown, letters, letters_of, shown_by, take
from packager.readers.source import Source, clean
from packager.readers.transcribed import stated_beside, transcript
from packager.speech import Block, BlockKind, Cut, Inline, InlineKind, Speech, make_id

VERSION = "1"
FRONT_LIMIT = 64 * 1024
"""Characters of front matter; more is no header, and YAML's aliases could be made to swell."""
DEPTH = 100
"""Nesting of Markdown that is followed; a file that goes deeper is read as plain text."""

_IMAGE = re.compile(r"<img\b[^>]{0,20000}>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_FRONT = re.compile(r"\A(---|\+\+\+)[ \t]*\n(.*?)\n\1[ \t]*(?:\n|\Z)", re.DOTALL)


def recognise(text: str) -> str | None:
    """Front matter tells Markdown from plain text; the file's ending does it elsewhere."""
    return "it begins with front matter" if _FRONT.match(text[:FRONT_LIMIT]) else None


def read(source: Source, report: Report) -> Iterator[Speech]:
    """The speech of a Markdown file; the first heading is the title where the header has none."""
    text = source.decoded.text
    header: dict[str, str] = {}
    if match := _FRONT.match(text[:FRONT_LIMIT]):
        try:
            header = _header(match[1], match[2])
        except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
            reason = " ".join(str(error).split())[:120]
            report.refuse(
                "unreadable",
                source.name,
                f"the front matter cannot be read: {reason}",
                "correct it, or take it out",
            )
            return
        text = text[match.end() :]
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": DEPTH})
    tokens = parser.parse(whole_tables(text))
    deep = any(token.level >= DEPTH for token in tokens)
    shown = [] if deep else _shown(tokens)
    cuts: list[Cut] = []
    if deep:
        blocks = list(make_blocks(plain_text.paragraphs_of(text)))
    elif made := transcript(tokens, _blocks):
        blocks, cuts = list(made.blocks), list(made.cuts)
        shown = [replace(one, addresses=()) for one in shown]  # their places are not known
        stated = {**stated_beside(source), **({"title": made.title} if made.title else {})}
        header = {**stated, **header}
    else:
        blocks = _blocks(tokens)
    title = header.get("title")
    if not title and blocks and blocks[0].kind is BlockKind.HEAD:
        gone = letters_of(blocks[0])
        shown = [replace(one, letters=max(0, one.letters - gone)) for one in shown]
        title = blocks.pop(0).text
    if not is_language(" ".join(block.text for block in blocks)):
        report.refuse("no-speech", source.name, "no words below the header")
        return
    title = title or " ".join(re.split(r"[\s_-]+", PurePath(source.name).stem))
    frame, body = _framed(blocks)
    speech = plain_text.build_speech(
        source, "markdown", VERSION, header, title, [block.content for block in frame], cuts, report
    )
    whole = (*speech.blocks, *body)
    pictures, left = take(shown, whole, source, None, report)
    yield replace(
        speech,
        blocks=whole,
        id=make_id(speech.date, whole),
        pictures=pictures,
        provenance=replace(speech.provenance, cut=(*cuts, *left)),
    )


def prose(text: str) -> tuple[Block, ...]:
    """An editor's own Markdown as blocks: headings, paragraphs, lists, quotations and verse.

    No paragraph is read as a salutation or a stage direction; raw HTML is text.
    """
    kept = {BlockKind.HEAD, BlockKind.LIST, BlockKind.QUOTE, BlockKind.VERSE}
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": DEPTH})
    return tuple(
        block if block.kind in kept else replace(block, kind=BlockKind.P)
        for block in _blocks(parser.parse(text))
    )


def _framed(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """The leading plain paragraphs that may be dateline and lede, and all the rest."""
    for size in (2, 1):
        head = blocks[:size]
        if len(head) == size and all(block.kind is BlockKind.P for block in head):
            framed = read_framed([block.content for block in head])
            if framed.dateline or framed.introduced:
                return head, blocks[size:]
    return [], blocks


def _header(fence: str, front: str) -> dict[str, str]:
    data: Any = tomllib.loads(front) if fence == "+++" else yaml.safe_load(front)
    if not isinstance(data, dict):
        raise ValueError("not a table of keys and values")
    header: dict[str, str] = {}
    for key, value in data.items():
        name = plain_text.KEYS.get(str(key).lower())
        if name and (words := _value(value)):
            header[name] = words
    return header


def _value(value: object) -> str | None:
    """A front matter value as a line: lists parted by semicolons, dates in ISO form."""
    if isinstance(value, list):
        return "; ".join(str(item) for item in value[:100] if isinstance(item, (str, int)))
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()[:10]
    if isinstance(value, (str, int, float)):
        return " ".join(str(value).split())
    return None


def _blocks(tokens: Sequence[Token]) -> list[Block]:
    """CommonMark's tokens as blocks; `around` is the row of containers that are open."""
    blocks: list[Block] = []
    around: list[Token] = []
    markers: list[str | None] = []
    for token in tokens:
        if token.nesting == 1:
            around.append(token)
            if token.type == "list_item_open":
                ordered = token.info
                markers.append(f"{ordered}{token.markup}" if ordered else "•")
        elif token.nesting == -1:
            around.pop()
            if token.type == "list_item_close":
                markers.pop()
        elif token.type == "inline":
            block = _inline_block(token, [open_.type for open_ in around], around)
            if block.kind is BlockKind.LIST and markers and not block.marker:
                block = replace(block, marker=markers[-1])
                markers[-1] = None  # further paragraphs of one item stand without its marker
            blocks.append(block)
        elif token.type in ("code_block", "fence") and token.content.strip():
            lines = [
                Inline(InlineKind.TEXT, line) for line in token.content.rstrip("\n").split("\n")
            ]
            blocks += make_blocks([_with_breaks(lines)])
        elif token.type == "html_block":
            blocks += blocks_of_html(token.content)
    return [block for block in blocks if block.text.strip()]


def _shown(tokens: Sequence[Token]) -> list[Shown]:
    """Takes the pictures out, those of raw HTML too."""
    shown: list[Shown] = []
    for n, token in enumerate(tokens):
        found = [one for one in token.children or [] if _is_picture(one)]
        if token.type == "html_block" and "<img" in token.content.lower():
            found = [token]
        elif not found:
            continue
        before = sum(map(letters_of, _blocks(tokens[:n]))) if len(shown) < MOST else 0
        inside = 0
        for child in token.children or []:
            if _is_picture(child):
                shown += _shown_by(child, before + inside)
            else:
                inside += letters(child.content)
        if token.children:
            token.children = [child for child in token.children if child not in found]
        elif found:
            shown += _shown_by(token, before)
            token.content = _IMAGE.sub("", token.content)
    return shown


def _is_picture(token: Token) -> bool:
    return token.type == "image" or (
        token.type == "html_inline" and _IMAGE.fullmatch(token.content) is not None
    )


def _shown_by(token: Token, before: int) -> list[Shown]:
    if token.type == "image":
        address, caption = str(token.attrs.get("src", "")), str(token.attrs.get("title", ""))
        lost = f"{token.content} {caption}".strip()
        return [Shown(before, (address,), token.content or None, caption, lost=lost)]
    found = (parse(tag[0]) for tag in _IMAGE.finditer(token.content))
    images = (image for root in found if root is not None for image in root.iter("img"))
    return [shown_by(image, before) for image in images]


def _with_breaks(lines: list[Inline]) -> Content:
    out: list[Inline] = []
    for line in lines:
        out += [Inline(InlineKind.LINE_BREAK), line] if out else [line]
    return tidy(out)


def _inline_block(token: Token, kinds: list[str], around: list[Token]) -> Block:
    content = tidy(_runs(token.children or []))
    if "heading_open" in kinds:
        level = int(around[kinds.index("heading_open")].tag[1:])
        return Block(BlockKind.HEAD, content, level=max(1, level - 1))
    if "blockquote_open" in kinds:
        breaks = any(run.kind is InlineKind.LINE_BREAK for run in content)
        return Block(BlockKind.VERSE if breaks else BlockKind.QUOTE, content)
    if "list_item_open" in kinds:
        return Block(BlockKind.LIST, content)
    if is_salute(text_of(content)):
        return Block(BlockKind.SALUTE, content)
    return make_blocks([content])[0]


def _runs(tokens: Sequence[Token]) -> list[Inline]:
    """Inline tokens as runs; emphasis and links nest, strong is read as emphasis."""
    stack: list[tuple[InlineKind | None, str | None, list[Inline]]] = [(None, None, [])]
    for token in tokens:
        runs = stack[-1][2]
        if token.type in ("text", "code_inline"):
            runs.append(Inline(InlineKind.TEXT, clean(token.content)[0]))
        elif token.type == "html_inline":
            if _BREAK.fullmatch(token.content):
                runs.append(Inline(InlineKind.LINE_BREAK))
            elif words := words_of_tag(token.content):
                runs.append(Inline(InlineKind.TEXT, clean(words)[0]))
        elif token.type == "softbreak":
            runs.append(Inline(InlineKind.TEXT, " "))
        elif token.type == "hardbreak":
            runs.append(Inline(InlineKind.LINE_BREAK))
        elif token.type == "image":
            runs.append(Inline(InlineKind.TEXT, token.content))
        elif token.type in ("em_open", "strong_open"):
            stack.append((InlineKind.EMPHASIS, None, []))
        elif token.type == "link_open":
            address = str(token.attrs.get("href", ""))
            outward = address.startswith(("http://", "https://"))
            stack.append((InlineKind.REFERENCE if outward else None, address, []))
        elif token.nesting == -1 and len(stack) > 1:
            kind, target, inner = stack.pop()
            if kind is None:
                stack[-1][2].extend(inner)
            else:
                stack[-1][2].append(Inline(kind, content=tuple(inner), target=target))
    return stack[0][2]
