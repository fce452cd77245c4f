"""What people type: `./run TASK`. Each task is a thin word for a module of `commands`."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from invoke.collection import Collection
from invoke.tasks import task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invoke.context import Context

    from commands.build import BuildOptions

ROOT = Path(__file__).resolve().parent

PLACES = {
    "content": "The folder of Markdown (default: content)",
    "site": "The settings (default: site.toml beside the content folder, or ours)",
}


def _options(content: str, site: str, output: str = "") -> BuildOptions:
    """Return what to build; folders that people name are relative to where they stand."""
    from commands.build import BuildOptions

    folder = Path(content).resolve() if content else ROOT / "content"
    beside = folder.parent / "site.toml"
    settings = Path(site).resolve() if site else beside if beside.is_file() else ROOT / "site.toml"
    target = Path(output).resolve() if output else ROOT / "output"
    return BuildOptions(root=ROOT, content=folder, site=settings, output=target)


@task(
    help={
        "port": "The port to listen on (default: 8000, or the next free one)",
        "host": "The address to listen on; 0.0.0.0 lets other machines see drafts",
        "open": "Open the browser too",
        "public": "Show what the public sees: no drafts, nothing scheduled",
        "quiet": "Say only what is wrong",
        **PLACES,
    }
)
def serve(
    context: Context,
    port: int = 0,
    host: str = "127.0.0.1",
    open: bool = False,  # noqa: A002 - the option's name
    public: bool = False,
    quiet: bool = False,
    content: str = "",
    site: str = "",
) -> None:
    """Show the site in the browser, up to date with every save, drafts included."""
    from commands.preview import serve as run

    where = _options(content, site)
    sys.exit(
        run(
            ROOT,
            where.content,
            where.site,
            port=port or None,
            host=host,
            open_browser=open,
            drafts=not public,
            quiet=quiet,
        )
    )


@task(
    help={
        "languages": "Its languages, the first one first, such as cy,en",
        "name": "What the association is called; several languages as Cartrefi / Homes",
        "url": "Where the site will stand",
        "email": "Which e-mail address people may write to",
        "phone": "Which number they may ring",
        "address": "Where they may come or write to",
        "repairs": "The number for repairs",
        "complaints": "The number for complaints",
        "safeguarding": "The number for worries about a child or an adult",
        "topics": "What tenants speak about, with commas (default: six topics)",
        "teams": "Which teams answer, with commas (default: two teams)",
        "days": "Within how many working days everyone has an answer (default: 10)",
        "person": "Who writes here first",
        "yes": "Ask nothing; take what is offered for what you don't say",
    }
)
def begin(
    context: Context,
    languages: str = "",
    name: str = "",
    url: str = "",
    email: str = "",
    phone: str = "",
    address: str = "",
    repairs: str = "",
    complaints: str = "",
    safeguarding: str = "",
    topics: str = "",
    teams: str = "",
    days: str = "",
    person: str = "",
    yes: bool = False,
) -> None:
    """Begin a site of your own: ten questions, and the sample makes way for your first pages."""
    from commands.beginning import begin as run

    said = {
        "languages": languages,
        "name": name,
        "url": url,
        "email": email,
        "phone": phone,
        "address": address,
        "repairs": repairs,
        "complaints": complaints,
        "safeguarding": safeguarding,
        "topics": topics,
        "teams": teams,
        "days": days,
        "person": person,
    }
    given = {key: text.strip() for key, text in said.items() if text.strip()}
    sys.exit(run(ROOT, given, yes=yes, say=print, ask=input))


@task(
    help={
        "port": "The port to listen on (default: 8000, or the next free one)",
        "open": "Open the browser too",
    }
)
def sample(context: Context, port: int = 0, open: bool = False) -> None:  # noqa: A002 - as above
    """Show the sample in the browser, wherever it is by now."""
    from commands.beginning.sample import show

    sys.exit(show(ROOT, port=port or None, open_browser=open))


@task(
    help={
        "output": "The folder to put the site in (default: output)",
        "url": "The site's address, instead of the one in site.toml; may have a sub-path",
        "strict": "Put nothing in place when there is any fault (always so in CI)",
        "drafts": "Show drafts and scheduled pages too",
        "quiet": "Say only what is wrong",
        **PLACES,
    }
)
def build(
    context: Context,
    output: str = "",
    content: str = "",
    site: str = "",
    url: str = "",
    strict: bool = False,
    drafts: bool = False,
    quiet: bool = False,
) -> None:
    """Build the site into a folder, all at once or not at all."""
    from commands.build import run_build
    from commands.terminal import Terminal

    options = replace(
        _options(content, site, output),
        url=url or None,
        strict=strict or bool(os.environ.get("CI")),
        drafts=drafts,
    )
    sys.exit(run_build(options, Terminal(quiet=quiet)))


@task(
    help={
        "format": "text for people, json for tools",
        "quiet": "Print only the faults",
        **PLACES,
    }
)
def check(
    context: Context,
    format: str = "text",  # noqa: A002 - the option's name
    content: str = "",
    site: str = "",
    quiet: bool = False,
) -> None:
    """Report every fault in the content at once: where, what, and what to write instead."""
    from commands.check import check as run
    from commands.terminal import Terminal

    sys.exit(run(_options(content, site), format, Terminal(quiet=quiet)))


@task
def dictionaries(context: Context) -> None:
    """Fetch the Welsh and English dictionaries that `check` looks words up in."""
    from commands.dictionaries import fetch

    sys.exit(fetch())


@task(help={"format": "text for people, json for tools", **PLACES})
def parity(
    context: Context,
    format: str = "text",  # noqa: A002 - the option's name
    content: str = "",
    site: str = "",
) -> None:
    """Say what is written in one language and not yet in the others."""
    from commands.parity import report_parity
    from commands.terminal import Terminal

    where = _options(content, site)
    sys.exit(report_parity(ROOT, where.content, where.site, format, Terminal()))


@task(
    positional=["lang"],
    help={
        "lang": "The language, such as pl, or en to say something of ours in your own words",
        "all": "Write every phrase, also what is said already, to be said anew",
        "site": PLACES["site"],
    },
)
def catalogue(context: Context, lang: str, all: bool = False, site: str = "") -> None:  # noqa: A002 - the option's name
    """Write a file in which the interface is put into a language, or said anew."""
    from commands.catalogue import write_catalogue as run

    sys.exit(run(ROOT, _options("", site).site, lang, everything=all, say=print))


@task(
    positional=["kind"],
    help={
        "kind": "post, meetup, episode, roadmap, change, experiment, persona, standard or page",
        "title": "Its title",
        "lang": "The language it is first written in, such as cy",
        "both": "Make the other languages' files too",
        "date": "Its day, such as 2026-03-04",
        "key": "Its short name in file names and references, such as repair-slots",
        "author": "Who writes a post: a key of [people] in site.toml",
        "recording": "The file of sound that an episode is made from; the word after the kind",
        "yes": "Ask nothing; write a draft with blanks to fill in",
        **PLACES,
    },
)
def new(
    context: Context,
    kind: str,
    title: str = "",
    lang: str = "",
    both: bool = False,
    date: str = "",
    key: str = "",
    author: str = "",
    recording: str = "",
    yes: bool = False,
    content: str = "",
    site: str = "",
) -> None:
    """Write a new file in the right place, asking for what it needs."""
    from commands.new import new as run

    where = _options(content, site)
    sys.exit(
        run(
            kind,
            ROOT,
            where.content,
            where.site,
            title=title or None,
            lang=lang or None,
            both=both,
            date=date or None,
            key=key or None,
            author=author or None,
            recording=Path(recording).resolve() if recording else None,
            yes=yes,
            say=print,
            ask=input,
        )
    )


@task(
    name="import",
    positional=["form", "what"],
    help={
        "form": "wordpress, hugo, jekyll, eleventy, decap, word, podcast, calendar or transcript",
        "what": "The export, file or folder to bring",
        "pictures": "A folder in which its pictures, documents and recordings lie",
        "lang": "The language of what doesn't say (default: the site's own)",
        "kind": "post or page, for Word documents (default: post)",
        "episode": "The key of the episode that a transcript belongs to",
        "speakers": 'Who is who in it: "Speaker 1 = Nia Rowe, Speaker 2 = Huw Parry"',
        "yes": "Ask nothing",
        "dry-run": "Only say what would come",
        **PLACES,
    },
)
def import_(
    context: Context,
    form: str,
    what: str,
    pictures: str = "",
    lang: str = "",
    kind: str = "",
    episode: str = "",
    speakers: str = "",
    yes: bool = False,
    dry_run: bool = False,
    content: str = "",
    site: str = "",
) -> None:
    """Bring what you wrote elsewhere: texts, pictures, authors, old addresses, recordings."""
    from commands.importing import bring
    from commands.importing.models import Wish
    from commands.terminal import Terminal

    where = _options(content, site)
    wish = Wish(
        form=form,
        what=Path(what).resolve(),
        pictures=Path(pictures).resolve() if pictures else None,
        lang=lang,
        kind=kind,
        episode=episode,
        speakers=speakers,
        yes=yes,
        dry_run=dry_run,
    )
    sys.exit(bring(wish, where.content, where.site, Terminal(), ask=input))


@task(positional=["key"], help={"key": "The episode's key", **PLACES})
def tag(context: Context, key: str, content: str = "", site: str = "") -> None:
    """Write title, show, picture and chapters into an episode's recordings."""
    from commands.tag import tag as run

    where = _options(content, site)
    sys.exit(run(ROOT, where.content, where.site, key, say=print))


