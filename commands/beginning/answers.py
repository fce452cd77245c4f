"""The ten things that matter, asked in plain words and checked by the types of the settings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import chain, count
from typing import TYPE_CHECKING, Any

from babel.core import Locale

from commands.founding_questions import QUESTIONS
from commands.terminal import Stop
from core.faults import Report
from core.fields import specs
from core.nodes import Scalar
from core.site import Promise
from core.values import EMAIL, LINE, PHONE, SITE_ADDRESS, SITE_LANGUAGE, Reading
from core.words import plain_key
from plugins.markup.foreign_code import foreign_code

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.values import Type

Words = dict[str, str]  # by language
# What an association may begin with; each is a line of its own in site.toml, to change or take out.
TOPICS: dict[str, Words] = {
    "repairs": {"en": "Repairs", "cy": "Atgyweiriadau"},
    "damp": {"en": "Damp and mould", "cy": "Lleithder a llwydni"},
    "safety": {"en": "Safety", "cy": "Diogelwch"},
    "rents": {"en": "Rent and money", "cy": "Rhent ac arian"},
    "neighbourhood": {"en": "Neighbourhood", "cy": "Y gymdogaeth"},
    "digital": {"en": "Digital", "cy": "Digidol"},
}
TEAMS: dict[str, Words] = {
    "repairs": {"en": "Repairs team", "cy": "Tîm Atgyweirio"},
    "voice": {"en": "Tenant voice team", "cy": "Tîm Llais Tenantiaid"},
}
URGENT: dict[str, Words] = {
    "repairs": {"en": "Report a repair", "cy": "Rhoi gwybod am waith atgyweirio"},
    "complaints": {"en": "Make a complaint", "cy": "Gwneud cwyn"},
    "safeguarding": {
        "en": "Worried about a child or an adult",
        "cy": "Pryder am blentyn neu oedolyn",
    },
}
PART = "/"  # between the same words in several languages, in the order of the languages


@dataclass(frozen=True, kw_only=True)
class FoundingAnswers:
    """What somebody said about their association."""

    languages: tuple[str, ...]
    name: Words
    url: str
    email: str
    phone: str
    address: Words
    topics: dict[str, Words]
    teams: dict[str, Words]
    answer_days: int
    urgent: dict[str, str] = field(default_factory=dict)  # telephone numbers by key
    person: str = ""  # who writes here first; "" for nobody yet


@dataclass(frozen=True)
class Questions:
    """Asks; what was said on the command line is not asked again."""

    said: Mapping[str, str]  # by the names of `FoundingAnswers`, as the command line has them
    yes: bool  # ask nothing, and take what stands in brackets
    say: Callable[[str], None]
    ask: Callable[[str], str]

    def answers(self) -> FoundingAnswers:
        """Return everything.

        :raises Stop: when the command line said something that can't be taken, or lacks the name
            where nothing may be asked.
        """
        self._say("Ten questions. Enter takes what stands in [brackets]; Ctrl-C stops.")
        languages = self._languages()
        asked = {name: question.asked for name, question in QUESTIONS.items()}
        name = self._words("name", asked["name"], languages)
        days = specs(Promise)["answer_days"].type
        return FoundingAnswers(
            languages=languages,
            name=name,
            url=self._one("url", asked["url"], SITE_ADDRESS, _likely_url(name, languages)),
            email=self._one("email", asked["email"], EMAIL, needed=False),
            phone=self._one("phone", asked["phone"], PHONE, needed=False),
            address=self._words("address", asked["address"], languages, needed=False),
            urgent=self._urgent(languages),
            topics=self._several("topics", asked["topics"], TOPICS, languages),
            teams=self._several("teams", asked["teams"], TEAMS, languages),
            answer_days=int(self._one("days", asked["days"], days, "10")),
            person=self._one("person", asked["person"], LINE, needed=False),
        )

    def _say(self, sentence: str) -> None:
        if not self.yes:
            self.say(sentence)

    def _languages(self) -> tuple[str, ...]:
        question = QUESTIONS["languages"].asked
        while True:
            text = self.said.get("languages") or (
                "" if self.yes else self.ask(f"{question} [cy, en] ")
            )
            codes = tuple(
                dict.fromkeys(map(_language_code, re.findall(r"[^\s,;/]+", text or "cy, en")))
            )
            wrong = [code for code in codes if not _fits(SITE_LANGUAGE, code)[0]]
            if codes and not wrong:
                return codes
            self._refuse(
                "languages", f"“{', '.join(wrong)}” is no code of a language, such as cy or en."
            )

    def _one(
        self, name: str, question: str, kind: Type[Any], default: str = "", *, needed: bool = True
    ) -> str:
        """Return one answer that a setting takes; "" when none was given and none is needed."""
        shown = f" [{default}]" if default else "" if needed else " [none]"
        while True:
            text = self.said.get(name, "") or ("" if self.yes else self.ask(f"{question}{shown} "))
            text = text.strip() or default
            if not text and not needed:
                return ""
            value, why = _fits(kind, text) if text else (None, "This can't be left out.")
            if code := next((code for code, _ in foreign_code(text)), ""):
                value, why = None, f"“{code}” in it would be read as code. Write it without."
            if value is not None:
                return value if isinstance(value, str) else text
            self._refuse(name, why)

    def _words(
        self, name: str, question: str, languages: tuple[str, ...], *, needed: bool = True
    ) -> Words:
        """Return an answer in each language; one that isn't given is the first's."""
        if self.said.get(name, "").strip():
            try:
                return _checked(_in_languages(self.said[name], languages))
            except ValueError as why:
                raise Stop(f"--{name}: {why} Nothing was written.", 2) from None
        first, *others = languages
        words = {first: self._one(name, f"{question} ({english_name(first)})", LINE, needed=needed)}
        for lang in others if words[first] else ():
            words[lang] = self._one("", f"   The same in {english_name(lang)}?", LINE, words[first])
        return {lang: text for lang, text in words.items() if text}

    def _urgent(self, languages: tuple[str, ...]) -> dict[str, str]:
        self._say("7. Which numbers are there for what can't wait? 999 is there already.")
        lang = next((code for code in languages if code in {"cy", "en"}), "en")
        numbers = {
            key: self._one(key, f"   {words[lang]}?", PHONE, needed=False)
            for key, words in URGENT.items()
        }
        return {key: number for key, number in numbers.items() if number}

    def _several(
        self, name: str, question: str, offered: dict[str, Words], languages: tuple[str, ...]
    ) -> dict[str, Words]:
        """Return the site's own words: those that we offer, and any others."""
        lang = "en" if "en" in languages or "cy" not in languages else "cy"
        known = ", ".join(words[lang] for words in offered.values())
        while True:
            text = self.said.get(name, "")
            if not text and not self.yes:
                self._say(f"   {known}")
                together = f" {PART} ".join(map(english_name, languages))
                more = f"All of these, or yours with commas ({together})? [all] "
                text = self.ask(f"{question} {more}")
            try:
                return _chosen(text, offered, languages)
            except ValueError as why:
                self._refuse(name, str(why))

    def _refuse(self, name: str, why: str) -> None:
        if self.yes or self.said.get(name):
            raise Stop(f"--{name}: {why} Nothing was written.", 2)
        self.say(f"  {why}")


