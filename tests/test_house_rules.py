"""What CONTRIBUTING.md asks of names and sizes, read off the syntax trees."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

from tests.copies import ROOT, working_files

ROOMS = ("commands/", "core/", "feedback/", "plugins/", "tasks.py", "pelicanconf.py")
PROGRAM = sorted(
    name for name in working_files() if name.endswith(".py") and name.startswith(ROOMS)
)
# Each is its own concept, and a longer name would say less.
TWICE_WITH_REASON: dict[str, str] = {}
MOST_TWICE = 5
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 400, 60
SAYS_NOTHING = {"one", "found", "there", "said", "told", "made", "kept", "given"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"))


def test_no_class_name_stands_twice() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for name in PROGRAM:
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name)
    twice = {cls: names for cls, names in places.items() if len(names) > 1}
    assert twice.keys() == TWICE_WITH_REASON.keys()
    assert len(twice) <= MOST_TWICE


def test_no_file_and_no_function_is_long() -> None:
    long: dict[str, int] = {}
    for name in PROGRAM:
        lines = len((ROOT / name).read_text(encoding="utf-8").splitlines())
        if lines > MOST_LINES:
            long[name] = lines
        for node in ast.walk(tree(name)):
            if isinstance(node, FUNCTIONS):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > MOST_LINES_OF_A_FUNCTION:
                    long[f"{name}:{node.name}"] = lines
    assert long == {}


def test_local_names_say_what_they_hold() -> None:
    empty: dict[str, set[str]] = {}
    for name in PROGRAM:
        names = {node.id for node in ast.walk(tree(name)) if isinstance(node, ast.Name)}
        names |= {node.arg for node in ast.walk(tree(name)) if isinstance(node, ast.arg)}
        if names & SAYS_NOTHING:
            empty[name] = names & SAYS_NOTHING
    assert empty == {}


def test_a_module_is_named_for_what_it_owns() -> None:
    assert [name for name in PROGRAM if Path(name).name == "generator.py"] == []
