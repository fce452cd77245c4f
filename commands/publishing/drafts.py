"""A page that waits again: its file as it was, but for the one line that hides it."""

from __future__ import annotations

from core.faults import Report
from core.nodes import Mapping, read_yaml

FENCE = "---"


def as_draft(text: str) -> str:
    """Return a page's file as a draft, every other line as it was; "" when it has no front matter.

    :param text: the whole file, with whatever line ends it has.
    """
    lines = text.splitlines(keepends=True)
    fences = [number for number, line in enumerate(lines) if line.rstrip() == FENCE][:2]
    if len(fences) < 2 or lines[0].removeprefix("\ufeff").rstrip() != FENCE:  # noqa: PLR2004
        return ""
    start, end = fences
    ending = lines[end - 1][len(lines[end - 1].rstrip("\r\n")) :]
    front = read_yaml("".join(lines[start + 1 : end]), Report().at(""), start + 2)
    entries = front.entries if isinstance(front, Mapping) else ()
    hidden = f"draft: true{ending}"
    for key, _ in entries:
        if key.text == "draft":
            lines[key.line - 1] = hidden
            return "".join(lines)
    return "".join([*lines[:end], hidden, *lines[end:]])
