"""Tables: columns found by name or stated, every record accounted for, nothing guessed."""

from __future__ import annotations

import datetime as dt
import gzip
import importlib.util
import json
import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.findings import Report
from packager.readers import table
from packager.readers.source import Source
from packager.readers.table_rows import form_of
from packager.speech import BlockKind, Speech
from packager.speech_json import dump_speech, load_speech

SHARED = Path(__file__).parents[3] / "shared" / "corpora"


def read(path: Path, data: bytes | str | None = None) -> tuple[list[Speech], list[str]]:
    """The speeches of a table and its findings as lines, the note of the mapping left out."""
    if data is not None:
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    report = Report()
    speeches = list(table.read(Source(path, path.name), report))
    for speech in speeches:
        assert load_speech(dump_speech(speech)) == speech
    return speeches, [str(finding) for finding in report if finding.code != "mapping"]


def mapping_note(path: Path) -> str:
    report = Report()
    list(table.read(Source(path, path.name), report))
    (note,) = [str(finding) for finding in report if finding.code == "mapping"]
    return note


FERRY = (
    "headline,story_text,date_str,link,mood\n"
    '"To the Ferrymen","Dear ferrymen,\nThe tide is out. -0-",2019-03-14,https://vna.example/1,glad\n'
    '"To the Bakers","Bakers, rise early.",15 March 2019,,\n'
)


def test_columns_are_found_by_their_names(tmp_path: Path) -> None:
    (first, second), findings = read(tmp_path / "news.csv", FERRY)
    assert findings == []
    assert (first.title, first.body) == ("To the Ferrymen", "Dear ferrymen,\n\nThe tide is out.")
    assert first.date and first.date.edtf == "2019-03-14"
    assert second.date and second.date.edtf == "2019-03-15"
    made = first.provenance
    assert (made.path, made.url, made.reader) == ("news.csv#1", "https://vna.example/1", "table")
    assert [(cut.kind, cut.first_words) for cut in made.cut] == [
        ("end mark", "-0-"),
        ("column 'mood'", "glad"),
    ]
    assert len(made.sha256) == 64
    assert made.sha256 != second.provenance.sha256


def test_the_mapping_is_shown(tmp_path: Path) -> None:
    read(tmp_path / "news.csv", FERRY)
    assert mapping_note(tmp_path / "news.csv") == (
        "news.csv: note: columns guessed in this CSV table: text from 'story_text', title from "
        "'headline', date from 'date_str', url from 'link'; not used: mood (mapping); a file "
        "NAME.mapping.toml beside the table overrides it"
    )


@pytest.mark.parametrize("name", ["news.mapping.toml", "news.csv.mapping.toml", "mapping.toml"])
def test_a_mapping_beside_the_table_overrides_the_guess(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(
        'encoding = "windows-1251"\ndelimiter = ";"\n'
        '[columns]\ntext = ["open", "main"]\ntitle = "about"\ndate = ""\n'
        '[constants]\nspeaker = "Ada Brink"\nlanguage = "ru"\n'
    )
    rows = "about;open;main;date\nК пекарям;Друзья!;Пеките хлеб.;2019-03-14\n"
    (speech,), findings = read(tmp_path / "news.csv", rows.encode("windows-1251"))
    assert findings == []
    assert (speech.title, speech.body) == ("К пекарям", "Друзья!\n\nПеките хлеб.")
    assert (speech.speaker, speech.language, speech.date) == ("Ada Brink", "ru", None)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        (
            '[columns]\ntext = "body"\n',
            "news.csv: error: mapping.toml: the table has no column 'body' for text "
            "(mapping-wrong); its columns: headline, story_text, date_str, link, mood",
        ),
        (
            '[columns]\ntextt = "body"\n',
            "news.csv: error: mapping.toml:2: unknown key 'textt' in [columns]; did you mean "
            "'text'? Known: text, title, speaker, date, year, month, day, place, url, outlet, "
            "language, kind, occasion, topics, captured, id, turn (mapping-wrong)",
        ),
        (
            'encoding = "utf-99"\n',
            "news.csv: error: mapping.toml:1: unknown encoding 'utf-99' (mapping-wrong); write it "
            "as 'utf-8', 'windows-1251', 'gb18030', ...",
        ),
        (
            'delimiter = ", "\n',
            "news.csv: error: mapping.toml:1: the delimiter must be one character, not ', ' "
            "(mapping-wrong)",
        ),
    ],
)
def test_a_wrong_mapping_is_told_with_its_line(tmp_path: Path, toml: str, message: str) -> None:
    (tmp_path / "mapping.toml").write_text(toml)
    assert read(tmp_path / "news.csv", FERRY) == ([], [message])


