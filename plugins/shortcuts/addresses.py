"""Where the side doors are: addresses made of permanent keys, the same for every language.

A title, a slug or a language may change; what was printed can't. So a short address holds the
key, which never changes, and one letter for the kind, which stands for no language's word.
"""

from __future__ import annotations

from plugins.kinds.models import Kind

# Posts have none: a site has thousands, and each door is a page more.
LETTERS = {
    Kind.ROADMAP: "r",
    Kind.CHANGE: "c",
    Kind.MEETUP: "m",
    Kind.EPISODE: "e",
    Kind.EXPERIMENT: "x",
    Kind.STANDARD: "s",
    Kind.PERSONA: "w",  # who
    Kind.PAGE: "p",
}
RECORD = "record"
SAY = "say"
_SAY = {"en": "say", "cy": "dweud"}  # a language that isn't here uses the English word


def short_path(kind: str, key: str = "", lang: str = "en") -> str:
    """Return the short address of something, relative to the site's root.

    :param kind: a kind that has short addresses, "record" or "say".
    :param key: its key, or a record's reference.
    :param lang: the language whose word leads to the form; to all else one address leads.
    """
    if kind == SAY:
        return f"{_SAY.get(lang, _SAY['en'])}/"
    if kind == RECORD:
        return f"{key.lower()}/"
    return f"{LETTERS[Kind(kind)]}/{key}/"
