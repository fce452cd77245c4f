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

    from core.site import Show
    from core.words import Words
    from plugins.podcast.airing import Aired
    from plugins.podcast.channels import Channel
    from plugins.podcast.webvtt import Cue
    from plugins.sections.build_context import BuildContext
    from plugins.sections.planned_page import PlannedPage


@dataclass(frozen=True)
class Offer:
    """A show as a page offers it: its feed, and the apps that it opens in."""

    show: Show
    url: str  # of the feed, absolute
    cover: str  # the address of its picture, small
    apps: Sequence[App]


@dataclass(frozen=True)
class Spoken:
    """A cue on a page."""

    anchor: str  # "" when another cue of the same second has it
    at: timedelta
    second: int
    text: str


@dataclass(frozen=True)
class Turn:
    """What one person says until another speaks."""

    speaker: str
    said: Sequence[Spoken]


@dataclass(frozen=True)
class Step:
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
    chapters: Sequence[Step]
    words_lang: str  # that the transcript is in
    turns: Sequence[Turn]
    downloads: Sequence[Download]
    licence: str
    offers: Sequence[Offer]

    @property
    def megabytes(self) -> float:
        """Return the recording's size, to a tenth."""
        return max(0.1, round(self.length / 1e6, 1))


@dataclass(frozen=True)
class Podcast:
    """All that is on air in an edition."""

    build: BuildContext
    aired: Mapping[str, Aired]
    channels: Sequence[Channel]

    @property
    def addresses(self) -> PodcastAddresses:
        """Return where feeds and files are."""
        return PodcastAddresses(self.build)

    def offers(self, lang: str, show: str = "") -> list[Offer]:
        """Return the shows that readers of a language can subscribe to, or the one of that key."""
        return [
            Offer(one.show, one.url, self.build.link(cover_of(one.artwork)), apps(one.url))
            for one in self.channels
            if one.lang == lang and show in {"", one.show.key}
        ]

    def subscriptions(self, lang: str, show: str = "") -> tuple[Subscription, ...]:
        """Return the feeds as pages and other plugins list them."""
        page = self.build.addresses.section(Kind.EPISODE, lang)
        return tuple(
            Subscription(
                sort="podcast",
                title=one.show.title.get(lang).text,
                path=one.path,
                type=TYPE,
                lang=lang,
                page=page,
            )
            for one in self.channels
            if one.lang == lang and show in {"", one.show.key}
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
                Step(at, int(at.total_seconds()), one.title, one.url)
                for one in episode.chapters
                for at in [one.begins(spoken)]
            ],
            words_lang=words_lang,
            turns=turns(cues),
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
        said = self.addresses.transcript(episode, words, "vtt") if listening.turns else ""
        heard = {
            "@type": "AudioObject",
            "contentUrl": build.absolute(self.addresses.sound(sound)),
            "encodingFormat": sound.recording.type,
            "contentSize": str(sound.recording.length),
            "duration": length,
            "inLanguage": sound.lang,
        }
        transcript = {"transcript": build.absolute(said)} if said else {}
        return {"timeRequired": length, "associatedMedia": heard | transcript}


def turns(cues: Sequence[Cue]) -> list[Turn]:
    """Return cues by who speaks; each second that a cue begins in is a place to link to."""
    seen: set[int] = set()
    found = []
    for speaker, said in itertools.groupby(cues, key=lambda cue: cue.speaker):
        spoken = []
        for cue in said:
            anchor = "" if cue.second in seen else f"t-{cue.second}"
            seen.add(cue.second)
            spoken.append(Spoken(anchor, cue.start, cue.second, cue.text))
        found.append(Turn(speaker, spoken))
    return found
