"""XML readers: TEI, ParlaMint, FRUS, plays, Bundestag, Hansard; plain, hard, broken, hostile."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from packager.dates import Date
from packager.findings import Report
from packager.readers import bundestag, frus, hansard, parlamint, tei
from packager.readers.source import Source
from packager.readers.tei_header import settle_day
from packager.speech import BlockKind, Inline, InlineKind, Speech, walk
from packager.speech_json import dump_speech, load_speech

READERS: tuple[ModuleType, ...] = (parlamint, frus, bundestag, hansard, tei)
"""In the order in which a file is offered to them."""

Read = Callable[..., tuple[list[Speech], Report]]


def read_bytes(module: ModuleType, data: bytes, name: str = "a.xml") -> tuple[list[Speech], Report]:
    report = Report()
    source = Source(Path(name), name, inner=data)
    return list(module.read(source, report)), report


def read_text(module: ModuleType, text: str, name: str = "a.xml") -> tuple[list[Speech], Report]:
    return read_bytes(module, text.encode(), name)


def shape(speech: Speech) -> list[tuple[str, str]]:
    return [(str(block.kind), block.text) for block in speech.blocks]


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report]


def reader_of(data: bytes) -> ModuleType | None:
    return next((module for module in READERS if module.recognise(data[:4096])), None)


TEI = """<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="en"><teiHeader>
<fileDesc><titleStmt><title type="main">{title}</title><author>{author}</author></titleStmt>
<publicationStmt><publisher>Harbour Press</publisher><date when="2020-01-01"/></publicationStmt>
<sourceDesc><p>born digital</p></sourceDesc></fileDesc><profileDesc>{profile}</profileDesc>
</teiHeader><text>{text}</text></TEI>"""


def tei_file(
    text: str, *, title: str = "To the Ferrymen", author: str = "Ada Brink", profile: str = ""
) -> str:
    return TEI.format(text=text, title=title, author=author, profile=profile)


# --- TEI -----------------------------------------------------------------------------------


def test_a_place_in_two_lines_is_two_words() -> None:
    body = (
        "<div type='document'><dateline><placeName>Harbour Office,<lb/>Vell</placeName>, "
        "<date when='1911-05-04'>4 May 1911</date></dateline><p>Words.</p></div>"
    )
    (speech,), _ = read_text(tei, tei_file(f"<body>{body}</body>"))
    assert speech.place == "Harbour Office, Vell"


def test_letter() -> None:
    (speech,), report = read_text(
        tei,
        tei_file(
            "<body><div type='chapter'><head>To the ferrymen.</head><opener><dateline>Vell, "
            "<date when='1911-05-04'>4 May 1911</date></dateline><salute>Dear friends,</salute>"
            "</opener><p>The tide is <hi rend='italic'>late</hi>.<pb n='2'/> We wait.</p>"
            "<closer><salute>Yours,</salute><signed>Ada</signed></closer></div></body>"
        ),
    )
    assert shape(speech) == [
        ("dateline", "Vell, 4 May 1911"),
        ("salute", "Dear friends,"),
        ("p", "The tide is late. We wait."),
        ("signed", "Yours,"),
        ("signed", "Ada"),
    ]
    assert (speech.title, speech.speaker, speech.language) == ("To the Ferrymen", "Ada Brink", "en")
    assert speech.date and speech.date.edtf == "1911-05-04"
    assert speech.provenance.outlet == "Harbour Press"
    assert [(cut.kind, cut.first_words) for cut in speech.provenance.cut] == [
        ("title", "To the ferrymen.")
    ]
    breaks = [run.target for block in speech.blocks for run in walk(block.content)]
    assert "2" in breaks
    assert not list(report)


def test_date_of_publication_is_not_that_of_the_text() -> None:
    (speech,), _ = read_text(tei, tei_file("<body><p>Words.</p></body>"))
    assert speech.date is None


@pytest.mark.parametrize(
    ("profile", "edtf"),
    [
        ("<creation><date when='1911-05'/></creation>", "1911-05"),
        ("<creation><date from='1911-05-01' to='1911-05-03'/></creation>", "1911-05-01/1911-05-03"),
        ("<creation><date notBefore='1911' notAfter='1912'/></creation>", "1911/1912"),
        ("<creation><date>4 May 1911</date></creation>", "1911-05-04"),
        ("<settingDesc><setting><date when='1911-05-04T10:00:00'/></setting></settingDesc>",
         "1911-05-04"),
    ],
)  # fmt: skip
def test_date(profile: str, edtf: str) -> None:
    (speech,), _ = read_text(tei, tei_file("<body><p>Words.</p></body>", profile=profile))
    assert speech.date and speech.date.edtf == edtf


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>One<note n='1'>A note.</note> two.</p><p>Three.</p>",
         [("p", "One1 two."), ("note", "1 A note."), ("p", "Three.")]),
        ("<p>One <stage>(rises)</stage> two.</p>",
         [("p", "One"), ("stage", "(rises)"), ("p", "two.")]),
        ("<lg><l>Over</l><l>and over</l></lg><l>the</l> <l>sea</l>",
         [("verse", "Over\nand over"), ("verse", "the\nsea")]),
        ("<quote><p>Said once.</p></quote><p>He said <q>once</q> more.</p>",
         [("quote", "Said once."), ("p", "He said once more.")]),
        ("<list><head>Oars</head><label>1.</label><item>Ash</item><item>Elm<list><item>red</item>"
         "</list></item></list>",
         [("head", "Oars"), ("list", "1. Ash"), ("list", "Elm"), ("list", "red")]),
        ("<table><row><cell>Ayes</cell><cell>4</cell></row></table>", [("list", "Ayes\u20034")]),
        ("<p>har<lb break='no'/>bour, a<lb n='4'/>b</p>", [("p", "harbour, a b")]),
        ("<p>a<lb/>b</p>", [("p", "a\nb")]),
        ("<p>the <choice><sic>fery</sic><corr>ferry</corr></choice></p>", [("p", "the ferry")]),
        ("<p>no <del>old </del><unclear>word</unclear> <gap reason='torn'/>here</p>",
         [("p", "no word […]here")]),
        ("<p>no <gap/> <gap/> word</p>", [("p", "no […] […] word")]),
        ("Loose <hi>text</hi> here<p>and on</p>", [("p", "Loose text here"), ("p", "and on")]),
        ("<p>caf&eacute;&nbsp;so&#173;ft</p>", [("p", "café\xa0soft")]),
        ("<unheard><of>Even</of> this</unheard>", [("p", "Even this")]),
        ("<u who='#x'>Spoken.</u>", [("p", "Spoken.")]),
    ],
)  # fmt: skip
def test_blocks(markup: str, expected: list[tuple[str, str]]) -> None:
    (speech,), _ = read_text(tei, tei_file(f"<body><div>{markup}</div></body>"))
    assert shape(speech) == expected
    assert load_speech(dump_speech(speech)) == speech


def test_runs() -> None:
    (speech,), _ = read_text(
        tei,
        tei_file(
            "<body><p><persName>Ada</persName> said <foreign xml:lang='fr'>bon</foreign>, see "
            "<ref target='https://vell.example/'>there</ref> and <ref target='#x'>here</ref></p>"
            "</body>"
        ),
    )
    kinds = {run.plain(): run.kind for run in speech.blocks[0].content}
    assert kinds["Ada"] is InlineKind.NAME
    assert kinds["bon"] is InlineKind.FOREIGN
    assert kinds["there"] is InlineKind.REFERENCE


def test_what_is_left_out_is_counted() -> None:
    (speech,), _ = read_text(
        tei,
        tei_file(
            "<body><p>In.</p><fw>Vell 12</fw><figure><head>A boat</head></figure>"
            "<p><choice><sic>fery</sic><corr>ferry</corr></choice></p></body>"
        ),
    )
    assert {cut.kind: cut.words for cut in speech.provenance.cut} == {
        "running head": 2, "picture": 2, "error in the source": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        '<p>In <graphic url="a.png"/> here.</p>',
        '<p>In here.</p><graphic url="a.png"/>',
        '<p>In here.</p><figure><media mimeType="image/png" url="a.png"/></figure>',
    ],
)
def test_a_picture_without_words_is_counted_too(body: str) -> None:
    (speech,), _ = read_text(tei, tei_file(f"<body>{body}</body>"))
    assert speech.text == "In here."
    (cut,) = speech.provenance.cut
    assert cut.kind in ("picture", "1 picture, not saved with the page")


def test_letters_of_one_file() -> None:
    speeches, _ = read_text(
        tei,
        tei_file(
            "<body><div type='letter' xml:id='l1'><head>First</head><dateline><date "
            "when='1911-05-04'/>Vell</dateline><p>One.</p></div><div type='letter'><head>Second"
            "</head><p>Two.</p></div></body>"
        ),
    )
    assert [(one.title, one.date and one.date.edtf, one.provenance.path) for one in speeches] == [
        ("First", "1911-05-04", "a.xml#l1"),
        ("Second", None, "a.xml#letter-2"),
    ]


def test_old_tei_without_namespace() -> None:
    data = (
        b"<TEI.2><teiHeader><fileDesc><titleStmt><title>Old</title></titleStmt></fileDesc>"
        b"</teiHeader><text><body><div1><p>Words.</p></div1></body></text></TEI.2>"
    )
    assert reader_of(data) is tei
    (speech,), _ = read_bytes(tei, data)
    assert (speech.title, shape(speech)) == ("Old", [("p", "Words.")])


def test_corpus_of_texts() -> None:
    one = tei_file("<body><p>One.</p></body>", title="First").partition("?>")[2]
    two = tei_file("<body><p>Two.</p></body>", title="Second").partition("?>")[2]
    speeches, _ = read_text(tei, f"<teiCorpus>{one}{two}</teiCorpus>")
    assert [speech.title for speech in speeches] == ["First", "Second"]


def test_utf_16() -> None:
    data = tei_file("<body><p>Åland</p></body>").replace("?>", "?>", 1).encode("utf-16")
    assert reader_of(data) is tei
    (speech,), _ = read_bytes(tei, data)
    assert shape(speech) == [("p", "Åland")]


def test_header_whose_date_contradicts_itself() -> None:
    stated = Date("May 4, 1980", "1980-05-03", "1980-05-03", "1980-05-03")
    kept, told = settle_day(stated, None)
    assert kept == stated
    assert told == "the header's date is 1980-05-03 and reads 'May 4, 1980'"


# --- plays ---------------------------------------------------------------------------------

PLAY = tei_file(
    "<front><castList><head>Persons</head><castItem><role>Ada</role>, a pilot</castItem>"
    "</castList></front><body><div type='act'><head>Act One.</head><div type='scene'>"
    "<head>Scene One.</head><stage>At sea.</stage><sp who='#ada'><speaker>ADA:</speaker>"
    "<p>Row! <stage>(rows)</stage> Row!</p></sp><sp who='#ada'><l>Over</l><l>the sea</l></sp>"
    "</div><div type='scene'><head>Scene Two.</head><sp who='#x'><p>Land.</p></sp></div></div>"
    "</body>",
    title="The Ferry",
    profile="<particDesc><listPerson><person xml:id='ada'><persName>Ada Brink</persName></person>"
    "</listPerson></particDesc>",
)


def test_play_is_a_document_a_scene() -> None:
    front, first, second = read_text(tei, PLAY)[0]
    assert [one.title for one in (front, first, second)] == [
        "The Ferry",
        "The Ferry, Act One, Scene One",
        "The Ferry, Act One, Scene Two",
    ]
    assert shape(front) == [("head", "Persons"), ("list", "Ada, a pilot")]
    assert shape(first) == [
        ("stage", "At sea."),
        ("turn", "ADA:"),
        ("p", "Row!"),
        ("stage", "(rows)"),
        ("p", "Row!"),
        ("turn", "Ada Brink"),
        ("verse", "Over\nthe sea"),
    ]
    assert [block.speaker for block in first.blocks if block.kind is BlockKind.TURN] == [
        "Ada Brink",
        "Ada Brink",
    ]
    assert shape(second) == [("p", "Land.")]
    assert first.kind == "scene"


# --- ParlaMint -----------------------------------------------------------------------------


def sitting(body: str, *, people: str = "") -> str:
    return f"""<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="en" ana="#parla.sitting"
