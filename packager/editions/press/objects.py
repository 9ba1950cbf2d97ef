"""Objects taken out of a PDF, to be given other numbers in the book (ISO 32000-1 §7.3.10).

What a text refers to is a mark in it: the objects that were taken with it by their place among
them, what the whole book has by a letter. So a galley is read once, by the worker that sets it,
and binding it is filling in numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Name, Object, Stream

from packager.editions.pdf_file import Thing, packed_stream

Id = tuple[int, int]
"""Number and generation of an object in the PDF that it is taken from."""

FONTS = Name("/PressFonts")
"""In a PDF to be taken apart: stands for the fonts of the book, as a dictionary."""
MORE_FONTS = Name("/PressMoreFonts")
"""There, as key and value: stands for the entries of that dictionary."""
_TOKEN = re.compile(
    rb"\((?:[^()\\]|\\.)*+\)|(\d+) (\d+) R\b|(/PressFonts\b)|(/PressMoreFonts /PressMoreFonts\b)"
    rb"|/Press(Key|Id)(\d+)\b",
    re.DOTALL,
)
"""Strings, which are left alone (qpdf escapes the brackets in them); references; names of ours."""
_MARK = re.compile(rb"\x01([^\x02]+)\x02")
"""qpdf writes no control character into a text, so marks are never part of one."""
_BETWEEN = b"\x03"


def key_name(number: int) -> Name:
    """Stands for a key of the parent tree, counted from 0 in its galley."""
    return Name(f"/PressKey{number}")


def id_name(number: int) -> Name:
    """Stands for an ID of the ID tree, by its place among those of its galley."""
    return Name(f"/PressId{number}")


@dataclass(frozen=True, slots=True)
class Objects:
    """Objects by their places: their texts with marks in them, and the data of streams."""

    texts: tuple[bytes, ...]
    streams: Mapping[int, bytes]

    def to_bytes(self) -> tuple[list[list[int]], bytes]:
        """The objects for the cache: the places and lengths of streams, and the rest."""
        lengths = [[number, len(data)] for number, data in self.streams.items()]
        return lengths, b"\x04".join([_BETWEEN.join(self.texts), b"".join(self.streams.values())])

    @classmethod
    def from_bytes(cls, lengths: Sequence[Sequence[int]], data: bytes) -> Objects:
        """The objects out of the cache."""
        texts, _, raw = data.partition(b"\x04")
        streams: dict[int, bytes] = {}
        at = 0
        for number, length in lengths:
            streams[number] = raw[at : at + length]
            at += length
        return cls(tuple(texts.split(_BETWEEN)) if texts else (), streams)

    def placed(self, first: int, fill: Callable[[bytes], bytes]) -> Iterator[Thing]:
        """The objects with numbers from `first` on; `fill` as in `filled`."""
        for place, text in enumerate(self.texts):
            yield Thing(first + place, filled(text, first, fill), self.streams.get(place))


def filled(text: bytes, first: int, fill: Callable[[bytes], bytes]) -> bytes:
    """A text with numbers for its marks: `first` is that of the first object taken with it, and
    `fill` says what stands for a mark of the book."""

    def number(match: re.Match[bytes]) -> bytes:
        name = match[1]
        return b"%d 0 R" % (first + int(name)) if name.isdigit() else fill(name)

    return _MARK.sub(number, text)


class Taking:
    """What is being taken out of a PDF: objects get their places as they are met."""

    def __init__(self, pdf: pikepdf.Pdf, known: Mapping[Id, bytes]) -> None:
        """`known` are the objects that the book has: id -> mark."""
        self._pdf = pdf
        self._known = known
        self._places: dict[Id, int] = {}

    def place(self, thing: Object | Id) -> int:
        """The place of an object, which is taken with the others."""
        wanted = thing if isinstance(thing, tuple) else thing.objgen
        return self._places.setdefault(wanted, len(self._places))

    def text(self, thing: Object) -> bytes:
        """The text of a value with marks for what it refers to, all of which is taken too."""
        return _TOKEN.sub(self._mark, thing.unparse())

    def inside(self, thing: Object) -> bytes:
        """The text of a dictionary's entries, or of an array's members."""
        text = _TOKEN.sub(self._mark, thing.unparse(resolved=True))
        return text[2:-2].strip() if text.startswith(b"<<") else text[1:-1].strip()

    def _mark(self, match: re.Match[bytes]) -> bytes:
        if match[1]:
            known = (int(match[1]), int(match[2]))
            name = self._known.get(known) or b"%d" % self.place(known)
        elif match[3]:
            name = b"fonts"
        elif match[4]:
            name = b"more fonts"
        elif match[5]:
            name = (b"key " if match[5] == b"Key" else b"id ") + match[6]
        else:
            return match[0]
        return b"\x01%s\x02" % name

    def objects(self, made: int = 0) -> Objects:
        """All that was met, and what that refers to; the first places, whose texts are `made`
        elsewhere, are left empty."""
        texts = [b""] * made
        streams: dict[int, bytes] = {}
        while len(texts) < len(self._places):  # a text may take more
            for number, generation in list(self._places)[len(texts) :]:
                thing = self._pdf.get_object(number, generation)
                if isinstance(thing, Stream):
                    text, streams[len(texts)] = self._stream(thing)
                else:
                    text = _TOKEN.sub(self._mark, thing.unparse(resolved=True))
                texts.append(text)
        return Objects(tuple(texts), streams)

    def _stream(self, thing: Stream) -> tuple[bytes, bytes]:
        """A stream as it is filtered; one that is not is deflated, unless it is metadata, which
        programs that know no PDF look for."""
        data = thing.read_raw_bytes()
        entries = {key: value for key, value in thing.stream_dict.items() if key != "/Length"}
        inside = self.inside(pikepdf.Dictionary(entries))
        if "/Filter" in entries or entries.get("/Type") == Name.Metadata:
            return b"<< %s /Length %d >>" % (inside, len(data)), data
        return packed_stream(inside, data)
