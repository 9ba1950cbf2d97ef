"""A tagged PDF as a listener gets it: the structure tree with its words, read by pikepdf.

The words of an element are its marked content, decoded with the fonts' ToUnicode maps, or its
ActualText; artifacts are never reached.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name


class Run(str):
    """The words of a marked run; `line` is the page and the height that it stands on, `mark`
    its number on that page, in the order of drawing."""

    line: tuple[object, object] = (None, None)
    mark: int = -1


@dataclass
class Heard:
    """An element: its type, its keys but kids, its kids: elements, runs, annotations."""

    role: str
    entry: Dictionary
    kids: list[Heard | Run | Dictionary] = field(default_factory=list)

    def runs(self) -> Iterator[Run]:
        """The runs below in reading order; ActualText stands for what it covers."""
        said = [one for kid in self.kids for one in _runs(kid)]
        if (actual := self.entry.get("/ActualText")) is not None:
            made = Run(actual)
            made.line, made.mark = said[0].line, said[0].mark
            said = [made]
        yield from said

    def lines(self) -> list[str]:
        """The runs joined to lines."""
        out: list[str] = []
        last: object = None
        for run in self.runs():
            if out and run.line == last:
                out[-1] += run
            else:
                out.append(run)
            last = run.line
        return out

    def text(self) -> str:
        """All words: lines parted by a space, words that a line breaks whole."""
        return " ".join(self.lines()).replace("\u00ad ", "").replace("\u00ad", "")

    def all(self, *roles: str) -> list[Heard]:
        """The elements of these types, this one included, in reading order."""
        found = [self] if not roles or self.role in roles else []
        for kid in self.kids:
            if isinstance(kid, Heard):
                found.extend(kid.all(*roles))
        return found

    def one(self, *roles: str) -> Heard:
        (found,) = self.all(*roles)
        return found

    def outline(self) -> str:
        """The types alone, as `L[LI[Lbl LBody]]`."""
        inner = " ".join(kid.outline() for kid in self.kids if isinstance(kid, Heard))
        return f"{self.role}[{inner}]" if inner else self.role


def _runs(kid: Heard | Run | Dictionary) -> Iterator[Run]:
    if isinstance(kid, Heard):
        yield from kid.runs()
    elif isinstance(kid, Run):
        yield kid


def listen(data: bytes) -> Heard:
    """The Document of a tagged PDF."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        said = {page.obj.objgen: _marked(page) for page in pdf.pages}
        tree = pdf.Root.StructTreeRoot
        (root,) = tree.K if isinstance(tree.K, Array) else [tree.K]
        return _heard(root, said)


def _heard(entry: Dictionary, said: dict[object, dict[int, Run]]) -> Heard:
    heard = Heard(str(entry.S)[1:], _plain(entry))
    kids = entry.get("/K", Array())
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, int):
            heard.kids.append(said[entry.Pg.objgen][kid])
        elif kid.get("/Type") == Name.MCR:
            heard.kids.append(said[kid.get("/Pg", entry.get("/Pg")).objgen][int(kid.MCID)])
        elif kid.get("/Type") == Name.OBJR:
            heard.kids.append(_plain(kid.Obj))
        else:
            heard.kids.append(_heard(kid, said))
    return heard


def _plain(entry: Dictionary) -> Dictionary:
    """The keys of a dictionary that outlive its file: no references to pages and elements."""
    out = Dictionary()
    for key, value in entry.items():
        if key not in ("/K", "/P", "/Pg", "/Parent", "/Ref", "/NS"):
            out[key] = (
                pikepdf.Object.parse(value.unparse(resolved=True))
                if isinstance(value, pikepdf.Object)
                else value
            )
    return out


def _marked(page: pikepdf.Page) -> dict[int, Run]:
    """The words of each marked run of a page and of the groups drawn on it."""
    found: dict[int, list[object]] = {}
    _read(page.obj, page.obj.Resources, found)
    for one in page.obj.Resources.get("/XObject", Dictionary()).values():
        if one.get("/Subtype") == Name.Form:
            _read(one, one.get("/Resources", Dictionary()), found)
    runs = {}
    for mcid, (height, *words) in found.items():
        runs[mcid] = Run("".join(map(str, words)))
        runs[mcid].line, runs[mcid].mark = (page.obj.objgen, height), mcid
    return runs


def _read(stream: pikepdf.Object, resources: Dictionary, found: dict[int, list[object]]) -> None:
    """`found` gets for each mark the height of its line and its words."""
    letters: dict[str, dict[int, str]] = {}
    font = ""
    open_marks: list[int | None] = []
    for operands, operator in pikepdf.parse_content_stream(stream):
        match str(operator):
            case "BDC" | "BMC":
                properties = operands[1] if len(operands) > 1 else Dictionary()
                mcid = properties.get("/MCID")
                open_marks.append(mcid)
                if mcid is not None:
                    found[int(mcid)] = [None]
            case "EMC":
                open_marks.pop()
            case "Tf":
                font = str(operands[0])
                if font not in letters:
                    letters[font] = _letters(resources.Font[font])
            case "Tm" if open_marks and open_marks[-1] is not None:
                found[int(open_marks[-1])][0] = round(float(operands[5]), 2)
            case "TJ" | "Tj" if open_marks and open_marks[-1] is not None:
                found[int(open_marks[-1])].extend(_decoded(operands[0], letters[font]))


def _decoded(shown: pikepdf.Object, letters: dict[int, str]) -> Iterator[str]:
    for part in shown if isinstance(shown, Array) else [shown]:
        if isinstance(part, pikepdf.String):
            codes = bytes(part)
            for n in range(0, len(codes), 2):
                yield letters.get(int.from_bytes(codes[n : n + 2], "big"), "\ufffd")


def _letters(font: Dictionary) -> dict[int, str]:
    found = {}
    for section in re.findall(rb"beginbfchar(.*?)endbfchar", font.ToUnicode.read_bytes(), re.S):
        for code, letter in re.findall(rb"<(\w+)>\s*<(\w*)>", section):
            found[int(code, 16)] = bytes.fromhex(letter.decode()).decode("utf-16-be")
    return found