xml:id="ParlaMint-VE_1"><teiHeader><fileDesc><titleStmt><title type="main" xml:lang="xx">Sesja
</title><title type="main" xml:lang="en">Sitting [ParlaMint]</title><meeting ana="#parla.sitting"
n="4">4</meeting></titleStmt><sourceDesc><bibl><title>Vell Record</title></bibl></sourceDesc>
</fileDesc><profileDesc><settingDesc><setting><name type="city">Vell</name><date
when="2020-05-04"/></setting></settingDesc><particDesc><listPerson>{people}</listPerson>
</particDesc></profileDesc></teiHeader><text><body><div>{body}</div></body></text></TEI>"""


PERSON = (
    "<person xml:id='Ada'><persName><surname>Brink</surname><forename>Ada</forename></persName>"
    "</person>"
)


def test_sitting() -> None:
    text = sitting(
        "<note type='time'>At ten.</note><note type='speaker'>THE CHAIR:</note><u who='#Ada' "
        "xml:id='u1'><seg>Order. <note>(A bell.)</note> Order!</seg></u><kinesic><desc>Applause"
        "</desc></kinesic><u who='#Ada'><seg>Thank you.</seg></u><note type='speaker'>MR. OAK:"
        "</note><u who='#Oak' xml:id='u3'><seg>Yes.</seg></u>",
        people=PERSON,
    )
    assert reader_of(text.encode()) is parlamint
    (first, second), report = read_text(parlamint, text)
    assert shape(first) == [
        ("lede", "THE CHAIR:"),
        ("p", "Order."),
        ("stage", "(A bell.)"),
        ("p", "Order!"),
        ("stage", "Applause"),
        ("p", "Thank you."),
    ]
    assert (first.speaker, first.title, first.place) == ("Ada Brink", "Sitting [ParlaMint]", "Vell")
    assert (first.occasion, first.provenance.outlet) == ("sitting 4", "Vell Record")
    assert first.provenance.path == "a.xml#u1"
    assert [(cut.kind, cut.words) for cut in first.provenance.cut] == [
        ("remark between the turns", 2)
    ]
    assert second.speaker is None
    assert [str(finding) for finding in report] == [
        "a.xml: warning: speakers in no list of persons: 1, of turns: 1 (#Oak) "
        "(speaker-unresolved); put the corpus's root file and its listPerson file beside this one"
    ]


def test_heading_printed_anew_is_a_new_turn() -> None:
    turn = "<note type='speaker'>THE CHAIR:</note><u who='#Ada'><seg>Order.</seg></u>"
    assert len(read_text(parlamint, sitting(turn * 2))[0]) == 2


def test_annotated_sitting() -> None:
    words = (
        "<s><w join='right'>Order</w><pc>,</pc>\n<name><w>Ada</w>\n<w join='right'>Brink</w>"
        "</name>\n<pc>.</pc></s>\n<s><w>So</w></s>"
    )
    (speech,), _ = read_text(parlamint, sitting(f"<u who='#Ada'><seg>{words}</seg></u>"))
    assert shape(speech) == [("p", "Order, Ada Brink. So")]


def test_persons_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "2020").mkdir()
    file = tmp_path / "2020" / "ParlaMint-VE_1.xml"
    file.write_text(sitting("<u who='#Ada'><seg>Yes.</seg></u>"))
    include = "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{}'/>"
    (tmp_path / "ParlaMint-VE.xml").write_text(
        "<teiCorpus xmlns='http://www.tei-c.org/ns/1.0'><teiHeader><profileDesc><particDesc>"
        + include.format("ParlaMint-VE-listPerson.xml")
        + include.format("../secret-person.xml")
        + "</particDesc></profileDesc></teiHeader></teiCorpus>"
    )
    (tmp_path / "ParlaMint-VE-listPerson.xml").write_text(
        f"<listPerson xml:id='no+name'>{PERSON}</listPerson>"
    )
    report = Report()
    (speech,) = parlamint.read(Source(file, file.name), report)
    assert speech.speaker == "Ada Brink"
    assert not list(report)


def test_id_that_is_no_name_is_passed_over() -> None:
    (speech,), report = read_text(
        parlamint, sitting("<u who='#a+b' xml:id='a+b'><seg>Tom &amp; Ada.</seg></u>")
    )
    assert shape(speech) == [("p", "Tom & Ada.")]
    assert codes(report) == ["xml-oddity", "speaker-unresolved"]


def test_fault_after_many_ids_that_are_no_names() -> None:
    """The parser keeps a hundred messages; the one that counts need not be among them."""
    turn = "<u who='#a' xml:id='a+b'><seg>Tom &amp; Ada.</seg></u>"
    for count in (20, 3000):
        cut_short = sitting(turn * count + "<u who='#b'><seg>End.</wrong>")
        speeches, report = read_text(parlamint, cut_short)
        assert sum(speech.text.count("Tom & Ada.") for speech in speeches) == count
        assert codes(report).count("xml-syntax") == 1


def test_root_file_of_a_corpus_is_no_speech() -> None:
    text = (
        "<teiCorpus xmlns='http://www.tei-c.org/ns/1.0' xml:id='ParlaMint-VE'><teiHeader/>"
        "</teiCorpus>"
    )
    assert reader_of(text.encode()) is parlamint
    speeches, report = read_text(parlamint, text)
    assert not speeches
    assert [str(finding) for finding in report] == [
        "a.xml: note: no turn of a speaker (u) in it: a list, or the root file of a corpus "
        "(no-speech)"
    ]


# --- FRUS ----------------------------------------------------------------------------------


def frus_file(body: str, *, dates: str = "") -> str:
    dates = dates or (
        "<date type='posted' when='2014-01-01'>January 1, 2014</date>"
        '<date type="created" when="1961-05-04">May 4, 1961</date>'
    )
    return f"""<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>
