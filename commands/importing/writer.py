"""Writes what was read as files of ours: pages, pictures, people. Twice over changes nothing."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

from commands.front_matter import BareText, InlineList, front_matter
from commands.importing.file_index import FileIndex
from commands.importing.inline import one_line, plain, safe_address
from commands.importing.markdown import to_markdown
from commands.importing.people import People
from commands.importing.places import Planner
from commands.importing.resolver import Copies, Directory, Resolver
from commands.markdown_text import escaped
from commands.terminal import Stop
from core.faults import Level, Report
from core.site import parse_site
from core.words import plain_key
from plugins.kinds.models import Kind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from commands.front_matter import Value
    from commands.importing.models import ImportedSite, Loss
    from commands.importing.places import Placement
    from core.faults import Fault
    from core.site import Site

LEDGER = ".cache/imported.json"  # what was written here, so that edits since are recognised
NO_LABELS = {"uncategorized", "uncategorised", "untitled", "all", "posts", "post"}
LONGEST_TITLE = 290  # characters; a title has 300


@dataclass(frozen=True)
class ImportOutcome:
    """What became of everything that was read."""

    written: tuple[str, ...]  # paths below the association's folder
    same: int  # files that stood there already, just so
    edited: tuple[str, ...]  # files that somebody has changed since, left as they are
    places: tuple[Placement, ...]
    lost: tuple[Loss, ...]
    settings: str  # the tables that site.toml got, or should get
    settings_refused: str = ""  # why site.toml could not be written


@dataclass
class ImportWriter:
    """Turns a haul into files below a content folder."""

    site: Site
    site_file: Path
    content: Path
    today: date
    dry_run: bool = False
    progress: Callable[[str, int, int], None] = lambda *_: None
    lost: list[Loss] = field(default_factory=list)

    def bring(self, haul: ImportedSite) -> ImportOutcome:
        """Write everything.

        :raises Stop: when the disk refuses.
        """
        self.lost.extend(haul.lost)
        planner = Planner(self.site, self.content, self.today, self.lost)
        places = planner.places(haul.items, haul.feeds)
        directory, copies, people = Directory.of(places), Copies(), People(self.site)
        at_hand = FileIndex.below(haul.folders)
        files: dict[str, str | Path | bytes] = {}
        for number, place in enumerate(places, 1):
            resolver = Resolver(place, haul, directory, at_hand, copies, self.lost)
            files[place.path] = _Page(place, resolver, people, self._also(place, places)).text()
            self.progress("import", number, len(places))
        files |= haul.texts
        files |= haul.copies
        files |= copies.sources
        settings = "\n\n".join(filter(None, [haul.settings, people.toml()]))
        return self._save(files, haul.edits, places, settings)

    def _also(self, place: Placement, places: list[Placement]) -> dict[str, Placement]:
        """Return the other languages of a text."""
        if not self._by_thing:
            for placement in places:
                thing = self._by_thing.setdefault((placement.item.kind, placement.key), {})
                thing[placement.lang] = placement
        return self._by_thing[place.item.kind, place.key]

    _by_thing: dict[tuple[object, str], dict[str, Placement]] = field(default_factory=dict)

    def _save(
        self,
        files: dict[str, str | Path | bytes],
        edits: dict[str, str],
        places: list[Placement],
        settings: str,
    ) -> ImportOutcome:
        folder = self.content.parent
        ledger = _read_ledger(folder / LEDGER)
        written, edited, same = [], [], 0
        for name, wanted in (files | edits).items():
            path = self.content / name
            shown = path.relative_to(folder).as_posix()
            new = _hash(wanted)
            old = _hash(path) if path.is_file() else ""
            if old == new:
                same += 1
            elif old and ledger.get(shown) != old and name not in edits:
                edited.append(shown)
            else:
                written.append(shown)
                ledger[shown] = new
                if not self.dry_run:
                    _write(path, wanted)
        refused = ""
        if settings and not self.dry_run:
            refused = _extend(self.site_file, settings)
        if written and not self.dry_run:
            _write(folder / LEDGER, json.dumps(ledger, indent=0, sort_keys=True))
        return ImportOutcome(
            tuple(written), same, tuple(edited), tuple(places), tuple(self.lost), settings, refused
        )


def _hash(source: str | Path | bytes) -> str:
    if isinstance(source, str):
        return hashlib.sha256(source.encode()).hexdigest()
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_ledger(path: Path) -> dict[str, str]:
    try:
        ledger = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return ledger if isinstance(ledger, dict) else {}


def _write(path: Path, wanted: str | Path | bytes) -> None:
    """Write a file whole or not at all.

    :raises Stop: when the disk refuses.
    """
    unfinished = path.with_name(f".{path.name[:200]}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(wanted, str):
            unfinished.write_text(wanted, encoding="utf-8", newline="\n")
        elif isinstance(wanted, bytes):
            unfinished.write_bytes(wanted)
        else:
            shutil.copyfile(wanted, unfinished)
        os.replace(unfinished, path)  # noqa: PTH105 - a name for it that says it is atomic
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        reason = (error.strerror or "the disk refused").lower()
        raise Stop(
            f"{path} can't be written: {reason}. What was written before it stays; mend this and "
            "type the same again."
        ) from None


def _extend(site_file: Path, settings: str) -> str:
    """Add tables to site.toml, below what stands there.

    :returns: why that can't be done, and "" when it is.
    """
    text = site_file.read_text(encoding="utf-8-sig")
    joined = f"{text.rstrip()}\n\n\n{settings}\n"
    for fault in _faults(joined, site_file.name) - _faults(text, site_file.name):
        return f"{fault.wrong} {fault.instead}"
    _write(site_file, joined)
    return ""


def _faults(settings: str, name: str) -> set[Fault]:
    report = Report()
    parse_site(settings, report.at(name))
    return {fault for fault in report if fault.level == Level.FAULT}


@dataclass
class _Page:
    """The file of one text."""

    place: Placement
    resolver: Resolver
    people: People
    languages: dict[str, Placement]

    def text(self) -> str:
        item = self.place.item
        body = to_markdown(item.body, self.resolver, single_breaks=item.single_breaks)
        title = plain(item.title)[:LONGEST_TITLE] or self._title_from(body)
        fields: dict[str, Value] = {"title": title}
        if summary := plain(item.summary):
            fields["summary"] = summary
        if self.place.slug != plain_key(title):
            fields["slug"] = BareText(self.place.slug)
        facts = self._facts() if self.place.original else {}
        topics, tags = self._labels()
        fields |= {name: facts.pop(name) for name in ("authors",) if name in facts}
        if topics and self.place.original:
            fields["topics"] = topics
        if tags:
            fields["tags"] = list(tags)
        fields |= facts
        if self.place.aliases:
            fields["aliases"] = list(self.place.aliases)
        if self.place.feed_id:
            fields["feed_id"] = self.place.feed_id
        if item.draft:
            fields["draft"] = BareText("true")
        return front_matter(fields) + body + self._sound_elsewhere(body)

    def _title_from(self, body: str) -> str:
        """Return a title for a text that has none: its first words, or its day."""
        words = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|<[^>]*>|[*_`#>\\]", r"\1", unescape(body)).split()
        self.resolver.lost("texts without a title, named by their first words", "")
        return " ".join(words[:8])[:80] or f"{self.place.day or self.place.key}"

    def _facts(self) -> dict[str, Value]:
        item = self.place.item
        facts: dict[str, Value] = {}
        if item.authors and item.kind == "post":
            keys = dict.fromkeys(self._author_keys())
            facts["authors"] = InlineList(keys)
        facts |= item.facts | self._sound()
        if item.updated and item.updated > (self.place.day or item.updated):
            facts["updated"] = BareText(str(item.updated))
        if image := self._image():
            facts["image"] = image
        return facts

    def _sound(self) -> dict[str, Value]:
        """Return the fields of a recording that is at hand; it is copied beside the page."""
        sound, lang = self.place.item.sound, self.place.lang
        if sound is None or sound.file is None:
            return {}
        stem = f"{self.place.path.rpartition('/')[2].partition('.')[0]}.{lang}"
        audio = f"{stem}{sound.file.suffix.lower()}"
        self.resolver.copies.sources[f"podcast/{audio}"] = sound.file
        fields: dict[str, Value] = {"audio": {lang: BareText(audio)}}
        if sound.transcript:
            self.resolver.copies.sources[f"podcast/{stem}.vtt"] = sound.transcript.encode()
            fields["transcript"] = {lang: BareText(f"{stem}.vtt")}
        return fields

    def _sound_elsewhere(self, body: str) -> str:
        sound = self.place.item.sound
        if sound is None or sound.file is not None or sound.src in body:
            return ""
        name = sound.src.partition("?")[0].rpartition("/")[2]
        address = self.resolver.link(sound.src)
        return f"\n[{escaped(name or sound.src)}]({safe_address(address)})\n" if address else ""

    def _author_keys(self) -> list[str]:
        """Return the authors' keys; their roles are learnt from every language of the text."""
        for other in self.languages.values():
            if [a.name for a in other.item.authors] == [a.name for a in self.place.item.authors]:
                for author in other.item.authors:
                    self.people.key(author, other.lang)
        return [self.people.key(a, self.place.lang) for a in self.place.item.authors]

    def _image(self) -> dict[str, Value] | None:
        picture = self.place.item.picture
        if picture is None or not picture.src:
            return None
        path = self.resolver.picture_file(picture.src)
        if path is None:
            self.resolver.lost("pictures of whole pages that are not at hand", picture.src)
            return None
        alts = {
            lang: one_line(place.item.picture.alt)
            for lang, place in sorted(self.languages.items())
            if place.item.picture and place.item.picture.alt
        }
        if not alts:
            self.resolver.lost("pictures of whole pages without words: the title stands in", path)
            alts = {lang: plain(p.item.title) for lang, p in sorted(self.languages.items())}
        single = next(iter(alts.values())) if len(alts) == 1 else ""
        alt: Value = single if single and self.place.lang in alts else dict(alts)
        return {"src": BareText(path), "alt": alt}

    def _labels(self) -> tuple[InlineList, tuple[str, ...]]:
        """Return the topics that the site has, and the rest as tags, each address once."""
        known = {name.casefold(): key for name, key in self.people.site.known["topics"].items()}
        topics: dict[str, None] = {}
        tags: dict[str, str] = {}
        for label in map(plain, self.place.item.labels):
            if label.casefold() in known:
                topics[known[label.casefold()]] = None
            elif label and plain_key(label) not in NO_LABELS:
                tags.setdefault(plain_key(label), label[:100])
        return InlineList(topics), tuple(tags.values())


def counted(places: tuple[Placement, ...]) -> Counter[str]:
    """Return how many things there are of each kind, all languages of one counted once."""
    things = {(place.item.kind, place.key) for place in places}
    return Counter(str(kind) for kind in Kind for brought, _ in things if brought == kind)
