"""What the pages of a PDF paint, and in which colours: one `Paint` for each act of painting.

Reads content streams, forms and tiling patterns, by itself: it shares nothing with the code
that writes print files. Bounded in depth and number, since files of others are read too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from packager.check.pdf_file import PdfFile

MOST_FORMS = 20_000
DEEPEST = 16
_PATHS = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "S", "s"})
_STROKES = frozenset({"S", "s"})
_TEXTS = frozenset({"Tj", "TJ", "'", '"'})
_SHORT = {"g": "DeviceGray", "rg": "DeviceRGB", "k": "DeviceCMYK"}

Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Paint:
    """One act of painting on a page, counted from 1.

    `kind` is text, path, picture, gradient, group (of transparency) or state (a transparent
    one); `space` the family of the colour space, with the number of parts behind ICCBased;
    `dpi` the resolution at which a picture is printed, `bits` those of a part of it.
    """

    page: int
    kind: str
    space: str = ""
    colour: tuple[float, ...] = ()
    dpi: float = 0
    bits: int = 8

    @property
    def ink(self) -> tuple[float, float, float, float] | None:
        """Cyan, magenta, yellow, black from 0 to 1; None where the press has to convert."""
        if self.space == "DeviceGray" and len(self.colour) == 1:
            return 0, 0, 0, 1 - self.colour[0]
        if self.space == "DeviceCMYK" and len(self.colour) == 4:
            return self.colour[0], self.colour[1], self.colour[2], self.colour[3]
        return None


@dataclass(frozen=True, slots=True)
class _State:
    ctm: Matrix = (1, 0, 0, 1, 0, 0)
    fill: tuple[str, tuple[float, ...]] = ("DeviceGray", (0.0,))
    stroke: tuple[str, tuple[float, ...]] = ("DeviceGray", (0.0,))
    mode: int = 0


def paints(book: PdfFile) -> list[Paint]:
    """All that the pages paint, in order."""
    found: list[Paint] = []
    for number, page in enumerate(book.pages, 1):
        walk = _Walk(number)
        if "/Group" in page.obj:
            found.append(Paint(number, "group", _family(page.obj.Group.get("/CS"), Dictionary())))
        found += walk.content(page.obj, page.resources, _State(), 0)
    return found


@dataclass(slots=True)
class _Walk:
    page: int
    forms: int = 0
    _patterns: set[tuple[int, int]] = field(default_factory=set)

    def content(
        self, holder: Object, resources: Object, state: _State, depth: int
    ) -> Iterator[Paint]:
        stack: list[_State] = []
        for step in pikepdf.parse_content_stream(holder):
            name, operands = str(step.operator), list(step.operands)
            if name == "q":
                stack.append(state)
            elif name == "Q" and stack:
                state = stack.pop()
            elif name == "cm":
                state = replace(state, ctm=_times(_matrix(operands), state.ctm))
            elif name == "Tr":
                state = replace(state, mode=int(operands[0]))
            elif name.lower() in (*_SHORT, "cs", "sc", "scn"):
                state = _coloured(state, name, operands, resources)
            elif name in _TEXTS and state.mode != 3:
                yield Paint(self.page, "text", *(state.stroke if state.mode == 1 else state.fill))
            elif name in _PATHS:
                yield Paint(self.page, "path", *(state.stroke if name in _STROKES else state.fill))
                yield from self._pattern(state, operands, resources, depth)
            elif name == "sh":
                space = _family(resources.Shading[str(operands[0])].ColorSpace, resources)
                yield Paint(self.page, "gradient", space)
            elif name == "gs":
                yield from self._transparent(resources.ExtGState[str(operands[0])])
            elif name == "Do":
                yield from self._drawn(resources.XObject[str(operands[0])], resources, state, depth)
            elif name == "INLINE IMAGE":
                yield Paint(self.page, "picture", "DeviceRGB")  # nobody needs one in print

    def _transparent(self, gs: Object) -> Iterator[Paint]:
        opaque = all(float(gs.get(key, 1)) == 1 for key in ("/ca", "/CA"))
        normal = str(gs.get("/BM", "/Normal")) in ("/Normal", "/Compatible")
        if not opaque or not normal or isinstance(gs.get("/SMask"), Dictionary):
            yield Paint(self.page, "state")

    def _drawn(
        self, thing: Object, resources: Object, state: _State, depth: int
    ) -> Iterator[Paint]:
        if thing.get("/Subtype") == Name.Image:
            yield from self._picture(thing, resources, state)
            return
        self.forms += 1
        if depth > DEEPEST or self.forms > MOST_FORMS:
            return
        if "/Group" in thing:
            yield Paint(self.page, "group", _family(thing.Group.get("/CS"), resources))
        inside = replace(state, ctm=_times(_matrix(thing.get("/Matrix")), state.ctm))
        yield from self.content(thing, thing.get("/Resources", resources), inside, depth + 1)

    def _picture(self, image: Object, resources: Object, state: _State) -> Iterator[Paint]:
        a, b, c, d, _, _ = state.ctm
        width, height = math.hypot(a, b), math.hypot(c, d)
        across = int(image.Width) * 72 / width if width else 0
        down = int(image.Height) * 72 / height if height else 0
        dpi = min(across, down)
        if image.get("/ImageMask", False):
            yield Paint(self.page, "picture", *state.fill, dpi=dpi, bits=1)
            return
        space, bits = (
            _family(image.get("/ColorSpace"), resources),
            image.get("/BitsPerComponent", 8),
        )
        yield Paint(self.page, "picture", space, dpi=dpi, bits=int(bits))
        if "/SMask" in image:
            yield Paint(self.page, "state")

    def _pattern(
        self, state: _State, _: list[Any], resources: Object, depth: int
    ) -> Iterator[Paint]:
        """The content of a tiling pattern, once a page; the space of a gradient."""
        if state.fill[0] != "Pattern":
            return
        for _name, pattern in resources.get("/Pattern", Dictionary()).items():
            if pattern.objgen in self._patterns or depth > DEEPEST:
                continue
            self._patterns.add(pattern.objgen)
            if isinstance(pattern, Stream):
                inside = pattern.get("/Resources", resources)
                yield from self.content(pattern, inside, _State(), depth + 1)
            else:
                yield Paint(self.page, "gradient", _family(pattern.Shading.ColorSpace, resources))


def _coloured(state: _State, name: str, operands: list[Any], resources: Object) -> _State:
    colour: tuple[str, tuple[float, ...]]
    stroke, short = name.isupper(), name.lower()
    before = state.stroke if stroke else state.fill
    if short == "cs":
        space = _family(operands[0], resources)
        black = {"DeviceRGB": (0.0,) * 3, "DeviceCMYK": (0.0, 0.0, 0.0, 1.0)}
        colour = space, black.get(space, (0.0,))
    else:
        parts = tuple(float(part) for part in operands if not isinstance(part, Name))
        colour = _SHORT.get(short, before[0]), parts
    return replace(state, stroke=colour) if stroke else replace(state, fill=colour)


def _family(space: Object | None, resources: Object) -> str:
    """The family of a colour space; `ICCBased3` has three parts, an Indexed one that below it."""
    if space is None:
        return ""
    if isinstance(space, Name):
        named = resources.get("/ColorSpace", Dictionary())
        if str(space) not in named:
            return str(space)[1:]
        space = named[str(space)]
    if isinstance(space, Array):
        kind = str(space[0])[1:]
        if kind == "Indexed":
            return _family(space[1], resources)
        if kind == "ICCBased":
            return f"ICCBased{int(space[1].N)}"
        return "All" if kind == "Separation" and space[1] == Name.All else kind
    return str(space)[1:]


def _matrix(operands: Any) -> Matrix:
    if operands is None:
        return 1, 0, 0, 1, 0, 0
    a, b, c, d, e, f = (float(part) for part in operands)
    return a, b, c, d, e, f


def _times(one: Matrix, two: Matrix) -> Matrix:
    """The matrix that applies `one` first (ISO 32000-1 §8.3.4)."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip
