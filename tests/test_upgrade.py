"""A newer version comes into an association's house, and everything of theirs stays theirs."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from commands.upgrading import journal
from commands.upgrading.comparison import compare
from commands.upgrading.house import Installation, blob
from commands.upgrading.migrations import Migration, migrate, renamed_attribute
from commands.upgrading.upgrade import undo, upgrade
from tests.copies import ROOT, git, lend_environment, ready_copy
from tests.tiny import POST, SITE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.long

PROJECT = '[project]\nname = "open-house"\nversion = "{}"\n'
LETTERS = "".join(f"line {number}\n" for number in range(30))
OLD = {
    "run": "#!/usr/bin/env python3\n",
    "pyproject.toml": PROJECT.format("0.1.0"),
    "theme/style.css": LETTERS,
    "theme/print.css": LETTERS,
    "theme/gone.css": LETTERS,
    "theme/gone-and-edited.css": LETTERS,
    "core/words.py": "OLD = 1\n",
    ".github/workflows/pages.yml": "on: push\n",
    "theme/still.css": LETTERS,
}
# Stands for the door: it makes an environment, which is this one.
DOOR = """\
import pathlib, sys
python = pathlib.Path(__file__).parent / ".venv/bin/python"
python.parent.mkdir(parents=True, exist_ok=True)
python.write_text(f'#!/bin/sh\\nexec {sys.executable} "$@"\\n')
python.chmod(0o755)
"""
# Stands for `check --format json`: every page that says "old" has a fault.
MENU = """\
import json, pathlib, sys
content = pathlib.Path(sys.argv[sys.argv.index("--content") + 1])
fault = {"line": 2, "field": "title", "wrong": "It is old.", "instead": "Write a new one."}
pages = sorted(content.rglob("*.md"))
faults = [
    {**fault, "path": page.relative_to(content.parent).as_posix(), "code": "old"}
    for page in pages
    if "old" in page.read_text()
]
broken = any("broken" in page.read_text() for page in pages)
crash = "Traceback\\nKeyError: 'bins'" if broken else ""
print(json.dumps({"faults": faults, "crash": crash}))
"""
NEW = {
    "run": DOOR,
    "commands/menu.py": MENU,
    "pyproject.toml": PROJECT.format("0.2.0"),
    "theme/style.css": LETTERS.replace("line 3\n", "line three\n"),
    "theme/print.css": LETTERS.replace("line 3\n", "line three\n"),
    "theme/still.css": LETTERS,
    "core/words.py": "NEW = 1\n",
    "core/more.py": "MORE = 1\n",
    ".github/workflows/pages.yml": "on: [push]\n",
    "content/posts/sample.en.md": "the sample's",
    "site.toml": "sample = true\n",
    "CHANGELOG.md": "# Changelog\n\n## [0.2.0] - 2026-12-01\n\n- It is newer.\n\n"
    "## [0.1.0] - 2026-11-25\n\n- It is old.\n",
}
THEIRS = {
    "content/posts/2026-01-01-ours.en.md": "ours",
    "site.toml": "languages = ['en']\n",
    "templates/own.html": "ours",
    "local_plugins/bins.py": "ours",
    "private/secret": "ours",
}
EDITS = {
    "theme/style.css": LETTERS.replace("line 20\n", "our line\n"),  # fits beside the new one
    "theme/print.css": LETTERS.replace("line 3\n", "our line\n"),  # doesn't
    "theme/gone-and-edited.css": "ours",
    "theme/still.css": "ours, and nothing new from us",
    "plugins/bins/__init__.py": "ours, where an older version asked for it",
    "notes.txt": "ours",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """A newer version, which knows what went out as the older one."""
    listed = {name: blob(write(tmp_path / "old", OLD) / name) for name in OLD}
    lines = "".join(f"{held} {name}\n" for name, held in listed.items())
    return write(tmp_path / "new", {**NEW, "commands/upgrading/releases/0.1.0.txt": lines})


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """An association's folder under git: as it was fetched, then with all that is theirs."""
    folder = write(tmp_path / "house", OLD)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=As it came")
    write(folder, {**THEIRS, **EDITS})
    (folder / ".github/workflows/pages.yml").unlink()
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=Ours")
    return folder


def held(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }


