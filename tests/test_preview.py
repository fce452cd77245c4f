"""`./run serve` builds on every save, survives every error, and says what happened."""

from __future__ import annotations

import inspect
import os
import shutil
import signal
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from commands import build
from tests import preview_builder
from tests.previewing import (
    builds,
    previewing,
    save,
    write_quick_site,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.previewing import Preview

pytestmark = pytest.mark.long


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_quick_site(tmp_path / "association")


@pytest.fixture
def preview(root: Path) -> Iterator[Preview]:
    with previewing(root) as running:
        yield running


def test_a_save_is_built_and_the_pages_that_stand_open_are_told(preview: Preview) -> None:
    events = preview.events()
    before = events.next()
    save(preview.root / "content" / "index.md", "Front\nNew words.\n")
    after = events.next()
    assert after["build"] != before["build"]
    assert after["faults"] == []
    assert "New words." in preview.ask("/").text
    assert "1 page in" in preview.hear("content/index.md changed")


def test_a_new_file_and_a_new_folder_are_noticed(preview: Preview) -> None:
    save(preview.root / "content" / "new.md", "New\nPage.\n")
    preview.hear("content/new.md changed: 2 pages")
    save(preview.root / "content" / "deep" / "er" / "file.txt", "words")
    preview.hear("changed: 2 pages")
    assert preview.ask("/deep/er/file.txt").text == "words"


def test_the_builder_stays_warm_until_code_changes(preview: Preview) -> None:
    root = preview.root
    save(root / "content" / "index.md", "Front\nAgain.\n")
    preview.hear("content/index.md changed")
    assert len(set(builds(root))) == 1
    save(root / "pelicanconf.py", "THEME = 'theme'\n")
    preview.hear("pelicanconf.py changed")
    assert len(set(builds(root))) == 2


@pytest.mark.parametrize(
    "name",
    ["site.toml", "theme/templates/base.html", "theme/translations/cy.po", "templates/base.html"],
)
def test_settings_theme_and_words_are_watched_too(root: Path, name: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    with previewing(root) as preview:
        save(root / name, "# changed\n")
        preview.hear(f"{name} changed")


def test_a_change_of_styles_alone_is_told_apart(preview: Preview) -> None:
    events = preview.events()
    first = events.next()
    save(preview.root / "theme" / "static" / "style.css", "h1 { color: red }\n")
    second = events.next()
    assert second["restyled"] == first["build"]
    save(preview.root / "content" / "index.md", "Front\nWords.\n")
    assert events.next()["restyled"] == ""


def test_a_fault_is_told_and_the_last_good_site_stays(preview: Preview) -> None:
    events = preview.events()
    good = events.next()
    page = preview.root / "content" / "index.md"
    save(page, "Front\n!fault <b>The title</b> is empty.\n")
    bad = events.next()
    assert bad["build"] == good["build"]
    assert not bad["current"]
    [fault] = bad["faults"]
    assert (fault["path"], fault["line"], fault["field"]) == ("content/index.md", 2, "title")
    assert (fault["wrong"], fault["instead"]) == ("<b>The title</b> is empty.", "Write a title.")
    assert "The front page." in preview.ask("/").text
    preview.hear("content/index.md changed: the site could not be built; the last good one stays.")
    preview.hear("content/index.md:2: [title] <b>The title</b> is empty. Write a title.")
    save(page, "Front\nMended.\n")
    mended = events.next()
    assert mended["current"]
    assert mended["faults"] == []
    assert "Mended." in preview.ask("/").text


def test_a_fault_that_stops_nothing_is_told_beside_the_new_site(preview: Preview) -> None:
    events = preview.events()
    good = events.next()
    save(preview.root / "content" / "index.md", "Front\n!mild A word is missing.\n")
    state = events.next()
    assert state["build"] != good["build"]
    assert state["current"]
    assert [fault["wrong"] for fault in state["faults"]] == ["A word is missing."]


def test_advice_stays_in_the_terminal(preview: Preview) -> None:
    events = preview.events()
    events.next()
    save(preview.root / "content" / "index.md", "Front\n!advice Short.\n")
    assert events.next()["faults"] == []
    preview.hear("content/index.md:2: Short. Say more.")
    preview.hear("To mend: 0. Advice: 1.")


def test_a_long_list_is_cut_and_says_where_the_rest_is(preview: Preview) -> None:
    many = "".join(f"!fault Number {number} is wrong.\n" for number in range(40))
    events = preview.events()
    events.next()
    save(preview.root / "content" / "index.md", f"Front\n{many}")
    state = events.next()
    assert (len(state["faults"]), state["more"]) == (30, 10)
    preview.hear("Number 29 is wrong.")
    preview.hear("The first 30 stand here. ./run check lists them all.")
    preview.hear("To mend: 40. Advice: 0.")
    assert not any("Number 30" in line for line in preview.said)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [("!crash", "The template is broken."), ("!raise words", "ZeroDivisionError: words")],
)
def test_an_error_of_the_programs_is_told_and_survived(
    preview: Preview, line: str, sentence: str
) -> None:
    events = preview.events()
    events.next()
    save(preview.root / "content" / "index.md", f"Front\n{line}\n")
    assert events.next()["crash"].startswith(sentence)
    preview.hear(sentence)
    assert "The front page." in preview.ask("/").text
    save(preview.root / "content" / "index.md", "Front\nMended.\n")
    assert events.next()["crash"] == ""


def test_a_first_build_that_fails_shows_why_and_recovers(root: Path) -> None:
    save(root / "content" / "index.md", "Front\n!fault <b>The title</b> is empty.\n")
    with previewing(root) as preview:
        answer = preview.ask("/any/page/")
        assert answer.status == 503
        assert "[title] &lt;b&gt;The title&lt;/b&gt; is empty. Write a title." in answer.text
        assert "/_preview/reload.js" in answer.text
        events = preview.events()
        events.next()
        save(root / "content" / "index.md", "Front\n!fault Still.\n")
        events.next()
        assert preview.hear("could not be built").endswith("changed: the site could not be built.")
        save(root / "content" / "index.md", "Front\nMended.\n")
        events.next()
        assert preview.ask("/").status == 200


def test_an_error_before_there_is_a_site_is_shown_in_the_page(root: Path) -> None:
    save(root / "content" / "index.md", "Front\n!crash\n")
    with previewing(root) as preview:
        answer = preview.ask("/")
        assert answer.status == 503
        assert "The template is broken.\n&lt;b&gt;line&lt;/b&gt; 3" in answer.text


def test_a_builder_that_dies_is_replaced_and_the_build_is_made(preview: Preview) -> None:
    save(preview.root / "content" / "index.md", "Front\n!die 1\n")
    preview.hear("The builder stopped in the middle of a build (by signal SIGKILL).")
    preview.hear("content/index.md changed: 1 page")
    assert "!die 1" in preview.ask("/").text
    assert len(set(builds(preview.root))) == 2


def test_a_builder_that_dies_every_time_is_told_and_survived(preview: Preview) -> None:
    events = preview.events()
    events.next()
    save(preview.root / "content" / "index.md", "Front\n!die 2\n")
    state = events.next()
    assert state["crash"].startswith("The builder stopped twice (by signal SIGKILL).")
    assert "The front page." in preview.ask("/").text
    save(preview.root / "content" / "index.md", "Front\nMended.\n")
    assert events.next()["crash"] == ""


def test_a_builder_that_died_between_builds_is_replaced(preview: Preview) -> None:
    os.kill(int(builds(preview.root)[0]), signal.SIGKILL)
    save(preview.root / "content" / "index.md", "Front\nWords.\n")
    preview.hear("content/index.md changed: 1 page")
    assert "Words." in preview.ask("/").text


def test_a_builder_that_hangs_is_replaced(root: Path) -> None:
    os.mkfifo(root / "gate")
    with previewing(root, patience=6) as preview:
        events = preview.events()
        # On a very busy machine even a start may take so long: then the next save is as good.
        while "The front page." not in preview.ask("/").text:
            save(root / "content" / "index.md", "Front\nThe front page.\n")
            events.next()
        save(root / "content" / "index.md", "Front\n!wait\n")
        while not (state := events.next())["crash"]:
            pass
        assert state["crash"].startswith("The builder said nothing for 6 s and was stopped.")
        while "Mended." not in preview.ask("/").text:
            save(root / "content" / "index.md", "Front\nMended.\n")
            events.next()
        assert len(set(builds(root))) >= 2


def test_saves_during_a_build_lead_to_one_build_more(root: Path) -> None:
    os.mkfifo(root / "gate")
    with previewing(root) as preview:
        save(root / "content" / "wait.md", "Wait\n!wait\n")
        with (root / "gate").open("w"):  # opens when the build has come as far as the gate
            save(root / "content" / "index.md", "Front\nOne.\n")
            save(root / "content" / "index.md", "Front\nTwo.\n")
            save(root / "content" / "wait.md", "Wait\nNo more.\n")
        preview.hear("content/wait.md changed: 2 pages")
        preview.hear("content/index.md, content/wait.md changed: 2 pages")
        assert "Two." in preview.ask("/").text
        save(root / "content" / "index.md", "Front\nThree.\n")
        preview.hear("content/index.md changed: 2 pages")
        assert len(builds(root)) == 4


def test_what_editors_leave_about_is_not_built(preview: Preview) -> None:
    content = preview.root / "content"
    for name in ("index.md~", ".index.md.swp", "#index.md#", ".#index.md", "4913", "index.md.tmp"):
        (content / name).write_text("leftover", "utf-8")
    save(preview.root / "output" / "index.html", "built")
    save(preview.root / ".git" / "index", "git")
    save(content / "index.md", "Front\nWords.\n")
    assert preview.hear(" changed: ").split("  ")[1].startswith("content/index.md changed")
    assert len(builds(preview.root)) == 2


def test_a_content_folder_that_goes_and_comes_back_is_watched_again(preview: Preview) -> None:
    content = preview.root / "content"
    content.rename(preview.root / "aside")
    preview.hear("content changed")
    events = preview.events()
    (preview.root / "aside").rename(content)
    save(content / "index.md", "Front\nBack again.\n")
    while "Back again." not in preview.ask("/").text:
        events.next()
    save(content / "index.md", "Front\nAnd again.\n")
    preview.hear("content/index.md changed")
    assert "And again." in preview.ask("/").text


def test_what_a_library_prints_does_not_break_the_preview(preview: Preview) -> None:
    save(preview.root / "content" / "index.md", "Front\nWords.\n")
    preview.hear_both("a library that prints", "content/index.md changed: 1 page")


def test_a_site_without_content_is_survived(root: Path) -> None:
    shutil.rmtree(root / "content")
    with previewing(root) as preview:
        assert preview.ask("/").status == 503
        save(root / "content" / "index.md", "Front\nHere.\n")
        preview.hear("content changed")
        assert "Here." in preview.ask("/").text


@pytest.mark.parametrize("name", ["BuildOptions", "BuildResult"])
def test_the_quick_builder_of_these_tests_speaks_as_the_real_one_does(name: str) -> None:
    quick = {each.name for each in fields(getattr(preview_builder, name))}
    assert quick <= {each.name for each in fields(getattr(build, name))}
    assert inspect.signature(preview_builder.build).parameters.keys() == (
        inspect.signature(build.build).parameters.keys()
    )
