"""Web app manifests (W3C): what a telephone shows when somebody keeps the site on its first page.

One a language, so that the name is in it and the way in leads there.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plugins.sections.assets import Assets
    from plugins.sections.build_context import BuildContext

NAME = "site.webmanifest"  # below a language's home
SIZES = (192, 512)
MASKABLE = "icon-maskable.png"  # all ground to its edges: telephones cut it to a shape of theirs


def manifest(build: BuildContext, lang: str, assets: Assets) -> str:
    """Return the manifest of a language."""
    site, home = build.site, build.link(build.addresses.home(lang))

    def icon(name: str, sizes: str, sort: str, purpose: str = "any") -> dict[str, str]:
        path = build.link(assets.path(name))
        return {"src": path, "sizes": sizes, "type": sort, "purpose": purpose}

    about = {
        "name": site.name.get(lang).text,
        "short_name": site.name.get(lang).text,
        "description": site.description.get(lang).text,
        "lang": lang,
        "dir": "ltr",
        "id": home,
        "start_url": home,
        "scope": build.base,
        "display": "browser",
        "background_color": site.look.day.paper,
        "theme_color": site.look.day.roof,
        "icons": [
            icon("icon.svg", "any", "image/svg+xml"),
            *(icon(f"icon-{size}.png", f"{size}x{size}", "image/png") for size in SIZES),
            icon(MASKABLE, "512x512", "image/png", "maskable"),
        ],
    }
    return json.dumps(about, ensure_ascii=False, indent=1) + "\n"
