"""Code of template languages inside texts: Hugo's shortcodes, Liquid, Nunjucks.

What stands for something that a page here can have is written as that; of the rest the words are
kept and the code is told.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from jinja2 import Environment, TemplateError, nodes

from commands.importing.commonmark import code_lines
from commands.importing.resolver import REF

if TYPE_CHECKING:
    from collections.abc import Callable

# Each quantifier has an end, so that twenty thousand openings without a close cost no more.
TAG = re.compile(
    r"(?P<ticks>`+)[^`]{0,500}(?P=ticks)"
    r"|\{\{[<%]/\*.{0,2000}?\*/[%>]\}\}"
    r"|\{\{[<%]\s*(?P<short>(?:[^{}]|\{(?!\{)|\}(?!\})){0,2000}?)\s*/?[%>]\}\}"
    r"|\{%-?\s*(?P<block>(?:[^%{]|%(?!\})|\{(?!%)){0,2000}?)\s*-?%\}"
    r"|\{\{-?\s*(?P<output>(?:[^{}]|\{(?!\{)|\}(?!\})){0,4000}?)\s*-?\}\}",
    re.DOTALL,
)
KEPT_AS_IS = re.compile(
    r"\{%-?\s*(?P<end>end)?(?P<name>comment|raw|highlight)\b(?P<rest>[^%]{0,200})%\}"
    r"|\{\{[<%]\s*(?P<shut>/)?\s*highlight\b(?P<more>[^<>%]{0,200})[%>]\}\}"
)
ARGUMENT = re.compile(
    r"""([\w-]+)\s*[=:]\s*("[^"]*"|'[^']*'|[^\s,"']+)|("[^"]*"|'[^']*'|`[^`]*`|[^\s,"']+)"""
)
PLAYERS = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "tweet": "https://twitter.com/i/status/{}",
    "x": "https://twitter.com/i/status/{}",
    "twitter": "https://twitter.com/i/status/{}",
    "instagram": "https://www.instagram.com/p/{}/",
    "gist": "https://gist.github.com/{}",
}
FIGURES = {
    "figure",
    "img",
    "image",
    "picture",
    "figure.html",
    "image.html",
    "img.html",
    "figure.njk",
}
SAID = {"text", "html", "titleText", "title", "content", "summaryText"}  # what macros show


@dataclass
class TemplateCode:
    """Rewrites the code in one text."""

    lost: Callable[[str, str], None]  # told of what can't be brought: a sort, and the code
    variables: dict[str, str] = field(default_factory=dict)  # what {{ page.x }} stands for

    def rewritten(self, text: str) -> str:
        """Return a text in which no code is left but what is set as code."""
        if "{{" not in text and "{%" not in text:
            return text
        raw: list[str] = []
        lines = _put_by(text, raw).split("\n")
        parts, end = [], 0
        for start, stop in code_lines("\n".join(lines)):
            parts.append(TAG.sub(self._replaced, "\n".join(lines[end:start])))
            parts.append("\n".join(lines[start:stop]))
            end = max(end, stop)
        parts.append(TAG.sub(self._replaced, "\n".join(lines[end:])))
        return re.sub("\x00(\\d+)\x00", lambda mark: raw[int(mark[1])], "\n".join(parts))

    def _replaced(self, tag: re.Match[str]) -> str:
        if tag["short"] is not None:
            return self._shortcode(tag["short"], tag[0])
        if tag["block"] is not None:
            return self._liquid(tag["block"], tag[0])
        if tag["output"] is not None:
            return self._output(tag["output"], tag[0])
        return tag[0] if tag["ticks"] else ""

    def _shortcode(self, inside: str, written: str) -> str:
        name, named, plain = _arguments(inside)
        if name in {"ref", "relref"} and plain:
            return REF + quote(plain[0], safe="/#.-_")
        return self._common(name, named, plain, written)

    def _common(self, name: str, named: dict[str, str], plain: list[str], written: str) -> str:
        if name in FIGURES and (figure := _figure(named, plain)):
            return figure
        bare = name.removesuffix(".html")
        if bare in PLAYERS and (ids := [*plain, *(named[k] for k in ("id", "src") if k in named)]):
            return f"<{PLAYERS[bare].format('/'.join(quote(i, safe='') for i in ids[:2]))}>"
        if not name.startswith(("/", "end")):
            self.lost("template code left out", " ".join(written.split()))
        return ""

    def _liquid(self, inside: str, written: str) -> str:
        name, named, plain = _arguments(inside)
        if name in {"post_url", "link"} and plain:
            return REF + quote(plain[0], safe="/#.-_")
        if name in {"include", "render", "include_relative"} and plain:
            return self._common(plain[0].rpartition("/")[2], named, plain[1:], written)
        return self._common(name, named, plain, written)

    def _output(self, inside: str, written: str) -> str:
        expression = inside.strip()
        if expression in {"site.baseurl", "site.url", "site.url | append: site.baseurl", "baseurl"}:
            return ""
        if literal := re.fullmatch(r"""(["'])([^"']*)\1(?:\s*\|\s*\w+)*""", expression):
            path = literal[2]
            # A blank or a bracket would end the address that it is part of.
            return quote(path, safe="/:?#=&%~.,;@+!'-_") if path.startswith("/") else path
        if (value := self.variables.get(expression.removeprefix("page."))) is not None:
            return html.escape(value)
        self.lost("template code left out", " ".join(written.split())[:120])
        return _words_of(expression)


def _put_by(text: str, raw: list[str]) -> str:
    """Return a text in which what templates leave as it is has made way for numbered marks.

    :param raw: takes what was put by; a mark is its place in this list between two zero bytes.
    """
    parts: list[str] = []
    start, opened = 0, None
    for tag in KEPT_AS_IS.finditer(text):
        name, ends = tag["name"] or "highlight", tag["end"] or tag["shut"]
        if opened is None and not ends:
            parts.append(text[start : tag.start()])
            opened, start = tag, tag.end()
        elif opened is not None and ends and name == (opened["name"] or "highlight"):
            inner = text[start : tag.start()]
            if name == "highlight":
                language = (opened["rest"] or opened["more"] or "").strip(" -").partition(" ")[0]
                inner = "\n```{}\n{}\n```\n".format(language, inner.strip("\n"))
            if name != "comment":
                raw.append(inner)
                parts.append(f"\x00{len(raw) - 1}\x00")
            opened, start = None, tag.end()
    return "".join([*parts, text[start:]])


def _arguments(inside: str) -> tuple[str, dict[str, str], list[str]]:
    """Return the name of a tag, its named arguments, and the others in order."""
    name, _, rest = inside.strip().partition(" ")
    named, plain = {}, []
    for key, value, alone in ARGUMENT.findall(rest):
        if key:
            named[key] = value.strip("\"'")
        else:
            plain.append(alone.strip("\"'`"))
    return name.strip(), named, plain


