"""How a language says things: interface words, plurals, dates, numbers, lists, order.

Words come from gettext catalogues (`core/catalogues.py`), dates and numbers from CLDR by way of
Babel, never from the process's locale.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from babel import dates, numbers
from babel.core import Locale, UnknownLocaleError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date as Day  # noqa: N812 - a method below is called date
    from datetime import datetime, time, tzinfo
    from decimal import Decimal
    from gettext import NullTranslations

MONEY = "GBP"
# Welsh letters in the order of its dictionaries: the digraphs are letters of their own.
WELSH_LETTERS = "a b c ch d dd e f ff g ng h i j k l ll m n o p ph q r rh s t th u v w x y z"
# "a" becomes "ac" before a vowel sound; w and y count as vowels here, h does not.
WELSH_VOWELS = "aeiouwy"


@dataclass(frozen=True)
class Wording:
    """One language's way of saying things."""

    lang: str
    translations: NullTranslations
    own_word: Callable[[str], str] | None = None  # puts the association's word for tenants in

    @cached_property
    def locale(self) -> Locale:
        """Return CLDR's data for the language, as used in Britain where that differs."""
        return _locale("en_GB" if self.lang == "en" else self.lang)

    @cached_property
    def letters(self) -> frozenset[str]:
        """Return the letters that its words are written with, small and capital.

        They are those of its catalogue, and of what it calls countries: a language without a
        catalogue has letters, too. A letter of one country alone may be that country's.
        """
        catalogue: dict[object, str] = getattr(self.translations, "_catalog", {})
        used = {letter for sentence in catalogue.values() for letter in sentence}
        countries = Counter(
            letter for name in self.locale.territories.values() for letter in set(name.lower())
        )
        used |= {letter for letter, number in countries.items() if number > 1}
        cases = (letter.upper() + letter.lower() for letter in used if letter.isalpha())
        return frozenset("".join(cases))

    @property
    def own_name(self) -> str:
        """Return what the language calls itself, with a capital."""
        return own_name(self.lang)

    def gettext(self, message: str) -> str:
        """Return the words for an English message."""
        return self._in_own_words(self.translations.gettext(message))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Return the words for `number` things."""
        return self._in_own_words(self.translations.ngettext(singular, plural, number))

    def pgettext(self, context: str, message: str) -> str:
        """Return the words for an English message that has several meanings."""
        return self._in_own_words(self.translations.pgettext(context, message))

    def _in_own_words(self, sentence: str) -> str:
        return self.own_word(sentence) if self.own_word else sentence

    def date(self, day: Day) -> str:
        """Return a day in words: 4 March 2026."""
        return dates.format_date(day, "d MMMM y", locale=self.locale)

    def short_date(self, day: Day) -> str:
        """Return a day in few words: 4 Mar 2026."""
        return dates.format_date(day, "d MMM y", locale=self.locale)

    def weekday_date(self, day: Day) -> str:
        """Return a day with its weekday: Wednesday 4 March 2026."""
        return dates.format_date(day, "EEEE d MMMM y", locale=self.locale)

    def month(self, day: Day) -> str:
        """Return a month: March 2026."""
        return dates.format_date(day, "LLLL y", locale=self.locale)

    def short_month(self, day: Day) -> str:
        """Return a month in few words: Mar 2026."""
        return dates.format_date(day, "LLL y", locale=self.locale)

    def time(self, moment: datetime | time) -> str:
        """Return a time of day: 18:00."""
        return f"{moment:%H:%M}"

    def zone(self, zone: tzinfo) -> str:
        """Return a clock by the town it is named after: Paris time."""
        town = dates.get_timezone_location(zone, locale=self.locale, return_city=True)
        return self.gettext("%(place)s time") % {"place": town}

    def number(self, number: Decimal | float) -> str:
        """Return a number as the language writes it: 1,234.5."""
        return numbers.format_decimal(number, locale=self.locale)

    def money(self, amount: Decimal | float) -> str:
        """Return pounds: £240, or £240.50."""
        whole = amount == int(amount)
        return numbers.format_currency(
            amount, MONEY, "¤#,##0" if whole else "¤#,##0.00", self.locale, currency_digits=False
        )

    def and_list(self, items: Sequence[str]) -> str:
        """Return items as a sentence holds them: a, b and c; Welsh: a, b ac ch.

        Babel prints "a(c)" for Welsh, so the rule is written here.
        """
        if len(items) <= 1:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self._and(items[-1])} {items[-1]}"

    def _and(self, following: str) -> str:
        if self.lang != "cy":
            return {"en": "and"}.get(self.lang, "+")
        first = unicodedata.normalize("NFD", following.strip()[:1].lower())[:1]
        return "ac" if first and first in WELSH_VOWELS else "a"

    def sort_key(self, text: str) -> tuple[object, ...]:
        """Return a key that sorts as the language's dictionaries do, accents folded."""
        folded = "".join(
            c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c)
        )
        if self.lang != "cy":
            return (folded, text)
        letters = re.findall(r"ch|dd|ff|ng|ll|ph|rh|th|.", folded)
        order = WELSH_LETTERS.split()
        return ([order.index(c) if c in order else -1 for c in letters], text)


def own_name(lang: str) -> str:
    """Return what any language calls itself, with a capital; its code when CLDR doesn't know it."""
    try:
        name = _locale(lang).get_language_name(lang) or lang
    except (UnknownLocaleError, ValueError):
        return lang
    return name[:1].upper() + name[1:]


def _locale(lang: str) -> Locale:
    return Locale.parse(lang, sep="-" if "-" in lang else "_")
