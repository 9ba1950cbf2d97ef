"""TEI P5: the book as a `teiCorpus`, one `TEI` a document, its header saying where it came from.

A header states the saved page (`bibl`: outlet, address, capture, file, SHA-256), the reader
(`application`), what was left out (`samplingDecl`), the date as written, as EDTF (`when-custom`)
and as its first and last day. `packager.readers.tei` reads every word back in order. Element
names and places are those of the TEI Guidelines, chapters 2, 3, 4 and 7.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from packager.book import Book, Document
from packager.citable import Citable, citables, stated
from packager.dates import Date
from packager.editions.data.catalogued import is_address
from packager.editions.data.tei_body import XML_ID, XML_LANG, Element, add, fill_body
from packager.meta import Meta
from packager.speech import Cut, Provenance, Speech

TEI = "http://www.tei-c.org/ns/1.0"


def write(book: Book) -> bytes:
    """The book as one TEI file, in UTF-8."""
    corpus = etree.Element(f"{{{TEI}}}teiCorpus", nsmap={None: TEI})
    corpus.set(XML_LANG, book.meta.language)
    _corpus_header(add(corpus, "teiHeader"), book.meta)
    for one, document in zip(citables(book), book.texts, strict=True):
        text = add(corpus, "TEI")
        text.set(XML_ID, document.anchor)
        text.set("n", str(document.number))
        _header(add(text, "teiHeader"), one, document)
        _text(add(text, "text"), document)
    made: bytes = etree.tostring(corpus, xml_declaration=True, encoding="UTF-8")
    return made + b"\n"


def _text(text: Element, document: Document) -> None:
    if document.speech.language:
        text.set(XML_LANG, document.speech.language)
    fill_body(add(text, "body"), document.speech.blocks, document.anchor, document.speech.pictures)


def _corpus_header(header: Element, meta: Meta) -> None:
    described = add(header, "fileDesc")
    titles = add(described, "titleStmt")
    add(titles, "title", meta.title)
    if meta.subtitle:
        add(titles, "title", meta.subtitle, type="sub")
    for editor in meta.editors:
        add(titles, "editor", editor)
    published = add(described, "publicationStmt")
    if meta.publisher:
        add(published, "publisher", meta.publisher)
        if meta.place:
            add(published, "pubPlace", meta.place)
        if meta.date:
            add(published, "date", meta.date, when=meta.date)
        add(published, "idno", meta.urn, type="URI")
        if meta.rights:
            add(add(published, "availability"), "p", meta.rights)
    else:
        add(add(published, "p"), "idno", meta.urn, type="URI")
    add(
        add(described, "sourceDesc"), "p", "Saved pages; the header of each document names its own."
    )
    _indented(header)


def _header(header: Element, one: Citable, document: Document) -> None:
    """The header of one document."""
    speech = document.speech
    described = add(header, "fileDesc")
    titles = add(described, "titleStmt")
    add(titles, "title", speech.title)
    if speech.speaker is not None:
        author = add(titles, "author", speech.speaker)
        if known := document.authority:
            addresses = [one for one in known.addresses if is_address(one)]
            if addresses:
                author.set("ref", " ".join(addresses))
    published = add(add(described, "publicationStmt"), "p", f"{one.standing}, ")
    add(published, "idno", speech.id, type="speech")
    sources = add(described, "sourceDesc")
    source = _page(sources, speech.provenance)
    if speech.date and speech.date.reason is not None:
        add(source, "note", speech.date.reason, type="date-reason")
    for capture in document.captures:
        _page(sources, capture).set("type", "capture")
    _encoding(add(header, "encodingDesc"), speech.provenance)
    _profile(header, speech)
    _indented(header)


def _page(sources: Element, made: Provenance) -> Element:
    """A saved page as the source of a text."""
    source = add(sources, "bibl")
    if made.outlet is not None:
        add(source, "publisher", made.outlet)
    if made.url is not None:
        add(source, "ref", made.url, target=made.url)
    if made.captured is not None:
        add(source, "date", made.captured, type="captured")
    add(source, "idno", made.path, type="file")
    add(source, "idno", made.sha256, type="sha256")
    return source


def _encoding(encoding: Element, made: Provenance) -> None:
    """The reader, and what it left out."""
    application = add(
        add(encoding, "appInfo"), "application", ident=made.reader, version=made.reader_version
    )
    add(application, "label", f"Packager, reader {made.reader}")
    left_out = add(add(encoding, "samplingDecl"), "p", _left_out(made.cut))
    if made.cut:
        listed = add(left_out, "list", type="cut")
        for cut in made.cut:
            item = add(listed, "item")
            add(item, "term", cut.kind)
            add(item, "num", str(cut.words), value=str(cut.words))
            add(item, "quote", cut.first_words)


def _left_out(cuts: Iterable[Cut]) -> str:
    return "Left out of the page (words, first words):" if cuts else "Nothing was left out."


def _profile(header: Element, speech: Speech) -> None:
    """When, where and on what occasion it was said, in what language, what it is."""
    profile = etree.Element(f"{{{TEI}}}profileDesc")
    if speech.date:
        _date(add(profile, "creation"), speech.date)
    if speech.language is not None:
        add(add(profile, "langUsage"), "language", speech.language, ident=speech.language)
    if speech.place is not None or speech.occasion is not None:
        setting = add(add(profile, "settingDesc"), "setting")
        if speech.place is not None:
            add(setting, "name", speech.place, type="place")
        if speech.occasion is not None:
            add(setting, "activity", speech.occasion)
    if speech.kind is not None or speech.topics:
        keywords = add(add(profile, "textClass"), "keywords")
        if speech.kind is not None:
            add(keywords, "term", speech.kind, type="kind")
        for topic in speech.topics:
            add(keywords, "term", topic, type="topic")
    if len(profile):
        header.append(profile)


def _date(creation: Element, date: Date) -> None:
    """The date as written; its attributes say what it can mean, for any program and for ours."""
    since, until = stated(date)
    meaning = {"notBefore": date.earliest, "notAfter": date.latest}
    if since == until == date.edtf:
        meaning = {"when": date.edtf}
    elif since and until and since != until:
        meaning = {"from": since, "to": until}
    custom = {
        "when-custom": date.edtf,
        "notBefore-custom": date.earliest,
        "notAfter-custom": date.latest,
    }
    add(creation, "date", date.written, **meaning, **custom)


def _indented(header: Element) -> None:
    """One element a line; only white space that means nothing is added."""
    etree.indent(header)
    header.tail = "\n"
