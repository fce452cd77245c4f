"""Puts the podcast on air: reads recordings, adds to pages, and writes feeds and files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.faults import Report
from core.nodes import line_of, read_toml
from plugins.images import ImageFault
from plugins.images.cache import Cache
from plugins.kinds.models import Episode, Kind
from plugins.podcast import chapters
from plugins.podcast.addresses import PodcastAddresses, feed_id
from plugins.podcast.artwork import cover_of, read_artwork
from plugins.podcast.channels import channels, shows_heard
from plugins.podcast.episode_media import media_of_episodes
from plugins.podcast.pages import Podcast
from plugins.podcast.rss import MAX_DESCRIPTION, rss
from plugins.podcast.transcripts import FORMS, written
from plugins.sections.build_context import Counted
from plugins.sections.site_generator import SiteGenerator, registers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import timedelta

    from pelican.writers import Writer

    from core.shows import Show
    from plugins.podcast.artwork import Artwork
    from plugins.podcast.episode_media import EpisodeMedia
    from plugins.sections.build_context import BuildContext, BuildOrder
    from plugins.sections.entries import Entry

ARTWORK = "assets/podcast/"


@dataclass(frozen=True)
class RecordingFile:
    """A recording as other feeds name it."""

    url: str  # absolute
    length: int  # in bytes
    type: str  # media type
    duration: timedelta


@dataclass(frozen=True)
class HeardEpisodes:
    """What is heard, by key of the episode and language, for the plugins that follow."""

    recordings: Mapping[tuple[str, str], RecordingFile]
    words: Mapping[tuple[str, str], list[tuple[int, str, str]]]  # second, speaker, what is said


class PodcastGenerator(SiteGenerator):
    """Adds what is heard to the pages that were planned; comes after the loop in PLUGINS."""

    def generate_context(self) -> None:
        """Read and check what is heard, and share it with the plugins that follow."""
        build, order = self.build, self.order
        aired = media_of_episodes(build, Cache(order.cache / "sound"))
        self.artworks = dict(self._artworks(build, order))
        paths = {key: ARTWORK + artwork.name for key, artwork in self.artworks.items()}
        self.podcast = podcast = Podcast(build, aired, channels(build, aired, paths))
        self._check_channels(order)
        self.plan.take([podcast.joined(page) for page in self.plan.pages])
        for lang in build.site.languages:
            self.plan.subscriptions.extend(podcast.subscriptions(lang))
        addresses = PodcastAddresses(build)
        shown = {episode.key: aired[episode.key] for episode in self._episodes()}
        recordings = {
            (key, lang): RecordingFile(
                build.absolute(addresses.sound(sound)),
                sound.recording.length,
                sound.recording.type,
                sound.recording.duration,
            )
            for key, media in shown.items()
            for lang, sound in media.sounds.items()
        }
        words = {
            (key, lang): [(cue.second, cue.speaker, cue.text) for cue in cues]
            for key, media in shown.items()
            for lang, cues in media.transcripts.items()
        }
        build.share(HeardEpisodes(recordings, words))
        build.counted.extend(_unread(shown.values(), build.site.languages))

        def episode_length(entry: Entry) -> timedelta | None:
            return aired[entry.key].length_for(entry.reader)

        build.for_templates["episode_length"] = episode_length
        for media in shown.values():
            build.used_files.update(sound.file for sound in media.sounds.values())

    def _episodes(self) -> list[Episode]:
        """Return the episodes that this build shows."""
        contents = self.podcast.build.index.of_kind[Kind.EPISODE]
        return [episode for episode in contents if isinstance(episode, Episode)]

    def _artworks(self, build: BuildContext, order: BuildOrder) -> Iterator[tuple[str, Artwork]]:
        """Yield the picture of each show that has a feed; a feed without one is refused."""
        settings = _Settings(order)
        cache = Cache(order.cache / "artwork")
        for show in shows_heard(build):
            if show.artwork is None:
                settings.fault(
                    show,
                    "artwork",
                    "The show has no picture, and podcast apps refuse a show without one.",
                    'Name a square one of 1400 to 3000 pixels: artwork = "podcast/show.png".',
                )
                continue
            if show.artwork not in build.folder.files:
                settings.fault(
                    show,
                    "artwork",
                    f"There is no file {show.artwork} in the content folder.",
                    "Check its name and folder.",
                )
                continue
            try:
                yield show.key, read_artwork(build.folder.root / show.artwork, cache)
            except ImageFault as fault:
                settings.fault(show, "artwork", f"{show.artwork}: {fault.wrong}", fault.instead)

    def _check_channels(self, order: BuildOrder) -> None:
        """Report what directories would hold against a feed."""
        settings = _Settings(order)
        unpinned: dict[str, dict[str, str]] = {}
        for channel in self.podcast.channels:
            if len(channel.show.description.get(channel.lang).text.encode()) > MAX_DESCRIPTION:
                settings.fault(
                    channel.show,
                    "description",
                    f"The description has more than {MAX_DESCRIPTION} bytes.",
                    "Shorten it: directories refuse longer ones.",
                )
            if channel.lang not in dict(channel.show.guid):
                unpinned.setdefault(channel.show.key, {})[channel.lang] = feed_id(
                    channel.show, channel.lang, channel.url
                )
            if channel.show.owner is None:
                settings.advise(
                    channel.show,
                    "owner",
                    "Nobody answers for the show, and Apple asks who does before it lists it.",
                    'Add owner = {email = "…"}: an address that the public may know.',
                )
        for key, ids in unpinned.items():
            show = self.podcast.build.site.shows[key]
            line = ", ".join(f'{lang} = "{guid}"' for lang, guid in (dict(show.guid) | ids).items())
            settings.advise(
                show,
                "guid",
                "The feed's permanent id is made from its address, which may change one day.",
                f"Write guid = {{{line}}}, and never change it again.",
            )

    def generate_output(self, _: Writer) -> None:
        """Write feeds, pictures of shows, transcripts and chapters."""
        for name, parts in self._files():
            self.write(name, parts)

    def _files(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        podcast = self.podcast
        for channel in podcast.channels:
            yield channel.path, rss(channel)
            for path, moved in channel.at_old_addresses():
                yield path, rss(moved)
        for artwork in self.artworks.values():
            yield ARTWORK + artwork.name, [artwork.data]
            yield cover_of(ARTWORK + artwork.name), [artwork.small]
        for episode in self._episodes():
            replaced = podcast.build.site.succession("shows").replaced(episode.show)
            for show in (episode.show, *(word.key for word in replaced)):
                yield from self._beside(replace(episode, show=show))

    def _beside(self, episode: Episode) -> Iterator[tuple[str, Iterable[bytes]]]:
        """Yield what stands beside an episode, in the folder of its show or where that was."""
        podcast = self.podcast
        aired = podcast.aired[episode.key]
        for lang, cues in aired.transcripts.items():
            for form in FORMS:
                path = podcast.addresses.transcript(episode, lang, form)
                yield path, [written(cues, form).encode()]
        for lang in podcast.build.site.languages if episode.chapters else ():
            if sound := aired.sound_for(lang):
                text = chapters.as_json(episode, lang, sound.lang)
                yield podcast.addresses.chapters(episode, lang), [text.encode()]


def _unread(shown: Collection[EpisodeMedia], languages: Iterable[str]) -> Iterator[Counted]:
    """Yield how many recordings can't be read in a language, for the accessibility statement."""
    heard = [media for media in shown if media.sounds]
    for lang in languages:
        unread = [media for media in heard if lang not in media.transcripts]
        if unread:
            fails = any(lang in media.sounds for media in unread)
            yield Counted("transcript", len(unread), lang, len(heard), fails)


class _Settings:
    """Where a show stands in site.toml, for faults that need more than the settings to see."""

    def __init__(self, order: BuildOrder) -> None:
        self._faults = order.report.at(order.site.name)
        text = order.site.read_text(encoding="utf-8-sig")
        self._tree = read_toml(text, Report().at(order.site.name))

    def _line(self, show: Show, name: str) -> int:
        return line_of(self._tree, "shows", show.key, name)

    def fault(self, show: Show, name: str, wrong: str, instead: str) -> None:
        """Report what a strict build refuses."""
        field = f"shows.{show.key}.{name}"
        self._faults.fault(self._line(show, name), field, wrong, instead, "show")

    def advise(self, show: Show, name: str, wrong: str, instead: str) -> None:
        """Report what is worth mending."""
        field = f"shows.{show.key}.{name}"
        self._faults.advise(self._line(show, name), field, wrong, instead, "show")


register = registers(PodcastGenerator)
