"""Search: what pages say, as small files that the search page's script and Whoosh read."""

from __future__ import annotations

from plugins.search.search_generator import SearchGenerator
from plugins.sections.site_generator import registers

register = registers(SearchGenerator)
