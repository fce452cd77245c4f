"""`./run serve`: the site as it will be, in the browser, up to date with every save."""

from __future__ import annotations

from commands.preview.session import serve

__all__ = ["serve"]
