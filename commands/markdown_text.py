"""Words as Markdown shows them: whatever stands in them is no mark of it."""

from __future__ import annotations

import re


def escaped(text: str) -> str:
    """Return text that Markdown, as pages here are written in, shows as it stands."""
    text = re.sub(r"\\(?=[\\`*_{}\[\]()>#+.!|-])", r"\\\\", text)
    text = re.sub(r"([`*\[])", r"\\\1", text)
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)
    text = re.sub(r"&(?=#?\w+;)", "&amp;", text).replace("<", "&lt;")
    text = re.sub(
        r"\{(?=[{%#:.]|(?:filename|static|attach|category|tag|author|index)\})", "&#123;", text
    )
    return text.replace("~~", "&#126;~")
