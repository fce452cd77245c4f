"""Where the loop's pages live, in each language's own words; they stay the same for ever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plugins.kinds.models import Kind
from plugins.sections.addresses import WORDS

if TYPE_CHECKING:
    from plugins.sections.addresses import Addresses

# A language that isn't here uses the English words.
_WORDS = {
    "heard": {"en": "heard", "cy": "clywed"},
    "topic": {"en": "topic", "cy": "pwnc"},
    "rung": {"en": "rung", "cy": "gris"},
    "team": {"en": "team", "cy": "tim"},
    "view": {"en": "view", "cy": "golwg"},
    "votes": {"en": "votes", "cy": "pleidleisiau"},
    "table": {"en": "table", "cy": "tabl"},
    "doing": {"en": "how-we-are-doing", "cy": "sut-hwyl-rydyn-nin-ei-chael"},
    "fast": {"en": "how-fast-we-were", "cy": "pa-mor-gyflym-oedden-ni"},
    "places": {"en": "where-we-live", "cy": "ble-rydyn-nin-byw"},
    "moved": {"en": "what-moved", "cy": "beth-symudodd"},
    "say": {"en": "say-something", "cy": "dweud-eich-dweud"},
    "write": {"en": "write", "cy": "ysgrifennu"},
    "stop": {"en": "now", "cy": "nawr"},
    "data": {"en": "open-data", "cy": "data-agored"},
}
# Words that addresses had once: links and printed matter still lead there.
_OLD_WORDS = {("doing", "cy"): ("sut-hwyl-sydd-arnon-ni",)}
PAGE = WORDS["page"]


@dataclass(frozen=True)
class LoopAddresses:
    """Paths of the loop's pages: relative, ending in a slash, such as `en/heard/f-2k7q9t/`."""

    pages: Addresses

    @staticmethod
    def word(name: str, lang: str) -> str:
        """Return the word of a language for a part of an address."""
        words = _WORDS[name]
        return words.get(lang, words["en"])

    def page(self, name: str, lang: str) -> str:
        """Return one of the pages that stand by themselves: doing, moved, say, heard, data."""
        return f"{lang}/{self.word(name, lang)}/"

    @staticmethod
    def old_pages(name: str, lang: str) -> tuple[str, ...]:
        """Return where such a page stood before its address had another word."""
        return tuple(f"{lang}/{word}/" for word in _OLD_WORDS.get((name, lang), ()))

    def record(self, ref: str, lang: str) -> str:
        """Return the page of a record."""
        return f"{self.page('heard', lang)}{ref.lower()}/"

    def records_about(self, topic: str, lang: str) -> str:
        """Return the list of records of one topic."""
        return self._records(self._slug(topic, lang), lang)

    def records_about_before(self, topic: str, lang: str) -> tuple[str, ...]:
        """Return where that list stood, and those of topics whose place the topic took."""
        return tuple(self._records(slug, lang) for slug in self._slugs_before(topic, lang))

    def _records(self, slug: str, lang: str) -> str:
        return f"{self.page('heard', lang)}{self.word('topic', lang)}/{slug}/"

    def place(self, area: str, lang: str) -> str:
        """Return the page of an area."""
        return f"{self.page('places', lang)}{area}/"

    def places_before(self, area: str, lang: str) -> tuple[str, ...]:
        """Return the pages of areas whose place the area took."""
        replaced = self.pages.site.succession("areas").replaced(area)
        return tuple(self.place(word.key, lang) for word in replaced)

    def say(self, step: str, lang: str) -> str:
        """Return a step of saying something: write, stop."""
        return f"{self.page('say', lang)}{self.word(step, lang)}/"

    def filtered(self, sort: str, key: str, lang: str) -> str:
        """Return the roadmap's items of one topic, rung or team."""
        return self._filtered(sort, self._slug(key, lang) if sort == "topic" else key, lang)

    def filtered_before(self, sort: str, key: str, lang: str) -> tuple[str, ...]:
        """Return where those stood, and those of words whose place the word took."""
        if sort == "topic":
            slugs = self._slugs_before(key, lang)
        else:
            slugs = tuple(w.key for w in self.pages.site.succession(f"{sort}s").replaced(key))
        return tuple(self._filtered(sort, slug, lang) for slug in slugs)

    def _filtered(self, sort: str, slug: str, lang: str) -> str:
        roadmap = self.pages.section(Kind.ROADMAP, lang)
        return f"{roadmap}{self.word(sort, lang)}/{slug}/"

    def view(self, name: str, lang: str) -> str:
        """Return another look at the roadmap: votes, table."""
        roadmap = self.pages.section(Kind.ROADMAP, lang)
        return f"{roadmap}{self.word('view', lang)}/{self.word(name, lang)}/"

    @staticmethod
    def numbered(number: int, lang: str) -> str:
        """Return what a list's address ends in on its later pages."""
        return f"{PAGE.get(lang, PAGE['en'])}/{number}/" if number > 1 else ""

    def _slug(self, topic: str, lang: str) -> str:
        return str(self.pages.site.word("topics", topic).slug_in(lang))

    def _slugs_before(self, topic: str, lang: str) -> tuple[str, ...]:
        return self.pages.site.topic_slugs_before(topic, lang)
