"""Two who publish to one place: neither loses a word."""

from __future__ import annotations

from typing import Any

import pytest

from commands.publishing import push
from tests.copies import git
from tests.publishing.people import (
    BRIDGE,
    BRIDGE_FILE,
    FENCE,
    FENCE_FILE,
    GUTTERS,
    Desk,
    Online,
)
from tests.tiny import ABOUT

pytestmark = pytest.mark.long


class TestTogether:
    def test_what_another_published_meanwhile_stays(
        self, nia: Desk, sian: Desk, online: Online
    ) -> None:
        sian.site.write(FENCE_FILE, FENCE)
        assert sian.publish("y") == 0
        nia.site.write(BRIDGE_FILE, BRIDGE)
        (nia.folder / "tasks.py").write_text("# mine\n", encoding="utf-8")
        assert nia.publish("y") == 0
        assert "yours is put on top of theirs" in nia.words
        assert online.read(FENCE_FILE) == FENCE
        assert online.read(BRIDGE_FILE) == BRIDGE
        assert nia.read(FENCE_FILE) == FENCE
        assert nia.git("status", "--porcelain") == " M tasks.py\n"
        assert nia.git("rev-parse", "HEAD") == git(online.folder, "rev-parse", "main")
        assert nia.git("worktree", "list").count("\n") == 1

    def test_one_who_publishes_in_the_same_second_stays_too(
        self, nia: Desk, sian: Desk, online: Online, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sian.site.write(FENCE_FILE, FENCE)
        nia.site.write(BRIDGE_FILE, BRIDGE)
        calm = push.push_commit

        def crowded(*arguments: Any) -> bool:
            monkeypatch.setattr(push, "push_commit", calm)
            assert sian.publish("y") == 0
            return calm(*arguments)

        monkeypatch.setattr(push, "push_commit", crowded)
        assert nia.publish("y") == 0
        assert online.log()[:2] == ["Publish The bridge is painted", "Publish The fence is mended"]
        assert nia.undo("y") == 0
        assert online.hides(BRIDGE_FILE)
        assert online.read(FENCE_FILE) == FENCE

    def test_the_same_place_changed_by_two_is_explained_and_nothing_moves(
        self, nia: Desk, sian: Desk, online: Online
    ) -> None:
        sian.site.write("pages/about.en.md", ABOUT.replace("three", "five"))
        assert sian.publish("y") == 0
        mine = ABOUT.replace("three", "four")
        nia.site.write("pages/about.en.md", mine)
        nia.site.write(BRIDGE_FILE, BRIDGE)
        before, history = nia.state(), online.log()
        assert nia.publish("y") == 1
        assert "content/pages/about.en.md (Siân Prys on " in nia.words
        assert (nia.state(), online.log()) == (before, history)

        # Whoever does as they are told gets there, and no word of anybody's is lost.
        assert "git pull --ff-only" in nia.words
        (nia.site.content / "pages/about.en.md").rename(nia.folder.parent / "my-about.md")
        nia.git("pull", "--ff-only", "--quiet")
        assert "five" in nia.read("pages/about.en.md")
        nia.site.write("pages/about.en.md", mine)
        assert nia.publish("y") == 0
        assert "four" in online.read("pages/about.en.md")
        assert online.read(BRIDGE_FILE) == BRIDGE

    def test_a_clash_with_commits_made_by_hand_is_for_somebody_who_knows_git(
        self, nia: Desk, sian: Desk
    ) -> None:
        sian.site.write("pages/about.en.md", ABOUT.replace("three", "five"))
        sian.publish("y")
        nia.site.write("pages/about.en.md", ABOUT.replace("three", "four"))
        nia.git("commit", "--quiet", "--all", "--message=By hand")
        before = nia.state()
        assert nia.publish("y") == 1
        assert "ask somebody who knows git" in nia.words
        assert "--ff-only" not in nia.words
        assert nia.state() == before

    def test_a_crowd_is_waited_for_and_not_for_ever(
        self, nia: Desk, online: Online, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        before = nia.state()
        monkeypatch.setattr(push, "push_commit", lambda *_: False)
        assert nia.publish("y") == 1
        assert "Try again in a minute." in nia.words
        assert (nia.state(), online.log()) == (before, ["Start"])

    def test_pages_that_do_not_fit_together_never_go_out(
        self, nia: Desk, sian: Desk, online: Online
    ) -> None:
        for name in ("en", "cy"):
            (sian.site.content / f"pages/about.{name}.md").unlink()
            gutters = sian.site.content / GUTTERS.replace(".en.", f".{name}.")
            text = gutters.read_text(encoding="utf-8")
            gutters.write_text(text.partition(" See [")[0].partition(" Gweler [")[0] + "\n")
        assert sian.publish("y") == 0, sian.words
        nia.site.write(BRIDGE_FILE, BRIDGE)  # links to the page that Siân removed
        before, history = nia.state(), online.log()
        assert nia.publish("y") == 1
        assert "do not fit together" in nia.words
        assert f"content/{BRIDGE_FILE}" in nia.words
        assert (nia.state(), online.log()) == (before, history)
        nia.git("pull", "--rebase", "--autostash", "--quiet")
        assert nia.read(BRIDGE_FILE) == BRIDGE

    def test_the_same_words_from_two_people_are_online_once(
        self, nia: Desk, sian: Desk, online: Online
    ) -> None:
        for desk in (sian, nia):
            desk.site.write(BRIDGE_FILE, BRIDGE)
            assert desk.publish("y") == 0
        assert "online already" in nia.words
        assert online.log().count("Publish The bridge is painted") == 1
        assert nia.git("rev-parse", "HEAD") == git(online.folder, "rev-parse", "main")

    def test_code_changed_by_two_leaves_the_folder_alone(
        self, nia: Desk, sian: Desk, online: Online
    ) -> None:
        (sian.folder / "tasks.py").write_text("# theirs\n", encoding="utf-8")
        assert sian.publish("y", everything=True) == 0
        (nia.folder / "tasks.py").write_text("# mine\n", encoding="utf-8")
        nia.site.write(BRIDGE_FILE, BRIDGE)
        assert nia.publish("y") == 0
        assert "nothing is lost: tasks.py" in nia.words
        assert (nia.folder / "tasks.py").read_text(encoding="utf-8") == "# mine\n"
        assert online.read(BRIDGE_FILE) == BRIDGE
        nia.site.write(FENCE_FILE, FENCE)
        assert nia.publish("y") == 0
        assert "not sent yet" not in nia.words
        assert online.read(FENCE_FILE) == FENCE
        assert len(online.log()) == 4
