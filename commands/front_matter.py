"""Front matter as people like to read it: a line a field, quotes only where YAML needs them."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from core.fields import Spec
    from core.site import Site

# Text that every YAML reader takes as it stands: it begins with a letter and has nothing in it
# that could mean something else. What isn't so plain goes into double quotes.
PLAIN = re.compile(r"[^\W\d_](?:[\w .,;!?()/+%£&'’“”–—…-]*[\w.,;!?()/%'’“”…])?")
# Words that some readers of YAML take for something other than text.
NO_TEXT = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


class BareText(str):
    """What needs no quotes, because its field takes nothing that would: a date, a key."""

    __slots__ = ()


class InlineList(tuple[str, ...]):
    """Bare values that stand on one line: [repairs, damp]."""

    __slots__ = ()


Value: TypeAlias = "str | InlineList | list[Value] | dict[str, Value]"


def front_matter(fields: Mapping[str, Value], notes: Iterable[str] = ()) -> str:
    """Return front matter between its fences, with notes as comments below the fields."""
    lines = [line for name, value in fields.items() for line in _field(name, value)]
    return "\n".join(["---", *lines, *(f"# {note}" for note in notes), "---", ""])


def _field(name: str, value: Value) -> Iterator[str]:
    if isinstance(value, InlineList):
        yield f"{name}: [{', '.join(value)}]"
    elif isinstance(value, str):
        yield f"{name}: {value if isinstance(value, BareText) else quoted(value)}"
    elif isinstance(value, dict):
        yield f"{name}:"
        for key, inner in value.items():
            yield from (f"  {line}" for line in _field(key, inner))
    else:
        yield f"{name}:"
        for item in value:
            yield from _item(item)


def _item(value: Value) -> Iterator[str]:
    if isinstance(value, dict):
        inner = [line for name, item in value.items() for line in _field(name, item)]
    else:
        inner = [line.removeprefix("-: ") for line in _field("-", value)]
    for number, line in enumerate(inner):
        yield f"  - {line}" if number == 0 else f"    {line}"


def quoted(text: str) -> str:
    """Return a text as YAML takes it, in double quotes unless it is plain."""
    if PLAIN.fullmatch(text) and text.lower() not in NO_TEXT:
        return text
    inner = "".join(_in_quotes(letter) for letter in text)
    return f'"{inner}"'


def _in_quotes(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    # Line ends, control characters, the byte-order mark and what is no character: YAML reads
    # them by number alone. Everything else stands for itself, emoji too.
    unreadable = (
        unicodedata.category(letter) in {"Cc", "Zl", "Zp"} or letter in "\ufeff\ufffe\uffff"
    )
    return f"\\u{ord(letter):04X}" if unreadable else letter


def notes(specs: Mapping[str, Spec], together: Iterable[str], site: Site) -> Iterator[str]:
    """Return a comment for each field that may be added, from what the field says of itself.

    :param together: names of fields that mean the same of other kinds, told in one line.
    """
    together = tuple(name for name in together if name in specs)
    for name, spec in specs.items():
        if name not in together:
            yield f"{name}:  # {spec.doc} ({hint(spec, site)})"
    if together:
        first, *more = together
        also = ", ".join(f"{name}:" for name in more)
        yield f"{first}:  # {specs[first].doc}, such as [a-key, another-key]; also {also}"


def hint(spec: Spec, site: Site) -> str:
    """Return what to write, with the site's own words in place of their table's name."""
    setting = re.search(r"one of \[([\w.]+)\] in site\.toml", spec.type.hint)
    if setting is None:
        return spec.type.hint
    words = {key: site.word(setting[1], key) for key in site.known.get(setting[1], {}).values()}
    keys = sorted(key for key, word in words.items() if word is None or word.ended is None)
    return spec.type.hint.replace(setting[0], " or ".join(keys)) if keys else spec.type.hint


def toml_text(text: str) -> str:
    """Return a text as a basic string of TOML, which escapes as JSON does."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
