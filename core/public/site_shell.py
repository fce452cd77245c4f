"""The site's shell: what the service's pages share with the built site, so that they look alike.

The build writes it into the tree as one JSON file; it is read anew when that changes, so that a
new build needs no restart.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

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
    led: dict[str, Any] = field(default_factory=dict)  # reference, language → titles and urls …

    def about(self, target: Target, lang: str) -> dict[str, str] | None:
        """Return title and address of something on the site; None when it isn't there."""
        pages = self.targets.get(target.kind, {}).get(target.key)
        return pages.get(lang) if pages else None

    def led_to(self, ref: str, lang: str) -> list[dict[str, str]]:
        """Return titles and addresses of what a record led to on the site.

        One that those behind it are asked about, whether it is fixed, has its key under "change".
        """
        pages: list[dict[str, str]] = self.led.get(ref, {}).get(lang, [])
        return pages

    def from_afar(self) -> SiteShell:
        """Return the shell as a page on another host needs it: every address of the site whole.

        Addresses of assets stay as they are: such a host serves them itself.
        """
        named: dict[str, Any] = {
            name: {key: _whole(address, self.url) for key, address in getattr(self, name).items()}
            for name in ("lists", "pages", "say")
        }
        signs: dict[str, Any] = {
            name: _signs(getattr(self, name), self.url)
            for name in ("menus", "footers", "targets", "led")
        }
        root, files = urljoin(self.url, self.base), urljoin(self.url, self.files)
        return replace(self, base=root, files=files, **named, **signs)

    def as_json(self) -> str:
        """Return the file: nothing private, the same bytes for the same site."""
        return json.dumps(vars(self), ensure_ascii=False, indent=1) + "\n"


def _whole(addresses: Any, root: str) -> Any:  # noqa: ANN401 - an address, or some by name
    if isinstance(addresses, dict):
        return {name: urljoin(root, address) for name, address in addresses.items()}
    return urljoin(root, addresses)


def _signs(value: Any, root: str) -> Any:  # noqa: ANN401 - however deep titles and addresses stand
    if isinstance(value, list):
        return [_signs(inner, root) for inner in value]
    if isinstance(value, dict):
        return {
            name: urljoin(root, inner) if name == "url" else _signs(inner, root)
            for name, inner in value.items()
        }
    return value


KNOWN = tuple(
    field.name for field in fields(SiteShell)
)  # a build may leave more than is shown here


class SiteShellFile:
    """The file that the build leaves for the service."""

    def __init__(self, tree: Path, *, afar: bool = False) -> None:
        """Take the built tree.

        :param afar: whether the service stands on a host of its own.
        """
        self._path, self._afar = tree / FILE, afar
        self._read = SiteShell()
        self._stamp: tuple[int, int] | None = None

    def now(self) -> SiteShell:
        """Return what the last build left; the one before while a new tree is put in place."""
        try:
            stat = self._path.stat()
            stamp = (stat.st_mtime_ns, stat.st_ino)
            if stamp != self._stamp:
                left = json.loads(self._path.read_text(encoding="utf-8"))
                shell = SiteShell(**{name: left[name] for name in KNOWN if name in left})
                self._read = shell.from_afar() if self._afar else shell
                self._stamp = stamp
        except (OSError, ValueError, TypeError):
            pass
        return self._read
