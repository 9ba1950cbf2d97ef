"""The sound EPUB in `sound/`, with a cover and a font made here, and the way to pack it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib.tables._g_l_y_f import Glyph
from PIL import Image

Members = dict[str, bytes]

SOUND = Path(__file__).parent / "sound"


def _picture(kind: str, width: int, height: int, mode: str = "RGB") -> bytes:
    """A plain picture of this kind and size."""
    file = io.BytesIO()
    Image.new(mode, (width, height), "grey").save(file, kind)
    return file.getvalue()


def _typeface(rights: int = 0) -> bytes:
    """A TrueType font in which every ASCII letter is an empty glyph."""
    codes = range(32, 127)
    names = [".notdef", *(f"g{code}" for code in codes)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({code: f"g{code}" for code in codes})
    builder.setupGlyf({name: Glyph() for name in names})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (500, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "River", "styleName": "Regular"})
    builder.setupOS2(fsType=rights)
    builder.setupPost()
    file = io.BytesIO()
    builder.save(file)
    return file.getvalue()


@pytest.fixture(scope="session")
def picture() -> Callable[..., bytes]:
    """Makes a plain picture: kind, width, height, mode."""
    return _picture


@pytest.fixture(scope="session")
def typeface() -> Callable[..., bytes]:
    """Makes a font: rights (the bits of fsType)."""
    return _typeface


@pytest.fixture(scope="session")
def media() -> Members:
    """The members of the sound book that are no text."""
    return {
        "OEBPS/images/cover.png": _picture("PNG", 1500, 2400),
        "OEBPS/fonts/River.ttf": _typeface(),
    }


@pytest.fixture
def members(media: Members) -> Members:
    """The members of a sound EPUB, mimetype first, to be changed and packed."""
    texts = sorted(path for path in SOUND.rglob("*") if path.is_file())
    found = {path.relative_to(SOUND).as_posix(): path.read_bytes() for path in texts}
    return {"mimetype": b"application/epub+zip", **found, **media}


@pytest.fixture
def pack(tmp_path: Path) -> Callable[[Members], Path]:
    """Writes members into an EPUB, every entry with one fixed stamp; gives its path."""

    def write(members: Members) -> Path:
        path = tmp_path / "book.epub"
        with ZipFile(path, "w") as archive:
            for name, data in members.items():
                entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.external_attr = 0o100644 << 16
                entry.create_system = 3
                entry.compress_type = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
                archive.writestr(entry, data)
        return path

    return write
