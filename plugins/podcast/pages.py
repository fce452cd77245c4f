"""What the podcast adds to pages: the player, the words, the ways to subscribe."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from plugins.kinds.models import Episode, Kind
from plugins.podcast.addresses import App, PodcastAddresses, apps
from plugins.podcast.artwork import cover_of
from plugins.podcast.rss import TYPE
from plugins.podcast.transcripts import FORMS
from plugins.sections.planned_page import Subscription

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from core.shows import Show
    from core.words import Words
    from plugins.podcast.channels import PodcastChannel
    from plugins.podcast.episode_media import EpisodeMedia
    from plugins.podcast.webvtt import Cue
    from plugins.sections.build_context import BuildContext
    from plugins.sections.planned_page import PlannedPage


@dataclass(frozen=True)
class ShowOffer:
    """A show as a page offers it: its feed, and the apps that it opens in."""

    show: Show
    url: str  # of the feed, absolute
    cover: str  # the address of its picture, small
    apps: Sequence[App]


@dataclass(frozen=True)
class CueOnPage:
    """Words of a transcript, with the time at which a player jumps to them."""

    anchor: str  # "" when another cue of the same second has it
    at: timedelta
    second: int
    text: str


@dataclass(frozen=True)
class SpeakerTurn:
    """What one person says until another speaks."""

    speaker: str
    said: Sequence[CueOnPage]


@dataclass(frozen=True)
class ChapterStart:
    """A chapter on a page."""

    at: timedelta
    second: int
    title: Words
    url: str | None


@dataclass(frozen=True)
class Download:
    """A transcript as a file."""

    form: str
    url: str


@dataclass(frozen=True)
class Listening:
    """An episode as readers of one language hear and read it."""

    url: str  # of the recording; "" when there is none
    lang: str  # that the recording is in
    type: str
    length: int  # in bytes
    duration: timedelta | None
    chapters: Sequence[ChapterStart]
    words_lang: str  # that the transcript is in
    turns: Sequence[SpeakerTurn]
    downloads: Sequence[Download]
    licence: str
    offers: Sequence[ShowOffer]

    @property
    def megabytes(self) -> float:
        """Return the recording's size, to a tenth."""
        return max(0.1, round(self.length / 1e6, 1))


@dataclass(frozen=True)
class Podcast:
    """All that is on air in an edition."""

    build: BuildContext
    aired: Mapping[str, EpisodeMedia]
    channels: Sequence[PodcastChannel]

    @property
    def addresses(self) -> PodcastAddresses:
        """Return where feeds and files are."""
        return PodcastAddresses(self.build)

    def offers(self, lang: str, show: str = "") -> list[ShowOffer]:
        """Return the shows that readers of a language can subscribe to, or the one of that key."""
        return [
            ShowOffer(
                channel.show,
                channel.url,
                self.build.link(cover_of(channel.artwork)),
                apps(channel.url),
            )
            for channel in self.channels
            if channel.lang == lang and show in {"", channel.show.key}
        ]

    def subscriptions(self, lang: str, show: str = "") -> tuple[Subscription, ...]:
        """Return the feeds as pages and other plugins list them."""
        page = self.build.addresses.section(Kind.EPISODE, lang)
        return tuple(
            Subscription(
                sort="podcast",
                title=channel.show.title.get(lang).text,
                path=channel.path,
                type=TYPE,
                lang=lang,
                page=page,
            )
            for channel in self.channels
            if channel.lang == lang and show in {"", channel.show.key}
        )

    def joined(self, page: PlannedPage) -> PlannedPage:
        """Return a page with what the podcast adds to it."""
        if page.entry and isinstance(page.entry.content, Episode):
            episode = page.entry.content
            listening = self.listening(episode, page.lang)
            feeds = self.subscriptions(page.lang, episode.show)
            page = replace(page, feeds=(*page.feeds, *feeds))
            return page.with_data(
                listening=listening, structured=self.structured(episode, listening)
            )
        if page.identity[:2] == ("list", Kind.EPISODE):
            page = replace(page, feeds=(*page.feeds, *self.subscriptions(page.lang)))
            return page.with_data(offers=self.offers(page.lang))
        return page

    def listening(self, episode: Episode, lang: str) -> Listening:
        """Return an episode for readers of a language."""
        build, aired = self.build, self.aired[episode.key]
        sound = aired.sound_for(lang)
        spoken = sound.lang if sound else lang
        words_lang, cues = aired.words_for(lang)
        show = build.site.shows[episode.show]
        return Listening(
            url=build.link(self.addresses.sound(sound)) if sound else "",
            lang=spoken,
            type=sound.recording.type if sound else "",
            length=sound.recording.length if sound else 0,
            duration=aired.length_for(lang),
            chapters=[
                ChapterStart(at, int(at.total_seconds()), chapter.title, chapter.url)
                for chapter in episode.chapters
                for at in [chapter.begins(spoken)]
            ],
            words_lang=words_lang,
            turns=speaker_turns(cues),
            downloads=[
                Download(
                    form.upper(),
                    build.link(self.addresses.transcript(episode, words_lang, form)),
                )
                for form in FORMS
                if cues
            ],
            licence=episode.licence or show.licence or build.site.licence,
            offers=self.offers(lang, episode.show),
        )

    def structured(self, episode: Episode, listening: Listening) -> dict[str, Any]:
        """Return what schema.org has words for of a recording."""
        sound = self.aired[episode.key].sounds.get(listening.lang)
        if sound is None:
            return {}
        build, words = self.build, listening.words_lang
        length = f"PT{round(sound.recording.duration.total_seconds())}S"
        path = self.addresses.transcript(episode, words, "vtt") if listening.turns else ""
        heard = {
            "@type": "AudioObject",
            "contentUrl": build.absolute(self.addresses.sound(sound)),
            "encodingFormat": sound.recording.type,
            "contentSize": str(sound.recording.length),
            "duration": length,
            "inLanguage": sound.lang,
        }
        transcript = {"transcript": build.absolute(path)} if path else {}
        return {"timeRequired": length, "associatedMedia": heard | transcript}


def speaker_turns(cues: Sequence[Cue]) -> list[SpeakerTurn]:
    """Return cues by who speaks; each second that a cue begins in is a place to link to."""
    seen: set[int] = set()
    collected = []
    for speaker, cues_in_turn in itertools.groupby(cues, key=lambda cue: cue.speaker):
        spoken = []
        for cue in cues_in_turn:
            anchor = "" if cue.second in seen else f"t-{cue.second}"
            seen.add(cue.second)
            spoken.append(CueOnPage(anchor, cue.start, cue.second, cue.text))
        collected.append(SpeakerTurn(speaker, spoken))
    return collected
