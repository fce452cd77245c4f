"""Nothing moves in silence: what was public once stays, or says why it is gone."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from core.faults import Level, Report
from core.public import public_history
from core.public.public_history import MANIFEST_IN_CONTENT, MANIFEST_IN_TREE
from core.site import parse_site
from plugins.kinds.parse import join
from plugins.loop import history_audit
from plugins.loop.record_loader import load_records
from plugins.loop.relations import Loop
from plugins.sections.content_folder import read_folder
from plugins.sections.content_index import ContentIndex, shown
from tests.copies import ROOT
from tests.documented import read
from tests.test_loop import CHANGE, HEARD, ITEM, RECORD, loop_site
from tests.tiny import ABOUT, write_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commands.build import BuildResult
    from tests.conftest import MakeSite
    from tests.tiny import TinySite

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
WITHDRAWN = """\
withdrawn:
  on: 2026-03-01
  why: {en: The wall is gone., cy: Mae'r wal wedi mynd.}
"""
NOW_MOVE = """\
  - on: 2026-02-10
    to: now
    why: {en: The ladder came., cy: Daeth yr ysgol.}
"""
DONE = """\
  - on: 2026-03-10
    to: done
    why: {en: The gutters are new., cy: Mae'r cwteri'n newydd.}
---
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a first build of the small site writes down."""
    from commands.build import BuildOptions, build

    tiny = write_site(tmp_path_factory.mktemp("first") / "association", loop_site())
    options = BuildOptions(
        root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output, now=NOW
    )
    assert build(options).ok
    return (tiny.output / MANIFEST_IN_TREE).read_text(encoding="utf-8")


def faults_of(tiny: TinySite) -> list[str]:
    """What comparing finds wrong, without writing a page."""
    report = Report()
    site = parse_site(tiny.site.read_text(encoding="utf-8"), report.at("site.toml"))
    assert site
    inside = report.within("content")
    folder = read_folder(tiny.content, site, inside)
    everything = ContentIndex(tuple(join(folder.sources, folder.unread, site, inside)))
    index = shown(everything.contents, NOW.date(), drafts=False)
    loop = Loop(index, load_records(tiny.content, site, inside))
    manifest = (tiny.content / MANIFEST_IN_CONTENT).read_text(encoding="utf-8")
    before = public_history.from_text(manifest, inside.at(MANIFEST_IN_CONTENT))
    history_audit.check_done(loop, inside)
    history_audit.compare(before, loop, everything.by_key, inside)
    return [str(fault) for fault in report if fault.level == Level.FAULT]


@pytest.fixture
def after(tiny_site: MakeSite, published: str) -> Callable[..., list[str]]:
    """Change a published site; returns what is wrong then: `after({"roadmap/…": "…"}, "gone")`."""

    def make(files: dict[str, str], *without: str) -> list[str]:
        content = {**loop_site(), MANIFEST_IN_CONTENT: published, **files}
        return faults_of(
            tiny_site({name: text for name, text in content.items() if name not in without})
        )

    return make


def test_what_stands_as_it_was_published_is_fine(after: Callable[..., list[str]]) -> None:
    assert after({}) == []


def test_what_is_new_needs_nothing(after: Callable[..., list[str]]) -> None:
    new = RECORD.replace("F-2K7Q9T", "F-BBBBBB")
    item = loop_site()[ITEM].replace("Dry walls", "Dry cellars")
    assert after({"feedback/2026/f-bbbbbb.yaml": new, "roadmap/dry-cellars.en.md": item}) == []


def test_a_record_cannot_vanish(after: Callable[..., list[str]]) -> None:
    (fault,) = after({}, "feedback/2026/f-g7h5qt.yaml")
    assert "The record F-G7H5QT was public, and is gone." in fault
    assert "./run pull" in fault


def test_a_record_may_become_a_tombstone(after: Callable[..., list[str]]) -> None:
    stone = "ref: F-G7H5QT\nwithdrawn: 2026-04\nreceived: 2026-02\n"
    assert after({"feedback/2026/f-g7h5qt.yaml": stone}) == []


def test_a_tombstone_cannot_vanish_either(after: Callable[..., list[str]]) -> None:
    (fault,) = after(
        {ITEM: loop_site()[ITEM].replace(", F-V5M8QZ", "")}, "feedback/2026/f-v5m8qz.yaml"
    )
    assert "The record F-V5M8QZ was public, and is gone." in fault


TURN = "- {item: dry-walls, to: reopened, on: 2026-03-05}\n"
SETTLED = "- {item: dry-walls, to: settled, on: 2026-03-25}\n"


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        (TURN, 0),
        (TURN + SETTLED, 0),
        ("", 1),
        (TURN.replace("03-05", "03-06"), 1),
        (SETTLED, 1),
    ],
)
def test_a_day_on_which_tenants_reopened_something_cannot_vanish_or_move(
    after: Callable[..., list[str]], published: str, lines: str, faults: int
) -> None:
    turned = {MANIFEST_IN_CONTENT: published + "turn dry-walls 01 2026-03-05 reopened\n"}
    text = f"turns:\n{lines}" if lines else "turns: []\n"
    reported = after({**turned, "feedback/turns.yaml": text})
    assert len(reported) == faults
    assert all("git checkout -- content/feedback/turns.yaml" in fault for fault in reported)


def lonely(name: str) -> str:
    """A file of the site, without what it says of the item."""
    text = loop_site()[name]
    return text.replace("roadmap: [dry-walls]\n", "").replace("roadmap: dry-walls\n", "")


def test_an_item_cannot_vanish(after: Callable[..., list[str]]) -> None:
    others = {name: lonely(name) for name in (CHANGE, "meetups/2026-04-07-tea.en.md")}
    (fault,) = after(others, ITEM)
    assert "The roadmap item “dry-walls” was public, and is gone." in fault
    assert "withdrawn:" in fault


def test_an_item_cannot_become_a_draft_or_a_thing_of_the_future(
    after: Callable[..., list[str]],
) -> None:
    text = loop_site()[ITEM].replace("rung:", "publish_on: 2027-01-01\nrung:")
    assert any("was public, and is gone" in fault for fault in after({ITEM: text}))


def test_an_item_may_be_taken_off_the_roadmap_with_a_reason(
    after: Callable[..., list[str]],
) -> None:
    text = loop_site()[ITEM].replace("topics:", WITHDRAWN + "topics:")
    assert after({ITEM: text}) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "Two of you have wet walls.",
            "Three of you have wet walls.",
            "The reason of 2026-01-10 was published, and is rewritten in en.",
        ),
        (
            "Mae waliau dau ohonoch yn wlyb.",
            "Mae waliau.",
            "The reason of 2026-01-10 was published, and is rewritten in cy.",
        ),
        (
            "2026-01-10",
            "2026-01-09",
            "published as “considering” on 2026-01-10, and is now “considering” on 2026-01-09",
        ),
        ("to: considering", "to: next", "and is now “next” on 2026-01-10"),
        (
            NOW_MOVE,
            "",
            "The move to now on 2026-02-10 was public, and is gone.",
        ),
    ],
)
def test_a_past_move_cannot_be_rewritten(
    after: Callable[..., list[str]], old: str, new: str, sentence: str
) -> None:
    text = loop_site()[ITEM]
    assert old in text
    (fault,) = after({ITEM: text.replace(old, new)})
    assert fault.startswith(f"content/{ITEM}:")
    assert sentence in fault


REASON = "why: {en: Two of you have wet walls., cy: Mae waliau dau ohonoch yn wlyb.}"
RIGHT = "why: {en: Some of you have wet walls., cy: Mae waliau rhai ohonoch yn wlyb.}"
CORRECTED = "\n    corrected: {on: 2026-03-15, why: {en: It said who., cy: Roedd yn dweud pwy.}}"


def test_a_reason_may_be_put_right_in_public(after: Callable[..., list[str]]) -> None:
    assert after({ITEM: loop_site()[ITEM].replace(REASON, RIGHT + CORRECTED)}) == []


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("", "", ""),
        ("Some of you", "A few", "is rewritten in en"),
        (CORRECTED, "", "is rewritten in corrected"),
        ("2026-03-15", "2026-03-20", ""),
    ],
)
def test_what_was_put_right_stays_so_until_it_is_put_right_again(
    after: Callable[..., list[str]], corrected: str, old: str, new: str, wrong: str
) -> None:
    right = loop_site()[ITEM].replace(REASON, RIGHT + CORRECTED)
    faults = after({MANIFEST_IN_CONTENT: corrected, ITEM: right.replace(old, new)})
    assert [wrong in fault for fault in faults] == ([True] if wrong else [])


def test_nothing_is_put_right_before_it_was_wrong(after: Callable[..., list[str]]) -> None:
    early = CORRECTED.replace("2026-03-15", "2026-01-01")
    (fault,) = after({ITEM: loop_site()[ITEM].replace(REASON, RIGHT + early)})
    assert "were put right on 2026-01-01, before they were public" in fault


def test_old_words_are_gone_everywhere_and_nothing_else_moves(
    corrections: tuple[Path, Path],
) -> None:
    before, after = corrections
    old, new = "Two of you have wet walls", "Some of you have wet walls"
    for path in ("en/roadmap/dry-walls/index.html", "en/what-moved/index.html"):
        page = (after / path).read_text(encoding="utf-8")
        assert new in page
        assert "Put right on 15 March 2026: It said who." in page
    assert not [path.name for path in texts(after) if old in path.read_text(encoding="utf-8")]
    for path in ("en/roadmap/dry-walls/feed.xml", "en/what-moved/feed.xml"):
        was, now = ((tree / path).read_text(encoding="utf-8") for tree in corrections)
        assert was.replace(old, new) == now  # the same ids and days: nobody is told twice
    moves = [
        json.loads((tree / "data/moves.json").read_text(encoding="utf-8"))["moves"]
        for tree in (before, after)
    ]
    for was, now in zip(*moves, strict=True):
        assert {**was, "why": 0, "modified": 0, "correction": 0} == {
            **now,
            "why": 0,
            "modified": 0,
            "correction": 0,
        }
    assert moves[1][0]["correction"] == {"en": "It said who.", "cy": "Roedd yn dweud pwy."}


def texts(tree: Path) -> list[Path]:
    return [path for path in tree.rglob("*") if path.suffix in {".html", ".xml", ".json", ".txt"}]


@pytest.fixture(scope="module")
def corrections(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A site before and after a reason of it was put right."""
    from commands.build import BuildOptions, build

    trees = []
    for text in (loop_site()[ITEM], loop_site()[ITEM].replace(REASON, RIGHT + CORRECTED)):
        tiny = write_site(tmp_path_factory.mktemp("put-right") / "a", {**loop_site(), ITEM: text})
        options = BuildOptions(
            root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output, now=NOW
        )
        assert build(options).ok
        trees.append(tiny.output)
    return trees[0], trees[1]


@pytest.fixture(scope="module")
def corrected(corrections: tuple[Path, Path]) -> str:
    """What a build writes down once a reason was put right."""
    return (corrections[1] / MANIFEST_IN_TREE).read_text(encoding="utf-8")


def test_git_forgets_the_words_by_the_docs_own_lines(tmp_path: Path) -> None:
    _, _, section = read("docs/operating.md").partition("## Words that must go from git's memory")
    lines = section.partition("```sh\n")[2].partition("```")[0]
    assert lines
    house, path = tmp_path / "house", "content/roadmap/stair-lights.en.md"
    (house / path).parent.mkdir(parents=True)
    quiet = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}

    def shell(script: str, folder: Path = house) -> str:
        command = ["sh", "-ec", script]
        return subprocess.run(
            command, cwd=folder, env=quiet, check=True, capture_output=True, errors="replace"
        ).stdout

    shell("git init -q -b main .; git config user.name Nia; git config user.email n@example.org")
    shell("git init -q --bare -b main ../online; git remote add origin ../online")
    for words in ("Dilys\n  fell", "Dilys fell twice", "Somebody fell"):
        (house / path).write_text(f"why: {words}\n", encoding="utf-8")
        shell("git add -A; git commit -qm Publish; git push -q origin main 2>&1")
    assert "Dilys" in shell("git log -p --all")
    shell("find .git/objects -type f -exec touch -d 2026-03-04 {} +")  # git keeps what is of now
    shell(lines)
    everything = shell("git cat-file --batch-all-objects --batch --buffer")
    assert "Dilys" not in everything
    assert "Somebody fell" in everything
    assert "Dilys" not in shell("git log -p --all", tmp_path / "online")
    assert len(shell("git log --oneline main", tmp_path / "online").splitlines()) == 3


