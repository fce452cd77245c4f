"""What a page says to machines: schema.org as JSON-LD, worked out from the same facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plugins.kinds.models import Episode, Kind, Meetup, MeetupState, Page, Post
from plugins.sections.readers import Readers

if TYPE_CHECKING:
    from datetime import timedelta

    from plugins.sections.edition import Edition
    from plugins.sections.entries import Entry
    from plugins.sections.sheets import Sheet

Thing = dict[str, Any]  # a schema.org thing: what JSON can say, by property

_CONTEXT = {"@context": "https://schema.org"}
_STATES = {
    MeetupState.PLANNED: "EventScheduled",
    MeetupState.MOVED: "EventRescheduled",
    MeetupState.CANCELLED: "EventCancelled",
}


def structured_data(sheet: Sheet, edition: Edition, image: str = "") -> list[Thing]:
    """Return what schema.org has words for on a page; nothing for a page such as 404.

    :param image: the absolute address of the picture that stands for the page.
    """
    found: list[Thing] = []
    if sheet.section in {"home", "door"}:
        found = [_organisation(sheet.lang, edition), _website(sheet.lang, edition)]
    elif sheet.entry:
        found = [_thing(sheet.entry, sheet, edition, image)]
    if sheet.crumbs:
        found.append(_crumbs(sheet, edition))
    return [_CONTEXT | _said(one) for one in found]


def _said(thing: Thing) -> Thing:
    """Return a thing without the properties that say nothing."""
    return {name: value for name, value in thing.items() if value not in ("", None, [])}


def _organisation(lang: str, edition: Edition) -> Thing:
    site = edition.site
    return {
        "@type": "Organization",
        "@id": edition.url + "#association",
        "name": site.name.get(lang).text,
        "alternateName": [text for _, text in site.name.texts if text != site.name.get(lang).text],
        "description": site.description.get(lang).text,
        "url": edition.url,
        "email": site.email,
        "telephone": site.phone,
        "address": site.address.get(lang).text,
    }


def _website(lang: str, edition: Edition) -> Thing:
    return {
        "@type": "WebSite",
        "@id": edition.url + "#website",
        "name": edition.site.name.get(lang).text,
        "url": edition.url,
        "inLanguage": list(edition.site.languages),
        "publisher": {"@id": edition.url + "#association"},
    }


def _publisher(lang: str, edition: Edition) -> Thing:
    """Return the association in so many words as a page about something else needs."""
    whole = _organisation(lang, edition)
    return {name: whole[name] for name in ("@type", "@id", "name", "url")}


def _thing(entry: Entry, sheet: Sheet, edition: Edition, image: str) -> Thing:
    url = edition.absolute(sheet.canonical or sheet.path)
    common: Thing = {
        "@id": url + "#it",
        "url": url,
        "description": entry.summary,
        "image": image,
        "inLanguage": entry.lang,
    }
    match entry.thing:
        case Meetup():
            return common | _event(entry.thing, entry, sheet.lang, edition)
        case Episode():
            heard: Thing = sheet.data.get("structured", {})  # of its recording
            return common | _episode(entry.thing, entry, sheet.lang, edition) | heard
        case Page():
            return common | {"@type": "WebPage", "name": entry.title} | _dates(entry)
    sort = "BlogPosting" if isinstance(entry.thing, Post) else "Article"
    publisher = _publisher(sheet.lang, edition)
    return (
        common
        | {
            "@type": sort,
            "headline": entry.title,
            "mainEntityOfPage": url,
            "keywords": [sign.title for sign in (*entry.topics, *entry.tags)],
            "author": _authors(entry, sheet.lang, edition) or [publisher],
            "publisher": publisher,
        }
        | _dates(entry)
    )


def _dates(entry: Entry) -> Thing:
    day, changed = entry.date, entry.thing.last_changed
    return {
        "datePublished": day.isoformat() if day else "",
        "dateModified": changed.isoformat() if changed else "",
    }


def _authors(entry: Entry, lang: str, edition: Edition) -> list[Thing]:
    if not isinstance(entry.thing, Post):
        return []
    people = [(key, edition.site.people[key]) for key in entry.thing.authors]
    return [
        _said(
            {
                "@type": "Person",
                "name": person.name,
                "jobTitle": person.role.get(lang).text,
                "url": edition.absolute(edition.addresses.person(key, lang)),
            }
        )
        for key, person in people
    ]


def _event(meetup: Meetup, entry: Entry, lang: str, edition: Edition) -> Thing:
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
    shown = Readers(edition, lang).latest(meetup)
    return {
        "@type": "Event",
        "name": entry.title,
        "startDate": shown.start.isoformat(),
        "endDate": shown.end.isoformat(),
        "eventSchedule": _schedule(meetup, edition),
        "eventStatus": f"https://schema.org/{_STATES[meetup.state]}",
        "previousStartDate": [update.was.isoformat() for update in meetup.updates if update.was],
        "eventAttendanceMode": f"https://schema.org/{mode}EventAttendanceMode",
        "location": places,
        "organizer": _publisher(lang, edition),
    }


def _schedule(meetup: Meetup, edition: Edition) -> Thing | None:
    """Return how a meetup comes again, None when it doesn't."""
    again, zone = meetup.recurrence, meetup.start.tzinfo
    if again is None:
        return None
    kept = {one.start for one in edition.library.dates(meetup)}
    return _said(
        {
            "@type": "Schedule",
            "repeatFrequency": f"P{again.interval}{again.frequency[0]}",
            "byDay": list(again.by_day),
            "startDate": again.dates[0].start.date().isoformat(),
            "endDate": again.dates[-1].start.date().isoformat(),
            "startTime": meetup.start.time().isoformat(),
            "endTime": meetup.end.time().isoformat(),
            "scheduleTimezone": str(zone),
            "exceptDate": [one.start.isoformat() for one in again.dates if one.start not in kept],
        }
    )


def _episode(episode: Episode, entry: Entry, lang: str, edition: Edition) -> Thing:
    show = edition.site.shows[episode.show]
    return {
        "@type": "PodcastEpisode",
        "name": entry.title,
        "episodeNumber": episode.number,
        "timeRequired": _length(episode.duration) if episode.duration else "",
        "partOfSeries": {
            "@type": "PodcastSeries",
            "name": show.title.get(lang).text,
            "url": edition.absolute(edition.addresses.section(Kind.EPISODE, lang)),
        },
        "publisher": _publisher(lang, edition),
    } | _dates(entry)


def _length(length: timedelta) -> str:
    """Return a length as ISO 8601 writes it, as in PT1H4M30S."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"PT{hours}H{minutes}M{seconds}S"


def _crumbs(sheet: Sheet, edition: Edition) -> Thing:
    home = (edition.site.name.get(sheet.lang).text, edition.addresses.home(sheet.lang))
    way = (home, *sheet.crumbs, (sheet.title, sheet.path))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": title,
                "item": edition.absolute(path),
            }
            for position, (title, path) in enumerate(way, 1)
        ],
    }
