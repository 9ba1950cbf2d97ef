"""What binding joins: structure, fonts, size; what it needs of the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from tests.conftest import BOOKS, ROOT
from tests.press import one_document
from tests.press.books import book_of, paragraphs, speech
from tests.press.conftest import order_for, order_of, shown
from tests.press.printed import bind


@pytest.fixture(scope="session")
def data(examples: Path) -> bytes:
    """The first example book, bound."""
    return bind(order_of(examples / BOOKS[0])).data


@pytest.fixture
def pdf(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(data))


def listed(value: object) -> list[pikepdf.Object]:
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def elements(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    """Every structure element, parents first."""
    found = []
    waiting = listed(pdf.Root.StructTreeRoot.K)
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, pikepdf.Dictionary) and "/S" in one:
            found.append(one)
            waiting = [*listed(one.get("/K")), *waiting]
    return found


def test_one_tree_whose_parents_and_children_agree(pdf: pikepdf.Pdf) -> None:
    found = elements(pdf)
    assert [str(one.S) for one in found].count("/Document") == 1
    for one in found:
        for kid in listed(one.get("/K")):
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                assert kid.P.objgen == one.objgen


def test_the_parent_tree_leads_from_every_mark_to_the_element_that_holds_it(
    pdf: pikepdf.Pdf,
) -> None:
    """ISO 32000-1 §14.7.4.4"""
    parents = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
    used = set()
    for page in pdf.pages:
        if "/StructParents" in page.obj:
            key = int(page.obj.StructParents)
            assert key not in used
            used.add(key)
            owners = list(parents[key])
            for step in pikepdf.parse_content_stream(page):
                if str(step.operator) == "BDC" and "/MCID" in step.operands[1]:
                    owner = owners[int(step.operands[1].MCID)]
                    assert holds(owner, int(step.operands[1].MCID), page)
        for annotation in page.obj.get("/Annots", []):
            key = int(annotation.StructParent)
            assert key not in used
            used.add(key)
            assert any(
                kid.Obj.objgen == annotation.objgen
                for kid in listed(parents[key].K)
                if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == pikepdf.Name.OBJR
            )
    assert used == set(parents.keys())
    assert int(pdf.Root.StructTreeRoot.ParentTreeNextKey) > max(used)


def holds(owner: pikepdf.Object, mark: int, page: pikepdf.Page) -> bool:
    for kid in listed(owner.get("/K")):
        if isinstance(kid, int):
            if kid == mark and owner.Pg.objgen == page.obj.objgen:
                return True
        elif kid.get("/MCID") == mark:
            where = kid.Pg if "/Pg" in kid else owner.Pg
            if where.objgen == page.obj.objgen:
                return True
    return False


def test_one_program_for_each_face(pdf: pikepdf.Pdf) -> None:
    programs: dict[str, set[tuple[int, int]]] = {}
    for number in range(1, len(pdf.objects)):
        one = pdf.objects[number]
        if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor":
            program = one.get("/FontFile2") or one.get("/FontFile3")
            programs.setdefault(str(one.FontName), set()).add(program.objgen)
    assert len(programs) >= 2
    assert all(len(objects) == 1 for objects in programs.values()), programs


ODD = (
    "See 12 0 R (and 3 0 R) for /PressFonts",
    "A bracket ) and another ( and \\ 7 0 R",
    "/PressKey3 /PressId0 <</K [1 0 R]>> endobj",
    "바다 (12 0 R \\",
)


def test_titles_that_look_like_a_piece_of_a_pdf_stay_as_they_are(cache: Path) -> None:
    book = book_of([speech(n, paragraphs(2, n), title=odd) for n, odd in enumerate(ODD)], 2)
    data = bind(order_for(book, "classic")).data
    with pikepdf.open(BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
        heads = [str(one.T) for one in elements(pdf) if one.get("/S") == "/H2" and "/T" in one]
    assert [head for head in heads if head in ODD] == list(ODD)
    assert [mark[1] for mark in shown(data).outline if mark[1] in ODD] == list(ODD)


def test_an_id_of_two_galleys_stays_one_of_each(pdf: pikepdf.Pdf) -> None:
    ids = [bytes(one.ID) for one in elements(pdf) if "/ID" in one]
    assert len(ids) == len(set(ids)) > 100
    tree = pikepdf.NameTree(pdf.Root.StructTreeRoot.IDTree)
    assert sorted(name.encode() for name in tree) == sorted(ids)
    assert all(bytes(element.ID) == name.encode() for name, element in tree.items())


@pytest.mark.slow
@pytest.mark.parametrize("name", BOOKS)
def test_the_file_is_little_larger_than_one_documents(name: str, examples: Path) -> None:
    order = order_of(examples / name)
    assert len(bind(order).data) <= 1.15 * len(one_document.make(order).data)


@pytest.mark.slow
def test_hundreds_of_galleys_with_few_open_files(tmp_path: Path) -> None:
    run = subprocess.run(
        ["bash", "-c", f"ulimit -n 256 && {sys.executable} -c '{_BIND}'"],
        env=os.environ | {"PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "310 of 310 galleys set anew (new)"


_BIND = "from tests.press.test_binding import many; print(many())"


def many() -> str:
    """A book of 300 documents, more than there are files that may be open."""
    speeches = [speech(n, paragraphs(1, n, size=8)) for n in range(1, 301)]
    return bind(order_for(book_of(speeches, 1), "classic")).work