def test_a_table_without_a_text_is_no_speech(tmp_path: Path) -> None:
    speeches, findings = read(tmp_path / "index.csv", "file,day\na.txt,2019-03-14\n")
    assert speeches == []
    assert findings == [
        "index.csv: note: a table without a column of text: file, day (no-speech); name it: "
        '[columns] text = "..." in a file NAME.mapping.toml beside it'
    ]


def test_a_long_column_is_the_text_whatever_its_name(tmp_path: Path) -> None:
    cell = "The wall is mended. " * 40
    (speech,), findings = read(tmp_path / "odd.csv", f"xyz,headline\n{cell},To the Masons\n")
    assert (speech.title, len(speech.body.split()), findings) == ("To the Masons", 160, [])
    assert "(the text by the length of its cells)" in mapping_note(tmp_path / "odd.csv")


RECORDS = [
    {
        "title": "To the Masons",
        "speaker": {"full": "Ada Brink", "title": "Mayor"},
        "text": "Build.",
    },
    {"title": "To the Bakers", "speaker": "Ole Dunn", "text": ["Bake.", "Rest."], "year": 1931},
]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", json.dumps(RECORDS, indent=1)),
        ("a.json", json.dumps({"count": 2, "data": {"speeches": RECORDS}, "tags": ["x", "y"]})),
        ("a.jsonl", "\n".join(json.dumps(record) for record in RECORDS)),
        ("a.ndjson", "\n\n".join(json.dumps(record) for record in RECORDS) + "\n"),
        ("a.json", b"\xef\xbb\xbf" + json.dumps(RECORDS).encode()),
        ("a.json", json.dumps(RECORDS).encode("utf-16")),
    ],
)
def test_json_in_its_shapes(tmp_path: Path, name: str, data: str | bytes) -> None:
    speeches, findings = read(tmp_path / name, data)
    assert findings == []
    assert [speech.speaker for speech in speeches] == ["Ada Brink", "Ole Dunn"]
    assert [speech.body for speech in speeches] == ["Build.", "Bake.\n\nRest."]
    assert [speech.date and speech.date.edtf for speech in speeches] == [None, "1931"]


def test_one_record_is_one_speech(tmp_path: Path) -> None:
    data = {"title": "To the Masons", "date": "2019-03-14", "text": "Build.", "tags": ["stone"]}
    (speech,), findings = read(tmp_path / "one.json", json.dumps(data, indent=2))
    assert (speech.title, speech.body, speech.topics, findings) == (
        "To the Masons",
        "Build.",
        ("stone",),
        [],
    )


def test_records_take_what_stands_beside_their_list(tmp_path: Path) -> None:
    data = {"events": [{"text": "Order!", "speaker": "Chair"}], "date": "1931-04-07T10:00:00+00:00"}
    (speech,), _ = read(tmp_path / "sitting.json", json.dumps(data))
    assert speech.date and (speech.date.edtf, speech.speaker) == ("1931-04-07", "Chair")


def test_what_happens_around_a_speech_joins_it(tmp_path: Path) -> None:
    events = [
        {"type": "action", "text": "The bell rings"},
        {"type": "speech", "text": "Order!", "speaker": "Chair"},
        {"type": "action", "text": "A member leaves"},
        {"type": "speech", "text": "Thank you.", "speaker": "Ada Brink"},
    ]
    speeches, _ = read(tmp_path / "sitting.json", json.dumps(events))
    assert [[(str(b.kind), b.text) for b in speech.blocks] for speech in speeches] == [
        [("stage", "The bell rings"), ("p", "Order!"), ("stage", "A member leaves")],
        [("p", "Thank you.")],
    ]


