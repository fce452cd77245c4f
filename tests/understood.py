"""What the kinds make of a few files, and what they say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.faults import Fault, Level, Report
from core.site import parse_site
from plugins.kinds.parse import join
from plugins.kinds.source import take_apart
from plugins.sections.content_index import check_references
from tests.tiny import (
    EVERY_KIND,
    SITE,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.site import Site
    from plugins.kinds.models import (
        Kind,
    )


NAMES = {
    "post": "posts/2026-03-04-clear-gutters.en.md",
    "meetup": "meetups/2026-04-07-tea.en.md",
    "episode": "podcast/2026-03-11-tennis-ball.en.md",
    "roadmap": "roadmap/dry-walls.en.md",
    "change": "changes/2026-03-20-autumn-gutters.en.md",
    "experiment": "experiments/gutter-guard.en.md",
    "standard": "standard/ask-once.en.md",
    "persona": "personas/works-nights.en.md",
    "page": "pages/about.en.md",
}


def the_site(settings: str = SITE) -> Site:
    site = parse_site(settings, Report().at("site.toml"))
    assert site is not None
    return site


class Understood:
    """What is made of some files, and what is said of them."""

    def __init__(self, files: Mapping[str, str], site: Site | None = None) -> None:
        self.report, settings = Report(), site or the_site()
        read = {
            name: take_apart(name, text.encode(), settings, self.report.at(name))
            for name, text in files.items()
        }
        self.sources = [source for source in read.values() if source]
        unread = [name for name, source in read.items() if source is None]
        self.contents = join(self.sources, unread, settings, self.report)
        check_references(self.contents, self.sources, self.report)

    @property
    def faults(self) -> list[Fault]:
        return [fault for fault in self.report if fault.level == Level.FAULT]

    @property
    def advice(self) -> list[Fault]:
        return [fault for fault in self.report if fault.level == Level.ADVICE]

    def of(self, kind: Kind) -> Any:
        """The one thing of that kind, or None."""
        contents = [content for content in self.contents if content.kind == kind]
        assert len(contents) < 2
        return contents[0] if contents else None


def changed(kind: Kind, old: str, new: str) -> Understood:
    """The tiny site with one thing of that kind written otherwise."""
    name = NAMES[kind]
    text = EVERY_KIND[name]
    assert old in text
    return Understood(EVERY_KIND | {name: text.replace(old, new, 1)})
