"""How machines find their way: site map, robots, redirects from old addresses, headers."""