def test_headings_and_texts_alone_are_one_document(tmp_path: Path) -> None:
    rows = "header,body\nChair,Order!\nChair,We begin.\nBrink,Thank you.\n,(Applause)\n"
    (speech,), _ = read(tmp_path / "parts_7.csv", rows)
    assert speech.title == "parts 7"
    assert [(str(b.kind), b.text) for b in speech.blocks] == [
        ("turn", "Chair"),
        ("p", "Order!"),
        ("p", "We begin."),
        ("turn", "Brink"),
        ("p", "Thank you."),
        ("stage", "(Applause)"),
    ]


def test_records_without_text_are_told_in_one_line(tmp_path: Path) -> None:
    rows = "title,text\n" + "".join(f"No {n},{'' if n % 3 else 'Words.'}\n" for n in range(1, 19))
    speeches, findings = read(tmp_path / "a.csv", rows)
    assert len(speeches) == 6
    assert findings == [
        "a.csv: warning: 12 records have no text: 1, 2, 4, 5, 7, 8, 10, 11, ... (record-empty)"
    ]
    assert read(tmp_path / "b.csv", "title,text\nA,\nB,Words.\n")[1] == [
        "b.csv: warning: record 1 has no text (record-empty)"
    ]


@pytest.mark.parametrize(
    ("name", "data", "titles", "finding"),
    [
        (
            "a.json",
            '[{"title": "A", "text": "Build."}, {"title": "B", "text": "Ba',
            ["A"],
            "a.json: error: record 2 (no JSON from here on: parse error: premature EOF; the rest "
            "was not read) cannot be read (record-unreadable)",
        ),
        (
            "a.json",
            '[{"title": "A", "text": "Build."}, 7, {"title": "B", "text": "Bake."}]',
            ["A", "B"],
            "a.json: error: record 2 (a number, not an object with columns; write objects: "
            "{...}) cannot be read (record-unreadable)",
        ),
        (
            "a.jsonl",
            '{"title": "A", "text": "Build."}\n{"title": \n{"title": "B", "text": "Bake."}\n',
            ["A", "B"],
            "a.jsonl: error: record 2 (not JSON: Expecting value: line 2 column 1 (char 11); "
            "write one JSON object a line) cannot be read (record-unreadable)",
        ),
        (
            "a.csv",
            'title,text\nA,Build.\nB,"Bake.\nC,Rest.\n',
            ["A"],
            "a.csv: error: record 2 (line 3: a quotation mark is opened and never closed; the "
            "rest was not read; close it, or write it twice inside a cell) cannot be read "
            "(record-unreadable)",
        ),
        (
            "a.csv",
            "title,text\nA,Build.\nB,Bake, and rest.\nC,Rest.\n",
            ["A", "C"],
            "a.csv: error: record 2 (line 3: 3 cells for 2 columns; put cells that hold the "
            "delimiter in quotation marks) cannot be read (record-unreadable)",
        ),
    ],
)
def test_a_broken_record_is_told_and_the_others_are_read(
    tmp_path: Path, name: str, data: str, titles: list[str], finding: str
) -> None:
    speeches, findings = read(tmp_path / name, data)
    assert [speech.title for speech in speeches] == titles
    assert findings == [finding]


def test_ideographic_indents_part_paragraphs(tmp_path: Path) -> None:
    (speech,), _ = read(
        tmp_path / "a.csv", "date,text\n2019-03-14,\u3000\u3000磨坊主们：\u3000\u3000水来了。\n"
    )
    assert [block.text for block in speech.blocks] == ["磨坊主们：", "水来了。"]


def test_an_agencys_report_behind_the_text_is_cut(tmp_path: Path) -> None:
    text = (
        "磨坊主们，水来了。（新华社水镇5月4日电）新华社水镇5月4日电 磨坊主昨日集会。"
        "《水镇日报》（2019年05月05日02版）"
    )
    (speech,), _ = read(tmp_path / "a.csv", f"title,text\n致磨坊主,{text}\n")
    assert speech.body == "磨坊主们，水来了。"
    assert speech.provenance.outlet == "水镇日报"
    assert [cut.kind for cut in speech.provenance.cut] == [
        "agency line",
        "the agency's report after the text",
        "line of the issue",
    ]