def test_a_move_cannot_be_put_in_before_others(after: Callable[..., list[str]]) -> None:
    first = "moves:\n  - {on: 2026-01-01, to: later, why: {en: A., cy: A.}}\n"
    faults = after({ITEM: loop_site()[ITEM].replace("moves:\n", first)})
    assert any("is now “later”" in fault for fault in faults)


def test_a_new_move_is_fine_and_needs_its_reason(after: Callable[..., list[str]]) -> None:
    text = loop_site()[ITEM].replace("---\nWalls", DONE + "Walls")
    assert after({ITEM: text}) == []


def test_a_move_without_a_reason_is_a_fault(after: Callable[..., list[str]]) -> None:
    silent = DONE.replace("    why: {en: The gutters are new., cy: Mae'r cwteri'n newydd.}\n", "")
    faults = after({ITEM: loop_site()[ITEM].replace("---\nWalls", silent + "Walls")})
    assert any(
        "“why” is missing: the reason: nothing moves without one." in fault for fault in faults
    )


def test_another_way_to_break_lines_rewrites_nothing(after: Callable[..., list[str]]) -> None:
    folded = (
        "why:\n      en: >-\n        Two of you\n        have wet walls.\n"
        "      cy: Mae waliau dau ohonoch yn wlyb."
    )
    old = "why: {en: Two of you have wet walls., cy: Mae waliau dau ohonoch yn wlyb.}"
    assert after({ITEM: loop_site()[ITEM].replace(old, folded)}) == []


