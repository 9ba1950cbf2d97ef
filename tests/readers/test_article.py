"""Any saved page: what must come out, what must not, and what is said where that is unsure."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.findings import Report
from packager.readers import article, kcna, korean_original, profiles
from packager.readers.source import Facts, Source
from packager.speech import FRAME, BlockKind, InlineKind, Speech, walk

SHARED = Path(__file__).parents[3] / "shared" / "corpora"

NAV = (
    '<nav><ul><li><a href="/">Start</a></li><li><a href="/boats">Boats</a></li></ul></nav>'
    '<div class="breadcrumb"><a href="/">Harbour</a> / <a href="/n">News</a></div>'
)
FOOT = (
    '<div class="share-bar"><a href="#">Post it</a> <a href="#">Mail it</a></div>'
    '<div class="related-articles"><h3>Related stories</h3><ul>'
    '<li><a href="/1">Herring come back to the sound</a></li>'
    '<li><a href="/2">New rope for the old bell</a></li></ul></div>'
    '<div id="comments"><p>First! Nobody rows to the island any more, says a reader at length.</p>'
    "</div><footer><p>Harbour Gazette, all rights kept, 12 Quay Street.</p></footer>"
)
BODY = (
    "When I came to this harbour forty years ago there were nine boats, and every one leaked.",
    "Today there are sixty, and the ones that leak are mine; I thank you for not saying so aloud.",
    "(Laughter)",
    "We shall build the second pier before the winter, because the fish will not wait for us.",
    "Row on!",
)
FOREIGN = ("Boats", "Post it", "Herring come back", "First!", "all rights kept")


def page(
    *body: str,
    title: str = "Speech by Oda Fenn at Opening of Second Pier",
    head: str = "",
    lang: str = "en",
) -> str:
    """A page of an invented site around paragraphs, with all that a site puts around them."""
    paragraphs = "".join(f"<p>{one}</p>" for one in body)
    return (
        f'<!doctype html><html lang="{lang}"><head><title>{title} | Harbour Gazette</title>'
        f'<meta property="og:title" content="{title}">{head}</head><body>{NAV}'
        f'<main><article><h1>{title}</h1><div class="text">{paragraphs}</div></article></main>'
        f"{FOOT}</body></html>"
    )


def read(
    text: str, name: str = "page.html", facts: Facts | None = None
) -> tuple[Speech | None, Report]:
    """The speech of a page given as text, and what was told."""
    report = Report()
    source = Source(Path(name), Path(name).name, text.encode(), facts or Facts())
    speeches = list(article.read(source, report))
    assert len(speeches) <= 1
    return (speeches[0] if speeches else None), report


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report]


def taken(text: str, **more: Any) -> Speech:
    speech, _ = read(text, **more)
    assert speech is not None
    return speech


# --- plain ------------------------------------------------------------------------------------


def test_plain_page() -> None:
    speech, report = read(page(*BODY))
    assert speech is not None
    assert [block.text for block in speech.blocks] == list(BODY)
    assert speech.blocks[2].kind is BlockKind.STAGE
    assert speech.title == "Speech by Oda Fenn at Opening of Second Pier"
    assert (speech.speaker, speech.kind) == ("Oda Fenn", "speech")
    assert speech.occasion == "Opening of Second Pier"
    assert speech.language == "en"
    assert speech.date is None
    assert not codes(report)


def test_what_is_cut_is_counted() -> None:
    speech = taken(page(*BODY))
    cuts = {cut.kind: cut for cut in speech.provenance.cut}
    assert cuts["page furniture before the text"].first_words.startswith("Start Boats")
    assert cuts["other articles and page furniture after the text"].words > 10
    assert cuts["comments"].first_words.startswith("First! Nobody rows")
    assert not any(word in speech.text for word in FOREIGN)


def test_every_word_of_the_page_is_in_the_speech_or_cut_or_its_title() -> None:
    text = page(*BODY)
    speech = taken(text)
    shown = re.sub(r"<head>.*?</head>", " ", text)
    whole = Counter(re.sub(r"<[^>]*>", " ", shown).split())
    kept = Counter(speech.text.split()) + Counter(speech.title.split())
    assert kept <= whole
    assert whole.total() == kept.total() + sum(cut.words for cut in speech.provenance.cut)


def test_short_paragraphs_are_text() -> None:
    speech = taken(page("Friends,", BODY[0], "No.", BODY[1], "Never.", BODY[3], "Oda Fenn"))
    assert [block.text for block in speech.blocks][2] == "No."
    assert speech.blocks[0].kind is BlockKind.SALUTE
    assert speech.blocks[-1].kind is BlockKind.SIGNED


def test_repeated_paragraphs_stay() -> None:
    refrain = "We shall row, whatever the weather has to say about it on the day."
    speech = taken(page(BODY[0], refrain, BODY[1], refrain, BODY[3], refrain))
    assert [block.text for block in speech.blocks].count(refrain) == 3


def test_no_state_across_pages() -> None:
    first, second = taken(page(*BODY)), taken(page(*BODY))
    assert first == second


# --- hard -------------------------------------------------------------------------------------


def test_kinds_of_blocks() -> None:
    inner = (
        f"<p>{BODY[0]}</p><h2>The pier</h2><p>{BODY[1]}</p>"
        "<ol start=3><li>Wood from the north, well dried.</li><li>Iron from here.</li></ol>"
        "<blockquote>Build it twice, said my father, and the second time with nails.</blockquote>"
        "<p>The sea is wide<br>the boat is small<br>the bell is loud</p>"
        f'<p>{BODY[3]}</p><div class="footnotes">'
        '<p class="footnote" id="fn1">1 In fact ten.</p></div>'
    )
    speech = taken(page("x").replace("<p>x</p>", inner))
    kinds = [(str(block.kind), block.marker) for block in speech.blocks]
    assert kinds == [
        ("p", None),
        ("head", None),
        ("p", None),
        ("list", "3."),
        ("list", "4."),
        ("quote", None),
        ("verse", None),
        ("p", None),
        ("note", None),
    ]


def test_related_links_inside_the_text_are_cut() -> None:
    box = '<div class="related-box"><a href="/9">Whales sighted off the second pier</a></div>'
    inner = f"<p>{BODY[0]}</p><p>{BODY[1]}</p>{box}<p>{BODY[3]}</p>"
    speech = taken(page("x").replace("<p>x</p>", inner))
    assert "Whales" not in speech.text
    assert BODY[3] in speech.text
    inside = [cut for cut in speech.provenance.cut if cut.kind == "page furniture in the text"]
    assert inside and inside[0].first_words.startswith("Whales sighted")


def test_names_that_lie_are_believed_less_than_the_text() -> None:
    text = page(*BODY).replace('class="text"', 'class="sidebar-wrap share comments"')
    assert BODY[3] in taken(text).text


def test_links_and_italics_and_languages_stay() -> None:
    line = (
        'I wrote <em>Nine Boats</em>, see <a href="https://boats.example/9">the list</a>, and '
        '<span lang="nn">ro vidare</span> is what they said to me every single morning.'
    )
    speech = taken(page(BODY[0], line, BODY[1]))
    kinds = {run.kind for block in speech.blocks for run in walk(block.content)}
    assert {InlineKind.EMPHASIS, InlineKind.REFERENCE, InlineKind.FOREIGN} <= kinds


def test_paragraphs_made_of_breaks() -> None:
    speech = taken(page("<br><br>".join(BODY)))
    assert [block.text for block in speech.blocks] == list(BODY)


def test_picture_is_cut_and_counted() -> None:
    figure = (
        '<figure><img src="x.png" alt="A pier"><figcaption>The pier in May</figcaption></figure>'
    )
    speech = taken(page(BODY[0], BODY[1], BODY[3]).replace("</p><p>", f"</p>{figure}<p>", 1))
    assert "in May" not in speech.text
    assert any(
        "picture, not saved" in cut.kind and cut.first_words == "A pier"
        for cut in speech.provenance.cut
    )


def test_agency_frame() -> None:
    lede = "The following is the speech made by Oda Fenn at the opening of the pier:"
    text = page(
        f"Marrowby, March 14 (VNA) -- {lede}", *BODY[:-1], "Row on! -0-", "More boats here."
    )
    head = '<meta property="article:published_time" content="2019-03-15T04:00:00Z">'
    speech = taken(text.replace("</head>", f"{head}</head>"))
    assert [str(block.kind) for block in speech.blocks[:2]] == ["dateline", "lede"]
    assert speech.place == "Marrowby"
    assert speech.blocks[-1].text == "Row on!"
    assert "More boats" not in speech.text
    assert speech.date is not None
    assert speech.date.edtf == "2019-03-14"
    assert speech.date.reason == "the day of the dateline (March 14); the page is of 2019-03-15"


def test_bold_names_are_plain_words() -> None:
    speech = taken(page(f"<b>Oda Fenn</b> said: {BODY[0]}", *BODY[1:]))
    kinds = {run.kind for block in speech.blocks for run in walk(block.content)}
    assert kinds == {InlineKind.TEXT}


@pytest.mark.parametrize(
    ("lines", "lang"),
    [
        ("我们今天在这里开始修建第二座码头，因为鱼不会等我们。|四十年前这里只有九条船。", "zh"),
        ("우리는 오늘 둘째 부두를 짓기 시작한다.|물고기는 기다리지 않기때문이다.", "ko"),
        ("نبدأ اليوم ببناء الرصيف الثاني لأن السمك لا ينتظرنا.|كانت هنا تسعة قوارب.", "ar"),
    ],
)
def test_other_scripts(lines: str, lang: str) -> None:
    paragraphs = lines.split("|") * 4
    speech = taken(page(*paragraphs, title="X", lang=lang))
    assert speech.text == "\n\n".join(paragraphs)
    assert speech.language == lang


# --- what the page states ---------------------------------------------------------------------


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


@pytest.mark.parametrize(
    ("head", "date"),
    [
        (ld({"@type": "NewsArticle", "datePublished": "2021-04-07T08:00:00+09:00"}), "2021-04-07"),
        (ld({"@graph": [{"@type": ["Article"], "datePublished": "2020-01"}]}), "2020-01"),
        ('<meta name="dc.date" content="2011-05-06">', "2011-05-06"),
        ('<meta property="article:modified_time" content="2011-05-06">', None),
        (ld({"@type": "Article", "dateModified": "2021-04-07"}), None),
        ('<script type="application/ld+json">{"@type": "Article", </script>', None),
        (ld({"@type": "Article", "datePublished": "last Tuesday"}), None),
        ('<meta name="date" content="2011-02-31">', None),
    ],
)  # fmt: skip
def test_date_as_stated_and_never_guessed(head: str, date: str | None) -> None:
    speech = taken(page(*BODY, head=head))
    assert (speech.date.edtf if speech.date else None) == date


@pytest.mark.parametrize(
    ("times", "date"),
    [
        ('<time datetime="2019-03-14">14 March</time>', "2019-03-14"),
        ('<time datetime="2019-03-14">a</time><time datetime="2018-01-02">b</time>', None),
        (
            '<time datetime="2018-01-02">b</time><time class="published" datetime="2019-03-14">',
            "2019-03-14",
        ),
    ],
)
def test_date_of_time_elements(times: str, date: str | None) -> None:
    speech = taken(page(*BODY).replace("</h1>", f"</h1>{times}"))
    assert (speech.date.edtf if speech.date else None) == date


def test_address_and_outlet_of_the_page_and_facts_that_win() -> None:
    head = (
        '<link rel="canonical" href="https://gazette.example/pier">'
        '<meta property="og:site_name" content="Harbour Gazette">'
    )
    speech = taken(page(*BODY, head=head))
    assert speech.provenance.url == "https://gazette.example/pier"
    assert speech.provenance.outlet == "Harbour Gazette"
    facts = Facts(url="https://old.example/p", captured="2020-02-02")
    speech = taken(page(*BODY, head=head), facts=facts)
    assert (speech.provenance.url, speech.provenance.captured) == (
        "https://old.example/p",
        "2020-02-02",
    )


def test_marks_of_the_saving_program() -> None:
    mark = "<!-- saved from url=(0026)https://gazette.example/p -->"
    speech = taken(page(*BODY).replace("<html", f"{mark}<html", 1))
    assert speech.provenance.url == "https://gazette.example/p"


def test_article_body_finds_the_text_and_is_not_the_text() -> None:
    body = " ".join(BODY * 3)
    head = ld({"@type": "NewsArticle", "articleBody": body.replace("Row on!", "")})
    speech = taken(page(*BODY, *BODY, *BODY, head=head))
    assert speech.text.count("Row on!") == 3


def test_hostile_json_ld() -> None:
    for value in ("[" * 100_000, '{"@graph":' * 50_000, "1e999999", '{"@type": {"a": 1}}'):
        head = f'<script type="application/ld+json">{value}</script>'
        assert BODY[3] in taken(page(*BODY, head=head)).text


# --- not sure, not at all ---------------------------------------------------------------------


def test_a_listing_is_told() -> None:
    rows = "".join(
        f'<li><a href="/{n}">Boat number {n} comes home from a long voyage</a></li>'
        for n in range(40)
    )
    text = (
        f"<html><head><title>Boats</title></head><body><h1>Boats</h1><ul>{rows}</ul></body></html>"
    )
    speech, report = read(text)
    assert speech is None or "not-sure" in codes(report)


def test_a_page_that_says_it_is_a_list() -> None:
    _, report = read(page(*BODY, head=ld({"@type": "ItemList"})))
    assert codes(report) == ["not-sure"]


def test_not_sure_says_the_way_and_how_sure() -> None:
    _, report = read("<html><body><h1>Tides</h1><p>High at noon, I am told.</p></body></html>")
    (finding,) = list(report)
    assert re.fullmatch(
        r"confidence 0\.\d\d: found by .+; agreement \d\.\d\d, letters in links \d\.\d\d, "
        r"share of the page's prose \d\.\d\d, \d+ letters",
        finding.message,
    )
    assert finding.hint == "compare the text with the page; a profile for its site makes it sure"


@pytest.mark.parametrize(
    "text",
    [
        "<html></html>",
        "<html><body></body></html>",
        "<!doctype html>",
        "<html><body><script>alert(1)</script></body></html>",
        "<html><body><p>12345 67890 %% !!</p></body></html>",
        "<!-- only a comment --><html>",
        "<div",
    ],
)
def test_nothing_there(text: str) -> None:
    speech, report = read(text)
    assert speech is None
    assert codes(report) == ["no-speech"]


# --- broken and hostile -----------------------------------------------------------------------


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "ul><li", "table><tr><td", "nav"])
@pytest.mark.parametrize("depth", [300, 2_040, 100_000])
def test_depth(tag: str, depth: int) -> None:
    start = f"<html><body><h1>Depth</h1>{f'<{tag}>' * depth}"
    speech, report = read(f"{start}<p>{BODY[0]}</p><p>{BODY[1]}</p></body></html>")
    if tag != "nav":
        assert speech is not None
        assert BODY[1] in speech.text
    assert ("not-sure" in codes(report) or speech is None) or depth < 100_000


def test_tag_with_too_many_attributes() -> None:
    attributes = " ".join(f"a{n}=b" for n in range(30_000))
    speech, report = read(f"<html><body><div {attributes}><p>{BODY[0]}</p></div></body></html>")
    assert speech is None
    (finding,) = list(report)
    assert finding.message == "a tag of more than 20,000 attributes"


def test_unclosed_and_misnested() -> None:
    text = page(*BODY).replace("</p>", "").replace("</div></article>", "</b></i></td>")
    assert [one for one in BODY if one in taken(text).text] == list(BODY)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="<>/=\"' abpdivhref1!-&;#", max_size=400))
def test_fuzz_markup(text: str) -> None:
    read(f"<html><body>{text}")


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2_000), st.integers(0, 2_000))
def test_fuzz_truncated(start: int, size: int) -> None:
    text = page(*BODY)
    read(text[:start] + text[start + size :])


# --- profiles ---------------------------------------------------------------------------------


def test_shipped_profiles_are_sound() -> None:
    names = [profile.name for profile in profiles._shipped()]
    assert len(names) >= 12
    assert "kcna.kp.toml" in names


KCNA_PAGE = (
    '<html><body><div class="menu-block"><a href="/en">Home</a></div>'
    '<div class="article-content-title"><div class="article-main-title"><strong>Speech by '
    "<nobr><span class='fSpecCs'>Oda Fenn</span></nobr> at Pier</strong></div></div>"
    '<div class="article-content-body"><div class="content-wrapper"><p>Pyongyang, December 10 '
    f"(KCNA) -- The following is the speech:</p><p>{BODY[0]}</p><p>{BODY[3]} -0-</p>"
    "<span class='publish-time'>www.kcna.kp (Juche108.12.10.)</span></div></div>"
    '<ul class="article-link"><li>Other stories of the day</li></ul></body></html>'
)


def test_profile_of_kcna() -> None:
    facts = Facts(url="http://www.kcna.kp/en/article/q/0.kcmsf")
    speech, report = read(KCNA_PAGE, facts=facts)
    assert speech is not None
    assert not codes(report)
    assert speech.title == "Speech by Oda Fenn at Pier"
    assert speech.body.split("\n\n") == [BODY[0], BODY[3]]
    assert (speech.place, speech.provenance.outlet) == ("Pyongyang", "KCNA")
    assert speech.date is not None
    assert speech.date.edtf == "2019-12-10"
    kinds = {cut.kind for cut in speech.provenance.cut}
    assert kinds >= {"end mark", "page furniture before the text"}


def test_profile_of_rodong() -> None:
    text = (
        '<div id="article-date">Feb. 19, 2026 Thursday [Photo]</div><div id="articleContent">'
        f'<p class="TitleP">At the Pier</p><p class="TextP">{BODY[0]}</p>'
        f'<p class="TextP">{BODY[3]}</p></div>'
    )
    speech = taken(
        f"<html><body>{text}</body></html>",
        facts=Facts(url="http://www.rodong.rep.kp/en/index.php?x"),
    )
    assert speech.title == "At the Pier"
    assert speech.text.split("\n\n") == [BODY[0], BODY[3]]
    assert speech.date is not None
    assert speech.date.edtf == "2026-02-19"


OWN = """
hosts = ["gazette.example"]
outlet = "The Gazette"
months = "jan feb mars april mai juni juli aug sept okt nov des"
[[layout]]
title = ".top"
body = "div.words"
date = ".when"
speaker = "//p[@class='who']"
strip = ["aside"]
end = ["(end of text)"]
"""
OWN_PAGE = (
    '<html><head><link rel="canonical" href="https://www.gazette.example/9"></head><body>'
    '<p class="top">At the Pier</p><p class="who">Oda Fenn</p><p class="when">14. mars 2019</p>'
    f'<div class="words"><p>{BODY[0]}</p><aside>An advert</aside><p>{BODY[3]}</p>'
    "<p>Row on! (end of text)</p><p>After it.</p></div></body></html>"
)


def test_profile_of_the_user(tmp_path: Path) -> None:
    (tmp_path / "packager-profiles").mkdir()
    (tmp_path / "packager-profiles" / "gazette.toml").write_text(OWN)
    (tmp_path / "2019").mkdir()
    speech = taken(OWN_PAGE, name=str(tmp_path / "2019" / "page.html"))
    assert (speech.title, speech.speaker) == ("At the Pier", "Oda Fenn")
    assert speech.date is not None
    assert speech.date.edtf == "2019-03-14"
    assert speech.provenance.outlet == "The Gazette"
    assert "An advert" not in speech.text
    assert "After it." not in speech.text


def test_a_class_of_a_profile_is_a_whole_name(tmp_path: Path) -> None:
    (tmp_path / "packager-profiles").mkdir()
    (tmp_path / "packager-profiles" / "gazette.toml").write_text(OWN)
    html = OWN_PAGE.replace(
        '<p class="top">', '<div class="words-of keywords">Fog</div>' * 2 + "<p class='a\ttop b'>"
    )
    speech = taken(html, name=str(tmp_path / "page.html"))
    assert (speech.title, "Fog" in speech.text) == ("At the Pier", False)


def test_what_no_visitor_sees_is_not_counted_as_cut(tmp_path: Path) -> None:
    (tmp_path / "packager-profiles").mkdir()
    (tmp_path / "packager-profiles" / "gazette.toml").write_text(OWN)
    unseen = "<script>var a = 'one two';</script><style>p { x: y }</style><noscript>Run</noscript>"
    html = OWN_PAGE.replace("<body>", f"<body>{unseen}<p>Menu {unseen} of it</p>")
    html = html.replace("</body>", f"<p>Below it</p>{unseen}</body>")
    cuts = {cut.kind: cut for cut in taken(html, name=str(tmp_path / "a.html")).provenance.cut}
    assert cuts["page furniture before the text"].first_words.startswith("Menu of it")
    after = cuts["other articles and page furniture after the text"]
    assert after.first_words == "After it. Below it"


def test_public_site_rule(tmp_path: Path) -> None:
    (tmp_path / "packager-profiles").mkdir()
    rule = (
        "# a comment\ntitle: //p[@class='top']\nbody: //div[@class='words']\n"
        "date: //p[@class='when']\nstrip: //aside\nstrip_id_or_class: 'advert'\nprune: no\n"
        "test_url: https://gazette.example/1\n"
    )
    (tmp_path / "packager-profiles" / "gazette.example.txt").write_text(rule)
    speech = taken(OWN_PAGE, name=str(tmp_path / "page.html"))
    assert speech.title == "At the Pier"
    assert "An advert" not in speech.text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hosts = 1", "`hosts` must be a text or a list of texts"),
        ('hosts = ["a"]', "a profile needs `hosts` and at least one [[layout]]"),
        ('hosts=["a"]\n[[layout]]\nbody="p["', "`p[` is no CSS selector"),
        ('hosts=["a"]\n[[layout]]\nbody="//p["', "`//p[` is no XPath"),
        ('hosts=["a"]\n[[layout]]\nbdy="p"', "unknown key `bdy` in [[layout]]; known: body,"),
        ('hosts=["a"]\nmonths="a b"\n[[layout]]\nbody="p"', "`months` has 2 names, not 12"),
        ("hosts = [", "Invalid"),
    ],
)
def test_wrong_profile(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "packager-profiles").mkdir()
    (tmp_path / "packager-profiles" / "a.toml").write_text(text)
    speech, report = read(page(*BODY), name=str(tmp_path / "page.html"))
    assert speech is not None
    (finding,) = list(report)
    assert finding.code == "profile-wrong"
    assert finding.message.startswith("packager-profiles/a.toml: ")
    assert message in finding.message


# --- KCNA by era ------------------------------------------------------------------------------

CO_JP = (
    "<html><head><title>x</title></head><body><p>calendar&gt;&gt;</p>"
    "<p>&gt;&gt; March 14. 2009 Juche 98</p><p>Speech by Oda Fenn at Pier</p>"
    f"<p>Marrowby, March 14 (KCNA) -- The following is the speech:</p><p>{BODY[0]}</p>"
    f"<p>{BODY[3]}</p><p>Copyright (C) KOREA NEWS SERVICE(KNS) All Rights Reserved.</p>"
    "</body></html>"
)


def test_kcna_co_jp() -> None:
    assert kcna.recognise(CO_JP) == "it has the line '>> Month day. year Juche n' of kcna.co.jp"
    report = Report()
    (speech,) = kcna.read(Source(Path("a.html"), "a.html", CO_JP.encode()), report)
    assert speech.title == "Speech by Oda Fenn at Pier"
    assert speech.body.split("\n\n") == [BODY[0], BODY[3]]
    assert speech.date is not None
    assert speech.date.edtf == "2009-03-14"
    assert not codes(report)


def test_kcna_co_jp_with_a_wrong_juche_year() -> None:
    report = Report()
    text = CO_JP.replace("Juche 98", "Juche 97")
    list(kcna.read(Source(Path("a.html"), "a.html", text.encode()), report))
    assert codes(report) == ["date-disagrees"]


def test_korean_original_without_its_frame() -> None:
    text = (
        "새 부두를 세우자\n \n- 1950년 01월 02일\n해 제\n\n편집자의 설명이다.\n\n원 문\n\n"
        "친애하는 어부들!\n\n배는 아홉척이다.\n\n노를 젓자!\n\n『오다펜저작집』3권 (등대출판사)\n"
    )
    made = korean_original.original_of(text)
    assert made is not None
    assert (made.title, made.date and made.date.edtf) == ("새 부두를 세우자", "1950-01-02")
    assert made.text == "친애하는 어부들!\n\n배는 아홉척이다.\n\n노를 젓자!"
    assert [cut.kind for cut in made.cuts] == ["editor's comment", "citation of the edition"]
    assert korean_original.original_of("친애하는 어부들!\n\n배는 아홉척이다.") is None


# --- real pages, where they are ---------------------------------------------------------------


def shared(pattern: str) -> list[Any]:
    found = sorted(SHARED.glob(pattern)) if SHARED.is_dir() else []
    if not found:
        reason = "the shared corpora are not beside this repository"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason))]
    return [pytest.param(path, id=path.name.split(".gold")[0]) for path in found]


AROUND = FRAME | {BlockKind.HEAD, BlockKind.NOTE}


def squeezed(text: str) -> str:
    return " ".join(re.sub("[\u00ad\u200b]", "", text).split())


@pytest.mark.parametrize("expected", shared("html-*/**/*.expect.json"))
def test_real_pages(expected: Path) -> None:
    facts = json.loads(expected.read_text("utf-8"))
    path = expected.with_name(facts["file"])
    (speech,) = article.read(Source(path, path.name, path.read_bytes()), Report())
    assert squeezed(speech.title) == squeezed(facts["title"])
    assert (speech.speaker, speech.place) == (facts["speaker"], facts["place"])
    assert (speech.date and speech.date.edtf) == facts["date"]
    assert speech.provenance.outlet == facts["source"]
    words = [block.text for block in speech.blocks if block.kind not in AROUND]
    body, text = squeezed(" ".join(words)), squeezed(speech.text)
    assert body.startswith(squeezed(facts["first_words"]))
    assert body.rstrip('”"').endswith(squeezed(facts["last_words"]).rstrip('”"'))
    assert not [one for one in facts["must_not_contain"] if squeezed(one) in text]


@pytest.mark.parametrize("expected", shared("kcna/newyear-ko/*.expect.json"))
def test_real_originals(expected: Path) -> None:
    facts = json.loads(expected.read_text("utf-8"))
    made = korean_original.original_of(expected.with_name(facts["file"]).read_text("utf-8"))
    assert made is not None
    assert squeezed(made.text).startswith(squeezed(facts["first_words"])[:30])
    assert squeezed(made.text).endswith(squeezed(facts["last_words"]))


@pytest.mark.parametrize("gold", shared("html-gold/aeb/[0-2]*.gold.txt"))
def test_real_articles(gold: Path) -> None:
    path = gold.with_name(gold.name.replace(".gold.txt", ".html.gz"))
    text = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
    speech, report = read(text, name=str(path))
    want, got = (
        Counter(gold.read_text("utf-8").split()),
        Counter(speech.text.split() if speech else ()),
    )
    share = (want & got).total() / max(want.total(), got.total(), 1)
    assert share > 0.5 or "not-sure" in codes(report) or speech is None


def test_references_to_what_no_book_can_hold_are_dropped_and_told() -> None:
    body = "".join(f"<p>{line}</p>" for line in BODY * 3)
    odd = "<p>The har&shy;bour is&#7; don&#146;t &#x200B;shut&#xFFFE;.&#8203;</p>"
    page = f"<html><body><article>{odd}{body}</article></body></html>"
    report = Report()
    (speech,) = article.read(Source(Path("a.html"), "a.html", page.encode()), report)
    assert "The harbour is don’t shut." in speech.text
    assert [str(one) for one in report if one.code == "characters-dropped"] == [
        "a.html: warning: 2 control characters left out (characters-dropped); no book format can "
        "hold them; compare the page if words seem to run together"
    ]
