"""The site's shell: what the service's pages share with the built site, so that they look alike.

The build writes it into the tree as one JSON file; it is read anew when that changes, so that a
new build needs no restart.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from core.public.vocabulary import Target

FILE = "_chrome.json"


@dataclass(frozen=True)
class SiteShell:
    """The built site, as far as the service's pages show it."""

    base: str = "/"  # the path of the site's root, with a slash at both ends
    url: str = ""
    languages: list[str] = field(default_factory=list)
    assets: dict[str, str] = field(default_factory=dict)  # published address by file name
    menus: dict[str, list[dict[str, str]]] = field(default_factory=dict)  # by language
    footers: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    lists: dict[str, dict[str, str]] = field(default_factory=dict)  # by language and name
    pages: dict[str, dict[str, str]] = field(default_factory=dict)  # by language and key
    files: str = "/files/"  # below which documents of the content folder are published
    say: dict[str, str] = field(default_factory=dict)  # where the form is, by language
    targets: dict[str, Any] = field(default_factory=dict)  # kind, key, language → title and url
    parts: dict[str, list[str]] = field(default_factory=dict)  # change → its roadmap items
    led: dict[str, Any] = field(default_factory=dict)  # reference, language → titles and urls

    def about(self, target: Target, lang: str) -> dict[str, str] | None:
        """Return title and address of something on the site; None when it isn't there."""
        pages = self.targets.get(target.kind, {}).get(target.key)
        return pages.get(lang) if pages else None

    def led_to(self, ref: str, lang: str) -> list[dict[str, str]]:
        """Return titles and addresses of what a record led to on the site."""
        pages: list[dict[str, str]] = self.led.get(ref, {}).get(lang, [])
        return pages

    def as_json(self) -> str:
        """Return the file: nothing private, the same bytes for the same site."""
        return json.dumps(vars(self), ensure_ascii=False, indent=1) + "\n"


KNOWN = tuple(
    field.name for field in fields(SiteShell)
)  # a build may leave more than is shown here


class SiteShellFile:
    """The file that the build leaves for the service."""

    def __init__(self, tree: Path) -> None:
        self._path = tree / FILE
        self._read = SiteShell()
        self._stamp: tuple[int, int] | None = None

    def now(self) -> SiteShell:
        """Return what the last build left; the one before while a new tree is put in place."""
        try:
            stat = self._path.stat()
            stamp = (stat.st_mtime_ns, stat.st_ino)
            if stamp != self._stamp:
                left = json.loads(self._path.read_text(encoding="utf-8"))
                self._read = SiteShell(**{name: left[name] for name in KNOWN if name in left})
                self._stamp = stamp
        except (OSError, ValueError, TypeError):
            pass
        return self._read