<title type="complete">Memorandum on Ferries</title><title type="short">Ferries</title></titleStmt>
<publicationStmt>{dates}</publicationStmt><sourceDesc><p>A scan (<ref
target="https://static.history.state.gov/x.pdf">PDF</ref>)</p></sourceDesc></fileDesc></teiHeader>
<text><body>{body}</body></text></TEI>"""


def test_frus_document() -> None:
    text = frus_file(
        "<p>Source: Archive of Vell, Box 4.</p><p>Cited in a book.</p><div type='document'>"
        "<head>Memorandum of Ada Brink<note type='source'>Box 5.</note></head><dateline>May 4, "
        "1961</dateline><p>Dear Mr. Oak:</p><p>MR. OAK: It is late.<note n='1'>By noon.</note>"
        "</p><p>Subject: tides</p><p>MISS FIR: It is.</p><p>MR. OAK: Yes.</p><p>[They laughed.]"
        "</p><p>Sincerely,<lb/>Ada Brink</p></div>"
    )
    assert reader_of(text.encode()) is frus
    (speech,), report = read_text(frus, text)
    assert (speech.title, speech.speaker, speech.place) == ("Memorandum on Ferries", None, None)
    assert speech.date and (speech.date.edtf, speech.date.written) == ("1961-05-04", "May 4, 1961")
    assert shape(speech) == [
        ("lede", "Memorandum of Ada Brink"),
        ("dateline", "May 4, 1961"),
        ("salute", "Dear Mr. Oak:"),
        ("turn", "MR. OAK:"),
        ("p", "It is late.1"),
        ("note", "1 By noon."),
        ("p", "Subject: tides"),
        ("turn", "MISS FIR:"),
        ("p", "It is."),
        ("turn", "MR. OAK:"),
        ("p", "Yes."),
        ("stage", "[They laughed.]"),
        ("signed", "Sincerely,\nAda Brink"),
    ]
    reference = [run for block in speech.blocks for run in walk(block.content)
                 if run.kind is InlineKind.NOTE_REFERENCE]  # fmt: skip
    notes = [block.ident for block in speech.blocks if block.kind is BlockKind.NOTE]
    assert [run.target for run in reference] == notes
    assert {cut.kind: cut.words for cut in speech.provenance.cut} == {
        "source note": 8, "editor's note": 4,
    }  # fmt: skip
    assert not list(report)


def test_frus_date_that_the_dateline_corrects() -> None:
    dates = "<date type='created' when='1961-05-03'>May 4, 1961</date>"
    body = "<div type='document'><dateline>May 4, 1961</dateline><p>Words.</p></div>"
    (speech,), report = read_text(frus, frus_file(body, dates=dates))
    assert speech.date and speech.date.edtf == "1961-05-04"
    assert [str(finding) for finding in report] == [
        "a.xml: warning: the header's date is 1961-05-03 and reads 'May 4, 1961'; the dateline "
        "reads 'May 4, 1961' (date-disagrees); look at the source; the date printed is 1961-05-04"
    ]


def test_frus_volume() -> None:
    document = (
        "<div type='document' xml:id='d{0}' xmlns:frus='http://history.state.gov/frus/ns/1.0' "
        "frus:doc-dateTime-min='1961-05-0{0}T00:00:00-05:00' "
        "frus:doc-dateTime-max='1961-05-0{0}T23:59:59-05:00'><head>{0}. Letter</head>"
        "<p>N{0}.</p></div>"
    )
    text = frus_file(
        f"<div type='chapter'><head>Tides</head>{document.format(1)}{document.format(2)}</div>",
        dates="<date type='publication-date'>1990</date>",
    )
    speeches, _ = read_text(frus, text)
    assert [(one.title, one.date and one.date.edtf, one.provenance.path) for one in speeches] == [
        ("1. Letter", "1961-05-01", "a.xml#d1"),
        ("2. Letter", "1961-05-02", "a.xml#d2"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<body><p>On ParlaMint, Parla-CLARIN and parla-clarin: see #parla.sitting.</p></body>",
        "<body><p>As history.state.gov says, frus150 and frus:doc are posted there.</p></body>",
        "<body><p>Dated <date type='posted' when='1961-05-01'>May Day</date>.</p></body>",
        "<body><p>In <title>Foreign Relations of the United States</title>.</p></body>",
    ],
)
def test_text_that_speaks_of_a_form_is_not_of_it(text: str) -> None:
    data = tei_file(text, title="A Letter on ParlaMint and history.state.gov").encode()
    assert reader_of(data) is tei
    commented = data.replace(b"<teiHeader>", b"<!-- [ParlaMint] frus:x #parla. --><teiHeader>")
    assert reader_of(commented) is tei


@pytest.mark.parametrize(
    ("old", "new", "reader"),
    [
        ('xml:lang="en"', 'xml:lang="en" xml:id="ParlaMint-VE_1"', parlamint),
        ('xml:lang="en"', 'xml:lang="en" ana="#parla.sitting #reference"', parlamint),
        ("To the Ferrymen", "Sitting of Vell [ParlaMint.ana]", parlamint),
        ("<author>", "<meeting ana='#parla.term'>1</meeting><author>", parlamint),
        ("?><TEI", "?><?xml-model href='parla-clarin.rng'?><TEI", parlamint),
        ('xml:lang="en"', 'xml:lang="en" xml:id="frus1961-63v01"', frus),
        ("Harbour Press", "Office of the Historian, Department of State", frus),
        ("To the Ferrymen", "<hi>Foreign Relations</hi> of the United States, 1961", frus),
        ("</publisher>", "</publisher><idno type='frus'>frus1961-63v01</idno>", frus),
        ("born digital", "<ref target='https://static.history.state.gov/a.pdf'>PDF</ref>", frus),
    ],
)
def test_form_is_known_by_root_and_header(old: str, new: str, reader: ModuleType) -> None:
    assert (
        reader_of(tei_file("<body><p>It is noon.</p></body>").replace(old, new).encode()) is reader
    )


def test_space_at_the_end_of_a_reference_parts_words() -> None:
    text = tei_file("<body><p>It is<ref type='note' target='#n1'> 1 </ref>noon.</p></body>")
    (speech,), _ = read_text(tei, text)
    assert speech.text == "It is 1 noon."


def test_source_note_of_frus_is_kept_whole() -> None:
    note = (
        "Source: National Archives of Vell, Bells, Box 4, Lot 61 D 3. Secret; Priority. No drafter."
    )
    text = frus_file(
        f"<div type='document'><head>1. Letter</head><note type='source'>{note}</note>"
        "<p>It is noon.</p></div>"
    )
    (speech,), _ = read_text(frus, text)
    (cut,) = [cut for cut in speech.provenance.cut if cut.kind == "source note"]
    assert (cut.first_words, cut.whole) == (note, True)
    assert "Source:" not in speech.text


def test_frame_without_words_is_counted_and_no_speech() -> None:
    text = frus_file(
        "<div type='document' xml:id='d1'><head>1. Letter</head><dateline>Vell</dateline></div>"
        "<div type='document' xml:id='d2'><head>2. Letter</head><p>It is noon.</p></div>"
    )
    (speech,), _ = read_text(frus, text)
    assert speech.provenance.path == "a.xml#d2"
    assert sum(cut.words for cut in speech.provenance.cut) >= len("1. Letter Vell".split())


# --- Bundestag -----------------------------------------------------------------------------


def oak(klasse: str = "redner", forename: str = "Otto") -> str:
    return (
        f"<p klasse='{klasse}'><redner id='1'><name><titel>Dr.</titel><vorname>{forename}</vorname>"
        "<nachname>Eich</nachname><fraktion>Fähre</fraktion></name></redner>Dr. Otto Eich (Fähre):"
        "</p>"
    )


def plenum(body: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE dbtplenarprotokoll SYSTEM
"dbtplenarprotokoll.dtd"><dbtplenarprotokoll sitzung-datum="04.05.2018"><vorspann><kopfdaten>
<herausgeber>Deutscher Bundestag</herausgeber><sitzungstitel><sitzungsnr>9</sitzungsnr>. Sitzung
</sitzungstitel><veranstaltungsdaten><ort>Berlin</ort>, <datum date="04.05.2018">Freitag, den 4.
Mai 2018</datum></veranstaltungsdaten></kopfdaten></vorspann><sitzungsverlauf><sitzungsbeginn><p
klasse="N">Präsidentin Fichte:</p></sitzungsbeginn><tagesordnungspunkt top-id="Punkt 1">
<p klasse="T_fett">Fährwesen</p>{body}</tagesordnungspunkt></sitzungsverlauf>
</dbtplenarprotokoll>"""


