"""`./run serve`: the site as it will be, in the browser, up to date with every save."""
