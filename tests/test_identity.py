"""Permanent identity: whatever becomes of titles, slugs, dates, languages and domains."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from core.faults import Report
from plugins.kinds.identity import (
    check_identities,
    episode_guid,
    identity,
    identity_in,
    permanent_id,
)
from plugins.kinds.models import Episode, Post, Text
from tests.copies import ROOT
from tests.feed_readers import Subscriber
from tests.tiny import EVERY_KIND, SITE, write_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.long

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
ID = "0b9725c1-3ab8-47a1-97ac-33bc017471a2"
POST = "posts/2026-03-04-clear-gutters.en.md"
FEEDS = ["en/feed.xml", "cy/feed.xml", "en/blog/feed.xml", "cy/blog/feed.xml"]


def text(path: str = POST, **lines: int) -> dict[str, Text]:
    return {"en": Text(lang="en", path=path, body="", body_line=1, lines=lines, title="Gutters")}


def test_a_thing_is_called_what_it_always_was() -> None:
    """Subscribers have these ids in their readers: a change here is a change to all of them."""
    post = Post(key="clear-gutters", texts=text(), original="en")
    assert permanent_id("moves/en") == "urn:uuid:27cf50be-783f-5171-bdf6-9da7479033b0"
    assert identity(post) == permanent_id("post/clear-gutters")
    assert identity_in(post, "cy") == permanent_id("post/clear-gutters/cy")
    assert identity(Post(key="x", texts=text(), original="en", id=ID)) == permanent_id(ID)


def test_an_episode_that_moved_here_keeps_the_guid_that_apps_know() -> None:
    episode = Episode(key="ball", texts=text(), original="en", show="kettle", guid="tag:old,7")
    assert episode_guid(episode, "cy") == "tag:old,7"
    without = Episode(key="ball", texts=text(), original="en", show="kettle")
    assert episode_guid(without, "cy") == identity_in(without, "cy")


def test_an_id_that_was_copied_is_a_fault_that_names_both_files() -> None:
    report = Report()
    old = Post(key="a", texts=text("posts/a.en.md", id=3), original="en", id=ID)
    new = Post(key="b", texts=text("posts/b.en.md", id=4), original="en", id=ID)
    check_identities([old, new, Post(key="c", texts=text(), original="en")], report)
    (fault,) = report
    assert (fault.path, fault.line, fault.field) == ("posts/b.en.md", 4, "id")
    assert "posts/a.en.md" in fault.wrong


def test_two_episodes_with_one_guid_are_told_apart_from_ids() -> None:
    report = Report()
    episodes = [
        Episode(key=key, texts=text(f"podcast/{key}.en.md"), original="en", show="kettle", guid="g")
        for key in "ab"
    ]
    check_identities(episodes, report)
    assert [fault.field for fault in report] == ["guid"]


# --- a reader that we did not write, before and after -------------------------------------------


def build(folder: Path, files: dict[str, str], settings: str = SITE) -> Path:
    from commands import build as building

    tiny = write_site(folder, files, settings)
    options = building.BuildOptions(
        root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output, now=NOW
    )
    result = building.build(options)
    assert result.ok, result.crash
    return tiny.output


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("before") / "association", dict(EVERY_KIND))


def retitled(files: dict[str, str]) -> dict[str, str]:
    """Another title, summary and text for everything, in both languages."""
    return {
        name: body.replace("title: ", "title: Now, ").replace("summary: ", "summary: Again, ")
        for name, body in files.items()
    }


def readdressed(files: dict[str, str]) -> dict[str, str]:
    return {
        name: body.replace("\nsummary: ", f"\nslug: another-{number}\nsummary: ", 1)
        for number, (name, body) in enumerate(files.items())
    }


def redated(files: dict[str, str]) -> dict[str, str]:
    return {name.replace("2026-03-", "2026-02-"): body for name, body in files.items()}


CHANGES: dict[str, tuple[Callable[[dict[str, str]], dict[str, str]], str]] = {
    "title": (retitled, SITE),
    "slug": (readdressed, SITE),
    "date": (redated, SITE),
    "order of languages": (dict, SITE.replace('["cy", "en"]', '["en", "cy"]')),
    "domain": (dict, SITE.replace("tiny.example.org/", "other.example.org/house/")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_no_entry_is_new_after_a_change_of(change: str, before: Path, tmp_path: Path) -> None:
    subscriber = Subscriber(tmp_path / "root", FEEDS)
    assert all(update.new for update in subscriber.fetch(before).values())
    changed, settings = CHANGES[change]
    after = build(tmp_path / "association", changed(dict(EVERY_KIND)), settings)
    updates = subscriber.fetch(after)
    assert {path: entry.new for path, entry in updates.items()} == dict.fromkeys(FEEDS, 0)
    assert sum(entry.modified for entry in updates.values()) or change == "order of languages"


def test_a_thing_of_each_kind_is_in_the_feed_of_everything(before: Path, tmp_path: Path) -> None:
    subscriber = Subscriber(tmp_path, FEEDS)
    subscriber.fetch(before)
    links = " ".join(entry.link or "" for entry in subscriber.reader.get_entries())
    for word in ("blog", "meetups", "podcast", "roadmap", "changes", "experiments", "personas"):
        assert f"/en/{word}/" in links
