"""A book bound to bytes, for tests that compare two of them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from packager.editions import press
from packager.editions.order import Order
from packager.pdftext import PdfText, read_pdf
from packager.style import Geometry


@dataclass(frozen=True)
class Printed:
    """The bytes of a PDF, and what was told of it (`Made`, `Bound`)."""

    data: bytes
    sheets: Mapping[str, int]
    feet: Mapping[int, float] = field(default_factory=dict)
    work: str = ""
    set_anew: Mapping[str, str] = field(default_factory=dict)
    layers_anew: int = 0

    def text(self, geometry: Geometry) -> PdfText:
        """What is read back of it."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "book.pdf"
            path.write_bytes(self.data)
            return read_pdf(path, geometry, tuple(self.feet.items()))


def bind(order: Order) -> Printed:
    """The book of an order, bound by the press."""
    with tempfile.TemporaryDirectory() as folder:
        made = press.bind(replace(order, beside=Path(folder) / "book.pdf"))
        data = made.path.read_bytes()
    return Printed(data, made.sheets, made.feet, made.work, made.set_anew, made.layers_anew)