def test_plenum() -> None:
    text = plenum(
        f"<rede id='R1'>{oak()}<p klasse='J_1'>Frau Präsidentin!<a id='S7' typ='x'/> Also.</p>"
        "<kommentar>(Beifall)</kommentar><p klasse='Z'>Ein Zitat.</p>"
        f"<name>Präsidentin Fichte:</name><p klasse='J_1'>Zur Sache.</p>{oak()}"
        "<p klasse='J_1'>Gern.</p></rede>"
    )
    assert reader_of(text.encode()) is bundestag
    (speech,), report = read_text(bundestag, text)
    assert shape(speech) == [
        ("lede", "Dr. Otto Eich (Fähre):"),
        ("p", "Frau Präsidentin! Also."),
        ("stage", "(Beifall)"),
        ("quote", "Ein Zitat."),
        ("turn", "Präsidentin Fichte:"),
        ("p", "Zur Sache."),
        ("turn", "Dr. Otto Eich (Fähre):"),
        ("p", "Gern."),
    ]
    assert (speech.title, speech.speaker, speech.occasion, speech.place) == (
        "Fährwesen",
        "Dr. Otto Eich",
        "9. Sitzung, Punkt 1",
        "Berlin",
    )
    assert speech.date and speech.date.edtf == "2018-05-04"
    assert speech.provenance.path == "a.xml#R1"
    assert {cut.kind: cut.words for cut in speech.provenance.cut} == {
        "contents": 12, "the chair and the agenda outside a speech": 3, "record of the speaker": 8,
    }  # fmt: skip
    assert [str(finding) for finding in report] == [
        "a.xml: note: the DTD 'dbtplenarprotokoll.dtd' was not read; no word depends on it "
        "(xml-dtd)"
    ]


