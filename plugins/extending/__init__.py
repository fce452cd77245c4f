"""What an association's own plugin may import: these names stay, wherever ours move.

`docs/plugins.md` says what each is for, with an example that is built by a test.
"""

from __future__ import annotations

from plugins.feeds.items import items_of
from plugins.feeds.plan import Feed
from plugins.loop.relations import Loop
from plugins.sections.build_context import BuildContext
from plugins.sections.entries import Entry, LanguageView
from plugins.sections.planned_page import PlannedPage, SitePlan, Subscription
from plugins.sections.site_generator import SiteGenerator, registers

__all__ = [
    "BuildContext",
    "Entry",
    "Feed",
    "LanguageView",
    "Loop",
    "PlannedPage",
    "SiteGenerator",
    "SitePlan",
    "Subscription",
    "items_of",
    "registers",
]
