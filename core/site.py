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
from core.clock_presets import PRESETS
from core.clocks import ClockRule, Office, filled_in
from core.faults import Report
from core.fields import (
    LONG_WORDS,
    WORDS,
    Choice,
    Group,
    Many,
    Spec,
    Table,
    optional,
    required,
)
from core.look import Look, check_look
from core.nodes import Mapping, read_toml
from core.repairs_system import RepairsSystem
from core.shows import Show
from core.site_contradictions import (
    check_languages,
    check_service,
    check_topics,
    check_twice,
)
from core.site_words import Area, FreeTag, Person, Team, Topic
from core.succession import RENAMED, Succession, check_succession
from core.values import (
    BOOLEAN,
    DAYS,
    EMAIL,
    KEY,
    LINE,
    PHONE,
    PLUGIN,
    SERVICE,
    SITE_ADDRESS,
    SITE_LANGUAGE,
    VERSION,
    ZONE,
    Reading,
    between,
)
from core.words import Words, plain_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from core.faults import FileFaults
    from core.succession import Tell

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
    former_languages: tuple[str, ...] = optional(
        Many(SITE_LANGUAGE), "languages that it gave up; their addresses lead to what is left", ()
    )
    url: str = optional(
        SITE_ADDRESS, "the site's address, with any sub-path", "http://localhost:8000/"
    )
    timezone: ZoneInfo = optional(ZONE, "where its clocks are", ZoneInfo("Europe/London"))
    sample: bool = optional(BOOLEAN, "whether every page says that this is a sample", default=False)
    promise: Promise = optional(Group(Promise), "what tenants are promised", Promise())
    feedback: Feedback = optional(Group(Feedback), "how tenants answer back", Feedback())
    repairs: RepairsSystem = optional(
        Group(RepairsSystem), "the system in which what is handed over is done", RepairsSystem()
    )
    office: Office = optional(Group(Office), "when people are at work", Office())
    clocks: tuple[ClockRule, ...] = optional(
        Many(Group(ClockRule)), "how long things may take, as the law or a promise has it", ()
    )
    urgent: tuple[Urgent, ...] = optional(Many(Group(Urgent)), "what can't wait for a form", ())
    topics: dict[str, Topic] = optional(Table(Topic), "what tenants speak about", {})
    areas: dict[str, Area] = optional(Table(Area), "where the homes are", {})
    teams: dict[str, Team] = optional(Table(Team), "who owns items and answers", {})
    people: dict[str, Person] = optional(Table(Person), "who writes here", {})
    shows: dict[str, Show] = optional(Table(Show), "the podcasts", {})
    tags: dict[str, FreeTag] = optional(Table(FreeTag), "tags that are written otherwise now", {})
    standard: StandardSettings = optional(
        Group(StandardSettings), "the standard as a whole", StandardSettings()
    )
    accessibility: Accessibility = optional(
        Group(Accessibility), "what the accessibility statement says", Accessibility()
    )
    build: Publishing = optional(Group(Publishing), "how the site is made", Publishing())
    look: Look = optional(Group(Look), "what makes it look like the association's", Look())
    plugins: tuple[str, ...] = optional(
        Many(PLUGIN), "plugins beyond ours, by the names of their files in local_plugins/", ()
    )

    @property
    def unnamed(self) -> str:
        """Return the language of files whose names don't say."""
        default = self.default_language
        return default if default in self.every_language else self.languages[0]

    @property
    def every_language(self) -> tuple[str, ...]:
        """Return the languages in which something may be written: those given up come last."""
        return (*self.languages, *self.former_languages)

    # The tables above hold what is so now; here stand all words, those that others replaced too.
    successions: dict[str, Succession] = dataclasses.field(default_factory=dict)

    @property
    def known(self) -> dict[str, dict[str, str]]:
        """Return what content may name, by setting: key or name in any language → key of today."""
        named = {setting: self.succession(setting).known() for setting in RENAMED}
        groups = {group.key: group.key for group in self.standard.groups}
        return {**named, "standard.groups": groups}

    def known_on(self, day: date) -> dict[str, dict[str, str]]:
        """Return what something new may name on a day, as `known` does."""
        return {
            setting: {
                name: key
                for name, key in names.items()
                if setting not in RENAMED or not self._is_over(setting, key, day)
            }
            for setting, names in self.known.items()
        }

    def _is_over(self, setting: str, key: str, day: date) -> bool:
        word = self.word(setting, key)
        return word is not None and word.is_over(day)

    def succession(self, setting: str) -> Succession:
        """Return who took whose place in a table such as "topics"."""
        return self.successions.get(setting) or Succession(getattr(self, setting, {}))

    def current(self, setting: str, key: str) -> str:
        """Return the key of what stands for an old one today; itself, where nothing else does."""
        return self.succession(setting).current(key)

    def word(self, setting: str, key: str) -> Any:  # noqa: ANN401 - the dataclass of that table
        """Return a word of a table by its key, one that others replaced too; None for no word."""
        return self.succession(setting).words.get(key)

    def named(self, setting: str, key: str) -> Words | str:
        """Return what a key of a table is called today; the key itself where nobody knows it."""
        word = self.word(setting, self.current(setting, key))
        return word.name if word else key

    def tag(self, word: str) -> str:
        """Return a tag as it is written today."""
        passed: set[str] = set()
        while (old := self.word("tags", plain_key(word))) and old.now and old.key not in passed:
            passed.add(old.key)
            word = old.now
        return word

    def topic_slugs_before(self, key: str, lang: str) -> tuple[str, ...]:
        """Return the words that a topic's addresses had, and those of topics that it replaced."""
        topic = self.topics[key]
        slugs = [*topic.slugs_before(lang)]
        for word in self.succession("topics").replaced(key):
            if isinstance(word, Topic):
                slugs += [word.slug_in(lang), *word.slugs_before(lang)]
        return tuple(
            dict.fromkeys(slug for slug in slugs if slug != self.topics[key].slug_in(lang))
        )

    def with_published(self, addresses: Iterable[tuple[str, str, str]]) -> Site:
        """Return the settings as they are for a site that was published before.

        :param addresses: a topic's key, a language, and the word of its addresses there.
        """
        topics = self.succession("topics").words
        words = {key: word for key, word in topics.items() if isinstance(word, Topic)}
        for key, lang, slug in sorted(addresses):
            if topic := words.get(key):
                published = (*topic.published, (lang, slug))
                words[key] = dataclasses.replace(topic, published=published)
        return dataclasses.replace(
            self,
            topics={key: word for key, word in words.items() if key in self.topics},
            successions={**self.successions, "topics": Succession(words)},
        )

    def in_use(self, setting: str, today: date, chosen: str = "") -> dict[str, Any]:
        """Return the words of a table that something new may name on a day, by key.

        :param chosen: one that is there all the same, since something names it already.
        """
        words = getattr(self, setting)
        return {
            key: word for key, word in words.items() if key == chosen or not word.is_over(today)
        }


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
    own["association"] = Spec(Group(Association), "who owns the site")
    reading = dataclasses.replace(reading, known=_named_in_settings(tree, reading))
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
    successions = {
        setting: Succession(values.get(setting, {}), free=setting == "tags") for setting in RENAMED
    }
    values |= {setting: words.lasting() for setting, words in successions.items()}
    if (site := fields.make(Site, values)) is None:
        return None
    site = dataclasses.replace(site, successions=successions)
    tell = partial(_tell, reading)
    _check(site, tell)
    return dataclasses.replace(site, clocks=filled_in(site.clocks, PRESETS, tell))


