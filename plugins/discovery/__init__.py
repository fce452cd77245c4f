"""How machines find their way: site map, robots, redirects from old addresses, headers."""

from __future__ import annotations

from plugins.discovery.discovery_generator import DiscoveryGenerator
from plugins.sections.site_generator import registers

register = registers(DiscoveryGenerator)
