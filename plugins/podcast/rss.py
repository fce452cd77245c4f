"""A show's feed: RSS as PSP-1 and Apple want it, with what the Podcast Index adds.

The same content gives the same bytes on any day: every date is one of the content's own. Only a
stream goes from pending to live to ended as its hour passes.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from html import escape
from typing import TYPE_CHECKING, Any

from feedgen.entry import FeedEntry  # type: ignore[import-untyped]
from feedgen.feed import FeedGenerator  # type: ignore[import-untyped]
from lxml import etree  # type: ignore[import-untyped]

from core.licences import known_licence
from core.xml_text import clean
from plugins.kinds.identity import episode_guid, permanent_id, permanent_name
from plugins.kinds.models import Kind, Role
from plugins.podcast import chapters
from plugins.podcast.addresses import PodcastAddresses, feed_id
from plugins.podcast.rss_tags import FeedTags, ItemTags, Tag
from plugins.podcast.transcripts import FORMS
from plugins.sections.link_resolver import LinkResolver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.kinds.models import Episode
    from plugins.podcast.channels import ChannelItem, ChannelStream, PodcastChannel
    from plugins.sections.build_context import BuildContext

TYPE = "application/rss+xml"
_NAMES = re.compile(rb'xmlns:(\w+)="([^"]+)"')
_ITEM, _END = b"    <item>", b"  </channel>"
MAX_DESCRIPTION = 4000  # bytes (PSP-1)
_GROUPS = {Role.PRODUCER: "creative direction", Role.TRANSLATOR: "writing"}  # else the cast


def rss(channel: PodcastChannel) -> Iterator[bytes]:
    """Yield the feed of a channel, an item at a time.

    feedgen would hold all of a feed's items at once, however many there are. So it writes the
    channel alone, and each item by itself.
    """
    frame = bytes(_channel(channel).rss_str(pretty=True))
    head, end = frame.partition(b"<channel>")[0], frame.rindex(_END)
    names = {name.decode(): url.decode() for name, url in _NAMES.findall(head)}
    yield frame[:end]
    for item in channel.items:
        yield _written(_item(item, channel), names)
    yield frame[end:]


def _written(entry: Any, names: dict[str, str]) -> bytes:  # noqa: ANN401 - feedgen has no types
    """Return an item as it stands in a feed at whose root these namespaces are declared."""
    root = etree.Element("rss", nsmap=names)
    etree.SubElement(root, "channel").append(entry.rss_entry())
    text = bytes(etree.tostring(root, pretty_print=True, encoding="UTF-8"))
    return text[text.index(_ITEM) : text.rindex(_END)]


def _channel(channel: PodcastChannel) -> Any:  # noqa: ANN401 - feedgen has no types
    build, show, lang = channel.build, channel.show, channel.lang
    page = build.absolute(build.addresses.section(Kind.EPISODE, lang))
    author = clean(show.author.get(lang).text or build.site.name.get(lang).text)
    title = clean(show.title.get(lang).text)
    feed = FeedGenerator()
    feed.load_extension("podcast", atom=False)
    feed.register_extension("more", FeedTags, ItemTags, atom=False)
    feed.title(title)
    feed.description(_within(clean(show.description.get(lang).text)))
    feed.language(lang)
    feed.generator("Open House")
    feed.link(href=channel.url, rel="self", type=TYPE)
    feed.link(href=page)
    feed.image(build.absolute(channel.artwork), title, page)
    episodes = [item.episode for item in channel.items] + [item.episode for item in channel.streams]
    feed.lastBuildDate(max(_changed(item, build) for item in episodes))
    licence = show.licence or build.site.licence
    feed.copyright(clean(f"{author}. {licence}" if licence else author))
    main, _, part = show.category.partition(" > ")
    feed.podcast.itunes_category(main, part or None)
    feed.podcast.itunes_author(author)
    feed.podcast.itunes_image(build.absolute(channel.artwork))
    feed.podcast.itunes_type(show.type)
    if show.owner:
        name = clean(show.owner.name or author)
        feed.podcast.itunes_owner(name, show.owner.email)
        feed.managingEditor(f"{show.owner.email} ({name})")
    if moved := dict(show.new_feed_url).get(lang):
        feed.podcast.itunes_new_feed_url(clean(moved))
    feed.more.tags = list(_channel_tags(channel))
    return feed


def _channel_tags(channel: PodcastChannel) -> Iterator[Tag]:
    build, show, lang = channel.build, channel.show, channel.lang
    yield _explicit(explicit=show.explicit)
    yield Tag("podcast:guid", feed_id(show, lang, channel.url))
    owner = {"owner": show.owner.email} if show.owner else {}
    yield Tag("podcast:locked", "yes" if show.locked else "no", owner)
    yield Tag("podcast:medium", str(show.medium))
    yield from _licence(show.licence or build.site.licence)
    if show.funding:
        yield Tag("podcast:funding", show.funding.words.get(lang).text, {"url": show.funding.url})
    for key in show.hosts:
        yield _person(build.site.people[key].name, Role.HOST)
    for stream in channel.streams:
        yield _live(stream, build)


def _item(item: ChannelItem, channel: PodcastChannel) -> Any:  # noqa: ANN401 - feedgen has no types
    build, episode = channel.build, item.episode
    entry = FeedEntry()
    entry.load_extension("podcast", atom=False)
    entry.register_extension("more", ItemTags, atom=False)
    page = build.absolute(item.entry.path)
    recording = item.sound.recording
    entry.title(clean(item.entry.title))
    entry.guid(episode_guid(episode, channel.lang))
    entry.link(href=page)
    entry.published(_moment(_published(episode), build))
    entry.description(_within(clean(_told(item, channel))))
    entry.content(clean(_notes(item, channel, page)), type="CDATA")
    sound = build.absolute(PodcastAddresses(build).sound(item.sound))
    entry.enclosure(sound, recording.length, recording.type)
    entry.podcast.itunes_duration(str(round(recording.duration.total_seconds())))
    entry.podcast.itunes_episode_type(str(episode.type))
    if episode.season:
        entry.podcast.itunes_season(episode.season)
    if episode.number:
        entry.podcast.itunes_episode(episode.number)
    entry.more.tags = list(_item_tags(item, channel))
    return entry


def _item_tags(item: ChannelItem, channel: PodcastChannel) -> Iterator[Tag]:
    build, episode, lang = channel.build, item.episode, channel.lang
    addresses = PodcastAddresses(build)
    yield _explicit(explicit=episode.explicit or channel.show.explicit)
    # The language of the feed first: an app that shows one transcript shows the first.
    for spoken in sorted(
        item.words, key=lambda lang_of_words: (lang_of_words != lang, lang_of_words)
    ):
        for form, kind in FORMS.items():
            url = build.absolute(addresses.transcript(episode, spoken, form))
            captions = {} if form == "json" else {"rel": "captions"}
            yield Tag(
                "podcast:transcript", "", {"url": url, "type": kind, "language": spoken} | captions
            )
    if episode.chapters:
        url = build.absolute(addresses.chapters(episode, lang))
        yield Tag("podcast:chapters", "", {"url": url, "type": chapters.TYPE})
    if episode.season:
        yield Tag("podcast:season", str(episode.season))
    if episode.number:
        yield Tag("podcast:episode", str(episode.number))
    for voice in episode.people:
        yield _person(voice.name, voice.role, voice.url)
    if episode.licence:
        yield from _licence(episode.licence)
    if episode.discussion:
        attributes = {"uri": episode.discussion, "protocol": "activitypub"}
        yield Tag("podcast:socialInteract", "", attributes)


def _live(stream: ChannelStream, build: BuildContext) -> Tag:
    live, episode, entry = stream.episode.live, stream.episode, stream.entry
    if live is None or live.stream is None:  # channels() lets none of these in
        raise ValueError(episode.key)
    page = build.absolute(entry.path)
    guid = permanent_id(f"{permanent_name(episode)}/live/{entry.reader}")
    children = (
        Tag("title", entry.title),
        Tag("guid", guid, {"isPermaLink": "false"}),
        Tag("link", page),
        Tag("description", _within(entry.summary)),
        Tag("enclosure", "", {"url": live.stream, "type": "audio/mpeg", "length": "0"}),
        Tag("podcast:contentLink", entry.title, {"href": live.url}),
    )
    when = {"start": live.start.isoformat(), "end": live.end.isoformat()}
    return Tag("podcast:liveItem", "", {"status": stream.status} | when, children)


def _explicit(*, explicit: bool) -> Tag:
    """Return Apple's word for it, which is true or false; feedgen knows only the older ones."""
    return Tag("itunes:explicit", str(explicit).lower())


