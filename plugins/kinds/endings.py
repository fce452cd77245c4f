"""What names something that had ended by its day: a topic no longer used, somebody who has left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.fields import Many, Member, specs
from core.succession import RENAMED
from core.words import plain_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.faults import FileFaults
    from core.site import Site
    from core.site_words import SiteWord
    from plugins.kinds.models import Content


def tell_ended(content: Content, site: Site, faults: FileFaults) -> None:
    """Report what a piece of content names, although it is newer than that."""
    day = content.begun
    if day is None:
        return
    original = content.texts[content.original]
    for field, setting, word in _named(content, site):
        if word.is_over(day):
            until = "left" if setting == "people" else "until"
            faults.fault(
                original.line(field),
                field,
                f"“{word.key}” ended on {word.ended} ({until}: in [{setting}.{word.key}] in "
                f"site.toml), and this is of {day}.",
                "Name what is in use now, or check the two days.",
                "ended",
            )


def _named(content: Content, site: Site) -> Iterator[tuple[str, str, SiteWord]]:
    """Yield the association's own words that a content names: field, table and word."""
    for field, spec in specs(type(content)).items():
        of = spec.type.of if isinstance(spec.type, Many) else spec.type
        if not isinstance(of, Member) or of.setting not in RENAMED:
            continue
        value = getattr(content, field)
        for key in value if isinstance(value, tuple) else (value,):
            if key and (word := site.word(of.setting, key)):
                yield field, of.setting, word
    for text in content.texts.values():
        for tag in text.tags:
            if word := site.word("tags", plain_key(tag)):
                yield "tags", "tags", word
