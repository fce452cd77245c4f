"""What each kind of content needs to know before its first line is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from commands.front_matter import BareText, InlineList
from commands.new.interview import choices
from core.content_files import FileSort, file_sort
from core.faults import Report
from core.fields import LONG_WORDS, Choice, specs
from core.nodes import Scalar
from core.values import (
    DATE,
    KEY,
    LINE,
    MOMENT,
    MONTH,
    NUMBER,
    POINT_NUMBER,
    VERSION,
    WEB,
    WEEK,
    WHOLE,
)
from core.words import plain_key
from plugins.kinds.models import (
    Better,
    Decision,
    Experiment,
    ItemStatus,
    Kind,
    Menu,
    Outcome,
    Persona,
    PostType,
    Rung,
    StandardPoint,
    WatchNotice,
)
from plugins.kinds.source import FOLDERS, path_without_language, take_apart
from plugins.sections.addresses import SECTIONS, WORDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commands.front_matter import Value
    from commands.new.interview import Interview
    from core.site import Site
    from plugins.kinds.source import Source

    Facts = dict[str, Value]

EVENING = "18:00"  # when a meetup begins, unless somebody says otherwise
LEADING_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}-(?=.)")
FOLDER_OF = {kind: folder for folder, kind in FOLDERS.items()}


@dataclass(frozen=True)
class Existing:
    """The files of one kind."""

    kind: Kind
    folder: Path
    names: tuple[str, ...]  # of all its Markdown files, read well or not
    sources: tuple[Source, ...]

    def keys(self) -> dict[str, str]:
        """Return the keys in use, each with the name of a file that has it."""
        names_by_key: dict[str, str] = {}
        for name in self.names:
            dated_key = path_without_language(name)
            names_by_key.setdefault(plain_key(LEADING_DATE.sub("", dated_key)), name)
        return names_by_key

    def slugs(self) -> set[str]:
        """Return the last words of addresses in use, whichever the language.

        What isn't translated has a page in the other languages under its own words, so a new
        page keeps clear of all of them.
        """
        taken = {
            _text(source, "slug") or plain_key(_text(source, "title")) for source in self.sources
        }
        if self.kind == Kind.PAGE:  # pages stand beside the lists of all other kinds
            for words in (*SECTIONS.values(), *WORDS.values()):
                taken |= set(words.values())
        return taken

    def values(self, field: str) -> list[str]:
        """Return what a field says in the files that have it, each value once, sorted."""
        return sorted({text for source in self.sources if (text := _text(source, field))})


def _text(source: Source, field: str) -> str:
    node = source.front.get(field)
    return node.text.strip() if isinstance(node, Scalar) else ""


def open_existing(content: Path, site: Site, kind: Kind) -> Existing:
    """Read the files of one kind; what is wrong with them is for `check` to say."""
    folder = content / FOLDER_OF[kind]
    names, sources = [], []
    for path in sorted(folder.rglob("*.md")):
        if file_sort(path.relative_to(content).as_posix()) is not FileSort.CONTENT:
            continue
        names.append(path.name)
        try:
            data = path.read_bytes()
        except OSError:
            continue
        where = path.relative_to(content).as_posix()
        if source := take_apart(where, data, site, Report().at(where)):
            sources.append(source)
    return Existing(kind, folder, tuple(names), tuple(sources))


def facts(kind: Kind, interview: Interview, existing: Existing, author: str) -> Facts:
    """Ask for the facts of a kind; what was left empty isn't in them.

    :param author: the key of a post's author, "" to ask for it.
    """
    post = kind == Kind.POST
    fields = _post(interview, author) if post else QUESTIONS[kind](interview, existing)
    fields["topics"] = interview.members("What is it about? Topics, with commas between:", "topics")
    return {name: value for name, value in fields.items() if value}


def _post(ask: Interview, author: str) -> Facts:
    sort = ask.answer("What sort of post?", Choice(PostType), PostType.POST)
    fields: Facts = {"type": sort if sort != PostType.POST else ""}
    fields["authors"] = (
        InlineList([author])
        if author
        else ask.members("Who writes it? Names, with commas:", "people")
    )
    if sort == PostType.WEEKNOTES:
        fields["week"] = ask.answer("Which week?", WEEK, f"{ask.day:%G-W%V}")
    if sort == PostType.WENT_WRONG:
        fields["cause"] = ask.words("What went wrong, and why?", "the cause")
        fields["effect"] = ask.words("What did it mean for tenants?", "the effect on tenants")
        fields["doing"] = ask.words("What are you doing about it?", "what you do about it")
    return fields


def _meetup(ask: Interview, existing: Existing) -> Facts:
    start = ask.answer("When does it begin?", MOMENT, f"{ask.day} {EVENING}")
    begins, _ = ask.refusal(MOMENT, start)
    likely = f"{begins + timedelta(minutes=90):%Y-%m-%d %H:%M}"
    while True:
        end = ask.answer("When does it end?", MOMENT, likely)
        if ask.refusal(MOMENT, end)[0] > begins:
            break
        ask.tell("That is before it begins. Write an end after the start.")
    fields: Facts = {"start": start, "end": end} | _where(ask)
    if ask.site.areas:
        fields["area"] = ask.member("Which area is it for?", "areas", needed=False)
    if series := existing.values("series"):
        ask.tell(f"Meetups that follow each other share a word. In use: {', '.join(series)}.")
    fields["series"] = ask.answer("Which series does it belong to?", KEY, needed=False)
    return fields


def _where(ask: Interview) -> Facts:
    """Ask for a place, a stream or both; one of them there must be."""
    if not ask.agrees("Do people meet in a place?", default=True):
        return {"stream": ask.answer("Where can it be watched?", WEB)}
    place: Facts = {"name": ask.words("What is the place called?", "the place's name")}
    if address := ask.answer("Its address?", LINE, needed=False):
        place["address"] = address
    if not ask.yes and ask.agrees("Can you say how to get in (steps, lift, bus)?", default=True):
        place["access"] = ask.words("Steps, lift, parking, hearing loop, bus:", "how to get in")
    return {
        "place": place,
        "stream": ask.answer("Can it be watched from elsewhere too?", WEB, needed=False),
    }


def _episode(ask: Interview, existing: Existing) -> Facts:
    show = ask.member("Which show?", "shows", _first(ask, "shows"))
    numbers = [int(text) for text in existing.values("number") if text.isdecimal()]
    return {
        "show": show,
        "number": ask.answer("Its number?", WHOLE, str(max(numbers, default=0) + 1)),
    }


def _roadmap(ask: Interview, _: Existing) -> Facts:
    owner = ask.member("Which team owns it?", "teams", _first(ask, "teams"))
    rung = ask.answer("How much say do tenants have in it?", Choice(Rung), Rung.INFORMED)
    to = ask.answer("Where does it stand?", Choice(ItemStatus), ItemStatus.CONSIDERING)
    on = ask.answer("Since which day?", DATE, str(ask.day))
    why = ask.words("Why? Nothing moves without a reason:", "the reason for this first move")
    return {"owner": owner, "rung": rung, "moves": [{"on": on, "to": to, "why": why}]}


def _change(ask: Interview, _: Existing) -> Facts:
    outcome = ask.answer("What does it amount to?", Choice(Outcome), Outcome.DID)
    fields: Facts = {"outcome": outcome}
    if ask.site.teams:
        fields["owner"] = ask.member("Which team made it?", "teams", needed=False)
    if outcome == Outcome.CANNOT:
        why = "Why can't it be done? In words that a tenant would accept:"
        fields["why_not"] = ask.words(why, "why it can't be done")
    else:
        fields["measure"] = _measure(ask)
    return fields


def _measure(ask: Interview) -> Facts:
    month = f"{ask.day:%Y-%m}"
    name = ask.words("What do you count, to see whether it helped?", "what is counted")
    better = ask.answer("In which direction does it get better?", Choice(Better), Better.LOWER)
    before: Facts = {
        "value": ask.answer("How much was it before?", NUMBER, "0" if ask.yes else ""),
        "on": ask.answer("In which month was that?", MONTH, month),
    }
    if source := ask.answer("Where does that number come from?", LINE, needed=False):
        before["source"] = source
    measure: Facts = {"name": name, "better": better, "before": before}
    if after := ask.answer("How much is it now, if you know?", NUMBER, needed=False):
        on = ask.answer("In which month was that?", MONTH, month)
        measure["after"] = [{"value": after, "on": on}]
    else:
        in_three_months = f"{ask.day.replace(day=1) + timedelta(days=92):%Y-%m}"
        measure["next"] = ask.answer("When will you measure again?", MONTH, in_three_months)
    return measure


def _experiment(ask: Interview, _: Existing) -> Facts:
    declared = specs(Experiment)
    fields: Facts = {"owner": ask.member("Which team runs it?", "teams", _first(ask, "teams"))}
    for name, question in {
        "hypothesis": "What do you believe, and what would you see if it were so?",
        "measure": "What will you count to find out?",
        "stop_rule": "What would make you stop early?",
    }.items():
        fields[name] = ask.words(question, declared[name].doc, LONG_WORDS)
    fields["start"] = ask.answer("Which is its first day?", DATE, str(ask.day))
    fields["decision"] = BareText(Decision.RUNNING)
    fields["watches"] = _watching(ask)
    return fields


def _watching(ask: Interview) -> Value:
    """Ask whether it watches people; where nobody answers, the five things stand to be written.

    A blank that says "no" would be believed, so there is none.
    """
    if not ask.admits("Does it watch homes or people (a sensor, a camera, a speaker)?"):
        return BareText("no")
    ask.tell("Then people must know five things before it begins.")
    questions = {
        "collected": "What is collected?",
        "seen_by": "Who sees it?",
        "convenience": "Whose convenience does it serve?",
        "saving": "Whose money does it save?",
        "say_no": "How do people say no, and what happens then?",
    }
    declared = specs(WatchNotice)
    return {
        name: ask.words(words, declared[name].doc, LONG_WORDS) for name, words in questions.items()
    }


def _standard(ask: Interview, existing: Existing) -> Facts:
    group = ask.member("Which chapter?", "standard.groups", _first(ask, "standard.groups"))
    return {
        "number": ask.answer("Its number?", POINT_NUMBER, _next_number(ask, existing, group)),
        "group": group,
        "version": ask.answer("The version of this point?", VERSION, "0.1"),
        "status": BareText("draft"),
        "why": ask.words("Why does it matter?", specs(StandardPoint)["why"].doc, LONG_WORDS),
    }


def _next_number(ask: Interview, existing: Existing, group: str) -> str:
    """Return the number after the last in a chapter; chapters count by their place."""
    chapter = 1 + [entry.key for entry in ask.site.standard.groups].index(group)
    taken = [
        int(last)
        for first, dot, last in (text.partition(".") for text in existing.values("number"))
        if dot and first == str(chapter) and last.isdecimal()
    ]
    return f"{chapter}.{max(taken, default=0) + 1}"


def _persona(ask: Interview, _: Existing) -> Facts:
    declared = specs(Persona)
    made_up = "Sam" if ask.yes else ""
    fields: Facts = {"name": ask.answer("A made-up name for this person?", LINE, made_up)}
    fields["needs"] = ask.several("What do they need?", declared["needs"].doc)
    fields["context"] = ask.words("How do they live?", declared["context"].doc, LONG_WORDS)
    fields["barriers"] = ask.several("What stands in their way?", declared["barriers"].doc)
    ask.tell("A persona rests on evidence; without it, it is a guess about people.")
    evidence: Facts = {
        "what": ask.words("What research was done?", "the research behind this persona"),
        "people": ask.answer("With how many people?", WHOLE, needed=False),
        "on": ask.answer("In which month?", MONTH, f"{ask.day:%Y-%m}"),
    }
    fields["evidence"] = [{name: value for name, value in evidence.items() if value}]
    return fields


def _page(ask: Interview, _: Existing) -> Facts:
    return {"menu": ask.answer("Where is it linked from?", Choice(Menu), Menu.FOOTER)}


def _first(ask: Interview, setting: str) -> str:
    """Return what is offered first: the only choice there is, or, unasked, the first of them."""
    keys = list(choices(ask.known, setting))
    return keys[0] if ask.yes or len(keys) == 1 else ""


QUESTIONS: dict[Kind, Callable[[Interview, Existing], Facts]] = {
    Kind.MEETUP: _meetup,
    Kind.EPISODE: _episode,
    Kind.ROADMAP: _roadmap,
    Kind.CHANGE: _change,
    Kind.EXPERIMENT: _experiment,
    Kind.STANDARD: _standard,
    Kind.PERSONA: _persona,
    Kind.PAGE: _page,
}
# What site.toml must have before anything of a kind can be written.
NEEDED = {
    Kind.EPISODE: "shows",
    Kind.ROADMAP: "teams",
    Kind.EXPERIMENT: "teams",
    Kind.STANDARD: "standard.groups",
}
