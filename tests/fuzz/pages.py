"""What is spoilt: small invented pages, one of each form that is read, and files of a real archive,
alone, with their neighbours, and packed in every way that is opened.
"""

from __future__ import annotations

import bz2
import gzip
import importlib.util
import io
import lzma
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from fastwarc.stream_io import Lz4Writer, ZstdWriter

from packager import dump_speech, read
from packager.findings import UNSHOWN
from packager.readers.profiles import FOLDER
from packager.readers.table_mapping import is_mapping
from tests.fuzz.judge import Folder
from tests.fuzz.mutations import mutated

EXAMPLES = Path(__file__).parents[2] / "examples" / "archive"
INVENTED = Path(__file__).parent / "invented"
LARGEST = 400_000
"""Bytes of a real file that are taken; the first ones."""


@dataclass(frozen=True)
class Pages:
    """Pages to spoil, by form or by the folder of an archive; `beside` are the files that a page
    is read with (side tables, lists of persons, profiles)."""

    kinds: Mapping[str, Sequence[tuple[str, Path | bytes]]]
    beside: Mapping[str, Mapping[str, Path | bytes]] = field(default_factory=dict)

    def data(self, kind: str, at: int) -> tuple[str, bytes]:
        """Name and bytes of one page."""
        name, content = self.kinds[kind][at]
        return name, _bytes(content)

    def some(self, rng: Random) -> tuple[str, str, bytes]:
        """A page of a kind, all kinds alike: kind, name, bytes."""
        kind = rng.choice(sorted(self.kinds))
        return kind, *self.data(kind, rng.randrange(len(self.kinds[kind])))


def _bytes(content: Path | bytes) -> bytes:
    if isinstance(content, bytes):
        return content
    with content.open("rb") as file:
        return file.read(LARGEST)


def case(seed: int, pages: Pages) -> Folder:
    """The spoilt archive of this seed: the same for the same pages."""
    rng = Random(seed)
    kind, name, data = pages.some(rng)
    others = [pages.some(rng)[2] or b"a" for _ in range(2)]
    files: dict[str, bytes] = {}
    beside = pages.beside.get(kind, {})
    for other in rng.sample(sorted(beside), min(len(beside), 3)) if rng.random() < 0.5 else ():
        own = _bytes(beside[other])
        files[other] = mutated(rng, own, others) if rng.random() < 0.5 else own
    spoilt = mutated(rng, data, others)
    if rng.random() < 0.1:  # a name that lies, or that nobody can print
        name = f"{rng.choice(STEMS) or name.rpartition('.')[0]}{rng.choice(ENDINGS)}"
    if rng.random() < 0.15:
        packing = rng.choice(sorted(PACKINGS))
        name, packed = PACKINGS[packing](name, spoilt)
        spoilt = mutated(rng, packed, others) if rng.random() < 0.5 else packed
    return {**files, name: spoilt}


STEMS = ("", "", "", "a\nb\x1b[1m", "\udcff", "2021-02-30-\u2028", "x" * 200, "1797-", "#", "..a")
ENDINGS = (
    ".txt",
    ".html",
    ".md",
    ".json",
    ".jsonl",
    ".csv",
    ".tsv",
    ".xml",
    ".parquet",
    "",
    ".mht",
)


# --- packing -------------------------------------------------------------------------------


def _zip(name: str, data: bytes) -> tuple[str, bytes]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(UNSHOWN.sub("_", name), data)
        packed.writestr("../b.txt", "Dear ringers,\n\nIt is noon.")
    return f"{name}.zip", out.getvalue()


def _wacz(name: str, data: bytes) -> tuple[str, bytes]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr("archive/data.warc.gz", gzip.compress(_warc(name, data)[1], 1))
        packed.writestr("datapackage.json", "{}")
        packed.writestr("pages/pages.jsonl", "{}\n")
    return f"{name}.wacz", out.getvalue()


def _warc(name: str, data: bytes) -> tuple[str, bytes]:
    kind = "text/html" if name.endswith((".html", ".htm")) else "text/plain"
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n" % kind.encode() + data
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2021-04-07T10:20:30Z\r\n"
        "WARC-Target-URI: http://lamps.example/a\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return f"{name}.warc", (head.encode() + answer + b"\r\n\r\n") * 2


def _arc(name: str, data: bytes) -> tuple[str, bytes]:
    head = b"1 0 Lamps\nURL IP-address Archive-date Content-type Archive-length\n"
    answer = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + data
    first = b"filedesc://a.arc 0.0.0.0 20210407102030 text/plain %d\n" % len(head)
    second = b"http://lamps.example/a 1.2.3.4 20210407102030 text/html %d\n" % len(answer)
    return f"{name}.arc", b"\n".join((first + head, second + answer, b""))


