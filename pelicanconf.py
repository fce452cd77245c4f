"""Pelican's settings. What an association decides stands in site.toml, not here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined

ROOT = Path(__file__).parent
sys.path[:0] = [str(ROOT)]  # `pelican` looks for plugins beside itself

from plugins.runs.site_run import SiteRun  # noqa: E402
from plugins.sections.build_context import BuildOrder  # noqa: E402 - found since the line above

PELICAN_CLASS = SiteRun
ORDER = BuildOrder(site=ROOT / "site.toml", cache=ROOT / ".cache")

# What the site can do, in the order in which it is done.
PLUGINS = [
    # Reads the content, plans and writes every page in every language.
    "plugins.sections.sections_generator",
    "plugins.loop.loop_generator",  # what tenants said, joined to what was done about it
    "plugins.podcast.podcast_generator",  # what is heard: players, transcripts, feeds
    "plugins.calendars.calendars_generator",  # meetups in people's own calendars
    # Here come those of the association, which `plugins` in site.toml names.
    "plugins.feeds.feeds_generator",  # what is new, for feed readers, and every way to hear of it
    "plugins.cards.cards_generator",  # a picture for each page that people pass on, manifests
    "plugins.shortcuts.shortcuts_generator",  # short addresses, which a poster can carry
    "plugins.search.search_generator",  # an index of each language, and the page that asks it
    "plugins.discovery.discovery_generator",  # site map, robots, redirects, headers
]

PATH = "content"
OUTPUT_PATH = "output"
THEME = "theme"
SITEURL = ""  # the address stands in site.toml

# Our generators read the content: each kind has its own fields, lists and languages, and lists
# in Pelican's own generators grow with the square of the posts.
ARTICLE_PATHS: list[str] = []
PAGE_PATHS: list[str] = []
STATIC_PATHS: list[str] = []
THEME_STATIC_PATHS: list[str] = []
READERS = {"rst": None, "html": None, "md": None}
DIRECT_TEMPLATES: list[str] = []
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = ""
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None

# Our Markdown stands in plugins/markup; plugins may add to it here (docs/plugins.md).
MARKDOWN: dict[str, Any] = {"extensions": [], "extension_configs": {}}

# An association's own templates stand in templates/ beside site.toml and come before ours.
THEME_TEMPLATES_OVERRIDES = ["templates"]
JINJA_ENVIRONMENT = {
    "autoescape": True,
    "undefined": StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "extensions": ["jinja2.ext.i18n"],
}
