"""Building: what appears in the folder, when it does not, and that it is the same every time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree

import packager
from packager.book import Account
from packager.editions import EDITIONS
from packager.errors import CollectionError, EditionError, FidelityError
from packager.findings import Report
from packager.ledger import compare_pages, compare_words, epub_ledger, words_of
from packager.speech import Block, BlockKind, plain
from tests.conftest import SPEECH, BuiltBook, copy_examples, small_book
from tests.press.books import book_of, speech


def test_each_edition_is_named_after_the_folder(built: BuiltBook) -> None:
    assert built.epub.name == f"{built.name}.epub"
    assert built.pdf.name == f"{built.name}-screen.pdf"
    made = sorted(one.path.name for one in built.made.values())
    assert sorted(path.name for path in built.epub.parent.iterdir()) == made
    printed = {"print": f"{built.name}-print.pdf", "cover": f"{built.name}-cover.pdf"}
    for edition in {"print", "cover"} & set(built.made):
        assert built.made[edition].path.name == printed[edition]


def test_every_word_of_every_document_is_counted_in_every_edition(built: BuiltBook) -> None:
    for made in built.made.values():
        if made.edition == "cover":
            assert made.ledger == ()
            continue
        assert made.words == built.book.words
        assert [entry.document for entry in made.ledger] == [d.number for d in built.book.documents]
        assert all(entry.equal for entry in made.ledger)


def test_a_gap_of_the_source_is_shown_in_every_edition(tmp_path: Path) -> None:
    """TEI states a gap without a word; the book may not close it."""
    book = small_book(tmp_path)
    (tmp_path / "pages" / "letter.xml").write_text(
        '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>To the '
        "Ferrymen</title></titleStmt></fileDesc></teiHeader><text><body><div><p>You were promised "
        "<gap quantity='3' unit='words'/> <pb n='2'/>and given rain.</p></div></body></text></TEI>",
        "utf-8",
    )
    wanted = "You were promised […] and given rain."
    epub, screen = packager.build(book, editions=["epub", "screen"], environ={})
    with zipfile.ZipFile(epub.path) as archive:
        page = etree.fromstring(archive.read("EPUB/text/d1.xhtml"))
    assert wanted in " ".join("".join(page.itertext()).split())
    pdf = pypdfium2.PdfDocument(screen.path)
    assert any(wanted in pdf[n].get_textpage().get_text_bounded() for n in range(len(pdf)))
    pdf.close()


def test_the_account_names_every_page_of_the_archive(built: BuiltBook) -> None:
    account: Account = built.book.account
    files = sum(1 for path in (built.epub.parents[2] / "archive").iterdir() if path.is_file())
    assert account.pages == files
    assert account.pages == account.speeches + sum(count for _, count in account.refused)
    printed = len(list(built.book.documents))
    assert account.speeches == printed + account.repeats + len(account.unselected)


EVERY = [word for name in EDITIONS for word in ("--edition", name)]
HOSTILE_ENVIRONMENTS = [
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Seoul", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "77", "TZ": "America/New_York", "LC_ALL": "C.UTF-8"},
]


def test_the_same_pages_give_the_same_bytes(tmp_path: Path) -> None:
    """Every edition, in other folders, hash seeds, time zones, locales, umasks, with cold caches
    and then a warm one, a second apart; the book has a Korean font out of a collection."""
    digests = []
    for n, environment in enumerate([*HOSTILE_ENVIRONMENTS, {"PYTHONHASHSEED": "3"}]):
        folder = copy_examples(tmp_path / f"elsewhere-{n}")
        old = os.umask(0o022 if n else 0o077)
        try:
            run = subprocess.run(
                [sys.executable, "-m", "packager", "build", "harbour-lights", "--json", *EVERY],
                cwd=folder,
                env={
                    **os.environ,
                    **environment,
                    "PACKAGER_CACHE": str(tmp_path / f"{n % 2}"),
                },
                capture_output=True,
                text=True,
                check=True,
            )
        finally:
            os.umask(old)
        digests.append([made["sha256"] for made in json.loads(run.stdout)["editions"]])
        time.sleep(1.1)
    assert len(digests[0]) == len(EDITIONS)
    assert digests[0] == digests[1] == digests[2]


def test_source_date_epoch_is_the_date_of_the_files(tmp_path: Path) -> None:
    book = small_book(tmp_path / "b", one=SPEECH)
    (made,) = packager.build(book, editions=["epub"], environ={"SOURCE_DATE_EPOCH": "1000000000"})
    package = zipfile.ZipFile(made.path).read("EPUB/content.opf").decode()
    assert '<meta property="dcterms:modified">2001-09-09T01:46:40Z</meta>' in package


def test_without_any_date_the_clock_is_used_and_said_so(tmp_path: Path) -> None:
    book = small_book(tmp_path / "b", one="Good evening to you all\n\nThat is all I have to say.")
    book.write_text(book.read_text("utf-8").replace("date = 2020-01-01\n", ""), "utf-8")
    report = Report()
    packager.build(book, editions=["epub"], report=report, environ={}, clock=lambda: 0)
    assert [str(finding) for finding in report] == [
        "book.toml: warning: neither the book nor its pages state a date; the clock was used and "
        "builds will differ (book-date-clock); add date = 2022-03-01 (the edition's day) to [book]"
    ]


def test_a_style_that_hides_words_fails_the_build_and_leaves_no_file(tmp_path: Path) -> None:
    book = small_book(tmp_path / "b", css=".salute { display: none }", one=SPEECH)
    with pytest.raises(FidelityError) as caught:
        packager.build(book, editions=["screen"])
    assert str(caught.value) == (
        "b-screen.pdf: document 1 (“To the Gardeners of the Ninth Terrace”) differs at word 1: "
        "the speech has “Dear gardeners, You were promised rain”, the edition “nothing like it”; "
        "the file was not kept; please report this with the page"
    )
    assert list((tmp_path / "b" / "out").iterdir()) == []


def test_a_style_that_changes_letters_fails_the_build(tmp_path: Path) -> None:
    book = small_book(tmp_path / "b", css=".text { text-transform: uppercase }", one=SPEECH)
    with pytest.raises(FidelityError, match="differs at word"):
        packager.build(book, editions=["screen"])


def test_the_ledger_finds_a_word_taken_out_of_a_finished_epub(built: BuiltBook) -> None:
    document = next(iter(built.book.documents))
    word = max(words_of(document), key=len)
    changed = Path(built.epub).with_suffix(".changed")
    with zipfile.ZipFile(built.epub) as source, zipfile.ZipFile(changed, "w") as out:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("/d1.xhtml"):
                data = data.replace(word.encode(), b"", 1) if word.encode() in data else data
                head, text = data.split(b'id="d1-text"')
                data = head + b'id="d1-text"' + text.replace(word.encode(), b"", 1)
            out.writestr(name, data)
    first = next(iter(epub_ledger(changed, built.book)))
    changed.unlink()
    assert not first.equal
    assert first.difference is not None and word in first.difference


def test_words_of_another_order_or_parted_otherwise_are_not_equal(built: BuiltBook) -> None:
    document = next(one for one in built.book.documents if not one.marks)
    words = words_of(document)
    assert compare_words(document, words).equal
    assert not compare_words(document, [*words[1:], words[0]]).equal
    assert not compare_words(document, [*words, "more"]).equal
    lines = [" ".join(words[n : n + 7]) for n in range(0, len(words), 7)]
    assert compare_pages(document, [["other matter", *lines], ["after it"]]).equal
    glued = [lines[0].replace(" ", "", 1), *lines[1:]]
    assert "run together" in str(compare_pages(document, [glued]).difference)
    split = [lines[0][:2] + " " + lines[0][2:], *lines[1:]]
    assert "split" in str(compare_pages(document, [split]).difference)


def test_a_sign_drawn_over_its_letter_may_seem_to_end_a_word() -> None:
    """PDFium sees a space behind the dot of Tamil where another font follows."""
    text = "ஆம், அந்த நாள்-இந்த நாள்"
    document = next(iter(book_of([speech(1, [Block(BlockKind.P, plain(text))])]).documents))
    assert compare_pages(document, [["ஆம் , அந்த நாள் -இந்த நாள்"]]).equal
    split = compare_pages(document, [["ஆம், அந்த நாள்-இந்த ந ாள்"]])
    assert "split" in str(split.difference)


def test_a_hyphen_of_the_layout_is_undone_and_one_of_the_text_is_kept(tmp_path: Path) -> None:
    book = small_book(
        tmp_path / "b",
        css=".text { width: 26mm }",
        one=SPEECH + "\n" + "An extraordinarily well-intentioned half-hour. " * 12,
    )
    (made,) = packager.build(book, editions=["screen"])
    assert made.ledger[0].equal


def test_unknown_editions_and_folders_that_cannot_be_made_are_told(tmp_path: Path) -> None:
    book = small_book(tmp_path / "b", one=SPEECH)
    with pytest.raises(
        CollectionError, match=r"unknown edition 'mobi'\. Known: epub, screen, archive, print"
    ):
        packager.build(book, editions=["mobi"])
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(EditionError, match="the folder cannot be made"):
        packager.build(book, out=tmp_path / "file" / "out")


def test_a_build_that_is_killed_leaves_nothing_under_the_edition_name(tmp_path: Path) -> None:
    folder = copy_examples(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-m", "packager", "build", "harbour-lights", "--edition", "screen"],
        cwd=folder,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    out = folder / "harbour-lights" / "out"
    while not out.exists():
        assert process.poll() is None
        time.sleep(0.05)
    process.kill()
    process.wait()
    assert list(out.iterdir()) == []
