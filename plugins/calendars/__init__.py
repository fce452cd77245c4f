"""Meetups in people's own calendars: a file for each, and calendars to subscribe to."""

from __future__ import annotations

from plugins.calendars.calendars_generator import CalendarsGenerator
from plugins.sections.site_generator import registers

register = registers(CalendarsGenerator)
