"""All that a PDF paints, in inks: operators of pages, forms and patterns, gradients, pictures.

Text becomes black alone and overprints. Marked content goes, for a print file has no tags.
What has no known meaning in inks (spot colours, meshes) is an `EditionError` with its page.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Operator, Stream
from PIL import Image

from packager.editions.ink import BLACK, Ink, Inks, text_ink
from packager.errors import EditionError

Step = Any
"""An instruction of a content stream: operands, operator (pikepdf takes and gives both forms)."""

_MARKED = frozenset({"BMC", "BDC", "EMC", "MP", "DP"})
_FILL = {"g": 1, "rg": 3, "k": 4}
_STROKE = {"G": 1, "RG": 3, "K": 4}
_DEVICE = {"/DeviceGray": 1, "/G": 1, "/CalGray": 1, "/DeviceRGB": 3, "/RGB": 3, "/CalRGB": 3,
           "/DeviceCMYK": 4, "/CMYK": 4}  # fmt: skip
_UNREADABLE = (NotImplementedError, ValueError, OSError, Image.DecompressionBombError)
_TRANSPARENT = ("/ca", "/CA", "/BM", "/SMask", "/AIS")
_OVER, _KNOCK = Name("/TextOver"), Name("/TextKnock")


@dataclass(frozen=True, slots=True)
class _State:
    """The part of the graphics state that colours hang on; a space of 0 parts is a pattern."""

    fill: Ink = BLACK
    space: int = 1
    stroke_space: int = 1


@dataclass(slots=True)
class Repaint:
    """One pass over one file; `coloured_text` leaves the colours of text as they are."""

    pdf: pikepdf.Pdf
    inks: Inks
    transparency: bool
    coloured_text: bool = False
    page: int = 0
    _seen: set[tuple[int, int]] = field(default_factory=set)
    _used: list[Object] = field(default_factory=list)
    _spent: list[Object] = field(default_factory=list)

    def pages(self) -> None:
        """Repaint every page of the file, and all that is drawn on it."""
        for number, page in enumerate(self.pdf.pages, 1):
            self.page = number
            content = self._painted(page.obj, page.resources)
            page.obj.Contents = self.pdf.make_stream(content)
            self._resources(page.resources)
            self._group(page.obj)
        for resources in self._spent:  # pages may share them, so not before the last page
            if "/ColorSpace" in resources:
                del resources["/ColorSpace"]
        if not self.transparency:
            for state in self._used:
                for key in _TRANSPARENT:
                    if key in state:
                        del state[key]

    def _fault(self, what: str) -> EditionError:
        return EditionError(
            f"page {self.page}: {what}",
            hint="take it out of the style or book.css, or print without it",
        )

    def _is_new(self, thing: Object) -> bool:
        if not thing.is_indirect:
            return True
        known = thing.objgen in self._seen
        self._seen.add(thing.objgen)
        return not known

    # operators

    def _painted(self, holder: Object, resources: Object) -> bytes:
        black = [*_colour(BLACK), *_colour(BLACK, stroke=True)]
        steps = black if holder.get("/Type") == Name.Page else []
        steps = [*steps, *self._steps(holder, resources)]
        return pikepdf.unparse_content_stream(steps)

    def _steps(self, holder: Object, resources: Object) -> Iterator[Step]:
        state, stack, text = _State(), list[_State](), False
        for step in pikepdf.parse_content_stream(holder):
            operands, name = list(step.operands), str(step.operator)
            if name in _MARKED:
                continue
            if name == "INLINE IMAGE":
                raise self._fault("a picture inside the text of the page cannot be printed")
            if name in ("cs", "CS", "sc", "scn", "SC", "SCN", *_FILL, *_STROKE):
                state, steps = self._colour(state, name, operands, resources, text)
                yield from steps
                continue
            if name == "q":
                stack.append(state)
            elif name == "Q" and stack:
                state = stack.pop()
            elif name == "gs":
                self._graphics_state(resources.ExtGState[str(operands[0])])
            elif name == "BT":
                text = True
                yield from self._text_colour(state)
            yield step
            if name == "ET":
                text = False
                yield [_KNOCK], Operator("gs")
                if state.space:
                    yield from _colour(state.fill)

    def _colour(
        self, state: _State, name: str, operands: Sequence[Object], resources: Object, text: bool
    ) -> tuple[_State, list[Step]]:
        """The state after a colour operator, and what is written in its place."""
        stroke = name.isupper()
        if name in ("cs", "CS"):
            parts = self._parts(operands[0], resources)
            state = _in_space(state, parts, stroke)
            if not parts:
                return state, [(operands, Operator(name))]
            operands = []  # a new space begins with black
        elif name in ("sc", "scn", "SC", "SCN"):
            parts = state.stroke_space if stroke else state.space
            if not parts:
                return state, [(operands, Operator(name))]
        else:
            parts = {**_FILL, **_STROKE}[name]
            state = _in_space(state, parts, stroke)
        colour = [float(part) for part in operands]
        ink = self.inks.of_colour(colour) if colour else BLACK
        if sum(ink) > self.inks.limit / 100 + 0.02:  # each ink is rounded to a percent
            raise self._fault(
                f"a colour asks for {100 * sum(ink):.0f} % of ink, "
                f"the preset allows {self.inks.limit:g} %"
            )
        if stroke:
            return state, _colour(ink, stroke=True)
        state = replace(state, fill=ink)
        return state, self._text_colour(state) if text else _colour(ink)

    def _text_colour(self, state: _State) -> list[Step]:
        """Text is black alone, and black alone overprints (ISO 32000-1 §8.6.7, OPM 1)."""
        if not state.space:
            return []
        ink = state.fill if self.coloured_text else text_ink(state.fill)
        return [*_colour(ink), ([_OVER if ink == BLACK else _KNOCK], Operator("gs"))]

    def _parts(self, space: Object, resources: Object) -> int:
        """How many numbers a colour of this space has; 0 for a pattern."""
        named = resources.get("/ColorSpace", Dictionary())
        if isinstance(space, Name) and str(space) in named:
            space = named[str(space)]
        kind = str(space[0] if isinstance(space, Array) else space)
        if kind == "/Pattern":
            return 0
        if kind == "/ICCBased":
            return int(space[1].N)
        if kind not in _DEVICE:
            raise self._fault(f"a colour of the kind {kind[1:]} has no inks of this press")
        return _DEVICE[kind]

    # what the resources hold

    def _resources(self, resources: Object) -> None:
        if not self._is_new(resources):
            return
        for _, form in resources.get("/XObject", Dictionary()).items():
            if self._is_new(form):
                if isinstance(form, Stream) and form.get("/Subtype") == Name.Image:
                    self._image(form)
                else:
                    self._form(form)
        for _, pattern in resources.get("/Pattern", Dictionary()).items():
            if self._is_new(pattern):
                if isinstance(pattern, Stream):
                    self._form(pattern)
                else:
                    self._shading(pattern.Shading)
        for _, shading in resources.get("/Shading", Dictionary()).items():
            self._shading(shading)
        for _, font in resources.get("/Font", Dictionary()).items():
            if font.get("/Subtype") == Name.Type3 and self._is_new(font):
                self._type3(font, resources)
        self._states(resources)
        self._spent.append(resources)

    def _states(self, resources: Object) -> None:
        if "/ExtGState" not in resources:
            resources["/ExtGState"] = Dictionary()
        states = resources["/ExtGState"]
        self._used += [state for _, state in states.items()]
        states[str(_OVER)] = Dictionary(op=True, OPM=1)
        states[str(_KNOCK)] = Dictionary(op=False)

    def _graphics_state(self, state: Object) -> None:
        """A state that is set on the page: a mask is in grey, the older standards have none."""
        mask = state.get("/SMask")
        if isinstance(mask, Dictionary):
            mask.G.Group["/CS"] = Name.DeviceGray
        opaque = all(float(state.get(key, 1)) == 1 for key in ("/ca", "/CA"))
        normal = str(state.get("/BM", "/Normal")) in ("/Normal", "/Compatible")
        if not self.transparency and (isinstance(mask, Dictionary) or not opaque or not normal):
            raise self._fault("something is transparent, which this standard does not allow")

    def _form(self, form: Object) -> None:
        resources = form.get("/Resources", Dictionary())
        content = self._painted(form, resources)
        form.write(content)
        self._resources(resources)
        self._group(form)

    def _type3(self, font: Object, around: Object) -> None:
        resources = font.get("/Resources", around)
        for _, glyph in font.CharProcs.items():
            glyph.write(self._painted(glyph, resources))
        if "/Resources" in font:
            self._resources(resources)

    def _group(self, holder: Object) -> None:
        """Groups blend in inks; where nothing is transparent they change nothing and go."""
        if "/Group" not in holder:
            return
        if self.transparency:
            holder.Group["/CS"] = Name.DeviceCMYK
        else:
            del holder["/Group"]

    def _shading(self, shading: Object) -> None:
        if not self._is_new(shading):
            return
        parts = self._parts(shading.ColorSpace, Dictionary())
        if parts == 4:
            return
        if int(shading.ShadingType) > 3 or not isinstance(shading.get("/Function"), Dictionary):
            raise self._fault("a gradient of a kind that cannot be turned into inks")
        self._function(shading.Function)
        shading.ColorSpace = Name.DeviceCMYK
        if "/Background" in shading:
            shading.Background = Array(self.inks.of_colour(_numbers(shading.Background)))

    def _function(self, function: Object) -> None:
        """The colours at the ends of each stretch; between them inks are blended."""
        if int(function.FunctionType) == 3:
            for part in function.Functions:
                self._function(part)
        elif int(function.FunctionType) == 2:
            if self._is_new(function):
                for key, usual in (("/C0", 0), ("/C1", 1)):
                    colour = _numbers(function.get(key, [usual]))
                    function[key] = Array([*self.inks.of_colour(colour)])
        else:
            raise self._fault("a gradient of a kind that cannot be turned into inks")
        if "/Range" in function:
            del function["/Range"]

    # pictures

    def _image(self, image: Stream) -> None:
        """A picture in inks or grey; one that is so already stays, byte for byte."""
        image["/Interpolate"] = False
        mask = image.get("/SMask")
        if isinstance(mask, Stream):
            mask["/Interpolate"] = False
        if image.get("/ImageMask", False):
            return
        if isinstance(image.get("/Mask"), Array):
            raise self._fault("a picture with a transparent colour cannot be turned into inks")
        flatten = isinstance(mask, Stream) and not self.transparency
        space = image.get("/ColorSpace")
        if space in (Name.DeviceGray, Name.DeviceCMYK) and not flatten:
            return
        try:
            picture = pikepdf.PdfImage(image).as_pil_image()
        except (*_UNREADABLE, pikepdf.PdfError) as error:
            raise self._fault(f"a picture cannot be turned into inks ({error})") from error
        if isinstance(mask, Stream) and flatten:
            alpha = pikepdf.PdfImage(mask).as_pil_image().convert("L").resize(picture.size)
            paper = Image.new("RGB", picture.size, "white")
            picture = Image.composite(picture.convert("RGB"), paper, alpha)
            del image["/SMask"]
        source = picture.info.get("icc_profile") if picture.mode == "RGB" else None
        _write(image, self.inks.of_picture(picture, source))


def _write(image: Stream, picture: Image.Image) -> None:
    """Put a picture of mode 1, L or CMYK into an image; photographs stay JPEG (ISO 32000-1
    §7.4.8), with the Decode array that Adobe's inverted CMYK needs."""
    if picture.mode == "1":
        picture = picture.convert("L")
    for key in ("/Decode", "/DecodeParms", "/Intent"):
        if key in image:
            del image[key]
    image.ColorSpace = Name.DeviceCMYK if picture.mode == "CMYK" else Name.DeviceGray
    image.BitsPerComponent = 8
    filters = str(image.get("/Filter", ""))
    if "DCTDecode" in filters or "JPXDecode" in filters:
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=95, subsampling=0)
        image.write(out.getvalue(), filter=Name.DCTDecode)
        if picture.mode == "CMYK":
            image.Decode = Array([1, 0, 1, 0, 1, 0, 1, 0])
    else:
        image.write(picture.tobytes())


def _in_space(state: _State, parts: int, stroke: bool) -> _State:
    return replace(state, stroke_space=parts) if stroke else replace(state, space=parts)


def _colour(ink: Ink, *, stroke: bool = False) -> list[Step]:
    return [(list(ink), Operator("K" if stroke else "k"))]


def _numbers(array: Any) -> list[float]:
    return [float(number) for number in array]
