"""The loop's pages, planned: what is added to the site, and what is added to its pages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.public.vocabulary import ShownStatus
from plugins.kinds.models import Change, Kind, Post, RoadmapItem, StandardPoint
from plugins.loop.entries import ChangeJoined, ItemJoined, RecordEntry, StoneEntry
from plugins.loop.reports import report_pages
from plugins.loop.roadmap import roadmap_pages, terrace_data
from plugins.sections.entries import CountedLink
from plugins.sections.lists import pagination
from plugins.sections.plan import ON_HOME
from plugins.sections.planned_page import PlannedPage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plugins.loop.entries import Joined
    from plugins.sections.entries import Entry


def with_loop(planned: list[PlannedPage], joined: Mapping[str, Joined]) -> list[PlannedPage]:
    """Return the site's pages with what the loop knows, and the loop's own after them."""
    pages = [_joined(page, joined[page.lang]) for page in planned]
    for site in joined.values():
        pages += _own(site, pages)
    return pages


def _joined(page: PlannedPage, joined: Joined) -> PlannedPage:
    """Return a page with what the loop adds to it."""
    if page.entry:
        return page.with_data(**_beside(page.entry, joined))
    if page.identity == ("home",):
        again = [item for item in joined.loop.items if joined.loop.reopened(item)]
        working_on = [*joined.view.entries(again), *page.data["roadmap_now"]]
        return page.with_data(roadmap_now=working_on[: ON_HOME[Kind.ROADMAP]])
    if page.identity == ("list", Kind.ROADMAP, "", "1"):
        return page.with_data(**terrace_data(joined))
    if page.identity[:2] == ("list", Kind.CHANGE):
        contents = [entry.content for entry in page.data["entries"]]
        changes = [content for content in contents if isinstance(content, Change)]
        return page.with_data(
            joined={change.key: ChangeJoined(change, joined) for change in changes}
        )
    return page


def _beside(entry: Entry, joined: Joined) -> dict[str, Any]:
    match entry.content:
        case RoadmapItem() as item:
            moves = [
                move for move in joined.loop.moves_of(item) if move.to != ShownStatus.WITHDRAWN
            ]
            return {"joined": ItemJoined(item, joined), "moves": moves}
        case Change() as change:
            return {"joined": ChangeJoined(change, joined)}
        case Post():
            return {"answers": joined.records(joined.loop.about(entry.kind, entry.key))}
        case StandardPoint() as point:
            comments = joined.records(joined.loop.about(entry.kind, entry.key))
            return {"answers": comments, "before_version": _before_each(point, comments)}
    return {}


def _before_each(point: StandardPoint, comments: list[RecordEntry]) -> dict[str, list[RecordEntry]]:
    """Return the comments that each version of a point is the first to come after."""
    by_version: dict[str, list[RecordEntry]] = {}
    for revision in point.history:
        earlier = [comment for comment in comments if comment.record.received <= revision.on]
        by_version[revision.version] = earlier
        comments = [comment for comment in comments if comment not in earlier]
    return by_version


def _own(joined: Joined, planned: list[PlannedPage]) -> Iterator[PlannedPage]:
    """Plan the loop's own pages for readers of one language."""
    yield from _records(joined)
    yield from _lists_of_records(joined)
    yield from roadmap_pages(joined, planned)
    yield from report_pages(joined)
    yield from _form_pages(joined)


