"""What a German, French or Spanish headline of a speech says: who speaks, what kind of act it is.

"Rede von Bundespräsident A B beim ...", "Discours de M. A B, ministre ...", "Palabras de A B en
...". Only a person's own name is taken, never an office alone; what no pattern states stays None.
"""

from __future__ import annotations

import re

from packager.readers.headline import Headline

_GERMAN = re.compile(
    r"(?P<kind>(?:[A-ZÄÖÜ]\w*(?:rede|ansprache|botschaft|erklärung)|(?:\w+ )?(?:Rede|Ansprache|"
    r"Erklärung|Statement|Vortrag|Predigt|Festvortrag|Gru(?:ß|ss)wort|Impuls|Botschaft|Brief|Keynote)))"
    r" (?:von|des|der) (?P<person>.+?)"
    r"(?:,.*| (?:bei|beim|zum|zur|zu|anlässlich|auf|im|in|am|vor|an|über|nach|aus) .+| [–—-] .+)?"
)
_FRENCH = re.compile(
    r"(?P<kind>Discours|Allocution|Déclaration|Intervention|Message|Lettre|Vœux|"
    r"Conférence de presse)"
    r" (?:de |du |d['’])(?P<person>.+?)"
    r"(?:,.*| (?:à|au|aux|en|lors|devant|sur|pour|dans|le|prononcée?) .+| [–—-] .+)?"
)
_SPANISH = re.compile(
    r"(?P<kind>Discurso|Palabras|Intervención|Mensaje|Alocución|Declaración|Carta)"
    r"(?: (?:íntegro|pronunciad[oa]s?))? (?:de |del |por )(?:la |el )?(?P<person>.+?)"
    r"(?:,.*| (?:en|ante|a|al|durante|con|sobre|para|por|el) .+| [–—-] .+)?"
)
_PATTERNS = (_GERMAN, _FRENCH, _SPANISH)

_OFFICE = re.compile(
    r"[\w-]*(?:präsident|kanzler|minister|sekretär|bürgermeister|vorsitzende|bischof|direktor|"
    r"abgeordnete|botschafter|kommissar|intendant)(?:in|en|innen|s|r|n)?|"
    r"herrn?|frau|dr\.?|prof\.?|professor(?:in)?|m\.|mme|mm\.|monsieur|madame|présidente?|"
    r"ministre|premier|première|secrétaire|presidente|presidenta|primer|primera|secretari[oa]|"
    r"ministr[oa]|canciller|comandante|general|compañer[oa]|señora?|don|doña",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"(?:gobierno|comité|ministerio|partido|asamblea|consejo|unión|federación|movimiento|grupo|"
    r"gouvernement|ministère|parti|assemblée|conseil|fédération|groupe|"
    r"\w*(?:regierung|fraktion|ministerium|partei|verband|rat|bund|kirche|konferenz|gruppe))s?",
    re.IGNORECASE,
)
"""Words for those who speak together: no one's name."""
_PARTICLES = frozenset("von van de del der den di da la le zu zum y du dos das".split())


def read_european(title: str) -> Headline:
    """Speaker and kind of a headline in one of these languages.

    >>> read_european("Rede von Hafenpräsidentin Oda Fenn beim Tag der Boote")
    Headline(speaker='Oda Fenn', kind='Rede', occasion=None)
    >>> read_european("Rede der Hafenpräsidentin beim Tag der Boote")
    Headline(speaker=None, kind=None, occasion=None)
    """
    line = " ".join(title.split()).rstrip(" .")
    for pattern in _PATTERNS:
        if match := pattern.fullmatch(line):
            name = _name(match["person"])
            return Headline(name, match["kind"], None) if name else Headline()
    return Headline()


def _name(phrase: str) -> str | None:
    """The name after the offices: two to four words with capitals and the particles between."""
    words = phrase.split()
    offices = [n for n, word in enumerate(words) if _OFFICE.fullmatch(word.strip(","))]
    if offices:
        words = words[offices[-1] + 1 :]
    large = [word for word in words if word.casefold() not in _PARTICLES]
    if not 2 <= len(large) <= 4 or words[0] != large[0]:
        return None
    named = all(re.fullmatch(r"[^\W\d_a-z][\w.’'-]*", word) for word in large)
    return " ".join(words) if named and not any(_BODY.fullmatch(one) for one in large) else None