def test_done_needs_a_change_that_says_what_was_done(after: Callable[..., list[str]]) -> None:
    done = loop_site()[ITEM].replace("---\nWalls", DONE + "Walls")
    (fault,) = after({ITEM: done, CHANGE: lonely(CHANGE)})
    assert "“dry-walls” is done, and no change says what was done." in fault
    assert "./run new change" in fault


@pytest.mark.parametrize("line", ["{", "record", "move dry-walls one", "item two words"])
def test_a_line_that_cannot_be_read_is_said(
    after: Callable[..., list[str]], published: str, line: str
) -> None:
    (fault,) = after({MANIFEST_IN_CONTENT: f"{published}{line}\n"})
    assert "This line of what was published can't be read." in fault
    assert f":{len(published.splitlines()) + 1}:" in fault


def test_lists_of_two_people_put_together_are_one_list(
    after: Callable[..., list[str]], published: str
) -> None:
    assert after({MANIFEST_IN_CONTENT: published + published}) == []


def test_a_build_compares_and_a_preview_does_not(
    tiny_site: MakeSite, built: Callable[..., BuildResult], published: str
) -> None:
    files = {**loop_site(), MANIFEST_IN_CONTENT: published}
    del files["feedback/2026/f-g7h5qt.yaml"]
    tiny = tiny_site(files)
    (fault,) = (fault for fault in built(tiny, now=NOW).faults if fault.level == Level.FAULT)
    assert fault.code == "silence"
    assert not built(tiny, now=NOW, strict=True, output=tiny.folder / "other").ok
    assert built(tiny, now=NOW, strict=True, drafts=True).ok


