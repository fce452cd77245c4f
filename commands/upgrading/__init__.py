"""Brings a newer version of ours into an association's house, and leaves what is theirs alone.

The new version does the work itself, before the packages that it wants are there: all but its
migrations import nothing but the standard library and names of files.
"""
