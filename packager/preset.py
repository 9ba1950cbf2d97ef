"""A printer's preset: trim, bleed, marks, ink, profile, paper; from a small TOML file.

Shipped presets lie in `presets/`; a path to a file of the user's own does as well. A preset
inherits from another and says only what differs. All lengths are in mm, ink in percent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packager.errors import StyleError
from packager.tomlfile import BOOLEAN, NUMBER, STRING, TABLE, Kind, TomlFile, load_toml

STANDARDS = ("PDF/X-4", "PDF/X-1a:2003", "PDF/X-1a:2001", "PDF/X-3:2003", "PDF/X-3:2002")
_PRINT: dict[str, Kind] = {"preset": STRING, "paper": STRING, "price": STRING}
EDGES = ("all", "outer")
FOLDER = Path(__file__).parent / "presets"

_SIZE = Kind(
    "a width and a height like [148, 210]",
    lambda value: (
        isinstance(value, list) and len(value) == 2 and all(NUMBER.test(one) for one in value)
    ),
)
_TOP: dict[str, Kind] = {
    "inherit": STRING,
    "description": STRING,
    "standard": STRING,
    "trim": _SIZE,
    "bleed": NUMBER,
    "bleed-edges": STRING,
    "marks": BOOLEAN,
    "safe": NUMBER,
    "multiple": NUMBER,
    "ink": NUMBER,
    "profile": STRING,
    "condition": STRING,
    "condition-info": STRING,
    "cover": TABLE,
    "paper": TABLE,
}
_COVER = dict.fromkeys(
    ("bleed", "safe", "board", "spine-safe", "spine-text", "spine-pages"), NUMBER
)


@dataclass(frozen=True, slots=True)
class CoverRules:
    """What the printer says of the cover: `board` is the thickness of both boards; a spine
    narrower than `spine_text` or of a book of fewer than `spine_pages` carries no words."""

    bleed: float = 3
    safe: float = 5
    board: float = 0
    spine_safe: float = 1.5
    spine_text: float = 6
    spine_pages: int = 0


@dataclass(frozen=True, slots=True)
class Preset:
    """A printer's rules, checked; `trim` is None where the style's page is taken."""

    name: str
    standard: str
    bleed: float
    edges: str
    marks: bool
    safe: float
    multiple: int
    ink: float
    profile: Path
    condition: str
    condition_info: str
    cover: CoverRules
    paper: Mapping[str, float]
    trim: tuple[float, float] | None = None

    @property
    def transparency(self) -> bool:
        """True where the standard allows it (ISO 15930-7); the older ones do not."""
        return self.standard == "PDF/X-4"


@dataclass(frozen=True, slots=True)
class Press:
    """How a book is printed: the preset, the thickness of a leaf in mm, the five digits of the
    price beside the barcode."""

    preset: Preset
    leaf: float
    price: str | None = None

    def spine(self, pages: int) -> float:
        """The width of the spine in mm: the leaves and the boards.

        >>> Press(load_preset("x4"), 0.105).spine(320)
        17.3
        """
        return round(pages / 2 * self.leaf + self.preset.cover.board, 2)


def known_presets() -> list[str]:
    """The names of the shipped presets."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load_preset(name: str, *, folder: Path = Path()) -> Preset:
    """The preset of a name, or of a TOML file named as seen from `folder`.

    Raises `StyleError` for an unknown name, a circle of `inherit`, a fault in the file.

    >>> load_preset("ingram").trim
    (152.4, 228.6)
    """
    files: list[TomlFile] = []
    wanted: str | None = name
    while wanted is not None:
        path = _find(wanted, files[-1].path.parent if files else folder)
        if any(file.path == path for file in files):
            raise StyleError(f"{path}: the preset inherits from itself")
        files.append(load_toml(path, StyleError))
        files[-1].check((), files[-1].data, _TOP)
        files[-1].check(("cover",), files[-1].data.get("cover", {}), _COVER)
        wanted = files[-1].data.get("inherit")
    merged: dict[str, Any] = {}
    for file in reversed(files):
        _check_values(file)
        cover = {**merged.get("cover", {}), **file.data.get("cover", {})}
        merged = {**merged, **file.data, "cover": cover}
        if "profile" in file.data:
            merged["profile"] = file.path.parent / file.data["profile"]
    return _preset(Path(name).stem, merged, files[0])