def _person(name: str, role: Role, url: str | None = None) -> Tag:
    attributes = {"role": str(role), "group": _GROUPS.get(role, "cast")}
    return Tag("podcast:person", name, attributes | ({"href": url} if url else {}))


def _licence(written: str) -> Iterator[Tag]:
    """Yield the licence where it is one that programs know."""
    if known := known_licence(written):
        yield Tag("podcast:license", known.name.lower(), {"url": known.url})


def _told(item: ChannelItem, channel: PodcastChannel) -> str:
    """Return what an app shows of an episode before it is opened."""
    lines = chapters.as_lines(item.episode, channel.lang, item.sound.lang)
    read = channel.build.absolute(item.entry.path)
    return "\n\n".join(
        filter(None, [item.entry.summary, _voices(item, channel), "\n".join(lines), read])
    )


def _voices(item: ChannelItem, channel: PodcastChannel) -> str:
    _ = channel.build.wordings[channel.lang].gettext
    return _("The voices are a computer's.") if item.episode.synthetic else ""


def _notes(item: ChannelItem, channel: PodcastChannel, page: str) -> str:
    """Return an episode's own page for the app: its text, its chapters, the way to the rest."""
    build, lang, entry = channel.build, channel.lang, item.entry
    _ = build.wordings[lang].gettext
    body = str(LinkResolver(build, entry.content.texts[entry.lang], lang).html(page))
    parts = [body, f"<p>{escape(voices)}</p>" if (voices := _voices(item, channel)) else ""]
    if lines := chapters.as_lines(item.episode, lang, item.sound.lang):
        parts.append("<p>" + "<br>".join(escape(line) for line in lines) + "</p>")
    parts.append(f'<p><a href="{escape(page)}">{escape(_("Read what is said"))}</a></p>')
    # What ends a CDATA section early means the same to a reader of HTML when it is escaped.
    return "\n".join(filter(None, parts)).replace("]]>", "]]&gt;")


def _published(episode: Episode) -> date:
    return episode.public_from or date.min  # channels() lets none in that has no day


def _moment(day: date, build: BuildContext) -> datetime:
    """Return the beginning of a day on the association's clock."""
    return datetime.combine(day, time(), build.site.timezone)


def _changed(episode: Episode, build: BuildContext) -> datetime:
    day = _published(episode)
    return _moment(max(day, episode.last_changed or day), build)


def _within(text: str) -> str:
    """Return as much of a text as a description may hold."""
    return text.encode()[:MAX_DESCRIPTION].decode(errors="ignore")
