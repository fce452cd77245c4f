"""Publishing with git, for people who fear it: against a real repository that others use too."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from commands.publishing import push
from commands.publishing.diff import compare, language
from commands.publishing.publish import publish
from commands.publishing.undo import undo
from plugins.loop.history_audit import MANIFEST_IN_CONTENT
from tests.copies import ROOT, git
from tests.tiny import ABOUT, EVERY_KIND, POST, TinySite, write_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import RunCli

pytestmark = pytest.mark.long

GUTTERS = "posts/2026-03-04-clear-gutters.en.md"
BRIDGE = POST.replace("The gutters are clear", "The bridge is painted")
BRIDGE_FILE = "posts/2026-03-09-paint-bridge.en.md"
FENCE_FILE = "posts/2026-03-10-mend-fence.en.md"
FENCE = POST.replace("The gutters are clear", "The fence is mended")


@pytest.fixture(autouse=True)
def _nobodys_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Git knows nothing of the person who runs these tests, nor of the repository around them."""
    for name in [name for name in os.environ if name.startswith("GIT_") or name == "EMAIL"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))


@dataclass
class Desk:
    """A member of staff at their own clone: what they type, and what they are told."""

    site: TinySite
    answers: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.site.folder

    @property
    def words(self) -> str:
        return "\n".join(self.told)

    def publish(self, *answers: str, **options: Any) -> int:
        return self._run(publish, answers, options)

    def undo(self, *answers: str, **options: Any) -> int:
        return self._run(undo, answers, options)

    def _run(self, task: Callable[..., int], answers: tuple[str, ...], options: Any) -> int:
        self.told.clear()
        self.answers = list(answers)
        return task(
            ROOT, self.site.content, self.site.site, say=self.told.append, ask=self._ask, **options
        )

    def _ask(self, question: str) -> str:
        self.asked.append(question)
        if not self.answers:
            raise EOFError
        return self.answers.pop(0)

    def git(self, *words: str) -> str:
        return git(self.folder, *words)

    def read(self, name: str) -> str:
        return (self.site.content / name).read_text(encoding="utf-8")

    def has(self, name: str) -> bool:
        return (self.site.content / name).exists()

    def state(self) -> tuple[str, str, dict[str, bytes]]:
        """Everything that must be as it was: the commit, what git thinks differs, the files."""
        files = {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and ".git" not in path.parts
        }
        status = self.git("status", "--porcelain", "--branch", "--untracked-files=all")
        return self.git("rev-parse", "HEAD"), status.partition("\n")[2], files


