"""Who took whose place among the association's own words, and what an old key means today.

A key is followed to what is so now wherever one is read: in content, records, forms and addresses.
So nothing is counted twice, and what was said under an old name stands under the new one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.shows import Show
from core.site_words import Area, FreeTag, Person, Team, Topic
from core.values import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from core.site_words import SiteWord

    Tell = Callable[[str, str, str], None]  # field, what is wrong, what to write instead

# Everything that can be renamed, merged and retired, by its table in site.toml.
RENAMED: dict[str, type[SiteWord]] = {
    "topics": Topic,
    "areas": Area,
    "teams": Team,
    "people": Person,
    "shows": Show,
    "tags": FreeTag,
}
YEARS = range(1900, 2200)  # any other is a slip of the keyboard


@dataclass(frozen=True)
class Succession:
    """The words of one table of site.toml, those that others replaced among them."""

    words: Mapping[str, SiteWord] = field(default_factory=dict)  # by key, as written
    free: bool = False  # whether what takes a word's place needs no table, as with tags

    def current(self, key: str) -> str:
        """Return the key that one leads to: itself, where nothing took its place."""
        passed: set[str] = set()
        while (word := self.words.get(key)) and (after := word.successor) and key not in passed:
            if after not in self.words and not self.free:
                break
            passed.add(key)
            key = after
        return key

    def replaced(self, key: str) -> tuple[SiteWord, ...]:
        """Return the words whose place one took, in the order written."""
        return tuple(
            word for old, word in self.words.items() if old != key and self.current(old) == key
        )

    def lasting(self) -> dict[str, SiteWord]:
        """Return the words whose place no other took, by key."""
        return {key: word for key, word in self.words.items() if self.current(key) == key}

    def known(self) -> dict[str, str]:
        """Return what content may write: key or name in any language → key of what is so now.

        Where an old word and one of today have the same name, today's is meant.
        """
        known: dict[str, str] = {}
        for words in (self.words, self.lasting()):
            for key, word in words.items():
                known |= dict.fromkeys([key, *word.names], self.current(key))
        return known


def check_succession(setting: str, succession: Succession, tell: Tell) -> None:
    """Tell which words lead nowhere, in a circle, or can't be told apart.

    :param setting: the table's name in site.toml.
    """
    for key, word in succession.words.items():
        place = f"{setting}.{key}"
        if succession.free and not word.successor and word.ended is None:
            tell(
                place,
                "Nothing is said about this word.",
                'Write now = "…", what it is called today, or until = "2026-10".',
            )
        for wrong, instead in _astray(key, word, succession):
            tell(f"{place}.now", wrong, instead)
        for wrong, instead in _misdated(word, succession):
            tell(f"{place}.{'left' if setting == 'people' else 'until'}", wrong, instead)
    owners = {key: key for key in succession.lasting()}
    for words in (succession.lasting(), succession.words):
        for key, word in words.items():
            meant = succession.current(key)
            for name in word.names:
                owner = owners.setdefault(name.casefold(), meant)
                if owner != meant:
                    tell(
                        f"{setting}.{key}.name",
                        f"“{name}” is what {setting}.{owner} is called, too.",
                        "Give one of them another name, so that content can tell them apart.",
                    )


def _astray(key: str, word: SiteWord, succession: Succession) -> Iterator[tuple[str, str]]:
    after = word.successor
    if not after:
        return
    if after not in succession.words and not succession.free:
        near = did_you_mean(after, [other for other in succession.words if other != key])
        keys = ", ".join(sorted(other for other in succession.words if other != key))
        yield f"There is no “{after}” here.", f"{near} Write one of: {keys or 'none yet'}.".strip()
        return
    way = [key]
    while after and after not in way:
        way.append(after)
        after = succession.words[after].successor if after in succession.words else ""
    if after == key:
        circle = " leads to ".join(f"“{step}”" for step in [*way, key])
        yield (
            f"{circle}: nobody can tell which of them is meant.",
            "Take now: out of the one that is in use today.",
        )


def _misdated(word: SiteWord, succession: Succession) -> Iterator[tuple[str, str]]:
    if word.ended is None:
        return
    if word.ended.year not in YEARS:
        yield f"It ended in the year {word.ended.year}.", "Check the year."
    after = succession.words.get(word.successor)
    if after and after.ended and after.ended < word.ended:
        yield (
            f"It lasted until {word.ended}, longer than “{after.key}”, which took its place.",
            "Check the two months.",
        )
