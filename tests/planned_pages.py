"""Pages as a build plans them, for tests of what is made from the plan."""

from __future__ import annotations

from typing import Any

from plugins.sections.planned_page import PlannedPage

ROOT = "https://tiny.example.org/sub/"


def page(path: str, *identity: str, lang: str = "en", **more: Any) -> PlannedPage:
    plain = {"template": "x.html", "title": f"At {path}", "section": "post"}
    return PlannedPage(path=path, identity=identity or (path,), lang=lang, **plain | more)


def pair(key: str) -> list[PlannedPage]:
    return [
        page(f"cy/blog/{key}-cy/", "content", "post", key, lang="cy"),
        page(f"en/blog/{key}/", "content", "post", key, lang="en"),
    ]
