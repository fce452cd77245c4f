"""Where the content, the settings and the built site are, as tasks are told or as usual."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands.build import BuildOptions

ROOT = Path(__file__).resolve().parents[2]

PLACES = {
    "content": "The folder of Markdown (default: content)",
    "site": "The settings (default: site.toml beside the content folder, or ours)",
}


def located(content: str, site: str, output: str = "") -> BuildOptions:
    """Return what to build; folders that people name are relative to where they stand."""
    from commands.build import BuildOptions

    folder = Path(content).resolve() if content else ROOT / "content"
    beside = folder.parent / "site.toml"
    settings = Path(site).resolve() if site else beside if beside.is_file() else ROOT / "site.toml"
    target = Path(output).resolve() if output else ROOT / "output"
    return BuildOptions(root=ROOT, content=folder, site=settings, output=target)
