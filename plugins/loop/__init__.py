"""The loop: what tenants said, joined to what was done about it, on every page that it touches."""

from __future__ import annotations

from plugins.loop.loop_generator import LoopGenerator
from plugins.sections.site_generator import registers

register = registers(LoopGenerator)