@task(
    iterable=["also"],
    help={
        "message": "A line about what you publish (default: made from what changed)",
        "yes": "Don't ask",
        "dry-run": "Only say what would go out",
        "everything": "Publish changes outside your content too",
        "also": "A file you agree to, that no page refers to or that may hold more; repeatable",
        "name": "Your name, if git doesn't know it yet",
        "email": "Your e-mail address, if git doesn't know it yet",
        **PLACES,
    },
)
def publish(
    context: Context,
    message: str = "",
    yes: bool = False,
    dry_run: bool = False,
    everything: bool = False,
    also: Sequence[str] = (),
    name: str = "",
    email: str = "",
    content: str = "",
    site: str = "",
) -> None:
    """Say what would go out, check it, and publish it when you agree."""
    from commands.publishing.publish import publish as run

    where = _options(content, site)
    sys.exit(
        run(
            ROOT,
            where.content,
            where.site,
            message=message or None,
            yes=yes,
            dry_run=dry_run,
            everything=everything,
            also=also,
            name=name or None,
            email=email or None,
            say=print,
            ask=input,
        )
    )


@task(
    help={
        "yes": "Don't ask",
        "dry-run": "Only say what would be taken back",
        "name": "Your name, if git doesn't know it yet",
        "email": "Your e-mail address, if git doesn't know it yet",
        **PLACES,
    }
)
def undo(
    context: Context,
    yes: bool = False,
    dry_run: bool = False,
    name: str = "",
    email: str = "",
    content: str = "",
    site: str = "",
) -> None:
    """Take the last publication back."""
    from commands.publishing.undo import undo as run

    where = _options(content, site)
    sys.exit(
        run(
            ROOT,
            where.content,
            where.site,
            yes=yes,
            dry_run=dry_run,
            name=name or None,
            email=email or None,
            say=print,
            ask=input,
        )
    )


