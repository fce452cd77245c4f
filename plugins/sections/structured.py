"""What a page says to machines: schema.org as JSON-LD, worked out from the same facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plugins.kinds.models import Episode, Kind, Meetup, MeetupState, Page, Post
from plugins.kinds.recurrence import day_or_moment
from plugins.sections.entries import Entry, LanguageView

if TYPE_CHECKING:
    from datetime import timedelta

    from plugins.kinds.series import SeriesDate
    from plugins.sections.build_context import BuildContext
    from plugins.sections.planned_page import PlannedPage

Thing = dict[str, Any]  # a schema.org thing: what JSON can say, by property

_CONTEXT = {"@context": "https://schema.org"}
_STATES = {
    MeetupState.PLANNED: "EventScheduled",
    MeetupState.MOVED: "EventRescheduled",
    MeetupState.CANCELLED: "EventCancelled",
}


def structured_data(page: PlannedPage, build: BuildContext, image: str = "") -> list[Thing]:
    """Return what schema.org has words for on a page; nothing for a page such as 404.

    :param image: the absolute address of the picture that stands for the page.
    """
    things: list[Thing] = []
    if page.section in {"home", "door"}:
        things = [_organisation(page.lang, build), _website(page.lang, build)]
    elif page.entry:
        things = [_thing(page.entry, page, build, image)]
    if page.crumbs:
        things.append(_crumbs(page, build))
    return [_CONTEXT | _said(thing) for thing in things]


def _said(content: Thing) -> Thing:
    """Return a thing without the properties that say nothing."""
    return {name: value for name, value in content.items() if value not in ("", None, [])}


def _organisation(lang: str, build: BuildContext) -> Thing:
    site = build.site
    return {
        "@type": "Organization",
        "@id": build.url + "#association",
        "name": site.name.get(lang).text,
        "alternateName": [text for _, text in site.name.texts if text != site.name.get(lang).text],
        "description": site.description.get(lang).text,
        "url": build.url,
        "email": site.email,
        "telephone": site.phone,
        "address": site.address.get(lang).text,
    }


def _website(lang: str, build: BuildContext) -> Thing:
    return {
        "@type": "WebSite",
        "@id": build.url + "#website",
        "name": build.site.name.get(lang).text,
        "url": build.url,
        "inLanguage": list(build.site.languages),
        "publisher": {"@id": build.url + "#association"},
    }


def _publisher(lang: str, build: BuildContext) -> Thing:
    """Return the association in so many words as a page about something else needs."""
    whole = _organisation(lang, build)
    return {name: whole[name] for name in ("@type", "@id", "name", "url")}


def _thing(entry: Entry, page: PlannedPage, build: BuildContext, image: str) -> Thing:
    url = build.absolute(page.canonical or page.path)
    common: Thing = {
        "@id": url + "#it",
        "url": url,
        "description": entry.summary,
        "image": image,
        "inLanguage": entry.lang,
    }
    match entry.content:
        case Meetup():
            return common | _event(entry.content, entry, page.lang, build)
        case Episode():
            heard: Thing = page.data.get("structured", {})  # of its recording
            return common | _episode(entry.content, entry, page.lang, build) | heard
        case Page():
            return common | {"@type": "WebPage", "name": entry.title} | _dates(entry)
    sort = "BlogPosting" if isinstance(entry.content, Post) else "Article"
    publisher = _publisher(page.lang, build)
    return (
        common
        | {
            "@type": sort,
            "headline": entry.title,
            "mainEntityOfPage": url,
            "keywords": [sign.title for sign in (*entry.topics, *entry.tags)],
            "author": _authors(entry, page.lang, build) or [publisher],
            "publisher": publisher,
        }
        | _dates(entry)
    )


def _dates(entry: Entry) -> Thing:
    day, changed = entry.date, entry.content.last_changed
    return {
        "datePublished": day.isoformat() if day else "",
        "dateModified": changed.isoformat() if changed else "",
    }


def _authors(entry: Entry, lang: str, build: BuildContext) -> list[Thing]:
    if not isinstance(entry.content, Post):
        return []
    people = [(key, build.site.people[key]) for key in entry.content.authors]
    return [
        _said(
            {
                "@type": "Person",
                "name": person.name,
                "jobTitle": person.role.get(lang).text,
                "url": build.absolute(build.addresses.person(key, lang)),
            }
        )
        for key, person in people
    ]


def _event(meetup: Meetup, entry: Entry, lang: str, build: BuildContext) -> Thing:
    places: list[Thing] = []
    if meetup.place:
        address = meetup.place.address
        place = {
            "@type": "Place",
            "name": meetup.place.name.get(lang).text,
            "address": address.get(lang).text if address else "",
        }
        places.append(_said(place))
    if meetup.stream:
        places.append({"@type": "VirtualLocation", "url": meetup.stream})
    mode = {(True, True): "Mixed", (False, True): "Online"}.get(
        (bool(meetup.place), bool(meetup.stream)), "Offline"
    )
    shown, dates = LanguageView(build, lang).latest(meetup), build.index.dates
    return {
        "@type": "Event",
        "name": entry.title,
        "startDate": day_or_moment(shown.start, all_day=meetup.all_day),
        "endDate": day_or_moment(shown.end, all_day=meetup.all_day),
        "eventSchedule": _schedule(meetup, build),
        "subEvent": [_exception(date, lang, build) for date in dates.exceptions(meetup)],
        "eventStatus": f"https://schema.org/{_STATES[meetup.state]}",
        "previousStartDate": [
            day_or_moment(update.was, all_day=meetup.all_day)
            for update in meetup.updates
            if update.was
        ],
        "eventAttendanceMode": f"https://schema.org/{mode}EventAttendanceMode",
        "location": places,
        "organizer": _publisher(lang, build),
    }


def _exception(date: SeriesDate, lang: str, build: BuildContext) -> Thing:
    """Return a date of a series of which another page tells."""
    entry = Entry(date.meetup, lang, build)
    return _said(
        {
            "@type": "Event",
            "@id": build.absolute(entry.path) + "#it",
            "name": entry.title,
            "url": build.absolute(entry.path),
            "startDate": day_or_moment(date.start, all_day=date.all_day),
            "endDate": day_or_moment(date.end, all_day=date.all_day),
            "eventStatus": f"https://schema.org/{_STATES[date.state]}",
            "previousStartDate": day_or_moment(date.planned.start, all_day=date.all_day)
            if date.state == MeetupState.MOVED
            else "",
        }
    )


def _schedule(meetup: Meetup, build: BuildContext) -> Thing | None:
    """Return how a meetup comes again, None when it doesn't."""
    again, zone = meetup.recurrence, meetup.start.tzinfo
    if again is None:
        return None
    taken = {date.planned for date in build.index.dates.exceptions(meetup)}
    return _said(
        {
            "@type": "Schedule",
            "repeatFrequency": f"P{again.interval}{again.frequency[0]}",
            "byDay": list(again.by_day),
            "startDate": again.dates[0].start.date().isoformat(),
            "endDate": again.dates[-1].start.date().isoformat(),
            "startTime": "" if meetup.all_day else meetup.start.time().isoformat(),
            "endTime": "" if meetup.all_day else meetup.end.time().isoformat(),
            "scheduleTimezone": str(zone),
            "exceptDate": [
                day_or_moment(date.start, all_day=meetup.all_day)
                for date in again.dates
                if date in taken
            ],
        }
    )


def _episode(episode: Episode, entry: Entry, lang: str, build: BuildContext) -> Thing:
    show = build.site.shows[episode.show]
    return {
        "@type": "PodcastEpisode",
        "name": entry.title,
        "episodeNumber": episode.number,
        "timeRequired": _length(episode.duration) if episode.duration else "",
        "partOfSeries": {
            "@type": "PodcastSeries",
            "name": show.title.get(lang).text,
            "url": build.absolute(build.addresses.section(Kind.EPISODE, lang)),
        },
        "publisher": _publisher(lang, build),
    } | _dates(entry)


def _length(length: timedelta) -> str:
    """Return a length as ISO 8601 writes it, as in PT1H4M30S."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"PT{hours}H{minutes}M{seconds}S"


def _crumbs(page: PlannedPage, build: BuildContext) -> Thing:
    home = (build.site.name.get(page.lang).text, build.addresses.home(page.lang))
    way = (home, *page.crumbs, (page.title, page.path))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": title,
                "item": build.absolute(path),
            }
            for position, (title, path) in enumerate(way, 1)
        ],
    }
