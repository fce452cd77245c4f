"""What each kind of content needs to know before its first line is written."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from commands.new.interview import choices
from commands.new.writing import Bare, Row
from core.fields import LONG_WORDS, Choice, specs
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
from plugins.kinds.models import (
    Better,
    Decision,
    Experiment,
    Kind,
    Menu,
    Outcome,
    Persona,
    PostType,
    Rung,
    StandardPoint,
    Status,
    Watching,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands.new.interview import Interview
    from commands.new.shelf import Shelf
    from commands.new.writing import Value

    Facts = dict[str, Value]

EVENING = "18:00"  # when a meetup begins, unless somebody says otherwise


def facts(kind: Kind, interview: Interview, shelf: Shelf, author: str) -> Facts:
    """Ask for the facts of a kind; what was left empty isn't in them.

    :param author: the key of a post's author, "" to ask for it.
    """
    post = kind == Kind.POST
    found = _post(interview, author) if post else QUESTIONS[kind](interview, shelf)
    found["topics"] = interview.members("What is it about? Topics, with commas between:", "topics")
    return {name: value for name, value in found.items() if value}


def _post(ask: Interview, author: str) -> Facts:
    sort = ask.answer("What sort of post?", Choice(PostType), PostType.POST)
    found: Facts = {"type": sort if sort != PostType.POST else ""}
    found["authors"] = (
        Row([author]) if author else ask.members("Who writes it? Names, with commas:", "people")
    )
    if sort == PostType.WEEKNOTES:
        found["week"] = ask.answer("Which week?", WEEK, f"{ask.day:%G-W%V}")
    if sort == PostType.WENT_WRONG:
        found["cause"] = ask.words("What went wrong, and why?", "the cause")
        found["effect"] = ask.words("What did it mean for tenants?", "the effect on tenants")
        found["doing"] = ask.words("What are you doing about it?", "what you do about it")
    return found


def _meetup(ask: Interview, shelf: Shelf) -> Facts:
    start = ask.answer("When does it begin?", MOMENT, f"{ask.day} {EVENING}")
    begins, _ = ask.refusal(MOMENT, start)
    likely = f"{begins + timedelta(minutes=90):%Y-%m-%d %H:%M}"
    while True:
        end = ask.answer("When does it end?", MOMENT, likely)
        if ask.refusal(MOMENT, end)[0] > begins:
            break
        ask.tell("That is before it begins. Write an end after the start.")
    found: Facts = {"start": start, "end": end} | _where(ask)
    if ask.site.areas:
        found["area"] = ask.member("Which area is it for?", "areas", needed=False)
    if series := shelf.values("series"):
        ask.tell(f"Meetups that follow each other share a word. In use: {', '.join(series)}.")
    found["series"] = ask.answer("Which series does it belong to?", KEY, needed=False)
    return found


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


def _episode(ask: Interview, shelf: Shelf) -> Facts:
    show = ask.member("Which show?", "shows", _first(ask, "shows"))
    numbers = [int(text) for text in shelf.values("number") if text.isdecimal()]
    return {
        "show": show,
        "number": ask.answer("Its number?", WHOLE, str(max(numbers, default=0) + 1)),
    }


def _roadmap(ask: Interview, _: Shelf) -> Facts:
    owner = ask.member("Which team owns it?", "teams", _first(ask, "teams"))
    rung = ask.answer("How much say do tenants have in it?", Choice(Rung), Rung.INFORMED)
    to = ask.answer("Where does it stand?", Choice(Status), Status.CONSIDERING)
    on = ask.answer("Since which day?", DATE, str(ask.day))
    why = ask.words("Why? Nothing moves without a reason:", "the reason for this first move")
    return {"owner": owner, "rung": rung, "moves": [{"on": on, "to": to, "why": why}]}


def _change(ask: Interview, _: Shelf) -> Facts:
    outcome = ask.answer("What does it amount to?", Choice(Outcome), Outcome.DID)
    found: Facts = {"outcome": outcome}
    if ask.site.teams:
        found["owner"] = ask.member("Which team made it?", "teams", needed=False)
    if outcome == Outcome.CANNOT:
        why = "Why can't it be done? In words that a tenant would accept:"
        found["why_not"] = ask.words(why, "why it can't be done")
    else:
        found["measure"] = _measure(ask)
    return found


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


def _experiment(ask: Interview, _: Shelf) -> Facts:
    said = specs(Experiment)
    found: Facts = {"owner": ask.member("Which team runs it?", "teams", _first(ask, "teams"))}
    for name, question in {
        "hypothesis": "What do you believe, and what would you see if it were so?",
        "measure": "What will you count to find out?",
        "stop_rule": "What would make you stop early?",
    }.items():
        found[name] = ask.words(question, said[name].doc, LONG_WORDS)
    found["start"] = ask.answer("Which is its first day?", DATE, str(ask.day))
    found["decision"] = Bare(Decision.RUNNING)
    found["watches"] = _watching(ask)
    return found


def _watching(ask: Interview) -> Value:
    """Ask whether it watches people; where nobody answers, the five things stand to be written.

    A blank that says "no" would be believed, so there is none.
    """
    if not ask.admits("Does it watch homes or people (a sensor, a camera, a speaker)?"):
        return Bare("no")
    ask.tell("Then people must know five things before it begins.")
    questions = {
        "collected": "What is collected?",
        "seen_by": "Who sees it?",
        "convenience": "Whose convenience does it serve?",
        "saving": "Whose money does it save?",
        "say_no": "How do people say no, and what happens then?",
    }
    said = specs(Watching)
    return {name: ask.words(words, said[name].doc, LONG_WORDS) for name, words in questions.items()}


def _standard(ask: Interview, shelf: Shelf) -> Facts:
    group = ask.member("Which chapter?", "standard.groups", _first(ask, "standard.groups"))
    return {
        "number": ask.answer("Its number?", POINT_NUMBER, _next_number(ask, shelf, group)),
        "group": group,
        "version": ask.answer("The version of this point?", VERSION, "0.1"),
        "status": Bare("draft"),
        "why": ask.words("Why does it matter?", specs(StandardPoint)["why"].doc, LONG_WORDS),
    }


def _next_number(ask: Interview, shelf: Shelf, group: str) -> str:
    """Return the number after the last in a chapter; chapters count by their place."""
    chapter = 1 + [one.key for one in ask.site.standard.groups].index(group)
    taken = [
        int(last)
        for first, dot, last in (text.partition(".") for text in shelf.values("number"))
        if dot and first == str(chapter) and last.isdecimal()
    ]
    return f"{chapter}.{max(taken, default=0) + 1}"


def _persona(ask: Interview, _: Shelf) -> Facts:
    said = specs(Persona)
    made_up = "Sam" if ask.yes else ""
    found: Facts = {"name": ask.answer("A made-up name for this person?", LINE, made_up)}
    found["needs"] = ask.several("What do they need?", said["needs"].doc)
    found["context"] = ask.words("How do they live?", said["context"].doc, LONG_WORDS)
    found["barriers"] = ask.several("What stands in their way?", said["barriers"].doc)
    ask.tell("A persona rests on evidence; without it, it is a guess about people.")
    evidence: Facts = {
        "what": ask.words("What research was done?", "the research behind this persona"),
        "people": ask.answer("With how many people?", WHOLE, needed=False),
        "on": ask.answer("In which month?", MONTH, f"{ask.day:%Y-%m}"),
    }
    found["evidence"] = [{name: value for name, value in evidence.items() if value}]
    return found


def _page(ask: Interview, _: Shelf) -> Facts:
    return {"menu": ask.answer("Where is it linked from?", Choice(Menu), Menu.FOOTER)}


def _first(ask: Interview, setting: str) -> str:
    """Return what is offered first: the only choice there is, or, unasked, the first of them."""
    keys = list(choices(ask.site, setting))
    return keys[0] if ask.yes or len(keys) == 1 else ""


QUESTIONS: dict[Kind, Callable[[Interview, Shelf], Facts]] = {
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
