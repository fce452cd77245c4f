"""A page that waits for its day is checked as on that day, in everything that it needs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from core.faults import Level
from tests.tiny import CHANGE, EVERY_KIND, MEETUP, ROADMAP

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands.build import BuildResult
    from tests.conftest import MakeSite

pytestmark = pytest.mark.long

NOW, THEN = datetime(2026, 6, 1, tzinfo=UTC), datetime(2099, 6, 1, tzinfo=UTC)
LATER = "changes/2099-01-01-later.en.md"
NAME = "posts/2099-01-01-later.en.md"


def post(title: str = "Later", fields: str = "", words: str = "") -> str:
    return f"---\ntitle: {title}\nsummary: S.\nauthors: [nia]\n{fields}---\nText. {words}\n"


WAITING = [
    (NAME, post(fields="image: {src: images/no.jpg, alt: {en: A, cy: A}}\n"), "no picture images"),
    (NAME, post(fields="image: {src: images/bad.jpg, alt: {en: A, cy: A}}\n"), "picture"),
    (NAME, post(words="\n\n![A house](../images/bad.jpg)"), "picture"),
    (NAME, post(title="The gutters are clear"), "is also that of"),
    (NAME, post(fields="aliases: [/en/blog/the-gutters-are-clear/]\n"), "is already the page"),
    (NAME, post(words="[A draft](../pages/draft.en.md)"), "isn't public"),
    (NAME, post(words="[A paper](../docs/no.pdf)"), "leads nowhere"),
    (LATER, CHANGE.replace("outcome", "because: [F-2K7Q9T]\noutcome"), "no record"),
    (LATER, CHANGE.replace("dry-walls", "no-walls"), "no “no-walls”"),
    (
        "meetups/later.en.md",
        MEETUP.replace("series: tea", "publish_on: 2099-01-01\nrepeats: FREQ=WEEKLY;COUNT=9\n"
        "timezone: Africa/Casablanca").replace("Tea in", "Coffee in"),
        "no rule that a calendar",
    ),
    (
        "roadmap/later.en.md",
        ROADMAP.replace("title: Dry walls", "title: Later\npublish_on: 2099-01-01").replace(
            "to: now", "to: done"
        ),
        "is done, and no change says",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "wrong"), WAITING)
def test_what_its_day_would_find_wrong_is_told_today(
    name: str, text: str, wrong: str, tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site(
        {
            **EVERY_KIND,
            name: text,
            "pages/draft.en.md": "---\ntitle: Draft\ndraft: true\n---\nDraft.\n",
            "images/bad.jpg": b"\xff\xd8\xff no picture",
        }
    )
    told_today = [
        fault.wrong for fault in built(tiny, now=NOW).faults if fault.level == Level.FAULT
    ]
    assert any(wrong in fault for fault in told_today), told_today
    assert not list(tiny.output.rglob("*bad*"))


def test_what_is_right_on_its_day_is_right_today(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site(
        {
            **EVERY_KIND,
            NAME: post(words="[Together](2099-01-01-also.en.md) [soon](/en/how-we-are-doing/)"),
            "posts/2099-01-01-also.en.md": post("Also", "aliases: [/en/old-news/]\n"),
        }
    )
    for now in (NOW, THEN):
        faults = built(tiny, now=now, strict=True).faults
        assert [fault.wrong for fault in faults if fault.level == Level.FAULT] == [
            "There is no page /en/how-we-are-doing/ on this site."  # nobody said anything yet
        ]
    assert not (tiny.output / "en/old-news").exists()


@pytest.mark.parametrize("fields", ["draft: true\n", "publish_on: 2098-01-01\n"])
def test_a_draft_that_has_a_day_waits_for_more_than_that(
    fields: str, tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site({**EVERY_KIND, NAME: post(fields=fields)})
    result = built(tiny, now=NOW, strict=True)
    assert (result.ok, result.crash) == (True, "")
