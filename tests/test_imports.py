"""Imports point one way: read off the syntax trees, so that no import hides in a function."""

from __future__ import annotations

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.copies import ROOT, working_files

pytestmark = pytest.mark.unmeasured

# A room may import itself, the rooms of the rows before its own, and `core`.
PLUGINS = [
    ["kinds"],
    ["languages"],
    ["markup"],
    ["images"],
    ["sections"],
    ["loop"],
    ["podcast", "calendars"],
    ["feeds"],
    ["search", "cards", "checks", "shortcuts", "runs"],
    ["discovery", "extending"],
]
FEEDBACK = [
    ["model"],
    ["case_clocks"],
    ["step_figures"],
    [
        "settings",
        "duplicates",
        "work_tables",
        "text_folding",
        "identifiers",
        "first_names",
        "personal_patterns",
        "photos",
        "mail_reach",
    ],
    ["personal_details", "forms", "passwords", "store"],
    ["handed_rows"],
    ["publication", "record_source", "published_site", "archive", "subject_access", "notice_words"],
    ["pull"],
    ["web"],
    ["notices", "notify", "online_records"],
    ["digest"],
]
STORE = [
    ["database"],
    ["casework"],
    ["voices", "desk"],
    ["mail"],
    ["actions"],
]
ORDERS = {"plugins": PLUGINS, "feedback": FEEDBACK, "feedback.store": STORE}
PAGES = {"plugins", "pelican"}
OURS = {"core", "feedback", "plugins", "commands", "tasks", "tests", "benchmarks", "pelicanconf"}


