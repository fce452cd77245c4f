"""What keeps a page from readers in any program, by whatever name, or may have been meant to.

What was meant to wait must not go out because of a slip of the pen, or because it was said in
another program's words.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from core.nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from core.nodes import Node

DENIED = frozenset({"false", "no", "off", "0", "never", "none", "n"})
NOTHING = frozenset({"", "~", "null"})
# Words in the names of fields that hold a page back, unless they are denied …
SHUT = frozenset(
    """archived confidential deleted draft drafft drafts embargo embargoed expired expires expiry
    headless hidden internal isdraft password private protected removed retracted scheduled
    trashed unlisted unpublish unpublished wip withdrawn""".split()  # noqa: SIM905 - as they are read
)
# … and of those that let it out, unless they are.
OPEN = frozenset(
    """approved enabled final finished listed live permalink public publish published ready release
    released render visible""".split()  # noqa: SIM905
)
# Names of fields that say in a word how far a page is, and such words.
STATES = frozenset({"state", "status", "stage", "visibility", "workflow", "review", "publish"})
NOT_PUBLIC = frozenset(
    """archived confidential draft drafft deleted embargoed future hidden inactive internal pending
    private protected rejected review scheduled todo trash unlisted unpublished waiting wip
    withdrawn""".split()  # noqa: SIM905
)
PLAINLY_NOT = frozenset({"draft", "drafft", "unpublished", "private", "wip"})  # in any field
# Of a day, by these words in the name of its field: on it a page appears.
FROM_THEN = frozenset({"available", "from", "live", "pub", "publish", "release", "scheduled"})
SLIPS_OF = ("draft", "drafft", "publish_on", "embargo", "private", "hidden")
NEAR = 0.8  # how like two names are that differ by a slip of the finger

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_DAY = re.compile(r"\d{4}-?\d")


def holds_back(name: str, node: Node) -> bool:
    """Whether a field, in any program's words, keeps a page from readers or may be meant to.

    :param name: of a field that isn't ours, so that nobody reads it otherwise.
    """
    if isinstance(node, Mapping):
        return any(holds_back(key.text, inner) for key, inner in node.entries)
    if isinstance(node, Sequence):
        return any(holds_back(name, item) for item in node.items)
    value = node.text.strip().lower()
    words = {word.lower() for word in _WORD.findall(name)}
    if value in PLAINLY_NOT and not words & {"tag", "tags"}:
        return True
    if words & STATES and re.split(r"[\s,_-]+", value)[0] in NOT_PUBLIC | DENIED:
        return True
    if words & OPEN and value in DENIED:
        return True
    if value in NOTHING | DENIED:
        return False
    if words & FROM_THEN and _DAY.match(value):
        return True
    plain = name.strip(" -_").lower()
    return bool(words & SHUT or difflib.get_close_matches(plain, SLIPS_OF, 1, NEAR))


def is_kept_from_readers(name: str, node: Node) -> bool:
    """Whether a field says without doubt that a page isn't public, in any program's words."""
    if isinstance(node, Mapping):
        return any(is_kept_from_readers(key.text, inner) for key, inner in node.entries)
    if not isinstance(node, Scalar):
        return False
    value = node.text.strip().lower()
    plain = re.sub(r"[-_ ]", "", name).lower()
    if plain in {"status", "poststatus", "visibility", "state"}:
        return value in NOT_PUBLIC
    if plain in {"published", "publish", "public", "permalink", "render"}:
        return value in DENIED
    if plain in {"draft", "isdraft", "unpublished", "private", "headless", "wip"}:
        return value not in NOTHING | DENIED
    return plain == "password" and value not in NOTHING
