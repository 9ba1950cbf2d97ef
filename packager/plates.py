"""Plates: the pictures of the documents, in the form in which every edition prints them.

Reading systems and stores take JPEG and PNG, so all else becomes one of these: an sRGB or grey
picture on white, upright, of at most `LONG` pixels, without Exif, XMP and other metadata, which
may tell where somebody lives. A JPEG that is so already keeps its pixels byte for byte. The same
picture gives the same bytes wherever the same Pillow works.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

import PIL
from PIL import Image, ImageCms, ImageFile, ImageOps

from packager.book import Document, Plate
from packager.cache import cache_folder, cached, received
from packager.errors import CollectionError
from packager.findings import Report
from packager.notes import Described
from packager.pictures import FAULTS, Size, bytes_of, measured, opened
from packager.speech import BlockKind, Picture

FORM = 1
LONG = 1800
"""Pixels of the longer side: 107 mm, the measure of a book, at 300 dots an inch are 1264, and two
thirds of its height 1650; a square of it stays below the 4 megapixels that Apple takes."""
LARGE = 1_400_000
"""Bytes of a file; e-ink readers are slow with more, and `packager check` warns of 1.5 million."""
QUALITIES = (90, 82, 74, 66, 50)
"""Qualities of JPEG, of which the first is taken that gives no more than `LARGE` bytes."""
COLOURS = 256
"""A picture of no more colours is a drawing, and stays PNG."""
_NAME_OF_FILE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|tiff?|bmp)$", re.IGNORECASE)
"""What pages write for the words of a picture and is none."""
_DRAWN = frozenset({"PNG", "GIF", "BMP"})


def plated(
    documents: Mapping[str, Document], described: Sequence[Described], report: Report
) -> dict[str, Document]:
    """The documents by anchor with the plates of their pictures; a text that stands beside its
    translation has none.

    Pictures that are damaged, or whose bytes are lost, are told and not printed; so are those
    that nobody describes. Raises `CollectionError` for a description of no picture of the book.
    """
    said = _named([p for one in documents.values() for p in one.speech.pictures], described)
    return {
        anchor: replace(one, plates=tuple(_plates(one, said, report)))
        if one.speech.pictures and not (one.second or one.translation)
        else one
        for anchor, one in documents.items()
    }


def _named(pictures: Sequence[Picture], described: Sequence[Described]) -> dict[Picture, Described]:
    """What the editor says of each picture; the last word counts."""
    said: dict[Picture, Described] = {}
    for one in described:
        found = [picture for picture in pictures if _means(one, picture)]
        if not found:
            raise CollectionError(
                f"{one.place}: no picture of the book is '{one.file or one.sha256}'",
                hint="name its file or its digest, as 'packager read --json' prints them",
            )
        said |= dict.fromkeys(found, one)
    return said


def _means(one: Described, picture: Picture) -> bool:
    named = not one.file or f"/{picture.path}".endswith(f"/{one.file}")
    return named and picture.sha256.startswith(one.sha256)


def _plates(
    document: Document, said: Mapping[Picture, Described], report: Report
) -> Iterator[Plate]:
    blocks = document.speech.blocks
    place = document.speech.provenance.path
    for picture in document.speech.pictures:
        editor = said.get(picture)
        if editor and editor.skip:
            continue
        data = bytes_of(picture.sha256)
        if data is None:
            report.warn(
                "picture-lost",
                place,
                f"the bytes of {picture.path} are not at hand, so the book lacks the picture",
                "read its page again, and look whether the cache can be written",
            )
            continue
        try:
            form, size = book_form(data, picture.sha256)
        except FAULTS:
            report.warn(
                "picture-damaged",
                place,
                f"{picture.path} cannot be drawn, so the book lacks the picture",
                "save the page again, or write skip = true in its [[picture]] table",
            )
            continue
        alt, caption = _words(picture, editor, place, report)
        at = picture.at
        while 0 < at < len(blocks) and blocks[at - 1].kind is BlockKind.DATELINE:
            at += 1  # which runs into its paragraph
        digest = hashlib.sha256(form).hexdigest()
        name = f"p-{digest[:16]}.{'jpg' if size.media_type == 'image/jpeg' else 'png'}"
        kept = received(_key(picture.sha256), form, cache_folder())
        yield Plate(at, picture, name, size.media_type, size.width, size.height, alt, caption, kept)


def _words(
    picture: Picture, editor: Described | None, place: str, report: Report
) -> tuple[str, str]:
    """The words that stand for a picture, and its caption: the editor's before the page's.

    A caption stands for a picture that has no other words. Without either a picture is an
    ornament, told unless the page or the editor says so.
    """
    caption = picture.caption
    if editor and editor.caption is not None:
        caption = editor.caption
    alt = editor.alt if editor and editor.alt is not None else picture.alt
    if alt and _NAME_OF_FILE.search(alt):
        alt = None
    if not alt and not (editor and editor.alt == ""):
        alt = caption or alt
    if alt is None:
        report.warn(
            "picture-no-alt",
            place,
            f"no words stand for the picture {picture.path}; screen readers pass it by",
            f'write [[picture]] sha256 = "{picture.sha256[:12]}" alt = "..." in a file of notes; '
            'alt = "" says that it is an ornament',
        )
    return alt or "", caption


# --- the form that books take ---------------------------------------------------------------


def book_form(data: bytes, sha256: str) -> tuple[bytes, Size]:
    """A picture as a book takes it, with its size. Raises one of `FAULTS` where it is damaged."""
    form = cached(_key(sha256), lambda: _form(data))
    size = measured(form)
    if isinstance(size, str):
        raise ValueError(size)
    return form, size


def _key(sha256: str) -> tuple[str, ...]:
    return (f"plate={FORM}", f"pillow={PIL.__version__}", f"sha256={sha256}")


def _form(data: bytes) -> bytes:
    with opened(data) as image, _to_the_end():
        form = image.format or ""
        image.load()
        turned = ImageOps.exif_transpose(image)
    fits = max(image.size) <= LONG and len(data) <= LARGE
    sound = image.mode in ("L", "RGB") and "icc_profile" not in image.info
    if form == "JPEG" and fits and sound and image.getexif().get(274, 1) == 1:
        return bare_jpeg(data)
    made = _on_white(_in_srgb(turned))
    made.thumbnail((LONG, LONG), Image.Resampling.LANCZOS)
    made.info = {}
    few = made.getcolors(COLOURS) is not None
    if form in _DRAWN or few:
        drawn = _written(made, "PNG", optimize=True)
        if len(drawn) <= LARGE:
            return drawn
    for quality in QUALITIES:
        photograph = _written(made, "JPEG", quality=quality, optimize=True)
        if len(photograph) <= LARGE:
            break
    return photograph


@contextmanager
def _to_the_end() -> Iterator[None]:
    """Within it a picture that breaks off is damaged; WeasyPrint has Pillow draw what is there, for
    the whole program."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _written(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def _in_srgb(image: Image.Image) -> Image.Image:
    """The colours of a picture as sRGB: by its own profile where it has a sound one."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith(("I", "F")):  # of more than 8 bits
        return image.convert("F").point(lambda value: value / 256).convert("L")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            own = ImageCms.getOpenProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(
                image, own, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            if made is not None:
                return made
    return image


def _on_white(image: Image.Image) -> Image.Image:
    """A picture in RGB or grey; what shines through is white, as the page is."""
    if "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "La", "RGBa"):
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image).convert("RGB")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def bare_jpeg(data: bytes) -> bytes:
    r"""A JPEG without what is not needed to draw it: all application segments but those of JFIF and
    Adobe, and comments (ITU-T T.81, B.1.1.3).

    >>> bare_jpeg(b"\xff\xd8\xff\xe1\x00\x06Exif\xff\xda\x00\x02..")
    b'\xff\xd8\xff\xda\x00\x02..'
    """
    out = [data[:2]]
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        marker = data[at + 1]
        if marker == 0xFF:  # fill
            at += 1
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        told = 0xE1 <= marker <= 0xEF and marker != 0xEE
        if not (told or marker == 0xFE):
            out.append(data[at:end])
        at = end
    return b"".join([*out, data[at:]])
