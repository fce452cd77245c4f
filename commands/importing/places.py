"""Where each text goes: its key, its file, its address, and which language's file has the facts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from commands.importing.models import ImportedText, Loss, OldFeed
from commands.new.questions import FOLDER_OF, open_existing
from core.faults import Report
from core.nodes import Scalar
from core.values import ENTRY_ID, Reading
from core.words import NO_KEY, plain_key
from plugins.discovery.redirects import unfit
from plugins.kinds.models import KINDS, Kind
from plugins.sections.addresses import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from commands.new.questions import Existing
    from core.site import Site

LONGEST_KEY = 80  # characters: file systems end a name at 255 bytes, with date and endings
# What other pages of the site are called; a page beside them needs another name.
KEPT_WORDS = {
    "404", "blog", "changes", "confirm", "digest", "experiments", "feeds", "follow", "home", "how",
    "page", "performance", "podcast", "roadmap", "say", "search", "standard", "subscribe", "tags",
    "topics", "tudalen",
}  # fmt: skip
YEAR = re.compile(r"\d{1,4}")  # the lists of a year are called so


@dataclass(frozen=True, kw_only=True)
class Placement:
    """One text, and where it goes."""

    item: ImportedText
    lang: str
    day: date | None
    key: str
    path: str  # relative to the content folder
    original: bool  # whether its file has the facts
    public: bool  # whether others may lead here
    slug: str = ""
    aliases: tuple[str, ...] = ()
    feed_id: str = ""

    @property
    def address(self) -> str:
        """Return the path of its page, as in /en/blog/damp/."""
        words = SECTIONS.get(self.item.kind, {})
        section = words.get(self.lang, words.get("en", ""))
        return f"/{self.lang}/{section}/{self.slug}/" if section else f"/{self.lang}/{self.slug}/"


@dataclass
class Planner:
    """Finds a place for everything, the same one each time."""

    site: Site
    content: Path
    today: date
    lost: list[Loss] = field(default_factory=list)

    def places(
        self, items: Iterable[ImportedText], feeds: Iterable[OldFeed] = ()
    ) -> list[Placement]:
        """Return a place for each text that the site can take, and for the feeds that led there."""
        groups = self._groups(items)
        before = {
            kind: open_existing(self.content, self.site, kind)
            for kind in {group[0].kind for group in groups}
        }
        taken = {kind: _names(existing) for kind, existing in before.items()}
        places = [place for group in groups for place in self._placed(group, taken[group[0].kind])]
        ours = {place.path for place in places}
        slugs = {kind: _slugs(existing, ours) for kind, existing in before.items()}
        return self._with_feeds(self._with_aliases(self._with_slugs(places, slugs)), feeds)

    def _groups(self, items: Iterable[ImportedText]) -> list[list[ImportedText]]:
        """Return the texts that are one thing in several languages together."""
        groups: dict[object, list[ImportedText]] = {}
        for number, item in enumerate(items):
            lang = (item.lang or self.site.unnamed).replace("_", "-").lower()
            lang = lang if lang in self.site.languages else lang.partition("-")[0]
            if lang not in self.site.languages:
                sort = f"texts in a language that [languages] in site.toml doesn't have ({lang})"
                self.lost.append(Loss(sort, item.origin, item.title))
                continue
            if KINDS[item.kind].dated and not item.day:
                self.lost.append(Loss("texts without a date", item.origin, item.title))
                continue
            name = (item.kind, item.pair or number)
            if any(other.lang == lang for other in groups.get(name, ())):
                name = (item.kind, number)
            groups.setdefault(name, []).append(replace(item, lang=lang))
        return list(groups.values())

    def _placed(self, group: list[ImportedText], taken: dict[str, str]) -> Iterator[Placement]:
        order = [self.site.unnamed, *self.site.languages]
        first = min(
            group, key=lambda item: (item.draft, item.day or date.min, order.index(item.lang))
        )
        day = first.day if KINDS[first.kind].dated or first.kind == Kind.MEETUP else None
        stamp = f"{day}-" if day else ""
        wish = _short(plain_key(first.key or first.title))
        wish = wish if wish != NO_KEY else str(first.kind)
        key, number = wish, 1
        while taken.get(key, stamp) != stamp or f" {key}" in taken:
            number += 1
            key = f"{wish}-{number}"
        taken[key] = stamp
        taken[f" {key}"] = ""  # by this very run: two texts never share a file
        hidden = first.draft or bool(day and first.kind != Kind.MEETUP and day > self.today)
        for item in group:
            ending = f".{item.lang}.md" if len(self.site.languages) > 1 else ".md"
            yield Placement(
                item=item,
                lang=item.lang,
                day=day,
                key=key,
                path=f"{FOLDER_OF[item.kind]}/{stamp}{key}{ending}",
                original=item is first,
                public=not hidden and not item.draft,
            )

    def _with_slugs(self, places: list[Placement], taken: dict[Kind, set[str]]) -> list[Placement]:
        by_thing: dict[tuple[Kind, str], set[str]] = {}
        done = []
        for place in places:
            mine = by_thing.setdefault((place.item.kind, place.key), set())
            others = taken[place.item.kind]
            wishes = [
                _short(plain_key(place.item.key)),
                _short(plain_key(place.item.title)),
                place.key,
            ]
            wish = next(w for w in wishes if w != NO_KEY)
            slug, number = wish, 1
            while (
                (slug in others and slug not in mine) or YEAR.fullmatch(slug) or slug in KEPT_WORDS
            ):
                number += 1
                slug = (
                    f"{wish}-{number}"
                    if not YEAR.fullmatch(wish)
                    else f"{place.item.kind}-{wish}-{number}"
                )
            mine.add(slug)
            others.add(slug)
            done.append(replace(place, slug=slug))
        return done

    def _with_aliases(self, places: list[Placement]) -> list[Placement]:
        taken = {place.address.casefold() for place in places}
        done = []
        for place in places:
            aliases = []
            for written in (place.item.address, *place.item.aliases):
                path = old_path(written)
                if not path or path == place.address:
                    continue
                wrong = unfit(unquote(path).removeprefix("/"))
                if wrong or _folded(path) in taken:
                    why = wrong or "leads to another page already"
                    self.lost.append(
                        Loss("old addresses that can't be kept", place.item.origin, f"{path} {why}")
                    )
                    continue
                taken.add(_folded(path))
                aliases.append(path)
            done.append(replace(place, aliases=tuple(aliases)))
        return done

    def _with_feeds(self, places: list[Placement], feeds: Iterable[OldFeed]) -> list[Placement]:
        """Let each post keep its id, and the oldest of each language stand for the old feed."""
        by_id: dict[str, str] = {}
        for place in places:
            if (identity := place.item.feed_id) and _fits_feed(identity):
                by_id.setdefault(identity, place.path)
        ids = {path: identity for identity, path in by_id.items()}
        taken = {_folded(path) for place in places for path in (place.address, *place.aliases)}
        more: dict[str, list[str]] = {}
        for feed in feeds:
            lang = (feed.lang or self.site.unnamed).replace("_", "-").lower()
            lang = lang if lang in self.site.languages else lang.partition("-")[0]
            posts = [
                (place.day, place.key, place.path)
                for place in places
                if place.public and place.item.kind == Kind.POST and place.lang == lang
            ]
            if posts and _folded(feed.path) not in taken:
                taken.add(_folded(feed.path))
                more.setdefault(min(posts)[-1], []).append(feed.path)
        return [
            replace(
                place,
                aliases=(*place.aliases, *more.get(place.path, ())),
                feed_id=ids.get(place.path, ""),
            )
            for place in places
        ]


def _fits_feed(identity: str) -> bool:
    return ENTRY_ID.read(Scalar(identity, 1), Reading(Report().at(""), ())) is not None


def old_path(address: str) -> str:
    """Return the path of an old address, as `aliases` takes it; "" when it has none of its own."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    path = re.sub(r"/{2,}", "/", "/" + unquote(parts.path).removeprefix("/"))
    path = re.sub(r"/index\.html?$", "/", path)
    if path == "/" or (parts.query and path.endswith((".php", "/"))):
        return ""
    return quote(path, safe="/-._~!$&'()+,;=@:%") if re.search(r"[\s?#<>\"]", path) else path


def _folded(path: str) -> str:
    folded = path.casefold()
    return folded if folded.endswith((".html", ".htm", "/")) else f"{folded}/"


def _short(key: str) -> str:
    return (
        key
        if len(key) <= LONGEST_KEY
        else key[: LONGEST_KEY + 1].rpartition("-")[0] or key[:LONGEST_KEY]
    )


def _names(existing: Existing) -> dict[str, str]:
    """Return the keys in use, each with the date before it in its file's name."""
    return {
        key: name[: name.index(key)] if key in name else "?"
        for key, name in existing.keys().items()
    }


def _slugs(existing: Existing, ours: set[str]) -> set[str]:
    """Return the last words of addresses in use by files that aren't to be written now."""
    others = tuple(source for source in existing.sources if source.path not in ours)
    return replace(existing, sources=others).slugs()