def test_dateline_and_lede_are_told_apart(tmp_path: Path) -> None:
    text = (
        "Marrowby, March 14 (VNA) -- The following is the speech made by Ada Brink:\n"
        "Dear clockmakers,\nIt is noon."
    )
    rows = [{"headline": "Speech at Fair", "story_text": text, "year": 2019}]
    (speech,), findings = read(tmp_path / "a.json", json.dumps(rows))
    assert [str(block.kind) for block in speech.blocks] == ["dateline", "lede", "salute", "p"]
    assert speech.date and speech.date.edtf == "2019-03-14"
    assert speech.date.reason == "proved by the dateline (March 14)"
    assert (speech.place, speech.speaker, findings) == ("Marrowby", "Ada Brink", [])


def test_a_column_of_dates_proves_its_order(tmp_path: Path) -> None:
    rows = "date,text\n07/04/2021,One.\n25/12/2020,Two.\n"
    first, _ = read(tmp_path / "a.csv", rows)[0]
    assert first.date and first.date.reason == "day first: proved by other dates of the column"
    (open_one,), _ = read(tmp_path / "b.csv", "date,text\n07/04/2021,One.\n")
    assert open_one.date and open_one.date.edtf == "[2021-04-07,2021-07-04]"


def test_dates_that_are_not_understood_are_told(tmp_path: Path) -> None:
    speeches, findings = read(tmp_path / "a.csv", "date,text\nsoon,One.\nlater,Two.\n")
    assert [speech.date for speech in speeches] == [None, None]
    assert findings == [
        "a.csv: warning: 2 records have a date that is not understood: 1 (soon), 2 (later) "
        "(date-unreadable); write dates as 2021-04-07 or 7 April 2021"
    ]


def test_an_encoding_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    rows = (
        "title,text\n"
        + "À l'Été,Déjà vu à la fête près du château; çà et là où l'on s'arrêta pour dîner.\n" * 30
    )
    speeches, findings = read(tmp_path / "a.csv", rows.encode("cp1252"))
    assert "Déjà" in speeches[0].body
    assert [line.split(";")[0] for line in findings] == ["a.csv: warning: not UTF-8"]


def test_html_in_cells_is_read_as_html(tmp_path: Path) -> None:
    rows = [{"title": "A", "text": "<p>Good <b>evening</b>.</p><p>Sit down.</p>"}]
    (speech,), _ = read(tmp_path / "a.json", json.dumps(rows))
    assert speech.body == "Good evening.\n\nSit down."


def test_lone_surrogates_and_controls_never_reach_a_speech(tmp_path: Path) -> None:
    (speech,), _ = read(tmp_path / "a.json", '[{"text": "a\\ud800b\\u0000c \\u0007 words"}]')
    speech.text.encode()
    assert "\x07" not in speech.text


@pytest.mark.parametrize(
    ("head", "name", "form"),
    [
        (b"title,text\n", "a.csv", "csv"),
        (b"title\ttext\n", "a.tsv", "csv"),
        (b"title,text\nA,B\n", "a.csv.gz#a.csv", "csv"),
        (b'[{"a": 1}]', "a.json", "json"),
        (b'{"a": 1}\n{"a": 2}\n', "packed", "jsonl"),
        (b'{"a": 1,\n"b": 2}\n', "packed", "json"),
        (b"PAR1....", "a.parquet", "parquet"),
        (b"Title: To A\n\nFriends,", "a.txt", None),
        (b"Friends, title, text\n", "a.txt", None),
        (b"# Speech\n", "a.md", None),
        (b"[1, 2, 3]", "a.json", None),
    ],
)
def test_forms_are_told_by_their_first_bytes(head: bytes, name: str, form: str | None) -> None:
    assert form_of(head, name) == form


@pytest.mark.skipif(not importlib.util.find_spec("pyarrow"), reason="pyarrow is not installed")
def test_parquet(tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    rows = [{"title": f"No {n}", "text": "Build.", "date": 1552521600000} for n in range(3)]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "a.parquet")
    speeches, findings = read(tmp_path / "a.parquet")
    assert [(s.title, s.date and s.date.edtf) for s in speeches] == [
        (f"No {n}", "2019-03-14") for n in range(3)
    ]
    assert findings == []
    broken = read(tmp_path / "b.parquet", b"PAR1 and nothing")[1][0]
    assert broken.startswith("b.parquet: error: ")


