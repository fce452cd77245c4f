"""Every page of the site: read from content, planned in each language, written by the theme."""

from __future__ import annotations

from plugins.sections.sections_generator import SectionsGenerator
from plugins.sections.site_generator import registers

register = registers(SectionsGenerator)
