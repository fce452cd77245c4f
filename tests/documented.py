"""What tests of the docs share: reading pages, their headings, their tables and their code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from invoke.collection import Collection

import tasks
from tests.copies import ROOT, working_files

if TYPE_CHECKING:
    from invoke.tasks import Task

_MENU = Collection.from_module(tasks)
# As people type them: `service` runs the service, and has tasks below it as well.
TASKS: dict[str, Task[Any]] = {name.removesuffix(".run"): _MENU[name] for name in _MENU.task_names}
DOCS = sorted(name for name in working_files() if re.fullmatch(r"(docs|deploy)/.*\.md", name))
PAGES = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", *DOCS]
FENCED = re.compile(r"^(`{3,})(\w*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
# A file as the docs show it: its name in code on a line of its own, then what stands in it.
WHOLE_FILE = re.compile(r"^`([\w./-]+)`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Row(NamedTuple):
    """A row of a table that documents a field or an option."""

    needed: str
    text: str


def read(name: str) -> str:
    """Return a file of this repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def prose(name: str) -> str:
    """Return a page without its blocks of code."""
    return FENCED.sub("", read(name))


def code(name: str) -> list[tuple[str, str]]:
    """Return the blocks of code of a page, each with its language."""
    return [(lang, text) for _, lang, text in FENCED.findall(read(name))]


def sections(name: str) -> dict[str, str]:
    """Return the text below each heading of a page, code left out."""
    parts = HEADING.split(prose(name))
    return dict(zip(parts[2::3], parts[3::3], strict=True))


def rows(section: str) -> dict[str, Row]:
    """Return the rows of a section's tables that begin with a name in code."""
    by_name = {}
    for line in section.splitlines():
        if line.startswith("| `"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            name = cells[0].strip("`").split()[0]
            assert name not in by_name, f"{name} is documented twice"
            by_name[name] = Row(cells[1], line)
    return by_name


def anchors(name: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub and GitLab make them."""
    headings = [text for _, text in HEADING.findall(prose(name))]
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}


def options(task: Task[Any]) -> set[str]:
    """Return what may be written after a task, without hyphens before it."""
    return {f"{argument.name}".replace("_", "-") for argument in task.get_arguments()}
