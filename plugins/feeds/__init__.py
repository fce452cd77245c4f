"""Feeds: what is new, for readers who come back by feed reader, podcast app, calendar or e-mail."""

from __future__ import annotations

from plugins.feeds.feeds_generator import FeedsGenerator
from plugins.sections.site_generator import registers

register = registers(FeedsGenerator)
