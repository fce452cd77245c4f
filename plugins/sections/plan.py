"""The plan of a site: every page that a build makes, in every language."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from plugins.kinds.models import (
    Episode,
    ItemStatus,
    Kind,
    Meetup,
    RoadmapItem,
    StandardPoint,
)
from plugins.sections.entries import LanguageView
from plugins.sections.lists import Numbered, Pagination, lists, section_title, taxonomies
from plugins.sections.planned_page import PlannedPage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from plugins.kinds.models import Content
    from plugins.sections.build_context import BuildContext
    from plugins.sections.entries import Entry


DAY = date(2026, 3, 4)  # stands for any day: the page is the same tomorrow
SHELVES = ("signs", "houses")  # two pages: all parts at once would weigh more than a page may


def patterns(view: LanguageView) -> Iterator[PlannedPage]:
    """Plan the pages that show the site's parts, made from the last thing in each kind's list."""
    build, lang = view.build, view.lang
    lasts = {kind: contents[-1] for kind, contents in build.index.of_kind.items() if contents}
    paths = [build.addresses.patterns(lang, page) for page, _ in enumerate(SHELVES, 1)]
    for number, (shelf, path) in enumerate(zip(SHELVES, paths, strict=True), 1):
        title = view.gettext("Pattern library")
        if number > 1:
            title = f"{title}, {view.gettext('page %(number)s') % {'number': number}}"
        yield PlannedPage(
            path=path,
            identity=("index", "patterns", shelf),
            lang=lang,
            template="pattern-library.html",
            title=title,
            section="patterns",
            indexed=False,
            data={
                "shelf": shelf,
                "pagination": _pages([build.link(shelf_path) for shelf_path in paths], number),
                "examples": {kind: view.entries([last])[0] for kind, last in lasts.items()},
                "day": DAY,
            },
        )


def _pages(urls: list[str], here: int) -> Pagination:
    return Pagination(
        number=here,
        count=len(urls),
        previous_url=urls[here - 2] if here > 1 else "",
        next_url=urls[here] if here < len(urls) else "",
        pages=tuple(Numbered(number, url, number == here) for number, url in enumerate(urls, 1)),
    )


ON_HOME = {Kind.POST: 3, Kind.CHANGE: 3, Kind.EPISODE: 2, Kind.MEETUP: 3, Kind.ROADMAP: 4}


def plan(build: BuildContext) -> list[PlannedPage]:
    """Return every page of the site, in an order that never changes by itself."""
    languages = build.site.languages
    planned = [_not_found(build), _away(build)]
    if len(languages) > 1:
        planned.append(_door(build))
    for lang in languages:
        view = LanguageView(build, lang)
        home = _home(view)
        planned.append(home)
        if len(languages) == 1:  # nothing to choose between: the front door is the home
            planned.append(replace(home, path="", canonical=home.path, indexed=False))
        planned += lists(view)
        planned += _things(view, build.index.of_kind)
        planned += taxonomies(view)
        planned += patterns(view)
    return planned


def _door(build: BuildContext) -> PlannedPage:
    first = build.site.languages[0]
    return PlannedPage(
        path="",
        identity=("door",),
        lang=first,
        template="door.html",
        title=build.site.name.get(first).text,
        summary=build.site.description.get(first).text,
        section="door",
        data={"languages": [_threshold(build, lang) for lang in build.site.languages]},
    )


def _threshold(build: BuildContext, lang: str) -> dict[str, str]:
    """Return a language as the front door offers it."""
    return {
        "lang": lang,
        "url": build.link(build.addresses.home(lang)),
        "name": build.wordings[lang].own_name,
        "site_name": build.site.name.get(lang).text,
        "strapline": build.site.strapline.get(lang).text,
    }


def _not_found(build: BuildContext) -> PlannedPage:
    first = build.site.languages[0]
    return PlannedPage(
        path="404.html",
        identity=("404",),
        lang=first,
        template="404.html",
        title=build.wordings[first].gettext("Page not found"),
        section="error",
        indexed=False,
    )


def _away(build: BuildContext) -> PlannedPage:
    """Plan what a web server shows while the feedback service behind it doesn't answer."""
    first = build.site.languages[0]
    return PlannedPage(
        path="away.html",
        identity=("away",),
        lang=first,
        template="away.html",
        title=build.wordings[first].gettext("We can't be reached just now"),
        section="away",
        indexed=False,
    )


def _home(view: LanguageView) -> PlannedPage:
    site, kinds = view.build.site, view.build.index.of_kind
    working_on = [
        item
        for item in kinds[Kind.ROADMAP]
        if isinstance(item, RoadmapItem) and item.status == ItemStatus.NOW and not item.withdrawn
    ]
    latest: dict[str, Sequence[Content]] = {
        "posts": kinds[Kind.POST][: ON_HOME[Kind.POST]],
        "changes": kinds[Kind.CHANGE][: ON_HOME[Kind.CHANGE]],
        "episodes": kinds[Kind.EPISODE][: ON_HOME[Kind.EPISODE]],
        "meetups": view.coming()[: ON_HOME[Kind.MEETUP]],
        "roadmap_now": working_on[: ON_HOME[Kind.ROADMAP]],
    }
    return PlannedPage(
        path=view.build.addresses.home(view.lang),
        identity=("home",),
        lang=view.lang,
        template="home.html",
        title=site.name.get(view.lang).text,
        summary=site.description.get(view.lang).text,
        section="home",
        data={name: view.entries(contents) for name, contents in latest.items()},
    )


def waiting(build: BuildContext) -> list[PlannedPage]:
    """Return the pages that are still to appear, as on the day on which all of them have."""
    shown, ahead = build.index.by_key, build.ahead
    coming = {
        kind: [content for content in contents if (kind, content.key) not in shown]
        for kind, contents in (ahead.index.of_kind.items() if ahead is not build else ())
    }
    views = (LanguageView(ahead, lang) for lang in build.site.languages)
    return [page for view in views for page in _things(view, coming)]


def _things(view: LanguageView, of_kind: Mapping[Kind, Sequence[Content]]) -> Iterator[PlannedPage]:
    """Plan the page of each thing, translated or not."""
    build, lang = view.build, view.lang
    for kind, contents in of_kind.items():
        title = section_title(kind, view.gettext)
        up = ((title, build.addresses.section(kind, lang)),) if kind != Kind.PAGE else ()
        for entry in view.entries(contents):
            yield PlannedPage(
                path=entry.path,
                identity=("content", kind, entry.key),
                lang=lang,
                template=f"detail-{kind}.html",
                title=entry.title,
                summary=entry.summary,
                section=kind,
                foreign=entry.foreign,
                canonical=build.addresses.content(entry.content, entry.lang),
                indexed=not (entry.foreign or entry.draft or entry.scheduled),
                updated=entry.content.last_changed,
                entry=entry,
                crumbs=up,
                origin=entry.source,
                data={"entry": entry} | _beside(entry, view),
            )


def _beside(entry: Entry, view: LanguageView) -> dict[str, Any]:
    """Return what a thing's page shows besides the thing."""
    site, index = view.build.site, view.build.index
    match entry.content:
        case Meetup() as meetup:
            carried = index.carried.get(meetup.key, [])
            shown = view.latest(meetup)
            episode = index.by_key.get((Kind.EPISODE, meetup.recording or ""))
            return {
                "state": meetup.state,
                "is_past": shown.end <= view.build.now,
                "start": shown.start,
                "end": shown.end,
                "all_day": shown.all_day,
                "recording": next(iter(view.entries([episode] if episode else [])), None),
                "carried": [
                    {"action": action, "entry": view.entries([earlier])[0]}
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
