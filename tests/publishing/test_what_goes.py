"""Only what the site uses goes out, and what was checked is what goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from commands.publishing import parcel
from tests.copies import git
from tests.on_air import picture
from tests.publishing.people import BRIDGE, BRIDGE_FILE, FENCE, FENCE_FILE, Desk, Online
from tests.tiny import EVERY_KIND

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.long

LISTED = BRIDGE.replace("Leaves", "[Who paid](../docs/rents.csv), leaves")
TELLING = [
    *("rents.xlsx", "rents.ods", "rents.csv", "tenants.mbox", "complaint.eml", "minutes.docx"),
    *("minutes.odt", "slides.pptx", "tenants.vcf", "tenants.sqlite", "everything.zip"),
]


class TestOnlyWhatIsUsed:
    def test_what_no_page_refers_to_is_named_and_stays(self, nia: Desk, online: Online) -> None:
        names = [f"images/IMG_{number}.jpg" for number in range(30)]
        for name in (*names, "docs/minutes of the board.pdf"):
            nia.site.write(name, "not looked at")
        nia.site.write(BRIDGE_FILE, BRIDGE)
        assert nia.publish(yes=True) == 0
        assert "No page refers to these, so they stay here (31):" in nia.words
        assert all(f"content/{name}" in nia.words for name in names)
        assert {name for name in online.names() if "IMG" in name or "board" in name} == set()
        assert nia.has("docs/minutes of the board.pdf")

    def test_each_may_be_agreed_to_by_itself(self, nia: Desk, online: Online) -> None:
        for name in ("docs/a.pdf", "docs/b.pdf", "docs/c.pdf"):
            nia.site.write(name, "a plan")
        assert nia.publish("y", "n", "y", "n", "y") == 0
        assert [question.strip() for question in nia.asked[1:4]] == [
            f"content/docs/{letter}.pdf? [y/N]" for letter in "abc"
        ]
        assert {"content/docs/b.pdf"} == {name for name in online.names() if "docs/" in name}
        assert nia.publish(yes=True, also=["content/docs/c.pdf"]) == 0
        assert "content/docs/c.pdf" in online.names()
        assert nia.publish(yes=True, also=["content/docs/d.pdf"]) == 2
        assert "those that need a yes: content/docs/a.pdf. " in nia.words

    def test_nothing_but_such_files_is_nothing_to_publish(self, nia: Desk, online: Online) -> None:
        nia.site.write("docs/a.pdf", "a plan")
        before = nia.state()
        assert nia.publish(yes=True) == 0
        assert "Nothing to publish" in nia.told[-1]
        assert (nia.state(), online.log()) == (before, ["Start"])

    def test_what_any_page_names_goes_with_it_also_what_waits(
        self, nia: Desk, online: Online
    ) -> None:
        """A draft shows its picture on the day that it is shown, without another word."""
        drafted = FENCE.replace("summary:", "draft: true\nimage: {src: post.png, alt: A}\nsummary:")
        used = {
            "docs/linked.pdf": "a plan",
            "extra/robots-too.txt": "words",
            "extra/.well-known/security.txt": "Contact: mailto:helo@tiny.example.org\n",
            "words.txt": "cwteri\n",
        }
        for name, text in used.items():
            nia.site.write(name, text)
        nia.site.write("posts/post.png", picture((64, 64)))
        nia.site.write(BRIDGE_FILE, BRIDGE + "\n[A plan](../docs/linked.pdf)\n")
        nia.site.write(FENCE_FILE, drafted)
        assert nia.publish(yes=True) == 0, nia.words
        assert "No page refers" not in nia.words
        assert {f"content/{name}" for name in (*used, "posts/post.png")} <= online.names()

    def test_what_programs_leave_behind_stays_and_is_told(self, nia: Desk, online: Online) -> None:
        for name in ("feedback/2026/.f-2k7q9t.yaml.new", f"{BRIDGE_FILE}~", "docs/~$plan.docx"):
            nia.site.write(name, "half a file")
        nia.site.write(BRIDGE_FILE, BRIDGE)
        assert nia.publish(yes=True) == 0
        assert "Left behind by programs: they stay here (3):" in nia.words
        assert {name for name in online.names() if name.endswith((".new", "~", ".docx"))} == set()

    def test_a_lock_that_leads_nowhere_stays_like_any_other_leftover(
        self, nia: Desk, online: Online
    ) -> None:
        """Emacs locks a file that somebody edits with a link to who and where."""
        page = nia.site.write(BRIDGE_FILE, BRIDGE)
        page.with_name(f".#{page.name}").symlink_to("nia@desk.1234:5678")
        assert nia.publish(yes=True) == 0, nia.words
        assert "Left behind by programs: they stay here (1):" in nia.words
        assert [name for name in online.names() if ".#" in name] == []

    def test_own_templates_and_plugins_go_too(self, nia: Desk, online: Online) -> None:
        for name in ("templates/own.html", "local_plugins/bins.py"):
            (nia.folder / name).parent.mkdir()
            (nia.folder / name).write_text("", encoding="utf-8")
        assert nia.publish(yes=True) == 0
        assert {"templates/own.html", "local_plugins/bins.py"} <= online.names()


class TestWhatMayHoldMore:
    @pytest.mark.parametrize("name", TELLING)
    def test_yes_does_not_cover_what_people_must_look_into(
        self, nia: Desk, online: Online, name: str
    ) -> None:
        nia.site.write(f"docs/{name}", "names and sums")
        nia.site.write(BRIDGE_FILE, LISTED.replace("rents.csv", name))
        before = nia.state()
        assert nia.publish(yes=True) == 1
        assert f"add: --also content/docs/{name}. Nothing was published." in nia.told[-1]
        assert (nia.state(), online.log()) == (before, ["Start"])

    def test_one_that_nothing_links_to_simply_stays(self, nia: Desk, online: Online) -> None:
        nia.site.write("docs/rents.csv", "names and sums")
        nia.site.write(BRIDGE_FILE, BRIDGE)
        assert nia.publish(yes=True) == 0
        assert "content/docs/rents.csv (a table of data" in nia.words
        assert "content/docs/rents.csv" not in online.names()

    def test_whoever_looked_says_so_for_each(self, nia: Desk, online: Online) -> None:
        nia.site.write("docs/rents.csv", "names and sums")
        nia.site.write(BRIDGE_FILE, LISTED)
        assert nia.publish("n") == 1
        assert "content/docs/rents.csv stays here, so nothing else can go out" in nia.told[-1]
        assert nia.publish("y", "y") == 0
        assert "content/docs/rents.csv" in online.names()
        nia.site.write("docs/rents.csv", "other names and sums")
        assert nia.publish(yes=True) == 1
        assert nia.publish(yes=True, also=["content/docs/rents.csv"]) == 0
        assert online.read("docs/rents.csv") == "other names and sums"

    def test_one_in_a_commit_made_by_hand_is_asked_about_too(
        self, nia: Desk, online: Online
    ) -> None:
        nia.site.write("docs/rents.csv", "names and sums")
        nia.git("add", "--all")
        nia.git("commit", "--quiet", "--message=By hand")
        assert nia.publish(yes=True) == 1
        assert "--also content/docs/rents.csv" in nia.told[-1]
        assert online.log() == ["Start"]


class TestWhatWasChecked:
    def test_a_picture_that_git_ignores_is_missed_before_readers_miss_it(
        self, nia: Desk, online: Online
    ) -> None:
        (nia.folder / ".gitignore").write_text("*.pdf\n", encoding="utf-8")
        nia.git("add", ".gitignore")
        nia.git("commit", "--quiet", "--message=Ignore")
        nia.site.write("docs/plan.pdf", "a plan")
        nia.site.write(BRIDGE_FILE, BRIDGE + "\n[A plan](../docs/plan.pdf)\n")
        assert nia.publish(yes=True) == 1
        assert "The link ../docs/plan.pdf leads nowhere." in nia.words
        assert "ignore these, so readers lack them (1):\n    content/docs/plan.pdf" in nia.words
        assert online.log() == ["Start"]

    def test_words_typed_while_one_is_asked_wait_for_the_next_time(
        self, nia: Desk, online: Online
    ) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        later = BRIDGE.replace("dry walls", "very dry walls")
        asks = nia.ask

        def slowly(question: str) -> str:
            nia.site.write(BRIDGE_FILE, later)
            return asks(question)

        nia.ask = slowly
        assert nia.publish("y") == 0
        assert online.read(BRIDGE_FILE) == BRIDGE
        assert nia.read(BRIDGE_FILE) == later
        assert nia.git("status", "--porcelain") == f" M content/{BRIDGE_FILE}\n"

    def test_words_typed_while_the_site_is_checked_stop_it(
        self, nia: Desk, online: Online, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        whole: Callable[..., Any] = vars(parcel)["built_here"]

        def slowly(*arguments: Any) -> Any:
            nia.site.write(FENCE_FILE, FENCE)
            return whole(*arguments)

        monkeypatch.setattr(parcel, "built_here", slowly)
        assert nia.publish("y") == 1
        assert f"while they were being checked: content/{FENCE_FILE}" in nia.words
        assert online.log() == ["Start"]

    def test_what_somebody_staged_stays_staged_when_it_fails(
        self, nia: Desk, online: Online
    ) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.git("add", "--all")
        nia.site.write(BRIDGE_FILE, BRIDGE.replace("dry walls", "drier walls"))
        nia.git("remote", "set-url", "--push", "origin", "/nowhere")
        before = nia.git("status", "--porcelain"), nia.git("diff", "--cached")
        assert nia.publish("y") == 1
        assert (nia.git("status", "--porcelain"), nia.git("diff", "--cached")) == before
        assert git(online.folder, "log", "--format=%s", "main") == "Start\n"


class TestOtherPrograms:
    @pytest.mark.parametrize("where", ["old-blog", "."])
    def test_a_repository_inside_is_told_in_words(
        self, nia: Desk, online: Online, where: str
    ) -> None:
        nia.site.write(f"{where}/2020.en.md", EVERY_KIND["pages/about.en.md"])
        git(nia.site.content / where, "init", "--quiet")
        assert nia.publish("y") == 2
        named = "content" if where == "." else f"content/{where}"
        assert f"{named} is a git repository of its own" in nia.words
        assert f"Delete {named}/.git" in nia.words
        assert online.log() == ["Start"]

    def test_the_copy_of_a_sync_tool_is_told_before_it_is_published_twice(
        self, nia: Desk, online: Online
    ) -> None:
        nia.site.write(BRIDGE_FILE, BRIDGE)
        nia.site.write("posts/2026-03-09-paint-bridge.en (Nia's conflicted copy).md", BRIDGE)
        assert nia.publish(yes=True) == 1
        assert "Compare the two, then delete it." in nia.words
        assert online.log() == ["Start"]
