"""What a saved page tells of its saving, and the frame that a web archive put around it.

Accepts the text of HTML pages saved by SingleFile, Save Page WE, HTTrack or a browser ("saved
from url"), and copies from the Wayback Machine, alone or saved by one of these. Two pure
functions: `facts_of` gives address and day of the capture, `without_frame` the page as its site
had it. A page that shows no such mark gives no facts and stays as it is. Nothing is fetched.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from packager.dates import MONTHS
from packager.readers.source import Facts

REACH = 64 * 1024
"""Characters from the top in which a saving program's comment stands."""

_SINGLE_FILE = re.compile(
    r"<!--\s*Page saved with SingleFile\s+url:\s*(?P<url>\S+)\s+"
    r"saved date:\s*(?P<date>[^\n]{8,100}?)\s*(?:\n|-->)"
)
_BROWSER = re.compile(r"<!--\s*saved from url=\(\d{4}\)(?P<url>[^\s>]+)")
_HTTRACK = re.compile(
    r"<!--\s*Mirrored from (?P<url>\S+) by HTTrack[^,>]{0,100},\s*(?P<date>[^>]{8,60}?)\s*-->"
)
_SAVE_PAGE_URL = re.compile(r"<meta name=\"savepage-url\" content=\"(?P<url>[^\"]{4,2000})\"")
_SAVE_PAGE_DATE = re.compile(r"<meta name=\"savepage-date\" content=\"(?P<date>[^\"]{8,100})\"")
_SCRIPT_DAY = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{4}) (\d\d):(\d\d):(\d\d)"
    r"(?: GMT([+-])(\d\d)(\d\d))?"
)
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?")

# --- the Wayback Machine's marks ------------------------------------------------------------

_ARCHIVED = re.compile(
    r"<!--\s*FILE ARCHIVED ON (\d\d):(\d\d):(\d\d) ([A-Z][a-z]{2}) (\d\d), (\d{4})\b"
)
_ADDRESS = re.compile(
    r"(?:https?:)?//web\.archive\.org(?::\d+)?/web/(?P<day>\d{4,14})(?:[a-z]{2,3}_|\*)?/"
    r"(?P<url>[a-z]{3,5}:/{1,2}\S+)",
    re.IGNORECASE,
)
_SCRIPT_URL = re.compile(
    r"__wm\.(?:wombat\(|bt\([^\"]{0,60}\"web\",)\s*\"(?P<url>[^\"]{4,2000})\",\s*\"(?P<day>\d{14})\""
)
_SCRIPT_HOST = re.compile(r"WB_wombat_Init\(\"[^\"]{1,100}\",\s*\"(?P<day>\d{14})\"")
_TOOLBAR_URL = re.compile(
    r"<input[^>]{0,200}id=\"wmtbURL\"[^>]{0,200}value=\"(?P<url>[^\"]{4,2000})\""
)
_OWN_LINK = re.compile(
    r"<(?:link|meta)(?=[^>]{0,400}(?:rel=[\"']?canonical|property=[\"']?og:url))[^>]{0,400}?"
    r"(?:href|content)=[\"']?(?P<link>(?:https?:)?(?://web\.archive\.org)?/web/"
    r"\d{4,14}[^\"'\s>]{4,2000})",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"(?:https?:)?(?://web\.archive\.org(?::\d+)?)?/web/\d{4,14}(?:[a-z]{2,3}_|\*)?/"
    r"(?=[a-z]{3,10}:|//)"
    r"(?P<own>(?:https?:)?//web\.archive\.org/web/)?",
    re.IGNORECASE,
)
_STAMP = re.compile(r"(?:web\.archive\.org|[\"'(=])/web/(\d{14})")
_PORT = re.compile(r"\A(http://[^/:]{1,255}):80(?=/|\Z)")  # the archive adds the default port
_TAG = re.compile(r"<[a-zA-Z][^<>]*>")
_INSERTS = (
    ("<!-- BEGIN WAYBACK TOOLBAR INSERT -->", "<!-- END WAYBACK TOOLBAR INSERT -->"),
    ("<!--BEGIN WAYBACK TOOLBAR INSERT-->", "<!--END WAYBACK TOOLBAR INSERT-->"),
)
_REWRITE_END = "<!-- End Wayback Rewrite JS Include -->"
_SCRIPT_MARKS: tuple[str, ...] = (
    *("/_static/js/", "archive.org/includes/", "archive.org/static/"),
    *("__wm.", "WB_wombat", "__wbhack", "archive_analytics"),
)
_STYLE = re.compile(r"<link\b[^>]{0,400}/_static/css/(?:banner-styles|iconochive)[^>]{0,400}>")
_TOOLBAR_BOX = re.compile(
    r"<div\b[^>]{0,300}\bid=[\"']?wm-(?:ipp-base|ipp|ipp-print|bipp|capinfo)\b[^>]{0,300}>"
)
_DIV = re.compile(r"<(/?)div\b[^>]{0,4000}>", re.IGNORECASE)
_CLOSING = re.compile(
    r"<!--\s*(?:FILE ARCHIVED ON\b|playback timings \(ms\)).*?(?:-->|\Z)", re.DOTALL
)