@dataclass
class Online:
    """What stands online: a bare repository that several clones publish to."""

    folder: Path
    tmp: Path

    def clone(self, name: str, person: str = "Nia Rowe") -> Desk:
        there = self.tmp / name
        git(self.tmp, "clone", "--quiet", str(self.folder), str(there))
        git(there, "config", "user.name", person)
        git(there, "config", "user.email", f"{name}@tiny.example.org")
        return Desk(TinySite(there, there / "site.toml", there / "content", there / "output"))

    def read(self, name: str) -> str:
        return git(self.folder, "show", f"main:content/{name}")

    def names(self) -> set[str]:
        return set(git(self.folder, "ls-tree", "-r", "--name-only", "main").split())

    def log(self) -> list[str]:
        return git(self.folder, "log", "--format=%s", "main").splitlines()


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What every test starts from. One commit for all, so that its pages are made once."""
    folder = tmp_path_factory.mktemp("first")
    bare = folder / "online.git"
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    start = folder / "start"
    write_site(start)
    (start / "tasks.py").write_text("# the program\n", encoding="utf-8")
    git(start, "init", "--quiet", "--initial-branch=main")
    git(start, "add", "--all")
    git(start, "commit", "--quiet", "--message=Start")
    git(start, "push", "--quiet", str(bare), "main")
    return bare


@pytest.fixture
def online(first: Path, tmp_path: Path) -> Online:
    return Online(shutil.copytree(first, tmp_path / "online.git"), tmp_path)


@pytest.fixture
def nia(online: Online) -> Desk:
    return online.clone("nia", "Nia Rowe")


@pytest.fixture
def sian(online: Online) -> Desk:
    return online.clone("sian", "Siân Prys")


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
        assert f"content/{BRIDGE_FILE}" not in online.names()

    def test_a_name_with_odd_letters_is_published_like_any_other(
        self, nia: Desk, online: Online
    ) -> None:
        nia.site.write("images/tŷ *[1].txt", "words")
        nia.publish("y", everything=True)
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
        assert "cannot be compared page by page" in nia.words
        assert "    site.toml" in nia.words
        assert online.log()[0] == "Update the site"

    def test_what_is_big_is_named_and_what_looks_secret_stops_yes(
        self, nia: Desk, online: Online
    ) -> None:
        nia.site.write("podcast/long.bin", bytes(11_000_000))
        nia.site.write("images/login.txt", "-----BEGIN RSA PRIVATE KEY-----\n")
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
        assert f"content/{BRIDGE_FILE}" not in online.names()


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
        assert f"content/{BRIDGE_FILE}" not in online.names()
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
        assert f"content/{BRIDGE_FILE}" not in online.names()
        assert online.read("pages/about.en.md") == ABOUT
        assert online.log()[0] == "Take back: Publish The bridge is painted and 1 more"
        assert not nia.has(BRIDGE_FILE)
        assert nia.git("status", "--porcelain") == ""

    def test_undone_twice_is_published_again(self, nia: Desk, online: Online) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.publish("y")
        nia.undo("y")
        assert nia.undo("y") == 0
        assert "Returning (1):\n    The bridge is painted (English)" in nia.words
        assert online.read(BRIDGE_FILE) == BRIDGE
        assert nia.read(BRIDGE_FILE) == BRIDGE
        assert nia.undo("y") == 0
        assert not nia.has(BRIDGE_FILE)
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
        assert f"content/{BRIDGE_FILE}" not in online.names()
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
        assert f"content/{BRIDGE_FILE}" not in online.names()
        assert git(online.folder, "show", "main:tasks.py") == "# better\n"
        assert (nia.folder / "tasks.py").read_text(encoding="utf-8") == "# better\n"

    def test_takes_back_what_somebody_else_published(
        self, nia: Desk, sian: Desk, online: Online
    ) -> None:
        sian.site.write(FENCE_FILE, FENCE)
        sian.publish("y")
        assert nia.undo("y") == 0
        assert "published by Siân Prys on " in nia.words
        assert f"content/{FENCE_FILE}" not in online.names()

    def test_what_came_by_hand_since_stays(self, nia: Desk, sian: Desk, online: Online) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.publish("y")
        sian.git("pull", "--quiet")
        sian.site.write(FENCE_FILE, FENCE)
        sian.git("add", "--all")
        sian.git("commit", "--quiet", "--message=By hand")
        sian.git("push", "--quiet")
        assert nia.undo("y") == 0
        assert f"content/{BRIDGE_FILE}" not in online.names()
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
        assert f"content/{BRIDGE_FILE}" not in online.names()
        assert nia.state() == before
        assert nia.publish("y") == 0
        assert online.read(FENCE_FILE) == FENCE
        assert not nia.has(BRIDGE_FILE)

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
        nia.site.write(BRIDGE_FILE, BRIDGE.replace("dry walls", "drier walls"))
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


def new_association(tmp_path: Path) -> tuple[Desk, Path]:
    """A site that has never been committed, and the empty repository it is to go to."""
    bare = tmp_path / "empty.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    desk = Desk(write_site(tmp_path / "new"))
    desk.git("init", "--quiet", "--initial-branch=main")
    desk.git("remote", "add", "origin", str(bare))
    desk.git("config", "user.name", "Nia Rowe")
    desk.git("config", "user.email", "nia@tiny.example.org")
    return desk, bare


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

    def test_a_mistake_of_the_theme_is_not_blamed_on_the_writer(self, nia: Desk) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        (nia.folder / "templates").mkdir()
        (nia.folder / "templates" / "base.html").write_text("{{ nothing.at.all }}\n")
        before = nia.state()
        assert nia.publish("y") == 1
        assert "for a reason that is not in your content" in nia.words
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


def hook(repository: Path, name: str, script: str) -> None:
    """Give a repository a hook: a small program that git runs at a certain moment."""
    file = repository / "hooks" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)


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
        there = online.read(MANIFEST_IN_CONTENT)
        assert "item dry-walls\n" in there
        assert "item dry-roofs\n" in there

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
