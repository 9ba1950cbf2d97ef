"""Bad, hostile and odd files: one finding each, the rest of the archive read, nothing fetched."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import socket
from typing import Any

import pytest

from packager import Report, Speech, dump_speech, load_speech, read
from packager.errors import InputError
from packager.readers import READERS
from packager.readers.source import Source

GOOD = "To the Ringers\n\nDear ringers,\n\nIt is noon, or nearly.\n"
BODY = "Dear ringers,\n\nIt is noon, or nearly."
MEGABYTE = 1024 * 1024


def write(path: Path, content: bytes | str, size: int | None = None) -> None:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    if size:
        os.truncate(path, size)


def read_beside_good(
    folder: Path, name: str, content: bytes | str, size: int | None = None
) -> tuple[list[Speech], list[str]]:
    """What a folder gives that holds this file among two good pages."""
    write(folder / "a-good.txt", GOOD)
    write(folder / name, content, size)
    write(folder / "z-good.txt", GOOD.replace("noon", "midnight"))
    report = Report()
    speeches = list(read(folder, report=report, base=folder))
    assert [one.provenance.path for one in speeches][:: len(speeches) - 1 or 1] == [
        "a-good.txt",
        "z-good.txt",
    ], "the pages before and after are read"
    assert report.pages == 3
    return speeches[1:-1], [str(finding) for finding in report]


# --- files that give no speech -------------------------------------------------------------

REFUSED: dict[str, tuple[str, bytes | str, int | None, str]] = {
    "empty": (
        "m.txt",
        b"",
        None,
        "m.txt: error: the file is empty (empty-file); save the page again",
    ),
    "white space": (
        "m.html",
        " \n\t\r\n",
        None,
        "m.html: error: the file is empty (empty-file); save the page again",
    ),
    "a byte order mark and nothing else": (
        "m.txt",
        b"\xef\xbb\xbf\n",
        None,
        "m.txt: error: the file is empty (empty-file); save the page again",
    ),
    "a picture": (
        "m.txt",
        b"\x89PNG\r\n\x1a\n" + bytes(60),
        None,
        "m.txt: error: the file is not text (binary-file); name the saved pages only, or convert "
        "it to text first",
    ),
    "a program": (
        "m.html",
        bytes(range(256)) * 16,
        None,
        "m.html: error: the file is not text (binary-file); name the saved pages only, or "
        "convert it to text first",
    ),
    "a PDF": (
        "m.pdf",
        b"%PDF-1.7\n1 0 obj\n",
        None,
        "m.pdf: error: the file is not text (binary-file); name the saved pages only, or convert "
        "it to text first",
    ),
    "a page of 40 MB": (
        "m.txt",
        GOOD,
        40 * MEGABYTE,
        "m.txt: error: 42 MB in one page; the limit is 34 MB (too-large); split it, or save the "
        "page without its media",
    ),
    "XML of a vocabulary that nobody knows": (
        "m.xml",
        "<bells><bell>It is noon.</bell></bells>",
        None,
        "m.xml: error: no reader knows this form (unknown-form); known forms: "
        f"{', '.join(READERS)}",
    ),
    "marks": (
        "m.txt",
        "%% 1 ~~ 77 || #",
        None,
        "m.txt: error: no words to speak of; perhaps a failed text recognition (not-text); open "
        "the file and look; name the pages without it",
    ),
}


@pytest.mark.parametrize(("name", "content", "size", "told"), REFUSED.values(), ids=REFUSED)
def test_file_is_refused_and_the_rest_is_read(
    name: str, content: bytes | str, size: int | None, told: str, tmp_path: Path
) -> None:
    speeches, findings = read_beside_good(tmp_path, name, content, size)
    assert speeches == []
    assert findings == [told]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_file_without_permission(tmp_path: Path) -> None:
    write(tmp_path / "m.txt", GOOD)
    (tmp_path / "m.txt").chmod(0)
    report = Report()
    assert list(read(tmp_path, report=report, base=tmp_path)) == []
    assert [str(finding) for finding in report] == [
        "m.txt: error: cannot be opened: Permission denied (unreadable); check the file and its "
        "permissions"
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_folder_without_permission(tmp_path: Path) -> None:
    write(tmp_path / "a-good.txt", GOOD)
    (tmp_path / "m").mkdir(mode=0)
    report = Report()
    assert [one.body for one in read(tmp_path, report=report, base=tmp_path)] == [BODY]
    assert [finding.code for finding in report] == ["unreadable"]


def test_file_that_goes_away_while_the_archive_is_read(tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / f"{name}.txt", GOOD)

    def take_away(source: Source) -> None:
        if source.name == "b.txt":
            source.path.unlink()

    report = Report()
    speeches = list(read(tmp_path, report=report, base=tmp_path, progress=take_away))
    assert [one.provenance.path for one in speeches] == ["a.txt", "c.txt"]
    assert str(report.errors[0]) == (
        "b.txt: error: cannot be opened: No such file or directory (unreadable); check the file "
        "and its permissions"
    )


# --- files that are read, with something to say --------------------------------------------


def test_page_that_begins_with_much_white_space_is_read(tmp_path: Path) -> None:
    (speech,), findings = read_beside_good(tmp_path, "m.txt", "\n" * 10_000 + GOOD + "Ring.")
    assert speech.title == "To the Ringers"
    assert findings == []


def test_undeclared_encoding_is_told(tmp_path: Path) -> None:
    content = GOOD.replace("noon", "midi à Vellé").encode("cp1252")
    (speech,), findings = read_beside_good(tmp_path, "m.txt", content)
    assert "midi à Vellé" in speech.body
    assert findings == [
        "m.txt: warning: not UTF-8; read as cp1252 (encoding-guessed); look at the accents; "
        "convert the file to UTF-8 if they are wrong"
    ]


@pytest.mark.parametrize("declared", ["windows-1251", "cp1251", "WINDOWS-1251"])
def test_declared_encoding_is_believed_and_not_guessed(declared: str, tmp_path: Path) -> None:
    html = (
        f'<meta charset="{declared}"><body><h1>Speech by Ada Brink</h1><p>Date: 14/03/2019 | '
        "Source: VNA | Read original</p><p>Друзья, полдень. -0-</p></body>"
    )
    (speech,), findings = read_beside_good(tmp_path, "m.html", html.encode("cp1251"))
    assert speech.body == "Друзья, полдень."
    assert findings == []


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        pytest.param(
            "cp1252",
            "Chers amis, nous voilà réunis à midi près de l’église où sonne la cloche. "
            "Où étiez-vous ? Moi, j’étais déjà là, très petit, le nez en l’air. ",
            id="fr",
        ),
        pytest.param("cp1252", "Liebe Glöckner, es ist zwölf Uhr über den Dächern. ", id="de"),
        pytest.param("cp1251", "Друзья, полдень, и колокол ещё не треснул. ", id="ru"),
        pytest.param("cp949", "친애하는 벗들, 지금은 정오이고 종은 아직 깨지지 않았다. ", id="ko"),
        pytest.param(
            "shift_jis",
            "親愛なる鐘つきの皆さん、正午です。鐘はまだ割れていません。昨日、町長は塔に登り、"
            "綱を一本ずつ調べました。綱は古く、しかし丈夫でした。カタカナのベルも鳴ります。",
            id="ja",
        ),
    ],
)
def test_accents_of_an_undeclared_encoding_are_right(
    encoding: str, words: str, tmp_path: Path
) -> None:
    (speech,), findings = read_beside_good(tmp_path, "m.txt", (words * 9).encode(encoding))
    assert speech.body == (words * 9).strip()
    assert len(findings) == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_mark_says_the_encoding(encoding: str, tmp_path: Path) -> None:
    (speech,), findings = read_beside_good(
        tmp_path, "m.txt", f"{GOOD}Ring à Vellé.".encode(encoding)
    )
    assert speech.title == "To the Ringers"
    assert speech.body.endswith("Vellé.")
    assert findings == []


@pytest.mark.parametrize(
    "declared", ["undefined", "none", "idna", "hex", "utf-7", "unicode_escape", "x" * 40]
)
def test_declared_encoding_that_is_none(declared: str, tmp_path: Path) -> None:
    """Pages made by scripts say charset=undefined; others name codecs that are no encodings."""
    html = (
        f'<meta charset="{declared}"><body><h1>Speech by Ada Brink</h1><p>Date: 14/03/2019 | '
        "Source: VNA | Read original</p><p>Friends,</p><p>Ring à Vellé. -0-</p></body>"
    )
    (speech,), findings = read_beside_good(tmp_path, "m.html", html.encode("cp1252"))
    assert speech.body == "Friends,\n\nRing à Vellé."
    assert len(findings) == 1


@pytest.mark.parametrize(
    ("controls", "told"),
    [
        ("\x00\x01\x1b", "3 control characters left out"),
        ("\x7f", "1 control character left out"),
    ],
)
def test_control_characters_are_left_out(controls: str, told: str, tmp_path: Path) -> None:
    content = GOOD.replace("noon", f"no{controls}on") + "Ring."
    (speech,), findings = read_beside_good(tmp_path, "m.txt", content)
    assert speech.body.startswith("Dear ringers,\n\nIt is noon,")
    assert findings == [
        f"m.txt: warning: {told} (characters-dropped); no book format can hold them; compare the "
        "page if words seem to run together"
    ]


def test_form_feed_parts_words(tmp_path: Path) -> None:
    """It is the page break of text that was made from a PDF."""
    (speech,), _ = read_beside_good(
        tmp_path, "m.txt", GOOD.replace("or nearly", "or\fnearly") + "!"
    )
    assert "or nearly." in " ".join(speech.body.split())


# --- hostile pages -------------------------------------------------------------------------

HEAD = "<h1>Speech by Ada Brink</h1><p>Date: 14/03/2019 | Source: VNA (En) | Read original</p>"


def news(words: str) -> str:
    return f"<html><body>{HEAD}<p>Friends,</p><p>It is {words}noon. -0-</p></body></html>"


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(
            news("").replace("<body>", "<body>" + "<div>" * 100_000), id="100,000 divisions"
        ),
        pytest.param(news("<em>" * 100_000 + "</em>" * 100_000), id="100,000 emphases"),
        pytest.param(news("<b><span>" * 50_000), id="100,000 never closed"),
        pytest.param(
            news("").replace("<p>Friends", "<table><tr><td>" * 30_000 + "<p>Friends"),
            id="30,000 tables",
        ),
        pytest.param(news("<!--" + "-" * 100_000 + "-->"), id="a long comment"),
        pytest.param(news("").replace("<p>It", f"<p id='{'x' * 1_000_000}'>It"), id="a long id"),
        pytest.param(
            news("").replace("<body>", "<body><p>Date: 2019" + "<b> </b>" * 50_000),
            id="100,000 tags after what looks like a date line",
        ),
    ],
)
def test_deep_or_long_markup_around_a_page(html: str, tmp_path: Path) -> None:
    (speech,), findings = read_beside_good(tmp_path, "m.html", html)
    assert speech.body == "Friends,\n\nIt is noon."
    assert findings == []


def test_entities_that_swell_stay_as_they_are_written(tmp_path: Path) -> None:
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ring"}">' for n in range(10))
    html = f"<!DOCTYPE html [{bomb}]>\n" + news("&a9;")
    (speech,), findings = read_beside_good(tmp_path, "m.html", html)
    assert speech.body == "Friends,\n\nIt is &a9;noon."
    assert findings == []


@pytest.fixture
def listener() -> Iterator[socket]:
    """A server that nobody may call."""
    with socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.setblocking(False)
        yield server


def test_nothing_is_fetched_or_opened_that_a_page_names(listener: socket, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the bell is cracked")
    archive = tmp_path / "archive"
    archive.mkdir()
    web = f"http://127.0.0.1:{listener.getsockname()[1]}"
    entity = f'<!DOCTYPE html [<!ENTITY s SYSTEM "{secret.as_uri()}">]>'
    stylesheet = f'<?xml-stylesheet href="{web}/a.xsl"?><link rel="stylesheet" href="{web}/a.css">'
    remote = (
        f'&s;<img src="{web}/a.png"><img src="{secret.as_uri()}"><iframe src="{web}/a"></iframe>'
        f'<object data="{web}/b"></object><xi:include href="{secret.as_uri()}" parse="text"/>'
        f"<script src='{web}/a.js'></script>"
    )
    html = entity + stylesheet + news(remote)
    (speech,), _ = read_beside_good(archive, "m.html", html)
    assert "cracked" not in speech.text
    with pytest.raises(BlockingIOError):
        listener.accept()


ACTIVE: dict[str, tuple[str, str]] = {
    "a script": ("<script>document.write('evil')</script>", "1 script"),
    "two scripts": ("<script>evil()</script>" * 2, "2 scripts"),
    "a handler": ("<b onclick='evil()'></b>", "1 event handler"),
    "a picture of the web": (
        '<img src="http://evil.example/a.png">',
        "1 remote or local resource",
    ),
    "a picture without a scheme": (
        '<img src="//evil.example/a.png">',
        "1 remote or local resource",
    ),
    "a file of the machine": ('<img src="file:///evil/a.png">', "1 remote or local resource"),
    "a frame": ('<iframe src="https://evil.example">evil</iframe>', "1 iframe"),
    "some of each": (
        "<script>evil()</script><i onload='evil()'></i><img src='file:///evil' onerror='evil()'>",
        "2 event handlers, 1 remote or local resource, 1 script",
    ),
}


@pytest.mark.parametrize(("markup", "held"), ACTIVE.values(), ids=ACTIVE)
def test_active_content_is_left_out_and_told(markup: str, held: str, tmp_path: Path) -> None:
    (speech,), findings = read_beside_good(tmp_path, "m.html", news(markup))
    assert speech.body == "Friends,\n\nIt is noon."
    assert "evil" not in repr(speech)
    assert findings == [f"m.html: note: left out and never run or fetched: {held} (active-content)"]


def test_address_that_a_page_states_of_itself_is_no_active_content(tmp_path: Path) -> None:
    html = news("").replace(
        "<html>", '<html><head><link rel="canonical" href="https://vna.example/1"></head>'
    )
    (speech,), findings = read_beside_good(tmp_path, "m.html", html)
    assert speech.provenance.url == "https://vna.example/1"
    assert findings == []


# --- which files are read ------------------------------------------------------------------


def test_link_that_leaves_the_folder_is_passed_by(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    write(outside / "secret.txt", GOOD)
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "file.txt").symlink_to(outside / "secret.txt")
    (archive / "folder").symlink_to(outside)
    (archive / "nowhere.txt").symlink_to(outside / "gone.txt")
    (archive / "circle").symlink_to(archive)
    write(archive / "good.txt", GOOD.replace("noon", "midnight"))
    (archive / "twin.txt").symlink_to(archive / "good.txt")
    report = Report()
    speeches = list(read(archive, report=report, base=archive))
    assert [one.provenance.path for one in speeches] == ["good.txt"]
    assert report.pages == 1


def test_link_that_is_named_is_followed(tmp_path: Path) -> None:
    write(tmp_path / "page.txt", GOOD)
    (tmp_path / "link.txt").symlink_to(tmp_path / "page.txt")
    assert [one.body for one in read(tmp_path / "link.txt")] == [BODY]


def test_files_come_in_the_order_of_their_names_and_once(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    for name in ("z.txt", "m/b.txt", "m/a.txt", "a.txt", ".hidden.txt"):
        write(tmp_path / name, GOOD)
    paths = [tmp_path / "z.txt", tmp_path, tmp_path / "m" / "*.txt"]
    names = [one.provenance.path for one in read(paths, base=tmp_path)]
    assert names == ["z.txt", "a.txt", "m/a.txt", "m/b.txt"]


def test_glob_and_name_with_brackets(tmp_path: Path) -> None:
    write(tmp_path / "[1].txt", GOOD)
    write(tmp_path / "1.txt", GOOD)
    assert [one.provenance.path for one in read(tmp_path / "[1].txt", base=tmp_path)] == ["[1].txt"]
    assert [one.provenance.path for one in read(tmp_path / "?.txt", base=tmp_path)] == ["1.txt"]


@pytest.mark.parametrize(
    "name", ["gone.txt", "gone/*.txt", "**/gone", "\0", "x" * 300, "[", "gone/"]
)
def test_path_that_names_nothing(name: str, tmp_path: Path) -> None:
    path = f"{tmp_path}/{name}"
    with pytest.raises(InputError) as told:
        list(read(path))
    assert str(told.value) == f"{path}: nothing there; name a file, a folder or a glob"


def test_empty_folder_names_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        list(read(tmp_path))


def test_files_are_named_as_given_or_as_seen_from_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "m").mkdir()
    write(tmp_path / "m" / "a.txt", GOOD)
    monkeypatch.chdir(tmp_path)
    assert [one.provenance.path for one in read("m")] == ["m/a.txt"]
    assert [one.provenance.path for one in read("m/a.txt", base=Path("m"))] == ["a.txt"]


def test_page_with_one_finding_is_still_one_page(read_file: Callable[..., Any]) -> None:
    speeches, report = read_file(b"", "m.txt")
    assert (speeches, report.pages, dict(report.refused)) == ([], 1, {"empty-file": 1})


# --- what a page says never spoils what we say ---------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        "title;\x1b[31mcol\x00our\n1;2\n",
        f"title;{'long ' * 500}\n1;2\n",
        "title;one\u2028two\n1;2\n",
    ],
)
def test_findings_are_one_short_line_each(content: str, read_file: Callable[..., Any]) -> None:
    _, report = read_file(content, "m.csv")
    assert report.findings
    for finding in report:
        line = str(finding)
        assert len(line.splitlines()) == 1
        assert len(line) < 1200
        assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in line)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a\x1b[31m.txt", "a\ufffd[31m.txt"),
        (b"a\nb.txt", "a\ufffdb.txt"),
        (b"a\xff.txt", "a\ufffd.txt"),
    ],
)
def test_name_of_a_file_that_no_book_can_print(name: bytes, shown: str, tmp_path: Path) -> None:
    with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:
        file.write(GOOD.encode())
    (speech,) = read(tmp_path, base=tmp_path)
    assert speech.provenance.path == shown
    assert load_speech(dump_speech(speech)) == speech


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("m.txt", "Date: 4 May 2020\n\nMarrowby, May 4 (VNA) --\n"),
        ("m.txt", "Speech by Ada Brink at Fair\n\n4 May 2020\n"),
    ],
)
def test_frame_without_words_is_no_speech(
    name: str, content: str, read_file: Callable[..., Any]
) -> None:
    speeches, report = read_file(content, name)
    assert speeches == []
    assert [str(finding) for finding in report] == [
        "m.txt: note: a frame (dateline, heading) and no words in it (no-speech)"
    ]


@pytest.mark.parametrize("address", ["http://[", "//:0", "http://[::1", "https://a.b:x/"])
def test_page_whose_address_is_none(address: str, read_file: Callable[..., Any]) -> None:
    body = "<p>It is noon, or so forty of you tell me, and the rope is longer than last year's."
    page = f'<html><head><link rel="canonical" href="{address}"></head><body>{body * 9}</body>'
    (speech,), _ = read_file(page, "m.html")
    assert speech.words > 100


def test_text_with_date_and_source_lines_is_a_text(read_only: Callable[..., Speech]) -> None:
    header = "Title: To the Ringers\nDate: 14 March 2019\nSource: Bells\n"
    speech = read_only(f"{header}\nDear ringers,\n\nIt is noon.\n")
    assert (speech.provenance.reader, speech.title) == ("text", "To the Ringers")
    assert speech.provenance.outlet == "Bells"
