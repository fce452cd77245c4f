"""Feeds: what is new, for readers who come back by feed reader, podcast app, calendar or e-mail."""
