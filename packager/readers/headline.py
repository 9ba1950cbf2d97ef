"""What the headline of a speech says: who speaks, what kind of act it is, on what occasion.

Agencies write headlines by pattern: "Opening Speech Made by Comrade A B at Sixth Conference",
"A B Makes Speech at Opening", "Letter to C from A B", "Press Statement by Minister of D".
What no pattern states stays None.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Headline:
    """Speaker without honorific and office, kind of act in lower case, occasion as written."""

    speaker: str | None = None
    kind: str | None = None
    occasion: str | None = None


_NOUNS = (
    "speech|speeches|address|remarks|report|statement|letter|letters|message|messages|greetings?|"
    "reply|talk|interview|toast|lecture|order|eulogy|sermon|proclamation|declaration|appeal|"
    "condolences?|congratulations|homily|oration|tribute|testimony|telegram|communique|communiqué|"
    "manifesto|instructions|answers|dialogue|conversation|debate|foreword|memorandum"
)
_ADJECTIVES = (
    "opening|closing|concluding|congratulatory|commemorative|commemoration|memorial|"
    "new year(?:'s|’s)?(?: day)?|press|open|reply|inaugural|inauguration|welcoming|welcome|keynote|"
    "farewell|policy|budget|victory|short|brief|joint|acceptance|campaign|weekly|radio|televised|"
    "television|funeral|graveside|written|public|final|special|official|personal|solidarity|"
    "graduation|commencement|anniversary|christmas|easter|summary|work|policy|introductory|dedication|"
    "administrative|state of the (?:union|nation|republic)|throne|maiden|thank-you|emergency|"
    "after-dinner|dinner|table|harvest|parliamentary|plenary|annual|first|second|third|birthday|wedding"
)
_PRAISE = (
    r"important|historic|historical|great|impressive|programmatic|warm|significant|"
    r"full text of(?: the)?"
)
_TAIL = (
    r"(?: of (?:greetings?|congratulations?|condolences?|sympathy|thanks|solidarity|welcome|"
    r"support|encouragement|appreciation|good wishes|farewell|reply))?"
)
_ACT = (
    rf"(?:the |an? )?(?:(?:{_PRAISE}) )*"
    rf"(?P<kind>(?:(?:{_ADJECTIVES}) )*(?:{_NOUNS}){_TAIL})"
)
_MADE = (
    r"(?: (?:made|delivered|given|presented|read(?: out)?|issued|sent|written|addressed|held|"
    r"recorded))?"
)
_PUT = (
    r"(?: to .+?)?(?: (?:at|on|before|during|marking|upon)(?: the)? (?P<occasion>.+?))?"
    r"(?: (?:welcoming|calling|thanking|honou?ring|praising|urging|congratulating) .+)?"
)
_VERBS = (
    "makes|made|delivers|delivered|gives|gave|sends|sent|issues|issued|publishes|published|"
    "presents|presented|writes|wrote|holds|held|releases|released|reads|extends|addresses"
)
_ANNOUNCED = (
    rf"(?:(?:is|are) (?:the |an? )?(?:full text of (?:the |an? )?)?|carries (?:the |an? )?)?{_ACT}"
)

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # "Letter to C from A B", "Message of Greeting from A B to C"
        rf"{_ACT}{_MADE}(?: (?:to|for) .+?)? (?:from|by) (?P<person>.+?){_PUT}$",
        # "New Year Address of A B"
        rf"{_ACT}{_MADE} of (?P<person>.+?){_PUT}$",
        # "A B Receives Greetings from C": the words are C's
        rf".+? (?:receives|received|gets) {_ACT} from (?P<person>.+?)$",
        # "A B Clarifies in His Speech ..."
        rf"(?P<person>.+?) \w+s in (?:his|her|their) {_ACT}\b.*$",
        # "A B Makes Speech at Opening"
        rf"(?P<person>.+?) (?:{_VERBS}) {_ACT}{_PUT}$",
        # "A B's Closing Remarks at ..."
        rf"(?P<person>.+?)(?:'s|’s|s'|s’) {_ACT}{_PUT}$",
        # "A B: Speech at ..."
        rf"(?P<person>[^:]+?): {_ACT}{_PUT}$",
        # "Speech at the Opening of ..."
        rf"{_ACT}{_MADE}{_PUT}$",
    )
)
_WHERE = (
    r"(?: (?:to|for|in) [^:]+?)?"
    r"(?: (?:at|on|before|during)(?: the)? (?P<occasion>[^:]+))?\s*[:.]?\s*$"
)
_SENTENCE_BY = re.compile(
    rf"\b(?:following|this|below|here)(?: text)? {_ANNOUNCED}{_MADE}"
    r"(?:(?: (?:to|for) [^,:]+?)? (?:by|from)| of) (?P<person>[^:,]+?)"
    rf"{_WHERE}",
    re.IGNORECASE,
)
_SENTENCE_SENT = re.compile(
    rf"\b(?:following|this|below|here)(?: text)? {_ANNOUNCED}"
    r"(?: that| which)?,?(?: the)? (?P<person>.+?)"
    r" (?:sent|made|delivered|gave|wrote|issued|addressed)"
    rf"{_WHERE}",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“][^\"“”]{0,300}[\"”]")
_SENTENCE_ISSUED = re.compile(
    r"^(?P<person>[^,:]+), [^:]+? (?:issued|released|published|sent|delivered|made(?: public)?)"
    rf"(?: \w+)? (?:the following|an?|the) (?:{_PRAISE} )?"
    rf"(?P<kind>(?:(?:{_ADJECTIVES}) )*(?:{_NOUNS}){_TAIL})\b",
    re.IGNORECASE,
)

_HONORIFICS = frozenset(
    "the respected dear great beloved esteemed supreme honourable honorable right hon "
    "hon. hon comrade comrades marshal h.e. h.e his her excellency mr mr. mrs mrs. ms ms. "
    "miss dr dr. prof prof. sir dame lord lady madam madame father mother brother sister "
    "st. venerable reverend rev rev. citizen".split()
)
_OFFICES = frozenset(
    "president premier minister chancellor king queen prince princess emperor secretary "
    "chairman chairwoman chairperson chair chief director governor mayor senator deputy "
    "delegate representative ambassador envoy commissioner commander general admiral "
    "captain colonel major marshal lieutenant sergeant leader speaker spokesman "
    "spokeswoman spokesperson official head member officer master keeper warden librarian "
    "teacher headmaster headmistress headteacher principal rector dean professor doctor "
    "judge justice bishop archbishop cardinal pope pastor rabbi imam inspector "
    "superintendent treasurer steward pilot ferryman harbourmaster surveyor engineer "
    "architect forester farmer fisherman fisherwoman poet author editor comrade consul "
    "councillor counsellor alderman regent viceroy vice-president vice-premier "
    "vice-minister vice-chairman intendant prefect provost marshall constable registrar "
    "curator conductor chaplain abbot abbess prior lightkeeper shipwright midwife nurse "
    "physician surgeon astronomer archivist postmaster postmistress".split()
)
_BODIES = frozenset(
    "committee ministry council party department institute office section organisation "
    "organization affairs assembly commission association board bureau guild union "
    "library school academy university college society federation league congress "
    "parliament senate court bank company republic state nation government cabinet "
    "secretariat agency authority harbour harbor".split()
)
_NO_NAMES = _OFFICES | _BODIES | {"a", "an"}
_BY = re.compile(r"\bby \Z")
_EDGE = re.compile(r"\b")
_SMALL = frozenset("of for at to in on and the from with".split())
_NOWHERE = frozenset({"abroad", "different countries", "many countries", "various countries"})
_NEWS = re.compile(
    r",? (?:and )?(?:meets|attends|visits|receives|inspects|congratulates|guides|opens|tours) ",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"\b(?:(?!United|Armed|Combined|Advanced|Limited|\w*[mh]med)[A-Z][a-z]{3,}ed"
    r"(?= (?:to|in|on|at)\b| *$)"
    r"|Found|Proves|Enters|Opens|Begins|Ends|Closes|Shows|Draws|Wins)\b"
)
"""What happens to a letter in the news ("Letter Found in Wall"), when nobody's act is told."""
_NOT_OCCASION = re.compile(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"[A-Z][a-z]{2,8} \d{1,2}|\d{1,2} [A-Z][a-z]{2,8})\b.*"
)
_TOPIC_START = re.compile(r"(?:the )?(?:occasion of|occasion)(?: the)? ", re.IGNORECASE)


