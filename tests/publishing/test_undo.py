"""Taking the last publication back, and no words away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from commands.publishing import push
from tests.copies import git
from tests.publishing.people import (
    BRIDGE,
    BRIDGE_FILE,
    FENCE,
    FENCE_FILE,
    Desk,
    Online,
    new_association,
)
from tests.test_loop import RECORD
from tests.tiny import ABOUT, TinySite

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.long


class TestUndoing:
    def test_takes_the_last_publication_back_and_says_what_goes(
        self, nia: Desk, online: Online
    ) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.site.write("pages/about.en.md", ABOUT.replace("three houses", "four houses"))
        nia.publish("y")
        assert nia.undo("y") == 0
        assert "Disappearing (1):\n    The bridge is painted (English)" in nia.words
        assert "As it was before (1):\n    About us (English)" in nia.words
        assert nia.asked[-1] == "Take it back? [y/N] "
        assert online.hides(BRIDGE_FILE)
        assert online.read("pages/about.en.md") == ABOUT
        assert online.log()[0] == "Take back: Publish The bridge is painted and 1 more"
        assert f"wait as drafts, and no words are lost (1):\n    {BRIDGE_FILE}" in nia.words
        draft = BRIDGE.replace("---\nWe cleared", "draft: true\n---\nWe cleared")
        assert nia.read(BRIDGE_FILE) == online.read(BRIDGE_FILE) == draft
        assert nia.git("status", "--porcelain") == ""

    def test_a_writer_finds_their_words_again_whoever_took_them_back(
        self, nia: Desk, sian: Desk, online: Online
    ) -> None:
        """With all that the page shows; a record isn't a writer's, and goes."""
        record = "feedback/2026/f-2k7q9t.yaml"
        sian.site.write("docs/plan.pdf", "a plan")
        sian.site.write(FENCE_FILE, FENCE.replace("Leaves", "[A plan](../docs/plan.pdf), leaves"))
        sian.site.write(record, RECORD)
        assert sian.publish("y") == 0, sian.words
        assert nia.undo("y") == 0, nia.words
        assert online.hides(FENCE_FILE)
        sian.git("pull", "--quiet")
        assert "draft: true" in sian.read(FENCE_FILE)
        assert sian.read("docs/plan.pdf") == "a plan"
        assert not sian.has(record)
        shown = sian.read(FENCE_FILE).replace("draft: true\n", "")
        sian.site.write(FENCE_FILE, shown)
        assert sian.publish("y") == 0
        assert "New (1):\n    The fence is mended (English)" in sian.words

    def test_a_page_that_was_sent_as_a_draft_first_is_as_new_as_any(
        self, nia: Desk, sian: Desk, online: Online
    ) -> None:
        """What was written since it was a draft stays, and so do edits of a draft."""
        draft = BRIDGE.replace("---\nWe", "draft: true\n---\nWe")
        nia.site.write(BRIDGE_FILE, draft.replace("We cleared", "Somebody cleared"))
        other = draft.replace("The bridge", "A gate")
        nia.site.write(FENCE_FILE, other.replace("We cleared", "Later"))
        assert nia.publish("y") == 0
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.site.write(FENCE_FILE, other)
        assert nia.publish("y") == 0
        assert sian.undo("y") == 0, sian.words
        assert online.hides(BRIDGE_FILE)
        assert sian.read(BRIDGE_FILE) == online.read(BRIDGE_FILE) == draft
        assert sian.read(FENCE_FILE) == other
        assert "no words are lost" in sian.words
        assert sian.undo("y") == 0
        assert online.read(BRIDGE_FILE) == BRIDGE

    def test_undone_twice_is_published_again(self, nia: Desk, online: Online) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.publish("y")
        nia.undo("y")
        assert nia.undo("y") == 0
        assert "Returning (1):\n    The bridge is painted (English)" in nia.words
        assert online.read(BRIDGE_FILE) == BRIDGE
        assert nia.read(BRIDGE_FILE) == BRIDGE
        assert nia.undo("y") == 0
        assert online.hides(BRIDGE_FILE)
        assert [line.partition(":")[0] for line in online.log()[:3]] == [
            "Take back",
            "Publish again",
            "Take back",
        ]

    def test_no_and_a_rehearsal_take_nothing_back(self, nia: Desk, online: Online) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.publish("y")
        before, history = nia.state(), online.log()
        assert nia.undo("no") == 0
        assert nia.undo(dry_run=True) == 0
        assert (nia.state(), online.log()) == (before, history)

    def test_edits_not_published_yet_are_kept(self, nia: Desk, online: Online) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.publish("y")
        better = BRIDGE.replace("dry walls", "drier walls")
        nia.site.write(BRIDGE_FILE, better)
        nia.site.write(FENCE_FILE, FENCE)
        (nia.folder / "tasks.py").write_text("# mine\n", encoding="utf-8")
        assert nia.undo("y") == 0
        assert f"kept as they are: content/{BRIDGE_FILE}" in nia.told[-1]
        assert online.hides(BRIDGE_FILE)
        assert nia.read(BRIDGE_FILE) == better
        assert nia.read(FENCE_FILE) == FENCE
        assert (nia.folder / "tasks.py").read_text(encoding="utf-8") == "# mine\n"
        assert nia.publish("y") == 0
        assert online.read(BRIDGE_FILE) == better

    def test_the_program_is_not_taken_back_with_the_words(self, nia: Desk, online: Online) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        (nia.folder / "tasks.py").write_text("# better\n", encoding="utf-8")
        nia.publish("y", everything=True)
        assert nia.undo("y") == 0
        assert online.hides(BRIDGE_FILE)
        assert git(online.folder, "show", "main:tasks.py") == "# better\n"
        assert (nia.folder / "tasks.py").read_text(encoding="utf-8") == "# better\n"

    def test_takes_back_what_somebody_else_published(
        self, nia: Desk, sian: Desk, online: Online
    ) -> None:
        sian.site.write(FENCE_FILE, FENCE)
        sian.publish("y")
        assert nia.undo("y") == 0
        assert "published by Siân Prys on " in nia.words
        assert online.hides(FENCE_FILE)

    def test_what_came_by_hand_since_stays(self, nia: Desk, sian: Desk, online: Online) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.publish("y")
        sian.git("pull", "--quiet")
        sian.site.write(FENCE_FILE, FENCE)
        sian.git("add", "--all")
        sian.git("commit", "--quiet", "--message=By hand")
        sian.git("push", "--quiet")
        assert nia.undo("y") == 0
        assert online.hides(BRIDGE_FILE)
        assert online.read(FENCE_FILE) == FENCE
        assert nia.read(FENCE_FILE) == FENCE

    def test_commits_not_sent_yet_stay_where_they_are(self, nia: Desk, online: Online) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.publish("y")
        nia.site.write(FENCE_FILE, FENCE)
        nia.git("add", "--all")
        nia.git("commit", "--quiet", "--message=By hand")
        before = nia.state()
        assert nia.undo("y") == 0
        assert online.hides(BRIDGE_FILE)
        assert nia.state() == before
        assert nia.publish("y") == 0
        assert online.read(FENCE_FILE) == FENCE
        assert "draft: true" in nia.read(BRIDGE_FILE)

    def test_a_history_cut_short_is_said_to_be(self, nia: Desk, online: Online) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.publish("y")
        short = nia.folder.parent / "short"
        git(short.parent, "clone", "--quiet", "--depth=1", online.folder.as_uri(), str(short))
        site = TinySite(short, short / "site.toml", short / "content", short / "output")
        desk = Desk(site)
        assert desk.undo("y") == 2
        assert "git fetch --unshallow" in desk.words

    def test_what_builds_on_it_by_hand_stops_the_undo(self, nia: Desk, online: Online) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.publish("y")
        nia.site.write(BRIDGE_FILE, BRIDGE.replace("tags: [gutters]", "tags: [bridges]"))
        nia.git("commit", "--quiet", "--all", "--message=By hand")
        nia.git("push", "--quiet")
        before, history = nia.state(), online.log()
        assert nia.undo("y") == 1
        assert f"content/{BRIDGE_FILE}" in nia.words
        assert (nia.state(), online.log()) == (before, history)

    def test_a_page_that_others_link_to_does_not_vanish(self, nia: Desk, online: Online) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.publish("y")
        link = f"We look after [it](../{BRIDGE_FILE}).\n"
        nia.site.write("pages/about.en.md", ABOUT + link)
        nia.git("commit", "--quiet", "--all", "--message=By hand")
        nia.git("push", "--quiet")
        history = online.log()
        assert nia.undo("y") == 1
        assert "Without it, the site would have these faults:" in nia.words
        assert "content/pages/about.en.md" in nia.words
        assert online.log() == history

    def test_a_publication_of_the_program_alone_is_left_to_programmers(
        self, nia: Desk, online: Online
    ) -> None:
        (nia.folder / "tasks.py").write_text("# better\n", encoding="utf-8")
        assert nia.publish("y", everything=True) == 0
        assert nia.undo("y") == 1
        assert "changed no content" in nia.words
        assert git(online.folder, "show", "main:tasks.py") == "# better\n"

    def test_what_was_taken_back_by_hand_is_not_taken_back_again(
        self, nia: Desk, online: Online
    ) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.publish("y")
        nia.git("revert", "--no-edit", "HEAD")
        nia.git("commit", "--quiet", "--amend", "--message=I say\n\nPublication: bad\n\nBye.")
        nia.git("push", "--quiet")
        history = online.log()
        assert nia.undo("y") == 1
        assert "is undone already" in nia.words
        assert online.log() == history

    def test_somebody_who_publishes_in_the_same_second_stops_it(
        self, nia: Desk, online: Online, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.publish("y")
        before, history = nia.state(), online.log()
        monkeypatch.setattr(push, "push_commit", lambda *_: False)
        assert nia.undo("y") == 1
        assert "Look again: ./run undo" in nia.words
        assert (nia.state(), online.log()) == (before, history)

    def test_settings_and_pictures_are_taken_back_too(self, nia: Desk, online: Online) -> None:
        before = nia.site.site.read_text(encoding="utf-8")
        changed = before.replace("01632 960001", "01632 960002")
        nia.site.site.write_text(changed, encoding="utf-8")
        nia.publish("y")
        assert nia.undo("y") == 0
        assert "Settings, pictures and other files (1):\n    site.toml" in nia.words
        assert nia.site.site.read_text(encoding="utf-8") == before
        assert git(online.folder, "show", "main:site.toml") == before

    def test_without_a_publication_there_is_nothing_to_undo(self, nia: Desk) -> None:
        before = nia.state()
        assert nia.undo("y") == 1
        assert "Nothing was published with `./run publish` yet." in nia.words
        assert nia.state() == before

    def test_the_first_publication_of_all_stays(self, tmp_path: Path) -> None:
        desk, _ = new_association(tmp_path)
        assert desk.publish("y") == 0
        assert desk.undo("y") == 1
        assert "was the first of all" in desk.words
