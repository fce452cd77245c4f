"""What every format is read into: texts of one language each, before they become files of ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plugins.kinds.models import Kind

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from commands.front_matter import Value


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """What the command line said."""

    form: str  # a name of a format, such as wordpress
    what: Path
    pictures: Path | None = None  # a folder in which pictures and documents lie
    lang: str = ""  # the language of what doesn't say
    kind: str = ""  # post or page, where a document could be either
    episode: str = ""  # the key of the episode that a transcript belongs to
    speakers: str = ""  # who is who in it: "Speaker 1 = Nia Rowe, Speaker 2 = Huw Parry"
    yes: bool = False  # whether nothing may be asked
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class SourceLocation:
    """Where something stands in what is brought."""

    file: str  # as people name it: relative to the folder that was named, or the file's own name
    line: int = 0  # counted from 1; 0 when the whole file is meant

    def __str__(self) -> str:
        """Return it as an editor can follow."""
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class ImportedAuthor:
    """Somebody who wrote there."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Illustration:
    """The picture that stands for a whole page."""

    src: str  # as it was written there
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The recording of an episode."""

    src: str  # as it was written there
    file: Path | None = None  # None when it isn't at hand
    transcript: str = ""  # what is said, as WebVTT; "" when nobody wrote it down


@dataclass(frozen=True, kw_only=True)
class ImportedText:
    """One text as it was brought, in one language."""

    origin: SourceLocation
    title: str
    body: str  # HTML
    kind: Kind = Kind.POST
    day: date | None = None
    key: str = ""  # the words of its old address or file name; the title's without
    lang: str = ""  # "" when it doesn't say
    pair: str = ""  # what the same text in other languages shares with it; "" for none
    summary: str = ""
    authors: tuple[ImportedAuthor, ...] = ()
    labels: tuple[str, ...] = ()  # categories and tags
    picture: Illustration | None = None
    address: str = ""  # its old address: an absolute one, or a path; "" when nobody can tell
    aliases: tuple[str, ...] = ()  # older addresses still
    feed_id: str = ""  # what the old feed called it; "" when nobody can tell
    draft: bool = False
    updated: date | None = None
    facts: dict[str, Value] = field(default_factory=dict)  # fields that only its kind has
    sound: Enclosure | None = None
    source: str = ""  # the text as it stands in its file, from the origin's line on
    single_breaks: bool = False  # whether an empty line begins a paragraph, as in old WordPress
    folder: Path | None = None  # in which its own pictures lie


@dataclass(frozen=True, slots=True)
class OldFeed:
    """Where the feed of all posts in one language was."""

    path: str  # from the root of the old site, as in /feed/
    lang: str  # "" for that of texts that don't say


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that did not come over."""

    sort: str  # a sentence's beginning that similar things share, as in "comments left out"
    origin: SourceLocation
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class ImportedSite:
    """Everything that was read from one place."""

    items: tuple[ImportedText, ...]
    lost: tuple[Loss, ...] = ()
    feeds: tuple[OldFeed, ...] = ()
    hosts: frozenset[str] = frozenset()  # the old site's names, as in "www.example.org"
    base: str = ""  # the path of the old site below its host, without a slash at its end
    folders: tuple[Path, ...] = ()  # where its pictures and documents may lie
    files: dict[str, bytes] = field(default_factory=dict)  # pictures that came inside, by name
    texts: dict[str, str] = field(default_factory=dict)  # files by path below the content folder
    copies: dict[str, Path] = field(default_factory=dict)  # files by the same
    edits: dict[str, str] = field(default_factory=dict)  # the same, of ours, changed on purpose
    settings: str = ""  # tables for site.toml that the format needs, as TOML