def test_speech_without_a_word_is_none() -> None:
    text = plenum("<rede id='R1'><a id='S7'/><p/></rede><rede id='R2'><p>So.</p></rede>")
    (speech,), _ = read_text(bundestag, text)
    assert speech.provenance.path == "a.xml#R2"


def test_office_inside_the_forename() -> None:
    text = plenum(f"<rede id='R1'>{oak(forename='Otto')}<p>So.</p></rede>")
    chair = text.replace("<titel>Dr.</titel><vorname>Otto", "<vorname>Vizepräsident Dr. Otto")
    (speech,), _ = read_text(bundestag, chair)
    assert speech.speaker == "Dr. Otto Eich"


def test_plenum_without_speech() -> None:
    speeches, report = read_text(bundestag, plenum(""))
    assert not speeches
    assert codes(report) == ["xml-dtd", "no-speech"]


# --- Hansard -------------------------------------------------------------------------------


def house(body: str, root: str = "housecommons") -> str:
    return (
        f'<{root}><image src="X1"/><col>1</col><title>House of Vell</title><date '
        f'format="1985-12-16">Monday 16 December 1985</date><debates>{body}</debates></{root}>'
    )


def test_debate() -> None:
    text = house(
        "<section><title>Ferries</title><p>[MR. SPEAKER <i>in the Chair</i>]</p><p id='c1'>1. "
        "<member>Mr. Oak</member><membercontribution> asked whether the tide\n<col>2</col>\nis "
        "late.<lb/>It is.</membercontribution></p><p><i>Later</i></p><p id='c2'><member>The Pilot "
        "(Miss Fir)</member><membercontribution>: It is<quote>late</quote></membercontribution></p>"
        "<division><table><tr><td>AYES</td><td></td></tr><tr><td>Oak</td><td>Fir</td></tr></table>"
        "</division><p><member>The Pilot (Miss Fir)</member><membercontribution>: Yes."
        "</membercontribution></p></section>"
    )
    assert reader_of(text.encode()) is hansard
    first, second, third = read_text(hansard, text)[0]
    assert shape(first) == [
        ("lede", "1. Mr. Oak"),
        ("p", "asked whether the tide is late."),
        ("p", "It is."),
        ("stage", "Later"),
    ]
    assert (first.speaker, first.title, first.occasion) == ("Mr. Oak", "Ferries", "House of Vell")
    assert first.date and first.date.edtf == "1985-12-16"
    assert [run.target for block in first.blocks for run in block.content if run.target] == ["2"]
    assert shape(second) == [
        ("lede", "The Pilot (Miss Fir):"),
        ("p", "It is"),
        ("quote", "late"),
        ("list", "AYES"),
        ("list", "Oak\u2003Fir"),
    ]
    assert second.speaker == "The Pilot (Miss Fir)"
    assert third.text == "The Pilot (Miss Fir):\n\nYes."
    assert sum(cut.words for cut in first.provenance.cut) == 4 + 4 + 6 + 1


