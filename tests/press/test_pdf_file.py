"""A PDF written as its objects come is one that other programs read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import count

import pikepdf
from hypothesis import given
from hypothesis import strategies as st

from packager.editions.pdf_file import PACK, Thing, packed_stream, write_pdf

BODIES = st.lists(st.one_of(st.integers(), st.binary(max_size=40)), max_size=3 * PACK)


def written(bodies: list[int | bytes]) -> bytes:
    """A PDF of an empty page that has these numbers as objects, and bytes as streams."""
    numbers = count(1)
    catalog, pages, page = next(numbers), next(numbers), next(numbers)
    places = [next(numbers) for _ in bodies]

    def things() -> Iterator[Thing]:
        for place, body in zip(places, bodies, strict=True):
            if isinstance(body, bytes):
                yield Thing(place, *packed_stream(b"/Own true", body))
            else:
                yield Thing(place, b"<< /Value (%d) >>" % body)
        yield Thing(pages, b"<< /Type /Pages /Kids [ %d 0 R ] /Count 1 >>" % page)
        entries = b"/Type /Page /MediaBox [ 0 0 9 9 ] /Resources << >>"
        yield Thing(page, b"<< %s /Parent %d 0 R >>" % (entries, pages))
        kept = b" ".join(b"%d 0 R" % place for place in places)
        yield Thing(catalog, b"<< /Type /Catalog /Pages %d 0 R /Kept [ %s ] >>" % (pages, kept))

    out = io.BytesIO()
    write_pdf(out, "1.7", things(), numbers, b"/Root %d 0 R" % catalog)
    return out.getvalue()


@given(BODIES)
def test_every_object_is_found_where_the_file_says(bodies: list[int | bytes]) -> None:
    with pikepdf.open(io.BytesIO(written(bodies))) as pdf:
        assert pdf.check_pdf_syntax() == []
        kept = [
            one.read_bytes() if isinstance(one, pikepdf.Stream) else int(str(one.Value))
            for one in pdf.Root.Kept
        ]
    assert kept == bodies


@given(BODIES)
def test_the_same_objects_are_the_same_bytes(bodies: list[int | bytes]) -> None:
    assert written(bodies) == written(bodies)
