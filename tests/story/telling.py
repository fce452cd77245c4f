"""Reads the story into steps, in the order in which they happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from feedback.model import Channel, Sort

HERE = Path(__file__).parent
LOCAL = ZoneInfo("Europe/London")
OFFLINE = [channel for channel in Channel if channel != Channel.WEB]
# What a tenant leaves as it is where the story says nothing else.
USUAL = {
    "sort": "problem",
    "danger": "no",
    "complaint": "no",
    "may_publish": "yes",
    "answer_by": "receipt",
}
TYPED = (*USUAL, "topic", "area", "name", "email", "address")
DESK = (
    "note", "gather", "merge", "redact", "clear", "reply", "publish", "count", "decline",
    "escalate", "route",
)  # fmt: skip


@dataclass(frozen=True)
class Voice:
    """Somebody who said something."""

    name: str  # its reference, or that of the record it belongs to and its number
    lang: str
    channel: Channel
    heard: str  # the moment it was sent, or the day it was heard
    form: dict[str, str]
    about: tuple[str, str] | None = None

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
    voices, hands = _read("voices.yaml"), _read("hands.yaml")
    found: list[Step] = []
    for entry in entries():
        told = voices[entry.voice.name]
        found += _arrival(entry.voice, told)
        for voice, also in zip(entry.also, told.get("also", []), strict=True):
            found += _arrival(voice, also)
        for when, verbs in entry.desk.items():
            assert set(verbs) <= set(DESK), (when, verbs)
            found.append(_by(when, "works", entry=entry, verbs=verbs))
        for when, wish in told.get("tenant", {}).items():
            found.append(Step(_moment(when), "wishes", {"name": entry.voice.name, "wish": wish}))
    for number, told in enumerate(voices["stopped"], 1):
        voice = _voice(f"stopped {number}", told, {"danger": "yes"}, told["lang"])
        found.append(Step(_moment(told["web"]), "is_stopped", {"voice": voice}))
    for target, counted in hands["votes"].items():
        for when, number in counted.items():
            found.append(Step(_moment(when), "vote", {"target": target, "number": number}))
    for target, counted in hands["hands"].items():
        found += [_by(when, "counts_hands", target=target, typed=one) for when, one in counted.items()]
    for change, answers in hands["fixed"].items():
        for when, said in answers.items():
            found.append(Step(_moment(when), "answer_fixed", {"change": change, "said": said}))
    found += [Step(_moment(when), "pull") for when in hands["pulled"]]
    return tuple(sorted(found, key=lambda step: step.at))


def _read(name: str) -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return told


def _entry(ref: str, told: dict[str, Any]) -> Entry:
    voice = _voice(ref, told, {}, told["lang"])
    shared = {name: voice.form[name] for name in ("sort", "topic", "area") if name in voice.form}
    also = [
        _voice(f"{ref} {number}", one, shared, voice.lang)
        for number, one in enumerate(told.get("also", []), 1)
    ]
    return Entry(voice, tuple(also), told.get("desk", {}))


def _voice(name: str, told: dict[str, Any], shared: dict[str, str], lang: str) -> Voice:
    channel = next(channel for channel in Channel if channel in told)
    form = USUAL | shared | {key: told[key] for key in TYPED if key in told}
    if form["sort"] in {Sort.REPLY, Sort.COMMENT}:  # their form doesn't ask these
        del form["danger"], form["complaint"]
    form |= {"said": told["said"], "phone": told.get("phone_number", "")}
    about = tuple(told["about"].split()) if "about" in told else None
    form = {key: value for key, value in form.items() if value}
    return Voice(name, told.get("lang", lang), channel, str(told[channel]), form, about)  # type: ignore[arg-type]


def _arrival(voice: Voice, told: dict[str, Any]) -> list[Step]:
    if voice.channel == Channel.WEB:
        return [Step(_moment(voice.heard), "says", {"voice": voice})]
    return [_by(told["written"], "writes_down", voice=voice)]


def _by(when: str, what: str, **given: Any) -> Step:
    """Return a step of somebody at the desk, told as "2026-01-26 09:05 nia"."""
    moment, _, who = when.rpartition(" ")
    return Step(_moment(moment), what, {"who": who, **given})


def _moment(told: str) -> datetime:
    return datetime.strptime(told, "%Y-%m-%d %H:%M").replace(tzinfo=LOCAL)
