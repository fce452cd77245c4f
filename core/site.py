"""The association's own settings: site.toml, parsed once into a frozen dataclass."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from core import fields
from core.accessibility import Accessibility
from core.categories import CATEGORY
from core.faults import Report
from core.fields import (
    LONG_WORDS,
    WORDS,
    ByLanguage,
    Choice,
    Group,
    Many,
    Member,
    Table,
    optional,
    required,
)
from core.look import Look, check_look
from core.nodes import Mapping, read_toml
from core.values import (
    BOOLEAN,
    DAYS,
    EMAIL,
    FILE,
    IDENTITY,
    KEY,
    LINE,
    PHONE,
    SERVICE,
    SITE_ADDRESS,
    SITE_LANGUAGE,
    SLUG,
    VERSION,
    WEB,
    ZONE,
    Reading,
    between,
)
from core.words import Words

if TYPE_CHECKING:
    from core.faults import FileFaults

OWN_PLUGINS = "local_plugins"  # the association's folder of plugins, beside site.toml


@dataclass(frozen=True, kw_only=True)
class Association:
    """[association]: who owns the site."""

    name: Words = required(WORDS, "the association's name, as tenants say it")
    strapline: Words = optional(WORDS, "one line below the name", Words.of(""))
    description: Words = optional(LONG_WORDS, "two sentences about the site", Words.of(""))
    tenant: Words = optional(
        WORDS,
        "the word this site uses for one tenant",
        Words((("en", "tenant"), ("cy", "tenant"))),
    )
    tenants: Words = optional(
        WORDS,
        "the word this site uses for several",
        Words((("en", "tenants"), ("cy", "tenantiaid"))),
    )
    email: str = optional(EMAIL, "where to write to", "")
    phone: str = optional(PHONE, "what to ring", "")
    address: Words = optional(LONG_WORDS, "where to visit", Words.of(""))
    freepost: Words = optional(WORDS, "an address for letters that need no stamp", Words.of(""))
    licence: str = optional(LINE, "the licence of what is published here", "")


@dataclass(frozen=True, kw_only=True)
class Promise:
    """[promise]: what tenants are promised."""

    answer_days: int = optional(
        between(1, 60), "working days within which everyone is answered", 10
    )


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """[feedback]: how tenants answer back."""

    service: str = optional(
        SERVICE, "where the feedback service is: a path on this site, or an address", "/feedback/"
    )
    ask_after: timedelta = optional(
        DAYS, "how long after a change tenants are asked whether it is fixed", timedelta(weeks=6)
    )


class UrgentMatter(StrEnum):
    """What must not wait; forms and the desk know what to do about each."""

    EMERGENCY = "emergency"
    REPAIRS = "repairs"
    COMPLAINTS = "complaints"
    SAFEGUARDING = "safeguarding"


@dataclass(frozen=True, kw_only=True)
class Urgent:
    """[[urgent]]: something that must not wait for a form, most urgent first."""

    key: UrgentMatter = required(Choice(UrgentMatter), "what it is about")
    name: Words = required(WORDS, "what it is for")
    phone: str = required(PHONE, "what to ring")
    when: Words = optional(WORDS, "when somebody answers", Words.of(""))


@dataclass(frozen=True, kw_only=True)
class Topic:
    """[topics.KEY]: something that tenants speak about."""

    key: str
    name: Words = required(WORDS, "what readers see")
    slug: tuple[tuple[str, str], ...] = optional(ByLanguage(SLUG), "its words in addresses", ())


@dataclass(frozen=True, kw_only=True)
class Area:
    """[areas.KEY]: a place where the association has homes."""

    key: str
    name: Words = required(WORDS, "what readers see")


@dataclass(frozen=True, kw_only=True)
class Team:
    """[teams.KEY]: who owns roadmap items and answers."""

    key: str
    name: Words = required(WORDS, "what readers see")


@dataclass(frozen=True, kw_only=True)
class Person:
    """[people.KEY]: a member of staff, or a partner, who writes here."""

    key: str
    name: str = required(LINE, "the person's name")
    role: Words = optional(WORDS, "what they do", Words.of(""))
    team: str | None = optional(Member("teams"), "their team's key")


class ShowType(StrEnum):
    """In which order a show is heard."""

    EPISODIC = "episodic"  # the newest first, each complete in itself
    SERIAL = "serial"  # from the beginning


class Medium(StrEnum):
    """What a show is made of, in the words of the Podcast Index."""

    PODCAST = "podcast"
    MUSIC = "music"
    AUDIOBOOK = "audiobook"
    COURSE = "course"


@dataclass(frozen=True, kw_only=True)
class Owner:
    """[shows.KEY.owner]: who answers for a show to the directories that list it."""

    name: str = optional(LINE, "the name, if not the association's", "")
    email: str = required(EMAIL, "where directories write to; everyone can read it in the feed")


@dataclass(frozen=True, kw_only=True)
class Funding:
    """[shows.KEY.funding]: how listeners may give something back."""

    url: str = required(WEB, "the page on which they can")
    words: Words = required(WORDS, "what the link says")


@dataclass(frozen=True, kw_only=True)
class Show:
    """[shows.KEY]: a podcast, which has a feed in each language."""

    key: str
    title: Words = required(WORDS, "the show's title")
    description: Words = required(LONG_WORDS, "what it is about")
    artwork: str | None = optional(FILE, "a square picture of 1400 to 3000 pixels")
    category: str = optional(CATEGORY, "one of Apple's categories", "Society & Culture")
    explicit: bool = optional(BOOLEAN, "whether children should not hear it", default=False)
    hosts: tuple[str, ...] = optional(Many(Member("people")), "who presents it", ())
    author: Words = optional(WORDS, "who makes it, if not the association", Words.of(""))
    owner: Owner | None = optional(Group(Owner), "who answers for it to directories")
    type: ShowType = optional(Choice(ShowType), "the order in which it is heard", ShowType.EPISODIC)
    medium: Medium = optional(Choice(Medium), "what it is made of", Medium.PODCAST)
    licence: str = optional(LINE, "its licence, if not the site's", "")
    funding: Funding | None = optional(Group(Funding), "how to give something back")
    locked: bool = optional(
        BOOLEAN, "whether other platforms may not take the feed over", default=True
    )
    every_recording: bool = optional(
        BOOLEAN,
        "whether each language's feed also has what was recorded only in another",
        default=False,
    )
    guid: tuple[tuple[str, str], ...] = optional(
        ByLanguage(IDENTITY), "the feed's permanent id, a line that `check` tells you to write", ()
    )
    new_feed_url: tuple[tuple[str, str], ...] = optional(
        ByLanguage(WEB), "where the feed is now, when the show moves away from here", ()
    )


@dataclass(frozen=True, kw_only=True)
class StandardGroup:
    """[[standard.groups]]: a chapter of the standard."""

    key: str = required(KEY, "the group's key")
    name: Words = required(WORDS, "what readers see")


@dataclass(frozen=True, kw_only=True)
class StandardSettings:
    """[standard]: the standard as a whole."""

    version: str = optional(VERSION, "the version of the whole standard", "0.1")
    title: Words = optional(WORDS, "its title", Words((("en", "The standard"), ("cy", "Y safon"))))
    groups: tuple[StandardGroup, ...] = optional(
        Many(Group(StandardGroup)), "its chapters, in order", ()
    )


@dataclass(frozen=True, kw_only=True)
class Publishing:
    """[build]: how the site is made."""

    page_size: int = optional(between(1, 200), "entries on one page of a list", 10)


@dataclass(frozen=True, kw_only=True)
class Site(Association):
    """site.toml: everything an association decides about its site.

    The fields of [association] are the site's own, so that templates say `site.name`.
    """

    languages: tuple[str, ...] = required(
        Many(SITE_LANGUAGE), "its languages, in the switcher's order"
    )
    default_language: str = optional(
        SITE_LANGUAGE, "the language of files whose names don't say; else the first", ""
    )
    url: str = optional(
        SITE_ADDRESS, "the site's address, with any sub-path", "http://localhost:8000/"
    )
    timezone: ZoneInfo = optional(ZONE, "where its clocks are", ZoneInfo("Europe/London"))
    sample: bool = optional(BOOLEAN, "whether every page says that this is a sample", default=False)
    promise: Promise = optional(Group(Promise), "what tenants are promised", Promise())
    feedback: Feedback = optional(Group(Feedback), "how tenants answer back", Feedback())
    urgent: tuple[Urgent, ...] = optional(Many(Group(Urgent)), "what can't wait for a form", ())
    topics: dict[str, Topic] = optional(Table(Topic), "what tenants speak about", {})
    areas: dict[str, Area] = optional(Table(Area), "where the homes are", {})
    teams: dict[str, Team] = optional(Table(Team), "who owns items and answers", {})
    people: dict[str, Person] = optional(Table(Person), "who writes here", {})
    shows: dict[str, Show] = optional(Table(Show), "the podcasts", {})
    standard: StandardSettings = optional(
        Group(StandardSettings), "the standard as a whole", StandardSettings()
    )
    accessibility: Accessibility = optional(
        Group(Accessibility), "what the accessibility statement says", Accessibility()
    )
    build: Publishing = optional(Group(Publishing), "how the site is made", Publishing())
    look: Look = optional(Group(Look), "what makes it look like the association's", Look())
    plugins: tuple[str, ...] = optional(
        Many(LINE), "plugins beyond ours, by the names of their files in local_plugins/", ()
    )

    @property
    def unnamed(self) -> str:
        """Return the language of files whose names don't say."""
        default = self.default_language
        return default if default in self.languages else self.languages[0]

    @property
    def known(self) -> dict[str, dict[str, str]]:
        """Return what content may name, by setting: key or name in any language → key."""
        return {
            "topics": _names(self.topics),
            "areas": _names(self.areas),
            "teams": _names(self.teams),
            "people": _names(self.people),
            "shows": {key: key for key in self.shows},
            "standard.groups": {group.key: group.key for group in self.standard.groups},
        }


