"""What an item and a change tell: every fact that the association owes, in words and drawn."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from plugins.loop.reports import MOVES_A_PAGE
from tests.copies import ROOT
from tests.test_loop import CHANGE, CHANGE_PAGE, ITEM, html, loop_site, words
from tests.tiny import write_site

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
MEASURE = re.compile(r"measure:\n(  .*\n)+")
WHY_NOT = "why_not: {en: The drain isn't ours., cy: Nid ni biau'r draen.}\n"
SITE = loop_site()
WORSE = (
    SITE[CHANGE]
    .replace("value: 0,", "value: 5,")
    .replace("better: lower", "better: lower\n  target: 1")
)
EARLY = re.sub(r"  after:\n.*\n", "  after: []\n  next: 2026-09\n", SITE[CHANGE])
CANNOT = MEASURE.sub(WHY_NOT, SITE[CHANGE].replace("outcome: did", "outcome: cannot"))


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site whose item has three changes, none of which went well."""
    from commands.build import BuildOptions, build

    reviewed = "rung: consulted\nreviewed: 2026-02-20\nreview_every: 30 days\n"
    files = {
        ITEM: SITE[ITEM].replace("rung: consulted\n", reviewed),
        CHANGE: WORSE,
        "changes/2026-03-21-early-days.en.md": EARLY.replace("Gutters are", "Early gutters are"),
        "changes/2026-03-22-no-drain.en.md": CANNOT.replace("Gutters are", "No gutters are"),
    }
    tiny = write_site(tmp_path_factory.mktemp("told") / "association", loop_site(files))
    options = BuildOptions(
        root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output, strict=True, now=NOW
    )
    result = build(options)
    assert result.ok, (result.crash, *map(str, result.faults))
    return tiny.output


@pytest.mark.parametrize(
    ("page", "facts"),
    [
        (
            "en/roadmap/dry-walls",
            [
                "Who looks after it Repairs team",
                "Last looked at 20 February 2026",
                "We look at it again by 22 March 2026 Overdue",
                "You are asked step 2 of 5",
                "Now 10 February 2026 The ladder came. Considering 10 January 2026 Two of you have",
            ],
        ),
        (
            "cy/map-ffordd/dry-walls",
            [
                "Pwy sy'n gofalu amdano Y tîm atgyweirio",
                "20 Chwefror 2026",
                "22 Mawrth 2026",
                "gris 2 o 5",
                "Nawr 10 Chwefror 2026 Daeth yr ysgol. Yn ystyried 10 Ionawr 2026 Mae waliau dau",
            ],
        ),
    ],
)
def test_an_item_tells_who_when_how_much_say_and_every_move_with_its_reason(
    tree: Path, page: str, facts: list[str]
) -> None:
    page_text = words(tree, page)
    for fact in facts:
        assert fact in page_text


def test_a_change_that_made_it_worse_says_so_in_words_with_target_source_and_date(
    tree: Path,
) -> None:
    page_text = words(tree, CHANGE_PAGE)
    assert "It got worse. Wet walls: up from 2 to 5. Lower is better." in page_text
    assert "December 2025 before 2 Our own visits March 2026 5 Our own visits" in page_text
    assert "The target is 1 (the dashed line). We have not reached it." in page_text
    assert "It got worse." in words(tree, "en/changes")


def test_its_drawing_says_the_same_to_whoever_cannot_see_it(tree: Path) -> None:
    drawing = re.search(r'<svg class="plot".*?</svg>', html(tree, CHANGE_PAGE), re.DOTALL)
    assert drawing
    assert 'role="img" aria-labelledby="plot-title plot-words"' in drawing[0]
    assert '<title id="plot-title">Wet walls</title>' in drawing[0]
    assert "December 2025: 2. March 2026: 5. Target: 1.</desc>" in drawing[0]


def test_a_change_whose_number_is_still_to_come_says_when(tree: Path) -> None:
    page_text = words(tree, "en/changes/early-gutters-are-cleared-each-autumn")
    assert "It is too early to say. Wet walls was 2 before." in page_text
    assert "Next reading: September 2026." in page_text


def test_what_cannot_be_done_says_why_and_asks_nobody_whether_it_is_fixed(tree: Path) -> None:
    page = "en/changes/no-gutters-are-cleared-each-autumn"
    page_text = words(tree, page)
    assert "We cannot" in page_text
    assert "Why we cannot The drain isn't ours." in page_text
    assert "Is it fixed?" not in page_text
    assert "/fixed" not in html(tree, page)
    assert "Nid ni biau'r draen." in words(tree, page.replace("en/changes", "cy/newidiadau"))


def test_how_we_are_doing_names_what_nobody_looked_at_and_what_moved(tree: Path) -> None:
    page_text = words(tree, "en/how-we-are-doing")
    assert "Not looked at in time Dry walls since 22 March 2026" in page_text
    assert "Moves this quarter 10 February 2026 Dry walls : Now" in page_text


def test_what_moved_is_told_on_as_many_pages_as_it_needs(tmp_path: Path) -> None:
    from commands.build import BuildOptions, build

    first = date(2020, 1, 1)
    moves = [
        f"  - {{on: {first + timedelta(days=9 * n)}, to: {('later', 'next')[n % 2]}, "
        f"why: {{en: Reason {n}., cy: Rheswm {n}.}}}}"
        for n in range(MOVES_A_PAGE + 20)
    ]
    before, _, after = SITE[ITEM].partition("moves:\n")
    written = "\n".join([f"{before}moves:", *moves, after])
    tiny = write_site(tmp_path / "association", {**SITE, ITEM: written})
    result = build(
        BuildOptions(root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output, now=NOW)
    )
    assert result.ok, result.crash
    newest, older = html(tiny.output, "en/what-moved"), html(tiny.output, "en/what-moved/page/2")
    assert newest.count("<h3>") == MOVES_A_PAGE
    assert 'href="/en/what-moved/page/2/"' in newest
    assert "Reason 1." in older
    assert "Reason 1." not in newest
