"""What templates may call to reach the rest of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jinja2 import pass_context
from markupsafe import Markup, escape

from core.content_policy import policy_in_page
from plugins.kinds.models import Kind
from plugins.sections.accessibility_statement import Statement, load_proof
from plugins.sections.entries import Entry
from plugins.sections.link_resolver import FILES
from plugins.sections.views import list_address

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from jinja2 import Environment
    from jinja2.runtime import Context

    from plugins.kinds.models import MeetupState
    from plugins.kinds.series import SeriesDate
    from plugins.sections.assets import Assets
    from plugins.sections.build_context import BuildContext

ON_PAGE = "(min-width: 46rem) 42rem, 100vw"  # how wide a page's own picture is shown


def install(env: Environment, build: BuildContext, assets: Assets) -> None:
    """Give an environment the functions that the theme calls."""
    address = list_address(build)

    @pass_context
    def list_url(context: Context, name: str) -> str:
        return address(name, context["lang"])

    @pass_context
    def page_url(context: Context, key: str) -> str:
        page = build.index.by_key.get((Kind.PAGE, key))
        return Entry(page, context["lang"], build).url if page else ""

    def static_url(name: str) -> str:
        build.used_files.add(name)
        return build.link(FILES + name)

    def picture(entry: Entry, sizes: str = ON_PAGE, *, lazy: bool = True) -> Markup:
        return entry.picture(sizes, lazy=lazy)

    env.globals |= {
        # It stands in double quotes, so its own may be read as they are in the header.
        "content_policy": escape(policy_in_page(build.site.feedback.service)).replace(
            "&#39;", Markup("'")
        ),
        "asset": lambda name: build.link(assets.path(name)),
        "home_url": lambda lang: build.link(build.addresses.home(lang)),
        "door_url": lambda: build.link(""),
        "list_url": list_url,
        "page_url": page_url,
        "static_url": static_url,
        "series_dates": lambda entry: _dated(entry, build.index.dates.every(entry.content)),
        "dates_ahead": lambda entry: _dated(entry, build.dates_ahead(entry.content)),
        "picture": picture,
        "in_use": lambda setting, chosen="": build.site.in_use(setting, build.today, chosen),
        "statement": Statement(
            build.site.accessibility,
            build.counted,
            load_proof(assets.root.parent),
            build.today,
        ),
        **build.for_templates,
    }


class DateShown(NamedTuple):
    """A date of a meetup, as the page of its series shows it."""

    start: datetime
    planned: datetime  # when its rule has it
    all_day: bool
    state: MeetupState
    entry: Entry  # of the meetup whose file tells of it
    own: bool  # whether that is the page's own


def _dated(entry: Entry, dates: Iterable[SeriesDate]) -> list[DateShown]:
    return [
        DateShown(
            date.start,
            date.planned.start,
            date.all_day,
            date.state,
            Entry(date.meetup, entry.reader, entry.build),
            date.meetup.key == entry.key,
        )
        for date in dates
    ]
