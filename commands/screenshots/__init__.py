"""`./run photos`: every template as readers see it, in every language, width and light."""

from __future__ import annotations

from commands.screenshots.gallery import photograph

__all__ = ["photograph"]
