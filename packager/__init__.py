"""Packager turns archives of speeches into books: EPUB and PDF from one description.

read              ->  Speech ...      packager.read(paths)
load_collection   ->  Collection      packager.load_collection("book.toml")
build             ->  Built ...       packager.build("book.toml")
check             ->  Report          packager.check("out/book.epub")
impose            ->  Path, sheets    packager.impose("out/book-print.pdf")
export            ->  bytes           packager.export("book.toml", "csl")
collate           ->  Collation       packager.collate(speech, other)
"""

from packager.book_toml import load_collection
from packager.build import Built, build
from packager.check import check
from packager.collate import Collation, collate
from packager.collection import Collection
from packager.editions.imposition import impose
from packager.export import export
from packager.findings import Finding, Report
from packager.reading import read
from packager.speech import Speech
from packager.speech_json import dump_speech, load_speech

__all__ = [
    "Built",
    "Collation",
    "Collection",
    "Finding",
    "Report",
    "Speech",
    "build",
    "check",
    "collate",
    "dump_speech",
    "export",
    "impose",
    "load_collection",
    "load_speech",
    "read",
]
