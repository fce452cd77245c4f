"""Chapters in every form that players know, all from the front matter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from core.templating import duration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plugins.kinds.models import Episode

TYPE = "application/json+chapters"


def as_json(episode: Episode, lang: str, spoken: str) -> str:
    """Return chapters as the Podcast Index has them (JSON chapters 1.2).

    :param lang: the language of the titles.
    :param spoken: the language of the recording.
    """
    chapters: list[Mapping[str, object]] = [
        {
            "startTime": int(chapter.begins(spoken).total_seconds()),
            "title": chapter.title.get(lang).text,
        }
        | ({"url": chapter.url} if chapter.url else {})
        for chapter in episode.chapters
    ]
    data = {"version": "1.2.0", "chapters": chapters}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def as_lines(episode: Episode, lang: str, spoken: str) -> list[str]:
    """Return a line a chapter, as in "1:35 Six kitchens": apps make links of the times."""
    return [
        f"{duration(chapter.begins(spoken))} {chapter.title.get(lang).text}"
        for chapter in episode.chapters
    ]