def test_contribution_goes_on_after_a_division() -> None:
    text = house(
        "<section><title>T</title><p><member>Mr. Oak</member><membercontribution>: We did in the "
        "other</membercontribution></p><p>place as well.</p><p>Question put.</p></section>"
    )
    (speech,), _ = read_text(hansard, text)
    assert [kind for kind, _ in shape(speech)] == ["lede", "p", "p", "stage"]


def test_written_answers_without_marks() -> None:
    text = (
        '<writtenanswers><date format="1985-12-16">x</date><section><title>T</title><body><p>Mr. '
        "Oak asked the Pilot whether.</p><p><member>Miss Fir</member>: Yes.</p></body></section>"
        "</writtenanswers>"
    )
    first, second = read_text(hansard, text)[0]
    assert (first.speaker, first.text) == ("Mr. Oak", "Mr. Oak asked the Pilot whether.")
    assert shape(second) == [("lede", "Miss Fir:"), ("p", "Yes.")]


def test_hansard_with_a_tag_that_is_not_closed() -> None:
    text = house(
        "<section><title>T</title><p><member>Mr. Oak</member><membercontribution>: Tom &amp; I."
        "</membercontribution></p>\n"
    )
    (speech,), report = read_text(hansard, text)
    assert speech.text == "Mr. Oak:\n\nTom & I."
    assert [str(finding) for finding in report] == [
        "a.xml: error: not well-formed XML (Opening and ending tag mismatch: section line 1 and "
        "debates, line 2, column 11); read up to there (xml-syntax); correct the file at that line "
        "to get the rest"
    ]


# --- hostile and broken --------------------------------------------------------------------