def _chosen(text: str, offered: dict[str, Words], languages: tuple[str, ...]) -> dict[str, Words]:
    """Return what was chosen of what we offer, and what else was named, by key.

    :raises ValueError: for names that a site can't have; its words say why.
    """
    if text.strip().lower() in {"", "all"}:
        return {key: {c: w.get(c, w["en"]) for c in languages} for key, w in offered.items()}
    by_name = {w.casefold(): key for key, words in offered.items() for w in (key, *words.values())}
    chosen: dict[str, Words] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        if key := by_name.get(part.casefold()):
            chosen[key] = {c: offered[key].get(c, offered[key]["en"]) for c in languages}
            continue
        words = _checked(_in_languages(part, languages))
        if not any(map(_same(words), chosen.values())):
            chosen[_free_key(words, chosen)] = words
    if not chosen:
        raise ValueError("Name one at least.")
    return chosen


def _same(words: Words) -> Callable[[Words], bool]:
    """Return whether others are the same words, in capitals or not."""
    folded = {word.casefold() for word in words.values()}
    return lambda others: {word.casefold() for word in others.values()} == folded


def _free_key(words: Words, taken: Mapping[str, Words]) -> str:
    """Return a key for a name; where letters alone are the same, as in C# and C++, numbered."""
    plain = plain_key(words.get("en") or next(iter(words.values())))
    numbered = (f"{plain}-{number}" for number in count(2))
    return next(key for key in chain([plain], numbered) if key not in taken)


def _checked(words: Words) -> Words:
    """Return words as a setting has them.

    :raises ValueError: for words that it doesn't take.
    """
    checked: Words = {}
    for lang, text in words.items():
        value, why = _fits(LINE, text)
        if code := next((code for code, _ in foreign_code(text)), ""):
            why = f"“{code}” in it would be read as code. Write it without."
        if why:
            raise ValueError(why)
        checked[lang] = str(value)
    return checked


def _fits(kind: Type[Any], text: str) -> tuple[object, str]:
    """Return what a setting makes of a text, and else why it doesn't take it."""
    report = Report()
    value = kind.read(Scalar(text, 1), Reading(report.at("answer"), ("en",)))
    return value, " ".join(f"{fault.wrong} {fault.instead}" for fault in report)


def _language_code(written: str) -> str:
    """Return the code of a language by its code, or its name in English or in itself."""
    plain = written.strip().lower()
    english = {name.lower(): code for code, name in Locale("en").languages.items()}
    own = {"cymraeg": "cy", "saesneg": "en"}
    return own.get(plain) or english.get(plain) or plain


def _in_languages(text: str, languages: tuple[str, ...]) -> Words:
    parts = [part.strip() for part in text.split(PART)] if len(languages) > 1 else [text.strip()]
    if len(parts) != len(languages):
        parts = [text.strip()] * len(languages)
    return dict(zip(languages, parts, strict=True))


def english_name(lang: str) -> str:
    """Return a language's name in English; its code when it has none."""
    return Locale.parse(lang, sep="-").get_language_name("en") or lang


def _likely_url(name: Words, languages: tuple[str, ...]) -> str:
    return f"https://{plain_key(name.get('en') or name[languages[0]])}.example.org/"
