"""Finds a style, stacks it on the style that it inherits from, and hands out its pieces.

A style is a folder with `style.toml` and any of `base.css`, `print.css`, `rtl.css` (pages of
books that are read from right to left), `epub.css`, `cover.css` and `templates/`. Stylesheets of
a style follow those of its parent, so that it says only what differs; a template replaces the
parent's of the same name, a [[script]] the parent's for the same languages. Shipped styles lie
in `styles/`; a style in the book's own folder goes before a shipped one of the same name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from packager.errors import StyleError
from packager.tomlfile import (
    NUMBER,
    STRING,
    STRINGS,
    TABLE,
    TABLES,
    Kind,
    TomlFile,
    load_toml,
    strings,
)

NOTES = ("foot", "end")
"""Where pages print the editor's notes: at the foot of the page, or after the document."""

_TOP: dict[str, Kind] = {
    "inherit": STRING,
    "description": STRING,
    "ground": STRING,
    "ink": STRING,
    "notes": STRING,
    "page": TABLE,
    "font": TABLES,
    "script": TABLES,
}
_PAGE: dict[str, Kind] = dict.fromkeys(
    ("width", "height", "inner", "outer", "top", "bottom"), NUMBER
)
_FONT: dict[str, Kind] = {
    "family": STRING,
    "package": STRING,
    "system": STRING,
    "file": STRING,
    "face": STRING,
    "weight": NUMBER,
    "style": STRING,
    "axes": TABLE,
    "licence": STRING,
    "install": STRING,
}
_SCRIPT = _FONT | {"lang": STRINGS}


@dataclass(frozen=True, slots=True)
class Geometry:
    """The page in mm: trim size, and margins; `inner` is at the spine, facing pages mirror."""

    width: float = 148
    height: float = 210
    inner: float = 18
    outer: float = 23
    top: float = 20
    bottom: float = 27

    def fitted(self, trim: tuple[float, float]) -> Geometry:
        """This page at another trim, the margins in proportion.

        >>> Geometry().fitted((74, 105)).outer
        11.5
        """
        across, down = trim[0] / self.width, trim[1] / self.height
        return Geometry(
            width=trim[0],
            height=trim[1],
            inner=round(self.inner * across, 2),
            outer=round(self.outer * across, 2),
            top=round(self.top * down, 2),
            bottom=round(self.bottom * down, 2),
        )

    @property
    def css(self) -> str:
        """The page rules of this geometry (CSS Paged Media 3 §7)."""
        return (
            f"@page {{ size: {self.width:g}mm {self.height:g}mm; "
            f"margin: {self.top:g}mm {self.outer:g}mm {self.bottom:g}mm {self.inner:g}mm }}\n"
            f"@page :left {{ margin-left: {self.outer:g}mm; margin-right: {self.inner:g}mm }}\n"
            f"@page :right {{ margin-left: {self.inner:g}mm; margin-right: {self.outer:g}mm }}\n"
            f".plate {{ --measure: {self.width - self.inner - self.outer:g}mm; "
            f"--depth: {self.height - self.top - self.bottom:g}mm }}\n"
        )


@dataclass(frozen=True, slots=True)
class Face:
    """One font face: where its file is, which instance of a variable font it is.

    Exactly one of `package` (a Python package that carries the file) and `system` (a file
    name in the machine's font folders) is set; `face` names one font of a collection. A face
    with `lang`, languages as BCP 47 tags, is that of a script: text in them is set in it.
    """

    family: str
    package: str | None = None
    file: str | None = None
    system: str | None = None
    face: str | None = None
    weight: int = 400
    style: str = "normal"
    axes: tuple[tuple[str, float], ...] = ()
    licence: str = "SIL Open Font License 1.1"
    install: str | None = None
    lang: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Style:
    """A style ready for use: its folders from the root style to itself, page, faces, colours, and
    where its pages have notes (one of `NOTES`)."""

    name: str
    folders: tuple[Path, ...]
    geometry: Geometry
    faces: tuple[Face, ...]
    ground: str
    ink: str
    notes: str = "end"
    own_css: str = ""

    def css(self, tier: str) -> str:
        """The stylesheet of a tier, the parent's rules first."""
        texts = [path for folder in self.folders if (path := folder / f"{tier}.css").is_file()]
        return "\n".join(_read(path).strip() for path in texts) + "\n"

    @property
    def template_folders(self) -> list[Path]:
        """Where templates are looked for: this style first, the shared ones last."""
        own = [folder / "templates" for folder in reversed(self.folders)]
        return [*own, shipped_styles() / "templates"]


