"""What the tag, role, class or id of an element says it is, where that is no text.

Accepts one element of a page; answers with a kind ('page furniture', 'comments', 'byline',
'picture', 'hidden') or None. Names lie: who asks must check them against the text that was
found (`article_lines.Group`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

_FURNITURE = frozenset("nav footer button menu dialog aside".split())
_FURNITURE_ROLES = frozenset(
    "navigation banner complementary contentinfo search dialog menu menubar toolbar alert".split()
)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:"
    r"nav(?:bar|igation)?|menu|breadcrumbs?|bread|footer|masthead|sidebar|side-?bar|widget|"
    r"shar(?:e|es|ing)|share-?bar|addthis\w*|sharedaddy|social(?:-?\w+)?|follow(?:-us)?|"
    r"related\w*|recommend\w*|recirc\w*|readmore|read-more|more-(?:from|on|stories|news)|most-read|"
    r"trending|popular|teasers?|outbrain|taboola|zergnet|promo\w*|"
    r"ads?|advert\w*|sponsor\w*|banner|newsletter\w*|subscri(?:be|ption)\w*|sign-?up|paywall|"
    r"cookie\w*|consent|gdpr|modal|popup|overlay|lightbox|tooltip|"
    r"tags?|tag-?list|pagination|pager|print|toolbar|skip-?link|"
    r"support-(?:pay|us)(?:-\w+)?|abbinder(?:-\w+)?|outro|cta|"
    r"call-to-action|donat(?:e|ion)s?(?:-\w+)?|"
    r"jp-relatedposts|post-?nav\w*|printfriendly|screen-reader-text|sr-only|visually-hidden"
    r")(?:$|[\s_-])",
    re.IGNORECASE,
)
_COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:comments?|comments?-?(?:area|list|section|wrap\w*|thread|container|form|"
    r"respond|box|body)|commentlist|disqus\w*|respond|reply|livefyre|leserkommentare|kommentare?|"
    r"fb-comments)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:by-?lines?|dates?|\w+_dates?|author(?:s|-?(?:bio|box|info|card|meta|name))?|dateline|"
    r"post-?(?:meta|info|date|author)|entry-?(?:meta|date|footer)|article-?(?:meta|info|date)|"
    r"(?:publish(?:ed)?|pub|post(?:ed)?|article|entry)-?(?:date|time|on)|timestamp|"
    r"metadata|meta-?(?:info|data))(?:$|[\s_-])",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:\w?captions?|\w?caption_\w+|photos?|image|img|copyright|wp-caption\w*|figcaption|gallery\w*|"
    r"slideshow\w*|carousel\w*|"
    r"slider\w*|credit|bildunterschrift|image-?(?:caption|credit))(?:$|[\s_-])",
    re.IGNORECASE,
)
_UNSEEN = re.compile(
    r"(?:^|[\s_-])(?:sr-only|visually-?hidden|screen-reader-text|tooltip(?:-?(?:text|content|inner))?|"
    r"popover(?:-?(?:text|content|body))?|rollover[\w-]*-block)(?:$|\s)",
    re.IGNORECASE,
)
_NAME_REACH = 400
"""Characters of class and id that are looked at; utility-class pages write thousands."""


def is_unseen(element: etree._Element) -> bool:
    """Whether a part of a line is not shown: words for screen readers, boxes over a link."""
    name = element.get("class")
    return name is not None and _unseen_by_name(name[:_NAME_REACH])


@lru_cache(maxsize=8192)
def _unseen_by_name(name: str) -> bool:
    return _UNSEEN.search(name) is not None


def foreign_by_name(element: etree._Element, tag: str) -> str | None:
    """What the element is by its tag, role or name, None where it may hold the text."""
    if tag in _FURNITURE:
        return "page furniture"
    if tag == "figcaption":
        return "picture"
    if tag in ("html", "body", "main", "article"):
        return None
    get = element.get
    if (role := get("role")) and role in _FURNITURE_ROLES:
        return "page furniture"
    if get("hidden") is not None:
        return "hidden"
    if (style := get("style")) and _HIDDEN.search(style[:_NAME_REACH]):
        return "hidden"
    name, ident = get("class"), get("id")
    if name or ident:
        return _by_name(f"{name or ''} {ident or ''}"[:_NAME_REACH])
    return None


@lru_cache(maxsize=8192)
def _by_name(name: str) -> str | None:
    """What a class and an id say; the same few names stand on all pages of a site."""
    if _COMMENTS.search(name):
        return "comments"
    if _NAMED.search(name):
        return "page furniture"
    if _BYLINE.search(name):
        return "byline"
    return "picture" if _CAPTION.search(name) else None
