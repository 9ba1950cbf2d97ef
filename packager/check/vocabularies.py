"""The closed lists of values that standards give: accessibility, languages, roles, elements."""

from __future__ import annotations

# Schema.org Accessibility Properties for Discoverability Vocabulary.
_MODES = """auditory chartOnVisual chemOnVisual colorDependent diagramOnVisual mathOnVisual
musicOnVisual tactile textOnVisual textual visual"""
_FEATURES = """none unknown annotations ARIA bookmarks index pageBreakMarkers printPageNumbers
pageNavigation readingOrder structuralNavigation tableOfContents taggedPDF alternativeText
audioDescription captions closedCaptions describedMath longDescription openCaptions signLanguage
transcript displayTransformability synchronizedAudioText timingControl unlocked ChemML latex
latex-chemistry MathML MathML-chemistry ttsMarkup highContrastAudio highContrastDisplay largePrint
braille tactileGraphic tactileObject fullRubyAnnotations horizontalWriting rubyAnnotations
verticalWriting withAdditionalWordSegmentation withoutAdditionalWordSegmentation"""
_HAZARDS = """flashing noFlashingHazard unknownFlashingHazard motionSimulation
noMotionSimulationHazard unknownMotionSimulationHazard sound noSoundHazard unknownSoundHazard
unknown none"""
ACCESS_MODES = frozenset(_MODES.split())
FEATURES = frozenset(_FEATURES.split())
HAZARDS = frozenset(_HAZARDS.split())

# ISO 639-1, the two-letter codes of languages.
_LANGUAGES = """aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu
cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu
hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li
ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi
pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti
tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"""
ISO_639_1 = frozenset(_LANGUAGES.split())

# Values of epub:type (Structural Semantics Vocabulary) that DPUB-ARIA 1.1 has a role of the same
# name for. Not here: cover (doc-cover belongs on the picture), endnote (its role is deprecated).
_ROLES = """abstract acknowledgments afterword appendix backlink bibliography biblioref chapter
colophon conclusion credit credits dedication endnotes epigraph epilogue errata footnote foreword
glossary glossref index introduction noteref notice pagebreak part preface prologue pullquote qna
subtitle tip toc"""
ROLE_OF = {kind: f"doc-{kind}" for kind in _ROLES.split()} | {"page-list": "doc-pagelist"}
DEPRECATED_ROLES = frozenset({"doc-endnote", "doc-biblioentry"})
_OTHER_ROLES = frozenset({"doc-cover", "doc-example", "doc-pageheader", "doc-pagefooter"})
KNOWN_ROLES = frozenset(ROLE_OF.values()) | DEPRECATED_ROLES | _OTHER_ROLES

# The DPUB-ARIA roles that are landmarks, which a listener hears by name.
_LANDMARKS = """acknowledgments afterword appendix bibliography chapter conclusion credits endnotes
epilogue errata foreword glossary index introduction pagelist part preface prologue toc"""
LANDMARK_ROLES = frozenset(f"doc-{name}" for name in _LANDMARKS.split())

# HTML: §16.2 obsolete elements; §13.1.2 void elements; elements that run or frame something.
_OBSOLETE = "acronym basefont big blink center dir font marquee nobr strike tt"
_VOID = "area base br col embed hr img input link meta param source track wbr command keygen"
_ACTIVE = "script form input button select textarea iframe frame frameset object embed applet"
OBSOLETE = tuple(_OBSOLETE.split())
VOID = frozenset(_VOID.split())
ACTIVE = frozenset(_ACTIVE.split())

# EPUB 3.3 §3.2: core media types of fonts.
_FONTS = """font/ttf font/otf font/woff font/woff2 application/font-sfnt application/font-woff
application/vnd.ms-opentype"""
FONT_TYPES = frozenset(_FONTS.split())