def press_of(file: TomlFile) -> Press:
    """How a book is printed, from the table [print] of its book.toml; a fault has its line."""
    table = file.data.get("print", {})
    file.check(("print",), table, _PRINT)
    try:
        preset = load_preset(table.get("preset", "x4"), folder=file.path.parent)
    except StyleError as error:
        raise file.fault(("print", "preset"), error.message, hint=error.hint) from error
    paper = table.get("paper", next(iter(preset.paper)))
    if paper not in preset.paper:
        raise file.fault(
            ("print", "paper"), f"unknown paper '{paper}'. Known: {', '.join(preset.paper)}"
        )
    price = table.get("price")
    if price is not None and not re.fullmatch(r"[0-9]{5}", price):
        raise file.fault(
            ("print", "price"),
            f"'{price}' is no price add-on of five digits",
            hint="write '51995' for 19.95 US dollars, '90000' for no price",
        )
    return Press(preset, preset.paper[paper], price)


def _find(name: str, folder: Path) -> Path:
    if name.endswith(".toml"):
        return folder / name
    if name not in known_presets():
        raise StyleError(
            f"unknown preset '{name}'. Known: {', '.join(known_presets())}",
            hint="or name a file of your own: 'printer.toml'",
        )
    return FOLDER / f"{name}.toml"


def _check_values(file: TomlFile) -> None:
    """Raise for the first value that no press can work with."""
    for key, known in (("standard", STANDARDS), ("bleed-edges", EDGES)):
        if key in file.data and file.data[key] not in known:
            known_words = ", ".join(known)
            raise file.fault((key,), f"unknown {key} '{file.data[key]}'. Known: {known_words}")
    for table, at in ((file.data, ()), (file.data.get("cover", {}), ("cover",))):
        for key, value in table.items():
            if NUMBER.test(value) and not 0 <= value <= 1000:
                raise file.fault((*at, key), f"'{key}' is {value:g}, which is out of all measure")
    if file.data.get("multiple", 2) not in range(1, 129):
        raise file.fault(("multiple",), "'multiple' is a whole number from 1 to 128")
    if not 100 <= file.data.get("ink", 300) <= 400:
        raise file.fault(("ink",), "'ink' is a percentage from 100 to 400")
    for side in file.data.get("trim", ()):
        if not 60 <= side <= 600:
            raise file.fault(("trim",), f"a side of {side:g} mm is no page of a book")
    for name, leaf in file.data.get("paper", {}).items():
        if not (NUMBER.test(leaf) and 0 < leaf < 2):
            raise file.fault(("paper", name), f"'{name}' must be the thickness of a leaf in mm")
    if "profile" in file.data and not (file.path.parent / file.data["profile"]).is_file():
        raise file.fault(("profile",), f"the profile '{file.data['profile']}' is not there")


def _preset(name: str, data: Mapping[str, Any], file: TomlFile) -> Preset:
    missing = [key for key in ("standard", "profile", "condition", "paper") if not data.get(key)]
    if missing:
        raise file.fault((), f"the preset lacks {missing[0]}", hint='add inherit = "x4"')
    _check_profile(file, data["profile"])
    cover = {key.replace("-", "_"): value for key, value in data["cover"].items()}
    trim = data.get("trim")
    return Preset(
        name=name,
        standard=data["standard"],
        bleed=data.get("bleed", 0),
        edges=data.get("bleed-edges", "all"),
        marks=data.get("marks", False),
        safe=data.get("safe", 0),
        multiple=data.get("multiple", 2),
        ink=data.get("ink", 300),
        profile=data["profile"],
        condition=data["condition"],
        condition_info=data.get("condition-info", data["condition"]),
        cover=CoverRules(**cover),
        paper=data["paper"],
        trim=(float(trim[0]), float(trim[1])) if trim else None,
    )


def _check_profile(file: TomlFile, path: Path) -> None:
    """The header of an ICC profile says signature, class and colour space (ICC.1 §7.2)."""
    head = path.read_bytes()[:128]
    if head[36:40] != b"acsp" or head[12:20] != b"prtrCMYK":
        raise file.fault(
            ("profile",),
            f"'{path.name}' is no ICC profile of a press with four inks",
            hint="ask the printer for the CMYK output profile",
        )


def default_press() -> Press:
    """The press of a book that names none."""
    preset = load_preset("x4")
    return Press(preset, next(iter(preset.paper.values())))