@cache
def modules() -> dict[str, Path]:
    """Our modules by dotted name, a package by the name of its folder."""
    paths = {}
    for name in working_files():
        path = Path(name)
        if path.suffix == ".py" and (path.parts[0] in OURS or path.stem in OURS):
            parts = path.with_suffix("").parts
            paths[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = ROOT / path
    return paths


@cache
def imports(name: str, path: Path) -> frozenset[str]:
    """The dotted names of everything that a module imports, anywhere in it."""
    names = set()
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join(
                [*(above if node.level else []), *([node.module] if node.module else [])]
            )
            # `from plugins import kinds` brings in plugins.kinds, not only plugins.
            names |= {f"{base}.{alias.name}" for alias in node.names}
    return frozenset(names)


def circle(imported: dict[str, frozenset[str]]) -> list[str]:
    """The first modules found to import each other in a ring, the first one again at its end."""
    known = imported.keys()
    graph = {
        name: {
            target
            for path in paths
            for target in (path if path in known else path.rpartition(".")[0],)
            if target in known and target != name
        }
        for name, paths in imported.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        ring: list[str] = error.args[1]
        return ring[::-1]  # graphlib tells it from what is imported to what imports it
    return []


def complaint(name: str, imported: str) -> str | None:
    """What is wrong with a module's import, or nothing."""
    room, target = name.split("."), imported.split(".")
    here, target_room = room[0], target[0]
    on_top = {"commands", "tasks", "tests", "benchmarks"}
    broken = {
        "nobody imports the tests": target_room == "tests" != here,
        "nobody imports the tasks": target_room == "tasks" != here != "tests",
        "nobody imports a command": target_room == "commands" and here not in on_top,
        "core imports nothing of ours": here == "core" != target_room and target_room in OURS,
        "feedback knows nothing of the pages": here == "feedback" and target_room in PAGES,
        "plugins know nothing of feedback": (here, target_room) == ("plugins", "feedback"),
    }
    if here == target_room and here in ORDERS:
        return against(here, room, target)
    return next((sentence for sentence, is_so in broken.items() if is_so), None)


def against(above: str, room: list[str], target: list[str]) -> str | None:
    """What is wrong with an import within a package, by the order of its rooms and of theirs."""
    depth = above.count(".") + 1
    if len(room) <= depth or len(target) <= depth:
        return None  # the package itself offers what its rooms have, and imports nothing else
    ranks = {member: rank for rank, row in enumerate(ORDERS[above]) for member in row}
    inner, wanted = room[depth], target[depth]
    strange = [part for part in (inner, wanted) if part not in ranks]
    if strange:
        return f"{strange[0]} has no place in the order of rooms: give it one here"
    within = f"{above}.{inner}"
    if inner == wanted:
        return against(within, room, target) if within in ORDERS else None
    return None if ranks[wanted] < ranks[inner] else f"{wanted} does not stand before {inner}"


@pytest.mark.parametrize("name", sorted(modules()))
def test_a_module_imports_only_what_stands_before_it(name: str) -> None:
    strays = {
        imported: wrong
        for imported in sorted(imports(name, modules()[name]))
        if (wrong := complaint(name, imported))
    }
    assert strays == {}


def test_no_modules_import_each_other_in_a_ring() -> None:
    assert circle({name: imports(name, path) for name, path in modules().items()}) == []


def test_a_ring_is_seen_whether_types_or_functions_close_it(tmp_path: Path) -> None:
    texts = {
        "core.a": "from core.b import B\n",
        "core.b": "if TYPE_CHECKING:\n    from core.c import C\n",
        "core.c": "def late():\n    from core import a\n",
        "core.d": "from core.a import A\n",
    }
    ring = {}
    for name, text in texts.items():
        module = tmp_path / f"{name}.py"
        module.write_text(text)
        ring[name] = imports(name, module)
    assert circle(ring)[:-1] in (
        ["core.a", "core.b", "core.c"],
        ["core.b", "core.c", "core.a"],
        ["core.c", "core.a", "core.b"],
    )
    assert circle({**ring, "core.c": frozenset()}) == []


@pytest.mark.parametrize(
    ("name", "imported"),
    [
        ("core.words", "plugins.kinds"),
        ("core.words", "commands.build"),
        ("plugins.kinds.parse", "plugins.languages.pairs"),
        ("plugins.markup.links", "plugins.sections"),
        ("plugins.images.cache", "plugins.sections.entries"),
        ("plugins.kinds.parse", "feedback.store"),
        ("plugins.loop.join", "feedback.model"),
        ("plugins.checks", "commands.build"),
        ("plugins.checks", "plugins.discovery"),
        ("plugins.podcast", "plugins.feeds"),
        ("plugins.attic", "plugins.kinds"),
        ("feedback.model", "feedback.store"),
        ("feedback.store.database.schema", "feedback.store.casework.cases"),
        ("feedback.store.casework.cases", "feedback.store.mail.outbox"),
        ("feedback.store.attic.boxes", "feedback.store.database.schema"),
        ("feedback.web", "plugins.kinds"),
        ("feedback.web", "pelican.readers"),
        ("plugins.kinds", "tasks"),
        ("commands.build", "tasks"),
        ("commands.build", "tests.tiny"),
    ],
)
def test_an_import_against_the_order_is_noticed(name: str, imported: str) -> None:
    assert complaint(name, imported)


@pytest.mark.parametrize(
    ("name", "imported"),
    [
        ("plugins.sections.lists", "core.words"),
        ("plugins.sections.lists", "plugins.kinds.models"),
        ("plugins.loop.join", "core.public.records"),
        ("feedback.web.forms", "feedback.store.database.schema"),
        ("feedback.store.actions.decisions", "feedback.store.mail.outbox"),
        ("commands.build", "plugins.sections"),
        ("tasks", "commands.build"),
        ("plugins.kinds.parse", "yaml"),
        ("plugins.kinds.parse", "pelican.readers"),
        ("tests.test_build", "commands.build"),
    ],
)
def test_an_import_along_the_order_is_fine(name: str, imported: str) -> None:
    assert complaint(name, imported) is None


def test_an_import_within_a_function_and_a_relative_one_are_seen(tmp_path: Path) -> None:
    module = tmp_path / "parse.py"
    module.write_text("def late():\n    import a.b\n    from . import c\n    from ..d import e\n")
    assert imports("plugins.kinds.parse", module) == {"a.b", "plugins.kinds.c", "plugins.d.e"}
