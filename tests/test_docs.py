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


def test_every_file_that_the_plan_of_the_house_names_is_there() -> None:
    paths = {f"/{part}" for name in our_files() for part in (name, *parents(name))}
    named = re.findall(r"`([\w/.-]+)`", read("docs/architecture.md"))
    ours = {name for name in named if re.search(r"^(\w+/)+|\.(py|html|js|css|md|toml)$", name)}
    ours = {f"/{name.rstrip('/')}" for name in ours if name.split("/")[0] not in THEIRS}
    assert {name for name in ours if not any(path.endswith(name) for path in paths)} == set()


def test_the_rooms_of_the_house_are_those_of_its_plan() -> None:
    """Every folder of the program is in the plan, and every room of the plan is a folder."""
    plan = read("docs/architecture.md").split("## Rooms", 1)[1].split("```")[1]
    rooms, above = set(), {-2: ""}
    for indent, name in re.findall(r"^( *)(\S+)", plan, re.MULTILINE):
        above[len(indent)] = path = above[len(indent) - 2] + name
        rooms.add(path.rstrip("/"))
    packages = {name.rpartition("/")[0] for name in our_files() if name.endswith("/__init__.py")}
    assert {room for room in rooms if not (ROOT / room).exists()} <= set(THEIRS)
    assert {room for room in packages if not room.startswith("tests")} <= rooms


def test_the_glossary_is_short_enough_to_be_read() -> None:
    table = read("docs/architecture.md").split("## Words", 1)[1].split("## Rooms")[0]
    words = [
        word
        for row in re.findall(r"^\| (.+?) \| .", table, re.MULTILINE)
        for word in row.split(", ")
    ]
    assert len(words) - len(["Word"]) <= 30


def test_the_ways_that_are_walked_most_take_four_files_at_most() -> None:
    ways = read("docs/architecture.md").split("walked most", 1)[1].split("And everything else")[0]
    rows = [line for line in ways.splitlines() if line.startswith("| add")]
    assert len(rows) == 5
    for row in rows:
        assert len(row.split("|")[2].split(";")) <= 4, row


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
