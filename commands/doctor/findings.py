"""What was found of one thing that can be well or not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from core.site import Site


class Health(StrEnum):
    """How something is."""

    WELL = "well"
    ADVICE = "advice"  # worth mending; it works
    ILL = "ill"
    NONE = "none"  # there is no such thing here


@dataclass(frozen=True)
class Finding:
    """How one thing is, in a sentence, and what to do."""

    health: Health
    words: str
    remedy: str = ""


@dataclass(frozen=True)
class ExaminedSite:
    """What is looked at."""

    root: Path  # the clone
    content: Path
    site: Site
    url: str  # of the published site, with a slash at its end


def well(words: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(Health.WELL, words)


def advice(words: str, remedy: str) -> Finding:
    """Return that something works, and what would be better."""
    return Finding(Health.ADVICE, words, remedy)


def ill(words: str, remedy: str) -> Finding:
    """Return that something doesn't work, and what to do."""
    return Finding(Health.ILL, words, remedy)


def none(words: str) -> Finding:
    """Return that there is nothing to look at, and why."""
    return Finding(Health.NONE, words)