def zipped(folder: Path, tmp_path: Path) -> str:
    with zipfile.ZipFile(tmp_path / "new.zip", "w") as archive:
        for name in held(folder):
            archive.write(folder / name, f"open-house-0.2.0/{name}")
    return str(tmp_path / "new.zip")


def tarred(folder: Path, tmp_path: Path) -> str:
    with tarfile.open(tmp_path / "new.tar.gz", "w:gz") as archive:
        archive.add(folder, "open-house-0.2.0")
    return str(tmp_path / "new.tar.gz")


def cloned(folder: Path, tmp_path: Path) -> str:
    del tmp_path
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=Newer")
    return folder.as_uri()


def as_folder(folder: Path, tmp_path: Path) -> str:
    del tmp_path
    return str(folder)


@pytest.mark.parametrize("form", [as_folder, zipped, tarred, cloned])
def test_ours_is_taken_anew_and_theirs_stays(
    form: Callable[[Path, Path], str],
    new: Path,
    house: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = held(house)
    assert upgrade(house, form(new, tmp_path), yes=True) == 0
    printed, after = capfd.readouterr().out, held(house)
    assert "- It is newer." in printed
    assert "- It is old." not in printed
    assert "Done: this is 0.2.0." in printed
    assert {name: after[name] for name in THEIRS} == THEIRS
    assert after["core/words.py"] == NEW["core/words.py"]
    assert after["core/more.py"] == NEW["core/more.py"]
    assert "theme/gone.css" not in after
    for name in ("plugins/bins/__init__.py", "notes.txt", "theme/still.css"):
        assert after[name] == EDITS[name]
        assert f"    {name}\n" in printed
    assert after["theme/style.css"] == NEW["theme/style.css"].replace("line 20\n", "our line\n")
    assert after["theme/print.css"] == NEW["theme/print.css"]
    assert after["set-aside/0.2.0/theme/print.css"] == EDITS["theme/print.css"]
    assert after["set-aside/0.2.0/theme/gone-and-edited.css"] == "ours"
    assert ".github/workflows/pages.yml" not in after  # they took it out, and it stays out
    assert "content/posts/sample.en.md" not in after
    assert undo(house, say=lambda _: None) == 0
    assert held(house) == before


def test_a_rehearsal_and_a_no_change_nothing(
    new: Path, house: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = held(house)
    assert upgrade(house, str(new), dry_run=True) == 0
    assert "From 0.1.0 to 0.2.0: 7 files of ours are taken anew, 1 go." in capfd.readouterr().out
    done = subprocess.run(
        [sys.executable, "-m", "commands.upgrading.upgrade", str(house), str(new)],
        cwd=ROOT,
        input="n\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Nothing was changed." in done.stdout
    assert held(house) == before


def test_what_the_new_version_would_find_wrong_is_told_before_anybody_agrees(
    new: Path, house: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write(house, {"content/posts/2026-01-01-ours.en.md": "old", "content/pages/a.en.md": "old"})
    # What the version in place finds too is no news.
    write(house, {"run": DOOR, "commands/menu.py": MENU.replace("rglob", "glob")})
    subprocess.run([sys.executable, house / "run"], check=True)
    (house / "content/b.en.md").write_text("old", encoding="utf-8")
    before = held(house)
    assert upgrade(house, str(new), dry_run=True) == 0
    printed = capfd.readouterr().out
    assert "0.2.0 finds what you would have to mend that 0.1.0 doesn't (2):" in printed
    assert "content/pages/a.en.md:2: [title] It is old. Write a new one.\n" in printed
    assert "content/b.en.md" not in printed
    assert held(house) == before


def test_a_version_that_can_t_build_the_site_changes_nothing(
    new: Path, house: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write(house, {"content/posts/2026-01-01-ours.en.md": "broken"})
    before = held(house)
    assert upgrade(house, str(new), yes=True) == 1
    printed = capfd.readouterr().out
    assert "0.2.0 can't build your site, so nothing was changed." in printed
    assert "KeyError: 'bins'" in printed
    assert "Traceback" not in printed
    write(new, {"run": "raise SystemExit('The packages could not be fetched.')"})
    shutil.rmtree(new / ".venv")
    assert upgrade(house, str(new), yes=True) == 1
    output = capfd.readouterr()
    assert "0.2.0 can't be set up on this machine, so nothing was changed." in output.out
    assert "The packages could not be fetched." in output.err
    assert held(house) == before


def test_what_an_association_wrote_in_an_older_form_is_migrated_and_comes_back(
    new: Path, house: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    old = "{% block main %}\r\n{{ entry.thing.week }}\r\n{% endblock %}\r\n"
    (house / "templates/detail-post.html").write_bytes(old.encode())
    before = held(house)
    assert upgrade(house, str(new), dry_run=True) == 0
    sentence = "What was `entry.thing` in a template is called `entry.content`."
    assert f"templates/detail-post.html: {sentence}" in capfd.readouterr().out
    assert held(house) == before
    assert upgrade(house, str(new), yes=True) == 0
    fresh = (house / "templates/detail-post.html").read_bytes().decode()
    assert fresh == old.replace("thing", "content")
    assert undo(house, say=lambda _: None) == 0
    assert (house / "templates/detail-post.html").read_bytes().decode() == old
    assert held(house) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{{ entry.thing.week }} thing", "{{ entry.content.week }} thing"),
        ("<p>\n  {%- if x.thing -%}\n\n y", "<p>\n  {%- if x.content -%}\n\n y"),
        ('{{ entry["thing"].week }}', '{{ entry["content"].week }}'),
        ("{{ posts|map(attribute='thing.week') }}", "{{ posts|map(attribute='content.week') }}"),
        ("{{ p|selectattr('thing.week', '==', 'thing')|list }}", None),
        ("{{ _('thing') }} {{ thing }} {{ thing.entry }}", None),
        ("{# entry.thing #}{% raw %}{{ entry.thing }}{% endraw %}", None),
        ("{{ entry.thing }", "{{ entry.thing }"),
        ("\ufeff{# {{ x #}\r\n{{ a.thing }}\r\n", "\ufeff{# {{ x #}\r\n{{ a.content }}\r\n"),
        ("{{ a.things }}{{ a.thing_of }}", None),
        ("{{ a.b.thing }}", "{{ a.b.content }}"),
    ],
)  # fmt: skip
def test_an_attribute_of_another_name_is_found_as_jinja_reads_it(old: str, new: str | None) -> None:
    if new is None:
        new = old.replace("'thing.week'", "'content.week'")
    rewrite = renamed_attribute("thing", "content")
    assert rewrite(old) == new
    assert rewrite(new) == new


def test_migrations_are_walked_from_the_version_that_wrote_the_files(tmp_path: Path) -> None:
    def step(version: str, old: str, new: str) -> Migration:
        return Migration(
            version=version,
            about=f"{old} is {new}.",
            files="content/**/*.md",
            rewrite=lambda text: text.replace(f"{old}:", f"{new}:"),
        )

    steps = (step("0.3.0", "team", "owner"), step("0.4.0", "owner", "kept_by"))
    files = {
        "content/roadmap/a.en.md": "---\nteam: homes\n---\n",
        "content/roadmap/b.en.md": "---\nowner: homes\n---\n",
        "content/roadmap/b.en.md.orig": "---\nowner: homes\n---\n",
        "content/roadmap/c.en.md": "---\ntitle: C\n---\n",
    }
    write(tmp_path, files)
    (tmp_path / "content/roadmap/d.en.md").write_bytes(b"team: \xff")
    assert migrate(tmp_path, "0.4.0", steps) == {}
    assert migrate(tmp_path, "0.3.0", steps) == {"content/roadmap/b.en.md": ["owner is kept_by."]}
    assert migrate(tmp_path, "0.1.0", steps) == {
        "content/roadmap/a.en.md": ["team is owner.", "owner is kept_by."]
    }
    assert (tmp_path / "content/roadmap/a.en.md").read_text() == "---\nkept_by: homes\n---\n"
    assert migrate(tmp_path, "0.1.0", steps) == {}


def test_what_was_edited_after_an_upgrade_is_kept_when_it_is_undone(new: Path, house: Path) -> None:
    before = held(house)
    assert upgrade(house, str(new), yes=True) == 0
    (house / "core/more.py").write_text("OURS = 1\n", encoding="utf-8")
    lines: list[str] = []
    assert undo(house, say=lines.append) == 0
    aside = "set-aside/0.2.0-edited/core/more.py"
    assert held(house) == before | {aside: "OURS = 1\n"}
    assert f"    {aside}" in lines
    assert undo(house, say=lines.append) == 1
    assert lines[-1] == "There is no upgrade to undo here."


def test_an_upgrade_that_is_killed_can_be_undone_and_begun_again(
    new: Path, house: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    before, copy = held(house), journal._copy  # noqa: SLF001 - to stop in the middle
    comparison = compare(Installation(house), Installation(new))

    def killed(source: Path, target: Path) -> None:
        if target == house / "run":
            raise KeyboardInterrupt
        copy(source, target)

    monkeypatch.setattr(journal, "_copy", killed)
    with pytest.raises(KeyboardInterrupt):
        journal.apply(Installation(house), Installation(new), comparison)
    monkeypatch.undo()
    assert held(house) != before
    assert upgrade(house, str(new), yes=True) == 1
    assert "./run upgrade --undo, then try again" in capfd.readouterr().out
    assert undo(house, say=lambda _: None) == 0
    assert held(house) == before
    assert upgrade(house, str(new), yes=True) == 0


def test_what_can_t_be_an_upgrade_gets_a_sentence(
    new: Path, house: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = held(house)
    empty, half, out = tmp_path / "empty", tmp_path / "half.zip", tmp_path / "out.tar"
    empty.mkdir()
    half.write_bytes(b"PK\x03\x04 and no more")
    with tarfile.open(out, "w") as archive:
        member = tarfile.TarInfo("../../outside.txt")
        member.size = 3
        archive.addfile(member, io.BytesIO(b"out"))
    with tarfile.open(tmp_path / "link.tar", "w") as archive:
        link = tarfile.TarInfo("here")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        archive.addfile(link)
    for name in ("../outside.txt", "/outside.txt", "..\\outside.txt"):
        with zipfile.ZipFile(tmp_path / f"{len(name)}.zip", "w") as zipped:
            zipped.writestr(name, "out")
    zipfile.ZipFile(tmp_path / "nothing.zip", "w").close()
    for wanted, sentence in {
        **{
            str(path): "is no archive of Open House, or it is broken."
            for path in (tmp_path / "link.tar", *tmp_path.glob("1?.zip"))
        },
        str(tmp_path / "nothing.zip"): "holds no Open House",
        "": "Write where the newer version is",
        str(empty): "holds no Open House",
        str(half): "is no archive of Open House, or it is broken.",
        str(out): "is no archive of Open House, or it is broken.",
        "http://house.example.org/new.zip": "isn't safe to ask",
        (tmp_path / "nowhere").as_uri(): "No version of Open House is to be had at",
        str(house): "can't be upgraded from itself",
    }.items():
        assert upgrade(house, wanted, yes=True) == 1
        assert sentence in capfd.readouterr().out
    assert held(house) == before
    assert upgrade(house, str(new), yes=True) == 0
    older = write(tmp_path / "older", OLD)
    assert upgrade(house, str(older), yes=True) == 1
    assert "What is there is 0.1.0, and this is 0.2.0 already." in capfd.readouterr().out
    capfd.readouterr()
    assert upgrade(house, str(new), yes=True) == 0
    assert "nothing newer is there" in capfd.readouterr().out


def test_a_version_that_nobody_remembers_is_taken_whole_and_can_be_undone(
    new: Path, house: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (new / "commands/upgrading/releases/0.1.0.txt").unlink()
    before = held(house)
    assert upgrade(house, str(new), yes=True) == 0
    assert "isn't known" in capfd.readouterr().out
    assert held(house)["theme/style.css"] == NEW["theme/style.css"]
    assert held(house)["theme/gone.css"] == LETTERS
    assert undo(house, say=lambda _: None) == 0
    assert held(house) == before


def test_edits_outlive_the_next_upgrade_too(
    new: Path, house: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert upgrade(house, str(new), yes=True) == 0
    newer = {"pyproject.toml": PROJECT.format("0.3.0"), "theme/style.css": LETTERS + "more\n"}
    git(house, "add", "--all")
    git(house, "commit", "--quiet", "--message=0.2.0")
    capfd.readouterr()
    assert upgrade(house, str(write(new, newer)), yes=True) == 0
    printed = capfd.readouterr().out
    assert "isn't known" not in printed
    assert "theme/style.css" in printed
    style = (house / "theme/style.css").read_text("utf-8")
    assert "our line\n" in style
    assert style.endswith("more\n")


def test_every_version_that_went_out_is_remembered() -> None:
    house = Installation(ROOT)
    dated = re.findall(r"(?m)^## \[(.+)\] - \d", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    assert dated
    for version in dated:
        assert version == house.version or house.release(version)


@pytest.fixture
def first_house(tmp_path: Path) -> Path:
    """0.1.0 as it went out, lived in: pages, a template, a plugin and edits of an association's."""
    listed = Installation(ROOT).release("0.1.0")
    assert listed
    assert len(listed) > 600
    house = tmp_path / "house"
    wanted = "".join(f"{blob_name}\n" for blob_name in listed.values()).encode()
    batch = subprocess.run(
        ["git", "cat-file", "--batch"], cwd=ROOT, input=wanted, check=True, capture_output=True
    )
    stream = io.BytesIO(batch.stdout)
    for name in listed:
        _, sort, *size = stream.readline().split()
        if sort == b"missing":
            pytest.skip("this clone doesn't go back to 0.1.0")
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        (house / name).write_bytes(stream.read(int(size[0])))
        stream.read(1)  # the line break after each
    git(house, "init", "--quiet", "--initial-branch=main")
    git(house, "add", "--all")
    git(house, "commit", "--quiet", "--message=0.1.0")
    asked = "{% if entry.thing.week %}<p>{{ entry.thing.week }}</p>{% endif %}"
    template = '{% extends "!theme/detail-post.html" %}{% block after %}' + asked + "{% endblock %}"
    post = POST.replace("](../pages/about.en.md)", "](https://example.org/)")
    week = post.replace("authors:", "type: weeknotes\nweek: 2026-W10\nauthors:")
    settings = (house / "pelicanconf.py").read_text(encoding="utf-8")
    unclosed = post.replace("The gutters are clear", "A table") + "\n<div>\n"
    files = {
        "site.toml": SITE,
        "content/posts/2026-03-04-gutters.en.md": week,
        "content/posts/2026-03-05-table.en.md": unclosed,
        "templates/detail-post.html": template,
        "local_plugins/bins.py": "ours",
        "plugins/post/__init__.py": "def register():\n    pass\n",
        "pelicanconf.py": settings.replace("PLUGINS = [", 'PLUGINS = [\n    "plugins.post",'),
        "README.md": "# Our house\n",
    }
    return lend_environment(write(house, files))


def test_from_the_first_version_to_now(first_house: Path, tmp_path: Path) -> None:
    """As docs/operating.md says for 0.1.0, which knows no upgrade: from the newer one's folder."""
    house, now = first_house, ready_copy(tmp_path / "now")
    theirs = ("content/posts/2026-03-04-gutters.en.md", "local_plugins/bins.py")
    before = {
        name: (house / name).read_text("utf-8")
        for name in (*theirs, "site.toml", "templates/detail-post.html")
    }
    menu = str(now / "commands" / "menu.py")
    words = [str(now / ".venv/bin/python"), "-P", menu, "upgrade", "--house", str(house)]
    done = subprocess.run([*words, "--yes"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "## [0.2.0]" in done.stdout
    assert "edited" in done.stdout.casefold()
    assert "templates/detail-post.html: What was `entry.thing`" in done.stdout
    # What 0.1.0 took and this version doesn't is said, and nothing else.
    assert "finds what you would have to mend that 0.1.0 doesn't (1):" in done.stdout
    assert "content/posts/2026-03-05-table.en.md:" in done.stdout
    assert {name: (house / name).read_text("utf-8") for name in theirs} == {
        name: before[name] for name in theirs
    }
    template = (house / "templates/detail-post.html").read_text("utf-8")
    assert template == before["templates/detail-post.html"].replace("thing", "content")
    assert (house / "local_plugins/post/__init__.py").is_file()
    assert (house / "site.toml").read_text("utf-8").startswith('plugins = ["post"]\n')
    assert Installation(now).files().items() <= Installation(house).files().items()
    assert (house / "set-aside").is_dir()
    assert undo(house, say=lambda _: None) == 0
    assert Installation(house).version == "0.1.0"
    assert not (house / "local_plugins/post").exists()
    assert (house / "README.md").read_text(encoding="utf-8") == "# Our house\n"
    assert {name: (house / name).read_text("utf-8") for name in before} == before
