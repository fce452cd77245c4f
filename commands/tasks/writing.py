"""What people type to write and to look at what they wrote."""

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

    options = {
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
    answers = {key: text.strip() for key, text in options.items() if text.strip()}
    sys.exit(run(ROOT, answers, yes=yes, say=print, ask=input))


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

    where = located(content, site)
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

    where = located(content, site)
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

    where = located(content, site)
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

    where = located(content, site)
    sys.exit(run(ROOT, where.content, where.site, key, say=print))


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

    sys.exit(run(located(content, site), format, Terminal(quiet=quiet)))


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

    where = located(content, site)
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

    sys.exit(run(ROOT, located("", site).site, lang, everything=all, say=print))


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

    where = located("", site, tree)
    sys.exit(run(ROOT, where.output, where.site, words, lang=lang, console=Console()))
