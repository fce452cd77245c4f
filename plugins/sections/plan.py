"""The plan of a site: every page that an edition has, in every language."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from plugins.kinds.models import (
    Episode,
    Kind,
    Meetup,
    RoadmapItem,
    StandardPoint,
    Status,
)
from plugins.sections.lists import lists, section_title
from plugins.sections.patterns import patterns
from plugins.sections.readers import Readers
from plugins.sections.sheets import Sheet
from plugins.sections.shelves import shelves

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plugins.kinds.models import Content
    from plugins.sections.edition import Edition
    from plugins.sections.entries import Entry

ON_HOME = {Kind.POST: 3, Kind.CHANGE: 3, Kind.EPISODE: 2, Kind.MEETUP: 3, Kind.ROADMAP: 4}


def plan(edition: Edition) -> list[Sheet]:
    """Return every page of the site, in an order that never changes by itself."""
    languages = edition.site.languages
    sheets = [_not_found(edition)]
    if len(languages) > 1:
        sheets.append(_door(edition))
    for lang in languages:
        readers = Readers(edition, lang)
        home = _home(readers)
        sheets.append(home)
        if len(languages) == 1:  # nothing to choose between: the front door is the home
            sheets.append(replace(home, path="", canonical=home.path, indexed=False))
        sheets += lists(readers)
        sheets += _things(readers)
        sheets += shelves(readers)
        sheets += patterns(readers)
    return sheets


def _door(edition: Edition) -> Sheet:
    first = edition.site.languages[0]
    return Sheet(
        path="",
        identity=("door",),
        lang=first,
        template="door.html",
        title=edition.site.name.get(first).text,
        summary=edition.site.description.get(first).text,
        section="door",
        data={"languages": [_threshold(edition, lang) for lang in edition.site.languages]},
    )


def _threshold(edition: Edition, lang: str) -> dict[str, str]:
    """Return a language as the front door offers it."""
    return {
        "lang": lang,
        "url": edition.link(edition.addresses.home(lang)),
        "name": edition.wordings[lang].own_name,
        "site_name": edition.site.name.get(lang).text,
        "strapline": edition.site.strapline.get(lang).text,
    }


def _not_found(edition: Edition) -> Sheet:
    first = edition.site.languages[0]
    return Sheet(
        path="404.html",
        identity=("404",),
        lang=first,
        template="404.html",
        title=edition.wordings[first].gettext("Page not found"),
        section="error",
        indexed=False,
    )


def _home(readers: Readers) -> Sheet:
    site, kinds = readers.edition.site, readers.edition.library.of_kind
    working_on = [
        item
        for item in kinds[Kind.ROADMAP]
        if isinstance(item, RoadmapItem) and item.status == Status.NOW and not item.withdrawn
    ]
    latest: dict[str, Sequence[Content]] = {
        "posts": kinds[Kind.POST][: ON_HOME[Kind.POST]],
        "changes": kinds[Kind.CHANGE][: ON_HOME[Kind.CHANGE]],
        "episodes": kinds[Kind.EPISODE][: ON_HOME[Kind.EPISODE]],
        "meetups": readers.coming()[: ON_HOME[Kind.MEETUP]],
        "roadmap_now": working_on[: ON_HOME[Kind.ROADMAP]],
    }
    return Sheet(
        path=readers.edition.addresses.home(readers.lang),
        identity=("home",),
        lang=readers.lang,
        template="home.html",
        title=site.name.get(readers.lang).text,
        summary=site.description.get(readers.lang).text,
        section="home",
        data={name: readers.entries(things) for name, things in latest.items()},
    )


def _things(readers: Readers) -> Iterator[Sheet]:
    """Plan the page of each thing, translated or not."""
    edition, lang = readers.edition, readers.lang
    for kind, things in edition.library.of_kind.items():
        title = section_title(kind, readers.gettext)
        up = ((title, edition.addresses.section(kind, lang)),) if kind != Kind.PAGE else ()
        for entry in readers.entries(things):
            yield Sheet(
                path=entry.path,
                identity=("thing", kind, entry.key),
                lang=lang,
                template=f"detail-{kind}.html",
                title=entry.title,
                summary=entry.summary,
                section=kind,
                foreign=entry.foreign,
                canonical=edition.addresses.thing(entry.thing, entry.lang),
                indexed=not (entry.foreign or entry.draft or entry.scheduled),
                updated=entry.thing.last_changed,
                entry=entry,
                crumbs=up,
                origin=entry.source,
                data={"entry": entry} | _beside(entry, readers),
            )


def _beside(entry: Entry, readers: Readers) -> dict[str, Any]:
    """Return what a thing's page shows besides the thing."""
    site, library = readers.edition.site, readers.edition.library
    match entry.thing:
        case Meetup() as meetup:
            carried = library.carried.get(meetup.key, [])
            shown = readers.latest(meetup)
            episode = library.by_key.get((Kind.EPISODE, meetup.recording or ""))
            return {
                "state": meetup.state,
                "is_past": shown.end <= readers.edition.now,
                "start": shown.start,
                "end": shown.end,
                "recording": next(iter(readers.entries([episode] if episode else [])), None),
                "carried": [
                    {"action": action, "entry": readers.entries([earlier])[0]}
                    for action, earlier in carried
                ],
            }
        case RoadmapItem() as item:
            return {"status": item.status, "moves": item.moves}
        case Episode() as episode:
            return {"show": site.shows[episode.show]}
        case StandardPoint() as point:
            return {"group": next(g for g in site.standard.groups if g.key == point.group)}
    return {}