def _check(site: Site, tell: Tell) -> None:
    """Report settings that are right one by one and contradict each other."""
    check_look(site.look, tell)
    check_languages(site.languages, site.former_languages, site.default_language, tell)
    for setting, succession in site.successions.items():
        check_succession(setting, succession, tell)
    if site.office.opens >= site.office.closes:
        tell("office.closes", "It closes before it opens.", "Write a later time.")
    check_service(site.feedback.service, site.every_language, tell)
    check_topics(site.topics, site.languages, tell)
    check_twice("urgent", ((line.key, line.name) for line in site.urgent), tell)
    groups = ((group.key, group.name) for group in site.standard.groups)
    check_twice("standard.groups", groups, tell)


def _tell(reading: Reading, field: str, wrong: str, instead: str) -> None:
    line = _line_of(field, reading.lines)
    reading.faults.fault(line, field, wrong, instead, "contradiction")


def _line_of(field: str, lines: dict[str, int]) -> int:
    """Return where a field stands; for one that isn't written, where its group begins."""
    while field and field not in lines:
        if inside := [line for name, line in lines.items() if name.startswith(f"{field}.")]:
            return min(inside)
        field = field.rpartition(".")[0]
    return lines.get(field, 0)


def _named_in_settings(tree: Mapping, reading: Reading) -> dict[str, dict[str, str]]:
    """Return the teams and people that other settings name; their own faults are told later."""
    known: dict[str, dict[str, str]] = {}
    quiet = dataclasses.replace(reading, faults=Report().at(reading.faults.path))
    for setting, cls in (("teams", Team), ("people", Person)):
        node = tree.get(setting)
        at = dataclasses.replace(quiet.at(setting), known=known)
        words = Table(cls).read(node, at) if node else None
        known[setting] = Succession(words or {}).known()
    # Whose table has faults of its own may be named all the same.
    for setting, names in known.items():
        node = tree.get(setting)
        for key, _ in node.entries if isinstance(node, Mapping) else ():
            names.setdefault(key.text, key.text)
    return known


def _reading(tree: Mapping, faults: FileFaults) -> Reading:
    """Return the reading for the rest: languages come first, since words depend on them."""
    languages = tree.get("languages")
    quiet = Reading(Report().at(faults.path), ())
    known = Many(SITE_LANGUAGE).read(languages, quiet) if languages else None
    return Reading(faults, known or ("en",), former=tree.get("former_languages") is not None)
