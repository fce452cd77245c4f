"""An association's own plugins, and others': each adds what it may, and is told of by name."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.copies import ROOT
from tests.documented import WHOLE_FILE, read
from tests.tiny import POST, SITE, TinySite

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commands.build import BuildResult
    from tests.conftest import MakeSite

    Built = Callable[..., BuildResult]

pytestmark = pytest.mark.long

DAMP = '[topics.damp]\nname = {cy = "Lleithder", en = "Damp"}\n\n[areas.bridge]'
FILES = {
    "posts/2026-03-04-clear-gutters.en.md": POST.replace("[repairs]", "[damp]").replace(
        "Leaves", "==Leaves=="
    ),
    "pages/about.en.md": "---\ntitle: About us\n---\nWe.\n",
}


def with_plugins(make: MakeSite, **plugins: str) -> TinySite:
    """Write a site with plugins, by name."""
    settings = f"plugins = {list(plugins)}\n{SITE.replace('[areas.bridge]', DAMP)}"
    tiny = make(FILES, settings)
    for name, text in plugins.items():
        path = tiny.folder / "local_plugins" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tiny


def told(result: BuildResult) -> list[str]:
    """Return what the report says of plugins."""
    return [str(fault) for fault in result.faults if fault.code == "plugin"]


@pytest.fixture(scope="module")
def winter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree of a site with the plugin of `docs/plugins.md`."""
    from commands.build import BuildOptions, build
    from tests.tiny import write_site

    def make(files: dict[str, str], settings: str) -> TinySite:
        return write_site(tmp_path_factory.mktemp("winter") / "association", files, settings)

    documented = dict(WHOLE_FILE.findall(read("docs/plugins.md")))
    tiny = with_plugins(make, winter=documented["local_plugins/winter.py"])  # type: ignore[arg-type]
    template = tiny.folder / "templates" / "winter.html"
    template.parent.mkdir()
    template.write_text(documented["templates/winter.html"], encoding="utf-8")
    options = BuildOptions(ROOT, tiny.content, tiny.site, tiny.output)
    build(options)  # as a preview does: in a process in which ours are connected already
    result = build(options)
    assert (result.ok, result.crash, told(result)) == (True, "", [])
    assert not list((tiny.folder / "local_plugins").rglob("*.pyc"))
    return tiny.output


class TestTheDocumentedPlugin:
    """`docs/plugins.md`, from an empty folder."""

    def test_its_page_stands_in_each_language_and_leads_to_the_other(self, winter: Path) -> None:
        page = (winter / "en/before-winter/index.html").read_text(encoding="utf-8")
        assert 'href="/cy/cyn-y-gaeaf/"' in page
        assert '<p class="lede">1</p>' in page
        assert "/en/blog/the-gutters-are-clear/" in page

    def test_it_is_in_the_menu_the_site_map_and_the_manifest(self, winter: Path) -> None:
        home = (winter / "en/index.html").read_text(encoding="utf-8")
        assert '<a href="/en/before-winter/">Before winter</a>' in home
        assert "en/before-winter/" in (winter / "manifest.json").read_text(encoding="utf-8")
        maps = "".join(path.read_text(encoding="utf-8") for path in winter.glob("sitemap*.xml"))
        assert "https://tiny.example.org/en/before-winter/" in maps

    def test_its_feed_is_written_and_offered(self, winter: Path) -> None:
        feed = (winter / "en/before-winter/feed.xml").read_text(encoding="utf-8")
        assert "The gutters are clear" in feed
        page = (winter / "en/before-winter/index.html").read_text(encoding="utf-8")
        assert 'href="/en/before-winter/feed.xml"' in page

    def test_its_markdown_counts(self, winter: Path) -> None:
        post = (winter / "en/blog/the-gutters-are-clear/index.html").read_text(encoding="utf-8")
        assert "<mark>Leaves</mark>" in post


NOTHING = "def register():\n    pass\n"
CONNECT = "from pelican import signals\n\ndef act(*_, **__):\n    {}\n\ndef register():\n    "
FINALIZED = CONNECT + "signals.finalized.connect(act)\n"
TAKES = "import shutil; shutil.rmtree(_[0].output_path)"
LATE = "from pelican import signals\n\ndef late(pelican):\n    raise ValueError('late')\n"
AT_IMPORT = LATE + "signals.finalized.connect(late)\ndef register():\n    pass\n"
WHEN_TOLD = (
    LATE
    + "def begin(pelican):\n    signals.finalized.connect(late)\n"
    + "def register():\n    signals.initialized.connect(begin)\n"
)
MAPS_BEFORE_US = """
from pathlib import Path
from pelican import signals
from pelican.generators import Generator

class Mapper(Generator):
    def generate_output(self, writer):
        Path(self.output_path, "sitemap.xml").write_text("theirs")

def ask(pelican):
    return Mapper

def register():
    signals.get_generators.connect(ask)
"""
EMPTIES = """
from pathlib import Path
from pelican import signals

def empty(pelican):
    Path(pelican.output_path, "sitemap.xml").write_text("")

def register():
    signals.finalized.connect(empty)
"""
DEAF = """
from pelican import signals

def listen(generator):
    pass

def register():
    signals.article_generator_finalized.connect(listen)
"""
SHOUTS = """
from pathlib import Path
from pelican import signals

def shout(path, context):
    file = Path(path)
    file.write_text(file.read_text().replace("gutters", "GUTTERS"))

def register():
    signals.content_written.connect(shout)
"""


