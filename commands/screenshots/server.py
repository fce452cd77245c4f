"""A whole house for the photographer: the built site and its feedback service on one origin."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from random import SystemRandom
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from commands.build import BuildOptions, build
from commands.local_server import free_port, serving
from commands.service_runtime import service_for
from commands.site_folder import read_site
from commands.terminal import Stop
from feedback import passwords
from feedback.settings import Settings
from feedback.store.desk import staff

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from feedback.model import StaffRole
    from feedback.store import Store

PASSWORD = "three words will do"  # noqa: S105 - of a house that stands for a minute


@dataclass(frozen=True)
class DemoServer:
    """A site and its service, open for as long as photos are taken."""

    address: str  # ends in a slash
    service: str  # the service's address below it
    tree: Path
    store: Store
    languages: tuple[str, ...]

    def take_on(self, name: str, lang: str, role: StaffRole) -> str:
        """Take somebody on at the desk; returns the secret of their one-time passwords."""
        return self.store.write_now(
            lambda conn: staff.add(
                conn,
                self.store.tokens,
                name=name,
                password_hash=passwords.hashed(PASSWORD),
                role=role,
                lang=lang,
                now=datetime.now(UTC),
                random=SystemRandom(),
            )
        )


@contextmanager
def demo_server(root: Path, content: Path, site: Path, folder: Path) -> Iterator[DemoServer]:
    """Build the site into a folder, and serve it with a service that remembers nothing for long.

    :raises Stop: when the site can't be built.
    """
    tree = folder / "site"
    result = build(BuildOptions(root=root, content=content, site=site, output=tree))
    if not result.ok:
        raise Stop("The site can't be built. ./run check says what is wrong.", 2)
    settings = Settings(
        database=f"sqlite:///{folder / 'feedback.sqlite3'}",
        secret=SystemRandom().randbytes(32),
        tree=tree,
    )
    joined = service_for(site, settings, lambda _: None)
    where = read_site(site).feedback.service
    app = Starlette(routes=[*joined.app.routes, Mount("/", StaticFiles(directory=tree, html=True))])
    with closing(joined.service.store) as store, serving(app, free_port()) as address:
        yield DemoServer(address, where, tree, store, result.languages)