def facts_of(text: str) -> Facts:
    """What the page's own marks say of its saving: the address it came from, the day.

    The capture of a web archive counts before the day on which its copy was saved.

    >>> facts_of("<html><!-- saved from url=(0021)https://example.org/a --><p>Hi").url
    'https://example.org/a'
    """
    top = text[:REACH]
    url, captured = _saved(top)
    if url and (archived := original_of(url)):
        return archived
    if not is_wayback(text):
        return Facts(url=url, captured=captured)
    return _wayback(text, top)


def original_of(address: str) -> Facts | None:
    """Address and capture that a Wayback Machine address names, or None for any other.

    >>> original_of("https://web.archive.org/web/20070101120000/http://example.org/a")
    Facts(url='http://example.org/a', captured='2007-01-01T12:00:00Z', record=None, charset=None)
    """
    match = _ADDRESS.match(address)
    return Facts(url=match["url"], captured=_stamp(match["day"])) if match else None


def is_wayback(text: str) -> bool:
    """Whether the page is a copy out of the Wayback Machine, by its own marks."""
    return (
        ("FILE ARCHIVED ON" in text and _ARCHIVED.search(text) is not None)
        or any(start in text for start, _ in _INSERTS)
        or _REWRITE_END in text
        or ("wm-ipp" in text and _TOOLBAR_BOX.search(text) is not None)
    )


def without_frame(text: str) -> str:
    """The page as its site had it: without the Wayback Machine's scripts, toolbar, comments and
    the prefix of its links. What visitors read stays letter for letter.

    >>> without_frame('<!-- End Wayback Rewrite JS Include -->'
    ...               '<a href="/web/20070101000000/http://example.org/">x</a>')
    '<a href="http://example.org/">x</a>'
    """
    if not is_wayback(text):
        return text
    for start, end in _INSERTS:
        text = _without(text, start, end)
    text = _without_boxes(text)
    text = _without(text, "<script", "</script>", _SCRIPT_MARKS)
    text = _STYLE.sub("", text).replace(_REWRITE_END, "")
    text = _CLOSING.sub("", text)
    return _TAG.sub(lambda tag: _PREFIX.sub(lambda link: link["own"] or "", tag[0]), text)


def _saved(top: str) -> tuple[str | None, str | None]:
    """Address and day by the comment of the program that saved the page."""
    if "saved with SingleFile" in top and (match := _SINGLE_FILE.search(top)):
        return _link(match["url"]), _day(match["date"])
    if "savepage-url" in top and (match := _SAVE_PAGE_URL.search(top)):
        date = _SAVE_PAGE_DATE.search(top)
        return _link(match["url"]), _day(date["date"]) if date else None
    if "saved from url" in top and (match := _BROWSER.search(top)):
        return _link(match["url"]), None
    if "by HTTrack" in top and (match := _HTTRACK.search(top)):
        return _link(f"http://{match['url']}"), _day(match["date"])
    return None, None


