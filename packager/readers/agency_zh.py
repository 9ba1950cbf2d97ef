"""What Chinese agencies and papers put around a text: dateline, agency line, line of the issue.

The marks, in the order of a page: `新华社…电` opens the text and is kept as its dateline;
`（新华社…电）` closes it; `《…》（…年…月…日 … 版）` names paper, day and page. What stands between
the last two is the agency's own report of the speech and belongs to no book of speeches.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from packager.speech import Cut

_AGENCY = r"(?:新华社|新華社|中新社|中央社|本报|本報)"
_OPENS = re.compile(rf"\s*({_AGENCY}[^，。、（）\s]{{2,16}}[电電])(?:（记者[^（）]{{2,40}}）)?\s*")
_CLOSES = re.compile(rf"[（(]\s*{_AGENCY}[^，。（）()]{{2,20}}[电電]\s*[）)]")
_ISSUE = re.compile(
    r"《\s*(?P<paper>[^《》]{2,16}?)\s*》\s*[（(]\s*"
    r"(?P<day>\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)[^（）()]{0,12}[）)]\s*$"
)


@dataclass(frozen=True, slots=True)
class Unframed:
    """A text without its frame: the dateline, the paper that printed it, what was cut."""

    text: str
    dateline: str | None = None
    paper: str | None = None
    cuts: tuple[Cut, ...] = ()


def unframe(text: str) -> Unframed:
    """The text without the lines of agency and paper; as it is where it has none.

    >>> page = "新华社某地5月4日电朋友们：你们好！（新华社某地5月4日电）"
    >>> found = unframe(page + "《 某某日报 》（ 2020年05月05日 02 版）")
    >>> found.text, found.dateline, found.paper, [cut.kind for cut in found.cuts]
    ('朋友们：你们好！', '新华社某地5月4日电', '某某日报', ['agency line', 'line of the issue'])
    """
    cuts: list[Cut] = []
    paper = None
    if match := _ISSUE.search(text):
        paper = match["paper"]
        cuts.insert(0, Cut.of("line of the issue", match[0].strip()))
        text = text[: match.start()]
    if (match := _CLOSES.search(text)) and text[: match.start()].strip():
        after = text[match.end() :].strip()
        if after:
            cuts.insert(0, Cut.of("the agency's report after the text", after))
        cuts.insert(0, Cut.of("agency line", match[0]))
        text = text[: match.start()]
    dateline = None
    if (match := _OPENS.match(text)) and text[match.end() :].strip():
        dateline = match[0].strip()
        text = text[match.end() :]
    return Unframed(text, dateline, paper, tuple(cuts))
