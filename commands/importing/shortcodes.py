"""WordPress's own codes in square brackets: captions, galleries, players."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from commands.importing.models import Illustration

if TYPE_CHECKING:
    from collections.abc import Callable

CODE = re.compile(
    r"\[(?P<escape>\[)?(?P<end>/)?(?P<name>[a-zA-Z][\w-]{0,40})(?P<rest>(?:[\s/=](?:\"[^\"]{0,500}\"|'[^']{0,500}'|[^\[\]\"']){0,300})?)\](?(escape)\])"
)
ARGUMENT = re.compile(
    r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))|"([^"]*)"|([^\s"'=]+)"""
)
# Codes that WordPress and its best-known plugins bring; a word in brackets is no code.
PLAYERS = {
    "embed", "video", "audio", "youtube", "vimeo", "playlist", "soundcloud", "twitter", "tweet",
    "facebook", "instagram", "googlemaps", "wpvideo",
}  # fmt: skip
KNOWN = PLAYERS | {
    "caption", "wp_caption", "gallery", "contact-form-7", "contact-form", "gravityform",
    "ninja_form", "wpforms", "mailchimp", "mc4wp_form", "rev_slider", "button", "row", "column",
    "columns", "spoiler", "toc", "archives", "polldaddy", "poll", "sitemap",
}  # fmt: skip


@dataclass
class Attachments:
    """The media library: each file's address, and the words about it."""

    _by_id: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # address, alt, caption
    _of: dict[str, list[str]] = field(default_factory=dict)  # ids by the text they belong to

    def add(self, number: str, parent: str, address: str, alt: str, caption: str) -> None:
        """Take in one file."""
        if address:
            self._by_id[number] = (address, alt, caption)
            self._of.setdefault(parent, []).append(number)

    def illustration(self, number: str) -> Illustration | None:
        """Return the picture that stands for a page."""
        if number not in self._by_id:
            return None
        address, alt, caption = self._by_id[number]
        return Illustration(address, alt or caption)

    def figures(self, numbers: list[str], text: str) -> str:
        """Return pictures by their numbers, or else all that belong to a text."""
        known = [n for n in numbers or self._of.get(text, []) if n in self._by_id]
        return "".join(f"\n\n{_figure(*self._by_id[number])}\n\n" for number in known)


def _figure(address: str, alt: str, caption: str) -> str:
    picture = f'<img src="{html.escape(address)}" alt="{html.escape(alt)}">'
    return f"<figure>{picture}<figcaption>{html.escape(caption)}</figcaption></figure>"


def rewritten(
    body: str, attachments: Attachments, text: str, lost: Callable[[str, str], None]
) -> str:
    """Return a body whose codes are HTML, or gone and told.

    :param text: the number of the text, whose gallery shows what belongs to it.
    :param lost: told of what can't be brought: a sort, and the code.
    """
    closed = {code["name"].lower() for code in CODE.finditer(body) if code["end"]}

    def replaced(code: re.Match[str]) -> str:
        if code["escape"]:
            return code[0][1:-1]
        name = code["name"].lower()
        arguments, plain = _arguments(code["rest"])
        if name in {"caption", "wp_caption"}:
            return _caption(code, arguments)
        if name == "gallery":
            ids = arguments.get("ids") or arguments.get("include") or ""
            return attachments.figures(re.findall(r"\d+", ids), text)
        if name in PLAYERS:
            return _player(code, name, arguments, plain)
        if name in KNOWN or (arguments and not plain) or name in closed:
            if not code["end"]:
                lost("codes in square brackets left out", " ".join(code[0].split())[:100])
            return ""
        return code[0]

    return CODE.sub(replaced, body)


def _caption(code: re.Match[str], arguments: dict[str, str]) -> str:
    if code["end"]:
        return "</figcaption></figure>\n\n"
    about = html.escape(arguments.get("caption", ""))
    return f"\n\n<figure><figcaption>{about}"


def _player(code: re.Match[str], name: str, arguments: dict[str, str], plain: list[str]) -> str:
    if code["end"]:
        return "\n\n"
    addresses = [
        value
        for key, value in arguments.items()
        if key in {"src", "url", "mp4", "mp3", "m4a", "ogv", "flv"}
    ]
    addresses += [word for word in plain if "/" in word]
    if not addresses and name in {"youtube", "vimeo"} and plain:
        host = "https://www.youtube.com/watch?v=" if name == "youtube" else "https://vimeo.com/"
        addresses = [host + plain[0].lstrip("=")]
    src = html.escape(addresses[0].lstrip("=")) if addresses else ""
    return f'\n\n<iframe src="{src}"></iframe>\n\n' if src else "\n\n"


def _arguments(rest: str) -> tuple[dict[str, str], list[str]]:
    named, plain = {}, []
    for key, double, single, bare, quoted, alone in ARGUMENT.findall(rest.strip().rstrip("/")):
        if key:
            named[key.lower()] = double or single or bare
        else:
            plain.append(quoted or alone)
    return named, plain
