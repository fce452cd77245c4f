"""The digest: what was published in a week or a month, for whoever wants it by mail."""