def _wayback(text: str, top: str) -> Facts:
    """Address and capture of a Wayback Machine copy; None for an address that it hides."""
    script = _SCRIPT_URL.search(text)
    own = _OWN_LINK.search(top)
    toolbar = _TOOLBAR_URL.search(text)
    url = None
    if script:
        url = _link(_PORT.sub(r"\1", script["url"]))
    elif toolbar:
        url = _link(_PORT.sub(r"\1", toolbar["url"]))
    elif own:
        url = _link(_PREFIX.sub("", html.unescape(own["link"]), count=1))
    if match := _ARCHIVED.search(text):
        hour, minute, second, month, day, year = match.groups()
        number = MONTHS.get(month.lower())
        written = f"{year}{number:02}{day}{hour}{minute}{second}" if number else ""
    elif match := script or _SCRIPT_HOST.search(top):
        written = match["day"]
    else:
        stamps = Counter(_STAMP.findall(text)).most_common(1)
        written = stamps[0][0] if stamps else ""
    return Facts(url=url, captured=_stamp(written))


def _without(text: str, start: str, end: str, marks: tuple[str, ...] = ()) -> str:
    """The text without what stands from `start` to `end`, where it holds one of `marks`."""
    parts: list[str] = []
    at = 0
    while (first := text.find(start, at)) >= 0 and (last := text.find(end, first)) >= 0:
        last += len(end)
        inner = text[first : min(last, first + 64 * 1024)]
        drop = not marks or any(mark in inner for mark in marks)
        parts.append(text[at : first if drop else last])
        at = last
    return "".join([*parts, text[at:]])


def _without_boxes(text: str) -> str:
    """The text without the toolbar's boxes, where a saving program dropped its comments."""
    for _ in range(8):
        if "wm-" not in text or not (box := _TOOLBAR_BOX.search(text)):
            break
        depth, end = 1, None
        for tag in _DIV.finditer(text, box.end()):
            depth += -1 if tag[1] else 1
            if not depth:
                end = tag.end()
                break
        if end is None:
            break
        text = text[: box.start()] + text[end:]
    return text


def _link(address: str) -> str | None:
    """The address, where it is one of the web; references are resolved, the rest is left."""
    address = html.unescape(address).strip()
    return address if address.lower().startswith(("http://", "https://", "ftp://")) else None


def _stamp(written: str) -> str | None:
    """A Wayback Machine time, of four digits or up to fourteen, as an ISO date or date-time."""
    try:
        if len(written) == 14:
            return datetime.strptime(written, "%Y%m%d%H%M%S").strftime("%Y-%m-%dT%H:%M:%SZ")
        if len(written) >= 8:
            return datetime.strptime(written[:8], "%Y%m%d").date().isoformat()
    except ValueError:
        pass
    return None


def _day(written: str) -> str | None:
    """A day as browsers, JavaScript or HTTP write it, as an ISO date-time in UTC."""
    written = written.strip()
    try:
        if match := _SCRIPT_DAY.match(written):
            name, day, year, hour, minute, second, sign, hours, minutes = match.groups()
            offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
            zone = timezone(-offset if sign == "-" else offset)
            month = MONTHS[name.lower()]
            moment = datetime(
                int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=zone
            )
        elif match := _ISO_DAY.match(written):
            moment = datetime.fromisoformat(match[0])
            if len(match[0]) == 10:
                return match[0]
        else:
            moment = parsedate_to_datetime(written)
    except (ValueError, KeyError, OverflowError, TypeError, IndexError):
        return None
    if moment.tzinfo is None:
        return moment.strftime("%Y-%m-%dT%H:%M:%S")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
