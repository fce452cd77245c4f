"""Catalogues of interface words: the theme's, and over them the association's own.

Both are gettext's (`.po`), compiled in memory so that none can be stale. An own catalogue may say
any message anew, in English too, or bring a language that we have none of.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from jinja2 import TemplateSyntaxError
from jinja2.ext import babel_extract

from core.borrowed import LANG, BorrowedMessage
from core.faults import Report
from core.nodes import CONFLICT, conflict_line
from core.tenant_word import own_word
from core.values import did_you_mean
from core.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from babel.messages.catalog import Message

    from core.faults import Fault, FileFaults
    from core.own_templates import TemplateFolders
    from core.site import Site

MISSING = "missing-translation"  # the code of a fault that says so
OWN = "translations"  # the association's folder of catalogues, beside site.toml
COMPLETE = "cy"  # the catalogue that has every message; a test holds it to that
KEYWORDS = ("_", "gettext", "ngettext", "pgettext")
NEWSTYLE = {"newstyle_gettext": "true"}  # as our environments have it
HOLE = re.compile(r"%\(\w+\)[sd]|%%")


class _Borrowing(NullTranslations):
    """Answers for what a language's catalogue lacks: English, which knows that it is borrowed."""

    def gettext(self, message: str) -> str:
        """Return the message itself."""
        return BorrowedMessage(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the message itself, of one or of several."""
        return BorrowedMessage(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        """Return the message itself, whichever of its meanings."""
        del context
        return BorrowedMessage(message)


@dataclass(frozen=True)
class Catalogues:
    """Where a site's interface words come from."""

    theme: Path  # the theme's folder of catalogues
    own: Path | None  # the association's, which need not exist
    asked: frozenset[str] = frozenset()  # messages of the association's own templates

    @classmethod
    def of(cls, folders: TemplateFolders) -> Catalogues:
        """Return the catalogues that belong to folders of templates."""
        own = folders.own.parent / OWN if folders.own else None
        return cls(folders.theme.parent / "translations", own, frozenset(_asked(folders)))

    def wordings(self, site: Site, report: Report | None = None) -> dict[str, Wording]:
        """Return how each of a site's languages says things.

        :param report: is told what is wrong in catalogues; such words are passed over.
        """
        wordings = {}
        for lang in site.languages:
            joined = self._joined(lang)
            if report is not None:
                report.extend(joined.faults)
            own = own_word(lang, site.tenant.get(lang).text, site.tenants.get(lang).text)
            wordings[lang] = Wording(lang, joined.translations, own)
        return wordings

    def messages(self) -> tuple[Message, ...]:
        """Return every message of ours, in English."""
        return _messages(self._ours(COMPLETE))

    def unsaid(self, lang: str) -> list[Message]:
        """Return the messages for which a language has no words, ours or the association's."""
        if lang == LANG:
            return []
        catalogue = self._joined(lang).catalogue
        return [m for m in self.messages() if not _is_said(catalogue.get(m.id, m.context))]

    def tell_unsaid(self, site: Site, report: Report) -> None:
        """Advise of each language that borrows interface words."""
        for lang in site.languages:
            if unsaid := len(self.unsaid(lang)):
                report.at(f"{OWN}/{lang}.po").advise(
                    0,
                    "",
                    f"{unsaid} of {len(self.messages())} phrases of the interface aren't said in "
                    f"{lang} yet; English stands in their place, and is marked as such.",
                    f"Type ./run catalogue {lang}, and fill in what it writes.",
                    MISSING,
                )

    def _joined(self, lang: str) -> _Joined:
        own = self.own / f"{lang}.po" if self.own else None
        written = own.read_bytes() if own and own.is_file() else b""
        return _join(self._ours(lang), written, self._ours(COMPLETE), self.asked, lang)

    def _ours(self, lang: str) -> bytes:
        file = self.theme / lang / "LC_MESSAGES" / "messages.po"
        return file.read_bytes() if file.is_file() else b""


@dataclass(frozen=True)
class _Joined:
    """The words of one language: ours, with the association's over them."""

    catalogue: Catalog
    translations: NullTranslations
    faults: tuple[Fault, ...]


@lru_cache(maxsize=16)
def _join(ours: bytes, own: bytes, complete: bytes, asked: frozenset[str], lang: str) -> _Joined:
    """Join catalogues, by what is in them, since a preview asks after each save."""
    report = Report()
    theirs = report.at(f"theme/translations/{lang}/LC_MESSAGES/messages.po")
    catalogue = _read(ours, lang, theirs)
    faults = report.at(f"{OWN}/{lang}.po")
    known = {(m.id, m.context) for m in _parsed(complete, COMPLETE)} if own else set()
    for message in _read(own, lang, faults):
        if not message.id or not any(_texts(message)):
            continue
        if (message.id, message.context) not in known and _ids(message)[0] not in asked:
            faults.advise(
                message.lineno or 0,
                "",
                f"Nothing on the site says “{_ids(message)[0]}”.",
                did_you_mean(_ids(message)[0], [_ids(m)[0] for m in _parsed(complete, COMPLETE)])
                or "Take it out.",
                "catalogue",
            )
        elif wrong := _what_is_wrong(message, catalogue.num_plurals):
            instead = "Mend it; until then ours is shown."
            faults.fault(message.lineno or 0, "", wrong, instead, "catalogue")
        else:
            catalogue.delete(message.id, message.context)
            catalogue.add(message.id, message.string, context=message.context)
    translations = _compiled(catalogue) if len(catalogue) else NullTranslations()
    translations.add_fallback(NullTranslations() if lang == LANG else _Borrowing())
    return _Joined(catalogue, translations, tuple(report))


def _asked(folders: TemplateFolders) -> Iterator[str]:
    """Yield the messages that an association's own templates hold."""
    for name in folders.names():
        try:
            source = io.BytesIO(folders.sources(name)[0].encode())
            for _, _, message, _ in babel_extract(source, KEYWORDS, (), NEWSTYLE):
                yield message if isinstance(message, str) else str((message or ("",))[0])
        except TemplateSyntaxError:
            continue  # whoever fills the template in tells of it


def _what_is_wrong(message: Message, plurals: int) -> str:
    """Return why own words can't stand for a message; "" when they can."""
    ids, texts = _ids(message), [text for text in _texts(message) if text]
    if len(ids) > 1 and len(texts) != plurals:
        return f"This language counts in {plurals} ways, and here are {len(texts)}."
    if any(_holes(text) not in map(_holes, ids) for text in texts):
        return "What is filled in, such as %(name)s, isn't the same here as in the English."
    if any(sign in text and sign not in "".join(ids) for text in texts for sign in "<>"):
        return "Words hold no HTML."
    return ""


def _ids(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def _texts(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def _holes(text: str) -> set[str]:
    return set(HOLE.findall(text))


def _is_said(message: Message | None) -> bool:
    return message is not None and not message.fuzzy and all(_texts(message) or [""])


def _read(data: bytes, lang: str, faults: FileFaults) -> Catalog:
    """Return a catalogue; an empty one when it can't be read, which is told."""
    if line := conflict_line(data.decode("utf-8", "replace")):
        faults.fault(line, "", *CONFLICT, "conflict")
        return Catalog(lang)
    try:
        return _parsed(data, lang)
    except (PoFileError, ValueError) as error:
        faults.fault(
            getattr(error, "lineno", 0) or 0,
            "",
            f"The catalogue can't be read ({error}).",
            "Check the quotes and the order of msgid and msgstr there.",
            "catalogue",
        )
        return Catalog(lang)


@lru_cache(maxsize=4)  # a preview asks at every save
def _messages(data: bytes) -> tuple[Message, ...]:
    return tuple(message for message in _parsed(data, COMPLETE) if message.id)


def _parsed(data: bytes, lang: str) -> Catalog:
    """Read a catalogue.

    :raises PoFileError, ValueError: when it isn't one.
    """
    return read_po(io.BytesIO(data), locale=lang, abort_invalid=True)


def _compiled(catalogue: Catalog) -> NullTranslations:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
