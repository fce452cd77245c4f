"""A conversation: questions in plain words, asked again until the field takes the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from babel.core import Locale

from commands.front_matter import BareText, InlineList
from core.faults import Report
from core.fields import LONG_WORDS, WORDS, Member
from core.nodes import Scalar
from core.values import KEY, LINE, POINT_NUMBER, TEXT, VERSION, WEB, Reading
from core.words import Words
from plugins.kinds import starters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from commands.front_matter import Value
    from core.nodes import Node
    from core.site import Site
    from core.values import Type

PROSE = (LINE, TEXT, WORDS, LONG_WORDS)
UNHINTED = (*PROSE, KEY)  # a hint would be in the way, unless the first answer is wrong
QUOTED = (*PROSE, WEB, VERSION, POINT_NUMBER)  # the rest can't hold what YAML would misread


def language_name(lang: str) -> str:
    """Return a language's English name: the commands speak English."""
    return Locale.parse(lang, sep="-").get_language_name("en") or lang


@dataclass(frozen=True)
class Interview:
    """Asks for what goes into a file; with `yes` it asks nothing and takes the defaults."""

    site: Site
    lang: str  # the language that is written first
    others: tuple[str, ...]  # the languages whose files are made too
    day: date  # what the file's dates begin from
    yes: bool
    say: Callable[[str], None]
    ask: Callable[[str], str]

    @property
    def known(self) -> dict[str, dict[str, str]]:
        """Return the site's own words that something of this day may name."""
        return self.site.known_on(self.day)

    def refusal(self, kind: Type[Any], text: str) -> tuple[Any, str]:
        """Return what a field makes of a text, and else why it doesn't take it."""
        report = Report()
        reading = Reading(
            report.at("answer"),
            self.site.languages,
            self.lang,
            self.site.timezone,
            self.known,
        )
        value = kind.read(Scalar(text, 1), reading)
        return value, " ".join(f"{fault.wrong} {fault.instead}" for fault in report)

    def answer(
        self, question: str, kind: Type[Any], default: str = "", *, needed: bool = True
    ) -> str:
        """Return an answer as it is to be written; "" when there is none and none is needed."""
        if self.yes:
            return self._written(kind, default, default)
        hint = "" if kind in UNHINTED or isinstance(kind, Member) else f" ({kind.hint})"
        shown = f" [{default}]" if default else "" if needed else " [none]"
        while True:
            text = self.ask(f"{question}{hint}{shown} ").strip() or default
            if not text and not needed:
                return ""
            value, wrong = self.refusal(kind, text) if text else (None, "This can't be left out.")
            if value is not None:
                return self._written(kind, value, text)
            self.tell(wrong)

    def _written(self, kind: Type[Any], value: object, text: str) -> str:
        """Return what was read as it was meant to be written: a date stays as it was typed."""
        if isinstance(value, Words):
            value = value.get(self.lang).text
        plain = str(value) if isinstance(value, str) else text
        return plain if kind in QUOTED else BareText(plain)

    def member(self, question: str, setting: str, default: str = "", *, needed: bool = True) -> str:
        """Return the key of one of the site's own words; the choices are listed first."""
        self._list(setting)
        return self.answer(question, _Listed(setting), default, needed=needed)

    def members(self, question: str, setting: str) -> InlineList:
        """Return keys of the site's own words, given with commas between them; none will do."""
        if self.yes or not self.known[setting]:
            return InlineList()
        self._list(setting)
        while True:
            texts = [text.strip() for text in self.ask(f"{question} [none] ").split(",")]
            read = [self.refusal(_Listed(setting), text) for text in texts if text]
            for _, wrong in read:
                if wrong:
                    self.tell(wrong)
            if all(value is not None for value, _ in read):
                return InlineList(dict.fromkeys(value for value, _ in read))

    def tell(self, text: str) -> None:
        """Say something that helps with the next answer."""
        if not self.yes:
            self.say(f"  {text}")

    def _list(self, setting: str) -> None:
        for number, (key, names) in enumerate(choices(self.known, setting).items(), 1):
            self.tell(f"{number}  {key}" + (f"  ({' / '.join(names)})" if names else ""))

    def words(self, question: str, doc: str, kind: Type[Any] = WORDS) -> Value:
        """Return words in the first language, and in the others if somebody has them.

        :param doc: what the words are for, which stands in their place until they are written.
        """
        blanks = {lang: starters.blank(doc, lang) for lang in self._all}
        texts: dict[str, Value] = {
            self.lang: self.answer(question, kind, blanks[self.lang] if self.yes else "")
        }
        for lang in self.others:
            blank = blanks[lang] if self.yes else ""
            text = self.answer(f"  the same in {language_name(lang)}", kind, blank, needed=False)
            if text:
                texts[lang] = text
        return texts if len(texts) > 1 else texts[self.lang]

    def several(self, question: str, doc: str) -> list[Value]:
        """Return words as often as somebody has more to say, at least once."""
        answers = [self.words(question, doc)]
        while not self.yes and self.agrees("Another?", default=False):
            answers.append(self.words(question, doc))
        return answers

    def agrees(self, question: str, *, default: bool) -> bool:
        """Whether somebody says yes; silence is the default."""
        return default if self.yes else self._yes_or_no(question, default)

    def admits(self, question: str) -> bool:
        """Whether somebody says yes; silence is no answer, and where nobody is asked it is yes."""
        return self.yes or self._yes_or_no(question, None)

    def _yes_or_no(self, question: str, default: bool | None) -> bool:  # noqa: FBT001 - internal
        choices = {True: "Y/n", False: "y/N", None: "y/n"}[default]
        while True:
            answer = self.ask(f"{question} [{choices}] ").strip().casefold()
            if answer in {"y", "yes", "n", "no"}:
                return answer in {"y", "yes"}
            if not answer and default is not None:
                return default
            self.tell("Write y for yes or n for no.")

    @property
    def _all(self) -> tuple[str, ...]:
        return (self.lang, *self.others)


@dataclass(frozen=True)
class _Listed(Member):
    """One of the site's own words, which may be told by its place in the list as well."""

    def read(self, node: Node, reading: Reading) -> str | None:
        """Return the key; None after a fault."""
        keys = sorted(set(reading.known.get(self.setting, {}).values()))
        known = {name.casefold(): key for name, key in reading.known[self.setting].items()}
        text = node.text.strip().casefold() if isinstance(node, Scalar) else ""
        if text.isdecimal() and 1 <= int(text) <= len(keys):
            return keys[int(text) - 1]
        return known[text] if text in known else super().read(node, reading)


def choices(known: Mapping[str, Mapping[str, str]], setting: str) -> dict[str, list[str]]:
    """Return the site's own words of a setting: by key, in order, the names they go by."""
    names = known.get(setting, {})
    return {
        key: [name for name, other in names.items() if other == key and name != key]
        for key in sorted(set(names.values()))
    }
