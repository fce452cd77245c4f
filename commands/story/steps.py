"""Reads the story into steps, in the order in which they happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import yaml

from core.public.vocabulary import ContactChannel, SubmissionSort

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
LOCAL = ZoneInfo("Europe/London")
# What a tenant leaves as it is where the story says nothing else.
USUAL = {
    "sort": "problem",
    "danger": "no",
    "complaint": "no",
    "may_publish": "yes",
    "answer_by": "receipt",
}
TYPED = (*USUAL, "topic", "area", "name", "email", "address")


@dataclass(frozen=True)
class TenantVoice:
    """Somebody who said something."""

    name: str  # its reference, or that of the record it belongs to and its number
    lang: str
    channel: ContactChannel
    heard: str  # the moment it was sent, or the day it was heard
    form: dict[str, str]
    about: str = ""  # kind and key, as in "post reading-damp"

    @property
    def said(self) -> str:
        """The words as they were sent."""
        return self.form["said"]

    @property
    def ref(self) -> str:
        """Its reference where the story names it, else nothing."""
        return "" if " " in self.name else self.name


@dataclass(frozen=True)
class CaseStory:
    """What somebody said, whoever said the same, and what was done about it."""

    voice: TenantVoice
    also: tuple[TenantVoice, ...]
    desk: dict[str, dict[str, Any]]  # "moment who" → what they did, in order


@dataclass(frozen=True)
class Step:
    """Something that happened."""

    at: datetime  # aware
    what: str  # the name of the player's method
    given: dict[str, Any] = field(default_factory=dict)


@cache
def entries() -> tuple[CaseStory, ...]:
    """Everything that was said."""
    voices = _read("voices.yaml")
    return tuple(_entry(ref, facts) for ref, facts in voices.items() if ref != "stopped")


@cache
def steps() -> tuple[Step, ...]:
    """Return the whole story in order."""
    return tuple(sorted((*_spoken(), *_without_words()), key=lambda step: step.at))


def _spoken() -> Iterator[Step]:
    """Tell what was said, and what was done about it."""
    voices = _read("voices.yaml")
    for entry in entries():
        name = entry.voice.name
        yield _arrival(entry.voice, voices[name])
        for voice, also in zip(entry.also, voices[name].get("also", []), strict=True):
            yield _arrival(voice, also)
        for when, verbs in entry.desk.items():
            yield _by(when, "works", entry=entry, verbs=verbs)
        for when, wish in voices[name].get("tenant", {}).items():
            yield _wish(_moment(when), name, wish)
    for number, stopped in enumerate(voices["stopped"], 1):
        voice = _voice(f"stopped {number}", stopped, {"danger": "yes"}, stopped["lang"])
        yield Step(_moment(stopped["web"]), "is_stopped", {"voice": voice})


def _without_words() -> Iterator[Step]:
    """Tell of votes, hands, answers and pulls."""
    events = _read("hands.yaml")
    for target, counted in events["votes"].items():
        for when, number in counted.items():
            yield Step(_moment(when), "vote", {"target": target, "number": number})
    for target, counted in events["hands"].items():
        for when, typed in counted.items():
            yield _by(when, "counts_hands", target=target, typed=typed)
    for change, answers in events["fixed"].items():
        for when, tally in answers.items():
            yield Step(_moment(when), "answer_fixed", {"change": change, "tally": tally})
    for change, sittings in events["looked"].items():
        for when in sittings:
            yield _by(when, "looks", change=change)
    for when in events["pulled"]:
        yield Step(_moment(when), "pull")


@cache
def _read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return document


def _entry(ref: str, facts: dict[str, Any]) -> CaseStory:
    voice = _voice(ref, facts, {}, facts["lang"])
    shared = {key: text for key, text in voice.form.items() if key in {"sort", "topic", "area"}}
    also = [
        _voice(f"{ref} {number}", more, shared, voice.lang)
        for number, more in enumerate(facts.get("also", []), 1)
    ]
    return CaseStory(voice, tuple(also), facts.get("desk", {}))


def _voice(name: str, facts: dict[str, Any], shared: dict[str, str], lang: str) -> TenantVoice:
    channel = next(channel for channel in ContactChannel if channel in facts)
    form = USUAL | shared | {key: facts[key] for key in TYPED if key in facts}
    # Their form doesn't ask these.
    if form["sort"] in {SubmissionSort.REPLY, SubmissionSort.COMMENT}:
        del form["danger"], form["complaint"]
    form |= {"said": facts["said"], "phone": facts.get("phone_number", "")}
    form = {key: text for key, text in form.items() if text}
    lang, about = facts.get("lang", lang), facts.get("about", "")
    return TenantVoice(name, lang, channel, str(facts[channel]), form, about)


def _wish(at: datetime, name: str, wish: str | dict[str, Any]) -> Step:
    if isinstance(wish, str):
        return Step(at, "wishes", {"name": name, "wish": wish})
    if "not-done" in wish:
        return Step(at, "says_not_done", {"name": name, "words": wish["not-done"]})
    words = {"words": wish["again"], "photos": wish.get("photos", [])}
    return Step(at, "writes_again", {"name": name, **words})


def _arrival(voice: TenantVoice, facts: dict[str, Any]) -> Step:
    if voice.channel == ContactChannel.WEB:
        return Step(_moment(voice.heard), "says", {"voice": voice})
    return _by(facts["written"], "writes_down", voice=voice)


def _by(when: str, what: str, **arguments: Any) -> Step:  # noqa: ANN401 - as the step takes it
    """Return a step of somebody at the desk, told as "2026-01-26 09:05 nia"."""
    moment, _, who = when.rpartition(" ")
    return Step(_moment(moment), what, {"who": who, **arguments})


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=LOCAL)
