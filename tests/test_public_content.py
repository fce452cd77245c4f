"""What the public sees, on which day and in which order."""

from __future__ import annotations

from datetime import date

import pytest

from plugins.kinds.models import (
    Content,
    Kind,
)
from plugins.sections.content_index import ContentIndex, shown
from tests.tiny import (
    EVERY_KIND,
    STANDARD,
)
from tests.understood import Understood, changed

TODAY = date(2026, 3, 4)


def keys(contents: list[Content], *, drafts: bool = False) -> set[str]:
    return {content.key for content in shown(contents, TODAY, drafts=drafts).contents}


def page(*front: str, title: str = "A") -> str:
    return "\n".join(["---", f"title: {title}", "summary: B", *front, "---", "C", ""])


def test_a_draft_is_for_the_preview_alone() -> None:
    contents = Understood({"pages/a.en.md": page("draft: true"), "pages/b.en.md": page()}).contents
    assert keys(contents) == {"b"}
    assert keys(contents, drafts=True) == {"a", "b"}


def test_a_translation_s_draft_hides_itself_alone() -> None:
    files = {"pages/a.en.md": page("menu: main"), "pages/a.cy.md": page("draft: true")}
    (public,) = shown(Understood(files).contents, TODAY, drafts=False).contents
    assert set(public.texts) == {"en"}
    files = {"pages/a.en.md": page("menu: main", "draft: true"), "pages/a.cy.md": page()}
    assert keys(Understood(files).contents) == set()


@pytest.mark.parametrize(
    ("name", "front", "public"),
    [
        ("posts/2026-03-04-x.en.md", (), True),
        ("posts/2026-03-05-x.en.md", (), False),
        ("posts/2026-03-01-x.en.md", ("publish_on: 2026-03-05",), False),
        ("posts/2026-03-01-x.en.md", ("publish_on: 2026-03-04",), True),
        ("pages/x.en.md", ("publish_on: 2026-03-05",), False),
        ("pages/x.en.md", ("publish_on: 2026-03-04",), True),
    ],
)
def test_what_is_scheduled_waits_for_its_day(
    name: str, front: tuple[str, ...], *, public: bool
) -> None:
    contents = Understood({name: page(*front)}).contents
    assert bool(keys(contents)) == public
    assert keys(contents, drafts=True) == {"x"}


def test_a_meetup_to_come_is_public_today() -> None:
    assert "tea" in keys(Understood(EVERY_KIND).contents)


def test_lists_have_the_newest_first_and_the_standard_by_number() -> None:
    files = {
        "posts/2026-01-01-a.en.md": page(),
        "posts/2026-02-01-b.en.md": page(),
        "standard/one.en.md": STANDARD.replace('"1.1"', '"1.10"'),
        "standard/two.en.md": STANDARD.replace('"1.1"', '"1.9"'),
    }
    index = ContentIndex(tuple(Understood(files).contents))
    assert [content.key for content in index.of_kind[Kind.POST]] == ["b", "a"]
    assert [content.key for content in index.of_kind[Kind.STANDARD]] == ["two", "one"]


@pytest.mark.parametrize(
    ("kind", "day"),
    [
        (Kind.ROADMAP, date(2026, 2, 10)),
        (Kind.EXPERIMENT, date(2026, 3, 1)),
        (Kind.PERSONA, date(2026, 1, 15)),
        (Kind.POST, date(2026, 3, 4)),
    ],
)
def test_the_last_change_comes_from_the_facts(kind: Kind, day: date) -> None:
    assert Understood(EVERY_KIND).of(kind).last_changed == day
    later = changed(kind, "title:", "updated: 2026-08-08\ntitle:").of(kind)
    assert later.last_changed == date(2026, 8, 8)
