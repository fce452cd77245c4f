"""Plans the feeds once every page is planned, and writes them once every page is written."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pelican.generators import Generator

from core import templating as speaking
from plugins.feeds.atom import atom
from plugins.feeds.entry_renderer import EntryRenderer
from plugins.feeds.items import documents
from plugins.feeds.json_feed import MEDIA_TYPE as JSON_TYPE
from plugins.feeds.json_feed import json_feed
from plugins.feeds.model import Head
from plugins.feeds.opml import opml
from plugins.feeds.plan import FEED, JSON_FEED, plan_feeds, with_feeds
from plugins.feeds.subscribe_page import OPML, subscribe_pages
from plugins.sections import templating
from plugins.sections.assets import Assets
from plugins.sections.planned_page import check_addresses

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pelican.writers import Writer

    from plugins.feeds.items import FeedItem
    from plugins.feeds.plan import Feed
    from plugins.sections.build_context import BuildContext
    from plugins.sections.entries import Entry
    from plugins.sections.planned_page import PlannedPage, Subscription

NEVER = date(1970, 1, 1)  # when a feed that tells nothing was last changed
TEMPLATE = "feed-entry.html"


class FeedsGenerator(Generator):
    """Adds feeds and the page that explains them; comes after all that has its own to offer."""

    def generate_context(self) -> None:
        """Plan the feeds, offer them on the pages they go with, and list all that there are."""
        build: BuildContext = self.context["build"]
        planned: list[PlannedPage] = self.context["planned"]
        feeds = plan_feeds(build, self.context["loop"], planned)
        offered: list[Subscription] = self.context.setdefault("subscriptions", [])
        pages = list(subscribe_pages(build, feeds, offered))
        offered += [subscription for feed in feeds for subscription in feed.subscriptions]
        planned = check_addresses(with_feeds([*planned, *pages], feeds), build.report)
        build.paths.update(page.path for page in planned)
        build.paths.update(subscription.path for subscription in offered)
        self.context["planned"] = planned
        self.feeds = feeds

    def generate_output(self, _: Writer) -> None:
        """Write the feeds, their archives and the list of them all."""
        build: BuildContext = self.context["build"]
        order = self.settings["ORDER"]
        speaking.install(self.env, order.templates(self.theme), build.wordings)
        templating.install(self.env, build, Assets(Path(self.theme) / "static"))
        self.renderer = EntryRenderer(build, self._content, self.context.get("recordings", {}))
        for feed in self.feeds:
            self._write(feed, build)
        self._save(OPML, self._opml(build))

    def _content(self, entry: Entry) -> str:
        """Return what an entry says, as readers of a feed are shown it."""
        build: BuildContext = self.context["build"]
        template = self.env.get_template(TEMPLATE)
        return template.render(site=build.site, lang=entry.reader, entry=entry)

    def _write(self, feed: Feed, build: BuildContext) -> None:
        """Write every document of a feed."""
        parts = documents(feed.stories, archived=feed.archived)
        newest = len(parts.archives)
        current = self._head(feed, build, parts.current, feed.path, before=newest)
        for path in (feed.path, *(page + FEED for page in feed.old_pages)):
            if path == feed.path or path not in build.paths:
                self._save(path, atom(current, map(self.renderer.render, parts.current)))
        for number, stories in enumerate(parts.archives, 1):
            path = feed.archive(number)
            head = self._head(feed, build, stories, path, before=number - 1)
            self._save(path, atom(head, map(self.renderer.render, stories)))
        if feed.in_json:
            path = feed.page + JSON_FEED
            head = self._head(feed, build, parts.current, path)
            self._save(path, json_feed(head, map(self.renderer.render, parts.current)))

    @staticmethod
    def _head(
        feed: Feed, build: BuildContext, stories: Sequence[FeedItem], path: str, *, before: int = 0
    ) -> Head:
        """Return what a document says of itself.

        :param before: the number of the archive that holds what is older; 0 when nothing is.
        """
        site = build.site.name.get(feed.lang).text
        is_archive = path not in {subscription.path for subscription in feed.subscriptions}
        return Head(
            id=feed.id,
            title=f"{feed.title} – {site}",
            lang=feed.lang,
            author=site,
            rights=build.site.licence,
            page=build.absolute(feed.page),
            itself=build.absolute(path),
            updated=max((story.updated for story in stories), default=NEVER),
            current=build.absolute(feed.path) if is_archive else "",
            previous=build.absolute(feed.archive(before)) if before else "",
        )

    def _opml(self, build: BuildContext) -> Iterable[str]:
        offered: list[Subscription] = self.context["subscriptions"]
        folders = {
            build.wordings[lang].own_name: [
                subscription
                for subscription in offered
                if subscription.lang == lang and subscription.type != JSON_TYPE
            ]
            for lang in build.site.languages
        }
        title = build.site.name.get(build.site.languages[0]).text
        return opml(title, folders, build.absolute)

    def _save(self, name: str, parts: Iterable[str]) -> None:
        """Write a file part by part, so that it is never whole in memory."""
        target = Path(self.output_path) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(parts)
