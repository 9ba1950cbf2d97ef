"""What printing and scanning leave in a saved text: title page, page numbers, marks of delivery.

Accepts plain text in lines. A title page is the lines above the first address to the hearers,
where one of them names an act of speech and none is a sentence; it gives title, day and place.
Page numbers are numbers alone on a line that go up by one, at least one of them in mid-sentence;
a line that stands beside most of them is a running head. Marks of delivery ("Check against
delivery") are known by their words. All of it is cut and counted; nothing else is touched.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from packager.dates import Date, one_day
from packager.readers.headline import find_name, read_headline
from packager.readers.written_days import day_in
from packager.speech import Cut

REACH = 60
"""Lines from the top in which a title page ends; the longest met so far has 38."""
MISSED = 3
"""How far the next page number may be: text recognition misses some."""
FEWEST = 8
"""Lines of the shortest page."""
CANDIDATES = 400
"""Numbers alone on a line that are looked at; a text with more is a table."""
LONGEST = 16
"""Words of the longest line of a title page."""

_NUMBER = re.compile(r"[\s\-–—|•*(\[]{0,6}(\d{1,3})[\s\-–—|•*)\]]{0,6}")
_PAGE_OF = re.compile(
    r"\W{0,3}(?:page|página|pagina|seite|стр(?:аница|\.)?|صفحة)\s{0,3}(\d{1,3})"
    r"(?:\s{0,3}(?:of|/|sur|de|von|из|من)\s{0,3}\d{1,3})?\W{0,3}",
    re.IGNORECASE,
)
_DELIVERY = re.compile(
    r"\W{0,4}(?:please )?(?:check(?:ed)? against (?:actual )?delivery|as delivered|"
    r"(?:check )?against delivery|embargoed until delivery|"
    r"(?:unofficial|official|courtesy|informal)(?: english)? translation|"
    r"seul le (?:texte )?prononc[ée] fait foi|"
    r"(?:à )?v[ée]rifier (?:au|contre|à) .{0,20}prononc.{0,12}|"
    r"cot[ée]je(?:se|ar) con .{0,30}|verificar contra .{0,30}|"
    r"es gilt das gesprochene wort|проверять по факту произнесения)\W{0,4}",
    re.IGNORECASE,
)
_STOPS = (".", "!", "?", ":", ";", "…", "”", '"', "»", ")", "]", "。", "！", "？", "؟", "*", ",")
_OFFICE = (
    r"(?:acting |vice[- ]?)*"
    r"(?:president|chair\w*|speaker|secretary|pr[ée]sident\w*|secr[ée]taire)"
)
_ADDRESS = re.compile(
    rf"\W{{0,3}}(?:(?:mr|mister|madame?|ms|mrs)\b\.?,? {_OFFICE}|"
    r"your (?:excellenc|majest|highness)|"
    rf"(?:monsieur|madame) l[ae'] ?{_OFFICE}|se[ñn]or\w* presidente|senhor\w* presidente|"
    r"sehr geehrte|signor\w* presidente|господин председатель|السيد\w? الرئيس|"
    r"سعادة الرئيس).{0,140}",
    re.IGNORECASE,
)
"""A line that can only speak to the hearers."""
_GREETING = re.compile(
    r"\W{0,3}(?:excellenc|distinguished|ladies|dear |honou?rable|esteemed|monsieur|madame|mesdames|"
    r"messieurs|se[ñn]or|senhor|уважаем|ваши? превосход|дамы|president of|my |fellow )"
    r"[^.!?;]{0,140}[,:!;]",
    re.IGNORECASE,
)
"""A line that speaks to them where it ends as a salutation does."""
ACT = re.compile(
    r"\b(?:statement|speech|address|remarks|intervention|discours|allocution|déclaration|discurso|"
    r"declaraci[óo]n|intervenci[óo]n|alocuci[óo]n|mensaje|pronunciamento|rede|ansprache|"
    r"выступление|речь|заявление|discorso)\b|كلمة|خطاب|بيان",
    re.IGNORECASE,
)
_HANGS = re.compile(
    r"(?:\b(?:by|of|at|to|the|on|before|de|del|du|des|la|le|par|por|do|da|von|des|der|и|на)|[,–—-])$",
    re.IGNORECASE,
)
_PLACE = re.compile(r"(?P<place>[^\W\d_][^\d,:;]{1,30}?)(?:,[^\d,:;]{2,30})?,?\s*(?:le|el)?")
_WEEKDAY = re.compile(
    r"[\s,]*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|lundi|mardi|mercredi|jeudi|vendredi|samedi|"
    r"dimanche)\s*,?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A text without what the press added, what its title page states, and what was cut."""

    text: str
    title: str | None = None
    date: Date | None = None
    place: str | None = None
    speaker: str | None = None
    cuts: tuple[Cut, ...] = ()


