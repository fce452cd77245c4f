"""What the docs point at is there: links, commands, pictures, a version, a way to upgrade."""

from __future__ import annotations

import re
import tomllib

import pytest

from commands.upgrading.house import THEIRS
from tests.copies import ROOT, our_files
from tests.documented import PAGES, TASKS, anchors, options, prose, read

COMMAND = re.compile(r"\./run ((?:--help )?[a-z]+(?:\.[a-z]+)?)([^`\n;|&#]*)")
MOST = 150_000  # bytes of a picture, so that a page on a phone's connection is soon there


def wrong_commands(text: str) -> list[str]:
    """Every command in a text that isn't a task with options that it has."""
    wrong = []
    for task, rest in COMMAND.findall(text):
        name = task.removeprefix("--help ")
        ours = rest.partition(" -- ")[0]
        matches = re.findall(r"(?<=\s)--([a-z-]+)", ours)
        if name not in TASKS or not options(TASKS[name]).issuperset(matches):
            wrong.append(f"./run {task}{rest}")
    return wrong


@pytest.mark.parametrize("page", PAGES)
def test_every_command_in_the_docs_exists(page: str) -> None:
    assert wrong_commands(read(page)) == []


def test_a_command_that_does_not_exist_is_noticed() -> None:
    text = "`./run bulid` `./run build --fast` `./run --help serv` `./run build --strict`"
    assert wrong_commands(text) == ["./run bulid", "./run build --fast", "./run --help serv"]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_in_the_docs_leads_somewhere(page: str) -> None:
    wrong = []
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]+`", "code", prose(page))):
        path, _, anchor = target.partition("#")
        if path.startswith(("http:", "https:", "mailto:")):
            continue
        file = ((ROOT / page).parent / path).resolve() if path else ROOT / page
        if not file.exists() or (anchor and anchor not in anchors(str(file.relative_to(ROOT)))):
            wrong.append(target)
    assert wrong == []


def test_every_path_of_the_map_of_the_house_is_there() -> None:
    paths = {part for name in our_files() for part in (name, *parents(name))}
    table = [line for line in read("README.md").splitlines() if line.startswith("| `")]
    named = {path for line in table for path in re.findall(r"`([^`]+)`", line.split("|")[1])}
    assert {path.rstrip("/") for path in named} - paths <= set(THEIRS)


def parents(name: str) -> list[str]:
    folders = name.split("/")[:-1]
    return ["/".join(folders[:end]) for end in range(1, len(folders) + 1)]


def test_the_changelog_tells_of_this_version() -> None:
    version = re.escape(tomllib.loads(read("pyproject.toml"))["project"]["version"])
    heading = rf"^## \[{version}\] - (Unreleased|\d{{4}}-\d\d-\d\d)$"
    assert re.search(heading, read("CHANGELOG.md"), re.MULTILINE)


def test_the_pictures_of_the_docs_are_small_and_shown() -> None:
    shown = "".join(map(read, PAGES))
    pictures = [name for name in our_files() if name.startswith("docs/pictures/")]
    assert pictures
    for name in pictures:
        assert (ROOT / name).stat().st_size <= MOST, name
        assert name.removeprefix("docs/") in shown, f"{name} is shown nowhere"


def test_nothing_that_git_keeps_names_a_folder_of_one_machine() -> None:
    folders = re.compile(rb"(?<![\w.])/(?:work|root|tmp)/|(?<![\w.])/home/\w")
    named = {name for name in our_files() if folders.search((ROOT / name).read_bytes())}
    assert named == set()
