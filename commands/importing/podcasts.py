"""A podcast's feed (RSS): its show, its episodes with their ids, chapters and recordings."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from commands.front_matter import BareText, toml_text
from commands.importing.bounds import address_parts, local_name, read_text, xml_elements
from commands.importing.file_index import FileIndex
from commands.importing.front import read_day
from commands.importing.inline import plain
from commands.importing.models import Enclosure, ImportedSite, ImportedText, Loss, SourceLocation
from commands.importing.transcripts import spoken, tidied, written
from commands.terminal import Stop
from core.categories import CATEGORY
from core.faults import Report
from core.nodes import Scalar
from core.values import EMAIL, IDENTITY, Reading
from core.words import plain_key
from plugins.kinds.episodes import EpisodeType, Role
from plugins.kinds.models import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from commands.front_matter import Value
    from commands.importing.models import ImportOptions
    from core.site import Site
    from core.values import Type

RECORDINGS = {".mp3", ".m4a"}  # what a feed here may carry
CHANNEL = (
    "title",
    "description",
    "language",
    "owner",
    "category",
    "explicit",
    "guid",
    "link",
    "image",
)
Element = Any  # an element of lxml, which has no types
TIME = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})(?:\.\d+)?")


@dataclass
class PodcastReader:
    """Reads one feed."""

    wish: ImportOptions
    site: Site
    lost: list[Loss] = field(default_factory=list)

    def read(self) -> ImportedSite:
        """Return its show and its episodes.

        :raises Stop: when it is no feed.
        """
        path = self.wish.what
        folders = tuple(filter(None, (path.resolve().parent, self.wish.pictures)))
        channel: dict[str, str] = {}
        episodes: list[_Episode] = []
        at_hand: FileIndex | None = None
        for element in xml_elements(path, "item", *CHANNEL):
            if local_name(element) != "item":
                self._take(channel, element)
                continue
            at_hand = at_hand or FileIndex.below(folders)
            episodes.append(
                _Episode(
                    element, SourceLocation(path.name, element.sourceline or 0), at_hand, self.lost
                )
            )
        if not episodes or not channel.get("title"):
            raise Stop(f"{path.name} is no feed of a podcast: it has no title or no episodes.")
        lang = self._language(channel.get("language", ""))
        artwork = at_hand.find(channel.get("artwork", "")) if at_hand else None
        show, settings = self._show(channel, lang, artwork)
        items = [item for episode in episodes if (item := episode.item(show, lang, self.site))]
        hosts = {address_parts(channel.get("link", "")).hostname or ""}
        return ImportedSite(
            items=tuple(items),
            lost=tuple(self.lost),
            hosts=frozenset(host.removeprefix("www.") for host in hosts if host),
            folders=folders,
            copies={f"podcast/{show}{artwork.suffix.lower()}": artwork}
            if artwork and settings
            else {},
            settings=settings,
        )

    @staticmethod
    def _take(channel: dict[str, str], element: Element) -> None:
        name = local_name(element)
        if name == "owner":
            for child in element:
                channel.setdefault(f"owner-{local_name(child)}", (child.text or "").strip())
        elif name == "category":
            inner = next((child.get("text") for child in element if child.get("text")), "")
            outer = element.get("text") or ""
            if outer:
                channel.setdefault("category", f"{outer} > {inner}" if inner else outer)
        elif name == "image":
            channel.setdefault("artwork", element.get("href") or "")
        else:
            channel.setdefault(name, (element.text or "").strip())

    def _language(self, declared: str) -> str:
        lang = (self.wish.lang or declared).replace("_", "-").lower()
        lang = lang if lang in self.site.languages else lang.partition("-")[0]
        return lang if lang in self.site.languages else self.site.unnamed

    def _show(self, channel: dict[str, str], lang: str, artwork: Path | None) -> tuple[str, str]:
        """Return the key of the show, and its table for site.toml when it is new there."""
        title = plain(channel["title"])
        for key, show in self.site.shows.items():
            if title in {words for _, words in show.title.texts}:
                return key, ""
        key = plain_key(title)
        if self.site.word("shows", key):
            return self.site.current("shows", key), ""
        lines = [
            f"[shows.{key}]",
            f"title = {toml_text(title)}",
            f"description = {toml_text(plain(channel.get('description', '')) or title)}",
        ]
        if fits(CATEGORY, channel.get("category", "")):
            lines.append(f"category = {toml_text(channel['category'])}")
        if artwork:
            lines.append(f"artwork = {toml_text(f'podcast/{key}{artwork.suffix.lower()}')}")
        if channel.get("explicit", "").lower() in {"true", "yes", "explicit"}:
            lines.append("explicit = true")
        if fits(IDENTITY, channel.get("guid", "")):
            lines.append(f"guid = {{{lang} = {toml_text(channel['guid'])}}}")
        if fits(EMAIL, channel.get("owner-email", "")):
            lines += ["", f"[shows.{key}.owner]", f"email = {toml_text(channel['owner-email'])}"]
        if artwork is None:
            note = "put a square file of 1400 to 3000 pixels into content/podcast, and name it"
            self.lost.append(
                Loss("the show's own picture", SourceLocation(self.wish.what.name), note)
            )
        return key, "\n".join(lines)


def fits(kind: Type[Any], text: str) -> bool:
    """Whether a text is one that a setting takes."""
    return (
        bool(text) and kind.read(Scalar(text, 1), Reading(Report().at("feed"), ("en",))) is not None
    )


class _Episode:
    """One `item` of a feed, read off before it is forgotten."""

    def __init__(
        self, element: Element, origin: SourceLocation, at_hand: FileIndex, lost: list[Loss]
    ) -> None:
        self.origin, self._at_hand, self._lost = origin, at_hand, lost
        self._texts: dict[str, str] = {}
        self._people: list[Value] = []
        self._inline: list[tuple[str, str, str]] = []
        self.enclosure = self.transcript = self.chapters = self.body = ""
        for child in element:
            name = local_name(child)
            if name == "enclosure":
                self.enclosure = (child.get("url") or "").strip()
            elif name == "transcript" and not self.transcript.endswith(".vtt"):
                self.transcript = (child.get("url") or "").strip()
            elif name == "chapters" and child.get("url"):
                self.chapters = child.get("url").strip()
            elif name == "chapters":
                self._inline = [
                    (part.get("start") or "", part.get("title") or "", part.get("href") or "")
                    for part in child
                ]
            elif name == "person":
                self._take_person(child)
            elif name == "encoded":
                self.body = child.text or ""
            else:
                self._texts.setdefault(name, child.text or "")

    def _take_person(self, element: Element) -> None:
        role = (element.get("role") or "host").lower()
        name = plain(element.text or "")
        if name and role in set(Role):
            self._people.append({"name": name, "role": BareText(role)})

    def _text(self, name: str) -> str:
        return self._texts.get(name, "").strip()

    def item(self, show: str, lang: str, site: Site) -> ImportedText | None:
        """Return it as a text of ours; None when it has no day."""
        title = plain(self._text("title"))
        day = read_day(self._text("pubDate"), site.timezone)
        if day is None:
            self._lost.append(Loss("episodes without a date", self.origin, title))
            return None
        sound = self._sound(title)
        body = self.body or self._text("description") or self._text("summary")
        summary = plain(
            self._text("subtitle") or self._text("summary") or self._text("description")
        )
        return ImportedText(
            origin=self.origin,
            title=title,
            body=body,
            kind=Kind.EPISODE,
            day=day,
            key=title,
            lang=lang,
            summary=summary if len(summary) <= 200 else "",  # noqa: PLR2004 - what a card shows
            address=self._text("link"),
            facts={"show": BareText(show)} | self._facts(),
            draft=bool(sound and sound.file and not sound.transcript),
            sound=sound,
            single_breaks="<p" not in body,
        )

    def _sound(self, title: str) -> Enclosure | None:
        if not self.enclosure:
            return None
        file = self._at_hand.find(self.enclosure)
        if file is None or file.suffix.lower() not in RECORDINGS:
            self._lost.append(
                Loss("recordings that are not at hand, links now", self.origin, self.enclosure)
            )
            return Enclosure(self.enclosure)
        words = self._at_hand.find(self.transcript) if self.transcript else None
        cues = tidied(spoken(words)) if words and words.suffix.lower() in {".vtt", ".srt"} else []
        if not cues or not all(cue.speaker for cue in cues):
            self._lost.append(
                Loss(
                    "episodes that nobody can read yet: drafts until they have a transcript",
                    self.origin,
                    title,
                )
            )
            return Enclosure(self.enclosure, file)
        return Enclosure(self.enclosure, file, written(cues))

    def _facts(self) -> dict[str, Value]:
        facts: dict[str, Value] = {}
        for name, source in (("season", "season"), ("number", "episode")):
            if self._text(source).isdecimal() and len(self._text(source)) < 6:  # noqa: PLR2004
                facts[name] = BareText(str(int(self._text(source))))
        sort = self._text("episodeType").lower()
        if sort in set(EpisodeType) - {EpisodeType.FULL}:
            facts["type"] = BareText(sort)
        if self._text("explicit").lower() in {"true", "yes", "explicit"}:
            facts["explicit"] = BareText("true")
        if guid := self._text("guid"):
            facts["guid"] = guid[:300]
        if self._people:
            facts["people"] = self._people
        if chapters := self._chapters():
            facts["chapters"] = chapters
        return facts

    def _chapters(self) -> list[Value]:
        marks = self._inline
        if not marks and self.chapters:
            marks = self._from_file()
        chapters: list[Value] = []
        last = -1
        for start, title, url in marks:
            second = _seconds(start)
            if second is None or second <= last or not plain(title):
                continue
            last = second
            at = f"{second // 3600}:{second // 60 % 60:02}:{second % 60:02}"
            chapter: dict[str, Value] = {"at": at, "title": plain(title)[:200]}
            if re.match(r"https?://[^\s<>\"]+$", url):
                chapter["url"] = url
            chapters.append(chapter)
        return chapters

    def _from_file(self) -> list[tuple[str, str, str]]:
        file = self._at_hand.find(self.chapters)
        if file is None:
            self._lost.append(Loss("chapters that are not at hand", self.origin, self.chapters))
            return []
        try:
            listed = json.loads(read_text(file))["chapters"]
            return [
                (str(c.get("startTime", "")), str(c.get("title", "")), str(c.get("url", "")))
                for c in listed
            ]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, Stop):
            self._lost.append(Loss("chapters that can't be read", self.origin, file.name))
            return []


def _seconds(text: str) -> int | None:
    text = text.strip()
    if clock := TIME.fullmatch(text):
        return int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3])
    try:
        return int(float(text)) if len(text) < 12 else None  # noqa: PLR2004
    except (ValueError, OverflowError):
        return None