class TestWhatOneDoesIsTold:
    """By its name, in the report of the build."""

    def test_a_file_of_ours_that_it_rewrites(self, tiny_site: MakeSite, built: Built) -> None:
        result = built(with_plugins(tiny_site, mapper=EMPTIES))
        assert result.ok
        (line,) = told(result)
        assert line.startswith(
            "local_plugins/mapper.py: It rewrote what we had written: sitemap.xml."
        )

    def test_a_file_of_its_own_that_ours_takes_the_place_of(
        self, tiny_site: MakeSite, built: Built
    ) -> None:
        tiny = with_plugins(tiny_site, mapper=MAPS_BEFORE_US)
        (line,) = told(built(tiny))
        assert "It wrote what we write too, and ours took its place: sitemap.xml." in line
        assert "theirs" not in (tiny.output / "sitemap.xml").read_text(encoding="utf-8")

    def test_that_it_waits_for_what_never_comes(self, tiny_site: MakeSite, built: Built) -> None:
        (line,) = told(built(with_plugins(tiny_site, stats=DEAF)))
        assert "article_generator_finalized, which tells of nothing here" in line
        assert "so it does nothing at all" in line

    def test_a_page_may_be_rewritten_when_it_was_written(
        self, tiny_site: MakeSite, built: Built
    ) -> None:
        tiny = with_plugins(tiny_site, shouts=SHOUTS)
        result = built(tiny)
        assert told(result) == []
        page = tiny.output / "en/blog/the-gutters-are-clear/index.html"
        assert "GUTTERS" in page.read_text(encoding="utf-8")
        tiny.site.write_text(SITE.replace("[areas.bridge]", DAMP), encoding="utf-8")
        built(tiny)  # nor does one listen in the next build
        assert "GUTTERS" not in page.read_text(encoding="utf-8")

    @pytest.mark.parametrize(
        ("plugin", "line", "wrong"),
        [
            (FINALIZED.format("1 / 0"), 4, "It failed: ZeroDivisionError: division by zero."),
            ("import nothing_like_it", 1, "It failed: ModuleNotFoundError: No module named"),
            ("def register(:", 1, "It failed: SyntaxError: "),
            ("x = 1", 0, "It failed: AttributeError: "),
            (FINALIZED.format("import sys; sys.exit(3)"), 4, "It failed: SystemExit: 3."),
            (AT_IMPORT, 4, "It failed: ValueError: late."),
            (WHEN_TOLD, 4, "It failed: ValueError: late."),
            (FINALIZED.format("_[0].output_path = '/elsewhere'"), 0, "It changed where the site"),
            (FINALIZED.format(TAKES), 0, "It took away what we had written: 404.html, "),
            (
                CONNECT.format("raise SystemError('no')") + "signals.initialized.connect(act)\n",
                4,
                "It failed: SystemError: no.",
            ),
        ],
    )
    def test_what_it_raises_with_its_line(
        self, plugin: str, line: int, wrong: str, tiny_site: MakeSite, built: Built
    ) -> None:
        result = built(with_plugins(tiny_site, mine=plugin))
        assert not result.ok
        assert not result.crash
        (fault,) = (fault for fault in result.faults if fault.code == "plugin")
        assert (fault.path, fault.line) == ("local_plugins/mine.py", line)
        assert fault.wrong.startswith(wrong)

    def test_that_its_name_is_written_otherwise(self, tiny_site: MakeSite, built: Built) -> None:
        tiny = with_plugins(tiny_site, mapper=EMPTIES)
        settings = tiny.site.read_text(encoding="utf-8")
        names = '["mapper.py", "../mapper", "", "mapper", "mapper"]'
        tiny.site.write_text(settings.replace("['mapper']", names), encoding="utf-8")
        result = built(tiny)
        assert result.ok
        assert len(told(result)) == 1  # it ran, and once
        wrong = [fault.field for fault in result.faults if fault.path == "site.toml"]
        assert {"plugins[1]", "plugins[2]", "plugins[3]"} <= set(wrong)

    def test_that_there_is_none_of_the_name(self, tiny_site: MakeSite, built: Built) -> None:
        tiny = with_plugins(tiny_site, wintre=NOTHING)
        shutil.rmtree(tiny.folder / "local_plugins")
        result = built(tiny)
        assert not result.ok
        (line,) = told(result)
        assert line == (
            "wintre: There is no such plugin. "
            "Put it into local_plugins/wintre.py, or take it out of plugins."
        )

    def test_one_may_be_called_as_a_module_of_python_is(
        self, tiny_site: MakeSite, built: Built
    ) -> None:
        before = sys.modules.get("calendar")
        assert built(with_plugins(tiny_site, calendar=NOTHING)).ok
        assert sys.modules.get("calendar") is before


def test_pelican_alone_makes_the_same_tree(tiny_site: MakeSite, tmp_path: Path) -> None:
    tiny = with_plugins(tiny_site, shouts=SHOUTS)
    for name in ("core", "plugins", "theme"):
        (tiny.folder / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "pelicanconf.py", tiny.folder)
    command = [sys.executable, "-m", "pelican", "content", "-s", "pelicanconf.py", "-o"]
    subprocess.run([*command, str(tmp_path / "theirs")], cwd=tiny.folder, check=True)
    from commands.build import BuildOptions, build

    assert build(BuildOptions(ROOT, tiny.content, tiny.site, tmp_path / "ours")).ok
    theirs, ours = (tree(tmp_path / name) for name in ("theirs", "ours"))
    assert theirs.keys() == ours.keys()
    assert [name for name in ours if theirs[name] != ours[name]] == []


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file by its name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
