"""The editor's own pages: dedication, epigraph, foreword and their kin, each a Markdown file."""

from __future__ import annotations

from pathlib import Path

from packager.book import Matter
from packager.errors import CollectionError
from packager.readers.markdown import prose
from packager.readers.source import clean
from packager.speech import Block, BlockKind
from packager.tomlfile import read_text

LIMIT = 4 * 1024 * 1024
"""Bytes of a Markdown file; a long novel has half of it."""


def read_matter(name: str, path: Path) -> Matter:
    """A page of the editor's; its first heading, if it begins with one, is its title, else none.

    Raises `CollectionError` for a file that cannot be read or holds nothing.
    """
    blocks = read_prose(path)
    title = ""
    if blocks[0].kind is BlockKind.HEAD and len(blocks) > 1:
        title, blocks = blocks[0].text, blocks[1:]
    return Matter(name, title, blocks)


def read_prose(path: Path) -> tuple[Block, ...]:
    """The blocks of a Markdown file of the editor's."""
    blocks = prose(clean(read_text(path, CollectionError, limit=LIMIT))[0])
    if not blocks:
        raise CollectionError(
            f"{path.name}:1: the file holds no words",
            hint="write some, or take it out of book.toml",
        )
    return blocks