def shipped_styles() -> Path:
    """The folder of the shipped styles: in the installed package, or beside it in a checkout."""
    inside = Path(__file__).parent / "styles"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "styles"


def known_styles(book_folder: Path | None = None) -> list[str]:
    """The names of the styles that a book can use."""
    roots = [shipped_styles(), *([book_folder] if book_folder else [])]
    return sorted({path.parent.name for root in roots for path in root.glob("*/style.toml")})


def load_style(
    name: str,
    *,
    book_folder: Path | None = None,
    ground: str | None = None,
    ink: str | None = None,
) -> Style:
    """The style of a name; `ground` and `ink` (like '#7a1f23') replace the cover's colours.

    The `book.css` of the book's folder comes with it. Raises `StyleError` for an unknown name,
    a circle of `inherit`, a fault in a style.toml.

    >>> load_style("classic").geometry.width
    148
    """
    files: list[TomlFile] = []
    wanted: str | None = name
    while wanted is not None:
        folder = _find(wanted, book_folder)
        if any(file.path.parent == folder for file in files):
            raise StyleError(f"{folder / 'style.toml'}: the style inherits from itself")
        file = load_toml(folder / "style.toml", StyleError)
        file.check((), file.data, _TOP)
        files.append(file)
        wanted = file.data.get("inherit")
    style = Style(name, (), Geometry(), (), "#333333", "#ffffff")
    for file in reversed(files):
        style = _stacked(style, file)
    own = book_folder / "book.css" if book_folder else None
    return replace(
        style,
        ground=ground or style.ground,
        ink=ink or style.ink,
        own_css=_read(own) if own and own.is_file() else "",
    )


def _read(path: Path) -> str:
    """The text of a stylesheet."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StyleError(f"{path}: cannot be read: {error}", hint="save it as UTF-8") from error


def _find(name: str, book_folder: Path | None) -> Path:
    if not re.fullmatch(r"[\w-]+", name):
        raise StyleError(f"'{name}' is no name of a style", hint="use letters, digits, '-' and '_'")
    for root in (book_folder, shipped_styles()):
        if root and (root / name / "style.toml").is_file():
            return root / name
    raise StyleError(f"unknown style '{name}'. Known: {', '.join(known_styles(book_folder))}")


def _stacked(parent: Style, file: TomlFile) -> Style:
    """The parent with what one style.toml says."""
    data = file.data
    page = data.get("page", {})
    file.check(("page",), page, _PAGE)
    for key in ("ground", "ink"):
        if key in data and not re.fullmatch(r"#[0-9a-fA-F]{6}", data[key]):
            raise file.fault((key,), f"'{data[key]}' is no colour", hint="write it as '#7a1f23'")
    text = _faces(file, "font", _FONT) or tuple(face for face in parent.faces if not face.lang)
    scripts = _faces(file, "script", _SCRIPT)
    named = {(face.lang, face.weight, face.style) for face in scripts}
    inherited = (face for face in parent.faces if face.lang)
    kept = (face for face in inherited if (face.lang, face.weight, face.style) not in named)
    if data.get("notes", "end") not in NOTES:
        raise file.fault(("notes",), f"unknown '{data['notes']}'. Known: {', '.join(NOTES)}")
    return replace(
        parent,
        folders=(*parent.folders, file.path.parent),
        geometry=replace(parent.geometry, **page),
        faces=(*text, *scripts, *kept),
        ground=data.get("ground", parent.ground),
        ink=data.get("ink", parent.ink),
        notes=data.get("notes", parent.notes),
    )


def _faces(file: TomlFile, key: str, known: dict[str, Kind]) -> tuple[Face, ...]:
    return tuple(_face(file, (key, n), one, known) for n, one in enumerate(file.data.get(key, [])))


def _face(
    file: TomlFile, where: tuple[str, int], table: dict[str, Any], known: dict[str, Kind]
) -> Face:
    file.check(where, table, known)
    if "family" not in table or ("package" in table) == ("system" in table):
        raise file.fault(where, "a font needs 'family' and one of 'package' and 'system'")
    if "lang" in known and not table.get("lang"):
        raise file.fault(where, "the font of a script needs 'lang', the languages that it sets")
    stated = table.get("axes", {})
    file.check((*where, "axes"), stated, dict.fromkeys(stated, NUMBER))
    axes = tuple(sorted((tag, float(value)) for tag, value in stated.items()))
    values = {key: value for key, value in table.items() if key not in ("axes", "lang")}
    return Face(**values, axes=axes, lang=strings(table.get("lang")))
