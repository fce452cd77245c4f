"""The first pages of an association, in each of its languages, from the starters beside this."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from commands.beginning.answers import URGENT
from commands.beginning.settings_text import EMERGENCY

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
FIRST_ITEM = "first-things"
WHY = {
    "en": "The site has just opened, and we ask before we plan.",
    "cy": "Mae'r safle newydd agor, ac rydyn ni'n gofyn cyn cynllunio.",
}
TABLE = {"en": ("What is happening", "Ring"), "cy": ("Beth sy'n digwydd", "Ffoniwch")}


def pages(answers: FoundingAnswers, today: date) -> dict[str, str]:
    """Return the files by their paths below the content folder."""
    files = {}
    for lang in answers.languages:
        for name, facts in FACTS.items():
            files[f"pages/{name}{_ending(lang, answers)}"] = _page(name, lang, facts, answers)
        item = _page(FIRST_ITEM, lang, _item_facts(answers, today), answers)
        files[f"roadmap/{FIRST_ITEM}{_ending(lang, answers)}"] = item
    return files


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
    written = lang if (STARTERS / f"{name}.{lang}.md").is_file() else "en"
    source = (STARTERS / f"{name}.{written}.md").read_text(encoding="utf-8")
    values = _values(lang, answers)
    missing = [f"${key}" for key, value in values.items() if not value]
    lines = [line for line in source.split("\n") if not any(_names(line, key) for key in missing)]
    text = Template("\n".join(lines)).substitute(values)
    text = text.replace(f".{written}.md)", f"{_ending(lang, answers)})").replace(
        f"](/{written}/", f"](/{lang}/"
    )
    if lang == answers.languages[0]:
        text = text.replace("\n---\n", f"\n{facts}\n---\n", 1)
    return re.sub(r"\n{3,}", "\n\n", text)


def _names(line: str, key: str) -> bool:
    return bool(re.search(rf"{re.escape(key)}\b", line))


def _values(lang: str, answers: FoundingAnswers) -> dict[str, str]:
    return {
        "name": answers.name.get(lang, ""),
        "email": answers.email,
        "phone": answers.phone,
        "phone_plain": re.sub(r"[^\d+]", "", answers.phone),
        "address": answers.address.get(lang, ""),
        "answer_days": str(answers.answer_days),
        "urgent": _urgent_table(lang, answers),
    }


def _urgent_table(lang: str, answers: FoundingAnswers) -> str:
    what, ring = TABLE.get(lang, TABLE["en"])
    rows = [(EMERGENCY, "999"), *((URGENT[key], number) for key, number in answers.urgent.items())]
    lines = [f"| {what} | {ring} |", "|---|---|"]
    for name, number in rows:
        plain = re.sub(r"[^\d+]", "", number)
        lines.append(f"| {name.get(lang, name['en'])} | [{number}](tel:{plain}) |")
    return "\n".join(lines)
