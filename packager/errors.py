"""The one tree of errors, and the exit code that each gives the command line.

    PackagerError            10   anything below, when nothing more exact fits
    ├── InputError           11   a path that is not there or cannot be read
    ├── SpeechFormatError    12   Speech JSON that is not ours or of another format number
    ├── CollectionError      13   book.toml: a line, what is wrong with it, the known choices
    ├── StyleError           14   a style folder, template or font that cannot be used
    ├── EditionError         15   an edition that could not be made
    │   └── FidelityError    16   a written edition differs from the speeches it was made of
    └── MissingToolError     17   a program or extra that has to be installed first

Exit 4 is kept for `packager check` and `packager read` with findings of severity error;
1 and 2 belong to the shell and to the parser of the command line. Only `cli.py` turns an
error into an exit. All else that must be told is a `Finding` (`findings.py`).
"""

from __future__ import annotations

from typing import ClassVar


class PackagerError(Exception):
    """Base of all errors: one line (file, place, what is wrong), and a hint what to do.

    >>> str(InputError("pages/a.html: no such file", hint="check the path"))
    'pages/a.html: no such file; check the path'
    """

    exit_code: ClassVar[int] = 10

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class InputError(PackagerError):
    """A path that is not there or cannot be read."""

    exit_code = 11


class SpeechFormatError(PackagerError):
    """Speech JSON that is not ours, or of a format number we do not know."""

    exit_code = 12


class CollectionError(PackagerError):
    """A fault in book.toml; the message begins with file:line."""

    exit_code = 13


class StyleError(PackagerError):
    """A style folder, template, font or colour that cannot be used."""

    exit_code = 14


class EditionError(PackagerError):
    """An edition that could not be made."""

    exit_code = 15


class FidelityError(EditionError):
    """A written edition whose words differ from the speeches; the place is named."""

    exit_code = 16


class MissingToolError(PackagerError):
    """A program or an extra that the step needs and that is not installed."""

    exit_code = 17