_SHAPES = re.compile("[\ufb50-\ufd3d\ufd50-\ufdfb\ufe70-\ufefc]+")
_EMBEDDING = re.compile("[\u202a-\u202e]")


def as_written(text: str) -> str:
    """Letters instead of their shapes at the beginning, middle or end of a word, which text taken
    out of a PDF file has; without the marks that such a program puts around every line.

    >>> as_written("\ufee3\ufea4\ufee4\ufeaa") == "محمد"
    True
    """
    lines = [line for line in text.split("\n") if line.strip()]
    marked = sum(bool(_EMBEDDING.match(line.lstrip())) for line in lines)
    if marked * 2 > len(lines):
        text = _EMBEDDING.sub("", text)
    return _SHAPES.sub(lambda shapes: unicodedata.normalize("NFKC", shapes[0]), text)


def unprinted(text: str) -> Printed:
    """The text as it was spoken from.

    >>> page = "MISSION OF VELL|Statement by|Ada Brink|Vell, 30 September 2024|Check against "
    >>> made = unprinted((page + "delivery||Mr. President,||It is noon.").replace("|", "\\n"))
    >>> made.title, made.date.edtf, made.place, made.text
    ('Statement by Ada Brink', '2024-09-30', 'Vell', 'Mr. President,\\n\\nIt is noon.')
    """
    lines = text.split("\n")
    cuts: list[Cut] = []
    marks = {n for n, line in enumerate(lines) if _DELIVERY.fullmatch(line.strip())}
    cuts.append(Cut.of("mark of delivery", " ".join(lines[n] for n in sorted(marks))))
    numbers = _page_numbers(lines)
    cuts.append(Cut.of("page numbers", " ".join(lines[n] for n in numbers)))
    heads = _running_heads(lines, numbers, marks)
    cuts.append(Cut.of("running heads", " ".join(lines[n] for n in sorted(heads))))
    gone = {*numbers, *heads, *marks}
    page = _title_page(lines, gone)
    cuts = [*page.cuts, *cuts]
    cuts = [cut for cut in cuts if cut.words]
    if not cuts:
        return Printed(text)
    start = len(lines) - page.text.count("\n") - 1 if page.cuts else 0
    rest = _closed_up(lines, gone, start)
    return Printed(rest, page.title, page.date, page.place, page.speaker, tuple(cuts))


def _closed_up(lines: Sequence[str], gone: set[int], start: int) -> str:
    """The lines that stay; where a page broke a sentence it goes on in the same paragraph."""
    out: list[str] = []
    broke = False
    for n in range(start, len(lines)):
        if n in gone:
            broke = True
            continue
        line = lines[n]
        if broke and line.strip():
            above = next((one for one in reversed(out) if one.strip()), "")
            if above and not above.rstrip().endswith(_STOPS) and line.lstrip()[:1].islower():
                while out and not out[-1].strip():
                    out.pop()
            broke = False
        out.append(line)
    return "\n".join(out).strip("\n")


# --- page numbers and running heads --------------------------------------------------------


def _page_numbers(lines: Sequence[str]) -> list[int]:
    """The lines that hold nothing but the number of a page: the longest row of numbers that go
    up, some missed by text recognition; one in four of them or more breaks a sentence, or they
    stand at equal distances, as the headings of sections do not."""
    told = [n for n, line in enumerate(lines) if _PAGE_OF.fullmatch(line.strip())]
    found = [(n, int(m[1])) for n, line in enumerate(lines) if (m := _NUMBER.fullmatch(line))]
    rows: list[list[int]] = []
    for at, (n, number) in enumerate(found[:CANDIDATES]):
        before = [
            rows[k]
            for k, (above, smaller) in enumerate(found[:at])
            if 0 < number - smaller <= MISSED and n - above >= FEWEST * (number - smaller)
        ]
        rows.append([*max(before, key=len, default=[]), n])
    row = max(rows, key=len, default=[])
    inside = sum(_in_sentence(lines, n) for n in row)
    sure = (inside and 4 * inside >= len(row)) or _equally_far(row, dict(found))
    return sorted({*told, *(row if sure else ())})