BOMB = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10)
)  # fmt: skip
HOSTILE: dict[str, tuple[str, list[str]]] = {
    "bomb": (f"<!DOCTYPE TEI [{BOMB}]><TEI><text><p>a &l9; b</p></text></TEI>", ["xml-limit"]),
    "bomb in an attribute": (
        f"<!DOCTYPE TEI [{BOMB}]><TEI><text><p n='&l9;'>a</p></text></TEI>",
        ["xml-limit"],
    ),
    "external entity": (
        '<!DOCTYPE TEI [<!ENTITY x SYSTEM "{secret}">]><TEI><text><p>a &x; b</p></text></TEI>',
        ["xml-entity"],
    ),
    "external parameter entity": (
        '<!DOCTYPE TEI [<!ENTITY % x SYSTEM "{secret}"> %x;]><TEI><text><p>a b</p></text></TEI>',
        [],
    ),
    "DTD": (
        '<!DOCTYPE TEI SYSTEM "{secret}"><TEI><text><p>a b</p></text></TEI>',
        ["xml-dtd"],
    ),
    "unknown entity": ("<TEI><text><p>a &nobody; b</p></text></TEI>", ["xml-entity"]),
    "deep": (f"<TEI><text>{'<div>' * 100_000}a", ["xml-limit"]),
    "deep in a record": (f"<TEI><text><p>{'<hi>' * 100_000}a", ["xml-limit"]),
    "truncated": ("<TEI><text><p>a b</p><p>c", ["xml-syntax"]),
    "one long text": (f"<TEI><text><p>{'a' * 11_000_000}</p></text></TEI>", ["xml-limit"]),
    "no byte of XML": ("<TEI", ["xml-syntax"]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file(name: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    text, expected = HOSTILE[name]
    speeches, report = read_text(tei, text.replace("{secret}", secret.as_uri()))
    assert codes(report) == expected
    assert "SECRET" not in "".join(map(dump_speech, speeches)) + str(list(report))


def test_truncated_file_is_read_as_far_as_it_goes() -> None:
    speeches, report = read_text(tei, "<TEI><text><p>One &amp; two.</p>\n<p>Three")
    assert [speech.text for speech in speeches] == ["One & two.\n\nThree"]
    assert "line 2" in str(*report)


@pytest.mark.parametrize("module", READERS)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<",
        b"<!--",
        b"<html><p>No.</p></html>",
        b"<title>x</title>",
        b"\xff\xfe",
        b"{}",
        b"\x00" * 10,
    ],
)
def test_what_is_no_xml_of_ours(module: ModuleType, data: bytes) -> None:
    assert module.recognise(data) is None
    speeches, report = read_bytes(module, data)
    assert not speeches
    assert len(list(report)) == 1


def test_memory_of_a_large_file_is_that_of_a_record(tmp_path: Path) -> None:
    import tracemalloc

    turn = "<note type='speaker'>X:</note><u who='#Ada'><seg>" + "word " * 50 + "</seg></u>"
    before, after = sitting("@").split("@")
    peaks = []
    sizes = []
    for count in (100, 100, 1000):  # the first fills what is made once
        file = tmp_path / f"{count}.xml"
        sizes.append(file.write_text(before + turn * count + after))
        tracemalloc.start()
        assert sum(1 for _ in parlamint.read(Source(file, file.name), Report())) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] - peaks[1] < (sizes[2] - sizes[1]) / 2


# --- words are never lost ------------------------------------------------------------------

WORD = st.text(st.sampled_from("abcé&<ß中"), min_size=1, max_size=6)


def escaped(words: list[str]) -> str:
    text = " ".join(words)
    return text.replace("&", "&amp;").replace("<", "&lt;")


TAGS = st.sampled_from(
    "p seg note hi stage kinesic lg l quote list item head foo foreign sp u div pb lb gap".split()
)


def element(tag: str, before: list[str], inner: list[str], after: list[str]) -> str:
    return f" {escaped(before)} <{tag}> {' '.join(inner)} </{tag}> {escaped(after)} "


FEW_WORDS = st.lists(WORD, max_size=3)
MARKUP = st.recursive(
    FEW_WORDS.map(escaped),
    lambda inner: st.builds(element, TAGS, FEW_WORDS, st.lists(inner, max_size=3), FEW_WORDS),
    max_leaves=8,
)
"""Random blocks, runs and notes of TEI around random words."""


def printed(speech: Speech) -> Iterator[str]:
    """The words of a speech but the marks of its footnotes and gaps, which no text node holds."""
    noted = {run.target: run.text for block in speech.blocks for run in walk(block.content)
             if run.kind is InlineKind.NOTE_REFERENCE}  # fmt: skip
    for block in speech.blocks:
        runs = "".join(_plain(run) for run in block.content)
        words = f"{block.marker or ''} {runs}".split()
        marked = block.kind is BlockKind.NOTE and noted.get(block.ident)
        yield from words[1:] if marked else words


def _plain(run: Inline) -> str:
    if run.text and run.kind in (InlineKind.NOTE_REFERENCE, InlineKind.GAP):
        return ""
    if run.kind is InlineKind.LINE_BREAK:
        return "\n"
    return run.text + "".join(_plain(inner) for inner in run.content)


@pytest.mark.parametrize("module", [tei, parlamint])
@given(body=MARKUP)
def test_no_word_is_lost(module: ModuleType, body: str) -> None:
    text = f"<TEI><text><body> {body} </body></text></TEI>"
    want = Counter("".join(etree.fromstring(text).itertext()).split())
    if not want:
        return
    speeches, report = read_text(module, text)
    got = Counter(word for speech in speeches for word in printed(speech))
    cut = sum(cut.words for speech in speeches for cut in speech.provenance.cut)
    missing = want - got
    assert not got - want
    if speeches:
        assert missing.total() == cut
    else:
        assert codes(report)[0] == "no-speech"


