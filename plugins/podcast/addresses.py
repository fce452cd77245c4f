"""Where a podcast's feeds and files are: below the site's root, in each language's own words.

They are made from keys, which never change: an app that knows a feed's address knows it for ever.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from plugins.kinds.models import Kind
from plugins.sections.link_resolver import FILES

if TYPE_CHECKING:
    from core.shows import Show
    from plugins.kinds.models import Episode
    from plugins.podcast.episode_media import Sound
    from plugins.sections.build_context import BuildContext

# The Podcast Index's own, in which the id of a feed is made from its address.
_INDEX = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")


@dataclass(frozen=True)
class App:
    """A podcast app, and the link that opens a feed in it."""

    name: str
    url: str


@dataclass(frozen=True)
class PodcastAddresses:
    """Paths relative to the site's root."""

    build: BuildContext

    def feed(self, show: str, lang: str) -> str:
        """Return the feed of a show."""
        return f"{self.build.addresses.section(Kind.EPISODE, lang)}{show}.rss"

    def transcript(self, episode: Episode, lang: str, form: str) -> str:
        """Return an episode's transcript in a form such as srt."""
        return f"{self._beside(episode, lang)}.{form}"

    def chapters(self, episode: Episode, lang: str) -> str:
        """Return an episode's chapters."""
        return f"{self._beside(episode, lang)}.chapters.json"

    def sound(self, sound: Sound) -> str:
        """Return a recording."""
        return FILES + sound.file

    def _beside(self, episode: Episode, lang: str) -> str:
        section = self.build.addresses.section(Kind.EPISODE, lang)
        return f"{section}{episode.show}/{episode.key}"


def feed_id(show: Show, lang: str, url: str) -> str:
    """Return a feed's permanent id (podcast:guid).

    Once it is written into site.toml it stays, wherever the feed moves. Until then it is made
    from the feed's address, as the Podcast Index does it: two associations may both have a show
    with the key "podcast", so the key alone would give them one id.

    :param url: the feed's address, absolute.
    """
    return dict(show.guid).get(lang) or str(uuid.uuid5(_INDEX, url.partition("://")[2].rstrip("/")))


def apps(url: str) -> list[App]:
    """Return links that open a feed in common apps: to the app itself, past any website.

    :param url: the feed's address, absolute.
    """
    bare = url.partition("://")[2]
    return [
        App("Apple Podcasts", f"podcast://{bare}"),
        App("Overcast", f"overcast://x-callback-url/add?url={quote(url, safe='')}"),
        App("Pocket Casts", f"pktc://subscribe/{bare}"),
        App("AntennaPod", f"antennapod-subscribe://{bare}"),
    ]
