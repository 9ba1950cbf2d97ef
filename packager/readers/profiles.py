"""Site profiles: where on the pages of one site title, text, day and speaker stand.

A profile is a small TOML file, one or more layouts of a site, tried in order:

    hosts = ["example.org"]            # and every name below it, such as www.example.org
    outlet = "The Example"             # optional; printed as the source
    language = "en"                    # optional
    months = "janvier février ..."     # optional; twelve names, for written-out days
    day_first = true                   # optional; 03/11/2021 is 3 November on this site

    [[layout]]
    body = "div.speech"                # CSS, or XPath where it begins with '/' or '('
    title = "h1"                       # all but `body` are optional
    date = "time.published"
    speaker = ".speaker"
    strip = [".share", "//aside"]      # elements inside the body that are no text
    end = ["-0-"]                      # the text ends before a line that ends with one of these

Public site-rule files of the `ftr-site-config` form (`example.org.txt` with `title:`, `body:`,
`date:`, `author:`, `strip:` lines) are read too. Ours lie in the folder `profiles` of the
package; a user's lie in a folder `packager-profiles` beside the page, or in a folder above it,
and go before ours. A profile that cannot be read is a finding and is passed by.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cssselect import HTMLTranslator, SelectorError
from cssselect.xpath import XPathExpr
from lxml import etree
from lxml.html import HtmlElement

FOLDER = "packager-profiles"
ABOVE = 4
"""Folders above a page in which a user's profiles are looked for."""
SIZE = 200_000
"""Bytes of the longest profile; ours have at most 1,000."""
_KEYS = ("body", "title", "date", "speaker", "strip", "end")
_FTR = re.compile(r"(title|body|date|author|strip|strip_id_or_class)\s*:\s*(\S.*)")


@dataclass(frozen=True, slots=True)
class Layout:
    """XPaths of one layout of a site; `end` are the marks that end the text."""

    body: tuple[str, ...]
    title: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    speaker: tuple[str, ...] = ()
    strip: tuple[str, ...] = ()
    end: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a site; `name` is the file's."""

    name: str
    hosts: tuple[str, ...]
    layouts: tuple[Layout, ...]
    outlet: str | None = None
    language: str | None = None
    months: tuple[str, ...] = ()
    day_first: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a profile finds on a page: the elements of the text, of what to strip, the values."""

    profile: Profile
    body: tuple[HtmlElement, ...]
    strip: frozenset[HtmlElement]
    end: tuple[str, ...]
    title: str | None
    date: str | None
    speaker: str | None


def profile_of(address: str | None, page: Path) -> tuple[Profile | None, tuple[str, ...]]:
    """The profile for an address, a user's before ours, and what is wrong with the user's.

    >>> profile_of("http://en.kremlin.ru/events/president/news/1", Path("a.html"))[0].name
    'kremlin.ru.toml'
    """
    own, wrong = _own(_folder_of(page.parent))
    try:
        host = (urlsplit(address).hostname or "") if address else ""
    except ValueError:  # an address that is none: "http://["
        host = ""
    for profile in (*own, *_shipped()):
        if any(host == one or host.endswith("." + one) for one in profile.hosts):
            return profile, wrong
    return None, wrong


def apply(profile: Profile, root: HtmlElement) -> Found | None:
    """What the first layout that finds a text on the page says; None where none does."""
    for layout in profile.layouts:
        body = _first(root, layout.body)
        if not any(_text(one).strip() for one in body):
            continue
        strip = frozenset(
            one for path in layout.strip for part in body for one in _elements(part, path)
        )
        return Found(
            profile,
            _outermost(body),
            strip,
            layout.end,
            _words(root, layout.title),
            _words(root, layout.date, stamp=True),
            _words(root, layout.speaker),
        )
    return None


def _first(root: HtmlElement, paths: Iterable[str]) -> list[HtmlElement]:
    for path in paths:
        if found := _elements(root, path):
            return found
    return []


def _elements(root: HtmlElement, path: str) -> list[HtmlElement]:
    try:
        found = _compiled(path)(root)
    except etree.XPathError:
        return []
    if not isinstance(found, list):
        return []
    return [one for one in found if isinstance(one, HtmlElement)]


def _words(root: HtmlElement, paths: Iterable[str], *, stamp: bool = False) -> str | None:
    """The words of the first element found; of a day, what its `datetime` or `content` says."""
    for path in paths:
        try:
            found = _compiled(path)(root)
        except etree.XPathError:
            continue
        for one in found if isinstance(found, list) else [found]:
            text = one if isinstance(one, str) else ""
            if isinstance(one, HtmlElement):
                text = (one.get("datetime") or one.get("content") or "")[:10] if stamp else ""
                text = text or _text(one)
            if words := " ".join(text.split())[:1000]:
                return words
    return None


_STRING = etree.XPath("string()", smart_strings=False)


def _text(element: HtmlElement) -> str:
    return str(_STRING(element))


@lru_cache(maxsize=1024)
def _compiled(path: str) -> etree.XPath:
    return etree.XPath(path, smart_strings=False)


def _outermost(elements: list[HtmlElement]) -> tuple[HtmlElement, ...]:
    """The elements that lie in none of the others."""
    chosen = set(elements)
    return tuple(one for one in elements if not any(up in chosen for up in one.iterancestors()))


# --- files ------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _shipped() -> tuple[Profile, ...]:
    """The profiles of the package, in the order of their names."""
    out = []
    for file in sorted(files("packager.readers").joinpath("profiles").iterdir(), key=str):
        if file.name.endswith(".toml"):
            out.append(read_profile(file.name, file.read_text("utf-8")))
    return tuple(out)


@lru_cache(maxsize=256)
def _folder_of(folder: Path) -> Path | None:
    """The folder of a user's profiles beside a page or above it."""
    folder = folder.resolve()
    for place in (folder, *list(folder.parents)[:ABOVE]):
        if (place / FOLDER).is_dir():
            return place / FOLDER
    return None


