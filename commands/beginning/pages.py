"""The first pages of an association, in each of its languages, from the starters beside this."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from commands.beginning.answers import URGENT
from commands.beginning.settings_text import EMERGENCY
from commands.front_matter import quoted
from commands.markdown_text import escaped
from core.contacts import dialled

if TYPE_CHECKING:
    from datetime import date

    from commands.beginning.answers import FoundingAnswers

STARTERS = Path(__file__).parent / "starters"
# Facts stand once, in the file of the first language.
FACTS = {
    "about": "menu: footer\norder: 10",
    "contact": "menu: main\norder: 20",
    "privacy": "menu: footer\norder: 40",
    "accessibility": "menu: footer\norder: 30",
    "take-part": "menu: main\norder: 10",
}
PLAIN = {"email", "phone", "phone_plain", "urgent"}  # nothing in them is a mark of Markdown
FIRST_ITEM = "first-things"
WHY = {
    "en": "The site has just opened, and we ask before we plan.",
    "cy": "Mae'r safle newydd agor, ac rydyn ni'n gofyn cyn cynllunio.",
}
TABLE = {"en": ("What is happening", "Ring"), "cy": ("Beth sy'n digwydd", "Ffoniwch")}


def pages(answers: FoundingAnswers, today: date) -> dict[str, str]:
    """Return the files by their paths below the content folder.

    Of a language without starters there are none: the site shows the others there, and says so. A
    site in such a language alone gets them in English, as drafts to be translated.
    """
    spoken = [lang for lang in answers.languages if lang in starter_languages()]
    draft = "" if spoken else "\ndraft: true"
    facts_of = {f"pages/{name}": facts for name, facts in FACTS.items()}
    facts_of[f"roadmap/{FIRST_ITEM}"] = _item_facts(answers, today)
    written = spoken or answers.languages[:1]
    return {
        f"{name}{_ending(lang, answers)}": _page(
            name.partition("/")[2], lang, facts + draft if lang == written[0] else "", answers
        )
        for lang in written
        for name, facts in facts_of.items()
    }


def starter_languages() -> frozenset[str]:
    """Return the languages in which there are first pages."""
    return frozenset(file.name.split(".")[1] for file in STARTERS.glob(f"{FIRST_ITEM}.*.md"))


def _ending(lang: str, answers: FoundingAnswers) -> str:
    return f".{lang}.md" if len(answers.languages) > 1 else ".md"


def _item_facts(answers: FoundingAnswers, today: date) -> str:
    why = "".join(f"\n      {lang}: {WHY.get(lang, WHY['en'])}" for lang in answers.languages)
    owner = next(iter(answers.teams))
    return (
        f"owner: {owner}\nrung: consulted\nreview_every: 60 days\nreviewed: {today}\n"
        f"moves:\n  - on: {today}\n    to: considering\n    why:{why}"
    )


def _page(name: str, lang: str, facts: str, answers: FoundingAnswers) -> str:
    """Return one page; a line that names something that wasn't answered is left out."""
    written = lang if lang in starter_languages() else "en"
    source = (STARTERS / f"{name}.{written}.md").read_text(encoding="utf-8")
    values = _values(lang, answers)
    missing = [f"${key}" for key, value in values.items() if not value]
    lines = [line for line in source.split("\n") if not any(_names(line, key) for key in missing)]
    text = "\n".join(_line(line, values) for line in lines)
    text = text.replace(f".{written}.md)", f"{_ending(lang, answers)})").replace(
        f"](/{written}/", f"](/{lang}/"
    )
    if facts:
        text = text.replace("\n---\n", f"\n{facts}\n---\n", 1)
    return re.sub(r"\n{3,}", "\n\n", text)


def _line(line: str, values: dict[str, str]) -> str:
    """Return a line with what was answered: as it stands for readers, in Markdown and in YAML."""
    if "$" not in line:
        return line
    if field := re.fullmatch(r"([a-z]+): (.+)", line):
        return f"{field[1]}: {quoted(Template(field[2]).substitute(values))}"
    return Template(line).substitute(
        {key: value if key in PLAIN else escaped(value) for key, value in values.items()}
    )


def _names(line: str, key: str) -> bool:
    return bool(re.search(rf"{re.escape(key)}\b", line))


def _values(lang: str, answers: FoundingAnswers) -> dict[str, str]:
    return {
        "name": answers.name.get(lang, ""),
        "email": answers.email,
        "phone": answers.phone,
        "phone_plain": dialled(answers.phone),
        "address": answers.address.get(lang, ""),
        "answer_days": str(answers.answer_days),
        "urgent": _urgent_table(lang, answers),
    }


def _urgent_table(lang: str, answers: FoundingAnswers) -> str:
    what, ring = TABLE.get(lang, TABLE["en"])
    rows = [(EMERGENCY, "999"), *((URGENT[key], number) for key, number in answers.urgent.items())]
    lines = [f"| {what} | {ring} |", "|---|---|"]
    for name, number in rows:
        lines.append(f"| {name.get(lang, name['en'])} | [{number}](tel:{dialled(number)}) |")
    return "\n".join(lines)
