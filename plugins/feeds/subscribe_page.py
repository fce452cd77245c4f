"""The page for people who have never seen a feed: what it is, and three steps for each way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plugins.feeds.json_feed import MEDIA_TYPE as JSON
from plugins.sections.planned_page import PlannedPage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from plugins.feeds.plan import Feed
    from plugins.sections.build_context import BuildContext
    from plugins.sections.planned_page import Subscription

OPML = "feeds.opml"
# Addresses stay the same for ever; a language that isn't here uses the English word.
WORDS = {"en": "subscribe", "cy": "tanysgrifio"}
MAIN = {"all", "kind", "moves"}


@dataclass(frozen=True)
class SubscribeLink:
    """Something to subscribe to, as the page prints it."""

    title: str
    url: str  # absolute, to be copied
    page: str  # the page that shows the same; "" when there is none

    @property
    def _from_host(self) -> str:
        return self.url.partition("://")[2]

    @property
    def webcal(self) -> str:
        """Return the address that a calendar opens."""
        return f"webcal://{self._from_host}"

    @property
    def apps(self) -> tuple[tuple[str, str], ...]:
        """Return podcast apps that open an address of their own: name and address."""
        return (
            ("Apple Podcasts", f"podcast://{self._from_host}"),
            ("AntennaPod", f"antennapod-subscribe://{self._from_host}"),
        )


def subscribe_path(lang: str) -> str:
    """Return where the page stands."""
    return f"{lang}/{WORDS.get(lang, WORDS['en'])}/"


def subscribe_pages(
    build: BuildContext, feeds: Sequence[Feed], others: Iterable[Subscription]
) -> Iterator[PlannedPage]:
    """Plan the page in each language.

    :param others: podcasts and calendars, which other plugins made.
    """

    def offer(subscription: Subscription) -> SubscribeLink:
        page = build.link(subscription.page) if subscription.page else ""
        return SubscribeLink(subscription.title, build.absolute(subscription.path), page)

    beside = tuple(others)
    for lang in build.site.languages:
        _ = build.wordings[lang].gettext
        here = [feed for feed in feeds if feed.lang == lang]
        one_each = {feed.name: offer(feed.subscriptions[0]) for feed in here}
        yield PlannedPage(
            path=subscribe_path(lang),
            identity=("feeds", "subscribe"),
            lang=lang,
            template="subscribe.html",
            title=_("Hear what is new"),
            summary=_(
                "By feed reader, podcast app, calendar, e-mail or phone: choose what suits you."
            ),
            section="subscribe",
            menu="footer",
            data={
                "news": [one_each[feed.name] for feed in here if feed.sort in MAIN],
                "narrower": {
                    sort: [one_each[feed.name] for feed in here if feed.sort == sort]
                    for sort in ("topic", "item", "tag")
                },
                "json_feeds": [
                    offer(subscription)
                    for feed in here
                    for subscription in feed.subscriptions
                    if subscription.type == JSON
                ],
                "podcasts": [
                    offer(subscription)
                    for subscription in beside
                    if (subscription.sort, subscription.lang) == ("podcast", lang)
                ],
                "calendars": [
                    offer(subscription)
                    for subscription in beside
                    if (subscription.sort, subscription.lang) == ("calendar", lang)
                ],
                "opml": build.link(OPML),
            },
        )
