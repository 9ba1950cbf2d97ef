"""HTML that stands raw in a Markdown file, as blocks: its words, never its tags.

Accepts what CommonMark calls an HTML block; `<Applause>` is no tag of HTML but a word. A table of
long cells below a row of headings is texts laid side by side: they are read column after column,
each under its heading; the cells of any other table are read row by row. Scripts and styles are
dropped as on any page.
"""

from __future__ import annotations

import re
from html import escape

from lxml import etree

from packager.readers.article_lines import parse
from packager.readers.blocks import Content, make_blocks, pieces_of
from packager.readers.page import read_page
from packager.speech import Block, BlockKind

LONG_CELL = 40
"""Letters of the mean cell from which a table's columns are texts of their own."""

_TABLE = re.compile(r"<(/?)table\b", re.IGNORECASE)
_TAG = re.compile(r"</?([A-Za-z][\w:-]{0,60})(?:\s[^<>]{0,4000})?/?>")
_HTML = frozenset(
    "a abbr acronym address area article aside audio b base bdi bdo big blink blockquote body br "
    "button canvas caption center cite code col colgroup data datalist dd del details dfn dialog "
    "dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 "
    "h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link main map "
    "mark marquee menu meta meter nav nobr noframes noscript object ol optgroup option output p "
    "param picture pre progress q rp rt ruby s samp script section select slot small source span "
    "strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time "
    "title tr track tt u ul var video wbr".split()
)
_GAP = re.compile(r"\n[ \t]*\n\s*")
_HEADS = {f"h{n}": n for n in range(1, 7)}


def whole_tables(text: str) -> str:
    """Markdown whose raw tables have no empty lines, which would end them (CommonMark 4.6).

    >>> whole_tables("<table><tr>\\n\\n<td>a</table>\\n\\nb")
    '<table><tr>\\n<td>a</table>\\n\\nb'
    """
    parts: list[str] = []
    done, start = 0, None
    for tag in _TABLE.finditer(text):
        if not tag[1] and start is None:
            start = tag.start()
        elif tag[1] and start is not None:
            parts += [text[done:start], _GAP.sub("\n", text[start : tag.start()])]
            done, start = tag.start(), None
    return "".join([*parts, text[done:]])


def words_of_tag(tag: str) -> str:
    """What a single tag says: nothing where it is one of HTML, else itself.

    >>> words_of_tag("<br/>"), words_of_tag("<Applause>")
    ('', '<Applause>')
    """
    match = _TAG.fullmatch(tag)
    return tag if match and match[1].lower() not in _HTML else ""


def blocks_of_html(html: str) -> list[Block]:
    """The blocks of raw HTML."""
    html = _TAG.sub(lambda tag: escape(words_of_tag(tag[0])) or tag[0], html)
    if "<table" in html.lower() and (columns := _columns(html)):
        return columns
    blocks: list[Block] = []
    for line in read_page(html).lines:
        if level := _HEADS.get(line.tag):
            blocks.append(Block(BlockKind.HEAD, line.content, level=max(1, level - 1)))
        else:
            blocks += make_blocks(pieces_of(line.content))
    return blocks


def _columns(html: str) -> list[Block] | None:
    """The texts of a table that lays them side by side; None for any other."""
    root = parse(html)
    if root is None or root.find(".//table//table") is not None:
        return None
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in root.iter("tr")]
    rows = [row for row in rows if row]
    width = len(rows[0]) if rows else 0
    if width < 2 or len(rows) < 2 or any(len(row) != width for row in rows):
        return None
    if any(cell.tag != "th" for cell in rows[0]):
        return None
    cells = ["".join(cell.itertext()).strip() for row in rows[1:] for cell in row]
    if sum(map(len, cells)) < LONG_CELL * len(cells):
        return None
    blocks: list[Block] = []
    for n in range(width):
        for line in _lines(rows[0][n]):
            blocks.append(Block(BlockKind.HEAD, line, level=2))
        for row in rows[1:]:
            blocks += make_blocks([piece for line in _lines(row[n]) for piece in pieces_of(line)])
    return blocks


def _lines(cell: etree._Element) -> list[Content]:
    html = etree.tostring(cell, encoding="unicode", method="html", with_tail=False)
    return [line.content for line in read_page(html).lines if line.text.strip()]
