"""The theme's files, served by a service on a host of its own: its pages may load no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from feedback.web.pages import ASSETS

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.responses import Response
    from starlette.types import Scope

FOR_EVER = "public, max-age=31536000, immutable"  # an asset's name changes with what it holds


class ServedAssets(StaticFiles):
    """The folder of assets of the built site, also while there is none yet."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, to be kept by browsers for as long as they like."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = FOR_EVER
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def assets(folder: Path) -> Mount:
    """Return the route of a built site's assets."""
    return Mount(f"/{ASSETS}", ServedAssets(directory=folder, check_dir=False))
