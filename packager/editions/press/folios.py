"""The folio layer: running heads and folios, set apart from the text they stand over.

Empty pages of the same sections, named strings and page numbers get their margin boxes from the
same stylesheets. Many galleys' pages are laid out at once, but written and cached a galley at a
time, so that an edit does not draw a thousand folios again.
"""

from __future__ import annotations

import html
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path

import pikepdf
import weasyprint

from packager.cache import handed
from packager.editions.press.fonts_union import FontUse, left_out
from packager.editions.press.kit import Kit, alone, key_lines, lay, unpacked
from packager.editions.press.objects import Objects
from packager.editions.press.plan import BARE, RECTO, VERSO, page_of
from packager.editions.press.torn import torn_forms
from packager.errors import EditionError

FORMAT = 2
BATCH = 120
"""Pages laid out at once: a document costs 0.1 s to begin, a page of it some milliseconds."""


@dataclass(frozen=True, slots=True)
class Bare:
    """A page without its text. `section` has the attributes of the section that it begins with;
    `sheet` counts from 1."""

    section: str
    blank: bool
    sheet: int
    folio: int
    strings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """The pages of one galley with the blank before it; `carried` are the named strings that
    hold when it begins."""

    pages: tuple[Bare, ...]
    carried: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """The folio layer of a galley: for each of its pages the place of the form to be drawn on it,
    None where it has none; the fonts drawn."""

    forms: tuple[int | None, ...]
    fonts: tuple[FontUse, ...]
    objects: Objects


def key_of(kit: Kit, piece: Piece) -> list[str]:
    """The cache key of a galley's folio layer; of the sheet only the side counts."""
    pages = [asdict(page) | {"sheet": page.sheet % 2} for page in piece.pages]
    return [
        f"folios={FORMAT}",
        *key_lines(kit),
        f"carried={json.dumps(piece.carried)}",
        *(f"page={json.dumps(page, sort_keys=True)}" for page in pages),
    ]


def batches(pieces: Sequence[Piece], numbers: Sequence[int]) -> Iterator[list[int]]:
    """The numbers of the pieces to be set, in batches of at most about `BATCH` pages: an even
    number of equal ones, so that two workers end together."""
    pages = sum(len(pieces[number].pages) for number in numbers)
    most = pages / (2 * ceil(pages / (2 * BATCH))) if pages > BATCH else BATCH
    batch: list[int] = []
    size = 0
    for number in numbers:
        batch.append(number)
        size += len(pieces[number].pages)
        if size >= most:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def set_and_keep(
    kit: bytes, pieces: Sequence[Piece], keys: Sequence[list[str]], folder: Path, near: bool
) -> list[bytes | None]:
    """The worker's part: the layers of a batch set and put into the cache; each as bytes unless
    it is `near`, in a cache that the parent has too."""
    try:
        with alone():
            made = [to_bytes(layer) for layer in set_folios(unpacked(kit), pieces)]
    except EditionError:
        raise
    except Exception as error:
        raise EditionError(
            f"running heads and folios cannot be set: {type(error).__name__}: {error}"
        ) from error
    return [handed(key, data, folder, near) for key, data in zip(keys, made, strict=True)]


def set_folios(kit: Kit, pieces: Sequence[Piece]) -> list[Layer]:
    """Set the folio layers of galleys in the order of the book."""
    body: list[str] = []
    resets: list[str] = []
    first: list[int] = []
    count = 0
    last: Bare | None = None
    for piece in pieces:
        opening = piece.pages[0]
        if last is None or last.sheet + 1 != opening.sheet:
            recto = opening.sheet % 2 == 0
            count += 1 + (last is not None and (last.sheet % 2 == 1) == recto)
            body.append(_flyleaf(piece, RECTO if recto else VERSO))
            last = None
        first.append(count)
        body.append(_sections(piece))
        for page in piece.pages:
            count += 1
            if last is None or last.folio + 1 != page.folio:
                resets.append(f"@page :nth({count}) {{ counter-reset: page {page.folio} }}\n")
            last = page
    side = VERSO if pieces[0].pages[0].sheet % 2 else RECTO
    css = f"{BARE}\nhtml {{ break-before: {side} }}\n{_leaf_css(kit, pieces)}{''.join(resets)}"
    document = lay(kit, [page_of("".join(body))], css)
    if len(document.pages) != count:
        raise EditionError(
            f"the folio layer has {len(document.pages)} pages and should have {count}",
            hint="a rule of the style for sections or @page makes or hides pages; please report it",
        )
    return [
        _layer(kit, document.copy(document.pages[at : at + len(piece.pages)]))
        for at, piece in zip(first, pieces, strict=True)
    ]


