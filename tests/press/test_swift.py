"""What is left out to save time changes no page."""

from __future__ import annotations

import weasyprint
from cssselect2 import ElementWrapper

from packager.editions import swift

LOOK = """
@page { size: 300px 200px; margin: 30px; @bottom-center { content: counter(page) } }
@page :left { @top-left { content: "left"; width: 10% } @top-right { content: none; width: 20px } }
@page :right { @left-middle { content: "side"; min-height: 5px } @top-left-corner { content: "x" } }
@page bare { @bottom-center { content: none } }
p { text-align: justify }
.quote { text-decoration: underline }
.bare { page: bare }
p:has(+ .quote) { margin-bottom: 20px }
p:has(~ .last) { padding-left: 5px }
p:last-child { color: red }
"""
PARAGRAPHS = "".join(
    f"<p class='{name}'>A keeper of the harbour has the lamp lit by six, and again by {n}.</p>"
    for n, name in enumerate(["", "quote", "", "", "quote", "", "last", ""])
)
PAGE = f"<html lang=en><style>{LOOK}</style><section>{PARAGRAPHS}</section>"
PAGE += f"<section class=bare>{PARAGRAPHS}</section>"


def drawn() -> tuple[list[tuple[int, int, int]], bytes]:
    """The number of boxes on each page and where the last one ends; the whole as a PDF."""
    document = weasyprint.HTML(string=PAGE).render()
    boxes = [
        (len(found), round(found[-1].position_x), round(found[-1].position_y))
        for page in document.pages
        if (found := list(page._page_box.descendants()))
    ]
    return boxes, document.write_pdf(uncompressed_pdf=True, pdf_identifier=b"same")


def test_the_pages_are_those_that_weasyprint_makes_alone() -> None:
    swift.alone()
    try:
        alone = drawn()
    finally:
        swift.mend()
    assert drawn() == alone
    assert len(alone[0]) > 3


def test_siblings_are_not_looked_through_again_for_each_element() -> None:
    """A section of thousands of paragraphs would take minutes (Selectors 4 §4.5)."""
    swift.mend()
    root = ElementWrapper.from_html_root(weasyprint.HTML(string=PAGE).etree_element)
    for parent in root.iter_subtree():
        children = list(parent.iter_children())
        for at, child in enumerate(children):
            assert list(child.iter_next_siblings()) == children[at + 1 :]
            assert next(child.iter_next_siblings(), None) is next(child.iter_next_siblings(), None)