def _mhtml(name: str, data: bytes) -> tuple[str, bytes]:
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://lamps.example/a\r\n"
        "Subject: Tides\r\nDate: Wed, 7 Apr 2021 10:20:30 -0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="a"\r\n\r\n\r\n--a\r\n'
        "Content-Type: text/html\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    )
    return f"{name}.mhtml", head.encode() + data + b"\r\n--a--\r\n"


def _zst(name: str, data: bytes) -> tuple[str, bytes]:
    with Out() as out, ZstdWriter(out) as writer:
        writer.write(data)
    return f"{name}.zst", out.kept


def _lz4(name: str, data: bytes) -> tuple[str, bytes]:
    with Out() as out, Lz4Writer(out) as writer:
        writer.write(data)
    return f"{name}.lz4", out.kept


class Out(io.BytesIO):
    """A file in memory whose bytes outlive its closing."""

    kept = b""

    def close(self) -> None:
        if not self.closed:
            self.kept = self.getvalue()
        super().close()


PACKINGS = {
    "gz": lambda name, data: (f"{name}.gz", gzip.compress(data, 1, mtime=0)),
    "bz2": lambda name, data: (f"{name}.bz2", bz2.compress(data, 1)),
    "xz": lambda name, data: (f"{name}.xz", lzma.compress(data, preset=0)),
    "zst": _zst,
    "lz4": _lz4,
    "zip": _zip,
    "warc": _warc,
    "arc": _arc,
    "wacz": _wacz,
    "mhtml": _mhtml,
}


# --- pages of a real archive ---------------------------------------------------------------

_ANSWERS = (
    ".expect.json",
    ".gold.json",
    ".gold.txt",
    ".gold.html",
    "INDEX.md",
    "ground-truth.json",
)
_ASIDE = (".csv", ".tsv", ".toml", ".json", ".md", ".xml")


def of_archive(folder: Path) -> Pages:
    """The files of an archive, its folders the kinds; gzipped pages are taken out."""
    kinds: dict[str, list[tuple[str, Path | bytes]]] = defaultdict(list)
    beside: dict[str, dict[str, Path | bytes]] = defaultdict(dict)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.name.endswith(_ANSWERS):
            continue
        home = path.parent.parent if path.parent.name == FOLDER else path.parent
        kind, name = home.relative_to(folder).as_posix(), path.relative_to(home).as_posix()
        content: Path | bytes = path
        if name.endswith((".html.gz", ".jsonl.gz")):
            with gzip.open(path) as file:
                name, content = path.stem, file.read(LARGEST)
        if home == path.parent and not is_mapping(path):
            kinds[kind].append((name, content))
        if path.suffix in _ASIDE and path.stat().st_size < 100_000:
            beside[kind][name] = content
    return Pages(kinds, beside)


def with_invented(pages: Pages) -> Pages:
    """The pages of an archive and the invented ones, which hold the forms that it lacks."""
    own = invented()
    return Pages({**own.kinds, **pages.kinds}, {**own.beside, **pages.beside})


# --- invented pages ------------------------------------------------------------------------


def invented() -> Pages:
    """One small page, or a few, of each form that is read."""
    own = of_archive(INVENTED)
    kinds = dict(own.kinds)
    kinds["kcnawatch"] = [(path.name, path) for path in sorted(EXAMPLES.iterdir())]
    kinds["speech-json"] = [("s.jsonl", "\n".join(_speeches()).encode())]
    if importlib.util.find_spec("pyarrow"):
        kinds["parquet"] = [("a.parquet", _parquet())]
    kinds["packed"] = [
        packs(name.rpartition("/")[2], (INVENTED / name).read_bytes())
        for packs in PACKINGS.values()
        for name in ("article/a.html", "text/a.txt", "csv/a.csv")
    ]
    return Pages(kinds, own.beside)


def _speeches() -> Iterator[str]:
    for path in sorted(EXAMPLES.iterdir())[:4]:
        yield from map(dump_speech, read(path, base=EXAMPLES))


def _parquet() -> bytes:
    import pyarrow
    import pyarrow.parquet

    out = io.BytesIO()
    rows = {
        "title": ["To the Ringers", None],
        "text": ["Dear ringers,", "Rise."],
        "year": [2019, 1],
    }
    pyarrow.parquet.write_table(pyarrow.table(rows), out)
    return out.getvalue()