def test_the_list_is_the_same_whenever_it_is_written_and_holds_no_words(published: str) -> None:
    assert "wet" not in published
    lines = published.splitlines()
    assert lines == [lines[0], *sorted(lines[1:])]
    records = [line.removeprefix("record ") for line in lines if line.startswith("record ")]
    files = sorted(name.rpartition("/")[2].removesuffix(".yaml").upper() for name in HEARD)
    assert records == files
    moves = [line.split()[:5] for line in lines if line.startswith("move ")]
    assert moves == [
        ["move", "dry-walls", "01", "2026-01-10", "considering"],
        ["move", "dry-walls", "02", "2026-02-10", "now"],
    ]


def test_the_sample_s_list_binds_the_sample_alone(
    tiny_site: MakeSite, built: Callable[..., BuildResult], published: str
) -> None:
    """Whoever deletes the sample owes nobody its roadmap."""
    header, _, lines = published.partition("\n")
    assert public_history.binds(published, sample=False)
    marked = f"{header}\n# It is the sample's.\n{lines}"
    tiny = tiny_site({MANIFEST_IN_CONTENT: marked, "pages/about.en.md": ABOUT})
    assert not [fault for fault in built(tiny, now=NOW).faults if fault.code == "silence"]
    settings = tiny.site.read_text(encoding="utf-8")
    tiny.site.write_text(f"sample = true\n{settings}", encoding="utf-8")
    sample = built(tiny, now=NOW, output=tiny.folder / "sample")
    assert [fault for fault in sample.faults if fault.code == "silence"]
    assert public_history.SAMPLES in (tiny.folder / "sample" / MANIFEST_IN_TREE).read_text("utf-8")
