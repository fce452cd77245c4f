"""Help on every task, however it is asked for: nothing is done by somebody who only asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import tasks
from commands.menu import LISTED, ROOT, TaskMenu, understood
from commands.site_folder import read_site
from tests.copies import sample_folder

if TYPE_CHECKING:
    from pathlib import Path

NAMES = sorted(tasks.namespace.task_names)
# What is typed after a task that wants to be told something.
WORDS = {
    "new": ["post"],
    "import": ["hugo", "."],
    "tag": ["tea"],
    "catalogue": ["cy"],
    "recipe": ["nginx"],
    "search": ["damp"],
    "poster": ["say"],
    "visits": ["log"],
    "repairs.export": ["jobs.csv"],
    "repairs.import": ["jobs.csv"],
    "staff.add": ["nia"],
    "staff.reset": ["nia"],
}
# They build, and the build's own report tells what is wrong with the settings.
BUILDS = {"build", "check", "photos", "publish", "serve", "undo"}
READS_SETTINGS = [
    name
    for name in NAMES
    if name not in BUILDS
    and "site" in {argument.name for argument in tasks.namespace[name].get_arguments()}
]


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


@pytest.mark.parametrize("name", READS_SETTINGS)
@pytest.mark.parametrize("spoilt", [None, b"languages = [", b'url = "\xff"'])
def test_settings_that_cannot_be_read_are_told_in_words(
    name: str, spoilt: bytes | None, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    if spoilt:
        (tmp_path / "site.toml").write_bytes(spoilt)
    (tmp_path / "content").mkdir()
    content = "content" in {argument.name for argument in tasks.namespace[name].get_arguments()}
    where = ["--site", str(tmp_path / "site.toml")]
    where += ["--content", str(tmp_path / "content")] if content else []
    menu = TaskMenu(binary="./run", binary_names=["./run", "run"])
    with pytest.raises(SystemExit) as ended:
        menu.run(["run", "--search-root", str(ROOT), name, *WORDS.get(name, []), *where])
    assert ended.value.code == 2
    printed = "".join(capfd.readouterr())
    assert "site.toml" in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["parity", "--content", "{}/nowhere"], "There is no folder {}/nowhere. Name yours"),
        (["parity", "--content", "{}/file"], "There is no folder {}/file. Name yours"),
        (["parity", "--format", "xml"], "There is no format “xml”. Write --format text or"),
        (["check", "--format", "xml"], "There is no format “xml”. Write --format text or"),
        (["tag", "tea", "--content", "{}/nowhere"], "There is no folder {}/nowhere. Name yours"),
        (["build", "--output", "{}/file/x"], "Nothing can be made in {}/file: File exists."),
        (["poster", "say", "--content", "{}/nowhere"], "There is no folder {}/nowhere. Name"),
    ],
)
def test_a_place_or_a_word_that_cannot_be_meant_is_told(
    words: list[str], sentence: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    menu = TaskMenu(binary="./run", binary_names=["./run", "run"])
    with pytest.raises(SystemExit) as ended:
        menu.run(["run", "--search-root", str(ROOT), *(word.format(tmp_path) for word in words)])
    assert ended.value.code == 2
    assert sentence.format(tmp_path) in capfd.readouterr().err


def test_a_question_that_nobody_can_answer_is_no_error_of_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nobody(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("commands.staff._chosen_password", nobody)
    menu = TaskMenu(binary="./run", binary_names=["./run", "run"])
    with pytest.raises(SystemExit, match="Nobody is there to answer"):
        menu.run(["run", "--search-root", str(ROOT), "staff.add", "nia"])


def test_settings_saved_on_windows_are_read_like_any_other(tmp_path: Path) -> None:
    text = (sample_folder() / "site.toml").read_bytes()
    (tmp_path / "site.toml").write_bytes(b"\xef\xbb\xbf" + text)
    assert read_site(tmp_path / "site.toml") == read_site(sample_folder() / "site.toml")


def test_what_may_be_typed_more_than_once_arrives_whole() -> None:
    repeatable = [
        (name, option)
        for name in NAMES
        for option in tasks.namespace[name].get_arguments()
        if option.kind not in {str, int, bool}
    ]
    assert {name for name, _ in repeatable} == {"publish", "visits"}
    for name, option in repeatable:
        option.set_value("content/docs/rents.csv")
        option.set_value("content/docs/costs.csv")
        assert option.value == ["content/docs/rents.csv", "content/docs/costs.csv"], name


def test_an_option_called_h_and_the_words_of_other_programs_are_left_alone() -> None:
    assert understood(["serve", "-h", "192.0.2.1"]) == ["serve", "-h", "192.0.2.1"]
    assert understood(["test", "--", "--help"]) == ["test", "--", "--help"]
    assert understood(["build", "--help", "--output", "x"]) == ["--help", "build"]
