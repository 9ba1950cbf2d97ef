"""The documentation says what the program does: its commands run, its tables are whole."""

from __future__ import annotations

import re

from packager import errors, findings
from packager.check.codes import CODES as CHECK_CODES
from packager.cli import main
from packager.readers import CONTAINERS, READERS
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
MESSAGES = (ROOT / "docs" / "messages.md").read_text("utf-8")


def test_every_code_and_every_exit_code_is_explained() -> None:
    listed = set(re.findall(r"^\| `([\w-]+)` \|", MESSAGES, re.MULTILINE))
    assert listed == {*findings.CODES, *CHECK_CODES}
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", MESSAGES, re.MULTILINE)}
    assert codes == {
        4,
        *(one.exit_code for one in vars(errors).values() if hasattr(one, "exit_code")),
    }


def test_the_readme_names_every_reader_and_container() -> None:
    named = set(re.findall(r"`([\w-]+)`", README))
    assert set(READERS) <= named
    for container in CONTAINERS:
        assert container.lower().removeprefix("packed") in README.lower()


def test_the_readmes_commands_are_commands() -> None:
    used = set(re.findall(r"^packager (\w+)", README, re.MULTILINE))
    used |= set(re.findall(r"`packager (\w+)", README))
    assert used <= set(main.commands)
    assert set(main.commands) <= used