def _records(joined: Joined) -> Iterator[PlannedPage]:
    """Plan the page of each record that may be shown, and of each that was taken back."""
    gettext = joined.view.gettext
    up = ((gettext("What we heard"), joined.addresses.page("heard", joined.lang)),)
    for record in joined.loop.heard.records.values():
        if not record.shown:
            continue
        entry = RecordEntry(record, joined)
        yield PlannedPage(
            path=entry.path,
            identity=("record", record.ref),
            lang=joined.lang,
            template="detail-record.html",
            title=entry.title,
            summary="" if entry.foreign else entry.extract,
            section="record",
            updated=record.reply.on if record.reply else None,
            crumbs=up,
            origin=joined.loop.heard.paths[record.ref],
            data={"record": entry, "stone": None},
        )
    for stone in joined.loop.heard.tombstones.values():
        yield PlannedPage(
            path=joined.addresses.record(stone.ref, joined.lang),
            identity=("record", stone.ref),
            lang=joined.lang,
            template="detail-record.html",
            title=stone.ref,
            section="record",
            indexed=False,
            crumbs=up,
            origin=joined.loop.heard.paths[stone.ref],
            data={"record": None, "stone": StoneEntry(stone, joined)},
        )


def _lists_of_records(joined: Joined) -> Iterator[PlannedPage]:
    """Plan the list of all records, and of those of each topic, the newest first."""
    build, lang = joined.view.build, joined.lang
    shown = [record for record in joined.loop.heard.records.values() if record.shown]
    shown.sort(key=lambda record: record.ref)
    shown.sort(key=lambda record: record.received, reverse=True)
    if not shown:
        return
    everything = joined.addresses.page("heard", lang)
    title = joined.view.gettext("What we heard")
    topics = [key for key in build.site.topics if any(record.topic == key for record in shown)]
    signs = [
        CountedLink(
            build.site.topics[key].name.get(lang).text,
            joined.link(joined.addresses.records_about(key, lang)),
            key,
            sum(record.topic == key for record in shown),
        )
        for key in topics
    ]
    size = max(1, build.site.build.page_size)
    for topic in (None, *topics):
        records = [record for record in shown if topic in {None, record.topic}]
        first = joined.addresses.records_about(topic, lang) if topic else everything
        old_lists = joined.addresses.records_about_before(topic, lang) if topic else ()
        named = build.site.topics[topic].name.get(lang).text if topic else ""
        count = -(-len(records) // size)

        def path(number: int, first: str = first) -> str:
            return first + joined.addresses.numbered(number, lang)

        def url(number: int, first: str = first) -> str:
            return joined.link(first + joined.addresses.numbered(number, lang))

        for number in range(1, count + 1):
            page = PlannedPage(
                path=path(number),
                old_paths=tuple(path(number, old_list) for old_list in old_lists),
                identity=("records", topic or "", str(number)),
                lang=lang,
                template="list-record.html",
                title=f"{title}: {named}" if named else title,
                section="record",
                indexed=number == 1,
                crumbs=((title, everything),) if topic or number > 1 else (),
                menu="" if topic or number > 1 else "main",
                data={
                    "records": joined.records(records[(number - 1) * size : number * size]),
                    "topics": signs,
                    "topic": topic,
                    "all_url": joined.link(everything),
                    "all_count": len(shown),
                    "pagination": pagination(number, count, url) if count > 1 else None,
                },
            )
            if number > 1:
                words = joined.view.gettext("page %(number)s") % {"number": number}
                page = replace(page, title=f"{page.title}, {words}")
            yield page


def _form_pages(joined: Joined) -> Iterator[PlannedPage]:
    """Plan the way in, the page that stops with phone numbers, and the form."""
    gettext, lang = joined.view.gettext, joined.lang
    title, first = gettext("Say something"), joined.addresses.page("say", lang)
    steps = {
        "stop": ("say-stop.html", gettext("Ring, don’t write")),
        "write": ("say-write.html", gettext("Tell us")),
    }
    links = {step: joined.link(joined.addresses.say(step, lang)) for step in steps}
    yield PlannedPage(
        path=first,
        identity=("say", ""),
        lang=lang,
        template="say.html",
        title=title,
        section="say",
        menu="main",
        data={"steps": links},
    )
    for step, (template, named) in steps.items():
        yield PlannedPage(
            path=joined.addresses.say(step, lang),
            identity=("say", step),
            lang=lang,
            template=template,
            title=named,
            section="say",
            indexed=step == "stop",
            crumbs=((title, first),),
            data={"steps": links},
        )