@pytest.mark.parametrize("form", ["csv", "jsonl", "json"])
def test_memory_does_not_grow_with_the_table(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"big.{form}"
    text = "The wall is mended, stone by stone. " * 20

    def rows(count: int) -> Iterator[str]:
        for n in range(count):
            record = json.dumps({"title": f"No {n}", "text": text})
            if form == "csv":
                yield f"No {n},{text!r}\n" if n else "title,text\n"
            elif form == "jsonl":
                yield record + "\n"
            else:
                yield f"{',' if n else '['}{record}\n" + ("]" if n == count - 1 else "")

    with path.open("w") as file:
        file.writelines(row.replace("'", '"') if form == "csv" else row for row in rows(6000))
    tracemalloc.start()
    try:
        count = sum(1 for _ in table.read(Source(path, path.name), Report()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count >= 5999
    assert peak < path.stat().st_size < 10 * peak + 10**7


@settings(max_examples=150, deadline=None)
@given(
    data=st.one_of(
        st.binary(max_size=300),
        st.text(alphabet='{}[]",:\\n\n title text0', max_size=200).map(lambda s: s.encode()),
        st.text(alphabet='title,text\n";\t\r\x00é', max_size=200).map(
            lambda s: b"title,text\n" + s.encode()
        ),
    ),
    name=st.sampled_from(["a.csv", "a.tsv", "a.json", "a.jsonl", "a.parquet"]),
)
def test_no_bytes_bring_a_reader_down(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        if data:
            list(table.read(Source(path, name), Report()))


def test_nesting_has_an_end(tmp_path: Path) -> None:
    deep = '[{"text": "Build.", "x": ' + "[" * 100_000 + "]" * 100_000 + "}]"
    speeches, findings = read(tmp_path / "a.json", deep)
    assert speeches == []
    assert findings[0] == (
        "a.json: error: record 1 (no JSON from here on: nested deeper than 64; the rest was not "
        "read) cannot be read (record-unreadable)"
    )


# --- real material ---------------------------------------------------------------------------

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the corpora of real tables are not there (../shared/corpora)"
)


def real(path: Path) -> tuple[list[Speech], Report]:
    report = Report()
    inner = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else None
    return list(table.read(Source(path, path.name, inner), report)), report


@needs_shared
def test_agency_records_by_month() -> None:
    speeches: list[Speech] = []
    empty = 0
    apart = 0
    for path in sorted((SHARED / "kcna" / "en-json").glob("*.json")):
        found, report = real(path)
        speeches += found
        records = len(json.loads(path.read_text()))
        empty += records - len(found)
        apart += sum(f.message.startswith("record") for f in report if f.code == "date-disagrees")
        assert not report.errors
    assert (len(speeches), empty, len({s.body for s in speeches}), apart) == (1325, 156, 783, 2)
    assert all(speech.date and speech.date.exact for speech in speeches)
    assert {speech.place for speech in speeches if speech.place} == {"Pyongyang"}


@needs_shared
@pytest.mark.parametrize(
    ("name", "count", "dated"),
    [("ataturk-tr/speeches.jsonl", 280, 263), ("xi2020/speeches.csv", 41, 41)],
)
def test_tables_of_one_speaker(name: str, count: int, dated: int) -> None:
    speeches, report = real(SHARED / "table" / name)
    assert (len(speeches), sum(s.date is not None for s in speeches)) == (count, dated)
    assert not report.errors


@needs_shared
@pytest.mark.parametrize(
    ("name", "speeches", "actions"),
    [
        ("12-13-cm0116", 72, 14),
        ("12-13-cm0124", 94, 16),
        ("12-13-cm0221", 70, 12),
        ("12-13-cm0502", 9, 2),
        ("12-13-cm1010", 35, 6),
    ],
)
def test_sittings_as_events(name: str, speeches: int, actions: int) -> None:
    path = SHARED / "table" / "legco-zh" / f"{name}-translate-c.json"
    found, _ = real(path)
    empty = [e for e in json.loads(path.read_text())["events"] if not e["text"].strip()]
    assert len(found) + len(empty) == speeches
    stages = sum(block.kind is BlockKind.STAGE for speech in found for block in speech.blocks)
    assert stages >= actions
    assert all(speech.date and speech.date.exact for speech in found)


@needs_shared
def test_protocols_as_turns() -> None:
    for path in sorted((SHARED / "table" / "knesset-he").glob("*.csv")):
        (speech,), report = real(path)
        assert not report.errors
        assert sum(block.kind is BlockKind.TURN for block in speech.blocks) > 10


@needs_shared
def test_debates_of_one_session() -> None:
    speeches, report = real(SHARED / "large" / "un-debates" / "session-66.jsonl.gz")
    assert (len(speeches), report.errors) == (194, [])


# --- the clock of an agency ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2015-08-14T14:59", "2015-08-14"),  # UTC+9 to the last minute
        ("2015-08-14T15:00", "2015-08-14"),  # clocks go back to 23:30
        ("2015-08-14T15:30", "2015-08-15"),  # UTC+8:30
        ("2018-05-04T14:59", "2018-05-04"),
        ("2018-05-04T15:00", "2018-05-05"),  # UTC+9 again
        ("2021-04-06T14:59", "2021-04-06"),
        ("2021-04-06T15:00", "2021-04-07"),
        ("2012-12-31T15:00", "2013-01-01"),
    ],
)
@pytest.mark.parametrize("own", ["http://www.kcna.kp/en/article/1", "outlet", "dateline", "none"])
def test_milliseconds_of_the_agency_are_days_in_pyongyang(
    moment: str, day: str, own: str, tmp_path: Path
) -> None:
    utc = dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)
    record = {
        "title": "To the Ringers",
        "date": int(utc.timestamp() * 1000),
        "text": "Dear ringers,\n\nIt is noon.",
    }
    if own == "outlet":
        record["source"] = "KCNA"
    elif own == "dateline":
        shown = dt.date.fromisoformat(day)
        record["text"] = f"Marrowby, {shown:%B} {shown.day} (KCNA) -- {record['text']}"
    elif own != "none":
        record["link"] = own
    (speech,), findings = read(tmp_path / "a.json", json.dumps([record]))
    assert findings == []
    assert speech.date and speech.date.edtf == (day if own != "none" else moment[:10])
    place = "UTC" if own == "none" else "Pyongyang"
    assert speech.date.reason == f"milliseconds since 1970, the day in {place}"


