"""What a page says of itself for machines: JSON-LD, microdata, OpenGraph and its kin, `<time>`.

Takes title, day, author, outlet, address and language where they are stated; `body` is an
`articleBody` of JSON-LD, which helps to find the text and is never itself the text. Nothing is
guessed: of two stated days the one that the page's own article states wins, a day of upload or
change is no day of publication.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from packager.readers.runs import squeeze

SCRIPT_LIMIT = 2_000_000
"""Characters of one JSON-LD script; the largest of the gold sets has 18,193."""
NODES = 20_000
"""Values of one JSON-LD script that are looked at."""

_ARTICLES = frozenset(
    "article newsarticle blogposting reportagenewsarticle analysisnewsarticle opinionnewsarticle "
    "backgroundnewsarticle reviewnewsarticle report scholarlyarticle socialmediaposting "
    "techarticle medicalscholarlyarticle specialannouncement advertisercontentarticle "
    "governmentservice liveblogposting".split()
)
_LISTS = frozenset(
    "itemlist collectionpage searchresultspage discussionforumposting qapage product offercatalog "
    "faqpage profilepage".split()
)
_HOST = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}/?", re.IGNORECASE)
"""The address of a site where its name should stand."""
_NO_PERSON = re.compile(
    r"\bthe\b|,|&|\.\w{2,}|\b(?:press\w*|staff|news\w*|wires?|team|editor\w*|desk|redaktion|rédaction|"
    r"redacción|agency|agentur|office|group|magazine|media|times|post|online|admin\w*|guest)\b",
    re.IGNORECASE,
)
"""Names of authors that are no one's own."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{4}/\d{2}/\d{2}|\d{4}-\d{2}|\d{4}")
_STATED_DAY = (
    "article:published_time", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date",
    "dc.date.created", "dcterms.created", "date", "publishdate", "pubdate", "publication_date",
    "publish-date", "parsely-pub-date", "sailthru.date", "citation_publication_date",
    "citation_date", "datepublished", "og:published_time", "last-published", "article.published",
    "article_date_original", "originalpublicationdate", "rnews:datepublished",
    "cxenseparse:recs:publishtime",
)  # fmt: skip
_STATED_TITLE = ("og:title", "dc.title", "dcterms.title", "citation_title", "twitter:title")
_STATED_AUTHOR = ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author")
_STATED_OUTLET = ("og:site_name", "dc.publisher", "dcterms.publisher", "application-name")


@dataclass(frozen=True, slots=True)
class Stated:
    """What the page states; unknown values are None, `date` as it was written.

    `person` is the author where JSON-LD says that it is one human being; `seat` is the place that
    the page names as its own.
    """

    title: str | None = None
    head_title: str | None = None
    date: str | None = None
    date_from: str | None = None
    author: str | None = None
    person: str | None = None
    outlet: str | None = None
    url: str | None = None
    language: str | None = None
    body: str | None = None
    types: frozenset[str] = frozenset()
    titles: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    seat: str | None = None

    @property
    def article(self) -> bool:
        """True where the page calls itself an article."""
        return bool(self.types & _ARTICLES) or "og:article" in self.types

    @property
    def weak(self) -> bool:
        """True where the stated day may be that of a change: its name says only "date"."""
        return self.date_from in ("date", "dc.date", "dcterms.date")

    @property
    def listing(self) -> bool:
        """True where the page calls itself a list, a forum or a shop."""
        return bool(self.types & _LISTS) and not self.article


def read_stated(root: etree._Element) -> Stated:
    """What the tree of a page states for machines."""
    meta, links = _meta(root)
    linked = _json_ld(root)
    date, date_from = _date(root, meta, linked)
    heads = root.xpath("string((//title)[1])")
    head_title = squeeze(str(heads))[:1000] or None
    titles = [linked.get("headline"), *(meta.get(name) for name in _STATED_TITLE)]
    stated_titles = tuple(squeeze(one) for one in titles if one)
    types = set(linked.get("types", "").split())
    if meta.get("og:type", "").lower() == "article":
        types.add("og:article")
    author = linked.get("author") or next((meta[n] for n in _STATED_AUTHOR if meta.get(n)), None)
    if author and author.startswith(("http://", "https://")):
        author = None
    return Stated(
        title=stated_titles[0] if stated_titles else None,
        head_title=head_title,
        date=date,
        date_from=date_from,
        author=squeeze(author) if author else None,
        person=linked.get("person"),
        outlet=_outlet([*(meta.get(name) for name in _STATED_OUTLET), linked.get("publisher")]),
        url=next(
            (one for one in (links.get("canonical"), meta.get("og:url")) if _is_address(one)), None
        ),
        language=root.get("lang") or root.get("xml:lang") or meta.get("content-language") or None,
        body=linked.get("body"),
        types=frozenset(types),
        titles=stated_titles,
        descriptions=tuple(
            meta[name]
            for name in ("og:description", "description", "twitter:description")
            if meta.get(name)
        ),
        seat=meta.get("geo.placename"),
    )


