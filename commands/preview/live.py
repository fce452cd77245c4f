"""Tells the pages that stand open in a browser what became of the latest change.

One stream of server-sent events a page (WHATWG HTML, section 9.2): nobody asks twice, and a page
that comes back after a break learns the present state at once.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from core.faults import Level

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from core.faults import Fault

SHOWN = 30  # faults in a page; the terminal has them all
PULSE = 15.0  # seconds between signs of life, so that a broken line is noticed
EVENTS = "/_preview/events"
SCRIPT = "/_preview/reload.js"


@dataclass(frozen=True)
class PreviewState:
    """What the preview shows at this moment."""

    number: int = 0  # grows with every message
    build: str = ""  # names the site that is served; "" until there is one
    restyled: str = ""  # the build before, when stylesheets are all that differs from it
    current: bool = True  # whether the site that is served holds the latest change
    base: str = ""  # the folder the site stands in, as in "/house"; "" at the root
    faults: tuple[Fault, ...] = ()
    crash: str = ""

    @property
    def blocking(self) -> tuple[Fault, ...]:
        """The faults that would stop a publication; advice stays in the terminal."""
        return tuple(fault for fault in self.faults if fault.level == Level.FAULT)

    def as_message(self) -> str:
        """Return the state as the pages read it: JSON on one line."""
        return json.dumps(
            {
                "number": self.number,
                "build": self.build,
                "restyled": self.restyled,
                "current": self.current,
                "faults": [asdict(fault) for fault in self.blocking[:SHOWN]],
                "more": max(0, len(self.blocking) - SHOWN),
                "crash": self.crash,
            }
        )


class Hub:
    """Holds the present state and wakes whoever waits for the next."""

    def __init__(self) -> None:
        """Start with no site."""
        self.state = PreviewState()
        self._closed = False
        self._news = asyncio.Event()

    def publish(self, state: PreviewState) -> None:
        """Make this the present state."""
        self.state = replace(state, number=self.state.number + 1)
        self._wake()

    def close(self) -> None:
        """End every stream, so that an open browser does not hold up the end of the preview."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def stream(self) -> AsyncIterator[str]:
        """Yield server-sent events: the present state, then each new one as it comes."""
        yield "retry: 1000\n\n"
        sent = -1
        while not self._closed:
            news = self._news
            if sent != self.state.number:
                sent = self.state.number
                yield f"data: {self.state.as_message()}\n\n"
                continue
            try:
                await asyncio.wait_for(news.wait(), PULSE)
            except TimeoutError:
                yield ": still here\n\n"


def with_script(page: bytes, attributes: Mapping[str, str]) -> bytes:
    """Return a page with the preview's script at the end of its body."""
    words = "".join(f' {name}="{value}"' for name, value in attributes.items())
    tag = f'<script src="{SCRIPT}"{words} defer></script>'.encode()
    end = page.lower().rfind(b"</body")
    return page + tag if end < 0 else page[:end] + tag + page[end:]
