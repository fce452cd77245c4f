"""What CONTRIBUTING.md asks of names and sizes, read off the syntax trees."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.copies import ROOT, working_files

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOMS = ("commands/", "core/", "feedback/", "plugins/", "tasks.py", "pelicanconf.py")
PROGRAM = sorted(
    name for name in working_files() if name.endswith(".py") and name.startswith(ROOMS)
)
TESTS = sorted(name for name in working_files() if re.fullmatch(r"(tests|benchmarks)/.*\.py", name))
MOST_LINES, MOST_LINES_OF_TESTS, MOST_LINES_OF_A_FUNCTION = 400, 600, 60
# A stand-in bears the names of what it stands in for.
STAND_INS = {"tests/preview_builder.py"}
SAYS_NOTHING = {"one", "found", "there", "said", "told", "made", "kept", "given"}
# Names of things, though they end as what somebody does ends.
NOUNS = {
    "encoding",
    "folding",
    "ranking",
    "recording",
    "rendering",
    "spelling",
    "staging",
    "templating",
    "text_folding",
    "wording",
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"))


def test_no_class_name_stands_twice() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for name in [*PROGRAM, *TESTS]:
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.ClassDef) and name not in STAND_INS:
                places[node.name].append(name)
    assert {cls: names for cls, names in places.items() if len(names) > 1} == {}


def test_no_file_and_no_function_is_long() -> None:
    long: dict[str, int] = {}
    for name in [*PROGRAM, *TESTS]:
        lines = len((ROOT / name).read_text(encoding="utf-8").splitlines())
        if lines > (MOST_LINES_OF_TESTS if name in TESTS else MOST_LINES):
            long[name] = lines
        for node in ast.walk(tree(name)):
            if isinstance(node, FUNCTIONS):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > MOST_LINES_OF_A_FUNCTION:
                    long[f"{name}:{node.name}"] = lines
    assert long == {}


def test_local_names_say_what_they_hold() -> None:
    empty: dict[str, set[str]] = {}
    for name in [*PROGRAM, *TESTS]:
        functions = (node for node in ast.walk(tree(name)) if isinstance(node, FUNCTIONS))
        names = {local for function in functions for local in locals_of(function)}
        if names & SAYS_NOTHING:
            empty[name] = names & SAYS_NOTHING
    assert empty == {}


def locals_of(function: ast.AST) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


def test_a_module_is_named_for_what_it_owns() -> None:
    names = {Path(name).stem for name in [*PROGRAM, *TESTS] if not name.startswith("tests/")}
    assert {name for name in names if name.endswith("ing")} <= NOUNS
    assert "generator" not in names


def test_no_shared_fixture_hides_another() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for name in ("tests/conftest.py", "tests/databases.py", "tests/kept.py"):
        for node in tree(name).body:
            if isinstance(node, ast.FunctionDef) and "fixture" in "".join(
                map(ast.unparse, node.decorator_list)
            ):
                places[node.name].append(name)
    assert {fixture: names for fixture, names in places.items() if len(names) > 1} == {}
