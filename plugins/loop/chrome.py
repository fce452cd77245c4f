"""What the feedback service needs to know of the built site: its menus, assets and pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from plugins.kinds.models import Kind
from plugins.sections.prose import FILES
from plugins.sections.views import Views, list_address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from plugins.loop.entries import Joined, RecordEntry
    from plugins.sections.assets import Assets
    from plugins.sections.edition import Edition
    from plugins.sections.entries import Entry
    from plugins.sections.sheets import Sheet

CHROME = "_chrome.json"
TARGETS = (Kind.ROADMAP, Kind.CHANGE, Kind.POST, Kind.STANDARD)  # what people can speak about
LISTS = (*(kind for kind in Kind if kind != Kind.PAGE), "tags", "topics")


def chrome(
    edition: Edition, sheets: Sequence[Sheet], joined: Mapping[str, Joined], assets: Assets
) -> str:
    """Return the file: nothing private, the same bytes for the same site."""
    views = Views(edition, list(sheets))
    homes = {sheet.lang: sheet for sheet in sheets if sheet.identity == ("home",)}
    languages = edition.site.languages
    list_url = list_address(edition)
    found = {
        "base": edition.base,
        "url": edition.url,
        "languages": list(languages),
        "assets": {name: edition.link(assets.path(name)) for name in assets.names},
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
            lang: {page.key: one.entry(page).url for page in edition.library.of_kind[Kind.PAGE]}
            for lang, one in joined.items()
        },
        "files": edition.link(FILES),
        "say": {lang: one.link(one.addresses.page("say", lang)) for lang, one in joined.items()},
        "targets": _targets(edition, joined),
        "parts": {
            change.key: list(change.roadmap)
            for change in next(iter(joined.values())).loop.changes
            if change.roadmap
        },
        "led": _led(joined),
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _targets(edition: Edition, joined: Mapping[str, Joined]) -> dict[str, Any]:
    found: dict[str, Any] = {
        str(kind): {
            thing.key: {lang: _sign(one.entry(thing)) for lang, one in joined.items()}
            for thing in edition.library.of_kind[kind]
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
        ref: {lang: [_sign(one.entry(thing)) for thing in led] for lang, one in joined.items()}
        for ref in loop.hearing.records
        if (led := loop.led_to(ref))
    }


def _sign(there: Entry | RecordEntry) -> dict[str, str]:
    return {"title": there.title, "url": there.url}
