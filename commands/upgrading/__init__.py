"""Brings a newer version of ours into an association's house, and leaves what is theirs alone.

It imports nothing but the standard library and names of files, since the new version does the work
itself, before the packages that it wants are there.
"""