@task(
    help={
        "source": "A folder, an archive, or the address of either; the word after upgrade",
        "version": "A tag or branch of a git repository (default: what it offers first)",
        "house": "The association's folder (default: this one); then this is the newer version",
        "undo": "Take the last upgrade back",
        "dry-run": "Only say what would change",
        "yes": "Don't ask",
    }
)
def upgrade(
    context: Context,
    source: str = "",
    version: str = "",
    house: str = "",
    undo: bool = False,
    dry_run: bool = False,
    yes: bool = False,
) -> None:
    """Bring a newer version of Open House into an association's folder."""
    from commands.upgrading import upgrade as upgrading

    folder = Path(house).resolve() if house else ROOT
    if undo:
        sys.exit(upgrading.undo(folder))
    wanted = source or (str(ROOT) if house else upgrading.usual_source(ROOT))
    sys.exit(upgrading.upgrade(folder, wanted, version=version, dry_run=dry_run, yes=yes))


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

    sys.exit(run(_options("", site).site, host=host, port=port, workers=workers))


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

    where = _options(content, site)
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
    where = _options("", site)
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
        site_file=_options("", site).site,
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

    where = _options(content, site)
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
    positional=["words"],
    help={
        "words": "What to look for",
        "lang": "The language you ask in (default: the site's default language)",
        "tree": "The folder of the built site (default: output)",
        "site": PLACES["site"],
    },
)
def search(context: Context, words: str, lang: str = "", tree: str = "", site: str = "") -> None:
    """Search the built site from the terminal, as its readers do."""
    from rich.console import Console

    from commands.search import search as run

    where = _options("", site, tree)
    sys.exit(run(ROOT, where.output, where.site, words, lang=lang, console=Console()))


