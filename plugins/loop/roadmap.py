"""The roadmap, looked at in other ways: by topic, rung and team, by votes, as a table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from core.public.vocabulary import ShownStatus
from plugins.kinds.models import Kind, RoadmapItem, Rung
from plugins.loop.entries import ItemJoined, Joined
from plugins.sections.entries import CountedLink
from plugins.sections.lists import STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from plugins.sections.planned_page import PlannedPage


@dataclass(frozen=True)
class RoadmapFilter:
    """A way of choosing among items: the links of one row."""

    sort: str  # topic, rung, team
    shelves: tuple[CountedLink, ...]
    current: str = ""  # the key that is chosen


def terrace_data(
    joined: Joined,
    items: Sequence[RoadmapItem] | None = None,
    chosen: tuple[str, str] = ("", ""),
    view: str = "",
) -> dict[str, Any]:
    """Return what the roadmap's template prints.

    :param items: those to show; all when None.
    :param chosen: the filter and its key.
    :param view: "votes", "table", or "" for the terrace.
    """
    loop = joined.loop
    shown = list(loop.items if items is None else items)
    up = [item for item in shown if not item.withdrawn]
    groups = []
    for status in (ShownStatus.REOPENED, *map(ShownStatus, STATUSES)):
        here = [item for item in up if loop.standing(item) == status]
        groups.append({"status": status, "entries": joined.view.entries(here)})
    by_votes = sorted(up, key=lambda item: (-loop.votes(item), item.key))
    return {
        "entries": joined.view.entries(shown),
        "groups": groups,
        "withdrawn": joined.view.entries(item for item in shown if item.withdrawn),
        "joined": {item.key: ItemJoined(item, joined) for item in shown},
        "standings": {item.key: loop.standing(item) for item in shown},
        "by_votes": joined.view.entries(by_votes),
        "filters": _filters(joined, *chosen),
        "view": view,
        "views": {
            name: joined.link(joined.addresses.view(name, joined.lang))
            for name in ("votes", "table")
        },
        "terrace_url": joined.link(joined.view.build.addresses.section(Kind.ROADMAP, joined.lang)),
    }


def _filters(joined: Joined, sort: str, key: str) -> tuple[RoadmapFilter, ...]:
    site = joined.view.build.site
    names = {
        "topic": {choice: site.topics[choice].name.get(joined.lang).text for choice in site.topics},
        "rung": {str(choice): rung_name(choice, joined.view.gettext) for choice in Rung},
        "team": {choice: site.teams[choice].name.get(joined.lang).text for choice in site.teams},
    }
    filters = []
    for row, words in names.items():
        shelves = []
        for choice, name in words.items():
            count = sum(_matches(item, row, choice) for item in joined.loop.items)
            if count:
                url = joined.link(joined.addresses.filtered(row, choice, joined.lang))
                shelves.append(CountedLink(name, url, choice, count))
        filters.append(RoadmapFilter(row, tuple(shelves), key if row == sort else ""))
    return tuple(filters)


_MATCHES: dict[str, Callable[[RoadmapItem], Sequence[str]]] = {
    "topic": lambda item: item.topics,
    "rung": lambda item: (str(item.rung),),
    "team": lambda item: (item.owner,),
}


def _matches(item: RoadmapItem, sort: str, key: str) -> bool:
    return not item.withdrawn and key in _MATCHES[sort](item)


def roadmap_pages(joined: Joined, planned: Sequence[PlannedPage]) -> Iterator[PlannedPage]:
    """Plan the roadmap's other looks, from its own page."""
    whole = next(
        (
            page
            for page in planned
            if page.identity == ("list", Kind.ROADMAP, "", "1") and page.lang == joined.lang
        ),
        None,
    )
    if whole is None:
        return
    up = ((whole.title, whole.path),)
    gettext = joined.view.gettext
    titles = {"votes": gettext("Roadmap by votes"), "table": gettext("Roadmap as a table")}
    for name, title in titles.items():
        yield replace(
            whole,
            path=joined.addresses.view(name, joined.lang),
            identity=("roadmap", "view", name),
            title=title,
            crumbs=up,
            data={**whole.data, "view": name},
        )
    for row in whole.data["filters"]:
        for shelf in row.shelves:
            chosen = [item for item in joined.loop.items if _matches(item, row.sort, shelf.key)]
            yield replace(
                whole,
                path=joined.addresses.filtered(row.sort, shelf.key, joined.lang),
                old_paths=joined.addresses.filtered_before(row.sort, shelf.key, joined.lang),
                identity=("roadmap", row.sort, shelf.key),
                title=f"{whole.title}: {shelf.title}",
                crumbs=up,
                indexed=False,  # the same items as on the whole roadmap, fewer of them
                data={**whole.data, **terrace_data(joined, chosen, (row.sort, shelf.key))},
            )


def rung_name(rung: Rung, gettext: Callable[[str], str]) -> str:
    """Return what a rung is called, as the pages call it."""
    _ = gettext
    return {
        Rung.INFORMED: _("You are told"),
        Rung.CONSULTED: _("You are asked"),
        Rung.INVOLVED: _("You help to shape it"),
        Rung.WORKING_TOGETHER: _("We work on it together"),
        Rung.DECIDING: _("You decide"),
    }[rung]