def read_headline(title: str) -> Headline:
    """Speaker, kind and occasion of a headline.

    >>> read_headline("Opening Speech Made by Respected Comrade Ana Torvald at Third Congress")
    Headline(speaker='Ana Torvald', kind='opening speech', occasion='Third Congress')
    >>> read_headline("Ferries Return to Summer Timetable")
    Headline(speaker=None, kind=None, occasion=None)
    """
    line = " ".join(title.split()).rstrip(" .")
    for pattern in _PATTERNS:
        if match := pattern.fullmatch(line):
            groups = match.groupdict()
            told = (groups.get("person") or "", groups.get("occasion") or "")
            if line.lower().startswith((groups["kind"] or "").lower()) and any(
                _HAPPENED.search(part) for part in told
            ):
                return Headline()
            return _headline(groups)
    return Headline()


def read_announcement(sentence: str) -> Headline:
    """The same of a sentence that announces a text ("The following is the speech made by ...").

    >>> read_announcement("The following is the letter sent by Mayor Ana Torvald:").speaker
    'Ana Torvald'
    """
    line = " ".join(_QUOTED.sub("", sentence).split())
    for pattern in (_SENTENCE_BY, _SENTENCE_SENT, _SENTENCE_ISSUED):
        if match := pattern.search(line):
            return _headline(match.groupdict())
    return Headline()


