"""What a book says of itself: on its title and copyright pages, in its package, in catalogues."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class OtherScript:
    """Titles and persons as catalogues in another script name them; `language` is the BCP 47 tag
    of that form, `names` are by the name that the book has."""

    language: str
    title: str | None = None
    subtitle: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Meta:
    """What the title page, the copyright page and the package say of the book.

    `isbns` is by edition name; `date` is the ISO day of the edition. `conforms_to` is the claim
    of accessibility of the EPUB and `certified_by` who made it; never one without the other.
    `volume` counts from 1 the volumes of `collection`, the title of them all. `citation` is the
    form of the ready citations, None for our own; `cip` has the lines of the library's entry,
    `printed` is the line on paper and printer, `labels` are those that the editor changed.
    """

    title: str
    language: str = "en"
    subtitle: str | None = None
    editors: tuple[str, ...] = ()
    publisher: str | None = None
    place: str | None = None
    identifier: str | None = None
    rights: str | None = None
    description: str | None = None
    series: str | None = None
    date: str | None = None
    isbns: Mapping[str, str] = field(default_factory=dict)
    conforms_to: str | None = None
    certified_by: str | None = None
    collection: str | None = None
    volume: int = 0
    citation: str | None = None
    edition: str | None = None
    lccn: str | None = None
    cip: tuple[str, ...] = ()
    printed: str | None = None
    other_script: OtherScript | None = None
    labels: Mapping[str, str | list[str]] = field(default_factory=dict)

    @property
    def isbn_digits(self) -> dict[str, str]:
        """The ISBNs by edition name, without hyphens and spaces."""
        return {name: "".join(filter(str.isdigit, isbn)) for name, isbn in self.isbns.items()}

    @property
    def urn(self) -> str:
        """The identifier as a URI: the given one, else a UUID made of what the book *is*.

        The same title, editors, publisher and series give the same identifier in every build.
        """
        if self.identifier:
            if re.match(r"[a-z][a-z0-9+.-]*:", self.identifier):
                return self.identifier
            return f"urn:packager:{self.identifier}"
        name = "\n".join((self.title, self.subtitle or "", *self.editors, self.publisher or ""))
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'packager:' + name)}"
