"""site.toml as an association begins with it: what was answered, with notes on the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from commands.beginning.answers import URGENT
from commands.front_matter import toml_text
from core.words import NO_KEY, plain_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from commands.beginning.answers import FoundingAnswers, Words

EMERGENCY = {"en": "Danger to life, fire or crime", "cy": "Perygl i fywyd, tân neu drosedd"}
SMELL = {
    "en": "If anyone is in danger right now. If you smell gas, get out first.",
    "cy": "Os oes rhywun mewn perygl y funud hon. Os ydych chi'n arogli nwy, ewch allan yn gyntaf.",
}
STRAPLINE = {
    "en": "What we are doing about what you tell us",
    "cy": "Beth rydyn ni'n ei wneud am yr hyn a ddywedwch",
}
DESCRIPTION = {
    "en": "What we are doing about what you tell us: the work, the answers and the mistakes.",
    "cy": "Beth rydyn ni'n ei wneud am y pethau rydych chi'n eu dweud wrthyn ni: y gwaith, "
    "yr atebion, a'r camgymeriadau.",
}
FORMATS = [
    {"en": "large print", "cy": "print bras"},
    {"en": "a telephone call", "cy": "galwad ffôn"},
]


def settings(answers: FoundingAnswers, today: date) -> str:
    """Return the text of site.toml."""
    return "\n".join(_lines(answers, today)) + "\n"


def _lines(answers: FoundingAnswers, today: date) -> Iterator[str]:
    languages = answers.languages
    yield "# The settings of this site. Change anything here; docs/settings.md has all there are."
    yield '# Words that people read are written once a language, {cy = "…", en = "…"}.'
    yield ""
    yield f"languages = {json.dumps(list(languages))}"
    yield f'default_language = "{languages[0]}"  # of a file whose name carries none'
    yield f"url = {toml_text(answers.url)}"
    yield 'timezone = "Europe/London"'
    yield ""
    yield "[association]"
    yield f"name = {words(answers.name, languages)}"
    yield f"strapline = {words(STRAPLINE, languages)}"
    yield f"description = {words(DESCRIPTION, languages)}"
    yield "# The word for the people who live in your homes; use whichever they use of themselves."
    yield f"tenant = {words({'en': 'tenant', 'cy': 'tenant'}, languages)}"
    yield f"tenants = {words({'en': 'tenants', 'cy': 'tenantiaid'}, languages)}"
    if answers.email:
        yield f"email = {toml_text(answers.email)}"
    if answers.phone:
        yield f"phone = {toml_text(answers.phone)}"
    if answers.address:
        yield f"address = {words(answers.address, languages)}"
    yield 'licence = "CC BY 4.0"  # under which others may reuse what is written here'
    yield ""
    yield "[promise]"
    yield "# The site counts the days and shows the ones you missed, so promise what you can keep."
    yield f"answer_days = {answers.answer_days}"
    yield ""
    yield "# What must not wait for a web form, in this order."
    yield from _urgent("emergency", EMERGENCY, "999", SMELL, answers)
    for key, number in answers.urgent.items():
        yield from _urgent(key, URGENT[key], number, {}, answers)
    yield "# What things are about. The key after the dot never changes; the words may."
    taken: set[str] = set()  # names as addresses have them
    for key, name in answers.topics.items():
        yield from [f"[topics.{key}]", f"name = {words(name, languages)}"]
        slugs = {plain_key(word) for word in name.values()}
        if slugs & taken:  # C++, beside C#
            yield f"slug = {words(dict.fromkeys(languages, key), languages)}"
        taken |= slugs - {NO_KEY}
        yield ""
    for key, name in answers.teams.items():
        yield from [f"[teams.{key}]", f"name = {words(name, languages)}", ""]
    if answers.person:
        yield "# Staff who write here; never a tenant's name."
        team = next(iter(answers.teams))
        yield from [
            f"[people.{plain_key(answers.person)}]",
            f"name = {toml_text(answers.person)}",
            f'team = "{team}"',
            "",
        ]
    yield "# What the accessibility statement can't know by itself."
    yield "[accessibility]"
    yield f"written = {today}"
    yield f"reviewed = {today}"
    yield f"formats = [{', '.join(words(form, languages) for form in FORMATS)}]"


def _urgent(
    key: str, name: Words, phone: str, when: Words, answers: FoundingAnswers
) -> Iterator[str]:
    yield from ["[[urgent]]", f'key = "{key}"', f"name = {words(name, answers.languages)}"]
    yield f"phone = {toml_text(phone)}"
    if when:
        yield f"when = {words(when, answers.languages)}"
    yield ""


def words(wording: Words, languages: tuple[str, ...]) -> str:
    """Return words as TOML: a table by language, or plain where there is one."""
    by_language = {
        lang: wording.get(lang) or wording.get("en") or next(iter(wording.values()))
        for lang in languages
    }
    if len(languages) == 1:
        return toml_text(by_language[languages[0]])
    return "{" + ", ".join(f"{lang} = {toml_text(by_language[lang])}" for lang in languages) + "}"
