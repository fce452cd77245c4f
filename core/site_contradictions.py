"""Settings that are right one by one and contradict each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.site_words import Topic
    from core.succession import Tell
    from core.words import Words

OURS = ("assets", "data", "search")  # folders of every site


def check_languages(
    languages: Sequence[str], former: Sequence[str], default: str, tell: Tell
) -> None:
    """Tell of languages that stand twice, and of a default that is none of them.

    :param former: those that the site gave up.
    :param default: that of files whose names don't say; "" for none.
    """
    for number, lang in enumerate(former, 1):
        if lang in languages or lang in former[: number - 1]:
            tell(
                f"former_languages[{number}]",
                f"“{lang}” is a language of this site already."
                if lang in languages
                else f"“{lang}” stands twice here.",
                "Write each language once: in languages, or here when it was given up.",
            )
    if default and default not in {*languages, *former}:
        tell(
            "default_language",
            f"“{default}” isn't among the languages of this site.",
            f"Write {' or '.join(languages)}.",
        )


def check_topics(topics: Mapping[str, Topic], languages: Sequence[str], tell: Tell) -> None:
    """Tell of topics whose pages would stand on one address; equal names are told elsewhere."""
    for lang in languages:
        owners: dict[str, Topic] = {}
        for key, topic in topics.items():
            slug = topic.slug_in(lang)
            owner = owners.setdefault(slug, topic)
            if owner is topic or {*map(str.casefold, owner.names)} & {
                *map(str.casefold, topic.names)
            }:
                continue
            tell(
                f"topics.{key}.{'slug' if topic.slug else 'name'}",
                f"Its pages would stand at “{slug}”, as those of topics.{owner.key} do.",
                f'Write slug = {{{lang} = "…"}}, another word, into one of them.',
            )


def check_service(service: str, languages: Sequence[str], tell: Tell) -> None:
    """Tell of a path of the feedback service below which pages of the site stand.

    :param service: as `[feedback] service` has it: a path, or the address of another host.
    """
    first = service.strip("/").partition("/")[0]
    taken = first in {*languages, *OURS} or len(first) == 1  # short addresses have one letter
    if service.startswith("/") and taken:
        tell("feedback.service", f"Pages of the site stand below /{first}/.", "Write /feedback/.")


def check_twice(setting: str, groups: Iterable[tuple[str, Words]], tell: Tell) -> None:
    """Tell of keys and names of a list that stand for two things.

    :param groups: the key and the name of each, in the order written.
    """
    seen: set[tuple[str, str]] = set()
    for number, (key, name) in enumerate(groups, 1):
        own = {("key", key), *(("name", text.casefold()) for _, text in name.texts)}
        for field, word in sorted(own & seen)[:1]:
            tell(
                f"{setting}[{number}].{field}",
                f"“{word}” stands twice here.",
                "Keep one of them, or give one another name.",
            )
        seen |= own
