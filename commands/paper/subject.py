"""What a poster is about: found by its key or reference, as somebody types it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.site_folder import read_content
from commands.terminal import Stop
from core.faults import Level, Report
from core.own_templates import TemplateFolders
from core.values import did_you_mean
from plugins.kinds.models import Kind
from plugins.kinds.source import FOLDERS
from plugins.loop.entries import Joined
from plugins.loop.record_loader import load_records
from plugins.loop.relations import Loop
from plugins.sections.build_context import BuildOrder
from plugins.sections.entries import LanguageView
from plugins.sections.sections_generator import build_context
from plugins.shortcuts.addresses import LETTERS, RECORD, SAY

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from plugins.sections.build_context import BuildContext

PRINTED = "Posters are made of anything that has a page, of records, and of the form: “say”."


@dataclass(frozen=True)
class AssociationFolder:
    """The association's folder, read as a build would."""

    templates: TemplateFolders
    build: BuildContext
    joined: dict[str, Joined]  # the loop, for the readers of each language
    report: Report
    content: Path  # the folder of Markdown, in which a logo lies too

    @property
    def loop(self) -> Loop:
        """Return what was heard, joined to what the public sees."""
        return next(iter(self.joined.values())).loop


@dataclass(frozen=True)
class PaperSubject:
    """What the paper is about."""

    kind: str  # a kind of content, "record" or "say"
    key: str  # "" for the form


def open_folder(
    root: Path, content: Path, site_file: Path, now: datetime | None
) -> AssociationFolder:
    """Read the content and what was heard, as the public sees both.

    :param root: this repository.
    :raises Stop: when there is no content, or the settings can't be read.
    """
    written = read_content(content, site_file)
    site, report = written.site, written.report
    order = BuildOrder(site=site_file, now=now, cache=root / ".cache", report=report)
    build = build_context(order, root / "theme", site, written.folder, written.contents)
    loop = Loop(build.index, load_records(content, site, report.within(content.name)))
    joined = {lang: Joined(LanguageView(build, lang), loop) for lang in site.languages}
    templates = TemplateFolders.of(root / "theme", site_file)
    return AssociationFolder(templates, build, joined, report, content)


def find(word: str, opened: AssociationFolder) -> PaperSubject:
    """Return what somebody means by a key, a reference, `say`, or a kind and a key.

    :raises Stop: when it can't be told, or isn't public.
    """
    asked = word.strip().strip("/").lower()
    if asked == SAY:
        return PaperSubject(SAY, "")
    kind, slash, key = asked.rpartition("/")
    wanted = _kinds(kind) if slash else (*Kind, RECORD)
    shown = [
        subject
        for subject in _shown(opened)
        if subject.key.lower() == key and subject.kind in wanted
    ]
    if len(shown) == 1:
        return shown[0]
    if shown:
        names = " or ".join(f"{subject.kind}/{subject.key}" for subject in shown)
        raise Stop(f"“{word}” is the key of more than one thing. Write {names}.", 2)
    raise _not_there(word, key, opened)


def _kinds(name: str) -> tuple[str, ...]:
    """Return the kinds that a word before the slash means: a kind, its folder, or its letter."""
    known: dict[str, str] = {RECORD: RECORD, "records": RECORD}
    for folder, kind in FOLDERS.items():
        known |= {folder: kind, str(kind): kind}
    known |= {letter: kind for kind, letter in LETTERS.items()}
    if name not in known:
        near = did_you_mean(name, known)
        raise Stop(f"There is nothing called “{name}” to print. {near or PRINTED}", 2)
    return (known[name],)


def _shown(opened: AssociationFolder) -> list[PaperSubject]:
    """Return everything public that can be printed."""
    contents = [
        PaperSubject(kind, content.key)
        for kind in (*LETTERS, *(kind for kind in Kind if kind not in LETTERS))
        for content in opened.build.index.of_kind[kind]
    ]
    records = opened.loop.heard.records.values()
    return contents + [PaperSubject(RECORD, record.ref) for record in records if record.shown]


def _not_there(word: str, key: str, opened: AssociationFolder) -> Stop:
    """Return why nothing public has a key."""
    written = [
        content for content in opened.build.everything.contents if content.key.lower() == key
    ]
    for content in written:
        path = content.texts[content.original].path
        return Stop(
            f"The public can't see {path} yet: it is a draft, or its day hasn't come. "
            "Its address would lead nowhere, so publish it first.",
            1,
        )
    if key.upper() in opened.loop.heard.tombstones:
        return Stop(f"{key.upper()} was taken back, so its words are not to be printed.", 1)
    faults = opened.report.count(Level.FAULT)
    near = did_you_mean(key, [subject.key.lower() for subject in _shown(opened)])
    unread = " Some files can't be read: ./run check says which." if faults else ""
    return Stop(f"There is nothing public called “{word}”. {near or PRINTED}{unread}", 2)
