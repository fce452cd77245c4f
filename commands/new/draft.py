"""A new piece of content on its way to disk: its names first, then what it says."""

from __future__ import annotations

import itertools
import shutil
import unicodedata
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.front_matter import BareText, front_matter, notes
from commands.new.interview import language_name
from commands.new.questions import facts
from commands.terminal import Stop
from core.fields import specs
from core.templating import duration
from core.values import DATE, KEY, LINE, TEXT
from core.words import NO_KEY, plain_key
from plugins.kinds import starters
from plugins.kinds.models import KINDS, REFERENCES, Kind, Text
from plugins.podcast.loudness import measure
from plugins.podcast.recording import RecordingFault, read_recording

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from pathlib import Path

    from commands.front_matter import Value
    from commands.new.interview import Interview
    from commands.new.questions import Existing
    from plugins.podcast.recording import RecordingInfo

UNTOUCHED = "Nothing was written."
# What no file needs to be told of: the name has the date, and the rest is there already.
UNSAID = {"date", "feed_id", "id", "title", "slug"}
DRAFT = "Only the preview shows a draft. Take the line above out when the page is ready."
MORE = "More that may stand here; take the # away, and write after the colon:"


@dataclass(frozen=True, kw_only=True)
class Arguments:
    """What the command line said; "" for what is yet to be asked."""

    title: str
    lang: str
    both: bool
    date: str
    key: str
    author: str
    yes: bool

    @classmethod
    def typed(cls, texts: Mapping[str, str | None], *, both: bool, yes: bool) -> Arguments:
        """Return what was typed, without the blanks round it.

        :param texts: by field; None for an option that was left out.
        """
        fields = {name: (text or "").strip() for name, text in texts.items()}
        return cls(**fields | {"lang": fields["lang"].lower()}, both=both, yes=yes)


@dataclass(frozen=True)
class SourceRecording:
    """A recording somewhere on this machine."""

    path: Path
    recording: RecordingInfo

    @property
    def title(self) -> str:
        """Return what its tags call it, as one line; "" when they don't say."""
        plain = (" " if unicodedata.category(c) == "Cc" else c for c in self.recording.title)
        return " ".join("".join(plain).split())

    def name(self, stem: str, lang: str) -> str:
        """Return what it is called beside the episode's own file."""
        return f"{stem}.{lang}{self.path.suffix.lower()}"

    def facts(self, stem: str, lang: str) -> dict[str, Value]:
        """Return what the page says of it; its length is held against the file from then on."""
        return {
            "audio": {lang: BareText(self.name(stem, lang))},
            "duration": BareText(f'"{duration(self.recording.duration):0>5}"'),
        }

    def put(self, folder: Path, stem: str, lang: str) -> Path:
        """Copy it beside the page; what is there already is never overwritten.

        :raises Stop: when it can't be.
        """
        target = folder / self.name(stem, lang)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with self.path.open("rb") as source, target.open("xb") as copy:
                shutil.copyfileobj(source, copy)
        except OSError as error:
            reason = (error.strerror or "the disk refused").lower()
            raise Stop(f"{target.name} can't be written: {reason}. {UNTOUCHED}", 1) from None
        return target

    def advice(self) -> str:
        """Return what to know before it goes out."""
        loud = measure(self.path).advice()
        mend = " Set it to -16 LUFS in your editor." if loud else ""
        return f"{loud}{mend}"


def open_recording(path: Path | None, kind: Kind) -> SourceRecording | None:
    """Return the recording that somebody named, None when none was.

    :raises Stop: when it isn't one.
    """
    if path is None:
        return None
    if kind != Kind.EPISODE:
        raise Stop(f"Only an episode is made from a recording, and not a new {kind}.", 2)
    try:
        return SourceRecording(path, read_recording(path))
    except RecordingFault as fault:
        raise Stop(f"{path.name}: {fault.wrong} {fault.instead} {UNTOUCHED}", 1) from None


@dataclass(frozen=True)
class Names:
    """What a new thing is called."""

    key: str
    titles: dict[str, str]  # by language
    worded: frozenset[str]  # the languages in which somebody has said it; a blank is in the others


def settle_names(arguments: Arguments, interview: Interview, existing: Existing) -> Names:
    """Ask for titles and a key that nothing else has.

    :raises Stop: when the key of the command line is taken and nobody can be arguments.
    """
    kind, keys = existing.kind, existing.keys()
    titles = {}
    if arguments.title:
        titles[interview.lang] = " ".join(arguments.title.split())
    elif not arguments.yes:
        titles[interview.lang] = interview.answer("What is its title?", LINE)
    for lang in () if arguments.yes else interview.others:
        if title := interview.answer(f"  the same in {language_name(lang)}", LINE, needed=False):
            titles[lang] = title
    if titles:
        shown = dict.fromkeys((interview.lang, *interview.others), titles[interview.lang]) | titles
    else:
        shown = _blank_titles(kind, interview, {*keys, *existing.slugs()})
    wish = arguments.key or plain_key(shown[interview.lang])
    key = _key(wish if wish != NO_KEY else kind, arguments, interview, keys)
    return Names(key, shown, frozenset(titles))


