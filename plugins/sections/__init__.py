"""Every page of the site: read from content, planned in each language, written by the theme."""
