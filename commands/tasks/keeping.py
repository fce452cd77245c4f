"""What people type to look after the machine that the site and its service stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.tasks.site_task import ROOT, site_task

if TYPE_CHECKING:
    from commands.build import BuildOptions


@site_task(
    "site",
    positional=["server"],
    help={
        "server": "nginx, apache, caddy, or htaccess for an Apache that you can't set up",
        "tree": "The folder of the built site on that machine (default: /srv/www/current)",
        "url": "The site's address, instead of the one in site.toml; may have a sub-path",
        "port": "Where the feedback service listens (default: 8010)",
        "listen": "The port that readers come to (default: 80)",
        "log": "Where visits are counted (default: the server's usual folder)",
    },
)
def recipe(
    where: BuildOptions,
    server: str,
    tree: str = "/srv/www/current",
    url: str = "",
    port: int = 8010,
    listen: int = 80,
    log: str = "",
) -> int:
    """Print what a web server needs to know of the site, and of the service behind it."""
    from commands.recipes import WebServer, show_recipe

    return show_recipe(
        ROOT, where.site, server, WebServer(tree, url, port, str(listen), log), print
    )
