"""What templates may call to reach the loop from any page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import pass_context

from core.public.tallies import ENOUGH
from plugins.kinds.models import RoadmapItem
from plugins.loop.addresses import LoopAddresses
from plugins.loop.charts import chart, slipped_back
from plugins.loop.roadmap import standing

if TYPE_CHECKING:
    from datetime import date

    from jinja2.runtime import Context

    from plugins.loop.relations import Loop
    from plugins.sections.build_context import BuildContext
    from plugins.sections.entries import Entry


def for_templates(build: BuildContext, loop: Loop) -> dict[str, Any]:
    """Return functions and facts by the name that templates know them by."""
    addresses = LoopAddresses(build.addresses)
    service = build.site.feedback.service
    if service.startswith("/"):  # on this site, which may stand in a folder
        service = build.base.rstrip("/") + service

    @pass_context
    def loop_url(context: Context, name: str, step: str = "") -> str:
        """Return the address of a page of the loop, or "" when there is none."""
        lang = context["lang"]
        path = addresses.say(step, lang) if step else addresses.page(name, lang)
        return build.link(path) if path in build.paths else ""

    @pass_context
    def service_url(context: Context, name: str) -> str:
        """Return where a form of that name is sent to."""
        return f"{service}{context['lang']}/{name}"

    def standing_of(entry: Entry) -> str:
        item = entry.content
        return standing(item, loop) if isinstance(item, RoadmapItem) else ""

    def since_of(entry: Entry) -> date | None:
        item = entry.content
        return loop.moves_of(item)[-1].on if isinstance(item, RoadmapItem) else None

    return {
        "loop_url": loop_url,
        "service_url": service_url,
        "item_standing": standing_of,
        "item_since": since_of,
        "enough_answers": ENOUGH,
        "struck_for": loop.heard.struck_for,
        "chart_of": chart,
        "slipped_back": slipped_back,
    }
