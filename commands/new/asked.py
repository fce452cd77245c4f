"""What the command line said, checked before anything is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from commands.new.interview import language_name
from commands.new.questions import NEEDED
from commands.new.stop import UNTOUCHED, Stop
from commands.terminal import describe
from core.faults import Report
from core.fields import Member
from core.site import parse_site
from core.values import DATE, KEY, LINE, did_you_mean
from plugins.kinds.models import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from commands.new.interview import Interview
    from core.site import Site

FORTNIGHT = timedelta(days=14)  # people need notice of a meetup
UNDATED = {Kind.PAGE, Kind.STANDARD}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the command line said; "" for what is yet to be asked."""

    title: str
    lang: str
    both: bool
    date: str
    key: str
    author: str
    yes: bool


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
        raise Stop(2, known)
    sentences = [f"There is no kind called “{word}”.", did_you_mean(plain, kinds), known]
    raise Stop(2, " ".join(filter(None, sentences)))


def read_settings(settings: Path, kind: Kind) -> Site:
    """Return the site's settings.

    :raises Stop: when they can't be read, or lack what a thing of this kind must name.
    """
    report = Report()
    try:
        text = settings.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Stop(2, f"{settings.name} can't be read. {UNTOUCHED}") from None
    if (site := parse_site(text, report.at(settings.name))) is None:
        raise Stop(2, f"{describe(tuple(report))}\n{UNTOUCHED}")
    if (needed := NEEDED.get(kind)) and not site.known[needed]:
        wrong = f"A new {kind} names one of [{needed}], and {settings.name} has none yet."
        raise Stop(1, f"{wrong} Add one there first. {UNTOUCHED}")
    return site


def begin(asked: Asked, kind: Kind, first: Interview) -> Interview:
    """Settle the languages and the day from which the rest is asked.

    :param first: an interview on the day it is, in the site's own language.
    :raises Stop: when the command line said something that can't be followed.
    """
    _refuse(asked, kind, first)
    lang = _language(asked, first)
    day = first.day + FORTNIGHT if kind == Kind.MEETUP else first.day
    if asked.date:
        day = date.fromisoformat(asked.date)
    return replace(first, lang=lang, others=_others(asked, lang, first), day=day)


def _refuse(asked: Asked, kind: Kind, interview: Interview) -> None:
    types: dict[str, tuple[Any, str]] = {
        "title": (LINE, asked.title),
        "date": (DATE, asked.date),
        "key": (KEY, asked.key),
        "author": (Member("people"), asked.author),
    }
    for name, (of, text) in types.items():
        if text and (wrong := interview.refusal(of, text)[1]):
            raise Stop(2, f"--{name}: {wrong}")
    if asked.author and kind != Kind.POST:
        raise Stop(2, f"Only a post names who wrote it: leave --author out for a new {kind}.")
    if asked.date and kind in UNDATED:
        raise Stop(2, f"Nothing in a new {kind} has a date: leave --date out.")
    if asked.lang and asked.lang not in interview.site.languages:
        known = " or ".join(interview.site.languages)
        raise Stop(2, f"--lang: “{asked.lang}” isn't a language of this site. Write {known}.")


def _language(asked: Asked, interview: Interview) -> str:
    site = interview.site
    if asked.lang or asked.yes or len(site.languages) == 1:
        return asked.lang or site.unnamed
    names = {language_name(lang).lower(): lang for lang in site.languages}
    known = " or ".join(f"{lang} ({language_name(lang)})" for lang in site.languages)
    while True:
        question = f"Which language do you write it in first: {known}? [{site.unnamed}] "
        said = interview.ask(question).strip().lower() or site.unnamed
        if (lang := names.get(said, said)) in site.languages:
            return lang
        interview.tell(f"Write {' or '.join(site.languages)}.")


def _others(asked: Asked, lang: str, interview: Interview) -> tuple[str, ...]:
    others = tuple(one for one in interview.site.languages if one != lang)
    names = " and ".join(language_name(one) for one in others)
    if not others or asked.both:
        return others
    wanted = interview.agrees(f"Make the file for {names} too?", default=not asked.yes)
    return others if wanted else ()
