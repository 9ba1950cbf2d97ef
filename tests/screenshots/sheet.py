"""The pictures of a folder as one contact sheet: python sheet.py FOLDER SHEET.png."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

WIDTH, GAP, COLUMNS = 300, 8, 6


def sheet(folder: Path, out: Path) -> None:
    """Rows of six, in the order of the names."""
    shots = [Image.open(path).convert("RGB") for path in sorted(folder.glob("*.png"))]
    small = [shot.resize((WIDTH, shot.height * WIDTH // shot.width)) for shot in shots]
    rows = [small[n : n + COLUMNS] for n in range(0, len(small), COLUMNS)]
    heights = [max(shot.height for shot in row) + GAP for row in rows]
    whole = Image.new("RGB", (COLUMNS * (WIDTH + GAP), sum(heights)), "grey")
    top = 0
    for row, height in zip(rows, heights, strict=True):
        for column, shot in enumerate(row):
            whole.paste(shot, (column * (WIDTH + GAP), top))
        top += height
    whole.save(out)


if __name__ == "__main__":
    sheet(Path(sys.argv[1]), Path(sys.argv[2]))