def _outlet(stated: Sequence[str | None]) -> str | None:
    """The first name; the first address where nothing but addresses is stated."""
    known = [squeeze(one) for one in stated if one and one.strip()]
    return next((one for one in known if not _HOST.fullmatch(one)), known[0] if known else None)


def _is_address(text: str | None) -> bool:
    return bool(text) and str(text).startswith(("http://", "https://"))


def _meta(root: etree._Element) -> tuple[dict[str, str], dict[str, str]]:
    meta: dict[str, str] = {}
    links: dict[str, str] = {}
    for element in root.iter("meta", "link"):
        if element.tag == "link":
            rel, href = (element.get("rel") or "").lower().split(), element.get("href") or ""
            if "canonical" in rel and href.strip():
                links.setdefault("canonical", href.strip()[:2000])
            continue
        name = element.get("property") or element.get("name") or element.get("itemprop")
        name = name or element.get("http-equiv") or ""
        if name and (content := (element.get("content") or "").strip()):
            meta.setdefault(name.strip().lower(), content[:5000])
    return meta, links


def _json_ld(root: etree._Element) -> dict[str, str]:
    """The first article of the page's JSON-LD, and all types that its nodes name."""
    best: dict[str, str] = {}
    types: list[str] = []
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text or "").strip()
        if not text or len(text) > SCRIPT_LIMIT:
            continue
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            kinds = _kinds(node)
            types += kinds
            if _ARTICLES & set(kinds) and not best:
                best = _article(node)
    if types:
        best["types"] = " ".join(types)
    return best


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-LD value, outer before inner, as many as `NODES`."""
    waiting: list[Any] = [data]
    for _ in range(NODES):
        if not waiting:
            return
        value = waiting.pop(0) if len(waiting) < 64 else waiting.pop()
        if isinstance(value, dict):
            yield value
            inner = [value.get(key) for key in ("@graph", "mainEntity", "mainEntityOfPage")]
            waiting += [one for one in inner if isinstance(one, (dict, list))]
        elif isinstance(value, list):
            waiting += value[:NODES]


def _kinds(node: dict[str, Any]) -> list[str]:
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return [name.rsplit("/", 1)[-1].lower() for name in names[:20] if isinstance(name, str)]


def _article(node: dict[str, Any]) -> dict[str, str]:
    out: dict[str, str] = {}
    for key, name in (
        ("headline", "headline"), ("datePublished", "date"), ("dateCreated", "created"),
        ("articleBody", "body"),
    ):  # fmt: skip
        if isinstance(value := node.get(key), str) and value.strip():
            out[name] = value
    for key in ("author", "publisher"):
        if said := _name(node.get(key)):
            out[key] = said
    if person := _person(node.get("author"), out.get("publisher")):
        out["person"] = person
    return out


def _person(value: Any, publisher: str | None) -> str | None:
    """The name of an author who is one human being, by type and by the form of the name."""
    values = value if isinstance(value, list) else [value]
    one = values[0] if len(values) == 1 else None
    if not isinstance(one, dict) or "person" not in _kinds(one):
        return None
    name = _name(one)
    words = name.split() if name else []
    named = 2 <= len(words) <= 5 and all(word[0].isalpha() for word in words)
    no_one = name is None or name == publisher or _NO_PERSON.search(name)
    return name if named and not no_one else None


def _name(value: Any) -> str | None:
    """The names of a person, an organisation or a list of them."""
    values = value if isinstance(value, list) else [value]
    names = []
    for one in values[:20]:
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, str) and name.strip():
            names.append(squeeze(name))
    return ", ".join(names) or None


def _date(
    root: etree._Element, meta: dict[str, str], linked: dict[str, str]
) -> tuple[str | None, str | None]:
    """The day of publication as stated, and by what; None where nothing states one."""
    stated = [("JSON-LD", linked.get("date")), *((name, meta.get(name)) for name in _STATED_DAY)]
    stated.append(("JSON-LD dateCreated", linked.get("created")))
    for name, value in stated:
        if value and (day := _DAY.match(value.strip())):
            return day[0].replace("/", "-"), name
    for element in root.xpath("//*[@itemprop='datePublished']"):
        given = element.get("datetime") or element.get("content") or element.text or ""
        if day := _DAY.match(given.strip()):
            return day[0].replace("/", "-"), "microdata"
    return _time(root)


def _time(root: etree._Element) -> tuple[str | None, str | None]:
    """The `<time>` of the page: one that is marked as publication, or the only day that the
    page's times name; several days prove nothing."""
    times = list(root.iter("time"))[:200]
    days = []
    for element in times:
        day = _DAY.match((element.get("datetime") or "").strip())
        if not day or len(day[0]) < 10:
            continue
        if "pubdate" in element.attrib or "published" in (element.get("class") or ""):
            return day[0], "<time>"
        days.append(day[0])
    if len(set(days)) == 1:
        return days[0], "<time>"
    return None, None
