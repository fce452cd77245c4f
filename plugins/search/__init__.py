"""Search: what pages say, as small files that the search page's script and Whoosh read."""
