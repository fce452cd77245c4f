"""What plugins add to our Markdown: extensions, by Pelican's own setting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markdown import Markdown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from markdown.extensions import Extension


@dataclass(frozen=True)
class Dialect:
    """Extensions beyond ours, and what is set otherwise in ours."""

    added: tuple[Extension, ...] = ()
    configs: tuple[tuple[str, tuple[tuple[str, Any], ...]], ...] = ()  # of an extension of ours

    @classmethod
    def of(cls, setting: Mapping[str, Any], ours: frozenset[str]) -> Dialect:
        """Read Pelican's setting MARKDOWN, whose `extension_configs` ask for extensions too.

        :param ours: the names of the extensions that we have anyway.
        :raises Exception: whatever an extension raises that can't be loaded or set up.
        """
        configs: Mapping[str, Mapping[str, Any]] = setting.get("extension_configs", {})
        wanted = list(_wanted(setting.get("extensions", ()), configs, ours))
        if not wanted and not configs:
            return OURS_ALONE
        markdown = Markdown()
        return cls(
            tuple(
                markdown.build_extension(name, dict(configs.get(name, {})))
                if isinstance(name, str)
                else name
                for name in wanted
            ),
            tuple(
                (name, tuple(config.items())) for name, config in configs.items() if name in ours
            ),
        )


OURS_ALONE = Dialect()


def _wanted(
    extensions: list[str | Extension], configs: Mapping[str, Any], ours: frozenset[str]
) -> Iterator[str | Extension]:
    """Yield what is to be added, once each."""
    for extension in dict.fromkeys([*extensions, *configs]):
        name = str(extension).removeprefix("markdown.extensions.")
        if not isinstance(extension, str) or name not in ours:
            yield extension