def _names(table: dict[str, Any]) -> dict[str, str]:
    known: dict[str, str] = {}
    for key, entry in table.items():
        known |= dict.fromkeys([key, *_texts(entry.name)], key)
    return known


def _texts(name: Words | str) -> list[str]:
    return [text for _, text in name.texts] if isinstance(name, Words) else [name]


def parse_site(text: str, faults: FileFaults) -> Site | None:
    """Parse site.toml.

    :returns: the settings, or None when so much is missing that no site can be made.
    """
    if (tree := read_toml(text, faults)) is None:
        return None
    reading = _reading(tree, faults)
    everything = fields.specs(Site)
    about = fields.specs(Association)
    own = {name: spec for name, spec in everything.items() if name not in about}
    teams = tree.get("teams")
    known = _names(Table(Team).read(teams, reading.at("teams")) or {}) if teams else {}
    people = tree.get("people")
    writers = (
        {key.text: key.text for key, _ in people.entries} if isinstance(people, Mapping) else {}
    )
    reading = dataclasses.replace(reading, known={"teams": known, "people": writers})
    values = fields.read_fields(
        Mapping(tuple(e for e in tree.entries if e[0].text != "association"), tree.line),
        own,
        reading,
    )
    languages = values.get("languages", ())
    if "languages" in values and len(set(languages)) < max(len(languages), 1):
        node = tree.get("languages") or tree
        wrong = "A language stands twice here." if languages else "The site has no language."
        reading.at("languages").fault(node, wrong, 'Write each once: languages = ["cy", "en"].')
        return None
    association = tree.get("association") or Mapping((), 1)
    if isinstance(association, Mapping):
        values |= fields.read_fields(association, about, reading.at("association"))
    else:
        reading.at("association").fault(association, "This is no table.", "Write [association].")
    if (site := fields.make(Site, values)) is not None:
        _check(site, reading)
    return site


