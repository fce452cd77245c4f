"""Every state that a folder, a repository and a connection may be in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from commands.publishing import push
from commands.publishing.diff import compare
from commands.publishing.git import GitError
from tests.copies import git
from tests.publishing.people import (
    BRIDGE,
    BRIDGE_FILE,
    FENCE,
    FENCE_FILE,
    Desk,
    Online,
    hook,
    new_association,
)
from tests.tiny import ABOUT, TinySite, write_site

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.long


class TestOtherStates:
    def test_a_first_publication_makes_the_branch_online(self, tmp_path: Path) -> None:
        desk, bare = new_association(tmp_path)
        assert desk.publish("y") == 0
        assert "site.toml" in git(bare, "ls-tree", "-r", "--name-only", "main")
        assert desk.git("rev-parse", "--abbrev-ref", "@{upstream}") == "origin/main\n"

    @pytest.mark.parametrize(
        "name",
        ["feedback/.gitattributes", ".keep", "posts/.2026.md.swp", "images/..", "a b/.x.y", "..."],
    )
    def test_no_file_s_name_can_stop_a_comparison(self, name: str) -> None:
        assert compare({}, {}, [name]).mentions == 0

    def test_a_clone_with_files_of_git_s_own_is_published_as_the_first(
        self, nia: Desk, tmp_path: Path
    ) -> None:
        """What every clone has that came with a pull: the marks of git beside the records."""
        bare = tmp_path / "own.git"
        git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
        nia.git("remote", "set-url", "origin", str(bare))
        nia.site.write("feedback/.gitattributes", "published.txt merge=union\n")
        nia.git("add", "--all")
        nia.git("commit", "--quiet", "--message=As it came")
        assert nia.publish("y", everything=True) == 0, nia.words
        assert nia.told[-1].startswith("Done:")

    def test_a_tag_of_the_branch_s_name_is_no_other_branch(self, nia: Desk) -> None:
        nia.git("tag", "main")
        nia.site.write(BRIDGE_FILE, BRIDGE)
        assert nia.publish("y") == 0, nia.words

    @pytest.mark.parametrize(
        ("gits", "ours"),
        [
            ("error: gpg failed to sign the data", "commit.gpgsign false"),
            ("Host key verification failed.\nfatal: Could not read from remote", "Connect to it"),
            ("fatal: Unable to create '/a/.git/HEAD.lock': File exists.", "delete the file"),
            ("external filter 'git-lfs clean -- %f' failed 127", "Install it"),
            ("fatal: .git/index: index file smaller than expected", "Clone the site anew"),
        ],
    )
    def test_what_git_says_is_said_in_words_to_act_on(self, gits: str, ours: str) -> None:
        assert ours in GitError(("commit",), gits).sentence()

    def test_a_clone_moves_to_a_repository_of_its_own(self, nia: Desk, tmp_path: Path) -> None:
        bare = tmp_path / "own.git"
        git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
        nia.git("remote", "set-url", "origin", str(bare))
        assert nia.publish("y") == 0
        assert "The gutters are clear (English)" in nia.words
        assert nia.git("rev-parse", "HEAD") == git(bare, "rev-parse", "main")

    def test_a_first_publication_that_fails_leaves_no_commit(self, tmp_path: Path) -> None:
        desk, bare = new_association(tmp_path)
        hook(bare, "pre-receive", "echo 'Not today.'; exit 1")
        assert desk.publish("y") == 1
        assert "Not today." in desk.words
        assert desk.git("status", "--porcelain", "--untracked-files=no") == ""
        assert desk.git("for-each-ref") == ""

    def test_a_refusal_online_is_told_in_words_and_undone_here(
        self, nia: Desk, online: Online
    ) -> None:
        hook(online.folder, "pre-receive", "echo 'Only on Mondays.'; exit 1")
        nia.site.write(BRIDGE_FILE, BRIDGE)
        before = nia.state()
        assert nia.publish("y") == 1
        assert "has a rule that forbids this" in nia.words
        assert "Only on Mondays." in nia.words
        assert nia.state() == before

    def test_a_refusal_by_a_hook_here_is_told_in_words(self, nia: Desk, online: Online) -> None:
        hook(nia.folder / ".git", "pre-commit", "echo 'No shouting.' >&2; exit 1")
        nia.site.write(BRIDGE_FILE, BRIDGE)
        before, history = nia.state(), online.log()
        assert nia.publish("y") == 1
        assert "No shouting." in nia.words
        assert (nia.state(), online.log()) == (before, history)

    def test_a_folder_without_git_is_told_where_to_start(self, tmp_path: Path) -> None:
        desk = Desk(write_site(tmp_path / "plain"))
        assert desk.publish("y") == 2
        assert "not under git" in desk.words
        assert desk.undo("y") == 2

    def test_a_folder_of_another_user_is_left_to_them(
        self, nia: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        assert nia.publish("y") == 2
        assert "belongs to another user" in nia.words

    def test_a_mistake_in_an_own_template_is_told_with_its_line(self, nia: Desk) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        (nia.folder / "templates").mkdir()
        (nia.folder / "templates" / "base.html").write_text("{{ nothing.at.all }}\n")
        before = nia.state()
        assert nia.publish("y") == 1
        assert "templates/base.html\n  line 1: It asks for what isn't there" in nia.words
        assert "Traceback" not in nia.words
        assert nia.state() == before

    def test_a_missing_folder_is_named(self, tmp_path: Path) -> None:
        missing = tmp_path / "missing"
        site = TinySite(missing, missing / "site.toml", missing / "content", missing / "output")
        desk = Desk(site)
        assert desk.publish("y") == 2
        assert str(missing) in desk.words

    def test_a_machine_without_git_is_told_what_to_install(
        self, nia: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        assert nia.publish("y") == 2
        assert "sudo apt install git" in nia.words

    def test_without_a_remote_it_says_how_to_add_one(self, nia: Desk) -> None:
        nia.git("remote", "remove", "origin")
        assert nia.publish("y") == 2
        assert "git remote add origin ADDRESS" in nia.words

    def test_without_an_upstream_the_branch_of_the_same_name_is_meant(
        self, nia: Desk, online: Online
    ) -> None:
        nia.git("branch", "--unset-upstream")
        nia.site.write(BRIDGE_FILE, BRIDGE)
        assert nia.publish("y") == 0
        assert online.read(BRIDGE_FILE) == BRIDGE
        assert nia.git("rev-parse", "--abbrev-ref", "@{upstream}") == "origin/main\n"

    def test_a_branch_that_is_not_online_is_not_mistaken_for_the_site(
        self, nia: Desk, online: Online
    ) -> None:
        nia.git("switch", "--quiet", "--create", "ideas")
        nia.site.write(BRIDGE_FILE, BRIDGE)
        before = nia.state()
        assert nia.publish("y") == 2
        assert "git switch main" in nia.words
        assert nia.state() == before
        assert online.log() == ["Start"]

    def test_without_a_connection_nothing_changes_but_a_rehearsal_works(
        self, nia: Desk, online: Online
    ) -> None:
        nia.git("remote", "set-url", "origin", "https://127.0.0.1:9/tiny.git")
        nia.site.write(BRIDGE_FILE, BRIDGE)
        before = nia.state()
        assert nia.publish("y") == 1
        assert "does not answer" in nia.words
        assert "Traceback" not in nia.words
        assert nia.publish(dry_run=True) == 0
        assert "The bridge is painted (English)" in nia.words
        assert nia.state() == before
        assert online.log() == ["Start"]

    def test_an_address_with_no_repository_is_told_in_words(self, nia: Desk) -> None:
        nia.git("remote", "set-url", "origin", str(nia.folder.parent / "nowhere.git"))
        nia.site.write(BRIDGE_FILE, BRIDGE)
        assert nia.publish("y") == 1
        assert "no repository at the address" in nia.words

    def test_another_history_is_not_published_over(self, nia: Desk, tmp_path: Path) -> None:
        desk, bare = new_association(tmp_path)
        assert desk.publish("y") == 0
        nia.git("remote", "set-url", "origin", str(bare))
        nia.site.write(BRIDGE_FILE, BRIDGE)
        history = git(bare, "log", "--format=%s", "main")
        assert nia.publish("y") == 2
        assert "nothing in common" in nia.words
        assert git(bare, "log", "--format=%s", "main") == history

    def test_a_detached_head_is_told_the_way_back(self, nia: Desk) -> None:
        nia.git("switch", "--quiet", "--detach")
        nia.site.write(BRIDGE_FILE, BRIDGE)
        before = nia.state()
        assert nia.publish("y") == 2
        assert "git switch main" in nia.words
        assert nia.state() == before

    @pytest.mark.parametrize("way", ["merge", "rebase", "cherry-pick"])
    def test_something_begun_and_not_finished_is_named_with_its_way_out(
        self, nia: Desk, way: str
    ) -> None:
        nia.git("switch", "--quiet", "--create", "other")
        nia.site.write("pages/about.en.md", ABOUT.replace("three", "five"))
        nia.git("commit", "--quiet", "--all", "--message=Five")
        nia.git("switch", "--quiet", "main")
        nia.site.write("pages/about.en.md", ABOUT.replace("three", "four"))
        nia.git("commit", "--quiet", "--all", "--message=Four")
        with pytest.raises(Exception, match="non-zero exit"):
            nia.git(way, "other")
        assert nia.publish("y") == 2
        assert f"git {way} --abort" in nia.words
        nia.git(way, "--abort")
        assert nia.publish("n") == 0

    def test_marks_of_two_versions_in_a_file_are_explained(self, nia: Desk) -> None:
        nia.site.write("pages/about.en.md", ABOUT.replace("three", "five"))
        nia.git("stash", "--quiet")
        nia.site.write("pages/about.en.md", ABOUT.replace("three", "four"))
        nia.git("commit", "--quiet", "--all", "--message=Four")
        with pytest.raises(Exception, match="non-zero exit"):
            nia.git("stash", "pop")
        assert nia.publish("y") == 2
        assert "git add content/pages/about.en.md" in nia.words

    def test_who_publishes_is_asked_once_and_remembered(self, nia: Desk, online: Online) -> None:
        nia.git("config", "--unset", "user.name")
        nia.git("config", "--unset", "user.email")
        nia.site.write(BRIDGE_FILE, BRIDGE)
        assert nia.publish("y", "Nia Rowe", "nia@tiny.example.org") == 0
        author = git(online.folder, "log", "-1", "--format=%an <%ae>", "main")
        assert author == "Nia Rowe <nia@tiny.example.org>\n"
        nia.site.write(FENCE_FILE, FENCE)
        assert nia.publish("y") == 0

    def test_who_publishes_is_never_made_up(self, nia: Desk, online: Online) -> None:
        nia.git("config", "--unset", "user.email")
        nia.site.write(BRIDGE_FILE, BRIDGE)
        before = nia.state()
        assert nia.publish(yes=True) == 2
        assert "--email" in nia.words
        assert nia.publish(yes=True, email="nobody") == 2
        assert nia.state() == before
        assert nia.publish(yes=True, email="nia@tiny.example.org") == 0
        assert online.read(BRIDGE_FILE) == BRIDGE

    def test_content_outside_the_repository_is_refused(self, nia: Desk, tmp_path: Path) -> None:
        other = write_site(tmp_path / "elsewhere")
        nia.site = TinySite(nia.folder, nia.site.site, other.content, nia.site.output)
        assert nia.publish("y") == 2
        assert "outside the folder" in nia.words

    def test_an_interruption_leaves_everything_as_it_was(
        self, nia: Desk, online: Online, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        before = nia.state()

        def interrupted(*_: Any) -> bool:
            raise KeyboardInterrupt

        monkeypatch.setattr(push, "push_commit", interrupted)
        assert nia.publish("y") == 1
        assert nia.state() == before
        assert online.log() == ["Start"]
