"""What the feedback service needs to know of the built site: its menus, assets and pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from plugins.kinds.models import Kind
from plugins.sections.link_resolver import FILES
from plugins.sections.views import Views, list_address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from plugins.loop.entries import Joined, RecordEntry
    from plugins.sections.assets import Assets
    from plugins.sections.build_context import BuildContext
    from plugins.sections.entries import Entry
    from plugins.sections.planned_page import PlannedPage

CHROME = "_chrome.json"
TARGETS = (Kind.ROADMAP, Kind.CHANGE, Kind.POST, Kind.STANDARD)  # what people can speak about
LISTS = (*(kind for kind in Kind if kind != Kind.PAGE), "tags", "topics")


def chrome(
    build: BuildContext,
    planned: Sequence[PlannedPage],
    joined: Mapping[str, Joined],
    assets: Assets,
) -> str:
    """Return the file: nothing private, the same bytes for the same site."""
    views = Views(build, list(planned))
    homes = {page.lang: page for page in planned if page.identity == ("home",)}
    languages = build.site.languages
    list_url = list_address(build)
    found = {
        "base": build.base,
        "url": build.url,
        "languages": list(languages),
        "assets": {name: build.link(assets.path(name)) for name in assets.names},
        "menus": {
            lang: [
                {"key": one.key, "title": one.title, "url": one.url}
                for one in views.menu(homes[lang])
            ]
            for lang in languages
        },
        "footers": {
            lang: [
                {"key": one.key, "title": one.title, "url": one.url}
                for one in views.footer(homes[lang])
            ]
            for lang in languages
        },
        "lists": {
            lang: {name: url for name in LISTS if (url := list_url(name, lang))}
            for lang in languages
        },
        "pages": {
            lang: {page.key: one.entry(page).url for page in build.index.of_kind[Kind.PAGE]}
            for lang, one in joined.items()
        },
        "files": build.link(FILES),
        "say": {lang: one.link(one.addresses.page("say", lang)) for lang, one in joined.items()},
        "targets": _targets(build, joined),
        "parts": {
            change.key: list(change.roadmap)
            for change in next(iter(joined.values())).loop.changes
            if change.roadmap
        },
        "led": _led(joined),
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _targets(build: BuildContext, joined: Mapping[str, Joined]) -> dict[str, Any]:
    found: dict[str, Any] = {
        str(kind): {
            content.key: {lang: _sign(one.entry(content)) for lang, one in joined.items()}
            for content in build.index.of_kind[kind]
        }
        for kind in TARGETS
    }
    hearing = next(iter(joined.values())).loop.hearing
    found["record"] = {
        record.ref: {lang: _sign(one.record(record)) for lang, one in joined.items()}
        for record in hearing.records.values()
        if record.shown
    }
    return found


def _led(joined: Mapping[str, Joined]) -> dict[str, dict[str, list[dict[str, str]]]]:
    """Return what each record led to, by reference and language, for the receipts."""
    loop = next(iter(joined.values())).loop
    return {
        ref: {lang: [_sign(one.entry(content)) for content in led] for lang, one in joined.items()}
        for ref in loop.hearing.records
        if (led := loop.led_to(ref))
    }


def _sign(there: Entry | RecordEntry) -> dict[str, str]:
    return {"title": there.title, "url": there.url}
