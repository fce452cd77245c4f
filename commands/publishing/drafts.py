"""Pages that wait: whether a file is one, and how it becomes one by a single line."""

from __future__ import annotations

from core.faults import Report
from core.nodes import Mapping, Scalar, read_yaml

FENCE = "---"
WAITING = {"draft": {"true", "yes"}, "published": {"false", "no"}}  # fields, and what they say then


def waits(text: str) -> bool:
    """Whether a page's file says that readers don't see it yet."""
    lines = text.splitlines(keepends=True)
    return any(
        isinstance(node, Scalar)
        and node.text.strip().lower() in WAITING.get(key.text.lower(), set())
        for key, node in _front(lines, *_fences(lines)).entries
    )


def as_draft(text: str) -> str:
    """Return a page's file as a draft, every other line as it was; "" when it has no front matter.

    :param text: the whole file, with whatever line ends it has.
    """
    lines = text.splitlines(keepends=True)
    start, end = _fences(lines)
    if not end:
        return ""
    ending = lines[end - 1][len(lines[end - 1].rstrip("\r\n")) :]
    hidden = f"draft: true{ending}"
    for key, _ in _front(lines, start, end).entries:
        if key.text == "draft":
            lines[key.line - 1] = hidden
            return "".join(lines)
    return "".join([*lines[:end], hidden, *lines[end:]])


def _fences(lines: list[str]) -> tuple[int, int]:
    """Return the lines between which the front matter stands, from 0; (0, 0) without any."""
    fences = [number for number, line in enumerate(lines) if line.rstrip() == FENCE][:2]
    if len(fences) < 2 or lines[0].removeprefix("\ufeff").rstrip() != FENCE:  # noqa: PLR2004
        return 0, 0
    return fences[0], fences[1]


def _front(lines: list[str], start: int, end: int) -> Mapping:
    front = read_yaml("".join(lines[start + 1 : end]), Report().at(""), start + 2)
    return front if isinstance(front, Mapping) else Mapping((), start + 1)
