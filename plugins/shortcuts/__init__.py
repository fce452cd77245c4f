"""Short addresses: what fits on a poster, is typed by hand, and stays the same for ever."""
