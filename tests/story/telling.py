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
    details: dict[str, Any] = field(default_factory=dict)


@cache
def entries() -> tuple[Entry, ...]:
    """Everything that was said."""
    document = _read("voices.yaml")
    return tuple(_entry(ref, entry) for ref, entry in document.items() if ref != "stopped")


@cache
def steps() -> tuple[Step, ...]:
    """Return the whole story in order."""
    return tuple(sorted((*_spoken(), *_without_words()), key=lambda step: step.at))


def _spoken() -> Iterator[Step]:
    """Tell what was said, and what was done about it."""
    document = _read("voices.yaml")
    for entry in entries():
        name = entry.voice.name
        yield _arrival(entry.voice, document[name])
        for voice, also in zip(entry.also, document[name].get("also", []), strict=True):
            yield _arrival(voice, also)
        for when, verbs in entry.desk.items():
            yield _by(when, "works", entry=entry, verbs=verbs)
        for when, wish in document[name].get("tenant", {}).items():
            yield Step(_moment(when), "wishes", {"name": name, "wish": wish})
    for number, stopped in enumerate(document["stopped"], 1):
        voice = _voice(f"stopped {number}", stopped, {"danger": "yes"}, stopped["lang"])
        yield Step(_moment(stopped["web"]), "is_stopped", {"voice": voice})


def _without_words() -> Iterator[Step]:
    """Tell of votes, hands, answers and pulls."""
    document = _read("hands.yaml")
    for target, counted in document["votes"].items():
        for when, number in counted.items():
            yield Step(_moment(when), "vote", {"target": target, "number": number})
    for target, counted in document["hands"].items():
        for when, typed in counted.items():
            yield _by(when, "counts_hands", target=target, typed=typed)
    for change, answers in document["fixed"].items():
        for when, answer in answers.items():
            yield Step(_moment(when), "answer_fixed", {"change": change, "said": answer})
    for when in document["pulled"]:
        yield Step(_moment(when), "pull")


@cache
def _read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return document


def _entry(ref: str, fields: dict[str, Any]) -> Entry:
    voice = _voice(ref, fields, {}, fields["lang"])
    shared = {key: text for key, text in voice.form.items() if key in {"sort", "topic", "area"}}
    also = [
        _voice(f"{ref} {number}", other, shared, voice.lang)
        for number, other in enumerate(fields.get("also", []), 1)
    ]
    return Entry(voice, tuple(also), fields.get("desk", {}))


def _voice(name: str, fields: dict[str, Any], shared: dict[str, str], lang: str) -> Voice:
    channel = next(channel for channel in ContactChannel if channel in fields)
    form = USUAL | shared | {key: fields[key] for key in TYPED if key in fields}
    if form["sort"] in {Sort.REPLY, Sort.COMMENT}:  # their form doesn't ask these
        del form["danger"], form["complaint"]
    form |= {"said": fields["said"], "phone": fields.get("phone_number", "")}
    form = {key: text for key, text in form.items() if text}
    lang, about = fields.get("lang", lang), fields.get("about", "")
    return Voice(name, lang, channel, str(fields[channel]), form, about)


def _arrival(voice: Voice, fields: dict[str, Any]) -> Step:
    if voice.channel == ContactChannel.WEB:
        return Step(_moment(voice.heard), "says", {"voice": voice})
    return _by(fields["written"], "writes_down", voice=voice)


def _by(when: str, what: str, **details: Any) -> Step:
    """Return a step of somebody at the desk, told as "2026-01-26 09:05 nia"."""
    moment, _, who = when.rpartition(" ")
    return Step(_moment(moment), what, {"who": who, **details})


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=LOCAL)
