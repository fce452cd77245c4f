"""Front matter as other generators write it, and what its many names mean."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from dateutil.parser import parse

from commands.importing.models import Illustration
from core.faults import Report
from core.nodes import Mapping, Scalar, Sequence, read_toml, read_yaml
from core.times import day_of
from plugins.kinds.held_back import is_kept_from_readers

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from core.nodes import Node

FENCES = {"---": "yaml", "+++": "toml"}
SUMMARY = (
    "description",
    "summary",
    "excerpt",
    "subtitle",
    "standfirst",
    "lead",
    "intro",
    "abstract",
)
PICTURE = (
    "image", "featured_image", "featuredImage", "featured-image", "cover", "coverImage", "hero",
    "header", "banner", "thumbnail", "thumb", "og_image", "ogImage", "feature_image", "teaser",
    "images",
)  # fmt: skip
ALT = (
    "image-alt", "image_alt", "imageAlt", "imagealt", "alt", "featured_image_alt",
    "featuredImageAlt", "cover_alt", "hero_alt", "banner_alt", "thumbnail_alt",
    "imageDescription", "image_description", "image_caption",
)  # fmt: skip
LABELS = ("categories", "category", "tags", "tag", "topics", "keywords")
OLD_ADDRESSES = ("aliases", "alias", "redirect_from", "redirects")
CHANGED = ("lastmod", "updated", "modified", "last_modified_at")
DAY = ("date", "publishDate", "pubDate", "published_at", "created")
EXPIRES = ("expiryDate", "expirydate", "expires", "expiry_date", "unpublish_on")


@dataclass(frozen=True)
class ImportedFrontMatter:
    """What stands above a text."""

    tree: Mapping
    more: tuple[Mapping, ...] = ()  # what the folders above it say for all texts in them

    def node(self, *names: str) -> Node | None:
        """Return the first of some fields that says anything."""
        for name in names:
            for tree in (self.tree, *self.more):
                value = tree.get(name)
                if value is not None and not (isinstance(value, Scalar) and value.empty):
                    return value
        return None

    def text(self, *names: str) -> str:
        """Return the first of some fields that is a single value; "" when none is."""
        for name in names:
            value = self.node(name)
            if isinstance(value, Scalar) and value.text.strip():
                return value.text.strip()
        return ""

    def texts(self, *names: str, spaced: bool = False) -> list[str]:
        """Return everything that some fields list.

        :param spaced: whether blanks part a single value, as in Jekyll's tags.
        """
        texts = []
        for name in names:
            value = self.node(name)
            if isinstance(value, Scalar):
                parts = re.split(
                    r"[,\s]+" if spaced and "," not in value.text else r",", value.text
                )
                texts += [part.strip() for part in parts]
            elif isinstance(value, Sequence):
                texts += [item.text.strip() for item in value.items if isinstance(item, Scalar)]
        return [text for text in texts if text]

    def line(self, name: str) -> int:
        """Return the line of a field; 1 when it isn't there."""
        return next((key.line for key, _ in self.tree.entries if key.text == name), 1)

    @property
    def draft(self) -> bool:
        """Whether it says, in any of the ways there are, that it isn't public."""
        return any(
            is_kept_from_readers(key.text, node)
            for tree in (self.tree, *self.more)
            for key, node in tree.entries
        )

    def is_over(self, today: date, zone: ZoneInfo) -> bool:
        """Whether it was public until a day that is past, as Hugo's expiryDate says."""
        last = self.day(EXPIRES, zone)
        return last is not None and last <= today

    def day(self, names: tuple[str, ...], zone: ZoneInfo) -> date | None:
        """Return a day, by the clock of the site; None when there is none or it can't be read."""
        return read_day(self.text(*names), zone)

    @property
    def picture(self) -> Illustration | None:
        """Return the picture that stands for the page."""
        value = self.node(*PICTURE)
        if isinstance(value, Sequence):
            value = value.items[0] if value.items else None
        src, alt = "", self.text(*ALT)
        if isinstance(value, Scalar):
            src = value.text.strip()
        elif isinstance(value, Mapping):
            inner = ImportedFrontMatter(value)
            src = inner.text("src", "url", "path", "image", "file", "name", "teaser")
            alt = alt or inner.text("alt", "title", "caption", "description")
        return Illustration(src, alt) if src else None


def read_day(text: str, zone: ZoneInfo) -> date | None:
    """Return the day that a date of any generator means, by the clock of the site."""
    if not re.search(r"\d{4}", text) or len(text) > 60:  # noqa: PLR2004 - no date is longer
        return None
    with suppress(ValueError):
        return day_of(text, zone)
    try:
        moment = parse(text, default=datetime(2000, 1, 1))  # noqa: DTZ001 - its day alone is read
        return (moment.astimezone(zone) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError, TypeError):
        return None


@dataclass(frozen=True)
class SplitFile:
    """A file, taken apart."""

    front: Mapping
    body: str
    body_line: int
    fenced: bool


class Unreadable(Exception):
    """The front matter can't be read; says in which line, and why."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line


def take_apart(text: str) -> SplitFile:
    """Take front matter and body apart.

    :raises Unreadable: when there is front matter that can't be read.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    lines = text.split("\n")
    fence = lines[0].rstrip()
    if fence.startswith("{") and (split := _json_front(text)):
        front, body = split
        return SplitFile(front, body, text.count("\n") - body.count("\n") + 1, fenced=True)
    if fence not in FENCES:
        return SplitFile(Mapping((), 1), text, 1, fenced=False)
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == fence), None)
    if end is None:
        raise Unreadable(1, f"The part that begins with {fence} is never closed.")
    return SplitFile(
        read_tree("\n".join(lines[1:end]), FENCES[fence], 2),
        "\n".join(lines[end + 1 :]),
        end + 2,
        fenced=True,
    )


def _json_front(text: str) -> tuple[Mapping, str] | None:
    """Return front matter in JSON, as Hugo takes it, and what follows; None when it is none.

    :raises Unreadable: when it can't be read.
    """
    try:
        value, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or "title" not in value:
        return None
    return read_tree(json.dumps(value, ensure_ascii=False), "yaml"), text[end:].lstrip("\n")


def read_tree(text: str, form: str, first_line: int = 1) -> Mapping:
    """Read YAML, JSON or TOML into a tree.

    :raises Unreadable: when it can't be read.
    """
    report = Report()
    faults = report.at("front matter")
    tree = read_toml(text, faults) if form == "toml" else read_yaml(text, faults, first_line)
    if tree is None:
        fault = next(iter(report))
        raise Unreadable(fault.line + (first_line - 1 if form == "toml" else 0), fault.wrong)
    return tree
