"""Fills the site's shell: menus, assets and pages, as the feedback service needs to know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.public.site_shell import SiteShell
from plugins.kinds.models import Kind
from plugins.sections.link_resolver import FILES
from plugins.sections.views import Views, list_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from plugins.kinds.models import Change, RoadmapItem
    from plugins.loop.entries import Joined, RecordEntry
    from plugins.loop.relations import Loop
    from plugins.sections.assets import Assets
    from plugins.sections.build_context import BuildContext
    from plugins.sections.entries import Entry, Signpost
    from plugins.sections.planned_page import PlannedPage
    from plugins.sections.views import MenuEntry

TARGETS = (Kind.ROADMAP, Kind.CHANGE, Kind.POST, Kind.STANDARD)  # what people can speak about
LISTS = (*(kind for kind in Kind if kind != Kind.PAGE), "tags", "topics")


def site_shell(
    build: BuildContext,
    planned: Sequence[PlannedPage],
    joined: Mapping[str, Joined],
    assets: Assets,
) -> SiteShell:
    """Return what pages of the service wear, so that they look like the site's own."""
    views, list_url = Views(build, list(planned)), list_address(build)
    homes = {page.lang: page for page in planned if page.identity == ("home",)}
    languages = build.site.languages
    return SiteShell(
        base=build.base,
        url=build.url,
        languages=list(languages),
        assets={name: build.link(assets.path(name)) for name in assets.names},
        menus={lang: _menu(views.menu(homes[lang])) for lang in languages},
        footers={lang: _menu(views.footer(homes[lang])) for lang in languages},
        lists={
            lang: {name: url for name in LISTS if (url := list_url(name, lang))}
            for lang in languages
        },
        pages={
            lang: {page.key: loop.entry(page).url for page in build.index.of_kind[Kind.PAGE]}
            for lang, loop in joined.items()
        },
        files=build.link(FILES),
        say={lang: loop.link(loop.addresses.page("say", lang)) for lang, loop in joined.items()},
        targets=_targets(build, joined),
        parts={
            change.key: list(change.roadmap)
            for change in next(iter(joined.values())).loop.changes
            if change.roadmap
        },
        led=_led(joined),
    )


def _menu(entries: Iterable[MenuEntry | Signpost]) -> list[dict[str, str]]:
    return [{"key": entry.key, "title": entry.title, "url": entry.url} for entry in entries]


def _targets(build: BuildContext, joined: Mapping[str, Joined]) -> dict[str, Any]:
    pages: dict[str, Any] = {
        str(kind): {
            content.key: {lang: _sign(loop.entry(content)) for lang, loop in joined.items()}
            for content in build.index.of_kind[kind]
        }
        for kind in TARGETS
    }
    heard = next(iter(joined.values())).loop.heard
    pages["record"] = {
        record.ref: {lang: _sign(loop.record(record)) for lang, loop in joined.items()}
        for record in heard.records.values()
        if record.shown
    }
    return pages


def _led(joined: Mapping[str, Joined]) -> dict[str, dict[str, list[dict[str, str]]]]:
    """Return what each record led to, by reference and language, for the receipts."""
    relations = next(iter(joined.values())).loop
    return {
        ref: {
            lang: [_sign(loop.entry(content)) | _asked(content, relations) for content in led]
            for lang, loop in joined.items()
        }
        for ref in relations.heard.records
        if (led := relations.led_to(ref))
    }


def _asked(content: RoadmapItem | Change, loop: Loop) -> dict[str, str]:
    """Return the change of which those behind it are asked whether it is fixed."""
    asks = content.kind == Kind.CHANGE and loop.claim(content) is not None
    return {"change": content.key} if asks else {}


def _sign(entry: Entry | RecordEntry) -> dict[str, str]:
    return {"title": entry.title, "url": entry.url}