def _equally_far(row: Sequence[int], numbers: Mapping[int, int]) -> bool:
    """True for five numbers or more with about as many lines from each page to the next."""
    sizes = sorted((b - a) / (numbers[b] - numbers[a]) for a, b in itertools.pairwise(row))
    return len(sizes) >= 4 and sizes[-1] <= 2.2 * sizes[len(sizes) // 2] <= 5 * sizes[0]


def _in_sentence(lines: Sequence[str], at: int) -> bool:
    """True where the words before and after a line are one sentence."""
    before, after = reversed(lines[max(0, at - 4) : at]), lines[at + 1 : at + 5]
    above = next((line.strip() for line in before if line.strip()), "")
    below = next((line.strip() for line in after if line.strip()), "")
    goes_on = below[:1].isalpha() and not below[:1].isupper()
    return bool(above) and not above.endswith(_STOPS) and goes_on


def _running_heads(lines: Sequence[str], numbers: Sequence[int], marks: set[int]) -> set[int]:
    """Lines that stand beside most page numbers and nowhere else."""
    if len(numbers) < 3:
        return set()
    beside: dict[str, set[int]] = {}
    for at in numbers:
        for step in (-1, 1):
            n = at + step
            while 0 <= n < len(lines) and not lines[n].strip():
                n += step
            if 0 <= n < len(lines) and n not in marks and n not in numbers:
                beside.setdefault(_bare(lines[n]), set()).add(n)
    everywhere = Counter(_bare(line) for line in lines)
    return {
        n
        for words, at in beside.items()
        if words and len(at) >= max(3, len(numbers) // 2) and everywhere[words] == len(at)
        for n in at
    }


def _bare(line: str) -> str:
    return re.sub(r"[\W\d_]+", " ", line).strip().casefold()


# --- the title page ------------------------------------------------------------------------


def _title_page(lines: Sequence[str], gone: set[int]) -> Printed:
    """What stands above the first address to the hearers; `text` is what follows."""
    none = Printed("\n".join(lines))
    rows = [
        n for n, line in enumerate(lines) if line.strip() and n not in gone and len(line) < 400
    ][:REACH]
    start = next((n for n in rows if _addresses(lines[n].strip())), None)
    head = [n for n in rows if start is not None and n < start]
    words = [" ".join(lines[n].split()) for n in head]
    acts = [k for k, line in enumerate(words) if ACT.search(line)]
    if start is None or not acts or any(_is_sentence(line) for line in words):
        return none
    first = acts[0]
    last = first
    while last + 1 < len(words) and _HANGS.search(words[last]) and last - first < 3:
        last += 1
    title = " ".join(words[first : last + 1])
    date, place = _day_and_place(words)
    cut = " ".join(line for k, line in enumerate(words) if not first <= k <= last)
    return Printed(
        "\n".join(lines[start:]),
        title,
        date,
        place,
        find_name(read_headline(title).speaker, ""),
        (Cut.of("title page", cut),),
    )


def _addresses(line: str) -> bool:
    return bool(_ADDRESS.fullmatch(line) or _GREETING.fullmatch(line))


def _is_sentence(line: str) -> bool:
    size = len(line.split())
    return size > LONGEST or (size > 8 and line.endswith((".", "!", "?")))


def _day_and_place(words: Sequence[str]) -> tuple[Date | None, str | None]:
    """The day on a title page, and the place that stands before it in its line."""
    for line in words:
        if found := day_in(line):
            before = _WEEKDAY.sub("", line[: found.start]).strip()
            place = _PLACE.fullmatch(before)
            named = place["place"].strip() if place else None
            return one_day(found.day, found.written, "the title page"), _plausible(named)
    return None, None


def _plausible(place: str | None) -> str | None:
    """A place's name: a few words, each with a capital."""
    words = place.split() if place else []
    return place if 0 < len(words) <= 3 and all(word[:1].isupper() for word in words) else None
