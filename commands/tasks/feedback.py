"""What people type to hear tenants, to answer them, and to let staff do so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.tasks.site_task import ROOT, site_task

if TYPE_CHECKING:
    from pathlib import Path

    from commands.build import BuildOptions


@site_task(
    "site",
    help={
        "host": "The address to listen on; a web server in front needs no other",
        "port": "The port to listen on",
        "workers": "How many processes answer; more than one needs PostgreSQL",
    },
)
def service(
    where: BuildOptions, host: str = "127.0.0.1", port: int = 8010, workers: int = 1
) -> int:
    """Run the feedback service alone, for a site that stands elsewhere."""
    from commands.service import serve as run

    return run(where.site, host=host, port=port, workers=workers)


@site_task("tree", "site")
def index(where: BuildOptions) -> int:
    """Bring the index that the service and the terminal search in up to date."""
    from commands.search import index as run

    return run(ROOT, where.output, where.site, print)


@site_task(
    "content",
    "site",
    help={
        "service": "The service to ask, such as https://www.example.org/feedback/ (default: ours)",
        "dry-run": "Only say what is new, changed and withdrawn",
        "yes": "Don't ask",
        "accept-source": "Take records from another or an older database than those here",
    },
)
def pull(
    where: BuildOptions,
    service: str = "",
    dry_run: bool = False,
    yes: bool = False,
    accept_source: bool = False,
) -> int:
    """Bring what may be public from the feedback service into the content folder."""
    from commands.pull import pull as run

    return run(
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


PUBLISHED = {
    "site-tree": "The folder of the published site, instead of asking for it over the web",
    "url": "The published site's address (default: the one in site.toml)",
}


@site_task("site", help={**PUBLISHED, "dry-run": "Only say who would be told what"})
def notify(
    where: BuildOptions, site_tree: Path | None = None, url: str = "", dry_run: bool = False
) -> int:
    """Tell tenants what came of their words, once the site shows it."""
    from commands.notify import notify as run

    return run(ROOT, where.site, tree=site_tree, url=url, dry_run=dry_run, say=print)


@site_task(
    "site",
    help={
        "period": "week or month (default: week; with --send, whichever is over)",
        "since": "Tell of everything from this day on instead, such as 2026-03-04",
        "output": "The folder to write files into (default: show the text here)",
        "send": "Send it to whoever subscribed, once each",
        "dry-run": "Only say what would be written or sent",
        **PUBLISHED,
    },
)
def digest(
    where: BuildOptions,
    period: str = "",
    since: str = "",
    output: Path | None = None,
    send: bool = False,
    dry_run: bool = False,
    site_tree: Path | None = None,
    url: str = "",
) -> int:
    """Make the digest of what was published, as files or as mails to whoever subscribed."""
    from commands.digest import Options
    from commands.digest import digest as run

    options = Options(
        site_file=where.site,
        tree=site_tree,
        url=url,
        period=period,
        since=since,
        output=output,
        send=send,
        dry_run=dry_run,
    )
    return run(ROOT, options, print)


@site_task(
    "content",
    "site",
    help={
        "key": "An item's, change's or meetup's key, a record's reference, or say for the form",
        "letter": "A letter for a window envelope, with a reply to tear off",
        "a3": "A poster twice as large",
        "lang": "One language, such as cy (default: all, in the site's order)",
        "output": "The file to write (default: one in build/paper)",
    },
)
def poster(
    where: BuildOptions,
    key: str,
    letter: bool = False,
    a3: bool = False,
    lang: str = "",
    output: Path | None = None,
) -> int:
    """Make a poster or a letter for whoever reads on paper: QR code, phone, a reply."""
    from commands.poster import poster as run

    return run(
        ROOT,
        where.content,
        where.site,
        key,
        letter=letter,
        a3=a3,
        lang=lang,
        output=output,
        say=print,
    )


@site_task(
    "site",
    name="add",
    help={
        "name": "The name to log in with",
        "role": "answer, publish or manage: each may do what the ones before it may",
        "lang": "The language the desk speaks to them (default: the site's first)",
    },
)
def staff_add(where: BuildOptions, name: str, role: str = "answer", lang: str = "") -> int:
    """Let somebody log in at the desk; asks for their password."""
    from commands.staff import add_staff as run

    return run(ROOT, where.site, name, role=role, lang=lang)


@site_task(name="list")
def staff_list() -> int:
    """List who may log in at the desk."""
    from commands.staff import list_staff as run

    return run(ROOT)


@site_task(name="disable", help={"name": "The name they log in with"})
def staff_disable(name: str) -> int:
    """End somebody's access to the desk, everywhere and at once."""
    from commands.staff import disable_staff as run

    return run(ROOT, name)


@site_task(
    "site",
    name="reset",
    help={"name": "The name they log in with", "password": "Ask for a new password too"},
)
def staff_reset(where: BuildOptions, name: str, password: bool = False) -> int:
    """Give somebody a new key for codes, whose telephone was lost; they are logged out."""
    from commands.staff import reset_staff as run

    return run(ROOT, where.site, name, password=password)
