"""The podcast: recordings and what is said in them, on pages, in feeds and in files."""

from __future__ import annotations

from plugins.podcast.podcast_generator import PodcastGenerator
from plugins.sections.site_generator import registers

register = registers(PodcastGenerator)
