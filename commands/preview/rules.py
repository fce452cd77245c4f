"""Reads the built site's `_headers` and `_redirects`, so that the preview answers as a host would.

The format is Netlify's, which Cloudflare Pages reads too. Of `_redirects` the 3xx lines count;
lines that ask for a country, a language or a query are left to the host.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from pathlib import Path

MOVED = {301, 302, 303, 307, 308}
PLACE = re.compile(r"\*|:[A-Za-z]\w*")
# Promises about HTTPS: the preview speaks plain HTTP, where they would break every page.
SECURE_ONLY = {"strict-transport-security"}
UPGRADE = re.compile(r"\s*upgrade-insecure-requests\s*(;|$)", re.IGNORECASE)


@dataclass(frozen=True)
class ServedHeaders:
    """Headers for every path that matches."""

    pattern: re.Pattern[str]
    headers: tuple[tuple[str, str], ...]  # lower-case name, value


@dataclass(frozen=True)
class ServedRedirect:
    """Where a path has moved to."""

    pattern: re.Pattern[str]
    target: str
    status: int
    forced: bool  # goes before a file that stands at the path


@dataclass(frozen=True)
class Rules:
    """What a built site says about its own answers."""

    headers: tuple[ServedHeaders, ...] = ()
    redirects: tuple[ServedRedirect, ...] = ()

    def headers_for(self, path: str) -> dict[str, str]:
        """Return the headers of a path; of two rules that name one header the later wins."""
        headers: dict[str, str] = {}
        for rule in self.headers:
            if rule.pattern.fullmatch(path):
                headers.update(rule.headers)
        return headers

    def redirect_for(self, path: str, *, forced: bool) -> tuple[str, int] | None:
        """Return where a path has moved to, percent-encoded, and the status, or None."""
        for rule in self.redirects:
            match = rule.pattern.fullmatch(path)
            if match and rule.forced == forced:
                return _fill(rule.target, match), rule.status
        return None


def load_rules(folder: Path) -> Rules:
    """Read the rules of the built site in a folder; a file that is missing holds none."""
    return Rules(
        tuple(_parse_headers(_text(folder / "_headers"))),
        tuple(_parse_redirects(_text(folder / "_redirects"))),
    )


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]


def _parse_headers(text: str) -> list[ServedHeaders]:
    rules: list[ServedHeaders] = []
    for line in _lines(text):
        if not line[0].isspace():
            rules.append(ServedHeaders(_compile(line.strip()), ()))
            continue
        name, colon, value = (part.strip() for part in line.partition(":"))
        name = name.lower()
        if not rules or not colon or not line.isascii() or name in SECURE_ONLY:
            continue
        if name == "content-security-policy":
            value = UPGRADE.sub(" ", value).strip()
        known = dict(rules[-1].headers)
        known[name] = f"{known[name]}, {value}" if name in known else value
        rules[-1] = ServedHeaders(rules[-1].pattern, tuple(known.items()))
    return rules


def _parse_redirects(text: str) -> list[ServedRedirect]:
    rules = []
    for line in _lines(text):
        words = line.partition(" #")[0].split()
        if len(words) not in {2, 3}:
            continue
        source, target, status = (*words, "301")[:3]
        number = status.removesuffix("!")
        if number.isdecimal() and int(number) in MOVED:
            rules.append(ServedRedirect(_compile(source), target, int(number), number != status))
    return rules


def _compile(path: str) -> re.Pattern[str]:
    """Turn `/en/*` or `/blog/:slug` into a pattern; a slash at the end makes no difference."""
    path = unquote(path)
    pattern, end, taken = "", 0, set()
    for place in PLACE.finditer(path):
        name = place[0][1:] or "splat"
        body = "[^/]+" if place[0][1:] else ".*"
        pattern += re.escape(path[end : place.start()])
        pattern += f"({body})" if name in taken else f"(?P<{name}>{body})"
        taken.add(name)
        end = place.end()
    pattern += re.escape(path[end:])
    if pattern.endswith("/(?P<splat>.*)"):
        # `/en/*` is meant for `/en` as well.
        return re.compile(pattern.removesuffix("/(?P<splat>.*)") + "(?:/(?P<splat>.*))?")
    return re.compile(pattern.removesuffix("/") + "/?")


def _fill(target: str, match: re.Match[str]) -> str:
    def place(placeholder: re.Match[str]) -> str:
        value = match.groupdict().get(placeholder[0][1:] or "splat")
        return placeholder[0] if value is None else quote(value)

    # What is percent-encoded already stays as it is.
    return quote(PLACE.sub(place, target), safe="/:?#[]@!$&'()*+,;=%~")
