"""`./run new KIND`: asks in plain words, and writes a draft that passes `check`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from commands.new.draft import UNTOUCHED, Arguments, Draft, open_recording, settle_names
from commands.new.interview import Interview, language_name
from commands.new.questions import NEEDED, open_existing
from commands.site_folder import read_site
from commands.terminal import Stop
from core.fields import Member
from core.templating import duration
from core.values import DATE, KEY, LINE, did_you_mean
from plugins.kinds.models import Kind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commands.new.draft import SourceRecording
    from commands.new.questions import Existing
    from core.site import Site

FORTNIGHT = timedelta(days=14)  # people need notice of a meetup
UNDATED = {Kind.PAGE, Kind.STANDARD}


def new(  # noqa: PLR0913 - as many as the command line has options
    kind: str,
    root: Path,
    content: Path,
    site: Path,
    *,
    title: str | None = None,
    lang: str | None = None,
    both: bool = False,
    date: str | None = None,
    key: str | None = None,
    author: str | None = None,
    recording: Path | None = None,
    yes: bool = False,
    say: Callable[[str], None],
    ask: Callable[[str], str],
    now: datetime | None = None,
) -> int:
    """Write the first file of something new, and those of its translations if they are wanted.

    :param kind: what to make, as people type it: post, meetup, episode …
    :param root: this repository.
    :param lang: the language that is written first.
    :param both: make the other languages' files too.
    :param date: its day, as 2026-03-04.
    :param key: its short name in files and references.
    :param author: the key of a post's author in site.toml.
    :param recording: a file of sound that an episode is made from; it is copied.
    :param yes: ask nothing; blanks stand where only a person can know.
    :param ask: asks a question and returns the answer; EOFError means that nobody is there.
    :param now: aware; None for the clock.
    :returns: 0 when the files are written; 1 when none is, because somebody stopped, the key is
        taken, or site.toml lacks what the kind must name; 2 when the words can't be followed.
        Nothing that is there is ever overwritten.
    """
    texts = {"title": title, "lang": lang, "date": date, "key": key, "author": author}
    arguments = Arguments.typed(texts, both=both, yes=yes)
    try:
        what = read_kind(kind)
        recording_file = open_recording(recording, what)
        if recording_file and not arguments.title:
            arguments = replace(arguments, title=recording_file.title)
        settings = read_settings(site, what)
        today = (now or datetime.now(UTC)).astimezone(settings.timezone).date()
        first = Interview(settings, settings.unnamed, (), today, yes, say, ask)
        interview = begin(arguments, what, first)
        paths = _write(arguments, interview, open_existing(content, settings, what), recording_file)
    except Stop as stop:
        say(str(stop))
        return stop.code
    except KeyboardInterrupt:
        say(f"\nStopped. {UNTOUCHED}")
        return 1
    except EOFError:
        say(f"\nNobody is there to answer. {UNTOUCHED} With --yes nothing is asked.")
        return 1
    elsewhere = "" if content == root / "content" else f" --content {content}"
    say(_report([path.relative_to(content.parent) for path in paths], recording_file, elsewhere))
    return 0


def _write(
    arguments: Arguments,
    interview: Interview,
    existing: Existing,
    recording_file: SourceRecording | None,
) -> list[Path]:
    names = settle_names(arguments, interview, existing)
    return Draft(names, interview, existing, recording_file).write(arguments)


def _report(paths: list[Path], recording_file: SourceRecording | None, elsewhere: str) -> str:
    """Return which files were written, and what to do with them.

    :param elsewhere: the option that names their folder; "" for the usual one.
    """
    lines = [
        "Written:",
        *(f"  {path}" for path in paths),
        (
            "Open it in your editor and write over what stands there. "
            f"./run serve{elsewhere} shows it."
        ),
    ]
    if recording_file:
        lines.append(
            f"Its recording runs for {duration(recording_file.recording.duration)}. "
            f"{recording_file.advice()}".rstrip()
            + " Before it goes out, write what is said as WebVTT and name it in transcript:."
        )
    return "\n".join(lines)


def read_kind(word: str) -> Kind:
    """Return the kind that somebody typed.

    :raises Stop: when there is none of that name.
    """
    kinds = [kind.value for kind in Kind]
    plain = word.strip().lower()
    if plain in kinds:
        return Kind(plain)
    known = f"Write ./run new and one of: {', '.join(kinds)}."
    if not plain:
        raise Stop(known, 2)
    sentences = [f"There is no kind called “{word}”.", did_you_mean(plain, kinds), known]
    raise Stop(" ".join(filter(None, sentences)), 2)


def read_settings(settings: Path, kind: Kind) -> Site:
    """Return the site's settings.

    :raises Stop: when they can't be read, or lack what this kind must name.
    """
    site = read_site(settings, UNTOUCHED)
    if (needed := NEEDED.get(kind)) and not site.known[needed]:
        wrong = f"A new {kind} names one of [{needed}], and {settings.name} has none yet."
        raise Stop(f"{wrong} Add one there first. {UNTOUCHED}", 1)
    return site


def begin(arguments: Arguments, kind: Kind, first: Interview) -> Interview:
    """Settle the languages and the day from which the rest is arguments.

    :param first: an interview on the day it is, in the site's own language.
    :raises Stop: when the command line said something that can't be followed.
    """
    if not arguments.yes:
        first.say(f"A new {kind}. Enter takes what stands in [brackets]; Ctrl-C stops.")
    _refuse(arguments, kind, first)
    lang = _language(arguments, first)
    day = first.day + FORTNIGHT if kind == Kind.MEETUP else first.day
    if arguments.date:
        day = date.fromisoformat(arguments.date)
    return replace(first, lang=lang, others=_others(arguments, lang, first), day=day)


def _refuse(arguments: Arguments, kind: Kind, interview: Interview) -> None:
    types: dict[str, tuple[Any, str]] = {
        "title": (LINE, arguments.title),
        "date": (DATE, arguments.date),
        "key": (KEY, arguments.key),
        "author": (Member("people"), arguments.author),
    }
    for name, (of, text) in types.items():
        if text and (wrong := interview.refusal(of, text)[1]):
            raise Stop(f"--{name}: {wrong}", 2)
    if arguments.author and kind != Kind.POST:
        raise Stop(f"Only a post names who wrote it: leave --author out for a new {kind}.", 2)
    if arguments.date and kind in UNDATED:
        raise Stop(f"Nothing in a new {kind} has a date: leave --date out.", 2)
    if arguments.lang and arguments.lang not in interview.site.languages:
        known = " or ".join(interview.site.languages)
        raise Stop(f"--lang: “{arguments.lang}” isn't a language of this site. Write {known}.", 2)


def _language(arguments: Arguments, interview: Interview) -> str:
    site = interview.site
    if arguments.lang or arguments.yes or len(site.languages) == 1:
        return arguments.lang or site.unnamed
    names = {language_name(lang).lower(): lang for lang in site.languages}
    known = " or ".join(f"{lang} ({language_name(lang)})" for lang in site.languages)
    while True:
        question = f"Which language do you write it in first: {known}? [{site.unnamed}] "
        answer = interview.ask(question).strip().lower() or site.unnamed
        if (lang := names.get(answer, answer)) in site.languages:
            return lang
        interview.tell(f"Write {' or '.join(site.languages)}.")


def _others(arguments: Arguments, lang: str, interview: Interview) -> tuple[str, ...]:
    others = tuple(other for other in interview.site.languages if other != lang)
    names = " and ".join(language_name(other) for other in others)
    if not others or arguments.both:
        return others
    wanted = interview.agrees(f"Make the file for {names} too?", default=not arguments.yes)
    return others if wanted else ()
