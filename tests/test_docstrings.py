"""Docstrings speak one dialect, read off the syntax trees: fields of reST, single backticks."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from tests.test_house_rules import FUNCTIONS, PROGRAM, tree

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.unmeasured

HEADINGS = re.compile(r"^\s*(Args|Arguments|Parameters|Returns|Raises|Yields):?\s*$", re.MULTILINE)
RAISED_IN_PROSE = re.compile(r"(?<!:)\b[Rr]aises? `?[A-Z]\w+")
FIELD = re.compile(r"^\s*:(\w+)(?: (\w+))?:", re.MULTILINE)
FIELDS = {"param", "raises", "returns"}
SAYS_LITTLE = set(
    re.findall(
        r"\w+",
        "a all an and are as at be by each for from get has have in is it its of on or return that"
        " the their them thi to what whether which whose with",
    )
)
NOT_INSIDE = (*FUNCTIONS, ast.Lambda, ast.ClassDef)


def faults_of_ours() -> dict[str, set[str]]:
    """Our exceptions, each with itself and the classes that it is built on."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for name in PROGRAM
        for node in ast.walk(tree(name))
        if isinstance(node, ast.ClassDef)
    }
    families: dict[str, set[str]] = {}
    for cls, below in bases.items():
        family, above = {cls}, set(below)
        while above:
            base = above.pop()
            family.add(base)
            above |= bases.get(base, set())
        if any(base.endswith(("Error", "Exception")) for base in family):
            families[cls] = family
    return families


def documented(node: ast.AST, *, public: bool = True) -> Iterator[tuple[ast.FunctionDef, bool]]:
    """Every function below a node, with whether it may be called from elsewhere."""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.ClassDef):
            yield from documented(inner, public=public and not inner.name.startswith("_"))
        elif isinstance(inner, FUNCTIONS):
            yield inner, public and not inner.name.startswith("_")  # type: ignore[misc]


def raised(function: ast.AST) -> Iterator[str]:
    """The names of what a function itself raises."""
    for node in ast.iter_child_nodes(function):
        if isinstance(node, NOT_INSIDE):
            continue
        if isinstance(node, ast.Raise) and node.exc:
            cls = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if isinstance(cls, ast.Name):
                yield cls.id
        yield from raised(node)


def ends_in_words(function: ast.FunctionDef) -> bool:
    """Whether its faults are printed and never reach whoever calls it."""
    names = {
        node.id
        for decorator in function.decorator_list
        for node in ast.walk(decorator)
        if isinstance(node, ast.Name)
    }
    return "ends_in_words" in names


def faults_in(name: str, module: ast.Module, ours: dict[str, set[str]]) -> Iterator[str]:
    for function, public in documented(module):
        text = ast.get_docstring(function) or ""
        place = f"{name}:{function.lineno} {function.name}"
        fields = [(field, argument) for field, argument in FIELD.findall(text) if field]
        if HEADINGS.search(text) or RAISED_IN_PROSE.search(text) or "``" in text:
            yield f"{place}: another dialect"
        if strange := {field for field, _ in fields} - FIELDS:
            yield f"{place}: there is no field {strange}"
        arguments = {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}
        if gone := {word for field, word in fields if field == "param"} - arguments:
            yield f"{place}: no argument is called {gone}"
        raising = {word for field, word in fields if field == "raises"}
        for fault in sorted(set(raised(function)) & ours.keys()):
            if public and not ours[fault] & raising and not ends_in_words(function):
                yield f"{place}: nothing says that it raises {fault}"


def test_docstrings_speak_one_dialect_and_tell_every_fault_of_ours() -> None:
    ours = faults_of_ours()
    assert [fault for name in PROGRAM for fault in faults_in(name, tree(name), ours)] == []


def test_no_docstring_only_repeats_its_name() -> None:
    repeated = [
        f"{name}:{node.lineno} {text}"
        for name in PROGRAM
        for node in ast.walk(tree(name))
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and (text := ast.get_docstring(node))
        if stems(text) <= stems(re.sub(r"(?=[A-Z])|_", " ", node.name))
    ]
    assert repeated == []


def stems(words: str) -> set[str]:
    """The words that say something, without their endings."""
    letters = re.findall(r"[a-z]+", words.lower())
    return {re.sub(r"(?<=...)(ies|es|s|ed|ing)$", "", word) for word in letters} - SAYS_LITTLE


@pytest.mark.parametrize(
    ("docstring", "wrong"),
    [
        ("Bring it.", "nothing says that it raises Refusal"),
        ("Bring it, or raise Refusal.", "another dialect"),
        ("Bring it.\n\n    Raises:\n        Refusal: when not.", "another dialect"),
        ("Bring ``it``.\n\n    :raises Refusal: when not.", "another dialect"),
        ("Bring it.\n\n    :raise Refusal: when not.", "there is no field {'raise'}"),
        ("Bring it.\n\n    :param that: what.\n    :raises Refusal: no.", "no argument is called"),
    ],
)
def test_a_docstring_that_does_not_is_noticed(docstring: str, wrong: str) -> None:
    module = ast.parse(f'def bring(it):\n    """{docstring}"""\n    raise Refusal("no")\n')
    assert wrong in " ".join(faults_in("a.py", module, {"Refusal": {"Refusal"}}))


def test_a_fault_is_told_by_its_family_too() -> None:
    module = ast.parse(
        'def bring():\n    """Bring.\n\n    :raises Family: no.\n    """\n    raise A\n'
    )
    assert list(faults_in("a.py", module, {"A": {"A", "Family"}})) == []
