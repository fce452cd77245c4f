"""A build is all or nothing, says everything that is wrong, and never changes by itself."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from commands.build import BuildOptions, CannotBuild, build
from commands.swap import swap_in
from plugins.runs.site_run import MANIFEST
from tests.copies import ROOT
from tests.tiny import ABOUT, EVERY_KIND, FILES, POST, SITE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commands.build import BuildResult
    from tests.conftest import MakeSite, RunCli

    Built = Callable[..., BuildResult]

pytestmark = pytest.mark.long

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
BROKEN = POST.replace("[repairs]", "[repair]").replace("gutters are", "broken post is")


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_one_of_each_kind_gets_a_page_in_each_language(tiny_site: MakeSite, built: Built) -> None:
    result = built(tiny_site(EVERY_KIND), now=NOW)
    assert result.ok
    assert not result.crash
    sources = {"posts", "meetups", "podcast", "roadmap", "changes", "experiments", "standard"}
    for lang in ("cy", "en"):
        folders = {r.source.split("/")[0] for r in result.manifest.values() if r.lang == lang}
        assert sources | {"personas", "pages"} <= folders


def test_the_same_content_gives_the_same_bytes(tiny_site: MakeSite, built: Built) -> None:
    tiny = tiny_site(EVERY_KIND)
    assert built(tiny, now=NOW).ok
    first = tree(tiny.output)
    assert built(tiny, now=NOW).ok
    assert tree(tiny.output) == first


def test_another_day_changes_nothing_that_did_not_happen(tiny_site: MakeSite, built: Built) -> None:
    tiny = tiny_site(EVERY_KIND)
    built(tiny, now=NOW)
    first = tree(tiny.output)
    built(tiny, now=NOW.replace(day=2))
    assert tree(tiny.output) == first


@pytest.mark.unmeasured
def test_the_sample_builds_strictly_from_any_folder(tmp_path: Path, run_cli: RunCli) -> None:
    places = [ROOT, tmp_path]
    outputs = [tmp_path / "from-root", tmp_path / "from-elsewhere"]
    for place, output in zip(places, outputs, strict=True):
        done = run_cli("build", "--strict", "--output", os.path.relpath(output, place), cwd=place)
        assert done.returncode == 0, done.stderr
    assert tree(outputs[0]) == tree(outputs[1])
    assert (outputs[0] / "index.html").is_file()


def test_a_strict_build_with_a_fault_leaves_the_old_site(tiny_site: MakeSite, built: Built) -> None:
    tiny = tiny_site()
    assert built(tiny, strict=True).ok
    before = tree(tiny.output)
    tiny.write("posts/2026-03-05-new.en.md", BROKEN)
    result = built(tiny, strict=True)
    assert not result.ok
    assert tree(tiny.output) == before
    assert sorted(tiny.folder.iterdir()) == [tiny.content, tiny.output, tiny.site]


def test_a_build_that_is_not_strict_shows_what_it_can(tiny_site: MakeSite, built: Built) -> None:
    tiny = tiny_site()
    tiny.write("posts/2026-03-05-new.en.md", BROKEN)
    result = built(tiny)
    assert result.ok
    assert result.faulty
    assert any(r.source == "posts/2026-03-05-new.en.md" for r in result.manifest.values())


def test_a_page_that_is_gone_leaves_no_file_behind(tiny_site: MakeSite, built: Built) -> None:
    tiny = tiny_site()
    built(tiny)
    assert (tiny.output / "en/about-us/index.html").is_file()
    for lang in ("cy", "en"):
        (tiny.content / f"pages/about.{lang}.md").unlink()
    tiny.write("posts/2026-03-04-clear-gutters.en.md", POST.replace("../pages/about.en.md", "#"))
    built(tiny)
    assert not (tiny.output / "en/about-us").exists()


def test_a_theme_that_breaks_keeps_the_old_site(tiny_site: MakeSite, built: Built) -> None:
    tiny = tiny_site()
    assert built(tiny).ok
    before = tree(tiny.output)
    overrides = tiny.folder / "templates"
    overrides.mkdir()
    (overrides / "detail-post.html").write_text("{{ entry.nothing_like_it }}")
    result = built(tiny)
    assert not result.ok
    assert not result.crash
    assert [(fault.path, fault.line) for fault in result.faults] == [
        ("templates/detail-post.html", 1)
    ]
    assert tree(tiny.output) == before


def test_an_association_may_bring_its_own_templates(tiny_site: MakeSite, built: Built) -> None:
    tiny = tiny_site()
    (tiny.folder / "templates").mkdir()
    (tiny.folder / "templates/detail-post.html").write_text("<p>{{ entry.title }}</p>")
    assert built(tiny).ok
    page = tiny.output / "en/blog/the-gutters-are-clear/index.html"
    assert page.read_text() == "<p>The gutters are clear</p>"


@pytest.mark.parametrize("place", ["content", ".", "file", "photos"])
def test_nothing_that_we_did_not_build_is_ever_replaced(
    place: str, tiny_site: MakeSite, built: Built
) -> None:
    tiny = tiny_site()
    (tiny.folder / "photos").mkdir()
    (tiny.folder / "photos/wedding.jpg").write_bytes(b"irreplaceable")
    (tiny.folder / "file").write_text("mine")
    before = tree(tiny.folder)
    with pytest.raises(CannotBuild):
        built(tiny, output=tiny.folder / place)
    assert tree(tiny.folder) == before


@pytest.mark.parametrize("added", ["manifest.json alone", ".git/HEAD"])
def test_a_tree_is_known_by_more_than_a_manifest(
    added: str, tiny_site: MakeSite, built: Built
) -> None:
    tiny = tiny_site()
    if added == ".git/HEAD":
        assert built(tiny).ok
        (tiny.output / ".git").mkdir()
        (tiny.output / ".git/HEAD").write_text("ref: refs/heads/pages")
    else:
        tiny.output.mkdir()
        (tiny.output / "manifest.json").write_text('{"name": "an application of mine"}')
        (tiny.output / "novel.txt").write_text("irreplaceable")
    before = tree(tiny.output)
    with pytest.raises(CannotBuild, match="something that we didn't build"):
        built(tiny)
    assert tree(tiny.output) == before


def test_an_empty_folder_may_be_built_into(tiny_site: MakeSite, built: Built) -> None:
    tiny = tiny_site()
    tiny.output.mkdir()
    assert built(tiny).ok


def test_two_folders_change_places_at_once(tmp_path: Path) -> None:
    old, fresh = tmp_path / "site", tmp_path / "fresh"
    for folder, word in ((old, "old"), (fresh, "new")):
        folder.mkdir()
        (folder / "page").write_text(word)
    swap_in(fresh, old)
    assert (old / "page").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_folders_change_places_where_the_system_cannot_exchange_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commands.swap._exchange", lambda *_: False)
    test_two_folders_change_places_at_once(tmp_path)


def test_settings_that_cannot_be_used_are_told_in_words(tiny_site: MakeSite, built: Built) -> None:
    tiny = tiny_site(settings="languages = [")
    result = built(tiny)
    assert not result.ok
    assert [fault.path for fault in result.faults] == ["site.toml"]
    assert not result.crash


def test_settings_tell_all_faults_with_what_to_write(tiny_site: MakeSite, built: Built) -> None:
    settings = SITE.replace('phone = "01632 960001"', 'fone = "01632 960001"')
    settings = settings.replace('team = "repairs"', 'team = "repair"')
    result = built(tiny_site(settings=settings))
    advice = {fault.field: fault.instead for fault in result.faults if fault.path == "site.toml"}
    assert "phone" in advice["association.fone"]
    assert "repairs" in advice["people.nia.team"]


def test_the_address_may_have_a_sub_path(tiny_site: MakeSite, built: Built) -> None:
    tiny = tiny_site(EVERY_KIND)
    built(tiny, now=NOW, url="https://pages.example.org/house")
    pages = [path for path in tiny.output.rglob("*.html") if path.name != "404.html"]
    assert pages
    for path in pages:
        html = path.read_text(encoding="utf-8")
        assert 'href="/house/' in html
        assert 'href="/en/' not in html
        assert 'href="/cy/' not in html
        assert 'src="/assets' not in html


def test_one_language_is_enough(tiny_site: MakeSite, built: Built) -> None:
    settings = SITE.replace('languages = ["cy", "en"]', 'languages = ["en"]')
    settings = settings.replace('cy = "', 'en-US = "')
    files = {name: text for name, text in FILES.items() if name.endswith(".en.md")}
    tiny = tiny_site(files, settings)
    result = built(tiny)
    assert result.ok
    home = (tiny.output / "index.html").read_text()
    assert "hreflang" not in home
    assert '<link rel="canonical" href="https://tiny.example.org/en/">' in home
    assert not (tiny.output / "cy").exists()


def test_every_page_is_in_the_manifest_with_its_hash(tiny_site: MakeSite, built: Built) -> None:
    tiny = tiny_site()
    result = built(tiny)
    written = json.loads((tiny.output / MANIFEST).read_text())
    assert set(written) == set(result.manifest)
    assert written["en/about-us/"]["source"] == "pages/about.en.md"


@pytest.mark.parametrize("draft", [True, False])
def test_drafts_are_for_the_preview_alone(draft: bool, tiny_site: MakeSite, built: Built) -> None:  # noqa: FBT001
    tiny = tiny_site()
    tiny.write("pages/soon.en.md", ABOUT.replace("menu: footer", "draft: true"))
    shown = any(r.source == "pages/soon.en.md" for r in built(tiny, drafts=draft).manifest.values())
    assert shown == draft


def test_a_scheduled_post_appears_on_its_day_by_the_sites_clock(
    tiny_site: MakeSite, built: Built
) -> None:
    tiny = tiny_site()
    tiny.write("posts/2026-07-01-later.en.md", POST.replace("The gutters are clear", "Later"))

    def shown(now: datetime) -> bool:
        return "en/blog/later/" in built(tiny, now=now).manifest

    assert not shown(datetime(2026, 6, 30, 22, 59, tzinfo=UTC))
    assert shown(datetime(2026, 6, 30, 23, 1, tzinfo=UTC))  # past midnight in London's summer


def test_a_public_page_may_not_lead_to_a_draft(tiny_site: MakeSite, built: Built) -> None:
    tiny = tiny_site()
    tiny.write("pages/about.en.md", ABOUT.replace("menu: footer", "menu: footer\ndraft: true"))
    faults = [f for f in built(tiny).faults if f.code == "broken-link"]
    assert {fault.path for fault in faults} == {
        "content/posts/2026-03-04-clear-gutters.cy.md",
        "content/posts/2026-03-04-clear-gutters.en.md",
    }


def test_a_scheduled_page_is_checked_as_on_its_day(tiny_site: MakeSite, built: Built) -> None:
    names = ("2026-07-01-draft", "2026-07-02-later", "2026-06-30-sooner")
    links = " ".join(f"[a page]({name}.en.md)" for name in (*names, "../pages/about"))
    tiny = tiny_site()
    tiny.write(
        "posts/2026-07-01-soon.en.md", f"---\ntitle: Soon\nsummary: It comes.\n---\n{links}\n"
    )
    for name in names:
        own = POST.replace("The gutters are clear", name.rpartition("-")[2])
        tiny.write(f"posts/{name}.en.md", own)
    draft = tiny.content / "posts" / f"{names[0]}.en.md"
    draft.write_text(
        draft.read_text(encoding="utf-8").replace("tags:", "draft: true\ntags:"), encoding="utf-8"
    )
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    faults = [fault for fault in built(tiny, now=now).faults if fault.code == "broken-link"]
    assert [fault.wrong for fault in faults] == [
        f"The page to which {name}.en.md leads isn't public on 2026-07-01, when this one is."
        for name in names[:2]
    ]


def test_progress_is_told_as_it_is_made(tiny_site: MakeSite) -> None:
    tiny, steps = tiny_site(), []
    options = BuildOptions(root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output)
    result = build(options, lambda *step: steps.append(step))
    assert ("pages", result.pages, result.pages) in steps


class TestCheck:
    def test_faults_are_told_together_and_the_exit_code_says_so(
        self, tiny_site: MakeSite, run_cli: RunCli
    ) -> None:
        tiny = tiny_site()
        tiny.write("posts/2026-03-05-one.en.md", BROKEN)
        tiny.write(
            "posts/2026-03-06-two.en.md", BROKEN.replace("[nia]", "[nya]").replace("broken", "bad")
        )
        done = run_cli("check", "--content", tiny.content)
        assert done.returncode == 1
        for words in ("one.en.md", "two.en.md", "“repair”", "“nya”", "Did you mean “nia”?"):
            assert words in done.stdout
        assert "Traceback" not in done.stdout + done.stderr

    def test_tools_get_json(self, tiny_site: MakeSite, run_cli: RunCli) -> None:
        tiny = tiny_site()
        tiny.write("posts/2026-03-05-one.en.md", BROKEN)
        done = run_cli("check", "--format", "json", "--content", tiny.content)
        report = json.loads(done.stdout)
        assert done.returncode == 1
        assert not report["ok"]
        (fault,) = report["faults"]
        assert fault["path"] == "content/posts/2026-03-05-one.en.md"
        assert fault["line"] == 5
        assert fault["field"] == "topics[1]"
        assert {"wrong", "instead", "code"} <= fault.keys()

    def test_no_fault_is_exit_code_0_and_writes_nothing(
        self, tiny_site: MakeSite, run_cli: RunCli
    ) -> None:
        tiny = tiny_site()
        done = run_cli("check", "--content", tiny.content)
        assert done.returncode == 0, done.stdout
        assert not tiny.output.exists()

    def test_an_unknown_format_is_a_sentence(self, tiny_site: MakeSite, run_cli: RunCli) -> None:
        done = run_cli("check", "--format", "xml", "--content", tiny_site().content)
        assert done.returncode == 2
        assert "json" in done.stderr


class TestParity:
    def test_what_one_language_lacks_is_named_with_the_file_to_write(
        self, tiny_site: MakeSite, run_cli: RunCli
    ) -> None:
        tiny = tiny_site()
        (tiny.content / "pages/about.cy.md").unlink()
        done = run_cli("parity", "--content", tiny.content)
        assert done.returncode == 1
        assert "content/pages/about.cy.md" in done.stdout
        assert "cy: 1 of 2 pages (50 %)" in done.stdout

    def test_a_word_that_one_language_lacks_is_named_too(
        self, tiny_site: MakeSite, run_cli: RunCli
    ) -> None:
        settings = SITE.replace('{cy = "Atgyweiriadau", en = "Repairs"}', '{en = "Repairs"}')
        done = run_cli(
            "parity", "--format", "json", "--content", tiny_site(settings=settings).content
        )
        (gap,) = json.loads(done.stdout)["gaps"]
        assert (gap["path"], gap["field"]) == ("site.toml", "topics.repairs.name")

    def test_all_said_in_both_is_exit_code_0(self, tiny_site: MakeSite, run_cli: RunCli) -> None:
        done = run_cli("parity", "--content", tiny_site().content)
        assert done.returncode == 0
        assert "Everything is said in every language." in done.stdout


def test_ci_makes_every_build_strict(tiny_site: MakeSite, run_cli: RunCli) -> None:
    tiny = tiny_site()
    tiny.write("posts/2026-03-05-one.en.md", BROKEN)
    words = ("build", "--content", tiny.content, "--output", tiny.output)
    assert run_cli(*words, env={"CI": "true"}).returncode == 1
    assert not tiny.output.exists()
    assert run_cli(*words).returncode == 0


def test_quiet_says_nothing_when_all_is_well(tiny_site: MakeSite, run_cli: RunCli) -> None:
    tiny = tiny_site()
    done = run_cli("build", "--quiet", "--content", tiny.content, "--output", tiny.output)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