# --- the corpora ---------------------------------------------------------------------------

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"
corpora = pytest.mark.skipif(
    not CORPORA.is_dir(), reason="needs the private corpora in ../shared/corpora"
)
SETS: dict[str, tuple[ModuleType, str]] = {
    "tei/parlamint-gl": (parlamint, "*_20*.xml"),
    "tei/parlamint-ca": (parlamint, "*_20*.xml"),
    "tei/frus-history": (frus, "*.xml"),
    "tei/drama-als": (tei, "*.xml"),
    "xml-parl/bundestag": (bundestag, "*.xml"),
    "xml-parl/hansard-uk": (hansard, "*.xml"),
}


def read_corpus_file(module: ModuleType, file: Path) -> tuple[list[Speech], Report]:
    report = Report()
    return list(module.read(Source(file, file.name), report)), report


@corpora
def test_parlamint_has_the_stated_number_of_turns() -> None:
    for folder in ("tei/parlamint-gl", "tei/parlamint-ca"):
        for file in sorted((CORPORA / folder).glob("*_20*.xml")):
            stated = re.search(r'unit="speeches" quantity="(\d+)"', file.read_text())
            assert stated
            assert len(read_corpus_file(parlamint, file)[0]) == int(stated[1]), file.name


@corpora
def test_galician_speakers_are_all_resolved() -> None:
    for file in sorted((CORPORA / "tei/parlamint-gl").glob("*_20*.xml")):
        speeches, report = read_corpus_file(parlamint, file)
        assert all(speech.speaker for speech in speeches)
        assert not list(report)


@corpora
def test_bundestag_has_the_known_number_of_speeches() -> None:
    known = {"19008": 53, "19009": 16, "19019": 21, "19084": 49}
    for number, count in known.items():
        file = CORPORA / "xml-parl/bundestag" / f"{number}-data.xml"
        assert len(read_corpus_file(bundestag, file)[0]) == count


@corpora
def test_plays_have_the_known_number_of_turns() -> None:
    known = {
        "greber-lucie": 446, "greber-sainte-cecile": 466, "jost-so-e-liederlicher-frack": 265,
        "kettner-uff-dr-hochzittsreis": 245, "kleisecker-dr-schnider-von-gambse": 225,
        "schneegans-steckelburjer-universite-saaue": 177,
    }  # fmt: skip
    for name, count in known.items():
        speeches, _ = read_corpus_file(tei, CORPORA / "tei/drama-als" / f"{name}.xml")
        blocks = [block for speech in speeches for block in speech.blocks]
        assert sum(block.kind is BlockKind.TURN for block in blocks) == count, name


@corpora
def test_hansard_has_every_contribution_of_a_member() -> None:
    """490 have their words marked, 98 more name a member and have them in the paragraph."""
    headed = 0
    for file in sorted((CORPORA / "xml-parl/hansard-uk").glob("*.xml")):
        speeches, _ = read_corpus_file(hansard, file)
        headed += sum(speech.blocks[0].kind is BlockKind.LEDE for speech in speeches)
    assert headed == 490 + 98


@corpora
@pytest.mark.parametrize("folder", ["tei/frus-history", "tei/parlamint-gl"])
def test_expected_values(folder: str) -> None:
    for expected in sorted((CORPORA / folder).glob("*.expect.json")):
        want = json.loads(expected.read_text())
        module = SETS[folder][0]
        speeches, _ = read_corpus_file(module, expected.parent / want["file"])
        body = " ".join(" ".join(speech.body for speech in speeches).split())
        first = speeches[0]
        assert first.title == want["title"]
        assert first.date and first.date.edtf == want["date"]
        assert first.place == want["place"]
        assert first.provenance.outlet == want["source"]
        assert (
            body.removeprefix(speeches[0].blocks[0].text).lstrip().startswith(want["first_words"])
        )
        assert body.endswith(want["last_words"])
        assert not [phrase for phrase in want["must_not_contain"] if phrase in body]
        assert len(speeches) == want.get("count_speeches", 1)


INLINE = frozenset(
    "hi emph foreign persName placeName orgName name ref w pc seg s unclear supplied role roleDesc "
    "pb q quote a i b sup member membercontribution memberconstituency".split()
)


def words_of(element: Any, out: list[str]) -> list[str]:
    """The text nodes of an element, in order, apart where it is no part of a word."""
    if not isinstance(element.tag, str):
        return out
    apart = " " if element.tag.rpartition("}")[2] not in INLINE else ""
    out += [apart, element.text or ""]
    for child in element:
        words_of(child, out)
        out.append(child.tail or "")
    out.append(apart)
    return out


@corpora
@pytest.mark.parametrize("folder", SETS)
def test_every_word_of_the_corpora_is_taken_or_counted(folder: str) -> None:
    module, pattern = SETS[folder]
    parser = etree.XMLParser(recover=True, resolve_entities=False, load_dtd=False)
    for file in sorted((CORPORA / folder).glob(pattern)):
        speeches, report = read_corpus_file(module, file)
        root: Any = etree.parse(file, parser).getroot()
        bodies = root.iter("{*}text") if folder.startswith("tei") else [root]
        text = "".join(part for body in bodies for part in words_of(body, []))
        want = Counter(unicodedata.normalize("NFC", text.replace("\u00ad", "")).split())
        got = Counter(word for speech in speeches for word in printed(speech))
        cut = sum(cut.words for speech in speeches for cut in speech.provenance.cut)
        if not speeches:
            assert codes(report) == ["no-speech"], file.name
            continue
        extra, missing = got - want, want - got
        assert missing.total() == cut, file.name
        assert extra.total() <= 5, file.name  # the name of one turn that has none in print
