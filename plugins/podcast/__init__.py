"""The podcast: recordings and what is said in them, on pages, in feeds and in files."""
