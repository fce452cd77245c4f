"""What each show has for listeners of each language: its episodes, its streams, its picture."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from plugins.kinds.models import Episode, Kind
from plugins.podcast.addresses import PodcastAddresses
from plugins.sections.entries import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.shows import Show
    from plugins.podcast.episode_media import EpisodeMedia, Sound
    from plugins.sections.build_context import BuildContext


@dataclass(frozen=True)
class ChannelItem:
    """An episode as a feed has it."""

    episode: Episode
    entry: Entry
    sound: Sound
    words: list[str]  # the languages in which it can be read


@dataclass(frozen=True)
class ChannelStream:
    """An episode that is streamed, until its recording is there."""

    episode: Episode
    entry: Entry
    status: str  # pending, live or ended


@dataclass(frozen=True)
class PodcastChannel:
    """A show for listeners of one language, the newest episode first."""

    build: BuildContext
    show: Show
    lang: str
    items: tuple[ChannelItem, ...] = ()
    streams: tuple[ChannelStream, ...] = ()
    artwork: str = field(default="")  # the picture's path, relative to the site's root

    @property
    def path(self) -> str:
        """Return the path of its feed."""
        return PodcastAddresses(self.build).feed(self.show.key, self.lang)

    @property
    def url(self) -> str:
        """Return the address of its feed."""
        return self.build.absolute(self.path)

    def at_old_addresses(self) -> Iterator[tuple[str, PodcastChannel]]:
        """Yield where the feed stood under its show's old keys, and what it says there.

        Apps that look there are told where it is (itunes:new-feed-url), and see nothing twice.
        """
        for word in self.build.site.succession("shows").replaced(self.show.key):
            show = self.show
            if self.lang not in dict(show.new_feed_url):
                moved = (*show.new_feed_url, (self.lang, self.url))
                show = replace(show, new_feed_url=moved)
            path = PodcastAddresses(self.build).feed(word.key, self.lang)
            yield path, replace(self, show=show)


def channels(
    build: BuildContext, aired: Mapping[str, EpisodeMedia], artworks: Mapping[str, str]
) -> list[PodcastChannel]:
    """Return the channels that have anything to hear and a picture to show.

    :param artworks: the path of each show's picture, by the show's key.
    """
    listed = []
    for show in build.site.shows.values():
        episodes = [episode for episode in _episodes(build) if episode.show == show.key]
        for lang in build.site.languages:
            channel = PodcastChannel(
                build,
                show,
                lang,
                tuple(_items(build, show, episodes, aired, lang)),
                tuple(_streams(build, episodes, aired, lang)),
                artworks.get(show.key, ""),
            )
            if (channel.items or channel.streams) and channel.artwork:
                listed.append(channel)
    return listed


def shows_heard(build: BuildContext) -> list[Show]:
    """Return the shows of which something can be heard, whatever is still wrong with it."""
    heard = {episode.show for episode in _episodes(build) if episode.audio or _streamed(episode)}
    return [show for key, show in build.site.shows.items() if key in heard]


def _episodes(build: BuildContext) -> list[Episode]:
    contents = build.index.of_kind[Kind.EPISODE]
    return [episode for episode in contents if isinstance(episode, Episode) and episode.date]


def _items(
    build: BuildContext,
    show: Show,
    episodes: list[Episode],
    aired: Mapping[str, EpisodeMedia],
    lang: str,
) -> Iterator[ChannelItem]:
    """Yield the episodes that were recorded in a language.

    Somebody who subscribes to the English feed expects English. So what was recorded in Welsh
    alone is in the Welsh feed alone, unless the show says that its listeners take both.
    """
    for episode in episodes:
        media = aired[episode.key]
        sound = media.sound_for(lang) if show.every_recording else media.sounds.get(lang)
        if sound:
            yield ChannelItem(episode, Entry(episode, lang, build), sound, media.words_of(sound))


def _streams(
    build: BuildContext, episodes: list[Episode], aired: Mapping[str, EpisodeMedia], lang: str
) -> Iterator[ChannelStream]:
    for episode in episodes:
        live = episode.live
        if live and _streamed(episode) and lang in episode.texts and not aired[episode.key].sounds:
            status = (
                "pending" if build.now < live.start else "live" if build.now < live.end else "ended"
            )
            yield ChannelStream(episode, Entry(episode, lang, build), status)


def _streamed(episode: Episode) -> bool:
    return bool(episode.live and episode.live.stream)
