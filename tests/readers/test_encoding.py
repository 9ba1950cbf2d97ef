"""Bytes as text: declared, undeclared, declared falsely, mixed; invented sentences throughout."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager import Report
from packager.readers.encoding import find_text, wide_encoding
from packager.readers.source import Facts, Source, clean, decode, is_binary, refused, tell_decoding

SHARED = Path(__file__).parents[2] / ".." / "shared" / "corpora"
ENCODINGS = SHARED / "html-odd" / "encodings"
needs_encodings = pytest.mark.skipif(
    not ENCODINGS.is_dir(), reason="../shared/corpora/html-odd/encodings is not here"
)
needs_texts = pytest.mark.skipif(
    not (SHARED / "text").is_dir(), reason="../shared/corpora/text is not here"
)

TEXTS = {
    "german": "Die Wärter grüßen heute Abend die Fischer. Über dem Hafen hängt kein Nebel, und für "
    "die Öllampen genügt ein kleines Glas. Später hören wir die Glocken läuten.",
    "french": "Les gardiens du phare saluent ce soir les pêcheurs. Après l’été, la brume s’élève "
    "déjà très tôt, et nous sommes prêts à éclairer le port où chacun espère rentrer.",
    "polish": "Strażnicy latarni pozdrawiają dziś wieczorem rybaków. Mgła się podnosi, więc "
    "światło będzie świecić całą noc. Życzymy wszystkim spokojnej żeglugi i dobrych łowów.",
    "czech": "Strážci majáku dnes večer zdraví všechny rybáře. Mlha už se zvedá, přesto bude "
    "světlo svítit celou noc. Přejeme všem šťastnou plavbu a dobrý úlovek.",
    "turkish": "Fener bekçileri bu akşam balıkçıları selamlıyor. Sis şimdiden yükseliyor, ışık "
    "bütün gece yanacak. Herkese iyi yolculuklar ve güzel günler diliyoruz, değerli dostlarımız.",
    "russian": "Смотрители маяка приветствуют сегодня вечером рыбаков. Туман уже поднимается, "
    "но свет будет гореть всю ночь. Желаем всем спокойного плавания и хорошего улова.",
    "greek": "Οι φύλακες του φάρου χαιρετούν απόψε τους ψαράδες. Η ομίχλη σηκώνεται, αλλά το φως "
    "θα ανάβει όλη τη νύχτα. Ευχόμαστε σε όλους καλό ταξίδι και καλή ψαριά.",
    "hebrew": "שומרי המגדלור מברכים הערב את הדייגים. הערפל כבר עולה, אבל האור יאיר כל הלילה. אנו "
    "מאחלים לכולם הפלגה נעימה ודיג טוב.",
    "arabic": "يحيي حراس المنارة الصيادين هذا المساء. الضباب يرتفع الآن ولكن الضوء سيبقى طوال "
    "الليل. نتمنى للجميع رحلة آمنة وصيدا وفيرا.",
    "japanese": "灯台の番人は今夜、漁師の皆さんにごあいさつ申し上げます。"
    "霧はもう立ちのぼっていますが、あかりは一晩じゅう消えません。よい航海と大漁をお祈りいたします。",
    "chinese": "灯塔的守护人今晚向各位渔民问好。"
    "雾已经升起来了，但是灯光会亮一整夜。我们祝大家一路平安，满载而归。",
    "traditional": "燈塔的守護人今晚向各位漁民問好。"
    "霧已經升起來了，但是燈光會亮一整夜。我們祝大家一路平安，滿載而歸。",
    "korean": "등대지기들이 오늘 저녁 어부 여러분께 인사를 드립니다. "
    "안개가 벌써 피어오르지만 불빛은 밤새도록 꺼지지 않을 것입니다. "
    "모두의 무사한 항해와 풍어를 빕니다.",
}
CODECS = {  # what a page may be in, and the label that it would declare
    "german": {"cp1252": "iso-8859-1", "cp850": "ibm850"},
    "french": {"cp1252": "windows-1252"},
    "polish": {"cp1250": "windows-1250", "iso8859-2": "iso-8859-2"},
    "czech": {"cp1250": "windows-1250", "iso8859-2": "iso-8859-2"},
    "turkish": {"cp1254": "iso-8859-9"},
    "russian": {
        "cp1251": "windows-1251",
        "koi8-r": "koi8-r",
        "iso8859-5": "iso-8859-5",
        "cp866": "ibm866",
        "mac-cyrillic": "x-mac-cyrillic",
    },
    "greek": {"cp1253": "windows-1253", "iso8859-7": "iso-8859-7"},
    "hebrew": {"cp1255": "windows-1255"},
    "arabic": {"cp1256": "windows-1256"},
    "japanese": {"cp932": "Shift_JIS", "euc_jp": "EUC-JP", "iso2022_jp": "iso-2022-jp"},
    "chinese": {"gb18030": "gb2312", "utf-16-le": "utf-16"},
    "traditional": {"big5hkscs": "Big5"},
    "korean": {"cp949": "euc-kr", "iso2022_kr": "iso-2022-kr"},
}
CASES = [(name, codec) for name, codecs in CODECS.items() for codec in codecs]
ONE_BYTE = [(name, codec) for name, codec in CASES if codec.startswith(("cp125", "iso8859"))]
HIDDEN = {("german", "cp850")}
"""What cannot be told from its letters alone in three sentences."""


def text_of(name: str, codec: str) -> tuple[str, bytes]:
    text = TEXTS[name]
    data = text.encode(codec, "ignore")
    return data.decode(codec), data


@pytest.mark.parametrize(("name", "codec"), [case for case in CASES if case not in HIDDEN])
def test_undeclared_text(name: str, codec: str) -> None:
    text, data = text_of(name, codec)
    if codec == "utf-16-le":
        text, data = f"{text}\n  1 2", f"{text}\n  1 2".encode(codec)
    assert find_text(data).text == text


@pytest.mark.parametrize(("name", "codec"), CASES)
def test_a_true_declaration_is_believed_and_nothing_is_told(name: str, codec: str) -> None:
    text, data = text_of(name, codec)
    if codec.startswith("utf-16"):
        return
    for label in (CODECS[name][codec], CODECS[name][codec].upper()):
        page = f'<html><head><meta http-equiv="x" content="text/html; charset={label}">'
        found = find_text(page.encode() + data)
        assert found.text == page + text
        assert (found.guessed, found.declared, found.stray) == (False, None, 0)
        stated = Source(Path("a"), "a", inner=data, facts=Facts(charset=label))
        assert stated.decoded.text == clean(text)[0]


@pytest.mark.parametrize("lie", ["iso-8859-1", "utf-8", "shift_jis"])
@pytest.mark.parametrize(
    ("name", "codec"), [case for case in ONE_BYTE if case[0] not in ("german", "french")]
)
def test_a_false_declaration_is_overruled(name: str, codec: str, lie: str) -> None:
    text, data = text_of(name, codec)
    page = f'<meta charset="{lie}">'
    found = find_text(page.encode() + data)
    assert found.text == page + text
    assert found.guessed
    assert found.declared == lie


def test_utf8_under_any_declaration() -> None:
    for label in ("shift_jis", "iso-8859-1", "utf-16", "x-user-defined", "nonsense", "hex"):
        page = f"<meta charset={label}>{TEXTS['polish']}"
        assert find_text(page.encode()).text == page


def test_html_reads_the_smaller_set_as_the_larger_one() -> None:
    samples = {
        "iso-8859-1": ("cp1252", "“Good evening” – said the keeper’s friend, naïve as ever"),
        "gb2312": ("gb18030", "镕基先生的灯塔，今晚向各位渔民问好，祝大家平安"),
        "euc-kr": ("cp949", "똠방각하 여러분께 인사를 드립니다. 펲시 불빛은 꺼지지 않습니다."),
        "shift_jis": ("cp932", "①灯台の番人は今夜、髙橋さんにごあいさつ申し上げます。"),
        "euc-jp": ("euc_jis_2004", "①灯台の番人は今夜、漁師の皆さんにごあいさつ申し上げます。"),
    }
    for label, (codec, text) in samples.items():
        page = f"<meta charset={label}>{text}"
        assert find_text(page.encode(codec)).text == page


def test_marks_and_zero_bytes_tell_wide_text() -> None:
    text = TEXTS["german"]
    for codec in ("utf-8-sig", "utf-16", "utf-32"):
        assert decode(text.encode(codec)).text == text
    for codec in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        data = text.encode(codec)
        assert wide_encoding(data) == codec
        assert decode(data).text == text
        assert not is_binary(data)
        assert not refused(Source(Path("a"), "a", inner=data), Report())
    assert wide_encoding(bytes(range(256)) * 4) is None
    assert is_binary(b"\x00\x01\x00\x02" * 200)


def test_utf8_with_strange_bytes_in_it_stays_utf8() -> None:
    page = f"<meta charset=utf-8>{TEXTS['german']}".encode()
    report = Report()
    one = Source(Path("a"), "a.html", inner=page + "<p>Mitgefühl wählen".encode("cp1252"))
    assert one.decoded.text.endswith("läuten.<p>Mitgefühl wählen")
    tell_decoding(one, report)
    assert [str(finding) for finding in report] == [
        "a.html: warning: 2 bytes are not utf-8; read as windows-1252 where that has a letter, "
        "else shown as � (encoding-mixed); look for wrong letters; save the page again in one "
        "encoding"
    ]
    cut = TEXTS["russian"].encode()[:-2]
    assert find_text(cut).encoding == "utf-8"
    assert find_text(cut).text[:-1] == TEXTS["russian"][:-2]


TYPED = (
    b"\xa1@My friends, it is late, and the boats lie still in the harbour below us\xa1Xand it is "
    b"the keeper\xa1\xa6s lamp that stands above the water when the others have gone out\xa1K and "
    b"that says to every fisherman who looks for it in the night: \xa1\xa7come home.\xa1\xa8\n"
    b"There is no more to be said of it this evening; we have the oil and we have the glass.\n"
)


def test_ascii_text_with_the_marks_of_a_chinese_system() -> None:
    found = find_text(TYPED * 3)
    assert found.text.count("　My friends") == found.text.count("us—and") == 3
    assert found.text.count("keeper’s") == found.text.count("out… and") == 3
    assert found.text.count("“come home.”\n") == 3 and found.stray == 0
    assert (found.encoding, found.guessed) == ("big5hkscs", True)
    mixed = find_text(TYPED * 3 + b"caf\xe9")
    assert mixed.text.endswith("glass.\ncafé") and mixed.stray == 1
    spanish = "¡Xenia! ¡Qué alegría, señores! Los años pasan y el faro sigue aquí. " * 3
    assert find_text(spanish.encode("cp1252")).text == spanish


def test_what_is_told_of_a_false_and_of_no_declaration() -> None:
    data = TEXTS["russian"].encode("koi8-r")
    for page, line in (
        (
            b"<meta charset=iso-8859-1>" + data,
            "a: warning: says that it is iso-8859-1, but its bytes are not; read as koi8-r "
            "(encoding-wrong); look at the accents; convert the file to UTF-8 if they are wrong",
        ),
        (
            data,
            "a: warning: not UTF-8; read as koi8-r (encoding-guessed); "
            "look at the accents; convert the file to UTF-8 if they are wrong",
        ),
    ):
        report = Report()
        tell_decoding(Source(Path("a"), "a", inner=page), report)
        assert [str(finding) for finding in report] == [line]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=600), st.sampled_from(["", "big5", "utf-7", "hz", "utf-16", "rot13"]))
def test_any_bytes_give_text(data: bytes, label: str) -> None:
    found = find_text(data, label or None)
    found.text.encode("utf-8", "strict")
    assert found.stray >= 0
    decode(data, stated=label or None).text.encode()


# --- real texts ----------------------------------------------------------------------------


def codec_of(folder: str) -> str:
    """The folder's name is the right answer; the larger sets are allowed for the smaller."""
    name = folder.lower()
    for known in ("iso-8859", "windows"):
        if name.startswith(known):
            name = "-".join(name.split("-")[: 3 if known == "iso-8859" else 2])
    larger = {"gb2312": "gb18030", "euc-kr": "cp949", "big5": "big5hkscs", "shift_jis": "cp932"}
    larger |= {"iso-8859-1": "cp1252", "iso-8859-9": "cp1254", "maccyrillic": "mac-cyrillic"}
    return larger.get(name, name)


