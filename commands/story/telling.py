"""Reads the story into steps, in the order in which they happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import yaml

from core.public.vocabulary import ContactChannel, Sort

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
class Voice:
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
class Entry:
    """What somebody said, whoever said the same, and what was done about it."""

    voice: Voice
    also: tuple[Voice, ...]
    desk: dict[str, dict[str, Any]]  # "moment who" → what they did, in order


@dataclass(frozen=True)
class Step:
    """Something that happened."""

    at: datetime  # aware
    what: str  # the name of the player's method
    given: dict[str, Any] = field(default_factory=dict)


@cache
def entries() -> tuple[Entry, ...]:
    """Everything that was said."""
    told = _read("voices.yaml")
    return tuple(_entry(ref, one) for ref, one in told.items() if ref != "stopped")


@cache
def steps() -> tuple[Step, ...]:
    """Return the whole story in order."""
    return tuple(sorted((*_spoken(), *_without_words()), key=lambda step: step.at))


def _spoken() -> Iterator[Step]:
    """Tell what was said, and what was done about it."""
    told = _read("voices.yaml")
    for entry in entries():
        name = entry.voice.name
        yield _arrival(entry.voice, told[name])
        for voice, also in zip(entry.also, told[name].get("also", []), strict=True):
            yield _arrival(voice, also)
        for when, verbs in entry.desk.items():
            yield _by(when, "works", entry=entry, verbs=verbs)
        for when, wish in told[name].get("tenant", {}).items():
            yield Step(_moment(when), "wishes", {"name": name, "wish": wish})
    for number, one in enumerate(told["stopped"], 1):
        voice = _voice(f"stopped {number}", one, {"danger": "yes"}, one["lang"])
        yield Step(_moment(one["web"]), "is_stopped", {"voice": voice})


def _without_words() -> Iterator[Step]:
    """Tell of votes, hands, answers and pulls."""
    told = _read("hands.yaml")
    for target, counted in told["votes"].items():
        for when, number in counted.items():
            yield Step(_moment(when), "vote", {"target": target, "number": number})
    for target, counted in told["hands"].items():
        for when, typed in counted.items():
            yield _by(when, "counts_hands", target=target, typed=typed)
    for change, answers in told["fixed"].items():
        for when, said in answers.items():
            yield Step(_moment(when), "answer_fixed", {"change": change, "said": said})
    for when in told["pulled"]:
        yield Step(_moment(when), "pull")


@cache
def _read(name: str) -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return told


def _entry(ref: str, told: dict[str, Any]) -> Entry:
    voice = _voice(ref, told, {}, told["lang"])
    shared = {key: text for key, text in voice.form.items() if key in {"sort", "topic", "area"}}
    also = [
        _voice(f"{ref} {number}", one, shared, voice.lang)
        for number, one in enumerate(told.get("also", []), 1)
    ]
    return Entry(voice, tuple(also), told.get("desk", {}))


def _voice(name: str, told: dict[str, Any], shared: dict[str, str], lang: str) -> Voice:
    channel = next(channel for channel in ContactChannel if channel in told)
    form = USUAL | shared | {key: told[key] for key in TYPED if key in told}
    if form["sort"] in {Sort.REPLY, Sort.COMMENT}:  # their form doesn't ask these
        del form["danger"], form["complaint"]
    form |= {"said": told["said"], "phone": told.get("phone_number", "")}
    form = {key: text for key, text in form.items() if text}
    lang, about = told.get("lang", lang), told.get("about", "")
    return Voice(name, lang, channel, str(told[channel]), form, about)


def _arrival(voice: Voice, told: dict[str, Any]) -> Step:
    if voice.channel == ContactChannel.WEB:
        return Step(_moment(voice.heard), "says", {"voice": voice})
    return _by(told["written"], "writes_down", voice=voice)


def _by(when: str, what: str, **given: Any) -> Step:  # noqa: ANN401 - as the step takes it
    """Return a step of somebody at the desk, told as "2026-01-26 09:05 nia"."""
    moment, _, who = when.rpartition(" ")
    return Step(_moment(moment), what, {"who": who, **given})


def _moment(told: str) -> datetime:
    return datetime.strptime(told, "%Y-%m-%d %H:%M").replace(tzinfo=LOCAL)
