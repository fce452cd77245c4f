"""What people type to write and to look at what they wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.founding_questions import QUESTIONS
from commands.tasks.site_task import ROOT, site_task

if TYPE_CHECKING:
    from pathlib import Path

    from commands.build import BuildOptions


@site_task(
    answers={name: question.option for name, question in QUESTIONS.items()},
    help={"yes": "Ask nothing; take what is offered for what you don't say"},
)
def begin(yes: bool = False, **answers: str) -> int:
    """Begin a site of your own: ten questions, and the sample makes way for your first pages."""
    from commands.beginning import begin as run

    typed = {name: text.strip() for name, text in answers.items() if text.strip()}
    return run(ROOT, typed, yes=yes, say=print, ask=input)


@site_task(
    help={
        "port": "The port to listen on (default: 8000, or the next free one)",
        "open": "Open the browser too",
    }
)
def sample(port: int | None = None, open: bool = False) -> int:  # noqa: A002 - as below
    """Show the sample in the browser, wherever it is by now."""
    from commands.beginning.sample import show

    return show(ROOT, port=port, open_browser=open)


@site_task(
    "content",
    "site",
    help={
        "port": "The port to listen on (default: 8000, or the next free one)",
        "host": "The address to listen on; 0.0.0.0 lets other machines see drafts",
        "open": "Open the browser too",
        "public": "Show what the public sees: no drafts, nothing scheduled",
        "quiet": "Say only what is wrong",
    },
)
def serve(
    where: BuildOptions,
    port: int | None = None,
    host: str = "127.0.0.1",
    open: bool = False,  # noqa: A002 - the option's name
    public: bool = False,
    quiet: bool = False,
) -> int:
    """Show the site in the browser, up to date with every save, drafts included."""
    from commands.preview.session import serve as run

    return run(
        ROOT,
        where.content,
        where.site,
        port=port,
        host=host,
        open_browser=open,
        drafts=not public,
        quiet=quiet,
    )


@site_task(
    "content",
    "site",
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
    },
)
def new(
    where: BuildOptions,
    kind: str,
    title: str | None = None,
    lang: str | None = None,
    both: bool = False,
    date: str | None = None,
    key: str | None = None,
    author: str | None = None,
    recording: Path | None = None,
    yes: bool = False,
) -> int:
    """Write a new file in the right place, asking for what it needs."""
    from commands.new import new as run

    return run(
        kind,
        ROOT,
        where.content,
        where.site,
        title=title,
        lang=lang,
        both=both,
        date=date,
        key=key,
        author=author,
        recording=recording,
        yes=yes,
        say=print,
        ask=input,
    )


@site_task(
    "content",
    "site",
    name="import",
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
    },
)
def import_(
    where: BuildOptions,
    form: str,
    what: Path,
    pictures: Path | None = None,
    lang: str = "",
    kind: str = "",
    episode: str = "",
    speakers: str = "",
    yes: bool = False,
    dry_run: bool = False,
) -> int:
    """Bring what you wrote elsewhere: texts, pictures, authors, old addresses, recordings."""
    from commands.importing import bring
    from commands.importing.models import ImportOptions
    from commands.terminal import Terminal

    wish = ImportOptions(
        form=form,
        what=what,
        pictures=pictures,
        lang=lang,
        kind=kind,
        episode=episode,
        speakers=speakers,
        yes=yes,
        dry_run=dry_run,
    )
    return bring(wish, where.content, where.site, Terminal(), ask=input)


@site_task("content", "site", help={"key": "The episode's key"})
def tag(where: BuildOptions, key: str) -> int:
    """Write title, show, picture and chapters into an episode's recordings."""
    from commands.tag import tag as run

    return run(ROOT, where.content, where.site, key, say=print)


@site_task(
    "content",
    "site",
    help={"format": "text for people, json for tools", "quiet": "Print only the faults"},
)
def check(where: BuildOptions, format: str = "text", quiet: bool = False) -> int:  # noqa: A002 - the option's name
    """Report every fault in the content at once: where, what, and what to write instead."""
    from commands.check import check as run
    from commands.terminal import Terminal

    return run(where, format, Terminal(quiet=quiet))


@site_task()
def dictionaries() -> int:
    """Fetch the Welsh and English dictionaries that `check` looks words up in."""
    from commands.dictionaries import fetch

    return fetch()


@site_task("content", "site", help={"format": "text for people, json for tools"})
def parity(where: BuildOptions, format: str = "text") -> int:  # noqa: A002 - the option's name
    """Say what is written in one language and not yet in the others."""
    from commands.parity import report_parity
    from commands.terminal import Terminal

    return report_parity(ROOT, where.content, where.site, format, Terminal())


@site_task(
    "content",
    "site",
    help={"days": "How many days ahead to look", "json": "Everything, for other programs"},
)
def due(where: BuildOptions, days: int = 60, json: bool = False) -> int:
    """Say what is overdue and what falls due: answers, readings, reviews, actions, translations."""
    from commands.due import report_due

    return report_due(where, days=days, as_json=json)


@site_task(
    "site",
    help={
        "lang": "The language, such as pl, or en to say something of ours in your own words",
        "all": "Write every phrase, also what is said already, to be said anew",
    },
)
def catalogue(where: BuildOptions, lang: str, all: bool = False) -> int:  # noqa: A002 - the option's name
    """Write a file in which the interface is put into a language, or said anew."""
    from commands.catalogue import write_catalogue as run

    return run(ROOT, where.site, lang, everything=all, say=print)


@site_task(
    "tree",
    "site",
    help={
        "words": "What to look for",
        "lang": "The language you ask in (default: the site's default language)",
    },
)
def search(where: BuildOptions, words: str, lang: str = "") -> int:
    """Search the built site from the terminal, as its readers do."""
    from rich.console import Console

    from commands.search import search as run

    return run(ROOT, where.output, where.site, words, lang=lang, console=Console())
