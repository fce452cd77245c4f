"""Publishing with git, for people who fear it: against a real repository that others use too."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from commands.publishing.diff import language
from core.public.public_history import MANIFEST_IN_CONTENT
from tests.copies import git
from tests.publishing.people import (
    BRIDGE,
    BRIDGE_FILE,
    FENCE_FILE,
    GUTTERS,
    Desk,
    Online,
)
from tests.tiny import ABOUT, EVERY_KIND, POST

if TYPE_CHECKING:
    from tests.conftest import RunCli

pytestmark = pytest.mark.long


class TestPublishing:
    def test_tells_in_words_what_would_go_out_before_it_asks(self, nia: Desk) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.site.write("pages/about.en.md", ABOUT.replace("three houses", "four houses"))
        (nia.site.content / GUTTERS).unlink()
        (nia.site.content / GUTTERS.replace(".en.", ".cy.")).unlink()
        before = nia.state()
        assert nia.publish("no") == 0
        assert "New (1):\n    The bridge is painted (English)" in nia.words
        assert "Changed (1):\n    About us (English)" in nia.words
        assert "Removed (2):" in nia.words
        assert "    Mae'r cwteri'n glir (Welsh)\n    The gutters are clear (English)" in nia.words
        assert "that list or mention these" in nia.words
        assert nia.asked == ["Publish this? [y/N] "]
        assert "Nothing was published." in nia.told[-1]
        assert nia.state() == before

    def test_yes_puts_it_online_under_a_title_people_know(self, nia: Desk, online: Online) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        assert nia.publish("y") == 0
        assert online.read(BRIDGE_FILE) == BRIDGE
        assert online.log()[0] == "Publish The bridge is painted"
        assert nia.git("status", "--porcelain") == ""
        assert "Done: Publish The bridge is painted." in nia.told[-1]

    def test_the_words_given_go_into_the_history(self, nia: Desk, online: Online) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.git("config", "commit.cleanup", "strip")
        assert nia.publish(yes=True, message="# Paint, at last") == 0
        assert online.log()[0] == "# Paint, at last"
        assert nia.asked == []

    def test_a_rehearsal_changes_nothing_anywhere(self, nia: Desk, online: Online) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        before, history = nia.state(), online.log()
        assert nia.publish(dry_run=True, yes=True) == 0
        assert "The bridge is painted (English)" in nia.words
        assert (nia.state(), online.log()) == (before, history)

    def test_every_fault_is_told_at_once_and_nothing_is_committed(
        self, nia: Desk, online: Online
    ) -> None:
        for name in (BRIDGE_FILE, FENCE_FILE):
            nia.site.write(name, BRIDGE.replace("summary:", "colour: blue\nsummary:"))
        before, history = nia.state(), online.log()
        assert nia.publish(yes=True) == 1
        for name in (BRIDGE_FILE, FENCE_FILE):
            assert f"content/{name}\n" in nia.words
        assert nia.words.count("  line 3, colour: There is no field") == 2
        assert (nia.state(), online.log()) == (before, history)

    def test_without_a_change_there_is_nothing_to_publish(self, nia: Desk, online: Online) -> None:
        history = online.log()
        assert nia.publish(yes=True) == 0
        assert nia.words == "Nothing to publish: all that you have is online."
        assert online.log() == history

    def test_a_draft_is_saved_and_said_to_be_hidden(self, nia: Desk, online: Online) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE.replace("summary:", "draft: true\nsummary:"))
        assert nia.publish("y") == 0
        assert f"not shown yet (a draft, or for a later day) (1):\n    {BRIDGE_FILE}" in nia.words
        assert f"content/{BRIDGE_FILE}" in online.names()

    def test_a_page_that_moves_is_told_how_to_keep_its_old_links(
        self, nia: Desk, online: Online
    ) -> None:
        slug = POST.replace("summary:", "slug: dry\nsummary:")
        nia.site.write(GUTTERS, slug)
        assert nia.publish(dry_run=True) == 0
        old = "/en/blog/the-gutters-are-clear/"
        assert "Moved to another address (1):\n    The gutters are clear (English): " in nia.words
        assert f"unless its file says aliases: [{old}]" in nia.words
        nia.site.write(GUTTERS, slug.replace("slug:", f"aliases: [{old}]\nslug:"))
        assert nia.publish("y") == 0
        assert "(English): old links lead to the new address" in nia.words
        assert nia.undo("y") == 0
        assert online.read(GUTTERS) == POST

    def test_a_topic_with_another_name_is_remembered_by_its_old_one(
        self, nia: Desk, online: Online
    ) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        assert nia.publish(yes=True) == 0
        settings = nia.site.site.read_text(encoding="utf-8")
        assert 'name = {cy = "Atgyweiriadau", en = "Repairs"}' in settings
        renamed = settings.replace('en = "Repairs"}', 'en = "Mending"}')
        nia.site.site.write_text(renamed, encoding="utf-8")
        assert nia.publish(yes=True) == 0
        assert " break" not in nia.words
        lines = online.read(MANIFEST_IN_CONTENT).splitlines()
        assert {"topic repairs en mending", "topic repairs en repairs"} <= set(lines)

    def test_files_that_are_not_content_stay_unless_all_is_said(
        self, nia: Desk, online: Online
    ) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        (nia.folder / "tasks.py").write_text("# mine\n", encoding="utf-8")
        (nia.folder / "notes.txt").write_text("staged\n", encoding="utf-8")
        nia.git("add", "notes.txt")
        assert nia.publish("y") == 0
        assert "left as they are (--everything) (2):\n    notes.txt\n    tasks.py" in nia.words
        assert nia.git("status", "--porcelain") == "A  notes.txt\n M tasks.py\n"
        assert "notes.txt" not in online.names()
        assert nia.publish("y", everything=True) == 0
        assert "notes.txt" in online.names()
        assert nia.git("status", "--porcelain") == ""

    def test_commits_made_by_hand_go_along_and_are_named(self, nia: Desk, online: Online) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.git("add", "--all")
        nia.git("commit", "--quiet", "--message=By hand")
        assert nia.publish("y") == 0
        assert "Commits made here before, not sent yet (1):\n    By hand" in nia.words
        assert "The bridge is painted (English)" in nia.words
        assert online.read(BRIDGE_FILE) == BRIDGE
        assert nia.undo("y") == 0
        assert online.hides(BRIDGE_FILE)

    def test_a_name_with_odd_letters_is_published_like_any_other(
        self, nia: Desk, online: Online
    ) -> None:
        nia.site.write("images/tŷ *[1].txt", "words")
        nia.publish("y", "y")
        assert git(online.folder, "show", "main:content/images/tŷ *[1].txt") == "words"

    def test_a_page_in_one_language_is_named_as_a_gap(self, nia: Desk) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.publish(dry_run=True)
        assert "In one language only so far" in nia.words
        assert f"content/{BRIDGE_FILE}: " in nia.words

    def test_languages_go_by_the_names_people_use(self) -> None:
        assert [language(code) for code in ("cy", "en", "zz")] == ["Welsh", "English", "zz"]

    def test_a_long_list_is_cut_and_says_so(self, nia: Desk) -> None:
        for number in range(14):
            post = BRIDGE.replace("bridge is", f"bridge {number:02} is")
            nia.site.write(f"posts/2026-03-{number + 10}-bridge-{number}.en.md", post)
        assert nia.publish("n") == 0
        assert "New (14):" in nia.words
        assert "The bridge 11 is painted (English)\n    and 2 more" in nia.words

    def test_what_cannot_be_compared_any_more_is_told_by_file(
        self, nia: Desk, sian: Desk, online: Online
    ) -> None:
        whole = sian.site.site.read_text(encoding="utf-8")
        sian.site.site.write_text("languages = [\n", encoding="utf-8")
        sian.git("commit", "--quiet", "--all", "--message=By hand")
        sian.git("push", "--quiet")
        nia.git("pull", "--quiet")
        nia.site.site.write_text(whole, encoding="utf-8")
        assert nia.publish("y") == 0
        assert "no page can be compared" in nia.words
        assert "    site.toml" in nia.words
        assert online.log()[0] == "Update the site"

    def test_what_is_big_is_named_and_what_looks_secret_stops_yes(
        self, nia: Desk, online: Online
    ) -> None:
        nia.site.write("podcast/long.bin", bytes(11_000_000))
        nia.site.write("images/login.txt", "-----BEGIN RSA PRIVATE KEY-----\n")
        links = "[Long](../podcast/long.bin) [in](../images/login.txt)\n"
        nia.site.write(BRIDGE_FILE, BRIDGE + links)
        history = online.log()
        assert nia.publish(yes=True) == 1
        assert "content/podcast/long.bin: 11 MB" in nia.words
        assert "LOOKS LIKE A SECRET, which git could never forget (1):" in nia.words
        assert "    content/images/login.txt" in nia.words
        assert online.log() == history

    def test_content_that_git_ignores_is_not_left_out_in_silence(self, nia: Desk) -> None:
        (nia.folder / ".gitignore").write_text("*.txt\n", encoding="utf-8")
        nia.site.write("images/plan.txt", "words")
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.publish(dry_run=True)
        assert "so they do not go out (1):\n    content/images/plan.txt" in nia.words


class TestAsATask:
    def test_the_door_leads_here_and_nobody_there_to_ask_means_no(
        self, nia: Desk, online: Online, run_cli: RunCli
    ) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        silent = run_cli("publish", "--content", nia.site.content)
        assert silent.returncode == 0, silent.stderr
        assert "Nothing was published." in silent.stdout
        assert run_cli("publish", "--yes", "--content", nia.site.content).returncode == 0
        assert online.read(BRIDGE_FILE) == BRIDGE
        assert run_cli("undo", "--yes", "--content", nia.site.content).returncode == 0
        assert online.hides(BRIDGE_FILE)


class TestWritingDownWhatIsPublic:
    WALLS, ROOFS = "roadmap/dry-walls.en.md", "roadmap/dry-roofs.en.md"
    WALL = EVERY_KIND[WALLS]
    ROOF = WALL.replace("title: Dry walls", "title: Dry roofs")

    def test_what_goes_public_is_written_down_with_it(self, nia: Desk, online: Online) -> None:
        nia.site.write(self.WALLS, self.WALL)
        assert nia.publish(yes=True) == 0
        assert "\nmove dry-walls 02 2026-02-10 now " in online.read(MANIFEST_IN_CONTENT)
        assert nia.git("status", "--porcelain") == ""

    def test_what_was_public_cannot_go_out_rewritten(self, nia: Desk, online: Online) -> None:
        nia.site.write(self.WALLS, self.WALL)
        assert nia.publish(yes=True) == 0
        history = online.log()
        nia.site.write(self.WALLS, self.WALL.replace("The ladder came.", "It was sunny."))
        assert nia.publish(yes=True) == 1
        assert "is rewritten in en" in nia.words
        assert online.log() == history

    def test_two_people_write_down_theirs_at_once(
        self, nia: Desk, sian: Desk, online: Online
    ) -> None:
        nia.site.write(self.WALLS, self.WALL)
        sian.site.write(self.ROOFS, self.ROOF)
        assert nia.publish(yes=True) == 0
        assert sian.publish(yes=True) == 0, sian.words
        manifest = online.read(MANIFEST_IN_CONTENT)
        assert "item dry-walls\n" in manifest
        assert "item dry-roofs\n" in manifest

    def test_what_is_not_published_is_not_written_down(self, nia: Desk) -> None:
        nia.site.write(self.WALLS, self.WALL)
        before = nia.state()
        assert nia.publish("no") == 0
        assert nia.publish(dry_run=True) == 0
        assert nia.state() == before

    def test_a_push_that_fails_leaves_the_list_as_it_was(self, nia: Desk, online: Online) -> None:
        nia.site.write(self.WALLS, self.WALL)
        before = nia.state()
        shutil.rmtree(online.folder / "objects")
        assert nia.publish(yes=True) != 0
        assert nia.state() == before
