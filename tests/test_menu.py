"""Help on every task, however it is asked for: nothing is done by somebody who only asks."""

from __future__ import annotations

import pytest

import tasks
from commands.menu import LISTED, ROOT, TaskMenu, understood

NAMES = sorted(tasks.namespace.task_names)


def told(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Return what is printed for words that ask for nothing to be done."""
    menu = TaskMenu(binary="./run", binary_names=["./run", "run"])
    with pytest.raises(SystemExit) as ended:
        menu.run(["run", "--search-root", str(ROOT), *understood(words)])
    assert not ended.value.code
    return capsys.readouterr().out


@pytest.mark.parametrize("name", NAMES)
def test_every_task_helps_wherever_help_is_asked_for(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [
        ["--help", name],
        [name, "--help"],
        [name, "-h"],
        ["help", name],
        [name, "--help", "anything"],
        [name, "anything", "--help"],
        [*name.split("."), "--help"],
    ]
    assert {tuple(understood(words)) for words in asked} == {("--help", name)}
    assert told(asked[1], capsys).startswith(f"Usage: ./run [--core-opts] {name} ")


@pytest.mark.parametrize("group", sorted(LISTED))
def test_a_group_of_tasks_lists_them(group: str, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([group], [group, "--help"], ["help", group], ["--help", group]):
        assert understood(words) == ["--list", group]
    listed = told([group], capsys)
    assert all(f".{name.partition('.')[2]} " in listed for name in NAMES if name.startswith(group))


def test_an_option_called_h_and_the_words_of_other_programs_are_left_alone() -> None:
    assert understood(["serve", "-h", "192.0.2.1"]) == ["serve", "-h", "192.0.2.1"]
    assert understood(["test", "--", "--help"]) == ["test", "--", "--help"]
    assert understood(["build", "--help", "--output", "x"]) == ["--help", "build"]
