"""Meetups in people's own calendars: a file for each, and calendars to subscribe to."""