@task(
    help={
        "tree": "The folder of the built site (default: output)",
        "site": PLACES["site"],
    }
)
def index(context: Context, tree: str = "", site: str = "") -> None:
    """Bring the index that the service and the terminal search in up to date."""
    from commands.search import index as run

    where = _options("", site, tree)
    sys.exit(run(ROOT, where.output, where.site, print))


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

    sys.exit(run(ROOT, _options("", site).site, name, role=role, lang=lang))


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

    sys.exit(run(ROOT, _options("", site).site, name, password=password))


@task(
    help={
        "k": "Only the tests whose names match, as pytest's -k",
        "quick": "Only what most edits break, in a minute: no browser, no preview, no door",
        "cover": "Count the lines that the tests reach too, and hold the floor (always so in CI)",
    }
)
def test(context: Context, k: str = "", quick: bool = False, cover: bool = False) -> None:
    """Check everything: style, types, tests. Paths of tests, and all words after --, choose."""
    from commands import quality

    cover = cover or bool(os.environ.get("CI"))
    sys.exit(quality.test(k, context.remainder, quick=quick, cover=cover))


@task(
    positional=["name"],
    help={"name": "What to measure; without a name, the list of what can be"},
)
def bench(context: Context, name: str = "") -> None:
    """Measure the house against something real; prints a table, writes build/bench/NAME.json."""
    from benchmarks import run

    sys.exit(run(name))


@task(
    positional=["release"],
    help={"release": "bookworm or trixie; without one, each in turn"},
)
def fresh(context: Context, release: str = "") -> None:
    """Build and test in an empty Debian made for it, to see what a new machine would lack."""
    from commands import fresh as machine

    sys.exit(machine.fresh(ROOT, release, shlex.split(context.remainder)))


@task(
    help={
        "pictures": "Take the README's pictures anew too",
        **PLACES,
    }
)
def photos(context: Context, pictures: bool = False, content: str = "", site: str = "") -> None:
    """Photograph every template in every language, in three widths, by day and by night."""
    from commands.screenshots import photograph

    where = _options(content, site)
    album = ROOT / "build" / "photos"
    renewed = ROOT / "docs" / "pictures" if pictures else None
    sys.exit(photograph(ROOT, where.content, where.site, album, pictures=renewed))


@task
def scripts(context: Context) -> None:
    """Join and shorten the search page's script from theme/scripts."""
    from commands.bundle import write_scripts

    sys.exit(write_scripts(ROOT))


@task
def lint(context: Context) -> None:
    """Check style and types."""
    from commands import quality

    sys.exit(quality.lint())


@task(help={"upgrade": "Take the newest of everything that pyproject.toml allows"})
def lock(context: Context, upgrade: bool = False) -> None:
    """Write the lock files anew from pyproject.toml."""
    from commands import quality

    sys.exit(quality.lock(upgrade=upgrade))


@task
def clean(context: Context) -> None:
    """Remove what can be made again: what was built, the caches, the environment."""
    from commands import quality

    quality.clean()


namespace = Collection(
    *(begin, sample, serve, new, import_, tag, check, dictionaries, parity, catalogue, search),
    *(publish, undo, upgrade, build),
    *(service, index, pull, notify, digest, poster),
    *(test, lint, bench, fresh, photos, scripts, lock, clean),
    Collection("staff", staff_add, staff_list, staff_reset, staff_disable),
)
