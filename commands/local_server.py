"""Serves an application for a while at an address of this machine: for photos and tests."""

from __future__ import annotations

import asyncio
import socket
from contextlib import contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING

from granian.constants import Interfaces
from granian.server.embed import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.applications import Starlette

HOST = "127.0.0.1"
PAUSE = 0.01  # seconds between looks whether it listens


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server((HOST, 0)) as free:
        port: int = free.getsockname()[1]
    return port


def _wait_for(port: int, thread: Thread) -> None:
    """Wait until somebody listens, for as long as the server is still on its way."""
    while thread.is_alive():
        with suppress(ConnectionRefusedError), socket.create_connection((HOST, port)):
            return
        thread.join(PAUSE)


@contextmanager
def serving(app: Starlette, port: int) -> Iterator[str]:
    """Serve an application on a port of this machine alone; yields its address and a slash."""
    loop = asyncio.new_event_loop()
    server = Server(app, HOST, port, interface=Interfaces.ASGI, log_enabled=False)
    thread = Thread(target=lambda: loop.run_until_complete(server.serve()), daemon=True)
    thread.start()
    try:
        _wait_for(port, thread)
        yield f"http://{HOST}:{port}/"
    finally:
        loop.call_soon_threadsafe(server.stop)
        thread.join()
        loop.close()