def _layer(kit: Kit, document: weasyprint.Document) -> Layer:
    with left_out(kit.fonts) as fonts:
        data = document.write_pdf(pdf_tags=False)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        drawn = [_is_drawn(page) for page in pdf.pages]
        places, objects = torn_forms(pdf, [page for page in pdf.pages if drawn[page.index]])
    found = iter(places)
    forms = tuple(next(found) if one else None for one in drawn)
    return Layer(forms, tuple(fonts), objects)


def _is_drawn(page: pikepdf.Page) -> bool:
    """True when a page draws anything: an operator beyond saving and moving."""
    operators = {str(step.operator) for step in pikepdf.parse_content_stream(page)}
    return not operators <= {"q", "Q", "cm"}


def _leaf_css(kit: Kit, pieces: Sequence[Piece]) -> str:
    """The rules of the empty pages: breaks and strings are those of the galleys and no others.

    A line fills more than half a page, so that each stands on a page of its own without a forced
    break.
    """
    names = {name for piece in pieces for name, _ in piece.carried}
    names |= {name for piece in pieces for page in piece.pages for name, _ in page.strings}
    return (
        "section, section * { break-before: auto !important; break-after: auto !important }\n"
        "[data-press-side=recto] { break-before: recto !important }\n"
        "[data-press-side=verso] { break-before: verso !important }\n"
        "[data-press=flyleaf] { page: press-flyleaf !important }\n"
        f"[data-press=leaf] {{ line-height: {kit.style.geometry.height * 0.6:g}mm !important }}\n"
        "[data-press=leaf] * { display: inline !important }\n"
        + "".join(
            f"[data-press-name={name}] {{ string-set: {name} attr(data-press-value) !important }}\n"
            for name in sorted(names)
        )
    )


def _flyleaf(piece: Piece, side: str) -> str:
    """A page before a piece that does not follow the one before it; it carries the strings."""
    leaf = _leaf(piece.carried)
    return f'<section data-press="flyleaf" data-press-side="{side}">{leaf}</section>'


def _sections(piece: Piece) -> str:
    """The sections of a piece, a line a page. Only where the galley has a forced break is one
    here, for a forced break begins a new sequence of pages (CSS GCPM 3 §3.3)."""
    out: list[str] = []
    inside: str | None = None
    forced = True
    for page in piece.pages:
        if page.blank:
            forced = True
            continue
        side = RECTO if page.sheet % 2 else VERSO
        rule = f' data-press-side="{side}"' if forced else ""
        if page.section != inside:
            out += ["</section>"] * (inside is not None)
            out += [f"<section{page.section}{rule}>", _leaf(page.strings)]
            inside = page.section
        else:
            out.append(_leaf(page.strings, rule))
        forced = False
    return "".join(out) + "</section>" * (inside is not None)


def _leaf(strings: Sequence[tuple[str, str]], rule: str = "") -> str:
    """One line that no page holds twice, with the strings that are set on its page."""
    spans = "".join(
        f'<span data-press-name="{name}" data-press-value="{html.escape(value)}">&#160;</span>'
        for name, value in strings
    )
    return f'<div data-press="leaf"{rule}>{spans}&#160;</div>'


def to_bytes(layer: Layer) -> bytes:
    """A layer for the cache: one line of JSON, then the objects."""
    streams, data = layer.objects.to_bytes()
    head = {
        "forms": layer.forms,
        "fonts": [use.to_json() for use in layer.fonts],
        "streams": streams,
    }
    return json.dumps(head).encode() + b"\n" + data


def from_bytes(data: bytes) -> Layer:
    """The layer out of the cache."""
    line, _, rest = data.partition(b"\n")
    head = json.loads(line)
    return Layer(
        tuple(head["forms"]),
        tuple(map(FontUse.from_json, head["fonts"])),
        Objects.from_bytes(head["streams"], rest),
    )
