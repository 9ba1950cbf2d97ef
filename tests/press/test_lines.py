"""Lines break where the words allow it, whatever elements the words stand in."""

from __future__ import annotations

import pytest
import weasyprint
from weasyprint.formatting_structure.boxes import LineBox, TextBox

from packager.editions import lines

WORDS = (
    "The Third Congress met in the old sail loft at Merrow. Three questions were before it, and "
    "the President, a former purser, knew all three from the deck. The {}winter boat{} was "
    "carried on the last day by four {}votes{}."
)


def broken(text: str, width: float) -> list[str]:
    """The lines of a paragraph that is so many px wide."""
    css = f"@page {{ size: 600px 900px }} p {{ width: {width}px; font: 14px serif }}"
    (page,) = weasyprint.HTML(string=f"<html lang=en><style>{css}</style><p>{text}").render().pages
    return [
        "".join(one.text for one in line.descendants() if isinstance(one, TextBox))
        for line in page._page_box.descendants()
        if isinstance(line, LineBox)
    ]


@pytest.mark.parametrize("hyphens", ["manual", "auto"])
def test_an_element_alone_breaks_no_line(hyphens: str) -> None:
    lines.mend([])
    plain, inside = WORDS.format(*[""] * 4), WORDS.format("<i>", "</i>", "<i>", "</i>")
    look = f"<style>i {{ font-style: normal }} p {{ hyphens: {hyphens} }}</style>"
    for width in range(150, 400, 4):
        assert broken(f"{look}{inside}", width) == broken(f"{look}{plain}", width), width
