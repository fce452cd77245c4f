"""A run of Pelican over one site: how it begins, what plugins of others do to it, how it ends."""