def _figure(named: dict[str, str], plain: list[str]) -> str:
    src = next(
        (named[k] for k in ("src", "url", "path", "image_path", "image") if named.get(k)), ""
    )
    src = src or (plain[0] if plain else "")
    if not src:
        return ""
    alt = named.get("alt") or (plain[1] if len(plain) > 1 else "")
    caption = named.get("caption") or named.get("title") or ""
    inner = f'<img src="{html.escape(src)}" alt="{html.escape(alt)}">'
    return f"\n\n<figure>{inner}<figcaption>{html.escape(caption)}</figcaption></figure>\n\n"


def _words_of(expression: str) -> str:
    """Return the words that a macro was to show, as in `{{ box({ text: "Ring us" }) }}`."""
    try:
        tree = Environment(autoescape=True).parse(f"{{{{ {expression} }}}}")
    except (TemplateError, RecursionError):
        return ""
    words = []
    for pair in tree.find_all(nodes.Pair):
        name = pair.key.name if isinstance(pair.key, nodes.Name) else getattr(pair.key, "value", "")
        if (
            name in SAID
            and isinstance(pair.value, nodes.Const)
            and isinstance(pair.value.value, str)
        ):
            words.append(pair.value.value)
    return "\n\n".join(["", *words, ""]) if words else ""
