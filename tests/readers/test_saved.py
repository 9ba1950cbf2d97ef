"""Saved pages: what saving programs and the Wayback Machine left in them, and take out again."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.readers import saved
from packager.readers.source import Facts, decode, find_sources

ODD = Path(__file__).parents[2] / ".." / "shared" / "corpora" / "html-odd"
needs_odd = pytest.mark.skipif(not ODD.is_dir(), reason="../shared/corpora/html-odd is not here")

PAGE = b"<html><head><title>Tides</title></head><body><p>Good evening, keepers.</p></body></html>"

SAVED = {
    "SingleFile": (
        "<!DOCTYPE html> <html lang=en><!--\n Page saved with SingleFile \n"
        " url: https://lamps.example/a?b=1&amp;c=2 \n"
        " saved date: Tue Apr 06 2021 23:25:13 GMT-0200 (a summer time)\n--><head>",
        Facts("https://lamps.example/a?b=1&c=2", "2021-04-07T01:25:13Z"),
    ),
    "browser": (
        "<!-- saved from url=(0022)http://lamps.example/a --><html>",
        Facts("http://lamps.example/a"),
    ),
    "no address": ("<!-- saved from url=(0014)about:internet --><html>", Facts()),
    "Save Page WE": (
        '<html><head><meta name="savepage-url" content="https://lamps.example/b">'
        '<meta name="savepage-date" content="Tue Apr 06 2021 10:25:13 GMT+0000 (UTC)">',
        Facts("https://lamps.example/b", "2021-04-06T10:25:13Z"),
    ),
    "HTTrack": (
        "<html><!-- Mirrored from lamps.example/c.html by HTTrack Website Copier/3.x "
        "[XR&CO'2014], Tue, 06 Apr 2021 08:25:13 GMT -->",
        Facts("http://lamps.example/c.html", "2021-04-06T08:25:13Z"),
    ),
    "SingleFile of a web archive": (
        "<html><!--\n Page saved with SingleFile \n"
        " url: https://web.archive.org/web/20070101120000/http://lamps.example/d \n"
        " saved date: Tue Apr 06 2021 10:25:13 GMT+0000 (UTC)\n-->",
        Facts("http://lamps.example/d", "2007-01-01T12:00:00Z"),
    ),
    "an impossible day": (
        "<html><!--\n Page saved with SingleFile \n url: https://lamps.example/e \n"
        " saved date: Tue Apr 99 2021 10:25:13 GMT+0000\n-->",
        Facts("https://lamps.example/e"),
    ),
    "a plain page": (PAGE.decode(), Facts()),
}


@pytest.mark.parametrize("program", SAVED)
def test_what_a_saving_program_tells(program: str) -> None:
    text, facts = SAVED[program]
    assert saved.facts_of(text) == facts


WAYBACK = """<html><head><script src="//archive.org/includes/analytics.js"></script>
<script type="text/javascript">
  __wm.wombat("http://lamps.example:80/evening","20070228213001","https://web.archive.org/","web");
</script><link rel="stylesheet" href="/_static/css/banner-styles.css"/>
<!-- End Wayback Rewrite JS Include --><title>Tides</title>
<link rel="canonical" href="https://web.archive.org/web/20070228213001/http://lamps.example/evening">
</head><body class="a"><!-- BEGIN WAYBACK TOOLBAR INSERT -->
<div id="wm-ipp-base"><div>12 captures</div></div><!-- END WAYBACK TOOLBAR INSERT -->
<p>Good evening, see <a href="/web/20070228213001/http://lamps.example/b">this</a>,
<a href="https://web.archive.org/web/20070228213001/https://web.archive.org/web/2001/http://x.example/">that</a>
and /web/20070228213001/http://lamps.example/c as text.</p><script>var own = 1;</script>
<img src="/web/20070228213001im_/http://lamps.example/x.png"></body></html><!--
     FILE ARCHIVED ON 21:30:01 Feb 28, 2007 AND RETRIEVED FROM THE
     INTERNET ARCHIVE ON 10:00:00 May 07, 2020.
--><!--
playback timings (ms):
  load_resource: 1
-->"""


def test_a_copy_of_the_wayback_machine_without_its_frame() -> None:
    assert saved.facts_of(WAYBACK) == Facts("http://lamps.example/evening", "2007-02-28T21:30:01Z")
    text = saved.without_frame(WAYBACK)
    assert "captures" not in text and "__wm" not in text and "ARCHIVED" not in text
    assert "playback" not in text and "_static" not in text
    assert '<a href="http://lamps.example/b">this</a>' in text
    assert '<a href="https://web.archive.org/web/2001/http://x.example/">that</a>' in text
    assert "/web/20070228213001/http://lamps.example/c as text" in text
    assert "var own = 1;" in text
    assert '<img src="http://lamps.example/x.png">' in text
    assert saved.without_frame(text) == text


def test_a_toolbar_whose_comments_were_lost() -> None:
    text = '<p>A<div id="wm-ipp-base" class=x><div>12<div>b</div></div>captures</div><p>B'
    assert saved.without_frame(text) == "<p>A<p>B"


def test_pages_that_only_speak_of_the_archive_stay_as_they_are() -> None:
    text = '<p>FILE ARCHIVED ON paper <a href="https://web.archive.org/web/2001/http://x/">x</a>'
    assert saved.without_frame(text) == text
    assert saved.facts_of(text) == Facts()


def test_a_hidden_address_stays_unknown() -> None:
    text = "<html><p>Hi</html><!--\n FILE ARCHIVED ON 02:32:42 Jan 06, 2011 AND RETRIEVED -->"
    assert saved.facts_of(text) == Facts(None, "2011-01-06T02:32:42Z")


def test_resources_of_a_complete_page_are_no_pages(tmp_path: Path) -> None:
    for name in ("tides.html", "tides_files/ad.html", "lamps_files/a.html", "tides-Dateien/a.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(PAGE)
    names = [one.name for one in find_sources([tmp_path], tmp_path)]
    assert names == ["lamps_files/a.html", "tides.html"]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(WAYBACK)), st.integers(0, len(WAYBACK)), st.text(max_size=20))
def test_damaged_marks_are_no_trouble(start: int, stop: int, between: str) -> None:
    text = WAYBACK[:start] + between + WAYBACK[stop:]
    saved.facts_of(text)
    assert len(saved.without_frame(text)) <= len(text)


# --- real pages ----------------------------------------------------------------------------


@needs_odd
def test_real_wayback_copies() -> None:
    known = 0
    for file in sorted((ODD / "wayback").glob("*.html")):
        text = decode(file.read_bytes()).text
        facts = saved.facts_of(text)
        assert facts.captured
        bare = saved.without_frame(text)
        assert "WAYBACK TOOLBAR" not in bare and "FILE ARCHIVED" not in bare
        assert "wm-ipp" not in bare and "wombat" not in bare
        assert len(bare) > len(text) / 2
        known += facts.url is not None
    assert known >= 8


@needs_odd
def test_real_pages_that_a_browser_saved() -> None:
    for file in sorted((ODD / "saved-page").glob("*.html")):
        facts = saved.facts_of(decode(file.read_bytes()).text)
        assert facts.url and facts.url.startswith("https://") and facts.captured is None
