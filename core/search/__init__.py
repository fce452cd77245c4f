"""Search: what the built site, the browser's script, the service and the terminal agree on.

The build writes each language's index into the tree as small text files (`plugins.search`); the
script of the search page reads those. Whoosh's index is made from the same files, page by page,
and answers wherever there is no script: `engine`. What a question means (`asking`), how pages are
weighed (`ranking`) and which words are shown of them (`excerpts`) stands here, once.
"""

from __future__ import annotations

FOLDER = "search"  # of the tree, with a folder for each language in it
MANIFEST = "_search.json"  # says which documents there are; nothing the browser reads
FORMAT = 2  # of the files; a script that doesn't know it asks for none of them
WORDS = {"en": "search", "cy": "chwilio"}  # in addresses; a language not here uses the English
PAGE = 10  # results shown at a time


def word(lang: str) -> str:
    """Return the word of a language for the search page's address."""
    return WORDS.get(lang, WORDS["en"])
