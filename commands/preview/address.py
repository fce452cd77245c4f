"""Finds where the preview can listen, and says in a sentence why it cannot."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

USUAL = 8000
NEXT = 20  # ports that are tried after the usual one


class UnusableAddress(Exception):
    """The preview cannot listen there; `str()` is a sentence."""


@contextmanager
def own_address(host: str, port: int | None) -> Iterator[tuple[str, int]]:
    """Yield the numeric address of a host and a port that nobody else listens on.

    :param port: the only one tried, where 0 stands for any; None for 8000 or the first free one
        after it.
    :raises UnusableAddress: when there is no such host, or no port is free.
    """
    try:
        family, _, _, _, place = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError) as error:
        raise UnusableAddress(
            f"There is no host named {host}. Use 127.0.0.1 for this machine."
        ) from error
    address = str(place[0])
    for number in [port] if port is not None else range(USUAL, USUAL + NEXT + 1):
        bound = _try(family, address, number)
        if not bound:
            continue
        with _reserved(bound) as ours:
            if ours:
                yield address, bound
                return
    if port is None:
        words = f"Ports {USUAL} to {USUAL + NEXT} are all taken. Choose one with --port."
    else:
        words = (
            f"Port {port} is taken by another program. "
            f"Stop that one, or choose another, as in --port {port + 1}."
        )
    raise UnusableAddress(words)


def _try(family: int, address: str, port: int) -> int:
    """Return the port that could be bound, or 0 when somebody has it."""
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
            probe.listen()
        except OverflowError as error:
            raise UnusableAddress(f"{port} is no port. Choose one from 1024 to 65535.") from error
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return 0
            if error.errno == errno.EACCES:
                words = f"Port {port} needs an administrator. Choose one above 1023."
            else:
                words = f"{address} is not an address of this machine. Use 127.0.0.1 or 0.0.0.0."
            raise UnusableAddress(words) from error
        return int(probe.getsockname()[1])


@contextmanager
def _reserved(port: int) -> Iterator[bool]:
    """Keep other previews of this user off a port; yield whether it was still to be had.

    Our server shares its port with whoever of the same user asks for that (SO_REUSEPORT): two
    previews that start in one moment would both find it free, and then answer in turns.
    """
    name = Path(tempfile.gettempdir()) / f"open-house-{os.getuid()}-{port}.lock"
    lock = os.open(name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(lock)