@needs_encodings
def test_real_texts_of_42_encodings() -> None:
    wrong = []
    for file in sorted(ENCODINGS.glob("*/*")):
        folder = file.parent.name
        data = file.read_bytes()
        found = decode(data)
        if folder == "EUC-TW":  # Python has no codec for it
            continue
        text = data.decode(codec_of(folder), "replace").replace("\r\n", "\n").replace("\r", "\n")
        if found.text != clean(text.replace("\x85", "\n"))[0]:
            wrong.append((folder, file.name, found.encoding))
    assert wrong == []


@needs_encodings
def test_real_pages_whose_declaration_lies() -> None:
    found = {
        file.name: decode(file.read_bytes())
        for file in sorted((SHARED / "html-odd" / "charset").glob("*.html"))
    }
    assert len(found) >= 8
    assert all("\N{REPLACEMENT CHARACTER}" not in one.text for one in found.values())
    assert {one.encoding for one in found.values()} == {"utf-8", "cp1252", "cp1250"}


@needs_texts
def test_real_texts_with_big5_marks() -> None:
    files = [SHARED / "text" / "inaugural" / "2005-Bush.txt"]
    files += [SHARED / "text" / "state-union" / f"{year}-Nixon.txt" for year in (1970, 1972, 1973)]
    for file in files:
        text = decode(file.read_bytes()).text
        beyond = {char for char in text if char > "\x7f"}
        assert beyond and beyond <= set("‘’“”—…　")
    eisenhower = decode((SHARED / "text" / "state-union" / "1954-Eisenhower.txt").read_bytes())
    assert {char for char in eisenhower.text if char > "\x7f"} == {"½", "¢"}


# --- characters that no book can hold --------------------------------------------------------


def test_every_character_is_kept_or_dropped_by_its_kind() -> None:
    """XML 1.0 §2.2 and what `clean` says of itself, for all characters of the first plane."""
    hints = "\u00ad\u200b\u2060\ufeff"
    for code in (*range(0xD800), *range(0xE000, 0x10000)):
        char = chr(code)
        control = unicodedata.category(char) == "Cc" and char not in "\t\n\r\x0c\x85"
        unprintable = control or 0xFDD0 <= code <= 0xFDEF or char in "\ufffc\ufffe\uffff"
        text, dropped = clean(f"a{char}b")
        assert dropped == unprintable, hex(code)
        if unprintable or char in hints:
            assert text == "ab", hex(code)
        elif char != "\x0c":
            assert text == unicodedata.normalize("NFC", f"a{char}b"), hex(code)


@given(st.text("ab \x00\x07\x0c\x85\x9f\u00a0\u00ad\u0301\ufdd0\ufffc\ufeffé한", max_size=30))
def test_clean_text_stays_as_it_is(text: str) -> None:
    cleaned, _ = clean(text)
    assert clean(cleaned) == (cleaned, 0)
