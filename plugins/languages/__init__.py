"""The site's languages: words, dates and lists in templates, and what isn't translated yet."""
