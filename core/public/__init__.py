"""The public language: all that may be known of what tenants said, and what became of it.

Between the feedback service, the site, other programs and other associations stand these frozen
dataclasses alone. What isn't declared here does not cross the privacy line.
"""
