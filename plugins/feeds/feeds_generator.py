"""Plans the feeds once every page is planned, and writes them once every page is written."""

from __future__ import annotations

import tempfile
from datetime import date
from typing import TYPE_CHECKING

from plugins.feeds.atom import atom
from plugins.feeds.entry_renderer import EntryRenderer
from plugins.feeds.items import documents
from plugins.feeds.json_feed import MEDIA_TYPE as JSON_TYPE
from plugins.feeds.json_feed import json_feed
from plugins.feeds.model import FeedHead
from plugins.feeds.opml import opml
from plugins.feeds.plan import FEED, JSON_FEED, Feed, plan_feeds, with_feeds
from plugins.feeds.subscribe_page import OPML, subscribe_pages
from plugins.loop.relations import Loop
from plugins.podcast.podcast_generator import HeardEpisodes
from plugins.sections.site_generator import SiteGenerator, registers
from plugins.sections.views import give_functions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pelican.writers import Writer

    from plugins.feeds.items import FeedItem
    from plugins.sections.build_context import BuildContext
    from plugins.sections.entries import Entry

NEVER = date(1970, 1, 1)  # when a feed that tells nothing was last changed
TEMPLATE = "feed-entry.html"


class FeedsGenerator(SiteGenerator):
    """Adds feeds and the page that explains them; comes after all that has its own to offer."""

    def generate_context(self) -> None:
        """Plan the feeds, offer them on the pages they go with, and list all that there are."""
        build = self.build
        self.feeds = plan_feeds(build, build.shared(Loop), self.plan.pages)
        self.feeds += build.all_shared(Feed)
        pages = list(subscribe_pages(build, self.feeds, self.plan.subscriptions))
        self.plan.subscriptions.extend(offer for feed in self.feeds for offer in feed.subscriptions)
        self.plan.take(with_feeds([*self.plan.pages, *pages], self.feeds))
        build.paths.update(subscription.path for subscription in self.plan.subscriptions)

    def generate_output(self, _: Writer) -> None:
        """Write the feeds, their archives and the list of them all."""
        build = self.build
        self.speak()
        give_functions(self.env, build, self.assets)
        sounds = build.shared(HeardEpisodes).recordings
        with tempfile.TemporaryFile() as spool:
            self.renderer = EntryRenderer(build, self._content, sounds, spool)
            for feed in self.feeds:
                self._write(feed, build)
        self.write(OPML, self._opml(build))

    def _content(self, entry: Entry) -> str:
        """Return what an entry says, as readers of a feed are shown it."""
        template = self.env.get_template(TEMPLATE)
        return template.render(site=self.build.site, lang=entry.reader, entry=entry)

    def _write(self, feed: Feed, build: BuildContext) -> None:
        """Write every document of a feed."""
        parts = documents(feed.items, archived=feed.archived)
        newest = len(parts.archives)
        current = self._head(feed, build, parts.current, feed.path, before=newest)
        for path in (feed.path, *(page + FEED for page in feed.old_pages)):
            if path == feed.path or path not in build.paths:
                self.write(path, atom(current, map(self.renderer.atom, parts.current)))
        if feed.in_json:
            path = feed.page + JSON_FEED
            head = self._head(feed, build, parts.current, path)
            self.write(path, json_feed(head, map(self.renderer.render, parts.current)))
        for number, items in enumerate(parts.archives, 1):
            path = feed.archive(number)
            head = self._head(feed, build, items, path, before=number - 1)
            self.write(path, atom(head, map(self.renderer.atom, items)))

    @staticmethod
    def _head(
        feed: Feed, build: BuildContext, items: Sequence[FeedItem], path: str, *, before: int = 0
    ) -> FeedHead:
        """Return what a document says of itself.

        :param before: the number of the archive that holds what is older; 0 when nothing is.
        """
        site = build.site.name.get(feed.lang).text
        is_archive = path not in {subscription.path for subscription in feed.subscriptions}
        return FeedHead(
            id=feed.id,
            title=f"{feed.title} – {site}",
            lang=feed.lang,
            author=site,
            rights=build.site.licence,
            page=build.absolute(feed.page),
            itself=build.absolute(path),
            updated=max((item.updated for item in items), default=NEVER),
            current=build.absolute(feed.path) if is_archive else "",
            previous=build.absolute(feed.archive(before)) if before else "",
        )

    def _opml(self, build: BuildContext) -> Iterable[str]:
        folders = {
            build.wordings[lang].own_name: [
                subscription
                for subscription in self.plan.subscriptions
                if subscription.lang == lang and subscription.type != JSON_TYPE
            ]
            for lang in build.site.languages
        }
        title = build.site.name.get(build.site.languages[0]).text
        return opml(title, folders, build.absolute)


register = registers(FeedsGenerator)