def _check(site: Site, reading: Reading) -> None:
    """Report settings that are right one by one and contradict each other."""
    check_look(site.look, partial(_tell, reading))
    if site.default_language and site.default_language not in site.languages:
        _tell(
            reading,
            "default_language",
            f"“{site.default_language}” isn't among the languages of this site.",
            f"Write {' or '.join(site.languages)}.",
        )
    for setting in ("topics", "areas", "teams", "people"):
        owners: dict[str, str] = {key: key for key in getattr(site, setting)}
        for key, entry in getattr(site, setting).items():
            for name in _texts(entry.name):
                owner = owners.setdefault(name.casefold(), key)
                if owner != key:
                    _tell(
                        reading,
                        f"{setting}.{key}.name",
                        f"“{name}” is what {setting}.{owner} is called, too.",
                        "Give one of them another name, so that content can tell them apart.",
                    )
    for setting, groups in (("urgent", site.urgent), ("standard.groups", site.standard.groups)):
        keys = [group.key for group in groups]
        for number, key in enumerate(keys, 1):
            if key in keys[: number - 1]:
                _tell(
                    reading,
                    f"{setting}[{number}].key",
                    f"“{key}” stands twice here.",
                    "Keep one of them.",
                )


def _tell(reading: Reading, field: str, wrong: str, instead: str) -> None:
    reading.faults.fault(reading.lines.get(field, 0), field, wrong, instead, "contradiction")


def _reading(tree: Mapping, faults: FileFaults) -> Reading:
    """Return the reading for the rest: languages come first, since words depend on them."""
    languages = tree.get("languages")
    quiet = Reading(Report().at(faults.path), ())
    known = Many(SITE_LANGUAGE).read(languages, quiet) if languages else None
    return Reading(faults, known or ("en",))
