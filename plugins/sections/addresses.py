"""Where each page lives: paths below the site's root, in each language's own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from core.words import NO_KEY, plain_key
from plugins.kinds.models import Kind

if TYPE_CHECKING:
    from core.site import Site
    from plugins.kinds.models import Content

# A language that isn't here uses the English words. They are addresses, so that they stay the
# same for ever, whatever the catalogues come to say.
SECTIONS = {
    Kind.POST: {"en": "blog", "cy": "blog"},
    Kind.MEETUP: {"en": "meetups", "cy": "cyfarfodydd"},
    Kind.EPISODE: {"en": "podcast", "cy": "podlediad"},
    Kind.ROADMAP: {"en": "roadmap", "cy": "map-ffordd"},
    Kind.CHANGE: {"en": "changes", "cy": "newidiadau"},
    Kind.EXPERIMENT: {"en": "experiments", "cy": "arbrofion"},
    Kind.STANDARD: {"en": "standard", "cy": "safon"},
    Kind.PERSONA: {"en": "personas", "cy": "personau"},
}
WORDS = {
    "page": {"en": "page", "cy": "tudalen"},
    "tags": {"en": "tags", "cy": "tagiau"},
    "topics": {"en": "topics", "cy": "pynciau"},
    "people": {"en": "people", "cy": "pobl"},
    "patterns": {"en": "pattern-library", "cy": "llyfrgell-batrymau"},
}


def _word(words: dict[str, str], lang: str) -> str:
    return words.get(lang, words["en"])


@dataclass(frozen=True)
class Addresses:
    """Paths of pages: relative, ending in a slash, such as `en/blog/damp/`."""

    site: Site

    def home(self, lang: str) -> str:
        """Return a language's home."""
        return f"{lang}/"

    def section(self, kind: Kind, lang: str, page: int = 1, year: int | None = None) -> str:
        """Return a kind's list: all of it or a year's, first page or another."""
        years = f"{year}/" if year else ""
        pages = f"{_word(WORDS['page'], lang)}/{page}/" if page > 1 else ""
        return f"{lang}/{_word(SECTIONS[kind], lang)}/{years}{pages}"

    def content(self, content: Content, lang: str) -> str:
        """Return the page of a thing for readers of a language, translated or not."""
        text = content.texts.get(lang) or content.texts[content.original]
        slug = text.slug or plain_key(text.title)
        if slug == NO_KEY:  # a title without a Latin letter
            slug = content.key
        if content.kind == Kind.PAGE:
            return f"{lang}/{slug}/"
        return f"{lang}/{_word(SECTIONS[content.kind], lang)}/{slug}/"

    def tag(self, tag: str, lang: str) -> str:
        """Return the page of a tag, a word of that language."""
        return f"{lang}/{_word(WORDS['tags'], lang)}/{plain_key(tag)}/"

    def topic(self, key: str, lang: str) -> str:
        """Return the page of a topic."""
        return self._topic(self.site.word("topics", key).slug_in(lang), lang)

    def topic_before(self, key: str, lang: str) -> tuple[str, ...]:
        """Return where a topic's page stood, and those of topics whose place it took."""
        return tuple(self._topic(slug, lang) for slug in self.site.topic_slugs_before(key, lang))

    @staticmethod
    def _topic(slug: str, lang: str) -> str:
        return f"{lang}/{_word(WORDS['topics'], lang)}/{slug}/"

    def person(self, key: str, lang: str) -> str:
        """Return the page of somebody who writes here."""
        return f"{lang}/{_word(WORDS['people'], lang)}/{key}/"

    def index(self, word: str, lang: str) -> str:
        """Return the list of all tags or of all topics."""
        return f"{lang}/{_word(WORDS[word], lang)}/"

    def patterns(self, lang: str, page: int = 1) -> str:
        """Return a page of the pattern library."""
        pages = f"{_word(WORDS['page'], lang)}/{page}/" if page > 1 else ""
        return f"{lang}/{_word(WORDS['patterns'], lang)}/{pages}"


def as_url(path: str, base: str) -> str:
    """Return the address that a page's link carries.

    :param path: relative to the site's root.
    :param base: the path of the site's root, with a slash at both ends.
    """
    return base + quote(path, safe="/#?=&:;,+@!$'()*~")
