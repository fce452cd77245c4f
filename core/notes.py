"""Notes of writers to each other: what HTML and other programs hide from readers.

They never leave the source, in any page, feed, index or mail.
"""

from __future__ import annotations

import re

# Ends where browsers end it; one that is never closed hides all that follows (HTML Living
# Standard, 13.2.5.43 and following).
_COMMENT = re.compile(r"<!--.*?(?:--!?>|\Z)", re.DOTALL)
# Of Obsidian, Jinja, MDX, Hugo, Handlebars, CriticMarkup, ERB, kramdown and Liquid. None looks
# further than the mark that ends it or begins the next.
OTHER_NOTES = (
    r"(?<![\w%])%%(?!%)(?:[^%]|%(?!%))+%%(?!%)"
    r"|\{#[^{}]*#\}|\{/\*[^{}]*\*/\}|\{\{/\*[^{}]*\*/\}\}|\{\{!(?:--)?[^{}]*\}\}|\{>>[^{}]*<<\}"
    r"|<%(?:\#|--)[^<>%]*%>|\{::comment\}[^{}]*\{:/(?:comment)?\}"
    r"|\{%-? *comment *-?%\}[^{}]*\{%-? *endcomment *-?%\}"
)
_OTHER_NOTE = re.compile(OTHER_NOTES)


def without_notes(text: str) -> str:
    """Return plain text without the notes in it."""
    return _OTHER_NOTE.sub("", _COMMENT.sub("", text))
