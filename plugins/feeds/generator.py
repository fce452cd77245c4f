"""Plans the feeds once every page is planned, and writes them once every page is written."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pelican.generators import Generator

from core import templating as speaking
from plugins.feeds.atom import atom
from plugins.feeds.json_feed import MEDIA_TYPE as JSON_TYPE
from plugins.feeds.json_feed import json_feed
from plugins.feeds.model import Head
from plugins.feeds.opml import opml
from plugins.feeds.plan import FEED, JSON_FEED, plan_feeds, with_feeds
from plugins.feeds.stories import documents
from plugins.feeds.subscribing import OPML, subscribe_pages
from plugins.feeds.telling import Teller
from plugins.sections import templating
from plugins.sections.assets import Assets
from plugins.sections.sheets import check_addresses

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pelican.writers import Writer

    from plugins.feeds.plan import Feed
    from plugins.feeds.stories import Story
    from plugins.sections.edition import Edition
    from plugins.sections.entries import Entry
    from plugins.sections.sheets import Sheet, Subscription

NEVER = date(1970, 1, 1)  # when a feed that tells nothing was last changed
TEMPLATE = "feed-entry.html"


class FeedsGenerator(Generator):
    """Adds feeds and the page that explains them; comes after all that has its own to offer."""

    def generate_context(self) -> None:
        """Plan the feeds, offer them on the pages they go with, and list all that there are."""
        edition: Edition = self.context["edition"]
        sheets: list[Sheet] = self.context["sheets"]
        feeds = plan_feeds(edition, self.context["loop"], sheets)
        offered: list[Subscription] = self.context.setdefault("subscriptions", [])
        pages = list(subscribe_pages(edition, feeds, offered))
        offered += [one for feed in feeds for one in feed.subscriptions]
        found = check_addresses(with_feeds([*sheets, *pages], feeds), edition.report)
        edition.paths.update(sheet.path for sheet in found)
        edition.paths.update(one.path for one in offered)
        self.context["sheets"] = found
        self.feeds = feeds

    def generate_output(self, _: Writer) -> None:
        """Write the feeds, their archives and the list of them all."""
        edition: Edition = self.context["edition"]
        order = self.settings["ORDER"]
        speaking.install(self.env, order.templates(self.theme), edition.wordings)
        templating.install(self.env, edition, Assets(Path(self.theme) / "static"))
        self.teller = Teller(edition, self._content, self.context.get("recordings", {}))
        for feed in self.feeds:
            self._write(feed, edition)
        self._save(OPML, self._opml(edition))

    def _content(self, entry: Entry) -> str:
        """Return what an entry says, as readers of a feed are shown it."""
        edition: Edition = self.context["edition"]
        template = self.env.get_template(TEMPLATE)
        return template.render(site=edition.site, lang=entry.reader, entry=entry)

    def _write(self, feed: Feed, edition: Edition) -> None:
        """Write every document of a feed."""
        parts = documents(feed.stories, archived=feed.archived)
        newest = len(parts.archives)
        current = self._head(feed, edition, parts.current, feed.path, before=newest)
        for path in (feed.path, *(page + FEED for page in feed.old_pages)):
            if path == feed.path or path not in edition.paths:
                self._save(path, atom(current, map(self.teller.tell, parts.current)))
        for number, stories in enumerate(parts.archives, 1):
            path = feed.archive(number)
            head = self._head(feed, edition, stories, path, before=number - 1)
            self._save(path, atom(head, map(self.teller.tell, stories)))
        if feed.in_json:
            path = feed.page + JSON_FEED
            head = self._head(feed, edition, parts.current, path)
            self._save(path, json_feed(head, map(self.teller.tell, parts.current)))

    @staticmethod
    def _head(
        feed: Feed, edition: Edition, stories: Sequence[Story], path: str, *, before: int = 0
    ) -> Head:
        """Return what a document says of itself.

        :param before: the number of the archive that holds what is older; 0 when nothing is.
        """
        site = edition.site.name.get(feed.lang).text
        is_archive = path not in {one.path for one in feed.subscriptions}
        return Head(
            id=feed.id,
            title=f"{feed.title} – {site}",
            lang=feed.lang,
            author=site,
            rights=edition.site.licence,
            page=edition.absolute(feed.page),
            itself=edition.absolute(path),
            updated=max((story.updated for story in stories), default=NEVER),
            current=edition.absolute(feed.path) if is_archive else "",
            previous=edition.absolute(feed.archive(before)) if before else "",
        )

    def _opml(self, edition: Edition) -> Iterable[str]:
        offered: list[Subscription] = self.context["subscriptions"]
        folders = {
            edition.wordings[lang].own_name: [
                one for one in offered if one.lang == lang and one.type != JSON_TYPE
            ]
            for lang in edition.site.languages
        }
        title = edition.site.name.get(edition.site.languages[0]).text
        return opml(title, folders, edition.absolute)

    def _save(self, name: str, parts: Iterable[str]) -> None:
        """Write a file part by part, so that it is never whole in memory."""
        target = Path(self.output_path) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(parts)