@lru_cache(maxsize=64)
def _own(folder: Path | None) -> tuple[tuple[Profile, ...], tuple[str, ...]]:
    if folder is None:
        return (), ()
    profiles, wrong = [], []
    for path in sorted(folder.iterdir()):
        if path.suffix not in (".toml", ".txt"):
            continue
        try:
            if path.stat().st_size > SIZE:
                raise ValueError(f"longer than {SIZE} bytes")
            text = path.read_text("utf-8")
            read = read_profile if path.suffix == ".toml" else read_site_rule
            profiles.append(read(path.name, text))
        except (OSError, ValueError) as error:
            wrong.append(f"{FOLDER}/{path.name}: {error}")
    return tuple(profiles), tuple(wrong)


def read_profile(name: str, text: str) -> Profile:
    """The profile of a TOML text; raises ValueError that says what is wrong.

    >>> one = read_profile("a.toml", 'hosts = ["a.org"]\\nlayout = [{body = "div.speech"}]')
    >>> one.layouts[0].body[0][:20]
    'descendant-or-self::'
    """
    data = tomllib.loads(text)
    hosts = _texts(data, "hosts")
    layouts = data.get("layout")
    if not hosts or not isinstance(layouts, list) or not layouts:
        raise ValueError("a profile needs `hosts` and at least one [[layout]]")
    months = tuple(str(data.get("months", "")).lower().split())
    if months and len(months) != 12:
        raise ValueError(f"`months` has {len(months)} names, not 12")
    return Profile(
        name,
        tuple(host.lower() for host in hosts),
        tuple(_layout(one) for one in layouts),
        data.get("outlet"),
        data.get("language"),
        months,
        data.get("day_first") is True,
    )


def _layout(data: Any) -> Layout:
    if not isinstance(data, dict):
        raise ValueError("[[layout]] must be a table")
    if unknown := sorted(set(data) - set(_KEYS)):
        raise ValueError(f"unknown key `{unknown[0]}` in [[layout]]; known: {', '.join(_KEYS)}")
    values = {key: tuple(_xpath(one) for one in _texts(data, key)) for key in _KEYS if key != "end"}
    if not values["body"]:
        raise ValueError("a [[layout]] needs `body`")
    return Layout(**values, end=_texts(data, "end"))


def _texts(data: dict[str, Any], key: str) -> tuple[str, ...]:
    value = data.get(key, ())
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, (list, tuple)) or not all(isinstance(one, str) for one in values):
        raise ValueError(f"`{key}` must be a text or a list of texts")
    return tuple(values)


class _Translator(HTMLTranslator):
    """Asks the cheap question first: most elements have no class that looks like it."""

    def xpath_attrib_includes(self, xpath: XPathExpr, name: str, value: str | None) -> XPathExpr:
        """A name among those of an attribute."""
        if value:
            xpath = xpath.add_condition(f"contains({name}, {self.xpath_literal(value)})")
        return super().xpath_attrib_includes(xpath, name, value)


def _xpath(selector: str) -> str:
    """A selector as an XPath that lxml has compiled once."""
    path = selector.strip()
    if not path.startswith(("/", "(", "./")):
        try:
            path = _Translator().css_to_xpath(path)
        except SelectorError as error:
            raise ValueError(f"`{selector}` is no CSS selector: {error}") from error
    try:
        etree.XPath(path)
    except etree.XPathError as error:
        raise ValueError(f"`{selector}` is no XPath: {error}") from error
    return path


def read_site_rule(name: str, text: str) -> Profile:
    """The profile of a public site rule; keys that we have no use for are passed by.

    >>> read_site_rule("a.org.txt", "body: //div[@id='text']\\nprune: no").layouts[0].body
    ("//div[@id='text']",)
    """
    values: dict[str, list[str]] = {}
    for key, value in _rules(text):
        if key == "strip_id_or_class":
            word = re.sub(r"[^\w-]", "", value)
            key, value = "strip", f"//*[contains(@class, '{word}') or contains(@id, '{word}')]"
        values.setdefault(key, []).append(_xpath(value))
    if not values.get("body"):
        raise ValueError("a site rule needs a line `body:`")
    layout = Layout(
        tuple(values["body"]),
        tuple(values.get("title", ())),
        tuple(values.get("date", ())),
        tuple(values.get("author", ())),
        tuple(values.get("strip", ())),
    )
    host = name.removesuffix(".txt").strip(".").lower()
    return Profile(name, (host.removeprefix("www."),), (layout,))


def _rules(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if match := _FTR.fullmatch(line.strip()):
            yield match[1], match[2].strip()
