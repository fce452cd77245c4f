"""What people type to hear tenants, to answer them, and to let staff do so."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from invoke.tasks import task

from commands.tasks.places import PLACES, ROOT, located

if TYPE_CHECKING:
    from invoke.context import Context


@task(
    help={
        "host": "The address to listen on; a web server in front needs no other",
        "port": "The port to listen on",
        "workers": "How many processes answer; more than one needs PostgreSQL",
        "site": PLACES["site"],
    }
)
def service(
    context: Context,
    host: str = "127.0.0.1",
    port: int = 8010,
    workers: int = 1,
    site: str = "",
) -> None:
    """Run the feedback service alone, for a site that stands elsewhere."""
    from commands.service import serve as run

    sys.exit(run(located("", site).site, host=host, port=port, workers=workers))


@task(
    help={
        "tree": "The folder of the built site (default: output)",
        "site": PLACES["site"],
    }
)
def index(context: Context, tree: str = "", site: str = "") -> None:
    """Bring the index that the service and the terminal search in up to date."""
    from commands.search import index as run

    where = located("", site, tree)
    sys.exit(run(ROOT, where.output, where.site, print))


@task(
    help={
        "service": "The service to ask, such as https://www.example.org/feedback/ (default: ours)",
        "dry-run": "Only say what is new, changed and withdrawn",
        "yes": "Don't ask",
        "accept-source": "Take records from another or an older database than those here",
        **PLACES,
    }
)
def pull(
    context: Context,
    service: str = "",
    dry_run: bool = False,
    yes: bool = False,
    accept_source: bool = False,
    content: str = "",
    site: str = "",
) -> None:
    """Bring what may be public from the feedback service into the content folder."""
    from commands.pull import pull as run

    where = located(content, site)
    sys.exit(
        run(
            ROOT,
            where.content,
            where.site,
            service=service,
            dry_run=dry_run,
            yes=yes,
            accept_source=accept_source,
            say=print,
            ask=input,
        )
    )


@task(
    help={
        "site-tree": "The folder of the published site, instead of asking for it over the web",
        "url": "The published site's address (default: the one in site.toml)",
        "dry-run": "Only say who would be told what",
        "site": PLACES["site"],
    }
)
def notify(
    context: Context,
    site_tree: str = "",
    url: str = "",
    dry_run: bool = False,
    site: str = "",
) -> None:
    """Tell tenants what came of their words, once the site shows it."""
    from commands.notify import notify as run

    tree = Path(site_tree).resolve() if site_tree else None
    where = located("", site)
    sys.exit(run(ROOT, where.site, tree=tree, url=url, dry_run=dry_run, say=print))


@task(
    help={
        "period": "week or month (default: week; with --send, whichever is over)",
        "since": "Tell of everything from this day on instead, such as 2026-03-04",
        "output": "The folder to write files into (default: show the text here)",
        "send": "Send it to whoever subscribed, once each",
        "dry-run": "Only say what would be written or sent",
        "site-tree": "The folder of the published site, instead of asking for it over the web",
        "url": "The published site's address (default: the one in site.toml)",
        "site": PLACES["site"],
    }
)
def digest(
    context: Context,
    period: str = "",
    since: str = "",
    output: str = "",
    send: bool = False,
    dry_run: bool = False,
    site_tree: str = "",
    url: str = "",
    site: str = "",
) -> None:
    """Make the digest of what was published, as files or as mails to whoever subscribed."""
    from commands.digest import Options
    from commands.digest import digest as run

    options = Options(
        site_file=located("", site).site,
        tree=Path(site_tree).resolve() if site_tree else None,
        url=url,
        period=period,
        since=since,
        output=Path(output).resolve() if output else None,
        send=send,
        dry_run=dry_run,
    )
    sys.exit(run(ROOT, options, print))


@task(
    positional=["key"],
    help={
        "key": "An item's, change's or meetup's key, a record's reference, or say for the form",
        "letter": "A letter for a window envelope, with a reply to tear off",
        "a3": "A poster twice as large",
        "lang": "One language, such as cy (default: all, in the site's order)",
        "output": "The file to write (default: one in build/paper)",
        **PLACES,
    },
)
def poster(
    context: Context,
    key: str,
    letter: bool = False,
    a3: bool = False,
    lang: str = "",
    output: str = "",
    content: str = "",
    site: str = "",
) -> None:
    """Make a poster or a letter for whoever reads on paper: QR code, phone, a reply."""
    from commands.poster import poster as run

    where = located(content, site)
    target = Path(output).resolve() if output else None
    sys.exit(
        run(
            ROOT,
            where.content,
            where.site,
            key,
            letter=letter,
            a3=a3,
            lang=lang,
            output=target,
            say=print,
        )
    )


@task(
    name="add",
    positional=["name"],
    help={
        "name": "The name to log in with",
        "role": "answer, publish or manage: each may do what the ones before it may",
        "lang": "The language the desk speaks to them (default: the site's first)",
        "site": PLACES["site"],
    },
)
def staff_add(
    context: Context, name: str, role: str = "answer", lang: str = "", site: str = ""
) -> None:
    """Let somebody log in at the desk; asks for their password."""
    from commands.staff import add_staff as run

    sys.exit(run(ROOT, located("", site).site, name, role=role, lang=lang))


@task(name="list")
def staff_list(context: Context) -> None:
    """List who may log in at the desk."""
    from commands.staff import list_staff as run

    sys.exit(run(ROOT))


@task(name="disable", positional=["name"], help={"name": "The name they log in with"})
def staff_disable(context: Context, name: str) -> None:
    """End somebody's access to the desk, everywhere and at once."""
    from commands.staff import disable_staff as run

    sys.exit(run(ROOT, name))


@task(
    name="reset",
    positional=["name"],
    help={
        "name": "The name they log in with",
        "password": "Ask for a new password too",
        "site": PLACES["site"],
    },
)
def staff_reset(context: Context, name: str, password: bool = False, site: str = "") -> None:
    """Give somebody a new key for codes, whose telephone was lost; they are logged out."""
    from commands.staff import reset_staff as run

    sys.exit(run(ROOT, located("", site).site, name, password=password))