def merge(first: Headline, second: Headline) -> Headline:
    """What the first says, completed by the second; a name goes before an office.

    >>> merge(Headline("Minister of Tides"), Headline("Oda Fenn", "letter"))
    Headline(speaker='Oda Fenn', kind='letter', occasion=None)
    """
    speaker = first.speaker or second.speaker
    if speaker and second.speaker and _is_office(speaker) and not _is_office(second.speaker):
        speaker = second.speaker
    return replace(
        first,
        speaker=speaker,
        kind=first.kind or second.kind,
        occasion=first.occasion or second.occasion,
    )


def _headline(groups: dict[str, str | None]) -> Headline:
    kind = groups.get("kind")
    person = groups.get("person")
    occasion = _TOPIC_START.sub("", groups.get("occasion") or "").strip(" .,:;")
    if _NOT_OCCASION.fullmatch(occasion) or _NOT_OCCASION.fullmatch(occasion.lower()):
        occasion = ""
    return Headline(
        speaker=person_name(person) if person else None,
        kind=" ".join(kind.lower().split()) if kind else None,
        occasion=occasion or None,
    )


def person_name(phrase: str) -> str | None:
    """The name in a phrase of honorifics, office and name; the office where there is no name.

    >>> person_name("the respected Comrade Kim Jong Un"), person_name("Harbour Master Ana Torvald")
    ('Kim Jong Un', 'Ana Torvald')
    >>> person_name("Spokesperson for Ministry of Tides")
    'Spokesperson for Ministry of Tides'
    """
    phrase = phrase.split(" with ")[0]
    phrase = _NEWS.split(phrase.replace("C.C., ", "C.C. "), maxsplit=1)[0]
    words = phrase.split(",")[0].split()
    while words and words[0].lower() in _HONORIFICS:
        words.pop(0)
    if not words or " ".join(words).lower() in _NOWHERE:
        return None
    offices = [n for n, word in enumerate(words) if word.lower().strip(".") in _OFFICES]
    if not offices:
        return " ".join(words)
    name = words[offices[-1] + 1 :]
    while name and name[0].lower() in _HONORIFICS:
        name.pop(0)
    if name and name[0].lower() in _SMALL:  # "Director of Central Committee Kim Yo Jong"
        name = _after_body(name)
    return " ".join(name or words)


def _is_office(phrase: str) -> bool:
    words = {word.lower().strip(".") for word in re.split(r"[\s-]", phrase)}
    return not words.isdisjoint(_NO_NAMES)


def find_name(speaker: str | None, text: str, bold: Collection[str] = ()) -> str | None:
    """The name inside "Minister of Harvests Tomas Kell", if the page proves where it begins.

    Proof is a name that the page sets in bold, that begins a line of `text`, or that "by"
    introduces; without proof the phrase stays whole.

    >>> find_name("Minister of Harvests Tomas Kell", "Thank you.\\nTomas Kell")
    'Tomas Kell'
    """
    words = speaker.split() if speaker else []
    if not speaker or not _is_office(speaker):
        return speaker
    for size in (4, 3, 2):
        name, rest = words[-size:], words[:-size]
        if len(rest) < 2 or not all(word[0].isupper() for word in name):
            continue
        shown = " ".join(name)
        if (_begins(shown, text) or shown in bold) and not _is_office(shown):
            return shown
    return speaker


def _begins(name: str, text: str) -> bool:
    """Whether a name begins a line of the text, or "by" introduces it."""
    at = text.find(name)
    while at >= 0:
        begun = at == 0 or text[at - 1] == "\n" or _BY.search(text[max(0, at - 4) : at])
        if begun and _EDGE.match(text, at + len(name)):
            return True
        at = text.find(name, at + 1)
    return False


def _after_body(words: list[str]) -> list[str]:
    """The two to four capitalised words after the last word that names a body; else nothing."""
    bodies = [
        n
        for n, word in enumerate(words)
        if word.lower() in _BODIES or (word.isupper() and len(word) > 1)
    ]
    name = words[bodies[-1] + 1 :] if bodies else []
    if 2 <= len(name) <= 4 and all(word[0].isupper() for word in name):
        return name
    return []