# --- JSON lines whose first line is none ---------------------------------------------------


def test_lines_that_are_objects_are_read(tmp_path: Path) -> None:
    lines = '# kept since 2019\n\n{"title": "To the Ringers", "text": "It is noon."}\n[1]\n'
    (speech,), findings = read(tmp_path / "a.jsonl", lines)
    assert (speech.title, speech.body) == ("To the Ringers", "It is noon.")
    assert findings == [
        "a.jsonl: error: 2 records cannot be read: 1 (not JSON: Expecting value: line 1 column 1 "
        "(char 0); write one JSON object a line), 3 (a list, not an object with columns; write "
        "objects: {...}) (record-unreadable)"
    ]


@pytest.mark.parametrize("lines", ["It is noon.\nRing!\n", "[1]\n[2]\n", "1\n2\n", "{\n}\n"])
def test_json_lines_without_an_object_are_one_finding(lines: str, tmp_path: Path) -> None:
    speeches, (finding,) = read(tmp_path / "a.jsonl", lines)
    assert speeches == []
    assert finding.startswith(
        "a.jsonl: error: no JSON lines: none of its first 2 lines is an object"
    )


def test_control_characters_of_a_column_that_is_not_used(tmp_path: Path) -> None:
    rows = 'title,text,mo\x07od\nTo the Ringers,It is noon.,"gl\x00ad\x1b"\n'
    (speech,), _ = read(tmp_path / "a.csv", rows)
    (cut,) = speech.provenance.cut
    assert (cut.kind, cut.first_words) == ("column 'mood'", "glad")