def _blank_titles(kind: Kind, interview: Interview, taken: Container[str]) -> dict[str, str]:
    """Return titles such as "New post 2", by language, that make no address that is taken."""
    plain = {lang: starters.title(kind, lang) for lang in (interview.lang, *interview.others)}
    for number in itertools.count(1):
        titles = {lang: f"{text} {number}" if number > 1 else text for lang, text in plain.items()}
        if not any(plain_key(title) in taken for title in titles.values()):
            break
    return titles


def _key(wish: str, arguments: Arguments, interview: Interview, keys: dict[str, str]) -> str:
    """Return a key that is free, and that somebody agrees to if there is anybody to ask."""
    free = _free(wish, keys)
    if free != wish and (arguments.key or not arguments.yes):
        taken = f"“{wish}” is the key of {keys[wish]} already, and a key is for ever."
        if arguments.yes:
            raise Stop(f"{taken} Free is: --key {free}. {UNTOUCHED}", 1)
        interview.tell(taken)
    elif arguments.key or arguments.yes:
        return free
    answer = interview.answer(
        "A short name for files and references, which stays for ever?", KEY, free
    )
    return answer if answer not in keys else _key(answer, arguments, interview, keys)


def _free(wish: str, taken: Container[str]) -> str:
    """Return a word that isn't taken: the one wished for, or the same with a number."""
    numbered = (f"{wish}-{number}" for number in itertools.count(2))
    return next(word for word in itertools.chain([wish], numbered) if word not in taken)


@dataclass(frozen=True)
class Draft:
    """A thing that has its names, and is yet to be arguments about and written."""

    names: Names
    interview: Interview
    existing: Existing
    recording: SourceRecording | None = None  # the recording that an episode is made from

    def write(self, arguments: Arguments) -> list[Path]:
        """Ask for everything else and write the files.

        :returns: their paths, that of the first language first.
        :raises Stop: when they can't be written; then none is.
        """
        ask, kind = self.interview, self.existing.kind
        day = self._day(arguments)
        blank = starters.summary(ask.lang) if arguments.yes else ""
        question = "What is it about, in one or two sentences?"
        summary = ask.answer(question, TEXT, blank, needed=False)
        fields = facts(kind, ask, self.existing, arguments.author)
        if kind == Kind.MEETUP:
            day = f"{fields['start']}"[: len("2026-03-04")]
        stem = f"{day}-{self.names.key}" if day else self.names.key
        if self.recording:
            fields |= self.recording.facts(stem, ask.lang)
        fields["id"] = BareText(uuid.uuid4())
        pages = {ask.lang: self._page(ask.lang, summary, fields)}
        pages |= {lang: self._page(lang, starters.summary(lang), {}) for lang in ask.others}
        several = len(ask.site.languages) > 1
        copied = (
            [self.recording.put(self.existing.folder, stem, ask.lang)] if self.recording else []
        )
        try:
            written = _save(
                {
                    self.existing.folder / (f"{stem}.{lang}.md" if several else f"{stem}.md"): text
                    for lang, text in pages.items()
                }
            )
        except Stop:
            for ours in copied:
                ours.unlink()
            raise
        return written + copied

    def _day(self, arguments: Arguments) -> str:
        """Return the day with which the files' names begin; "" for a kind that needs none."""
        if not KINDS[self.existing.kind].dated:
            return ""
        return arguments.date or self.interview.answer("Its day?", DATE, str(self.interview.day))

    def _page(self, lang: str, summary: str, facts_here: dict[str, Value]) -> str:
        """Return the file of one language; the facts stand in the first one's alone."""
        title, cls = self.names.titles[lang], KINDS[self.existing.kind]
        fields: dict[str, Value] = {"title": title}
        if summary:
            fields["summary"] = summary
        wish = plain_key(title)
        slug = _free(wish, self.existing.slugs())
        # A blank title makes way for another, and so must its address, unless it isn't free.
        if wish != NO_KEY and (lang in self.names.worded or slug != wish):
            fields["slug"] = BareText(slug)
        fields |= facts_here | {"draft": BareText("true")}
        may = specs(Text) | (specs(cls) if facts_here else {})
        more = {name: spec for name, spec in may.items() if name not in {*fields, *UNSAID}}
        comments = [DRAFT, MORE, *notes(more, REFERENCES, self.interview.site)]
        return front_matter(fields, comments) + starters.body(self.existing.kind, lang)


def _save(pages: dict[Path, str]) -> list[Path]:
    """Write all files or none; what is there stays as it is."""
    written: list[Path] = []
    try:
        for path, text in pages.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                written.append(path)
                file.write(text)
    except OSError as error:
        for ours in written:
            ours.unlink()
        reason = (error.strerror or "the disk refused").lower()
        raise Stop(f"{path.name} can't be written: {reason}. {UNTOUCHED}", 1) from None
    return written
