"""A thing on its way to disk: its names first, then what it says in each language."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.new import starters
from commands.new.interview import language_name
from commands.new.questions import facts
from commands.new.stop import UNTOUCHED, Stop
from commands.new.writing import Bare, front_matter, notes
from core.fields import specs
from core.values import DATE, KEY, LINE, TEXT
from plugins.kinds.models import KINDS, REFERENCES, Kind, Text
from plugins.kinds.source import plain_key

if TYPE_CHECKING:
    from collections.abc import Container
    from pathlib import Path

    from commands.new.asked import Asked
    from commands.new.interview import Interview
    from commands.new.shelf import Shelf
    from commands.new.tape import Tape
    from commands.new.writing import Value

NO_LATIN_LETTER = "untitled"  # what plain_key makes of a title such as "🏠"
# What no file needs to be told of: the name has the date, and the rest is there already.
UNSAID = {"date", "id", "title", "slug"}
DRAFT = "Only the preview shows a draft. Take the line above out when the page is ready."
MORE = "More that may stand here; take the # away, and write after the colon:"


@dataclass(frozen=True)
class Names:
    """What a new thing is called."""

    key: str
    titles: dict[str, str]  # by language
    given: frozenset[str]  # the languages in which somebody has said it; a blank is in the others


def settle_names(asked: Asked, interview: Interview, shelf: Shelf) -> Names:
    """Ask for titles and a key that nothing else has.

    :raises Stop: when the key of the command line is taken and nobody can be asked.
    """
    kind, keys = shelf.kind, shelf.keys()
    titles = {}
    if asked.title:
        titles[interview.lang] = " ".join(asked.title.split())
    elif not asked.yes:
        titles[interview.lang] = interview.answer("What is its title?", LINE)
    for lang in () if asked.yes else interview.others:
        if title := interview.answer(f"  the same in {language_name(lang)}", LINE, needed=False):
            titles[lang] = title
    if titles:
        shown = dict.fromkeys((interview.lang, *interview.others), titles[interview.lang]) | titles
    else:
        shown = _blank_titles(kind, interview, {*keys, *shelf.slugs()})
    wish = asked.key or plain_key(shown[interview.lang])
    key = _key(wish if wish != NO_LATIN_LETTER else kind, asked, interview, keys)
    return Names(key, shown, frozenset(titles))


def _blank_titles(kind: Kind, interview: Interview, taken: Container[str]) -> dict[str, str]:
    """Return titles such as "New post 2", by language, that make no address that is taken."""
    plain = {lang: starters.title(kind, lang) for lang in (interview.lang, *interview.others)}
    for number in itertools.count(1):
        titles = {lang: f"{text} {number}" if number > 1 else text for lang, text in plain.items()}
        if not any(plain_key(title) in taken for title in titles.values()):
            break
    return titles


def _key(wish: str, asked: Asked, interview: Interview, keys: dict[str, str]) -> str:
    """Return a key that is free, and that somebody agrees to if there is anybody to ask."""
    free = _free(wish, keys)
    if free != wish and (asked.key or not asked.yes):
        taken = f"“{wish}” is the key of {keys[wish]} already, and a key is for ever."
        if asked.yes:
            raise Stop(1, f"{taken} Free is: --key {free}. {UNTOUCHED}")
        interview.tell(taken)
    elif asked.key or asked.yes:
        return free
    said = interview.answer(
        "A short name for files and references, which stays for ever?", KEY, free
    )
    return said if said not in keys else _key(said, asked, interview, keys)


def _free(wish: str, taken: Container[str]) -> str:
    """Return a word that isn't taken: the one wished for, or the same with a number."""
    numbered = (f"{wish}-{number}" for number in itertools.count(2))
    return next(word for word in itertools.chain([wish], numbered) if word not in taken)


@dataclass(frozen=True)
class Draft:
    """A thing that has its names, and is yet to be asked about and written."""

    names: Names
    interview: Interview
    shelf: Shelf
    tape: Tape | None = None  # the recording that an episode is made from

    def write(self, asked: Asked) -> list[Path]:
        """Ask for everything else and write the files.

        :returns: their paths, that of the first language first.
        :raises Stop: when they can't be written; then none is.
        """
        ask, kind = self.interview, self.shelf.kind
        day = self._day(asked)
        blank = starters.summary(ask.lang) if asked.yes else ""
        question = "What is it about, in one or two sentences?"
        summary = ask.answer(question, TEXT, blank, needed=False)
        found = facts(kind, ask, self.shelf, asked.author)
        if kind == Kind.MEETUP:
            day = f"{found['start']}"[: len("2026-03-04")]
        stem = f"{day}-{self.names.key}" if day else self.names.key
        if self.tape:
            found |= self.tape.facts(stem, ask.lang)
        found["id"] = Bare(uuid.uuid4())
        pages = {ask.lang: self._page(ask.lang, summary, found)}
        pages |= {lang: self._page(lang, starters.summary(lang), {}) for lang in ask.others}
        several = len(ask.site.languages) > 1
        copied = [self.tape.put(self.shelf.folder, stem, ask.lang)] if self.tape else []
        try:
            written = _save(
                {
                    self.shelf.folder / (f"{stem}.{lang}.md" if several else f"{stem}.md"): text
                    for lang, text in pages.items()
                }
            )
        except Stop:
            for ours in copied:
                ours.unlink()
            raise
        return written + copied

    def _day(self, asked: Asked) -> str:
        """Return the day with which the files' names begin; "" for a kind that needs none."""
        if not KINDS[self.shelf.kind].dated:
            return ""
        return asked.date or self.interview.answer("Its day?", DATE, str(self.interview.day))

    def _page(self, lang: str, summary: str, found: dict[str, Value]) -> str:
        """Return the file of one language; the facts stand in the first one's alone."""
        title, cls = self.names.titles[lang], KINDS[self.shelf.kind]
        fields: dict[str, Value] = {"title": title}
        if summary:
            fields["summary"] = summary
        wish = plain_key(title)
        slug = _free(wish, self.shelf.slugs())
        # A blank title makes way for another, and so must its address, unless it isn't free.
        if wish != NO_LATIN_LETTER and (lang in self.names.given or slug != wish):
            fields["slug"] = Bare(slug)
        fields |= found | {"draft": Bare("true")}
        may = specs(Text) | (specs(cls) if found else {})
        more = {name: spec for name, spec in may.items() if name not in {*fields, *UNSAID}}
        told = [DRAFT, MORE, *notes(more, REFERENCES, self.interview.site)]
        return front_matter(fields, told) + starters.body(self.shelf.kind, lang)


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
        raise Stop(1, f"{path.name} can't be written: {reason}. {UNTOUCHED}") from None
    return written
