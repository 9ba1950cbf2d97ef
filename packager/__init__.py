"""Packager turns archives of speeches into books: EPUB and PDF from one description.

read              ->  Speech ...      packager.read(paths)
load_collection   ->  Collection      packager.load_collection("book.toml")
build             ->  Built ...       packager.build("book.toml")
check             ->  Report          packager.check("out/book.epub")
export            ->  bytes           packager.export("book.toml", "csl")
"""

from packager.build import Built, build
from packager.check import check
from packager.collection import Collection, load_collection
from packager.export import export
from packager.findings import Finding, Report
from packager.reading import read
from packager.speech import Speech, dump_speech, load_speech

__all__ = [
    "Built",
    "Collection",
    "Finding",
    "Report",
    "Speech",
    "build",
    "check",
    "dump_speech",
    "export",
    "load_collection",
    "load_speech",
    "read",
]
